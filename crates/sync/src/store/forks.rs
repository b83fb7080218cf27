//! Devices whose logs were forked: from which number on they have another, and what has come of the one that is to take the place of
//! the log here.

use rusqlite::{Connection, OptionalExtension, params};

use crate::envelope::{Envelope, Hash, hash};
use crate::{DeviceId, SpaceId, SyncError};

use super::log;

const SCHEMA: &str = "
CREATE TABLE branches (
    space BLOB NOT NULL, device BLOB NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (space, device, seq)
) STRICT;
";
/// The most bytes that are kept of another log of a device.
const MOST_BYTES: i64 = 512 << 20;

/// Makes the table in a database of a version that had none.
pub(super) fn prepare(connection: &Connection) -> Result<(), SyncError> {
    let there = connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'branches'")?.exists([])?;
    if there { Ok(()) } else { Ok(connection.execute_batch(SCHEMA)?) }
}

/// Freezes the log of a device. Gives whether that is new.
pub(crate) fn freeze(connection: &Connection, space: SpaceId, device: DeviceId, seq: u64, now: u64) -> Result<bool, SyncError> {
    let sql = "INSERT OR IGNORE INTO forks VALUES (?, ?, ?, ?)";
    Ok(connection.execute(sql, params![space.0, device.0, seq, now])? > 0)
}

/// From which number on the log of a device has another, if it is frozen.
pub(crate) fn frozen(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Option<u64>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT seq FROM forks WHERE space = ? AND device = ?")?;
    Ok(statement.query_row(params![space.0, device.0], |row| row.get(0)).optional()?)
}

/// The devices whose logs are frozen in a space, and from which number on they have another.
pub(crate) fn all(connection: &Connection, space: SpaceId) -> Result<Vec<(DeviceId, u64)>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT device, seq FROM forks WHERE space = ? ORDER BY device")?;
    let rows = statement.query_map([space.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Lets the log of a device go on.
pub(crate) fn thaw(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
    connection.execute("DELETE FROM forks WHERE space = ? AND device = ?", params![space.0, device.0])?;
    Ok(())
}

/// Keeps an envelope of another log apart, if that goes on with it: after the part that it has in common with the log here, or
/// after what was kept of it before. What was kept from there on is another's, and goes. Gives whether it was kept.
pub(crate) fn put_aside(connection: &Connection, envelope: &Envelope, bytes: &[u8]) -> Result<bool, SyncError> {
    let Envelope { space, device, seq, previous, .. } = envelope;
    let (space, device, seq) = (*space, *device, *seq);
    let follows = |found: Option<Hash>| found.as_ref() == Some(previous);
    let parts_here = if seq == 1 { *previous == [0; 32] } else { follows(log::hash_of(connection, space, device, seq.saturating_sub(1))?) };
    if !parts_here && !follows(kept(connection, space, device, seq.saturating_sub(1))?) {
        return Ok(false);
    }
    drop_branch(connection, space, device, if parts_here { 0 } else { seq })?;
    if seq.is_multiple_of(256) || bytes.len() >= 64 << 10 {
        let sql = "SELECT coalesce(sum(length(bytes)), 0) FROM branches WHERE space = ? AND device = ?";
        let size: i64 = connection.query_row(sql, params![space.0, device.0], |row| row.get(0))?;
        if size >= MOST_BYTES {
            return Ok(false);
        }
    }
    let sql = "INSERT INTO branches VALUES (?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![space.0, device.0, seq, hash(bytes), bytes])?;
    Ok(true)
}

fn kept(connection: &Connection, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, SyncError> {
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    let sql = "SELECT hash FROM branches WHERE space = ? AND device = ? AND seq = ?";
    Ok(connection.prepare_cached(sql)?.query_row(params![space.0, device.0, seq], |row| row.get(0)).optional()?)
}

/// Drops what was kept of another log from a number on.
pub(crate) fn drop_branch(connection: &Connection, space: SpaceId, device: DeviceId, from: u64) -> Result<(), SyncError> {
    let sql = "DELETE FROM branches WHERE space = ? AND device = ? AND seq >= ?";
    connection.prepare_cached(sql)?.execute(params![space.0, device.0, from])?;
    Ok(())
}

/// The first envelope after a number that was kept of another log.
pub(crate) fn next(connection: &Connection, space: SpaceId, device: DeviceId, after: u64) -> Result<Option<(u64, Vec<u8>)>, SyncError> {
    let sql = "SELECT seq, bytes FROM branches WHERE space = ? AND device = ? AND seq > ? ORDER BY seq LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![space.0, device.0, after], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}
