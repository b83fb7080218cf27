//! Systems and pages: too full, too empty, or left alone at the end.

use super::place::Sight;
use super::{Fault, FaultKind};
use crate::engrave::page::{Page, PlacedSystem, Point, Role, Space, System};
use crate::engrave::spacing::length_of;
use crate::model::Score;

/// A line whose music is this many times as wide as the law of spacing asks has holes in it.
const HOLES: f32 = 2.6;
/// A line this narrow against the law runs together.
const DENSE: f32 = 0.5;
/// A page that leaves more of its height than this is not full.
const EMPTY: f32 = 0.3;

/// Finds systems and pages that are too full or too empty.
pub(super) fn find(score: &Score, pages: &[Page], faults: &mut Vec<Fault>) {
    let margin = pages.iter().flat_map(|page| &page.systems).filter_map(|system| staff_end(&system.system)).fold(0.0, Space::max);
    let count = pages.iter().map(|page| page.systems.len()).sum::<usize>();
    let mut number = 0;
    for page in pages {
        let sight = Sight::empty(score, page);
        for (index, system) in page.systems.iter().enumerate() {
            number += 1;
            let mut say = |kind| faults.push(sight.fault(kind, Some(index), corner(system), Vec::new()));
            let system = &system.system;
            let Some(end) = staff_end(system) else { continue };
            let stretch = stretch(system);
            let last = number == count;
            if system.bounds.right > end + 0.6 || stretch < DENSE {
                say(FaultKind::SystemOverfull);
            }
            if !last && (end < margin - 0.1 || stretch > HOLES) {
                say(FaultKind::SystemUnderfull);
            }
        }
    }
    last_lines(score, pages, faults);
}

fn corner(system: &PlacedSystem) -> Point {
    Point::new(system.bounds().left, system.bounds().top)
}

fn staff_end(system: &System) -> Option<Space> {
    let lines = system.items.iter().filter(|item| matches!(item.role, Role::StaffLine | Role::Barline));
    lines.map(|item| crate::engrave::lookup::bounds(item).right).reduce(Space::max)
}

/// How wide a system's music is against what its durations ask for.
fn stretch(system: &System) -> f32 {
    let mut wide = 0.0;
    let mut natural = 0.0;
    for pair in system.times.windows(2).filter(|pair| pair[0].measure == pair[1].measure && pair[0].beat < pair[1].beat) {
        wide += pair[1].x - pair[0].x;
        natural += length_of(pair[1].beat - pair[0].beat);
    }
    if natural > 0.0 { wide / natural } else { 1.0 }
}

/// Widows: a last system of one measure, a last page of one system, and pages that stop early.
fn last_lines(score: &Score, pages: &[Page], faults: &mut Vec<Fault>) {
    let sight = |page| Sight::empty(score, page);
    let asked = |system: &PlacedSystem| {
        let measure = score.measure_order().get(system.measures.start).and_then(|id| score.measure(*id));
        measure.is_some_and(|measure| measure.break_before.is_some())
    };
    let systems: Vec<(&Page, usize, &PlacedSystem)> =
        pages.iter().flat_map(|page| page.systems.iter().enumerate().map(move |(at, system)| (page, at, system))).collect();
    if let [.., (_, _, before), (page, at, last)] = systems.as_slice()
        && (last.measures.len() == 1 && before.measures.len() > 2)
        && !(asked(last) || fills(&last.system, &before.system))
    {
        faults.push(sight(page).fault(FaultKind::LonelyMeasure, Some(*at), corner(last), Vec::new()));
    }
    if let [.., before, page] = pages
        && let ([alone], true) = (page.systems.as_slice(), before.systems.len() > 2)
        && !asked(alone)
    {
        faults.push(sight(page).fault(FaultKind::LonelySystem, Some(0), corner(alone), Vec::new()));
    }
    for pair in pages.windows(2) {
        let [page, next] = pair else { continue };
        let bottom = page.systems.last().map_or(page.height, |system| system.bounds().bottom);
        let next_height = next.systems.first().map_or(0.0, |system| system.system.bounds.bottom - system.system.bounds.top);
        let left = page.height - bottom;
        // What the next system could not have stood on is not wasted.
        if left > page.height * EMPTY && left > next_height * 1.4 + 8.0 && !next.systems.first().is_some_and(&asked) {
            faults.push(sight(page).fault(FaultKind::PageUnderfull, None, Point::new(0.0, bottom), Vec::new()));
        }
    }
}

/// Whether a system's music takes most of the width of another's.
fn fills(system: &System, other: &System) -> bool {
    let wide = |system: &System| system.times.last().zip(system.times.first()).map_or(0.0, |(end, start)| end.x - start.x);
    wide(system) > wide(other) * 0.6
}
