//! What changes when it turns out who may write: changes that do not count any more are taken back, and edits of this device
//! that built on them are made anew.

use std::collections::BTreeSet;

use bandpro_notation::edit::{Change as EditChange, Edit};
use bandpro_notation::model::Score;
use rusqlite::Transaction;

use super::Workspace;
use super::documents::failed;
use crate::circle::Circle;
use crate::document::Document;
use crate::envelope::Reason;
use crate::store::{self, Row};
use crate::{DeviceId, ScoreId, SyncError, WorkspaceEvent};

/// Changes that are taken back: their places in the log, and who made them.
pub(super) type Gone = Vec<(i64, DeviceId)>;

impl Workspace {
    /// Judges anew what may be judged otherwise by the membership log as it is now.
    pub(super) fn rejudge(&self, tx: &Transaction<'_>, circle: &Circle, before: &Circle) -> Result<(), SyncError> {
        if before.log.is_empty() {
            return Ok(());
        }
        // While this device did not belong to the space, nothing was judged anew.
        let before = Some(&before.log).filter(|_| before.has(self.device()));
        let rejudged = store::log::rejudge(tx, circle, before, self.now())?;
        let mut changed = rejudged.applied;
        for (document, gone) in rejudged.taken_back {
            let places = gone.iter().map(|(place, _)| *place).collect();
            let before = store::documents::rows_and(tx, &circle.keys, document, &places)?;
            self.take_back_from(tx, circle, document, (&before, &gone))?;
            changed.insert(document);
        }
        if !changed.is_empty() {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        changed.into_iter().for_each(|document| self.tell(WorkspaceEvent::ScoreChanged(document)));
        for (id, entry) in rejudged.entries {
            let hash = entry.hash();
            if self.take_entries(tx, circle.log.space(), vec![*entry])?.waiting == 0 {
                let known = self.circle_in(tx, circle.log.space())?.log.has(&hash);
                if known { store::log::settle(tx, id)? } else { store::log::refuse(tx, id, Reason::Body)? }
            }
        }
        Ok(())
    }

    /// Works a document out anew of which changes are gone, that was made of those in `before`. What this device did on
    /// top of them is done again where it still can be, and what is gone itself of the device that this one was before it was
    /// renewed: nobody else will.
    pub(super) fn take_back_from(
        &self,
        tx: &Transaction<'_>,
        circle: &Circle,
        id: ScoreId,
        (before, gone): (&[Row], &Gone),
    ) -> Result<(), SyncError> {
        let old = self.renewed_in(tx)?;
        let follows = store::log::take_back_what_follows(tx, circle, id)?.into_iter();
        let mine = follows.filter(|(_, device)| *device == self.device() || Some(*device) == old);
        let lost: BTreeSet<i64> =
            mine.chain(gone.iter().copied().filter(|(_, device)| Some(*device) == old)).map(|(place, _)| place).collect();
        store::documents::take_back(tx, &circle.keys, id)?;
        // Who may not write any more makes nothing anew either.
        if lost.is_empty() || store::documents::end(tx, id)? == 0 || !circle.may_write(self.device(), id) {
            return Ok(());
        }
        let edits = edits_of(id, before, &lost)?;
        self.make_anew(tx, circle, id, &edits)
    }

    /// Makes edits of this device anew on a document as it is now, change by change: what does not fit any more is passed over.
    pub(super) fn make_anew(&self, tx: &Transaction<'_>, circle: &Circle, id: ScoreId, edits: &[Edit]) -> Result<(), SyncError> {
        let mut document = self.load_document(tx, id, i64::MAX)?.document;
        let mut score = document.hydrate().map_err(failed(id))?;
        let mut made: Vec<EditChange> = Vec::new();
        for change in edits.iter().flat_map(|edit| &edit.changes) {
            let edit = Edit::new(vec![change.clone()]);
            if edit.apply(&mut score).is_ok() {
                made.push(change.clone());
            }
        }
        let time = (self.now() / 1000) as i64;
        if let Some(change) = document.commit(&Edit::new(made), time).map_err(failed(id))? {
            self.append(tx, (circle.log.space(), id), change)?;
        }
        Ok(())
    }
}

/// What some changes of a document did, when they were made.
pub(super) fn edits_of(id: ScoreId, rows: &[Row], which: &BTreeSet<i64>) -> Result<Vec<Edit>, SyncError> {
    let mut document = Document::new().map_err(failed(id))?;
    let mut score: Score = document.hydrate().map_err(failed(id))?;
    let mut edits = Vec::new();
    for row in rows {
        let Ok(edit) = document.take_in_for(vec![row.change.clone()], &score) else { continue };
        if edit.apply(&mut score).is_ok() && which.contains(&row.id) {
            edits.push(edit);
        }
    }
    Ok(edits)
}
