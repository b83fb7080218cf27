//! A score on the desk.

use bandpro_notation::edit::Edit;
use bandpro_notation::model::Score;

use crate::document::Overlap;
use crate::{ScoreId, SpaceId, SyncError};

/// What a commit did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// Takes the edit back: keep it, with the edit, on the person's undo stack, and give both to [`OpenScore::undo`].
    pub inverse: Edit,
    /// Edits of others that the score took in just before this one.
    pub merged: Vec<Edit>,
}

/// An open score: what is shown, and the way to change it. Belongs to one thread at a time.
#[derive(Debug)]
pub struct OpenScore {}

impl OpenScore {
    /// Which score.
    pub fn id(&self) -> ScoreId { todo!() }
    /// The space it lives in.
    pub fn space(&self) -> SpaceId { todo!() }
    /// The score as it is now.
    pub fn score(&self) -> &Score { todo!() }
    /// Makes an edit: checks it, applies it to the score and stores it. Durable on return; on failure the score is as it was
    /// (but for [`Committed::merged`], which the next [`OpenScore::poll_remote`] then gives).
    pub fn commit(&mut self, edit: &Edit) -> Result<Committed, SyncError> { let _ = edit; todo!() }
    /// Takes back an edit of this person: what others have changed since stays as they made it. Nothing is left to take back
    /// where `None` comes back. To redo, give the inverse that came back and the edit that undid.
    pub fn undo(&mut self, mine: &Edit, inverse: &Edit) -> Result<Option<(Edit, Committed)>, SyncError> { let _ = (mine, inverse); todo!() }
    /// Takes in what others have changed since and gives the edits that the score went through, in order.
    pub fn poll_remote(&mut self) -> Result<Vec<Edit>, SyncError> { todo!() }
    /// Places where what was merged does not read as music: for showing, nothing is changed.
    pub fn overlaps(&self) -> Vec<Overlap> { todo!() }
    /// Loads the replicated document, if that was not needed yet. For a quiet moment after the first page is shown.
    pub fn warm(&mut self) -> Result<(), SyncError> { todo!() }
    /// Stores caches, so that the next opening is quick. Happens by itself when the handle is dropped; for quiet moments.
    pub fn checkpoint(&mut self) -> Result<(), SyncError> { todo!() }
}
