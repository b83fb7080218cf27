//! Beams: their slope against the notes under them, and where they lie (Ross, pp. 104–122; Gould, pp. 17–26).

use std::collections::BTreeMap;

use super::place::{Seen, Sight};
use super::{Fault, FaultKind};
use crate::engrave::page::{Point, Role, Shape, Space};
use crate::model::{EventId, RecordRef};

/// Between a head and the middle of the nearest beam, at least: a stem any shorter is no longer seen.
const SHORTEST: Space = 1.4;
/// The most that a beam rises or falls (Ross: two spaces, for wide leaps over a wide beam).
const STEEPEST: Space = 2.05;

/// The edge of a beam at both ends.
struct Edge {
    left: Point,
    right: Point,
}

impl Edge {
    fn at(&self, x: Space) -> Space {
        let run = (self.right.x - self.left.x).max(0.01);
        self.left.y + (self.right.y - self.left.y) * (x - self.left.x) / run
    }
}

/// A stem that meets the beam, with the heads it stands on.
struct Post {
    x: Space,
    up: bool,
    near: Space,
}

/// Finds beams at a wrong slope or place.
pub(super) fn find(sight: &Sight, faults: &mut Vec<Fault>) {
    let mut heads: BTreeMap<EventId, Vec<Space>> = BTreeMap::new();
    let mut stems: Vec<&Seen> = Vec::new();
    let mut beams: BTreeMap<(usize, RecordRef), Vec<&Seen>> = BTreeMap::new();
    for seen in &sight.seen {
        match (seen.item.role, seen.event, seen.item.source, seen.system) {
            (Role::Notehead, Some(event), ..) => heads.entry(event).or_default().push((seen.rect.top + seen.rect.bottom) / 2.0),
            (Role::Stem, ..) => stems.push(seen),
            (Role::Beam, _, Some(lead), Some(system)) => beams.entry((system, lead)).or_default().push(seen),
            _ => {}
        }
    }
    stems.sort_by(|a, b| a.rect.left.total_cmp(&b.rect.left));
    for ((system, lead), strokes) in beams {
        let Some(primary) = strokes.iter().copied().max_by(|a, b| (a.rect.right - a.rect.left).total_cmp(&(b.rect.right - b.rect.left)))
        else {
            continue;
        };
        let Some(edge) = middle(primary) else { continue };
        let from = stems.partition_point(|stem| stem.rect.right < edge.left.x - 0.2);
        let on = stems[from..].iter().take_while(|stem| stem.rect.left < edge.right.x + 0.2);
        let posts: Vec<Post> = on.filter_map(|stem| post(stem, &edge, primary, &heads)).collect();
        let mut say = |kind: FaultKind| faults.push(sight.fault(kind, Some(system), edge.left, vec![lead]));
        if leans(&edge, &posts) {
            say(FaultKind::BeamSlope);
        }
        // Grace notes keep shorter stems.
        let small = thickness(primary) < 0.45;
        if !small && (posts.iter().any(|post| too_near(post, &strokes)) || wedged(sight, system, &edge, &posts)) {
            say(FaultKind::BeamPosition);
        }
    }
}

/// The middle of a beam's thickness from end to end.
fn middle(beam: &Seen) -> Option<Edge> {
    let Shape::Polygon(points) = &beam.item.shape else { return None };
    let [a, b, c, d] = points.as_slice() else { return None };
    Some(Edge { left: Point::new(a.x, (a.y + d.y) / 2.0), right: Point::new(b.x, (b.y + c.y) / 2.0) })
}

fn thickness(beam: &Seen) -> Space {
    match &beam.item.shape {
        Shape::Polygon(points) if points.len() == 4 => (points[0].y - points[3].y).abs(),
        _ => 0.5,
    }
}

fn post(stem: &Seen, edge: &Edge, beam: &Seen, heads: &BTreeMap<EventId, Vec<Space>>) -> Option<Post> {
    let Shape::Line { from, to, .. } = stem.item.shape else { return None };
    let own = heads.get(&stem.event?)?;
    let meets = stem.item.voice == beam.item.voice && (to.y - edge.at(to.x)).abs() < 0.4;
    let up = to.y < from.y;
    let near = own.iter().copied().fold(if up { Space::INFINITY } else { Space::NEG_INFINITY }, if up { Space::min } else { Space::max });
    meets.then_some(Post { x: to.x, up, near })
}

/// Whether a beam rises where its notes fall, leans further than they do, or lies aslant where an inner note is nearest.
fn leans(edge: &Edge, posts: &[Post]) -> bool {
    let rise = edge.right.y - edge.left.y;
    let ([first, .., last], true) = (posts, rise.abs() > 0.1) else { return rise.abs() > STEEPEST };
    if posts.iter().any(|post| post.up != first.up) {
        return rise.abs() > STEEPEST;
    }
    let notes = last.near - first.near;
    let run = (last.x - first.x).max(0.1);
    let outer = if first.up { first.near.min(last.near) } else { first.near.max(last.near) };
    let inner = posts[1..posts.len() - 1].iter().map(|post| post.near);
    let hollow = inner.clone().any(|near| if first.up { near < outer - 0.01 } else { near > outer + 0.01 });
    rise * notes < 0.0 || notes.abs() < 0.01 || rise.abs() > notes.abs() + 0.05 || rise.abs() > STEEPEST.min(run * 0.3) || hollow
}

/// Whether the innermost beam over a stem is too near to its head.
fn too_near(post: &Post, strokes: &[&Seen]) -> bool {
    let over = strokes.iter().filter(|stroke| stroke.rect.left <= post.x + 0.1 && stroke.rect.right >= post.x - 0.1);
    over.filter_map(|stroke| middle(stroke)).any(|edge| {
        let y = edge.at(post.x);
        if post.up { post.near - y < SHORTEST } else { y - post.near < SHORTEST }
    })
}

/// Whether a level beam lies in the middle of a space of its staff, where the eye sees two white slits.
fn wedged(sight: &Sight, system: usize, edge: &Edge, posts: &[Post]) -> bool {
    if (edge.right.y - edge.left.y).abs() > 0.01 || posts.is_empty() {
        return false;
    }
    let mut within = sight.staves(system).filter(|staff| edge.left.y > staff.top + 0.1 && edge.left.y < staff.bottom - 0.1);
    within.any(|staff| ((edge.left.y - staff.top).fract() - 0.5).abs() < 0.15)
}
