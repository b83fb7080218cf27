//! What can go wrong, with the code that surfaces act on and the words they show.

use std::io;
use std::path::PathBuf;

use bandpro_notation::edit::EditError;
use bandpro_sync::SyncError;
use bandpro_sync::protocol::Refusal;

use crate::texts::{Arg, Texts};
use crate::view::ErrorView;

/// Why something could not be done. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The path names a folder where a file is needed.
    #[error("{0} is a folder")]
    Folder(PathBuf),
    /// A file is larger than any score.
    #[error("{path} is larger than {limit} bytes")]
    FileTooLarge {
        /// The file.
        path: PathBuf,
        /// The limit.
        limit: u64,
    },
    /// A file's content could not be read as music.
    #[error("cannot import {name}: {message}")]
    Import {
        /// The file.
        name: String,
        /// A code of its own.
        code: &'static str,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
        /// Line and column from 1, where known.
        place: Option<(u32, u32)>,
    },
    /// A file could not be written. Nothing was left behind.
    #[error("cannot write {path}: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file's ending names no format that can be written.
    #[error("cannot tell a format from the name {0}")]
    UnknownFormat(PathBuf),
    /// Making a format's bytes failed.
    #[error("cannot export as {format}: {message}")]
    Export {
        /// The format.
        format: &'static str,
        /// Why.
        message: String,
    },
    /// The score has no such part.
    #[error("there is no part {number}: the score has {count}")]
    NoSuchPart {
        /// What was asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// The score has no such page.
    #[error("there is no page {number}: the score has {count}")]
    NoSuchPage {
        /// What was asked for.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// A resolution that cannot be drawn.
    #[error("{0} dots an inch cannot be drawn")]
    BadResolution(String),
    /// There is no such place in the score.
    #[error("there is no note {note} in measure {measure} of part {part}")]
    NoSuchPlace {
        /// The part, from 1.
        part: usize,
        /// The measure, from 1.
        measure: usize,
        /// The note, from 1.
        note: usize,
    },
    /// The command table has no such command.
    #[error("there is no command {0}")]
    UnknownCommand(String),
    /// A command's argument is missing or wrong.
    #[error("{command} needs {form}")]
    BadArgument {
        /// The command.
        command: &'static str,
        /// What it needs.
        form: &'static str,
    },
    /// The command belongs to a window.
    #[error("{0} works only in the window")]
    WindowOnly(&'static str),
    /// The edit cannot be made.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// There is nothing to take back.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// There is nothing to do again.
    #[error("there is nothing to redo")]
    NothingToRedo,
    /// There is no such conflict, or it has been decided.
    #[error("there is no conflict {0}, or not any more")]
    NoSuchConflict(String),
    /// What was done has been changed by others since.
    #[error("others have changed this since")]
    ChangedByOthers,
    /// A command of a script failed; what came before it was done and stays.
    #[error("command {number}, “{line}”: {source}")]
    Script {
        /// Its number, from 1.
        number: usize,
        /// What it said.
        line: String,
        /// How many commands were done before.
        done: usize,
        /// Why.
        source: Box<AppError>,
    },
    /// The score is not open.
    #[error("the score {0} is not open")]
    NotOpen(String),
    /// Documents, data folder or network.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// No sound can be made.
    #[error("{message}")]
    Sound {
        /// A code of its own.
        code: &'static str,
        /// Why.
        message: String,
    },
    /// The system has no place for application data.
    #[error("the system names no folder for application data")]
    NoDataFolder,
    /// This device has one log alone.
    #[error("this laptop's log was not forked; there is nothing to renew")]
    NothingToRenew,
    /// A setting has no such value.
    #[error("{key} cannot be {value}")]
    BadSetting {
        /// The setting.
        key: String,
        /// The value.
        value: String,
    },
    /// Something inside failed that should not.
    #[error("{0}")]
    Internal(String),
}

impl AppError {
    /// The codes there are, those of [`SyncError`], imports and obstacles excepted.
    pub const CODES: &'static [&'static str] = &[
        "read",
        "not-found",
        "no-permission",
        "folder-not-file",
        "file-too-large",
        "write",
        "no-space",
        "unknown-format",
        "export",
        "no-such-part",
        "no-such-page",
        "bad-resolution",
        "no-such-place",
        "unknown-command",
        "bad-argument",
        "window-only",
        "nothing-selected",
        "out-of-range",
        "gone",
        "edit",
        "nothing-to-undo",
        "nothing-to-redo",
        "changed-by-others",
        "no-such-conflict",
        "script",
        "not-open",
        "no-data-folder",
        "bad-setting",
        "asked",
        "internal",
    ];

    /// The small code that a surface may act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { source, .. } | Self::Write { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "not-found",
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "no-permission",
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "no-space",
                io::ErrorKind::IsADirectory => "folder-not-file",
                _ if matches!(self, Self::Read { .. }) => "read",
                _ => "write",
            },
            Self::Folder(_) => "folder-not-file",
            Self::FileTooLarge { .. } => "file-too-large",
            Self::Import { code, .. } | Self::Sound { code, .. } => code,
            Self::UnknownFormat(_) => "unknown-format",
            Self::Export { .. } => "export",
            Self::NoSuchPart { .. } => "no-such-part",
            Self::NoSuchPage { .. } => "no-such-page",
            Self::BadResolution(_) => "bad-resolution",
            Self::NoSuchPlace { .. } => "no-such-place",
            Self::UnknownCommand(_) => "unknown-command",
            Self::BadArgument { .. } => "bad-argument",
            Self::WindowOnly(_) => "window-only",
            Self::Edit(error) | Self::Sync(SyncError::Edit(error)) => edit_code(error),
            Self::NothingToUndo => "nothing-to-undo",
            Self::NothingToRedo => "nothing-to-redo",
            Self::ChangedByOthers => "changed-by-others",
            Self::NoSuchConflict(_) => "no-such-conflict",
            Self::Script { .. } => "script",
            Self::NotOpen(_) => "not-open",
            Self::Sync(SyncError::TurnedAway(Refusal::Waiting)) => "asked",
            Self::Sync(error) => error.code(),
            Self::NoDataFolder => "no-data-folder",
            Self::NothingToRenew => "nothing-to-renew",
            Self::BadSetting { .. } => "bad-setting",
            Self::Internal(_) => "internal",
        }
    }

    /// Whether nothing failed and what was asked for only does not apply here, as moving a rest by pitch.
    pub const fn is_advice(&self) -> bool {
        match self {
            Self::NothingToUndo | Self::NothingToRedo | Self::Sync(SyncError::TurnedAway(Refusal::Waiting)) => true,
            Self::Edit(error) | Self::Sync(SyncError::Edit(error)) => {
                matches!(error, EditError::NothingSelected | EditError::OutOfRange | EditError::NotApplicable(_))
            }
            _ => false,
        }
    }

    /// The error in a language: the catalogue's `error-<code>` and its `.hint`, the error's own words where it has none.
    pub fn view(&self, texts: &Texts) -> ErrorView {
        let own = self.to_string();
        let (number, count, text, detail) = self.arguments(texts);
        let at = match self {
            Self::Import { place: Some((line, column)), .. } => {
                texts.with("place-line-column", &[("line", Arg::Count(u64::from(*line))), ("column", Arg::Count(u64::from(*column)))])
            }
            _ => String::new(),
        };
        let args = [
            ("number", Arg::Count(number)),
            ("count", Arg::Count(count)),
            ("text", Arg::Text(&text)),
            ("detail", Arg::Text(&detail)),
            ("place", Arg::Text(&at)),
        ];
        let key = format!("error-{}", self.code());
        let message = texts.find(&key, &args).unwrap_or_else(|| own.clone());
        let mut hint = texts.find(&format!("{key}.hint"), &args);
        let mut place = None;
        match self {
            Self::Import { hint: own, .. } => {
                hint = hint.or_else(|| own.clone());
                place = Some(at).filter(|at| !at.is_empty());
            }
            Self::Script { number, source, .. } => {
                hint = source.view(texts).hint.or(hint);
                place = Some(number.to_string());
            }
            Self::Read { path, .. } | Self::Write { path, .. } => place = Some(path.display().to_string()),
            _ => {}
        }
        ErrorView { code: self.code().to_owned(), message, hint, place, advice: self.is_advice() }
    }

    /// What messages may name: `$number`, `$count`, `$text` and `$detail`.
    fn arguments(&self, texts: &Texts) -> (u64, u64, String, String) {
        let path = |path: &PathBuf| path.display().to_string();
        let none = String::new;
        match self {
            Self::Read { path: at, source } | Self::Write { path: at, source } => (0, 0, path(at), source.to_string()),
            Self::Folder(at) | Self::UnknownFormat(at) => (0, 0, path(at), none()),
            Self::FileTooLarge { path: at, limit } => (0, *limit, path(at), none()),
            Self::Import { name, message, .. } => (0, 0, name.clone(), message.clone()),
            Self::Export { format, message } => (0, 0, (*format).to_owned(), message.clone()),
            Self::NoSuchPart { number, count } | Self::NoSuchPage { number, count } => (*number as u64, *count as u64, none(), none()),
            Self::BadResolution(text) | Self::UnknownCommand(text) | Self::NotOpen(text) | Self::NoSuchConflict(text) => {
                (0, 0, text.clone(), none())
            }
            Self::NoSuchPlace { part, measure, note } => (*note as u64, *measure as u64, part.to_string(), none()),
            Self::BadArgument { command, form } => (0, 0, (*command).to_owned(), (*form).to_owned()),
            Self::WindowOnly(command) => (0, 0, (*command).to_owned(), none()),
            Self::Script { number, line, done, source } => (*number as u64, *done as u64, line.clone(), source.view(texts).message),
            Self::Sync(SyncError::UnknownScore(id) | SyncError::AmbiguousScore(id) | SyncError::UnknownName(id)) => {
                (0, 0, id.clone(), none())
            }
            Self::Sync(SyncError::Folder { path: at, source }) => (0, 0, path(at), source.to_string()),
            Self::Sync(SyncError::NewerDatabase { path: at, .. } | SyncError::OldDatabase { path: at }) => (0, 0, path(at), none()),
            Self::BadSetting { key, value } => (0, 0, key.clone(), value.clone()),
            Self::Sound { message, .. } => (0, 0, none(), message.clone()),
            Self::Sync(SyncError::TurnedAway(refusal)) => (0, 0, none(), refusal_text(*refusal, texts)),
            Self::Sync(SyncError::KeyStore(error)) => (0, 0, none(), error.to_string()),
            other => (0, 0, none(), other.to_string()),
        }
    }
}

/// Why a laptop turned another one away, in the language.
pub fn refusal_text(refusal: Refusal, texts: &Texts) -> String {
    let key = match refusal {
        Refusal::NotAMember => "turned-away-not-a-member",
        Refusal::Ticket => "turned-away-ticket",
        Refusal::Expired => "turned-away-expired",
        Refusal::UnknownSpace => "turned-away-unknown-space",
        Refusal::Version => "turned-away-version",
        Refusal::Removed => "turned-away-removed",
        Refusal::Waiting => "turned-away-waiting",
        Refusal::Declined => "turned-away-declined",
        Refusal::NotTheirs => "turned-away-not-theirs",
        Refusal::TooMany => "turned-away-too-many",
    };
    texts.text(key)
}

fn edit_code(error: &EditError) -> &'static str {
    match error {
        EditError::NothingSelected => "nothing-selected",
        EditError::OutOfRange => "out-of-range",
        EditError::NotApplicable(obstacle) => obstacle.code(),
        EditError::NotThere(_) => "gone",
        EditError::AlreadyThere(_) | EditError::WrongKind(_) | EditError::NotInsertable(_) => "edit",
    }
}
