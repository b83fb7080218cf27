//! Moving the selection.

use crate::edit::Selection;
use crate::model::{EventId, MeasureId, PartId, Score};

/// Which way a selection moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Direction {
    Next,
    Previous,
}

/// The next or previous event of the same voice and part, entered at its lowest note; rests are visited too. Without a
/// selection, the first event of the score.
pub fn step(score: &Score, selection: Selection, direction: Direction) -> Selection {
    let Some(id) = selection.event(score) else { return first_event(score) };
    let Some(event) = score.event(id) else { return Selection::Nothing };
    let line = line_of(score, event.part, event.voice);
    let Some(at) = line.iter().position(|other| *other == id) else { return selection };
    let next = match direction {
        Direction::Next => line.get(at + 1),
        Direction::Previous => at.checked_sub(1).and_then(|before| line.get(before)),
    };
    next.map_or(selection, |event| Selection::Event(*event).settle(score))
}

/// The first event of the next or previous measure in the selection's part, in its voice where the measure has it.
pub fn step_measure(score: &Score, selection: Selection, direction: Direction) -> Selection {
    let Some(event) = selection.event(score).and_then(|id| score.event(id)) else { return first_event(score) };
    let Some(at) = score.measure_position(event.time.measure) else { return selection };
    let to = match direction {
        Direction::Next => Some(at + 1),
        Direction::Previous => at.checked_sub(1),
    };
    let Some(measure) = to.and_then(|to| score.measure_order().get(to)) else { return selection };
    let first = score.events_in(*measure, event.part).min_by_key(|(_, other)| (other.voice != event.voice, other.time.onset));
    first.map_or(selection, |(id, _)| Selection::Event(id).settle(score))
}

/// The next higher or lower note of the same chord, or the selection itself at its edge.
pub fn step_in_chord(score: &Score, selection: Selection, direction: Direction) -> Selection {
    let (Some(note), Some(event)) = (selection.note(score), selection.event(score)) else { return selection };
    let notes = score.notes_of(event);
    let Some(at) = notes.iter().position(|(id, _)| *id == note) else { return selection };
    let to = match direction {
        Direction::Next => Some(at + 1),
        Direction::Previous => at.checked_sub(1),
    };
    to.and_then(|to| notes.get(to)).map_or(selection, |(id, _)| Selection::Note(*id))
}

fn first_event(score: &Score) -> Selection {
    let parts = score.parts();
    let places = score.measure_order().iter().flat_map(|measure| parts.iter().map(move |(part, _)| (*measure, *part)));
    let first = places.into_iter().find_map(|(measure, part)| score.events_in(measure, part).next());
    first.map_or(Selection::Nothing, |(id, _)| Selection::Event(id).settle(score))
}

fn line_of(score: &Score, part: PartId, voice: u8) -> Vec<EventId> {
    let in_measure = |measure: &MeasureId| -> Vec<EventId> {
        score.events_in(*measure, part).filter(|(_, event)| event.voice == voice).map(|(id, _)| id).collect()
    };
    score.measure_order().iter().flat_map(in_measure).collect()
}

/// The first or the last event of the selection's voice and part.
pub fn edge(score: &Score, selection: Selection, direction: Direction) -> Selection {
    let Some(event) = selection.event(score).and_then(|id| score.event(id)) else { return first_event(score) };
    let line = line_of(score, event.part, event.voice);
    let end = if direction == Direction::Next { line.last() } else { line.first() };
    end.map_or(selection, |event| Selection::Event(*event).settle(score))
}

/// The next higher or lower note of the chord; beyond its edge, what sounds at the same time in the voice, staff or part above
/// (`Next`) or below (`Previous`).
pub fn step_vertical(score: &Score, selection: Selection, direction: Direction) -> Selection {
    let within = step_in_chord(score, selection, direction);
    if within != selection {
        return within;
    }
    let Some(id) = selection.event(score) else { return first_event(score) };
    let Some(event) = score.event(id) else { return selection };
    let onset = event.time.onset;
    let mut column = Vec::new();
    for (place, (part, _)) in score.parts().into_iter().enumerate() {
        for (other, there) in score.events_in(event.time.measure, part) {
            let sounds = there.time.onset <= onset && onset < there.time.end();
            if other == id || (sounds && there.grace.is_none()) {
                column.push(((place, there.staff, there.voice), other));
            }
        }
    }
    column.sort();
    let Some(at) = column.iter().position(|(_, other)| *other == id) else { return selection };
    let to = if direction == Direction::Next { at.checked_sub(1) } else { Some(at + 1) };
    let Some((_, other)) = to.and_then(|to| column.get(to)) else { return selection };
    let notes = score.notes_of(*other);
    let nearest = if direction == Direction::Next { notes.first() } else { notes.last() };
    nearest.map_or(Selection::Event(*other), |(note, _)| Selection::Note(*note))
}
