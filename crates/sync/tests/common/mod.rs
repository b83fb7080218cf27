//! Scores and edits for the tests.
#![allow(dead_code, missing_docs)]

pub mod replica;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::*;

/// One part of quarter notes, four a measure.
pub fn score(measures: usize) -> Score {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let header = Header { title: "Test".into(), composer: "Nobody".into(), ..Header::default() };
    score.insert(HEADER, header).unwrap();
    let part = ids.next();
    score.insert(part, Part { name: "Flute".into(), ..Part::default() }).unwrap();
    for number in 1..=measures {
        let measure = ids.next();
        score.push_measure(measure, Measure { number: number.to_string(), ..Measure::default() });
        for quarter in 0..4 {
            let step = Step::from_index((number * 4 + quarter) as i32);
            add_note(&mut score, &mut ids, part, measure, quarter as i64, Pitch::new(step, 0, 4));
        }
    }
    score
}

fn add_note(score: &mut Score, ids: &mut IdSource, part: PartId, measure: MeasureId, quarter: i64, pitch: Pitch) {
    let event = ids.next();
    score.insert(event, Event { part, time: time(measure, quarter), ..Event::default() }).unwrap();
    score.insert(ids.next::<Note>(), Note { event, pitch: NotePitch::Pitched(pitch), ..Note::default() }).unwrap();
}

pub fn time(measure: MeasureId, quarter: i64) -> EventTime {
    let value = Some(NoteValue::new(NoteBase::Quarter, 0));
    EventTime { measure, onset: Beat::new(quarter, 4), duration: Beat::QUARTER, value, ratio: (1, 1) }
}

/// Sets the pitch of the n-th note by identifier.
pub fn set_pitch(score: &Score, note: usize, midi: u8) -> Edit {
    let id = *score.notes().keys().nth(note % score.notes().len()).unwrap();
    set_pitch_of(id, midi)
}

pub fn set_pitch_of(id: NoteId, midi: u8) -> Edit {
    let pitch = Pitch::new(Step::from_index(i32::from(midi)), (midi % 3) as i32 - 1, (midi / 12) as i8);
    Edit::new(vec![Change::Set(id.into(), Field::Note(NoteField::Pitch(NotePitch::Pitched(pitch))))])
}

pub fn set_title(title: &str) -> Edit {
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title(title.into())))])
}

fn pick<T: Copy>(mut all: impl ExactSizeIterator<Item = T>, n: u16) -> Option<T> {
    let length = all.len();
    if length == 0 { None } else { all.nth(usize::from(n) % length) }
}

/// An edit of a kind that a person makes, chosen by numbers; nothing where the score has nothing for it.
pub fn some_edit(score: &Score, ids: &mut IdSource, (kind, a, b): (u8, u16, u16)) -> Option<Edit> {
    let note = |n| pick(score.notes().keys().copied(), n);
    let event = |n| pick(score.events().keys().copied(), n);
    let measure = |n| pick(score.measure_order().iter().copied(), n);
    let edit = match kind % 12 {
        0..=2 => set_pitch_of(note(a)?, (b % 100) as u8),
        3 => Edit::new(vec![Change::Remove(note(a)?.into())]),
        4 => {
            let part = score.parts().first()?.0;
            let id = ids.next();
            let event = Event { part, time: time(measure(a)?, i64::from(b % 4)), ..Event::default() };
            let sounding = Note { event: id, pitch: NotePitch::Pitched(Pitch::new(Step::G, 0, 4)), ..Note::default() };
            Edit::new(vec![Change::Insert(id.into(), event.into()), Change::Insert(ids.next::<Note>().into(), sounding.into())])
        }
        5 => {
            let id = event(a)?;
            let mut changes: Vec<Change> = score.notes_of(id).into_iter().map(|(note, _)| Change::Remove(note.into())).collect();
            changes.push(Change::Remove(id.into()));
            Edit::new(changes)
        }
        6 => Edit::new(vec![Change::Set(event(a)?.into(), Field::Event(EventField::Time(time(measure(b)?, i64::from(b % 4)))))]),
        7 => {
            let after = if b % 5 == 0 { None } else { measure(a) };
            let new = Measure { number: format!("new {a}"), ..Measure::default() };
            Edit::new(vec![Change::InsertMeasure { id: ids.next(), measure: new, after }])
        }
        8 => Edit::new(vec![Change::RemoveMeasure(measure(a)?)]),
        9 => move_measure(score, measure(a)?, measure(b)?)?,
        10 => Edit::new(vec![Change::Set(measure(a)?.into(), Field::Measure(MeasureField::Number(b.to_string())))]),
        _ => set_title(&format!("Title {b}")),
    };
    Some(edit)
}

fn move_measure(score: &Score, id: MeasureId, after: MeasureId) -> Option<Edit> {
    if id == after {
        return None;
    }
    let measure = score.measure(id)?.clone();
    Some(Edit::new(vec![Change::RemoveMeasure(id), Change::InsertMeasure { id, measure, after: Some(after) }]))
}
