//! What is printed around the music: titles and names above it, copyright below, page numbers.

use super::draw::Work;
use super::page::{Item, Point, Role, Shape, Space};
use super::shapes::Line;
use super::sheet::Sheet;
use crate::font::Face;
use crate::model::{HEADER, Header, RecordRef};

/// The furniture of the pages: made once for a header and a sheet.
pub(super) struct Furniture {
    header: Header,
    sheet: Sheet,
    heading: Heading,
    /// What the foot of the first page takes from its music.
    foot: Space,
    /// What is printed on each page, as far as it was asked for.
    pages: Vec<Vec<Item>>,
}

impl Furniture {
    /// The furniture of this work; what was made before for the same header and sheet.
    pub(super) fn of(work: &Work, known: Option<Self>) -> Self {
        let header = work.score.header();
        known.filter(|known| known.header == *header && known.sheet == *work.sheet).unwrap_or_else(|| {
            let lines = copyright(work).len();
            let foot = if lines > 0 { lines as Space * work.sheet.points(8.0) * 1.2 + 1.0 } else { 0.0 };
            Self { header: header.clone(), sheet: *work.sheet, heading: Heading::of(work), foot, pages: Vec::new() }
        })
    }

    /// From the top margin to where music may start on the first page.
    pub(super) fn head(&self) -> Space {
        self.heading.height
    }

    /// What the foot of a page takes from its music.
    pub(super) fn foot(&self) -> Space {
        self.foot
    }

    /// What is printed on a page: titles and copyright on the first, numbers on all others.
    pub(super) fn of_page(&mut self, index: usize, work: &Work) -> Vec<Item> {
        while self.pages.len() <= index {
            let mut items = Vec::new();
            match self.pages.len() {
                0 => {
                    copyrights(work, &mut items);
                    let corner = Point::new(work.sheet.left, work.sheet.top);
                    items.extend(self.heading.items.iter().map(|item| item.clone().moved(corner)));
                }
                at => number(at, work, &mut items),
            }
            self.pages.push(items);
        }
        self.pages[index].clone()
    }
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
        let left: Vec<&str> = std::iter::once(work.cast.title.as_str()).chain(header.lyricist.lines()).collect();
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
        put(&mut self.items, x, y, line, role, Some(RecordRef::from(HEADER)));
    }
}

fn put(items: &mut Vec<Item>, x: Space, y: Space, line: Line, role: Role, source: Option<RecordRef>) {
    let shape = Shape::Text { at: Point::new(x, y), face: line.face, size: line.size, text: line.text, shaped: line.shaped };
    items.push(Item { shape, role, source, voice: 0, colour: None });
}

fn copyright<'a>(work: &'a Work) -> Vec<&'a str> {
    work.score.header().copyright.lines().map(str::trim).filter(|row| !row.is_empty()).take(4).collect()
}

fn copyrights(work: &Work, items: &mut Vec<Item>) {
    let sheet = work.sheet;
    let rows = copyright(work);
    let count = rows.len();
    for (row, text) in rows.into_iter().enumerate() {
        let line = credit(work, text, Face::Roman, 8.0, sheet.measure());
        let y = sheet.height - sheet.bottom - (count - 1 - row) as Space * line.size * 1.2 - line.size * 0.25;
        put(items, sheet.left + (sheet.measure() - line.width()) / 2.0, y, line, Role::Credit, Some(RecordRef::from(HEADER)));
    }
}

/// The number of a page, on its outer side.
fn number(index: usize, work: &Work, items: &mut Vec<Item>) {
    let sheet = work.sheet;
    let line = Line::new(&(index + 1).to_string(), Face::Roman, sheet.points(9.0));
    let y = (sheet.top * 0.65).max(line.size);
    let x = if index % 2 == 1 { sheet.left } else { sheet.width - sheet.right - line.width() };
    put(items, x, y, line, Role::PageNumber, None);
}
