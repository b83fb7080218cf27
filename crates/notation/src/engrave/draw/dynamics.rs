//! Dynamics: letters and hairpins, on one line where they follow each other (Gould, "Behind Bars", pp. 101–108).

use std::ops::Range;

use super::marks::beside_rolls;
use super::{Draft, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::Stretch;
use crate::engrave::shapes::{Line, width};
use crate::font::{Face, Glyph, engraving_defaults, glyphs as g, metrics};
use crate::model::{Anchor, MarkKind, Placement, RecordRef, SpanKind};

/// Height of an open hairpin's mouth (Gould, p. 104: from one to one and a half spaces).
const MOUTH: Space = 1.25;
/// What follows within this distance shares a line.
const CHAIN: Space = 5.0;
/// From a barline to a sign beside it, and the most that a sign moves aside for it.
const BESIDE_BARLINE: Space = 0.25;
const MOST_ASIDE: Space = 2.4;
/// What is wider crosses barlines whatever is done.
const MOST_WIDE: Space = 8.0;
/// Between the letters of two dynamics: any nearer, an f and an ff are read as fff.
const LETTERS_APART: Space = 0.8;
/// Chains this near in height stand on one level.
const LEVEL: Space = 1.5;
/// Between a hairpin and letters.
const ASIDE: Space = 0.4;
/// Letters that are nearer to an end of a hairpin are where it starts or leads to, however far its note reaches.
const WELL_INSIDE: Space = 5.0;
/// What is left of a hairpin before or behind letters is no shorter.
const SHORTEST_PIECE: Space = 1.5;
/// To the ink above or below.
const CLEARANCE: Space = 0.6;

/// One dynamic on its way to a line.
struct Wish {
    staff: usize,
    above: bool,
    left: Space,
    right: Space,
    what: What,
    source: RecordRef,
}

enum What {
    /// Letters and other words, each with its distance from the left edge.
    Letters(Vec<(Space, Token)>),
    Hairpin(Hairpin),
}

/// A hairpin: how far its two ends are open, as shares of the mouth, whether a circle stands at the closed one, and where it stops
/// for letters on the way.
struct Hairpin {
    ends: (f32, f32),
    niente: bool,
    stops: Vec<(Space, Space)>,
}

/// A word of a dynamic.
enum Token {
    Letters(Vec<Glyph>),
    Text(Line),
}

/// The words of a dynamic side by side, and their width.
fn tokens(text: &str) -> (Vec<(Space, Token)>, Space) {
    let mut pen = 0.0;
    let mut tokens = Vec::new();
    for word in text.split_whitespace().take(16) {
        if pen > 0.0 {
            pen += 0.6;
        }
        let (token, wide) = match dynamic_glyphs(word) {
            Some(glyphs) => {
                let wide = glyphs.iter().map(|glyph| width(*glyph)).sum::<Space>();
                (Token::Letters(glyphs), wide)
            }
            None => {
                let line = Line::new(word, Face::Italic, 2.0);
                let wide = line.width();
                (Token::Text(line), wide)
            }
        };
        tokens.push((pen, token));
        pen += wide;
    }
    (tokens, pen)
}

/// From a dynamic to the next, at least; words after its letters may stand over what follows.
pub(super) fn room(text: &str) -> Space {
    let (tokens, wide) = tokens(text);
    tokens.get(1).map_or(wide + LETTERS_APART, |(second, _)| *second)
}

/// Whether what says how loud stands above a staff: where lyrics are below it (Gould, p. 101).
fn stands_above(work: &Work, staff: usize, placement: Placement, sung: &[bool]) -> bool {
    match placement {
        Placement::Above => true,
        Placement::Below => false,
        Placement::Auto => work.cast.staves.get(staff).is_some_and(|s| sung.get(s.part).copied().unwrap_or(false)),
    }
}

/// The parts that sing on this system.
pub(super) fn sung(work: &Work, draft: &Draft) -> Vec<bool> {
    let mut sung = vec![false; work.cast.parts.len()];
    for chord in draft.measures.clone().flat_map(|at| &work.bar(at).chords) {
        if !chord.lyrics.is_empty() {
            sung[chord.part] = true;
        }
    }
    sung
}

/// Draws the dynamics of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft, spans: &[usize]) {
    let sung = sung(work, draft);
    let mut wishes = Vec::new();
    letters(work, draft, &sung, &mut wishes);
    for at in spans {
        if let Some(wish) = hairpin(work, draft, work.span(*at), &sung) {
            wishes.push(wish);
        }
    }
    for wish in wishes.iter_mut().filter(|wish| !matches!(wish.what, What::Hairpin(..))) {
        let by = beside_rolls(&draft.rolls, wish.staff, wish.above, (wish.left, wish.right));
        (wish.left, wish.right) = (wish.left + by, wish.right + by);
    }
    wishes.sort_by(|a, b| (a.staff, a.above).cmp(&(b.staff, b.above)).then(a.left.total_cmp(&b.left)).then(a.source.cmp(&b.source)));
    let mut chains: Vec<(Range<usize>, Space)> = Vec::new();
    let mut from = 0;
    while from < wishes.len() {
        let mut to = from + 1;
        let mut reach = wishes[from].right;
        while to < wishes.len()
            && (wishes[to].staff, wishes[to].above) == (wishes[from].staff, wishes[from].above)
            && wishes[to].left < reach + CHAIN
        {
            reach = reach.max(wishes[to].right);
            to += 1;
        }
        chains.push((from..to, chain(draft, &mut wishes[from..to])));
        from = to;
    }
    level(&wishes, &mut chains);
    for (own, y) in chains {
        for wish in &wishes[own] {
            if let Some(staff) = draft.staves.get_mut(wish.staff) {
                put(staff, wish, y);
            }
        }
    }
}

