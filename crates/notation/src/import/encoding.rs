//! Bytes to text. XML 1.0, appendix F: a byte order mark wins, then the encoding declaration, then UTF-8.

use std::borrow::Cow;

use super::{ImportError, TextPlace};

/// The text of a document, without a byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ if bytes.trim_ascii_start().first() != Some(&b'<') => Err(ImportError::NotXml),
        _ => match declared(bytes) {
            None => utf8(bytes),
            Some(name) => match name.to_ascii_lowercase().as_str() {
                // A document that declares UTF-16 in single bytes has been converted by something that left the declaration.
                "utf-8" | "utf8" | "us-ascii" | "ascii" | "utf-16" => utf8(bytes),
                "iso-8859-1" | "latin1" | "iso8859-1" | "l1" => Ok(bytes.iter().map(|b| char::from(*b)).collect()),
                "windows-1252" | "cp1252" => Ok(bytes.iter().map(|b| windows_1252(*b)).collect()),
                _ => Err(ImportError::Encoding { encoding: format!("in an encoding this program reads, but “{name}”"), place: None }),
            },
        },
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, ImportError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let (valid, _) = bytes.split_at(error.valid_up_to().min(bytes.len()));
        let text = String::from_utf8_lossy(valid);
        ImportError::Encoding { encoding: "UTF-8".into(), place: Some(TextPlace::of(&text, text.len())) }
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, ImportError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(bytes.len() / 2);
    let error = |text: &str| ImportError::Encoding { encoding: "UTF-16".into(), place: Some(TextPlace::of(text, text.len())) };
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        text.push(decoded.map_err(|_| error(&text))?);
    }
    if rest.is_empty() { Ok(Cow::Owned(text)) } else { Err(error(&text)) }
}

/// The name in the encoding declaration, if there is one.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(200))?;
    if !head.starts_with(b"<?xml") {
        return None;
    }
    let declaration = head.split(|b| *b == b'>').next()?;
    let declaration: String = declaration.iter().map(|b| char::from(*b)).collect();
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}

/// <https://encoding.spec.whatwg.org/index-windows-1252.txt>; bytes without a character stand for their control code.
pub(super) fn windows_1252(byte: u8) -> char {
    const HIGH: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90,
        0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178,
    ];
    let high = byte.checked_sub(0x80).and_then(|at| HIGH.get(usize::from(at)));
    high.and_then(|code| char::from_u32(u32::from(*code))).unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_in_every_encoding() {
        let text = "<?xml version='1.0'?><a>é</a>";
        let wide: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide.iter().flat_map(|u| u.to_le_bytes())).collect();
        let big: Vec<u8> = [0xfe, 0xff].into_iter().chain(wide.iter().flat_map(|u| u.to_be_bytes())).collect();
        let bare: Vec<u8> = wide.iter().flat_map(|u| u.to_le_bytes()).collect();
        let marked: Vec<u8> = [0xef, 0xbb, 0xbf].into_iter().chain(text.bytes()).collect();
        for bytes in [little, big, bare, marked, text.as_bytes().to_vec()] {
            assert_eq!(decode(&bytes).unwrap(), text);
        }
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
        assert!(decode(latin).unwrap().ends_with("<a>é</a>"));
        let windows = b"<?xml version=\"1.0\" encoding = \"windows-1252\"?><a>\x80</a>";
        assert!(decode(windows).unwrap().ends_with("<a>€</a>"));
    }

    #[test]
    fn bytes_that_are_not_in_their_encoding_have_a_place() {
        let error = decode(b"<a>\n\xc3\xa9\xff</a>").unwrap_err();
        assert_eq!(error.place(), Some(TextPlace { line: 2, column: 2 }));
        assert!(decode(b"\xff\xfe<\0a").is_err());
        assert!(matches!(decode(b"<?xml version='1.0' encoding='EBCDIC'?>"), Err(ImportError::Encoding { .. })));
    }
}
