//! The frame of a system: where its measures and columns are, its staff lines, clefs, keys and times.

use std::ops::Range;

use super::{Draft, StaffDraft, Tag, Work, indent};
use crate::engrave::bars::{self, BarShape};
use crate::engrave::page::{Point, Role, Shape, Space, TimePoint};
use crate::engrave::prepare::{Bar, Gathered};
use crate::engrave::shapes::Block;
use crate::engrave::skyline::Skyline;
use crate::engrave::spacing::Gap;
use crate::engrave::systems::{CLEF_LEAD, INLINE_LEAD, PREFIX_LEAD, clef_room, start_bar, stretch};
use crate::font::engraving_defaults;
use crate::model::{Beat, Measure};

/// Where a measure is in its system.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Frame {
    /// The measure's position in the score.
    pub index: usize,
    /// Where its music may start: after the barline before it and its signs.
    pub left: Space,
    /// The left edge of the barline after it, and where that ends.
    pub right: Space,
    pub end: Space,
    /// Its columns.
    pub xs: Vec<Space>,
    /// The barline after it.
    pub bar: BarShape,
    /// A barline before it at the start of a line, with its place.
    pub start: Option<(BarShape, Space)>,
    times: Vec<(Beat, Space)>,
}

impl Frame {
    /// The x of a moment, interpolated between the columns around it.
    pub(in crate::engrave) fn x(&self, beat: Beat) -> Space {
        let after = self.times.partition_point(|row| row.0 <= beat);
        let Some(&(from, x)) = after.checked_sub(1).and_then(|at| self.times.get(at)) else { return self.left };
        match self.times.get(after) {
            Some(&(to, next)) if from < beat => {
                let share = (beat - from).to_f64() / (to - from).to_f64().max(1e-9);
                x + (next - x) * share as Space
            }
            _ => x,
        }
    }
}

/// Lays the frame of a line: measures stretched to its width, staff lines and signs drawn.
pub(super) fn lay(work: &Work, line: Range<usize>, first: bool, last: bool) -> Draft {
    let width = work.sheet.measure();
    let left = indent(work, first);
    let states = &work.bar(line.start).opening;
    let hidden = hidden(work, &line, first);
    let staves = states.iter().zip(hidden).map(|(state, hidden)| StaffDraft {
        hidden,
        gap: state.gap(),
        stops: Vec::new(),
        items: Vec::with_capacity(256),
        sky: Skyline::new(width),
        height: state.height(),
        top: 0.0,
    });
    let mut draft = Draft {
        measures: line.clone(),
        first,
        last,
        staves: staves.collect(),
        frames: Vec::with_capacity(line.len()),
        placed: Vec::with_capacity(line.len()),
        rolls: Vec::new(),
        left,
        right: width,
        music: left,
        times: Vec::new(),
        items: Vec::new(),
        top: 0.0,
        bottom: 0.0,
    };
    let shapes = barlines(work, &line, last);
    let gaps: Vec<Gap> = line.clone().flat_map(|at| work.laid[at].gaps.gaps.iter().copied()).collect();
    let room = width - left - fixed(work, &line, &shapes);
    let stretch = stretch(&gaps, room, last && !work.cast.style.fill_last);
    // Where even the least does not fit, everything moves together rather than off the page.
    let length: Space = gaps.iter().map(|g| g.at(stretch)).sum();
    let squeeze = if length > room && length > 0.0 { (room / length).max(0.05) } else { 1.0 };
    place(work, &mut draft, &shapes, |gap| gap.at(stretch) * squeeze);
    staff_lines(work, &mut draft);
    draft
}

/// The staves that a line leaves out: those that are not to be shown in any of its measures, and where the style asks for it,
/// after the first line, those of parts that are silent in all of them. One staff remains whatever is asked, and no note is
/// lost: sources say where a staff is hidden and often not where it comes back.
fn hidden(work: &Work, line: &Range<usize>, first: bool) -> Vec<bool> {
    let bars = || line.clone().map(|at| work.bar(at));
    let plays = |bar: &Bar, staff: usize| bar.chords.iter().any(|c| c.visible && c.heads.iter().any(|head| head.staff == staff));
    let left_out = |staff: usize| bars().all(|bar| !bar.opening[staff].shown && !plays(bar, staff));
    let mut hidden: Vec<bool> = (0..work.cast.staves.len()).map(left_out).collect();
    if work.cast.style.hide_empty && !first {
        for part in &work.cast.parts {
            let own = part.first..part.first + part.staves;
            let silent =
                bars().all(|bar| bar.chords.iter().all(|c| !own.contains(&c.home()) || c.is_silent()) && !bar.said.contains(&part.id));
            hidden[own].iter_mut().for_each(|staff| *staff |= silent);
        }
    }
    if hidden.iter().all(|hidden| *hidden) {
        hidden.iter_mut().take(1).for_each(|hidden| *hidden = false);
    }
    hidden
}

fn measures<'a>(work: &'a Work) -> impl Fn(usize) -> Option<&'a Measure> + 'a {
    |at| work.score.measure(*work.score.measure_order().get(at)?)
}

fn barlines(work: &Work, line: &Range<usize>, last: bool) -> Vec<BarShape> {
    let measure = measures(work);
    let shape = |at: usize| {
        let next = if at + 1 < line.end { measure(at + 1) } else { None };
        // A repeat sign stands after a change of key or time; only then is it drawn on its own.
        let next = next.filter(|n| !(n.repeat_start && work.laid[at + 1].signs.width > 0.0));
        let inside = work.laid.get(at + 1).is_some_and(|next| next.rests.follows());
        measure(at).filter(|_| !inside).map_or(&[][..], |m| bars::after(m, next, last && at + 1 == line.end))
    };
    line.clone().map(shape).collect()
}

