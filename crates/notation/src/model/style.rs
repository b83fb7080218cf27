//! The vocabulary of a style: what a [`Layout`](super::Layout) says beside measures.

use serde::{Deserialize, Serialize};

/// A music font (SMuFL).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum MusicFont {
    /// As engraved in the nineteenth century.
    #[default]
    Bravura,
    /// As a copyist of jazz charts writes.
    Petaluma,
}

/// A family of text faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum TextFont {
    /// A roman as scores have it, with an italic and a bold.
    #[default]
    Academico,
    /// A copyist's capitals, in one weight.
    PetalumaScript,
}

/// Which measures have their number printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum MeasureNumbers {
    /// None.
    None,
    /// The first of each system but the first.
    #[default]
    Systems,
    /// Each whose number is a multiple of this, the first measure excepted.
    Every(u8),
}

/// How the quality of a chord is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ChordSpelling {
    /// As the source has it; in words where it says nothing: maj7, m7, dim.
    #[default]
    Words,
    /// In signs: △7, –7, °, ø, whatever the source has.
    Signs,
}
