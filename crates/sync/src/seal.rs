//! Content keys: what only members can read is sealed under the key of an epoch.
//!
//! An epoch begins when a space is made, when somebody is removed, or when an owner wants a new key. Its key is random. It is
//! wrapped for each device of each member in the membership log: X25519 with an ephemeral key, BLAKE3 in its key derivation
//! mode over the agreed secret and both public keys, XChaCha20-Poly1305. A new key brings the keys of the epochs before it,
//! sealed under itself, so that whoever gets it can read what was written before. An epoch is named by a hash of its key, which
//! also tells a right key from a wrong one.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use crate::envelope::Tag;
use crate::identity::{Card, Identity};
use crate::{DeviceId, EpochId, ScoreId};

/// The bytes of a nonce.
pub const NONCE: usize = 24;
/// The bytes by which sealing lengthens a text: the authentication tag.
pub const OVERHEAD: usize = 16;
/// The bytes of a sealed key.
pub(crate) const SEALED_KEY: usize = 32 + OVERHEAD;

/// The content key of an epoch. It is overwritten when it is dropped, and never shown.
#[derive(Clone)]
pub struct EpochKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for EpochKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EpochKey({})", self.id().short())
    }
}

/// A content key, sealed for one device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrapped {
    /// Which key.
    pub epoch: EpochId,
    /// For whom.
    pub device: DeviceId,
    ephemeral: [u8; 32],
    sealed: Vec<u8>,
}

/// An older content key, sealed under a newer one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Linked {
    /// Which key.
    pub epoch: EpochId,
    nonce: [u8; NONCE],
    sealed: Vec<u8>,
}

impl EpochKey {
    /// A key of these random bytes, which are overwritten.
    pub fn from_random(mut bytes: [u8; 32]) -> Self {
        let key = Self(Zeroizing::new(bytes));
        bytes.zeroize();
        key
    }

    /// Its name.
    pub fn id(&self) -> EpochId {
        let hash = blake3::derive_key("bandpro epoch id v1", &*self.0);
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        EpochId(id)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.0).into())
    }

    /// Seals a text. The nonce must be random; `beside` is not sealed but has to be the same when it is opened.
    pub fn seal(&self, nonce: &[u8; NONCE], beside: &[u8], text: &[u8]) -> Vec<u8> {
        // Fails only for texts of more than 256 GB.
        self.cipher().encrypt(&XNonce::from(*nonce), Payload { msg: text, aad: beside }).unwrap_or_default()
    }

    /// Opens what [`EpochKey::seal`] gave; nothing where anything about it was changed.
    pub fn open(&self, nonce: &[u8; NONCE], beside: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        self.cipher().decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: beside }).ok()
    }

    /// What stands for a document towards those who may not know which one it is. Another one in each epoch.
    pub fn tag(&self, document: ScoreId) -> Tag {
        let key = Zeroizing::new(blake3::derive_key("bandpro document tag v2", &*self.0));
        let mut tag = [0; 16];
        tag.copy_from_slice(&blake3::keyed_hash(&key, document.as_bytes()).as_bytes()[..16]);
        tag
    }

    /// Seals the key for a device, with an ephemeral secret that is used for nothing else. Nothing where the device's key is of a
    /// kind that anyone could open for.
    pub fn wrap(&self, to: &Card, ephemeral: [u8; 32]) -> Option<Wrapped> {
        let ephemeral = StaticSecret::from(ephemeral);
        let public = PublicKey::from(&ephemeral).to_bytes();
        let shared = ephemeral.diffie_hellman(&PublicKey::from(to.sealing));
        if !shared.was_contributory() {
            return None;
        }
        let wrapping = wrapping_key(shared.as_bytes(), &public, &to.sealing);
        let epoch = self.id();
        // The wrapping key is used once, so the nonce need not differ.
        let sealed = wrapping.seal(&[0; NONCE], &beside(epoch, to.device), &*self.0);
        Some(Wrapped { epoch, device: to.device, ephemeral: public, sealed })
    }

    /// Seals an older key under this one.
    pub fn link(&self, older: &Self, nonce: [u8; NONCE]) -> Linked {
        let epoch = older.id();
        Linked { epoch, nonce, sealed: self.seal(&nonce, epoch.as_bytes(), &*older.0) }
    }

    fn of_opened(text: Option<Vec<u8>>, epoch: EpochId) -> Option<Self> {
        let text = Zeroizing::new(text?);
        let key = Self(Zeroizing::new(text.as_slice().try_into().ok()?));
        (key.id() == epoch).then_some(key)
    }
}

