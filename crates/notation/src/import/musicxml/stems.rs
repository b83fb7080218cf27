//! Which stem directions a score has to keep.
//!
//! Most programs write the direction of every stem. Kept as they are, they would stay where they were when a note is moved
//! across the middle line. So a direction that the rules give anyway is left to the rules: up for the first voice and down
//! for the second where two share a staff, up for grace notes, and otherwise away from the farthest note of the chord or of
//! the beam (Gould, "Behind Bars", Stem direction). Where the rules cannot be told from one measure alone (chords over two
//! staves, octave shifts, staves without five lines) the file's direction is kept.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::MeasureReading;
use super::spanners::Family;
use crate::model::*;

/// Chords under one beam, or one chord without.
type Group = Vec<usize>;

/// Leaves to the rules what they give anyway.
pub(super) fn settle(reading: &mut MeasureReading<'_, '_>) {
    let unclear = reading.part.plain_lines || reading.octave_shift || reading.part.spans.has_open(Family::Ottava);
    let explicit = |event: &Event| matches!(event.stem, StemDirection::Up | StemDirection::Down);
    if !unclear && reading.events.iter().any(|(_, event)| explicit(event)) {
        let extents = extents(reading);
        let voices = voices(reading);
        for group in groups(&reading.events) {
            let wishes: BTreeSet<_> = group.iter().filter_map(|at| reading.events.get(*at)).map(|(_, event)| event.stem as u8).collect();
            let by_rule = direction(reading, &group, &extents, &voices).map(|direction| direction as u8);
            if wishes.len() == 1 && by_rule.is_some() && wishes.first().copied() == by_rule {
                group.iter().for_each(|at| {
                    if let Some((_, event)) = reading.events.get_mut(*at) {
                        event.stem = StemDirection::Auto;
                    }
                });
            }
        }
    }
    for (_, staff, clef) in std::mem::take(&mut reading.clefs) {
        reading.part.set_clef(staff, clef);
    }
}

/// How far each event goes below and above the middle line of its staff; nothing where that is not clear.
fn extents(reading: &MeasureReading<'_, '_>) -> Vec<Option<(i32, i32)>> {
    let mut extents: Vec<Option<(i32, i32)>> = vec![None; reading.events.len()];
    let mut unclear: BTreeSet<usize> = BTreeSet::new();
    for note in &reading.notes {
        let changed = reading.clefs.iter().rev().find(|(beat, staff, _)| *staff == note.staff && *beat <= note.onset);
        let clef = changed.map(|(_, _, clef)| *clef).or_else(|| reading.part.clef(note.staff));
        let (Some(clef), Some(pitch), None) = (clef, note.note.pitch.pitch(), note.note.staff) else {
            unclear.insert(note.event);
            continue;
        };
        let above = pitch.diatonic() - (clef.bottom_line() + 4);
        if let Some(extent) = extents.get_mut(note.event) {
            let (low, high) = extent.unwrap_or((above, above));
            *extent = Some((low.min(above), high.max(above)));
        }
    }
    for at in unclear {
        if let Some(extent) = extents.get_mut(at) {
            *extent = None;
        }
    }
    extents
}

/// The voices on each staff, in order.
fn voices(reading: &MeasureReading<'_, '_>) -> BTreeMap<u8, BTreeSet<u8>> {
    let mut voices: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
    for (_, event) in reading.events.iter().filter(|(_, event)| event.visible && event.grace.is_none()) {
        voices.entry(event.staff).or_default().insert(event.voice);
    }
    voices
}

/// The beams of the measure and the chords without one; a beam that is not closed in the measure is left out.
fn groups(events: &[(EventId, Event)]) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut open: BTreeMap<(u8, bool), Group> = BTreeMap::new();
    for (at, (_, event)) in events.iter().enumerate() {
        let lane = (event.voice, event.grace.is_some());
        match event.beams.as_ref().and_then(|roles| roles.first()) {
            None | Some(BeamRole::ForwardHook | BeamRole::BackwardHook) => groups.push(vec![at]),
            Some(BeamRole::Begin) => drop(open.insert(lane, vec![at])),
            Some(BeamRole::Continue) => open.entry(lane).or_default().push(at),
            Some(BeamRole::End) => {
                if let Some(mut group) = open.remove(&lane) {
                    group.push(at);
                    groups.push(group);
                }
            }
        }
    }
    groups
}

/// The direction that the rules give to a group on one staff.
fn direction(
    reading: &MeasureReading<'_, '_>,
    group: &Group,
    extents: &[Option<(i32, i32)>],
    voices: &BTreeMap<u8, BTreeSet<u8>>,
) -> Option<StemDirection> {
    let (_, first) = reading.events.get(*group.first()?)?;
    let (mut low, mut high) = (i32::MAX, i32::MIN);
    for at in group {
        let (_, event) = reading.events.get(*at)?;
        let (below, above) = extents.get(*at).copied().flatten()?;
        if event.staff != first.staff {
            return None;
        }
        (low, high) = (low.min(below), high.max(above));
    }
    let sharing = voices.get(&first.staff)?;
    let up = if sharing.len() > 1 {
        sharing.iter().position(|voice| *voice == first.voice)? % 2 == 0
    } else {
        first.grace.is_some() || -low > high
    };
    Some(if up { StemDirection::Up } else { StemDirection::Down })
}
