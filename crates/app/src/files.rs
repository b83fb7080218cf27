//! Files: reading scores from them, and writing whatever a format's ending asks for.

pub mod batch;
mod engraving;
mod formats;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use bandpro_notation::import::{ImportError, Imported, Limits, ReportKind, import, import_all};
use bandpro_notation::listing::{self, EventLine};
use bandpro_notation::model::{HeaderField, IdSource, PartId, Score};

use crate::AppError;
use crate::texts::{Arg, Texts};
use crate::view::{ExportOptions, ExportOutcome};

pub use engraving::{Checked, Engraving, engraving};
pub use formats::Format;

/// Identifiers that do not meet those of any other device: their seed comes from the system's randomness, by way of the keys
/// that the standard library draws for its hash maps.
pub(crate) fn fresh_ids() -> IdSource {
    use std::hash::{BuildHasher, Hasher, RandomState};
    let draw = || {
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u32(std::process::id());
        hasher.finish()
    };
    IdSource::from_seed([draw(), draw()])
}

/// Reads a file as a score.
pub fn read_score(path: &Path) -> Result<Imported, AppError> {
    let bytes = read_bytes(path)?;
    import_bytes(&name_of(path), &bytes)
}

/// Reads a file as its scores: every tune of an ABC tune book, the one score of any other file.
pub fn read_scores(path: &Path) -> Result<Vec<Imported>, AppError> {
    let bytes = read_bytes(path)?;
    import_all(&bytes, &Limits::default(), &mut fresh_ids()).map_err(|error| refused(&name_of(path), &error))
}

/// Reads bytes as a score; the name is for messages, and the title of a score that has none.
pub fn import_bytes(name: &str, bytes: &[u8]) -> Result<Imported, AppError> {
    import(bytes, &Limits::default(), &mut fresh_ids()).map_err(|error| refused(name, &error))
}

