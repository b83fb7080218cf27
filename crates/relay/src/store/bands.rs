//! Passes: which bands may use the relay, and what they use.

use bandpro_sync::mailbox::Token;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::RelayError;
use crate::config;

/// A band, as the relay knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// Its number here.
    pub id: i64,
    /// What whoever runs the relay calls it.
    pub label: String,
    /// Whether its pass was withdrawn.
    pub withdrawn: bool,
    /// The bytes that it may keep, where that is not what all may.
    pub max_bytes: Option<u64>,
    /// The envelopes that it may keep, where that is not what all may.
    pub max_envelopes: Option<u64>,
    /// The bytes that it keeps.
    pub bytes: u64,
    /// The envelopes that it keeps.
    pub envelopes: u64,
}

const COLUMNS: &str = "id, label, withdrawn IS NOT NULL, max_bytes, max_envelopes, bytes, envelopes";

fn band(row: &Row<'_>) -> rusqlite::Result<Band> {
    Ok(Band {
        id: row.get(0)?,
        label: row.get(1)?,
        withdrawn: row.get(2)?,
        max_bytes: row.get(3)?,
        max_envelopes: row.get(4)?,
        bytes: row.get(5)?,
        envelopes: row.get(6)?,
    })
}

impl Band {
    /// Bytes and envelopes that it may still keep.
    pub fn room(&self, bounds: &config::Band) -> (u64, u64) {
        let bytes = self.max_bytes.unwrap_or(bounds.max_bytes).saturating_sub(self.bytes);
        (bytes, self.max_envelopes.unwrap_or(bounds.max_envelopes).saturating_sub(self.envelopes))
    }
}

/// Lets a band in.
pub fn add(
    connection: &Connection,
    token: Token,
    label: &str,
    (max_bytes, max_envelopes): (Option<u64>, Option<u64>),
    now: u64,
) -> Result<i64, RelayError> {
    let sql = "INSERT INTO bands (token, label, created, max_bytes, max_envelopes) VALUES (?, ?, ?, ?, ?)";
    connection.execute(sql, params![token.hash(), label, now, max_bytes, max_envelopes])?;
    Ok(connection.last_insert_rowid())
}

/// All bands.
pub fn all(connection: &Connection) -> Result<Vec<Band>, RelayError> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM bands ORDER BY id"))?;
    Ok(statement.query_map([], band)?.collect::<Result<_, _>>()?)
}

/// The band that shows a token, unless its pass was withdrawn.
pub fn by_token(connection: &Connection, token: Token) -> Result<Option<Band>, RelayError> {
    let sql = format!("SELECT {COLUMNS} FROM bands WHERE token = ? AND withdrawn IS NULL");
    Ok(connection.prepare_cached(&sql)?.query_row([token.hash()], band).optional()?)
}

/// A band.
pub fn by_id(connection: &Connection, id: i64) -> Result<Option<Band>, RelayError> {
    let sql = format!("SELECT {COLUMNS} FROM bands WHERE id = ?");
    Ok(connection.prepare_cached(&sql)?.query_row([id], band).optional()?)
}

/// Withdraws a pass: the band is not let in any more. What it keeps stays.
pub fn withdraw(connection: &Connection, id: i64, now: u64) -> Result<(), RelayError> {
    match connection.execute("UPDATE bands SET withdrawn = coalesce(withdrawn, ?) WHERE id = ?", params![now, id])? {
        0 => Err(RelayError::UnknownPass(id)),
        _ => Ok(()),
    }
}

/// Removes a band and all that it keeps.
pub fn remove(connection: &Connection, id: i64) -> Result<(), RelayError> {
    for table in ["acknowledged", "log", "tails", "devices"] {
        connection.execute(&format!("DELETE FROM {table} WHERE space IN (SELECT space FROM boxes WHERE band = ?)"), [id])?;
    }
    connection.execute("DELETE FROM boxes WHERE band = ?", [id])?;
    match connection.execute("DELETE FROM bands WHERE id = ?", [id])? {
        0 => Err(RelayError::UnknownPass(id)),
        _ => Ok(()),
    }
}

/// Counts what a band keeps more (or less).
pub fn count(connection: &Connection, id: i64, bytes: i64, envelopes: i64) -> Result<(), RelayError> {
    let sql = "UPDATE bands SET bytes = max(0, bytes + ?), envelopes = max(0, envelopes + ?) WHERE id = ?";
    connection.prepare_cached(sql)?.execute(params![bytes, envelopes, id])?;
    Ok(())
}
