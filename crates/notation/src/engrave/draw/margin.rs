//! The left edge of a system: its opening line, braces and brackets, names of parts, the number of its first measure.

use super::{Draft, Tag, Work};
use crate::engrave::cast::Cast;
use crate::engrave::page::{Point, Role, Shape, Space};
use crate::engrave::shapes::Line;
use crate::font::{self, Face, engraving_defaults, glyphs as g};
use crate::model::{GroupSymbol, MeasureNumbers};

/// From the opening line to a brace or bracket, and from there to the names.
const SIGN_GAP: Space = 0.35;
const NAME_GAP: Space = 0.9;
/// Names take at most this share of the width.
const MOST_NAMES: f32 = 0.25;

/// What stands left of the staves: signs over more than one staff, and names.
pub(in crate::engrave) fn indent(work: &Work, first: bool) -> Space {
    let (parts, groups) = widths(work.margin.names(first));
    let names = (parts + groups).min(work.sheet.measure() * MOST_NAMES);
    let signs = signs_width(work);
    if names > 0.0 { names + NAME_GAP + signs } else { signs }
}

/// The widths of the names of parts, and of the names of groups left of them.
fn widths(names: &[Name]) -> (Space, Space) {
    let widest = |group: bool| names.iter().filter(|n| n.group == group).map(|n| n.line.width()).fold(0.0, Space::max);
    let (parts, groups) = (widest(false), widest(true));
    let gap = if parts > 0.0 && groups > 0.0 { NAME_GAP } else { 0.0 };
    (parts, groups + gap)
}

/// What holds staves together, from the staves outwards.
struct Holder {
    symbol: GroupSymbol,
    first: usize,
    last: usize,
    /// From the opening line to its right edge.
    away: Space,
}

/// What a sign takes of the margin.
fn thickness(symbol: GroupSymbol) -> Space {
    match symbol {
        GroupSymbol::Brace => 1.3,
        GroupSymbol::Bracket => engraving_defaults().bracket_thickness + 0.4,
        GroupSymbol::Square => 0.9,
        _ => engraving_defaults().sub_bracket_thickness + 0.4,
    }
}

/// The signs of the left edge, each outside of those that hold some of the same staves: a brace within a bracket stands
/// between it and the staves, whichever is written first.
fn holders(work: &Work) -> Vec<Holder> {
    let parts = work.cast.parts.iter().filter(|p| p.staves > 1).map(|p| (GroupSymbol::Brace, p.first, p.first + p.staves - 1));
    let groups = grouped(work).filter(|g| g.symbol != GroupSymbol::Brace || g.first != g.last).map(|g| (g.symbol, g.first, g.last));
    let mut wanted: Vec<(GroupSymbol, usize, usize)> = parts.chain(groups).collect();
    wanted.sort_by_key(|(symbol, first, last)| (last - first, *symbol != GroupSymbol::Brace, *first, *symbol as u8));
    wanted.dedup();
    let mut holders: Vec<Holder> = Vec::with_capacity(wanted.len());
    for (symbol, first, last) in wanted {
        let inside = holders.iter().filter(|held| held.first <= last && first <= held.last);
        let away = inside.map(|held| held.away + thickness(held.symbol)).fold(0.0, Space::max);
        holders.push(Holder { symbol, first, last, away });
    }
    holders
}

fn signs_width(work: &Work) -> Space {
    holders(work).iter().map(|held| held.away + thickness(held.symbol)).fold(0.0, Space::max)
}

fn grouped<'a>(work: &'a Work) -> impl Iterator<Item = &'a crate::engrave::cast::GroupLine> {
    work.cast.groups.iter().filter(|g| g.symbol != GroupSymbol::None)
}

/// The names left of the systems, shaped once for a cast: those of the first system, and the abbreviations on all others.
#[derive(Default)]
pub(in crate::engrave) struct Margin([Vec<Name>; 2]);

impl Margin {
    /// Of a cast.
    pub(in crate::engrave) fn of(cast: &Cast) -> Self {
        Self([names(cast, true), names(cast, false)])
    }

