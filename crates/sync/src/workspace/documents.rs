//! Loading documents from caches and log, and keeping the index true.

use automerge::ActorId;
use rusqlite::Connection;

use super::Workspace;
use crate::document::{Document, DocumentError, session_actor};
use crate::envelope::Reason;
use crate::seal::KeyRing;
use crate::store::{self, Row};
use crate::{ScoreId, SyncError, WorkspaceEvent};

/// A document as of a place of the log.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub document: Document,
    pub upto: i64,
}

/// The error of a document.
pub(super) fn failed(score: ScoreId) -> impl Fn(DocumentError) -> SyncError {
    move |error| SyncError::Document { score, detail: error.to_string() }
}

/// Loads a document as of a place of the log, or of a later one where only that is cached.
fn load(connection: &Connection, keys: &KeyRing, id: ScoreId, upto: i64) -> Result<Result<Loaded, DocumentError>, SyncError> {
    let cached = store::caches::snapshot(connection, id)?;
    let saved = cached.and_then(|(at, bytes)| Some((at, Document::load(&bytes).ok()?)));
    let (at, mut document) = match saved {
        Some(saved) => saved,
        None => match Document::new() {
            Ok(document) => (0, document),
            Err(error) => return Ok(Err(error)),
        },
    };
    let rows = store::documents::rows(connection, keys, id, at, upto)?;
    let changes: Vec<_> = rows.into_iter().map(|row| row.change).collect();
    if let Err(error) = document.take_in(changes) {
        return Ok(Err(error));
    }
    Ok(Ok(Loaded { document, upto: upto.max(at) }))
}

impl Workspace {
    /// The actor of a session that begins now.
    pub(super) fn fresh_actor(&self) -> Result<ActorId, SyncError> {
        Ok(session_actor(self.device(), u64::from_be_bytes(self.random()?)))
    }

    /// Loads a document, ready for changes of this device. Changes that cannot be applied are set aside.
    pub(crate) fn load_document(&self, connection: &Connection, id: ScoreId, upto: i64) -> Result<Loaded, SyncError> {
        let circle = self.circle_in(connection, self.space_of(connection, id)?)?;
        let mut loaded = match load(connection, &circle.keys, id, upto)? {
            Ok(loaded) => loaded,
            Err(_) => self.salvage(connection, &circle.keys, id)?,
        };
        loaded.document.set_actor(self.fresh_actor()?);
        Ok(loaded)
    }

    /// Makes a document from its log change by change, and refuses those that cannot be applied, with all that build on them.
    fn salvage(&self, connection: &Connection, keys: &KeyRing, id: ScoreId) -> Result<Loaded, SyncError> {
        store::caches::remove(connection, id)?;
        let mut good: Vec<Row> = Vec::new();
        let mut document = Document::new().map_err(failed(id))?;
        for row in store::documents::rows(connection, keys, id, 0, i64::MAX)? {
            let Err(error) = document.take_in(vec![row.change.clone()]) else {
                good.push(row);
                continue;
            };
            let reason = if matches!(error, DocumentError::Dependencies) { Reason::Dependencies } else { Reason::Apply };
            store::log::refuse(connection, row.id, reason)?;
            tracing::warn!(score = %id, entry = row.id, %error, "a change cannot be applied");
            document = Document::new().map_err(failed(id))?;
            document.take_in(good.iter().map(|row| row.change.clone()).collect()).map_err(failed(id))?;
            if let Some(refused) = store::log::refused_at(connection, row.id)? {
                self.tell(WorkspaceEvent::Refused(refused));
            }
        }
        store::documents::recount(connection, keys, id)?;
        Ok(Loaded { document, upto: good.last().map_or(0, |row| row.id) })
    }

    pub(super) fn space_of(&self, connection: &Connection, id: ScoreId) -> Result<crate::SpaceId, SyncError> {
        store::documents::space_of(connection, id)?.ok_or_else(|| SyncError::UnknownScore(id.to_string()))
    }

    /// Brings the index up to date where changes came in for scores that are not open.
    pub(super) fn refresh_index(&self) -> Result<(), SyncError> {
        for id in self.read(store::scores::stale)? {
            self.write(|tx| {
                let end = store::documents::end(tx, id)?;
                let Loaded { document, .. } = self.load_document(tx, id, end)?;
                let score = document.hydrate().map_err(failed(id))?;
                let description = store::describe(&score, document.is_deleted());
                let heads = store::documents::heads(tx, id)?;
                let cache = store::Cache {
                    heads: store::documents::heads_bytes(document.heads()),
                    upto: end,
                    model: crate::document::encode_model(&score),
                    snapshot: document.save(),
                };
                store::caches::put(tx, id, &cache)?;
                store::scores::put(tx, id, &heads, &description)
            })?;
        }
        Ok(())
    }

    pub(super) fn set_deleted(&self, id: ScoreId, deleted: bool) -> Result<(), SyncError> {
        self.write(|tx| {
            let space = self.space_of(tx, id)?;
            let end = store::documents::end(tx, id)?;
            let Loaded { mut document, .. } = self.load_document(tx, id, end)?;
            if document.is_deleted() == deleted {
                return Ok(());
            }
            let change = document.set_deleted(deleted, (self.now() / 1000) as i64).map_err(failed(id))?;
            if let Some(change) = change {
                self.append(tx, (space, id), change)?;
            }
            Ok(())
        })?;
        self.tell(WorkspaceEvent::ScoreChanged(id));
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }
}
