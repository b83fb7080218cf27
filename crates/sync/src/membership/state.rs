//! Who belongs to a space, as entries of its log have made it.

use std::collections::{BTreeMap, BTreeSet};

use super::bits::Bits;
use super::entry::{Action, Entry, Kind, Mark, NewKey, Offer, Person, Role};
use crate::envelope::Hash;
use crate::identity::Card;
use crate::seal::Wrapped;
use crate::{DeviceId, EpochId, InviteId, MemberId};

/// The most members and devices of a space, former ones among them.
const MAX_MEMBERS: usize = 512;
const MAX_DEVICES: usize = 1024;
/// The most invitations of a space.
const MAX_INVITES: usize = 4096;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// How they are shown.
    pub person: Person,
    /// What they may do.
    pub role: Role,
    /// Whether they belong to the space now, and not only once.
    pub here: bool,
    /// By which invitation they came.
    pub(super) came_by: Option<InviteId>,
    /// How long the log was when they got their role, and the entry that gave it: who got it earlier is senior.
    pub(super) since: (u32, Hash),
}

/// A device of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// Whose.
    pub member: MemberId,
    /// How it introduced itself.
    pub card: Card,
    /// What it is called.
    pub name: String,
    /// Whether it is no device but a printed key.
    pub recovery: bool,
    /// Whether it was not removed itself.
    pub(super) here: bool,
    /// The entry that brought it.
    pub(super) by: Hash,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// Who invited.
    pub by: MemberId,
    /// By which the secret of the ticket is recognised.
    pub proof: Hash,
    /// What it is for.
    pub offer: Offer,
    /// Until when, in seconds since 1970 (UTC).
    pub expires: u64,
    /// How many may still use it.
    pub left: u32,
    /// Whether somebody has to say yes to each who asks.
    pub confirm: bool,
    /// Whether it was withdrawn.
    pub revoked: bool,
    /// What ended it, where that is the removal of somebody who knows its secret: whoever knows of that lets nobody in by it.
    pub(super) ended: Vec<Hash>,
}

/// An epoch of the space's content key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// The entry that began it.
    pub begun: Hash,
    /// The devices that its key was given to.
    pub devices: BTreeSet<DeviceId>,
}

/// From where on the log of a device does not count, for envelopes that do not cite what ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cut {
    /// The entry that ended it.
    pub by: Hash,
    pub mark: Mark,
}

/// Who belongs to a space, in which role, with which devices; its content keys; where its members meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// What the space is for.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// The members, former ones among them.
    pub members: BTreeMap<MemberId, Member>,
    /// Members who were let in twice by owners who did not know of each other's entry, by the name that counts less.
    pub(super) aliases: BTreeMap<MemberId, MemberId>,
    /// Their devices, former ones among them.
    pub devices: BTreeMap<DeviceId, Device>,
    /// The invitations, used and withdrawn ones among them.
    pub invites: BTreeMap<InviteId, Invite>,
    /// The epochs that no later one has replaced: one, unless owners acted without knowing of each other.
    pub epochs: BTreeMap<EpochId, Epoch>,
    /// The passes of the space's relays and mailboxes, as text.
    pub relays: Vec<String>,
    pub(super) cuts: Vec<Cut>,
}

/// An entry in its place.
#[derive(Clone, Copy)]
pub(super) struct Placed<'a> {
    pub depth: u32,
    pub past: &'a Bits,
    pub entry: &'a Entry,
    pub places: &'a BTreeMap<Hash, usize>,
}

impl Placed<'_> {
    /// Whether its author knew another entry.
    fn follows(&self, other: &Hash) -> bool {
        self.places.get(other).is_some_and(|at| self.past.has(*at))
    }
}

impl State {
    /// Nobody's: before the first entry.
    pub(super) fn empty() -> Self {
        Self {
            kind: Kind::Private,
            name: String::new(),
            members: BTreeMap::new(),
            aliases: BTreeMap::new(),
            devices: BTreeMap::new(),
            invites: BTreeMap::new(),
            epochs: BTreeMap::new(),
            relays: Vec::new(),
            cuts: Vec::new(),
        }
    }

