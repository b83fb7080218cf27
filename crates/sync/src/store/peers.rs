//! Where other devices were last met.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{DeviceId, SyncError};

/// Remembers where a device was met.
pub(crate) fn put_address(connection: &Connection, device: DeviceId, addresses: &[u8], now: u64) -> Result<(), SyncError> {
    let sql = "INSERT INTO peers VALUES (?, ?, ?) ON CONFLICT (device) DO UPDATE SET addresses = excluded.addresses, seen = excluded.seen";
    connection.execute(sql, params![device.0, addresses, now])?;
    Ok(())
}

/// Where a device was last met.
pub(crate) fn address(connection: &Connection, device: DeviceId) -> Result<Option<Vec<u8>>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT addresses FROM peers WHERE device = ?")?;
    Ok(statement.query_row([device.0], |row| row.get(0)).optional()?)
}
