//! Compressed MusicXML: a zip archive whose `META-INF/container.xml` names the score. MusicXML 4.0, "Compressed .mxl files".

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::xml::{Token, XmlReader};
use super::{ImportError, Limits, encoding};

const CONTAINER: &str = "META-INF/container.xml";

/// Whether the bytes start like a zip archive.
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The bytes of the score's document: the first root file of the container, or where an archive has no container, its only
/// candidate.
pub(super) fn score_of(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failure("", &error))?;
    let name = match entry(&mut archive, CONTAINER, limits)? {
        Some(container) => root_file(&container, limits)?,
        None => only_candidate(&archive),
    };
    let name = name.ok_or_else(|| ImportError::NoScoreInArchive { entry: CONTAINER.into() })?;
    entry(&mut archive, &name, limits)?.ok_or(ImportError::NoScoreInArchive { entry: name })
}

/// The decompressed bytes of an entry; nothing where it is not there. Reading stops at the limit, whatever the entry declares.
fn entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, limits: &Limits) -> Result<Option<Vec<u8>>, ImportError> {
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(failure(name, &error)),
    };
    let mut content = Vec::new();
    let max = limits.expanded_bytes;
    file.take(max.saturating_add(1)).read_to_end(&mut content).map_err(|error| failure(name, &error))?;
    if content.len() as u64 > max {
        return Err(ImportError::ZipBomb { entry: name.into(), max });
    }
    Ok(Some(content))
}

fn failure(entry: &str, error: &dyn std::error::Error) -> ImportError {
    ImportError::Archive { entry: entry.into(), reason: error.to_string() }
}

fn root_file(container: &[u8], limits: &Limits) -> Result<Option<String>, ImportError> {
    let text = encoding::decode(container)?;
    let mut reader = XmlReader::new(&text, limits);
    loop {
        match reader.next()? {
            Token::Open(tag) if tag.name == "rootfile" => {
                return Ok(tag.attribute("full-path").map(|path| path.trim_start_matches('/').to_owned()));
            }
            Token::End => return Ok(None),
            Token::Open(_) | Token::Close | Token::Text(_) => {}
        }
    }
}

fn only_candidate(archive: &ZipArchive<Cursor<&[u8]>>) -> Option<String> {
    let score = |name: &String| {
        let lower = name.to_ascii_lowercase();
        (lower.ends_with(".xml") || lower.ends_with(".musicxml")) && !lower.starts_with("meta-inf/") && !lower.starts_with("__macosx/")
    };
    let mut names = archive.file_names().flatten().map(|name| name.into_owned()).filter(score);
    let first = names.next()?;
    names.next().is_none().then_some(first)
}
