//! What can go wrong, where, and what to do next.

use std::path::PathBuf;

/// Why the relay cannot start, or go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RelayError {
    /// A file cannot be used.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The configuration does not make sense.
    #[error("{path}: {detail}")]
    Config {
        /// Which file.
        path: PathBuf,
        /// What is wrong in it.
        detail: String,
    },
    /// A newer version wrote the database. It was not touched.
    #[error("{path} was written by a newer bandpro-relay; update this one")]
    NewerDatabase {
        /// The database.
        path: PathBuf,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
    /// What the database holds cannot be read.
    #[error("the database is damaged: {0}")]
    Damaged(&'static str),
    /// A port cannot be opened.
    #[error("cannot listen at {at}: {detail}")]
    Listen {
        /// Where.
        at: String,
        /// What the system said.
        detail: String,
    },
    /// The certificate cannot be made or read.
    #[error("the certificate: {0}")]
    Certificate(String),
    /// The system gave no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
    /// No pass has this number.
    #[error("there is no pass {0}; “bandpro-relay pass list” shows those that there are")]
    UnknownPass(i64),
    /// The relay was never started here, so its addresses are not known.
    #[error("the addresses of this relay are not known yet: start it once, or set [forward] url and [mailbox] addresses")]
    NoAddress,
    /// The relay is being stopped.
    #[error("the relay is being stopped")]
    Stopping,
}

impl RelayError {
    /// Whether the disk is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Database(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull))
    }
}
