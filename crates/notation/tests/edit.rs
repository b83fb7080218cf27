//! Edits: inverses, ties, spelling, selections.

use bandpro_notation::edit::{self, Change, Edit, EditError, Selection};
use bandpro_notation::model::*;
use proptest::prelude::*;

/// One part, one voice, quarter notes of these pitches, four a measure; “-” is a rest.
fn score(pitches: &str) -> (Score, Vec<EventId>) {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let part = ids.next();
    score.insert(part, Part { name: "Flute".into(), ..Part::default() }).unwrap();
    let mut events = Vec::new();
    for (count, name) in pitches.split(' ').enumerate() {
        if count % 4 == 0 {
            let number = (count / 4 + 1).to_string();
            score.push_measure(ids.next(), Measure { number, ..Measure::default() });
        }
        let time = EventTime {
            measure: *score.measure_order().last().unwrap(),
            onset: Beat::new(count as i64 % 4, 4),
            duration: Beat::QUARTER,
            value: Some(NoteValue::new(NoteBase::Quarter, 0)),
            ratio: (1, 1),
        };
        let event = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).unwrap();
        if name != "-" {
            let pitch = NotePitch::Pitched(name.parse().unwrap());
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
        }
        events.push(event);
    }
    (score, events)
}

fn pitches(score: &Score) -> String {
    let part = score.parts()[0].0;
    let events = score.measure_order().iter().flat_map(|measure| score.events_in(*measure, part)).map(|(id, _)| id);
    let name = |id| match &score.notes_of(id)[..] {
        [] => "-".to_owned(),
        notes => notes.iter().map(|(_, note)| note.pitch.pitch().unwrap().to_string()).collect::<Vec<_>>().join("+"),
    };
    events.map(name).collect::<Vec<_>>().join(" ")
}

fn note_at(score: &Score, event: EventId) -> Selection {
    Selection::Note(score.notes_of(event)[0].0)
}

#[test]
fn a_pitch_is_set_and_taken_back() {
    let (mut score, events) = score("C4 D4 E4 F4");
    let before = score.clone();
    let edit = edit::set_pitch(&score, note_at(&score, events[2]), "F#4".parse().unwrap()).unwrap();
    let undo = edit.apply(&mut score).unwrap();
    assert_eq!(pitches(&score), "C4 D4 F#4 F4");
    undo.apply(&mut score).unwrap();
    assert_eq!(score, before);
}

#[test]
fn semitones_are_spelled_by_direction_and_key() {
    let (mut score, events) = score("F4 B4 E4 C4");
    let moved = |score: &Score, event, by| {
        let mut copy = score.clone();
        edit::move_chromatic(score, note_at(score, event), by).unwrap().apply(&mut copy).unwrap();
        copy.notes_of(event)[0].1.pitch.pitch().unwrap().to_string()
    };
    assert_eq!(moved(&score, events[0], 1), "F#4");
    assert_eq!(moved(&score, events[1], -1), "Bb4");
    assert_eq!(moved(&score, events[1], 1), "C5");
    assert_eq!(moved(&score, events[3], -1), "B3");
    let at = Moment { measure: score.measure_order()[0], beat: Beat::ZERO };
    let part = score.parts()[0].0;
    score.insert(SignId::from_raw(9), Sign { part, at, kind: SignKind::Key(Key::fifths(-4)), ..Sign::default() }).unwrap();
    assert_eq!(moved(&score, events[3], 1), "Db4");
    assert_eq!(moved(&score, events[0], 0), "F4");
}

#[test]
fn a_tied_note_moves_with_its_tie_across_the_barline() {
    let (mut score, events) = score("C4 D4 E4 G4 G4 G4 - C4");
    let note = |score: &Score, at: usize| score.notes_of(events[at])[0].0;
    let tie = |at, field| Change::Set(note(&score, at).into(), Field::Note(field));
    let ties = Edit::new(vec![tie(3, NoteField::TieNext(true)), tie(4, NoteField::TiePrevious(true))]);
    ties.apply(&mut score).unwrap();
    edit::move_octave(&score, note_at(&score, events[4]), 1).unwrap().apply(&mut score).unwrap();
    assert_eq!(pitches(&score), "C4 D4 E4 G5 G5 G4 - C4");
    edit::delete(&score, note_at(&score, events[4])).unwrap().apply(&mut score).unwrap();
    assert_eq!(pitches(&score), "C4 D4 E4 G5 - G4 - C4");
    assert!(!score.note(note(&score, 3)).unwrap().tie_next, "no tie into a rest");
}

#[test]
fn a_selection_survives_the_deletion_of_its_note() {
    let (mut score, events) = score("C4 D4 E4 F4");
    let selection = note_at(&score, events[1]);
    let before = score.clone();
    edit::delete(&score, selection).unwrap().apply(&mut score).unwrap();
    assert_eq!(selection.map(&before, &score), Selection::Event(events[1]));
    assert_eq!(edit::step(&score, Selection::Event(events[1]), edit::Direction::Next), note_at(&score, events[2]));
    assert_eq!(edit::delete(&score, Selection::Event(events[1])), Err(EditError::NothingSelected));
}

#[test]
fn a_failing_edit_changes_nothing() {
    let (mut score, events) = score("C4 D4 E4 F4");
    let before = score.clone();
    let note = score.notes_of(events[0])[0].0;
    let edit = Edit::new(vec![Change::Remove(note.into()), Change::Remove(note.into())]);
    assert_eq!(edit.apply(&mut score), Err(EditError::NotThere(note.into())));
    assert_eq!(score, before);
}

#[test]
fn pitches_stay_within_what_can_be_written() {
    let (score, events) = score("C4 D4 E4 F4");
    assert_eq!(edit::move_octave(&score, note_at(&score, events[0]), 100), Err(EditError::OutOfRange));
}

proptest! {
    #[test]
    fn any_sequence_of_edits_can_be_taken_back(steps in prop::collection::vec((0usize..8, 0u8..6, -3i32..4), 1..40)) {
        let (mut score, events) = score("C4 D4 E4 F4 G4 A4 B4 C5");
        let start = score.clone();
        let mut undo = Vec::new();
        let mut ids = IdSource::fixed(99);
        for (at, command, by) in steps {
            let selection = Selection::Event(events[at]);
            let edit = match command {
                0 => edit::move_chromatic(&score, selection, by),
                1 => edit::move_diatonic(&score, selection, by),
                2 => edit::delete(&score, selection),
                3 => edit::add_note(&score, selection, ids.next(), Pitch::new(Step::from_index(by), 0, 4)),
                4 => edit::respell(&score, selection),
                _ => Ok(Edit::new(vec![Change::InsertMeasure { id: ids.next(), measure: Measure::default(), after: None }])),
            };
            let Ok(edit) = edit else { continue };
            undo.push(edit.apply(&mut score).unwrap());
        }
        for edit in undo.iter().rev() {
            edit.apply(&mut score).unwrap();
        }
        prop_assert_eq!(score, start);
    }

    #[test]
    fn every_stored_field_reads_back(raw in any::<u64>(), num in 0i64..1000, den in 1i64..1000) {
        let time = EventTime {
            measure: Id::from_raw(raw), onset: Beat::new(num, den), duration: Beat::new(1, den), value: None, ratio: (5, 4),
        };
        let event = Record::Event(Event { time, voice: 3, beams: Some(vec![BeamRole::Begin]), ..Event::default() });
        let mut read = RecordKind::Event.empty();
        for (key, value) in event.stored() {
            read.set(Field::from_stored(RecordKind::Event, key, &value).unwrap()).unwrap();
        }
        prop_assert_eq!(read, event);
    }
}
