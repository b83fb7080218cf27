//! Pages: which system stands on which, how they share its height, and where on it.

use std::ops::Range;

use super::draw::Work;
use super::furniture::Furniture;
use super::line::Line as Engraved;
use super::page::{Page, PlacedSystem, Point, Space};
use super::style::Style;
use crate::model::Break;

/// Between the ink of neighbouring systems, at least; between their outer staves, at least, and where there is room for it.
const CLEARANCE: Space = 2.0;
const BETWEEN: Space = 7.0;
const EASY: Space = 9.0;
/// The most a system is moved further down to fill a page.
const MOST_FILL: Space = 16.0;
/// A page that is filled less than this is not turned early.
const TWO_THIRDS: f32 = 0.65;
/// A last page that is filled less than this stays as it is.
const NEARLY: f32 = 0.75;
/// A page that is filled less than this stays as it is.
const FULL: f32 = 0.6;

/// By how much a system has to shrink to fit on a page; 1 if it does.
pub(super) fn share(line: &Engraved, first: bool, work: &Work, furniture: &Furniture) -> f32 {
    let sheet = work.sheet;
    let room = sheet.height - sheet.top - sheet.bottom;
    let head = if first { furniture.head() } else { 0.0 };
    // A heading that is taller than half the page shares a page with nothing.
    let tall = line.bottom - line.top + head.min(room / 2.0);
    // Lines that even their rods overfill ask for smaller staves too.
    let wide = if line.right > sheet.measure() + 0.01 { sheet.measure() / line.right } else { 1.0 };
    (room / tall.max(1.0)).min(1.0).min(wide)
}

/// By how much the systems have to shrink for all to fit on a page, and which of them asks for it.
pub(super) fn fit(lines: &[Engraved], work: &Work, furniture: &Furniture) -> (usize, f32) {
    if work.sheet.endless {
        return (0, 1.0);
    }
    let shares = lines.iter().enumerate().map(|(at, line)| (at, share(line, at == 0, work, furniture)));
    shares.fold((0, 1.0), |least, one| if one.1 < least.1 { one } else { least })
}

/// Puts the systems on pages.
pub(super) fn compose(lines: Vec<Engraved>, work: &Work, furniture: &mut Furniture) -> Vec<Page> {
    if work.sheet.endless {
        return vec![endless(lines, work)];
    }
    let room = work.sheet.height - work.sheet.top - work.sheet.bottom - furniture.foot();
    let mut pages: Vec<Page> = Vec::new();
    let breaks = turns(&lines, work, furniture.head(), room);
    let count = breaks.len();
    let mut rest = lines.into_iter();
    for (index, own) in breaks.into_iter().enumerate() {
        let head = if index == 0 { furniture.head() } else { 0.0 };
        let mut standing: Vec<(Engraved, Space)> = Vec::with_capacity(own.len());
        for line in rest.by_ref().take(own.len()) {
            let top = standing.last().map_or(head - line.top.min(0.0), |(above, at)| at + distance(above, &line, &work.cast.style));
            standing.push((line, top));
        }
        close(&mut pages, standing, work, index + 1 < count, room);
    }
    for (index, page) in pages.iter_mut().enumerate() {
        page.items = furniture.of_page(index, work);
    }
    pages
}

/// A page as high as its only system, with nothing around it.
fn endless(lines: Vec<Engraved>, work: &Work) -> Page {
    let sheet = work.sheet;
    let (top, bottom) = lines.first().map_or((0.0, 0.0), |line| (line.top, line.bottom));
    let origin = Point::new(sheet.left, sheet.top - top.min(0.0));
    let height = origin.y + bottom + sheet.bottom;
    let place = |line: Engraved| line.system.map(|system| PlacedSystem { origin, measures: line.measures, system });
    Page { height, systems: lines.into_iter().filter_map(place).collect(), ..blank(1, work) }
}

/// A page without anything on it.
fn blank(number: usize, work: &Work) -> Page {
    let sheet = work.sheet;
    Page {
        number,
        width: sheet.width,
        height: sheet.height,
        millimetres_per_space: sheet.millimetres,
        setting: work.cast.style.setting,
        items: Vec::new(),
        systems: Vec::new(),
    }
}

/// What each page costs beside its emptiness, so that there are no more of them than needed.
const A_PAGE: f32 = 0.5;
/// A last page with one system alone.
const ALONE: f32 = 0.6;
/// A page of a single part that is turned while its player has notes to play.
const TURNED_IN_PLAY: f32 = 0.15;

