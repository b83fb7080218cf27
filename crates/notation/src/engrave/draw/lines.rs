//! Lines from one place to another: octave brackets, pedals, trills, glissandi, dashes after words, brackets, and tremolos
//! between two notes.

use super::{Draft, Placed, StaffDraft, Tag, Work, tab};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Stem, Stretch};
use crate::engrave::shapes::{Line, width};
use crate::font::{Face, Glyph, engraving_defaults, glyphs as g};
use crate::model::{LineStyle, Placement, SpanKind};

/// Draws the lines of a system; dynamics have a room of their own.
pub(super) fn draw(work: &Work, draft: &mut Draft, spans: &[usize]) {
    let pedals = pedal_lines(work, draft, spans);
    for at in spans {
        let span = work.span(*at);
        let tag = |role: Role| Tag::new(role, Some(span.id.into()));
        let Some(run) = Run::of(draft, span) else { continue };
        match &span.kind {
            SpanKind::Ottava(octaves) => ottava(draft, span, &run, *octaves, tag(Role::Ottava)),
            SpanKind::Pedal(line) | SpanKind::Sostenuto(line) => pedal(draft, &run, pedals[run.staff], *line, tag(Role::Pedal)),
            SpanKind::TrillLine => trill(draft, span, &run, tag(Role::Ornament)),
            SpanKind::Glissando(text) => glide(work, draft, span, text, true, tag(Role::Glissando)),
            SpanKind::Slide(text) => glide(work, draft, span, text, false, tag(Role::Glissando)),
            SpanKind::Bracket => bracket(draft, span, &run, tag(Role::Other)),
            SpanKind::Tremolo(beams) => tremolo(work, draft, span, *beams, tag(Role::Tremolo)),
            SpanKind::PalmMute => tab::held(draft, &run, said(work, span, "P.M."), up(span, true), tag(Role::Words)),
            SpanKind::LetRing => tab::held(draft, &run, said(work, span, "let ring"), up(span, true), tag(Role::Words)),
            SpanKind::HammerOn(text) => legato(work, draft, span, &run, if text.is_empty() { "H" } else { text }, tag(Role::Slur)),
            SpanKind::PullOff(text) => legato(work, draft, span, &run, if text.is_empty() { "P" } else { text }, tag(Role::Slur)),
            // Dashes are set after the words that they go on from.
            _ => {}
        }
    }
}

/// What is printed at the start of a span: what its source says, else the usual.
fn said<'a>(work: &'a Work, span: &Stretch, usual: &'a str) -> &'a str {
    work.score.spans().get(&span.id).map(|span| span.text.as_str()).filter(|text| !text.is_empty()).unwrap_or(usual)
}

/// A hammer-on or pull-off between the two notes that it joins.
fn legato(work: &Work, draft: &mut Draft, span: &Stretch, run: &Run, text: &str, tag: Tag) {
    let height = |end: &crate::engrave::prepare::StretchEnd| {
        let chord = work.chord(end.chord?);
        let head = end.head.and_then(|at| chord.heads.get(at)).or(chord.heads.last())?;
        Some(head.y)
    };
    let (from, to) = (height(&span.start), height(&span.end));
    if let Some(y) = from.or(to) {
        tab::legato(draft, run, (from.unwrap_or(y), to.unwrap_or(y)), text, tag);
    }
}

/// What of a span is on a system.
pub(super) struct Run {
    pub staff: usize,
    pub left: Space,
    pub right: Space,
    pub begins: bool,
    pub ends: bool,
}

impl Run {
    fn of(draft: &Draft, span: &Stretch) -> Option<Self> {
        let (begins, ends) = (draft.holds(span.start.bar), draft.holds(span.end.bar));
        let left = match (begins, span.start.chord.and_then(|place| draft.place(place))) {
            (true, Some(placed)) => placed.left,
            (true, None) => draft.frame(span.start.bar)?.x(span.start.beat),
            (false, _) => draft.music - 0.2,
        };
        let right = match (ends, span.end.chord.and_then(|place| draft.place(place))) {
            (true, Some(placed)) => placed.right,
            (true, None) => {
                let frame = draft.frame(span.end.bar)?;
                (frame.x(span.end.beat) - 0.5).min(frame.right - 0.3)
            }
            (false, _) => draft.right - 0.2,
        };
        Some(Self { staff: span.start.staff.min(draft.staves.len().checked_sub(1)?), left, right: right.max(left + 1.0), begins, ends })
    }
}

/// Where a line goes that is clear of everything between its ends.
fn clear(staff: &StaffDraft, left: Space, right: Space, up: bool, gap: Space) -> Space {
    if up { staff.sky.top(left, right).min(0.0) - gap } else { staff.sky.bottom(left, right).max(staff.height) + gap }
}

