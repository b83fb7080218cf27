//! What is on disk: one SQLite database. Who has a pass, which devices may use which box, and envelopes as they came.

pub mod bands;
pub mod boxes;
#[cfg(test)]
mod keeping;
pub mod log;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::RelayError;

/// The database's file in the data folder.
pub const FILE: &str = "relay.db";
/// The format that this version writes.
const FORMAT: i64 = 1;
/// How long to wait for another process, such as one that makes a pass.
const PATIENCE: Duration = Duration::from_secs(10);

const SCHEMA: &str = "
CREATE TABLE bands (
    id INTEGER PRIMARY KEY, token BLOB NOT NULL UNIQUE, label TEXT NOT NULL, created INTEGER NOT NULL,
    withdrawn INTEGER, max_bytes INTEGER, max_envelopes INTEGER,
    bytes INTEGER NOT NULL DEFAULT 0, envelopes INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE boxes (
    space BLOB PRIMARY KEY, band INTEGER NOT NULL REFERENCES bands(id), roster BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE devices (
    space BLOB NOT NULL REFERENCES boxes(space), device BLOB NOT NULL, here INTEGER NOT NULL, PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE tails (
    space BLOB NOT NULL REFERENCES boxes(space), device BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL,
    dropped INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (space, device)
) STRICT, WITHOUT ROWID;
CREATE TABLE log (
    id INTEGER PRIMARY KEY AUTOINCREMENT, space BLOB NOT NULL REFERENCES boxes(space), device BLOB NOT NULL, seq INTEGER NOT NULL,
    hash BLOB NOT NULL, received INTEGER NOT NULL, bytes BLOB NOT NULL, UNIQUE (space, device, seq)
) STRICT;
CREATE INDEX log_of_space ON log (space, id, device, seq);
CREATE TABLE acknowledged (
    space BLOB NOT NULL REFERENCES boxes(space), reader BLOB NOT NULL, author BLOB NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (space, reader, author)
) STRICT, WITHOUT ROWID;
CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// The database, to write to.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the database of a data folder, and makes it where there is none.
    pub fn open(folder: &Path) -> Result<Self, RelayError> {
        let path = folder.join(FILE);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // What is acknowledged shall survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(64);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        match transaction.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
            0 => {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "user_version", FORMAT)?;
            }
            FORMAT => {}
            _ => return Err(RelayError::NewerDatabase { path }),
        }
        transaction.commit()?;
        Ok(Self { connection, path })
    }

    /// Another connection to the same database, to read beside the one that writes.
    pub fn reader(&self) -> Result<Connection, RelayError> {
        let connection = Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(32);
        Ok(connection)
    }

    /// Reads what is written.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Begins a transaction.
    pub fn begin(&mut self) -> Result<Transaction<'_>, RelayError> {
        Ok(self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
    }

    /// Writes in one transaction, durable when this returns.
    pub fn write<T>(&mut self, write: impl FnOnce(&Connection) -> Result<T, RelayError>) -> Result<T, RelayError> {
        let transaction = self.begin()?;
        let done = write(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// Something that the relay keeps in mind from run to run.
pub fn note(connection: &Connection, key: &str) -> Result<Option<String>, RelayError> {
    use rusqlite::OptionalExtension;
    Ok(connection.query_row("SELECT value FROM notes WHERE key = ?", [key], |row| row.get(0)).optional()?)
}

/// Keeps something in mind.
pub fn put_note(connection: &Connection, key: &str, value: &str) -> Result<(), RelayError> {
    let sql = "INSERT INTO notes VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.execute(sql, [key, value])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_version_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        store.connection.pragma_update(None, "user_version", FORMAT + 1).unwrap();
        drop(store);
        let before = std::fs::read(folder.path().join(FILE)).unwrap();
        assert!(matches!(Store::open(folder.path()), Err(RelayError::NewerDatabase { .. })));
        assert_eq!(std::fs::read(folder.path().join(FILE)).unwrap(), before);
    }

    #[test]
    fn writes_are_durable_and_the_log_is_a_wal() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let text = |name| store.connection.pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0)).unwrap();
        assert_eq!(text("journal_mode"), rusqlite::types::Value::Text("wal".into()));
        assert_eq!(text("synchronous"), rusqlite::types::Value::Integer(2), "FULL");
    }
}
