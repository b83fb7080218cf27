//! What is in force from a place of a staff on: clefs, keys, times, transpositions, and how the staff itself is.

use serde::{Deserialize, Serialize};

use super::{AccidentalSign, Alter, Beat, NoteValue, Pitch, Step};

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
    /// Octaves that single accidentals of a usual signature are written in, where those are not the usual ones: which, from 1 at
    /// the left, and its octave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub octaves: Vec<(u8, i8)>,
    /// The same of the naturals that cancel the signature before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cancel_octaves: Vec<(u8, i8)>,
}

impl Key {
    /// The signature of this many sharps (or flats, negative).
    pub const fn fifths(fifths: i8) -> Self {
        Self { fifths, mode: KeyMode::Unknown, cancel: None, accidentals: Vec::new(), octaves: Vec::new(), cancel_octaves: Vec::new() }
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

/// How two time signatures that may stand for one another are set apart. MusicXML 4.0, `time-relation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum TimeRelation {
    #[default]
    Parentheses,
    Bracket,
    Equals,
    Slash,
    Space,
    Hyphen,
}

/// A time signature: one or more fractions, each with one or more summands above its denominator.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct TimeSignature {
    /// `(summands, denominator)` in order: 3+2/8 is `[([3, 2], 8)]`, 2/4 + 3/8 is `[([2], 4), ([3], 8)]`; empty is senza misura.
    pub groups: Vec<(Vec<u16>, u16)>,
    /// How it is drawn.
    #[serde(default)]
    pub symbol: TimeSymbol,
    /// A second signature that measures may follow instead, as in 3/4 (6/8), in the form of `groups`; empty where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interchangeable: Vec<(Vec<u16>, u16)>,
    /// How the two are set apart.
    #[serde(default, skip_serializing_if = "is_default")]
    pub relation: TimeRelation,
}

impl TimeSignature {
    /// A plain signature.
    pub fn new(beats: u16, unit: u16) -> Self {
        Self { groups: vec![(vec![beats], unit)], ..Self::default() }
    }

    /// The length of a full measure; nothing for senza misura.
    pub fn length(&self) -> Option<Beat> {
        if self.groups.is_empty() {
            return None;
        }
        let one = |(beats, unit): &(Vec<u16>, u16)| Beat::new(beats.iter().map(|b| i64::from(*b)).sum(), i64::from((*unit).max(1)));
        Some(self.groups.iter().map(one).sum())
    }

    /// The beat that is counted: three units where the measure, or its first group, is made of threes; a quarter in senza misura.
    pub fn beat(&self) -> Beat {
        let Some((beats, unit)) = self.groups.first() else { return Beat::QUARTER };
        let threes = *unit >= 8 && beats.iter().all(|beats| beats % 3 == 0) && beats.iter().map(|beats| u32::from(*beats)).sum::<u32>() > 3;
        Beat::new(if threes { 3 } else { 1 }, i64::from((*unit).max(1)))
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

/// A staff's place beside the others. MusicXML 4.0, `staff-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum StaffRole {
    #[default]
    Regular,
    Ossia,
    Editorial,
    Cue,
    Alternate,
}

/// Which instrument of its part a player takes up, and what the part is called from then on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct InstrumentChange {
    /// The key of an instrument of the part.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// The part's name from here on; as before where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The part's abbreviation from here on; as before where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub abbreviation: String,
}

/// Measures that repeat what came before them, shown by a sign. MusicXML 4.0, `measure-repeat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MeasureRepeat {
    /// How many measures one sign repeats.
    pub measures: u8,
    /// Slashes in the sign.
    pub slashes: u8,
}

/// Slashes instead of notes. MusicXML 4.0, `slash`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct SlashStyle {
    /// With stems and flags, to show the rhythm.
    #[serde(default)]
    pub rhythmic: bool,
    /// With dots, in a compound meter.
    #[serde(default)]
    pub dots: bool,
    /// The value of one slash; by the time signature where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<NoteValue>,
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
    /// The size of the staff, in percent of the score's.
    StaffSize(u16),
    /// Whether the staff is shown.
    StaffVisible(bool),
    /// What the staff is beside the others.
    StaffRole(StaffRole),
    /// What the open strings of a tablature staff sound, from the lowest line up.
    Tuning(Vec<Pitch>),
    /// The fret that a capo is on; 0 without one.
    Capo(u8),
    /// Another instrument of the part, or another name for it.
    Instrument(InstrumentChange),
    /// This many measures from here on are shown as one rest with their number, whatever the style says of rests.
    MultiRest(u16),
    /// Measures that repeat what came before, until one of nothing.
    MeasureRepeat(Option<MeasureRepeat>),
    /// Beats that repeat the one before, with this many slashes each, until one of nothing.
    BeatRepeat(Option<u8>),
    /// Slashes instead of notes, until one of nothing.
    Slash(Option<SlashStyle>),
}

impl SignKind {
    /// Whether it only ends what a sign before it began.
    pub const fn is_end(&self) -> bool {
        matches!(self, Self::MeasureRepeat(None) | Self::BeatRepeat(None) | Self::Slash(None))
    }
}

/// Whether a value is its type's default, and need not be stored.
pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
