//! A line of the score, finished: its system, and what the pages need to know of it.

use std::ops::Range;
use std::sync::Arc;

use super::draw::{Draft, Touching, Work};
use super::lookup::bounds;
use super::page::{Point, Rect, Space, StaffBox, System, TimePoint};
use crate::model::{Colour, RecordRef, Score};

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

/// The colour that a record asks for.
fn colour(score: &Score, record: RecordRef) -> Option<Colour> {
    match record {
        RecordRef::Note(id) => score.note(id)?.colour,
        RecordRef::Event(id) => score.event(id)?.colour,
        RecordRef::Mark(id) => score.mark(id)?.colour,
        RecordRef::Span(id) => score.spans().get(&id)?.colour,
        RecordRef::Sign(id) => score.signs().get(&id)?.colour,
        RecordRef::Lyric(id) => score.lyrics().get(&id)?.colour,
        _ => None,
    }
}

/// Finishes a system whose staves have their places.
pub(super) fn finish(draft: Draft, work: &Work, touching: Touching) -> Line {
    let coloured_spans = touching.spans.iter().any(|at| colour(work.score, work.span(*at).id.into()).is_some());
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
    if draft.measures.clone().any(|at| work.bar(at).coloured) || coloured_spans {
        items.iter_mut().for_each(|item| item.colour = item.source.and_then(|source| colour(work.score, source)));
    }
    let times: Vec<TimePoint> = draft.times;
    let bounds = items.iter().map(bounds).fold(Rect::new(0.0, top, right, bottom), |a, b| a.union(&b));
    let system = Some(Arc::new(System { setting: work.cast.style.setting, bounds, staves, times, items }));
    Line { measures: draft.measures, system, top, bottom, floor, right }
}
