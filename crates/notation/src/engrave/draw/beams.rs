//! Beams and the stems that hang on them: slant, length of the shortest stem, secondary beams and hooks
//! (Gould, "Behind Bars", pp. 17–26), and beams between two staves.

use super::notes::{TAB_STEM, grace_slash, root};
use super::{Draft, Placed, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Bar, BeamGroup, Chord, Stem};
use crate::engrave::shapes::ink;
use crate::font::engraving_defaults;
use crate::model::BeamFan;

/// A stem under a beam.
#[derive(Debug, Clone, Copy)]
struct Post {
    chord: usize,
    staff: usize,
    x: Space,
    /// The head next to the beam, and where the stem starts.
    near: Space,
    root: Space,
    up: bool,
    levels: u8,
}

/// The primary beam: where its outer edge is at an x.
#[derive(Debug, Clone, Copy)]
struct Slant {
    x: Space,
    y: Space,
    slope: Space,
}

impl Slant {
    fn at(&self, x: Space) -> Space {
        self.y + (x - self.x) * self.slope
    }
}

/// Draws the beams whose chords are all on one staff.
pub(super) fn draw_within(work: &Work, draft: &mut Draft) {
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        for beam in bar.beams.iter().filter(|b| !b.crosses) {
            let Some(placed) = draft.placed.get(measure - draft.measures.start) else { continue };
            let posts = posts(bar, beam, placed, |_| 0.0);
            let Some(first) = posts.first().copied() else { continue };
            let scale = bar.chords[first.chord].scale;
            let obstacles = obstacles(bar, beam, placed, &posts);
            let lead = &bar.chords[first.chord];
            let slant = if lead.tab {
                Slant { x: first.x, y: if first.up { -TAB_STEM } else { lead.height + TAB_STEM }, slope: 0.0 }
            } else {
                slant(&posts, first.up, scale, Some(lead.height), &obstacles)
            };
            draw(draft, bar, beam, &posts, &slant, measure, Some(first.staff));
        }
    }
}

/// A stem under a beam between two staves is at least this long, the beam included.
const BETWEEN_STAVES: Space = 2.5;

/// How far the top lines of staves have to be apart for the beams that lie between them: upper staff, lower staff, distance.
pub(in crate::engrave) fn room_between(work: &Work, draft: &Draft) -> Vec<(usize, usize, Space)> {
    let mut rooms = Vec::new();
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        for beam in bar.beams.iter().filter(|b| b.crosses) {
            let Some(placed) = draft.placed.get(measure - draft.measures.start) else { continue };
            let posts = posts(bar, beam, placed, |_| 0.0);
            let (above, below): (Vec<&Post>, Vec<&Post>) = posts.iter().partition(|post| !post.up);
            let upper = above.iter().map(|post| (post.staff, post.near)).max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            let lower = below.iter().map(|post| (post.staff, post.near)).min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
            if let (Some((upper, low)), Some((lower, high))) = (upper, lower)
                && upper < lower
            {
                let levels = posts.iter().map(|post| post.levels).max().unwrap_or(1);
                let beams = 0.75 * Space::from(levels.saturating_sub(1));
                rooms.push((upper, lower, low - high + 2.0 * BETWEEN_STAVES + beams));
            }
        }
    }
    rooms
}

/// Draws beams between staves, and stems of chords that lie on two, once the staves have their places.
pub(super) fn draw_across(work: &Work, draft: &mut Draft) {
    let tops: Vec<Space> = draft.staves.iter().map(|s| s.top).collect();
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        for beam in bar.beams.iter().filter(|b| b.crosses) {
            let Some(placed) = draft.placed.get(measure - draft.measures.start) else { continue };
            let posts = posts(bar, beam, placed, |staff| tops.get(staff).copied().unwrap_or(0.0));
            let Some(first) = posts.first().copied() else { continue };
            let scale = bar.chords[first.chord].scale;
            let mixed = posts.iter().any(|p| p.up != first.up);
            let slant = if mixed { between(&posts) } else { slant(&posts, first.up, scale, None, &[]) };
            draw(draft, bar, beam, &posts, &slant, measure, None);
        }
        for (index, chord) in bar.chords.iter().enumerate() {
            if chord.visible && chord.beam.is_none() && chord.crosses() && chord.has_stem() {
                stem_across(draft, chord, measure, index, &tops);
            }
        }
    }
}

