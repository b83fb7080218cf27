//! What each system looks like: its items, each staff's relative to its own top line until the staves have their places.

mod barlines;
mod beams;
mod chord_symbols;
mod dynamics;
mod figured_bass;
mod frame;
mod fretboards;
mod lines;
mod lyrics;
mod margin;
mod marks;
mod multirest;
mod notes;
mod repeats;
mod room;
mod row;
mod signs;
mod slurs;
mod staff_text;
mod tab;
mod ties;
mod tuplets;

pub(super) use beams::room_between;
pub(super) use frame::Frame;
pub(super) use lyrics::Carry;
pub(super) use margin::{Margin, indent};
pub(super) use notes::Placed;
pub(super) use room::{Symbol, symbols};

use std::ops::Range;
use std::sync::Arc;

use super::cast::Cast;
use super::measures::Prepared;
use super::page::{Item, Point, Rect, Role, Shape, Space, TimePoint};
use super::prepare::{Bar, Chord, Place, Stretch};
use super::shapes::{Line, ink};
use super::sheet::Sheet;
use super::skyline::Skyline;
use super::systems::{self, Laid};
use crate::font::Glyph;
use crate::model::{RecordRef, Score};

/// What all systems are drawn from.
pub(super) struct Work<'a> {
    pub score: &'a Score,
    pub cast: &'a Cast,
    pub margin: &'a Margin,
    pub sheet: &'a Sheet,
    pub prepared: &'a Prepared,
    pub laid: &'a [Arc<Laid>],
}

impl Work<'_> {
    /// The measures of each line.
    pub(super) fn lines(&self) -> Vec<Range<usize>> {
        if self.sheet.endless {
            return std::iter::once(0..self.laid.len()).filter(|all| !all.is_empty() && !self.cast.staves.is_empty()).collect();
        }
        let indents = (indent(self, true), indent(self, false));
        let lines = systems::break_lines(self.score, &self.prepared.bars, self.laid, self.sheet.measure(), indents);
        if self.cast.staves.is_empty() { Vec::new() } else { lines }
    }

    /// How long the music is on a single line.
    pub(super) fn length(&self) -> Space {
        indent(self, true) + systems::natural_length(self.score, self.laid)
    }

    /// A measure, prepared.
    pub(super) fn bar(&self, at: usize) -> &Bar {
        &self.prepared.bars[at]
    }

    /// A span by its number among those of the score.
    pub(super) fn span(&self, at: usize) -> &Stretch {
        &self.prepared.spans[at]
    }

    /// The chord at a place.
    pub(super) fn chord(&self, place: Place) -> &Chord {
        &self.prepared.bars[place.bar].chords[place.chord]
    }
}

/// What an item is and stands for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag {
    pub role: Role,
    pub source: Option<RecordRef>,
    pub voice: u8,
}

impl Tag {
    pub(super) fn new(role: Role, source: Option<RecordRef>) -> Self {
        Self { role, source, voice: 0 }
    }

    pub(super) fn plain(role: Role) -> Self {
        Self::new(role, None)
    }

    /// The tag of something that belongs to a chord.
    pub(super) fn of(role: Role, chord: &Chord) -> Self {
        Self { role, source: chord.recorded.then(|| chord.id.into()), voice: chord.voice }
    }
}

/// One staff of a system, y from its own top line.
#[derive(Debug)]
pub(super) struct StaffDraft {
    pub items: Vec<Item>,
    pub sky: Skyline,
    pub height: Space,
    /// The y of its top line in the system, once it has its place.
    pub top: Space,
    /// From one line to the next.
    pub gap: Space,
    /// On tablature: where lines stop for a number, as the line's y, and from where to where.
    pub stops: Vec<(Space, Space, Space)>,
    /// Left out of this system: takes no room, and what it has is not shown.
    pub hidden: bool,
}

impl StaffDraft {
    /// Puts an item without touching the skyline.
    pub(super) fn item(&mut self, shape: Shape, tag: Tag) {
        self.items.push(Item { shape, role: tag.role, source: tag.source, voice: tag.voice, colour: None });
    }

    /// Puts a glyph and gives back its ink.
    pub(super) fn glyph(&mut self, glyph: Glyph, at: Point, scale: f32, tag: Tag) -> Rect {
        let rect = ink(glyph, at, scale);
        self.sky.add(rect);
        self.item(Shape::Glyph { glyph, at, scale }, tag);
        rect
    }

    /// Puts a straight line.
    pub(super) fn line(&mut self, from: Point, to: Point, thickness: Space, tag: Tag) {
        let half = thickness / 2.0;
        self.sky.add(Rect::new(from.x.min(to.x) - half, from.y.min(to.y) - half, from.x.max(to.x) + half, from.y.max(to.y) + half));
        self.item(Shape::Line { from, to, thickness, dash: None }, tag);
    }

    /// Puts a text with its baseline starting at a point.
    pub(super) fn text(&mut self, line: Line, at: Point, tag: Tag) -> Rect {
        let rect = line.ink(at);
        self.sky.add(rect);
        self.item(Shape::Text { at, face: line.face, size: line.size, text: line.text, shaped: line.shaped }, tag);
        rect
    }
}

