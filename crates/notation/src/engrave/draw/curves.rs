//! Ties and slurs (Gould, "Behind Bars", pp. 60–69 and 108–128).

use super::{Draft, Placed, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Chord, Place, Stem, Stretch, StretchEnd, Tie};
use crate::font::engraving_defaults;
use crate::model::{Placement, SpanKind};

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
pub(super) fn ties(work: &Work, draft: &mut Draft, ties: &[usize]) {
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
        (Some(start), Some(end), _) => (start, Point::new(end.x, start.y)),
        (Some(start), None, Some(_)) => (start, Point::new(draft.right - 0.2, start.y)),
        (Some(start), None, None) => (start, Point::new(start.x + 2.2, start.y)),
        (None, Some(end), _) => (Point::new((draft.music + 0.1).min(end.x - 1.5), end.y), end),
        (None, None, _) => return None,
    };
    (chord.visible && end.x > start.x).then_some((source.staff, start, end, up))
}

/// Draws slurs: those of one staff before the staves have their places, or those between staves after.
pub(super) fn slurs(work: &Work, draft: &mut Draft, spans: &[usize], across: bool) {
    let mut own: Vec<&Stretch> = spans.iter().map(|at| work.span(*at)).filter(|s| s.kind == SpanKind::Slur).collect();
    // Short ones first: what encloses others goes around them.
    own.sort_by_key(|s| (s.end.bar - s.start.bar, s.end.beat - s.start.beat, s.id));
    for span in own {
        if (span.start.staff != span.end.staff) == across {
            slur(work, draft, span, across);
        }
    }
}

fn chord_at<'a>(work: &'a Work, end: &StretchEnd) -> Option<(&'a Chord, Place)> {
    end.chord.map(|place| (work.chord(place), place))
}

/// Slurs go above unless all stems under them point up (Gould, p. 110).
fn slur_up(work: &Work, span: &Stretch) -> bool {
    match span.placement {
        Placement::Above => return true,
        Placement::Below => return false,
        Placement::Auto => {}
    }
    let ends = [chord_at(work, &span.start), chord_at(work, &span.end)];
    if let Some((chord, _)) = ends.iter().flatten().find(|(c, _)| !c.alone) {
        return chord.is_upper();
    }
    if let Some((chord, _)) = ends[0].filter(|(c, _)| c.grace.is_some()) {
        return chord.stem == Stem::Down;
    }
    let (Some((start, from)), Some((end, to))) = (ends[0], ends[1]) else { return true };
    let mut any_down = start.stem != Stem::Up || end.stem != Stem::Up;
    if from.bar == to.bar {
        let chords = &work.bar(from.bar).chords;
        let between = chords.iter().filter(|c| c.voice == start.voice && c.home() == start.home() && !c.is_rest());
        any_down |= between.filter(|c| c.onset >= start.onset && c.onset <= end.onset).any(|c| c.stem == Stem::Down);
    }
    any_down
}

/// Where a slur ends at a chord: over the head's middle, or beside the tip of a stem on its side.
fn slur_end(chord: &Chord, placed: &Placed, up: bool, first: bool) -> Point {
    let on_stem_side = chord.has_stem() && (chord.stem == Stem::Up) == up;
    let head = if up { placed.high - 0.75 } else { placed.low + 0.75 };
    if !on_stem_side {
        return Point::new(placed.middle(), head);
    }
    let tip = if up { placed.tip - 0.35 } else { placed.tip + 0.35 };
    if chord.beam.is_some() {
        return Point::new(placed.stem, tip);
    }
    // Beside a lone stem the slur may start lower than its tip, which keeps it flat.
    let aside = match (up, first) {
        (true, true) => 0.55,
        (false, false) => -0.55,
        _ => 0.0,
    };
    let y = if aside == 0.0 {
        tip
    } else if up {
        placed.tip + 0.9
    } else {
        placed.tip - 0.9
    };
    Point::new(placed.stem + aside, y)
}

