//! Fretboard diagrams: strings and frets as a grid, fingers as dots, a barre as a bar (MusicXML 4.0, `frame`).

use super::{StaffDraft, Tag};
use crate::engrave::page::{Point, Rect, Shape, Space};
use crate::engrave::shapes::Line;
use crate::font::{Face, engraving_defaults};
use crate::model::{BarreEnd, FretDot, Fretboard};

/// Between strings, and between frets.
const STRINGS: Space = 0.62;
const FRETS: Space = 0.85;
/// Room above the grid for the signs of strings that are open or not played.
const SIGNS: Space = 0.95;
/// The nut's thickness.
const NUT: Space = 0.3;
/// Strings and frets that are drawn at most.
const MOST: u8 = 24;

/// How far a diagram reaches: to the right of its left edge, and above its lower edge.
pub(super) fn size(board: &Fretboard) -> (Space, Space) {
    let grid = Space::from(board.strings.clamp(2, MOST) - 1) * STRINGS;
    let number = if board.first_fret > 1 { 1.6 } else { 0.0 };
    (grid + number, Space::from(board.frets.clamp(1, MOST)) * FRETS + SIGNS + fingers_room(board))
}

fn fingers_room(board: &Fretboard) -> Space {
    if board.dots.iter().any(|dot| !dot.finger.is_empty()) { 1.0 } else { 0.0 }
}

/// Draws a diagram with its lower left corner at a point.
pub(super) fn draw(staff: &mut StaffDraft, board: &Fretboard, at: Point, tag: Tag) {
    let (wide, tall) = size(board);
    staff.sky.add(Rect::new(at.x - 0.3, at.y - tall, at.x + wide + 0.3, at.y));
    let at = Point::new(at.x, at.y - fingers_room(board));
    let (strings, frets) = (board.strings.clamp(2, MOST), board.frets.clamp(1, MOST));
    let right = at.x + Space::from(strings - 1) * STRINGS;
    let top = at.y - Space::from(frets) * FRETS;
    let thin = engraving_defaults().staff_line_thickness * 0.8;
    let mut line = |from: Point, to: Point, thickness: Space| staff.item(Shape::Line { from, to, thickness, dash: None }, tag);
    for string in 0..strings {
        let x = at.x + Space::from(string) * STRINGS;
        line(Point::new(x, top), Point::new(x, at.y), thin);
    }
    for fret in 0..=frets {
        let y = top + Space::from(fret) * FRETS;
        let nut = fret == 0 && board.first_fret <= 1;
        let thickness = if nut { NUT } else { thin };
        let y = if nut { y - NUT / 2.0 } else { y };
        line(Point::new(at.x - thin / 2.0, y), Point::new(right + thin / 2.0, y), thickness);
    }
    // Strings are counted from the highest, which is the last one drawn.
    let x = |string: u8| right - Space::from(string.clamp(1, strings) - 1) * STRINGS;
    let y = |fret: u8| top + (Space::from(fret.saturating_sub(board.first_fret.max(1)).min(frets - 1)) + 0.5) * FRETS;
    barres(staff, board, x, y, tag);
    for dot in &board.dots {
        if dot.fret > 0 {
            disc(staff, Point::new(x(dot.string), y(dot.fret)), 0.27, tag);
        }
        finger(staff, dot, Point::new(x(dot.string), at.y + 1.0), tag);
    }
    for string in 1..=strings {
        let middle = Point::new(x(string), top - NUT - 0.42);
        match board.dots.iter().find(|dot| dot.string == string) {
            Some(dot) if dot.fret == 0 => ring(staff, middle, tag),
            None if !board.unplayed.is_empty() || board.dots.len() > 1 => cross(staff, middle, tag),
            _ => {}
        }
    }
    if board.first_fret > 1 {
        let number = Line::new(&format!("{}fr", board.first_fret), Face::Roman, 1.2);
        staff.text(number, Point::new(right + 0.35, top + FRETS * 0.75), tag);
    }
}

fn finger(staff: &mut StaffDraft, dot: &FretDot, at: Point, tag: Tag) {
    if !dot.finger.is_empty() {
        let line = Line::new(&dot.finger, Face::Roman, 1.05);
        let x = at.x - line.width() / 2.0;
        staff.text(line, Point::new(x, at.y), tag);
    }
}

/// A bar from where a finger lies over several strings to where it ends.
fn barres(staff: &mut StaffDraft, board: &Fretboard, x: impl Fn(u8) -> Space, y: impl Fn(u8) -> Space, tag: Tag) {
    for start in board.dots.iter().filter(|dot| dot.barre == Some(BarreEnd::Start)) {
        let stop = board.dots.iter().find(|dot| dot.barre == Some(BarreEnd::Stop) && dot.fret == start.fret);
        if let Some(stop) = stop {
            let (from, to) = (Point::new(x(start.string), y(start.fret)), Point::new(x(stop.string), y(start.fret)));
            staff.item(Shape::Line { from, to, thickness: 0.4, dash: None }, tag);
        }
    }
}

/// Points around a circle.
fn circle(middle: Point, radius: Space) -> impl Iterator<Item = Point> {
    const CORNERS: usize = 20;
    (0..CORNERS).map(move |at| {
        let turn = at as Space / CORNERS as Space * std::f32::consts::TAU;
        Point::new(middle.x + radius * turn.cos(), middle.y + radius * turn.sin())
    })
}

fn disc(staff: &mut StaffDraft, middle: Point, radius: Space, tag: Tag) {
    staff.item(Shape::Polygon(circle(middle, radius).collect()), tag);
}

fn ring(staff: &mut StaffDraft, middle: Point, tag: Tag) {
    let points: Vec<Point> = circle(middle, 0.22).collect();
    for (at, from) in points.iter().enumerate() {
        let to = points[(at + 1) % points.len()];
        staff.item(Shape::Line { from: *from, to, thickness: 0.08, dash: None }, tag);
    }
}

fn cross(staff: &mut StaffDraft, middle: Point, tag: Tag) {
    for side in [1.0, -1.0] {
        let (from, to) = (Point::new(middle.x - 0.2, middle.y - 0.2 * side), Point::new(middle.x + 0.2, middle.y + 0.2 * side));
        staff.item(Shape::Line { from, to, thickness: 0.1, dash: None }, tag);
    }
}
