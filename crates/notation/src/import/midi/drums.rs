//! Where the drums of General MIDI stand on their staff. GM Level 1 Percussion Key Map (MMA RP-003), on the places of
//! Weinberg, "Standardized Drumset Notation" (Percussive Notes, 1994), read in treble clef.

use crate::model::{Notehead, StaffPosition, Step};

/// A drum: its key, its name, its place and its head.
struct Drum(u8, &'static str, Step, i8, Notehead);

const DRUMS: &[Drum] = &[
    Drum(35, "Acoustic Bass Drum", Step::E, 4, Notehead::Normal),
    Drum(36, "Bass Drum", Step::F, 4, Notehead::Normal),
    Drum(37, "Side Stick", Step::C, 5, Notehead::X),
    Drum(38, "Snare Drum", Step::C, 5, Notehead::Normal),
    Drum(39, "Hand Clap", Step::B, 4, Notehead::X),
    Drum(40, "Electric Snare", Step::C, 5, Notehead::Normal),
    Drum(41, "Low Floor Tom", Step::G, 4, Notehead::Normal),
    Drum(42, "Closed Hi-Hat", Step::G, 5, Notehead::X),
    Drum(43, "High Floor Tom", Step::A, 4, Notehead::Normal),
    Drum(44, "Pedal Hi-Hat", Step::D, 4, Notehead::X),
    Drum(45, "Low Tom", Step::B, 4, Notehead::Normal),
    Drum(46, "Open Hi-Hat", Step::G, 5, Notehead::CircleX),
    Drum(47, "Low-Mid Tom", Step::D, 5, Notehead::Normal),
    Drum(48, "Hi-Mid Tom", Step::E, 5, Notehead::Normal),
    Drum(49, "Crash Cymbal 1", Step::A, 5, Notehead::X),
    Drum(50, "High Tom", Step::F, 5, Notehead::Normal),
    Drum(51, "Ride Cymbal 1", Step::F, 5, Notehead::X),
    Drum(52, "Chinese Cymbal", Step::B, 5, Notehead::X),
    Drum(53, "Ride Bell", Step::F, 5, Notehead::Diamond),
    Drum(54, "Tambourine", Step::E, 5, Notehead::Triangle),
    Drum(55, "Splash Cymbal", Step::B, 5, Notehead::X),
    Drum(56, "Cowbell", Step::E, 5, Notehead::Triangle),
    Drum(57, "Crash Cymbal 2", Step::B, 5, Notehead::X),
    Drum(59, "Ride Cymbal 2", Step::F, 5, Notehead::X),
    Drum(69, "Cabasa", Step::D, 5, Notehead::X),
    Drum(70, "Maracas", Step::D, 5, Notehead::X),
    Drum(76, "High Wood Block", Step::E, 5, Notehead::Triangle),
    Drum(77, "Low Wood Block", Step::D, 5, Notehead::Triangle),
    Drum(80, "Mute Triangle", Step::A, 5, Notehead::Triangle),
    Drum(81, "Open Triangle", Step::A, 5, Notehead::Triangle),
];

/// Whether a foot plays it.
pub(super) const fn is_foot(key: u8) -> bool {
    matches!(key, 35 | 36 | 44)
}

/// The name, place and head of a key; what has no place of its own stands above the staff with its number.
pub(super) fn of(key: u8) -> (String, StaffPosition, Notehead) {
    match DRUMS.iter().find(|drum| drum.0 == key) {
        Some(Drum(_, name, step, octave, head)) => ((*name).to_owned(), StaffPosition { step: *step, octave: *octave }, *head),
        None => (format!("Percussion {key}"), StaffPosition { step: Step::C, octave: 6 }, Notehead::X),
    }
}
