//! What is on disk: one SQLite database a data folder, which several processes may have open.
//!
//! The table `log` is the truth: every envelope, in the order in which it came. `documents`, `caches`, `scores` and `sessions`
//! follow from it and can be thrown away; `branches` holds what has come of a log that is to take the place of another one there. The
//! truth is also in `membership`: the entries of the membership logs of all spaces. A write is one transaction,
//! durable when it returns.

pub(crate) mod caches;
pub(crate) mod documents;
#[cfg(feature = "simulation")]
mod faults;
pub(crate) mod forks;
pub mod log;
pub(crate) mod membership;
pub(crate) mod peers;
pub(crate) mod requests;
pub(crate) mod scores;
pub(crate) mod sessions;
pub(crate) mod settings;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::SyncError;

pub(crate) use caches::Cache;
pub(crate) use documents::Row;
#[cfg(feature = "simulation")]
pub use faults::{Fault, Plan};
pub(crate) use log::{Received, Sealing};
pub(crate) use scores::describe;

/// The database's file in the data folder.
pub const FILE: &str = "bandpro.db";
/// The format that this version writes.
pub const FORMAT: i64 = 2;
/// Marks the file as BandPro's in SQLite's header.
const APPLICATION: i64 = 0x4261_6e64;

const SCHEMA: &str = "
CREATE TABLE spaces (
    id BLOB PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE membership (
    id INTEGER PRIMARY KEY, space BLOB NOT NULL REFERENCES spaces(id), hash BLOB NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (space, hash)
) STRICT;
CREATE INDEX membership_of_space ON membership (space, id);
CREATE TABLE requests (
    space BLOB NOT NULL REFERENCES spaces(id), device BLOB NOT NULL, invite BLOB NOT NULL, card BLOB NOT NULL,
    name TEXT NOT NULL, colour INTEGER NOT NULL, asked INTEGER NOT NULL, declined INTEGER NOT NULL,
    PRIMARY KEY (space, device)
) STRICT;
CREATE TABLE asked (space BLOB PRIMARY KEY, ticket TEXT NOT NULL, since INTEGER NOT NULL) STRICT;
CREATE TABLE forks (
    space BLOB NOT NULL REFERENCES spaces(id), device BLOB NOT NULL, seq INTEGER NOT NULL, noticed INTEGER NOT NULL,
    PRIMARY KEY (space, device)
) STRICT;
CREATE TABLE peers (device BLOB PRIMARY KEY, addresses BLOB NOT NULL, seen INTEGER NOT NULL) STRICT;
CREATE TABLE log (
    id INTEGER PRIMARY KEY, space BLOB NOT NULL REFERENCES spaces(id), device BLOB NOT NULL, seq INTEGER NOT NULL,
    hash BLOB NOT NULL, document BLOB, change BLOB, refused TEXT, received INTEGER NOT NULL, bytes BLOB NOT NULL,
    UNIQUE (space, device, seq)
) STRICT;
CREATE INDEX log_of_document ON log (document, id);
CREATE INDEX log_of_change ON log (document, change);
CREATE INDEX log_of_space ON log (space, id, device, seq);
CREATE INDEX log_that_waits ON log (document, refused, id) WHERE refused IS NOT NULL;
CREATE INDEX log_that_is_kept ON log (space, device, refused) WHERE refused IS NOT NULL;
CREATE TABLE documents (
    id BLOB PRIMARY KEY, space BLOB NOT NULL REFERENCES spaces(id), heads BLOB NOT NULL, modified INTEGER NOT NULL,
    taken_back INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE caches (
    document BLOB PRIMARY KEY, heads BLOB NOT NULL, upto INTEGER NOT NULL,
    model BLOB NOT NULL, model_hash BLOB NOT NULL, snapshot BLOB NOT NULL, snapshot_hash BLOB NOT NULL
) STRICT;
CREATE TABLE scores (
    document BLOB PRIMARY KEY, heads BLOB NOT NULL, title TEXT NOT NULL, composer TEXT NOT NULL, parts TEXT NOT NULL,
    measures INTEGER NOT NULL, deleted INTEGER NOT NULL
) STRICT;
CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY, space BLOB NOT NULL, device BLOB NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL,
    received INTEGER NOT NULL, bytes BLOB NOT NULL
) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// The database.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// A fault that is planned.
    #[cfg(feature = "simulation")]
    pub(crate) plan: Option<Plan>,
}

impl Store {
    /// Opens the database of a folder, and makes it where there is none. One that a newer version wrote is not touched.
    pub fn open(folder: &Path, patience: Duration) -> Result<Self, SyncError> {
        let path = folder.join(FILE);
        let mut connection = Connection::open(&path)?;
        connection.busy_timeout(patience)?;
        let format = format_of(&connection, &path)?;
        if format > FORMAT {
            return Err(SyncError::NewerDatabase { path, found: format, known: FORMAT });
        }
        if format != 0 && format < FORMAT {
            return Err(SyncError::OldDatabase { path });
        }
        connection.pragma_update(None, "journal_mode", "WAL")?;
        Self::prepare(&mut connection, &path)?;
        Ok(Self::on(connection))
    }

