//! The first stage: what the rules of notation make of the records, measure by measure, before anything has a place.
//!
//! A [`Bar`] follows from the content of its measure and from the [`Context`] that the measures before it leave behind, and
//! from nothing else: see [`super::measures`] for what a preparation may read.

mod accidentals;
mod bar;
mod beaming;
mod chords;
mod heads;
mod lyrics;
mod silence;
mod spans;
mod stems;

pub(super) use accidentals::{Accidental, sign_for, sign_glyph};
pub(super) use bar::{Bar, ClefChange, prepare};
pub(super) use beaming::BeamGroup;
pub(super) use chords::{Chord, Head, Stem, Syllable, rest_glyph};
pub(super) use silence::{Gathered, gather};
pub(super) use spans::{HeldOver, HeldTie, Known, ShiftHere, Stretch, StretchEnd, Tie, octave_shifts, shifts_by_bar, stretches, ties};

use super::cast::Cast;
use crate::model::{Clef, Key, MeasureId, Score, TimeSignature};

/// What is in force on a staff.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StaffState {
    pub clef: Clef,
    pub key: Key,
    pub lines: u8,
    /// Whether it is shown at all.
    pub shown: bool,
}

impl StaffState {
    /// From the top line to the bottom line.
    pub(super) fn height(&self) -> f32 {
        f32::from(self.lines.max(1) - 1)
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
        let state = StaffState { clef: Clef::TREBLE, key: Key::fifths(0), lines: 5, shown: true };
        Self { staves: vec![state; cast.staves.len()], time: TimeSignature::new(4, 4) }
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
