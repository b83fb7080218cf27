//! The first stage: what the rules of notation make of the records, measure by measure, before anything has a place.
//!
//! A [`Bar`] follows from the content of its measure and from the [`Context`] that the measures before it leave behind, and
//! from nothing else: see [`super::measures`] for what a preparation may read.

mod accidentals;
mod bar;
mod beaming;
mod chords;
mod drums;
mod heads;
mod lyrics;
mod measure_styles;
mod silence;
mod spans;
mod stems;
mod tab;

pub(super) use accidentals::{Accidental, sign_for, sign_glyph};
pub(super) use bar::{Bar, ClefChange, prepare};
pub(super) use beaming::BeamGroup;
pub(super) use chords::{Chord, Head, Stem, Syllable, rest_glyph};
pub(super) use measure_styles::RepeatSign;
pub(super) use silence::{Gathered, gather};
pub(super) use spans::{HeldOver, HeldTie, Known, ShiftHere, Stretch, StretchEnd, Tie, octave_shifts, shifts_by_bar, stretches, ties};

use std::sync::Arc;

use super::cast::Cast;
use crate::model::{Clef, ClefSign, Key, MeasureId, MeasureRepeat, Pitch, Score, SlashStyle, TimeSignature};

/// What is in force on a staff.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StaffState {
    pub clef: Clef,
    pub key: Key,
    pub lines: u8,
    /// Whether it is shown at all.
    pub shown: bool,
    /// Its size, in percent of the score's.
    pub size: u16,
    /// What the open strings of a tablature staff sound, from the lowest line up; the usual ones where empty.
    pub tuning: Arc<[Pitch]>,
    pub capo: u8,
    /// Slashes instead of notes.
    pub slash: Option<SlashStyle>,
    /// Beats that repeat, with so many slashes.
    pub beat_repeat: Option<u8>,
    /// Measures that repeat, and how many have done so.
    pub repeat: Option<(MeasureRepeat, u16)>,
}

impl StaffState {
    /// Before anything is said.
    fn blank() -> Self {
        Self {
            clef: Clef::TREBLE,
            key: Key::fifths(0),
            lines: 5,
            shown: true,
            size: 100,
            tuning: Arc::from([]),
            capo: 0,
            slash: None,
            beat_repeat: None,
            repeat: None,
        }
    }

    /// From the top line to the bottom line.
    pub(super) fn height(&self) -> f32 {
        f32::from(self.lines.max(1) - 1) * self.gap()
    }

    /// Its size against the score's.
    pub(super) fn scale(&self) -> f32 {
        f32::from(self.size.clamp(30, 200)) / 100.0
    }

    /// Whether its lines are strings.
    pub(super) fn is_tab(&self) -> bool {
        self.clef.sign == ClefSign::Tab
    }

    /// From one line to the next: numbers need more room than heads (Gould, "Behind Bars", p. 387).
    pub(super) fn gap(&self) -> f32 {
        self.scale() * if self.is_tab() { 1.5 } else { 1.0 }
    }
}

/// What one measure leaves to the next.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Context {
    pub staves: Vec<StaffState>,
    pub time: TimeSignature,
}

impl Context {
    /// What is in force before the first measure.
    pub(super) fn before(cast: &Cast) -> Self {
        Self { staves: vec![StaffState::blank(); cast.staves.len()], time: TimeSignature::new(4, 4) }
    }
}

/// Where a chord is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The measure's position in the score.
    pub bar: usize,
    /// The chord within it.
    pub chord: usize,
}

/// Finds measures by their identifiers.
pub(super) struct Positions(Vec<(MeasureId, usize)>);

impl Positions {
    /// Of these measures.
    pub(super) fn of(order: &[MeasureId]) -> Self {
        let mut measures: Vec<_> = order.iter().enumerate().map(|(at, id)| (*id, at)).collect();
        measures.sort_unstable();
        Self(measures)
    }

    /// The position of a measure.
    pub(super) fn measure(&self, id: MeasureId) -> Option<usize> {
        let at = self.0.binary_search_by_key(&id, |row| row.0).ok()?;
        Some(self.0[at].1)
    }
}
