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

/// The pieces of a page, from what they were before.
pub fn of(page: &Page, endless: bool, before: &[PlacedSystem]) -> Vec<PlacedSystem> {
    match page.systems.as_slice() {
        [only] if endless => font::set_in(&page.setting, || cut(only, before)),
        systems => systems.to_vec(),
    }
}

fn cut(whole: &PlacedSystem, before: &[PlacedSystem]) -> Vec<PlacedSystem> {
    let system = &*whole.system;
    let lengths = lengths(whole);
    let mut drawn: Vec<Vec<Item>> = vec![Vec::new(); lengths.len()];
    for item in &system.items {
        if item.role == Role::StaffLine && matches!(item.shape, Shape::Line { .. }) {
            for (at, length) in lengths.iter().enumerate() {
                drawn[at].extend(clipped(item, length));
            }
            continue;
        }
        let left = engrave::bounds(item).left;
        let at = lengths.partition_point(|length| length.from <= left).saturating_sub(1);
        drawn[at].push(item.clone().moved(Point::new(-lengths[at].from, 0.0)));
    }
    let place = |(length, items): (Length, Vec<Item>)| {
        let origin = Point::new(whole.origin.x + length.from, whole.origin.y);
        let staves = (system.staves.first().map_or(0.0, |s| s.top), system.staves.last().map_or(0.0, |s| s.bottom));
        let empty = Rect::new(0.0, staves.0, length.to - length.from, staves.1);
        let bounds = items.iter().map(engrave::bounds).fold(empty, |all, one| all.union(&one));
        let made = System { setting: system.setting, bounds, staves: system.staves.clone(), times: Vec::new(), items };
        let same = before.iter().find(|old| alike(&old.system, &made)).map(|old| Arc::clone(&old.system));
        PlacedSystem { origin, measures: length.measures, system: same.unwrap_or_else(|| Arc::new(made)) }
    };
    lengths.into_iter().zip(drawn).map(place).collect()
}

/// A length of an endless system.
struct Length {
    from: Space,
    to: Space,
    measures: Range<usize>,
}

fn lengths(whole: &PlacedSystem) -> Vec<Length> {
    let system = &*whole.system;
    let mut lengths: Vec<Length> = Vec::new();
    let mut last: Option<MeasureId> = None;
    let mut position = whole.measures.start;
    let mut end = 0.0;
    for time in &system.times {
        if last != Some(time.measure) {
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
            position += 1;
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

/// Whether two look the same, but for what rounding does to what was moved.
fn alike(one: &System, other: &System) -> bool {
    one.setting == other.setting
        && one.items.len() == other.items.len()
        && one.staves == other.staves
        && one
            .items
            .iter()
            .zip(&other.items)
            .all(|(a, b)| (a.role, a.source, a.voice, a.colour) == (b.role, b.source, b.voice, b.colour) && same_shape(&a.shape, &b.shape))
}

fn near(a: Point, b: Point) -> bool {
    (a.x - b.x).abs() < SAME && (a.y - b.y).abs() < SAME
}

fn same_shape(one: &Shape, other: &Shape) -> bool {
    let all = |a: &[Point], b: &[Point]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(*a, *b));
    match (one, other) {
        (Shape::Glyph { glyph: a, at: p, scale: s }, Shape::Glyph { glyph: b, at: q, scale: t }) => a == b && s == t && near(*p, *q),
        (Shape::Line { from: a, to: b, thickness: t, dash: d }, Shape::Line { from: p, to: q, thickness: u, dash: e }) => {
            near(*a, *p) && near(*b, *q) && t == u && d == e
        }
        (Shape::Polygon(a), Shape::Polygon(b)) => all(a, b),
        (Shape::Curve { start: a, outer: b, inner: c, end: d }, Shape::Curve { start: p, outer: q, inner: r, end: s }) => {
            near(*a, *p) && all(b, q) && all(c, r) && near(*d, *s)
        }
        (Shape::Text { at: a, face: f, size: s, text: t, .. }, Shape::Text { at: b, face: g, size: u, text: v, .. }) => {
            near(*a, *b) && (f, s, t) == (g, u, v)
        }
        _ => false,
    }
}
