//! Glissandi and slides: the steps that sound between two notes.

use crate::model::{Anchor, EventId, Note, NotePitch, Score, Span, SpanKind};

use super::strikes::Tone;

/// More steps than this are not heard as steps.
const MAX_STEPS: usize = 128;

/// The share of its note that a glide takes, at the end of it. A glissando is heard as a run of its own; a slide only leads to the
/// next note.
const GLISSANDO: (i64, i64) = (1, 2);
const SLIDE: (i64, i64) = (1, 4);

/// The way from one note to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Glide {
    /// The steps between, in semitones as MIDI counts them.
    pub steps: Vec<f64>,
    /// The share of the note.
    pub share: (i64, i64),
}

/// Which steps an instrument has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keys {
    /// Every semitone, as frets, valves and a fingerboard give.
    All,
    /// The white keys, as a hand slides over them; the black ones between two black keys.
    Piano,
}

impl Keys {
    /// Of a General MIDI program, from 0: pianos, chromatic percussion, organs, and the harp, whose strings are as many.
    pub fn of(program: u8) -> Self {
        if matches!(program, 0..=20 | 46) { Self::Piano } else { Self::All }
    }

    fn has(self, key: i64, (from, to): (i64, i64)) -> bool {
        let black = |key: i64| matches!(key.rem_euclid(12), 1 | 3 | 6 | 8 | 10);
        self == Self::All || black(key) == (black(from) && black(to))
    }
}

/// Where a line that starts at a tone leads; nothing where it ends elsewhere or is no glide.
pub(super) fn glide(score: &Score, span: &Span, (event, tone, place): (EventId, &Tone, usize), keys: Keys) -> Option<Glide> {
    let share = match span.kind {
        SpanKind::Glissando(_) => GLISSANDO,
        SpanKind::Slide(_) => SLIDE,
        _ => return None,
    };
    let starts_here = match span.start {
        Anchor::Note(note) => note == tone.note,
        anchor => score.anchor_event(anchor) == Some(event),
    };
    let start = score.note(tone.note).filter(|_| starts_here)?;
    let end = match span.end {
        Anchor::Note(note) => score.note(note)?,
        // From chord to chord, the lowest to the lowest and so on.
        anchor => {
            let notes = score.notes_of(score.anchor_event(anchor)?);
            notes.get(place).or(notes.last()).map(|(_, note)| *note)?
        }
    };
    // Both are written, and the part transposes both.
    let goal = tone.pitch + (written(end)? - written(start)?);
    let steps = between(tone.pitch, goal, keys);
    if steps.is_empty() { None } else { Some(Glide { steps, share }) }
}

fn written(note: &Note) -> Option<f64> {
    match note.pitch {
        NotePitch::Pitched(pitch) => Some(pitch.midi_key_exact()),
        NotePitch::Unpitched(_) => None,
    }
}

/// The keys between two pitches, on the way from one to the other.
fn between(from: f64, to: f64, keys: Keys) -> Vec<f64> {
    let bounded = |pitch: f64| pitch.clamp(-1.0, 128.0);
    let (from, to) = (bounded(from), bounded(to));
    let (low, high) = ((from.min(to).floor() as i64) + 1, (from.max(to).ceil() as i64) - 1);
    let ends = (from.round() as i64, to.round() as i64);
    let mut steps: Vec<f64> = (low..=high).filter(|key| keys.has(*key, ends)).map(|key| key as f64).collect();
    if to < from {
        steps.reverse();
    }
    steps.truncate(MAX_STEPS);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_lie_between() {
        assert_eq!(between(60.0, 64.0, Keys::All), [61.0, 62.0, 63.0]);
        assert_eq!(between(64.0, 60.0, Keys::All), [63.0, 62.0, 61.0]);
        assert_eq!(between(60.0, 67.0, Keys::Piano), [62.0, 64.0, 65.0]);
        assert_eq!(between(61.0, 70.0, Keys::Piano), [63.0, 66.0, 68.0], "on the black keys");
        assert_eq!(between(60.5, 62.0, Keys::All), [61.0]);
        assert!(between(60.0, 61.0, Keys::All).is_empty());
        assert!(between(60.0, 60.0, Keys::All).is_empty());
        assert_eq!(between(-900.0, 9000.0, Keys::All).len(), 128);
    }
}
