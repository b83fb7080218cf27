//! Measures: putting in, appending, taking out; repeats, key and clef changes.

use super::rhythm::measure_rest;
use super::{key_at, tied_neighbour};
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{
    BarStyle, Beat, Clef, Event, Field, IdSource, Key, Measure, MeasureField, MeasureId, Moment, NoteField, PartId, Record, Score, Sign,
    SignField, SignKind,
};

fn selected_measure(score: &Score, selection: Selection) -> Result<usize, EditError> {
    let event = selection.event(score).and_then(|id| score.event(id)).ok_or(EditError::NothingSelected)?;
    score.measure_position(event.time.measure).ok_or(EditError::NothingSelected)
}

fn set(measure: MeasureId, field: MeasureField) -> Change {
    Change::Set(measure.into(), Field::Measure(field))
}

/// Puts an empty measure before the selected one.
pub fn insert_measure(score: &Score, selection: Selection, ids: &mut IdSource) -> Result<Edit, EditError> {
    Ok(empty_measure(score, ids, selected_measure(score, selection)?))
}

/// Puts an empty measure at the end.
pub fn append_measure(score: &Score, ids: &mut IdSource) -> Edit {
    empty_measure(score, ids, score.measure_order().len())
}

/// An empty measure at this place of the order; what belongs to the first place or the last moves over to it.
fn empty_measure(score: &Score, ids: &mut IdSource, at: usize) -> Edit {
    let order = score.measure_order();
    let id: MeasureId = ids.next();
    let before = at.checked_sub(1).and_then(|before| order.get(before)).copied();
    let length = score.time_at(if before.is_some() { at - 1 } else { at }).length().unwrap_or(Beat::WHOLE);
    let mut measure = Measure { number: next_number(score, at), ..Measure::default() };
    let mut changes = Vec::new();
    if let (None, Some(first)) = (before, order.first()) {
        changes.extend(move_start(score, *first, id, &mut measure));
    }
    if let (Some(last), true) = (before, at == order.len()) {
        let style = score.measure(last).map(|measure| measure.right_bar).unwrap_or_default();
        if style == BarStyle::LightHeavy {
            measure.right_bar = style;
            changes.push(set(last, MeasureField::RightBar(BarStyle::Auto)));
        }
    }
    changes.insert(0, Change::InsertMeasure { id, measure, after: before });
    for (part, record) in score.parts() {
        for staff in 1..=record.staves.max(1) {
            let voice = voice_of(score, part, staff, order, at);
            let rest = measure_rest(id, part, staff, voice, length);
            changes.push(Change::Insert(ids.next::<Event>().into(), Record::Event(rest)));
        }
    }
    changes.extend(renumber(score, at, 1));
    Edit::new(changes)
}

/// The voice that a staff is written in around this place: the lowest in the nearest measure before, else after.
fn voice_of(score: &Score, part: PartId, staff: u8, order: &[MeasureId], at: usize) -> u8 {
    let split = at.min(order.len());
    let near = order[..split].iter().rev().chain(&order[split..]);
    let lowest = |measure: &MeasureId| score.events_in(*measure, part).filter(|(_, e)| e.staff == staff).map(|(_, e)| e.voice).min();
    near.take(64).find_map(lowest).unwrap_or(1)
}

/// What stands at the start of the first measure (time, key, clefs, a repeat from the beginning excepted) goes to the one before it.
fn move_start(score: &Score, from: MeasureId, to: MeasureId, measure: &mut Measure) -> Vec<Change> {
    let mut changes = Vec::new();
    if let Some(time) = score.measure(from).and_then(|old| old.time.clone()) {
        measure.time = Some(time);
        changes.push(set(from, MeasureField::Time(None)));
    }
    for (id, sign) in score.signs_in(from) {
        if sign.at.beat.is_zero() {
            let at = Moment { measure: to, beat: Beat::ZERO };
            changes.push(Change::Set(id.into(), Field::Sign(SignField::At(at))));
        }
    }
    changes
}