/// The highest and the lowest head of a chord over all its staves.
fn outer(chord: &Chord, top: impl Fn(usize) -> Space) -> (Space, Space) {
    let ys = chord.heads.iter().map(|h| h.y + top(h.staff));
    ys.fold((Space::INFINITY, Space::NEG_INFINITY), |(high, low), y| (high.min(y), low.max(y)))
}

fn posts(bar: &Bar, beam: &BeamGroup, placed: &[Placed], top: impl Fn(usize) -> Space) -> Vec<Post> {
    let post = |at: &usize| {
        let chord = bar.chords.get(*at).filter(|c| c.visible)?;
        let spot = placed.get(*at)?;
        let up = chord.stem != Stem::Down;
        let (high, low) = outer(chord, &top);
        let root = if chord.crosses() { if up { low } else { high } } else { root(chord) + top(chord.home()) };
        Some(Post { chord: *at, staff: chord.home(), x: spot.stem, near: if up { high } else { low }, root, up, levels: chord.flags() })
    };
    beam.chords.iter().filter_map(post).collect()
}

/// What a beam over stems of one direction keeps clear of: an x, and the y that it may not cross.
type Obstacle = (Space, Space);

/// What lies under a beam beside the heads of its own stems: rests that it passes over, and accidentals within it.
fn obstacles(bar: &Bar, beam: &BeamGroup, placed: &[Placed], posts: &[Post]) -> Vec<Obstacle> {
    let (first, last) = (&posts[0], &posts[posts.len() - 1]);
    let lead = &bar.chords[first.chord];
    let mut found = Vec::new();
    for (at, chord) in bar.chords.iter().enumerate().filter(|(_, c)| c.visible && c.part == lead.part && c.voice == lead.voice) {
        let Some(spot) = placed.get(at) else { continue };
        if chord.is_rest() && chord.staff == first.staff && spot.x > first.x && spot.x < last.x {
            // Rests stand half a space inside what is recorded of them.
            found.push((spot.stem, if first.up { spot.high - 0.5 } else { spot.low + 0.5 }));
        } else if chord.beam.is_some_and(|index| bar.beams[index].chords == beam.chords) && chord.onset > lead.onset {
            let signs = chord.heads.iter().filter_map(|head| head.accidental.filter(|a| !a.editorial).map(|a| (head, a)));
            for (head, sign) in signs {
                let rect = ink(sign.glyph, Point::new(spot.x + sign.dx, head.y), chord.scale);
                found.push(((rect.left + rect.right) / 2.0, if first.up { rect.top } else { rect.bottom }));
            }
        }
    }
    found
}

/// Between a beam and what it passes over, at least.
const CLEAR: Space = 0.25;
/// A beam goes no further than this out of its way.
const DETOUR: Space = 3.0;

/// The rise that a beam may have by how far its outer notes are apart (Ross, pp. 104–117).
fn most_rise(interval: Space) -> Space {
    match interval {
        r if r < 0.25 => 0.0,
        r if r < 0.75 => 0.25,
        r if r < 1.25 => 0.5,
        r if r < 2.25 => 0.75,
        r if r < 3.25 => 1.0,
        _ => 1.25,
    }
}

