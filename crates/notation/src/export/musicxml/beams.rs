//! Beams of notes whose beams are left to the rules, among others whose beams are not.
//!
//! A reader takes a flagged note without a beam for one with a flag as soon as the document has any beams. Notes of one beat
//! share a beam here (Gould, "Behind Bars", Beams), the plainest of the rules.

use std::collections::{BTreeMap, HashMap};

use crate::model::*;

/// An event and its flags.
type Flagged<'s> = (EventId, &'s Event, u8);

/// The beams of one measure of a part, of the events that have none of their own.
pub(super) fn by_rule(score: &Score, measure: MeasureId, part: PartId, time: &TimeSignature) -> HashMap<EventId, Vec<BeamRole>> {
    let beat = beat(time);
    let mut lanes: BTreeMap<(u8, bool), Vec<Flagged<'_>>> = BTreeMap::new();
    for (id, event) in score.events_in(measure, part).filter(|(id, event)| event.beams.is_none() && !score.is_rest(*id)) {
        let flags = event.time.value.map_or(0, |value| value.base.flags());
        lanes.entry((event.voice, event.grace.is_some())).or_default().push((id, event, flags));
    }
    let mut roles = HashMap::new();
    for lane in lanes.values() {
        for group in lane.chunk_by(|(_, a, a_flags), (_, b, b_flags)| *a_flags > 0 && *b_flags > 0 && joins(a, b, beat)) {
            if group.len() > 1 {
                let flags: Vec<u8> = group.iter().map(|(_, _, flags)| *flags).collect();
                roles.extend(group.iter().enumerate().map(|(at, (id, ..))| (*id, levels(&flags, at))));
            }
        }
    }
    roles
}

/// The length within which notes are beamed.
fn beat(time: &TimeSignature) -> Beat {
    match time.groups.first() {
        Some((beats, unit @ 8..)) if beats.iter().all(|count| count % 3 == 0) => Beat::new(3, i64::from(*unit)),
        _ => Beat::QUARTER,
    }
}

fn joins(a: &Event, b: &Event, beat: Beat) -> bool {
    if a.grace.is_some() {
        return a.time.onset == b.time.onset;
    }
    let number = |time: Beat| time.ratio(beat).map(|(num, den)| num.div_euclid(den));
    a.time.end() == b.time.onset && number(a.time.onset) == number(b.time.onset)
}

/// The roles of one member in the beams of its group: a run of notes with that many flags, or a hook.
fn levels(flags: &[u8], at: usize) -> Vec<BeamRole> {
    let own = flags.get(at).copied().unwrap_or(0);
    let has = |at: Option<usize>, level: u8| at.and_then(|at| flags.get(at)).is_some_and(|flags| *flags > level);
    let role = |level: u8| match (has(at.checked_sub(1), level), has(Some(at + 1), level)) {
        (false, true) => BeamRole::Begin,
        (true, true) => BeamRole::Continue,
        (true, false) => BeamRole::End,
        (false, false) if at == 0 => BeamRole::ForwardHook,
        (false, false) => BeamRole::BackwardHook,
    };
    (0..own).map(role).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use BeamRole::{BackwardHook, Begin, Continue, End, ForwardHook};

    #[test]
    fn secondary_beams_run_or_are_hooks() {
        let group = [1, 2, 2, 1, 2];
        let all: Vec<_> = (0..group.len()).map(|at| levels(&group, at)).collect();
        assert_eq!(all, [vec![Begin], vec![Continue, Begin], vec![Continue, End], vec![Continue], vec![End, BackwardHook]]);
        assert_eq!(levels(&[2, 1], 0), [Begin, ForwardHook]);
    }
}
