//! Making a printed key, and making a new device one of the person who printed it.

use rusqlite::Transaction;

use super::{Workspace, WorkspaceEvent};
use crate::circle::Circle;
use crate::identity::{Card, Identity, RecoveryKey};
use crate::membership::{Action, Drafting};
use crate::store;
use crate::{SpaceId, SyncError};

impl Workspace {
    /// Makes a printed key, which every space of this person knows from now on as a device of theirs.
    pub fn make_recovery_key(&self, name: &str) -> Result<RecoveryKey, SyncError> {
        let key = RecoveryKey::from_random(self.random()?);
        let card = key.identity().card(name);
        self.write(|tx| self.bring_everywhere(tx, &card, true))?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(key)
    }

    /// Makes this device one of the person whose printed key this is, in all spaces whose data is here, as after a backup was
    /// restored to a new laptop. Gives the spaces.
    pub fn recover(&self, key: &RecoveryKey) -> Result<Vec<SpaceId>, SyncError> {
        let (identity, card) = (key.identity(), self.identity().card(&self.device_name()?));
        let spaces = self.write(|tx| {
            let mut recovered = Vec::new();
            for listed in store::membership::spaces(tx)? {
                if self.recover_in(tx, listed.id, &identity, &card)? {
                    recovered.push(listed.id);
                }
            }
            Ok(recovered)
        })?;
        if spaces.is_empty() {
            return Err(SyncError::UnknownName("recovery key".into()));
        }
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(spaces)
    }

    /// Signs another device in, in the name of the printed key that this workspace was opened with.
    pub(crate) fn recover_for(&self, space: SpaceId, card: &Card) -> Result<(), SyncError> {
        let identity = self.identity().clone();
        self.write(|tx| self.recover_in(tx, space, &identity, card)).map(drop)
    }

    /// Signs a device in as one of the member whose printed key this is. Gives whether there was anything to do.
    fn recover_in(&self, tx: &Transaction<'_>, space: SpaceId, key: &Identity, card: &Card) -> Result<bool, SyncError> {
        let known = self.circle_in(tx, space)?;
        let state = known.log.state();
        if state.device(key.device()).is_none() || state.device(card.device).is_some() {
            return Ok(false);
        }
        let circle = Circle::of(known.log.clone(), key);
        let mut failed = Ok(());
        let mut random = |bytes: &mut [u8]| {
            if let Err(error) = self.fill(bytes) {
                failed = Err(error);
            }
        };
        let mut drafting = Drafting { identity: key, time: self.now() / 1000, random: &mut random };
        let keys = drafting.keys_for(&circle.log, &circle.keys, card);
        let entry = drafting.entry(&circle.log, Action::AddDevice { invite: None, card: card.clone(), recovery: false, keys })?;
        failed?;
        Ok(!self.take_entries(tx, space, vec![entry])?.new.is_empty())
    }
}
