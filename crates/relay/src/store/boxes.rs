//! Boxes: a band's share of the mailbox, one for each of its spaces; and the roster of the devices that may use it.

use bandpro_sync::mailbox::{Held, Refusal, Roster, Signed, Token};
use bandpro_sync::{DeviceId, SpaceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{bands, log};
use crate::RelayError;

/// A band's box for one space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Boxed {
    /// Whose it is.
    pub band: i64,
    /// Who may use it.
    pub roster: Roster,
}

/// A box; nothing where the space has none.
pub fn get(connection: &Connection, space: SpaceId) -> Result<Option<Boxed>, RelayError> {
    let mut statement = connection.prepare_cached("SELECT band, roster FROM boxes WHERE space = ?")?;
    let found: Option<(i64, Vec<u8>)> = statement.query_row([space.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((band, bytes)) = found else { return Ok(None) };
    let roster = postcard::from_bytes(&bytes).map_err(|_| RelayError::Damaged("a roster"))?;
    Ok(Some(Boxed { band, roster }))
}

/// Whether a device is on the roster or was: what it wrote while it was may come late, by way of another.
pub fn knows(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<bool, RelayError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM devices WHERE space = ? AND device = ?")?;
    Ok(statement.exists(params![space.0, device.0])?)
}

fn put(connection: &Connection, band: i64, roster: &Roster) -> Result<(), RelayError> {
    let space = roster.space.0;
    let bytes = postcard::to_stdvec(roster).map_err(|_| RelayError::Damaged("a roster"))?;
    let sql = "INSERT INTO boxes VALUES (?, ?, ?) ON CONFLICT (space) DO UPDATE SET roster = excluded.roster";
    connection.execute(sql, params![space, band, bytes])?;
    connection.execute("UPDATE devices SET here = FALSE WHERE space = ?", [space])?;
    let sql = "INSERT INTO devices VALUES (?, ?, TRUE) ON CONFLICT (space, device) DO UPDATE SET here = TRUE";
    let mut insert = connection.prepare_cached(sql)?;
    for device in &roster.devices {
        insert.execute(params![space, device.0])?;
    }
    // Those who left are not waited for.
    let sql = "DELETE FROM acknowledged WHERE space = ?1 AND reader IN (SELECT device FROM devices WHERE space = ?1 AND NOT here)";
    connection.execute(sql, [space])?;
    Ok(())
}

/// What a device shows when it comes.
#[derive(Debug, Clone, PartialEq)]
pub struct Introduction {
    /// Which box it wants.
    pub space: SpaceId,
    /// Who it is: the network has checked its key.
    pub device: DeviceId,
    /// The band's token.
    pub token: Token,
    /// The roster, from an owner.
    pub roster: Option<Signed<Roster>>,
}

/// One who was let in.
#[derive(Debug, Clone, PartialEq)]
pub struct Admitted {
    /// Whose box it is.
    pub band: i64,
    /// What is in it.
    pub held: Held,
}

/// Decides whether a device may come in, opens a box for a band that has none, and takes a newer roster.
pub fn admit(connection: &Connection, who: &Introduction, spaces: u32) -> Result<Result<Admitted, Refusal>, RelayError> {
    match get(connection, who.space)? {
        None => {
            if let Err(refusal) = open(connection, who, spaces)? {
                return Ok(Err(refusal));
            }
        }
        Some(boxed) => {
            if bands::by_id(connection, boxed.band)?.is_none_or(|band| band.withdrawn) {
                return Ok(Err(Refusal::Pass));
            }
            if let Some(roster) = &who.roster {
                replace(connection, who.space, roster)?;
            }
        }
    };
    let Boxed { band, roster } = get(connection, who.space)?.ok_or(RelayError::Damaged("a box"))?;
    if !roster.names(who.device) {
        return Ok(Err(Refusal::NotOnRoster));
    }
    let (known, dropped) = log::tails(connection, who.space)?;
    Ok(Ok(Admitted { band, held: Held { known, dropped, roster } }))
}

/// Opens a box for a band that has none for the space: its pass must be good, and the roster signed by an owner that it names.
fn open(connection: &Connection, who: &Introduction, spaces: u32) -> Result<Result<(), Refusal>, RelayError> {
    let Some(band) = bands::by_token(connection, who.token)? else { return Ok(Err(Refusal::Pass)) };
    let Some(roster) = &who.roster else { return Ok(Err(Refusal::NoRoster)) };
    if !roster.may_open(who.space) {
        return Ok(Err(Refusal::Roster));
    }
    let open: u32 = connection.query_row("SELECT count(*) FROM boxes WHERE band = ?", [band.id], |row| row.get(0))?;
    if open >= spaces {
        return Ok(Err(Refusal::Pass));
    }
    put(connection, band.id, &roster.content)?;
    Ok(Ok(()))
}

/// Takes a newer roster, and says whether it was one. An old one is no offence: its device may just not know of the newer one.
pub fn replace(connection: &Connection, space: SpaceId, roster: &Signed<Roster>) -> Result<bool, RelayError> {
    let boxed = get(connection, space)?.ok_or(RelayError::Damaged("a box"))?;
    let newer = roster.may_replace(&boxed.roster);
    if newer {
        put(connection, boxed.band, &roster.content)?;
    }
    Ok(newer)
}
