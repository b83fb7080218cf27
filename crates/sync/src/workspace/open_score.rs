//! A score on the desk.

use automerge::ChangeHash;
use bandpro_notation::edit::Edit;
use bandpro_notation::model::Score;
use rusqlite::Connection;

use super::Workspace;
use super::documents::{Loaded, failed};
use crate::document::{Document, DocumentError, Done, Finding, decode_model, encode_model, undo_against};
use crate::store::{self, Cache};
use crate::{ScoreId, SpaceId, SyncError, WorkspaceEvent};

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// For the person's undo stack: [`OpenScore::undo`] takes it back.
    pub done: Done,
    /// Edits of others that the score took in just before this one.
    pub merged: Vec<Edit>,
}

/// An open score: what is shown, and the way to change it. Belongs to one thread at a time.
///
/// The score is read from a cached model at first; the replicated document is loaded when it is needed, or by
/// [`OpenScore::warm`].
#[derive(Debug)]
pub struct OpenScore {
    workspace: Workspace,
    id: ScoreId,
    space: SpaceId,
    score: Score,
    document: Option<Document>,
    /// The place of the log whose changes, and all before, are in the score (and in the document, if it is loaded).
    upto: i64,
    /// How often changes had been taken back when it was read.
    taken_back: i64,
    /// Edits that the score went through and that nobody was told of yet.
    merged: Vec<Edit>,
    /// Whether the caches are behind.
    dirty: bool,
}

impl OpenScore {
    pub(super) fn open(workspace: &Workspace, id: ScoreId) -> Result<Self, SyncError> {
        // The place of the log and the heads must be of one moment: another process may be writing.
        let cached = workspace.read(|connection| {
            let moment = connection.unchecked_transaction()?;
            let space = workspace.space_of(&moment, id)?;
            let heads = store::documents::heads(&moment, id)?;
            let taken_back = store::documents::taken_back(&moment, id)?;
            Ok((space, taken_back, store::caches::model(&moment, id, &heads)?))
        })?;
        let (space, taken_back, model) = cached;
        let (score, upto) = model.and_then(|(upto, bytes)| Some((decode_model(&bytes)?, upto))).unzip();
        let mut open = Self {
            workspace: workspace.clone(),
            id,
            space,
            score: Score::new(),
            document: None,
            upto: 0,
            taken_back,
            merged: Vec::new(),
            dirty: false,
        };
        match (score, upto) {
            (Some(score), Some(upto)) => {
                (open.score, open.upto) = (score, upto);
                Ok(open)
            }
            _ => open.read_document(),
        }
    }

    /// Reads the score from its document, where no cached model is of these heads.
    fn read_document(mut self) -> Result<Self, SyncError> {
        let workspace = self.workspace.clone();
        let Loaded { document, upto } = workspace.write(|tx| {
            let end = store::documents::end(tx, self.id)?;
            workspace.load_document(tx, self.id, end)
        })?;
        self.score = document.hydrate().map_err(failed(self.id))?;
        (self.document, self.upto, self.dirty) = (Some(document), upto, true);
        Ok(self)
    }

    /// Which score.
    pub fn id(&self) -> ScoreId {
        self.id
    }

    /// The space it lives in.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// The score as it is now.
    pub fn score(&self) -> &Score {
        &self.score
    }

    /// Whether this person may edit it, by their role in its space.
    pub fn is_writable(&self) -> Result<bool, SyncError> {
        let circle = self.workspace.circle(self.space)?;
        let device = self.workspace.device();
        Ok(circle.log.may(device, crate::membership::Deed::Write(self.id), &circle.log.heads()))
    }

    /// Makes an edit: checks it, applies it to the score and stores it. Durable on return; on failure the score is as it was
    /// (but for edits of others, which the next [`OpenScore::poll_remote`] then gives).
    pub fn commit(&mut self, edit: &Edit) -> Result<Committed, SyncError> {
        self.make(edit, None)
    }

    /// Makes an edit, perhaps one that takes back another.
    fn make(&mut self, edit: &Edit, takes_back: Option<&Done>) -> Result<Committed, SyncError> {
        let workspace = self.workspace.clone();
        let mut applied = None;
        let stored = workspace.write(|tx| {
            self.catch_up(tx)?;
            let inverse = edit.apply(&mut self.score)?;
            applied = Some(inverse);
            self.append(tx, edit, takes_back)
        });
        match (stored, applied) {
            (Ok(stored), Some(inverse)) => {
                let change = stored.map(|(_, change)| change);
                if let Some((place, _)) = stored {
                    self.upto = place;
                    self.dirty = true;
                    workspace.tell(WorkspaceEvent::ScoreChanged(self.id));
                }
                Ok(Committed { done: Done { edit: edit.clone(), inverse, change }, merged: std::mem::take(&mut self.merged) })
            }
            (Ok(_), None) => Ok(Committed { done: Done::default(), merged: std::mem::take(&mut self.merged) }),
            (Err(error), applied) => {
                if let Some(inverse) = applied {
                    // What was just done can be undone; the document is loaded anew from what is durable.
                    inverse.apply(&mut self.score)?;
                    self.document = None;
                }
                Err(error)
            }
        }
    }

