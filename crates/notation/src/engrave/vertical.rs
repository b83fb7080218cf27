//! The vertical: how far the staves of each system are apart, so that nothing between them collides.

use super::cast::Cast;
use super::draw::{self, Draft, Touching, Work};
use super::page::Space;

/// From the bottom line of a staff to the top line of the next: within a part, between parts.
const WITHIN: Space = 5.0;
const BETWEEN: Space = 6.0;
/// Between the ink of neighbouring staves.
const CLEARANCE: Space = 0.8;
/// A system that takes more than this share of a page stands on it alone.
const ALONE: f32 = 0.52;
/// The most that the staves of such a system move apart.
const MOST: Space = 3.5;

/// Gives every staff of a system its place and draws what depends on it.
pub(super) fn set(draft: &mut Draft, work: &Work, touching: Touching) {
    stack(draft, work);
    spread(draft, work);
    draw::across(work, draft, touching);
    measure(draft);
}

/// How high a system with all its staves is at least, from how high each of them is.
pub(super) fn least(cast: &Cast, heights: &[Space]) -> Space {
    let between: Space = (1..heights.len()).map(|staff| usual(cast, staff - 1, staff)).sum();
    heights.iter().sum::<Space>() + between
}

/// From the bottom line of a staff to the top line of one below it, where nothing asks for more.
fn usual(cast: &Cast, above: usize, below: usize) -> Space {
    let distance = if cast.staves[above].part == cast.staves[below].part { WITHIN } else { BETWEEN };
    distance * cast.style.staff_distance
}

fn stack(draft: &mut Draft, work: &Work) {
    let beamed = draw::room_between(work, draft);
    let mut last = draft.head();
    for staff in last + 1..draft.staves.len() {
        if draft.staves[staff].hidden {
            continue;
        }
        let (upper, lower) = draft.staves.split_at(staff);
        let (above, below) = (&upper[last], &lower[0]);
        let usual = above.height + usual(work.cast, last, staff);
        last = staff;
        let needed = above.sky.distance(&below.sky, CLEARANCE).unwrap_or(usual);
        let beams = beamed.iter().filter(|(_, lower, _)| *lower == staff);
        let beams = beams.map(|(upper, _, apart)| draft.staves[*upper].top + apart).fold(0.0, Space::max);
        let top = (above.top + usual.max(needed)).max(beams);
        draft.staves[staff].top = top;
    }
}

/// A system that has its page for itself fills it: its staves move apart, as far as they still read as one system.
fn spread(draft: &mut Draft, work: &Work) {
    let shown: Vec<usize> = (0..draft.staves.len()).filter(|at| !draft.staves[*at].hidden).collect();
    let ([first, .., last], sheet) = (shown.as_slice(), work.sheet) else { return };
    // The first page has its heading, every page its foot.
    let room = (sheet.height - sheet.top - sheet.bottom) * if draft.first { 0.82 } else { 0.95 };
    let (above, below) = (&draft.staves[*first], &draft.staves[*last]);
    let height = below.top + below.sky.lowest().max(below.height) - above.sky.highest().min(0.0);
    if sheet.endless || !work.cast.style.fill_pages || height < room * ALONE || height > room {
        return;
    }
    let more = ((room - height) / (shown.len() - 1) as Space).min(MOST);
    for (nth, at) in shown.into_iter().enumerate() {
        draft.staves[at].top += more * nth as Space;
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
