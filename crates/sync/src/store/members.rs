//! Spaces, who is in them, invitations, and where other devices were last met.

use rusqlite::{Connection, OptionalExtension, params};

use crate::envelope::Hash;
use crate::protocol::Refusal;
use crate::{DeviceId, Space, SpaceId, SyncError};

/// How a device came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It was a member already.
    Member,
    /// Its ticket was good; it is a member now.
    Joined,
}

/// The longest name of a device or a space that is kept.
const MAX_NAME: usize = 100;
/// More devices than any band has.
const MAX_MEMBERS: i64 = 10_000;

fn cut(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

/// Makes a space, or does nothing where it is.
pub(crate) fn add_space(connection: &Connection, space: SpaceId, name: &str, own: bool, now: u64) -> Result<(), SyncError> {
    connection.execute("INSERT OR IGNORE INTO spaces VALUES (?, ?, ?, ?)", params![space.0, cut(name), own, now])?;
    Ok(())
}

/// This person's own space.
pub(crate) fn own_space(connection: &Connection) -> Result<Option<SpaceId>, SyncError> {
    let sql = "SELECT id FROM spaces WHERE own ORDER BY created, id LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([], |row| Ok(SpaceId(row.get(0)?))).optional()?)
}

/// All spaces with their devices, one's own first.
pub(crate) fn spaces(connection: &Connection) -> Result<Vec<Space>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT id, name, own FROM spaces ORDER BY own DESC, created, id")?;
    let rows: Vec<(SpaceId, String, bool)> =
        statement.query_map([], |row| Ok((SpaceId(row.get(0)?), row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    rows.into_iter().map(|(id, name, own)| Ok(Space { id, name, own, devices: members(connection, id)? })).collect()
}

/// The name of a space.
pub(crate) fn space_name(connection: &Connection, space: SpaceId) -> Result<Option<String>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT name FROM spaces WHERE id = ?")?;
    Ok(statement.query_row([space.0], |row| row.get(0)).optional()?)
}

/// The devices of a space with their names.
pub(crate) fn members(connection: &Connection, space: SpaceId) -> Result<Vec<(DeviceId, String)>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT device, name FROM members WHERE space = ? ORDER BY since, device")?;
    let rows = statement.query_map([space.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a device is in a space.
pub(crate) fn is_member(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<bool, SyncError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM members WHERE space = ? AND device = ?")?;
    Ok(statement.exists(params![space.0, device.0])?)
}

/// Takes a device into a space. Gives whether that is news.
pub(crate) fn add_member(connection: &Connection, space: SpaceId, device: DeviceId, name: &str, now: u64) -> Result<bool, SyncError> {
    let count: i64 = connection.query_row("SELECT count(*) FROM members WHERE space = ?", [space.0], |row| row.get(0))?;
    if count >= MAX_MEMBERS {
        return Ok(false);
    }
    let sql = "INSERT OR IGNORE INTO members VALUES (?, ?, ?, ?)";
    Ok(connection.execute(sql, params![space.0, device.0, cut(name), now])? > 0)
}

/// What a device itself says it is called.
pub(crate) fn rename_member(connection: &Connection, space: SpaceId, device: DeviceId, name: &str) -> Result<(), SyncError> {
    let sql = "UPDATE members SET name = ?3 WHERE space = ?1 AND device = ?2 AND name <> ?3";
    connection.execute(sql, params![space.0, device.0, cut(name)])?;
    Ok(())
}

/// What is kept of a secret: who reads the database cannot join with it.
fn secret_hash(secret: &[u8; 16]) -> Hash {
    blake3::derive_key("bandpro invitation secret v1", secret)
}

/// Keeps an invitation.
pub(crate) fn add_invite(
    connection: &Connection,
    space: SpaceId,
    secret: &[u8; 16],
    expires: u64,
    uses: Option<u32>,
) -> Result<(), SyncError> {
    connection.execute("INSERT INTO invites VALUES (?, ?, ?, ?)", params![space.0, secret_hash(secret), expires, uses])?;
    Ok(())
}

/// Decides whether a device may come in: because it is in, or by the secret of a ticket, which is used up by that.
pub(crate) fn admit(
    connection: &Connection,
    space: SpaceId,
    (device, name): (DeviceId, &str),
    secret: Option<&[u8; 16]>,
    seconds: u64,
) -> Result<Result<Admission, Refusal>, SyncError> {
    if space_name(connection, space)?.is_none() {
        return Ok(Err(Refusal::UnknownSpace));
    }
    if is_member(connection, space, device)? {
        rename_member(connection, space, device, name)?;
        return Ok(Ok(Admission::Member));
    }
    let Some(secret) = secret.map(secret_hash) else { return Ok(Err(Refusal::NotAMember)) };
    let sql = "SELECT expires, uses FROM invites WHERE space = ? AND secret = ?";
    let found: Option<(u64, Option<u32>)> =
        connection.query_row(sql, params![space.0, secret], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    match found {
        None | Some((_, Some(0))) => return Ok(Err(Refusal::Ticket)),
        Some((expires, _)) if seconds >= expires => return Ok(Err(Refusal::Expired)),
        Some((_, None)) => {}
        Some((_, Some(_))) => {
            connection.execute("UPDATE invites SET uses = uses - 1 WHERE space = ? AND secret = ?", params![space.0, secret])?;
        }
    }
    add_member(connection, space, device, name, seconds * 1000)?;
    Ok(Ok(Admission::Joined))
}

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
