//! Columns: the moments of a measure, shared by all its staves, with the grace notes and clefs that stand before them.

use super::prepare::{Bar, Chord};
use super::shapes::Extent;
use crate::model::Beat;

/// What a column holds, in the order in which columns of one moment stand.
const CLEF: i32 = -4_000_000;
const KEY: i32 = -3_000_000;
const NOTES: i32 = 0;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Column {
    pub beat: Beat,
    rank: i32,
}

impl Column {
    /// Whether it holds what takes time, so that time passes until the next one.
    pub(super) fn is_moment(&self) -> bool {
        self.rank == NOTES
    }

    /// Whether it holds a clef.
    pub(super) fn is_clef(&self) -> bool {
        self.rank == CLEF
    }

    /// Whether it holds a key signature.
    pub(super) fn is_key(&self) -> bool {
        self.rank == KEY
    }
}

/// The columns of a measure and how far each staff reaches in each.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub columns: Vec<Column>,
    pub staves: usize,
    pub extents: Vec<Extent>,
}

impl Columns {
    /// How far a staff reaches in a column.
    pub(super) fn extent(&self, column: usize, staff: usize) -> Extent {
        self.extents[column * self.staves + staff]
    }
}

fn rank(chord: &Chord) -> i32 {
    match chord.grace {
        None => NOTES,
        Some(grace) if grace.after => 1 + i32::from(grace.order),
        Some(grace) => i32::from(grace.order) - chord.graces.max(1),
    }
}

/// Finds the columns of a measure, tells each chord which one it is in, and lays out what stands in each.
pub(super) fn find(bar: &mut Bar, staves: usize) -> Columns {
    let mut columns: Vec<Column> = bar.chords.iter().map(|c| Column { beat: c.onset, rank: rank(c) }).collect();
    columns.extend(bar.clefs.iter().filter(|c| c.beat.is_positive()).map(|c| Column { beat: c.beat, rank: CLEF }));
    columns.extend(bar.keys.iter().filter(|c| c.beat.is_positive()).map(|c| Column { beat: c.beat, rank: KEY }));
    columns.sort_unstable();
    columns.dedup();
    for chord in &mut bar.chords {
        let own = Column { beat: chord.onset, rank: rank(chord) };
        chord.column = columns.binary_search(&own).unwrap_or(0);
    }
    let mut extents = super::shapes::lay_out(bar, columns.len(), staves);
    for (index, column) in columns.iter().enumerate() {
        let mut sign = |staff: usize, width: f32| extents[index * staves + staff].cover(0.0, width);
        if column.is_clef() {
            for clef in bar.clefs.iter().filter(|c| c.beat == column.beat) {
                sign(clef.staff, 2.1);
            }
        } else if column.is_key() {
            for key in bar.keys.iter().filter(|c| c.beat == column.beat) {
                let count = key.key.fifths.unsigned_abs().max(key.old.fifths.unsigned_abs()).min(7);
                sign(key.staff, f32::from(count) * 1.0 + 0.5);
            }
        }
    }
    Columns { columns, staves, extents }
}