/// Chains along a staff that are near in height stand on one level, as far out as the outermost of them.
fn level(wishes: &[Wish], chains: &mut [(Range<usize>, Space)]) {
    for at in 1..chains.len() {
        let (before, after) = chains.split_at_mut(at);
        let place = |chain: &(Range<usize>, Space)| (wishes[chain.0.start].staff, wishes[chain.0.start].above);
        let (last, next) = (&before[at - 1], &mut after[0]);
        if place(last) != place(next) || (last.1 - next.1).abs() > LEVEL {
            continue;
        }
        let y = if place(next).1 { last.1.min(next.1) } else { last.1.max(next.1) };
        next.1 = y;
        // Those before it that shared the level go along.
        let old = before[at - 1].1;
        before.iter_mut().rev().take_while(|chain| place(chain) == place(&after[0]) && chain.1 == old).for_each(|chain| chain.1 = y);
    }
}

/// The glyphs of a dynamic; nothing for one that is not made of the letters of dynamics.
pub(super) fn dynamic_glyphs(text: &str) -> Option<Vec<Glyph>> {
    let glyph = |letter: char| {
        Some(match letter {
            'p' => g::DYNAMIC_PIANO,
            'm' => g::DYNAMIC_MEZZO,
            'f' => g::DYNAMIC_FORTE,
            'r' => g::DYNAMIC_RINFORZANDO,
            's' => g::DYNAMIC_SFORZANDO,
            'z' => g::DYNAMIC_Z,
            'n' => g::DYNAMIC_NIENTE,
            _ => return None,
        })
    };
    text.chars().map(glyph).collect::<Option<Vec<Glyph>>>().filter(|glyphs| !glyphs.is_empty())
}

fn letters(work: &Work, draft: &Draft, sung: &[bool], wishes: &mut Vec<Wish>) {
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        let Some(frame) = draft.frame(measure) else { continue };
        let mut add = |staff: usize, centre: Space, id: RecordRef, text: &str, placement: Placement| {
            let (tokens, wide) = tokens(text);
            let first = match tokens.first() {
                Some((_, Token::Letters(glyphs))) => glyphs.iter().map(|glyph| width(*glyph)).sum::<Space>(),
                _ => wide,
            };
            // The letters stand under their note; words follow them.
            let wide_before = if tokens.len() > 1 { first } else { wide };
            let left = (centre - wide_before / 2.0).max(frame.left - 1.5);
            // Between staves that a barline joins a sign stands beside it, not on it.
            let joined = work.cast.joined(staff) || staff > 0 && work.cast.joined(staff - 1);
            let left = if joined && wide < MOST_WIDE {
                let back = (left + wide + BESIDE_BARLINE - frame.right).clamp(0.0, MOST_ASIDE);
                (left - back).max((frame.left + BESIDE_BARLINE).min(left + MOST_ASIDE))
            } else {
                left
            };
            wishes.push(Wish {
                staff,
                above: stands_above(work, staff, placement, sung),
                left,
                right: left + wide,
                what: What::Letters(tokens),
                source: id,
            });
        };
        for (id, mark) in work.score.marks_in(bar.id).filter(|(_, mark)| mark.visible) {
            let (MarkKind::Dynamic(text), Anchor::Staff(part, number, moment)) = (&mark.kind, mark.anchor) else { continue };
            let Some(part) = work.cast.part(part) else { continue };
            let staff = work.cast.staff(part, number.unwrap_or(1));
            add(staff, frame.x(moment.beat) + 0.6, id.into(), text, mark.placement);
        }
        for (at, chord) in bar.chords.iter().enumerate() {
            for id in &chord.marks {
                let Some(mark) = work.score.mark(*id) else { continue };
                let (MarkKind::Dynamic(text), Some(placed)) =
                    (&mark.kind, draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(at)))
                else {
                    continue;
                };
                add(chord.home(), placed.middle(), (*id).into(), text, mark.placement);
            }
        }
    }
}

