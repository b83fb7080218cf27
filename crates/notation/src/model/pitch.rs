//! Spelled pitch.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A step of the diatonic scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Step {
    /// C (do).
    C,
    /// D (re).
    D,
    /// E (mi).
    E,
    /// F (fa).
    F,
    /// G (sol).
    G,
    /// A (la).
    A,
    /// B (si).
    B,
}

impl Step {
    /// The seven steps from C.
    pub const ALL: [Self; 7] = [Self::C, Self::D, Self::E, Self::F, Self::G, Self::A, Self::B];

    /// Steps above C, 0 to 6.
    pub const fn index(self) -> i32 {
        self as i32
    }

    /// The step this many steps above C, in any octave.
    pub const fn from_index(index: i32) -> Self {
        Self::ALL[index.rem_euclid(7) as usize]
    }

    /// Semitones above C of the unaltered step.
    pub const fn semitones(self) -> i32 {
        [0, 2, 4, 5, 7, 9, 11][self as usize]
    }

    /// Its letter, A to G.
    pub const fn letter(self) -> char {
        ['C', 'D', 'E', 'F', 'G', 'A', 'B'][self as usize]
    }

    /// The step of this letter, either case.
    pub fn from_letter(letter: char) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.letter() == letter.to_ascii_uppercase())
    }
}

/// A chromatic alteration in semitones, as an exact fraction (a quarter tone up is 1/2), reduced, denominator positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Alter {
    num: i32,
    den: i32,
}

impl Alter {
    /// No alteration.
    pub const NATURAL: Self = Self { num: 0, den: 1 };

    /// Whole semitones, negative for flats.
    pub const fn semitones(count: i32) -> Self {
        Self { num: count, den: 1 }
    }

    /// `num / den` semitones; nothing for a zero denominator or beyond 64 semitones or a denominator over a million.
    pub fn fraction(num: i64, den: i64) -> Option<Self> {
        let beat = super::Beat::checked_new(num, den)?;
        let (num, den) = (beat.numerator(), beat.denominator());
        (den <= 1_000_000 && num.abs() <= 64 * den).then_some(Self { num: num as i32, den: den as i32 })
    }

    /// The numerator, negative for flats.
    pub const fn numerator(self) -> i32 {
        self.num
    }

    /// The denominator, positive.
    pub const fn denominator(self) -> i32 {
        self.den
    }

    /// Whole semitones, where it is whole.
    pub const fn whole(self) -> Option<i32> {
        if self.den == 1 { Some(self.num) } else { None }
    }

    /// In semitones.
    pub fn to_f64(self) -> f64 {
        f64::from(self.num) / f64::from(self.den)
    }
}

/// A line or space named by step and octave, without alteration: where a rest or an unpitched note stands in treble clef.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StaffPosition {
    /// The step.
    pub step: Step,
    /// The octave, 4 from middle C.
    pub octave: i8,
}

impl StaffPosition {
    /// Steps above C0.
    pub const fn diatonic(self) -> i32 {
        self.octave as i32 * 7 + self.step.index()
    }
}

/// A spelled pitch: step, alteration, octave (scientific: middle C is C4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pitch {
    /// The step.
    pub step: Step,
    /// The alteration.
    pub alter: Alter,
    /// The octave, 4 from middle C.
    pub octave: i8,
}

impl Pitch {
    /// A pitch altered by whole semitones.
    pub const fn new(step: Step, semitones: i32, octave: i8) -> Self {
        Self { step, alter: Alter::semitones(semitones), octave }
    }

    /// Steps above C0: the vertical position on a staff.
    pub const fn diatonic(self) -> i32 {
        self.octave as i32 * 7 + self.step.index()
    }

    /// The MIDI key number nearest below or at the pitch; middle C is 60. Unbounded: clamp before writing to a file.
    pub fn midi_key(self) -> i32 {
        (self.octave as i32 + 1) * 12 + self.step.semitones() + self.alter.num.div_euclid(self.alter.den)
    }

    /// Semitones above C-1 as MIDI counts them, with the fraction of a microtonal alteration.
    pub fn midi_key_exact(self) -> f64 {
        f64::from((self.octave as i32 + 1) * 12 + self.step.semitones()) + self.alter.to_f64()
    }
}

impl fmt::Display for Alter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.num, self.den) {
            (n @ -3..=-1, 1) => f.write_str(&"b".repeat(n.unsigned_abs() as usize)),
            (n @ 0..=3, 1) => f.write_str(&"#".repeat(n as usize)),
            (n, 1) => write!(f, "({n})"),
            (n, d) => write!(f, "({n}/{d})"),
        }
    }
}

impl fmt::Display for Pitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.step.letter(), self.alter, self.octave)
    }
}

/// The text is not a pitch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a pitch: write a letter, accidentals (# or b) and an octave, as in F#4")]
pub struct PitchError(String);

impl FromStr for Pitch {
    type Err = PitchError;

    fn from_str(text: &str) -> Result<Self, PitchError> {
        let error = || PitchError(text.chars().take(32).collect());
        let mut chars = text.chars();
        let step = chars.next().and_then(Step::from_letter).ok_or_else(error)?;
        let rest = chars.as_str();
        let octave_at = rest.find(|c: char| c == '-' || c.is_ascii_digit()).ok_or_else(error)?;
        let (accidentals, octave) = rest.split_at(octave_at);
        let mut semitones = 0;
        for c in accidentals.chars() {
            semitones += match c {
                '#' | '♯' => 1,
                'b' | '♭' => -1,
                'x' => 2,
                _ => return Err(error()),
            };
        }
        let octave: i8 = octave.parse().map_err(|_| error())?;
        if !(-3..=3).contains(&semitones) || !(-1..=11).contains(&octave) {
            return Err(error());
        }
        Ok(Self::new(step, semitones, octave))
    }
}

/// What a notehead stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum NotePitch {
    /// A written pitch (as the player reads it; the part's transposition leads to the sounding one).
    Pitched(Pitch),
    /// A sound without pitch, with the place where it is written, if one is given.
    Unpitched(Option<StaffPosition>),
}

impl NotePitch {
    /// Steps above C0 where the notehead stands, read as in treble clef for an unpitched note; middle line without a place.
    pub const fn diatonic(self) -> i32 {
        match self {
            Self::Pitched(pitch) => pitch.diatonic(),
            Self::Unpitched(Some(position)) => position.diatonic(),
            Self::Unpitched(None) => 4 * 7 + Step::B.index(),
        }
    }

    /// The spelled pitch, if it has one.
    pub const fn pitch(self) -> Option<Pitch> {
        match self {
            Self::Pitched(pitch) => Some(pitch),
            Self::Unpitched(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_keys_agree() {
        for (name, key) in [("C4", 60), ("F#4", 66), ("Bb3", 58), ("B#3", 60), ("Cb4", 59), ("F##5", 79), ("C-1", 0)] {
            let pitch: Pitch = name.parse().unwrap();
            assert_eq!(pitch.midi_key(), key, "{name}");
            assert_eq!(pitch.to_string(), name);
        }
        assert_eq!(Pitch { step: Step::C, alter: Alter::fraction(-1, 2).unwrap(), octave: 4 }.to_string(), "C(-1/2)4");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["", "H4", "C", "C####4", "C99", "4", "Cx", "Ç4"] {
            assert!(text.parse::<Pitch>().is_err(), "{text}");
        }
    }
}
