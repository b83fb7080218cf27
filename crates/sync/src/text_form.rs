//! Things that people hand on as one word of text: tickets and relay passes.
//!
//! The word is a prefix, then in base 32 the version, the content, and a checksum. As a link it is `bandpro://PLACE/WORD`.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::id::{from_text, to_text};

const CHECKSUM: usize = 4;
/// Longer than any with a few addresses; keeps a pasted book from being decoded.
const MAX_TEXT: usize = 4096;
const LINK: &str = "bandpro://";

/// One kind of such words.
pub(crate) struct TextForm {
    pub prefix: &'static str,
    /// The first part of its link.
    pub place: &'static str,
    pub version: u8,
}

/// The text is not of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotThat {
    /// It is something else, or some of it is missing.
    Broken,
    /// A newer version wrote it.
    Newer,
}

impl TextForm {
    /// The word; nothing for what postcard cannot write.
    pub fn write(&self, content: &impl Serialize) -> Option<String> {
        let mut bytes = vec![self.version];
        bytes.extend(postcard::to_stdvec(content).ok()?);
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(&checksum.as_bytes()[..CHECKSUM]);
        Some(format!("{}{}", self.prefix, to_text(&bytes)))
    }

    /// The link of a word.
    pub fn link(&self, word: &str) -> String {
        format!("{LINK}{}/{word}", self.place)
    }

    /// Reads a word or its link, in either case. Mail programs break long words, so blanks inside are passed over.
    pub fn read<T: DeserializeOwned>(&self, text: &str) -> Result<T, NotThat> {
        let text: String = text.chars().take(2 * MAX_TEXT).filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let word = text.strip_prefix(LINK).map_or(Some(text.as_str()), |rest| rest.strip_prefix(self.place)?.strip_prefix('/'));
        let encoded = word.map(|word| word.trim_end_matches('/')).and_then(|word| word.strip_prefix(self.prefix));
        let encoded = encoded.filter(|rest| rest.len() <= MAX_TEXT).ok_or(NotThat::Broken)?;
        let bytes = from_text(encoded).ok_or(NotThat::Broken)?;
        let (content, checksum) = bytes.split_at_checked(bytes.len().saturating_sub(CHECKSUM)).ok_or(NotThat::Broken)?;
        if blake3::hash(content).as_bytes()[..CHECKSUM] != *checksum {
            return Err(NotThat::Broken);
        }
        match content.split_first() {
            Some((version, content)) if *version == self.version => postcard::from_bytes(content).map_err(|_| NotThat::Broken),
            Some(_) => Err(NotThat::Newer),
            None => Err(NotThat::Broken),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: TextForm = TextForm { prefix: "bandpro-test-", place: "test", version: 3 };

    #[test]
    fn a_word_and_its_link_are_the_same() {
        let word = FORM.write(&(7_u32, "seven")).unwrap();
        let link = FORM.link(&word);
        assert_eq!(link, format!("bandpro://test/{word}"));
        for text in [word.clone(), link.clone(), link.to_uppercase(), format!("{link}/"), format!(" {}\n{}", &word[..20], &word[20..])] {
            assert_eq!(FORM.read::<(u32, String)>(&text), Ok((7, "seven".to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let word = FORM.write(&7_u32).unwrap();
        for broken in ["", "bandpro-test-", &word[..word.len() - 1], &format!("bandpro://other/{word}"), &"bandpro-test-a".repeat(9999)] {
            assert_eq!(FORM.read::<u32>(broken), Err(NotThat::Broken), "{broken}");
        }
        let newer = TextForm { version: 4, ..FORM }.write(&7_u32).unwrap();
        assert_eq!(FORM.read::<u32>(&newer), Err(NotThat::Newer));
    }
}
