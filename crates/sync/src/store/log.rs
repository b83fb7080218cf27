//! The log: every envelope, in the order in which it came here.

use std::collections::BTreeMap;

use automerge::{Change, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::documents;
use crate::document::genesis_hash;
use crate::envelope::{Body, ChainState, Envelope, Hash, LogState, Reason, Verdict, hash, judge};
use crate::identity::Identity;
use crate::{DeviceId, RefusedChange, ScoreId, SpaceId, SyncError};

/// How much of the quarantine is kept: the newest envelopes, and so much of each.
const QUARANTINE_ROWS: i64 = 1000;
const QUARANTINE_BYTES: usize = 64 << 10;

/// What became of an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is in the log and its change is part of a document.
    Applied(ScoreId),
    /// It is in the log, and its change is not applied.
    Kept(DeviceId, u64, Option<ScoreId>, Reason),
    /// It was here already.
    Known,
    /// It is not in the log.
    Refused(Option<(DeviceId, u64)>, Reason),
}

struct Log<'a>(&'a Connection);

impl ChainState for Log<'_> {
    type Error = SyncError;

    fn is_member(&self, space: SpaceId, device: DeviceId) -> Result<bool, SyncError> {
        super::members::is_member(self.0, space, device)
    }

    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, SyncError> {
        last(self.0, space, device)
    }

    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, SyncError> {
        let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
        let sql = "SELECT hash FROM log WHERE space = ? AND device = ? AND seq = ?";
        Ok(self.0.prepare_cached(sql)?.query_row(params![space.0, device.0, seq], |row| row.get(0)).optional()?)
    }
}

impl LogState for Log<'_> {
    fn holds(&self, _: SpaceId, document: ScoreId, change: &ChangeHash) -> Result<bool, SyncError> {
        if genesis_hash().is_ok_and(|genesis| genesis == *change) {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM log WHERE document = ? AND change = ? AND refused IS NULL";
        Ok(self.0.prepare_cached(sql)?.exists(params![document.0, change.0])?)
    }
}

/// The number and hash of a device's last envelope.
pub(crate) fn last(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, SyncError> {
    let sql = "SELECT seq, hash FROM log WHERE space = ? AND device = ? ORDER BY seq DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![space.0, device.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// Signs a change of this device and appends it. Gives its place in the log.
pub(crate) fn append(
    connection: &Connection,
    identity: &Identity,
    (space, document): (SpaceId, ScoreId),
    mut change: Change,
    now: u64,
) -> Result<i64, SyncError> {
    let (seq, previous) = last(connection, space, identity.device())?.unwrap_or((0, [0; 32]));
    let body = Body { document, membership: [0; 32], change: change.bytes().into_owned() };
    let (envelope, bytes) = Envelope::seal(identity, space, seq + 1, previous, &body)?;
    let id = insert(connection, &envelope, &bytes, Some(document), Some(&change), None, now)?;
    documents::add_change(connection, space, document, &change, now)?;
    Ok(id)
}

fn insert(
    connection: &Connection,
    envelope: &Envelope,
    bytes: &[u8],
    document: Option<ScoreId>,
    change: Option<&Change>,
    refused: Option<Reason>,
    now: u64,
) -> Result<i64, SyncError> {
    let sql = "INSERT INTO log (space, device, seq, hash, document, change, refused, received, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![
        envelope.space.0,
        envelope.device.0,
        envelope.seq,
        hash(bytes),
        document.map(|document| document.0),
        change.map(|change| change.hash().0),
        refused.map(Reason::code),
        now,
        bytes
    ])?;
    Ok(connection.last_insert_rowid())
}

/// Judges an envelope that came from outside and puts it where it belongs.
pub(crate) fn receive(connection: &Connection, space: SpaceId, bytes: &[u8], now: u64) -> Result<Received, SyncError> {
    let Ok(envelope) = Envelope::decode(bytes) else {
        quarantine(connection, (space, DeviceId([0; 32]), 0), Reason::Body, bytes, now)?;
        return Ok(Received::Refused(None, Reason::Body));
    };
    let author = (envelope.device, envelope.seq);
    match judge(&envelope, &hash(bytes), space, &Log(connection))? {
        Verdict::Known => Ok(Received::Known),
        Verdict::Refuse(reason) => {
            quarantine(connection, (space, envelope.device, envelope.seq), reason, bytes, now)?;
            Ok(Received::Refused(Some(author), reason))
        }
        Verdict::Keep(document, reason) => {
            insert(connection, &envelope, bytes, document, None, Some(reason), now)?;
            Ok(Received::Kept(author.0, author.1, document, reason))
        }
        Verdict::Apply(body, change) => {
            // A document lives in one space; whoever knows its id from elsewhere cannot write into it from another.
            if documents::space_of(connection, body.document)?.is_some_and(|home| home != space) {
                insert(connection, &envelope, bytes, None, None, Some(Reason::Space), now)?;
                return Ok(Received::Kept(author.0, author.1, None, Reason::Space));
            }
            insert(connection, &envelope, bytes, Some(body.document), Some(&change), None, now)?;
            documents::add_change(connection, space, body.document, &change, now)?;
            take_up_waiting(connection, space, body.document, now)?;
            Ok(Received::Applied(body.document))
        }
    }
}

