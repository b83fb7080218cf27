//! Slurs (Gould, "Behind Bars", pp. 108–128): several of each are tried, and the one that is least bent and lifted while it
//! clears notes, stems and signs is drawn.

use super::{Draft, Placed, Tag, Work};
use crate::engrave::lookup::bounds;
use crate::engrave::page::{Item, Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Chord, Place, Stem, Stretch, StretchEnd};
use crate::font::engraving_defaults;
use crate::model::{Placement, RecordRef, SpanKind};

/// Draws slurs: those of one staff before the staves have their places, or those between staves after.
pub(super) fn draw(work: &Work, draft: &mut Draft, spans: &[usize], across: bool) {
    let mut own: Vec<&Stretch> = spans.iter().map(|at| work.span(*at)).filter(|s| s.kind == SpanKind::Slur).collect();
    // Short ones first: what encloses others goes around them.
    own.sort_by_key(|s| (s.end.bar - s.start.bar, s.end.beat - s.start.beat, s.id));
    own.retain(|s| (s.start.staff != s.end.staff) == across);
    if own.is_empty() {
        return;
    }
    let mut around = Surroundings::of(draft, &own, across);
    for span in own {
        slur(work, draft, span, &mut around);
    }
}

fn chord_at<'a>(work: &'a Work, end: &StretchEnd) -> Option<(&'a Chord, Place)> {
    end.chord.map(|place| (work.chord(place), place))
}

/// Whether a slur has a side of its own choice: between staves, where nothing says which.
fn is_free(span: &Stretch, across: bool) -> bool {
    across && span.placement == Placement::Auto
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

/// Both ends of a slur on this system; at the margins where it comes from the one before or goes on to the next.
fn ends(work: &Work, draft: &Draft, span: &Stretch, up: bool, across: bool) -> Option<(Point, Point)> {
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
    Some((start, end))
}

/// A slur as it is tried: its ends, and how far its control points stand out over them.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    start: Point,
    end: Point,
    heights: [Space; 2],
    up: bool,
    cost: f32,
}

fn slur(work: &Work, draft: &mut Draft, span: &Stretch, around: &mut Surroundings) {
    let across = around.across;
    let side = slur_up(work, span);
    let voices = [&span.start, &span.end].map(|end| chord_at(work, end).map(|(chord, _)| chord.voice));
    let own = [&span.start, &span.end].map(|end| chord_at(work, end).map_or_else(Vec::new, |(chord, _)| records(chord)));
    let try_side = |up: bool| {
        let (start, end) = ends(work, draft, span, up, across)?;
        let touching = around.between(start.x, end.x, span, &own);
        Some(fit(start, end, up, &touching, &voices))
    };
    let mut best = try_side(side);
    if is_free(span, across) {
        let other = try_side(!side);
        best = match (best, other) {
            (Some(a), Some(b)) => Some(if b.cost + 1.0 < a.cost { b } else { a }),
            (a, b) => a.or(b),
        };
    }
    let Some(best) = best else { return };
    let staff = if draft.holds(span.start.bar) { span.start.staff } else { span.end.staff };
    put(draft, span, &best, staff, around);
}

/// The records that show a chord itself.
fn records(chord: &Chord) -> Vec<RecordRef> {
    let heads = chord.heads.iter().map(|head| RecordRef::from(head.id));
    heads.chain([RecordRef::from(chord.id)]).collect()
}

/// Ink that a slur may meet: an x with the highest and lowest ink there.
#[derive(Debug, Clone, Copy)]
struct Spot {
    x: Space,
    top: Space,
    bottom: Space,
    role: Role,
    voice: u8,
    source: Option<RecordRef>,
}

/// What there is to go around on the staves of a system, from left to right.
struct Surroundings {
    across: bool,
    /// A list for each staff; one for all of them where slurs run between staves.
    spots: Vec<Vec<Spot>>,
}

