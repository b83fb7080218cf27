//! Notes, chords and rests; tuplets, grace notes, chord symbols.

use super::lanes::Lane;
use super::{Losses, UNIT, lose, measure};
use crate::model::*;

/// A length in units: `3/2`, `2`, `/4`, nothing for one.
pub(super) fn length(num: i64, den: i64) -> String {
    match (num, den) {
        (1, 1) => String::new(),
        (num, 1) => num.to_string(),
        (1, den) => format!("/{den}"),
        (num, den) => format!("{num}/{den}"),
    }
}

/// An accidental before a note: whole semitones, or the fraction of one.
pub(super) fn accidental(alter: Alter) -> String {
    match alter.whole() {
        Some(0) => "=".to_owned(),
        Some(1) => "^".to_owned(),
        Some(2) => "^^".to_owned(),
        Some(-1) => "_".to_owned(),
        Some(-2) => "__".to_owned(),
        _ => {
            let sign = if alter.numerator() < 0 { '_' } else { '^' };
            format!("{sign}{}/{}", alter.numerator().abs(), alter.denominator())
        }
    }
}

fn pitch(step: Step, octave: i8) -> String {
    let letter = step.letter();
    let octave = i32::from(octave);
    if octave >= 5 {
        format!("{}{}", letter.to_ascii_lowercase(), "'".repeat((octave - 5) as usize))
    } else {
        format!("{letter}{}", ",".repeat((4 - octave) as usize))
    }
}

/// A note with its accidental where the measure so far does not give it, whichever way a reader carries accidentals.
fn one(lane: &mut Lane, note: &Note, lost: &mut Losses) -> String {
    let (step, octave, alter) = match note.pitch {
        NotePitch::Pitched(pitch) => (pitch.step, pitch.octave, Some(pitch.alter)),
        NotePitch::Unpitched(Some(place)) => (place.step, place.octave, None),
        NotePitch::Unpitched(None) => (Step::B, 4, None),
    };
    let mut text = String::new();
    if let Some(alter) = alter {
        let line = StaffPosition { step, octave }.diatonic();
        let of_key = lane.key.alter(step);
        let by_line = lane.accidentals.get(&line).copied().unwrap_or(of_key);
        let by_step = lane.anywhere.get(&step).copied().unwrap_or(of_key);
        let needed = by_line != alter || by_step != alter;
        if (needed && !note.tie_previous) || note.accidental.is_some() {
            text.push_str(&accidental(alter));
            lane.accidentals.insert(line, alter);
            lane.anywhere.insert(step, alter);
        }
        if note.accidental.is_some_and(|sign| sign.parentheses || sign.bracket || sign.editorial) {
            lose(lost, "parentheses and brackets of accidentals");
        }
    }
    text.push_str(&pitch(step, octave));
    text
}

/// A chord, a note or a rest with its length.
pub(super) fn event(text: &mut String, score: &Score, lane: &mut Lane, id: EventId, event: &Event, lost: &mut Losses) {
    let time = event.time;
    let written = time.duration.scale(i64::from(time.ratio.0), i64::from(time.ratio.1));
    let notes = score.notes_of(id);
    if notes.is_empty() {
        return measure::rest(text, if event.visible { 'z' } else { 'x' }, written, lost);
    }
    let (num, den) = match written.ratio(UNIT) {
        Some((num, den)) if (1..=4096).contains(&num) && den <= 4096 => (num, den),
        _ => {
            lose(lost, "lengths that ABC cannot write");
            return;
        }
    };
    let all_tied = notes.iter().all(|(_, note)| note.tie_next);
    let mut made = String::new();
    for (_, note) in &notes {
        made.push_str(&one(lane, note, lost));
        if note.tie_next && !all_tied {
            made.push('-');
        }
    }
    text.push_str(&if notes.len() > 1 { format!("[{made}]") } else { made });
    text.push_str(&length(num, den));
    if all_tied {
        text.push('-');
    }
}