    /// A device that belongs to the space now.
    pub fn device(&self, device: DeviceId) -> Option<&Device> {
        self.devices.get(&device).filter(|found| found.here && self.members.get(&found.member).is_some_and(|member| member.here))
    }

    /// The devices that belong to the space now.
    pub fn devices_here(&self) -> impl Iterator<Item = (DeviceId, &Device)> {
        self.devices.keys().filter_map(|device| Some((*device, self.device(*device)?)))
    }

    /// The member that a device belongs to now.
    pub fn member_of(&self, device: DeviceId) -> Option<(MemberId, &Member)> {
        let member = self.device(device)?.member;
        Some((member, self.members.get(&member)?))
    }

    /// The role of the member whose device this is now.
    pub fn role_of(&self, device: DeviceId) -> Option<Role> {
        self.member_of(device).map(|(_, member)| member.role)
    }

    /// The devices of a member that belong to the space now.
    pub fn devices_of(&self, member: MemberId) -> impl Iterator<Item = (DeviceId, &Device)> {
        self.devices_here().filter(move |(_, device)| device.member == member)
    }

    /// The members who belong to the space now.
    pub fn members_here(&self) -> impl Iterator<Item = (MemberId, &Member)> {
        self.members.iter().filter(|(_, member)| member.here).map(|(id, member)| (*id, member))
    }

    /// How many owners the space has.
    pub fn owners(&self) -> usize {
        self.members_here().filter(|(_, member)| member.role == Role::Owner).count()
    }

    /// The devices to which a key was given that do not belong to the space now.
    pub fn outsiders(&self, epoch: &Epoch) -> usize {
        epoch.devices.iter().filter(|device| self.device(**device).is_none()).count()
    }

    /// Lets an entry have its effect, if whoever signed it may do that. Gives whether it had.
    pub(super) fn take(&mut self, placed: Placed<'_>) -> bool {
        let author = placed.entry.author;
        if let Action::Create { .. } = &placed.entry.action {
            return self.members.is_empty() && self.found(placed);
        }
        let Some((member, found)) = self.member_of(author) else { return false };
        let owner = found.role == Role::Owner;
        match &placed.entry.action {
            Action::Create { .. } => false,
            Action::Rename(name) => owner && replace(&mut self.name, name.clone()),
            Action::Relays(passes) => owner && replace(&mut self.relays, passes.clone()),
            Action::Invite { .. } | Action::RevokeInvite(_) => self.invitation(placed.entry, member, owner),
            Action::Admit { .. } => owner && self.admit(placed),
            Action::AddDevice { .. } => self.add_device(placed, member),
            Action::SetRole { member, role, known } => owner && self.set_role(placed, *member, *role, known),
            Action::Remove { member: whom, known, key } => {
                (if *whom == member { key.is_none() || owner } else { owner && key.is_some() })
                    && self.remove(placed, *whom, known)
                    && self.begin(placed, key.as_ref())
            }
            Action::RemoveDevice { device, known, key } => self.remove_device(placed, (member, owner), *device, *known, key.as_ref()),
            Action::RenameDevice { device, name } => match self.devices.get_mut(device).filter(|found| found.member == member) {
                Some(device) => replace(&mut device.name, name.clone()),
                None => false,
            },
            Action::Profile(person) => match self.members.get_mut(&member) {
                Some(member) => replace(&mut member.person, person.clone()),
                None => false,
            },
            Action::Rotate(key) => owner && self.begin(placed, Some(key)),
            Action::HandOver(keys) => self.give(keys),
        }
    }

    fn found(&mut self, placed: Placed<'_>) -> bool {
        let Action::Create { kind, name, member, person, card, key, .. } = &placed.entry.action else { return false };
        if card.device != placed.entry.author {
            return false;
        }
        (self.kind, self.name) = (*kind, name.clone());
        let since = (placed.depth, placed.entry.hash());
        self.members.insert(*member, Member { person: person.clone(), role: Role::Owner, here: true, came_by: None, since });
        self.devices.insert(card.device, device_of(placed, *member, card, false));
        self.begin(placed, Some(key))
    }