impl Surroundings {
    fn of(draft: &Draft, spans: &[&Stretch], across: bool) -> Self {
        let mut spots: Vec<Vec<Spot>> = vec![Vec::new(); if across { 1 } else { draft.staves.len() }];
        let wanted = |staff: usize| {
            spans.iter().any(|s| {
                let (from, to) = (s.start.staff.min(s.end.staff), s.start.staff.max(s.end.staff));
                (from..=to).contains(&staff)
            })
        };
        for (at, staff) in draft.staves.iter().enumerate().filter(|(at, _)| wanted(*at)) {
            let by = if across { staff.top } else { 0.0 };
            let list = &mut spots[if across { 0 } else { at }];
            staff.items.iter().for_each(|item| spots_of(item, by, list));
        }
        if across {
            draft.items.iter().for_each(|item| spots_of(item, 0.0, &mut spots[0]));
        }
        spots.iter_mut().for_each(|list| list.sort_by(|a, b| a.x.total_cmp(&b.x)));
        Self { across, spots }
    }

    /// What lies between two places, without the heads and stems of the slur's own notes.
    fn between(&self, left: Space, right: Space, span: &Stretch, own: &[Vec<RecordRef>; 2]) -> Vec<Spot> {
        let list = if self.across { &self.spots[0] } else { &self.spots[span.start.staff.min(self.spots.len() - 1)] };
        let from = list.partition_point(|spot| spot.x < left - NEAR);
        let belongs = |spot: &Spot| {
            let part = matches!(spot.role, Role::Notehead | Role::Stem | Role::Flag | Role::Tremolo);
            part && spot.source.is_some_and(|source| own.iter().any(|records| records.contains(&source)))
        };
        list[from..].iter().take_while(|spot| spot.x <= right + NEAR).filter(|spot| !belongs(spot)).copied().collect()
    }
}

/// What stands this near to the end of a slur is at its end.
const NEAR: Space = 0.7;

/// The places at which an item has to be cleared; none for what a slur may cross.
fn spots_of(item: &Item, by: Space, spots: &mut Vec<Spot>) {
    let solid = matches!(
        item.role,
        Role::Notehead
            | Role::Accidental
            | Role::Stem
            | Role::Beam
            | Role::Flag
            | Role::Articulation
            | Role::Rest
            | Role::Dot
            | Role::Tuplet
            | Role::Tremolo
            | Role::Ornament
            | Role::Slur
    );
    if !solid {
        return;
    }
    let mut add = |x: Space, top: Space, bottom: Space| {
        spots.push(Spot { x, top: top + by, bottom: bottom + by, role: item.role, voice: item.voice, source: item.source });
    };
    match &item.shape {
        Shape::Polygon(points) if points.len() == 4 => {
            for pair in [[points[0], points[3]], [points[1], points[2]]] {
                add(pair[0].x, pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y));
            }
        }
        Shape::Curve { start, outer, end, .. } => {
            for t in [0.1, 0.3, 0.5, 0.7, 0.9_f32] {
                let s = 1.0 - t;
                let at = |a: Space, b: Space, c: Space, d: Space| s * s * s * a + 3.0 * s * s * t * b + 3.0 * s * t * t * c + t * t * t * d;
                let y = at(start.y, outer[0].y, outer[1].y, end.y);
                add(at(start.x, outer[0].x, outer[1].x, end.x), y - 0.1, y + 0.1);
            }
        }
        Shape::Line { from, to, .. } => {
            let rect = bounds(item);
            add(from.x, rect.top, rect.bottom);
            if (to.x - from.x).abs() > 0.5 {
                add(to.x, rect.top, rect.bottom);
            }
        }
        _ => {
            let rect = bounds(item);
            add(rect.left, rect.top, rect.bottom);
            if rect.right - rect.left > 0.5 {
                add(rect.right, rect.top, rect.bottom);
            }
        }
    }
}

/// Between a slur and what it goes around.
const CLEAR: Space = 0.3;

/// How far along a slur its control points stand: fuller shoulders for longer ones.
fn inset(length: Space) -> f32 {
    (length * 0.22).min(4.0).max(length * 0.12) / length.max(0.01)
}

