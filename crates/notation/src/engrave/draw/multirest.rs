//! A rest of several measures: a bar through the staff, and the number of measures above it (Gould, "Behind Bars", p. 563).

use super::{Draft, Tag};
use crate::engrave::page::{Point, Role, Space};
use crate::engrave::shapes::{digits, ink, width};
use crate::font::{engraving_defaults, glyphs as g};
use crate::model::MeasureId;

/// From the bar's ends to the barlines.
const INSET: Space = 1.4;
/// From the staff to the number.
const CLEARANCE: Space = 0.7;

/// Draws the rest on every staff between two barlines.
pub(super) fn draw(draft: &mut Draft, measure: MeasureId, count: u16, left: Space, right: Space) {
    let defaults = engraving_defaults();
    let tag = Tag::new(Role::Rest, Some(measure.into()));
    let (from, to) = (left + INSET, (right - INSET).max(left + INSET + 1.0));
    let number = digits(count);
    let wide: Space = number.iter().map(|digit| width(*digit)).sum();
    let tall = ink(g::TIME_SIG0, Point::default(), 1.0).bottom;
    for staff in &mut draft.staves {
        let middle = staff.height / 2.0;
        staff.line(Point::new(from, middle), Point::new(to, middle), defaults.h_bar_thickness * 0.8, tag);
        for x in [from, to] {
            staff.line(Point::new(x, middle - 1.0), Point::new(x, middle + 1.0), defaults.thin_barline_thickness, tag);
        }
        let mut x = (left + right - wide) / 2.0;
        let top = staff.sky.top(x, x + wide).min(0.0);
        for digit in &number {
            staff.glyph(*digit, Point::new(x, top - CLEARANCE - tall), 1.0, tag);
            x += width(*digit);
        }
    }
}
