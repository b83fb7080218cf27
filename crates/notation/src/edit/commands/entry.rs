//! Putting notes in and taking them out.

use super::{key_at, selected_notes, set_pitch, tied_neighbour};
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{EventField, EventTime, Field, Note, NoteField, NoteId, NotePitch, NoteValue, Pitch, Record, RestDisplay, Score, Step};

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
        return Err(EditError::NotApplicable(Obstacle::NoteThereAlready));
    }
    let note = Note { event, pitch: NotePitch::Pitched(pitch), ..Note::default() };
    let mut changes = vec![Change::Insert(id.into(), Record::Note(note))];
    if let Some(rest) = score.event(event).filter(|rest| rest.time.value.is_none() && score.is_rest(event)) {
        // A rest for the whole measure becomes a note of the value that fills it.
        let value = NoteValue::of_length(rest.time.duration);
        let value = value.ok_or(EditError::NotApplicable(Obstacle::MeasureTooOdd))?;
        let time = EventTime { value: Some(value), ..rest.time };
        changes.push(Change::Set(event.into(), Field::Event(EventField::Time(time))));
        changes.push(Change::Set(event.into(), Field::Event(EventField::Rest(RestDisplay::default()))));
    }
    Ok(Edit::new(changes))
}

/// Sets the pitch of a note or, where the selection is a rest, puts a note there.
pub fn enter_pitch(score: &Score, selection: Selection, id: NoteId, pitch: Pitch) -> Result<Edit, EditError> {
    match selection {
        Selection::Event(event) if score.is_rest(event) => add_note(score, selection, id, pitch),
        _ => set_pitch(score, selection, pitch),
    }
}

/// Adds a note to the selected chord, this many diatonic steps above its highest note (2 for a third).
pub fn add_above(score: &Score, selection: Selection, id: NoteId, steps: i32) -> Result<Edit, EditError> {
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    let notes = score.notes_of(event);
    let top = notes.last().and_then(|(_, note)| note.pitch.pitch()).ok_or(EditError::NothingSelected)?;
    let diatonic = top.diatonic() + steps;
    let step = Step::from_index(diatonic);
    let octave = i8::try_from(diatonic.div_euclid(7)).ok().filter(|octave| (-1..=11).contains(octave)).ok_or(EditError::OutOfRange)?;
    let alter = if steps % 7 == 0 { top.alter } else { key_at(score, event).alter(step) };
    add_note(score, selection, id, Pitch { step, alter, octave })
}
