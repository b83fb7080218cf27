//! Barlines: which shape stands at each boundary of measures, and how wide it is.

use super::page::Space;
use crate::font::engraving_defaults;
use crate::model::{BarStyle, Measure};

/// One stroke or row of dots of a barline, from left to right.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Stroke {
    Thin,
    Thick,
    Dashed,
    Dotted,
    Dots,
    Tick,
    Short,
}

/// A barline as its strokes.
pub(super) type BarShape = &'static [Stroke];

const NONE: BarShape = &[];
const THIN: BarShape = &[Stroke::Thin];
const FINAL: BarShape = &[Stroke::Thin, Stroke::Thick];
const REPEAT_START: BarShape = &[Stroke::Thick, Stroke::Thin, Stroke::Dots];
const REPEAT_END: BarShape = &[Stroke::Dots, Stroke::Thin, Stroke::Thick];
const REPEAT_BOTH: BarShape = &[Stroke::Dots, Stroke::Thin, Stroke::Thick, Stroke::Thin, Stroke::Dots];

fn styled(style: BarStyle) -> Option<BarShape> {
    Some(match style {
        BarStyle::Auto => return None,
        BarStyle::Regular => THIN,
        BarStyle::Dotted => &[Stroke::Dotted],
        BarStyle::Dashed => &[Stroke::Dashed],
        BarStyle::Heavy => &[Stroke::Thick],
        BarStyle::LightLight => &[Stroke::Thin, Stroke::Thin],
        BarStyle::LightHeavy => FINAL,
        BarStyle::HeavyLight => &[Stroke::Thick, Stroke::Thin],
        BarStyle::HeavyHeavy => &[Stroke::Thick, Stroke::Thick],
        BarStyle::Tick => &[Stroke::Tick],
        BarStyle::Short => &[Stroke::Short],
        BarStyle::None => NONE,
    })
}

/// The shape of a style on its own, for a barline within a measure.
pub(super) fn of_style(style: BarStyle) -> BarShape {
    styled(style).unwrap_or(THIN)
}

/// The barline after a measure; `next` is the measure that follows on the same line, `last` says that none follows at all.
pub(super) fn after(measure: &Measure, next: Option<&Measure>, last: bool) -> BarShape {
    let starts = next.is_some_and(|n| n.repeat_start);
    match (measure.repeat_end.is_some(), starts) {
        (true, true) => return REPEAT_BOTH,
        (true, false) => return REPEAT_END,
        (false, true) => return REPEAT_START,
        (false, false) => {}
    }
    let own = styled(measure.right_bar);
    let following = next.and_then(|n| styled(n.left_bar)).filter(|shape| *shape != THIN);
    following.or(own).unwrap_or(if last { FINAL } else { THIN })
}

/// The barline before the first measure of a line, after clef and key.
pub(super) fn before(measure: &Measure) -> BarShape {
    if measure.repeat_start {
        return REPEAT_START;
    }
    match measure.left_bar {
        BarStyle::Auto | BarStyle::Regular | BarStyle::None => NONE,
        style => styled(style).unwrap_or(NONE),
    }
}

/// The width of one stroke.
pub(super) fn stroke_width(stroke: Stroke) -> Space {
    let defaults = engraving_defaults();
    match stroke {
        Stroke::Thin | Stroke::Tick | Stroke::Short => defaults.thin_barline_thickness,
        Stroke::Dashed | Stroke::Dotted => defaults.dashed_barline_thickness,
        Stroke::Thick => defaults.thick_barline_thickness,
        Stroke::Dots => 0.4,
    }
}

/// Between neighbouring strokes.
pub(super) fn separation() -> Space {
    engraving_defaults().barline_separation
}

/// The width of a whole barline.
pub(super) fn width(shape: BarShape) -> Space {
    shape.iter().map(|s| stroke_width(*s)).sum::<Space>() + shape.len().saturating_sub(1) as Space * separation()
}
