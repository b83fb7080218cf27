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

    /// What this device says to a mailbox that let it in: how far its logs go, and a roster where that one's is older.
    ///
    /// Numbers alone do not tell whether the mailbox has the same log of a device as this one. So it is asked for the last envelope
    /// that it has of each again, unless that was there when the two were last done with each other: another one than this
    /// device's shows that there are two logs. A log that is to take the place of the one here is asked for as a whole.
    pub(crate) fn enter_mailbox(
        &self,
        (space, mailbox): (SpaceId, DeviceId),
        held: &Held,
    ) -> Result<(Vector, Option<Signed<Roster>>), SyncError> {
        let (known, dropped): (BTreeMap<DeviceId, u64>, BTreeMap<DeviceId, u64>) =
            (held.known.iter().copied().collect(), held.dropped.iter().copied().collect());
        let reached = self.reached(space, mailbox)?;
        let awaited = self.awaited(space)?;
        let says = |(device, here): (DeviceId, u64)| {
            if awaited.contains(&device) {
                return (device, 0);
            }
            let theirs = known.get(&device).copied().filter(|theirs| *theirs > dropped.get(&device).copied().unwrap_or(0));
            let doubtful = theirs.filter(|theirs| *theirs <= here && reached.get(&device) != Some(theirs));
            (device, doubtful.map_or(here, |theirs| theirs - 1))
        };
        let vector = self.vector(space)?.into_iter().map(says).collect();
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::mailbox::{Effect, Event, FromMailbox, Purpose, Session, ToMailbox, Token};
    use crate::{Options, WorkspaceEvent};

    /// Lets a device visit a mailbox that has what another device has, and gives what came to it from there.
    fn visit(device: &Workspace, space: SpaceId, others: &Workspace) -> usize {
        let mailbox = DeviceId([9; 32]);
        let roster = Roster::of(&others.circle(space).unwrap().log);
        let held = Held { known: others.vector(space).unwrap().into_iter().collect(), dropped: Vec::new(), roster };
        let mut session = Session::new(Purpose { space, token: Token([0; 16]), roster: None, once: true }, Duration::ZERO);
        let mut handle = |event| session.handle(Duration::ZERO, event);
        handle(Event::Opened);
        let entering = handle(Event::Received(FromMailbox::Welcome(held)));
        let [Effect::Enter(held)] = &entering[..] else { panic!("{entering:?}") };
        let (vector, roster) = device.enter_mailbox((space, mailbox), held).unwrap();
        let effects = handle(Event::Entered(vector, roster));
        let has = effects.iter().find_map(|effect| if let Effect::Send(ToMailbox::Have(has)) = effect { Some(has) } else { None });
        let known = has.unwrap().iter().copied().collect();
        let page = others.log_page(space, (0, &known, &[]), usize::MAX).unwrap().0;
        let envelopes: Vec<Vec<u8>> = page.entries.into_iter().map(|(_, _, bytes)| bytes).collect();
        device.receive(space, &[], &envelopes).unwrap();
        device.put_reached(space, mailbox, &held.known.iter().copied().collect()).unwrap();
        envelopes.len()
    }

    #[test]
    fn a_laptop_learns_at_a_mailbox_that_its_log_has_two_lives() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let open = |folder: &tempfile::TempDir| Workspace::open(folder.path(), Options::default()).unwrap();
        let device = open(&folder);
        let space = device.create_space("Band").unwrap();
        let score = device.import_score(space, &bandpro_notation::model::Score::new()).unwrap();
        drop(device);
        for file in std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()) {
            std::fs::copy(&file, other.path().join(file.file_name().unwrap())).unwrap();
        }
        let (device, restored) = (open(&folder), open(&other));
        assert_eq!(device.device(), restored.device());
        // The same is there: one envelope is asked for again, and at the next visit none.
        assert_eq!((visit(&restored, space, &device), visit(&restored, space, &device)), (1, 0));
        device.rename_score(score, "went on").unwrap();
        restored.rename_score(score, "went on otherwise").unwrap();
        let events = restored.events();
        visit(&restored, space, &device);
        let forked = WorkspaceEvent::Forked { space, device: device.device() };
        assert!(events.try_iter().any(|event| event == forked));
    }
}
