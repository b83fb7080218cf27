//! Rolled chords, tremolos, trills and the small ornaments, as strokes.

use std::collections::BTreeMap;

use crate::model::{AccidentalSign, Arpeggio, Beat, EventId, NoteId, Ornament};

use super::glides::Glide;
use super::strikes::{Chord, Strike, Tone};
use super::touch;

/// No note is split into more strokes than this.
const MAX_STROKES: i64 = 256;

/// How much later each note of a rolled chord starts.
pub(super) type Rolls = BTreeMap<NoteId, Beat>;

/// What the accidental at an ornament makes of a neighbour, in semitones from its natural; nothing for one that says none.
pub(super) fn semitones(sign: AccidentalSign) -> Option<f64> {
    match sign {
        AccidentalSign::Natural => Some(0.0),
        AccidentalSign::Sharp | AccidentalSign::NaturalSharp => Some(1.0),
        AccidentalSign::Flat | AccidentalSign::NaturalFlat => Some(-1.0),
        AccidentalSign::DoubleSharp | AccidentalSign::SharpSharp => Some(2.0),
        AccidentalSign::FlatFlat => Some(-2.0),
        _ => None,
    }
}

/// The delays of rolled chords. Rolled chords of a part that start together, as in both hands, are rolled as one.
pub(super) fn rolls(chords: &[Chord<'_>], moment: Beat) -> Rolls {
    let mut together: BTreeMap<Beat, Vec<&Chord<'_>>> = BTreeMap::new();
    for chord in chords {
        if matches!(chord.arpeggio, Some(Arpeggio::Plain | Arpeggio::Up | Arpeggio::Down)) {
            together.entry(chord.start).or_default().push(chord);
        }
    }
    let mut rolls = Rolls::new();
    for chords in together.values() {
        let mut tones: Vec<&Tone> = chords.iter().flat_map(|chord| &chord.tones).collect();
        tones.sort_by(|a, b| a.pitch.total_cmp(&b.pitch).then(a.note.cmp(&b.note)));
        if chords.iter().any(|chord| chord.arpeggio == Some(Arpeggio::Down)) {
            tones.reverse();
        }
        let shortest = chords.iter().map(|chord| chord.end - chord.start).min().unwrap_or_default().max(Beat::ZERO);
        let step = moment.min(shortest.scale(1, 2 * tones.len().max(1) as i64));
        rolls.extend(tones.iter().enumerate().map(|(at, tone)| (tone.note, step.scale(at as i64, 1))));
    }
    rolls
}

/// Writes down what a chord sounds.
pub(super) fn strike(chord: &Chord<'_>, all: &[Chord<'_>], rolls: &Rolls, moment: Beat, out: &mut Vec<Strike>) {
    if let Some((partner, strokes)) = chord.partner
        && let Some(other) = all.iter().find(|other| other.id == partner && other.delay() == chord.delay())
        && !chord.tones.is_empty()
        && !other.tones.is_empty()
    {
        return alternate(chord, other, strokes, out);
    }
    if let Some(strokes) = chord.tremolo.filter(|_| chord.event.grace.is_none()) {
        return repeat(chord, strokes, out);
    }
    if let Some(ornament) = chord.ornament
        && let Some(highest) = chord.tones.last()
        && !chord.tones.iter().any(|tone| tone.tie_previous)
    {
        let shape = shape(ornament, chord.end - chord.start, moment);
        if !shape.is_empty() {
            for tone in &chord.tones {
                if tone.note == highest.note { turn(chord, tone, &shape, out) } else { whole(chord, tone, rolls, out) }
            }
            return;
        }
    }
    for tone in &chord.tones {
        whole(chord, tone, rolls, out);
    }
}

fn velocity(chord: &Chord<'_>) -> u8 {
    chord.velocity.round().clamp(1.0, 127.0) as u8
}

fn stroke(chord: &Chord<'_>, tone: &Tone, start: Beat, end: Beat) -> Strike {
    let (event, note): (EventId, NoteId) = (chord.id, tone.note);
    Strike {
        start,
        end,
        pitch: tone.pitch,
        velocity: velocity(chord),
        voice: tone.voice,
        event,
        note,
        tie_previous: false,
        tie_next: false,
        rings: false,
    }
}

/// The plain case: one stroke, shortened as articulated, tied where it is.
fn whole(chord: &Chord<'_>, tone: &Tone, rolls: &Rolls, out: &mut Vec<Strike>) {
    let start = chord.start + rolls.get(&tone.note).copied().unwrap_or_default();
    let end = tone.length.filter(|length| length.is_positive()).map_or(chord.end, |length| chord.onset + length).max(start);
    if let Some((_, glide)) = chord.glides.iter().find(|(note, _)| *note == tone.note && !tone.tie_next) {
        return run(chord, tone, glide, (start, end), out);
    }
    let rings_until = if tone.lets_ring { Some(end + touch::RINGS) } else { chord.rings_until };
    let (end, rings) = match rings_until.filter(|until| !tone.tie_next && *until > end) {
        Some(until) => (until, true),
        None if tone.tie_next => (end, false),
        None => (start + (end - start).scale(chord.gate.0, chord.gate.1), false),
    };
    out.push(Strike { tie_previous: tone.tie_previous, tie_next: tone.tie_next, rings, ..stroke(chord, tone, start, end) });
}

