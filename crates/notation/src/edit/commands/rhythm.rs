//! Note values: how long things last, and entering notes one after another. Measures stay full: what is freed becomes rests,
//! what a longer note covers goes, and what does not fit before a barline is tied over it.

use std::collections::BTreeSet;

use super::{selected_notes, tied_neighbour};
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{
    Beat, Event, EventField, EventId, EventTime, Field, IdSource, MeasureId, Note, NoteBase, NoteField, NoteId, NotePitch, NoteValue,
    PartId, Pitch, Record, RestDisplay, Score, TimeSignature,
};

/// More pieces than any real note or gap needs; reaching it means the measure's length is not a musical one.
const MOST_PIECES: usize = 512;

/// Writes the selected chord or rest as this value.
pub fn set_value(score: &Score, selection: Selection, ids: &mut IdSource, value: NoteValue) -> Result<Edit, EditError> {
    let id = selection.event(score).ok_or(EditError::NothingSelected)?;
    let event = score.event(id).ok_or(EditError::NothingSelected)?;
    if event.grace.is_some() {
        let time = EventTime { value: Some(value), ..event.time };
        return Ok(Edit::new(vec![Change::Set(id.into(), Field::Event(EventField::Time(time)))]));
    }
    if event.time.ratio != (1, 1) {
        return Err(EditError::NotApplicable(Obstacle::TupletKeepsValue));
    }
    let notes = score.notes_of(id).into_iter().map(|(_, note)| note.clone()).collect();
    let mut passage = Passage::of(score, id, event, notes);
    passage.untie_start(false);
    passage.write(ids, value.length())?;
    Ok(passage.finish())
}

/// Puts a dot behind the selected value, or takes its dots away.
pub fn toggle_dot(score: &Score, selection: Selection, ids: &mut IdSource) -> Result<Edit, EditError> {
    let value = written_value(score, selection)?;
    set_value(score, selection, ids, NoteValue { dots: u8::from(value.dots == 0), ..value })
}

/// Writes the selection as a value twice as long (`longer`) or half as long, with the same dots.
pub fn scale_value(score: &Score, selection: Selection, ids: &mut IdSource, longer: bool) -> Result<Edit, EditError> {
    let value = written_value(score, selection)?;
    let at = NoteBase::ALL.iter().position(|base| *base == value.base).unwrap_or_default();
    let to = if longer { at.checked_sub(1) } else { Some(at + 1) };
    let base = to.and_then(|to| NoteBase::ALL.get(to)).ok_or(EditError::NotApplicable(Obstacle::NoSuchValue))?;
    set_value(score, selection, ids, NoteValue { base: *base, ..value })
}

/// The value the selection is written as.
pub fn written_value(score: &Score, selection: Selection) -> Result<NoteValue, EditError> {
    let event = selection.event(score).and_then(|id| score.event(id)).ok_or(EditError::NothingSelected)?;
    let value = event.time.value.or_else(|| NoteValue::of_length(event.time.duration));
    value.ok_or(EditError::NotApplicable(Obstacle::MeasureRest))
}

/// What is entered at the selection: its content becomes one note of this pitch and value (a rest without a pitch). In a
/// tuplet the value that is there stays. Gives the last event that was written, to go on from.
pub fn enter(
    score: &Score,
    selection: Selection,
    ids: &mut IdSource,
    pitch: Option<Pitch>,
    value: NoteValue,
) -> Result<(Edit, EventId), EditError> {
    let id = selection.event(score).ok_or(EditError::NothingSelected)?;
    let event = score.event(id).ok_or(EditError::NothingSelected)?;
    let note = pitch.map(|pitch| Note { event: id, pitch: NotePitch::Pitched(pitch), ..Note::default() });
    let mut passage = Passage::of(score, id, event, note.iter().cloned().collect());
    passage.untie_start(true);
    let gone = score.notes_of(id).into_iter().map(|(note, _)| Change::Remove(note.into()));
    passage.changes.extend(gone);
    passage.removed_notes.extend(score.notes_of(id).into_iter().map(|(note, _)| note));
    passage.first_notes = note.map(|note| (ids.next(), note)).into_iter().collect();
    for (id, note) in &passage.first_notes {
        passage.changes.push(Change::Insert((*id).into(), Record::Note(note.clone())));
    }
    if event.grace.is_none() && event.time.ratio == (1, 1) {
        passage.write(ids, value.length())?;
    }
    let last = passage.last;
    Ok((passage.finish(), last))
}

/// Makes the selected chord (or the chord of the selected note) a rest of the same length.
pub fn make_rest(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    selected_notes(score, selection)?;
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    super::delete(score, Selection::Event(event))
}

