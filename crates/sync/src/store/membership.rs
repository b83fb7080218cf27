//! Spaces, and the entries of their membership logs.

use rusqlite::{Connection, OptionalExtension, params};

use super::damaged;
use crate::membership::Entry;
use crate::{SpaceId, SyncError};

/// What a space is to this device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// This person's own scores.
    Own,
    /// This person's private markings.
    Private,
    /// One among others.
    Other,
    /// One that this device left, or was removed from.
    Left,
    /// Such a one that the person wants to see no more.
    Forgotten,
}

impl Part {
    const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Private => "private",
            Self::Other => "other",
            Self::Left => "left",
            Self::Forgotten => "forgotten",
        }
    }

    /// Whether this device belongs to it.
    pub fn is_here(self) -> bool {
        !matches!(self, Self::Left | Self::Forgotten)
    }

    fn of(code: &str) -> Self {
        [Self::Own, Self::Private, Self::Left, Self::Forgotten].into_iter().find(|part| part.code() == code).unwrap_or(Self::Other)
    }
}

/// A space in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub id: SpaceId,
    pub name: String,
    pub part: Part,
}

/// Adds a space, or does nothing where it is.
pub(crate) fn add_space(connection: &Connection, space: SpaceId, name: &str, part: Part, now: u64) -> Result<(), SyncError> {
    connection.execute("INSERT OR IGNORE INTO spaces VALUES (?, ?, ?, ?)", params![space.0, name, part.code(), now])?;
    Ok(())
}

/// Says what a space is to this device from now on.
pub(crate) fn set_part(connection: &Connection, space: SpaceId, part: Part) -> Result<(), SyncError> {
    connection.execute("UPDATE spaces SET role = ? WHERE id = ?", params![part.code(), space.0])?;
    Ok(())
}

/// Keeps the name of a space for lists.
pub(crate) fn set_name(connection: &Connection, space: SpaceId, name: &str) -> Result<(), SyncError> {
    connection.execute("UPDATE spaces SET name = ?1 WHERE id = ?2 AND name <> ?1", params![name, space.0])?;
    Ok(())
}

/// The space of this kind that is this person's, the oldest of them.
pub(crate) fn of_part(connection: &Connection, part: Part) -> Result<Option<SpaceId>, SyncError> {
    let sql = "SELECT id FROM spaces WHERE role = ? ORDER BY created, id LIMIT 1";
    Ok(connection.prepare_cached(sql)?.query_row([part.code()], |row| Ok(SpaceId(row.get(0)?))).optional()?)
}

/// All spaces, one's own first.
pub(crate) fn spaces(connection: &Connection) -> Result<Vec<Listed>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT id, name, role FROM spaces ORDER BY role = 'own' DESC, created, id")?;
    let listed = |row: &rusqlite::Row<'_>| {
        let role: String = row.get(2)?;
        Ok(Listed { id: SpaceId(row.get(0)?), name: row.get(1)?, part: Part::of(&role) })
    };
    Ok(statement.query_map([], listed)?.collect::<Result<_, _>>()?)
}

/// What a space is to this device; nothing where it is not here.
pub(crate) fn part(connection: &Connection, space: SpaceId) -> Result<Option<Part>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT role FROM spaces WHERE id = ?")?;
    let role: Option<String> = statement.query_row([space.0], |row| row.get(0)).optional()?;
    Ok(role.map(|role| Part::of(&role)))
}

/// Keeps an entry.
pub(crate) fn insert(connection: &Connection, space: SpaceId, entry: &Entry) -> Result<(), SyncError> {
    let sql = "INSERT OR IGNORE INTO membership (space, hash, bytes) VALUES (?, ?, ?)";
    connection.prepare_cached(sql)?.execute(params![space.0, entry.hash(), entry.bytes()])?;
    Ok(())
}

/// The place of the last entry of a space's log; 0 where there is none.
pub(crate) fn end(connection: &Connection, space: SpaceId) -> Result<i64, SyncError> {
    let mut statement = connection.prepare_cached("SELECT max(id) FROM membership WHERE space = ?")?;
    Ok(statement.query_row([space.0], |row| row.get::<_, Option<i64>>(0))?.unwrap_or(0))
}

/// The entries of a space's log after a place, in the order in which they came.
pub(crate) fn entries(connection: &Connection, space: SpaceId, after: i64) -> Result<Vec<(i64, Entry)>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT id, bytes FROM membership WHERE space = ? AND id > ? ORDER BY id")?;
    let mut rows = statement.query(params![space.0, after])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, bytes): (i64, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let entry = Entry::decode(&bytes).map_err(|error| damaged(format!("entry {id} of the membership: {error}")))?;
        entries.push((id, entry));
    }
    Ok(entries)
}
