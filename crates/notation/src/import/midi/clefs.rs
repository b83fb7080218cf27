//! The clef that a staff is best read in.

use super::parts::Part;
use crate::model::Clef;

/// The clef of a staff: the usual one of an instrument that has one, else the one that keeps most notes near the staff.
pub(super) fn of(part: &Part, staff: u8) -> Clef {
    if part.is_drums() {
        return Clef::PERCUSSION;
    }
    let mut keys: Vec<u8> = part.notes.iter().filter(|note| note.staff == staff).map(|note| note.played.key).collect();
    keys.sort_unstable();
    let middle = keys.get(keys.len() / 2).copied();
    match part.program {
        _ if part.staves > 1 => match middle {
            Some(key) if (staff == 1 && key < 52) || (staff > 1 && key <= 62) => Clef::BASS,
            None if staff > 1 => Clef::BASS,
            _ => Clef::TREBLE,
        },
        Some(41) => Clef::ALTO,
        Some(24..=31) => Clef { octave: -1, ..Clef::TREBLE },
        Some(32..=39 | 43) => Clef { octave: -1, ..Clef::BASS },
        _ if middle.is_some_and(|key| key < 57) => Clef::BASS,
        _ => Clef::TREBLE,
    }
}
