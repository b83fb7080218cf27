//! Marks: articulations, fermatas, dynamics, texts, tempos, chord symbols, slurs.

use super::selected_notes;
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{
    Anchor, Articulation, ChordSymbol, Event, EventId, FermataShape, Field, IdSource, Mark, MarkField, MarkId, MarkKind, Moment, NoteBase,
    NoteValue, Placement, Record, Score, Span, SpanId, SpanKind, TempoMark, Words,
};

/// The dynamics that can be written, softest first, then the sudden ones. MusicXML 4.0, `dynamics`.
pub const DYNAMICS: &[&str] = &[
    "pppppp", "ppppp", "pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "fffff", "ffffff", "n", "pf", "fp", "sf", "sfz",
    "sffz", "sfp", "sfpp", "sfzp", "fz", "rf", "rfz",
];

/// Whether the selected chord carries this mark, on itself or on one of its notes.
pub fn has_mark(score: &Score, event: EventId, is: impl Fn(&MarkKind) -> bool) -> bool {
    !marks_on(score, event, is).is_empty()
}

fn marks_on(score: &Score, event: EventId, is: impl Fn(&MarkKind) -> bool) -> Vec<MarkId> {
    let notes = score.notes_of(event);
    let on_notes = notes.iter().flat_map(|(id, _)| score.marks_of_note(*id));
    score.marks_of(event).chain(on_notes).filter(|(_, mark)| is(&mark.kind)).map(|(id, _)| id).collect()
}

fn toggle(
    score: &Score,
    selection: Selection,
    ids: &mut IdSource,
    kind: MarkKind,
    same: impl Fn(&MarkKind) -> bool,
) -> Result<Edit, EditError> {
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    let there = marks_on(score, event, same);
    if !there.is_empty() {
        return Ok(there.into_iter().map(|id| Change::Remove(id.into())).collect());
    }
    let mark = Mark { anchor: Anchor::Event(event), kind, ..Mark::default() };
    Ok(Edit::new(vec![Change::Insert(ids.next::<Mark>().into(), Record::Mark(mark))]))
}

/// Puts an articulation on the selected chord, or takes it off.
pub fn toggle_articulation(score: &Score, selection: Selection, ids: &mut IdSource, articulation: Articulation) -> Result<Edit, EditError> {
    selected_notes(score, selection)?;
    let same = |kind: &MarkKind| *kind == MarkKind::Articulation(articulation);
    toggle(score, selection, ids, MarkKind::Articulation(articulation), same)
}

/// Puts a fermata on the selected chord or rest, or takes it off.
pub fn toggle_fermata(score: &Score, selection: Selection, ids: &mut IdSource) -> Result<Edit, EditError> {
    toggle(score, selection, ids, MarkKind::Fermata(FermataShape::Normal), |kind| matches!(kind, MarkKind::Fermata(_)))
}

/// The place of the selected event on its staff.
fn place(score: &Score, selection: Selection) -> Result<(EventId, &Event, Moment), EditError> {
    let id = selection.event(score).ok_or(EditError::NothingSelected)?;
    let event = score.event(id).ok_or(EditError::NothingSelected)?;
    Ok((id, event, Moment { measure: event.time.measure, beat: event.time.onset }))
}

/// The marks of a kind that stand at the selected event's moment and belong to its staff (or to the system).
fn marks_at(score: &Score, selection: Selection, is: impl Fn(&MarkKind) -> bool) -> Result<Vec<(MarkId, MarkKind)>, EditError> {
    let (id, event, moment) = place(score, selection)?;
    let here = |anchor: Anchor| match anchor {
        Anchor::Staff(part, staff, at) => part == event.part && staff.is_none_or(|staff| staff == event.staff) && at == moment,
        Anchor::System(at) => at == moment,
        Anchor::Event(_) | Anchor::Note(_) => true,
        Anchor::Page(_) => false,
    };
    let all = score.marks_in(moment.measure).chain(score.marks_of(id));
    Ok(all.filter(|(_, mark)| is(&mark.kind) && here(mark.anchor)).map(|(id, mark)| (id, mark.kind.clone())).collect())
}

/// Writes a mark at the selection's moment in place of those of its kind; the same one again takes it off.
fn write(
    score: &Score,
    selection: Selection,
    ids: &mut IdSource,
    mark: (Anchor, Option<MarkKind>, Placement),
    is: impl Fn(&MarkKind) -> bool,
) -> Result<Edit, EditError> {
    let (anchor, kind, placement) = mark;
    let there = marks_at(score, selection, is)?;
    let removed = |there: &[(MarkId, MarkKind)]| there.iter().map(|(id, _)| Change::Remove((*id).into())).collect::<Vec<_>>();
    match (kind, there.split_first()) {
        (None, None) => Err(EditError::NotApplicable(Obstacle::NothingToTakeAway)),
        (None, Some(_)) => Ok(Edit::new(removed(&there))),
        (Some(kind), None) => {
            let mark = Mark { anchor, kind, placement, ..Mark::default() };
            Ok(Edit::new(vec![Change::Insert(ids.next::<Mark>().into(), Record::Mark(mark))]))
        }
        (Some(kind), Some((first, rest))) if first.1 != kind => {
            let set = Change::Set(first.0.into(), Field::Mark(MarkField::Kind(kind)));
            Ok(Edit::new([vec![set], removed(rest)].concat()))
        }
        (Some(_), Some(_)) => Ok(Edit::new(removed(&there))),
    }
}

