//! A laptop that goes on under another key, since its log was forked (a backup was restored): the way out without another data
//! folder, an invitation or anybody's help.
//!
//! The old device signs the new one in, in all spaces, as one of the same person. Others learn that from the new one itself: it
//! brings the entries along when it calls. Where one of them knows the other log of the old device, the new one removes the old,
//! with the mark that it was told; by that the log that the others have stands, comes here, and what was written here since the
//! backup is made anew on top of it, in the new device's name.

use rusqlite::{Connection, Transaction};

use super::Workspace;
use crate::identity::keeping;
use crate::membership::{Action, Entry, Mark};
use crate::protocol::MAX_INTRODUCTION;
use crate::seal::Wrapped;
use crate::store;
use crate::{DeviceId, SpaceId, SyncError, WorkspaceEvent};

/// Where the settings keep which device this folder belonged to.
const SETTING: &str = "renewed";

impl Workspace {
    /// Gives the data folder another device key, and signs that device in in all spaces. This workspace writes nothing any more
    /// (that is an error of its own): the folder has to be opened again.
    pub fn renew(&self) -> Result<DeviceId, SyncError> {
        let place = self.key_place()?;
        let next = keeping::lay_another(self.folder(), &self.inner.keys, place)?;
        let device = next.device();
        let signed_in = self.device_name().and_then(|name| self.renew_as(&next.card(&name)));
        if let Err(error) = signed_in {
            // Whatever failed: where the database names the new key all the same, that is needed.
            if self.read(|connection| keeping::is_of(connection, self.device())).unwrap_or(false) {
                keeping::let_go_of(self.folder(), &self.inner.keys, place, device);
            }
            return Err(error);
        }
        keeping::changed(self.folder(), &self.inner.keys, place, (self.device(), device))?;
        Ok(device)
    }