/// The notes of a file's score, in the order and form of the listing.
pub fn events(path: &Path) -> Result<Vec<EventLine>, AppError> {
    Ok(listing::events(&read_score(path)?.score))
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, AppError> {
    let failed = |source| AppError::Read { path: path.to_owned(), source };
    let data = fs::metadata(path).map_err(failed)?;
    if data.is_dir() {
        return Err(AppError::Folder(path.to_owned()));
    }
    let limit = Limits::default().bytes;
    let mut bytes = Vec::new();
    // A pipe has no length beforehand, so the limit holds while reading.
    io::Read::read_to_end(&mut io::Read::take(fs::File::open(path).map_err(failed)?, limit + 1), &mut bytes).map_err(failed)?;
    if bytes.len() as u64 > limit { Err(AppError::FileTooLarge { path: path.to_owned(), limit }) } else { Ok(bytes) }
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn refused(name: &str, error: &ImportError) -> AppError {
    let code = match error {
        ImportError::Empty => "import-empty",
        ImportError::TooLarge { .. } => "import-too-large",
        ImportError::ZipBomb { .. } => "import-zip-bomb",
        ImportError::Archive { .. } => "import-archive",
        ImportError::NoScoreInArchive { .. } => "import-no-score",
        ImportError::Encoding { .. } => "import-encoding",
        ImportError::NotXml => "import-not-xml",
        ImportError::NotMusicXml { .. } => "import-not-musicxml",
        ImportError::Truncated { .. } => "import-truncated",
        ImportError::Malformed { .. } => "import-malformed",
        ImportError::EntityDefinition { .. } => "import-entities",
        ImportError::NoTune { .. } => "import-no-tune",
        ImportError::Midi { .. } => "import-midi",
    };
    let place = error.place().map(|place| (place.line, place.column));
    AppError::Import { name: name.to_owned(), code, message: error.to_string(), hint: Some(error.hint().to_owned()), place }
}

/// The report of an import, a sentence a line.
pub fn report(imported: &Imported, texts: &Texts) -> Vec<String> {
    let line = |line: &bandpro_notation::import::ReportLine| {
        let key = match line.kind {
            ReportKind::NotSupported => "report-not-supported",
            ReportKind::Invalid => "report-invalid",
            ReportKind::Repaired => "report-repaired",
        };
        let said = texts.with(key, &[("what", Arg::Text(&line.what))]);
        let text = line
            .place
            .text
            .map(|at| texts.with("place-line-column", &[("line", Arg::Count(at.line.into())), ("column", Arg::Count(at.column.into()))]));
        let measure = || line.place.measure.map(|measure| texts.with("place-measure", &[("measure", Arg::Count(measure.into()))]));
        let said = match text.or_else(measure) {
            Some(place) => texts.with("report-at", &[("line", Arg::Text(&said)), ("place", Arg::Text(&place))]),
            None => said,
        };
        if line.times < 2 {
            return said;
        }
        texts.with("report-times", &[("line", Arg::Text(&said)), ("count", Arg::Count(line.times.into()))])
    };
    imported.report.iter().map(line).collect()
}

/// A score as the library takes it: one without any title is called after its file.
pub(crate) fn titled(mut imported: Imported, name: &str) -> Imported {
    let header = imported.score.header();
    let title = if header.title.is_empty() { header.work_title.clone() } else { header.title.clone() };
    let stem = || Path::new(name).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    if title.is_empty() {
        let edit = bandpro_notation::edit::set_header(HeaderField::Title(stem()));
        // Setting a field of the header cannot fail: there is always one.
        let _ = edit.apply(&mut imported.score);
    }
    imported
}

/// The part of this number, from 1.
pub(crate) fn part_asked(score: &Score, number: Option<usize>) -> Result<Option<PartId>, AppError> {
    let Some(number) = number else { return Ok(None) };
    let parts = score.parts();
    let chosen = number.checked_sub(1).and_then(|at| parts.get(at)).map(|(id, _)| *id);
    Ok(Some(chosen.ok_or(AppError::NoSuchPart { number, count: parts.len() })?))
}

/// The score with only this part (from 1), or all of it.
pub(crate) fn one_part(score: &Score, part: Option<usize>) -> Result<Option<Score>, AppError> {
    let Some(chosen) = part_asked(score, part)? else { return Ok(None) };
    let parts = score.parts();
    let others = parts.iter().filter(|(id, _)| *id != chosen);
    let alone: bandpro_notation::edit::Edit = others.map(|(id, _)| bandpro_notation::edit::Change::Remove((*id).into())).collect();
    let mut score = score.clone();
    alone.apply(&mut score)?;
    Ok(Some(score))
}

/// Writes a score to a file; its ending says the format.
///
/// What is written goes to a file beside the target first and takes its name when it is whole: a failure leaves what was there.
/// A picture of a score with several pages makes further files: `name-2.svg` and so on, unless one page is asked for.
pub fn export_score(score: &Score, to: &Path, options: &ExportOptions) -> Result<ExportOutcome, AppError> {
    let format = Format::of(to).ok_or_else(|| AppError::UnknownFormat(to.to_owned()))?;
    if to.is_dir() {
        return Err(AppError::Folder(to.to_owned()));
    }
    // What is drawn keeps the other parts at hand: a part has a layout of its own, but the score's measures.
    let alone = if format.is_drawn() { None } else { one_part(score, options.part)? };
    let score = alone.as_ref().unwrap_or(score);
    if format == Format::Wav {
        write_whole(to, |file| formats::wav(score, file, to))?;
        return Ok(ExportOutcome { files: vec![to.to_owned()], report: Vec::new() });
    }
    let made = formats::make(score, format, options)?;
    let mut files = Vec::new();
    for (index, bytes) in made.files.iter().enumerate() {
        let path = numbered(to, index);
        write_whole(&path, |file| file.write_all(bytes).map_err(|source| AppError::Write { path: path.clone(), source }))?;
        files.push(path);
    }
    Ok(ExportOutcome { files, report: made.report })
}

/// The path of the file with this index: the target itself, then `name-2.svg`.
fn numbered(to: &Path, index: usize) -> PathBuf {
    if index == 0 {
        return to.to_owned();
    }
    let part = |part: Option<&std::ffi::OsStr>| part.map(|part| part.to_string_lossy().into_owned()).unwrap_or_default();
    to.with_file_name(format!("{}-{}.{}", part(to.file_stem()), index + 1, part(to.extension())))
}

/// Writes a secret to a file that only its owner may read.
pub(crate) fn write_private(to: &Path, bytes: &[u8]) -> Result<(), AppError> {
    let failed = |source| AppError::Write { path: to.to_owned(), source };
    if to.is_dir() {
        return Err(AppError::Folder(to.to_owned()));
    }
    write_whole(to, |file| {
        #[cfg(unix)]
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(failed)?;
        file.write_all(bytes).map_err(failed)
    })
}

/// Writes a file under another name beside it, then gives it its own. What cannot be written leaves nothing behind.
fn write_whole(to: &Path, write: impl FnOnce(&mut fs::File) -> Result<(), AppError>) -> Result<(), AppError> {
    let failed = |source| AppError::Write { path: to.to_owned(), source };
    if to.exists() && !to.metadata().map_err(failed)?.is_file() {
        // A pipe or a device takes the bytes as they come; there is nothing to rename.
        return write(&mut fs::OpenOptions::new().write(true).open(to).map_err(failed)?);
    }
    let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = to.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::File::create(&temporary).map_err(failed).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all().map_err(failed)
    });
    let done = written.and_then(|()| fs::rename(&temporary, to).map_err(failed));
    if done.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    done
}