/// The two middle Bernstein polynomials at the place of a cubic that is this share of the way along.
fn weights(share: f32, inset: f32) -> [f32; 2] {
    let along = |t: f32| 3.0 * t * (1.0 - t) * ((1.0 - t) * inset + t * (1.0 - inset)) + t * t * t;
    let mut t = share;
    for _ in 0..3 {
        t = (t + (share - along(t))).clamp(0.0, 1.0);
    }
    [3.0 * t * (1.0 - t) * (1.0 - t), 3.0 * t * t * (1.0 - t)]
}

/// The best of several slurs between two places: its ends raised as little, and its back as little bent, as lets it clear what
/// lies between.
fn fit(start: Point, end: Point, up: bool, spots: &[Spot], voices: &[Option<u8>; 2]) -> Candidate {
    let sign: Space = if up { -1.0 } else { 1.0 };
    let (start, end) = eased(clear_end(start, up, spots), clear_end(end, up, spots), up);
    let length = (end.x - start.x).max(0.5);
    let inset = inset(length);
    // Each place with how much of either control point is felt there, and the y that has to be left inside.
    let mut held: Vec<([f32; 2], f32, Space, bool)> = Vec::with_capacity(spots.len());
    for spot in spots {
        let share = (spot.x - start.x) / length;
        if !(0.01..=0.99).contains(&share) {
            continue;
        }
        let edge = if up { spot.top - CLEAR } else { spot.bottom + CLEAR };
        let own = spot.voice == 0 || voices.iter().flatten().any(|voice| *voice == spot.voice);
        held.push((weights(share, inset), share, edge, own));
    }
    // An end that is lifted off its note asks why.
    let at = |lifts: (Space, Space)| {
        let tried = candidate((lifted(start, lifts.0, sign), lifted(end, lifts.1, sign)), up, &held);
        Candidate { cost: tried.cost + 0.35 * (lifts.0 + lifts.1), ..tried }
    };
    let mut lifts = (0.0, 0.0);
    let mut best = at(lifts);
    // Raise whichever end gains most, as long as it does.
    for _ in 0..6 {
        if best.cost < 0.25 {
            break;
        }
        let tries = [(0.5, 0.0), (0.0, 0.5), (0.5, 0.5), (1.5, 0.0), (0.0, 1.5)].map(|(a, b)| (lifts.0 + a, lifts.1 + b));
        let next = tries.map(|lifts| (lifts, at(lifts))).into_iter().min_by(|a, b| a.1.cost.total_cmp(&b.1.cost));
        let Some((to, better)) = next.filter(|(_, next)| next.cost < best.cost) else { break };
        (lifts, best) = (to, better);
    }
    best
}

fn lifted(point: Point, by: Space, sign: Space) -> Point {
    Point::new(point.x, point.y + sign * by)
}

/// An end of a slur goes outside of what stands on its note: a dot, a dash, an accent.
fn clear_end(end: Point, up: bool, spots: &[Spot]) -> Point {
    let on = spots.iter().filter(|s| (s.x - end.x).abs() < NEAR && matches!(s.role, Role::Articulation | Role::Ornament));
    let y = on.fold(end.y, |y, spot| {
        // What is far away belongs to another note.
        let edge = if up { spot.top - 0.25 } else { spot.bottom + 0.25 };
        if (edge - end.y).abs() > 3.0 {
            y
        } else if up {
            y.min(edge)
        } else {
            y.max(edge)
        }
    });
    Point::new(end.x, y)
}

/// Steep slurs are eased by moving the inner end outwards.
fn eased(mut start: Point, mut end: Point, up: bool) -> (Point, Point) {
    let rise = end.y - start.y;
    let by = rise.abs() - ((end.x - start.x) * 0.5 + 0.5);
    if by > 0.0 {
        let by = by.min(2.5);
        if (rise > 0.0) == up { end.y -= rise.signum() * by } else { start.y += rise.signum() * by }
    }
    (start, end)
}

