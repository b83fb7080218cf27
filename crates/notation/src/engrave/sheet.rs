//! The paper and the measures of the style that the font does not give.

use super::page::Space;
use crate::model::Layout;

/// Millimetres in a typographic point.
const POINT: f32 = 25.4 / 72.0;

/// The page in staff spaces.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sheet {
    pub width: Space,
    pub height: Space,
    pub left: Space,
    pub right: Space,
    pub top: Space,
    pub bottom: Space,
    /// Millimetres of paper a staff space.
    pub millimetres: f32,
    /// As wide as the music, which is all on one line.
    pub endless: bool,
}

impl Sheet {
    /// The paper of a layout with its staves `shrink` times their size. Absurd layouts are brought to the nearest usable one:
    /// paper from 3 cm to 3 m, staves from 1 to 50 mm, at least a third of each dimension left between the margins.
    pub(super) fn of(layout: &Layout, shrink: f32) -> Self {
        let staff = (layout.staff_height as f32 / 100.0).clamp(1.0, 50.0);
        let millimetres = staff / 4.0 * shrink;
        let paper = |tenths: u32| (tenths as f32 / 10.0).clamp(30.0, 3000.0);
        let (width, height) = (paper(layout.width), paper(layout.height));
        let margin = |tenths: u32, of: f32| (tenths as f32 / 10.0).min(of / 3.0) / millimetres;
        Self {
            width: width / millimetres,
            height: height / millimetres,
            left: margin(layout.left, width),
            right: margin(layout.right, width),
            top: margin(layout.top, height),
            bottom: margin(layout.bottom, height),
            millimetres,
            endless: false,
        }
    }

    /// The sheet for a single line of music of this length.
    pub(super) fn endless(self, length: Space) -> Self {
        Self { width: self.left + length + self.right, endless: true, ..self }
    }

    /// The width between the margins.
    pub(super) fn measure(&self) -> Space {
        self.width - self.left - self.right
    }

    /// A size in points as staff spaces: what does not shrink with the staves.
    pub(super) fn points(&self, points: f32) -> Space {
        points * POINT / self.millimetres
    }
}

/// Grace notes against full size (the size of Bravura's own grace note examples; Gould, "Behind Bars", p. 125, gives two thirds).
pub(super) const GRACE: f32 = 0.66;
/// Cue-sized notes against full size (Gould, p. 572).
pub(super) const CUE: f32 = 0.75;
/// A stem's normal length, an octave (Gould, p. 14).
pub(super) const STEM_LENGTH: Space = 3.5;
/// Between the lines of several verses, baseline to baseline, against the size of the text.
pub(super) const VERSE_LEADING: f32 = 1.18;
