//! How finely a part divides its quarter notes.

use std::collections::HashMap;

use crate::model::*;

/// More would not fit the integers that readers use.
const MAX: i64 = 1 << 30;

/// Divisions of a quarter note.
#[derive(Debug, Clone, Copy)]
pub(super) struct Divisions {
    per_quarter: i64,
    /// Whether some time of the part does not fit and is rounded.
    pub(super) rounds: bool,
}

impl Divisions {
    /// The fewest that express every time of a part, and every length of a measure.
    pub(super) fn of(score: &Score, part: PartId) -> Self {
        let mut divisions = Self { per_quarter: 1, rounds: false };
        let mut seen = HashMap::new();
        let mut need = |time: Beat| {
            if seen.insert(time.denominator(), ()).is_none() {
                divisions.refine(time);
            }
        };
        for length in score.measure_lengths() {
            need(length);
        }
        for measure in score.measure_order() {
            for (id, event) in score.events_in(*measure, part) {
                need(event.time.onset);
                need(event.time.duration);
                score.notes_of(id).into_iter().filter_map(|(_, note)| note.duration).for_each(&mut need);
            }
            score.signs_in(*measure).into_iter().for_each(|(_, sign)| need(sign.at.beat));
            let marks = score.marks_in(*measure).map(|(_, mark)| mark.anchor);
            let spans = score.spans_in(*measure).flat_map(|(_, span)| [span.start, span.end]);
            for anchor in marks.chain(spans) {
                if let Anchor::Staff(_, _, moment) | Anchor::System(moment) = anchor {
                    need(moment.beat);
                }
            }
        }
        divisions
    }

    fn refine(&mut self, time: Beat) {
        let needed = time.scale(4, 1).denominator();
        let common = needed / crate::import::musicxml::number::gcd(self.per_quarter, needed).max(1);
        match self.per_quarter.checked_mul(common).filter(|product| *product <= MAX) {
            Some(product) => self.per_quarter = product,
            None => self.rounds = true,
        }
    }

    pub(super) const fn per_quarter(self) -> i64 {
        self.per_quarter
    }

    /// A time in divisions.
    pub(super) const fn count(self, time: Beat) -> i64 {
        let exact = time.scale(4 * self.per_quarter, 1);
        (exact.numerator() * 2 + exact.denominator()).div_euclid(exact.denominator() * 2)
    }
}
