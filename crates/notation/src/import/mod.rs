//! Scores from files: bytes in, a score and a report of what was not understood out.
//!
//! Input is untrusted. Whatever the bytes are, an import ends in a score or an [`ImportError`]; it does not panic, and its
//! memory is bounded by [`Limits`].

pub(crate) mod abc;
mod archive;
mod encoding;
mod error;
mod midi;
pub(crate) mod musicxml;
mod report;
mod xml;

pub use error::{Bound, ImportError, TextPlace};
pub use report::{ReportKind, ReportLine, ReportPlace};

use serde::Serialize;

use crate::model::{IdSource, Score};

/// How much of a file is accepted. Reaching a bound ends the import with [`ImportError::TooLarge`] or
/// [`ImportError::ZipBomb`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of one entry of an archive once it is decompressed.
    pub expanded_bytes: u64,
    /// Levels of nested elements.
    pub depth: usize,
    /// Elements of one measure of one part, or of one element of the header.
    pub elements: usize,
    /// Parts.
    pub parts: usize,
    /// Measures.
    pub measures: usize,
    /// Notes, rests among them, in all parts.
    pub notes: usize,
    /// Marks, spans, signs and syllables in all parts.
    pub marks: usize,
}

impl Default for Limits {
    /// Some ten times the largest orchestral scores.
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            expanded_bytes: 256 << 20,
            depth: 64,
            elements: 1_000_000,
            parts: 500,
            measures: 20_000,
            notes: 2_000_000,
            marks: 4_000_000,
        }
    }
}

/// An imported score and what was lost on the way.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The score.
    pub score: Score,
    /// What was not understood or had to be repaired, one line a kind, in the order of the file.
    pub report: Vec<ReportLine>,
}

/// What a file is, told from its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub enum FileKind {
    MusicXml,
    CompressedMusicXml,
    Midi,
    Abc,
}

impl FileKind {
    /// The kind of a file, as far as its bytes tell; what is none of the others is taken for MusicXML, whose reader says what
    /// is wrong with it.
    pub fn of(bytes: &[u8]) -> Self {
        if archive::is_zip(bytes) {
            Self::CompressedMusicXml
        } else if midi::is_midi(bytes) {
            Self::Midi
        } else if bytes.trim_ascii_start().first() != Some(&b'<') && abc::is_abc(bytes) {
            Self::Abc
        } else {
            Self::MusicXml
        }
    }
}

/// Reads a score: MusicXML 4.0 (or an earlier version), partwise and timewise, in UTF-8, UTF-16 or Latin-1; an `.mxl` archive
/// of it; ABC 2.1; a Standard MIDI File. What it is is told from the bytes, never from a name. Of a file with several tunes it is the first, and the
/// report says where the next one starts.
pub fn import(bytes: &[u8], limits: &Limits, ids: &mut IdSource) -> Result<Imported, ImportError> {
    read(bytes, limits, ids, 1)?.pop().ok_or(ImportError::Empty)
}

/// Reads all scores of a file: every tune of an ABC tune book, the one score of any other kind of file.
pub fn import_all(bytes: &[u8], limits: &Limits, ids: &mut IdSource) -> Result<Vec<Imported>, ImportError> {
    read(bytes, limits, ids, usize::MAX)
}

fn read(bytes: &[u8], limits: &Limits, ids: &mut IdSource, most: usize) -> Result<Vec<Imported>, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::Empty);
    }
    if bytes.len() as u64 > limits.bytes {
        return Err(ImportError::TooLarge { bound: Bound::Bytes, max: limits.bytes, place: None });
    }
    match FileKind::of(bytes) {
        FileKind::CompressedMusicXml => {
            let document = archive::score_of(bytes, limits)?;
            let text = encoding::decode(&document)?;
            Ok(vec![musicxml::read(&text, limits, ids)?])
        }
        FileKind::Midi => Ok(vec![midi::read(bytes, limits, ids)?]),
        FileKind::Abc => abc::read(bytes, limits, ids, most),
        FileKind::MusicXml => {
            let text = encoding::decode(bytes)?;
            Ok(vec![musicxml::read(&text, limits, ids)?])
        }
    }
}
