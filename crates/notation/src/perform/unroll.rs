//! From measures as written to the performance: strikes laid end to end in the order of playing, ties joined.

use std::collections::BTreeMap;

use crate::model::{Beat, LyricPiece, MarkKind, MeasureId, PartId, Syllabic};

use super::dynamics::Loudness;
use super::echoes::Echoes;
use super::strikes::{PartReader, Strike};
use super::swing::Feel;
use super::tempo::WrittenTempo;
use super::touch::{self, Touch};
use super::written::Written;
use super::{Cents, Channel, Control, ControlKind, MAX_SOUNDS, Marker, Passage, Seconds, Sound, Syllable, Timeline};

/// The measures in the order of playing with their times; the clock is set by the tempo map.
pub(super) fn passages(written: &Written<'_>, order: &[usize]) -> Vec<Passage> {
    let mut passes: BTreeMap<usize, u32> = BTreeMap::new();
    let mut at = Beat::ZERO;
    let mut passages = Vec::with_capacity(order.len());
    for index in order {
        let Some(measure) = written.measures.get(*index) else { continue };
        let pass = passes.entry(*index).or_default();
        *pass += 1;
        let length = written.length(*index);
        passages.push(Passage { measure: *measure, index: *index, pass: *pass, start: at, length, seconds: Seconds::default() });
        at += length;
    }
    passages
}

/// The first passage of each measure, by identifier.
pub(super) fn first_passages(passages: &[Passage]) -> Vec<(MeasureId, usize)> {
    let mut first: Vec<_> = passages.iter().enumerate().filter(|(_, p)| p.pass == 1).map(|(at, p)| (p.measure, at)).collect();
    first.sort();
    first
}

/// The strikes of every measure, each with the place of its part.
pub(super) fn strikes(
    written: &Written<'_>,
    loudness: &BTreeMap<(usize, u8), Loudness>,
    tempo: &WrittenTempo,
) -> Vec<Vec<(usize, Strike)>> {
    let mut measures: Vec<Vec<(usize, Strike)>> = vec![Vec::new(); written.measures.len()];
    let tempo_at = |place: usize| tempo.at_start(place).0;
    let (feel, echoes, touch) = (Feel::of(written), Echoes::of(written), Touch::of(written));
    for part in 0..written.parts.len() {
        let Some(mut reader) = PartReader::new(written, part, (loudness, &feel, &echoes, &touch), &tempo_at) else { continue };
        for (place, strikes) in measures.iter_mut().enumerate() {
            strikes.extend(reader.measure(place).into_iter().map(|strike| (part, strike)));
        }
    }
    for strikes in &mut measures {
        strikes.sort_by(|(a, x), (b, y)| x.start.cmp(&y.start).then(a.cmp(b)).then(x.pitch.total_cmp(&y.pitch)).then(x.note.cmp(&y.note)));
    }
    measures
}

/// A pitch as something that can be compared: in thousandths of a semitone.
fn pitch_name(pitch: f64) -> i64 {
    (pitch * 1000.0).round() as i64
}

/// Sounds that wait for the note they are tied to, by track and pitch.
type Ties = BTreeMap<(usize, i64), Vec<usize>>;

/// Plays the strikes in the order of the passages. A timeline that would grow beyond its bound ends before that measure.
pub(super) fn sounds(strikes: &[Vec<(usize, Strike)>], timeline: &mut Timeline) {
    let mut ties = Ties::new();
    let mut sounds: Vec<Sound> = Vec::new();
    let mut ringing: Vec<usize> = Vec::new();
    let mut programs = Programs::of(timeline);
    let mut played = 0;
    for passage in &timeline.passages {
        let here = strikes.get(passage.index).map_or(&[][..], Vec::as_slice);
        if sounds.len() + here.len() > MAX_SOUNDS {
            timeline.truncated = true;
            break;
        }
        played += 1;
        for (track, strike) in here {
            programs.change(timeline, passage, *track, strike);
            let at = play(timeline, &mut sounds, &mut ties, passage, *track, strike);
            ringing.extend(Some(at).filter(|_| strike.rings));
        }
    }
    timeline.passages.truncate(played);
    timeline.first.retain(|(_, at)| *at < played);
    touch::damp(&mut sounds, &ringing);
    sounds.retain(|sound| sound.end > sound.start);
    for sound in &mut sounds {
        sound.start_seconds = timeline.seconds_at(sound.start);
        sound.end_seconds = timeline.seconds_at(sound.end);
    }
    timeline.sounds = sounds;
    let changes = std::mem::take(&mut programs.changes);
    let timed = changes.into_iter().map(|control| Control { seconds: timeline.seconds_at(control.at), ..control });
    timeline.controls = timed.collect();
}

/// The programs of channels that instruments of one part share, and where they change.
struct Programs {
    now: BTreeMap<Channel, u8>,
    changes: Vec<Control>,
}

impl Programs {
    fn of(timeline: &Timeline) -> Self {
        let voices = timeline.tracks.iter().flat_map(|track| &track.voices);
        let mut now = BTreeMap::new();
        for voice in voices.filter(|voice| voice.channel != Channel::PERCUSSION) {
            now.entry(voice.channel).or_insert(voice.program);
        }
        Self { now, changes: Vec::new() }
    }

    /// Changes the program before a strike of another instrument than the channel's last.
    fn change(&mut self, timeline: &Timeline, passage: &Passage, track: usize, strike: &Strike) {
        let Some(voices) = timeline.tracks.get(track).map(|track| &track.voices) else { return };
        let Some(voice) = voices.get(strike.voice).or_else(|| voices.first()) else { return };
        let shared =
            || timeline.tracks.iter().enumerate().any(|(at, other)| at != track && other.voices.iter().any(|v| v.channel == voice.channel));
        let Some(now) = self.now.get_mut(&voice.channel).filter(|now| **now != voice.program && !shared()) else { return };
        *now = voice.program;
        let at = (passage.start + strike.start).max(Beat::ZERO);
        self.changes.push(Control {
            at,
            seconds: Seconds::default(),
            channel: voice.channel,
            track,
            kind: ControlKind::Program(voice.program),
        });
    }
}

