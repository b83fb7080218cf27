//! The music font's measures and the shaping of text.

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
#[allow(missing_docs)]
pub enum FontKey {
    Music,
    Roman,
    Bold,
    Cjk,
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
