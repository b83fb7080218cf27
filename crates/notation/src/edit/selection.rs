//! What the person is pointing at.

use crate::model::{EventId, MeasureId, NoteId, PartId, Score};

/// What is selected: one note of a chord, a whole chord or a rest, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// One note.
    Note(NoteId),
    /// A rest, or a chord as a whole.
    Event(EventId),
}

impl Selection {
    /// The selected event, or the one the selected note belongs to, if it is still there.
    pub fn event(self, score: &Score) -> Option<EventId> {
        match self {
            Self::Nothing => None,
            Self::Note(note) => score.note(note).map(|note| note.event),
            Self::Event(event) => score.event(event).map(|_| event),
        }
    }

    /// The selected note, if it is still there.
    pub fn note(self, score: &Score) -> Option<NoteId> {
        match self {
            Self::Note(note) => score.note(note).map(|_| note),
            Self::Nothing | Self::Event(_) => None,
        }
    }

    /// The selection carried over an edit: what is still there stays selected; where a note is gone, the event it was in
    /// (its lowest remaining note, or the rest that is left) takes over.
    #[must_use]
    pub fn map(self, before: &Score, after: &Score) -> Self {
        match self {
            Self::Note(note) if after.note(note).is_some() => self,
            Self::Note(note) => before.note(note).map_or(Self::Nothing, |note| Self::Event(note.event).settle(after)),
            Self::Event(_) => self.settle(after),
            Self::Nothing => Self::Nothing,
        }
    }

    /// An event with notes is entered at its lowest note.
    pub fn settle(self, score: &Score) -> Self {
        match self {
            Self::Event(event) if score.event(event).is_none() => Self::Nothing,
            Self::Event(event) => score.notes_of(event).first().map_or(self, |(note, _)| Self::Note(*note)),
            other => other,
        }
    }

    /// The `number`-th note (from 1) of a measure of a part (both from 1), counted as the listing of events prints them.
    pub fn nth_note(score: &Score, part: usize, measure: usize, number: usize) -> Option<Self> {
        let (part, _) = *score.parts().get(part.checked_sub(1)?)?;
        let measure = *score.measure_order().get(measure.checked_sub(1)?)?;
        let notes = notes_in_listing_order(score, measure, part);
        notes.get(number.checked_sub(1)?).map(|note| Self::Note(*note))
    }
}

/// The notes of one measure of one part by onset, staff, grace notes first, then the name of the pitch: the order in which
/// the listing of events prints them.
pub fn notes_in_listing_order(score: &Score, measure: MeasureId, part: PartId) -> Vec<NoteId> {
    let mut keyed: Vec<_> = score
        .events_in(measure, part)
        .flat_map(|(id, event)| score.notes_of(id).into_iter().map(move |(note_id, note)| (event, note_id, note)))
        .map(|(event, id, note)| {
            let name = note.pitch.pitch().map_or_else(String::new, |pitch| pitch.to_string());
            (event.time.onset, note.staff.unwrap_or(event.staff), event.grace.is_none(), name, event.time.duration, id)
        })
        .collect();
    keyed.sort();
    keyed.into_iter().map(|key| key.5).collect()
}
