//! Figured bass: figures under (or over) the bass, stacked, each with its accidentals and strokes, and lines that hold them
//! (MusicXML 4.0, `figured-bass`).

use super::staff_text::Spot;
use super::{Draft, StaffDraft, Tag};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::shapes::width;
use crate::font::{Glyph, glyphs as g};
use crate::model::{Figure, FiguredBass, MarkKind};

/// The size of figures: the font draws them a little over a staff space high.
const SCALE: f32 = 1.35;
/// From one row of figures to the next.
const ROW: Space = 1.65;
/// From the staff (and what hangs from it) to the first row.
const CLEARANCE: Space = 0.7;
/// Between neighbouring figures.
const APART: Space = 0.35;

/// A figure with its prefix and suffix, as glyphs side by side, and the stroke that is laid over its number.
fn glyphs(figure: &Figure) -> (Vec<Glyph>, Option<Glyph>) {
    let stroke = match figure.suffix.as_str() {
        "back-slash" => Some(g::FIGBASS_COMBINING_LOWERING),
        "slash" | "vertical" => Some(g::FIGBASS_COMBINING_RAISING),
        _ => None,
    };
    let (number, stroke) = match stroked(figure) {
        Some(glyph) => (vec![glyph], None),
        None => (number_glyphs(figure), stroke),
    };
    (sign(&figure.prefix).into_iter().chain(number).chain(sign(&figure.suffix)).collect(), stroke)
}

/// Figures that have a stroke of their own in the font.
fn stroked(figure: &Figure) -> Option<Glyph> {
    Some(match (figure.number.as_str(), figure.suffix.as_str()) {
        ("2", "slash") => g::FIGBASS2_RAISED,
        ("4", "slash") => g::FIGBASS4_RAISED,
        ("5", "slash") => g::FIGBASS5_RAISED1,
        ("6", "slash") => g::FIGBASS6_RAISED,
        ("7", "slash") => g::FIGBASS7_RAISED1,
        ("9", "slash") => g::FIGBASS9_RAISED,
        _ => return None,
    })
}

fn number_glyphs(figure: &Figure) -> Vec<Glyph> {
    const DIGITS: [Glyph; 10] =
        [g::FIGBASS0, g::FIGBASS1, g::FIGBASS2, g::FIGBASS3, g::FIGBASS4, g::FIGBASS5, g::FIGBASS6, g::FIGBASS7, g::FIGBASS8, g::FIGBASS9];
    let digit = |letter: char| letter.to_digit(10).and_then(|digit| DIGITS.get(digit as usize)).copied();
    figure.number.chars().filter_map(digit).take(3).collect()
}

fn sign(name: &str) -> Option<Glyph> {
    Some(match name {
        "sharp" => g::FIGBASS_SHARP,
        "flat" => g::FIGBASS_FLAT,
        "natural" => g::FIGBASS_NATURAL,
        "double-sharp" | "sharp-sharp" => g::FIGBASS_DOUBLE_SHARP,
        "flat-flat" | "double-flat" => g::FIGBASS_DOUBLE_FLAT,
        "plus" | "cross" => g::FIGBASS_PLUS,
        _ => return None,
    })
}

/// Draws the figures of a system: those of a staff stand on one line.
pub(super) fn draw(draft: &mut Draft, spots: &[Spot]) {
    let mut from = 0;
    while from < spots.len() {
        let staff = spots[from].staff;
        let to = from + spots[from..].iter().take_while(|s| s.staff == staff).count();
        let row: Vec<(&Spot, &FiguredBass)> = spots[from..to]
            .iter()
            .filter_map(|spot| if let MarkKind::FiguredBass(bass) = spot.kind { Some((spot, bass)) } else { None })
            .collect();
        from = to;
        let right = draft.right;
        if let Some(staff) = draft.staves.get_mut(staff).filter(|_| !row.is_empty()) {
            row_of(staff, &row, right);
        }
    }
}

fn row_of(staff: &mut StaffDraft, row: &[(&Spot, &FiguredBass)], end: Space) {
    let above = row.iter().any(|(spot, _)| spot.above == Some(true));
    let rows = row.iter().map(|(_, bass)| bass.figures.len()).max().unwrap_or(0);
    let reach = |x: Space| (x - 0.2, x + 1.6);
    let y = if above {
        let top = row.iter().map(|(spot, _)| staff.sky.top(reach(spot.x).0, reach(spot.x).1)).fold(0.0, Space::min);
        top - CLEARANCE - ROW * rows.saturating_sub(1) as Space
    } else {
        let low = row.iter().map(|(spot, _)| staff.sky.bottom(reach(spot.x).0, reach(spot.x).1)).fold(staff.height, Space::max);
        low + CLEARANCE + 1.0 * SCALE
    };
    for (at, (spot, bass)) in row.iter().enumerate() {
        let tag = Tag::new(Role::Other, Some(spot.id.into()));
        let until = row.get(at + 1).map_or(end, |(next, _)| next.x) - 0.4;
        for (line, figure) in bass.figures.iter().take(8).enumerate() {
            let at = Point::new(spot.x, y + ROW * line as Space);
            let right = figure_at(staff, figure, bass.parentheses, at, tag);
            if figure.extend && until > right + 0.6 {
                let (from, to) = (Point::new(right + 0.25, at.y - 0.6), Point::new(until, at.y - 0.6));
                staff.item(Shape::Line { from, to, thickness: 0.13, dash: None }, tag);
                staff.sky.add(Rect::new(from.x, from.y - 0.2, to.x, to.y + 0.2));
            }
        }
    }
}

/// From the place of figures to that of the next, at least.
pub(super) fn room(bass: &FiguredBass) -> Space {
    let wide = |figure: &Figure| enclosed(figure, bass.parentheses).0.into_iter().map(|glyph| width(glyph) * SCALE + 0.08).sum();
    bass.figures.iter().map(wide).fold(0.0, Space::max) + APART
}

/// The glyphs of a figure, in parentheses where it has them, and the stroke over its number.
fn enclosed(figure: &Figure, parentheses: bool) -> (Vec<Glyph>, Option<Glyph>) {
    let (mut glyphs, stroke) = glyphs(figure);
    if parentheses && !glyphs.is_empty() {
        glyphs.insert(0, g::FIGBASS_PARENS_LEFT);
        glyphs.push(g::FIGBASS_PARENS_RIGHT);
    }
    (glyphs, stroke)
}

/// Draws one figure and says where it ends.
fn figure_at(staff: &mut StaffDraft, figure: &Figure, parentheses: bool, at: Point, tag: Tag) -> Space {
    let (glyphs, stroke) = enclosed(figure, parentheses);
    let last = number_glyphs(figure).last().copied();
    let mut x = at.x;
    for glyph in glyphs {
        staff.glyph(glyph, Point::new(x, at.y), SCALE, tag);
        // One stroke says it for the whole number: through its last digit.
        if let Some(stroke) = stroke.filter(|_| Some(glyph) == last) {
            staff.glyph(stroke, Point::new(x, at.y), SCALE, tag);
        }
        x += width(glyph) * SCALE + 0.08;
    }
    x
}
