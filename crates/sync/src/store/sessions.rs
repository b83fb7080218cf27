//! Sessions: how many changes each session of a device has made in a document.
//!
//! The changes of one session are numbered from 1, and stand in its device's log in that order. Automerge goes by those numbers: it
//! takes no number twice and none before the one it follows. What a device judges by them must not depend on what else had come
//! already, so both is counted: which numbers were read, in the order of the device's log, and which are part of the document.

use automerge::{ActorId, Change};
use rusqlite::{Connection, OptionalExtension, params};

use super::Row;
use crate::envelope::{Body, Content, Envelope, Session};
use crate::seal::KeyRing;
use crate::{DeviceId, ScoreId, SpaceId, SyncError};

const SCHEMA: &str = "
CREATE TABLE sessions (
    document BLOB NOT NULL, actor BLOB NOT NULL, seen INTEGER NOT NULL, applied INTEGER NOT NULL, PRIMARY KEY (document, actor)
) STRICT, WITHOUT ROWID;
INSERT INTO sessions SELECT id, x'', 0, 0 FROM documents;
";
/// Stands for all sessions of a document that were not counted, since an older version took them in.
const NOT_COUNTED: &[u8] = &[];

/// Makes the table in a database of a version that had none.
pub(super) fn prepare(connection: &Connection) -> Result<(), SyncError> {
    let there = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sessions'")?.exists([])?;
    if there { Ok(()) } else { Ok(connection.execute_batch(SCHEMA)?) }
}

/// How far a session is known in a document.
pub(crate) fn get(connection: &Connection, keys: &KeyRing, document: ScoreId, actor: &ActorId) -> Result<Session, SyncError> {
    if let Some(session) = read(connection, document, actor.to_bytes())? {
        return Ok(session);
    }
    if read(connection, document, NOT_COUNTED)?.is_none() {
        return Ok(Session::default());
    }
    count(connection, keys, document)?;
    Ok(read(connection, document, actor.to_bytes())?.unwrap_or_default())
}

fn read(connection: &Connection, document: ScoreId, actor: &[u8]) -> Result<Option<Session>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT seen, applied FROM sessions WHERE document = ? AND actor = ?")?;
    let session = |row: &rusqlite::Row<'_>| Ok(Session { seen: row.get(0)?, applied: row.get(1)? });
    Ok(statement.query_row(params![document.0, actor], session).optional()?)
}

/// Counts the sessions of a document that an older version took in.
fn count(connection: &Connection, keys: &KeyRing, document: ScoreId) -> Result<(), SyncError> {
    let mut statement = connection.prepare("SELECT bytes, refused IS NULL FROM log WHERE document = ? ORDER BY id")?;
    let mut rows = statement.query([document.0])?;
    while let Some(row) = rows.next()? {
        let (bytes, applied): (Vec<u8>, bool) = (row.get(0)?, row.get(1)?);
        let Some(Body { content: Content::Change(_, change), .. }) = Envelope::decode(&bytes).ok().and_then(|it| it.open(keys).ok()) else {
            continue;
        };
        if let Ok(change) = crate::document::bounded_change(&change) {
            note(connection, document, &change, applied)?;
        }
    }
    connection.execute("DELETE FROM sessions WHERE document = ? AND actor = ?", params![document.0, NOT_COUNTED])?;
    Ok(())
}

/// A change was read, and perhaps became part of its document.
pub(crate) fn note(connection: &Connection, document: ScoreId, change: &Change, applied: bool) -> Result<(), SyncError> {
    let sql = "INSERT INTO sessions VALUES (?1, ?2, ?3, ?4) ON CONFLICT (document, actor)
        DO UPDATE SET seen = max(seen, excluded.seen), applied = max(applied, excluded.applied)";
    // A number that no session comes to may be larger than the database takes.
    let number = change.seq().min(i64::MAX as u64);
    let applied = if applied { number } else { 0 };
    connection.prepare_cached(sql)?.execute(params![document.0, change.actor_id().to_bytes(), number, applied])?;
    Ok(())
}

/// The changes of a document are these now.
pub(super) fn recount(connection: &Connection, document: ScoreId, rows: &[Row]) -> Result<(), SyncError> {
    connection.execute("UPDATE sessions SET applied = 0 WHERE document = ?", [document.0])?;
    rows.iter().try_for_each(|row| note(connection, document, &row.change, true))
}

/// The log of a device is to be taken out of a space: its sessions are read anew when it comes again.
pub(super) fn forget(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
    let sql = "DELETE FROM sessions WHERE substr(actor, 1, ?) = ?
        AND document IN (SELECT document FROM log WHERE space = ? AND device = ? AND document IS NOT NULL)";
    let begins = crate::document::actors_of(device);
    connection.execute(sql, params![begins.len(), begins, space.0, device.0])?;
    Ok(())
}
