//! What a performance is: the values that synth, MIDI export and play cursor read.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Serialize};

use crate::model::{Beat, EventId, MeasureId, NoteId, PartId};

/// A time on the clock of the performance, from its start, at the tempo that is written.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seconds(pub f64);

impl Add for Seconds {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl Sub for Seconds {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
/// Minutes and seconds, as `2:05`.
impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.max(0.0).floor() as u64;
        write!(f, "{}:{:02}", whole / 60, whole % 60)
    }
}

/// A tempo in quarter notes a minute.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Bpm(pub f64);

impl Bpm {
    /// What is played where nothing is written.
    pub const DEFAULT: Self = Self(120.0);

    /// How long this musical time takes.
    pub fn seconds(self, length: Beat) -> Seconds {
        Seconds(length.to_f64() * 240.0 / self.0)
    }

    /// How many whole notes pass in this time.
    pub fn wholes(self, time: Seconds) -> f64 {
        time.0 * self.0 / 240.0
    }

    /// Within what a player or a MIDI file can follow.
    pub(super) fn bounded(self) -> Self {
        Self(if self.0.is_finite() { self.0.clamp(4.0, 1200.0) } else { Self::DEFAULT.0 })
    }
}

/// A deviation from an equal-tempered key in hundredths of a semitone.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub f64);

/// One playing of one measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Passage {
    /// The measure.
    pub measure: MeasureId,
    /// Its place in the score's order, from 0.
    pub index: usize,
    /// How many times it has been played with this one, from 1.
    pub pass: u32,
    /// When it starts, from the start of the performance.
    pub start: Beat,
    /// How long it is.
    pub length: Beat,
    /// When it starts on the clock.
    pub seconds: Seconds,
}

impl Passage {
    /// When it ends, from the start of the performance.
    pub fn end(&self) -> Beat {
        self.start + self.length
    }
}

/// A tempo from a place on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TempoChange {
    /// From the start of the performance.
    pub at: Beat,
    /// The same on the clock.
    pub seconds: Seconds,
    /// The tempo that holds until the next change.
    pub tempo: Bpm,
}

/// A time signature from a place on, as its whole numerator over its denominator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeChange {
    /// From the start of the performance.
    pub at: Beat,
    /// The number of beats.
    pub beats: u16,
    /// The denominator.
    pub unit: u16,
}

/// A key signature from a place on, at sounding pitch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyChange {
    /// From the start of the performance.
    pub at: Beat,
    /// Sharps, or flats when negative.
    pub fifths: i8,
    /// Whether it is named by its minor key.
    pub minor: bool,
}

/// A MIDI channel, from 0; [`Channel::PERCUSSION`] is General MIDI's for drums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Channel(pub u8);

impl Channel {
    /// General MIDI's percussion channel (channel 10 as counted from 1).
    pub const PERCUSSION: Self = Self(9);
    /// How many there are.
    pub const COUNT: usize = 16;
}

/// A part as it is performed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// The part.
    pub part: PartId,
    /// Its name.
    pub name: String,
    /// Its sounds; at least one.
    pub voices: Vec<Voice>,
}

/// A sound of a part: an instrument on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voice {
    /// The instrument's name.
    pub name: String,
    /// The channel it plays on. More sounds than channels share one, those of the same program first.
    pub channel: Channel,
    /// Its General MIDI program, from 0.
    pub program: u8,
}

/// A sound with a start and an end: a note, or all that a tie joins, or one stroke of an ornament.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sound {
    /// When it starts, from the start of the performance.
    pub start: Beat,
    /// When it ends.
    pub end: Beat,
    /// When it starts on the clock.
    pub start_seconds: Seconds,
    /// When it ends on the clock.
    pub end_seconds: Seconds,
    /// The channel.
    pub channel: Channel,
    /// The MIDI key nearest to the pitch that sounds; middle C is 60.
    pub key: u8,
    /// What is to be added to the key.
    pub bend: Cents,
    /// How hard, 1 to 127.
    pub velocity: u8,
    /// Which of [`Timeline::tracks`] plays it.
    pub track: usize,
    /// The event it comes from; the first of a tie.
    pub event: EventId,
    /// The note it comes from; the first of a tie.
    pub note: NoteId,
}

/// What a controller event sets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ControlKind {
    /// The sustain pedal goes down or up (controller 64).
    Sustain(bool),
    /// The pitch wheel, against the unbent key, for a wheel of ±2 semitones.
    Bend(Cents),
    /// How loud, of what the velocities say (controller 11): 127 for all of it.
    Expression(u8),
    /// The General MIDI program, from 0, where instruments of a part share its channel.
    Program(u8),
}

/// A change of how a channel sounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Control {
    /// From the start of the performance.
    pub at: Beat,
    /// The same on the clock.
    pub seconds: Seconds,
    /// The channel.
    pub channel: Channel,
    /// Which of [`Timeline::tracks`] asks for it.
    pub track: usize,
    /// What is set.
    pub kind: ControlKind,
}