fn hairpin(work: &Work, draft: &Draft, span: &Stretch, sung: &[bool]) -> Option<Wish> {
    let opens = match span.kind {
        SpanKind::Crescendo => true,
        SpanKind::Diminuendo => false,
        _ => return None,
    };
    let here = |bar: usize| draft.holds(bar);
    let left = if here(span.start.bar) { draft.frame(span.start.bar)?.x(span.start.beat) + 0.1 } else { draft.music - 0.3 };
    let right = if here(span.end.bar) {
        let frame = draft.frame(span.end.bar)?;
        match span.end.chord.and_then(|place| draft.place(place)) {
            Some(placed) => placed.right + 0.2,
            None => (frame.x(span.end.beat) - 0.4).min(frame.right - 0.4),
        }
    } else {
        draft.right - 0.4
    };
    let right = right.max(left + 1.8);
    let (mut from, mut to): (f32, f32) = if opens { (0.0, 1.0) } else { (1.0, 0.0) };
    // A broken hairpin is half open where it breaks.
    if !here(span.start.bar) {
        from = if opens { 0.45 } else { 0.7 };
    }
    if !here(span.end.bar) {
        to = if opens { 0.7 } else { 0.45 };
    }
    let staff = span.start.staff;
    let above = stands_above(work, staff, span.placement, sung);
    let niente = from.min(to) <= 0.0 && work.score.spans().get(&span.id).is_some_and(|span| span.niente);
    Some(Wish {
        staff,
        above,
        left,
        right,
        what: What::Hairpin(Hairpin { ends: (from, to), niente, stops: Vec::new() }),
        source: span.id.into(),
    })
}

/// Finds the line of dynamics that follow each other, as the y of the middle of hairpins and of small letters.
fn chain(draft: &Draft, wishes: &mut [Wish]) -> Space {
    // Hairpins make room for the letters they start or end at.
    let letters: Vec<(Space, Space)> = wishes.iter().filter(|w| !matches!(w.what, What::Hairpin(..))).map(|w| (w.left, w.right)).collect();
    for wish in wishes.iter_mut().filter(|w| matches!(w.what, What::Hairpin(..))) {
        let (from, to) = (wish.left, wish.right);
        for (left, right) in letters.iter().filter(|(left, right)| *left < to && from < *right + ASIDE) {
            let (before, after) = (left - from, to - right);
            if before.min(after) > WELL_INSIDE {
                continue;
            }
            if before < after {
                wish.left = wish.left.max((right + ASIDE).min(wish.right - 1.5));
            } else {
                wish.right = wish.right.min((left - ASIDE).max(wish.left + 1.5));
            }
        }
    }
    part_hairpins(wishes);
    // Letters that stand too close move on.
    let mut edge = Space::NEG_INFINITY;
    for wish in wishes.iter_mut().filter(|w| !matches!(w.what, What::Hairpin(..))) {
        let by = (edge + LETTERS_APART - wish.left).max(0.0);
        (wish.left, wish.right) = (wish.left + by, wish.right + by);
        edge = wish.right;
    }
    let right = draft.right;
    for wish in wishes.iter_mut() {
        let by = (wish.right - right).clamp(0.0, wish.left.max(0.0));
        (wish.left, wish.right) = (wish.left - by, wish.right - by);
    }
    stop_for_letters(wishes);
    let Some(staff) = wishes.first().and_then(|w| draft.staves.get(w.staff)) else { return 0.0 };
    let above = wishes[0].above;
    let mut y: Space = if above { -2.2 } else { staff.height + 2.2 };
    for wish in wishes.iter() {
        let (up, down) = match wish.what {
            What::Hairpin(..) => (MOUTH / 2.0, MOUTH / 2.0),
            _ => (1.2, 0.95),
        };
        if above {
            y = y.min(staff.sky.top(wish.left, wish.right) - CLEARANCE - down);
        } else {
            y = y.max(staff.sky.bottom(wish.left, wish.right) + CLEARANCE + up);
        }
    }
    y
}