    fn names(&self, first: bool) -> &[Name] {
        &self.0[usize::from(!first)]
    }
}

/// A line of a name left of a system, with the first and the last staff that it is for.
struct Name {
    from: usize,
    to: usize,
    line: Line,
    group: bool,
}

fn names(cast: &Cast, first: bool) -> Vec<Name> {
    let alone = cast.parts.len() == 1 && cast.groups.is_empty();
    let mut names = Vec::new();
    let mut add = |from: usize, to: usize, text: &str, group: bool| {
        for row in text.lines().map(str::trim).filter(|row| !row.is_empty()).take(3) {
            names.push(Name { from, to, line: Line::new(row, Face::Roman, cast.style.name), group });
        }
    };
    for part in cast.parts.iter().filter(|_| !alone) {
        add(part.first, part.first + part.staves - 1, if first { &part.name } else { &part.abbreviation }, false);
    }
    for group in cast.groups.iter().filter(|g| g.first != g.last) {
        add(group.first, group.last, if first { &group.name } else { &group.abbreviation }, true);
    }
    names
}

/// Draws the left edge.
pub(super) fn draw(work: &Work, draft: &mut Draft) {
    let Some((head, last)) = draft.staves.len().checked_sub(1).and_then(|last| draft.shown(0, last)) else { return };
    let defaults = engraving_defaults();
    if last > head {
        let x = draft.left + defaults.thin_barline_thickness / 2.0;
        let (from, to) = (Point::new(x, 0.0), Point::new(x, draft.staves[last].top + draft.staves[last].height));
        draft.put(Shape::Line { from, to, thickness: defaults.thin_barline_thickness, dash: None }, Tag::plain(Role::Barline));
    }
    signs(work, draft);
    texts(work, draft);
    numbers(work, draft);
}

fn signs(work: &Work, draft: &mut Draft) {
    for held in holders(work) {
        let Some((first, last)) = draft.shown(held.first, held.last) else { continue };
        let x = draft.left - SIGN_GAP - held.away;
        let (top, bottom) = (draft.top_of(first), draft.top_of(last) + draft.staves[last].height);
        match held.symbol {
            GroupSymbol::Brace if first < last => brace(draft, x, top, bottom),
            GroupSymbol::Brace => {}
            symbol => bracket(draft, symbol, x, top, bottom),
        }
    }
}

/// A brace wider than this is drawn instead of set from the font, whose brace grows wide as it grows tall.
const WIDEST_BRACE: Space = 1.3;

fn brace(draft: &mut Draft, x: Space, top: Space, bottom: Space) {
    let tag = Tag::plain(Role::Brace);
    // The glyph is four spaces tall and grows with the staves it holds; it stands on its lower end.
    let bbox = font::metrics(g::BRACE).bbox;
    let scale = (bottom - top) / (bbox.bottom - bbox.top).max(0.1);
    let wide = bbox.right * scale;
    if wide <= WIDEST_BRACE {
        draft.put(Shape::Glyph { glyph: g::BRACE, at: Point::new(x - wide, bottom), scale }, tag);
        return;
    }
    // Two strokes from the ends to the point in the middle, each swelling on its way.
    let middle = (top + bottom) / 2.0;
    let point = Point::new(x - WIDEST_BRACE, middle);
    for end in [top, bottom] {
        let half = middle - end;
        let stroke = |swell: Space| {
            [Point::new(x - WIDEST_BRACE * 1.15 + swell, end + half * 0.28), Point::new(x + 0.1 + swell, middle - half * 0.22)]
        };
        draft.put(Shape::Curve { start: Point::new(x, end), outer: stroke(-0.35), inner: stroke(0.35), end: point }, tag);
    }
}