fn number(score: &Score, measure: MeasureId) -> Option<i64> {
    score.measure(measure).filter(|measure| !measure.implicit)?.number.parse().ok()
}

/// The number of a measure put in at this place: that of the one which moves away, else one more than the last.
fn next_number(score: &Score, at: usize) -> String {
    let order = score.measure_order();
    let here = order.get(at..).unwrap_or_default().iter().find_map(|id| number(score, *id));
    let before = || order.get(..at).unwrap_or_default().iter().rev().find_map(|id| number(score, *id)).map(|n| n.saturating_add(1));
    here.or_else(before).unwrap_or(1).to_string()
}

fn renumber(score: &Score, from: usize, by: i64) -> Vec<Change> {
    let later = score.measure_order().get(from..).unwrap_or_default();
    let renamed = |id: &MeasureId| Some(set(*id, MeasureField::Number(number(score, *id)?.saturating_add(by).to_string())));
    later.iter().filter_map(renamed).collect()
}

/// Takes the selected measure out of all parts. Time signature, key and clefs at its start stay in force, and a final barline
/// stays at the end.
pub fn delete_measure(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    let at = selected_measure(score, selection)?;
    let order = score.measure_order();
    if order.len() < 2 {
        return Err(EditError::NotApplicable(Obstacle::LastMeasure));
    }
    let id = order[at];
    let mut changes = Vec::new();
    if let (Some(measure), Some(next)) = (score.measure(id), order.get(at + 1)) {
        let next_has_time = score.measure(*next).is_some_and(|next| next.time.is_some());
        if let (Some(time), false) = (&measure.time, next_has_time) {
            changes.push(set(*next, MeasureField::Time(Some(time.clone()))));
        }
        changes.extend(keep_signs(score, id, *next));
    } else if let (Some(measure), Some(previous)) = (score.measure(id), at.checked_sub(1).and_then(|before| order.get(before)))
        && measure.right_bar != BarStyle::Auto
    {
        changes.push(set(*previous, MeasureField::RightBar(measure.right_bar)));
    }
    changes.extend(untie_out_of(score, id));
    if number(score, id).is_some() {
        changes.extend(renumber(score, at + 1, -1));
    }
    changes.push(Change::RemoveMeasure(id));
    Ok(Edit::new(changes))
}

/// The signs of a measure that goes stay in force from the next one on, unless that has its own.
fn keep_signs(score: &Score, from: MeasureId, to: MeasureId) -> Vec<Change> {
    let kind = |sign: &Sign| (sign.part, sign.staff, std::mem::discriminant(&sign.kind));
    let own: Vec<_> = score.signs_in(to).into_iter().filter(|(_, sign)| sign.at.beat.is_zero()).map(|(_, sign)| kind(sign)).collect();
    let mut last = std::collections::HashMap::new();
    for (id, sign) in score.signs_in(from) {
        last.insert(kind(sign), id);
    }
    let kept = score.signs_in(from).into_iter().filter(|(id, sign)| last.get(&kind(sign)) == Some(id) && !own.contains(&kind(sign)));
    let at = Moment { measure: to, beat: Beat::ZERO };
    kept.map(|(id, _)| Change::Set(id.into(), Field::Sign(SignField::At(at)))).collect()
}

fn untie_out_of(score: &Score, measure: MeasureId) -> Vec<Change> {
    let outside = |id| score.note(id).and_then(|note| score.event(note.event)).is_some_and(|event| event.time.measure != measure);
    let mut changes = Vec::new();
    for (part, _) in score.parts() {
        for (event, _) in score.events_in(measure, part) {
            for (note, _) in score.notes_of(event) {
                let next = tied_neighbour(score, note, true).filter(|id| outside(*id));
                let previous = tied_neighbour(score, note, false).filter(|id| outside(*id));
                changes.extend(next.map(|id| Change::Set(id.into(), Field::Note(NoteField::TiePrevious(false)))));
                changes.extend(previous.map(|id| Change::Set(id.into(), Field::Note(NoteField::TieNext(false)))));
            }
        }
    }
    changes
}

