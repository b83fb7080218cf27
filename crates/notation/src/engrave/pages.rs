//! Pages: which system stands on which, how they share its height, and where on it.

use super::draw::Work;
use super::furniture::Furniture;
use super::line::Line as Engraved;
use super::page::{Page, PlacedSystem, Point, Space};
use crate::model::Break;

/// Between the ink of neighbouring systems, at least; between their outer staves, at least, and where there is room for it.
const CLEARANCE: Space = 2.0;
const BETWEEN: Space = 7.0;
const EASY: Space = 9.0;
/// The most a system is moved further down to fill a page.
const MOST_FILL: Space = 14.0;
/// A page that is filled less than this is not turned early.
const HALF: f32 = 0.5;
/// A page that is filled less than this stays as it is.
const FULL: f32 = 0.6;

/// By how much the systems have to shrink for the tallest to fit on a page; 1 if it does.
pub(super) fn fit(lines: &[Engraved], work: &Work, furniture: &Furniture) -> f32 {
    let sheet = work.sheet;
    if sheet.endless {
        return 1.0;
    }
    let room = sheet.height - sheet.top - sheet.bottom;
    let tallest = lines.iter().enumerate().map(|(at, d)| {
        let head = if at == 0 { furniture.head() } else { 0.0 };
        // A heading that is taller than half the page shares a page with nothing.
        d.bottom - d.top + head.min(room / 2.0)
    });
    let tallest = tallest.fold(0.0, Space::max);
    // Lines that even their rods overfill ask for smaller staves too.
    let wide = lines.iter().map(|d| if d.right > sheet.measure() + 0.01 { sheet.measure() / d.right } else { 1.0 }).fold(1.0, f32::min);
    (room / tallest.max(1.0)).min(1.0).min(wide)
}

/// Puts the systems on pages.
pub(super) fn compose(lines: Vec<Engraved>, work: &Work, furniture: &mut Furniture) -> Vec<Page> {
    if work.sheet.endless {
        return vec![endless(lines, work)];
    }
    let mut pages: Vec<Page> = Vec::new();
    let mut waiting: Vec<(Engraved, Space)> = Vec::new();
    let mut y = furniture.head();
    let turns = super::systems::keeps_turns(&work.prepared.bars);
    let room = work.sheet.height - work.sheet.top - work.sheet.bottom - furniture.foot();
    for line in lines {
        // A page turn of the source is kept where its page came out at least half full here: an imported one was made for
        // other paper.
        let filled = waiting.last().map_or(0.0, |(above, at)| at + above.bottom);
        let turn = turns && starts_page(work, &line) && filled > room * HALF;
        let top = waiting.last().map_or(y - line.top.min(0.0), |(above, at)| at + distance(above, &line));
        if turn || (top + line.bottom > room && !waiting.is_empty()) {
            close(&mut pages, std::mem::take(&mut waiting), work, true, room);
            y = 0.0;
            let top = y - line.top.min(0.0);
            waiting.push((line, top));
        } else {
            waiting.push((line, top));
        }
    }
    if !waiting.is_empty() || pages.is_empty() {
        close(&mut pages, waiting, work, false, room);
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

fn starts_page(work: &Work, line: &Engraved) -> bool {
    line.measures.start > 0 && work.bar(line.measures.start).break_before == Some(Break::Page)
}

/// From the origin of a system to that of the next.
fn distance(above: &Engraved, below: &Engraved) -> Space {
    (above.bottom - below.top + CLEARANCE).max(above.floor + BETWEEN)
}

/// Finishes a page: its systems spread over what is left of its height where it is nearly full.
fn close(pages: &mut Vec<Page>, systems: Vec<(Engraved, Space)>, work: &Work, justify: bool, room: Space) {
    let sheet = work.sheet;
    let bottom = systems.last().map_or(0.0, |(line, top)| top + line.bottom);
    let gaps = systems.len().saturating_sub(1).max(1) as Space;
    let spare = (room - bottom).max(0.0);
    let most = if justify && bottom > room * FULL && systems.len() > 1 { MOST_FILL } else { EASY - BETWEEN };
    let extra = (spare / gaps).min(most);
    let mut page = blank(pages.len() + 1, work);
    for (index, (line, top)) in systems.into_iter().enumerate() {
        let origin = Point::new(sheet.left, sheet.top + top + extra * index as Space);
        page.systems.extend(line.system.map(|system| PlacedSystem { origin, measures: line.measures, system }));
    }
    pages.push(page);
}
