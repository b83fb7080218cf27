//! Reading chord symbols as musicians write them: `Am7`, `F#m7b5`, `Bbmaj7/D`, `C7(b9)`, `N.C.`.

use crate::edit::{EditError, Obstacle};
use crate::model::{Alter, ChordDegree, ChordDegreeKind, ChordKind, ChordSymbol, Step};

/// What is written after the root, the longest first where one starts another. Spellings after Brandt and Roemer,
/// "Standardized Chord Symbol Notation" (1976), and those in common use beside them.
const QUALITIES: &[(&str, ChordKind)] = &[
    ("mmaj7", ChordKind::MajorMinor),
    ("mM7", ChordKind::MajorMinor),
    ("m(maj7)", ChordKind::MajorMinor),
    ("m7b5", ChordKind::HalfDiminished),
    ("ø7", ChordKind::HalfDiminished),
    ("ø", ChordKind::HalfDiminished),
    ("maj13", ChordKind::Major13th),
    ("maj11", ChordKind::Major11th),
    ("maj9", ChordKind::MajorNinth),
    ("maj7", ChordKind::MajorSeventh),
    ("M7", ChordKind::MajorSeventh),
    ("Δ7", ChordKind::MajorSeventh),
    ("Δ", ChordKind::MajorSeventh),
    ("maj", ChordKind::Major),
    ("min13", ChordKind::Minor13th),
    ("min11", ChordKind::Minor11th),
    ("min9", ChordKind::MinorNinth),
    ("min7", ChordKind::MinorSeventh),
    ("min6", ChordKind::MinorSixth),
    ("min", ChordKind::Minor),
    ("m13", ChordKind::Minor13th),
    ("m11", ChordKind::Minor11th),
    ("m9", ChordKind::MinorNinth),
    ("m7", ChordKind::MinorSeventh),
    ("m6", ChordKind::MinorSixth),
    ("-7", ChordKind::MinorSeventh),
    ("m", ChordKind::Minor),
    ("-", ChordKind::Minor),
    ("dim7", ChordKind::DiminishedSeventh),
    ("o7", ChordKind::DiminishedSeventh),
    ("°7", ChordKind::DiminishedSeventh),
    ("dim", ChordKind::Diminished),
    ("°", ChordKind::Diminished),
    ("aug7", ChordKind::AugmentedSeventh),
    ("+7", ChordKind::AugmentedSeventh),
    ("aug", ChordKind::Augmented),
    ("+", ChordKind::Augmented),
    ("sus2", ChordKind::SuspendedSecond),
    ("sus4", ChordKind::SuspendedFourth),
    ("sus", ChordKind::SuspendedFourth),
    ("13", ChordKind::Dominant13th),
    ("11", ChordKind::Dominant11th),
    ("9", ChordKind::DominantNinth),
    ("7", ChordKind::Dominant),
    ("6", ChordKind::MajorSixth),
    ("5", ChordKind::Power),
];

/// Reads a chord symbol.
pub fn parse_chord_symbol(text: &str) -> Result<ChordSymbol, EditError> {
    const WRONG: EditError = EditError::NotApplicable(Obstacle::NotAChordSymbol);
    let text = text.trim();
    let plain = ChordSymbol::of(ChordKind::None);
    if ["N.C.", "NC", "n.c."].contains(&text) {
        return Ok(ChordSymbol { text: Some("N.C.".to_owned()), ..plain });
    }
    let (root, rest) = named(text).ok_or(WRONG)?;
    let (quality, bass) = match rest.rsplit_once('/') {
        Some((quality, bass)) if bass.chars().next().is_some_and(|c| Step::from_letter(c).is_some()) => {
            let (bass, left) = named(bass).ok_or(WRONG)?;
            if !left.is_empty() {
                return Err(WRONG);
            }
            (quality, Some(bass))
        }
        _ => (rest, None),
    };
    let known = QUALITIES.iter().find(|(name, _)| quality.starts_with(name));
    let (kind, left) = known.map_or((ChordKind::Major, quality), |(name, kind)| (*kind, &quality[name.len()..]));
    let degrees = degrees(left).ok_or(WRONG)?;
    Ok(ChordSymbol { root: Some(root), kind, text: Some(quality.to_owned()), bass, degrees, ..plain })
}

/// A letter with its accidentals, and what follows.
fn named(text: &str) -> Option<((Step, Alter), &str)> {
    let letter = text.chars().next().filter(char::is_ascii_uppercase)?;
    let step = Step::from_letter(letter)?;
    let rest = &text[1..];
    let accidentals = rest.chars().take_while(|c| matches!(c, '#' | 'b' | '♯' | '♭')).take(2);
    let (mut alter, mut bytes) = (0, 0);
    for c in accidentals {
        alter += if matches!(c, '#' | '♯') { 1 } else { -1 };
        bytes += c.len_utf8();
    }
    Some(((step, Alter::semitones(alter)), &rest[bytes..]))
}

/// Changed degrees: `b9`, `#11`, `add9`, `no3`, in parentheses or not, one after another.
fn degrees(text: &str) -> Option<Vec<ChordDegree>> {
    let mut left = text.trim_matches(['(', ')']).trim();
    let mut degrees = Vec::new();
    while !left.is_empty() {
        let (kind, alter, rest) = [
            ("add", ChordDegreeKind::Add, 0),
            ("no", ChordDegreeKind::Subtract, 0),
            ("omit", ChordDegreeKind::Subtract, 0),
            ("b", ChordDegreeKind::Alter, -1),
            ("♭", ChordDegreeKind::Alter, -1),
            ("#", ChordDegreeKind::Alter, 1),
            ("♯", ChordDegreeKind::Alter, 1),
            ("sus", ChordDegreeKind::Add, 0),
            ("/", ChordDegreeKind::Add, 0),
        ]
        .into_iter()
        .find_map(|(word, kind, alter)| left.strip_prefix(word).map(|rest| (kind, alter, rest)))?;
        let digits = rest.chars().take_while(char::is_ascii_digit).count();
        let value: u8 = rest[..digits].parse().ok().filter(|value| (1..=13).contains(value))?;
        degrees.push(ChordDegree { kind, value, alter: Alter::semitones(alter) });
        left = rest[digits..].trim_start_matches([',', ' ', '(', ')']);
        if degrees.len() > 8 {
            return None;
        }
    }
    Some(degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_musicians_write_is_read() {
        let read = |text: &str| {
            let chord = parse_chord_symbol(text).unwrap();
            let name = |of: (Step, Alter)| format!("{}{}", of.0.letter(), of.1);
            (chord.root.map(name), chord.kind, chord.bass.map(name), chord.degrees.len())
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(read("C"), (some("C"), ChordKind::Major, None, 0));
        assert_eq!(read("F#m7b5"), (some("F#"), ChordKind::HalfDiminished, None, 0));
        assert_eq!(read("Bbmaj7/D"), (some("Bb"), ChordKind::MajorSeventh, some("D"), 0));
        assert_eq!(read("E7(b9,#11)"), (some("E"), ChordKind::Dominant, None, 2));
        assert_eq!(read("Gsus4"), (some("G"), ChordKind::SuspendedFourth, None, 0));
        assert_eq!(read("Am"), (some("A"), ChordKind::Minor, None, 0));
        assert_eq!(read("N.C."), (None, ChordKind::None, None, 0));
        assert_eq!(read("C6/9"), (some("C"), ChordKind::MajorSixth, None, 1));
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "H", "am", "C♮", "Cfoo", "C/", "C7(b99)", "Cadd"] {
            assert!(parse_chord_symbol(text).is_err(), "{text}");
        }
    }
}