/// Starts a repeat at the selected measure, or takes its start away.
pub fn toggle_repeat_start(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    let id = score.measure_order()[selected_measure(score, selection)?];
    let there = score.measure(id).is_some_and(|measure| measure.repeat_start);
    Ok(Edit::new(vec![set(id, MeasureField::RepeatStart(!there))]))
}

/// Ends a repeat (played twice) at the selected measure, or takes its end away.
pub fn toggle_repeat_end(score: &Score, selection: Selection) -> Result<Edit, EditError> {
    let id = score.measure_order()[selected_measure(score, selection)?];
    let there = score.measure(id).is_some_and(|measure| measure.repeat_end.is_some());
    Ok(Edit::new(vec![set(id, MeasureField::RepeatEnd((!there).then_some(2)))]))
}

/// Sets the key from the selected measure on, for all parts: sharps, or flats when negative, as they sound. A transposing part
/// gets the signature that its player reads.
pub fn set_key(score: &Score, selection: Selection, ids: &mut IdSource, fifths: i8) -> Result<Edit, EditError> {
    if !(-7..=7).contains(&fifths) {
        return Err(EditError::NotApplicable(Obstacle::TooManyAccidentals));
    }
    let measure = score.measure_order()[selected_measure(score, selection)?];
    let there = score.signs_in(measure).into_iter().filter(|(_, sign)| sign.at.beat.is_zero() && matches!(sign.kind, SignKind::Key(_)));
    let mut changes: Vec<Change> = there.map(|(id, _)| Change::Remove(id.into())).collect();
    for (part, record) in score.parts() {
        let percussion = record.instruments.first().is_some_and(|instrument| instrument.channel == Some(9));
        if percussion {
            continue;
        }
        // A semitone is seven fifths away; read signatures beyond seven are turned into their enharmonic equal.
        let semitones = record.transposition.map_or(0, |transposition| i32::from(transposition.chromatic));
        let read = (i32::from(fifths) - 7 * semitones + 5).rem_euclid(12) - 5;
        let written = if semitones == 0 { fifths } else { read as i8 };
        let kind = SignKind::Key(Key::fifths(written));
        let sign = Sign { part, at: Moment { measure, beat: Beat::ZERO }, kind, ..Sign::default() };
        changes.push(Change::Insert(ids.next::<Sign>().into(), Record::Sign(sign)));
    }
    Ok(Edit::new(changes))
}

/// Sets the clef of the selection's staff from the selected event on.
pub fn set_clef(score: &Score, selection: Selection, ids: &mut IdSource, clef: Clef) -> Result<Edit, EditError> {
    let id = selection.event(score).ok_or(EditError::NothingSelected)?;
    let event = score.event(id).ok_or(EditError::NothingSelected)?;
    let at = Moment { measure: event.time.measure, beat: event.time.onset };
    let same = |sign: &Sign| {
        sign.part == event.part && sign.staff.unwrap_or(1) == event.staff && sign.at == at && matches!(sign.kind, SignKind::Clef(_))
    };
    let there = score.signs_in(at.measure).into_iter().find(|(_, sign)| same(sign)).map(|(id, _)| id);
    Ok(Edit::new(vec![match there {
        Some(id) => Change::Set(id.into(), Field::Sign(SignField::Kind(SignKind::Clef(clef)))),
        None => {
            let sign = Sign { part: event.part, staff: Some(event.staff), at, kind: SignKind::Clef(clef), ..Sign::default() };
            Change::Insert(ids.next::<Sign>().into(), Record::Sign(sign))
        }
    }]))
}

/// The key that a letter without an accidental is read in at the selection.
pub fn selected_key(score: &Score, selection: Selection) -> Key {
    selection.event(score).map(|event| key_at(score, event)).unwrap_or_default()
}
