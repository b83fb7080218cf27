//! The vocabulary of notation that records are made of: note values, clefs, keys, times, barlines, instruments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Beat, MeasureId, StaffPosition};

/// A note value without dots. MusicXML 4.0, `note-type-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum NoteBase {
    Maxima,
    Long,
    Breve,
    Whole,
    Half,
    Quarter,
    Eighth,
    N16th,
    N32nd,
    N64th,
    N128th,
    N256th,
    N512th,
    N1024th,
}

impl NoteBase {
    /// All values, longest first.
    pub const ALL: [Self; 14] = [
        Self::Maxima,
        Self::Long,
        Self::Breve,
        Self::Whole,
        Self::Half,
        Self::Quarter,
        Self::Eighth,
        Self::N16th,
        Self::N32nd,
        Self::N64th,
        Self::N128th,
        Self::N256th,
        Self::N512th,
        Self::N1024th,
    ];

    /// Its length.
    pub const fn length(self) -> Beat {
        let power = self as i64;
        if power < 3 { Beat::new(1 << (3 - power), 1) } else { Beat::new(1, 1 << (power - 3)) }
    }

    /// The number of flags or beams: one for an eighth, none from a quarter upwards.
    pub const fn flags(self) -> u8 {
        (self as u8).saturating_sub(Self::Quarter as u8)
    }
}

/// A note value with its dots.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NoteValue {
    /// The undotted value.
    pub base: NoteBase,
    /// Augmentation dots.
    pub dots: u8,
}

impl NoteValue {
    /// A value with this many dots.
    pub const fn new(base: NoteBase, dots: u8) -> Self {
        Self { base, dots }
    }

    /// Its length: each dot adds half of what the one before it added.
    pub fn length(self) -> Beat {
        let dots = i64::from(self.dots.min(16));
        self.base.length().scale((1 << (dots + 1)) - 1, 1 << dots)
    }

    /// The single value of exactly this length, with at most three dots; nothing where it takes more than one note.
    pub fn of_length(length: Beat) -> Option<Self> {
        NoteBase::ALL.into_iter().flat_map(|base| (0..=3).map(move |dots| Self { base, dots })).find(|value| value.length() == length)
    }
}

/// When an event happens and what value it is written as: the one field that moves an event in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventTime {
    /// The measure it is in.
    pub measure: MeasureId,
    /// From the start of the measure.
    pub onset: Beat,
    /// How long it takes; zero for a grace note.
    pub duration: Beat,
    /// The written value; absent for a rest that lasts its measure, or where the source gave none.
    pub value: Option<NoteValue>,
    /// The tuplet ratio `(actual, normal)` that applies, all nested levels multiplied: `(3, 2)` for a triplet, `(1, 1)` outside one.
    pub ratio: (u16, u16),
}

impl EventTime {
    /// Where it ends, from the start of the measure.
    pub fn end(&self) -> Beat {
        self.onset + self.duration
    }
}

/// `measure onset duration value ratio`, blank-separated; the value as its position in [`NoteBase::ALL`] and its dots.
impl fmt::Display for EventTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} ", self.measure, self.onset, self.duration)?;
        match self.value {
            Some(value) => write!(f, "{}.{}", value.base as u8, value.dots)?,
            None => f.write_str("-")?,
        }
        if self.ratio == (1, 1) { Ok(()) } else { write!(f, " {}:{}", self.ratio.0, self.ratio.1) }
    }
}

/// The text is not an [`EventTime`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an event's time")]
pub struct EventTimeError;

impl FromStr for EventTime {
    type Err = EventTimeError;

    fn from_str(text: &str) -> Result<Self, EventTimeError> {
        let parse = || {
            let mut words = text.split(' ');
            let measure = words.next()?.parse().ok()?;
            let onset = words.next()?.parse().ok()?;
            let duration = words.next()?.parse().ok()?;
            let value = match words.next()? {
                "-" => None,
                written => {
                    let (base, dots) = written.split_once('.')?;
                    let base = *NoteBase::ALL.get(base.parse::<usize>().ok()?)?;
                    Some(NoteValue { base, dots: dots.parse().ok().filter(|dots| *dots <= 16)? })
                }
            };
            let ratio = match words.next() {
                None => (1, 1),
                Some(ratio) => {
                    let (actual, normal) = ratio.split_once(':')?;
                    (actual.parse().ok().filter(|n| *n > 0)?, normal.parse().ok().filter(|n| *n > 0)?)
                }
            };
            words.next().is_none().then_some(Self { measure, onset, duration, value, ratio })
        };
        parse().ok_or(EventTimeError)
    }
}

/// A grace note: takes no time of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grace {
    /// An acciaccatura's slash.
    pub slash: bool,
    /// Its place among the grace notes at the same onset of its voice, from 0.
    pub order: u16,
    /// Whether it follows the main note before it (a Nachschlag) instead of leading to the next.
    pub after: bool,
}

/// Which way a stem points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum StemDirection {
    /// As the rules of engraving say.
    #[default]
    Auto,
    Up,
    Down,
    Double,
    /// No stem.
    None,
}

/// An event's part in one level of beams. MusicXML 4.0, `beam-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum BeamRole {
    Begin,
    Continue,
    End,
    ForwardHook,
    BackwardHook,
}

/// Beams that spread or narrow for notes that get faster or slower. MusicXML 4.0, `fan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum BeamFan {
    /// Spreading: getting faster.
    Accelerando,
    /// Narrowing: getting slower.
    Ritardando,
}

/// How an event without notes is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct RestDisplay {
    /// A rest for the measure, centred, a whole rest whatever the measure's length.
    pub measure: bool,
    /// Where it stands, as read in treble clef; by rule where absent.
    pub position: Option<StaffPosition>,
}