/// The note, and at its end the steps to another.
fn run(chord: &Chord<'_>, tone: &Tone, glide: &Glide, (start, end): (Beat, Beat), out: &mut Vec<Strike>) {
    let length = (end - start).scale(glide.share.0, glide.share.1);
    let from = end - length;
    out.push(Strike { tie_previous: tone.tie_previous, ..stroke(chord, tone, start, from) });
    let count = glide.steps.len() as i64;
    let at = |step: i64| from + length.scale(step, count);
    let steps = (0..).zip(&glide.steps);
    out.extend(steps.map(|(step, pitch)| Strike { pitch: *pitch, ..stroke(chord, tone, at(step), at(step + 1)) }));
}

/// The length of a stroke of a tremolo with this many beams; an unmeasured one is played in thirty-seconds.
fn beam_length(beams: u8) -> Beat {
    if beams == 0 { Beat::new(1, 32) } else { Beat::new(1, 4 << beams.min(6)) }
}

/// Splits a stretch into equal strokes of about this length.
fn strokes(length: Beat, unit: Beat) -> (i64, Beat) {
    let count = length.ratio(unit).map_or(1, |(num, den)| (num / den.max(1)).clamp(1, MAX_STROKES));
    (count, length.scale(1, count))
}

fn repeat(chord: &Chord<'_>, beams: u8, out: &mut Vec<Strike>) {
    let flags = chord.event.time.value.map_or(0, |value| value.base.flags());
    let unit = if beams == 0 { beam_length(0) } else { beam_length(beams.saturating_add(flags)) };
    let (count, length) = strokes((chord.end - chord.start).max(Beat::ZERO), unit);
    for tone in &chord.tones {
        let start = |at: i64| chord.start + length.scale(at, 1);
        out.extend((0..count).map(|at| stroke(chord, tone, start(at), start(at + 1))));
    }
}

/// One chord of a tremolo between two: every other stroke over the time of both.
fn alternate(chord: &Chord<'_>, other: &Chord<'_>, beams: u8, out: &mut Vec<Strike>) {
    let first = (chord.start, chord.id) <= (other.start, other.id);
    let (from, to) = (chord.start.min(other.start), chord.end.max(other.end));
    let (count, _) = strokes((to - from).scale(1, 2), beam_length(beams));
    let length = (to - from).scale(1, 2 * count);
    for tone in &chord.tones {
        let start = |at: i64| from + length.scale(at, 1);
        let mine = (0..2 * count).filter(|at| (at % 2 == 0) == first);
        out.extend(mine.map(|at| stroke(chord, tone, start(at), start(at + 1))));
    }
}

/// The neighbour that a stroke of an ornament sounds.
#[derive(Clone, Copy, PartialEq)]
enum Neighbour {
    Upper,
    Main,
    Lower,
}

/// An ornament as strokes with their lengths, together as long as the note; empty where the note is too short for it.
fn shape(ornament: Ornament, length: Beat, moment: Beat) -> Vec<(Neighbour, Beat)> {
    use Neighbour::{Lower, Main, Upper};
    let quick = (moment + moment + moment).min(Beat::new(1, 16));
    let opening = |strokes: &[Neighbour]| {
        let quick = quick.min(length.scale(1, strokes.len() as i64 + 2));
        let mut shape: Vec<_> = strokes.iter().map(|neighbour| (*neighbour, quick)).collect();
        shape.push((Main, length - quick.scale(strokes.len() as i64, 1)));
        shape
    };
    let closing = |strokes: &[Neighbour]| {
        let quick = quick.min(length.scale(1, 2 * strokes.len() as i64));
        let mut shape = vec![(Main, length - quick.scale(strokes.len() as i64, 1))];
        shape.extend(strokes.iter().map(|neighbour| (*neighbour, quick)));
        shape
    };
    if !length.is_positive() {
        return Vec::new();
    }
    match ornament {
        Ornament::Trill | Ornament::Shake => {
            let (pairs, unit) = strokes(length, quick + quick);
            (0..pairs).flat_map(|_| [(Main, unit.scale(1, 2)), (Upper, unit.scale(1, 2))]).collect()
        }
        Ornament::Mordent => opening(&[Main, Lower]),
        Ornament::InvertedMordent => opening(&[Main, Upper]),
        Ornament::Turn | Ornament::VerticalTurn => opening(&[Upper, Main, Lower]),
        Ornament::InvertedTurn | Ornament::InvertedVerticalTurn | Ornament::Haydn => opening(&[Lower, Main, Upper]),
        Ornament::DelayedTurn => closing(&[Upper, Main, Lower, Main]),
        Ornament::DelayedInvertedTurn => closing(&[Lower, Main, Upper, Main]),
        Ornament::Schleifer => opening(&[Lower]),
    }
}

fn turn(chord: &Chord<'_>, tone: &Tone, shape: &[(Neighbour, Beat)], out: &mut Vec<Strike>) {
    let mut at = chord.start;
    for (neighbour, length) in shape {
        let pitch = match neighbour {
            Neighbour::Upper => tone.pitch + tone.upper,
            Neighbour::Main => tone.pitch,
            Neighbour::Lower => tone.pitch - tone.lower,
        };
        out.push(Strike { pitch, ..stroke(chord, tone, at, at + *length) });
        at += *length;
    }
}
