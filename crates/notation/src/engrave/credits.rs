//! Words that a source put on a page beside title and names (MusicXML 4.0, `credit`): a dedication, an instruction, a note about
//! the edition. Their places are those of another paper, so that they keep their corner and not their millimetre.

use super::draw::Work;
use super::page::{Item, Point, Role, Shape, Space};
use super::shapes::Line;
use super::sheet::Sheet;
use crate::font::Face;
use crate::model::{Colour, Credit, Justify, Mark, MarkId, MarkKind, Score};

/// What is too high or too low on the page for its music: shares of its height.
const HEAD: f32 = 0.6;
const FOOT: f32 = 0.15;
/// The most credits that are shown.
const MOST: usize = 100;

/// Where on a page a credit belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Corner {
    /// Above the music: left, in the middle, right.
    Head(Justify),
    Foot,
    /// Among the music, where its source has it.
    Within,
}

/// A credit with its page, from 0.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub page: usize,
    pub corner: Corner,
    id: MarkId,
    credit: Credit,
    justify: Justify,
    face: Face,
    /// In points, where it says so.
    size: Option<f32>,
    colour: Option<Colour>,
}

/// The credits of a score on paper of this size.
pub(super) fn of(score: &Score, sheet: &Sheet) -> Vec<Placed> {
    let placed = |(page, id, mark): (u16, MarkId, &Mark)| {
        let MarkKind::Credit(credit) = &mark.kind else { return None };
        let style = &mark.style;
        let face = match (style.bold, style.italic) {
            (true, true) => Face::BoldItalic,
            (true, false) => Face::Bold,
            (false, true) => Face::Italic,
            (false, false) => Face::Roman,
        };
        let size = style.size.map(|tenths| (f32::from(tenths) / 10.0).clamp(7.0, 22.0));
        let page = usize::from(page.max(1)) - 1;
        let corner = corner(credit, style.justify, sheet);
        Some(Placed { page, corner, id, credit: credit.clone(), justify: style.justify, face, size, colour: mark.colour })
    };
    score.marks_on_pages().filter(|(_, _, mark)| mark.visible).take(MOST).filter_map(placed).collect()
}

fn corner(credit: &Credit, justify: Justify, sheet: &Sheet) -> Corner {
    let Some(at) = place(credit, sheet) else { return Corner::Head(Justify::Center) };
    match 1.0 - at.y / sheet.height {
        up if up >= HEAD => Corner::Head(match (justify, at.x / sheet.width) {
            (Justify::Auto, x) if x < 0.33 => Justify::Left,
            (Justify::Auto, x) if x > 0.67 => Justify::Right,
            (Justify::Auto, _) => Justify::Center,
            (said, _) => said,
        }),
        up if up <= FOOT => Corner::Foot,
        _ => Corner::Within,
    }
}

/// Where the source has it, from the top left corner of the page.
fn place(credit: &Credit, sheet: &Sheet) -> Option<Point> {
    let (right, up) = credit.at?;
    let spaces = |tenths: i32| tenths as f32 / 10.0 / sheet.millimetres;
    Some(Point::new(spaces(right).clamp(0.0, sheet.width), (sheet.height - spaces(up)).clamp(0.0, sheet.height)))
}

impl Placed {
    /// Its lines, none wider than `most`.
    pub(super) fn lines(&self, work: &Work, points: f32, most: Space) -> Vec<Line> {
        let size = work.sheet.points(self.size.unwrap_or(points));
        let rows = self.credit.text.lines().map(str::trim).filter(|row| !row.is_empty()).take(12);
        let set = |row: &str| {
            let line = Line::new(row, self.face, size);
            let wide = line.width();
            if wide > most { Line::new(row, self.face, size * most / wide) } else { line }
        };
        rows.map(set).collect()
    }

    /// A line of it as an item of the page.
    pub(super) fn item(&self, line: Line, at: Point) -> Item {
        let shape = Shape::Text { at, face: line.face, size: line.size, text: line.text, shaped: line.shaped };
        Item { shape, role: Role::Credit, source: Some(self.id.into()), voice: 0, colour: self.colour }
    }

    /// Draws it on a page whose music does not make room for it: in the margins, or among the music where its source has it.
    pub(super) fn draw(&self, work: &Work, items: &mut Vec<Item>) {
        let sheet = work.sheet;
        let lines = self.lines(work, 10.0, sheet.measure());
        let height: Space = lines.iter().map(|line| line.size * 1.2).sum();
        let at = place(&self.credit, sheet).unwrap_or(Point::new(sheet.width / 2.0, 0.0));
        let mut y = match self.corner {
            Corner::Head(_) => sheet.top - height - 1.0,
            Corner::Foot => sheet.height - sheet.bottom + 1.0,
            Corner::Within => at.y,
        };
        y = y.min(sheet.height - height - 0.5).max(0.3);
        for line in lines {
            y += line.size;
            let justify = if let Corner::Head(justify) = self.corner { justify } else { self.justify };
            let wide = line.width();
            let x = match justify {
                Justify::Right => at.x - wide,
                Justify::Center => at.x - wide / 2.0,
                Justify::Left | Justify::Auto => at.x,
            };
            let x = x.min(sheet.width - sheet.right - wide).max(sheet.left);
            let size = line.size;
            items.push(self.item(line, Point::new(x, y)));
            y += size * 0.2;
        }
    }
}
