//! What one measure of one part sounds, before repeats are unrolled: pitches, lengths, loudness.

use std::collections::BTreeMap;

use crate::model::{
    AccidentalSign, Arpeggio, Articulation, Beat, Event, EventId, MarkKind, Moment, Note, NoteId, NotePitch, Notehead, Ornament, Part,
    PartId, SpanKind, Step,
};

use super::dynamics::{self, Loudness};
use super::echoes::{Echoes, Played};
use super::glides::{self, Glide, Keys};
use super::swing::Feel;
use super::touch::Touch;
use super::written::{Reading, Written};
use super::{Channel, Voice, channels, graces, ornaments};

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
    /// It sounds on until its key is struck again, at most to its end.
    pub rings: bool,
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
    /// Laissez vibrer.
    pub lets_ring: bool,
}

/// A chord with all that its marks say.
#[derive(Debug, Clone)]
pub(super) struct Chord<'a> {
    pub id: EventId,
    pub event: &'a Event,
    /// Where it is played, as written or once more, from the start of the measure.
    pub onset: Beat,
    pub duration: Beat,
    pub tones: Vec<Tone>,
    /// When it sounds, from the start of the measure, graces taken off.
    pub start: Beat,
    pub end: Beat,
    pub velocity: f64,
    /// Which share of its length is held.
    pub gate: (i64, i64),
    /// Until when a line over it lets it ring, from the start of the measure.
    pub rings_until: Option<Beat>,
    pub arpeggio: Option<Arpeggio>,
    pub ornament: Option<Ornament>,
    /// Strokes of a tremolo on one note.
    pub tremolo: Option<u8>,
    /// The other chord of a tremolo between two, and its strokes.
    pub partner: Option<(EventId, u8)>,
    /// What sounds on the way from its notes to others.
    pub glides: Vec<(NoteId, Glide)>,
}

/// The loudness of every staff, by its part's place and its number.
type Loudnesses = BTreeMap<(usize, u8), Loudness>;

impl Chord<'_> {
    /// Where it ends, grace notes or not.
    pub fn written_end(&self) -> Beat {
        self.onset + self.duration
    }

    /// How much later it is played than it is written, where it is played once more.
    pub fn delay(&self) -> Beat {
        self.onset - self.event.time.onset
    }
}

/// Reads one part measure by measure.
pub(super) struct PartReader<'a, 'b> {
    written: &'b Written<'a>,
    place: usize,
    id: PartId,
    part: &'a Part,
    reading: Reading,
    voices: Vec<Voice>,
    loudness: &'b Loudnesses,
    feel: &'b Feel,
    echoes: &'b Echoes<'a>,
    touch: &'b Touch,
    /// Quarter notes a minute at each measure's start, for what is short on the clock.
    tempo_at: &'b dyn Fn(usize) -> f64,
}

