//! What is drawn, sent and replaced as a whole: the systems of a page, and lengths of an endless one.
//!
//! One endless system would be one picture, made and sent anew for every note. It is cut before some of its measures, which
//! depends on the measures alone: what an edit moves to the side keeps its cuts, and a length that looks as before stays the
//! same [`Arc`].

use std::ops::Range;
use std::sync::Arc;

use bandpro_notation::engrave::{self, Item, Page, PlacedSystem, Point, Rect, Role, Shape, Space, System};
use bandpro_notation::font;
use bandpro_notation::model::MeasureId;

/// A measure in so many, on the average, begins a new length.
const MEASURES: u64 = 4;
/// No length is wider than this, but for a single measure.
const WIDEST: Space = 300.0;
/// As far as thousandths of a space, of coordinates that grow to tens of thousands of them, can be told apart.
const SAME: Space = 0.006;

/// The pieces of a page, from what they were before. `position` says where in the score a measure stands.
pub fn of(page: &Page, endless: bool, before: &[PlacedSystem], position: impl Fn(MeasureId) -> Option<usize>) -> Vec<PlacedSystem> {
    match page.systems.as_slice() {
        [only] if endless => font::set_in(&page.setting, || cut(only, before, position)),
        systems => systems.to_vec(),
    }
}

fn cut(whole: &PlacedSystem, before: &[PlacedSystem], position: impl Fn(MeasureId) -> Option<usize>) -> Vec<PlacedSystem> {
    let system = &*whole.system;
    let lengths = lengths(whole, position);
    let (lines, others): (Vec<&Item>, Vec<&Item>) = system.items.iter().partition(|item| is_staff_line(item));
    let mut inside: Vec<Vec<&Item>> = vec![Vec::new(); lengths.len()];
    for item in others {
        let left = left(&item.shape);
        inside[lengths.partition_point(|length| length.from <= left).saturating_sub(1)].push(item);
    }
    let place = |(length, inside): (Length, Vec<&Item>)| {
        let origin = Point::new(whole.origin.x + length.from, whole.origin.y);
        let lines: Vec<Item> = lines.iter().filter_map(|line| clipped(line, &length)).collect();
        let draft = Draft { system, lines, inside, by: Point::new(-length.from, 0.0), width: length.to - length.from };
        let same = before.iter().find(|old| draft.looks_like(&old.system)).map(|old| Arc::clone(&old.system));
        PlacedSystem { origin, measures: length.measures, system: same.unwrap_or_else(|| Arc::new(draft.finished())) }
    };
    lengths.into_iter().zip(inside).map(place).collect()
}

fn is_staff_line(item: &Item) -> bool {
    item.role == Role::StaffLine && matches!(item.shape, Shape::Line { .. })
}

/// Where a shape begins.
fn left(shape: &Shape) -> Space {
    match shape {
        Shape::Glyph { at, .. } | Shape::Text { at, .. } => at.x,
        Shape::Line { from, to, .. } => from.x.min(to.x),
        Shape::Polygon(points) => points.iter().map(|point| point.x).fold(Space::INFINITY, Space::min),
        Shape::Curve { start, end, .. } => start.x.min(end.x),
    }
}

/// What lies in a length of an endless system.
struct Draft<'a> {
    system: &'a System,
    lines: Vec<Item>,
    inside: Vec<&'a Item>,
    /// From the origin of the system to that of the length.
    by: Point,
    width: Space,
}