/// Plays a strike; gives the place of its sound.
fn play(timeline: &Timeline, sounds: &mut Vec<Sound>, ties: &mut Ties, passage: &Passage, track: usize, strike: &Strike) -> usize {
    let start = (passage.start + strike.start).max(Beat::ZERO);
    let end = passage.start + strike.end;
    let tie = (track, pitch_name(strike.pitch));
    if strike.tie_previous
        && let Some(open) = ties.get_mut(&tie)
    {
        let joined = open.iter().position(|at| sounds.get(*at).is_some_and(|sound| sound.end == start));
        if let Some(position) = joined {
            let at = if strike.tie_next { open[position] } else { open.remove(position) };
            if let Some(sound) = sounds.get_mut(at) {
                sound.end = end;
            }
            return at;
        }
    }
    let voices = timeline.tracks.get(track).map_or(&[][..], |track| &track.voices);
    let voice = voices.get(strike.voice).or_else(|| voices.first());
    let key = strike.pitch.round().clamp(0.0, 127.0);
    let deviation = ((strike.pitch - key) * 100.0).clamp(-100.0, 100.0);
    if strike.tie_next {
        let open = ties.entry(tie).or_default();
        // Ties that lead nowhere are forgotten once time has passed them.
        open.retain(|at| sounds.get(*at).is_some_and(|sound| sound.end >= start));
        open.push(sounds.len());
    }
    sounds.push(Sound {
        start,
        end,
        start_seconds: Seconds::default(),
        end_seconds: Seconds::default(),
        channel: voice.map_or(Channel(0), |voice| voice.channel),
        key: key as u8,
        bend: Cents(if deviation.abs() < 0.1 { 0.0 } else { deviation }),
        velocity: strike.velocity,
        track,
        event: strike.event,
        note: strike.note,
    });
    sounds.len() - 1
}

/// The rehearsal marks, each time they are passed.
pub(super) fn markers(written: &Written<'_>, timeline: &mut Timeline) {
    let mut marks: BTreeMap<usize, Vec<(Beat, &str)>> = BTreeMap::new();
    for mark in written.score.marks().values() {
        if let MarkKind::Rehearsal(text) = &mark.kind
            && let Some((place, beat)) = written.score.anchor_moment(mark.anchor).and_then(|moment| written.locate(moment))
        {
            marks.entry(place).or_default().push((beat, text));
        }
    }
    for marks in marks.values_mut() {
        marks.sort();
    }
    let passed = timeline.passages.iter().flat_map(|passage| {
        let here = marks.get(&passage.index).into_iter().flatten();
        here.map(|(beat, text)| Marker { at: passage.start + (*beat).min(passage.length), text: (*text).to_owned() })
    });
    timeline.markers = passed.collect();
}

/// What is sung: on the second pass the second verse, where there is one.
pub(super) fn syllables(written: &Written<'_>, timeline: &mut Timeline) {
    let mut measures: BTreeMap<usize, Vec<(usize, Beat, Vec<String>)>> = BTreeMap::new();
    for place in 0..written.measures.len() {
        for (track, (part, _)) in written.parts.iter().enumerate() {
            let sung = sung_in(written, place, *part);
            measures.entry(place).or_default().extend(sung.into_iter().map(|(at, verses)| (track, at, verses)));
        }
    }
    let mut syllables = Vec::new();
    for passage in &timeline.passages {
        for (track, beat, verses) in measures.get(&passage.index).into_iter().flatten() {
            let verse = (passage.pass as usize - 1).min(verses.len().saturating_sub(1));
            let Some(text) = verses.get(verse) else { continue };
            let at = passage.start + *beat;
            syllables.push(Syllable { at, seconds: timeline.seconds_at(at), track: *track, text: text.clone() });
        }
    }
    timeline.syllables = syllables;
}

fn sung_in(written: &Written<'_>, place: usize, part: PartId) -> Vec<(Beat, Vec<String>)> {
    let events = written.events(place, part).into_iter();
    let sung = events.map(|(id, event)| {
        let verses = written.score.lyrics_of(id).into_iter().map(|(_, lyric)| text(&lyric.text));
        (event.time.onset, verses.filter(|text| !text.trim().is_empty()).collect::<Vec<_>>())
    });
    sung.filter(|(_, verses)| !verses.is_empty()).collect()
}

/// A syllable as MIDI files have it: a hyphen where the word goes on, a space where it ends (MMA RP-017).
fn text(pieces: &[LyricPiece]) -> String {
    let mut text = String::new();
    let mut goes_on = false;
    for piece in pieces {
        match piece {
            LyricPiece::Text(syllable, syllabic) => {
                text.push_str(syllable);
                goes_on = matches!(syllabic, Syllabic::Begin | Syllabic::Middle);
            }
            LyricPiece::Elision(join) => text.push_str(if join.is_empty() { " " } else { join }),
        }
    }
    text.push(if goes_on { '-' } else { ' ' });
    text
}

impl Timeline {
    /// Puts everything in the order of time; what happens at once, in the order of the score.
    pub(super) fn sort(&mut self) {
        self.sounds.sort_by_key(|sound| (sound.start, sound.track, sound.key, sound.end, sound.note));
        self.controls.sort_by_key(|control| (control.at, control.channel, control.track));
        self.syllables.sort_by_key(|syllable| (syllable.at, syllable.track));
    }
}
