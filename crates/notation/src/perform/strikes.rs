//! What one measure of one part sounds, before repeats are unrolled: pitches, lengths, loudness.

use std::collections::BTreeMap;

use crate::model::{Arpeggio, Articulation, Beat, Event, EventId, MarkKind, NoteId, NotePitch, Ornament, Part, PartId, SpanKind, Step};

use super::dynamics::{self, Loudness};
use super::glides::{self, Glide, Keys};
use super::swing::Feel;
use super::written::{Reading, Written};
use super::{channels, graces, ornaments};

/// A sound within a measure as written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Strike {
    /// From the start of the measure; a grace note before the first beat starts earlier.
    pub start: Beat,
    pub end: Beat,
    /// In semitones as MIDI counts them.
    pub pitch: f64,
    pub velocity: u8,
    /// Which of the track's voices.
    pub voice: usize,
    pub event: EventId,
    pub note: NoteId,
    pub tie_previous: bool,
    pub tie_next: bool,
}

/// A note of a chord.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tone {
    pub note: NoteId,
    pub pitch: f64,
    /// Semitones to the next step above and below in the key that holds.
    pub upper: f64,
    pub lower: f64,
    pub voice: usize,
    pub length: Option<Beat>,
    pub tie_previous: bool,
    pub tie_next: bool,
}

/// A chord with all that its marks say.
#[derive(Debug, Clone)]
pub(super) struct Chord<'a> {
    pub id: EventId,
    pub event: &'a Event,
    pub tones: Vec<Tone>,
    /// When it sounds, from the start of the measure, graces taken off.
    pub start: Beat,
    pub end: Beat,
    pub velocity: f64,
    /// Which share of its length is held.
    pub gate: (i64, i64),
    pub arpeggio: Option<Arpeggio>,
    pub ornament: Option<Ornament>,
    /// Strokes of a tremolo on one note.
    pub tremolo: Option<u8>,
    /// The other chord of a tremolo between two, and its strokes.
    pub partner: Option<(EventId, u8)>,
    /// What sounds on the way from its notes to others.
    pub glides: Vec<(NoteId, Glide)>,
}

/// Reads one part measure by measure.
pub(super) struct PartReader<'a, 'b> {
    written: &'b Written<'a>,
    place: usize,
    id: PartId,
    part: &'a Part,
    reading: Reading,
    /// The General MIDI program of each of the part's voices.
    programs: Vec<u8>,
    loudness: &'b BTreeMap<(usize, u8), Loudness>,
    feel: &'b Feel,
    /// Quarter notes a minute at each measure's start, for what is short on the clock.
    tempo_at: &'b dyn Fn(usize) -> f64,
}

impl<'a, 'b> PartReader<'a, 'b> {
    pub fn new(
        written: &'b Written<'a>,
        place: usize,
        loudness: &'b BTreeMap<(usize, u8), Loudness>,
        feel: &'b Feel,
        tempo_at: &'b dyn Fn(usize) -> f64,
    ) -> Option<Self> {
        let (id, part) = *written.parts.get(place)?;
        let programs = channels::programs(part);
        Some(Self { written, place, id, part, reading: Reading::new(part), programs, loudness, feel, tempo_at })
    }

    /// The strikes of the next measure; measures are asked for in order.
    pub fn measure(&mut self, measure: usize) -> Vec<Strike> {
        self.reading.enter(self.written, measure, self.id);
        let events = self.written.events(measure, self.id);
        let mut chords = Vec::with_capacity(events.len());
        // A cue shows what another part plays (MusicXML 4.0, `cue`). Notes that are only small sound: cadenzas are written so.
        for (id, event) in events.into_iter().filter(|(_, event)| !event.cue) {
            self.reading.advance(event.time.onset);
            chords.push(self.chord(measure, id, event));
        }
        let moment = clock_moment((self.tempo_at)(measure));
        graces::steal(&mut chords, moment);
        let rolls = ornaments::rolls(&chords, moment);
        let mut strikes = Vec::new();
        for chord in &chords {
            ornaments::strike(chord, &chords, &rolls, moment, &mut strikes);
        }
        strikes
    }

