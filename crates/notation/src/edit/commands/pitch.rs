//! Pitch: setting, moving, altering and respelling.

use super::{selected_notes, tie_chain};
use crate::edit::{Change, Edit, EditError, Obstacle, Selection};
use crate::model::{Alter, Clef, EventId, Field, Key, NoteField, NoteId, NotePitch, Pitch, Score, SignKind, Step};

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

/// Gives the selected note (the lowest of a selected chord) this pitch, and the notes it is tied to with it.
pub fn set_pitch(score: &Score, selection: Selection, pitch: Pitch) -> Result<Edit, EditError> {
    let note = *selected_notes(score, selection)?.first().ok_or(EditError::NothingSelected)?;
    Ok(set_pitch_through_ties(score, note, pitch))
}

fn change_pitches(score: &Score, selection: Selection, to: impl Fn(Pitch, &Key) -> Option<Pitch>) -> Result<Edit, EditError> {
    let mut edit = Edit::default();
    for id in selected_notes(score, selection)? {
        let note = score.note(id).ok_or(EditError::NotThere(id.into()))?;
        let pitch = note.pitch.pitch().ok_or(EditError::NotApplicable(Obstacle::Unpitched))?;
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

/// Gives the selection the alteration of a sharp, a flat or a natural, on the line or space where it is.
pub fn alter(score: &Score, selection: Selection, semitones: i32) -> Result<Edit, EditError> {
    change_pitches(score, selection, |pitch, _| Some(Pitch { alter: Alter::semitones(semitones), ..pitch }))
}

/// The pitch of this step that is nearest to another (within a fourth, up where both are as near), altered as given, else as the
/// key has it.
pub fn nearest(step: Step, alter: Option<Alter>, to: Pitch, key: &Key) -> Option<Pitch> {
    let up = (step.index() - to.step.index()).rem_euclid(7);
    let diatonic = to.diatonic() + if up <= 3 { up } else { up - 7 };
    let octave = i8::try_from(diatonic.div_euclid(7)).ok()?;
    Some(Pitch { step, alter: alter.unwrap_or_else(|| key.alter(step)), octave })
}

/// The pitch that a new note at the selection is near to: the selected note's, else that of the last note before it in its
/// voice, else the middle of the staff.
pub fn reference_pitch(score: &Score, selection: Selection) -> Pitch {
    let of_event = |event: EventId| score.notes_of(event).first().and_then(|(_, note)| note.pitch.pitch());
    let selected = selection.note(score).and_then(|id| score.note(id)).and_then(|note| note.pitch.pitch());
    let mut at = selection;
    let mut found = selected.or_else(|| selection.event(score).and_then(of_event));
    // Far enough to find the phrase before some measures of rest, near enough to stay quick in a long silence.
    for _ in 0..64 {
        let previous = super::step(score, at, super::Direction::Previous);
        if found.is_some() || previous == at {
            break;
        }
        at = previous;
        found = at.event(score).and_then(of_event);
    }
    found.unwrap_or_else(|| middle_of_staff(score, selection))
}

fn middle_of_staff(score: &Score, selection: Selection) -> Pitch {
    let clef = selection.event(score).map_or(Clef::TREBLE, |event| clef_at(score, event));
    let diatonic = clef.bottom_line() + 4;
    Pitch::new(Step::from_index(diatonic), 0, i8::try_from(diatonic.div_euclid(7)).unwrap_or(4))
}

/// The clef in force for an event, treble where none was given.
pub fn clef_at(score: &Score, event: EventId) -> Clef {
    let Some(event) = score.event(event) else { return Clef::TREBLE };
    let Some(position) = score.measure_position(event.time.measure) else { return Clef::TREBLE };
    for measure in score.measure_order()[..=position].iter().rev() {
        let here = *measure == event.time.measure;
        for (_, sign) in score.signs_in(*measure).iter().rev() {
            let applies = sign.part == event.part && sign.staff.unwrap_or(1) == event.staff;
            if let (true, SignKind::Clef(clef)) = (applies && (!here || sign.at.beat <= event.time.onset), &sign.kind) {
                return *clef;
            }
        }
    }
    Clef::TREBLE
}
