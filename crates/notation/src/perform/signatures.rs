//! Time and key signatures along the performance.

use crate::model::{Beat, Key, KeyMode, Part, SignKind, TimeSignature};

use super::written::{Reading, Written};
use super::{KeyChange, Passage, TimeChange};

pub(super) fn times(written: &Written<'_>, passages: &[Passage]) -> Vec<TimeChange> {
    let mut time = TimeChange { at: Beat::ZERO, beats: 4, unit: 4 };
    let of_measures: Vec<TimeChange> = written
        .measures
        .iter()
        .map(|id| {
            if let Some((beats, unit)) = written.score.measure(*id).and_then(|m| m.time.as_ref()).and_then(fraction) {
                time = TimeChange { at: Beat::ZERO, beats, unit };
            }
            time
        })
        .collect();
    let mut changes: Vec<TimeChange> = Vec::new();
    for passage in passages {
        let Some(here) = of_measures.get(passage.index) else { continue };
        let here = &of_its_length(*here, passage.length);
        if changes.last().is_none_or(|last| (last.beats, last.unit) != (here.beats, here.unit)) {
            changes.push(TimeChange { at: passage.start, ..*here });
        }
    }
    if changes.is_empty() {
        changes.push(time);
    }
    changes
}

/// The signature of a measure that is not as long as its own says, such as a pickup: over the same denominator where that can
/// be, over a smaller note otherwise. A reader of the performance alone has its barlines from nothing else.
fn of_its_length(time: TimeChange, length: Beat) -> TimeChange {
    let units = std::iter::successors(Some(time.unit.max(1)), |unit| unit.checked_mul(2)).take_while(|unit| *unit <= 128);
    for unit in units {
        if let Some((num, 1)) = length.ratio(Beat::new(1, i64::from(unit)))
            && let Some(beats) = u16::try_from(num).ok().filter(|beats| (1..=255).contains(beats))
        {
            let own = Beat::new(i64::from(time.beats), i64::from(time.unit.max(1)));
            return if own == length { time } else { TimeChange { beats, unit, ..time } };
        }
    }
    time
}

/// A signature as one fraction over its largest denominator.
fn fraction(time: &TimeSignature) -> Option<(u16, u16)> {
    let unit = time.groups.iter().map(|(_, unit)| *unit).max().filter(|unit| *unit > 0)?;
    let (num, den) = time.length()?.ratio(Beat::new(1, i64::from(unit)))?;
    Some((u16::try_from(num / den.max(1)).ok().filter(|beats| *beats > 0)?, unit))
}

/// The key of the first part that does not transpose, or of the first part, made to sound.
pub(super) fn keys(written: &Written<'_>, passages: &[Passage]) -> Vec<KeyChange> {
    let transposes = |part: &Part| part.transposition.unwrap_or_default().semitones().rem_euclid(12) != 0;
    let Some((id, part)) = written.parts.iter().find(|(_, part)| !transposes(part)).or_else(|| written.parts.first()) else {
        return Vec::new();
    };
    let mut reading = Reading::new(part);
    let mut of_measures: Vec<Vec<(Beat, KeyChange)>> = Vec::with_capacity(written.measures.len());
    for (place, measure) in written.measures.iter().enumerate() {
        reading.enter(written, place, *id);
        let signs = written.score.signs_in(*measure).into_iter();
        let inside = signs.filter(|(_, sign)| sign.part == *id && matches!(sign.kind, SignKind::Key(_))).map(|(_, sign)| sign.at.beat);
        let mut steps = Vec::new();
        for at in std::iter::once(Beat::ZERO).chain(inside) {
            reading.advance(at);
            steps.push((at, sounding(&reading.key(1), reading.semitones(1))));
        }
        of_measures.push(steps);
    }
    let mut changes: Vec<KeyChange> = Vec::new();
    for passage in passages {
        for (at, key) in of_measures.get(passage.index).into_iter().flatten() {
            if changes.last().is_none_or(|last| (last.fifths, last.minor) != (key.fifths, key.minor)) {
                changes.push(KeyChange { at: passage.start + *at, ..*key });
            }
        }
    }
    changes
}

fn sounding(key: &Key, semitones: i32) -> KeyChange {
    // A fifth is seven semitones, so a semitone is seven fifths round the circle.
    let fifths = i32::from(key.fifths) + if semitones.rem_euclid(12) == 0 { 0 } else { (semitones * 7 + 5).rem_euclid(12) - 5 };
    let fifths = if (-7..=7).contains(&fifths) { fifths } else { (fifths + 5).rem_euclid(12) - 5 };
    let minor = matches!(key.mode, KeyMode::Minor | KeyMode::Aeolian);
    KeyChange { at: Beat::ZERO, fifths: fifths as i8, minor }
}
