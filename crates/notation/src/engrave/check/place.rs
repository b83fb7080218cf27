//! A page as the checks see it: every item at its place on the page, with the chord that it belongs to.

use std::collections::BTreeMap;

use super::{Fault, FaultKind};
use crate::engrave::lookup::bounds;
use crate::engrave::page::{Item, Page, Point, Rect, Role, StaffBox, TimePoint};
use crate::model::{EventId, RecordRef, Score};

/// An item with where it is and what it belongs to.
pub(super) struct Seen {
    /// The item, at its place on the page.
    pub item: Item,
    pub rect: Rect,
    /// The system on the page; nothing for what stands outside them.
    pub system: Option<usize>,
    /// The chord or rest it is part of.
    pub event: Option<EventId>,
}

/// A page and the score it shows.
pub(super) struct Sight<'a> {
    pub score: &'a Score,
    pub page: &'a Page,
    pub seen: Vec<Seen>,
    /// Where the origin of each system is.
    origins: Vec<Point>,
    /// The chords at both ends of each slur that is on the page.
    pub ends: BTreeMap<RecordRef, [Option<EventId>; 2]>,
}

impl<'a> Sight<'a> {
    pub(super) fn of(score: &'a Score, page: &'a Page) -> Self {
        let mut seen = Vec::new();
        let mut ends = BTreeMap::new();
        let systems = page.systems.iter().enumerate().flat_map(|(at, system)| system.items().map(move |item| (Some(at), item)));
        for (system, item) in systems.chain(page.items.iter().map(|item| (None, item.clone()))) {
            if let (Role::Slur, Some(RecordRef::Span(id))) = (item.role, item.source) {
                let anchors = score.span(id).map_or([None; 2], |span| [Some(span.start), Some(span.end)]);
                ends.insert(RecordRef::Span(id), anchors.map(|anchor| score.anchor_event(anchor?)));
            }
            seen.push(Seen { rect: bounds(&item), system, event: event_of(score, item.source), item });
        }
        Self { seen, ends, ..Self::empty(score, page) }
    }

    /// A page without its items, for what is judged by its systems alone.
    pub(super) fn empty(score: &'a Score, page: &'a Page) -> Self {
        Self { score, page, seen: Vec::new(), origins: page.systems.iter().map(|system| system.origin).collect(), ends: BTreeMap::new() }
    }

    /// The staves of a system where they are on the page.
    pub(super) fn staves(&self, system: usize) -> impl Iterator<Item = StaffBox> {
        let by = self.origins[system].y;
        self.page.systems[system].system.staves.iter().map(move |s| StaffBox { top: s.top + by, bottom: s.bottom + by, ..*s })
    }

    /// The last moment of a system at or before a place.
    fn moment(&self, system: usize, x: f32) -> Option<TimePoint> {
        let times = &self.page.systems[system].system.times;
        let after = times.partition_point(|time| time.x + self.origins[system].x <= x);
        times.get(after.saturating_sub(1)).copied()
    }

    /// A fault at a point, with the measure and staff that are nearest.
    pub(super) fn fault(&self, kind: FaultKind, system: Option<usize>, at: Point, records: Vec<RecordRef>) -> Fault {
        let moment = system.and_then(|system| self.moment(system, at.x));
        let measure = moment.and_then(|moment| self.score.measure(moment.measure)).map(|measure| measure.number.clone());
        let staff = system.and_then(|system| {
            let away = |staff: &StaffBox| (staff.top - at.y).max(at.y - staff.bottom).max(0.0);
            self.staves(system).enumerate().min_by(|a, b| away(&a.1).total_cmp(&away(&b.1))).map(|(index, _)| index + 1)
        });
        Fault { kind, page: self.page.number, system: system.map(|index| index + 1), measure, staff, at, records }
    }
}

fn event_of(score: &Score, source: Option<RecordRef>) -> Option<EventId> {
    match source? {
        RecordRef::Event(event) => Some(event),
        RecordRef::Note(note) => score.note(note).map(|note| note.event),
        _ => None,
    }
}
