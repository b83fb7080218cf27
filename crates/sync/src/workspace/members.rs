//! Spaces and those who belong to them: founding, inviting, letting in, roles, removing, leaving.

use std::time::Duration;

use rusqlite::Transaction;

use super::{Workspace, WorkspaceEvent};
use crate::circle::Circle;
use crate::identity::Card;
use crate::mailbox::RelayPass;
use crate::membership::{Action, Kind, Mark, Offer, Person, Role, proof_of};
use crate::protocol::Asking;
use crate::store::membership::Part;
use crate::store::{self};
use crate::{DeviceId, InviteId, MemberId, Space, SpaceId, SyncError};

/// What an invitation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inviting {
    /// What it is for.
    pub offer: Offer,
    /// How long it is good.
    pub valid: Duration,
    /// How many may use it.
    pub uses: u32,
    /// Whether somebody has to say yes to each who asks.
    pub confirm: bool,
}

/// An invitation, and the secret that goes into its ticket.
#[derive(Clone, PartialEq, Eq)]
pub struct Invited {
    /// Which.
    pub invite: InviteId,
    /// Until when it is good, in seconds since 1970 (UTC).
    pub expires: u64,
    pub(crate) secret: [u8; 16],
}

impl Default for Inviting {
    /// One editor, within a week.
    fn default() -> Self {
        Self { offer: Offer::Member(Role::Editor), valid: Duration::from_secs(7 * 24 * 3600), uses: 1, confirm: false }
    }
}

impl std::fmt::Debug for Invited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Invited").field("invite", &self.invite).field("expires", &self.expires).finish_non_exhaustive()
    }
}

impl Workspace {
    /// The spaces, this person's own first; those that this device left are not among them.
    pub fn spaces(&self) -> Result<Vec<Space>, SyncError> {
        self.read(|connection| {
            let listed = store::membership::spaces(connection)?.into_iter();
            let mut spaces = Vec::new();
            for listed in listed.filter(|listed| listed.part.is_here() && listed.part != Part::Private) {
                let circle = self.circle_in(connection, listed.id)?;
                let state = circle.log.state();
                let devices = state.devices_here().filter(|(_, device)| !device.recovery);
                spaces.push(Space {
                    id: listed.id,
                    name: listed.name,
                    own: listed.part == Part::Own,
                    role: state.role_of(self.device()),
                    devices: devices.map(|(id, device)| (id, device.name.clone())).collect(),
                });
            }
            Ok(spaces)
        })
    }

    /// Who this is, for whoever decides whether to let it in.
    pub(crate) fn asking(&self, secret: Option<[u8; 16]>) -> Result<Asking, SyncError> {
        Ok(Asking { card: self.identity().card(&self.device_name()?), person: self.person()?, secret })
    }

    /// Whether a space is here, left or not.
    pub(crate) fn has_space(&self, space: SpaceId) -> Result<bool, SyncError> {
        Ok(self.read(|connection| store::membership::part(connection, space))?.is_some())
    }

    /// Remembers that this device asked to come into a space.
    pub(crate) fn remember_asking(&self, space: SpaceId, ticket: &str) -> Result<(), SyncError> {
        self.write(|tx| store::requests::asked(tx, space, ticket, self.now()))
    }

    /// Forgets that this device asked.
    pub(crate) fn forget_asking(&self, space: SpaceId) -> Result<(), SyncError> {
        self.write(|tx| store::requests::answered(tx, space))
    }

    /// The spaces that this device asked to come into, with the tickets, where nobody has answered yet.
    pub fn unanswered(&self) -> Result<Vec<(SpaceId, String)>, SyncError> {
        self.read(store::requests::unanswered)
    }

    /// The other devices of a space, with their names; printed keys are none.
    pub(crate) fn others(&self, space: SpaceId) -> Result<Vec<(DeviceId, String)>, SyncError> {
        let circle = self.circle(space)?;
        let here = circle.log.state().devices_here().filter(|(id, device)| !device.recovery && *id != self.device());
        Ok(here.map(|(id, device)| (id, device.name.clone())).collect())
    }

    /// The devices to keep in touch with, space by space, the private one among them.
    pub(crate) fn peers(&self) -> Result<Vec<(SpaceId, DeviceId)>, SyncError> {
        self.read(|connection| {
            let mut peers = Vec::new();
            let renewed = self.renewed_in(connection)?;
            for listed in store::membership::spaces(connection)?.into_iter().filter(|listed| listed.part.is_here()) {
                let circle = self.circle_in(connection, listed.id)?;
                let nobody = |id: DeviceId| id == self.device() || Some(id) == renewed;
                let others = circle.log.state().devices_here().filter(|(id, device)| !device.recovery && !nobody(*id));
                peers.extend(others.map(|(device, _)| (listed.id, device)));
            }
            Ok(peers)
        })
    }