/// Applies what waited for changes that are now here. It goes to the end of the log, where readers look for news.
fn take_up_waiting(connection: &Connection, space: SpaceId, document: ScoreId, now: u64) -> Result<(), SyncError> {
    let sql = "SELECT id, bytes FROM log WHERE document = ? AND refused = ? ORDER BY id";
    loop {
        let waiting: Vec<(i64, Vec<u8>)> = connection
            .prepare_cached(sql)?
            .query_map(params![document.0, Reason::Dependencies.code()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut taken = false;
        for (id, bytes) in waiting {
            let change = Envelope::decode(&bytes).ok().and_then(|envelope| envelope.open());
            let Some(change) = change.and_then(|body| crate::document::read_change(&body.change)) else { continue };
            let mut complete = true;
            for dependency in change.deps() {
                complete &= Log(connection).holds(space, document, dependency)?;
            }
            if complete {
                let sql = "UPDATE log SET id = (SELECT max(id) FROM log) + 1, refused = NULL, change = ? WHERE id = ?";
                connection.execute(sql, params![change.hash().0, id])?;
                documents::add_change(connection, space, document, &change, now)?;
                taken = true;
            }
        }
        if !taken {
            return Ok(());
        }
    }
}

fn quarantine(
    connection: &Connection,
    (space, device, seq): (SpaceId, DeviceId, u64),
    reason: Reason,
    bytes: &[u8],
    now: u64,
) -> Result<(), SyncError> {
    let sql = "INSERT INTO quarantine (space, device, seq, reason, received, bytes) VALUES (?, ?, ?, ?, ?, ?)";
    let kept = &bytes[..bytes.len().min(QUARANTINE_BYTES)];
    connection.execute(sql, params![space.0, device.0, seq as i64, reason.code(), now, kept])?;
    connection.execute("DELETE FROM quarantine WHERE id <= (SELECT max(id) FROM quarantine) - ?", [QUARANTINE_ROWS])?;
    Ok(())
}

/// Marks an envelope of the log whose change turned out to be impossible to apply.
pub(crate) fn refuse(connection: &Connection, id: i64, reason: Reason) -> Result<(), SyncError> {
    connection.execute("UPDATE log SET refused = ? WHERE id = ?", params![reason.code(), id])?;
    Ok(())
}

/// How far each device's log is known here.
pub(crate) fn vector(connection: &Connection, space: SpaceId) -> Result<BTreeMap<DeviceId, u64>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT device, max(seq) FROM log WHERE space = ? GROUP BY device")?;
    let rows = statement.query_map([space.0], |row| Ok((DeviceId(row.get(0)?), row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A stretch of the log of a space.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogPage {
    /// The envelopes: who wrote them, their numbers and bytes.
    pub entries: Vec<(DeviceId, u64, Vec<u8>)>,
    /// Up to which place of the log they reach; the next page begins after it.
    pub upto: i64,
    /// Whether there is more after it.
    pub more: bool,
}

/// The envelopes after a place of the log that are not known to someone, up to so many bytes (but at least one envelope).
pub(crate) fn page(
    connection: &Connection,
    space: SpaceId,
    after: i64,
    known: &BTreeMap<DeviceId, u64>,
    max_bytes: usize,
) -> Result<LogPage, SyncError> {
    let mut page = LogPage { upto: after, ..LogPage::default() };
    let mut size = 0;
    let mut places = connection.prepare_cached("SELECT id, device, seq FROM log WHERE space = ? AND id > ? ORDER BY id")?;
    let mut contents = connection.prepare_cached("SELECT bytes FROM log WHERE id = ?")?;
    let mut rows = places.query(params![space.0, after])?;
    while let Some(row) = rows.next()? {
        let (id, device, seq): (i64, DeviceId, u64) = (row.get(0)?, DeviceId(row.get(1)?), row.get(2)?);
        if known.get(&device).is_none_or(|known| seq > *known) {
            let bytes: Vec<u8> = contents.query_row([id], |row| row.get(0))?;
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

const REFUSED: &str = "SELECT received, space, device, seq, document, refused FROM log WHERE refused IS NOT NULL";

fn refused_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<RefusedChange> {
    let seq: i64 = row.get(3)?;
    let reason: String = row.get(5)?;
    Ok(RefusedChange {
        space: SpaceId(row.get(1)?),
        device: DeviceId(row.get(2)?),
        seq: seq as u64,
        score: row.get::<_, Option<[u8; 16]>>(4)?.map(ScoreId),
        reason: Reason::from_code(&reason).unwrap_or(Reason::Body),
    })
}

/// What was refused or is kept without being applied, newest first.
pub(crate) fn refused(connection: &Connection) -> Result<Vec<RefusedChange>, SyncError> {
    let sql = format!(
        "{REFUSED} UNION ALL SELECT received, space, device, seq, NULL, reason FROM quarantine ORDER BY 1 DESC LIMIT {QUARANTINE_ROWS}"
    );
    let mut statement = connection.prepare(&sql)?;
    let rows = statement.query_map([], refused_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The refused change at a place of the log.
pub(crate) fn refused_at(connection: &Connection, id: i64) -> Result<Option<RefusedChange>, SyncError> {
    Ok(connection.query_row(&format!("{REFUSED} AND id = ?"), [id], refused_row).optional()?)
}
