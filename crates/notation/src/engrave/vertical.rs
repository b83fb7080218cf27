//! The vertical: how far the staves of each system are apart, so that nothing between them collides.

use super::draw::{self, Draft, Touching, Work};
use super::page::Space;

/// From the bottom line of a staff to the top line of the next: within a part, between parts.
const WITHIN: Space = 5.0;
const BETWEEN: Space = 6.0;
/// Between the ink of neighbouring staves.
const CLEARANCE: Space = 0.8;

/// Gives every staff of a system its place and draws what depends on it.
pub(super) fn set(draft: &mut Draft, work: &Work, touching: Touching) {
    stack(draft, work);
    draw::across(work, draft, touching);
    measure(draft);
}

fn stack(draft: &mut Draft, work: &Work) {
    let mut last = draft.head();
    for staff in last + 1..draft.staves.len() {
        if draft.staves[staff].hidden {
            continue;
        }
        let (upper, lower) = draft.staves.split_at(staff);
        let (above, below) = (&upper[last], &lower[0]);
        let same = work.cast.staves[staff].part == work.cast.staves[last].part;
        last = staff;
        let usual = above.height + if same { WITHIN } else { BETWEEN } * work.cast.style.staff_distance;
        let needed = above.sky.distance(&below.sky, CLEARANCE).unwrap_or(usual);
        let top = above.top + usual.max(needed);
        draft.staves[staff].top = top;
    }
}

/// How far the system reaches.
fn measure(draft: &mut Draft) {
    let reach = draft.staves.iter().filter(|s| !s.hidden).map(|s| (s.top + s.sky.highest(), s.top + s.sky.lowest()));
    let staves = reach.fold((0.0, 0.0), |(top, bottom): (Space, Space), (high, low)| (top.min(high), bottom.max(low)));
    let items = draft.items.iter().map(super::lookup::bounds);
    let all = items.fold(staves, |(top, bottom), rect| (top.min(rect.top), bottom.max(rect.bottom)));
    (draft.top, draft.bottom) = all;
}
