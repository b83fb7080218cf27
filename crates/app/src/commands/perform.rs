//! What each command comes to: one small function a command, in the order of the table.

use bandpro_notation::edit::{self, Direction, EditError, Selection};
use bandpro_notation::model::{Articulation, EventId, HeaderField, IdSource, Pitch, Score};

use super::arguments::{self, need};
use super::{Effect, Then, ranges};
use crate::AppError;
use crate::desk::{Desk, Input};

pub(super) type Done = Result<Effect, AppError>;
pub(super) type Argument<'a> = Option<&'a str>;

/// An edit after which the selection stays.
pub(super) fn stay(edit: Result<edit::Edit, EditError>) -> Done {
    Ok(Effect::Edit(edit?, Then::Stay))
}

fn select(selection: Selection) -> Done {
    Ok(Effect::Select(selection))
}

pub fn next(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step(score, desk.selection, Direction::Next))
}

pub fn previous(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step(score, desk.selection, Direction::Previous))
}

pub fn next_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step_measure(score, desk.selection, Direction::Next))
}

pub fn previous_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step_measure(score, desk.selection, Direction::Previous))
}

pub fn first(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::edge(score, desk.selection, Direction::Previous))
}

pub fn last(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::edge(score, desk.selection, Direction::Next))
}

pub fn chord_up(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step_vertical(score, desk.selection, Direction::Next))
}

pub fn chord_down(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    select(edit::step_vertical(score, desk.selection, Direction::Previous))
}

/// `PART MEASURE N`: the n-th note of a measure of a part; in a measure without notes, 1 is its rest.
pub fn goto(_: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let [part, measure, note] = need("goto", "PART MEASURE N", argument.and_then(arguments::numbers))?;
    if let Some(selection) = Selection::nth_note(score, part, measure, note) {
        return Ok(Effect::Go(selection));
    }
    let rest = || {
        let (id, _) = *score.parts().get(part.checked_sub(1)?)?;
        let at = *score.measure_order().get(measure.checked_sub(1)?)?;
        let silent = Selection::nth_note(score, part, measure, 1).is_none();
        let (event, _) = score.events_in(at, id).next().filter(|_| note == 1 && silent)?;
        Some(Selection::Event(event))
    };
    rest().map(Effect::Go).ok_or(AppError::NoSuchPlace { part, measure, note })
}

/// Enters or leaves note input. It starts at the selection, with the value that is there.
pub fn input(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    let value = edit::written_value(score, desk.selection).unwrap_or(desk.input.value);
    Ok(Effect::Input(Input { active: !desk.input.active, value }))
}

pub fn leave_input(desk: &mut Desk, _: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Input(Input { active: false, ..desk.input }))
}

/// In note input, enters a note and moves on; else gives the selection this pitch.
pub fn note(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let selection = desk.started(score);
    let pitch = need("note", "PITCH", argument.and_then(|text| arguments::pitch(score, selection, text)))?;
    if desk.input.active {
        return enter(desk, score, selection, Some(pitch));
    }
    stay(edit::enter_pitch(score, selection, desk.ids.next(), pitch))
}

/// Enters at the selection; at the end of the music in a measure that is appended for it.
fn enter(desk: &mut Desk, score: &Score, selection: Selection, pitch: Option<Pitch>) -> Done {
    let value = desk.input.value;
    if !desk.at_end(score) {
        let (edit, last) = edit::enter(score, selection, &mut desk.ids, pitch, value)?;
        return Ok(Effect::Edit(edit, Then::After(last)));
    }
    let appended = edit::append_measure(score, &mut desk.ids);
    let mut longer = score.clone();
    appended.apply(&mut longer)?;
    let next = edit::step(&longer, selection, Direction::Next);
    let (edit, last) = edit::enter(&longer, next, &mut desk.ids, pitch, value)?;
    Ok(Effect::Edit(appended.then(edit), Then::After(last)))
}

/// Adds to the selected chord; in note input, to the chord that was entered last.
pub fn add_note(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let selection = desk.chord(score);
    let pitch = need("add-note", "PITCH", argument.and_then(|text| arguments::pitch(score, selection, text)))?;
    added(desk, score, selection, |ids| edit::add_note(score, selection, ids.next(), pitch))
}

pub fn add_interval(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let selection = desk.chord(score);
    let interval = argument.and_then(|text| text.parse::<i32>().ok()).filter(|interval| (2..=15).contains(interval));
    let interval = need("add-interval", "INTERVAL", interval)?;
    added(desk, score, selection, |ids| edit::add_above(score, selection, ids.next(), interval - 1))
}

fn added(desk: &mut Desk, score: &Score, selection: Selection, add: impl FnOnce(&mut IdSource) -> Result<edit::Edit, EditError>) -> Done {
    let edit = add(&mut desk.ids)?;
    let event = selection.event(score).filter(|_| desk.input.active);
    Ok(Effect::Edit(edit, event.map_or(Then::Stay, Then::After)))
}

pub fn rest(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    if desk.input.active {
        let selection = desk.started(score);
        return enter(desk, score, selection, None);
    }
    stay(edit::make_rest(score, desk.selection))
}

pub fn delete(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::delete(desk, score)
}

pub fn pitch(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let pitch = need("pitch", "PITCH", argument.and_then(|text| arguments::pitch(score, desk.selection, text)))?;
    stay(edit::enter_pitch(score, desk.selection, desk.ids.next(), pitch))
}

