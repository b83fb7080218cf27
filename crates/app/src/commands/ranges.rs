//! What commands come to where a range is selected, and how it is.

use std::collections::BTreeSet;

use bandpro_notation::edit::{self, Direction, Edit, EditError, Selection};
use bandpro_notation::model::{NoteId, RecordRef, Score};

use super::Effect;
use super::perform::{Argument, Done, stay};
use crate::desk::Desk;

pub fn extend_next(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::step(score, desk.selection, Direction::Next)))
}

pub fn extend_previous(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::step(score, desk.selection, Direction::Previous)))
}

pub fn extend_next_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::step_measure(score, desk.selection, Direction::Next)))
}

pub fn extend_previous_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::step_measure(score, desk.selection, Direction::Previous)))
}

pub fn extend_first(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::edge(score, desk.selection, Direction::Previous)))
}

pub fn extend_last(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Extend(edit::edge(score, desk.selection, Direction::Next)))
}

/// Does something with each of these, one after the other, as one edit.
fn with_each(
    score: &Score,
    targets: impl IntoIterator<Item = Selection>,
    mut each: impl FnMut(&Score, Selection) -> Result<Option<Edit>, EditError>,
) -> Done {
    let (mut after, mut whole, mut any) = (score.clone(), Edit::default(), false);
    for target in targets {
        if let Some(edit) = each(&after, target)? {
            edit.apply(&mut after)?;
            whole = whole.then(edit);
            any = true;
        }
    }
    stay(if any { Ok(whole) } else { Err(EditError::NothingSelected) })
}

/// Changes the pitch of what is selected: of every note of a range, once each, even where tied notes change together.
pub fn pitches(desk: &Desk, score: &Score, change: impl Fn(&Score, Selection) -> Result<Edit, EditError>) -> Done {
    let range = desk.range(score);
    if range.is_empty() {
        return stay(change(score, desk.selection));
    }
    let notes = range.into_iter().flat_map(|event| score.notes_of(event)).map(|(note, _)| note);
    let mut changed: BTreeSet<NoteId> = BTreeSet::new();
    with_each(score, notes.map(Selection::Note), |score, selection| {
        if selection.note(score).is_none_or(|note| !changed.insert(note)) {
            return Ok(None);
        }
        let edit = change(score, selection)?;
        changed
            .extend(edit.changes.iter().filter_map(|change| if let RecordRef::Note(note) = change.target() { Some(note) } else { None }));
        Ok(Some(edit))
    })
}

/// Deletes what is selected; of a range it makes rests.
pub fn delete(desk: &Desk, score: &Score) -> Done {
    let range = desk.range(score);
    if range.is_empty() {
        return stay(edit::delete(score, desk.selection));
    }
    with_each(score, range.into_iter().map(Selection::Event), |score, selection| {
        let sounds = selection.event(score).is_some_and(|event| !score.is_rest(event));
        sounds.then(|| edit::delete(score, selection)).transpose()
    })
}