fn up(span: &Stretch, auto: bool) -> bool {
    match span.placement {
        Placement::Above => true,
        Placement::Below => false,
        Placement::Auto => auto,
    }
}

fn ottava(draft: &mut Draft, span: &Stretch, run: &Run, octaves: i8, tag: Tag) {
    let up = octaves > 0;
    let glyph = match octaves {
        1 => g::OTTAVA_ALTA,
        -1 => g::OTTAVA_BASSA_VB,
        2 => g::QUINDICESIMA_ALTA,
        -2 => g::QUINDICESIMA_BASSA_MB,
        n if n > 0 => g::VENTIDUESIMA_ALTA,
        _ => g::VENTIDUESIMA_BASSA_MB,
    };
    let thickness = engraving_defaults().octave_line_thickness;
    let staff = &mut draft.staves[run.staff];
    let right = if span.end.chord.is_some() || !run.ends { run.right } else { run.right.max(run.left + 3.0) };
    let y = clear(staff, run.left, right, up, 1.3);
    let rect = staff.glyph(glyph, Point::new(run.left, y + if up { 0.9 } else { 0.3 }), 0.85, tag);
    let from = rect.right + 0.4;
    let line_y = if up { rect.top + 0.2 } else { rect.bottom - 0.2 };
    if right > from {
        staff.item(Shape::Line { from: Point::new(from, line_y), to: Point::new(right, line_y), thickness, dash: Some((0.7, 0.5)) }, tag);
        if run.ends {
            let hook = if up { 1.1 } else { -1.1 };
            staff.item(Shape::Line { from: Point::new(right, line_y), to: Point::new(right, line_y + hook), thickness, dash: None }, tag);
        }
        staff.sky.add(Rect::new(run.left, line_y - 0.2, right, line_y + 0.2));
    }
}

/// Pedal signs of a staff stand on one line below everything they pass.
fn pedal_lines(work: &Work, draft: &Draft, spans: &[usize]) -> Vec<Space> {
    let mut lines: Vec<Space> = draft.staves.iter().map(|staff| staff.height + 2.4).collect();
    for span in spans.iter().map(|at| work.span(*at)).filter(|s| s.kind.is_pedal()) {
        if let Some(run) = Run::of(draft, span) {
            lines[run.staff] = lines[run.staff].max(clear(&draft.staves[run.staff], run.left, run.right, false, 2.4));
        }
    }
    lines
}

fn pedal(draft: &mut Draft, run: &Run, y: Space, line: bool, tag: Tag) {
    let thickness = engraving_defaults().pedal_line_thickness;
    let staff = &mut draft.staves[run.staff];
    let mut from = run.left;
    if run.begins {
        let rect = staff.glyph(g::KEYBOARD_PEDAL_PED, Point::new(run.left - 0.3, y), 0.8, tag);
        from = rect.right + 0.3;
    }
    if line {
        if run.right > from {
            staff.line(Point::new(from, y), Point::new(run.right, y), thickness, tag);
            if run.ends {
                staff.line(Point::new(run.right, y - 1.0), Point::new(run.right, y), thickness, tag);
            }
        }
    } else if run.ends {
        let wide = width(g::KEYBOARD_PEDAL_UP) * 0.8;
        let x = (run.right - wide).max(from);
        staff.glyph(g::KEYBOARD_PEDAL_UP, Point::new(x, y), 0.8, tag);
    }
}

/// A row of one glyph, as often as it fits.
fn wiggle(staff: &mut StaffDraft, glyph: Glyph, left: Space, right: Space, y: Space, tag: Tag) {
    let step = width(glyph).max(0.1);
    let count = ((right - left) / step).floor().clamp(0.0, 300.0) as usize;
    for at in 0..count {
        staff.glyph(glyph, Point::new(left + at as Space * step, y), 1.0, tag);
    }
}

fn trill(draft: &mut Draft, span: &Stretch, run: &Run, tag: Tag) {
    let up = up(span, true);
    let staff = &mut draft.staves[run.staff];
    // The sign itself is a mark of the note; the line starts after it, at its height.
    let sign = staff.items.iter().rev().find_map(|item| match item.shape {
        Shape::Glyph { glyph, at, scale } if glyph == g::ORNAMENT_TRILL && (at.x - run.left).abs() < 2.5 => {
            Some((at.x + width(glyph) * scale, at.y))
        }
        _ => None,
    });
    match sign.filter(|_| run.begins) {
        Some((x, y)) => wiggle(staff, g::WIGGLE_TRILL, x + 0.2, run.right, y, tag),
        None => {
            let y = clear(staff, run.left, run.right, up, 0.6) + if up { 0.4 } else { 1.0 };
            wiggle(staff, g::WIGGLE_TRILL, run.left, run.right, y, tag);
        }
    }
}

