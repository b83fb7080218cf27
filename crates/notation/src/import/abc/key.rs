//! Key signatures. ABC 2.1, section 3.1.14.

use crate::model::*;

/// A key field: the signature, if it gives one, and the parameters that follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyField<'a> {
    pub(super) key: Option<Key>,
    /// Whether what stands for the key can be read.
    pub(super) valid: bool,
    /// Clef, transposition and the like.
    pub(super) rest: &'a str,
}

/// Modes by the first three letters of their names, with how many fifths their signature is from the major key's.
const MODES: &[(&str, KeyMode, i8)] = &[
    ("maj", KeyMode::Major, 0),
    ("min", KeyMode::Minor, -3),
    ("mix", KeyMode::Mixolydian, -1),
    ("dor", KeyMode::Dorian, -2),
    ("phr", KeyMode::Phrygian, -4),
    ("lyd", KeyMode::Lydian, 1),
    ("loc", KeyMode::Locrian, -5),
    ("ion", KeyMode::Ionian, 0),
    ("aeo", KeyMode::Aeolian, -3),
];

/// Reads a key field.
pub(super) fn read(text: &str) -> KeyField<'_> {
    let text = text.trim();
    let field = |key, valid, rest| KeyField { key, valid, rest };
    if text.is_empty() {
        return field(Some(Key { mode: KeyMode::Major, ..Key::default() }), true, "");
    }
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match word {
        "none" => return with_accidentals(Key::default(), rest),
        "HP" => return field(Some(Key::default()), true, rest),
        "Hp" => return field(Some(Key { mode: KeyMode::Mixolydian, ..Key::fifths(2) }), true, rest),
        "exp" => return with_accidentals(Key::default(), rest),
        _ => {}
    }
    if word.contains('=') && !word.starts_with('=') || is_clef(word) {
        return field(None, true, text);
    }
    let Some((fifths, after)) = tonic(text) else { return field(None, false, text) };
    let Some((mode, shift, after)) = mode(after) else { return field(None, false, after) };
    let key = Key { mode, ..Key::fifths(fifths + shift) };
    let after = after.trim_start();
    match after.strip_prefix("exp").filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        Some(rest) => with_accidentals(Key::default(), rest),
        None => with_accidentals(key, after),
    }
}

fn is_clef(word: &str) -> bool {
    word.len() > 2 && super::clef::named(word).is_some()
}

/// The fifths of the major signature of a key, and what follows its letter and accidental.
fn tonic(text: &str) -> Option<(i8, &str)> {
    let letter = text.chars().next().filter(|c| ('A'..='G').contains(c))?;
    let step = Step::from_letter(letter)?;
    let fifths = [0, 2, 4, -1, 1, 3, 5][step as usize];
    let rest = &text[1..];
    Some(match rest.strip_prefix(['#', '♯']) {
        Some(rest) => (fifths + 7, rest),
        None => match rest.strip_prefix(['b', '♭']) {
            Some(rest) => (fifths - 7, rest),
            None => (fifths, rest),
        },
    })
}

/// The mode after a tonic. Only its first three letters matter; `m` alone is minor.
fn mode(text: &str) -> Option<(KeyMode, i8, &str)> {
    let word = text.trim_start();
    let end = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
    let (name, rest) = word.split_at(end);
    let name = name.to_ascii_lowercase();
    if name.is_empty() || name == "exp" || rest.starts_with('=') || is_clef(&name) {
        return Some((KeyMode::Major, 0, text));
    }
    if name == "m" {
        return Some((KeyMode::Minor, -3, rest));
    }
    let found = MODES.iter().find(|(mode, _, _)| name.starts_with(mode));
    found.map(|(_, mode, shift)| (*mode, *shift, rest))
}

/// Accidentals that a key adds to its signature: `^f`, `_b`, `=c`.
fn with_accidentals(base: Key, text: &str) -> KeyField<'_> {
    let mut alters: [Alter; 7] = Step::ALL.map(|step| base.alter(step));
    let mut order: Vec<Step> = Vec::new();
    let mut rest = text.trim_start();
    while let Some((alter, after)) = super::notes::accidental(rest) {
        let Some(step) = after.chars().next().and_then(Step::from_letter) else { break };
        alters[step as usize] = alter;
        order.retain(|other| *other != step);
        order.push(step);
        rest = after.get(1..).unwrap_or_default().trim_start();
    }
    if order.is_empty() {
        return KeyField { key: Some(base), valid: true, rest };
    }
    let regular = (-7..=7).find(|fifths| Step::ALL.map(|step| Key::fifths(*fifths).alter(step)) == alters);
    let key = match regular {
        Some(fifths) => Key { mode: base.mode, ..Key::fifths(fifths) },
        None => {
            const ORDER: [Step; 7] = [Step::F, Step::C, Step::G, Step::D, Step::A, Step::E, Step::B];
            let mut steps: Vec<Step> = if base.fifths < 0 { ORDER.into_iter().rev().collect() } else { ORDER.to_vec() };
            // What the base has comes in its own order, what is added after it as it is written.
            steps.retain(|step| !order.contains(step));
            steps.extend(order);
            let altered = steps.into_iter().filter(|step| alters[*step as usize] != Alter::NATURAL);
            let one = |step: Step| KeyAccidental { step, alter: alters[step as usize], sign: None, octave: None };
            Key { fifths: 0, mode: base.mode, accidentals: altered.map(one).collect(), ..Key::default() }
        }
    };
    KeyField { key: Some(key), valid: true, rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fifths(text: &str) -> (i8, KeyMode) {
        let key = read(text).key.unwrap();
        (key.fifths, key.mode)
    }

    #[test]
    fn modes_have_their_signatures() {
        for (text, expected) in [
            ("G", (1, KeyMode::Major)),
            ("Gm", (-2, KeyMode::Minor)),
            ("A minor", (0, KeyMode::Minor)),
            ("AMin", (0, KeyMode::Minor)),
            ("F#mix", (5, KeyMode::Mixolydian)),
            ("Bb Dorian", (-4, KeyMode::Dorian)),
            ("E Phrygian", (0, KeyMode::Phrygian)),
            ("CLydian", (1, KeyMode::Lydian)),
            ("B loc", (0, KeyMode::Locrian)),
            ("none", (0, KeyMode::Unknown)),
            ("Hp", (2, KeyMode::Mixolydian)),
            ("D exp ^f ^c", (2, KeyMode::Unknown)),
            ("D exp ^c", (0, KeyMode::Unknown)),
        ] {
            assert_eq!(fifths(text), expected, "{text}");
        }
    }

    #[test]
    fn accidentals_are_added_and_parameters_left() {
        let field = read("D Phr ^f clef=bass");
        assert_eq!(field.rest, "clef=bass");
        let key = field.key.unwrap();
        let altered: Vec<(char, i32)> = key.accidentals.iter().map(|a| (a.step.letter(), a.alter.whole().unwrap())).collect();
        assert_eq!(altered, [('B', -1), ('E', -1), ('F', 1)]);
        assert_eq!(read("clef=alto").key, None);
        assert_eq!(read("bass").rest, "bass");
        assert!(!read("Q").valid && !read("Gfoo").valid);
    }
}
