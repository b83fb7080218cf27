//! A line of the score, finished: its system, and what the pages need to know of it.

use std::ops::Range;
use std::sync::Arc;

use super::draw::{Draft, Touching, Work};
use super::lookup::bounds;
use super::page::{Point, Rect, Space, StaffBox, System, TimePoint};
use crate::model::{Colour, RecordRef};

/// A system with its room.
#[derive(Clone)]
pub(super) struct Line {
    pub measures: Range<usize>,
    /// Its picture; not kept at a size of staves that turned out too large.
    pub system: Option<Arc<System>>,
    /// From the top line of the first staff: the highest and the lowest ink.
    pub top: Space,
    pub bottom: Space,
    /// The bottom line of the last staff.
    pub floor: Space,
    /// How far the music reaches to the right.
    pub right: Space,
}

/// The colours that the records of a system ask for, those of ties and spans that come from other systems included.
fn colours(work: &Work, measures: &Range<usize>, touching: Touching) -> Vec<(RecordRef, Colour)> {
    let tied = touching.ties.iter().map(|at| work.prepared.ties[*at].from.0.bar).filter(|bar| !measures.contains(bar));
    let bars = measures.clone().chain(tied).map(|at| work.bar(at));
    let mut colours: Vec<_> = bars.flat_map(|bar| bar.coloured.iter().copied()).collect();
    for id in touching.spans.iter().map(|at| work.span(*at).id) {
        let colour = work.score.spans().get(&id).and_then(|span| span.colour);
        colours.extend(colour.map(|colour| (RecordRef::from(id), colour)));
    }
    colours.sort_unstable_by_key(|row| row.0);
    colours
}

/// Finishes a system whose staves have their places.
pub(super) fn finish(draft: Draft, work: &Work, touching: Touching) -> Line {
    let colours = colours(work, &draft.measures, touching);
    let (top, bottom, right) = (draft.top, draft.bottom, draft.right);
    let floor = draft.staves.iter().rev().find(|s| !s.hidden).map_or(0.0, |s| s.top + s.height);
    let count = draft.staves.iter().map(|s| s.items.len()).sum::<usize>() + draft.items.len();
    let mut items = Vec::with_capacity(count);
    let mut staves = Vec::with_capacity(draft.staves.len());
    for (stave, staff) in work.cast.staves.iter().zip(draft.staves).filter(|(_, staff)| !staff.hidden) {
        let (top, bottom) = (staff.top, staff.top + staff.height);
        staves.push(StaffBox { part: work.cast.parts[stave.part].id, staff: stave.number, top, bottom });
        items.extend(staff.items.into_iter().map(|item| item.moved(Point::new(0.0, top))));
    }
    items.extend(draft.items);
    if !colours.is_empty() {
        let colour = |record: RecordRef| colours.binary_search_by_key(&record, |row| row.0).ok().map(|at| colours[at].1);
        items.iter_mut().for_each(|item| item.colour = item.source.and_then(colour));
    }
    let times: Vec<TimePoint> = draft.times;
    let bounds = items.iter().map(bounds).fold(Rect::new(0.0, top, right, bottom), |a, b| a.union(&b));
    let system = Some(Arc::new(System { setting: work.cast.style.setting, bounds, staves, times, items }));
    Line { measures: draft.measures, system, top, bottom, floor, right }
}
