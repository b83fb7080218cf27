//! What is known of each document: its space, its heads, and its changes in the log.

use std::collections::BTreeSet;

use automerge::{Change, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::damaged;
use crate::document::genesis_hash;
use crate::envelope::{Content, Envelope, hash};
use crate::seal::KeyRing;
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

/// Whether a space has any document.
pub(crate) fn any_in(connection: &Connection, space: SpaceId) -> Result<bool, SyncError> {
    Ok(connection.prepare_cached("SELECT 1 FROM documents WHERE space = ?")?.exists([space.0])?)
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
    super::sessions::note(connection, document, change, true)
}

/// The changes of a document that are part of it, after one place of the log and up to another.
pub(crate) fn rows(connection: &Connection, keys: &KeyRing, document: ScoreId, after: i64, upto: i64) -> Result<Vec<Row>, SyncError> {
    let sql = "SELECT id, hash, bytes FROM log WHERE document = ? AND id > ? AND id <= ? AND refused IS NULL ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![document.0, after, upto])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, expected, bytes): (i64, [u8; 32], Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let change = Some(&bytes).filter(|bytes| hash(bytes) == expected).and_then(|bytes| change_in(bytes, keys));
        changes.push(Row { id, change: change.ok_or_else(|| damaged(format!("entry {id} of the log is not what was written")))? });
    }
    Ok(changes)
}

/// The changes of a document that are part of it, and those at places of the log that were until now.
pub(crate) fn rows_and(connection: &Connection, keys: &KeyRing, document: ScoreId, gone: &BTreeSet<i64>) -> Result<Vec<Row>, SyncError> {
    let sql = "SELECT id, bytes, refused IS NULL FROM log WHERE document = ? ORDER BY id";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([document.0])?;
    let mut changes = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, bytes, applied): (i64, Vec<u8>, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if applied || gone.contains(&id) {
            changes.extend(change_in(&bytes, keys).map(|change| Row { id, change }));
        }
    }
    Ok(changes)
}

/// The change in an envelope of the log, which was judged when it came.
pub(crate) fn change_in(envelope: &[u8], keys: &KeyRing) -> Option<Change> {
    match Envelope::decode(envelope).ok()?.open(keys).ok()?.content {
        Content::Change(_, change) => crate::document::read_change(&change),
        Content::Membership(_) => None,
    }
}

/// How often changes of a document were taken back: an open one that was made before must be made anew.
pub(crate) fn taken_back(connection: &Connection, document: ScoreId) -> Result<i64, SyncError> {
    let mut statement = connection.prepare_cached("SELECT taken_back FROM documents WHERE id = ?")?;
    Ok(statement.query_row([document.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Notes that changes of a document were taken back, throws its cache away and works out its heads anew.
pub(crate) fn take_back(connection: &Connection, keys: &KeyRing, document: ScoreId) -> Result<(), SyncError> {
    super::caches::remove(connection, document)?;
    recount(connection, keys, document)?;
    connection.execute("UPDATE documents SET taken_back = taken_back + 1 WHERE id = ?", [document.0])?;
    Ok(())
}

/// The place of a document's last change in the log.
pub(crate) fn end(connection: &Connection, document: ScoreId) -> Result<i64, SyncError> {
    let sql = "SELECT id FROM log WHERE document = ? AND refused IS NULL ORDER BY id DESC LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([document.0], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Works the heads of a document out anew from the log.
pub(crate) fn recount(connection: &Connection, keys: &KeyRing, document: ScoreId) -> Result<(), SyncError> {
    let changes = rows(connection, keys, document, 0, i64::MAX)?;
    super::sessions::recount(connection, document, &changes)?;
    let built_on: BTreeSet<ChangeHash> = changes.iter().flat_map(|row| row.change.deps().to_vec()).collect();
    let mut heads: Vec<ChangeHash> = changes.iter().map(|row| row.change.hash()).filter(|hash| !built_on.contains(hash)).collect();
    if heads.is_empty() {
        heads.extend(genesis_hash().ok());
    }
    let heads = heads_bytes(heads);
    // Nothing may be left of it in the log.
    connection.execute("UPDATE documents SET heads = ? WHERE id = ?", params![heads, document.0])?;
    let sql = "INSERT INTO documents (id, space, heads, modified) SELECT document, space, ?1, max(received) FROM log WHERE document = ?2 GROUP BY document
        ON CONFLICT (id) DO UPDATE SET modified = excluded.modified";
    connection.execute(sql, params![heads, document.0])?;
    Ok(())
}

/// Throws away everything that follows from the log. Gives the documents whose heads have to be worked out anew.
pub(crate) fn forget(connection: &Connection) -> Result<Vec<(SpaceId, ScoreId)>, SyncError> {
    connection.execute_batch("DELETE FROM caches; DELETE FROM scores; DELETE FROM documents;")?;
    let sql = "SELECT DISTINCT space, document FROM log WHERE document IS NOT NULL AND refused IS NULL";
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map([], |row| Ok((SpaceId(row.get(0)?), ScoreId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
