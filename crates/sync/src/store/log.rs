//! The log: every envelope, in the order in which it came here.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{ActorId, Change, ChangeHash};
use rusqlite::{Connection, OptionalExtension, params};

use super::{documents, sessions};
use crate::circle::Circle;
use crate::document::{bounded_change, genesis_hash, is_actor_of};
use crate::envelope::{Body, ChainState, Content, Envelope, Hash, LogState, Place, Reason, Session, Verdict, hash, judge, judge_body};
use crate::identity::Identity;
use crate::membership::{Deed, Entry, Mark, Membership, Role};
use crate::seal::{KeyRing, NONCE};
use crate::{DeviceId, RefusedChange, ScoreId, SpaceId, SyncError};

/// How much of the quarantine is kept: the newest envelopes, and so much of each.
const QUARANTINE_ROWS: i64 = 1000;
const QUARANTINE_BYTES: usize = 64 << 10;
/// How much of one device is kept in the log without being applied: envelopes and bytes.
const KEPT: (i64, i64) = (1000, 64 << 20);
/// How much is kept of one who may write, where it only waits for other changes or keys. What comes after that comes again when
/// the other has been met again.
const WAITING: (i64, i64) = (50_000, 512 << 20);

/// What became of an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is in the log and its change is part of a document.
    Applied(ScoreId),
    /// It carries an entry of the membership log, and is not in the log yet: that is for [`keep_entry`], if the entry is taken.
    Entry(Box<Entry>),
    /// It is in the log, and its change is not applied.
    Kept(DeviceId, u64, Option<ScoreId>, Reason),
    /// It was here already.
    Known,
    /// It is not in the log.
    Refused(Option<(DeviceId, u64)>, Reason),
}

struct Log<'a> {
    connection: &'a Connection,
    circle: &'a Circle,
}

impl ChainState for Log<'_> {
    type Error = SyncError;

    fn is_member(&self, _: SpaceId, device: DeviceId) -> Result<bool, SyncError> {
        Ok(self.circle.log.state().devices.contains_key(&device))
    }

    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, SyncError> {
        last(self.connection, space, device)
    }

    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, SyncError> {
        hash_of(self.connection, space, device, seq)
    }
}

impl LogState for Log<'_> {
    fn membership(&self) -> &Membership {
        &self.circle.log
    }

    fn keys(&self) -> &KeyRing {
        &self.circle.keys
    }

    fn holds(&self, document: ScoreId, change: &ChangeHash) -> Result<bool, SyncError> {
        if genesis_hash().is_ok_and(|genesis| genesis == *change) {
            return Ok(true);
        }
        let sql = "SELECT 1 FROM log WHERE document = ? AND change = ? AND refused IS NULL";
        Ok(self.connection.prepare_cached(sql)?.exists(params![document.0, change.0])?)
    }

    fn session(&self, document: ScoreId, actor: &ActorId) -> Result<Session, SyncError> {
        sessions::get(self.connection, &self.circle.keys, document, actor)
    }
}