/// A wavy line between two points, of even thickness.
fn wave(from: Point, to: Point) -> Shape {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let length = dx.hypot(dy).max(0.1);
    let (along, across) = (Point::new(dx / length, dy / length), Point::new(-dy / length, dx / length));
    let waves = (length / 0.9).round().clamp(1.0, 300.0);
    let steps = (waves * 8.0) as usize;
    let at = |step: usize, side: Space| {
        let share = step as Space / steps as Space;
        let off = 0.22 * (share * waves * std::f32::consts::TAU).sin() + side;
        let far = length * share;
        Point::new(from.x + along.x * far + across.x * off, from.y + along.y * far + across.y * off)
    };
    Shape::Polygon((0..=steps).map(|step| at(step, -0.07)).chain((0..=steps).rev().map(|step| at(step, 0.07))).collect())
}

/// A glissando or slide from head to head.
fn glide(work: &Work, draft: &mut Draft, span: &Stretch, text: &str, wavy: bool, tag: Tag) {
    let point = |end: &crate::engrave::prepare::StretchEnd, last: bool| {
        let place = end.chord?;
        let placed = draft.place(place)?;
        let chord = work.chord(place);
        let head = end.head.and_then(|at| chord.heads.get(at)).or(chord.heads.last())?;
        let x = if last { placed.left - if head.accidental.is_some() { 1.5 } else { 0.35 } } else { placed.right + 0.3 };
        Some(Point::new(x, head.y))
    };
    let (start, end) = (point(&span.start, false), point(&span.end, true));
    let (from, to) = match (start, end) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => (a, Point::new(draft.right - 0.3, a.y)),
        (None, Some(b)) => (Point::new((draft.music - 0.2).min(b.x - 1.0), b.y), b),
        (None, None) => return,
    };
    if to.x <= from.x + 0.3 || span.start.staff != span.end.staff {
        return;
    }
    let Some(staff) = draft.staves.get_mut(span.start.staff) else { return };
    // What the source says of the line goes before what its kind usually is.
    let style = work.score.spans().get(&span.id).map_or(LineStyle::Auto, |span| span.line);
    let straight = |dash: Option<(Space, Space)>| Shape::Line { from, to, thickness: 0.16, dash };
    staff.item(
        match style {
            LineStyle::Wavy => wave(from, to),
            LineStyle::Auto if wavy => wave(from, to),
            LineStyle::Dashed => straight(Some((0.6, 0.45))),
            LineStyle::Dotted => straight(Some((0.16, 0.3))),
            LineStyle::Auto | LineStyle::Solid => straight(None),
        },
        tag,
    );
    let line = Line::new(text, Face::Italic, 1.5);
    if !text.is_empty() && line.width() < (to.x - from.x) * 0.9 {
        let x = (from.x + to.x - line.width()) / 2.0;
        let y = staff.sky.top(x, x + line.width()).min((from.y + to.y) / 2.0) - 0.4;
        staff.text(line, Point::new(x, y), tag);
    }
}

fn bracket(draft: &mut Draft, span: &Stretch, run: &Run, tag: Tag) {
    let up = up(span, true);
    let staff = &mut draft.staves[run.staff];
    let y = clear(staff, run.left, run.right, up, 0.8);
    staff.item(Shape::Line { from: Point::new(run.left, y), to: Point::new(run.right, y), thickness: 0.16, dash: None }, tag);
    let hook = if up { 1.0 } else { -1.0 };
    for (x, _) in [(run.left, run.begins), (run.right, run.ends)].into_iter().filter(|end| end.1) {
        staff.item(Shape::Line { from: Point::new(x, y), to: Point::new(x, y + hook), thickness: 0.16, dash: None }, tag);
    }
    staff.sky.add(Rect::new(run.left, y - 0.2, run.right, y + 0.2));
}

/// Where the dashes end on this system that go on from a word at this place of a staff.
pub(super) fn dashes_from(work: &Work, draft: &Draft, spans: &[usize], (staff, x): (usize, Space)) -> Option<Space> {
    let dashes = spans.iter().map(|at| work.span(*at)).filter(|span| span.kind == SpanKind::Dashes);
    let runs = dashes.filter_map(|span| Run::of(draft, span));
    runs.filter(|run| run.begins && run.staff == staff && (run.left - x).abs() < AT_ITS_WORD).map(|run| run.right).reduce(Space::max)
}

