//! Envelopes: judged, kept, handed on, and dropped when nobody needs them any more.

use std::collections::BTreeMap;

use bandpro_sync::envelope::{ChainState, Envelope, Hash, Outside, Reason, hash, judge_outside};
use bandpro_sync::mailbox::{Full, MAX_DEVICES, Pushed, Release, Signed, Vector};
use bandpro_sync::store::log::LogPage;
use bandpro_sync::{DeviceId, SpaceId};
use rusqlite::{Connection, OptionalExtension, params};

use super::{bands, boxes};
use crate::{RelayError, config};

/// What the judge asks, answered for a box: a member is who is on its roster, or was.
struct Chain<'a>(&'a Connection);

impl ChainState for Chain<'_> {
    type Error = RelayError;

    fn is_member(&self, space: SpaceId, device: DeviceId) -> Result<bool, RelayError> {
        boxes::knows(self.0, space, device)
    }

    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, RelayError> {
        Ok(tail(self.0, space, device)?.map(|tail| (tail.seq, tail.hash)))
    }

    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, RelayError> {
        let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
        let mut statement = self.0.prepare_cached("SELECT hash FROM log WHERE space = ? AND device = ? AND seq = ?")?;
        Ok(statement.query_row(params![space.0, device.0, seq], |row| row.get(0)).optional()?)
    }
}

struct Tail {
    seq: u64,
    hash: Hash,
    dropped: u64,
}

