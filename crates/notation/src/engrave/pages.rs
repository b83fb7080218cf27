//! Pages: which system stands on which, how they share its height, and what is printed around the music.

use super::draw::Work;
use super::line::Line as Engraved;
use super::page::{Item, Page, PlacedSystem, Point, Role, Shape, Space};
use super::shapes::Line;
use crate::font::Face;
use crate::model::{Break, HEADER, RecordRef};

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
pub(super) fn fit(lines: &[Engraved], work: &Work) -> f32 {
    let sheet = work.sheet;
    let room = sheet.height - sheet.top - sheet.bottom;
    let tallest = lines.iter().enumerate().map(|(at, d)| {
        let head = if at == 0 { Heading::of(work).height } else { 0.0 };
        // A heading that is taller than half the page shares a page with nothing.
        d.bottom - d.top + head.min(room / 2.0)
    });
    let tallest = tallest.fold(0.0, Space::max);
    // Lines that even their rods overfill ask for smaller staves too.
    let wide = lines.iter().map(|d| if d.right > sheet.measure() + 0.01 { sheet.measure() / d.right } else { 1.0 }).fold(1.0, f32::min);
    (room / tallest.max(1.0)).min(1.0).min(wide)
}

/// Puts the systems on pages.
pub(super) fn compose(lines: Vec<Engraved>, work: &Work) -> Vec<Page> {
    let heading = Heading::of(work);
    let mut pages: Vec<Page> = Vec::new();
    let mut waiting: Vec<(Engraved, Space)> = Vec::new();
    let mut y = heading.height;
    let turns = super::systems::keeps_turns(work.score);
    let room = work.sheet.height - work.sheet.top - work.sheet.bottom - footer(work);
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
    furnish(&mut pages, heading, work);
    pages
}

fn starts_page(work: &Work, line: &Engraved) -> bool {
    let measure = work.score.measure(work.bar(line.measures.start).id);
    line.measures.start > 0 && measure.is_some_and(|m| m.break_before == Some(Break::Page))
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
    let mut page = Page {
        number: pages.len() + 1,
        width: sheet.width,
        height: sheet.height,
        millimetres_per_space: sheet.millimetres,
        setting: work.cast.style.setting,
        items: Vec::new(),
        systems: Vec::with_capacity(systems.len()),
    };
    for (index, (line, top)) in systems.into_iter().enumerate() {
        let origin = Point::new(sheet.left, sheet.top + top + extra * index as Space);
        page.systems.push(PlacedSystem { origin, measures: line.measures, system: line.system });
    }
    pages.push(page);
}

/// What is printed above the first system.
struct Heading {
    items: Vec<Item>,
    /// From the top margin to where music may start.
    height: Space,
}

fn credit(work: &Work, text: &str, face: Face, points: f32, most: Space) -> Line {
    let line = Line::new(text, face, work.sheet.points(points) * if points > 9.0 { work.cast.style.title } else { 1.0 });
    let wide = line.width();
    if wide > most { Line::new(text, face, line.size * most / wide) } else { line }
}

impl Heading {
    fn of(work: &Work) -> Self {
        let header = work.score.header();
        let width = work.sheet.measure();
        let mut heading = Self { items: Vec::new(), height: 0.0 };
        let mut titled = false;
        let work_line = match (header.work_title.trim(), header.number.trim()) {
            (title, number) if title.is_empty() || title == header.title.trim() => number.to_owned(),
            (title, "") => title.to_owned(),
            (title, number) => format!("{title}, {number}"),
        };
        let main = if header.title.trim().is_empty() { work_line.clone() } else { header.title.clone() };
        let over = if header.title.trim().is_empty() { "" } else { work_line.as_str() };
        for (text, face, points) in
            [(over, Face::Roman, 12.0), (main.as_str(), Face::Roman, 22.0), (header.subtitle.as_str(), Face::Roman, 14.0)]
        {
            for row in text.lines().map(str::trim).filter(|row| !row.is_empty()).take(4) {
                let line = credit(work, row, face, points, width);
                heading.height += line.size * 1.0;
                heading.put((width - line.width()) / 2.0, heading.height, line.clone(), Role::Title);
                heading.height += line.size * 0.35;
                titled = true;
            }
        }
        let right: Vec<&str> = [header.composer.as_str(), header.arranger.as_str()].into_iter().flat_map(str::lines).collect();
        let left: Vec<&str> = header.lyricist.lines().collect();
        let mut lowest = heading.height;
        for (rows, flush) in [(left, false), (right, true)] {
            let mut y = heading.height;
            for row in rows.into_iter().map(str::trim).filter(|row| !row.is_empty()).take(6) {
                let line = credit(work, row, Face::Roman, 11.0, width * 0.48);
                y += line.size * 1.2;
                let x = if flush { width - line.width() } else { 0.0 };
                heading.put(x, y, line, Role::Credit);
                titled = true;
            }
            lowest = lowest.max(y);
        }
        heading.height = if titled { lowest + 2.5 } else { 0.0 };
        heading
    }

    fn put(&mut self, x: Space, y: Space, line: Line, role: Role) {
        let shape = Shape::Text { at: Point::new(x, y), face: line.face, size: line.size, text: line.text, shaped: line.shaped };
        self.items.push(Item { shape, role, source: Some(RecordRef::from(HEADER)), voice: 0, colour: None });
    }
}

/// What the foot of a page takes from its music.
fn footer(work: &Work) -> Space {
    let lines = copyright(work).len();
    if lines > 0 { lines as Space * work.sheet.points(8.0) * 1.2 + 1.0 } else { 0.0 }
}

fn copyright<'a>(work: &'a Work) -> Vec<&'a str> {
    work.score.header().copyright.lines().map(str::trim).filter(|row| !row.is_empty()).take(4).collect()
}

/// Titles on the first page, copyright at its foot, numbers on all but the first.
fn furnish(pages: &mut [Page], heading: Heading, work: &Work) {
    let sheet = work.sheet;
    for (index, page) in pages.iter_mut().enumerate() {
        let mut put = |x: Space, y: Space, line: Line, role: Role, source: Option<RecordRef>| {
            let at = Point::new(x, y);
            let shape = Shape::Text { at, face: line.face, size: line.size, text: line.text, shaped: line.shaped };
            page.items.push(Item { shape, role, source, voice: 0, colour: None });
        };
        if index == 0 {
            let rows = copyright(work);
            let count = rows.len();
            for (row, text) in rows.into_iter().enumerate() {
                let line = credit(work, text, Face::Roman, 8.0, sheet.measure());
                let y = sheet.height - sheet.bottom - (count - 1 - row) as Space * line.size * 1.2 - line.size * 0.25;
                put(sheet.left + (sheet.measure() - line.width()) / 2.0, y, line, Role::Credit, Some(RecordRef::from(HEADER)));
            }
        } else {
            let line = Line::new(&(index + 1).to_string(), Face::Roman, sheet.points(9.0));
            let y = (sheet.top * 0.65).max(line.size);
            let x = if index % 2 == 1 { sheet.left } else { sheet.width - sheet.right - line.width() };
            put(x, y, line, Role::PageNumber, None);
        }
    }
    if let Some(first) = pages.first_mut() {
        first.items.extend(heading.items.into_iter().map(|item| item.moved(Point::new(sheet.left, sheet.top))));
    }
}
