//! Finding things on engraved pages: what is under the pointer, where a record is, where a moment is.

use super::page::{Item, Page, PlacedSystem, Point, Rect, Role, Shape, Space};
use crate::font;
use crate::model::{Beat, MeasureId, RecordRef};

/// Where a moment of the music is: a line for a play cursor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cursor {
    /// The page, as an index.
    pub page: usize,
    /// The system on that page, as an index.
    pub system: usize,
    /// The x of the moment.
    pub x: Space,
    /// The top line of the system's first staff.
    pub top: Space,
    /// The bottom line of its last staff.
    pub bottom: Space,
}

/// What an item covers, in the setting in force: that of its page, where it is not the usual one (see [`font::set_in`]).
pub fn bounds(item: &Item) -> Rect {
    let around = |points: &[Point]| {
        let first = points.first().copied().unwrap_or_default();
        points.iter().fold(Rect::new(first.x, first.y, first.x, first.y), |r, p| r.union(&Rect::new(p.x, p.y, p.x, p.y)))
    };
    match &item.shape {
        Shape::Glyph { glyph, at, scale } => {
            let b = font::metrics(*glyph).bbox;
            Rect::new(at.x + b.left * scale, at.y + b.top * scale, at.x + b.right * scale, at.y + b.bottom * scale)
        }
        Shape::Line { from, to, thickness, .. } => {
            let half = thickness / 2.0;
            // Butt caps: an upright or level line is no longer than its ends.
            let (dx, dy) = if from.x == to.x {
                (half, 0.0)
            } else if from.y == to.y {
                (0.0, half)
            } else {
                (half, half)
            };
            let r = around(&[*from, *to]);
            Rect::new(r.left - dx, r.top - dy, r.right + dx, r.bottom + dy)
        }
        Shape::Polygon(points) => around(points),
        Shape::Curve { start, outer, inner, end } => {
            // A cubic curve stays within its control points; three quarters of the way to them is as far as it gets.
            let mid = |a: Point, b: Point| Point::new((a.x + 3.0 * b.x) / 4.0, (a.y + 3.0 * b.y) / 4.0);
            around(&[*start, *end, mid(*start, outer[0]), mid(*end, outer[1]), mid(*start, inner[0]), mid(*end, inner[1])])
        }
        Shape::Text { at, size, shaped, .. } => Rect::new(at.x, at.y - size * 0.74, at.x + shaped.advance, at.y + size * 0.24),
    }
}

fn distance(rect: &Rect, to: Point) -> Space {
    let dx = (rect.left - to.x).max(to.x - rect.right).max(0.0);
    let dy = (rect.top - to.y).max(to.y - rect.bottom).max(0.0);
    dx.hypot(dy)
}

/// The note (or the event of a rest) whose head is nearest to a point of a page, if one is within the tolerance.
pub fn hit(page: &Page, at: Point, tolerance: Space) -> Option<RecordRef> {
    font::set_in(&page.setting, || nearest(page, at, tolerance))
}

fn nearest(page: &Page, at: Point, tolerance: Space) -> Option<RecordRef> {
    let mut best: Option<(Space, Space, RecordRef)> = None;
    let near = |placed: &&PlacedSystem| distance(&placed.bounds(), at) <= tolerance;
    let items = page.systems.iter().filter(near).flat_map(|placed| placed.system.items.iter().map(|item| (item, placed.origin)));
    for (item, origin) in items {
        let Some(source) = item.source.filter(|_| matches!(item.role, Role::Notehead | Role::Rest)) else { continue };
        let rect = bounds(item).moved(origin);
        let edge = distance(&rect, at);
        let centre = (at.x - (rect.left + rect.right) / 2.0).hypot(at.y - (rect.top + rect.bottom) / 2.0);
        if edge <= tolerance && best.is_none_or(|(e, c, _)| (edge, centre) < (e, c)) {
            best = Some((edge, centre, source));
        }
    }
    best.map(|(_, _, source)| source)
}

/// The first page that shows a record, and what covers it there. A chord's own items are its stem, flag and beam; its heads
/// are its notes'.
pub fn locate(pages: &[Page], record: RecordRef) -> Option<(usize, Rect)> {
    pages.iter().enumerate().find_map(|(index, page)| {
        let origin = Point::default();
        let on_page = page.items.iter().map(|item| (item, origin));
        let items = page.systems.iter().flat_map(|placed| placed.system.items.iter().map(|item| (item, placed.origin))).chain(on_page);
        let rects = items.filter(|(item, _)| item.source == Some(record)).map(|(item, origin)| bounds(item).moved(origin));
        font::set_in(&page.setting, || rects.reduce(|a, b| a.union(&b)).map(|rect| (index, rect)))
    })
}

/// Where a moment is, interpolated between the columns around it; the first system that has the measure.
pub fn cursor(pages: &[Page], measure: MeasureId, beat: Beat) -> Option<Cursor> {
    for (page, on) in pages.iter().enumerate() {
        for (system, placed) in on.systems.iter().enumerate() {
            let line = &placed.system;
            let Some(from) = line.times.iter().position(|t| t.measure == measure) else { continue };
            let times = &line.times[from..];
            let own = &times[..times.iter().take_while(|t| t.measure == measure).count()];
            let after = own.partition_point(|t| t.beat <= beat);
            let x = match (after.checked_sub(1).and_then(|i| own.get(i)), own.get(after)) {
                (Some(a), Some(b)) => {
                    let share = (beat - a.beat).to_f64() / (b.beat - a.beat).to_f64().max(1e-9);
                    a.x + (b.x - a.x) * share as Space
                }
                (Some(only), None) | (None, Some(only)) => only.x,
                (None, None) => continue,
            };
            let top = line.staves.first().map_or(line.bounds.top, |s| s.top);
            let bottom = line.staves.last().map_or(line.bounds.bottom, |s| s.bottom);
            let Point { x: left, y: down } = placed.origin;
            return Some(Cursor { page, system, x: x + left, top: top + down, bottom: bottom + down });
        }
    }
    None
}