fn tail(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Option<Tail>, RelayError> {
    let mut statement = connection.prepare_cached("SELECT seq, hash, dropped FROM tails WHERE space = ? AND device = ?")?;
    let row = |row: &rusqlite::Row<'_>| Ok(Tail { seq: row.get(0)?, hash: row.get(1)?, dropped: row.get(2)? });
    Ok(statement.query_row(params![space.0, device.0], row).optional()?)
}

/// How far each device's log is known, and up to where it was dropped.
pub fn tails(connection: &Connection, space: SpaceId) -> Result<(Vector, Vector), RelayError> {
    let mut statement = connection.prepare_cached("SELECT device, seq, dropped FROM tails WHERE space = ? LIMIT ?")?;
    let rows = statement.query_map(params![space.0, MAX_DEVICES], |row| Ok((DeviceId(row.get(0)?), row.get(1)?, row.get(2)?)))?;
    let rows: Vec<(DeviceId, u64, u64)> = rows.collect::<Result<_, _>>()?;
    let known = rows.iter().map(|(device, seq, _)| (*device, *seq)).collect();
    Ok((known, rows.iter().filter(|row| row.2 > 0).map(|(device, _, dropped)| (*device, *dropped)).collect()))
}

/// Judges envelopes that a device pushed and keeps those that are genuine and fit, in order.
pub fn push(
    connection: &Connection,
    (space, band): (SpaceId, i64),
    envelopes: &[Vec<u8>],
    bounds: &config::Band,
    now: u64,
) -> Result<Pushed, RelayError> {
    let mut pushed = Pushed::default();
    let band = bands::by_id(connection, band)?.ok_or(RelayError::Damaged("a band"))?;
    let (mut bytes_left, mut envelopes_left) = band.room(bounds);
    let mut kept = 0_i64;
    for bytes in envelopes {
        let author = Envelope::author(bytes);
        if pushed.refused.iter().any(|(device, ..)| author.is_some_and(|author| author.0 == *device)) {
            continue;
        }
        match take(connection, space, bytes, (bytes_left, envelopes_left), now)? {
            Taken::Kept => {
                pushed.stored += 1;
                kept += bytes.len() as i64;
                bytes_left -= bytes.len() as u64;
                envelopes_left -= 1;
            }
            Taken::Known => {}
            Taken::Refused(reason) => {
                let (device, seq) = author.unwrap_or((DeviceId([0; 32]), 0));
                if pushed.refused.len() < MAX_DEVICES {
                    pushed.refused.push((device, seq, reason.code().to_owned()));
                }
            }
            Taken::Full(full) => {
                pushed.full = Some(full);
                break;
            }
        }
    }
    bands::count(connection, band.id, kept, pushed.stored as i64)?;
    Ok(pushed)
}

enum Taken {
    Kept,
    Known,
    Refused(Reason),
    Full(Full),
}

fn take(connection: &Connection, space: SpaceId, bytes: &[u8], room: (u64, u64), now: u64) -> Result<Taken, RelayError> {
    let Ok(envelope) = Envelope::decode(bytes) else { return Ok(Taken::Refused(Reason::Body)) };
    // What was dropped, everyone had: there is nothing left to compare it with.
    if envelope.seq > 0 && tail(connection, space, envelope.device)?.is_some_and(|tail| envelope.seq <= tail.dropped) {
        return Ok(Taken::Known);
    }
    let hash = hash(bytes);
    match judge_outside(&envelope, &hash, space, &Chain(connection))? {
        Outside::Known => return Ok(Taken::Known),
        Outside::Refuse(reason) => return Ok(Taken::Refused(reason)),
        Outside::Next => {}
    }
    if room.0 < bytes.len() as u64 {
        return Ok(Taken::Full(Full::Bytes));
    }
    if room.1 == 0 {
        return Ok(Taken::Full(Full::Envelopes));
    }
    let (device, seq) = (envelope.device.0, envelope.seq);
    let sql = "INSERT INTO log (space, device, seq, hash, received, bytes) VALUES (?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![space.0, device, seq, hash, now, bytes])?;
    let sql = "INSERT INTO tails (space, device, seq, hash) VALUES (?, ?, ?, ?)
               ON CONFLICT (space, device) DO UPDATE SET seq = excluded.seq, hash = excluded.hash";
    connection.prepare_cached(sql)?.execute(params![space.0, device, seq, hash])?;
    Ok(Taken::Kept)
}

/// The envelopes after a place that are not known to someone, up to so many bytes (but at least one).
pub fn page(
    connection: &Connection,
    space: SpaceId,
    after: i64,
    known: &BTreeMap<DeviceId, u64>,
    max_bytes: usize,
) -> Result<LogPage, RelayError> {
    let mut page = LogPage { upto: after, ..LogPage::default() };
    let mut size = 0;
    let mut places = connection.prepare_cached("SELECT id, device, seq FROM log WHERE space = ? AND id > ? ORDER BY id")?;
    let mut contents = connection.prepare_cached("SELECT bytes FROM log WHERE id = ?")?;
    let mut rows = places.query(params![space.0, after])?;
    while let Some(row) = rows.next()? {
        let (id, device, seq): (i64, DeviceId, u64) = (row.get(0)?, DeviceId(row.get(1)?), row.get(2)?);
        if known.get(&device).is_none_or(|known| seq > *known) {
            // It may be dropped by the writer between the two looks.
            let Some(bytes) = contents.query_row([id], |row| row.get::<_, Vec<u8>>(0)).optional()? else { continue };
            if !page.entries.is_empty() && size + bytes.len() > max_bytes {
                page.more = true;
                return Ok(page);
            }
            size += bytes.len();
            page.entries.push((device, seq, bytes));
        }
        page.upto = id;
    }
    Ok(page)
}

/// Keeps how far a device has each log.
pub fn acknowledge(connection: &Connection, space: SpaceId, reader: DeviceId, vector: &Vector) -> Result<(), RelayError> {
    let sql = "INSERT INTO acknowledged VALUES (?1, ?2, ?3, ?4) ON CONFLICT (space, reader, author)
               DO UPDATE SET seq = excluded.seq WHERE excluded.seq > seq";
    let mut statement = connection.prepare_cached(sql)?;
    for (author, seq) in vector {
        // Only of those whose envelopes are here: a reader cannot fill the table with others.
        if let Some(tail) = tail(connection, space, *author)? {
            let seq = tail.seq.min(*seq);
            statement.execute(params![space.0, reader.0, author.0, seq])?;
        }
    }
    Ok(())
}

/// Drops what every device on the roster has and what came before a time (in milliseconds since 1970). Gives how many.
pub fn drop_what_all_have(connection: &Connection, space: SpaceId, came_before: u64) -> Result<u64, RelayError> {
    let Some(boxes::Boxed { band, roster }) = boxes::get(connection, space)? else { return Ok(0) };
    let sql = "SELECT min(coalesce(seq, 0)) FROM devices
               LEFT JOIN acknowledged ON acknowledged.space = devices.space AND reader = device AND author = ?2
               WHERE devices.space = ?1 AND here AND device <> ?2";
    let (known, _) = tails(connection, space)?;
    let mut dropped = 0;
    for (author, seq) in known {
        // One who wrote a log has it; with nobody else there, nobody waits for it, but it shall be there for who joins.
        let waits = roster.devices.iter().any(|device| *device != author);
        let upto: u64 = if waits { connection.prepare_cached(sql)?.query_row(params![space.0, author.0], |row| row.get(0))? } else { 0 };
        dropped += drop_upto(connection, (space, band), author, upto.min(seq), came_before)?;
    }
    Ok(dropped)
}

fn drop_upto(
    connection: &Connection,
    (space, band): (SpaceId, i64),
    author: DeviceId,
    upto: u64,
    came_before: u64,
) -> Result<u64, RelayError> {
    // A log is dropped from its beginning, without holes: up to before the first that is kept for its age.
    let sql = "SELECT min(seq) FROM log WHERE space = ? AND device = ? AND received >= ?";
    let young: Option<u64> = connection.prepare_cached(sql)?.query_row(params![space.0, author.0, came_before], |row| row.get(0))?;
    let upto = young.map_or(upto, |young| upto.min(young.saturating_sub(1)));
    let sql = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM log WHERE space = ? AND device = ? AND seq <= ?";
    let (count, bytes): (i64, i64) =
        connection.prepare_cached(sql)?.query_row(params![space.0, author.0, upto], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if count > 0 {
        let sql = "DELETE FROM log WHERE space = ? AND device = ? AND seq <= ?";
        connection.prepare_cached(sql)?.execute(params![space.0, author.0, upto])?;
        let sql = "UPDATE tails SET dropped = ?3 WHERE space = ?1 AND device = ?2";
        connection.prepare_cached(sql)?.execute(params![space.0, author.0, upto])?;
        bands::count(connection, band, -bytes, -count)?;
    }
    Ok(count as u64)
}

/// Drops what an owner says may go, whoever lacks it. Gives how many.
pub fn release(connection: &Connection, space: SpaceId, release: &Signed<Release>) -> Result<u64, RelayError> {
    let Some(boxes::Boxed { band, roster }) = boxes::get(connection, space)? else { return Ok(0) };
    if !release.counts_under(&roster) {
        return Ok(0);
    }
    let mut dropped = 0;
    for (author, upto) in &release.content.upto {
        if let Some(tail) = tail(connection, space, *author)? {
            dropped += drop_upto(connection, (space, band), *author, tail.seq.min(*upto), u64::try_from(i64::MAX).unwrap_or(0))?;
        }
    }
    Ok(dropped)
}

/// All boxes.
pub fn spaces(connection: &Connection) -> Result<Vec<SpaceId>, RelayError> {
    let mut statement = connection.prepare_cached("SELECT space FROM boxes")?;
    Ok(statement.query_map([], |row| Ok(SpaceId(row.get(0)?)))?.collect::<Result<_, _>>()?)
}