    /// Founds a space for a band, with this person as its owner.
    pub fn create_space(&self, name: &str) -> Result<SpaceId, SyncError> {
        let space = self.write(|tx| {
            let space = self.found(tx, Kind::Band, name, Part::Other)?;
            self.bring_own_devices(tx, space)?;
            Ok(space)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(space)
    }

    /// Signs something in the membership log of a space.
    fn govern(&self, space: SpaceId, action: impl FnOnce(&Circle) -> Result<Action, SyncError>) -> Result<(), SyncError> {
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            let action = action(&circle)?;
            self.sign(tx, space, action)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// Gives a space another name.
    pub fn rename_space(&self, space: SpaceId, name: &str) -> Result<(), SyncError> {
        self.govern(space, |_| Ok(Action::Rename(crate::id::cut_name(name))))
    }

    /// Says through which relays and mailboxes the members of a space meet.
    pub(super) fn set_relays(&self, space: SpaceId, passes: &[RelayPass]) -> Result<(), SyncError> {
        self.govern(space, |_| Ok(Action::Relays(passes.iter().map(ToString::to_string).collect())))
    }

    /// Prepares to let somebody in. The secret goes into a ticket and is not kept.
    pub fn invite(&self, space: SpaceId, inviting: Inviting) -> Result<Invited, SyncError> {
        let Inviting { offer, valid, uses, confirm } = inviting;
        let (invite, secret) = (InviteId(self.random()?), self.random()?);
        let expires = (self.now() / 1000).saturating_add(valid.as_secs());
        self.govern(space, |_| Ok(Action::Invite { invite, proof: proof_of(&secret), offer, expires, uses, confirm }))?;
        Ok(Invited { invite, expires, secret })
    }

    /// Withdraws an invitation.
    pub fn revoke(&self, space: SpaceId, invite: InviteId) -> Result<(), SyncError> {
        self.govern(space, |_| Ok(Action::RevokeInvite(invite)))
    }

    /// Lets somebody in who asked.
    pub fn accept(&self, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
        self.write(|tx| {
            let asking = store::requests::get(tx, space, device)?.ok_or_else(|| SyncError::UnknownName(device.short()))?;
            let circle = self.circle_in(tx, space)?;
            let invite = circle.log.state().invites.get(&asking.invite).ok_or_else(|| SyncError::UnknownName(asking.invite.short()))?;
            self.let_in(tx, space, (Some(asking.invite), invite.offer), &asking.card, &asking.person)?;
            store::requests::remove(tx, space, device)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// Says no to somebody who asked.
    pub fn decline(&self, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
        self.write(|tx| {
            store::requests::get(tx, space, device)?.ok_or_else(|| SyncError::UnknownName(device.short()))?;
            store::requests::decline(tx, space, device)
        })?;
        self.tell(WorkspaceEvent::MembersChanged(space));
        Ok(())
    }

    /// Signs a device in: a new member's first, or a further one of this person.
    pub(super) fn let_in(
        &self,
        tx: &Transaction<'_>,
        space: SpaceId,
        (invite, offer): (Option<InviteId>, Offer),
        card: &Card,
        person: &Person,
    ) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        let keys = self.draft(&circle, |drafting, circle| drafting.keys_for(&circle.log, &circle.keys, card))?;
        let card = card.clone();
        match offer {
            Offer::Member(role) => {
                let person = Person { name: crate::id::cut_name(&person.name), colour: person.colour & 0x00ff_ffff };
                let member = MemberId(self.random()?);
                self.sign(tx, space, Action::Admit { invite, member, person, role, card, keys })
            }
            Offer::Device => {
                self.sign(tx, space, Action::AddDevice { invite, card: card.clone(), recovery: false, keys })?;
                if space == self.own_space() {
                    self.bring_everywhere(tx, &card, false)?;
                }
                Ok(())
            }
        }
    }

    /// Adds a device of this person to all spaces in which it is not yet.
    pub(super) fn bring_everywhere(&self, tx: &Transaction<'_>, card: &Card, recovery: bool) -> Result<(), SyncError> {
        for listed in store::membership::spaces(tx)?.into_iter().filter(|listed| listed.part.is_here()) {
            self.bring(tx, listed.id, card, recovery)?;
        }
        Ok(())
    }

    fn bring(&self, tx: &Transaction<'_>, space: SpaceId, card: &Card, recovery: bool) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        if circle.has(card.device) {
            return Ok(());
        }
        let keys = self.draft(&circle, |drafting, circle| drafting.keys_for(&circle.log, &circle.keys, card))?;
        self.sign(tx, space, Action::AddDevice { invite: None, card: card.clone(), recovery, keys })
    }

    /// Adds this person's other devices to a space that this one came into.
    pub(super) fn bring_own_devices(&self, tx: &Transaction<'_>, space: SpaceId) -> Result<(), SyncError> {
        let own = self.circle_in(tx, self.own_space())?;
        let Some((member, _)) = own.log.state().member_of(self.device()) else { return Ok(()) };
        let others = own.log.state().devices_of(member).filter(|(device, _)| *device != self.device());
        let others: Vec<(Card, bool)> = others.map(|(_, device)| (device.card.clone(), device.recovery)).collect();
        others.into_iter().try_for_each(|(card, recovery)| self.bring(tx, space, &card, recovery))
    }

    /// Gives a member another role.
    pub fn set_role(&self, space: SpaceId, member: MemberId, role: Role) -> Result<(), SyncError> {
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            let found = circle.log.state().members.get(&member).filter(|member| member.here);
            let old = found.ok_or_else(|| SyncError::UnknownName(member.short()))?.role;
            if old == Role::Owner && role != Role::Owner && circle.log.state().owners() == 1 {
                return Err(SyncError::LastOwner);
            }
            let known = self.marks(tx, &circle, member)?;
            self.sign(tx, space, Action::SetRole { member, role, known })
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    fn marks(&self, tx: &Transaction<'_>, circle: &Circle, member: MemberId) -> Result<Vec<Mark>, SyncError> {
        let devices = circle.log.state().devices_of(member);
        devices.map(|(device, _)| store::log::mark(tx, circle.log.space(), device)).collect()
    }

    /// Removes a member: what they wrote so far stays, what is written from now on they cannot read.
    pub fn remove_member(&self, space: SpaceId, member: MemberId) -> Result<(), SyncError> {
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            let state = circle.log.state();
            let found = state.members.get(&member).filter(|member| member.here);
            if found.ok_or_else(|| SyncError::UnknownName(member.short()))?.role == Role::Owner && state.owners() == 1 {
                return Err(SyncError::LastOwner);
            }
            let known = self.marks(tx, &circle, member)?;
            let without: Vec<DeviceId> = state.devices_of(member).map(|(device, _)| device).collect();
            let key = self.draft(&circle, |drafting, circle| drafting.new_key(&circle.log, &circle.keys, &without))?;
            self.sign(tx, space, Action::Remove { member, known, key: Some(key) })
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// Leaves a space. What is here of it stays here.
    pub fn leave(&self, space: SpaceId) -> Result<(), SyncError> {
        if space == self.own_space() || space == self.private_space() {
            return Err(SyncError::NotAllowed { deed: "leave" });
        }
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            let state = circle.log.state();
            let (member, found) = state.member_of(self.device()).ok_or(SyncError::UnknownSpace(space))?;
            if found.role == Role::Owner && state.owners() == 1 && state.members_here().count() > 1 {
                return Err(SyncError::LastOwner);
            }
            let known = self.marks(tx, &circle, member)?;
            self.sign(tx, space, Action::Remove { member, known, key: None })
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// Removes a device: of this person, or of anybody where this person is an owner.
    pub fn remove_device(&self, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
        self.write(|tx| self.remove_device_in(tx, space, device))?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    pub(super) fn remove_device_in(&self, tx: &Transaction<'_>, space: SpaceId, device: DeviceId) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        // One that was removed already is removed again where its log is still frozen: that decides anew which one stands.
        if !circle.has(device) && store::forks::frozen(tx, space, device)?.is_none() {
            return Err(SyncError::UnknownName(device.short()));
        }
        let known = store::log::mark(tx, space, device)?;
        self.sign_removal(tx, space, known)
    }

    /// Removes a device, of whose log so much is known.
    pub(super) fn sign_removal(&self, tx: &Transaction<'_>, space: SpaceId, known: Mark) -> Result<(), SyncError> {
        let (circle, device) = (self.circle_in(tx, space)?, known.device);
        let owner = circle.log.state().role_of(self.device()) == Some(Role::Owner);
        let key = match owner {
            true => Some(self.draft(&circle, |drafting, circle| drafting.new_key(&circle.log, &circle.keys, &[device]))?),
            false => None,
        };
        self.sign(tx, space, Action::RemoveDevice { device, known, key })
    }

    /// Begins a new epoch: what is written from now on takes a new key.
    pub fn rotate_key(&self, space: SpaceId) -> Result<(), SyncError> {
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            let key = self.draft(&circle, |drafting, circle| drafting.new_key(&circle.log, &circle.keys, &[]))?;
            self.sign(tx, space, Action::Rotate(key))
        })
    }
}
