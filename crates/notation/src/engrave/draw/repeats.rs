//! Signs that say that measures repeat what came before: in the middle of a measure for one, on the barline between for two or
//! four (Gould, "Behind Bars", pp. 221–224).

use super::{Draft, Frame, Tag};
use crate::engrave::page::{Point, Role, Space};
use crate::engrave::prepare::{Bar, RepeatSign};
use crate::engrave::shapes::{digits, width};
use crate::font::{self, glyphs as g};

/// Draws the repeat signs of a measure.
pub(super) fn draw(draft: &mut Draft, bar: &Bar, frame: &Frame) {
    for sign in &bar.repeats {
        let group = u16::from(sign.style.measures.max(1));
        let x = match group {
            1 => (frame.left + frame.right) / 2.0,
            _ if sign.since % group == group / 2 => middle_barline(draft, frame),
            _ => continue,
        };
        repeat(draft, bar, sign, x);
    }
}

/// The barline before a measure; its own start on the first of a line.
fn middle_barline(draft: &Draft, frame: &Frame) -> Space {
    let before = frame.index.checked_sub(1).and_then(|at| draft.frame(at));
    before.map_or(frame.left, |before| (before.right + before.end) / 2.0)
}

fn repeat(draft: &mut Draft, bar: &Bar, sign: &RepeatSign, x: Space) {
    let glyph = match sign.style.measures {
        0 | 1 if sign.style.slashes < 2 => g::REPEAT1_BAR,
        3.. => g::REPEAT4_BARS,
        _ => g::REPEAT2_BARS,
    };
    let tag = Tag::new(Role::Rest, Some(bar.id.into()));
    let Some(staff) = draft.staves.get_mut(sign.staff) else { return };
    let bbox = font::metrics(glyph).bbox;
    let rect = staff.glyph(glyph, Point::new(x - (bbox.left + bbox.right) / 2.0, staff.height / 2.0), 1.0, tag);
    if sign.style.measures > 1 {
        // How many measures it repeats stands over it.
        let number = digits(u16::from(sign.style.measures));
        let mut pen = (rect.left + rect.right - number.iter().map(|digit| width(*digit)).sum::<Space>() * 0.8) / 2.0;
        let top = staff.sky.top(rect.left, rect.right).min(0.0);
        for digit in number {
            staff.glyph(digit, Point::new(pen, top - 1.5), 0.8, tag);
            pen += width(digit) * 0.8;
        }
    }
}