impl<'a, 'b> PartReader<'a, 'b> {
    pub fn new(
        written: &'b Written<'a>,
        place: usize,
        (loudness, feel, echoes, touch): (&'b Loudnesses, &'b Feel, &'b Echoes<'a>, &'b Touch),
        tempo_at: &'b dyn Fn(usize) -> f64,
    ) -> Option<Self> {
        let (id, part) = *written.parts.get(place)?;
        let voices = channels::voices(part);
        Some(Self { written, place, id, part, reading: Reading::new(part), voices, loudness, feel, echoes, touch, tempo_at })
    }

    /// The strikes of the next measure; measures are asked for in order.
    pub fn measure(&mut self, measure: usize) -> Vec<Strike> {
        self.reading.enter(self.written, measure, self.id);
        let events = self.echoes.events(self.written, self.place, measure, self.id);
        let mut chords = Vec::with_capacity(events.len());
        // A cue shows what another part plays (MusicXML 4.0, `cue`). Notes that are only small sound: cadenzas are written so.
        for played in events.into_iter().filter(|played| !played.event.cue) {
            self.reading.advance(played.onset);
            chords.push(self.chord(measure, &played));
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

    fn chord(&self, measure: usize, played: &Played<'a>) -> Chord<'a> {
        let Played { id, event, onset, duration } = *played;
        let score = self.written.score;
        let notes = score.notes_of(id).into_iter().filter(|(_, note)| !self.is_made_up(note, event));
        let altered = self.altered(id);
        let written_at = self.written.absolute(Moment { measure: event.time.measure, beat: event.time.onset }).unwrap_or_default();
        let rings_until = self.touch.rings_until(self.place, written_at).map(|end| onset + (end - written_at));
        let loudness = self.loudness.get(&(self.place, event.staff));
        let mut chord = Chord {
            id,
            event,
            onset,
            duration,
            tones: notes.map(|(id, note)| self.tone(id, note, event.staff, altered)).collect(),
            start: self.feel.played(measure, onset),
            end: self.feel.played(measure, (onset + duration).max(onset)),
            velocity: loudness.map_or(dynamics::DEFAULT, |loudness| loudness.at(self.written.start(measure) + onset, written_at)),
            gate: (1, 1),
            rings_until,
            arpeggio: None,
            ornament: None,
            tremolo: None,
            partner: None,
            glides: Vec::new(),
        };
        if self.touch.muted(self.place, written_at) {
            chord.velocity -= 8.0;
            chord.gate = (1, 3);
        }
        self.read_marks(&mut chord);
        chord
    }

    /// Whether a note only shows a rhythm to which the player makes up the pitches: a slash head, unless it is a drum's.
    fn is_made_up(&self, note: &Note, event: &Event) -> bool {
        let voice = channels::voice_of(note, self.reading.instrument(event.staff), self.part);
        let drum = self.voices.get(voice).is_some_and(|voice| voice.channel == Channel::PERCUSSION);
        note.head == Notehead::Slash && matches!(note.pitch, NotePitch::Pitched(_)) && !drum
    }

    fn tone(&self, id: NoteId, note: &Note, staff: u8, (above, below): (Option<f64>, Option<f64>)) -> Tone {
        let key = self.reading.key(staff);
        let neighbour = |index: i32, octave: i32, altered: Option<f64>| {
            let natural = f64::from((octave + index.div_euclid(7)) * 12 + Step::from_index(index).semitones());
            natural + altered.unwrap_or_else(|| key.alter(Step::from_index(index)).to_f64())
        };
        let (pitch, upper, lower) = match note.pitch {
            NotePitch::Pitched(pitch) => {
                let exact = pitch.midi_key_exact();
                let (index, octave) = (pitch.step.index(), i32::from(pitch.octave) + 1);
                let upper = neighbour(index + 1, octave, above) - exact;
                let lower = exact - neighbour(index - 1, octave, below);
                (exact + f64::from(self.reading.semitones(staff)), upper.clamp(1.0, 3.0), lower.clamp(1.0, 3.0))
            }
            NotePitch::Unpitched(_) => (f64::from(channels::percussion_key(note, self.part)), 0.0, 0.0),
        };
        Tone {
            note: id,
            pitch,
            upper,
            lower,
            voice: channels::voice_of(note, self.reading.instrument(staff), self.part),
            length: note.duration,
            tie_previous: note.tie_previous,
            tie_next: note.tie_next,
            lets_ring: note.let_ring,
        }
    }

    /// What accidentals at an ornament make of the steps above and below.
    fn altered(&self, id: EventId) -> (Option<f64>, Option<f64>) {
        let score = self.written.score;
        let on_notes = score.notes_of(id).into_iter().flat_map(|(note, _)| score.marks_of_note(note));
        let ornaments = score.marks_of(id).chain(on_notes).filter(|(_, mark)| matches!(mark.kind, MarkKind::Ornament(_)));
        ornaments.fold((None, None), |(above, below), (_, mark)| {
            let semitones = |sign: Option<AccidentalSign>| sign.and_then(ornaments::semitones);
            (above.or(semitones(mark.accidental_above)), below.or(semitones(mark.accidental_below)))
        })
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
                let keys = Keys::of(self.voices.get(tone.voice).map_or(0, |voice| voice.program));
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
                // The second note of a hammer-on or a pull-off is not plucked.
                SpanKind::HammerOn(_) | SpanKind::PullOff(_) if !starts => chord.velocity -= 12.0,
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