fn wrapping_key(shared: &[u8; 32], ephemeral: &[u8; 32], sealing: &[u8; 32]) -> EpochKey {
    let mut hasher = blake3::Hasher::new_derive_key("bandpro key wrap v1");
    hasher.update(shared).update(ephemeral).update(sealing);
    let key = EpochKey(Zeroizing::new(*hasher.finalize().as_bytes()));
    hasher.zeroize();
    key
}

fn beside(epoch: EpochId, device: DeviceId) -> Vec<u8> {
    [epoch.as_bytes().as_slice(), device.as_bytes()].concat()
}

impl Wrapped {
    /// Whether its parts have the lengths that they have in one that was made here.
    pub(crate) fn is_well_formed(&self) -> bool {
        self.sealed.len() == SEALED_KEY
    }

    /// The key, for the device it is for.
    pub fn unwrap(&self, identity: &Identity) -> Option<EpochKey> {
        if self.device != identity.device() {
            return None;
        }
        let shared = identity.agree(&self.ephemeral)?;
        let wrapping = wrapping_key(&shared, &self.ephemeral, &identity.sealing_key());
        EpochKey::of_opened(wrapping.open(&[0; NONCE], &beside(self.epoch, self.device), &self.sealed), self.epoch)
    }
}

impl Linked {
    /// Whether its parts have the lengths that they have in one that was made here.
    pub(crate) fn is_well_formed(&self) -> bool {
        self.sealed.len() == SEALED_KEY
    }

    /// The older key, by the newer one.
    pub fn open(&self, newer: &EpochKey) -> Option<EpochKey> {
        EpochKey::of_opened(newer.open(&self.nonce, self.epoch.as_bytes(), &self.sealed), self.epoch)
    }
}

/// The content keys of a space that a device has.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(BTreeMap<EpochId, EpochKey>);

impl KeyRing {
    /// Adds a key. Gives whether it is new.
    pub fn add(&mut self, key: EpochKey) -> bool {
        self.0.insert(key.id(), key).is_none()
    }

    /// The key of an epoch.
    pub fn get(&self, epoch: EpochId) -> Option<&EpochKey> {
        self.0.get(&epoch)
    }

    /// Whether the key of an epoch is there.
    pub fn has(&self, epoch: EpochId) -> bool {
        self.0.contains_key(&epoch)
    }

    /// Takes what is wrapped for a device.
    pub fn take_wrapped(&mut self, wrapped: &Wrapped, identity: &Identity) -> bool {
        if wrapped.device != identity.device() || self.has(wrapped.epoch) {
            return false;
        }
        wrapped.unwrap(identity).is_some_and(|key| self.add(key))
    }

    /// Takes an older key where the newer one that it is sealed under is there.
    pub fn take_linked(&mut self, newer: EpochId, linked: &Linked) -> bool {
        if self.has(linked.epoch) {
            return false;
        }
        let older = self.get(newer).and_then(|newer| linked.open(newer));
        older.is_some_and(|key| self.add(key))
    }