/// The lines of each page: as even as they can be over the whole piece (W. A. Hegazy, J. S. Gourlay, "Optimal Line Breaking
/// in Music", 1987, with systems for measures), turned where the author asked for it, and in a part where its player rests.
fn turns(lines: &[Engraved], work: &Work, head: Space, room: Space) -> Vec<Range<usize>> {
    if lines.is_empty() {
        return std::iter::once(0..0).collect();
    }
    let kept = super::systems::keeps_turns(&work.prepared.bars);
    let part = work.cast.style.page_turns.unwrap_or(work.cast.parts.len() == 1);
    let count = lines.len();
    // The cheapest way to fill pages up to each line, and where its last page starts.
    let mut best: Vec<(f32, usize)> = vec![(f32::INFINITY, 0); count + 1];
    best[0] = (0.0, 0);
    for start in 0..count {
        let mut bottom: Space = 0.0;
        let mut top = if start == 0 { head } else { 0.0 } - lines[start].top.min(0.0);
        for end in start + 1..=count {
            if end > start + 1 {
                // A page turn of the source is kept where its page came out two thirds full here: an imported one was made
                // for other paper.
                if kept && starts_page(work, &lines[end - 1]) && bottom > room * TWO_THIRDS {
                    break;
                }
                top += distance(&lines[end - 2], &lines[end - 1], &work.cast.style);
            }
            bottom = top + lines[end - 1].bottom;
            if bottom > room && end > start + 1 {
                break;
            }
            let asked = end < count && kept && starts_page(work, &lines[end]) && bottom > room * TWO_THIRDS;
            let empty = ((room - bottom) / room).clamp(0.0, 1.0);
            // What spreading its systems cannot fill is seen; a last page may be shorter.
            let spread = (end - start - 1) as Space * MOST_FILL;
            let hole = ((room - bottom - spread) / room).clamp(0.0, 1.0);
            let mut cost = A_PAGE
                + match (asked, end == count) {
                    (true, _) => 6.0 * hole * hole,
                    (_, true) => 0.4 * empty * empty,
                    _ => empty * empty + 12.0 * hole * hole,
                };
            if end == count && end == start + 1 && start > 0 {
                cost += ALONE;
            }
            if end < count && part && !rests_at(work, &lines[end]) {
                cost += TURNED_IN_PLAY;
            }
            let total = best[start].0 + cost;
            if total < best[end].0 {
                best[end] = (total, start);
            }
        }
    }
    let mut pages = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = best[end].1.min(end - 1);
        pages.push(start..end);
        end = start;
    }
    pages.reverse();
    pages
}

/// Whether nothing is played in the measure before a line or in its first one: time to turn the page.
fn rests_at(work: &Work, line: &Engraved) -> bool {
    let silent = |at: usize| work.bar(at).chords.iter().all(|chord| chord.is_rest());
    let first = line.measures.start;
    silent(first) || first > 0 && silent(first - 1)
}

fn starts_page(work: &Work, line: &Engraved) -> bool {
    line.measures.start > 0 && work.bar(line.measures.start).break_before == Some(Break::Page)
}

/// From the origin of a system to that of the next.
fn distance(above: &Engraved, below: &Engraved, style: &Style) -> Space {
    (above.bottom - below.top + CLEARANCE).max(above.floor + BETWEEN * style.system_distance)
}

/// Finishes a page: its systems spread over what is left of its height where it is nearly full.
fn close(pages: &mut Vec<Page>, systems: Vec<(Engraved, Space)>, work: &Work, justify: bool, room: Space) {
    let sheet = work.sheet;
    let bottom = systems.last().map_or(0.0, |(line, top)| top + line.bottom);
    let gaps = systems.len().saturating_sub(1).max(1) as Space;
    let spare = (room - bottom).max(0.0);
    let style = &work.cast.style;
    // The last page only where little is missing.
    let fills = style.fill_pages && (justify || bottom > room * NEARLY);
    let most = if fills && bottom > room * FULL && systems.len() > 1 { MOST_FILL } else { EASY - BETWEEN };
    let extra = (spare / gaps).min(most);
    let mut page = blank(pages.len() + 1, work);
    for (index, (line, top)) in systems.into_iter().enumerate() {
        let origin = Point::new(sheet.left, sheet.top + top + extra * index as Space);
        page.systems.extend(line.system.map(|system| PlacedSystem { origin, measures: line.measures, system }));
    }
    pages.push(page);
}