fn slur(work: &Work, draft: &mut Draft, span: &Stretch, across: bool) {
    let up = slur_up(work, span);
    let top = |draft: &Draft, staff: usize| if across { draft.top_of(staff) } else { 0.0 };
    let find = |draft: &Draft, end: &StretchEnd, first: bool| -> Option<Point> {
        if !draft.holds(end.bar) {
            return None;
        }
        let point = match chord_at(work, end) {
            Some((chord, place)) if !chord.is_rest() => slur_end(chord, draft.place(place)?, up, first),
            Some((_, place)) => {
                let placed = draft.place(place)?;
                Point::new(placed.middle(), if up { placed.high - 0.8 } else { placed.low + 0.8 })
            }
            None => {
                let x = draft.frame(end.bar)?.x(end.beat) + 0.6;
                let staff = draft.staves.get(end.staff)?;
                Point::new(
                    x,
                    if up {
                        staff.sky.top(x - 1.0, x + 1.0).min(0.0) - 0.5
                    } else {
                        staff.sky.bottom(x - 1.0, x + 1.0).max(staff.height) + 0.5
                    },
                )
            }
        };
        Some(Point::new(point.x, point.y + top(draft, end.staff)))
    };
    let (start, end) = (find(draft, &span.start, true), find(draft, &span.end, false));
    let broken = |draft: &Draft, y: Space, right: bool| {
        let x = if right { draft.right - 0.3 } else { draft.music - 0.2 };
        Point::new(x, y)
    };
    let edge = |draft: &Draft, staff: usize| {
        let base = top(draft, staff);
        let height = draft.staves.get(staff).map_or(4.0, |s| s.height);
        if up { base - 1.2 } else { base + height + 1.2 }
    };
    let (start, mut end) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => {
            let y = if up { start.y.min(edge(draft, span.start.staff)) } else { start.y.max(edge(draft, span.start.staff)) };
            (start, broken(draft, y, true))
        }
        (None, Some(end)) => {
            let y = if up { end.y.min(edge(draft, span.end.staff)) } else { end.y.max(edge(draft, span.end.staff)) };
            (broken(draft, y, false), end)
        }
        (None, None) => {
            let y = edge(draft, span.start.staff);
            (broken(draft, y, false), broken(draft, y, true))
        }
    };
    if end.x < start.x + 0.8 {
        end.x = start.x + 0.8;
    }
    let staff = if draft.holds(span.start.bar) { span.start.staff } else { span.end.staff };
    draw_slur(draft, span, (start, end), up, staff, across);
}

fn draw_slur(draft: &mut Draft, span: &Stretch, (mut start, mut end): (Point, Point), up: bool, staff: usize, across: bool) {
    let sign = if up { -1.0 } else { 1.0 };
    let length = end.x - start.x;
    // Steep slurs are eased by moving the inner end outwards.
    let most = length * 0.45 + 0.5;
    let rise = end.y - start.y;
    if rise.abs() > most && !across {
        let by = rise.abs() - most;
        if (rise > 0.0) == up { end.y -= rise.signum() * by } else { start.y += rise.signum() * by }
    }
    let mut height = (0.7 + length * 0.07).clamp(0.7, 3.2);
    if !across {
        if let Some(line) = draft.staves.get(staff) {
            for step in 1..16 {
                let t = step as f32 / 16.0;
                let x = start.x + length * t;
                if x < start.x + 0.9 || x > end.x - 0.9 {
                    continue;
                }
                let ink = if up { line.sky.top(x - 0.3, x + 0.3) - 0.35 } else { line.sky.bottom(x - 0.3, x + 0.3) + 0.35 };
                let base = start.y + (end.y - start.y) * t;
                // A curve with both control points this high is at three quarters of it in the middle.
                let share = (3.0 * t * (1.0 - t)).max(0.25);
                let needed = (ink - base) * sign / share;
                // Only ink of notes near the slur, not of the staff itself, moves it.
                if needed.is_finite() && (if up { ink < -0.3 || ink < base } else { ink > line.height + 0.3 || ink > base }) {
                    height = height.max(needed);
                }
            }
        }
        height = height.min(2.0 + length * 0.35).min(9.0);
    }
    let thickness = engraving_defaults().slur_midpoint_thickness * 1.4;
    let shape = curve(start, end, height * sign, thickness);
    let tag = Tag::new(Role::Slur, Some(span.id.into()));
    if across {
        draft.put(shape, tag);
        return;
    }
    let Some(line) = draft.staves.get_mut(staff) else { return };
    for step in 0..12 {
        let (a, b) = (step as f32 / 12.0, (step + 1) as f32 / 12.0);
        let y = |t: f32| start.y + (end.y - start.y) * t + sign * height * 3.0 * t * (1.0 - t);
        let rect = Rect::new(start.x + length * a, y(a).min(y(b)) - 0.1, start.x + length * b, y(a).max(y(b)) + 0.1);
        line.sky.add(rect);
    }
    line.item(shape, tag);
}