/// A system in the making. x from the left margin of the page.
pub(super) struct Draft {
    pub measures: Range<usize>,
    pub first: bool,
    pub last: bool,
    pub staves: Vec<StaffDraft>,
    pub frames: Vec<Frame>,
    /// The chords of each measure, where they came to stand.
    pub placed: Vec<Vec<Placed>>,
    /// The waves before rolled chords.
    pub rolls: Vec<marks::Roll>,
    /// Where the staves start and end, and where the music starts after clef and key.
    pub left: Space,
    pub right: Space,
    pub music: Space,
    pub times: Vec<TimePoint>,
    /// What belongs to no single staff, y from the top line of the first.
    pub items: Vec<Item>,
    /// From the top line of the first staff: the highest and the lowest ink.
    pub top: Space,
    pub bottom: Space,
}

impl Draft {
    /// The frame of a measure by its position in the score.
    pub(super) fn frame(&self, measure: usize) -> Option<&Frame> {
        self.frames.get(measure.checked_sub(self.measures.start)?)
    }

    /// Where a chord came to stand, if it is in this system.
    pub(super) fn place(&self, place: Place) -> Option<&Placed> {
        self.placed.get(place.bar.checked_sub(self.measures.start)?)?.get(place.chord)
    }

    /// The first staff that is shown: what belongs to the whole system stands over it.
    pub(super) fn head(&self) -> usize {
        self.staves.iter().position(|staff| !staff.hidden).unwrap_or(0)
    }

    /// The staves from `from` to `to` that are shown, the first and the last of them; nothing where none is.
    pub(super) fn shown(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        let shown = |at: &usize| self.staves.get(*at).is_some_and(|staff| !staff.hidden);
        Some(((from..=to).find(shown)?, (from..=to).rev().find(shown)?))
    }

    /// Whether a measure is in this system.
    pub(super) fn holds(&self, measure: usize) -> bool {
        self.measures.contains(&measure)
    }

    /// The top of a staff once the staves have their places.
    pub(super) fn top_of(&self, staff: usize) -> Space {
        self.staves.get(staff).map_or(0.0, |s| s.top)
    }

    /// Puts an item of the whole system.
    pub(super) fn put(&mut self, shape: Shape, tag: Tag) {
        self.items.push(Item { shape, role: tag.role, source: tag.source, voice: tag.voice, colour: None });
    }
}

/// Spans and ties by the systems they touch.
pub(super) struct Reach {
    spans: Vec<Vec<usize>>,
    ties: Vec<Vec<usize>>,
}

impl Reach {
    /// Of lines of these measures.
    pub(super) fn of(work: &Work, lines: &[Range<usize>]) -> Self {
        let line_of: Vec<usize> = lines.iter().enumerate().flat_map(|(at, line)| line.clone().map(move |_| at)).collect();
        let system = |bar: usize| line_of.get(bar).copied().unwrap_or(lines.len().saturating_sub(1));
        let mut reach = Self { spans: vec![Vec::new(); lines.len()], ties: vec![Vec::new(); lines.len()] };
        if lines.is_empty() {
            return reach;
        }
        for (index, span) in work.prepared.spans.iter().enumerate() {
            for list in &mut reach.spans[system(span.start.bar)..=system(span.end.bar)] {
                list.push(index);
            }
        }
        for (index, tie) in work.prepared.ties.iter().enumerate() {
            let from = system(tie.from.0.bar);
            let to = tie.to.map_or(from, |(place, _)| system(place.bar));
            reach.ties[from].push(index);
            if to != from {
                reach.ties[to].push(index);
            }
        }
        reach
    }

    /// What touches one of the lines.
    pub(super) fn on(&self, line: usize) -> Touching<'_> {
        Touching { spans: &self.spans[line], ties: &self.ties[line] }
    }
}

/// The spans and ties that touch a system, by their numbers among those of the score.
#[derive(Clone, Copy)]
pub(super) struct Touching<'a> {
    pub spans: &'a [usize],
    pub ties: &'a [usize],
}

/// Which line of the score a system is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Which {
    pub measures: Range<usize>,
    pub first: bool,
    pub last: bool,
}

/// Draws a system: all of it that does not depend on how far its staves are apart.
pub(super) fn system(work: &Work, which: Which, touching: Touching, carry: &mut Carry) -> Draft {
    let mut draft = frame::lay(work, which.measures, which.first, which.last);
    notes::draw(work, &mut draft);
    beams::draw_within(work, &mut draft);
    marks::roll(work, &mut draft);
    ties::draw(work, &mut draft, touching.ties);
    marks::near(work, &mut draft);
    tuplets::draw(work, &mut draft, touching.spans);
    slurs::draw(work, &mut draft, touching.spans, false);
    marks::far(work, &mut draft);
    lines::draw(work, &mut draft, touching.spans);
    dynamics::draw(work, &mut draft, touching.spans);
    staff_text::draw(work, &mut draft, touching.spans);
    lyrics::draw(work, &mut draft, carry);
    draft
}

/// Draws what runs between staves, once they have their places.
pub(super) fn across(work: &Work, draft: &mut Draft, touching: Touching) {
    beams::draw_across(work, draft);
    slurs::draw(work, draft, touching.spans, true);
    marks::arpeggios(draft);
    barlines::draw(work, draft);
    margin::draw(work, draft);
}
