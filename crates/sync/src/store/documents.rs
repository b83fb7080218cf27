//! What is known of each document: its space, its heads, and its changes in the log.

use std::collections::BTreeSet;

use automerge::{Change, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::damaged;
use crate::document::genesis_hash;
use crate::envelope::{Envelope, hash};
use crate::{ScoreId, SpaceId, SyncError};

/// A change of a document in the log.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// Its place in the log.
    pub id: i64,
    /// The change.
    pub change: Change,
}

/// The space that a document lives in.
pub(crate) fn space_of(connection: &Connection, document: ScoreId) -> Result<Option<SpaceId>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT space FROM documents WHERE id = ?")?;
    Ok(statement.query_row([document.0], |row| Ok(SpaceId(row.get(0)?))).optional()?)
}

/// All documents.
pub(crate) fn all(connection: &Connection) -> Result<Vec<ScoreId>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT id FROM documents ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(ScoreId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The heads of a document as they are stored: sorted hashes, one after the other.
pub(crate) fn heads(connection: &Connection, document: ScoreId) -> Result<Vec<u8>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT heads FROM documents WHERE id = ?")?;
    let heads = statement.query_row([document.0], |row| row.get(0)).optional()?;
    heads.ok_or_else(|| SyncError::UnknownScore(document.to_string()))
}

/// The stored form of heads.
pub(crate) fn heads_bytes(heads: impl IntoIterator<Item = ChangeHash>) -> Vec<u8> {
    heads.into_iter().collect::<BTreeSet<_>>().into_iter().flat_map(|hash| hash.0).collect()
}

/// Counts a change as part of its document.
pub(crate) fn add_change(connection: &Connection, space: SpaceId, document: ScoreId, change: &Change, now: u64) -> Result<(), SyncError> {
    let old = match heads(connection, document) {
        Ok(heads) => heads,
        Err(SyncError::UnknownScore(_)) => Vec::new(),
        Err(error) => return Err(error),
    };
    let built_on = |head: &ChangeHash| change.deps().contains(head);
    let stay = old.chunks_exact(32).filter_map(|head| ChangeHash::try_from(head).ok()).filter(|head| !built_on(head));
    let new = heads_bytes(stay.chain([change.hash()]));
    let sql = "INSERT INTO documents (id, space, heads, modified) VALUES (?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET heads = excluded.heads, modified = excluded.modified";
    connection.prepare_cached(sql)?.execute(params![document.0, space.0, new, now])?;
    Ok(())
}

/// The changes of a document that are part of it, after one place of the log and up to another.
pub(crate) fn rows(connection: &Connection, document: ScoreId, after: i64, upto: i64) -> Result<Vec<Row>, SyncError> {
    let sql = "SELECT id, hash, bytes FROM log WHERE document = ? AND id > ? AND id <= ? AND refused IS NULL ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![document.0, after, upto])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, expected, bytes): (i64, [u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let body = Envelope::decode(&bytes).ok().filter(|_| hash(&bytes) == expected).and_then(|envelope| envelope.open());
        let change = body.and_then(|body| crate::document::read_change(&body.change));
        changes.push(Row { id, change: change.ok_or_else(|| damaged(format!("entry {id} of the log is not what was written")))? });
    }
    Ok(changes)
}

/// The place of a document's last change in the log.
pub(crate) fn end(connection: &Connection, document: ScoreId) -> Result<i64, SyncError> {
    let sql = "SELECT id FROM log WHERE document = ? AND refused IS NULL ORDER BY id DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([document.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Works the heads of a document out anew from the log.
pub(crate) fn recount(connection: &Connection, document: ScoreId) -> Result<(), SyncError> {
    let changes = rows(connection, document, 0, i64::MAX)?;
    let built_on: BTreeSet<ChangeHash> = changes.iter().flat_map(|row| row.change.deps().to_vec()).collect();
    let mut heads: Vec<ChangeHash> = changes.iter().map(|row| row.change.hash()).filter(|hash| !built_on.contains(hash)).collect();
    if heads.is_empty() {
        heads.extend(genesis_hash().ok());
    }
    let sql = "INSERT INTO documents (id, space, heads, modified) SELECT document, space, ?1, max(received) FROM log WHERE document = ?2 GROUP BY document
        ON CONFLICT (id) DO UPDATE SET heads = excluded.heads, modified = excluded.modified";
    connection.execute(sql, params![heads_bytes(heads), document.0])?;
    Ok(())
}

/// Throws away everything that follows from the log, and works out the heads anew.
pub(crate) fn rebuild(connection: &Connection) -> Result<(), SyncError> {
    connection.execute_batch("DELETE FROM caches; DELETE FROM scores; DELETE FROM documents;")?;
    let mut statement = connection.prepare("SELECT DISTINCT document FROM log WHERE document IS NOT NULL AND refused IS NULL")?;
    let documents: Vec<ScoreId> = statement.query_map([], |row| Ok(ScoreId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    documents.into_iter().try_for_each(|document| recount(connection, document))
}