/// A syllable that is sung.
#[derive(Debug, Clone, PartialEq)]
pub struct Syllable {
    /// From the start of the performance.
    pub at: Beat,
    /// The same on the clock.
    pub seconds: Seconds,
    /// Which of [`Timeline::tracks`] sings it.
    pub track: usize,
    /// The text; with a hyphen where the word goes on, with a space where it ends.
    pub text: String,
}

/// A rehearsal mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Marker {
    /// From the start of the performance.
    pub at: Beat,
    /// What is written.
    pub text: String,
}

/// Where the performance is in the score.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// The measure.
    pub measure: MeasureId,
    /// Its place in the score's order, from 0.
    pub index: usize,
    /// How far into it, to 1/3840 of a whole note.
    pub beat: Beat,
    /// How many times the measure has been entered, from 1.
    pub pass: u32,
}

/// A performance: everything that sounds, in order, with repeats unrolled.
///
/// Musical times ([`Beat`]) are exact and count from the start of the performance; times on the clock follow from the tempo
/// map. All lists are sorted by time, and the same score gives the same timeline.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// The title of the score.
    pub title: String,
    /// The measures in the order they are played.
    pub passages: Vec<Passage>,
    /// The tempo map; the first stands at the start.
    pub tempi: Vec<TempoChange>,
    /// Time signatures; the first stands at the start.
    pub times: Vec<TimeChange>,
    /// Key signatures.
    pub keys: Vec<KeyChange>,
    /// The parts, in score order.
    pub tracks: Vec<Track>,
    /// What sounds.
    pub sounds: Vec<Sound>,
    /// Controller events.
    pub controls: Vec<Control>,
    /// What is sung.
    pub syllables: Vec<Syllable>,
    /// Rehearsal marks, each time they are passed.
    pub markers: Vec<Marker>,
    /// Whether repeats or notes were cut because there were too many ([`super::MAX_PASSAGES`], [`super::MAX_SOUNDS`]).
    pub truncated: bool,
    /// The first passage of each measure, by identifier.
    pub(super) first: Vec<(MeasureId, usize)>,
}

impl Timeline {
    /// The length of the performance.
    pub fn end(&self) -> Beat {
        self.passages.last().map_or(Beat::ZERO, Passage::end)
    }

    /// The length of the performance on the clock, to the end of its last measure or note.
    pub fn duration(&self) -> Seconds {
        let sounding = self.sounds.iter().map(|sound| sound.end_seconds.0).fold(0.0, f64::max);
        Seconds(self.seconds_at(self.end()).0.max(sounding))
    }

    /// When a musical time of the performance is, on the clock.
    pub fn seconds_at(&self, at: Beat) -> Seconds {
        let next = self.tempi.partition_point(|change| change.at <= at);
        match self.tempi.get(next.saturating_sub(1)) {
            Some(change) => change.seconds + change.tempo.seconds(at - change.at),
            None => Bpm::DEFAULT.seconds(at),
        }
    }

    /// Whole notes from the start of the performance at a time on the clock.
    fn wholes_at(&self, time: Seconds) -> f64 {
        let next = self.tempi.partition_point(|change| change.seconds <= time);
        match self.tempi.get(next.saturating_sub(1)) {
            Some(change) => change.at.to_f64() + change.tempo.wholes(time - change.seconds),
            None => Bpm::DEFAULT.wholes(time),
        }
    }

    /// Where the performance is at a time: before the start, at the start; after the end, at the end of the last measure.
    /// Nothing where there is no measure.
    pub fn position_at(&self, time: Seconds) -> Option<Position> {
        let next = self.passages.partition_point(|passage| passage.seconds <= time);
        let passage = self.passages.get(next.saturating_sub(1))?;
        let within = self.wholes_at(time) - passage.start.to_f64();
        let grid = if within.is_finite() { (within.clamp(0.0, 1e6) * 3840.0).round() as i64 } else { 0 };
        let beat = Beat::new(grid, 3840).min(passage.length);
        Some(Position { measure: passage.measure, index: passage.index, beat, pass: passage.pass })
    }

    /// When a place in the score is first played; nothing where it never is.
    pub fn seconds_of(&self, measure: MeasureId, beat: Beat) -> Option<Seconds> {
        let found = self.first.binary_search_by_key(&measure, |(id, _)| *id).ok()?;
        let passage = self.passages.get(self.first.get(found)?.1)?;
        Some(self.seconds_at(passage.start + beat.clamp(Beat::ZERO, passage.length)))
    }

    /// The same performance with one part alone: tempo, measures and length stay. Nothing sounds if there is no such part.
    pub fn of_part(&self, part: PartId) -> Self {
        let place = self.tracks.iter().position(|track| track.part == part);
        let mut alone = self.clone();
        alone.sounds.retain(|sound| Some(sound.track) == place);
        alone.controls.retain(|control| Some(control.track) == place);
        alone.syllables.retain(|syllable| Some(syllable.track) == place);
        alone
    }

    /// The channels that a track plays on.
    pub fn channels_of(&self, track: usize) -> impl Iterator<Item = Channel> {
        self.tracks.get(track).into_iter().flat_map(|track| track.voices.iter().map(|voice| voice.channel))
    }
}
