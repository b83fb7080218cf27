//! The relays that a space's members may use, and what this device has for their mailboxes.

use std::collections::BTreeMap;

use super::Workspace;
use crate::mailbox::{Held, RelayPass, Roster, Signed, Vector};
use crate::membership::{MAX_RELAYS, Role};
use crate::{DeviceId, SpaceId, SyncError, WorkspaceEvent};

fn key(space: SpaceId) -> String {
    format!("relays:{space}")
}

/// The passes that lines of text are; what is none, or of a newer version, is passed over.
fn passes<'a>(lines: impl IntoIterator<Item = &'a str>) -> Vec<RelayPass> {
    lines.into_iter().filter_map(|line| line.parse().ok()).collect()
}

/// Those that are not of one of these relays.
fn without<'a>(passes: &'a [RelayPass], relays: &'a [RelayPass]) -> impl Iterator<Item = RelayPass> + 'a {
    passes.iter().filter(|pass| !relays.iter().any(|relay| relay.is_same_relay(pass))).cloned()
}

impl Workspace {
    /// The passes of a space's relays: those that its owners named for all, then those that this device alone has.
    pub fn relay_passes(&self, space: SpaceId) -> Result<Vec<RelayPass>, SyncError> {
        let named = self.named_passes(space)?;
        let own = self.own_passes(space)?;
        let all: Vec<RelayPass> = named.iter().cloned().chain(without(&own, &named)).collect();
        Ok(all)
    }

    fn named_passes(&self, space: SpaceId) -> Result<Vec<RelayPass>, SyncError> {
        Ok(passes(self.circle(space)?.log.state().relays.iter().map(String::as_str)))
    }

    fn own_passes(&self, space: SpaceId) -> Result<Vec<RelayPass>, SyncError> {
        Ok(passes(self.setting(&key(space))?.unwrap_or_default().lines()))
    }

    fn is_owner_of(&self, space: SpaceId) -> Result<bool, SyncError> {
        Ok(self.circle(space)?.log.state().role_of(self.device()) == Some(Role::Owner))
    }

    /// Uses a relay for a space from now on: where this person is an owner, all its members do, else this device alone. Another
    /// pass for the same relay takes the place of the one before.
    pub fn add_relay(&self, space: SpaceId, pass: &RelayPass) -> Result<(), SyncError> {
        if !self.is_owner_of(space)? {
            return self.keep_relay(space, pass);
        }
        let named = self.named_passes(space)?;
        if named.contains(pass) {
            return Ok(());
        }
        let mut after: Vec<RelayPass> = without(&named, std::slice::from_ref(pass)).take(MAX_RELAYS - 1).collect();
        after.push(pass.clone());
        self.set_relays(space, &after)
    }

    /// Uses a relay for a space on this device.
    pub(crate) fn keep_relay(&self, space: SpaceId, pass: &RelayPass) -> Result<(), SyncError> {
        let own = self.own_passes(space)?;
        let mut after: Vec<RelayPass> = without(&own, std::slice::from_ref(pass)).take(MAX_RELAYS - 1).collect();
        after.push(pass.clone());
        self.put_passes(space, &after)
    }

    /// Uses the relay of this name for a space no more. Gives whether there was one. Fails where owners named it for all and this
    /// person is none.
    pub fn remove_relay(&self, space: SpaceId, name: &str) -> Result<bool, SyncError> {
        let of_another = |passes: &[RelayPass]| passes.iter().filter(|pass| pass.name() != name).cloned().collect::<Vec<_>>();
        let (named, own) = (self.named_passes(space)?, self.own_passes(space)?);
        let (named_left, own_left) = (of_another(&named), of_another(&own));
        if own_left.len() != own.len() {
            self.put_passes(space, &own_left)?;
        }
        if named_left.len() != named.len() {
            self.set_relays(space, &named_left)?;
        }
        Ok(own_left.len() != own.len() || named_left.len() != named.len())
    }

    fn put_passes(&self, space: SpaceId, passes: &[RelayPass]) -> Result<(), SyncError> {
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
