//! The embedded fonts: the measures of the music font, the shaping of text and the outlines of both.
//!
//! A text size is the size of the em in staff spaces; the em of the music font is four spaces (SMuFL 1.4, "Metrics").

mod faces;
pub mod glyphs;
mod setting;
mod shape;
mod smufl;

pub use faces::{CAP_HEIGHT, OutlinePen, PathElement, ascent_descent, data, glyph_id, name, outline, path, slant};
pub use setting::{Setting, engraving_defaults, set_in, setting};
pub use shape::{shape, shape_in};
pub use smufl::{Anchors, CutOuts, EngravingDefaults, GlyphMetrics, anchors, has, metrics, music_font};

/// A glyph of the music font, by its SMuFL code point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Glyph(pub char);

/// A text typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[allow(missing_docs)]
pub enum Face {
    #[default]
    Roman,
    Bold,
    Italic,
    BoldItalic,
}

/// A line of shaped text: runs of one font each, from left to right.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShapedText {
    /// The runs.
    pub runs: Vec<ShapedRun>,
    /// The width of the whole line, in staff spaces.
    pub advance: f32,
}

/// Glyphs of one font.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapedRun {
    /// Which of the embedded fonts.
    pub font: FontKey,
    /// The bytes of the text that this run shows.
    pub text: std::ops::Range<usize>,
    /// The glyphs.
    pub glyphs: Vec<ShapedGlyph>,
}

/// Names one of the embedded fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FontKey {
    /// Bravura.
    Bravura,
    /// Petaluma.
    Petaluma,
    /// Academico.
    Roman,
    /// Academico Bold.
    Bold,
    /// Old Standard Italic, whose letters have the height of Academico's.
    Italic,
    /// Academico Bold, slanted: the family has no such face.
    BoldItalic,
    /// Old Standard: Cyrillic, Vietnamese and what else Academico lacks.
    Extended,
    /// Petaluma Script.
    Script,
    /// Noto Serif TC.
    Cjk,
}

impl FontKey {
    /// All fonts.
    pub const ALL: [Self; 9] =
        [Self::Bravura, Self::Petaluma, Self::Roman, Self::Bold, Self::Italic, Self::BoldItalic, Self::Extended, Self::Script, Self::Cjk];
}

/// One placed glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShapedGlyph {
    /// The glyph's index in its font.
    pub id: u16,
    /// From the start of the line, in staff spaces.
    pub x: f32,
    /// Above the baseline, in staff spaces.
    pub y: f32,
    /// Its advance, in staff spaces.
    pub advance: f32,
    /// Where the text that it shows starts, in bytes.
    pub cluster: usize,
}
