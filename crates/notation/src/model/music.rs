//! The vocabulary of notation that records are made of: note values, clefs, keys, times, barlines, instruments.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Alter, Beat, MeasureId, StaffPosition, Step};

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

/// How an event without notes is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct RestDisplay {
    /// A rest for the measure, centred, a whole rest whatever the measure's length.
    pub measure: bool,
    /// Where it stands, as read in treble clef; by rule where absent.
    pub position: Option<StaffPosition>,
}

/// A clef's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum ClefSign {
    G,
    F,
    C,
    Percussion,
    Tab,
    Jianpu,
    None,
}

/// A clef.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clef {
    /// Its shape.
    pub sign: ClefSign,
    /// The line it names, from 1 at the bottom.
    pub line: i8,
    /// Octaves up (or down, negative) that it shifts what is read.
    pub octave: i8,
}

impl Clef {
    /// Treble clef.
    pub const TREBLE: Self = Self { sign: ClefSign::G, line: 2, octave: 0 };
    /// Bass clef.
    pub const BASS: Self = Self { sign: ClefSign::F, line: 4, octave: 0 };
    /// Alto clef.
    pub const ALTO: Self = Self { sign: ClefSign::C, line: 3, octave: 0 };
    /// Percussion clef.
    pub const PERCUSSION: Self = Self { sign: ClefSign::Percussion, line: 3, octave: 0 };

    /// Diatonic steps above C0 of a note on the bottom line.
    pub const fn bottom_line(self) -> i32 {
        let named = match self.sign {
            ClefSign::F => 3 * 7 + Step::F.index(),
            ClefSign::C => 4 * 7 + Step::C.index(),
            ClefSign::G | ClefSign::Percussion | ClefSign::Tab | ClefSign::Jianpu | ClefSign::None => 4 * 7 + Step::G.index(),
        };
        // Unpitched and tablature clefs are read as treble, which names its second line.
        let line = match self.sign {
            ClefSign::G | ClefSign::F | ClefSign::C => self.line as i32,
            _ => 2,
        };
        named - 2 * (line - 1) + 7 * self.octave as i32
    }
}

/// A mode that names a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum KeyMode {
    /// Not said.
    #[default]
    Unknown,
    Major,
    Minor,
    Dorian,
    Phrygian,
    Lydian,
    Mixolydian,
    Aeolian,
    Ionian,
    Locrian,
}

/// One accidental of a key signature that follows no circle of fifths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct KeyAccidental {
    /// The step it alters.
    pub step: Step,
    /// By how much.
    pub alter: Alter,
    /// The sign, where it is not the usual one for the alteration.
    pub sign: Option<AccidentalSign>,
    /// The octave it is written in, where it is not the usual one.
    pub octave: Option<i8>,
}

/// A key signature.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Key {
    /// Sharps, or flats when negative; unused when `accidentals` are given.
    pub fifths: i8,
    /// Which key of that signature.
    pub mode: KeyMode,
    /// Fifths of the signature that is cancelled with naturals before this one, where that is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<i8>,
    /// A signature that follows no circle of fifths, in the order it is written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accidentals: Vec<KeyAccidental>,
}

impl Key {
    /// The signature of this many sharps (or flats, negative).
    pub const fn fifths(fifths: i8) -> Self {
        Self { fifths, mode: KeyMode::Unknown, cancel: None, accidentals: Vec::new() }
    }

    /// What the signature does to a step.
    pub fn alter(&self, step: Step) -> Alter {
        if !self.accidentals.is_empty() {
            return self.accidentals.iter().find(|a| a.step == step).map_or(Alter::NATURAL, |a| a.alter);
        }
        // The circle of fifths adds sharps from F and flats from B; beyond seven each step is altered once more.
        let place = [1, 3, 5, 0, 2, 4, 6][step as usize];
        let fifths = i32::from(self.fifths);
        let count = if fifths >= 0 { (fifths - place + 6).div_euclid(7) } else { -(-fifths - (6 - place) + 6).div_euclid(7) };
        Alter::semitones(count)
    }
}

/// How a time signature is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum TimeSymbol {
    /// Numbers over one another.
    #[default]
    Normal,
    Common,
    Cut,
    SingleNumber,
    Note,
    DottedNote,
}

/// A time signature: one or more fractions, each with one or more summands above its denominator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TimeSignature {
    /// `(summands, denominator)` in order: 3+2/8 is `[([3, 2], 8)]`, 2/4 + 3/8 is `[([2], 4), ([3], 8)]`; empty is senza misura.
    pub groups: Vec<(Vec<u16>, u16)>,
    /// How it is drawn.
    #[serde(default)]
    pub symbol: TimeSymbol,
}

impl TimeSignature {
    /// A plain signature.
    pub fn new(beats: u16, unit: u16) -> Self {
        Self { groups: vec![(vec![beats], unit)], symbol: TimeSymbol::Normal }
    }

    /// The length of a full measure; nothing for senza misura.
    pub fn length(&self) -> Option<Beat> {
        if self.groups.is_empty() {
            return None;
        }
        let one = |(beats, unit): &(Vec<u16>, u16)| Beat::new(beats.iter().map(|b| i64::from(*b)).sum(), i64::from((*unit).max(1)));
        Some(self.groups.iter().map(one).sum())
    }
}

/// A part's transposition: what is added to the written pitch to get the sounding one. MusicXML 4.0, `transpose`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Transposition {
    /// Diatonic steps.
    pub diatonic: i16,
    /// Semitones, octaves excluded.
    pub chromatic: i16,
    /// Whole octaves.
    pub octaves: i8,
    /// Doubled an octave: -1 below, 1 above, 0 not.
    #[serde(default)]
    pub double: i8,
}

impl Transposition {
    /// All semitones from written to sounding.
    pub const fn semitones(self) -> i32 {
        self.chromatic as i32 + 12 * self.octaves as i32
    }
}

/// What a [`super::Sign`] establishes from its place on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignKind {
    /// A clef.
    Clef(Clef),
    /// A key signature.
    Key(Key),
    /// A time signature of this part or staff that differs from the measure's own.
    Time(TimeSignature),
    /// A transposition, as when a player changes instrument.
    Transpose(Transposition),
    /// The number of lines of the staff.
    StaffLines(u8),
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
    fn keys_alter_their_steps() {
        let altered = |fifths| Step::ALL.map(|step| Key::fifths(fifths).alter(step).whole().unwrap());
        assert_eq!(altered(0), [0; 7]);
        assert_eq!(altered(2), [1, 0, 0, 1, 0, 0, 0]);
        assert_eq!(altered(-3), [0, 0, -1, 0, 0, -1, -1]);
        assert_eq!(altered(7), [1; 7]);
        assert_eq!(altered(8), [1, 1, 1, 2, 1, 1, 1]);
        assert_eq!(altered(-8), [-1, -1, -1, -1, -1, -1, -2]);
    }

    #[test]
    fn clefs_name_their_bottom_line() {
        assert_eq!(Clef::TREBLE.bottom_line(), 4 * 7 + 2);
        assert_eq!(Clef::BASS.bottom_line(), 2 * 7 + 4);
        assert_eq!(Clef::ALTO.bottom_line(), 3 * 7 + 3);
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
