//! Swing: of two notes that are written even, the first is played longer than the second. MusicXML 4.0, `swing`.

use std::collections::BTreeMap;

use crate::model::{Anchor, Beat, MarkKind, NoteBase, Swing};

use super::written::Written;

/// Finer than this nothing is swung: a hundred-and-twenty-eighth of the two notes.
const FINEST: i64 = 128;

/// How the eighths, or the sixteenths, of a score are played.
pub(super) struct Feel {
    /// From the start of the score as written.
    changes: Vec<(Beat, Swing)>,
    /// Of each measure: where it starts; where in a full measure it starts, as a pickup does not at the first beat; the beat.
    measures: Vec<(Beat, Beat, Beat)>,
}

impl Feel {
    pub fn of(written: &Written<'_>) -> Self {
        Self { changes: changes(written), measures: measures(written) }
    }

    /// When a moment of a measure as written is played. What stands between two halves, fourths and so on of the beat is moved
    /// with them; triplets and other tuplets are played as they are written.
    pub fn played(&self, place: usize, at: Beat) -> Beat {
        let moved = || {
            let (start, into, beat) = *self.measures.get(place)?;
            let next = self.changes.partition_point(|(from, _)| *from <= start + at);
            let (_, swing) = self.changes.get(next.checked_sub(1)?)?;
            let (first, both) = (i64::from(swing.first), i64::from(swing.first) + i64::from(swing.second));
            let pair = swing.unit.length().scale(2, 1);
            // Eighths are not swung where three of them make a beat, nor sixteenths that are one.
            if beat.ratio(pair)?.1 != 1 || swing.first == 0 || swing.second == 0 || swing.first == swing.second {
                return None;
            }
            let within = (into + at).modulo(pair);
            let (num, den) = within.ratio(pair)?;
            if den > FINEST || den & (den - 1) != 0 {
                return None;
            }
            let later = if num * 2 <= den {
                pair.scale(num * 2 * first, den * both)
            } else {
                pair - pair.scale((den - num) * 2 * (both - first), den * both)
            };
            Some(at + (later - within))
        };
        if self.changes.is_empty() { at } else { moved().unwrap_or(at) }
    }
}

/// Where the feel changes: marks that say so exactly; and words, where no mark stands with them.
fn changes(written: &Written<'_>) -> Vec<(Beat, Swing)> {
    let mut marked: BTreeMap<Beat, Swing> = BTreeMap::new();
    let mut said: BTreeMap<Beat, Swing> = BTreeMap::new();
    for mark in written.score.marks().values() {
        let (table, swing) = match &mark.kind {
            MarkKind::Swing(swing) => (&mut marked, Some(*swing)),
            MarkKind::Words(words) if matches!(mark.anchor, Anchor::System(_) | Anchor::Staff(..)) => (&mut said, in_words(&words.text)),
            MarkKind::Tempo(tempo) => (&mut said, in_words(&tempo.text)),
            _ => continue,
        };
        let at = written.score.anchor_moment(mark.anchor).and_then(|moment| written.absolute(moment));
        if let (Some(swing), Some(at)) = (swing, at) {
            table.insert(at, swing);
        }
    }
    said.extend(marked);
    said.into_iter().collect()
}

/// What words say of the feel: “Medium Swing”, “Shuffle”, “swung 16ths”, “Straight 8ths”. Not a straight mute, and not the
/// words of a song.
fn in_words(text: &str) -> Option<Swing> {
    const ABOUT_NOTES: [&str; 10] = ["feel", "time", "8th", "8ths", "eighth", "eighths", "16th", "16ths", "sixteenth", "sixteenths"];
    let clauses = text.split([',', ';', '(', ')', '.', '/']);
    clauses.into_iter().find_map(|clause| {
        let clause = clause.to_lowercase().replace(['\'', '’'], "");
        let words: Vec<&str> = clause.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let at = words.iter().position(|word| matches!(*word, "swing" | "swung" | "shuffle" | "straight" | "even"))?;
        let after = words.get(at + 1).copied();
        let denied = at > 0 && matches!(words.get(at - 1), Some(&("no" | "not" | "without" | "dont" | "never")));
        if denied || words.len() > 5 || after.is_some_and(|word| !ABOUT_NOTES.contains(&word)) {
            return None;
        }
        match words.get(at).copied() {
            // “Even” alone may be about anything.
            Some("even") if after.is_none() => None,
            Some("straight" | "even") => Some(Swing::STRAIGHT),
            _ => {
                let short = words.iter().any(|word| word.starts_with("16th") || word.starts_with("sixteenth"));
                Some(Swing { first: 2, second: 1, unit: if short { NoteBase::N16th } else { NoteBase::Eighth } })
            }
        }
    })
}

/// Where each measure starts; how far into a full measure it does; and the beat of its time signature.
fn measures(written: &Written<'_>) -> Vec<(Beat, Beat, Beat)> {
    let (mut full, mut beat) = (Beat::WHOLE, Beat::QUARTER);
    // How much of a full measure those before have filled.
    let mut filled = Beat::ZERO;
    let of = |(place, id): (usize, &crate::model::MeasureId)| {
        if let Some(time) = written.score.measure(*id).and_then(|measure| measure.time.as_ref()) {
            full = time.length().unwrap_or(Beat::WHOLE);
            beat = time.beat();
        }
        let length = written.length(place);
        let into = if place == 0 && length < full { full - length } else { filled };
        filled = if into + length < full { into + length } else { Beat::ZERO };
        (written.start(place), into, beat)
    };
    written.measures.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_say_how_it_swings() {
        let swung = |unit| Some(Swing { first: 2, second: 1, unit });
        for (text, swing) in [
            ("Medium Swing", swung(NoteBase::Eighth)),
            ("Swing", swung(NoteBase::Eighth)),
            ("Shuffle (with brushes)", swung(NoteBase::Eighth)),
            ("Fast, swing feel", swung(NoteBase::Eighth)),
            ("swung 16ths", swung(NoteBase::N16th)),
            ("Straight 8ths", Some(Swing::STRAIGHT)),
            ("Even eighths", Some(Swing::STRAIGHT)),
            ("straight", Some(Swing::STRAIGHT)),
            ("straight mute", None),
            ("Swing low, sweet chariot", None),
            ("don’t swing", None),
            ("not swung", None),
            ("even", None),
            ("Allegro", None),
            ("", None),
        ] {
            assert_eq!(in_words(text), swing, "{text}");
        }
    }
}
