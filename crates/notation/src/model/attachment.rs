//! What is attached to the music: marks at one place, and spans between two.

use serde::{Deserialize, Serialize};

use super::{Alter, Beat, EventId, MeasureId, NoteBase, NoteId, NoteValue, PartId, Step};

/// A place in time: a measure and how far into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The measure.
    pub measure: MeasureId,
    /// From its start.
    pub beat: Beat,
}

/// What a mark or the end of a span holds on to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Anchor {
    /// A chord or rest.
    Event(EventId),
    /// One note of a chord.
    Note(NoteId),
    /// A moment on a staff of a part; on the part as a whole without a staff.
    Staff(PartId, Option<u8>, Moment),
    /// A moment of the whole system, such as a rehearsal mark or a tempo.
    System(Moment),
}

/// On which side of the staff (or of the notes) a mark stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Placement {
    /// As the rules of engraving say.
    #[default]
    Auto,
    Above,
    Below,
}

/// MusicXML 4.0, `articulations`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Articulation {
    Accent,
    StrongAccent,
    Staccato,
    Tenuto,
    DetachedLegato,
    Staccatissimo,
    Spiccato,
    Scoop,
    Plop,
    Doit,
    Falloff,
    BreathMark,
    Caesura,
    Stress,
    Unstress,
    SoftAccent,
}

/// MusicXML 4.0, `ornaments`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Ornament {
    Trill,
    Turn,
    DelayedTurn,
    InvertedTurn,
    DelayedInvertedTurn,
    VerticalTurn,
    InvertedVerticalTurn,
    Shake,
    Mordent,
    InvertedMordent,
    Schleifer,
    Haydn,
}

/// MusicXML 4.0, `technical`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Technical {
    UpBow,
    DownBow,
    Harmonic,
    OpenString,
    ThumbPosition,
    Fingering(String),
    Pluck(String),
    DoubleTongue,
    TripleTongue,
    Stopped,
    SnapPizzicato,
    Fret(u8),
    String(u8),
    Heel,
    Toe,
    Fingernails,
    Open,
    HalfMuted,
    Golpe,
}

/// The shape of a fermata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum FermataShape {
    #[default]
    Normal,
    Angled,
    Square,
    DoubleAngled,
    DoubleSquare,
    DoubleDot,
    HalfCurve,
    Curlew,
}

/// Which way a chord is rolled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Arpeggio {
    Plain,
    Up,
    Down,
    /// A bracket: not rolled.
    Bracket,
}

/// How text looks, where it differs from the style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct TextStyle {
    #[serde(default)]
    pub bold: bool,
    #[serde(default)]
    pub italic: bool,
    /// Size in tenths of a point; the style's own where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u16>,
}

/// Staff or system text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Words {
    /// What is printed; lines are separated by a line feed.
    pub text: String,
    /// How it looks.
    #[serde(default)]
    pub style: TextStyle,
}

/// A tempo: what is printed and what is played.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TempoMark {
    /// The beat that is counted, as printed in a metronome mark.
    pub beat: NoteValue,
    /// Beats a minute as an exact fraction `(numerator, denominator)`; absent where only a relation is printed.
    pub per_minute: Option<(u32, u32)>,
    /// What is printed instead of the number, such as “c. 108” or another note value.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The note value after an equals sign in a metric modulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<NoteValue>,
    /// In parentheses.
    #[serde(default)]
    pub parentheses: bool,
    /// Printed at all, or only played.
    pub printed: bool,
}

impl TempoMark {
    /// Quarter notes a minute; nothing where no number is known.
    pub fn quarters_per_minute(&self) -> Option<f64> {
        let (num, den) = self.per_minute?;
        let quarters = self.beat.length().ratio(NoteBase::Quarter.length())?;
        Some(f64::from(num) / f64::from(den.max(1)) * quarters.0 as f64 / quarters.1 as f64)
    }
}

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
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MarkKind {
    /// An articulation of an event.
    Articulation(Articulation),
    /// An ornament of an event, with accidentals above and below as MusicXML names.
    Ornament(Ornament),
    /// A playing technique.
    Technical(Technical),
    /// A hold.
    Fermata(FermataShape),
    /// A rolled chord.
    Arpeggio(Arpeggio),
    /// A tremolo on one note: strokes through the stem, 0 for an unmeasured one.
    Tremolo(u8),
    /// A dynamic as its letters, such as `mf` or `sfz`.
    Dynamic(String),
    /// Staff or system text.
    Words(Words),
    /// A tempo.
    Tempo(TempoMark),
    /// A rehearsal mark.
    Rehearsal(String),
    /// A chord symbol.
    Chord(ChordSymbol),
    /// The segno sign as printed; what is played follows from the measure's jumps.
    Segno,
    /// The coda sign as printed; what is played follows from the measure's jumps.
    Coda,
    /// A barline inside a measure.
    Barline(super::BarStyle),
}

/// How a tuplet shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TupletDisplay {
    /// Notes played.
    pub actual: u16,
    /// In the time of this many.
    pub normal: u16,
    /// Whether a bracket is drawn; by rule where absent.
    pub bracket: Option<bool>,
    /// Numbers printed: 0 none, 1 the actual, 2 both.
    pub numbers: u8,
}

/// What stretches from one place to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SpanKind {
    /// A slur between two events (or notes of chords).
    Slur,
    /// A hairpin that opens.
    Crescendo,
    /// A hairpin that closes.
    Diminuendo,
    /// A bracket that shifts octaves: 1 for 8va, -1 for 8vb, 2 for 15ma. The notes under it have the pitch they are played at,
    /// as in MusicXML 4.0 (`octave-shift`), and are drawn that many octaves lower.
    Ottava(i8),
    /// Sustain pedal; as a line rather than the sign and asterisk.
    Pedal(bool),
    /// The wavy line of a trill.
    TrillLine,
    /// A glissando with a wavy line.
    Glissando(String),
    /// A slide with a straight line.
    Slide(String),
    /// A tuplet's number and bracket.
    Tuplet(TupletDisplay),
    /// A dashed line after text, as in cresc. _ _ _
    Dashes,
    /// A bracket over or under notes.
    Bracket,
    /// A tremolo between two notes: the number of beams.
    Tremolo(u8),
}
