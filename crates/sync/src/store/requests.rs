//! Who asks to come in here, and where this device asks.

use rusqlite::{Connection, OptionalExtension, params};

use super::damaged;
use crate::identity::Card;
use crate::membership::Person;
use crate::{DeviceId, InviteId, SpaceId, SyncError};

/// The most requests that wait for one space.
const MAX_WAITING: i64 = 100;

/// A device that asks to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asking {
    pub space: SpaceId,
    pub invite: InviteId,
    pub card: Card,
    pub person: Person,
    pub since: u64,
    pub declined: bool,
}

/// Keeps a request. Gives whether it is new; nothing where too many wait already.
pub(crate) fn add(connection: &Connection, asking: &Asking) -> Result<Option<bool>, SyncError> {
    if get(connection, asking.space, asking.card.device)?.is_some() {
        return Ok(Some(false));
    }
    let count: i64 = connection.query_row("SELECT count(*) FROM requests WHERE space = ?", [asking.space.0], |row| row.get(0))?;
    if count >= MAX_WAITING {
        return Ok(None);
    }
    let card = postcard::to_stdvec(&asking.card).map_err(|error| damaged(error.to_string()))?;
    let Asking { space, invite, card: Card { device, .. }, person, since, declined } = asking;
    connection.execute(
        "INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        params![space.0, device.0, invite.0, card, person.name, person.colour, since, declined],
    )?;
    Ok(Some(true))
}

const REQUEST: &str = "SELECT space, invite, card, name, colour, asked, declined FROM requests";

fn asking(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<Asking>> {
    let card: Vec<u8> = row.get(2)?;
    let (space, invite) = (SpaceId(row.get(0)?), InviteId(row.get(1)?));
    let person = Person { name: row.get(3)?, colour: row.get(4)? };
    let (since, declined) = (row.get(5)?, row.get(6)?);
    Ok(postcard::from_bytes(&card).ok().map(|card| Asking { space, invite, card, person, since, declined }))
}

/// What a device asked.
pub(crate) fn get(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Option<Asking>, SyncError> {
    let sql = format!("{REQUEST} WHERE space = ? AND device = ?");
    Ok(connection.prepare_cached(&sql)?.query_row(params![space.0, device.0], asking).optional()?.flatten())
}

/// All who wait for an answer, those who asked first at first.
pub(crate) fn waiting(connection: &Connection) -> Result<Vec<Asking>, SyncError> {
    let mut statement = connection.prepare_cached(&format!("{REQUEST} WHERE NOT declined ORDER BY asked, device"))?;
    let rows = statement.query_map([], asking)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Says no.
pub(crate) fn decline(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
    connection.execute("UPDATE requests SET declined = 1 WHERE space = ? AND device = ?", params![space.0, device.0])?;
    Ok(())
}

/// Forgets a request.
pub(crate) fn remove(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
    connection.execute("DELETE FROM requests WHERE space = ? AND device = ?", params![space.0, device.0])?;
    Ok(())
}

/// Remembers that this device asked to come into a space.
pub(crate) fn asked(connection: &Connection, space: SpaceId, ticket: &str, now: u64) -> Result<(), SyncError> {
    connection.execute("INSERT OR REPLACE INTO asked VALUES (?, ?, ?)", params![space.0, ticket, now])?;
    Ok(())
}

/// The tickets by which this device asked and was not answered yet.
pub(crate) fn unanswered(connection: &Connection) -> Result<Vec<(SpaceId, String)>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT space, ticket FROM asked ORDER BY since, space")?;
    let rows = statement.query_map([], |row| Ok((SpaceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Forgets that this device asked.
pub(crate) fn answered(connection: &Connection, space: SpaceId) -> Result<(), SyncError> {
    connection.execute("DELETE FROM asked WHERE space = ?", [space.0])?;
    Ok(())
}