/// A barline's shape. MusicXML 4.0, `bar-style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum BarStyle {
    /// As the place asks: plain inside, with the repeat where there is one, final at the end.
    #[default]
    Auto,
    Regular,
    Dotted,
    Dashed,
    Heavy,
    LightLight,
    LightHeavy,
    HeavyLight,
    HeavyHeavy,
    Tick,
    Short,
    None,
}

/// The start of a volta bracket.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ending {
    /// The passes it is for, from 1.
    pub passes: Vec<u8>,
    /// What is printed, where it is not the numbers.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// The end of a volta bracket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EndingStop {
    /// With a downward hook.
    Closed,
    /// Open: the bracket stops without a hook.
    Open,
}

/// A sign or an instruction that steers the order of playing, at a measure's start or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Jump {
    /// The sign to return to, at the start.
    Segno,
    /// Where the coda begins, at the start.
    Coda,
    /// Where the way to the coda leaves, at the end.
    ToCoda,
    /// Where the piece ends on its last pass, at the end.
    Fine,
    /// Back to the beginning, at the end.
    DaCapo,
    /// Back to the sign, at the end.
    DalSegno,
}

/// A break that the author asked for, before the measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Break {
    System,
    Page,
    Section,
}

/// A page: size and margins, in tenths of a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Paper {
    pub width: u32,
    pub height: u32,
    pub top: u32,
    pub right: u32,
    pub bottom: u32,
    pub left: u32,
}

/// The sign of a group of parts, left of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum GroupSymbol {
    #[default]
    None,
    Brace,
    Bracket,
    Line,
    Square,
}

/// One sound source of a part.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Instrument {
    /// Names it within its part: what a note's instrument field refers to.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The General MIDI program, from 0.
    pub program: Option<u8>,
    /// The MIDI channel, from 0 (9 is percussion).
    pub channel: Option<u8>,
    /// The MIDI key it sounds, from 0, for an unpitched instrument.
    pub unpitched: Option<u8>,
    /// MusicXML's standard sound name, such as `wind.flutes.flute`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sound: String,
}

/// How a syllable stands in its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Syllabic {
    Single,
    Begin,
    Middle,
    End,
}

/// A piece of what is sung on one note.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LyricPiece {
    /// A syllable.
    Text(String, Syllabic),
    /// The join between two syllables sung on one note, with what is printed there.
    Elision(String),
}

/// The sign of an accidental. MusicXML 4.0, `accidental-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum AccidentalSign {
    Sharp,
    Natural,
    Flat,
    DoubleSharp,
    SharpSharp,
    FlatFlat,
    NaturalSharp,
    NaturalFlat,
    QuarterFlat,
    QuarterSharp,
    ThreeQuartersFlat,
    ThreeQuartersSharp,
    SharpDown,
    SharpUp,
    NaturalDown,
    NaturalUp,
    FlatDown,
    FlatUp,
    DoubleSharpDown,
    DoubleSharpUp,
    FlatFlatDown,
    FlatFlatUp,
    ArrowDown,
    ArrowUp,
    TripleSharp,
    TripleFlat,
    SlashQuarterSharp,
    SlashSharp,
    SlashFlat,
    DoubleSlashFlat,
    Sharp1,
    Sharp2,
    Sharp3,
    Sharp5,
    Flat1,
    Flat2,
    Flat3,
    Flat4,
    Sori,
    Koron,
    Other,
}

/// An accidental that is to be printed whatever the rules of the measure say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PrintedAccidental {
    /// The sign.
    pub sign: AccidentalSign,
    /// In parentheses.
    #[serde(default)]
    pub parentheses: bool,
    /// In brackets.
    #[serde(default)]
    pub bracket: bool,
    /// A reminder.
    #[serde(default)]
    pub cautionary: bool,
    /// An editor's addition.
    #[serde(default)]
    pub editorial: bool,
}

/// A notehead's shape. MusicXML 4.0, `notehead-value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Notehead {
    #[default]
    Normal,
    Slash,
    Triangle,
    Diamond,
    Square,
    Cross,
    X,
    CircleX,
    InvertedTriangle,
    ArrowDown,
    ArrowUp,
    Circled,
    Slashed,
    BackSlashed,
    Cluster,
    CircleDot,
    LeftTriangle,
    Rectangle,
    None,
    Do,
    Re,
    Mi,
    Fa,
    FaUp,
    So,
    La,
    Ti,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_lengthen_and_lengths_find_their_value() {
        let dotted = NoteValue::new(NoteBase::Quarter, 2);
        assert_eq!(dotted.length(), Beat::new(7, 16));
        assert_eq!(NoteValue::of_length(Beat::new(7, 16)), Some(dotted));
        assert_eq!(NoteValue::of_length(Beat::new(5, 8)), None);
        assert_eq!(NoteBase::Maxima.length(), Beat::new(8, 1));
        assert_eq!(NoteBase::N1024th.flags(), 8);
    }

    #[test]
    fn event_time_round_trips() {
        let time = EventTime {
            measure: MeasureId::from_raw(77),
            onset: Beat::new(1, 4),
            duration: Beat::new(1, 12),
            value: Some(NoteValue::new(NoteBase::Eighth, 0)),
            ratio: (3, 2),
        };
        assert_eq!(time.to_string().parse::<EventTime>().unwrap(), time);
        let rest = EventTime { value: None, ratio: (1, 1), ..time };
        assert_eq!(rest.to_string().parse::<EventTime>().unwrap(), rest);
        assert!("x 1/4 1/4 5.0".parse::<EventTime>().is_err());
    }
}