    /// Signs in the device that goes on here.
    pub(crate) fn renew_as(&self, card: &crate::identity::Card) -> Result<(), SyncError> {
        self.write(|tx| {
            self.is_still_this_device(tx)?;
            for listed in store::membership::spaces(tx)? {
                let circle = self.circle_in(tx, listed.id)?;
                let keys = self.draft(&circle, |drafting, circle| drafting.all_keys_for(&circle.keys, card))?;
                let bytes = postcard::to_stdvec(&keys).map_err(|error| store::damaged(error.to_string()))?;
                store::settings::put(tx, &carried(listed.id), &crate::id::to_text(&bytes))?;
            }
            self.bring_everywhere(tx, card, false)?;
            store::settings::put(tx, SETTING, &self.device().to_string())?;
            keeping::change_to(tx, card.device)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// Fails where the data folder goes on under another key.
    pub(super) fn is_still_this_device(&self, connection: &Connection) -> Result<(), SyncError> {
        if keeping::is_of(connection, self.device())? { Ok(()) } else { Err(SyncError::Renewed) }
    }

    /// Which device this folder belonged to before it was renewed.
    pub fn renewed_from(&self) -> Result<Option<DeviceId>, SyncError> {
        self.read(|connection| self.renewed_in(connection))
    }

    pub(super) fn renewed_in(&self, connection: &Connection) -> Result<Option<DeviceId>, SyncError> {
        let old = store::settings::get(connection, SETTING)?.and_then(|text| text.parse().ok());
        Ok(old.filter(|old| *old != self.device()))
    }

    /// The keys of a space that this folder had before it was renewed, wrapped for this device: what is sealed under them must be
    /// opened even in a space that the old one had left.
    pub(super) fn carried_keys(connection: &Connection, space: SpaceId) -> Result<Vec<Wrapped>, SyncError> {
        let kept = store::settings::get(connection, &carried(space))?.and_then(|text| crate::id::from_text(&text));
        Ok(kept.and_then(|bytes| postcard::from_bytes(&bytes).ok()).unwrap_or_default())
    }

    /// Takes the old device out of the spaces that nobody else is in: there is nobody who knows another log of it.
    pub(super) fn leave_old_device(&self) -> Result<(), SyncError> {
        let Some(old) = self.renewed_from()? else { return Ok(()) };
        let alone: Vec<SpaceId> = self.read(|connection| {
            let mut alone = Vec::new();
            for listed in store::membership::spaces(connection)?.into_iter().filter(|listed| listed.part.is_here()) {
                let circle = self.circle_in(connection, listed.id)?;
                let nobody_else = circle.log.state().devices_here().all(|(id, device)| device.recovery || id == old || id == self.device());
                alone.extend((nobody_else && circle.has(old) && circle.has(self.device())).then_some(listed.id));
            }
            Ok(alone)
        })?;
        if alone.is_empty() {
            return Ok(());
        }
        self.write(|tx| {
            for space in alone {
                // Another process that started at the same time may have been quicker.
                if self.circle_in(tx, space)?.has(old) {
                    self.remove_device_in(tx, space, old)?;
                }
            }
            Ok(())
        })
    }

    /// The entries by which another device learns that this one is a member, unless the two have met.
    pub(crate) fn introduction(&self, space: SpaceId, peer: DeviceId) -> Result<Vec<Vec<u8>>, SyncError> {
        if self.renewed_from()?.is_none() || self.setting(&introduced(space, peer))?.is_some() {
            return Ok(Vec::new());
        }
        let mut entries = self.members_after(space, &[])?.entries;
        // What came first, all have who were there before this device was renewed.
        Ok(entries.split_off(entries.len().saturating_sub(MAX_INTRODUCTION)))
    }

    /// Takes in entries by which a device introduces itself, where a member signed it in.
    pub(super) fn take_introduction(&self, space: SpaceId, peer: DeviceId, introduction: &[Vec<u8>]) -> Result<(), SyncError> {
        if introduction.is_empty()
            || !self.read(|connection| store::membership::part(connection, space))?.is_some_and(|part| part.is_here())
        {
            return Ok(());
        }
        let circle = self.circle(space)?;
        let signs_in = |bytes: &Vec<u8>| {
            let Ok(entry) = Entry::decode(bytes) else { return false };
            circle.has(entry.author) && matches!(&entry.action, Action::AddDevice { card, .. } if card.device == peer)
        };
        if !circle.has(peer) && introduction.iter().any(signs_in) {
            self.receive(space, introduction, &[])?;
        }
        Ok(())
    }

    /// What follows from how far another device knows the logs, where this folder was renewed: if it knows another log of the old
    /// device than this one, that log is the one that stands.
    pub(crate) fn settle_renewed(&self, space: SpaceId, peer: DeviceId, theirs: &[Mark]) -> Result<(), SyncError> {
        let Some(old) = self.renewed_from()? else { return Ok(()) };
        if self.setting(&introduced(space, peer))?.is_none() {
            self.set_setting(&introduced(space, peer), "")?;
        }
        let Some(mark) = theirs.iter().find(|mark| mark.device == old && mark.seq > 0) else { return Ok(()) };
        self.write(|tx| self.give_way(tx, space, mark))
    }

    fn give_way(&self, tx: &Transaction<'_>, space: SpaceId, theirs: &Mark) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        let member = |device| circle.log.state().member_of(device).map(|(member, _)| member);
        let old = theirs.device;
        if member(old).is_none() || member(old) != member(self.device()) {
            return Ok(());
        }
        let here = store::log::hash_of(tx, space, old, theirs.seq)?;
        let forked = here.is_some() || store::forks::frozen(tx, space, old)?.is_some();
        if !forked || here == Some(theirs.hash) {
            return Ok(());
        }
        store::forks::freeze(tx, space, old, theirs.seq, self.now())?;
        self.sign_removal(tx, space, *theirs)
    }
}

fn carried(space: SpaceId) -> String {
    format!("carried:{space}")
}

fn introduced(space: SpaceId, peer: DeviceId) -> String {
    format!("introduced:{space}:{peer}")
}

#[cfg(test)]
mod tests {
    use crate::{Options, Workspace};

    #[test]
    fn a_renewed_folder_that_several_open_at_once_opens_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let before = Workspace::open(folder.path(), Options::default()).unwrap();
        let device = before.renew().unwrap();
        drop(before);
        let open = || Workspace::open(folder.path(), Options::default()).map(|workspace| workspace.device());
        let opened = std::thread::scope(|scope| {
            let all: Vec<_> = (0..8).map(|_| scope.spawn(open)).collect();
            all.into_iter().map(|one| one.join().unwrap().unwrap()).collect::<Vec<_>>()
        });
        assert_eq!(opened, [device; 8]);
        let workspace = Workspace::open(folder.path(), Options::default()).unwrap();
        for space in [workspace.own_space(), workspace.private_space()] {
            let circle = workspace.circle(space).unwrap();
            assert_eq!(circle.log.state().devices_here().map(|(device, _)| device).collect::<Vec<_>>(), [device]);
        }
    }
}
