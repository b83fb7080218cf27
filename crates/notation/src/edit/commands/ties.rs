//! Ties: what is held together, and tying.

use super::selected_notes;
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{EventId, Field, Note, NoteField, NoteId, Score};

/// All notes of the tie that a note is part of, itself included, in order of time.
pub fn tie_chain(score: &Score, note: NoteId) -> Vec<NoteId> {
    let mut chain = vec![note];
    while let Some(next) = chain.last().and_then(|last| tied_neighbour(score, *last, true)) {
        if chain.contains(&next) {
            break;
        }
        chain.push(next);
    }
    while let Some(previous) = chain.first().and_then(|first| tied_neighbour(score, *first, false)) {
        if chain.contains(&previous) {
            break;
        }
        chain.insert(0, previous);
    }
    chain
}

pub(super) fn tied_neighbour(score: &Score, id: NoteId, forwards: bool) -> Option<NoteId> {
    let note = score.note(id)?;
    if !(if forwards { note.tie_next } else { note.tie_previous }) {
        return None;
    }
    let event = score.event(note.event)?;
    let position = score.measure_position(event.time.measure)?;
    let order = score.measure_order();
    let lengths = score.measure_lengths();
    // Where the neighbour must start (forwards) or end (backwards): in this measure or across the barline.
    let places = if forwards {
        let end = event.time.end();
        [Some((position, end)), (end >= lengths[position] && position + 1 < order.len()).then(|| (position + 1, end - lengths[position]))]
    } else {
        let start = event.time.onset;
        [Some((position, start)), position.checked_sub(1).filter(|_| start.is_zero()).map(|before| (before, lengths[before]))]
    };
    let matches = |other_id: EventId, onset, end, at| {
        let meets = if forwards { onset == at } else { end == at };
        if !meets || other_id == note.event {
            return None;
        }
        let notes = score.notes_of(other_id);
        let linked = |other: &Note| if forwards { other.tie_previous } else { other.tie_next };
        notes.into_iter().find(|(_, other)| other.pitch == note.pitch && linked(other)).map(|(id, _)| id)
    };
    places.into_iter().flatten().find_map(|(place, at)| {
        let events = score.events_in(order[place], event.part).filter(|(_, other)| other.grace.is_none());
        let mut found: Vec<_> = events
            .filter_map(|(id, other)| Some((other.voice != event.voice, matches(id, other.time.onset, other.time.end(), at)?)))
            .collect();
        found.sort();
        found.first().map(|(_, id)| *id)
    })
}

/// Ties the selected notes to the next ones of the same pitch in their voice, or takes their ties away.
pub fn toggle_tie(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    let notes = selected_notes(score, selection)?;
    let set = |id: NoteId, field| Change::Set(id.into(), Field::Note(field));
    let tied: Vec<_> = notes.iter().filter(|id| score.note(**id).is_some_and(|note| note.tie_next)).collect();
    if !tied.is_empty() {
        let undo = |id: &NoteId| {
            let other = tied_neighbour(score, *id, true).map(|other| set(other, NoteField::TiePrevious(false)));
            [Some(set(*id, NoteField::TieNext(false))), other].into_iter().flatten()
        };
        return Ok(tied.into_iter().flat_map(undo).collect());
    }
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    let next = super::step(score, Selection::Event(event), super::Direction::Next).event(score).filter(|next| *next != event);
    let following = next.map(|next| score.notes_of(next)).unwrap_or_default();
    let pairs = notes.into_iter().filter_map(|id| {
        let pitch = score.note(id)?.pitch;
        Some((id, following.iter().find(|(_, other)| other.pitch == pitch)?.0))
    });
    let edit: Edit = pairs.flat_map(|(id, other)| [set(id, NoteField::TieNext(true)), set(other, NoteField::TiePrevious(true))]).collect();
    if edit.is_empty() { Err(EditError::NotApplicable(Obstacle::NothingToTie)) } else { Ok(edit) }
}
