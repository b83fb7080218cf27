//! Bytes to text, and the text strings of ABC 2.1, section 8.2: mnemonics for accents, entities, escapes.

use std::borrow::Cow;

/// The text of a file. What is not UTF-8 is Windows' Latin-1, which most older tunes are in, whatever they declare: the
/// first 256 characters are all that their encodings have in common.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().map(|byte| super::super::encoding::windows_1252(*byte)).collect(),
    };
    // Neither a reader nor another format has anything for them.
    let unwritable = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t') || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(unwritable) { Cow::Owned(text.replace(unwritable, "")) } else { text }
}

/// Accents by their mnemonic, with the letters they go on and what comes of it.
const ACCENTS: &[(char, &str, &str)] = &[
    ('`', "AEIOUNaeioun", "ÀÈÌÒÙǸàèìòùǹ"),
    ('\'', "AEIOUYCNSZaeiouycnsz", "ÁÉÍÓÚÝĆŃŚŹáéíóúýćńśź"),
    ('^', "AEIOUYaeiouyCGHJSWcghjsw", "ÂÊÎÔÛŶâêîôûŷĈĜĤĴŜŴĉĝĥĵŝŵ"),
    ('~', "ANOIUanoiu", "ÃÑÕĨŨãñõĩũ"),
    ('"', "AEIOUYaeiouy", "ÄËÏÖÜŸäëïöüÿ"),
    ('c', "CSTcst", "ÇŞŢçşţ"),
    ('=', "DHTAEIOUdhtaeiou", "ĐĦŦĀĒĪŌŪđħŧāēīōū"),
    ('/', "ODLodl", "ØĐŁøđł"),
    (';', "AEIOUaeiou", "ĄĘĮǪŲąęįǫų"),
    ('v', "CDEGNRSTZcdegnrstz", "ČĎĚǦŇŘŠŤŽčďěǧňřšťž"),
    ('u', "AEGIOUaegiou", "ĂĔĞĬŎŬăĕğĭŏŭ"),
    ('H', "OUou", "ŐŰőű"),
    ('.', "CEGIZcegz", "ĊĖĠİŻċėġż"),
];

/// Ligatures and letters that go by two letters, and rings.
const LETTERS: &[(&str, &str)] = &[
    ("AA", "Å"),
    ("aa", "å"),
    ("oA", "Å"),
    ("oa", "å"),
    ("AE", "Æ"),
    ("ae", "æ"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("ss", "ß"),
    ("DH", "Ð"),
    ("dh", "ð"),
    ("TH", "Þ"),
    ("th", "þ"),
    ("oU", "Ů"),
    ("ou", "ů"),
];

/// Entities, as HTML names them. Those of Latin-1 that go by an accent are made from [`ACCENTS`].
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("copy", '©'),
    ("nbsp", '\u{a0}'),
    ("szlig", 'ß'),
    ("aelig", 'æ'),
    ("AElig", 'Æ'),
    ("oelig", 'œ'),
    ("OElig", 'Œ'),
    ("aring", 'å'),
    ("Aring", 'Å'),
    ("eth", 'ð'),
    ("ETH", 'Ð'),
    ("thorn", 'þ'),
    ("THORN", 'Þ'),
    ("oslash", 'ø'),
    ("Oslash", 'Ø'),
    ("ccedil", 'ç'),
    ("Ccedil", 'Ç'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("euro", '€'),
    ("middot", '·'),
    ("laquo", '«'),
    ("raquo", '»'),
];

/// A text string as it is meant.
pub(super) fn plain(text: &str) -> String {
    if !text.contains(['\\', '&', '$']) {
        return text.to_owned();
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let tail = rest.get(c.len_utf8()..).unwrap_or_default();
        let read = match c {
            '\\' => escape(tail),
            '&' => entity(tail),
            // Font switches, `$1` to `$4` and back with `$0`, have nothing to switch here; `$$` is a dollar sign.
            '$' if tail.starts_with('$') => Some(('$'.to_string(), 1)),
            '$' if tail.starts_with(['0', '1', '2', '3', '4']) => Some((String::new(), 1)),
            _ => None,
        };
        match read {
            Some((made, used)) => {
                plain.push_str(&made);
                rest = tail.get(used..).unwrap_or_default();
            }
            None => {
                plain.push(c);
                rest = tail;
            }
        }
    }
    plain
}

/// What a backslash introduces, and how many bytes that takes.
fn escape(tail: &str) -> Option<(String, usize)> {
    let first = tail.chars().next()?;
    if matches!(first, '\\' | '%' | '&' | '$') {
        return Some((first.to_string(), 1));
    }
    let hex = |digits: usize| {
        let code = u32::from_str_radix(tail.get(1..=digits)?, 16).ok()?;
        Some((char::from_u32(code)?.to_string(), digits + 1))
    };
    let octal = || {
        let code = u32::from_str_radix(tail.get(..3)?, 8).ok()?;
        Some((char::from_u32(code)?.to_string(), 3))
    };
    let accent = || {
        let letter = tail.get(1..)?.chars().next()?;
        let (_, plain, accented) = ACCENTS.iter().find(|(mnemonic, plain, _)| *mnemonic == first && plain.contains(letter))?;
        let at = plain.chars().position(|c| c == letter)?;
        Some((accented.chars().nth(at)?.to_string(), 2))
    };
    let letters = || LETTERS.iter().find(|(name, _)| tail.starts_with(name)).map(|(name, made)| ((*made).to_owned(), name.len()));
    match first {
        'u' => hex(4).or_else(accent),
        'U' => hex(8),
        '0'..='7' => octal(),
        _ => accent(),
    }
    .or_else(letters)
}

/// What an ampersand introduces, and how many bytes that takes.
fn entity(tail: &str) -> Option<(String, usize)> {
    let end = tail.find(';').filter(|end| *end <= 10)?;
    let name = tail.get(..end)?;
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let listed = || ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let made = || {
        let letter = name.chars().next()?;
        let mnemonic = match name.get(letter.len_utf8()..)? {
            "grave" => '`',
            "acute" => '\'',
            "circ" => '^',
            "tilde" => '~',
            "uml" => '"',
            "cedil" => 'c',
            "caron" => 'v',
            "breve" => 'u',
            _ => return None,
        };
        let (_, plain, accented) = ACCENTS.iter().find(|(known, plain, _)| *known == mnemonic && plain.contains(letter))?;
        accented.chars().nth(plain.chars().position(|c| c == letter)?)
    };
    let c = number.and_then(char::from_u32).filter(|c| !c.is_control()).or_else(listed).or_else(made)?;
    Some((c.to_string(), end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_have_three_spellings() {
        assert_eq!(plain(r#"caf\'e, &eacute;t&eacute;, \u00e9, na\"ive, \cc, \aa, \ss, \vS"#), "café, été, é, naïve, ç, å, ß, Š");
        assert_eq!(plain(r"\% \\ \& $1R&B &amp; 100 $$ &#9834; &nothing; \q"), "% \\ & R&B & 100 $ ♪ &nothing; \\q");
    }

    #[test]
    fn old_files_are_latin_1() {
        assert_eq!(decode(b"\xef\xbb\xbfT:caf\xc3\xa9"), "T:café");
        assert_eq!(decode(b"T:caf\xe9"), "T:café");
    }

    #[test]
    fn each_accent_has_as_many_letters_as_it_makes() {
        for (mnemonic, plain, accented) in ACCENTS {
            assert_eq!(plain.chars().count(), accented.chars().count(), "{mnemonic}");
        }
    }
}
