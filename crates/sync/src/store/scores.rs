//! The library's index.

use bandpro_notation::model::Score;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{ScoreEntry, ScoreId, SpaceId, SyncError};

/// What the index says of a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Description {
    title: String,
    composer: String,
    parts: Vec<String>,
    measures: usize,
    deleted: bool,
}

/// Describes a score.
pub(crate) fn describe(score: &Score, deleted: bool) -> Description {
    let header = score.header();
    let title = if header.title.is_empty() { &header.work_title } else { &header.title };
    Description {
        title: title.clone(),
        composer: header.composer.clone(),
        parts: score.parts().into_iter().map(|(_, part)| part.label().to_owned()).collect(),
        measures: score.measure_order().len(),
        deleted,
    }
}

/// Keeps what the index says of a document as of these heads.
pub(crate) fn put(connection: &Connection, document: ScoreId, heads: &[u8], is: &Description) -> Result<(), SyncError> {
    let sql = "INSERT INTO scores (document, heads, title, composer, parts, measures, deleted) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (document) DO UPDATE SET heads = excluded.heads, title = excluded.title, composer = excluded.composer,
        parts = excluded.parts, measures = excluded.measures, deleted = excluded.deleted";
    let parts = serde_json::Value::from(is.parts.clone()).to_string();
    let values = params![document.0, heads, is.title, is.composer, parts, is.measures, is.deleted];
    connection.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

/// Documents of which the index says nothing, or what was once.
pub(crate) fn stale(connection: &Connection) -> Result<Vec<ScoreId>, SyncError> {
    let sql = "SELECT d.id FROM documents d LEFT JOIN scores s ON s.document = d.id WHERE s.heads IS NOT d.heads";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| Ok(ScoreId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The documents that the index knows.
pub(crate) fn known(connection: &Connection) -> Result<std::collections::BTreeSet<ScoreId>, SyncError> {
    let mut statement = connection.prepare_cached("SELECT document FROM scores")?;
    let rows = statement.query_map([], |row| Ok(ScoreId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

const ENTRY: &str = "SELECT d.id, d.space, s.title, s.composer, s.parts, s.measures, d.modified
    FROM documents d JOIN scores s ON s.document = d.id";

fn entry(row: &Row<'_>) -> rusqlite::Result<ScoreEntry> {
    let parts: String = row.get(4)?;
    Ok(ScoreEntry {
        id: ScoreId(row.get(0)?),
        space: SpaceId(row.get(1)?),
        title: row.get(2)?,
        composer: row.get(3)?,
        parts: serde_json::from_str(&parts).unwrap_or_default(),
        measures: row.get(5)?,
        modified: row.get(6)?,
    })
}

/// The scores that are not deleted, of spaces that are not forgotten, most recently changed first. Of which no change counts (any
/// more), there is nothing to show.
pub(crate) fn list(connection: &Connection) -> Result<Vec<ScoreEntry>, SyncError> {
    let seen = "NOT s.deleted AND d.space NOT IN (SELECT id FROM spaces WHERE role = 'forgotten')
        AND EXISTS (SELECT 1 FROM log WHERE document = d.id AND refused IS NULL)";
    let mut statement = connection.prepare_cached(&format!("{ENTRY} WHERE {seen} ORDER BY d.modified DESC, d.rowid DESC"))?;
    let rows = statement.query_map([], entry)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One score, deleted or not.
pub(crate) fn get(connection: &Connection, document: ScoreId) -> Result<Option<ScoreEntry>, SyncError> {
    let mut statement = connection.prepare_cached(&format!("{ENTRY} WHERE d.id = ?"))?;
    Ok(statement.query_row([document.0], entry).optional()?)
}
