//! Caches of a document: its model, to show it at once, and the document itself, to change it.

use rusqlite::{Connection, OptionalExtension, params};

use crate::envelope::hash;
use crate::{ScoreId, SyncError};

/// What is cached of a document, as of one place of the log.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    /// The heads that it is of.
    pub heads: Vec<u8>,
    /// The place of the log whose changes, and all before, are in it.
    pub upto: i64,
    /// The score.
    pub model: Vec<u8>,
    /// The saved document.
    pub snapshot: Vec<u8>,
}

/// Keeps a cache, unless a newer one is there.
pub(crate) fn put(connection: &Connection, document: ScoreId, cache: &Cache) -> Result<(), SyncError> {
    let sql = "INSERT INTO caches (document, heads, upto, model, model_hash, snapshot, snapshot_hash) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (document) DO UPDATE SET heads = excluded.heads, upto = excluded.upto, model = excluded.model,
        model_hash = excluded.model_hash, snapshot = excluded.snapshot, snapshot_hash = excluded.snapshot_hash
        WHERE excluded.upto >= upto";
    let Cache { heads, upto, model, snapshot } = cache;
    connection.execute(sql, params![document.0, heads, upto, model, hash(model), snapshot, hash(snapshot)])?;
    Ok(())
}

/// The model of a document with the place of the log it is of, if it has these heads and is undamaged.
pub(crate) fn model(connection: &Connection, document: ScoreId, heads: &[u8]) -> Result<Option<(i64, Vec<u8>)>, SyncError> {
    let sql = "SELECT upto, model, model_hash FROM caches WHERE document = ? AND heads = ?";
    let found: Option<(i64, Vec<u8>, Vec<u8>)> = connection
        .prepare_cached(sql)?
        .query_row(params![document.0, heads], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    Ok(found.filter(|(_, model, expected)| hash(model).as_slice() == expected).map(|(upto, model, _)| (upto, model)))
}

/// The heads that the cache of a document is of.
pub(crate) fn heads(connection: &Connection, document: ScoreId) -> Result<Option<Vec<u8>>, SyncError> {
    let sql = "SELECT heads FROM caches WHERE document = ?";
    Ok(connection.prepare_cached(sql)?.query_row([document.0], |row| row.get(0)).optional()?)
}

/// The saved document with the place of the log it is of, if it is undamaged.
pub(crate) fn snapshot(connection: &Connection, document: ScoreId) -> Result<Option<(i64, Vec<u8>)>, SyncError> {
    let sql = "SELECT upto, snapshot, snapshot_hash FROM caches WHERE document = ?";
    let found: Option<(i64, Vec<u8>, Vec<u8>)> =
        connection.prepare_cached(sql)?.query_row([document.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional()?;
    Ok(found.filter(|(_, snapshot, expected)| hash(snapshot).as_slice() == expected).map(|(upto, snapshot, _)| (upto, snapshot)))
}

/// Throws the cache of a document away.
pub(crate) fn remove(connection: &Connection, document: ScoreId) -> Result<(), SyncError> {
    connection.execute("DELETE FROM caches WHERE document = ?", [document.0])?;
    Ok(())
}
