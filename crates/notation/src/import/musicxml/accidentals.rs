//! Which printed accidentals a score has to keep.
//!
//! The model prints accidentals by the rule of the measure: a note needs one where its alteration is not what the key
//! signature, or the last note on the same line of the same staff in the measure, has left in force; a note tied over from
//! the measure before needs none (Gould, "Behind Bars", Accidentals). A sign of the file is kept only where that rule would
//! not print the same one: reminders, editorial, parenthesised and bracketed signs, and signs that are not the usual one of
//! their alteration. A sign that the rule prints and the file has not cannot be kept out; it is rare, and a reader is
//! helped by it.

use std::collections::HashMap;

use super::measure::MeasureReading;
use crate::model::*;

/// The sign that the rule prints for an alteration.
pub(crate) fn usual_sign(alter: Alter) -> Option<AccidentalSign> {
    Some(match alter.whole()? {
        -2 => AccidentalSign::FlatFlat,
        -1 => AccidentalSign::Flat,
        0 => AccidentalSign::Natural,
        1 => AccidentalSign::Sharp,
        2 => AccidentalSign::DoubleSharp,
        _ => return None,
    })
}

/// Sets the notes' accidentals from what the file printed.
pub(super) fn settle(reading: &mut MeasureReading<'_, '_>) {
    if reading.notes.iter().any(|note| note.printed.is_some()) {
        let mut order: Vec<usize> = (0..reading.notes.len()).collect();
        order.sort_by_key(|at| reading.notes.get(*at).map(|note| note.onset));
        keep_unusual(reading, &order);
    }
    for (_, staff, key) in std::mem::take(&mut reading.keys) {
        reading.part.set_key(staff, &key);
    }
}

fn keep_unusual(reading: &mut MeasureReading<'_, '_>, order: &[usize]) {
    let mut rule = MeasureRule::default();
    for at in order {
        let Some(pending) = reading.notes.get_mut(*at) else { continue };
        let Some(pitch) = pending.note.pitch.pitch() else {
            pending.note.accidental = pending.printed;
            continue;
        };
        let (staff, onset) = (pending.staff, pending.onset);
        let started = reading.keys.iter().rev().find(|(from, of, _)| *from <= onset && of.is_none_or(|of| of == staff));
        let key = started.map(|(_, _, key)| key).or_else(|| reading.part.key(staff));
        let needed = rule.needs(staff, pitch, key, pending.note.tie_previous, pending.printed.is_some());
        let Some(printed) = pending.printed else { continue };
        let plain = !(printed.parentheses || printed.bracket || printed.cautionary || printed.editorial);
        let by_rule = needed && usual_sign(pitch.alter) == Some(printed.sign);
        let plain = plain && pending.note.accidental_glyph.is_empty();
        pending.note.accidental = (!(plain && by_rule)).then_some(printed);
    }
}

/// What is in force on each line of each staff since the measure started.
#[derive(Default)]
pub(crate) struct MeasureRule {
    in_force: HashMap<(u8, i32), Alter>,
}

impl MeasureRule {
    /// Whether the rule prints an accidental on the next note, in the order of time. `shown` says that one is printed
    /// anyway: a note that is tied over without one leaves in force what was.
    pub(crate) fn needs(&mut self, staff: u8, pitch: Pitch, key: Option<&Key>, tied: bool, shown: bool) -> bool {
        let line = (staff, pitch.diatonic());
        let of_key = key.map_or(Alter::NATURAL, |key| key.alter(pitch.step));
        let expected = self.in_force.get(&line).copied().unwrap_or(of_key);
        if !tied || shown {
            self.in_force.insert(line, pitch.alter);
        }
        expected != pitch.alter && !tied
    }
}