fn bracket(draft: &mut Draft, symbol: GroupSymbol, x: Space, top: Space, bottom: Space) {
    let defaults = engraving_defaults();
    let tag = Tag::plain(Role::Brace);
    let thickness = match symbol {
        GroupSymbol::Bracket => defaults.bracket_thickness,
        _ => defaults.sub_bracket_thickness,
    };
    let reach = if symbol == GroupSymbol::Bracket { 0.25 } else { 0.0 };
    let middle = x - thickness / 2.0;
    let (from, to) = (Point::new(middle, top - reach), Point::new(middle, bottom + reach));
    draft.put(Shape::Line { from, to, thickness, dash: None }, tag);
    match symbol {
        GroupSymbol::Bracket => {
            draft.put(Shape::Glyph { glyph: g::BRACKET_TOP, at: Point::new(x - thickness, top - reach), scale: 1.0 }, tag);
            draft.put(Shape::Glyph { glyph: g::BRACKET_BOTTOM, at: Point::new(x - thickness, bottom + reach), scale: 1.0 }, tag);
        }
        GroupSymbol::Square => {
            for y in [top, bottom] {
                let (from, to) = (Point::new(middle, y), Point::new(middle + 0.6, y));
                draft.put(Shape::Line { from, to, thickness, dash: None }, tag);
            }
        }
        _ => {}
    }
}

fn texts(work: &Work, draft: &mut Draft) {
    let names = work.margin.names(draft.first);
    let right = draft.left - signs_width(work) - NAME_GAP;
    let (parts, groups) = widths(names);
    // Names that are too long for the margin are set smaller, all alike.
    let shrink = (right / (parts + groups).max(0.1)).min(1.0);
    let mut at = 0;
    while at < names.len() {
        let Name { from, to, group, .. } = names[at];
        let rows = names[at..].iter().take_while(|n| (n.from, n.to, n.group) == (from, to, group)).count();
        let Some((first, last)) = draft.shown(from, to) else {
            at += rows;
            continue;
        };
        let middle = (draft.top_of(first) + draft.top_of(last) + draft.staves[last].height) / 2.0;
        for (row, name) in names[at..at + rows].iter().enumerate() {
            let line = if shrink < 1.0 { Line::new(&name.line.text, name.line.face, name.line.size * shrink) } else { name.line.clone() };
            let y = middle + line.size * (0.33 + 1.1 * (row as Space - (rows as Space - 1.0) / 2.0));
            let edge = if group && parts > 0.0 { right - (parts + NAME_GAP) * shrink } else { right };
            let point = Point::new(edge - line.width(), y);
            let source = work.cast.staves.get(from).and_then(|s| work.cast.parts.get(s.part)).map(|p| p.id.into());
            let tag = Tag::new(Role::PartName, source);
            draft.put(Shape::Text { at: point, face: line.face, size: line.size, text: line.text, shaped: line.shaped }, tag);
        }
        at += rows;
    }
}

/// Numbers of measures above the first staff: of the first one of each system but the first, or of those the style asks for.
fn numbers(work: &Work, draft: &mut Draft) {
    if draft.staves.is_empty() {
        return;
    }
    for at in draft.measures.clone() {
        let opens = at == draft.measures.start;
        let Some(measure) = work.score.measure(work.bar(at).id) else { continue };
        let wanted = match work.cast.style.numbers {
            MeasureNumbers::None => false,
            MeasureNumbers::Systems => opens && !draft.first,
            MeasureNumbers::Every(each) => at > 0 && measure.number.parse::<u32>().is_ok_and(|n| n.is_multiple_of(u32::from(each.max(1)))),
        };
        if wanted && !measure.implicit && !measure.number.is_empty() {
            number(work, draft, at, &measure.number);
        }
    }
}

fn number(work: &Work, draft: &mut Draft, at: usize, text: &str) {
    let id = work.bar(at).id;
    let line = Line::new(text, Face::Roman, work.cast.style.number);
    let opens = at == draft.measures.start;
    let before = at.checked_sub(1).and_then(|before| draft.frame(before)).map(|frame| (frame.right + frame.end) / 2.0);
    let x = before.filter(|_| !opens).map_or(draft.left + 0.1, |barline| barline - line.width() / 2.0);
    let head = draft.head();
    let y = draft.staves[head].sky.top(x, x + line.width()).min(0.0) - 0.7;
    draft.staves[head].text(line, Point::new(x, y), Tag::new(Role::MeasureNumber, Some(id.into())));
}
