//! What owners say to a mailbox: which devices may use it, and what it may drop.

use serde::{Deserialize, Serialize};

use super::message::{MAX_DEVICES, Vector};
use crate::identity::Identity;
use crate::membership::{Membership, Role};
use crate::{DeviceId, Signature, SpaceId};

/// Which devices may use a band's mailbox. It names keys, not people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The space.
    pub space: SpaceId,
    /// How much of the membership was known to the one who wrote it: more is newer.
    pub version: u64,
    /// The devices whose word on the roster counts.
    pub owners: Vec<DeviceId>,
    /// The devices that may push and pull, owners among them.
    pub devices: Vec<DeviceId>,
}

/// What may be dropped although a device has not acknowledged it, such as one that was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The space.
    pub space: SpaceId,
    /// Up to where each device's log may be dropped.
    pub upto: Vector,
}

/// What an owner can sign.
pub trait Statement: Serialize {
    /// Keeps a signature of one kind of statement from being good for another.
    const DOMAIN: &'static [u8];

    /// The bytes that are signed.
    fn signed_bytes(&self) -> Vec<u8> {
        // Fails only for types that postcard cannot write.
        [Self::DOMAIN, &postcard::to_stdvec(self).unwrap_or_default()].concat()
    }
}

impl Statement for Roster {
    const DOMAIN: &'static [u8] = b"bandpro mailbox roster v1\0";
}

impl Statement for Release {
    const DOMAIN: &'static [u8] = b"bandpro mailbox release v1\0";
}

/// A statement with the signature of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed<T> {
    /// What is said.
    pub content: T,
    /// Who says it.
    pub signer: DeviceId,
    signature: Signature,
}

impl<T: Statement> Signed<T> {
    /// Signs.
    pub fn by(identity: &Identity, content: T) -> Self {
        let signature = identity.sign(&content.signed_bytes());
        Self { content, signer: identity.device(), signature }
    }

    /// Whether its signer signed it.
    pub fn is_genuine(&self) -> bool {
        self.signature.is_of(self.signer, &self.content.signed_bytes())
    }
}

impl Roster {
    /// The roster of a space by its membership log.
    pub fn of(log: &Membership) -> Self {
        let state = log.state();
        let of = |least: Role| state.devices_here().map(|(device, _)| device).filter(move |device| state.role_of(*device) >= Some(least));
        Self { space: log.space(), version: log.len() as u64, owners: of(Role::Owner).collect(), devices: of(Role::Viewer).collect() }
    }

    /// Whether it names a device, and not more than one may.
    pub(super) fn is_bounded(&self) -> bool {
        self.owners.len() <= MAX_DEVICES && self.devices.len() <= MAX_DEVICES
    }

    /// Whether a device may use the mailbox.
    pub fn names(&self, device: DeviceId) -> bool {
        self.devices.contains(&device)
    }

    /// Whether a device's word on the roster counts.
    pub fn is_owner(&self, device: DeviceId) -> bool {
        self.owners.contains(&device)
    }

    /// Whether it says the same as another one, whichever is newer.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let sorted = |devices: &[DeviceId]| devices.iter().copied().collect::<std::collections::BTreeSet<_>>();
        sorted(&self.owners) == sorted(&other.owners) && sorted(&self.devices) == sorted(&other.devices)
    }
}

impl Signed<Roster> {
    /// Whether it may open a mailbox for its space: it is signed by one of its own owners, and names at least that one.
    pub fn may_open(&self, space: SpaceId) -> bool {
        let Self { content, signer, .. } = self;
        content.space == space && content.is_bounded() && content.is_owner(*signer) && content.names(*signer) && self.is_genuine()
    }

    /// Whether it takes the place of the roster so far: it is newer, signed by one of that one's owners, and leaves an owner.
    pub fn may_replace(&self, current: &Roster) -> bool {
        let Self { content, signer, .. } = self;
        let newer = content.space == current.space && content.version > current.version;
        newer && content.is_bounded() && !content.owners.is_empty() && current.is_owner(*signer) && self.is_genuine()
    }
}

impl Signed<Release> {
    /// Whether an owner said it about this space.
    pub fn counts_under(&self, roster: &Roster) -> bool {
        self.content.space == roster.space && roster.is_owner(self.signer) && self.is_genuine()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: SpaceId = SpaceId([1; 16]);

    fn identity(secret: u8) -> Identity {
        Identity::from_secret(&[secret; 32])
    }

    fn roster(version: u64, owners: &[u8], devices: &[u8]) -> Roster {
        let all = |secrets: &[u8]| secrets.iter().map(|secret| identity(*secret).device()).collect();
        Roster { space: SPACE, version, owners: all(owners), devices: all(devices) }
    }

    #[test]
    fn an_owner_opens_and_replaces() {
        let first = Signed::by(&identity(1), roster(1, &[1], &[1, 2]));
        assert!(first.may_open(SPACE));
        assert!(Signed::by(&identity(1), roster(2, &[1, 2], &[1, 2])).may_replace(&first.content));
    }

    #[test]
    fn nobody_else_does() {
        let first = roster(5, &[1], &[1, 2]);
        assert!(!Signed::by(&identity(2), first.clone()).may_open(SPACE), "no owner");
        assert!(!Signed::by(&identity(1), first.clone()).may_open(SpaceId([2; 16])), "another space");
        assert!(!Signed::by(&identity(2), roster(6, &[2], &[1, 2])).may_replace(&first), "a member");
        assert!(!Signed::by(&identity(1), roster(5, &[1], &[1])).may_replace(&first), "no newer one");
        assert!(!Signed::by(&identity(1), roster(6, &[], &[1])).may_replace(&first), "nobody would be left to change it");
        let mut forged = Signed::by(&identity(1), roster(6, &[1], &[1]));
        forged.content.devices.push(identity(3).device());
        assert!(!forged.may_replace(&first), "changed after signing");
    }

    #[test]
    fn a_release_counts_from_an_owner_alone() {
        let release = Release { space: SPACE, upto: vec![(identity(2).device(), 9)] };
        let current = roster(1, &[1], &[1, 2]);
        assert!(Signed::by(&identity(1), release.clone()).counts_under(&current));
        assert!(!Signed::by(&identity(2), release).counts_under(&current));
    }
}