/// How a beam lies over stems of one direction: of the quarters of a space that are near what the notes ask for, those that
/// let it sit on, hang from or straddle the lines of the staff at both ends (Ross, pp. 98–122).
fn slant(posts: &[Post], up: bool, scale: f32, height: Option<Space>, obstacles: &[Obstacle]) -> Slant {
    let sign = if up { 1.0 } else { -1.0 };
    // Mirrored for stems that point down, so that one rule serves both: smaller is farther out.
    let near = |p: &Post| p.near * sign;
    let (first, last) = (posts[0], posts[posts.len() - 1]);
    let run = (last.x - first.x).max(0.1);
    let interval = near(&last) - near(&first);
    let inner = posts[1..posts.len().max(2) - 1].iter().map(near).fold(Space::INFINITY, Space::min);
    let concave = inner < near(&first).min(near(&last)) + if interval == 0.0 { 0.01 } else { -0.01 };
    let wish = if concave { 0.0 } else { (most_rise(interval.abs()) * scale).min(run * 0.2) };
    let levels = posts.iter().map(|p| p.levels).max().unwrap_or(1);
    let length = (3.25 + 0.75 * Space::from(levels.saturating_sub(2))) * if scale < 1.0 { scale * 1.05 } else { 1.0 };
    let depth = (0.5 + 0.75 * Space::from(levels.saturating_sub(1))) * scale;
    let in_staff = |y: Space| height.is_some_and(|height| y * sign > 0.0 && y * sign < height);
    // A beam whose outer edge is a quarter inside a space lies in the middle of it, between two white slits.
    let wedged = |y: Space| in_staff(y + 0.25) && ((y.rem_euclid(1.0)) - 0.25).abs() < 0.05;
    let mut best = (Space::INFINITY, Slant { x: first.x, y: 0.0, slope: 0.0 });
    for quarters in 0..=(wish * 4.0 + 0.2).floor().clamp(0.0, 8.0) as u8 {
        let rise = Space::from(quarters) / 4.0 * interval.signum();
        let slope = rise / run;
        let line = |x: Space| slope * (x - first.x);
        let mut y = posts.iter().map(|p| near(p) - length - line(p.x)).fold(Space::INFINITY, Space::min);
        if let Some(height) = height.filter(|_| scale >= 1.0) {
            // Stems reach the middle line at least.
            let middle = height / 2.0 * sign;
            y = y.min(middle).min(middle - rise);
        }
        let clear = obstacles.iter().map(|(x, edge)| edge * sign - CLEAR - depth - line(*x)).fold(Space::INFINITY, Space::min);
        // On quarters of a space.
        let y = (y.min(clear.max(y - DETOUR)) * 4.0).floor() / 4.0;
        for further in 0..3_u8 {
            let y = y - Space::from(further) / 4.0;
            let ends = f32::from(u8::from(wedged(y))) + f32::from(u8::from(wedged(y + rise)));
            let cost = 1.2 * (wish - rise.abs()).max(0.0) + Space::from(further) / 4.0 + 0.6 * ends;
            if cost < best.0 {
                best = (cost, Slant { x: first.x, y: y * sign, slope: slope * sign });
            }
        }
    }
    best.1
}

/// A beam between the staves: halfway from the lowest head above it to the highest one below.
fn between(posts: &[Post]) -> Slant {
    let above = posts.iter().filter(|p| !p.up).map(|p| p.near).fold(Space::NEG_INFINITY, Space::max);
    let below = posts.iter().filter(|p| p.up).map(|p| p.near).fold(Space::INFINITY, Space::min);
    Slant { x: posts[0].x, y: (above + below) / 2.0, slope: 0.0 }
}

