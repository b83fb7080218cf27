//! Standard MIDI Files (MMA RP-001), types 0 and 1, read as notation.
//!
//! A MIDI file says which key went down when; what a reader of notes wants beyond that has to be found: the note values, the
//! voices, the hands, the spelling. Each is a stage of its own, in the order of this file. A file that a program wrote has
//! its notes exactly on the grid, and gets back exactly what was written; one that was played gets the simplest reading
//! that is near what was played. What was guessed is said in the report.

mod clefs;
mod drums;
mod file;
mod grid;
mod hands;
mod key;
mod names;
mod notate;
mod parts;
mod quantise;
mod spelling;
mod swing;
mod voices;
mod write;

use super::report::Report;
use super::{Bound, ImportError, Imported, Limits};
use crate::model::IdSource;

/// Whether bytes are a Standard MIDI File, bare or in a RIFF envelope.
pub(super) fn is_midi(bytes: &[u8]) -> bool {
    bytes.starts_with(b"MThd") || bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"RMID")
}

/// Reads a file.
pub(super) fn read(bytes: &[u8], limits: &Limits, ids: &mut IdSource) -> Result<Imported, ImportError> {
    let mut report = Report::default();
    let file = file::read(bytes, limits, &mut report)?;
    let grid = grid::Grid::of(&file, limits)?;
    let mut parts = parts::of(&file, limits, &mut report)?;
    // Every part has at least a rest in every measure, however far apart a small file puts its notes.
    if parts.len().saturating_mul(grid.bars.len()) > limits.notes {
        return Err(ImportError::TooLarge { bound: Bound::Notes, max: limits.notes as u64, place: None });
    }
    let timing = quantise::Timing::of(&parts, &grid);
    for part in &mut parts {
        quantise::part(part, &grid, &timing);
    }
    let swing = swing::straighten(&mut parts, &grid);
    let keys = key::of(&file, &parts, &grid, &mut report);
    for part in &mut parts {
        hands::divide(part);
        spelling::spell(part, &keys);
    }
    let score = write::score(&file, &grid, &keys, &parts, swing, ids, &mut report);
    Ok(Imported { score, report: report.into_lines(None) })
}
