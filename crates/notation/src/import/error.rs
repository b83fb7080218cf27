//! What can be wrong with a file, where, and what to do about it.

use std::fmt;

use serde::Serialize;

/// A line and a column of a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct TextPlace {
    /// The line.
    pub line: u32,
    /// The character in the line.
    pub column: u32,
}

impl TextPlace {
    /// The place of a byte of a text, or of its end where the byte is beyond it.
    pub(crate) fn of(text: &str, byte: usize) -> Self {
        let byte = byte.min(text.len());
        let before = text.as_bytes().get(..byte).unwrap_or_default();
        let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        // A character is counted by its first byte, so that a place inside one still has a column.
        let column = before.get(line_start..).unwrap_or_default().iter().filter(|b| (**b & 0xc0) != 0x80).count() + 1;
        Self { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// A bound of [`super::Limits`] that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub enum Bound {
    Bytes,
    ExpandedBytes,
    Depth,
    Elements,
    Parts,
    Measures,
    Notes,
    Marks,
    Tunes,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "bytes",
            Self::ExpandedBytes => "bytes once decompressed",
            Self::Depth => "levels of nested elements",
            Self::Elements => "elements in one measure",
            Self::Parts => "parts",
            Self::Measures => "measures",
            Self::Notes => "notes",
            Self::Marks => "marks, lines, signs and syllables",
            Self::Tunes => "tunes",
        })
    }
}

/// Why a file could not be imported. Nothing of it has been taken over then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// A bound of [`super::Limits`] was reached.
    #[error("the file has more than {max} {bound}{}", at(place.as_ref()))]
    TooLarge {
        /// Which bound.
        bound: Bound,
        /// How much is allowed.
        max: u64,
        /// Where it was reached, in a text.
        place: Option<TextPlace>,
    },
    /// An entry of an archive decompresses to more than is allowed, whatever size it declares.
    #[error("“{entry}” in the archive decompresses to more than {max} bytes")]
    ZipBomb {
        /// The entry's name.
        entry: String,
        /// How much is allowed.
        max: u64,
    },
    /// It starts like a zip archive but cannot be read as one, or an entry cannot.
    #[error("the archive cannot be read at “{entry}”: {reason}")]
    Archive {
        /// The entry's name; the archive's directory where empty.
        entry: String,
        /// What the archive's reader said.
        reason: String,
    },
    /// An archive without a score in it.
    #[error("the archive holds no score: “{entry}” is missing")]
    NoScoreInArchive {
        /// The entry that was looked for.
        entry: String,
    },
    /// The text's encoding is unknown, or the bytes are not in it.
    #[error("the text is not {encoding}{}", at(place.as_ref()))]
    Encoding {
        /// The encoding that was declared or recognised.
        encoding: String,
        /// Where the first wrong byte is.
        place: Option<TextPlace>,
    },
    /// Nothing that this program reads.
    #[error("the file is neither MusicXML nor a compressed MusicXML archive, nor ABC or MIDI")]
    NotXml,
    /// Starts like a MIDI file but cannot be read as one.
    #[error("the MIDI file cannot be read: {reason}")]
    Midi {
        /// What its reader said.
        reason: String,
    },
    /// ABC without a tune.
    #[error("the ABC file holds no tune up to {place}")]
    NoTune {
        /// The end of the file.
        place: TextPlace,
    },
    /// XML of another kind.
    #[error("the file is not a MusicXML score: its outermost element is <{root}> at {place}")]
    NotMusicXml {
        /// The root element found.
        root: String,
        /// Where it is.
        place: TextPlace,
    },
    /// It stops in the middle.
    #[error("the file is cut off at {place}{}", unclosed(open))]
    Truncated {
        /// The innermost element that is open at the end; empty where none is yet.
        open: String,
        /// The end of what is there.
        place: TextPlace,
    },
    /// Not well-formed XML.
    #[error("the file is not well-formed XML at {place}: {reason}")]
    Malformed {
        /// Where.
        place: TextPlace,
        /// What is wrong there.
        reason: String,
    },
    /// It defines entities of its own, which MusicXML never needs and which can expand without bound (an “entity bomb”).
    #[error("the file defines XML entities at {place}, which is refused: such definitions can expand without bound")]
    EntityDefinition {
        /// Where.
        place: TextPlace,
    },
}

fn at(place: Option<&TextPlace>) -> String {
    place.map(|place| format!(" at {place}")).unwrap_or_default()
}

fn unclosed(element: &str) -> String {
    if element.is_empty() { String::new() } else { format!(": <{element}> is not closed") }
}

impl ImportError {
    /// What its reader can do about it.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Empty => "The download or copy may have failed: fetch the file again.",
            Self::TooLarge { .. } => "If the score is really that large, split it into movements in the program it came from.",
            Self::ZipBomb { .. } => "Do not trust this file. If it is a real score, ask its sender for an uncompressed .musicxml.",
            Self::Archive { .. } => "The archive is damaged: fetch it again, or export an uncompressed .musicxml.",
            Self::NoScoreInArchive { .. } => "This zip archive is something else: pick a .mxl or .musicxml file.",
            Self::Encoding { .. } => "Save or export the file again as UTF-8.",
            Self::NotXml => "Pick a .musicxml, .xml, .mxl, .abc or .mid file; other formats must be exported as MusicXML first.",
            Self::Midi { .. } => "The file is damaged: fetch it again, or export it again from the program it came from.",
            Self::NoTune { .. } => "A tune has a line with its number (X:1) and a line with its key (K:C) before its notes.",
            Self::NotMusicXml { root, .. } => match root.as_str() {
                "opus" => "This is a list of scores (a MusicXML opus): import the scores it names.",
                "mei" | "music" => "This is MEI: export it as MusicXML first.",
                "museScore" => "This is a MuseScore file: export it as MusicXML first.",
                "html" => "This is a web page: the download was probably not the score itself.",
                _ => "Pick a file whose outermost element is score-partwise or score-timewise.",
            },
            Self::Truncated { .. } => "The download or copy was probably interrupted: fetch the file again.",
            Self::Malformed { .. } => "Export the file again, or correct it at this place with a text editor.",
            Self::EntityDefinition { .. } => "Remove the definitions from the DOCTYPE at the top, or export the file again.",
        }
    }

    /// Where in the text, if it is about a place in one.
    pub fn place(&self) -> Option<TextPlace> {
        match self {
            Self::TooLarge { place, .. } | Self::Encoding { place, .. } => *place,
            Self::NotMusicXml { place, .. }
            | Self::Truncated { place, .. }
            | Self::Malformed { place, .. }
            | Self::EntityDefinition { place }
            | Self::NoTune { place } => Some(*place),
            Self::Empty
            | Self::ZipBomb { .. }
            | Self::Archive { .. }
            | Self::NoScoreInArchive { .. }
            | Self::Midi { .. }
            | Self::NotXml => None,
        }
    }

    /// Which entry of an archive, if it is about one.
    pub fn entry(&self) -> Option<&str> {
        match self {
            Self::ZipBomb { entry, .. } | Self::Archive { entry, .. } | Self::NoScoreInArchive { entry } => Some(entry),
            _ => None,
        }
    }
}