fn draw(draft: &mut Draft, bar: &Bar, beam: &BeamGroup, posts: &[Post], slant: &Slant, measure: usize, staff: Option<usize>) {
    let defaults = engraving_defaults();
    let lead = &bar.chords[posts[0].chord];
    let scale = lead.scale;
    let inwards = if posts[0].up { 1.0 } else { -1.0 };
    let thickness = defaults.beam_thickness * scale * inwards;
    let step = (defaults.beam_thickness + defaults.beam_spacing) * scale * inwards;
    let half = defaults.stem_thickness / 2.0;
    for post in posts {
        let chord = &bar.chords[post.chord];
        // A stem from the other side goes through all beams to the outer edge.
        let tip = slant.at(post.x) + if post.up == posts[0].up { 0.1 * inwards } else { thickness };
        let tag = Tag::of(Role::Stem, chord);
        let (from, to) = (Point::new(post.x, post.root), Point::new(post.x, tip));
        match staff {
            Some(staff) => {
                draft.staves[staff].line(from, to, defaults.stem_thickness, tag);
                if chord.grace.is_some_and(|g| g.slash) && post.chord == posts[0].chord {
                    grace_slash(&mut draft.staves[staff], chord, post.x, tip);
                }
            }
            None => draft.put(Shape::Line { from, to, thickness: defaults.stem_thickness, dash: None }, tag),
        }
        let top = if staff.is_some() { 0.0 } else { draft.top_of(post.staff) };
        let start = draft.measures.start;
        if let Some(spot) = draft.placed.get_mut(measure - start).and_then(|p| p.get_mut(post.chord)) {
            spot.tip = slant.at(post.x) - top;
        }
    }
    let index_of = |member: usize| posts.iter().find(|p| beam.chords.get(member) == Some(&p.chord));
    for stroke in &beam.strokes {
        let (Some(from), Some(to)) = (index_of(stroke.from), index_of(stroke.to)) else { continue };
        let hook = 1.1 * scale;
        let (left, right) = match (stroke.from == stroke.to, stroke.forward) {
            (true, true) => (from.x - half, from.x + hook),
            (true, false) => (from.x - hook, from.x + half),
            _ => (from.x - half, to.x + half),
        };
        let shift = |x: Space| step * Space::from(stroke.level) * spread(lead.fan, posts, x);
        let (y1, y2) = (slant.at(left) + shift(left), slant.at(right) + shift(right));
        let outline =
            vec![Point::new(left, y1), Point::new(right, y2), Point::new(right, y2 + thickness), Point::new(left, y1 + thickness)];
        let tag = Tag::of(Role::Beam, lead);
        match staff {
            Some(staff) => {
                let ink = Rect::new(left, y1.min(y2).min(y1 + thickness), right, y1.max(y2).max(y2 + thickness));
                draft.staves[staff].sky.add(ink);
                draft.staves[staff].item(Shape::Polygon(outline), tag);
            }
            None => draft.put(Shape::Polygon(outline), tag),
        }
    }
}

/// How far beams have spread at an x, for those that feather (Gould, "Behind Bars", p. 158).
fn spread(fan: Option<BeamFan>, posts: &[Post], x: Space) -> f32 {
    let (first, last) = (posts[0].x, posts[posts.len() - 1].x);
    let along = ((x - first) / (last - first).max(0.1)).clamp(0.0, 1.0);
    match fan {
        None => 1.0,
        Some(BeamFan::Accelerando) => along,
        Some(BeamFan::Ritardando) => 1.0 - along,
    }
}

fn stem_across(draft: &mut Draft, chord: &Chord, measure: usize, index: usize, tops: &[Space]) {
    let top = |staff: usize| tops.get(staff).copied().unwrap_or(0.0);
    let Some(spot) = draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(index)).copied() else { return };
    let (high, low) = outer(chord, top);
    let (from, to) = match chord.stem {
        Stem::Up => (low, high - 3.5),
        _ => (high, low + 3.5),
    };
    let thickness = engraving_defaults().stem_thickness;
    let shape = Shape::Line { from: Point::new(spot.stem, from), to: Point::new(spot.stem, to), thickness, dash: None };
    draft.put(shape, Tag::of(Role::Stem, chord));
    super::notes::flag_at(draft, chord, Point::new(spot.stem - thickness / 2.0, to));
}
