//! Putting notes in and taking them out.

use super::{selected_notes, set_pitch, tied_neighbour};
use crate::edit::{Change, Edit, EditError, Selection};
use crate::model::{EventField, Field, Note, NoteField, NoteId, NotePitch, Pitch, Record, RestDisplay, Score};

/// Deletes the selected note, or all notes of the selected chord; what is left of a chord without notes is a rest.
pub fn delete(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    let notes = selected_notes(score, selection)?;
    let event_id = selection.event(score).ok_or(EditError::NothingSelected)?;
    let mut changes = Vec::new();
    for note in &notes {
        for (id, forwards) in [(tied_neighbour(score, *note, true), true), (tied_neighbour(score, *note, false), false)] {
            if let Some(id) = id {
                let field = if forwards { NoteField::TiePrevious(false) } else { NoteField::TieNext(false) };
                changes.push(Change::Set(id.into(), Field::Note(field)));
            }
        }
        changes.push(Change::Remove((*note).into()));
    }
    let event = score.event(event_id).ok_or(EditError::NotThere(event_id.into()))?;
    if score.notes_of(event_id).len() == notes.len() {
        if event.grace.is_some() {
            changes.push(Change::Remove(event_id.into()));
        } else if event.rest != RestDisplay::default() {
            changes.push(Change::Set(event_id.into(), Field::Event(EventField::Rest(RestDisplay::default()))));
        }
    }
    Ok(Edit::new(changes))
}

/// Adds a note of this pitch to the selected chord, or turns the selected rest into it.
pub fn add_note(score: &Score, selection: Selection, id: NoteId, pitch: Pitch) -> Result<Edit, EditError> {
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    if score.notes_of(event).iter().any(|(_, note)| note.pitch == NotePitch::Pitched(pitch)) {
        return Err(EditError::NotApplicable("the chord has this note already"));
    }
    let note = Note { event, pitch: NotePitch::Pitched(pitch), ..Note::default() };
    Ok(Edit::new(vec![Change::Insert(id.into(), Record::Note(note))]))
}

/// Sets the pitch of a note or, where the selection is a rest, puts a note there.
pub fn enter_pitch(score: &Score, selection: Selection, id: NoteId, pitch: Pitch) -> Result<Edit, EditError> {
    match selection {
        Selection::Event(event) if score.is_rest(event) => add_note(score, selection, id, pitch),
        _ => set_pitch(score, selection, pitch),
    }
}