/// The hash of a device's envelope of this number.
pub(crate) fn hash_of(connection: &Connection, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, SyncError> {
    let Ok(seq) = i64::try_from(seq) else { return Ok(None) };
    let sql = "SELECT hash FROM log WHERE space = ? AND device = ? AND seq = ?";
    Ok(connection.prepare_cached(sql)?.query_row(params![space.0, device.0, seq], |row| row.get(0)).optional()?)
}

/// How far the log of a device is known here, as those are told who remove it.
pub(crate) fn mark(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Mark, SyncError> {
    let (seq, hash) = last(connection, space, device)?.unwrap_or((0, [0; 32]));
    Ok(Mark { device, seq, hash })
}

/// The number and hash of a device's last envelope.
pub(crate) fn last(connection: &Connection, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, SyncError> {
    let sql = "SELECT seq, hash FROM log WHERE space = ? AND device = ? ORDER BY seq DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row(params![space.0, device.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
}

/// What this device needs to seal an envelope.
#[derive(Clone, Copy)]
pub(crate) struct Sealing<'a> {
    pub identity: &'a Identity,
    pub circle: &'a Circle,
    pub nonce: [u8; NONCE],
    pub now: u64,
}

impl Sealing<'_> {
    fn envelope(&self, connection: &Connection, content: Content) -> Result<(Envelope, Vec<u8>), SyncError> {
        let space = self.circle.log.space();
        let (membership, epoch) = self.circle.log.place_to_write(&self.circle.keys).ok_or(SyncError::NoKey(space))?;
        if let Content::Change(document, _) = content
            && !self.circle.log.may(self.identity.device(), Deed::Write(document), &membership)
        {
            return Err(SyncError::NotAllowed { deed: "write" });
        }
        let key = self.circle.keys.get(epoch).ok_or(SyncError::NoKey(space))?;
        let (seq, previous) = last(connection, space, self.identity.device())?.unwrap_or((0, [0; 32]));
        let place = Place { space, seq: seq + 1, previous };
        Envelope::seal(self.identity, place, key, self.nonce, &Body { membership, content })
    }
}

/// Signs a change of this device and appends it. Gives its place in the log.
pub(crate) fn append(connection: &Connection, sealing: Sealing<'_>, document: ScoreId, mut change: Change) -> Result<i64, SyncError> {
    let content = Content::Change(document, change.bytes().into_owned());
    let (envelope, bytes) = sealing.envelope(connection, content)?;
    let id = insert(connection, &envelope, &bytes, Some(document), Some(&change), None, sealing.now)?;
    documents::add_change(connection, envelope.space, document, &change, sealing.now)?;
    Ok(id)
}

/// Puts an entry of the membership log into this device's log too, so that a mailbox brings it to those who were not met.
pub(crate) fn append_entry(connection: &Connection, sealing: Sealing<'_>, entry: &Entry) -> Result<(), SyncError> {
    let (envelope, bytes) = sealing.envelope(connection, Content::Membership(entry.bytes().to_vec()))?;
    insert(connection, &envelope, &bytes, None, None, None, sealing.now)?;
    Ok(())
}

/// Keeps an envelope that brought an entry of the membership log.
pub(crate) fn keep_entry(connection: &Connection, bytes: &[u8], refused: Option<Reason>, now: u64) -> Result<(), SyncError> {
    let Ok(envelope) = Envelope::decode(bytes) else { return Ok(()) };
    insert(connection, &envelope, bytes, None, None, refused, now)?;
    Ok(())
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
pub(crate) fn receive(connection: &Connection, circle: &Circle, bytes: &[u8], now: u64) -> Result<Received, SyncError> {
    let space = circle.log.space();
    let Ok(envelope) = Envelope::decode(bytes) else {
        quarantine(connection, (space, DeviceId([0; 32]), 0), Reason::Body, bytes, now)?;
        return Ok(Received::Refused(None, Reason::Body));
    };
    let author = (envelope.device, envelope.seq);
    let refuse = |reason: Reason| -> Result<Received, SyncError> {
        quarantine(connection, (space, author.0, author.1), reason, bytes, now)?;
        Ok(Received::Refused(Some(author), reason))
    };
    let log = Log { connection, circle };
    let verdict = judge(&envelope, &hash(bytes), space, &log)?;
    let refused = matches!(verdict, Verdict::Known | Verdict::Refuse(_));
    if !refused && super::forks::frozen(connection, space, author.0)?.is_some() {
        return refuse(Reason::Frozen);
    }
    match verdict {
        Verdict::Known => Ok(Received::Known),
        Verdict::Refuse(reason) => refuse(reason),
        Verdict::Entry(entry) => Ok(Received::Entry(entry)),
        Verdict::Keep(document, reason) => {
            if is_kept_enough(connection, circle, (author, bytes.len()), reason)? {
                return refuse(Reason::TooMany);
            }
            insert(connection, &envelope, bytes, document, None, Some(reason), now)?;
            if is_read(reason) {
                read_number(connection, circle, &envelope)?;
            }
            Ok(Received::Kept(author.0, author.1, document, reason))
        }
        Verdict::Apply(document, change) => {
            // A document lives in one space; whoever knows its id from elsewhere cannot write into it from another.
            if documents::space_of(connection, document)?.is_some_and(|home| home != space) {
                insert(connection, &envelope, bytes, None, None, Some(Reason::Space), now)?;
                return Ok(Received::Kept(author.0, author.1, None, Reason::Space));
            }
            insert(connection, &envelope, bytes, Some(document), Some(&change), None, now)?;
            documents::add_change(connection, space, document, &change, now)?;
            take_up_waiting(connection, circle, document, now)?;
            Ok(Received::Applied(document))
        }
    }
}

/// Whether the number of a change was read that is kept for this reason.
fn is_read(reason: Reason) -> bool {
    matches!(reason, Reason::Epoch | Reason::Containers | Reason::Dependencies)
}

/// Notes which number of its session the change of an envelope has that is not applied.
fn read_number(connection: &Connection, circle: &Circle, envelope: &Envelope) -> Result<(), SyncError> {
    let Ok(Body { content: Content::Change(document, bytes), .. }) = envelope.open(&circle.keys) else { return Ok(()) };
    match bounded_change(&bytes) {
        Ok(change) if is_actor_of(change.actor_id(), envelope.device) => sessions::note(connection, document, &change, false),
        _ => Ok(()),
    }
}

/// Whether so much of a device is kept without being applied that nothing more is kept for this reason. What waits for other
/// changes or keys may be honest, but only of one who may write.
fn is_kept_enough(
    connection: &Connection,
    circle: &Circle,
    ((device, seq), size): ((DeviceId, u64), usize),
    reason: Reason,
) -> Result<bool, SyncError> {
    let writes = circle.log.state().role_of(device).is_some_and(|role| role >= Role::Editor);
    let waits = writes && matches!(reason, Reason::Dependencies | Reason::Sealed);
    // Counting takes time: where much may wait, it is done now and then. Envelopes come by their numbers, so none gets past.
    if waits && !seq.is_multiple_of(256) && size < 64 << 10 {
        return Ok(false);
    }
    let sql = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM log
        WHERE space = ?1 AND device = ?2 AND refused IS NOT NULL AND (?3 OR refused NOT IN ('dependencies', 'sealed'))";
    let (rows, bytes): (i64, i64) = connection
        .prepare_cached(sql)?
        .query_row(params![circle.log.space().0, device.0, waits || !writes], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (most_rows, most_bytes) = if waits { WAITING } else { KEPT };
    Ok(rows >= most_rows || bytes >= most_bytes)
}

/// Applies what waited for changes that are now here. It goes to the end of the log, where readers look for news.
pub(crate) fn take_up_waiting(connection: &Connection, circle: &Circle, document: ScoreId, now: u64) -> Result<(), SyncError> {
    let sql = "SELECT id, bytes FROM log WHERE document = ? AND refused = ? ORDER BY id";
    let log = Log { connection, circle };
    loop {
        let waiting: Vec<(i64, Vec<u8>)> = connection
            .prepare_cached(sql)?
            .query_map(params![document.0, Reason::Dependencies.code()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut taken = false;
        for (id, bytes) in waiting {
            let Ok(envelope) = Envelope::decode(&bytes) else { continue };
            if let Verdict::Apply(_, change) = judge_body(&envelope, &log)? {
                apply_kept(connection, id, (circle.log.space(), document), &change, now)?;
                taken = true;
            }
        }
        if !taken {
            return Ok(());
        }
    }
}

/// Makes the change of a kept envelope part of its document, at the end of the log, where readers look for news.
fn apply_kept(connection: &Connection, id: i64, (space, document): (SpaceId, ScoreId), change: &Change, now: u64) -> Result<(), SyncError> {
    let sql = "UPDATE log SET id = (SELECT max(id) FROM log) + 1, refused = NULL, document = ?, change = ? WHERE id = ?";
    connection.execute(sql, params![document.0, change.hash().0, id])?;
    documents::add_change(connection, space, document, change, now)
}

/// What judging anew came to.
#[derive(Debug, Default)]
pub(crate) struct Rejudged {
    /// Documents of which changes were taken back, with the places of those and who made them.
    pub taken_back: BTreeMap<ScoreId, Vec<(i64, DeviceId)>>,
    /// Documents of which changes are applied that were not.
    pub applied: BTreeSet<ScoreId>,
    /// Entries of the membership log that can be read now, with the places of their envelopes.
    pub entries: Vec<(i64, Box<Entry>)>,
}

/// Judges everything of a space anew whose judgement may have changed since more is known of its keys or members: what is kept,
/// and what is applied of devices whose log has come to an end; all that is applied, where entries that counted `before` do not any
/// more, or where nothing was judged since long ago.
pub(crate) fn rejudge(connection: &Connection, circle: &Circle, before: Option<&Membership>, now: u64) -> Result<Rejudged, SyncError> {
    let space = circle.log.space();
    let mut rejudged = Rejudged::default();
    let log = Log { connection, circle };
    let only_more = before.is_some_and(|before| circle.log.agrees_with(before));
    for (device, last) in vector(connection, space)? {
        let from = match circle.log.ended(device) {
            Some(mark) if only_more => mark.seq,
            None if only_more => continue,
            _ => 0,
        };
        let sql = "SELECT id, bytes, document FROM log WHERE space = ? AND device = ? AND seq > ? AND seq <= ? AND refused IS NULL AND document IS NOT NULL";
        let rows: Vec<(i64, Vec<u8>, [u8; 16])> = connection
            .prepare_cached(sql)?
            .query_map(params![space.0, device.0, from, last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        for (id, bytes, document) in rows {
            let Ok(envelope) = Envelope::decode(&bytes) else { continue };
            if let Verdict::Keep(_, reason) = judge_body(&envelope, &log)?
                && reason.may_change()
            {
                refuse(connection, id, reason)?;
                rejudged.taken_back.entry(ScoreId(document)).or_default().push((id, device));
            }
        }
    }
    judge_kept(&log, &mut rejudged, now)?;
    Ok(rejudged)
}

/// Judges anew what is kept.
fn judge_kept(log: &Log<'_>, rejudged: &mut Rejudged, now: u64) -> Result<(), SyncError> {
    let (connection, space) = (log.connection, log.circle.log.space());
    let kept: Vec<&str> = Reason::ALL.into_iter().filter(|reason| reason.may_change()).map(Reason::code).collect();
    let list = kept.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT id, bytes FROM log WHERE space = ? AND refused IN ({list}) ORDER BY id");
    let rows: Vec<(i64, Vec<u8>)> =
        connection.prepare_cached(&sql)?.query_map([space.0], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    for (id, bytes) in rows {
        let Ok(envelope) = Envelope::decode(&bytes) else { continue };
        match judge_body(&envelope, log)? {
            Verdict::Apply(document, change) => {
                if documents::space_of(connection, document)?.is_none_or(|home| home == space) {
                    apply_kept(connection, id, (space, document), &change, now)?;
                    take_up_waiting(connection, log.circle, document, now)?;
                    rejudged.applied.insert(document);
                }
            }
            Verdict::Keep(document, reason) => {
                let sql = "UPDATE log SET refused = ?, document = coalesce(?, document) WHERE id = ?";
                connection.execute(sql, params![reason.code(), document.map(|document| document.0), id])?;
                if reason == Reason::Dependencies {
                    read_number(connection, log.circle, &envelope)?;
                }
            }
            Verdict::Entry(entry) => rejudged.entries.push((id, entry)),
            Verdict::Known | Verdict::Refuse(_) => {}
        }
    }
    Ok(())
}

/// Marks a kept envelope as one whose entry is part of the membership log.
pub(crate) fn settle(connection: &Connection, id: i64) -> Result<(), SyncError> {
    connection.execute("UPDATE log SET refused = NULL WHERE id = ?", [id])?;
    Ok(())
}

/// After changes of a document were taken back: keeps what builds on them from being applied, until they come back. Gives the
/// places of those, and who made them.
pub(crate) fn take_back_what_follows(
    connection: &Connection,
    circle: &Circle,
    document: ScoreId,
) -> Result<Vec<(i64, DeviceId)>, SyncError> {
    let log = Log { connection, circle };
    let mut lost = Vec::new();
    for row in documents::rows(connection, &circle.keys, document, 0, i64::MAX)? {
        let mut complete = true;
        for dependency in row.change.deps() {
            complete &= log.holds(document, dependency)?;
        }
        if !complete {
            refuse(connection, row.id, Reason::Dependencies)?;
            let sql = "SELECT device FROM log WHERE id = ?";
            lost.push((row.id, connection.prepare_cached(sql)?.query_row([row.id], |row| Ok(DeviceId(row.get(0)?)))?));
        }
    }
    Ok(lost)
}

/// The documents that a device's log from a number on is part of.
pub(crate) fn documents_from(connection: &Connection, space: SpaceId, device: DeviceId, from: u64) -> Result<Vec<ScoreId>, SyncError> {
    let sql = "SELECT DISTINCT document FROM log WHERE space = ? AND device = ? AND seq >= ? AND document IS NOT NULL AND refused IS NULL";
    let mut statement = connection.prepare(sql)?;
    let documents = statement.query_map(params![space.0, device.0, from], |row| Ok(ScoreId(row.get(0)?)))?;
    Ok(documents.collect::<Result<_, _>>()?)
}

/// The places of what a device's log from a number on does to a document.
pub(crate) fn places_from(connection: &Connection, document: ScoreId, device: DeviceId, from: u64) -> Result<Vec<i64>, SyncError> {
    let sql = "SELECT id FROM log WHERE document = ? AND device = ? AND seq >= ? AND refused IS NULL ORDER BY id";
    let mut statement = connection.prepare(sql)?;
    let places = statement.query_map(params![document.0, device.0, from], |row| row.get(0))?;
    Ok(places.collect::<Result<_, _>>()?)
}

/// Takes the log of a device out of a space from a number on, since another one is to take its place; what it was is kept apart.
pub(crate) fn drop_from(connection: &Connection, circle: &Circle, (device, from): (DeviceId, u64), now: u64) -> Result<(), SyncError> {
    let space = circle.log.space();
    let sql = "INSERT INTO quarantine (space, device, seq, reason, received, bytes)
        SELECT space, device, seq, ?, ?, bytes FROM log WHERE space = ? AND device = ? AND seq >= ?";
    connection.execute(sql, params![Reason::Fork.code(), now, space.0, device.0, from])?;
    sessions::forget(connection, space, device)?;
    connection.execute("DELETE FROM log WHERE space = ? AND device = ? AND seq >= ?", params![space.0, device.0, from])?;
    let sql = "SELECT bytes, document, refused FROM log WHERE space = ? AND device = ? AND document IS NOT NULL ORDER BY seq";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(params![space.0, device.0])?;
    while let Some(row) = rows.next()? {
        let (bytes, document, refused): (Vec<u8>, [u8; 16], Option<String>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let Ok(envelope) = Envelope::decode(&bytes) else { continue };
        match refused.as_deref().map(Reason::from_code) {
            None => {
                if let Some(change) = documents::change_in(&bytes, &circle.keys) {
                    sessions::note(connection, ScoreId(document), &change, true)?;
                }
            }
            Some(reason) if reason.is_some_and(is_read) => read_number(connection, circle, &envelope)?,
            Some(_) => {}
        }
    }
    Ok(())
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

/// The envelopes after a place of the log that are not known to someone, up to so many bytes (but at least one envelope). Each
/// device's come by their numbers: one that was applied later than it came lies behind what its device wrote after it, and
/// nobody takes in an envelope before the one it follows.
pub(crate) fn page(
    connection: &Connection,
    space: SpaceId,
    after: i64,
    known: &BTreeMap<DeviceId, u64>,
    max_bytes: usize,
) -> Result<LogPage, SyncError> {
    let mut page = LogPage { upto: after, ..LogPage::default() };
    let mut size = 0;
    let mut known = known.clone();
    let mut places = connection.prepare_cached("SELECT id, device, seq FROM log WHERE space = ? AND id > ? ORDER BY id")?;
    let mut contents = connection.prepare_cached("SELECT bytes FROM log WHERE space = ? AND device = ? AND seq = ?")?;
    let mut rows = places.query(params![space.0, after])?;
    while let Some(row) = rows.next()? {
        let (id, device, seq): (i64, DeviceId, u64) = (row.get(0)?, DeviceId(row.get(1)?), row.get(2)?);
        let upto = known.entry(device).or_default();
        while *upto < seq {
            let bytes: Vec<u8> = contents.query_row(params![space.0, device.0, *upto + 1], |row| row.get(0))?;
            if !page.entries.is_empty() && size + bytes.len() > max_bytes {
                page.more = true;
                return Ok(page);
            }
            size += bytes.len();
            *upto += 1;
            page.entries.push((device, *upto, bytes));
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
