//! Tablature: numbers on the lines of strings, which stop for them; bends; what is damped and what rings on
//! (Gould, "Behind Bars", pp. 387–392).

use super::lines::Run;
use super::{Draft, Placed, StaffDraft, Tag};
use crate::engrave::page::{Point, Role, Shape, Space};
use crate::engrave::prepare::Chord;
use crate::engrave::shapes::Line;
use crate::font::Face;
use crate::model::{Alter, Bend, BendKind};

/// Room that a number keeps from the line it stands on.
const CLEAR: Space = 0.18;

/// Puts the number of a fret in the middle of where a head would be, and stops the line for it.
pub(super) fn fret(staff: &mut StaffDraft, line: &Line, middle: Point, tag: Tag) {
    let wide = line.width();
    let (left, right) = (middle.x - wide / 2.0, middle.x + wide / 2.0);
    // Digits are as high as capitals: their middle is a third of the size above the baseline.
    staff.text(line.clone(), Point::new(left, middle.y + line.size * 0.345), tag);
    staff.stops.push((middle.y, left - CLEAR, right + CLEAR));
}

/// Cuts the staff's lines, its first items, where numbers stand on them.
pub(super) fn stop_lines(staff: &mut StaffDraft) {
    if staff.stops.is_empty() {
        return;
    }
    let stops = std::mem::take(&mut staff.stops);
    let count = staff.items.iter().take_while(|item| item.role == Role::StaffLine).count();
    let lines: Vec<_> = staff.items.drain(..count).collect();
    let mut cut = Vec::with_capacity(stops.len() + count);
    for line in lines {
        let Shape::Line { from, to, thickness, .. } = line.shape else { continue };
        let mut here: Vec<(Space, Space)> =
            stops.iter().filter(|stop| (stop.0 - from.y).abs() < 0.1).map(|stop| (stop.1, stop.2)).collect();
        here.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut x = from.x;
        let mut piece = |left: Space, right: Space| {
            if right > left {
                let (from, to) = (Point::new(left, from.y), Point::new(right, from.y));
                cut.push(crate::engrave::page::Item { shape: Shape::Line { from, to, thickness, dash: None }, ..line.clone() });
            }
        };
        for (left, right) in here {
            piece(x, left);
            x = x.max(right);
        }
        piece(x, to.x);
    }
    staff.items.splice(0..0, cut);
}

/// How far a string is bent, as players say it.
fn amount(alter: Alter) -> String {
    let quarters = alter.numerator() * 2 / alter.denominator().max(1);
    match quarters {
        1 => "¼".to_owned(),
        2 => "½".to_owned(),
        4 => "full".to_owned(),
        n if n % 4 == 2 => format!("{}½", n / 4),
        n if n % 4 == 0 => (n / 4).to_string(),
        n => format!("{n}/4"),
    }
}

/// Arrows from a number up to how far the string is bent, and back down where it is released.
pub(super) fn bends(draft: &mut Draft, chord: &Chord, placed: Placed, bends: &[Bend], tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let top = staff.sky.top(placed.left, placed.right + 3.0).min(-0.5) - 1.1;
    let mut at = Point::new(placed.right + 0.25, placed.high);
    for bend in bends.iter().take(4) {
        let up = bend.kind != BendKind::Release;
        let before = bend.kind == BendKind::PreBend;
        let from = if before { Point::new(placed.middle(), placed.high - 0.8) } else { at };
        let to = Point::new(if before { from.x } else { from.x + 1.4 }, if up { top } else { placed.high });
        curve(staff, from, to, before, tag);
        let tip = if up { -0.55 } else { 0.55 };
        let arrow = vec![Point::new(to.x, to.y), Point::new(to.x - 0.28, to.y - tip), Point::new(to.x + 0.28, to.y - tip)];
        staff.item(Shape::Polygon(arrow), tag);
        if up {
            let text = Line::new(&amount(bend.alter), Face::Roman, 1.5);
            let x = to.x - text.width() / 2.0;
            staff.text(text, Point::new(x, to.y - 0.3), tag);
        }
        at = to;
    }
}

fn curve(staff: &mut StaffDraft, from: Point, to: Point, straight: bool, tag: Tag) {
    if straight {
        staff.line(from, to, 0.14, tag);
        return;
    }
    let knee =
        |off: Space| [Point::new(from.x + (to.x - from.x) * 0.6, from.y + off), Point::new(to.x - off, from.y + (to.y - from.y) * 0.45)];
    staff.item(Shape::Curve { start: from, outer: knee(0.07), inner: knee(-0.07), end: to }, tag);
}

/// A word and a dashed line over the notes that it is for: P.M., let ring.
pub(super) fn held(draft: &mut Draft, run: &Run, text: &str, up: bool, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(run.staff) else { return };
    let line = Line::new(text, Face::Italic, 1.6);
    let wide = if run.begins { line.width() } else { 0.0 };
    let right = run.right.max(run.left + wide);
    let y = if up { staff.sky.top(run.left, right).min(0.0) - 0.7 } else { staff.sky.bottom(run.left, right).max(staff.height) + 1.7 };
    if run.begins {
        staff.text(line, Point::new(run.left, y), tag);
    }
    let from = run.left + wide + 0.4;
    if run.right > from + 0.6 {
        let level = y - 0.45;
        let (start, end) = (Point::new(from, level), Point::new(run.right, level));
        staff.item(Shape::Line { from: start, to: end, thickness: 0.13, dash: Some((0.6, 0.45)) }, tag);
        if run.ends {
            let hook = if up { 0.7 } else { -0.7 };
            staff.line(end, Point::new(run.right, level + hook), 0.13, tag);
        }
        staff.sky.add(crate::engrave::page::Rect::new(from, level - 0.2, run.right, level + 0.2));
    }
}

/// A small slur over two notes of a string with the letter of how the second is sounded.
pub(super) fn legato(draft: &mut Draft, run: &Run, heads: (Space, Space), text: &str, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(run.staff) else { return };
    let (left, right) = (run.left + 0.5, (run.right - 0.5).max(run.left + 1.2));
    let y = heads.0.min(heads.1) - 0.85;
    let rise = ((right - left) * 0.2).clamp(0.5, 1.1);
    let third = (right - left) / 3.0;
    let bow = |by: Space| [Point::new(left + third, y - by), Point::new(right - third, y - by)];
    let shape =
        Shape::Curve { start: Point::new(left, y), outer: bow(rise * 1.33), inner: bow(rise * 1.33 - 0.2), end: Point::new(right, y) };
    staff.sky.add(crate::engrave::page::Rect::new(left, y - rise, right, y));
    staff.item(shape, tag);
    let line = Line::new(text, Face::Roman, 1.4);
    let x = (left + right - line.width()) / 2.0;
    let top = staff.sky.top(x, x + line.width()).min(y - rise) - 0.3;
    staff.text(line, Point::new(x, top), tag);
}
