//! The first stage: what the rules of notation make of the records, measure by measure, before anything has a place.
//!
//! A [`Bar`] follows from the content of its measure and from the [`Context`] that the measures before it leave behind;
//! nothing else, so that a measure that did not change need not be prepared again.

mod accidentals;
mod bar;
mod beaming;
mod chords;
mod heads;
mod spans;
mod stems;

pub(super) use accidentals::{sign_for, sign_glyph};
pub(super) use bar::{Bar, ClefChange};
pub(super) use beaming::BeamGroup;
pub(super) use chords::{Chord, Head, Stem, Syllable, rest_glyph};
pub(super) use spans::{Stretch, StretchEnd, Tie};

use super::cast::Cast;
use crate::model::{Clef, EventId, Key, MeasureId, Score, TimeSignature};

/// What is in force on a staff.
#[derive(Debug, Clone)]
pub(super) struct StaffState {
    pub clef: Clef,
    pub key: Key,
    pub lines: u8,
}

impl StaffState {
    /// From the top line to the bottom line.
    pub(super) fn height(&self) -> f32 {
        f32::from(self.lines.max(1) - 1)
    }
}

/// What one measure leaves to the next.
#[derive(Debug, Clone)]
pub(super) struct Context {
    pub staves: Vec<StaffState>,
    pub time: TimeSignature,
}

/// Where a chord is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The measure's position in the score.
    pub bar: usize,
    /// The chord within it.
    pub chord: usize,
}

/// The whole score, prepared.
pub(super) struct Prepared {
    pub bars: Vec<Bar>,
    pub ties: Vec<Tie>,
    pub spans: Vec<Stretch>,
}

/// Finds measures and events by their identifiers.
pub(super) struct Directory {
    measures: Vec<(MeasureId, usize)>,
    events: Vec<(EventId, Place)>,
}

impl Directory {
    fn of_measures(score: &Score) -> Self {
        let mut measures: Vec<_> = score.measure_order().iter().enumerate().map(|(at, id)| (*id, at)).collect();
        measures.sort_unstable();
        Self { measures, events: Vec::new() }
    }

    fn index_events(&mut self, bars: &[Bar]) {
        let places =
            bars.iter().enumerate().flat_map(|(bar, b)| b.chords.iter().enumerate().map(move |(chord, c)| (c.id, Place { bar, chord })));
        self.events = places.collect();
        self.events.sort_unstable();
    }

    /// The position of a measure.
    pub(super) fn measure(&self, id: MeasureId) -> Option<usize> {
        let at = self.measures.binary_search_by_key(&id, |row| row.0).ok()?;
        Some(self.measures[at].1)
    }

    /// The place of an event that is shown.
    pub(super) fn event(&self, id: EventId) -> Option<Place> {
        let at = self.events.binary_search_by_key(&id, |row| row.0).ok()?;
        Some(self.events[at].1)
    }
}

/// Prepares every measure and finds both ends of what stretches over several.
pub(super) fn prepare(score: &Score, cast: &Cast) -> Prepared {
    let mut directory = Directory::of_measures(score);
    let shifts = spans::octave_shifts(score, cast, &directory);
    let mut context = Context {
        staves: vec![StaffState { clef: Clef::TREBLE, key: Key::fifths(0), lines: 5 }; cast.staves.len()],
        time: TimeSignature::new(4, 4),
    };
    let lengths = score.measure_lengths();
    let mut bars = Vec::with_capacity(lengths.len());
    for (at, (id, measure)) in score.measures().enumerate() {
        let length = lengths.get(at).copied().unwrap_or_default();
        bars.push(bar::prepare(score, cast, at, (id, measure, length), &shifts, &mut context));
    }
    directory.index_events(&bars);
    let spans = spans::stretches(score, cast, &directory, &bars);
    let ties = spans::ties(&bars);
    Prepared { bars, ties, spans }
}
