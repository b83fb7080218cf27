//! Tuplets: their number, and a bracket where no beam says which notes belong to it (Gould, "Behind Bars", pp. 193–213).

use super::{Draft, Placed, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Chord, Place, Stem, Stretch};
use crate::engrave::shapes::width;
use crate::engrave::signature::LONGEST_READ;
use crate::font::{Glyph, engraving_defaults, glyphs as g};
use crate::model::{Placement, SpanKind, TupletDisplay};

/// Draws the tuplets of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft, spans: &[usize]) {
    let mut own: Vec<(&Stretch, TupletDisplay)> = Vec::new();
    for at in spans {
        let span = work.span(*at);
        if let SpanKind::Tuplet(display) = &span.kind {
            own.push((span, *display));
        }
    }
    // Inner tuplets stand next to the notes, what encloses them further out.
    own.sort_by_key(|(s, _)| (s.end.bar - s.start.bar, s.end.beat - s.start.beat, s.id));
    for (span, display) in own {
        if display.numbers > 0 || display.bracket == Some(true) {
            tuplet(work, draft, span, display);
        }
    }
}

fn members(work: &Work, span: &Stretch) -> Vec<Place> {
    let (Some(from), Some(to)) = (span.start.chord, span.end.chord) else { return Vec::new() };
    if to.bar - from.bar > LONGEST_READ {
        return Vec::new();
    }
    let first = work.chord(from);
    let mut places = Vec::new();
    for bar in from.bar..=to.bar {
        for (at, chord) in work.bar(bar).chords.iter().enumerate() {
            let moment = (bar, chord.onset);
            let within = moment >= (span.start.bar, span.start.beat) && moment <= (span.end.bar, span.end.beat);
            if within && chord.part == first.part && chord.voice == first.voice && chord.grace.is_none() {
                places.push(Place { bar, chord: at });
            }
        }
    }
    places
}

fn digits(number: u16) -> Vec<Glyph> {
    number.to_string().bytes().map(|b| g::nth(g::TUPLET0, u32::from(b - b'0'))).collect()
}

fn tuplet(work: &Work, draft: &mut Draft, span: &Stretch, display: TupletDisplay) {
    let places = members(work, span);
    let shown: Vec<(Place, Placed)> = places.iter().filter_map(|p| draft.place(*p).map(|placed| (*p, *placed))).collect();
    let (Some(first), Some(last)) = (shown.first(), shown.last()) else { return };
    let chords: Vec<&Chord> = shown.iter().map(|(place, _)| work.chord(*place)).collect();
    let up = match span.placement {
        Placement::Above => true,
        Placement::Below => false,
        Placement::Auto => {
            let ups = chords.iter().filter(|c| c.stem == Stem::Up).count();
            let downs = chords.iter().filter(|c| c.stem == Stem::Down).count();
            if chords[0].alone { ups >= downs } else { chords[0].is_upper() }
        }
    };
    let staff_index = chords[0].home();
    let beam = chords[0].beam;
    let beamed = beam.is_some() && chords.iter().all(|c| c.beam == beam) && shown.len() == places.len() && same_beam(work, &shown);
    let on_beam = beamed && (chords[0].stem == Stem::Up) == up;
    let bracket = display.bracket.unwrap_or(!beamed);
    let Some(staff) = draft.staves.get_mut(staff_index) else { return };
    let (left, right) = (first.1.left.min(first.1.stem), last.1.right.max(last.1.stem));
    let ends = |p: &Placed| if up { p.reach().0 } else { p.reach().1 };
    // The bracket follows the notes but no steeper than a beam would.
    let run = (right - left).max(0.5);
    let rise = (ends(&last.1) - ends(&first.1)).clamp(-run * 0.2, run * 0.2).clamp(-1.5, 1.5);
    let slope = if on_beam { (ends(&last.1) - ends(&first.1)) / run } else { rise / run };
    // Half the height of the number is on the side of the notes.
    let gap = if bracket { 1.0 } else { 0.35 };
    let sign: Space = if up { -1.0 } else { 1.0 };
    let mut offset = Space::NEG_INFINITY;
    let mut x = left;
    while x < right {
        let sky = if up {
            staff.sky.top(x, x + 0.5).min(if on_beam { 4.0 } else { 0.0 })
        } else {
            staff.sky.bottom(x, x + 0.5).max(if on_beam { 0.0 } else { staff.height })
        };
        offset = offset.max((sky - slope * (x - left)) * sign);
        x += 0.5;
    }
    let y = |x: Space| (offset + gap) * sign + slope * (x - left);
    let tag = Tag::new(Role::Tuplet, Some(span.id.into()));
    let mut glyphs = if display.numbers > 0 { digits(display.actual) } else { Vec::new() };
    if display.numbers > 1 {
        glyphs.push(g::TUPLET_COLON);
        glyphs.extend(digits(display.normal));
    }
    let wide: Space = glyphs.iter().map(|glyph| width(*glyph)).sum();
    let centre = if on_beam && !bracket { (first.1.stem + last.1.stem) / 2.0 } else { (left + right) / 2.0 };
    // The number's middle is on the bracket's line.
    let room = if bracket { 0.0 } else { 0.75 };
    let base = y(centre) + sign * room + 0.72;
    let mut pen = centre - wide / 2.0;
    for glyph in glyphs {
        staff.glyph(glyph, Point::new(pen, base), 1.0, tag);
        pen += width(glyph);
    }
    if bracket {
        brackets(staff, (left, right), (centre - wide / 2.0 - 0.35, centre + wide / 2.0 + 0.35), &y, sign, tag);
    }
}

fn same_beam(work: &Work, shown: &[(Place, Placed)]) -> bool {
    let bar = shown[0].0.bar;
    let Some(beam) = work.chord(shown[0].0).beam.and_then(|at| work.bar(bar).beams.get(at)) else { return false };
    shown.iter().all(|(place, _)| place.bar == bar) && beam.chords.len() == shown.len() && !beam.crosses
}

fn brackets(
    staff: &mut super::StaffDraft,
    (left, right): (Space, Space),
    hole: (Space, Space),
    y: &impl Fn(Space) -> Space,
    sign: Space,
    tag: Tag,
) {
    let thickness = engraving_defaults().tuplet_bracket_thickness;
    let hook = -0.7 * sign;
    let mut stroke = |from: Point, to: Point| staff.item(Shape::Line { from, to, thickness, dash: None }, tag);
    stroke(Point::new(left, y(left) + hook), Point::new(left, y(left)));
    stroke(Point::new(right, y(right) + hook), Point::new(right, y(right)));
    if hole.0 > left {
        stroke(Point::new(left, y(left)), Point::new(hole.0, y(hole.0)));
        stroke(Point::new(hole.1, y(hole.1)), Point::new(right, y(right)));
    }
    let (top, bottom) = (y(left).min(y(right)) - 0.2, y(left).max(y(right)) + 0.2);
    staff.sky.add(Rect::new(left, top, right, bottom));
}
