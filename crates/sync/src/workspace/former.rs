//! Spaces that this device does not belong to any more.

use super::{Workspace, WorkspaceEvent};
use crate::membership::{Action, Kind};
use crate::store::{self, membership::Part};
use crate::{SpaceId, SyncError};

/// A space that this device left, or was removed from. What was here of it is here still, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// Which.
    pub id: SpaceId,
    /// What it was called.
    pub name: String,
    /// By the clock of whoever signed that, in seconds since 1970 (UTC).
    pub since: u64,
    /// The member who removed this one, or this device; nothing where this person left.
    pub by: Option<String>,
    /// Whether it was this device that was removed, and not its person.
    pub device_only: bool,
}

impl Workspace {
    /// The spaces that this device does not belong to any more and that are not forgotten.
    pub fn former_spaces(&self) -> Result<Vec<Former>, SyncError> {
        self.read(|connection| {
            let listed = store::membership::spaces(connection)?.into_iter().filter(|listed| listed.part == Part::Left);
            let former = listed.map(|listed| {
                let circle = self.circle_in(connection, listed.id)?;
                let (state, this) = (circle.log.state(), self.device());
                // A space that another took the place of at the first start was not left, and has nothing in it.
                let Some(removal) = circle.log.removal_of(this).filter(|_| state.kind != Kind::Private) else { return Ok(None) };
                let (mine, author) = (state.devices.get(&this), state.devices.get(&removal.author));
                let self_removed = mine.map(|device| device.member) == author.map(|device| device.member);
                let by = author.and_then(|device| state.members.get(&device.member)).map(|member| member.person.name.clone());
                let device_only = matches!(removal.action, Action::RemoveDevice { .. });
                let by = by.filter(|_| device_only || !self_removed);
                Ok(Some(Former { id: listed.id, name: listed.name, since: removal.time, by, device_only }))
            });
            former.filter_map(Result::transpose).collect()
        })
    }

    /// Puts a space out of sight that this device does not belong to any more, with the scores that are in it. It comes back only
    /// with a new invitation.
    pub fn forget(&self, space: SpaceId) -> Result<(), SyncError> {
        self.write(|tx| {
            if store::membership::part(tx, space)? != Some(Part::Left) {
                return Err(SyncError::NotAllowed { deed: "forget" });
            }
            store::membership::set_part(tx, space, Part::Forgotten)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }
}