    fn chord(&self, measure: usize, id: EventId, event: &'a Event) -> Chord<'a> {
        let score = self.written.score;
        let key = self.reading.key(event.staff);
        let semitones = f64::from(self.reading.semitones(event.staff));
        let neighbour = |index: i32, octave: i32| {
            f64::from(octave * 12 + Step::from_index(index).semitones()) + key.alter(Step::from_index(index)).to_f64()
        };
        let tones = score.notes_of(id).into_iter().map(|(note_id, note)| {
            let (pitch, upper, lower) = match note.pitch {
                NotePitch::Pitched(pitch) => {
                    let exact = pitch.midi_key_exact();
                    let (index, octave) = (pitch.step.index(), i32::from(pitch.octave) + 1);
                    let upper = neighbour(index + 1, octave + (index + 1).div_euclid(7)) - exact;
                    let lower = exact - neighbour(index - 1, octave + (index - 1).div_euclid(7));
                    (exact + semitones, upper.clamp(1.0, 3.0), lower.clamp(1.0, 3.0))
                }
                NotePitch::Unpitched(_) => (f64::from(channels::percussion_key(note, self.part)), 0.0, 0.0),
            };
            let voice = channels::voice_of(note, self.reading.instrument(event.staff), self.part);
            let (tie_previous, tie_next) = (note.tie_previous, note.tie_next);
            Tone { note: note_id, pitch, upper, lower, voice, length: note.duration, tie_previous, tie_next }
        });
        let absolute = self.written.start(measure) + event.time.onset;
        let velocity = self.loudness.get(&(self.place, event.staff)).map_or(dynamics::DEFAULT, |loudness| loudness.at(absolute));
        let mut chord = Chord {
            id,
            event,
            tones: tones.collect(),
            start: self.feel.played(measure, event.time.onset),
            end: self.feel.played(measure, event.time.end().max(event.time.onset)),
            velocity,
            gate: (1, 1),
            arpeggio: None,
            ornament: None,
            tremolo: None,
            partner: None,
            glides: Vec::new(),
        };
        self.read_marks(&mut chord);
        chord
    }

    fn read_marks(&self, chord: &mut Chord<'_>) {
        let score = self.written.score;
        let on_notes = chord.tones.iter().flat_map(|tone| score.marks_of_note(tone.note)).map(|(_, mark)| &mark.kind);
        let kinds: Vec<_> = score.marks_of(chord.id).map(|(_, mark)| &mark.kind).chain(on_notes).collect();
        for kind in kinds {
            match kind {
                MarkKind::Articulation(articulation) => articulate(chord, *articulation),
                MarkKind::Ornament(ornament) => chord.ornament = Some(*ornament),
                MarkKind::Arpeggio(arpeggio) => chord.arpeggio = Some(*arpeggio),
                MarkKind::Tremolo(strokes) => chord.tremolo = Some(*strokes),
                _ => {}
            }
        }
        let spans = chord.tones.iter().flat_map(|tone| score.spans_of_note(tone.note)).chain(score.spans_of(chord.id));
        for (_, span) in spans {
            for (place, tone) in chord.tones.iter().enumerate() {
                let keys = Keys::of(self.programs.get(tone.voice).copied().unwrap_or(0));
                if let Some(glide) = glides::glide(score, span, (chord.id, tone, place), keys) {
                    chord.glides.push((tone.note, glide));
                }
            }
            let starts = score.anchor_event(span.start) == Some(chord.id);
            match span.kind {
                SpanKind::Tremolo(strokes) => {
                    let other = score.anchor_event(if starts { span.end } else { span.start });
                    chord.partner = other.filter(|other| *other != chord.id).map(|other| (other, strokes));
                }
                SpanKind::TrillLine if starts && chord.ornament.is_none() => chord.ornament = Some(Ornament::Trill),
                _ => {}
            }
        }
    }
}

/// What an articulation does to length and loudness. The shares are the usual ones of notation programs: a staccato note is
/// held for half its value, a staccatissimo for a third, a portato for three quarters.
fn articulate(chord: &mut Chord<'_>, articulation: Articulation) {
    let shorten = |chord: &mut Chord<'_>, num: i64, den: i64| {
        if num * chord.gate.1 < chord.gate.0 * den {
            chord.gate = (num, den);
        }
    };
    match articulation {
        Articulation::Accent | Articulation::Stress => chord.velocity += 16.0,
        Articulation::SoftAccent => chord.velocity += 10.0,
        Articulation::StrongAccent => {
            chord.velocity += 24.0;
            shorten(chord, 3, 4);
        }
        Articulation::Unstress => chord.velocity -= 10.0,
        Articulation::Staccato => shorten(chord, 1, 2),
        Articulation::Staccatissimo | Articulation::Spiccato => shorten(chord, 1, 3),
        Articulation::DetachedLegato => shorten(chord, 3, 4),
        pause if pause.is_breath() || pause.is_caesura() => shorten(chord, 7, 8),
        _ => {}
    }
}

/// Some thirty milliseconds in musical time at a tempo, on a grid that MIDI files hold exactly.
fn clock_moment(quarters_per_minute: f64) -> Beat {
    let wholes = 0.03 * quarters_per_minute / 240.0;
    Beat::new(((wholes * 960.0).round() as i64).clamp(1, 240), 960)
}
