//! Settings of this device.

use rusqlite::{Connection, OptionalExtension, params};

use crate::SyncError;

/// A setting.
pub(crate) fn get(connection: &Connection, key: &str) -> Result<Option<String>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT value FROM settings WHERE key = ?")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Keeps a setting.
pub(crate) fn put(connection: &Connection, key: &str, value: &str) -> Result<(), SyncError> {
    let sql = "INSERT INTO settings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    connection.prepare_cached(sql)?.execute(params![key, value])?;
    Ok(())
}
