//! One measure of one part: its voices one after the other, and among the notes of the first what stands at a moment.

use std::collections::{BTreeMap, HashMap};

use super::accidentals::PrintedSigns;
use super::directions::{self, Item};
use super::divisions::Divisions;
use super::{Writing, attributes, barline, beams, note};
use crate::model::*;

/// What is kept from measure to measure of a part.
pub(super) struct PartLane<'s> {
    pub(super) index: usize,
    pub(super) id: PartId,
    pub(super) part: &'s Part,
    pub(super) divisions: Divisions,
    pub(super) signs: PrintedSigns,
    /// Beams by rule of the measure that is written.
    pub(super) beams: HashMap<EventId, Vec<BeamRole>>,
    time: TimeSignature,
    /// The passes of the volta that is open.
    pub(super) passes: Vec<u8>,
    /// Where the next element stands, in divisions.
    cursor: i64,
    reached: i64,
}

impl<'s> PartLane<'s> {
    pub(super) fn new(score: &Score, index: usize, id: PartId, part: &'s Part) -> Self {
        let divisions = Divisions::of(score, id);
        Self {
            index,
            id,
            part,
            divisions,
            signs: PrintedSigns::default(),
            beams: HashMap::new(),
            time: TimeSignature::new(4, 4),
            passes: Vec::new(),
            cursor: 0,
            reached: 0,
        }
    }

    /// Whether some times of the part have to be rounded.
    pub(super) const fn rounds(&self) -> bool {
        self.divisions.rounds
    }

    /// Whether this part writes what belongs to the whole system.
    pub(super) const fn leads(&self) -> bool {
        self.index == 0
    }

    /// The staff to name in an element, where there are several.
    pub(super) fn staff_to_name(&self, staff: u8) -> Option<u8> {
        (self.part.staves > 1 || staff > 1).then_some(staff)
    }

    /// Moves the cursor to a time by `forward` or `backup`.
    pub(super) fn advance(&mut self, writing: &mut Writing<'_>, to: Beat) {
        let to = self.divisions.count(to).max(0);
        let step = to - self.cursor;
        if step != 0 {
            writing.xml.open(if step > 0 { "forward" } else { "backup" }, &[]);
            writing.xml.number("duration", step.abs());
            writing.xml.close();
        }
        self.cursor = to;
        self.reached = self.reached.max(to);
    }

    /// Counts a note that was written as passed.
    pub(super) fn pass(&mut self, divisions: i64) {
        self.cursor += divisions;
        self.reached = self.reached.max(self.cursor);
    }
}

/// Writes a measure of a part.
pub(super) fn write(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, position: usize, id: MeasureId) {
    let Some(measure) = writing.score.measure(id) else { return };
    (lane.cursor, lane.reached) = (0, 0);
    let mut tag = vec![("number", measure.number.as_str())];
    if measure.implicit {
        tag.push(("implicit", "yes"));
    }
    writing.xml.open("measure", &tag);
    if lane.leads() {
        print(writing, measure);
    }
    barline::left(writing, lane, measure);
    if lane.leads() {
        directions::jumps(&mut writing.xml, measure, true);
    }
    contents(writing, lane, position, id, measure);
    if let Some(length) = writing.lengths.get(position).copied()
        && lane.reached < lane.divisions.count(length)
    {
        lane.advance(writing, length);
    }
    if lane.leads() {
        directions::jumps(&mut writing.xml, measure, false);
    }
    barline::right(writing, lane, position, id, measure);
    writing.xml.close();
}

/// A break is in `print`; that it ends a section MusicXML cannot say, and BandPro says it in words of its own that are not printed.
fn print(writing: &mut Writing<'_>, measure: &Measure) {
    match measure.break_before {
        Some(Break::System | Break::Section) => writing.xml.empty("print", &[("new-system", "yes")]),
        Some(Break::Page) => writing.xml.empty("print", &[("new-page", "yes")]),
        None => {}
    }
    if measure.break_before == Some(Break::Section) {
        directions::own(&mut writing.xml, None, "section");
    }
}

fn contents(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, position: usize, id: MeasureId, measure: &Measure) {
    let score = writing.score;
    let mut voices: BTreeMap<u8, Vec<(EventId, &Event)>> = BTreeMap::new();
    for (event_id, event) in score.events_in(id, lane.id) {
        voices.entry(event.voice).or_default().push((event_id, event));
    }
    lane.signs.read_measure(score, id, lane.id);
    if let Some(time) = &measure.time {
        lane.time.clone_from(time);
    }
    if writing.beamed {
        lane.beams = beams::by_rule(score, id, lane.id, &lane.time);
    }
    let mut items = attributes::items(score, lane, position, id, measure);
    items.extend(directions::items(writing, lane, id));
    // A stable sort: what is said at one moment keeps its order.
    items.sort_by_key(|item| (item.beat, item.rank, item.order));
    let mut items = items.into_iter().peekable();
    if voices.is_empty() {
        voices.insert(1, Vec::new());
    }
    for events in voices.values() {
        for (event_id, event) in events {
            while let Some(item) = items.next_if(|item| item.beat <= event.time.onset) {
                write_item(writing, lane, position, measure, &item);
            }
            lane.advance(writing, event.time.onset);
            note::write(writing, lane, *event_id, event);
        }
        for item in items.by_ref() {
            write_item(writing, lane, position, measure, &item);
        }
    }
}

fn write_item(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, position: usize, measure: &Measure, item: &Item<'_>) {
    lane.advance(writing, item.beat);
    match &item.what {
        directions::What::Attributes(signs) => attributes::write(writing, lane, position, measure, item.beat, signs),
        _ => directions::write(writing, lane, item),
    }
}
