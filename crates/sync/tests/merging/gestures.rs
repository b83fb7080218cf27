//! What a person does at a score, chosen by numbers: the real editing commands, and raw edits of what has no command yet.

use bandpro_notation::edit::{self, Change, Edit, EditError, Selection};
use bandpro_notation::model::*;

/// Which gesture, where, with what.
pub type Choice = (u8, u16, u16);

fn pick<T>(all: impl IntoIterator<Item = T>, n: u16) -> Option<T> {
    let mut all: Vec<T> = all.into_iter().collect();
    if all.is_empty() { None } else { Some(all.swap_remove(usize::from(n) % all.len())) }
}

fn events(score: &Score) -> Vec<EventId> {
    let in_measure = |measure: &MeasureId| {
        score.parts().into_iter().flat_map(|(part, _)| score.events_in(*measure, part)).map(|(id, _)| id).collect::<Vec<_>>()
    };
    score.measure_order().iter().flat_map(in_measure).collect()
}

/// The edit of a gesture; nothing where the score has nothing for it or it does not apply there.
pub fn gesture(score: &Score, ids: &mut IdSource, (kind, a, b): Choice) -> Option<Edit> {
    let at = Selection::Event(pick(events(score), a)?).settle(score);
    let edit = match kind % 3 {
        0 => notes(score, ids, at, kind / 3, b),
        1 => marks(score, ids, at, kind / 3, b),
        _ => Ok(form(score, ids, at, kind / 3, (a, b))),
    };
    edit.ok().filter(|edit| !edit.is_empty())
}

fn notes(score: &Score, ids: &mut IdSource, at: Selection, kind: u8, b: u16) -> Result<Edit, EditError> {
    let pitch = Pitch::new(Step::from_index(i32::from(b)), i32::from(b % 3) - 1, 4);
    let value =
        NoteValue::new([NoteBase::Half, NoteBase::Quarter, NoteBase::Eighth, NoteBase::Whole][usize::from(b % 4)], (b / 4 % 2) as u8);
    match kind % 12 {
        0 | 1 => edit::set_pitch(score, at, pitch),
        2 => edit::enter(score, at, ids, Some(pitch), value).map(|(edit, _)| edit),
        3 => edit::set_value(score, at, ids, value),
        4 => edit::delete(score, at),
        5 => edit::add_above(score, at, ids.next(), i32::from(b % 7) + 1),
        6 => edit::toggle_tie(score, at),
        7 => edit::move_octave(score, at, if b.is_multiple_of(2) { 1 } else { -1 }),
        8 => edit::enter(score, at, ids, None, value).map(|(edit, _)| edit),
        9 => edit::move_diatonic(score, at, i32::from(b % 5) - 2),
        10 => edit::toggle_dot(score, at, ids),
        _ => transpose(score, at, i32::from(b % 5) - 2),
    }
}

/// Every note of four measures from the selected one on.
fn transpose(score: &Score, at: Selection, semitones: i32) -> Result<Edit, EditError> {
    let event = at.event(score).and_then(|id| score.event(id)).ok_or(EditError::NothingSelected)?;
    let from = score.measure_position(event.time.measure).unwrap_or_default();
    let events = score.measure_order().iter().skip(from).take(4).flat_map(|measure| score.events_in(*measure, event.part));
    let moved = events
        .filter(|(id, _)| !score.is_rest(*id))
        .filter_map(|(id, _)| edit::move_chromatic(score, Selection::Event(id), semitones).ok());
    let mut seen = std::collections::BTreeSet::new();
    let changes =
        moved.flat_map(|edit| edit.changes).filter(|change| !matches!(change, Change::Set(of, field) if !seen.insert((*of, field.key()))));
    Ok(changes.collect())
}

/// What is attached to the music at a place.
pub fn marks(score: &Score, ids: &mut IdSource, at: Selection, kind: u8, b: u16) -> Result<Edit, EditError> {
    let word = (!b.is_multiple_of(4)).then(|| format!("w{}", b % 8));
    match kind % 9 {
        0 => edit::toggle_articulation(score, at, ids, [Articulation::Staccato, Articulation::Accent][usize::from(b % 2)]),
        1 => edit::set_lyric(score, at, ids, 1 + (b % 2) as u8, word.as_deref()),
        2 => edit::toggle_slur(score, at, ids),
        3 => {
            edit::set_dynamic(score, at, ids, Some(edit::DYNAMICS[usize::from(b) % edit::DYNAMICS.len()]).filter(|_| !b.is_multiple_of(4)))
        }
        4 => edit::set_text(score, at, ids, word.as_deref()),
        5 => edit::set_rehearsal(score, at, ids, word.as_deref()),
        6 => edit::set_tempo(score, at, ids, (!b.is_multiple_of(4)).then_some(60 + u32::from(b % 60))),
        7 => edit::toggle_fermata(score, at, ids),
        _ => edit::set_chord_symbol(score, at, ids, edit::parse_chord_symbol(["C", "Am7", "F#/A#"][usize::from(b % 3)]).ok()),
    }
}

fn form(score: &Score, ids: &mut IdSource, at: Selection, kind: u8, (a, b): (u16, u16)) -> Edit {
    let measure = |n| pick(score.measure_order().iter().copied(), n);
    let set = |of: RecordRef, field: Field| Edit::new(vec![Change::Set(of, field)]);
    let edit = match kind % 14 {
        0 | 1 => edit::insert_measure(score, at, ids).ok(),
        2 => Some(edit::append_measure(score, ids)),
        3 => edit::delete_measure(score, at).ok(),
        4 => edit::set_key(score, at, ids, (b % 9) as i8 - 4).ok(),
        5 => edit::set_clef(score, at, ids, Clef { sign: ClefSign::F, line: 4, octave: 0 }).ok(),
        6 => edit::toggle_repeat_end(score, at).ok(),
        7 => Some(edit::set_header(HeaderField::Title(format!("Title {}", b % 5)))),
        8 => measure(a).map(|id| {
            let time = Some(TimeSignature::new([2, 3, 4, 6][usize::from(b % 4)], 4));
            set(id.into(), Field::Measure(MeasureField::Time(time)))
        }),
        9 => measure(a).zip(measure(b)).filter(|(id, after)| id != after).and_then(|(id, after)| {
            let measure = score.measure(id)?.clone();
            Some(Edit::new(vec![Change::RemoveMeasure(id), Change::InsertMeasure { id, measure, after: Some(after) }]))
        }),
        10 => pick(score.spans().keys().copied(), a).map(|id| Edit::new(vec![Change::Remove(id.into())])),
        11 => pick(score.spans().keys().copied(), a)
            .zip(pick(events(score), b))
            .map(|(id, event)| set(id.into(), Field::Span(SpanField::End(Anchor::Event(event))))),
        12 => pick(score.parts(), a).map(|(id, _)| match b % 4 {
            0 if score.parts().len() > 1 => Edit::new(vec![Change::Remove(id.into())]),
            1 => Edit::new(vec![Change::Insert(
                ids.next::<Part>().into(),
                Part { name: format!("Part {b}"), order: 9, ..Part::default() }.into(),
            )]),
            _ => set(id.into(), Field::Part(PartField::Name(format!("Name {}", b % 4)))),
        }),
        _ => pick(score.lyrics().keys().copied(), a).map(|id| match b % 2 {
            0 => Edit::new(vec![Change::Remove(id.into())]),
            _ => set(id.into(), Field::Lyric(LyricField::Extend(b % 4 == 1))),
        }),
    };
    edit.unwrap_or_default()
}
