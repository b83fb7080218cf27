//! The relays that a space's members may use, and what this device has for their mailboxes.

use std::collections::BTreeMap;

use super::Workspace;
use crate::mailbox::{Held, RelayPass, Roster, Signed, Vector};
use crate::{DeviceId, SpaceId, SyncError, WorkspaceEvent};

/// More relays than a band needs.
const MAX_PASSES: usize = 16;

fn key(space: SpaceId) -> String {
    format!("relays:{space}")
}

impl Workspace {
    /// The passes of a space's relays.
    pub fn relay_passes(&self, space: SpaceId) -> Result<Vec<RelayPass>, SyncError> {
        let kept = self.setting(&key(space))?.unwrap_or_default();
        Ok(kept.lines().filter_map(|line| line.parse().ok()).collect())
    }

    /// Uses a relay for a space from now on. Another pass for the same relay takes the place of the one before.
    pub fn add_relay(&self, space: SpaceId, pass: &RelayPass) -> Result<(), SyncError> {
        let mut passes = self.relay_passes(space)?;
        passes.retain(|known| !known.is_same_relay(pass));
        passes.truncate(MAX_PASSES - 1);
        passes.push(pass.clone());
        self.put_passes(space, &passes)
    }

    /// Uses the relay of this name for a space no more. Gives whether there was one.
    pub fn remove_relay(&self, space: SpaceId, name: &str) -> Result<bool, SyncError> {
        let before = self.relay_passes(space)?;
        let left: Vec<RelayPass> = before.iter().filter(|pass| pass.name() != name).cloned().collect();
        if left.len() != before.len() {
            self.put_passes(space, &left)?;
        }
        Ok(left.len() != before.len())
    }

    fn put_passes(&self, space: SpaceId, passes: &[RelayPass]) -> Result<(), SyncError> {
        self.circle(space)?;
        let lines: Vec<String> = passes.iter().map(ToString::to_string).collect();
        self.set_setting(&key(space), &lines.join("\n"))?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// The roster of a space for its mailboxes, if this device may sign one.
    pub(crate) fn mailbox_roster(&self, space: SpaceId) -> Result<Option<Signed<Roster>>, SyncError> {
        let roster = Roster::of(&self.circle(space)?.log);
        Ok(roster.is_owner(self.device()).then(|| Signed::by(self.identity(), roster)))
    }

    /// What this device has for a mailbox that let it in: how far its logs go, and a roster where that one's is older.
    pub(crate) fn enter_mailbox(&self, space: SpaceId, held: &Held) -> Result<(Vector, Option<Signed<Roster>>), SyncError> {
        let vector = self.vector(space)?.into_iter().collect();
        let newer = |ours: &Signed<Roster>| ours.may_replace(&held.roster) && !ours.content.agrees_with(&held.roster);
        let roster = self.mailbox_roster(space)?.filter(newer);
        Ok((vector, roster))
    }

    /// How far another device was last known to have each log of a space.
    pub(crate) fn reached(&self, space: SpaceId, device: DeviceId) -> Result<BTreeMap<DeviceId, u64>, SyncError> {
        let kept = self.setting(&format!("reached:{space}:{device}"))?;
        let bytes = kept.and_then(|text| crate::id::from_text(&text)).unwrap_or_default();
        Ok(postcard::from_bytes(&bytes).unwrap_or_default())
    }

    /// Keeps how far another device is known to have each log of a space.
    pub(crate) fn put_reached(&self, space: SpaceId, device: DeviceId, known: &BTreeMap<DeviceId, u64>) -> Result<(), SyncError> {
        let bytes = postcard::to_stdvec(known).unwrap_or_default();
        self.set_setting(&format!("reached:{space}:{device}"), &crate::id::to_text(&bytes))
    }
}