/// `(p:q:r` where a tuplet starts; for a note with a ratio and no tuplet, one of its own.
pub(super) fn tuplet_start(text: &mut String, score: &Score, id: EventId, events: &[(EventId, &Event)]) {
    let timed: Vec<&(EventId, &Event)> = events.iter().filter(|(_, event)| event.grace.is_none()).collect();
    let place = |wanted: EventId| timed.iter().position(|(other, _)| *other == wanted);
    let Some(at) = place(id) else { return };
    let mut tuplets: Vec<(usize, TupletDisplay)> = Vec::new();
    let mut covered = (1_u32, 1_u32);
    for (index, (other, _)) in timed.iter().enumerate().take(at + 1) {
        for (_, span) in score.spans_of(*other) {
            let SpanKind::Tuplet(display) = &span.kind else { continue };
            let (start, end) = (score.anchor_event(span.start).and_then(place), score.anchor_event(span.end).and_then(place));
            let (Some(start), Some(end)) = (start, end) else { continue };
            if start == index && end >= at {
                covered = (covered.0 * u32::from(display.actual), covered.1 * u32::from(display.normal));
                if start == at {
                    tuplets.push((end - start + 1, *display));
                }
            }
        }
    }
    tuplets.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    for (count, display) in &tuplets {
        text.push_str(&format!("({}:{}:{count}", display.actual, display.normal));
    }
    let ratio = timed.get(at).map_or((1, 1), |(_, event)| event.time.ratio);
    let (actual, normal) = (u32::from(ratio.0) * covered.1, u32::from(ratio.1) * covered.0);
    if actual != normal && covered == (1, 1) {
        text.push_str(&format!("({}:{}:1", ratio.0, ratio.1));
    }
}

/// Grace notes in their braces: those before the beat with the note they lead to, others at the end of the measure.
pub(super) fn graces(text: &mut String, score: &Score, lane: &mut Lane, graces: &[(EventId, &Event)], lost: &mut Losses) {
    let Some((_, first)) = graces.first() else { return };
    text.push('{');
    if first.grace.is_some_and(|grace| grace.slash) {
        text.push('/');
    }
    let base = if graces.len() == 1 { Beat::new(1, 8) } else { Beat::new(1, 16) };
    for (id, event) in graces {
        let notes = score.notes_of(*id);
        let made: String = notes.iter().map(|(_, note)| one(lane, note, lost)).collect();
        text.push_str(&if notes.len() > 1 { format!("[{made}]") } else { made });
        let (num, den) = event.time.value.and_then(|value| value.length().ratio(base)).unwrap_or((1, 1));
        text.push_str(&length(num, den));
    }
    text.push('}');
}

/// A chord symbol as musicians write it.
pub(super) fn chord_symbol(chord: &ChordSymbol) -> String {
    if chord.kind == ChordKind::None {
        return "N.C.".to_owned();
    }
    let name = |(step, alter): (Step, Alter)| format!("{}{alter}", step.letter());
    let root = chord.root.map_or_else(|| chord.function.clone(), name);
    let kind = match &chord.text {
        Some(text) => text.clone(),
        None => quality(chord.kind).to_owned(),
    };
    let degree = |degree: &ChordDegree| {
        let word = match degree.kind {
            ChordDegreeKind::Add => "add",
            ChordDegreeKind::Alter => "",
            ChordDegreeKind::Subtract => "no",
        };
        format!("{word}{}{}", degree.alter, degree.value)
    };
    let degrees: String = if chord.text.is_some() { String::new() } else { chord.degrees.iter().map(degree).collect() };
    let bass = chord.bass.map(|bass| format!("/{}", name(bass))).unwrap_or_default();
    format!("{root}{kind}{degrees}{bass}")
}

fn quality(kind: ChordKind) -> &'static str {
    match kind {
        ChordKind::Minor => "m",
        ChordKind::Augmented => "aug",
        ChordKind::Diminished => "dim",
        ChordKind::Dominant => "7",
        ChordKind::MajorSeventh => "maj7",
        ChordKind::MinorSeventh => "m7",
        ChordKind::DiminishedSeventh => "dim7",
        ChordKind::AugmentedSeventh => "aug7",
        ChordKind::HalfDiminished => "m7b5",
        ChordKind::MajorMinor => "mmaj7",
        ChordKind::MajorSixth => "6",
        ChordKind::MinorSixth => "m6",
        ChordKind::DominantNinth => "9",
        ChordKind::MajorNinth => "maj9",
        ChordKind::MinorNinth => "m9",
        ChordKind::Dominant11th => "11",
        ChordKind::Major11th => "maj11",
        ChordKind::Minor11th => "m11",
        ChordKind::Dominant13th => "13",
        ChordKind::Major13th => "maj13",
        ChordKind::Minor13th => "m13",
        ChordKind::SuspendedSecond => "sus2",
        ChordKind::SuspendedFourth => "sus4",
        ChordKind::Power => "5",
        _ => "",
    }
}
