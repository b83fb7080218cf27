//! One signed entry of the membership log.

use serde::{Deserialize, Serialize};

use crate::envelope::Hash;
use crate::id::MAX_NAME;
use crate::identity::{Card, Identity};
use crate::seal::{Linked, Wrapped};
use crate::{DeviceId, EpochId, InviteId, MemberId, Signature, SpaceId};

/// The version that is written.
const VERSION: u8 = 1;
const DOMAIN: &[u8] = b"bandpro membership v1\0";
/// The most bytes that an entry may have: a new key for 512 devices comes to 70 kB.
pub const MAX_ENTRY: usize = 256 << 10;
/// The most entries that one may follow.
pub const MAX_PARENTS: usize = 32;
/// The most devices that are named in one entry.
const MAX_NAMED: usize = 1024;
/// The most relays of a space, and the longest pass of one.
pub(crate) const MAX_RELAYS: usize = 16;
const MAX_PASS: usize = 1024;

/// What a member may do. Each may do all that the one before may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads and writes.
    Editor,
    /// Reads, writes, and says who belongs to the space.
    Owner,
}

/// What a space is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person's own scores.
    Personal,
    /// A band's.
    Band,
    /// A person's private markings: nobody but its founder, with all their devices, can ever be a member.
    Private,
}

/// How a member is shown to others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// The member's name.
    pub name: String,
    /// The member's colour: red, green, blue, a byte each.
    pub colour: u32,
}

/// How far a device's log is to be taken: up to this envelope, and no other with its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Mark {
    /// Whose log.
    pub device: DeviceId,
    /// The number of the last envelope; 0: none.
    pub seq: u64,
    /// Its hash; zeros where there is none.
    pub hash: Hash,
}

/// A new content key, for every device that is to have it, with the keys before it sealed under it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// Which key.
    pub epoch: EpochId,
    /// The key, for each device.
    pub wrapped: Vec<Wrapped>,
    /// The keys that it follows.
    pub previous: Vec<Linked>,
}

/// What an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// A new member of this role.
    Member(Role),
    /// Another device of the member who invites.
    Device,
}

/// What an entry does. New ones go to the end: the number of the variant is on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Founds the space. The space is named by the hash of this entry, so that there is no other beginning of it.
    Create {
        /// What for.
        kind: Kind,
        /// What it is called.
        name: String,
        /// Keeps two spaces of the same name apart.
        nonce: [u8; 16],
        /// The member who founds it, an owner.
        member: MemberId,
        /// How they are shown.
        person: Person,
        /// Their device, which signs.
        card: Card,
        /// The first content key.
        key: NewKey,
    },
    /// Gives the space another name. For owners.
    Rename(String),
    /// Prepares to let somebody in. For owners; a member of any role may invite a further device of their own.
    Invite {
        /// Which invitation.
        invite: InviteId,
        /// By which the secret of the ticket is recognised.
        proof: Hash,
        /// What it is for.
        offer: Offer,
        /// Until when, in seconds since 1970 (UTC), by the clock of whoever lets in.
        expires: u64,
        /// How many may use it.
        uses: u32,
        /// Whether somebody has to say yes to each who asks.
        confirm: bool,
    },
    /// Withdraws an invitation. For owners, and for the member who invited.
    RevokeInvite(InviteId),
    /// Lets a member in, with a first device. For owners.
    Admit {
        /// By which invitation.
        invite: Option<InviteId>,
        /// The new member.
        member: MemberId,
        /// How they are shown.
        person: Person,
        /// What they may do.
        role: Role,
        /// Their device.
        card: Card,
        /// The content keys of now; older ones follow from them.
        keys: Vec<Wrapped>,
    },
    /// Gives a member another role. For owners.
    SetRole {
        /// Who.
        member: MemberId,
        /// The role.
        role: Role,
        /// How far the logs of their devices are known: what is written later under the old role does not count.
        known: Vec<Mark>,
    },
    /// Removes a member. For owners; with no new key, by the member themselves.
    Remove {
        /// Who.
        member: MemberId,
        /// How far the logs of their devices are known: what is written later does not count.
        known: Vec<Mark>,
        /// The key under which everything is written from now on.
        key: Option<NewKey>,
    },
    /// Adds a device of the member who signs.
    AddDevice {
        /// By which invitation.
        invite: Option<InviteId>,
        /// The device.
        card: Card,
        /// Whether it is no device but a printed key.
        recovery: bool,
        /// The content keys of now; older ones follow from them.
        keys: Vec<Wrapped>,
    },
    /// Removes a device. For owners, with a new key; for the member whose device it is.
    RemoveDevice {
        /// Which.
        device: DeviceId,
        /// How far its log is known.
        known: Mark,
        /// The key under which everything is written from now on.
        key: Option<NewKey>,
    },
    /// Gives a device of the member who signs another name.
    RenameDevice {
        /// Which.
        device: DeviceId,
        /// Its name.
        name: String,
    },
    /// Says how the member who signs is shown.
    Profile(Person),
    /// Begins a new epoch. For owners.
    Rotate(NewKey),
    /// Gives content keys to devices that lack them, as after two owners acted without knowing of each other.
    HandOver(Vec<Wrapped>),
    /// Says through which relays and mailboxes members meet, by their passes as text. For owners.
    Relays(Vec<String>),
}

/// Why bytes are no entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// There are more bytes than an entry may have.
    #[error("it is larger than an entry may be")]
    TooLarge,
    /// They are not what an entry is made of, or something in it is longer than it may be.
    #[error("it is damaged")]
    Damaged,
    /// A newer version wrote it.
    #[error("it has version {0}, which this BandPro does not know")]
    Version(u8),
    /// Its device did not sign it.
    #[error("its signature does not hold")]
    Signature,
}