fn on_staff(score: &Score, selection: Selection) -> Result<Anchor, EditError> {
    let (_, event, moment) = place(score, selection)?;
    Ok(Anchor::Staff(event.part, Some(event.staff), moment))
}

/// Writes a dynamic (one of [`DYNAMICS`]) at the selection; the same again, or nothing, takes it off.
pub fn set_dynamic(score: &Score, selection: Selection, ids: &mut IdSource, letters: Option<&str>) -> Result<Edit, EditError> {
    if letters.is_some_and(|letters| !DYNAMICS.contains(&letters)) {
        return Err(EditError::NotApplicable(Obstacle::NotADynamic));
    }
    let kind = letters.map(|letters| MarkKind::Dynamic(letters.to_owned()));
    let mark = (on_staff(score, selection)?, kind, Placement::Auto);
    write(score, selection, ids, mark, |kind| matches!(kind, MarkKind::Dynamic(_)))
}

/// Writes text over the staff at the selection, in place of text that stands there; nothing takes it off.
pub fn set_text(score: &Score, selection: Selection, ids: &mut IdSource, text: Option<&str>) -> Result<Edit, EditError> {
    let kind = text.map(|text| MarkKind::Words(Words { text: text.to_owned() }));
    let mark = (on_staff(score, selection)?, kind, Placement::Above);
    write(score, selection, ids, mark, |kind| matches!(kind, MarkKind::Words(_)))
}

/// Writes a chord symbol at the selection; nothing takes it off.
pub fn set_chord_symbol(score: &Score, selection: Selection, ids: &mut IdSource, chord: Option<ChordSymbol>) -> Result<Edit, EditError> {
    let mark = (on_staff(score, selection)?, chord.map(MarkKind::Chord), Placement::Auto);
    write(score, selection, ids, mark, |kind| matches!(kind, MarkKind::Chord(_)))
}

/// Writes a rehearsal mark at the start of the selected measure; nothing takes it off.
pub fn set_rehearsal(score: &Score, selection: Selection, ids: &mut IdSource, text: Option<&str>) -> Result<Edit, EditError> {
    let (_, _, moment) = place(score, selection)?;
    let start = Moment { beat: crate::model::Beat::ZERO, ..moment };
    let there: Vec<MarkId> =
        score.marks_in(start.measure).filter(|(_, mark)| matches!(mark.kind, MarkKind::Rehearsal(_))).map(|(id, _)| id).collect();
    match (text, there.first()) {
        (None, None) => Err(EditError::NotApplicable(Obstacle::NoRehearsalMark)),
        (None, Some(_)) => Ok(there.into_iter().map(|id| Change::Remove(id.into())).collect()),
        (Some(text), Some(id)) => {
            let kind = MarkKind::Rehearsal(text.to_owned());
            Ok(Edit::new(vec![Change::Set((*id).into(), Field::Mark(MarkField::Kind(kind)))]))
        }
        (Some(text), None) => {
            let (anchor, kind) = (Anchor::System(start), MarkKind::Rehearsal(text.to_owned()));
            let mark = Mark { anchor, kind, placement: Placement::Above, ..Mark::default() };
            Ok(Edit::new(vec![Change::Insert(ids.next::<Mark>().into(), Record::Mark(mark))]))
        }
    }
}

/// Writes a tempo in quarter notes a minute at the selection; nothing takes it off.
pub fn set_tempo(score: &Score, selection: Selection, ids: &mut IdSource, per_minute: Option<u32>) -> Result<Edit, EditError> {
    if per_minute.is_some_and(|count| !(5..=999).contains(&count)) {
        return Err(EditError::NotApplicable(Obstacle::TempoRange));
    }
    let (_, _, moment) = place(score, selection)?;
    let kind = per_minute.map(|count| {
        let beat = NoteValue::new(NoteBase::Quarter, 0);
        let (text, equals, parentheses) = (String::new(), None, false);
        MarkKind::Tempo(TempoMark { beat, per_minute: Some((count, 1)), text, equals, parentheses, printed: true })
    });
    let mark = (Anchor::System(moment), kind, Placement::Above);
    write(score, selection, ids, mark, |kind| matches!(kind, MarkKind::Tempo(_)))
}

/// Slurs the selected chord to the next one of its voice, or takes the slur that starts there away.
pub fn toggle_slur(score: &Score, selection: Selection, ids: &mut IdSource) -> Result<Edit, EditError> {
    selected_notes(score, selection)?;
    let event = selection.event(score).ok_or(EditError::NothingSelected)?;
    let starts = |anchor: Anchor| score.anchor_event(anchor) == Some(event);
    let notes = score.notes_of(event);
    let on_notes = notes.iter().flat_map(|(id, _)| score.spans_of_note(*id));
    let there: std::collections::BTreeSet<SpanId> = score
        .spans_of(event)
        .chain(on_notes)
        .filter(|(_, span)| span.kind == SpanKind::Slur && starts(span.start))
        .map(|(id, _)| id)
        .collect();
    if !there.is_empty() {
        return Ok(there.into_iter().map(|id| Change::Remove(id.into())).collect());
    }
    let next = super::step(score, Selection::Event(event), super::Direction::Next).event(score);
    let next = next.filter(|next| *next != event && !score.is_rest(*next));
    let next = next.ok_or(EditError::NotApplicable(Obstacle::NothingToSlur))?;
    let span = Span { start: Anchor::Event(event), end: Anchor::Event(next), ..Span::default() };
    Ok(Edit::new(vec![Change::Insert(ids.next::<Span>().into(), Record::Span(span))]))
}