pub fn pitch_up(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_chromatic(score, selection, 1))
}

pub fn pitch_down(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_chromatic(score, selection, -1))
}

pub fn octave_up(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_octave(score, selection, 1))
}

pub fn octave_down(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_octave(score, selection, -1))
}

pub fn diatonic_up(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_diatonic(score, selection, 1))
}

pub fn diatonic_down(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::move_diatonic(score, selection, -1))
}

pub fn sharp(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::alter(score, selection, 1))
}

pub fn flat(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::alter(score, selection, -1))
}

pub fn natural(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, |score, selection| edit::alter(score, selection, 0))
}

pub fn respell(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    ranges::pitches(desk, score, edit::respell)
}

/// In note input, the value of what comes next; else of the selection.
pub fn value(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let value = need("value", "VALUE", argument.and_then(arguments::value))?;
    if desk.input.active {
        return Ok(Effect::Input(Input { value, ..desk.input }));
    }
    stay(edit::set_value(score, desk.selection, &mut desk.ids, value))
}

/// In note input, the dot of what comes next, never of the note before; else of the selection.
pub fn dot(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    if desk.input.active {
        let mut input = desk.input;
        input.value.dots = u8::from(input.value.dots == 0);
        return Ok(Effect::Input(input));
    }
    stay(edit::toggle_dot(score, desk.selection, &mut desk.ids))
}

pub fn halve(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::scale_value(score, desk.selection, &mut desk.ids, false))
}

pub fn double(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::scale_value(score, desk.selection, &mut desk.ids, true))
}

pub fn tie(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::toggle_tie(score, desk.selection))
}

pub fn slur(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::toggle_slur(score, desk.selection, &mut desk.ids))
}

fn articulation(desk: &mut Desk, score: &Score, articulation: Articulation) -> Done {
    stay(edit::toggle_articulation(score, desk.selection, &mut desk.ids, articulation))
}

pub fn staccato(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    articulation(desk, score, Articulation::Staccato)
}

pub fn tenuto(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    articulation(desk, score, Articulation::Tenuto)
}

pub fn accent(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    articulation(desk, score, Articulation::Accent)
}

pub fn marcato(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    articulation(desk, score, Articulation::StrongAccent)
}

pub fn fermata(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::toggle_fermata(score, desk.selection, &mut desk.ids))
}

pub fn dynamic(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    stay(edit::set_dynamic(score, desk.selection, &mut desk.ids, argument))
}

pub fn chord_symbol(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let chord = argument.map(edit::parse_chord_symbol).transpose()?;
    stay(edit::set_chord_symbol(score, desk.selection, &mut desk.ids, chord))
}

pub fn lyric(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let (verse, text) = argument.map_or((1, None), |argument| {
        let (verse, text) = arguments::verse(argument);
        (verse, Some(text).filter(|text| !text.is_empty()))
    });
    stay(edit::set_lyric(score, desk.selection, &mut desk.ids, verse, text))
}

pub fn text(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    stay(edit::set_text(score, desk.selection, &mut desk.ids, argument))
}

pub fn rehearsal(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    stay(edit::set_rehearsal(score, desk.selection, &mut desk.ids, argument))
}

pub fn tempo(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let count = argument.map(|text| need("tempo", "BPM", text.parse().ok())).transpose()?;
    stay(edit::set_tempo(score, desk.selection, &mut desk.ids, count))
}

pub fn title(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    stay(Ok(edit::set_header(HeaderField::Title(argument.unwrap_or_default().to_owned()))))
}

pub fn composer(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    stay(Ok(edit::set_header(HeaderField::Composer(argument.unwrap_or_default().to_owned()))))
}

pub fn insert_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::insert_measure(score, desk.selection, &mut desk.ids))
}

pub fn append_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(Ok(edit::append_measure(score, &mut desk.ids)))
}

/// The selection goes to the measure that takes the deleted one's place, or to the one before at the end.
pub fn delete_measure(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    let edit = edit::delete_measure(score, desk.selection)?;
    let beside = |direction| edit::step_measure(score, desk.selection, direction).event(score);
    let here = desk.selection.event(score).and_then(|id| score.event(id)).map(|event| event.time.measure);
    let elsewhere = |id: &EventId| score.event(*id).is_some_and(|event| Some(event.time.measure) != here);
    let next = beside(Direction::Next).filter(elsewhere).or_else(|| beside(Direction::Previous).filter(elsewhere));
    Ok(Effect::Edit(edit, next.map_or(Then::Stay, Then::At)))
}

pub fn repeat_start(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::toggle_repeat_start(score, desk.selection))
}

pub fn repeat_end(desk: &mut Desk, score: &Score, _: Argument<'_>) -> Done {
    stay(edit::toggle_repeat_end(score, desk.selection))
}

pub fn key(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let fifths = need("key", "KEY", argument.and_then(arguments::fifths))?;
    stay(edit::set_key(score, desk.selection, &mut desk.ids, fifths))
}

pub fn clef(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let clef = need("clef", "CLEF", argument.and_then(arguments::clef))?;
    stay(edit::set_clef(score, desk.selection, &mut desk.ids, clef))
}

pub fn undo(_: &mut Desk, _: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Undo)
}

pub fn redo(_: &mut Desk, _: &Score, _: Argument<'_>) -> Done {
    Ok(Effect::Redo)
}
