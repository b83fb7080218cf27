//! Ties (Gould, "Behind Bars", pp. 60–69).

use super::{Draft, Placed, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Chord, Place, Stem, Tie};
use crate::engrave::shapes::ink;
use crate::font::engraving_defaults;

/// How thick a curve is in its middle; its ends are drawn to a point.
fn curve(start: Point, end: Point, height: Space, thickness: Space) -> Shape {
    // The control points stand over 22 % and 78 % of the chord between the ends, along its normal.
    let (dx, dy) = (end.x - start.x, end.y - start.y);
    let length = dx.hypot(dy).max(0.01);
    let (nx, ny) = (-dy / length, dx / length);
    let inset = (length * 0.22).min(4.0).max(length * 0.12);
    let point = |along: Space, off: Space| Point::new(start.x + dx * along / length + nx * off, start.y + dy * along / length + ny * off);
    let sign = height.signum();
    let outer = [point(inset, height), point(length - inset, height)];
    let inside = height - sign * thickness;
    let inner = [point(inset, inside), point(length - inset, inside)];
    Shape::Curve { start, outer, inner, end }
}

/// Draws the ties of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft, ties: &[usize]) {
    for index in ties {
        let tie = &work.prepared.ties[*index];
        if let Some((staff, start, end, up)) = tie_ends(work, draft, tie) {
            let length = end.x - start.x;
            let height = (0.25 + length * 0.12).clamp(0.4, 1.15);
            let sign = if up { -1.0 } else { 1.0 };
            let thickness = engraving_defaults().tie_midpoint_thickness * 1.3;
            let shape = curve(start, end, height * sign, thickness);
            let chord = work.chord(tie.from.0);
            let source = chord.heads.get(tie.from.1).map(|h| h.id.into());
            let tag = Tag { role: Role::Tie, source, voice: chord.voice };
            let rect = Rect::new(start.x, start.y.min(start.y + sign * height * 0.75), end.x, start.y.max(start.y + sign * height * 0.75));
            if let Some(staff) = draft.staves.get_mut(staff) {
                staff.sky.add(rect);
                staff.item(shape, tag);
            }
        }
    }
}

/// Ties curve away from the stem; in a chord the upper half curves up and the lower half down.
fn tie_up(chord: &Chord, head: usize) -> bool {
    if !chord.alone {
        return chord.is_upper();
    }
    if chord.heads.len() > 1 {
        let tied: Vec<usize> = (0..chord.heads.len()).collect();
        let middle = tied.len() as f32 / 2.0 - 0.5;
        return match (head as f32).total_cmp(&middle) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            std::cmp::Ordering::Equal => chord.stem != Stem::Up,
        };
    }
    match chord.stem {
        Stem::Up => false,
        Stem::Down => true,
        Stem::None => chord.heads[head].y < chord.height / 2.0 + 0.01,
    }
}

fn head_point(chord: &Chord, placed: &Placed, head: usize, after: bool, up: bool) -> Option<Point> {
    let h = chord.heads.get(head)?;
    let wide = crate::engrave::shapes::width(h.glyph) * chord.scale;
    let left = placed.x + chord.dx + h.dx;
    let single = chord.heads.len() == 1;
    // Over a single head the tie starts near its middle; beside the heads of a chord it keeps clear of them.
    let lift = if single { 0.62 } else { 0.2 };
    let x = match (after, single) {
        (true, true) => left + wide * 0.65,
        (false, true) => left + wide * 0.35,
        (true, false) => placed.right.max(if chord.value.dots > 0 { placed.x + chord.dot_x + 0.4 } else { 0.0 }) + 0.12,
        (false, false) => placed.left - 0.12,
    };
    Some(Point::new(x, h.y + if up { -lift } else { lift }))
}

/// Where a tie at this height has to end so that it keeps clear of the accidentals of what it leads to.
fn before_signs(work: &Work, draft: &Draft, to: Place, staff: usize, y: Space, end: Space) -> Space {
    let bar = work.bar(to.bar);
    let column = bar.chords[to.chord].column;
    let mut x = end;
    for (at, chord) in bar.chords.iter().enumerate().filter(|(_, c)| c.column == column && c.visible) {
        let Some(placed) = draft.place(Place { bar: to.bar, chord: at }) else { continue };
        for head in chord.heads.iter().filter(|head| head.staff == staff) {
            let Some(sign) = head.accidental.filter(|sign| !sign.editorial) else { continue };
            let rect = ink(sign.glyph, Point::new(placed.x + sign.dx, head.y), chord.scale);
            if rect.top < y + 0.4 && rect.bottom > y - 0.4 && rect.right < end + 1.0 {
                x = x.min(rect.left - 0.12);
            }
        }
    }
    x
}

fn tie_ends(work: &Work, draft: &Draft, tie: &Tie) -> Option<(usize, Point, Point, bool)> {
    let (from, head) = tie.from;
    let chord = work.chord(from);
    let source = chord.heads.get(head)?;
    let up = tie_up(chord, head);
    let start = draft.place(from).and_then(|p| head_point(chord, p, head, true, up));
    let end = tie.to.and_then(|(place, head)| {
        let chord = work.chord(place);
        draft.place(place).and_then(|p| head_point(chord, p, head, false, up))
    });
    let (start, end) = match (start, end, tie.to) {
        (Some(start), Some(end), Some((place, _))) => {
            let x = before_signs(work, draft, place, source.staff, start.y, end.x);
            (start, Point::new(x.max(start.x + 1.0).min(end.x), start.y))
        }
        (Some(start), Some(end), None) => (start, Point::new(end.x, start.y)),
        (Some(start), None, Some(_)) => (start, Point::new(draft.right - 0.2, start.y)),
        (Some(start), None, None) => (start, Point::new(start.x + 2.2, start.y)),
        (None, Some(end), to) => {
            let x = to.map_or(end.x, |(place, _)| before_signs(work, draft, place, source.staff, end.y, end.x));
            (Point::new((draft.music + 0.1).min(x - 1.2), end.y), Point::new(x, end.y))
        }
        (None, None, _) => return None,
    };
    (chord.visible && end.x > start.x).then_some((source.staff, start, end, up))
}