impl Draft<'_> {
    /// Whether it looks the same, but for what rounding does to what was moved.
    fn looks_like(&self, old: &System) -> bool {
        let (none, by) = (Point::default(), self.by);
        let drawn = self.lines.iter().map(|line| (line, none)).chain(self.inside.iter().map(|item| (*item, by)));
        old.setting == self.system.setting
            && old.items.len() == self.lines.len() + self.inside.len()
            && old.staves == self.system.staves
            && old.items.iter().zip(drawn).all(|(a, (b, by))| {
                (a.role, a.source, a.voice, a.colour) == (b.role, b.source, b.voice, b.colour) && same_shape(&a.shape, &b.shape, by)
            })
    }

    fn finished(self) -> System {
        let (system, by) = (self.system, self.by);
        let items: Vec<Item> = self.lines.into_iter().chain(self.inside.into_iter().map(|item| item.clone().moved(by))).collect();
        let staves = (system.staves.first().map_or(0.0, |s| s.top), system.staves.last().map_or(0.0, |s| s.bottom));
        let empty = Rect::new(0.0, staves.0, self.width, staves.1);
        let bounds = items.iter().map(engrave::bounds).fold(empty, |all, one| all.union(&one));
        System { setting: system.setting, bounds, staves: system.staves.clone(), times: Vec::new(), items }
    }
}

/// A length of an endless system.
struct Length {
    from: Space,
    to: Space,
    measures: Range<usize>,
}

fn lengths(whole: &PlacedSystem, position: impl Fn(MeasureId) -> Option<usize>) -> Vec<Length> {
    let system = &*whole.system;
    let mut lengths: Vec<Length> = Vec::new();
    let mut last: Option<MeasureId> = None;
    let mut end = 0.0;
    for time in &system.times {
        if last != Some(time.measure) {
            let position = position(time.measure).unwrap_or(whole.measures.start);
            let begins = time.measure.raw() % MEASURES == 0 || lengths.last().is_some_and(|length| end - length.from > WIDEST);
            match lengths.last_mut() {
                None => lengths.push(Length { from: system.bounds.left.min(0.0), to: end, measures: position..position }),
                Some(length) if begins => {
                    (length.to, length.measures.end) = (end, position);
                    lengths.push(Length { from: end, to: end, measures: position..position });
                }
                Some(_) => {}
            }
            last = Some(time.measure);
        }
        end = time.x;
    }
    if lengths.is_empty() {
        lengths.push(Length { from: system.bounds.left.min(0.0), to: 0.0, measures: whole.measures.clone() });
    }
    if let Some(length) = lengths.last_mut() {
        (length.to, length.measures.end) = (system.bounds.right, whole.measures.end);
    }
    lengths
}

/// What of a staff line lies in a length.
fn clipped(item: &Item, length: &Length) -> Option<Item> {
    let Shape::Line { from, to, thickness, dash } = &item.shape else { return None };
    let (left, right) = (from.x.max(length.from), to.x.min(length.to));
    let shape = Shape::Line {
        from: Point::new(left - length.from, from.y),
        to: Point::new(right - length.from, to.y),
        thickness: *thickness,
        dash: *dash,
    };
    (left < right).then(|| Item { shape, ..item.clone() })
}

fn near(a: Point, b: Point, by: Point) -> bool {
    (a.x - b.x - by.x).abs() < SAME && (a.y - b.y - by.y).abs() < SAME
}

/// Whether a shape is another one that was moved.
fn same_shape(one: &Shape, other: &Shape, by: Point) -> bool {
    let all = |a: &[Point], b: &[Point]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b, by));
    match (one, other) {
        (Shape::Glyph { glyph: a, at: p, scale: s }, Shape::Glyph { glyph: b, at: q, scale: t }) => a == b && s == t && near(*p, *q, by),
        (Shape::Line { from: a, to: b, thickness: t, dash: d }, Shape::Line { from: p, to: q, thickness: u, dash: e }) => {
            near(*a, *p, by) && near(*b, *q, by) && t == u && d == e
        }
        (Shape::Polygon(a), Shape::Polygon(b)) => all(a, b),
        (Shape::Curve { start: a, outer: b, inner: c, end: d }, Shape::Curve { start: p, outer: q, inner: r, end: s }) => {
            near(*a, *p, by) && all(b, q) && all(c, r) && near(*d, *s, by)
        }
        (Shape::Text { at: a, face: f, size: s, text: t, .. }, Shape::Text { at: b, face: g, size: u, text: v, .. }) => {
            near(*a, *b, by) && (f, s, t) == (g, u, v)
        }
        _ => false,
    }
}
