//! Which accidentals a reader sees: those the score keeps, and those the rule of the measure prints.

use std::collections::HashMap;

use crate::import::musicxml::accidentals::{MeasureRule, usual_sign};
use crate::model::*;

/// The printed accidentals of a part, measure by measure.
#[derive(Default)]
pub(super) struct PrintedSigns {
    /// Key signatures in force: of one staff, and of all others.
    keys: Vec<(Option<u8>, Key)>,
    printed: HashMap<NoteId, PrintedAccidental>,
}

impl PrintedSigns {
    /// Settles the accidentals of a measure. Measures have to come in their order.
    pub(super) fn read_measure(&mut self, score: &Score, measure: MeasureId, part: PartId) {
        self.printed.clear();
        let mut rule = MeasureRule::default();
        let signs = score.signs_in(measure);
        let mut keys = signs
            .iter()
            .filter(|(_, sign)| sign.part == part)
            .filter_map(|(_, sign)| if let SignKind::Key(key) = &sign.kind { Some((sign.at.beat, sign.staff, key)) } else { None })
            .peekable();
        for (event_id, event) in score.events_in(measure, part) {
            while let Some((_, staff, key)) = keys.next_if(|(beat, ..)| *beat <= event.time.onset) {
                self.set_key(staff, key);
            }
            for (id, note) in score.notes_of(event_id) {
                let sign = match note.pitch.pitch() {
                    None => note.accidental,
                    Some(pitch) => {
                        let staff = note.staff.unwrap_or(event.staff);
                        let shown = note.accidental.is_some();
                        let needed = rule.needs(staff, pitch, self.key(staff), note.tie_previous, shown);
                        note.accidental.or_else(|| plain(usual_sign(pitch.alter).filter(|_| needed)))
                    }
                };
                if let Some(sign) = sign {
                    self.printed.insert(id, sign);
                }
            }
        }
        for (_, staff, key) in keys {
            self.set_key(staff, key);
        }
    }

    fn set_key(&mut self, staff: Option<u8>, key: &Key) {
        self.keys.retain(|(other, _)| staff.is_some() && *other != staff);
        self.keys.push((staff, key.clone()));
    }

    fn key(&self, staff: u8) -> Option<&Key> {
        let of = |wanted: Option<u8>| self.keys.iter().find(|(staff, _)| *staff == wanted).map(|(_, key)| key);
        of(Some(staff)).or_else(|| of(None))
    }

    /// The accidental of a note of the measure.
    pub(super) fn of(&self, note: NoteId) -> Option<PrintedAccidental> {
        self.printed.get(&note).copied()
    }
}

fn plain(sign: Option<AccidentalSign>) -> Option<PrintedAccidental> {
    Some(PrintedAccidental { sign: sign?, parentheses: false, bracket: false, cautionary: false, editorial: false })
}
