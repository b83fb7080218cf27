//! The sustain pedal as controller events.

use std::collections::BTreeMap;

use crate::model::{Beat, SpanKind};

use super::written::Written;
use super::{Control, ControlKind, Seconds, Timeline};

/// Where the foot goes up and comes down again at one place, it takes a moment: a hundred-and-twenty-eighth note.
const CHANGE: Beat = Beat::new(1, 128);

/// A movement of the foot within a measure: when, down or up, on which track.
type Step = (Beat, bool, usize);

/// Pedals as written: the steps in each measure, and in which measures each track starts with the pedal down.
struct Pedals {
    steps: BTreeMap<usize, Vec<Step>>,
    held: Vec<Vec<bool>>,
}

impl Pedals {
    fn of(written: &Written<'_>, tracks: usize) -> Self {
        let count = written.measures.len();
        let mut steps: BTreeMap<usize, Vec<Step>> = BTreeMap::new();
        let mut edges = vec![vec![0_i32; count + 1]; tracks];
        let locate = |anchor| written.score.anchor_moment(anchor).and_then(|moment| written.locate(moment));
        for span in written.score.spans().values().filter(|span| matches!(span.kind, SpanKind::Pedal(_))) {
            let (Some(from), Some(to)) = (locate(span.start), locate(span.end)) else { continue };
            let Some(track) = written.owner(span.start).0.and_then(|part| written.part_place(part)) else { continue };
            if to <= from {
                continue;
            }
            steps.entry(from.0).or_default().push((from.1, true, track));
            steps.entry(to.0).or_default().push((to.1, false, track));
            if let Some(edges) = edges.get_mut(track) {
                // Down at the start of every measure after the one it begins in, to the one it ends in.
                for (at, change) in [(from.0 + 1, 1), (to.0 + 1, -1)] {
                    if let Some(edge) = edges.get_mut(at) {
                        *edge += change;
                    }
                }
            }
        }
        for steps in steps.values_mut() {
            steps.sort();
        }
        let running = |edges: Vec<i32>| {
            let mut down = 0;
            edges
                .into_iter()
                .map(|change| {
                    down += change;
                    down > 0
                })
                .collect()
        };
        Self { steps, held: edges.into_iter().map(running).collect() }
    }

    fn held(&self, track: usize, measure: usize) -> bool {
        self.held.get(track).and_then(|held| held.get(measure)).copied().unwrap_or_default()
    }
}

/// Adds the pedal's events to the controls of every channel of its part.
pub(super) fn press(written: &Written<'_>, timeline: &mut Timeline) {
    let tracks = timeline.tracks.len();
    let pedals = Pedals::of(written, tracks);
    if pedals.steps.is_empty() {
        return;
    }
    let mut moves: Vec<(Beat, bool, usize)> = Vec::new();
    let mut down = vec![false; tracks];
    let mut set = |at: Beat, to: bool, track: usize| {
        if let Some(foot) = down.get_mut(track).filter(|foot| **foot != to) {
            *foot = to;
            moves.push((at, to, track));
        }
    };
    let mut previous = None;
    for passage in &timeline.passages {
        if previous != passage.index.checked_sub(1) {
            (0..tracks).for_each(|track| set(passage.start, pedals.held(track, passage.index), track));
        }
        for (at, to, track) in pedals.steps.get(&passage.index).into_iter().flatten() {
            let at = passage.start + *at;
            set(if *to { at + CHANGE } else { at }, *to, *track);
        }
        previous = Some(passage.index);
    }
    (0..tracks).for_each(|track| set(timeline.end(), false, track));
    for (at, to, track) in moves {
        let mut channels: Vec<_> = timeline.channels_of(track).collect();
        channels.sort();
        channels.dedup();
        let seconds: Seconds = timeline.seconds_at(at);
        timeline.controls.extend(channels.into_iter().map(|channel| Control {
            at,
            seconds,
            channel,
            track,
            kind: ControlKind::Sustain(to),
        }));
    }
}
