//! Shapes as filled outlines, the common ground of the renderers.

use crate::engrave::{Point, Shape, Space};
use crate::font::{self, Glyph, OutlinePen, ShapedText};

/// A line with more dashes than this is drawn solid: they could no longer be told apart.
const MOST_DASHES: f32 = 2_000.0;

/// The em of the music font in staff spaces (SMuFL 1.4, "Metrics": one em is a staff of four spaces).
pub(super) const MUSIC_EM: f32 = 4.0;

/// Draws a shape as closed contours, to be filled by the non-zero rule. Glyphs, polygons and curves each have one winding of
/// their own, so contours of one kind may overlap within a path.
pub(crate) fn trace(shape: &Shape, pen: &mut dyn OutlinePen) {
    match shape {
        Shape::Glyph { glyph, at, scale } => trace_glyph(*glyph, *at, *scale, pen),
        Shape::Line { from, to, thickness, dash } => trace_line(*from, *to, *thickness, *dash, pen),
        Shape::Polygon(points) => trace_polygon(points, pen),
        Shape::Curve { start, outer, inner, end } => trace_curve(*start, *outer, *inner, *end, pen),
        Shape::Text { at, size, shaped, .. } => trace_text(*at, *size, shaped, pen),
    }
}

/// Nothing on paper is further than this from the page's corner, in staff spaces.
const FARTHEST: f32 = 1e6;

/// Whether every number of the shape is one that can be drawn.
pub(super) fn is_drawable(shape: &Shape) -> bool {
    let near = |length: &f32| length.abs() <= FARTHEST;
    let fine = |point: &Point| near(&point.x) && near(&point.y);
    match shape {
        Shape::Glyph { at, scale, .. } => fine(at) && near(scale),
        Shape::Line { from, to, thickness, .. } => fine(from) && fine(to) && near(thickness),
        Shape::Polygon(points) => points.iter().all(fine),
        Shape::Curve { start, outer, inner, end } => [start, end].into_iter().chain(outer).chain(inner).all(fine),
        Shape::Text { at, size, .. } => fine(at) && near(size),
    }
}

fn trace_glyph(glyph: Glyph, at: Point, scale: f32, pen: &mut dyn OutlinePen) {
    if let Some((key, id)) = font::glyph_id(glyph) {
        font::outline(key, id, &mut Placed { pen, at, scale: scale * MUSIC_EM });
    }
}

fn trace_text(at: Point, size: Space, shaped: &ShapedText, pen: &mut dyn OutlinePen) {
    for run in &shaped.runs {
        for glyph in &run.glyphs {
            let at = Point::new(at.x + glyph.x, at.y - glyph.y);
            font::outline(run.font, glyph.id, &mut Placed { pen, at, scale: size });
        }
    }
}

/// The dashes of a line, from its start: the whole line if it is solid.
pub(super) fn dashes(from: Point, to: Point, dash: Option<(Space, Space)>) -> Vec<(Point, Point)> {
    let length = (to.x - from.x).hypot(to.y - from.y);
    let Some((on, off)) = dash.filter(|(on, off)| *on > 0.0 && *off > 0.0 && length / (on + off) < MOST_DASHES) else {
        return vec![(from, to)];
    };
    let at = |distance: f32| {
        let share = (distance / length).min(1.0);
        Point::new(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
    };
    let count = (length / (on + off)).ceil() as usize;
    (0..count).map(|index| index as f32 * (on + off)).map(|start| (at(start), at(start + on))).collect()
}

fn trace_line(from: Point, to: Point, thickness: Space, dash: Option<(Space, Space)>, pen: &mut dyn OutlinePen) {
    let length = (to.x - from.x).hypot(to.y - from.y);
    if length <= 0.0 {
        return;
    }
    let across = Point::new(-(to.y - from.y) / length * thickness / 2.0, (to.x - from.x) / length * thickness / 2.0);
    for (start, end) in dashes(from, to, dash) {
        trace_polygon(&[start + across, end + across, end - across, start - across], pen);
    }
}

/// Twice the area that the points go around, positive when they turn one way and negative when they turn the other.
fn turning(points: &[Point]) -> f32 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum()
}

fn trace_polygon(points: &[Point], pen: &mut dyn OutlinePen) {
    if points.len() < 3 {
        return;
    }
    let forwards = turning(points) >= 0.0;
    let mut corners = points.iter();
    let mut next = || if forwards { corners.next() } else { corners.next_back() };
    if let Some(first) = next() {
        pen.move_to(first.x, first.y);
    }
    while let Some(corner) = next() {
        pen.line_to(corner.x, corner.y);
    }
    pen.close();
}

fn trace_curve(start: Point, outer: [Point; 2], inner: [Point; 2], end: Point, pen: &mut dyn OutlinePen) {
    let forwards = turning(&[start, outer[0], outer[1], end, inner[1], inner[0]]) >= 0.0;
    let (there, back) = if forwards { (outer, inner) } else { (inner, outer) };
    pen.move_to(start.x, start.y);
    pen.curve_to(there[0].x, there[0].y, there[1].x, there[1].y, end.x, end.y);
    pen.curve_to(back[1].x, back[1].y, back[0].x, back[0].y, start.x, start.y);
    pen.close();
}

/// Draws what comes in ems at a place and size of the page.
struct Placed<'a> {
    pen: &'a mut dyn OutlinePen,
    at: Point,
    scale: f32,
}

impl Placed<'_> {
    fn x(&self, x: f32) -> f32 {
        self.at.x + x * self.scale
    }
    fn y(&self, y: f32) -> f32 {
        self.at.y + y * self.scale
    }
}

impl OutlinePen for Placed<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen.move_to(self.x(x), self.y(y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.pen.line_to(self.x(x), self.y(y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.pen.quad_to(self.x(cx), self.y(cy), self.x(x), self.y(y));
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.pen.curve_to(self.x(ax), self.y(ay), self.x(bx), self.y(by), self.x(x), self.y(y));
    }
    fn close(&mut self) {
        self.pen.close();
    }
}
