//! What is attached to the music: marks at one place, and spans between two.

use serde::{Deserialize, Serialize};

use super::signs::is_default;
use super::{
    AccidentalSign, Alter, Beat, ChordSymbol, Credit, EventId, FiguredBass, MeasureId, NoteBase, NoteId, NoteValue, PartId, Pitch, Words,
};

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
    /// A page, from 1.
    Page(u16),
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
    BreathTick,
    BreathUpbow,
    BreathSalzedo,
    CaesuraThick,
    CaesuraShort,
    CaesuraCurved,
    CaesuraSingle,
}

impl Articulation {
    /// Whether it is a breath mark of any kind.
    pub const fn is_breath(self) -> bool {
        matches!(self, Self::BreathMark | Self::BreathTick | Self::BreathUpbow | Self::BreathSalzedo)
    }

    /// Whether it is a caesura of any kind.
    pub const fn is_caesura(self) -> bool {
        matches!(self, Self::Caesura | Self::CaesuraThick | Self::CaesuraShort | Self::CaesuraCurved | Self::CaesuraSingle)
    }
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

/// Which of the pitches of a harmonic a note is. MusicXML 4.0, `harmonic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum HarmonicPitch {
    /// The open or stopped string.
    Base,
    /// Where it is touched.
    Touching,
    /// What sounds.
    Sounding,
}

/// What is known of a harmonic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Harmonic {
    /// Whether the string is stopped too; not said where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artificial: Option<bool>,
    /// Which of its pitches the note is; not said where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pitch: Option<HarmonicPitch>,
}

/// How far something is closed. MusicXML 4.0, `hole-closed-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Closure {
    Open,
    Half,
    Closed,
}

/// One movement of a bent string. MusicXML 4.0, `bend`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bend {
    /// How far, in semitones.
    pub alter: Alter,
    /// How.
    pub kind: BendKind,
    /// With the tremolo arm.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bar: bool,
}

/// What a bent string does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BendKind {
    /// It is bent while it sounds.
    Bend,
    /// It is bent before it is struck.
    PreBend,
    /// It goes back.
    Release,
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
    /// A harmonic of which more is known than that it is one.
    HarmonicOf(Harmonic),
    /// A tap, with what is printed for it.
    Tap(String),
    /// The string is bent, in these movements one after the other.
    Bend(Vec<Bend>),
    BrassBend,
    Flip,
    Smear,
    HarmonMute(Closure),
    /// As MusicXML names it, such as `damp` or `gyro`.
    Handbell(String),
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

/// Whether eighths (or sixteenths) are played unevenly. MusicXML 4.0, `swing`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Swing {
    /// The share of the first of two; as large as the second for straight.
    pub first: u8,
    /// The share of the second.
    pub second: u8,
    /// Which notes: eighths or sixteenths.
    pub unit: NoteBase,
}

impl Swing {
    /// Evenly.
    pub const STRAIGHT: Self = Self { first: 1, second: 1, unit: NoteBase::Eighth };
}

/// The registration of an accordion. MusicXML 4.0, `accordion-registration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Accordion {
    /// The dot in the upper third (4 foot).
    pub high: bool,
    /// Dots in the middle (8 foot), 0 to 3.
    pub middle: u8,
    /// The dot in the lower third (16 foot).
    pub low: bool,
}

/// Room between this staff and what is above or below it, in tenths of a staff space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Spacer {
    /// How much.
    pub height: u16,
    /// Above the staff rather than below it.
    #[serde(default)]
    pub above: bool,
    /// The least there is, rather than what there is.
    #[serde(default)]
    pub least: bool,
}

/// What a mark says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MarkKind {
    /// An articulation of an event.
    Articulation(Articulation),
    /// An ornament of an event.
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
    /// Figured bass.
    FiguredBass(FiguredBass),
    /// An accidental over or under a note, as of musica ficta.
    Accidental(AccidentalSign),
    /// Swing, from here on.
    Swing(Swing),
    /// Any sign, by the name of its SMuFL glyph.
    Symbol(String),
    /// The registration of an accordion.
    Accordion(Accordion),
    /// The pedals of a harp in the order D C B, E F G A: -1 flat, 0 natural, 1 sharp.
    HarpPedals([i8; 7]),
    /// Strings that are tuned otherwise: which, from 1, and to what.
    Scordatura(Vec<(u8, Pitch)>),
    /// Words on a page.
    Credit(Credit),
    /// A break before the measure in the layout of this part alone.
    Break(super::Break),
    /// Room above or below a staff.
    Spacer(Spacer),
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
    /// Note values printed beside the numbers: 0 none, 1 the actual, 2 both.
    #[serde(default, skip_serializing_if = "is_default")]
    pub types: u8,
    /// The value that the actual number counts, where the source said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual_value: Option<NoteValue>,
    /// The value that the normal number counts, where the source said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normal_value: Option<NoteValue>,
    /// With a slur instead of a bracket.
    #[serde(default, skip_serializing_if = "is_default")]
    pub curved: bool,
}

impl TupletDisplay {
    /// So many notes in the time of so many, with the number and, by rule, a bracket.
    pub const fn new(actual: u16, normal: u16) -> Self {
        Self { actual, normal, bracket: None, numbers: 1, types: 0, actual_value: None, normal_value: None, curved: false }
    }
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
    /// A phrase: a slur that says what belongs together, not how it is played.
    Phrase,
    /// Sostenuto pedal; as a line rather than sign and asterisk.
    Sostenuto(bool),
    /// A note sounded by a finger that falls on the string, with what is printed.
    HammerOn(String),
    /// A note sounded by a finger that leaves the string, with what is printed.
    PullOff(String),
    /// Notes damped with the palm.
    PalmMute,
    /// Strings that ring on.
    LetRing,
}

impl SpanKind {
    /// Whether it is a pedal of any kind.
    pub const fn is_pedal(&self) -> bool {
        matches!(self, Self::Pedal(_) | Self::Sostenuto(_))
    }
}
