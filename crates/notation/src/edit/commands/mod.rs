//! What a musician asks for, as edits.

mod entry;
mod navigate;
mod pitch;
mod ties;

pub use entry::{add_note, delete, enter_pitch};
pub use navigate::{Direction, step, step_in_chord, step_measure};
pub use pitch::{key_at, move_chromatic, move_diatonic, move_octave, respell, set_pitch};
pub use ties::tie_chain;

use ties::tied_neighbour;

use super::{EditError, Selection};
use crate::model::{Anchor, NoteId, Score};

fn selected_notes(score: &Score, selection: Selection) -> Result<Vec<NoteId>, EditError> {
    let notes = match selection {
        Selection::Note(note) if score.note(note).is_some() => vec![note],
        Selection::Event(event) => score.notes_of(event).into_iter().map(|(id, _)| id).collect(),
        _ => Vec::new(),
    };
    if notes.is_empty() { Err(EditError::NothingSelected) } else { Ok(notes) }
}

/// Holds on to an event, for marks that are put on what is selected.
pub fn anchor(score: &Score, selection: Selection) -> Option<Anchor> {
    selection.event(score).map(Anchor::Event)
}
