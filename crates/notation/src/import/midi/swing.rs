//! Swing: eighths that are played long and short are written even, with a word that says so.

use super::grid::Grid;
use super::parts::Part;
use crate::model::Beat;

/// Fewer swung beats than this prove nothing.
const FEWEST: u32 = 16;

/// Whether the off-beats are swung; if so, they have been made even.
///
/// A beat with one note inside it, at two thirds, is swung. A piece with true triplets has notes at one third too.
pub(super) fn straighten(parts: &mut [Part], grid: &Grid) -> bool {
    let (mut swung, mut triplets, mut straight) = (0_u32, 0_u32, 0_u32);
    for part in parts.iter() {
        for note in &part.notes {
            match place(grid, note.start) {
                Some((2, 3)) => swung += 1,
                Some((_, 3 | 6)) => triplets += 1,
                Some((_, 2 | 4)) => straight += 1,
                _ => {}
            }
        }
    }
    let is_swing = swung >= FEWEST && triplets * 20 <= swung && straight * 4 <= swung;
    if is_swing {
        let even = |at: Beat| match place(grid, at) {
            Some((2, 3)) => at - Beat::new(1, 24),
            _ => at,
        };
        for note in parts.iter_mut().flat_map(|part| &mut part.notes) {
            note.start = even(note.start);
            note.end = even(note.end).max(note.start + Beat::new(1, 64));
        }
    }
    is_swing
}

/// Where in its beat a time is, as a reduced fraction; nothing outside quarter-note beats and on the beat itself.
fn place(grid: &Grid, at: Beat) -> Option<(i64, i64)> {
    let bar = grid.bars.get(grid.bar_at(at))?;
    let within = (at - bar.start).modulo(Beat::QUARTER);
    let divides = bar.beat() == Beat::QUARTER && within.is_positive();
    divides.then(|| within.ratio(Beat::QUARTER)).flatten()
}