/// Dashes that begin within this distance from a word go on from it.
const AT_ITS_WORD: Space = 2.0;

/// Dashes from a word to where what it asks for is reached: on the word's line where it is on this system.
pub(super) fn dashes(work: &Work, draft: &mut Draft, spans: &[usize]) {
    for at in spans {
        let span = work.span(*at);
        if span.kind != SpanKind::Dashes {
            continue;
        }
        let Some(run) = Run::of(draft, span) else { continue };
        let staff = &mut draft.staves[run.staff];
        let word = staff.items.iter().rev().find_map(|item| match &item.shape {
            Shape::Text { at, shaped, .. } if run.begins && item.role == Role::Words && (at.x - run.left).abs() < AT_ITS_WORD => {
                Some((at.x + shaped.advance + 0.6, at.y - 0.4))
            }
            _ => None,
        });
        // Where notes come in the way the dashes leave the word's line.
        let word = word.map(|(left, y)| {
            let above = y < 0.0;
            let free = clear(staff, left, run.right.max(left + 0.1), above, 0.5);
            (left, if above { y.min(free) } else { y.max(free) })
        });
        let (left, y) = word.unwrap_or_else(|| (run.left, clear(staff, run.left, run.right, up(span, false), 1.0)));
        // What the dashes lead to, a dynamic most often, starts left of its note.
        let right = if run.ends { run.right - 0.9 } else { run.right };
        if right > left + 0.5 {
            let (from, to) = (Point::new(left, y), Point::new(right, y));
            staff.item(Shape::Line { from, to, thickness: 0.16, dash: Some((0.6, 1.0)) }, Tag::new(Role::Words, Some(span.id.into())));
            staff.sky.add(Rect::new(left, y - 0.3, right, y + 0.3));
        }
    }
}

/// Between strokes of a tremolo and a head, and the shortest strokes that there are.
const BESIDE_HEAD: Space = 0.2;
const SHORTEST_STROKE: Space = 0.7;

/// Beams between two notes that alternate.
fn tremolo(work: &Work, draft: &mut Draft, span: &Stretch, beams: u8, tag: Tag) {
    let (Some(from), Some(to)) = (span.start.chord, span.end.chord) else { return };
    let (Some(a), Some(b)) = (draft.place(from).copied(), draft.place(to).copied()) else { return };
    let (first, second) = (work.chord(from), work.chord(to));
    if first.home() != second.home() || b.left <= a.right {
        return;
    }
    let Some(staff) = draft.staves.get_mut(first.home()) else { return };
    let up = first.stem == Stem::Up;
    let inset = (b.left - a.right).min(4.0) * 0.18;
    let (x1, x2) = if first.has_stem() { (a.stem + inset + 0.3, b.stem - inset - 0.3) } else { (a.right + inset, b.left - inset) };
    // Accidentals of the second note keep clear of the beams.
    let signs = second.heads.iter().filter_map(|head| head.accidental.map(|sign| b.x + sign.dx - 0.2));
    let x2 = signs.fold(x2, Space::min);
    let (y1, y2) = if first.has_stem() { (a.tip, b.tip) } else { ((a.high + a.low) / 2.0 - 0.5, (b.high + b.low) / 2.0 - 0.5) };
    let slope = if x2 > x1 { ((y2 - y1) / (x2 - x1)).clamp(-0.3, 0.3) } else { 0.0 };
    let sign = if up { 1.0 } else { -1.0 };
    let level_at = |level: u8| sign * (0.9 + 0.75 * Space::from(level));
    let beams = beams.min(6);
    // Where the strokes are at the height of a head they end before it.
    let thick = sign * 0.5;
    let band = |y: Space| (y + level_at(0), y + level_at(beams.saturating_sub(1)) + thick);
    let meets = |head: &Placed, (a, b): (Space, Space)| a.min(b) < head.low + 0.6 && head.high - 0.6 < a.max(b);
    let start = if meets(&a, band(y1)) { x1.max(a.right + BESIDE_HEAD) } else { x1 };
    let end = if meets(&b, band(y1 + slope * (x2 - x1))) { x2.min(b.left - BESIDE_HEAD) } else { x2 };
    let (x1, x2, y1) = if end - start >= SHORTEST_STROKE { (start, end, y1 + slope * (start - x1)) } else { (x1, x2, y1) };
    for level in 0..beams {
        let y = y1 + level_at(level);
        let y_end = y + slope * (x2 - x1);
        staff.item(
            Shape::Polygon(vec![Point::new(x1, y), Point::new(x2, y_end), Point::new(x2, y_end + thick), Point::new(x1, y + thick)]),
            tag,
        );
    }
}
