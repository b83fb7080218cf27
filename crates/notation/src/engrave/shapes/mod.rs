//! The second stage: the shapes of what stands in one column of one staff, relative to one another: displaced heads,
//! voices moved aside, accidentals stacked, dots; and the signs at the start of a staff.

mod chords;
mod signs;

pub(super) use chords::{Extent, lay_out, stem_x};
pub(super) use signs::{Block, clef_signs, clef_signs_small, digits, key_time_signs};

use super::page::{Point, Rect, Space};
use super::style::Style;
use crate::font::{self, Face, Glyph, ShapedText};
use crate::model::TextFont;

/// The ink of a glyph at a scale, with its origin at a point.
pub(super) fn ink(glyph: Glyph, at: Point, scale: f32) -> Rect {
    let bbox = font::metrics(glyph).bbox;
    Rect::new(at.x + bbox.left * scale, at.y + bbox.top * scale, at.x + bbox.right * scale, at.y + bbox.bottom * scale)
}

/// The width of a glyph.
pub(super) fn width(glyph: Glyph) -> Space {
    font::metrics(glyph).advance
}

/// A text and how it is set.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub text: String,
    pub face: Face,
    pub size: Space,
    pub shaped: ShapedText,
}

impl Line {
    /// Shapes a line of text.
    pub(super) fn new(text: &str, face: Face, size: Space) -> Self {
        Self { text: text.to_owned(), face, size, shaped: font::shape(text, face, size) }
    }

    /// Shapes what is sung.
    pub(super) fn lyric(text: &str, style: &Style) -> Self {
        Self::set(style.setting.lyric, text, Face::Roman, style.lyric)
    }

    /// Shapes a line of text in a family of its own.
    pub(super) fn set(family: TextFont, text: &str, face: Face, size: Space) -> Self {
        Self { text: text.to_owned(), face, size, shaped: font::shape_in(family, text, face, size) }
    }

    pub(super) fn width(&self) -> Space {
        self.shaped.advance
    }

    /// What the line covers with its baseline starting at a point: an ascender of three quarters of the size, a descender of a
    /// quarter, as text faces have them.
    pub(super) fn ink(&self, at: Point) -> Rect {
        Rect::new(at.x, at.y - self.size * 0.74, at.x + self.width(), at.y + self.size * 0.24)
    }
}