    fn invitation(&mut self, entry: &Entry, member: MemberId, owner: bool) -> bool {
        match &entry.action {
            Action::Invite { invite, proof, offer, expires, uses, confirm } => {
                let may = match offer {
                    Offer::Member(_) => owner && self.kind != Kind::Private,
                    Offer::Device => true,
                };
                if !may || self.invites.len() >= MAX_INVITES || self.invites.contains_key(invite) {
                    return false;
                }
                let (proof, offer, expires, left, confirm) = (*proof, *offer, *expires, *uses, *confirm);
                self.invites
                    .insert(*invite, Invite { by: member, proof, offer, expires, left, confirm, revoked: false, ended: Vec::new() });
                true
            }
            Action::RevokeInvite(invite) => match self.invites.get_mut(invite).filter(|invite| owner || invite.by == member) {
                // Who did not know of it let nobody in by it either: see `Taking`.
                Some(invite) => replace(&mut invite.revoked, true) && replace(&mut invite.ended, Vec::new()),
                None => false,
            },
            _ => false,
        }
    }

    /// Uses an invitation up, if it is for this.
    fn redeem(&mut self, placed: Placed<'_>, invite: Option<InviteId>, by: Option<MemberId>, offer: Offer) -> bool {
        let Some(invite) = invite else { return true };
        let Some(invite) = self.invites.get_mut(&invite) else { return false };
        let over = if invite.ended.is_empty() { invite.revoked } else { invite.ended.iter().any(|end| placed.follows(end)) };
        let fits = invite.offer == offer && !over && invite.left > 0 && by.is_none_or(|by| by == invite.by);
        invite.left -= u32::from(fits);
        fits
    }

    /// Lets a member in. Whoever is here already, by an entry that the author did not know of, is here by both: what they write
    /// cites one or the other.
    fn admit(&mut self, placed: Placed<'_>) -> bool {
        let Action::Admit { invite, member, person, role, card, keys } = &placed.entry.action else { return false };
        let full = self.members.len() >= MAX_MEMBERS || self.devices.len() >= MAX_DEVICES;
        if full || self.members.contains_key(member) || self.kind == Kind::Private {
            return false;
        }
        if let Some(here) = self.device(card.device) {
            let (apart, known_as) = (!placed.follows(&here.by), here.member);
            if apart {
                self.aliases.insert(*member, known_as);
            }
            return apart && self.give(keys);
        }
        if !self.redeem(placed, *invite, None, Offer::Member(*role)) {
            return false;
        }
        let since = (placed.depth, placed.entry.hash());
        self.members.insert(*member, Member { person: person.clone(), role: *role, here: true, came_by: *invite, since });
        self.devices.insert(card.device, device_of(placed, *member, card, false));
        self.give(keys)
    }

    /// Adds a device of a member; see [`State::admit`] for one that is here already.
    fn add_device(&mut self, placed: Placed<'_>, member: MemberId) -> bool {
        let Action::AddDevice { invite, card, recovery, keys } = &placed.entry.action else { return false };
        if let Some(here) = self.device(card.device) {
            return !placed.follows(&here.by) && self.give(keys);
        }
        if self.devices.len() >= MAX_DEVICES || !self.redeem(placed, *invite, Some(member), Offer::Device) {
            return false;
        }
        self.devices.insert(card.device, device_of(placed, member, card, *recovery));
        self.give(keys)
    }

