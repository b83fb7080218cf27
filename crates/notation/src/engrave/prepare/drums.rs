//! Where the drums of a kit stand on their staff (N. Weinberg, "Guidelines for Drumset Notation", 1994; the keys are those of
//! General MIDI 1, "Percussion Key Map").

use crate::model::Notehead;

/// The place of a drum in steps above the bottom line, and the shape of its head; nothing for a key that no kit has.
pub(super) fn place(key: u8) -> Option<(i32, Notehead)> {
    use Notehead::{CircleX, Normal, Triangle, X};
    Some(match key {
        35 | 36 => (1, Normal),
        37 => (5, X),
        38 | 40 => (5, Normal),
        39 => (5, Notehead::Slash),
        41 => (2, Normal),
        43 => (3, Normal),
        42 => (9, X),
        44 => (-1, X),
        45 => (4, Normal),
        46 => (9, CircleX),
        47 => (6, Normal),
        48 => (7, Normal),
        50 => (8, Normal),
        49 | 57 => (10, X),
        51 | 59 => (8, X),
        52 => (11, X),
        53 => (8, Notehead::Diamond),
        55 => (11, X),
        54 => (7, Triangle),
        56 => (6, Triangle),
        _ => return None,
    })
}
