//! Chord symbols, fretboard diagrams and figured bass.

use serde::{Deserialize, Serialize};

use super::signs::is_default;
use super::{Alter, Beat, Step};

/// The quality of a chord. MusicXML 4.0, `kind-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ChordKind {
    Major,
    Minor,
    Augmented,
    Diminished,
    Dominant,
    MajorSeventh,
    MinorSeventh,
    DiminishedSeventh,
    AugmentedSeventh,
    HalfDiminished,
    MajorMinor,
    MajorSixth,
    MinorSixth,
    DominantNinth,
    MajorNinth,
    MinorNinth,
    Dominant11th,
    Major11th,
    Minor11th,
    Dominant13th,
    Major13th,
    Minor13th,
    SuspendedSecond,
    SuspendedFourth,
    Neapolitan,
    Italian,
    French,
    German,
    Pedal,
    Power,
    Tristan,
    Other,
    /// No chord (N.C.).
    None,
}

/// What happens to a degree of a chord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ChordDegreeKind {
    Add,
    Alter,
    Subtract,
}

/// An added, altered or removed degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChordDegree {
    /// What happens.
    pub kind: ChordDegreeKind,
    /// Which degree, from 1 at the root.
    pub value: u8,
    /// Its alteration against the major or dominant scale.
    pub alter: Alter,
}

/// A chord symbol.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChordSymbol {
    /// Step and alteration of the root; absent for N.C. and for functions.
    pub root: Option<(Step, Alter)>,
    /// A Roman numeral, Nashville number or function, as text, instead of a root.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub function: String,
    /// The quality.
    pub kind: ChordKind,
    /// What is printed for the quality, where the source said so (may be empty on purpose).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Step and alteration of the bass after a slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bass: Option<(Step, Alter)>,
    /// Changes to single degrees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degrees: Vec<ChordDegree>,
    /// The inversion, 0 for the root position.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inversion: u8,
    /// How it is held on a fretted instrument.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Box<Fretboard>>,
}

impl ChordSymbol {
    /// A chord of this quality without a root or anything else.
    pub const fn of(kind: ChordKind) -> Self {
        Self { root: None, function: String::new(), kind, text: None, bass: None, degrees: Vec::new(), inversion: 0, frame: None }
    }
}

/// A fretboard diagram. MusicXML 4.0, `frame`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fretboard {
    /// How many strings are drawn.
    pub strings: u8,
    /// How many frets are drawn.
    pub frets: u8,
    /// The fret at the top, from 1.
    pub first_fret: u8,
    /// Fingers and open strings.
    pub dots: Vec<FretDot>,
    /// The sign over strings that are not played, where they have one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unplayed: String,
}

/// A place on a fretboard. MusicXML 4.0, `frame-note`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FretDot {
    /// The string, 1 the highest.
    pub string: u8,
    /// The fret, 0 for an open string.
    pub fret: u8,
    /// The finger, where it is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub finger: String,
    /// The end of a barre.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barre: Option<BarreEnd>,
}

/// An end of a barre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum BarreEnd {
    Start,
    Stop,
}

/// A figured bass: the figures under one bass note or a part of it. MusicXML 4.0, `figured-bass`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct FiguredBass {
    /// From top to bottom.
    pub figures: Vec<Figure>,
    /// How long it holds; to the next bass note or figure where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Beat>,
    /// In parentheses.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parentheses: bool,
}

/// One figure. Prefix and suffix are accidentals, or `slash`, `plus`, `back-slash`, `vertical`, `cross` as MusicXML 4.0 names them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Figure {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    /// A line from it to the next.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extend: bool,
}