    /// A database that is gone when it is dropped.
    pub fn in_memory() -> Result<Self, SyncError> {
        let mut connection = Connection::open_in_memory()?;
        Self::prepare(&mut connection, Path::new(":memory:"))?;
        Ok(Self::on(connection))
    }

    fn on(connection: Connection) -> Self {
        Self {
            connection,
            #[cfg(feature = "simulation")]
            plan: None,
        }
    }

    fn prepare(connection: &mut Connection, path: &Path) -> Result<(), SyncError> {
        // An edit is acknowledged when it would survive a power cut.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.set_prepared_statement_cache_capacity(64);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have made the tables meanwhile.
        if format_of(&transaction, path)? == 0 {
            transaction.execute_batch(SCHEMA)?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", FORMAT)?;
        }
        sessions::prepare(&transaction)?;
        forks::prepare(&transaction)?;
        Ok(transaction.commit()?)
    }

    /// Reads.
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Writes in one transaction, which other processes wait for: all of it is durable when this returns, or nothing is done.
    pub fn write<T, E: From<rusqlite::Error>>(&mut self, write: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = write(&transaction)?;
        #[cfg(feature = "simulation")]
        let fault = faults::due(&mut self.plan);
        #[cfg(feature = "simulation")]
        if let Some(fault) = fault.filter(|fault| *fault != Fault::After) {
            // The transaction is dropped: nothing of it is durable.
            return Err(fault.error().into());
        }
        transaction.commit()?;
        #[cfg(feature = "simulation")]
        if let Some(fault) = fault {
            return Err(fault.error().into());
        }
        Ok(done)
    }
}

/// The format of a database; 0 for an empty one. Fails where it is something else.
fn format_of(connection: &Connection, path: &Path) -> Result<i64, SyncError> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (format, application) = (number("user_version")?, number("application_id")?);
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application != APPLICATION && (tables > 0 || format > 0) {
        return Err(SyncError::Damaged { path: path.to_owned(), detail: "it belongs to another program".into() });
    }
    Ok(format)
}

/// The error of a damaged row.
pub(crate) fn damaged(detail: impl Into<String>) -> SyncError {
    SyncError::Damaged { path: PathBuf::from(FILE), detail: detail.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_of_a_newer_version_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path(), Duration::ZERO).unwrap());
        let path = folder.path().join(FILE);
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", FORMAT + 1).unwrap();
        connection.close().unwrap();
        let before = std::fs::read(&path).unwrap();
        assert_eq!(Store::open(folder.path(), Duration::ZERO).unwrap_err().code(), "newer-database");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn a_database_from_before_sealing_is_refused_and_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path(), Duration::ZERO).unwrap());
        let path = folder.path().join(FILE);
        let connection = Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        connection.close().unwrap();
        let before = std::fs::read(&path).unwrap();
        assert_eq!(Store::open(folder.path(), Duration::ZERO).unwrap_err().code(), "old-database");
        assert_eq!(std::fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_is_no_database_of_ours_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        std::fs::write(&path, [7; 5000]).unwrap();
        assert_eq!(Store::open(folder.path(), Duration::ZERO).unwrap_err().code(), "damaged-database");
        assert_eq!(std::fs::read(&path).unwrap(), [7; 5000]);
        std::fs::remove_file(&path).unwrap();
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE other (x)").unwrap();
        assert_eq!(Store::open(folder.path(), Duration::ZERO).unwrap_err().code(), "damaged-database");
    }

    #[test]
    fn a_database_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        drop(Store::open(folder.path(), Duration::ZERO).unwrap());
        let mut store = Store::open(folder.path(), Duration::ZERO).unwrap();
        store.connection.pragma_update(None, "query_only", true).unwrap();
        let error = store.write(|tx| Ok::<_, SyncError>(tx.execute("INSERT INTO settings VALUES ('a', 'b')", [])?)).unwrap_err();
        assert_eq!(error.code(), "read-only");
    }

    #[test]
    fn a_full_disk_is_an_error_and_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path(), Duration::ZERO).unwrap();
        let insert = |tx: &Transaction<'_>, size: usize| -> Result<usize, SyncError> {
            Ok(tx.execute("INSERT INTO settings VALUES (hex(randomblob(8)), hex(zeroblob(?)))", [size])?)
        };
        store.write(|tx| insert(tx, 10)).unwrap();
        let pages: i64 = store.connection.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        store.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).unwrap();
        assert_eq!(store.write(|tx| insert(tx, 100_000)).unwrap_err().code(), "disk-full");
        drop(store);
        let store = Store::open(folder.path(), Duration::ZERO).unwrap();
        let count: i64 = store.connection.query_row("SELECT count(*) FROM settings", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1);
    }
}
