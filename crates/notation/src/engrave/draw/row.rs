//! A row: pieces of text and glyphs side by side on one baseline.

use super::{StaffDraft, Tag};
use crate::engrave::page::{Point, Space};
use crate::engrave::shapes::{Line, width};
use crate::font::{Face, Glyph};
use crate::model::TextFont;

/// Pieces of text and glyphs on one baseline.
pub(super) struct Row {
    family: TextFont,
    pieces: Vec<(Space, Piece)>,
    pub width: Space,
}

enum Piece {
    Text(Line, Space),
    Glyph(Glyph, f32, Space),
}

impl Row {
    /// An empty row, its text to be set in this family.
    pub(super) fn new(family: TextFont) -> Self {
        Self { family, pieces: Vec::new(), width: 0.0 }
    }

    /// Text, raised by so much.
    pub(super) fn text(&mut self, text: &str, face: Face, size: Space, raised: Space) {
        if !text.is_empty() {
            let line = Line::set(self.family, text, face, size);
            let wide = line.width();
            self.pieces.push((self.width, Piece::Text(line, raised)));
            self.width += wide;
        }
    }

    /// A glyph, raised by so much.
    pub(super) fn glyph(&mut self, glyph: Glyph, scale: f32, raised: Space) {
        self.pieces.push((self.width, Piece::Glyph(glyph, scale, raised)));
        self.width += width(glyph) * scale;
    }

    /// Room.
    pub(super) fn space(&mut self, by: Space) {
        self.width += by;
    }

    /// Puts the row with its baseline starting at a point.
    pub(super) fn put(self, staff: &mut StaffDraft, at: Point, tag: Tag) {
        for (dx, piece) in self.pieces {
            match piece {
                Piece::Text(line, raised) => {
                    staff.text(line, Point::new(at.x + dx, at.y - raised), tag);
                }
                Piece::Glyph(glyph, scale, raised) => {
                    staff.glyph(glyph, Point::new(at.x + dx, at.y - raised), scale, tag);
                }
            }
        }
    }
}