    /// Writes an edit that the score went through into the document and the log.
    fn append(&mut self, tx: &Connection, edit: &Edit, takes_back: Option<&Done>) -> Result<Option<(i64, ChangeHash)>, SyncError> {
        let time = self.workspace.now();
        let id = self.id;
        let document = self.document.as_mut().ok_or_else(|| failed(id)(DocumentError::Dependencies))?;
        let seconds = (time / 1000) as i64;
        let change = match takes_back {
            Some(done) => document.commit_undo(edit, done.change, seconds),
            None => document.commit(edit, seconds),
        };
        let Some(change) = change.map_err(failed(id))? else { return Ok(None) };
        let description = store::describe(&self.score, document.is_deleted());
        let hash = change.hash();
        let place = self.workspace.append(tx, (self.space, id), change)?;
        store::scores::put(tx, id, &store::documents::heads(tx, id)?, &description)?;
        Ok(Some((place, hash)))
    }

    /// Takes back an edit of this person: what others have done since stays as they made it. Nothing is left to take back
    /// where `None` comes back. What comes back is done in turn: to redo, take that back.
    pub fn undo(&mut self, mine: &Done) -> Result<Option<Committed>, SyncError> {
        let merged = self.poll_remote()?;
        self.warm()?;
        let undo = self.document.as_ref().map(|document| undo_against(&self.score, document, mine));
        self.merged = merged;
        match undo {
            Some(undo) if !undo.is_empty() => self.make(&undo, Some(mine)).map(Some),
            _ => Ok(None),
        }
    }

    /// Takes in what others have changed since and gives the edits that the score went through, in order.
    pub fn poll_remote(&mut self) -> Result<Vec<Edit>, SyncError> {
        let workspace = self.workspace.clone();
        let (end, taken_back) = workspace
            .read(|connection| Ok((store::documents::end(connection, self.id)?, store::documents::taken_back(connection, self.id)?)))?;
        if end > self.upto || taken_back != self.taken_back {
            workspace.write(|tx| {
                self.catch_up(tx)?;
                let deleted = self.document.as_ref().is_some_and(Document::is_deleted);
                let heads = store::documents::heads(tx, self.id)?;
                store::scores::put(tx, self.id, &heads, &store::describe(&self.score, deleted))
            })?;
        }
        Ok(std::mem::take(&mut self.merged))
    }

    /// Brings score and document to the end of the log.
    fn catch_up(&mut self, tx: &Connection) -> Result<(), SyncError> {
        let taken_back = store::documents::taken_back(tx, self.id)?;
        if taken_back != self.taken_back {
            // Something that it is made of does not count any more.
            let Loaded { document, upto } = self.workspace.load_document(tx, self.id, i64::MAX)?;
            self.taken_back = taken_back;
            let end = store::documents::end(tx, self.id)?;
            return self.replace(document, upto.min(end));
        }
        self.load(tx)?;
        let keys = &self.workspace.circle_in(tx, self.space)?.keys;
        let rows = store::documents::rows(tx, keys, self.id, self.upto, i64::MAX)?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(()) };
        let changes = rows.into_iter().map(|row| row.change).collect();
        let taken = self.document.as_mut().map(|document| document.take_in_for(changes, &self.score));
        match taken {
            Some(Ok(edit)) => {
                self.upto = last;
                self.went_through(edit)
            }
            _ => {
                // The document may be spoilt: it is made again, without what spoils it.
                self.document = None;
                let Loaded { document, upto } = self.workspace.load_document(tx, self.id, last)?;
                self.replace(document, upto)
            }
        }
    }

    /// Loads the document at the place of the score.
    fn load(&mut self, connection: &Connection) -> Result<(), SyncError> {
        if self.document.is_some() {
            return Ok(());
        }
        let Loaded { document, upto } = self.workspace.load_document(connection, self.id, self.upto)?;
        if upto == self.upto {
            self.document = Some(document);
            return Ok(());
        }
        self.replace(document, upto)
    }

    /// Goes over to a document that holds another score.
    fn replace(&mut self, document: Document, upto: i64) -> Result<(), SyncError> {
        let edit = document.edit_from(&self.score).map_err(failed(self.id))?;
        (self.document, self.upto) = (Some(document), upto);
        self.went_through(edit)
    }

    fn went_through(&mut self, edit: Edit) -> Result<(), SyncError> {
        edit.apply(&mut self.score)?;
        self.dirty = true;
        if !edit.is_empty() {
            self.merged.push(edit);
        }
        Ok(())
    }

    /// What merging left for the musicians to decide. Nothing is changed.
    pub fn findings(&mut self) -> Result<Vec<Finding>, SyncError> {
        self.warm()?;
        let document = self.document.as_ref().ok_or_else(|| failed(self.id)(DocumentError::Dependencies))?;
        document.findings(&self.score).map_err(failed(self.id))
    }

    /// Loads the replicated document, if that was not needed yet. For a quiet moment after the first page is shown.
    pub fn warm(&mut self) -> Result<(), SyncError> {
        let workspace = self.workspace.clone();
        if self.document.is_none() { workspace.write(|tx| self.load(tx)) } else { Ok(()) }
    }

    /// Stores caches, so that the next opening is quick. Happens by itself when the handle is dropped; for quiet moments.
    pub fn checkpoint(&mut self) -> Result<(), SyncError> {
        let Some(document) = self.document.as_ref().filter(|_| self.dirty) else { return Ok(()) };
        let cache = Cache {
            heads: store::documents::heads_bytes(document.heads()),
            upto: self.upto,
            model: encode_model(&self.score),
            snapshot: document.save(),
        };
        self.workspace.write(|tx| store::caches::put(tx, self.id, &cache))?;
        self.dirty = false;
        Ok(())
    }
}

impl Drop for OpenScore {
    fn drop(&mut self) {
        if let Err(error) = self.checkpoint() {
            tracing::warn!(score = %self.id, %error, "the cache of a score was not stored; it opens more slowly next time");
        }
    }
}
