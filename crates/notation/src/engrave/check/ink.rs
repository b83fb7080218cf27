//! What a shape really covers: its outline, as rows of stretches.

use crate::engrave::lookup::bounds;
use crate::engrave::page::{Item, Point, Rect, Shape, Space};
use crate::font::OutlinePen;
use crate::render::outline::trace;

/// The height of a row: thin enough that no staff line or stem falls between two.
const ROW: Space = 0.05;
/// A curve is taken as this many straight pieces.
const PIECES: u32 = 12;

/// The ink of an item, in rows from `top` downwards.
pub(super) struct Ink {
    top: i32,
    rows: Vec<Vec<(Space, Space)>>,
}

impl Ink {
    /// The ink of an item of a page.
    pub(super) fn of(item: &Item) -> Self {
        let mut edges = Edges::default();
        trace(&item.shape, &mut edges);
        edges.filled(&reach(item))
    }

    /// The area that both cover, with the one widened by `margin` to its left and right.
    pub(super) fn shared(&self, other: &Self, margin: Space) -> Space {
        let from = self.top.max(other.top);
        let to = (self.top + self.rows.len() as i32).min(other.top + other.rows.len() as i32);
        let mut area = 0.0;
        for row in from..to {
            for (a, b) in &self.rows[(row - self.top) as usize] {
                for (c, d) in &other.rows[(row - other.top) as usize] {
                    area += ((b + margin).min(*d) - (a - margin).max(*c)).max(0.0) * ROW;
                }
            }
        }
        area
    }
}

/// Where the ink of an item can be. For text that is more than its nominal box: accents and long descenders.
pub(super) fn reach(item: &Item) -> Rect {
    let rect = bounds(item);
    match &item.shape {
        Shape::Text { size, .. } => {
            Rect::new(rect.left - size * 0.2, rect.top - size * 0.3, rect.right + size * 0.2, rect.bottom + size * 0.1)
        }
        // The bounds of a curve are an estimate from its control points.
        Shape::Curve { .. } => Rect::new(rect.left - 0.3, rect.top - 0.3, rect.right + 0.3, rect.bottom + 0.3),
        _ => rect,
    }
}

/// The straight edges of an outline.
#[derive(Default)]
struct Edges {
    edges: Vec<(Point, Point)>,
    start: Point,
    pen: Point,
}

impl Edges {
    fn to(&mut self, to: Point) {
        self.edges.push((self.pen, to));
        self.pen = to;
    }

    /// What the edges enclose by the non-zero rule, within a rectangle.
    fn filled(&self, within: &Rect) -> Ink {
        let top = (within.top / ROW).floor() as i32;
        let count = (((within.bottom / ROW).ceil() as i32 - top).clamp(0, 20_000) + 1) as usize;
        let mut crossings: Vec<Vec<(Space, i32)>> = vec![Vec::new(); count];
        for (from, to) in &self.edges {
            let (high, low, turn) = if from.y <= to.y { (from, to, 1) } else { (to, from, -1) };
            // A row counts where the edge passes its middle.
            let first = ((high.y / ROW - 0.5).ceil() as i32 - top).max(0);
            let last = ((low.y / ROW - 0.5).ceil() as i32 - top).min(count as i32);
            for row in first..last {
                let y = ((row + top) as Space + 0.5) * ROW;
                let share = (y - high.y) / (low.y - high.y);
                crossings[row as usize].push((high.x + (low.x - high.x) * share, turn));
            }
        }
        let rows = crossings.into_iter().map(|mut row| {
            row.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut spans = Vec::with_capacity(row.len() / 2);
            let (mut winding, mut from) = (0, 0.0);
            for (x, turn) in row {
                if winding == 0 {
                    from = x;
                }
                winding += turn;
                if winding == 0 {
                    spans.push((from, x));
                }
            }
            spans
        });
        Ink { top, rows: rows.collect() }
    }
}

impl OutlinePen for Edges {
    fn move_to(&mut self, x: f32, y: f32) {
        (self.start, self.pen) = (Point::new(x, y), Point::new(x, y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.to(Point::new(x, y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let from = self.pen;
        // A quadratic as the cubic that draws the same.
        let third = |a: f32, c: f32| a + (c - a) * 2.0 / 3.0;
        self.curve_to(third(from.x, cx), third(from.y, cy), third(x, cx), third(y, cy), x, y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let from = self.pen;
        for piece in 1..=PIECES {
            let t = piece as f32 / PIECES as f32;
            let s = 1.0 - t;
            let at = |p: f32, a: f32, b: f32, q: f32| s * s * s * p + 3.0 * s * s * t * a + 3.0 * s * t * t * b + t * t * t * q;
            self.to(Point::new(at(from.x, ax, bx, x), at(from.y, ay, by, y)));
        }
    }
    fn close(&mut self) {
        let start = self.start;
        self.to(start);
    }
}
