//! What a musician asks for, as edits.

use super::{Change, Edit, EditError, Selection};
use crate::model::{
    Alter, Anchor, EventField, EventId, Field, Key, MeasureId, Note, NoteField, NoteId, NotePitch, PartId, Pitch, Record, RestDisplay,
    Score, SignKind, Step,
};

/// The key signature in force for an event: of its staff if that has one of its own, else of its part; none without one.
pub fn key_at(score: &Score, event: EventId) -> Key {
    let Some(event) = score.event(event) else { return Key::default() };
    let Some(position) = score.measure_position(event.time.measure) else { return Key::default() };
    let applies = |staff: Option<u8>| staff.is_none_or(|staff| staff == event.staff);
    for measure in score.measure_order()[..=position].iter().rev() {
        let here = *measure == event.time.measure;
        let signs = score.signs_in(*measure);
        let keys = signs.iter().rev().filter(|(_, sign)| sign.part == event.part && applies(sign.staff));
        let in_time = keys.filter(|(_, sign)| !here || sign.at.beat <= event.time.onset);
        for (_, sign) in in_time {
            if let SignKind::Key(key) = &sign.kind {
                return key.clone();
            }
        }
    }
    Key::default()
}

/// The pitch that a chromatic step leads to: a step of the key where it is one, else sharpened on the way up and flattened on
/// the way down.
fn spelled(key: i32, signature: &Key, upwards: bool) -> Option<Pitch> {
    let candidates = Step::ALL.into_iter().flat_map(|step| [-1, 0, 1].map(|alter| (step, alter)));
    let spellings = candidates.filter_map(|(step, alter)| {
        let from_c = key - step.semitones() - alter;
        (from_c.rem_euclid(12) == 0).then(|| Pitch::new(step, alter, (from_c.div_euclid(12) - 1) as i8))
    });
    spellings.min_by_key(|pitch| {
        let diatonic = signature.alter(pitch.step) == pitch.alter;
        let alter = pitch.alter.whole().unwrap_or(0);
        let against = if upwards { alter < 0 } else { alter > 0 };
        (!diatonic, alter.abs(), against, pitch.step.index())
    })
}

fn selected_notes(score: &Score, selection: Selection) -> Result<Vec<NoteId>, EditError> {
    let notes = match selection {
        Selection::Note(note) if score.note(note).is_some() => vec![note],
        Selection::Event(event) => score.notes_of(event).into_iter().map(|(id, _)| id).collect(),
        _ => Vec::new(),
    };
    if notes.is_empty() { Err(EditError::NothingSelected) } else { Ok(notes) }
}

/// Gives the notes that `note` is tied to the same new pitch, so that a held sound stays one sound.
fn set_pitch_through_ties(score: &Score, note: NoteId, pitch: Pitch) -> Edit {
    let set = |note: NoteId| {
        let mut changes = vec![Change::Set(note.into(), Field::Note(NoteField::Pitch(NotePitch::Pitched(pitch))))];
        if score.note(note).is_some_and(|note| note.accidental.is_some()) {
            changes.push(Change::Set(note.into(), Field::Note(NoteField::Accidental(None))));
        }
        changes
    };
    tie_chain(score, note).into_iter().flat_map(set).collect()
}

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

fn tied_neighbour(score: &Score, id: NoteId, forwards: bool) -> Option<NoteId> {
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

/// Gives the selected note (the lowest of a selected chord) this pitch, and the notes it is tied to with it.
pub fn set_pitch(score: &Score, selection: Selection, pitch: Pitch) -> Result<Edit, EditError> {
    let note = *selected_notes(score, selection)?.first().ok_or(EditError::NothingSelected)?;
    Ok(set_pitch_through_ties(score, note, pitch))
}

fn change_pitches(score: &Score, selection: Selection, to: impl Fn(Pitch, &Key) -> Option<Pitch>) -> Result<Edit, EditError> {
    let mut edit = Edit::default();
    for id in selected_notes(score, selection)? {
        let note = score.note(id).ok_or(EditError::NotThere(id.into()))?;
        let pitch = note.pitch.pitch().ok_or(EditError::NotApplicable("a note without pitch cannot be moved by pitch"))?;
        let moved = to(pitch, &key_at(score, note.event)).filter(|p| (-1..=11).contains(&p.octave)).ok_or(EditError::OutOfRange)?;
        edit = edit.then(set_pitch_through_ties(score, id, moved));
    }
    Ok(edit)
}

/// Moves the selection by semitones, spelled by the key.
pub fn move_chromatic(score: &Score, selection: Selection, semitones: i32) -> Result<Edit, EditError> {
    change_pitches(score, selection, |pitch, key| spelled(pitch.midi_key().checked_add(semitones)?, key, semitones > 0))
}

/// Moves the selection by steps of the key.
pub fn move_diatonic(score: &Score, selection: Selection, steps: i32) -> Result<Edit, EditError> {
    change_pitches(score, selection, |pitch, key| {
        let diatonic = pitch.diatonic().checked_add(steps)?;
        let step = Step::from_index(diatonic);
        Some(Pitch { step, alter: key.alter(step), octave: i8::try_from(diatonic.div_euclid(7)).ok()? })
    })
}

/// Moves the selection by octaves.
pub fn move_octave(score: &Score, selection: Selection, octaves: i8) -> Result<Edit, EditError> {
    change_pitches(score, selection, |pitch, _| Some(Pitch { octave: pitch.octave.checked_add(octaves)?, ..pitch }))
}

/// Spells the selection otherwise: the same sound from the step above, else from the step below.
pub fn respell(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    change_pitches(score, selection, |pitch, _| {
        let key = pitch.midi_key();
        let spelling = |diatonic: i32| {
            let step = Step::from_index(diatonic);
            let octave = diatonic.div_euclid(7);
            let alter = key - ((octave + 1) * 12 + step.semitones());
            (alter.abs() <= 2).then(|| Some(Pitch { step, alter: Alter::semitones(alter), octave: i8::try_from(octave).ok()? }))?
        };
        let (above, below) = (spelling(pitch.diatonic() + 1), spelling(pitch.diatonic() - 1));
        let simpler = |p: &Pitch| p.alter.whole().unwrap_or(9).abs();
        [above, below].into_iter().flatten().min_by_key(simpler)
    })
}

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

/// Holds on to an event, for marks that are put on what is selected.
pub fn anchor(score: &Score, selection: Selection) -> Option<Anchor> {
    selection.event(score).map(Anchor::Event)
}
