//! Reading what stands behind a command's id.

use bandpro_notation::edit;
use bandpro_notation::edit::Selection;
use bandpro_notation::model::{Alter, Clef, ClefSign, NoteBase, NoteValue, Pitch, Score, Step};

use crate::AppError;

/// Names of note values, as they are written to the window and read from scripts.
pub const VALUES: &[(&str, &str, NoteBase)] = &[
    ("breve", "breve", NoteBase::Breve),
    ("whole", "1", NoteBase::Whole),
    ("half", "2", NoteBase::Half),
    ("quarter", "4", NoteBase::Quarter),
    ("eighth", "8", NoteBase::Eighth),
    ("16th", "16", NoteBase::N16th),
    ("32nd", "32", NoteBase::N32nd),
    ("64th", "64", NoteBase::N64th),
    ("128th", "128", NoteBase::N128th),
    ("256th", "256", NoteBase::N256th),
];

/// What a value is called.
pub fn value_name(base: NoteBase) -> &'static str {
    let named = VALUES.iter().find(|(_, _, value)| *value == base).map(|(name, ..)| *name);
    named.unwrap_or(match base {
        NoteBase::Maxima => "maxima",
        NoteBase::Long => "long",
        NoteBase::N512th => "512th",
        _ => "1024th",
    })
}

/// A value such as `quarter`, `4`, `half.` (dotted) or `8..`.
pub fn value(text: &str) -> Option<NoteValue> {
    let name = text.trim_end_matches('.');
    let dots = u8::try_from(text.len() - name.len()).ok().filter(|dots| *dots <= 3)?;
    let (_, _, base) = VALUES.iter().find(|(word, number, _)| name == *word || name == *number)?;
    Some(NoteValue::new(*base, dots))
}

/// A pitch such as `F#4`, or without its octave (`F#`, `F`) the nearest one to what is selected; a letter alone is as the key
/// has it.
pub fn pitch(score: &Score, selection: Selection, text: &str) -> Option<Pitch> {
    if let Ok(pitch) = text.parse() {
        return Some(pitch);
    }
    let mut chars = text.chars();
    let step = Step::from_letter(chars.next()?)?;
    let mut alter = None;
    for c in chars {
        let by = match c {
            '#' | '♯' => 1,
            'b' | '♭' => -1,
            'n' | '♮' => 0,
            _ => return None,
        };
        alter = Some(alter.unwrap_or(0) + by).filter(|alter: &i32| alter.abs() <= 2);
        alter?;
    }
    let near = edit::reference_pitch(score, selection);
    edit::nearest(step, alter.map(Alter::semitones), near, &edit::selected_key(score, selection))
}

/// Whole numbers separated by blanks.
pub fn numbers<const N: usize>(text: &str) -> Option<[usize; N]> {
    let numbers: Vec<usize> = text.split_whitespace().map(|word| word.parse().ok().filter(|n| *n > 0)).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// A clef's name.
pub fn clef(text: &str) -> Option<Clef> {
    Some(match text {
        "treble" => Clef::TREBLE,
        "bass" => Clef::BASS,
        "alto" => Clef::ALTO,
        "tenor" => Clef { sign: ClefSign::C, line: 4, octave: 0 },
        "treble-8" => Clef { octave: -1, ..Clef::TREBLE },
        "bass-8" => Clef { octave: -1, ..Clef::BASS },
        "percussion" => Clef::PERCUSSION,
        _ => return None,
    })
}

/// A key: a number of sharps (or flats, negative), or a major key's name such as `Bb`, or a minor one's such as `f#m`.
pub fn fifths(text: &str) -> Option<i8> {
    if let Ok(fifths) = text.parse::<i8>() {
        return Some(fifths).filter(|fifths| (-7..=7).contains(fifths));
    }
    let (name, minor) = text.strip_suffix('m').map_or((text, false), |name| (name, true));
    let mut chars = name.chars();
    let step = Step::from_letter(chars.next()?)?;
    let accidental = match chars.as_str() {
        "" => 0,
        "#" | "♯" => 7,
        "b" | "♭" => -7,
        _ => return None,
    };
    let natural = [0, 2, 4, -1, 1, 3, 5][usize::try_from(step.index()).ok()?];
    let fifths = natural + accidental - if minor { 3 } else { 0 };
    Some(fifths).filter(|fifths| (-7..=7).contains(fifths))
}

/// A lyric's argument: `la`, or `2:la` for the second verse.
pub fn verse(text: &str) -> (u8, &str) {
    let split = text.split_once(':').and_then(|(verse, text)| Some((verse.parse().ok().filter(|v| (1..=99).contains(v))?, text.trim())));
    split.unwrap_or((1, text))
}

/// The argument, or the error that says what is needed.
pub fn need<T>(command: &'static str, form: &'static str, value: Option<T>) -> Result<T, AppError> {
    value.ok_or(AppError::BadArgument { command, form })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_named_as_musicians_do() {
        for (name, count) in [("C", 0), ("Bb", -2), ("F#", 6), ("Am", 0), ("f#m", 3), ("Ebm", -6), ("-3", -3), ("7", 7)] {
            assert_eq!(fifths(name), Some(count), "{name}");
        }
        for name in ["", "H", "8", "G#", "Cx"] {
            assert_eq!(fifths(name), None, "{name}");
        }
    }

    #[test]
    fn values_have_words_numbers_and_dots() {
        assert_eq!(value("quarter"), Some(NoteValue::new(NoteBase::Quarter, 0)));
        assert_eq!(value("4."), Some(NoteValue::new(NoteBase::Quarter, 1)));
        assert_eq!(value("half.."), Some(NoteValue::new(NoteBase::Half, 2)));
        assert_eq!(value("3"), None);
        assert_eq!(value("4...."), None);
    }

    #[test]
    fn a_verse_is_a_number_before_a_colon() {
        assert_eq!(verse("2:la"), (2, "la"));
        assert_eq!(verse("la"), (1, "la"));
        assert_eq!(verse("O: la"), (1, "O: la"));
    }
}