/// The flattest slur between two ends that clears what it can, and what that costs.
fn candidate((start, end): (Point, Point), up: bool, held: &[([f32; 2], f32, Space, bool)]) -> Candidate {
    let sign: Space = if up { -1.0 } else { 1.0 };
    let length = (end.x - start.x).max(0.5);
    let usual = (0.7 + length * 0.07).clamp(0.7, 3.2);
    let most = (2.0 + length * 0.35).min(9.0);
    let mut heights = [usual; 2];
    let needed = |(_, share, edge, _): &([f32; 2], f32, Space, bool)| (edge - (start.y + (end.y - start.y) * share)) * sign;
    // What another voice has far outside is left where it is.
    let counts = |row: &&([f32; 2], f32, Space, bool)| row.3 || needed(row) < usual + 1.0;
    for _ in 0..3 {
        for row in held.iter().filter(counts) {
            let [a, b] = row.0;
            let missing = needed(row) - (heights[0] * a + heights[1] * b);
            let share = a * a + b * b;
            if missing > 0.0 && share > 0.03 {
                heights = [heights[0] + missing * a / share, heights[1] + missing * b / share];
            }
        }
        heights = heights.map(|height| height.min(most));
    }
    let mut cost = 0.0;
    for row in held {
        let over = needed(row) - (heights[0] * row.0[0] + heights[1] * row.0[1]);
        if over > 0.02 {
            // What cannot be gone around is crossed; how deep hardly matters then.
            cost += (over * 3.0).min(if row.3 { 4.0 } else { 1.0 }) + 0.3;
        }
    }
    let bent = heights.map(|height| (height - usual) / (1.0 + length * 0.12));
    cost += bent[0] * bent[0] + bent[1] * bent[1] + 0.1 * (heights[0] - heights[1]).abs() / (1.0 + length * 0.1);
    let steep = ((end.y - start.y).abs() / length - 0.35).max(0.0);
    cost += 2.0 * steep;
    Candidate { start, end, heights, up, cost }
}

fn put(draft: &mut Draft, span: &Stretch, slur: &Candidate, staff: usize, around: &mut Surroundings) {
    let sign: Space = if slur.up { -1.0 } else { 1.0 };
    let (start, end) = (slur.start, slur.end);
    let length = (end.x - start.x).max(0.5);
    let inset = inset(length);
    let thickness = engraving_defaults().slur_midpoint_thickness * 1.4;
    let point = |share: f32, height: Space| Point::new(start.x + length * share, start.y + (end.y - start.y) * share + sign * height);
    let [first, second] = slur.heights;
    let shape = Shape::Curve {
        start,
        outer: [point(inset, first), point(1.0 - inset, second)],
        inner: [point(inset, first - thickness), point(1.0 - inset, second - thickness)],
        end,
    };
    let tag = Tag::new(Role::Slur, Some(span.id.into()));
    let item = Item { shape: shape.clone(), role: tag.role, source: tag.source, voice: 0, colour: None };
    // Those that enclose it go around it.
    let index = if around.across { 0 } else { staff.min(around.spots.len() - 1) };
    let list = &mut around.spots[index];
    spots_of(&item, 0.0, list);
    list.sort_by(|a, b| a.x.total_cmp(&b.x));
    if around.across {
        draft.put(shape, tag);
        return;
    }
    let Some(line) = draft.staves.get_mut(staff) else { return };
    for step in 0..12 {
        let y = |share: f32| {
            let [a, b] = weights(share, inset);
            start.y + (end.y - start.y) * share + sign * (first * a + second * b)
        };
        let (a, b) = (step as f32 / 12.0, (step + 1) as f32 / 12.0);
        let rect = Rect::new(start.x + length * a, y(a).min(y(b)) - 0.1, start.x + length * b, y(a).max(y(b)) + 0.1);
        line.sky.add(rect);
    }
    line.item(shape, tag);
}