/// What a line takes that does not stretch.
fn fixed(work: &Work, line: &Range<usize>, shapes: &[BarShape]) -> Space {
    let measure = measures(work);
    let mut sum = PREFIX_LEAD + work.laid[line.start].prefix.width + measure(line.start).map_or(0.0, start_bar);
    for at in line.clone() {
        sum += bars::width(shapes[at - line.start]) + work.laid.get(at + 1).map_or(0.0, |next| clef_room(&next.clefs));
        if at > line.start {
            sum += signs_room(work, at) + inline_start(work, at);
        }
    }
    if let Some(next) = work.laid.get(line.end).filter(|next| next.signs.width > 0.0) {
        sum += INLINE_LEAD + next.signs.width;
    }
    sum
}

fn signs_room(work: &Work, at: usize) -> Space {
    let width = work.laid[at].signs.width;
    if width > 0.0 { INLINE_LEAD + width } else { 0.0 }
}

/// A repeat sign after a change of key or time within a line.
fn inline_start(work: &Work, at: usize) -> Space {
    if work.laid[at].signs.width > 0.0 { measures(work)(at).filter(|m| m.repeat_start).map_or(0.0, start_bar) } else { 0.0 }
}

/// The rest of several measures that is being placed: each has an equal share of it, for a play cursor to pass.
#[derive(Default)]
struct LongRest {
    left: Space,
    share: Space,
    passed: u16,
}

impl LongRest {
    fn share(&mut self, rests: Gathered, left: Space, right: Space) -> Option<(Space, Space)> {
        match rests {
            Gathered::Alone => return None,
            Gathered::Leads(count) => *self = Self { left, share: (right - left) / Space::from(count.max(1)), passed: 0 },
            Gathered::Follows { .. } => self.passed = self.passed.saturating_add(1),
        }
        let from = self.left + self.share * Space::from(self.passed);
        Some((from, from + self.share))
    }
}

fn place(work: &Work, draft: &mut Draft, shapes: &[BarShape], length: impl Fn(&Gap) -> Space) {
    let line = draft.measures.clone();
    let mut x = draft.left + PREFIX_LEAD;
    signs(draft, &work.laid[line.start].prefix, x);
    x += work.laid[line.start].prefix.width;
    let mut long = LongRest::default();
    for at in line.clone() {
        let laid = &work.laid[at];
        let bar = work.bar(at);
        let measure = measures(work)(at);
        let mut start = None;
        if at > line.start && laid.signs.width > 0.0 {
            signs(draft, &laid.signs, x + INLINE_LEAD);
            x += INLINE_LEAD + laid.signs.width;
        }
        let repeats = at == line.start || inline_start(work, at) > 0.0;
        if let Some(width) = measure.map(start_bar).filter(|width| repeats && *width > 0.0) {
            start = measure.map(|m| (bars::before(m), x + 0.8));
            x += width;
        }
        if at == line.start {
            draft.music = x;
        }
        let left = x;
        let mut xs = Vec::with_capacity(laid.columns.columns.len());
        let (last_gap, inner) = match laid.gaps.gaps.split_last() {
            Some((last, inner)) => (length(last), inner),
            None => (0.0, &[][..]),
        };
        for gap in inner {
            x += length(gap);
            xs.push(x);
        }
        x += last_gap;
        let right = x;
        if let Some(next) = work.laid.get(at + 1).filter(|next| next.clefs.width > 0.0) {
            signs(draft, &next.clefs, x + CLEF_LEAD);
            x += clef_room(&next.clefs);
        }
        let shape = shapes[at - line.start];
        let barline = x;
        x += bars::width(shape);
        let moments = laid.columns.columns.iter().zip(&xs).filter(|(c, _)| c.is_moment());
        let mut times: Vec<(Beat, Space)> = moments.map(|(c, x)| (c.beat, *x)).collect();
        if let Some((from, to)) = long.share(laid.rests, left, right) {
            times = vec![(Beat::ZERO, from), (bar.length, to)];
        } else if times.last().is_none_or(|row| row.0 < bar.length) {
            times.push((bar.length, right));
        }
        draft.times.extend(times.iter().map(|(beat, x)| TimePoint { measure: bar.id, beat: *beat, x: *x }));
        draft.frames.push(Frame { index: at, left, right: barline, end: x, xs, bar: shape, start, times });
    }
    if let Some(next) = work.laid.get(line.end).filter(|next| next.signs.width > 0.0) {
        signs(draft, &next.signs, x + INLINE_LEAD);
        x += INLINE_LEAD + next.signs.width;
    }
    draft.right = x;
}

fn signs(draft: &mut Draft, block: &Block, x: Space) {
    for sign in &block.signs {
        if let Some(staff) = draft.staves.get_mut(sign.staff) {
            let at = Point::new(x + sign.at.x, sign.at.y);
            staff.glyph(sign.glyph, at, sign.scale, Tag::new(sign.role, sign.source));
        }
    }
}

fn staff_lines(work: &Work, draft: &mut Draft) {
    let thickness = engraving_defaults().staff_line_thickness;
    let (left, right) = (draft.left, draft.right);
    for (staff, state) in draft.staves.iter_mut().zip(&work.bar(draft.measures.start).opening) {
        for line in 0..state.lines {
            let y = Space::from(line) * state.gap();
            let (from, to) = (Point::new(left, y), Point::new(right, y));
            staff.items.insert(
                usize::from(line),
                crate::engrave::page::Item {
                    shape: Shape::Line { from, to, thickness, dash: None },
                    role: Role::StaffLine,
                    source: None,
                    voice: 0,
                    colour: None,
                },
            );
        }
        staff.sky.add(crate::engrave::page::Rect::new(left, 0.0, right, staff.height));
    }
}