    fn set_role(&mut self, placed: Placed<'_>, whom: MemberId, role: Role, known: &[Mark]) -> bool {
        let whom = self.known_as(whom);
        let Some(old) = self.members.get(&whom).filter(|member| member.here).map(|member| member.role) else { return false };
        if old == Role::Owner && role != Role::Owner && self.owners() == 1 {
            return false;
        }
        if old == Role::Owner && role != Role::Owner {
            self.end_invitations(placed, |_, invite| invite.by == whom && invite.offer != Offer::Device);
        }
        if old > Role::Viewer && role == Role::Viewer {
            let devices: Vec<DeviceId> = self.devices_of(whom).map(|(device, _)| device).collect();
            self.cut(placed.entry.hash(), &devices, known);
        }
        let since = (placed.depth, placed.entry.hash());
        if let Some(member) = self.members.get_mut(&whom).filter(|_| old != role) {
            (member.role, member.since) = (role, since);
        }
        true
    }

    fn remove(&mut self, placed: Placed<'_>, whom: MemberId, known: &[Mark]) -> bool {
        let whom = self.known_as(whom);
        let devices: Vec<DeviceId> = self.devices_of(whom).map(|(device, _)| device).collect();
        let Some(member) = self.members.get_mut(&whom).filter(|member| member.here) else { return false };
        member.here = false;
        let came_by = member.came_by;
        self.end_invitations(placed, |id, invite| invite.by == whom || came_by == Some(id));
        self.cut(placed.entry.hash(), &devices, known);
        true
    }

    /// By which name a member counts who was let in twice.
    fn known_as(&self, member: MemberId) -> MemberId {
        self.aliases.get(&member).copied().unwrap_or(member)
    }

    /// Ends invitations whose secrets somebody knows who is to come in no more.
    fn end_invitations(&mut self, placed: Placed<'_>, which: impl Fn(InviteId, &Invite) -> bool) {
        let withdrawn = |invite: &Invite| invite.revoked && invite.ended.is_empty();
        for (_, invite) in self.invites.iter_mut().filter(|(id, invite)| !withdrawn(invite) && which(**id, invite)) {
            invite.revoked = true;
            invite.ended.push(placed.entry.hash());
        }
    }

    fn remove_device(
        &mut self,
        placed: Placed<'_>,
        (member, owner): (MemberId, bool),
        device: DeviceId,
        known: Mark,
        key: Option<&NewKey>,
    ) -> bool {
        // An owner removes one that is gone already where it has two logs: what stands of them is decided anew.
        let Some(found) = self.devices.get(&device).filter(|_| owner || self.device(device).is_some()) else { return false };
        let may = owner || (found.member == member && key.is_none());
        if !may || known.device != device {
            return false;
        }
        if let Some(found) = self.devices.get_mut(&device) {
            found.here = false;
        }
        self.cut(placed.entry.hash(), &[device], &[known]);
        self.begin(placed, key)
    }

    /// From now on, these devices' logs count only as far as they were known.
    fn cut(&mut self, by: Hash, devices: &[DeviceId], known: &[Mark]) {
        self.cuts.extend(devices.iter().map(|device| {
            let mark = known.iter().find(|mark| mark.device == *device).copied();
            Cut { by, mark: mark.unwrap_or(Mark { device: *device, seq: 0, hash: [0; 32] }) }
        }));
    }

    /// Begins an epoch, which replaces those that its founder knew.
    fn begin(&mut self, placed: Placed<'_>, key: Option<&NewKey>) -> bool {
        let Some(key) = key else { return true };
        self.epochs.retain(|_, epoch| !placed.follows(&epoch.begun));
        self.epochs.insert(key.epoch, Epoch { begun: placed.entry.hash(), devices: BTreeSet::new() });
        self.give(&key.wrapped)
    }

    /// Notes which devices were given which keys.
    fn give(&mut self, keys: &[Wrapped]) -> bool {
        for wrapped in keys {
            if let Some(epoch) = self.epochs.get_mut(&wrapped.epoch) {
                epoch.devices.insert(wrapped.device);
            }
        }
        true
    }
}

fn device_of(placed: Placed<'_>, member: MemberId, card: &Card, recovery: bool) -> Device {
    Device { member, card: card.clone(), name: card.name.clone(), recovery, here: true, by: placed.entry.hash() }
}

fn replace<T>(slot: &mut T, value: T) -> bool {
    *slot = value;
    true
}
