//! What a musician asks for, as edits.

mod chords;
mod entry;
mod header;
mod layout;
mod lyrics;
mod marks;
mod measures;
mod navigate;
mod pitch;
mod rhythm;
mod ties;

pub use chords::parse_chord_symbol;
pub use entry::{add_above, add_note, delete, enter_pitch};
pub use header::set_header;
pub use layout::{StylePreset, change_layout, set_break, set_layout, set_style};
pub use lyrics::set_lyric;
pub use marks::{
    DYNAMICS, has_mark, set_chord_symbol, set_dynamic, set_rehearsal, set_tempo, set_text, toggle_articulation, toggle_fermata, toggle_slur,
};
pub use measures::{
    append_measure, delete_measure, insert_measure, selected_key, set_clef, set_key, toggle_repeat_end, toggle_repeat_start,
};
pub use navigate::{Direction, edge, step, step_in_chord, step_measure, step_vertical};
pub use pitch::{alter, clef_at, key_at, move_chromatic, move_diatonic, move_octave, nearest, reference_pitch, respell, set_pitch};
pub use rhythm::{enter, make_rest, scale_value, set_value, toggle_dot, written_value};
pub use ties::{tie_chain, toggle_tie};

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
