//! What covers what: a sweep over the items of a page from left to right.

use std::cell::OnceCell;

use super::ink::{Ink, reach};
use super::pairs::{Kinship, is_text, margin, may_meet};
use super::place::{Seen, Sight};
use super::{Fault, FaultKind};
use crate::engrave::page::{Point, Rect, Role};
use crate::model::RecordRef;

/// Shared ink below this, in square spaces, is a matter of how the outlines are sampled.
const SPECK: f32 = 0.012;
/// Items may stand this far beyond the edge of the page by rounding.
const EDGE: f32 = 0.01;

/// Finds what leaves the page and what collides.
pub(super) fn find(sight: &Sight, faults: &mut Vec<Fault>) {
    let page = sight.page;
    let mut order: Vec<usize> = (0..sight.seen.len()).collect();
    order.sort_by(|a, b| sight.seen[*a].rect.left.total_cmp(&sight.seen[*b].rect.left));
    let rects: Vec<Rect> = sight.seen.iter().map(|seen| reach(&seen.item)).collect();
    order.sort_by(|a, b| rects[*a].left.total_cmp(&rects[*b].left));
    let inks: Vec<OnceCell<Ink>> = sight.seen.iter().map(|_| OnceCell::new()).collect();
    let ink = |at: usize| inks[at].get_or_init(|| Ink::of(&sight.seen[at].item));
    let mut active: Vec<usize> = Vec::new();
    for at in order {
        let (seen, rect) = (&sight.seen[at], &rects[at]);
        let r = &seen.rect;
        let inside = r.left >= -EDGE && r.top >= -EDGE && r.right <= page.width + EDGE && r.bottom <= page.height + EDGE;
        if !inside {
            faults.push(sight.fault(
                FaultKind::OutsidePage,
                seen.system,
                Point::new(r.left, r.top),
                seen.item.source.into_iter().collect(),
            ));
        }
        active.retain(|other| rects[*other].right + 0.1 > rect.left);
        for other in &active {
            let (first, with) = (&sight.seen[*other], &rects[*other]);
            if with.bottom < rect.top || rect.bottom < with.top || may_meet(first.item.role, seen.item.role, kinship(first, seen)) {
                continue;
            }
            let margin = margin(first.item.role, seen.item.role);
            if ink(*other).shared(ink(at), margin) < SPECK || excused(sight, first, seen) {
                continue;
            }
            let meeting = Point::new(rect.left, (with.top.max(rect.top) + with.bottom.min(rect.bottom)) / 2.0);
            let records = first.item.source.into_iter().chain(seen.item.source).collect();
            faults.push(sight.fault(kind(first.item.role, seen.item.role), seen.system.or(first.system), meeting, records));
        }
        active.push(at);
    }
}

fn kinship(a: &Seen, b: &Seen) -> Kinship {
    Kinship {
        record: a.item.source.is_some() && a.item.source == b.item.source,
        chord: a.event.is_some() && a.event == b.event,
        voice: a.item.voice == b.item.voice && a.system == b.system,
    }
}

fn kind(a: Role, b: Role) -> FaultKind {
    let either = |role: Role| a == role || b == role;
    if a == Role::Lyric && b == Role::Lyric {
        FaultKind::LyricOverLyric
    } else if is_text(a) && is_text(b) {
        FaultKind::TextOverText
    } else if either(Role::Accidental) && (a == b || either(Role::Notehead) || either(Role::Dot)) {
        FaultKind::AccidentalTouches
    } else if either(Role::Notehead) && (either(Role::Slur) || either(Role::Tie)) {
        FaultKind::CurveThroughNotehead
    } else {
        FaultKind::Overlap(a.min(b), a.max(b))
    }
}

/// What two particular items may do although their kinds may not.
fn excused(sight: &Sight, a: &Seen, b: &Seen) -> bool {
    let pair = |x: Role, y: Role| match (a.item.role, b.item.role) {
        (p, q) if (p, q) == (x, y) => Some((a, b)),
        (p, q) if (q, p) == (x, y) => Some((b, a)),
        _ => None,
    };
    if a.item.shape == b.item.shape {
        // Printed twice in one place, it is seen once.
        return true;
    }
    if let Some((_, ornament)) = pair(Role::Barline, Role::Ornament) {
        // The wavy line of a trill goes on over barlines; a sign does not stand on one.
        return matches!(ornament.item.source, Some(RecordRef::Span(_)));
    }
    if pair(Role::LedgerLine, Role::LedgerLine).is_some() {
        // Voices that strike together may share a long line.
        let moment = |seen: &Seen| seen.event.and_then(|id| sight.score.event(id)).map(|event| (event.time.measure, event.time.onset));
        return moment(a).is_some() && moment(a) == moment(b);
    }
    if pair(Role::Notehead, Role::Notehead).is_some() {
        // Voices in unison share a head.
        let same = |x: f32, y: f32| (x - y).abs() < 0.05;
        return a.event == b.event || same(a.rect.left, b.rect.left) && same(a.rect.top, b.rect.top) && same(a.rect.right, b.rect.right);
    }
    if let Some((head, stem)) = pair(Role::Notehead, Role::Stem) {
        return shares_head(sight, head, stem);
    }
    for role in [Role::Notehead, Role::Stem, Role::Beam, Role::Flag, Role::LedgerLine, Role::Dot, Role::Tremolo] {
        if let Some((part, slur)) = pair(role, Role::Slur) {
            return slur
                .item
                .source
                .and_then(|span| sight.ends.get(&span))
                .is_some_and(|ends| part.event.is_some() && ends.contains(&part.event));
        }
    }
    if let Some((head, tie)) = pair(Role::Notehead, Role::Tie) {
        return ties(sight, head, tie);
    }
    // A chord's own tie may pass its stem and flag.
    [Role::Stem, Role::Flag, Role::Dot].into_iter().any(|role| pair(role, Role::Tie).is_some_and(|(part, tie)| part.event == tie.event))
}

/// Whether a stem's own chord has a head in the same place, or the head's chord a stem along the same line: voices whose
/// stems point one way share it.
fn shares_head(sight: &Sight, head: &Seen, stem: &Seen) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < 0.1;
    sight.seen.iter().any(|seen| match seen.item.role {
        Role::Notehead => seen.event == stem.event && near(seen.rect.left, head.rect.left) && near(seen.rect.top, head.rect.top),
        Role::Stem => seen.event == head.event && seen.event.is_some() && near(seen.rect.left, stem.rect.left),
        _ => false,
    })
}

/// Whether a head is one that a tie leads from or to: the same line or space at one of its ends.
fn ties(sight: &Sight, head: &Seen, tie: &Seen) -> bool {
    let from = sight.seen.iter().find(|seen| seen.item.role == Role::Notehead && seen.item.source == tie.item.source);
    let level = |seen: &Seen| (seen.rect.top + seen.rect.bottom) / 2.0;
    let own = from.is_some_and(|from| from.system == head.system && (level(from) - level(head)).abs() < 0.05);
    // Where the tie comes from the system before, its head is the one it ends at.
    own || from.is_none_or(|from| from.system != head.system) && head.rect.right > tie.rect.right
}