/// The changes that rewrite one voice from one event on.
struct Passage<'a> {
    score: &'a Score,
    first: EventId,
    event: &'a Event,
    /// What every written piece sounds; empty for a rest.
    notes: Vec<Note>,
    /// The notes of the first piece once the changes are applied.
    first_notes: Vec<(NoteId, Note)>,
    changes: Vec<Change>,
    removed: BTreeSet<EventId>,
    removed_notes: BTreeSet<NoteId>,
    untied: Vec<(NoteId, bool)>,
    last: EventId,
}

impl<'a> Passage<'a> {
    fn of(score: &'a Score, first: EventId, event: &'a Event, notes: Vec<Note>) -> Self {
        let first_notes = score.notes_of(first).into_iter().map(|(id, note)| (id, note.clone())).collect();
        Self {
            score,
            first,
            event,
            notes,
            first_notes,
            changes: Vec::new(),
            removed: BTreeSet::new(),
            removed_notes: BTreeSet::new(),
            untied: Vec::new(),
            last: first,
        }
    }

    /// The tie out of the first event ends: its length changes. The one into it too, where its pitch goes.
    fn untie_start(&mut self, backwards: bool) {
        self.untie(self.first, true);
        if backwards {
            self.untie(self.first, false);
        }
    }

    fn untie(&mut self, event: EventId, forwards: bool) {
        for (id, _) in self.score.notes_of(event) {
            if let Some(other) = tied_neighbour(self.score, id, forwards) {
                self.untied.push((id, forwards));
                self.untied.push((other, !forwards));
            }
        }
    }

    /// Writes the passage's notes for this long from the first event on, tied where it takes more than one note.
    fn write(&mut self, ids: &mut IdSource, length: Beat) -> Result<(), EditError> {
        let lengths = self.score.measure_lengths();
        let order = self.score.measure_order();
        let start = self.score.measure_position(self.event.time.measure).ok_or(EditError::NothingSelected)?;
        let (mut left, mut from, mut position) = (length, self.event.time.onset, start);
        let mut pieces = Vec::new();
        while left.is_positive() {
            let (Some(measure), Some(whole)) = (order.get(position), lengths.get(position)) else {
                return Err(EditError::NotApplicable(Obstacle::EndOfMusic));
            };
            let taken = left.min(*whole - from);
            if !taken.is_positive() || pieces.len() > MOST_PIECES {
                return Err(EditError::NotApplicable(Obstacle::NoRoom));
            }
            let freed = self.clear(*measure, from, from + taken);
            let freed = if position == start { freed.max(self.event.time.end()) } else { freed };
            pieces.extend(split(from, taken)?.into_iter().map(|(onset, value)| (*measure, onset, value)));
            self.rest(ids, *measure, position, (from + taken, freed.min((*whole).max(from + taken))))?;
            self.forget_beams(*measure);
            (left, from, position) = (left - taken, Beat::ZERO, position + 1);
        }
        self.place(ids, &pieces);
        Ok(())
    }

    /// Takes out what the voice has between two moments, the first event excepted. Gives the end of what was taken out.
    fn clear(&mut self, measure: MeasureId, from: Beat, to: Beat) -> Beat {
        let mut freed = to;
        for (id, event) in self.score.events_in(measure, self.event.part) {
            let onset = event.time.onset;
            let inside = if event.grace.is_some() { onset > from && onset < to } else { onset >= from && onset < to };
            if event.voice != self.event.voice || id == self.first || !inside {
                continue;
            }
            freed = freed.max(event.time.end());
            self.untie(id, true);
            self.untie(id, false);
            self.removed.insert(id);
        }
        freed
    }

    /// Fills a gap with rests.
    fn rest(&mut self, ids: &mut IdSource, measure: MeasureId, position: usize, gap: (Beat, Beat)) -> Result<(), EditError> {
        let event = self.event;
        for (onset, value) in rests_between(gap.0, gap.1, &self.score.time_at(position))? {
            let time = EventTime { measure, onset, duration: value.length(), value: Some(value), ratio: (1, 1) };
            let rest = Event { part: event.part, staff: event.staff, voice: event.voice, time, ..Event::default() };
            self.changes.push(Change::Insert(ids.next::<Event>().into(), Record::Event(rest)));
        }
        Ok(())
    }

    fn forget_beams(&mut self, measure: MeasureId) {
        for (id, event) in self.score.events_in(measure, self.event.part) {
            if event.voice == self.event.voice && event.beams.is_some() && !self.removed.contains(&id) {
                self.changes.push(Change::Set(id.into(), Field::Event(EventField::Beams(None))));
            }
        }
    }