/// A hairpin that goes on behind a dynamic stops for its letters.
fn stop_for_letters(wishes: &mut [Wish]) {
    let letters: Vec<(Space, Space)> = wishes.iter().filter(|w| !matches!(w.what, What::Hairpin(..))).map(|w| (w.left, w.right)).collect();
    for wish in wishes {
        let (from, to) = (wish.left, wish.right);
        if let What::Hairpin(hairpin) = &mut wish.what {
            let inside = letters.iter().filter(|(left, right)| from < *right && *left < to);
            hairpin.stops = inside.map(|(left, right)| (left - ASIDE, right + ASIDE)).collect();
        }
    }
}

impl Hairpin {
    /// The pieces that are drawn of it between its ends, each with how far it is open where it starts and ends.
    fn pieces(&self, left: Space, right: Space) -> Vec<[(Space, f32); 2]> {
        let open = |x: Space| (x, self.ends.0 + (self.ends.1 - self.ends.0) * (x - left) / (right - left).max(0.1));
        let mut pieces = Vec::with_capacity(self.stops.len() + 1);
        let mut from = left;
        for (stop, on) in self.stops.iter().copied().chain([(right, right)]) {
            if stop - from >= SHORTEST_PIECE || self.stops.is_empty() {
                pieces.push([open(from), open(stop)]);
            }
            from = from.max(on);
        }
        pieces
    }
}

/// A hairpin ends before the next one begins: both are often said to be on the same note.
fn part_hairpins(wishes: &mut [Wish]) {
    const APART: Space = 0.6;
    const SHORTEST: Space = 1.2;
    let mut before: Option<usize> = None;
    for at in 0..wishes.len() {
        if !matches!(wishes[at].what, What::Hairpin(..)) {
            continue;
        }
        if let Some(last) = before {
            let (earlier, later) = wishes.split_at_mut(at);
            let (first, next) = (&mut earlier[last], &mut later[0]);
            if first.right + APART > next.left {
                first.right = first.right.min((next.left - APART / 2.0).max(first.left + SHORTEST));
                next.left = next.left.max((first.right + APART).min(next.right - SHORTEST));
            }
        }
        before = Some(at);
    }
}

fn put(staff: &mut super::StaffDraft, wish: &Wish, y: Space) {
    match &wish.what {
        What::Letters(tokens) => {
            let tag = Tag::new(Role::Dynamic, Some(wish.source));
            for (dx, token) in tokens {
                let at = Point::new(wish.left + dx, y + 0.5);
                match token {
                    Token::Text(line) => {
                        staff.text(line.clone(), at, tag);
                    }
                    Token::Letters(glyphs) => {
                        let mut pen = at.x;
                        for glyph in glyphs {
                            staff.glyph(*glyph, Point::new(pen, at.y), 1.0, tag);
                            pen += width(*glyph);
                        }
                    }
                }
            }
        }
        What::Hairpin(hairpin) => {
            let tag = Tag::new(Role::Hairpin, Some(wish.source));
            let thickness = engraving_defaults().hairpin_thickness;
            let (mut left, mut right) = (wish.left, wish.right);
            if hairpin.niente {
                let (circle, opens) = (g::DYNAMIC_NIENTE_FOR_HAIRPIN, hairpin.ends.0 < hairpin.ends.1);
                let bbox = metrics(circle).bbox;
                let x = if opens { left - bbox.left } else { right - bbox.right };
                staff.glyph(circle, Point::new(x, y - (bbox.top + bbox.bottom) / 2.0), 1.0, tag);
                let wide = bbox.right - bbox.left;
                (left, right) = if opens { (left + wide, right) } else { (left, right - wide) };
            }
            for piece in hairpin.pieces(left, right) {
                for side in [-1.0, 1.0] {
                    let [from, to] = piece.map(|(x, open)| Point::new(x, y + side * open * MOUTH / 2.0));
                    staff.item(Shape::Line { from, to, thickness, dash: None }, tag);
                }
            }
            staff.sky.add(Rect::new(wish.left, y - MOUTH / 2.0, wish.right, y + MOUTH / 2.0));
        }
    }
}
