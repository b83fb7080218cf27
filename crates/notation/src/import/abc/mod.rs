//! ABC music notation, standard 2.1 (December 2011), with what abcm2ps and abc2midi added and many tunes use.
//!
//! A file holds tunes; each becomes a score. A tune is read line by line: fields set what holds from there on, music lines
//! are read character by character into the voice that is being written, words are set under the notes they follow. What
//! only the whole tune can tell (which measures are short, which voice is on which staff) is settled at the end.
//!
//! ABC was made to be written by hand, so little in it is an error: what cannot be read is left out with a line in the
//! report that says where, and reading goes on. Only a bound of [`Limits`] and a file without a tune end an import.

mod bars;
mod chords;
mod clef;
mod code;
mod decorations;
mod directives;
mod fields;
mod finish;
mod key;
mod lines;
mod lyrics;
mod metre;
mod music;
mod notes;
mod text;
mod tune;
mod voices;

pub(crate) use decorations::decoration_of;

use super::report::Report;
use super::{Bound, ImportError, Imported, Limits, TextPlace};
use crate::model::IdSource;
use lines::Book;
use tune::Tune;

/// More tunes than this in one file are not read: some ten times the largest printed collections.
const MAX_TUNES: usize = 20_000;

/// Whether bytes look like ABC: the identification of a file (`%abc`), or a reference number and later a key, each at the
/// start of a line.
pub(super) fn is_abc(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.starts_with(b"%abc") {
        return true;
    }
    if bytes.contains(&0) {
        return false;
    }
    let mut numbered = false;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        match line {
            [b'X', b':', ..] => numbered = true,
            [b'K', b':', ..] if numbered => return true,
            _ => {}
        }
    }
    false
}

/// Reads the tunes of a file, at most this many of them; those beyond are counted in the last one's report.
pub(super) fn read(bytes: &[u8], limits: &Limits, ids: &mut IdSource, most: usize) -> Result<Vec<Imported>, ImportError> {
    let text = text::decode(bytes);
    let book = Book::of(&text);
    if book.tunes.is_empty() {
        let end = TextPlace::of(&text, text.len());
        return Err(ImportError::NoTune { place: end });
    }
    if book.tunes.len() > MAX_TUNES {
        return Err(ImportError::TooLarge { bound: Bound::Tunes, max: MAX_TUNES as u64, place: None });
    }
    let mut spent = 0;
    let mut imported = Vec::new();
    for (index, lines) in book.tunes.iter().take(most).enumerate() {
        let mut report = Report::default();
        if index + 1 == most
            && let Some(next) = book.tunes.get(most).and_then(|next| next.first())
        {
            report.unsupported(&["further tunes of the file"], next.byte);
        }
        let mut tune = Tune::new(&text, limits, ids, report);
        tune.spent = spent;
        tune.lines(&book.header, true)?;
        tune.lines(lines, false)?;
        spent = tune.spent;
        let (score, report) = tune.finish();
        imported.push(Imported { score, report: report.into_lines(Some(&text)) });
    }
    Ok(imported)
}
