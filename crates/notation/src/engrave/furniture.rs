//! What is printed around the music: titles and names above it, copyright below, page numbers.

use super::credits::{self, Corner, Placed};
use super::draw::Work;
use super::page::{Item, Point, Role, Shape, Space};
use super::shapes::Line;
use super::sheet::Sheet;
use crate::font::Face;
use crate::model::{HEADER, Header, Justify, RecordRef};

/// The furniture of the pages: made once for a header and a sheet.
pub(super) struct Furniture {
    header: Header,
    sheet: Sheet,
    credits: Vec<Placed>,
    heading: Heading,
    /// What the foot of the first page takes from its music.
    foot: Space,
    /// What is printed on each page, as far as it was asked for.
    pages: Vec<Vec<Item>>,
}

impl Furniture {
    /// The furniture of this work; what was made before for the same header and sheet.
    pub(super) fn of(work: &Work, known: Option<Self>) -> Self {
        let (header, credits) = (work.score.header(), credits::of(work.score, work.sheet));
        let same = |known: &Self| known.header == *header && known.sheet == *work.sheet && known.credits == credits;
        known.filter(same).unwrap_or_else(|| {
            let rows: Space = copyright(work, &credits).iter().map(|(line, _)| line.size * 1.2).sum();
            let foot = if rows > 0.0 { rows + 1.0 } else { 0.0 };
            let heading = Heading::of(work, &credits);
            Self { header: header.clone(), sheet: *work.sheet, credits, heading, foot, pages: Vec::new() }
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
            let page = self.pages.len();
            let elsewhere = |credit: &&Placed| credit.page == page && (page > 0 || credit.corner == Corner::Within);
            self.credits.iter().filter(elsewhere).for_each(|credit| credit.draw(work, &mut items));
            match page {
                0 => {
                    copyrights(work, &self.credits, &mut items);
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
    fn of(work: &Work, credits: &[Placed]) -> Self {
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
        let at_head = |justify: Justify| credits.iter().filter(move |credit| credit.page == 0 && credit.corner == Corner::Head(justify));
        for (credit, line) in
            at_head(Justify::Center).flat_map(|credit| credit.lines(work, 11.0, width).into_iter().map(move |l| (credit, l)))
        {
            heading.height += line.size * 1.2;
            let x = (width - line.width()) / 2.0;
            heading.items.push(credit.item(line, Point::new(x, heading.height)));
            titled = true;
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
            let justify = if flush { Justify::Right } else { Justify::Left };
            for (credit, line) in
                at_head(justify).flat_map(|credit| credit.lines(work, 11.0, width * 0.48).into_iter().map(move |l| (credit, l)))
            {
                y += line.size * 1.2;
                let x = if flush { width - line.width() } else { 0.0 };
                heading.items.push(credit.item(line, Point::new(x, y)));
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

/// What stands under the music of the first page, line by line: the copyright, and credits of the foot.
fn copyright<'a>(work: &Work, credits: &'a [Placed]) -> Vec<(Line, Option<&'a Placed>)> {
    let most = work.sheet.measure();
    let rows = work.score.header().copyright.lines().map(str::trim).filter(|row| !row.is_empty()).take(4);
    let foot = credits.iter().filter(|placed| placed.page == 0 && placed.corner == Corner::Foot).take(4);
    let lines = foot.flat_map(|placed| placed.lines(work, 8.0, most).into_iter().map(move |line| (line, Some(placed))));
    lines.chain(rows.map(|row| (credit(work, row, Face::Roman, 8.0, most), None))).collect()
}

fn copyrights(work: &Work, credits: &[Placed], items: &mut Vec<Item>) {
    let sheet = work.sheet;
    let mut y = sheet.height - sheet.bottom;
    for (line, credit) in copyright(work, credits).into_iter().rev() {
        let at = Point::new(sheet.left + (sheet.measure() - line.width()) / 2.0, y - line.size * 0.25);
        y -= line.size * 1.2;
        match credit {
            Some(credit) => items.push(credit.item(line, at)),
            None => put(items, at.x, at.y, line, Role::Credit, Some(RecordRef::from(HEADER))),
        }
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