    /// The keys.
    pub fn keys(&self) -> impl Iterator<Item = &EpochKey> {
        self.0.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(byte: u8) -> EpochKey {
        EpochKey::from_random([byte; 32])
    }

    #[test]
    fn what_is_sealed_opens_with_the_same_key_and_nothing_else() {
        let sealed = key(1).seal(&[7; NONCE], b"beside", b"music");
        assert_eq!(sealed.len(), 5 + OVERHEAD);
        assert_eq!(key(1).open(&[7; NONCE], b"beside", &sealed).unwrap(), b"music");
        assert_eq!(key(2).open(&[7; NONCE], b"beside", &sealed), None);
        assert_eq!(key(1).open(&[8; NONCE], b"beside", &sealed), None);
        assert_eq!(key(1).open(&[7; NONCE], b"other", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(key(1).open(&[7; NONCE], b"beside", &changed), None);
        }
    }

    #[test]
    fn a_key_is_unwrapped_by_the_device_it_is_for_alone() {
        let (ann, ben) = (Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32]));
        let wrapped = key(9).wrap(&ann.card("a"), [5; 32]).unwrap();
        assert_eq!(wrapped.unwrap(&ann).unwrap().id(), key(9).id());
        assert!(wrapped.unwrap(&ben).is_none());
        // Even if it is relabelled for another device or epoch.
        assert!(Wrapped { device: ben.device(), ..wrapped.clone() }.unwrap(&ben).is_none());
        assert!(Wrapped { epoch: key(8).id(), ..wrapped }.unwrap(&ann).is_none());
    }

    #[test]
    fn a_key_that_anyone_could_agree_with_is_not_sealed_for() {
        let mut card = Identity::from_secret(&[1; 32]).card("a");
        card.sealing = [0; 32];
        assert!(key(9).wrap(&card, [5; 32]).is_none());
        let mut wrapped = key(9).wrap(&Identity::from_secret(&[1; 32]).card("a"), [5; 32]).unwrap();
        wrapped.ephemeral = [0; 32];
        assert!(wrapped.unwrap(&Identity::from_secret(&[1; 32])).is_none());
    }

    #[test]
    fn a_newer_key_brings_the_older_ones() {
        let ann = Identity::from_secret(&[1; 32]);
        let mut ring = KeyRing::default();
        let (second, third) = (key(2).link(&key(1), [1; NONCE]), key(3).link(&key(2), [2; NONCE]));
        assert!(!ring.take_linked(key(3).id(), &third));
        assert!(ring.take_wrapped(&key(3).wrap(&ann.card("a"), [5; 32]).unwrap(), &ann));
        assert!(ring.take_linked(key(3).id(), &third) && ring.take_linked(key(2).id(), &second));
        assert!(ring.has(key(1).id()));
        // An older key does not open what came after it.
        assert!(third.open(&key(1)).is_none());
    }

    #[test]
    fn tags_tell_documents_apart_and_tell_nothing_else() {
        let (a, b) = (ScoreId([1; 16]), ScoreId([2; 16]));
        assert_eq!(key(1).tag(a), key(1).tag(a));
        assert_ne!(key(1).tag(a), key(1).tag(b));
        assert_ne!(key(1).tag(a), key(2).tag(a));
    }

    #[test]
    fn no_secret_is_shown() {
        let identity = Identity::from_secret(&[171; 32]);
        let wrapped = key(205).wrap(&identity.card("a"), [5; 32]).unwrap();
        let mut ring = KeyRing::default();
        ring.add(key(205));
        let shown = format!("{:?} {:?} {identity:?} {wrapped:?}", key(205), ring);
        for secret in ["171, 171", "205, 205", "ABAB", "abab", "cdcd", "CDCD"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn opening_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            prop_assert_eq!(key(1).open(&[0; NONCE], b"", &bytes), None);
            let wrapped = Wrapped { epoch: key(1).id(), device: Identity::from_secret(&[1; 32]).device(), ephemeral: [9; 32], sealed: bytes };
            prop_assert!(wrapped.unwrap(&Identity::from_secret(&[1; 32])).is_none());
        }
    }
}
