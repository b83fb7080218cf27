//! Barlines, through all staves that they join, but not through text that stands between staves.

use super::{Draft, StaffDraft, Tag, Work};
use crate::engrave::bars::{BarShape, Stroke, of_style, separation, stroke_width, width};
use crate::engrave::lookup::bounds;
use crate::engrave::page::{Item, Point, Rect, Role, Shape, Space};
use crate::font::{engraving_defaults, glyphs as g};
use crate::model::{Anchor, MarkKind};

/// Draws the barlines of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft) {
    let frames = draft.frames.clone();
    let texts = texts(draft);
    for frame in &frames {
        if let Some((shape, x)) = frame.start {
            barline(work, draft, (frame.index, &texts), shape, x);
        }
        barline(work, draft, (frame.index, &texts), frame.bar, frame.right);
        inner(work, draft, frame, &texts);
    }
}

/// Room that a barline leaves above and below a text that it would run through, and beside one that it passes.
const AROUND_TEXT: Space = 0.3;
const BESIDE_TEXT: Space = 0.05;
/// A stretch of a barline between a staff and a text that is shorter than this is not drawn.
const SHORTEST: Space = 0.5;

/// Words and dynamics that stand between two staves.
fn texts(draft: &Draft) -> Vec<Rect> {
    let shown: Vec<&StaffDraft> = draft.staves.iter().filter(|staff| !staff.hidden).collect();
    let gaps: Vec<(Space, Space)> = shown.windows(2).map(|pair| (pair[0].top + pair[0].height, pair[1].top)).collect();
    let text =
        |item: &&Item| matches!(item.role, Role::Words | Role::Dynamic) && matches!(item.shape, Shape::Text { .. } | Shape::Glyph { .. });
    let placed = shown.iter().flat_map(|staff| {
        let texts = staff.items.iter().filter(text).map(bounds);
        texts.map(|rect| rect.moved(Point::new(0.0, staff.top)))
    });
    placed.filter(|rect| gaps.iter().any(|(from, to)| *from < rect.bottom && rect.top < *to)).collect()
}

/// What of a vertical line from `top` to `bottom` is drawn: not what lies in these texts.
fn beside_texts(texts: &[Rect], (left, right): (Space, Space), (top, bottom): (Space, Space)) -> Vec<(Space, Space)> {
    let crossing = texts.iter().filter(|rect| rect.left - BESIDE_TEXT < right && left < rect.right + BESIDE_TEXT);
    let mut crossed: Vec<(Space, Space)> = crossing.map(|rect| (rect.top - AROUND_TEXT, rect.bottom + AROUND_TEXT)).collect();
    crossed.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut pieces = Vec::with_capacity(crossed.len() + 1);
    let mut from = top;
    for (above, below) in crossed {
        pieces.push((from, above.min(bottom)));
        from = from.max(below);
    }
    pieces.push((from, bottom));
    if pieces.len() > 1 {
        pieces.retain(|(from, to)| to - from >= SHORTEST);
    }
    pieces
}

/// Barlines inside a measure.
fn inner(work: &Work, draft: &mut Draft, frame: &super::Frame, texts: &[Rect]) {
    for (_, mark) in work.score.marks_in(work.bar(frame.index).id) {
        let (MarkKind::Barline(style), Anchor::Staff(_, _, moment) | Anchor::System(moment)) = (&mark.kind, mark.anchor) else { continue };
        let shape = of_style(*style);
        let x = frame.x(moment.beat) - width(shape) - 0.7;
        barline(work, draft, (frame.index, texts), shape, x.max(frame.left));
    }
}

fn barline(work: &Work, draft: &mut Draft, (measure, texts): (usize, &[Rect]), shape: BarShape, x: Space) {
    let source = Some(work.bar(measure).id.into());
    let tag = Tag::new(Role::Barline, source);
    let mut from = 0;
    while from < draft.staves.len() {
        let to = (from..draft.staves.len()).find(|staff| !work.cast.joined(*staff)).unwrap_or(draft.staves.len() - 1);
        let Some((first, last)) = draft.shown(from, to) else {
            from = to + 1;
            continue;
        };
        let (first, last) = (&draft.staves[first], &draft.staves[last]);
        // The barline of a staff of one line is as tall as the space around that line.
        let (top, bottom) = (first.top - stub(first.height), last.top + last.height + stub(last.height));
        let mut pen = x;
        for stroke in shape {
            let wide = stroke_width(*stroke);
            let mid = pen + wide / 2.0;
            let mut line = |top: Space, bottom: Space, dash: Option<(Space, Space)>| {
                for (top, bottom) in beside_texts(texts, (pen, pen + wide), (top, bottom)) {
                    let (from, to) = (Point::new(mid, top), Point::new(mid, bottom));
                    draft.put(Shape::Line { from, to, thickness: wide, dash }, tag);
                }
            };
            match stroke {
                Stroke::Thin | Stroke::Thick => line(top, bottom, None),
                Stroke::Dashed => {
                    let defaults = engraving_defaults();
                    line(top, bottom, Some((defaults.dashed_barline_dash_length, defaults.dashed_barline_gap_length)));
                }
                Stroke::Dotted => line(top, bottom, Some((0.16, 0.34))),
                Stroke::Tick => line(top - 0.5, top + 0.5, None),
                Stroke::Short => line(top + 1.0, bottom - 1.0, None),
                Stroke::Dots => {
                    for staff in (from..=to).filter(|staff| !draft.staves[*staff].hidden).collect::<Vec<_>>() {
                        let middle = draft.staves[staff].top + draft.staves[staff].height / 2.0;
                        for y in [middle - 0.5, middle + 0.5] {
                            draft.put(Shape::Glyph { glyph: g::REPEAT_DOT, at: Point::new(pen, y), scale: 1.0 }, tag);
                        }
                    }
                }
            }
            pen += wide + separation();
        }
        from = to + 1;
    }
}

fn stub(height: Space) -> Space {
    if height < 1.0 { 1.0 } else { 0.0 }
}