    fn place(&mut self, ids: &mut IdSource, pieces: &[(MeasureId, Beat, NoteValue)]) {
        for (at, (measure, onset, value)) in pieces.iter().enumerate() {
            let time = EventTime { measure: *measure, onset: *onset, duration: value.length(), value: Some(*value), ratio: (1, 1) };
            let more = at + 1 < pieces.len();
            if at == 0 {
                self.changes.push(Change::Set(self.first.into(), Field::Event(EventField::Time(time))));
                if self.event.rest.measure {
                    let display = RestDisplay { measure: false, ..self.event.rest };
                    self.changes.push(Change::Set(self.first.into(), Field::Event(EventField::Rest(display))));
                }
                continue;
            }
            let event: EventId = ids.next();
            let record = Event { time, beams: None, grace: None, rest: RestDisplay::default(), ..self.event.clone() };
            self.changes.push(Change::Insert(event.into(), Record::Event(record)));
            for note in &self.notes {
                let tied = Note { event, tie_previous: true, tie_next: more, accidental: None, ..note.clone() };
                self.changes.push(Change::Insert(ids.next::<Note>().into(), Record::Note(tied)));
            }
            self.last = event;
        }
        if pieces.len() > 1 {
            for (id, _) in &self.first_notes {
                self.untied.retain(|(other, forwards)| other != id || !forwards);
                self.changes.push(Change::Set((*id).into(), Field::Note(NoteField::TieNext(true))));
            }
        }
    }

    fn finish(self) -> Edit {
        let Self { score, changes, removed, removed_notes, untied, .. } = self;
        let there = |id: &NoteId| score.note(*id).is_some_and(|note| !removed.contains(&note.event) && !removed_notes.contains(id));
        let field = |forwards| if forwards { NoteField::TieNext(false) } else { NoteField::TiePrevious(false) };
        let untied =
            untied.into_iter().filter(|(id, _)| there(id)).map(|(id, forwards)| Change::Set(id.into(), Field::Note(field(forwards))));
        let gone = removed.iter().map(|id| Change::Remove((*id).into()));
        untied.chain(gone).chain(changes).collect()
    }
}

/// The values that one sound of this length is written as, longest first.
fn split(from: Beat, length: Beat) -> Result<Vec<(Beat, NoteValue)>, EditError> {
    let mut pieces = Vec::new();
    let (mut at, mut left) = (from, length);
    let values = || NoteBase::ALL.into_iter().flat_map(|base| [2, 1, 0].map(|dots| NoteValue::new(base, dots)));
    while left.is_positive() {
        let value = NoteValue::of_length(left).or_else(|| values().find(|value| value.length() <= left));
        let value = value.filter(|_| pieces.len() < MOST_PIECES).ok_or(EditError::NotApplicable(Obstacle::OddLength))?;
        pieces.push((at, value));
        (at, left) = (at + value.length(), left - value.length());
    }
    Ok(pieces)
}

/// The rests that fill a gap: each starts where its own length divides the measure (Gould, "Behind Bars", ch. 6 "Rests"), in
/// triple time none is longer than a beat, and in compound time a whole beat's rest is dotted.
fn rests_between(from: Beat, to: Beat, time: &TimeSignature) -> Result<Vec<(Beat, NoteValue)>, EditError> {
    let (beats, unit) = time.groups.first().map_or((4, 4), |(beats, unit)| (beats.iter().sum::<u16>(), (*unit).max(1)));
    let compound = unit >= 8 && beats > 3 && beats % 3 == 0;
    let longest = if beats == 3 { Beat::new(1, i64::from(unit)) } else { NoteBase::Breve.length() };
    let beat = Beat::new(3, i64::from(unit));
    let dotted = NoteValue::of_length(beat).filter(|_| compound);
    let plain = || NoteBase::ALL.into_iter().map(|base| NoteValue::new(base, 0)).filter(|value| value.length() <= longest);
    let mut rests = Vec::new();
    let mut at = from;
    while at < to {
        let place = if compound { at.modulo(beat) } else { at };
        let end = if compound { (to - at + place).min(beat) } else { to };
        let fits = |value: &NoteValue| place.modulo(value.length()).is_zero() && place + value.length() <= end;
        let value = dotted.filter(fits).or_else(|| plain().find(fits)).filter(|_| rests.len() < MOST_PIECES);
        let value = value.ok_or(EditError::NotApplicable(Obstacle::CutsTuplet))?;
        rests.push((at, value));
        at += value.length();
    }
    Ok(rests)
}

/// The events of one voice of a measure as they must be for it to be one rest: used for new measures.
pub(super) fn measure_rest(measure: MeasureId, part: PartId, staff: u8, voice: u8, length: Beat) -> Event {
    let time = EventTime { measure, onset: Beat::ZERO, duration: length, value: None, ratio: (1, 1) };
    Event { part, staff, voice, time, rest: RestDisplay { measure: true, position: None }, ..Event::default() }
}
