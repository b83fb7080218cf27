//! Barlines, through all staves that they join.

use super::{Draft, Tag, Work};
use crate::engrave::bars::{BarShape, Stroke, of_style, separation, stroke_width, width};
use crate::engrave::page::{Point, Role, Shape, Space};
use crate::font::{engraving_defaults, glyphs as g};
use crate::model::{Anchor, MarkKind};

/// Draws the barlines of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft) {
    let frames = draft.frames.clone();
    for frame in &frames {
        if let Some((shape, x)) = frame.start {
            barline(work, draft, frame.index, shape, x);
        }
        barline(work, draft, frame.index, frame.bar, frame.right);
        inner(work, draft, frame);
    }
}

/// Barlines inside a measure.
fn inner(work: &Work, draft: &mut Draft, frame: &super::Frame) {
    for (_, mark) in work.score.marks_in(work.bar(frame.index).id) {
        let (MarkKind::Barline(style), Anchor::Staff(_, _, moment) | Anchor::System(moment)) = (&mark.kind, mark.anchor) else { continue };
        let shape = of_style(*style);
        let x = frame.x(moment.beat) - width(shape) - 0.7;
        barline(work, draft, frame.index, shape, x.max(frame.left));
    }
}

fn barline(work: &Work, draft: &mut Draft, measure: usize, shape: BarShape, x: Space) {
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
                let (from, to) = (Point::new(mid, top), Point::new(mid, bottom));
                draft.put(Shape::Line { from, to, thickness: wide, dash }, tag);
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