/// A signed entry. A value of this type is well formed, and signed by the device that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The space.
    pub space: SpaceId,
    /// The device that signed it.
    pub author: DeviceId,
    /// The last entries that it knew of, sorted; none for the first of all.
    pub parents: Vec<Hash>,
    /// When it was signed by its author's clock, in seconds since 1970 (UTC). For showing; nothing depends on it.
    pub time: u64,
    /// What it does.
    pub action: Action,
    hash: Hash,
    bytes: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Signed {
    space: SpaceId,
    author: DeviceId,
    parents: Vec<Hash>,
    time: u64,
    action: Action,
}

impl Entry {
    /// Signs an entry. `space` is passed over for the one that founds a space.
    pub fn sign(identity: &Identity, space: SpaceId, mut parents: Vec<Hash>, time: u64, action: Action) -> Result<Self, EntryError> {
        let founds = matches!(action, Action::Create { .. });
        parents.sort_unstable();
        let space = if founds { SpaceId([0; 16]) } else { space };
        let signed = Signed { space, author: identity.device(), parents, time, action };
        let mut bytes = vec![VERSION];
        bytes.extend(postcard::to_stdvec(&signed).map_err(|_| EntryError::Damaged)?);
        let signature = identity.sign(&[DOMAIN, &bytes].concat());
        bytes.extend_from_slice(signature.as_bytes());
        Self::decode(&bytes)
    }

    /// Reads an entry and verifies it. What it may do is for [`super::Membership`] to say.
    pub fn decode(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > MAX_ENTRY {
            return Err(EntryError::TooLarge);
        }
        let (content, signature) = bytes.split_last_chunk::<{ Signature::LENGTH }>().ok_or(EntryError::Damaged)?;
        let signed = match content.split_first() {
            Some((&VERSION, signed)) => signed,
            Some((version, _)) => return Err(EntryError::Version(*version)),
            None => return Err(EntryError::Damaged),
        };
        let (Signed { space, author, parents, time, action }, rest) = postcard::take_from_bytes(signed).map_err(|_| EntryError::Damaged)?;
        let founds = matches!(action, Action::Create { .. });
        let placed = parents.is_empty() == founds && parents.len() <= MAX_PARENTS && parents.is_sorted_by(|a, b| a < b);
        if !rest.is_empty() || !placed || (founds && space != SpaceId([0; 16])) || !is_well_formed(&action) {
            return Err(EntryError::Damaged);
        }
        if !Signature::from_bytes(signature).is_of(author, &[DOMAIN, content].concat()) {
            return Err(EntryError::Signature);
        }
        let space = if founds { space_of(content) } else { space };
        Ok(Self { space, author, parents, time, action, hash: crate::envelope::hash(bytes), bytes: bytes.to_vec() })
    }

    /// What other entries and envelopes cite it by.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Its bytes, signature and all.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content key that it brings.
    pub fn new_key(&self) -> Option<&NewKey> {
        match &self.action {
            Action::Create { key, .. } | Action::Rotate(key) => Some(key),
            Action::Remove { key, .. } | Action::RemoveDevice { key, .. } => key.as_ref(),
            _ => None,
        }
    }

    /// The content keys that it hands to devices.
    pub fn wrapped(&self) -> &[Wrapped] {
        match &self.action {
            Action::Admit { keys, .. } | Action::AddDevice { keys, .. } | Action::HandOver(keys) => keys,
            _ => self.new_key().map_or(&[], |key| &key.wrapped),
        }
    }
}

/// The name of a space, by the entry that founds it.
fn space_of(content: &[u8]) -> SpaceId {
    let hash = blake3::derive_key("bandpro space id v1", content);
    let mut id = [0; 16];
    id.copy_from_slice(&hash[..16]);
    SpaceId(id)
}

fn is_well_formed(action: &Action) -> bool {
    let name = |name: &str| name.chars().count() <= MAX_NAME && !name.chars().any(char::is_control);
    let person = |person: &Person| name(&person.name) && person.colour <= 0x00ff_ffff;
    let wrapped = |keys: &[Wrapped]| keys.len() <= MAX_NAMED && keys.iter().all(Wrapped::is_well_formed);
    let new_key = |key: &NewKey| {
        let of_it = key.wrapped.iter().all(|wrapped| wrapped.epoch == key.epoch);
        of_it && wrapped(&key.wrapped) && key.previous.len() <= MAX_PARENTS && key.previous.iter().all(Linked::is_well_formed)
    };
    let card = |card: &Card| name(&card.name) && card.is_genuine();
    match action {
        Action::Create { name: called, person: who, card: device, key, .. } => {
            name(called) && person(who) && card(device) && new_key(key) && key.previous.is_empty()
        }
        Action::Rename(called) | Action::RenameDevice { name: called, .. } => name(called),
        Action::Invite { uses, .. } => *uses > 0,
        Action::RevokeInvite(_) => true,
        Action::Admit { person: who, card: device, keys, .. } => person(who) && card(device) && wrapped(keys),
        Action::SetRole { known, .. } => known.len() <= MAX_NAMED,
        Action::Remove { known, key, .. } => known.len() <= MAX_NAMED && key.as_ref().is_none_or(new_key),
        Action::AddDevice { card: device, keys, .. } => card(device) && wrapped(keys),
        Action::RemoveDevice { key, .. } => key.as_ref().is_none_or(new_key),
        Action::Profile(who) => person(who),
        Action::Rotate(key) => new_key(key),
        Action::HandOver(keys) => wrapped(keys),
        Action::Relays(passes) => passes.len() <= MAX_RELAYS && passes.iter().all(|pass| pass.len() <= MAX_PASS),
    }
}
