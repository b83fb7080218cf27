//! The identity of this device: an Ed25519 key, which is also its iroh secret key, and a key to seal for it.
//!
//! The X25519 key by which others seal for this device is derived from the same secret by a key derivation function, so that
//! there is one secret to keep, and is a key of its own, so that no key both signs and agrees on keys. Its public half cannot
//! be worked out from the device's name and is published in a [`Card`], which the device signs.

mod card;
pub(crate) mod keeping;
mod recovery;

use iroh::SecretKey;
use x25519_dalek::StaticSecret;
use zeroize::Zeroizing;

use crate::{DeviceId, Signature};

pub use card::Card;
pub use keeping::{KeyPlace, KeyStore, KeyStoreError, Keys, NewKey};
pub use recovery::RecoveryKey;

/// The key of this device. Whoever has it can write in its name.
#[derive(Clone)]
pub struct Identity {
    key: SecretKey,
    sealing: StaticSecret,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identity({})", self.device().short())
    }
}

impl Identity {
    /// The identity with these 32 secret bytes.
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self::of(SecretKey::from_bytes(secret))
    }

    fn of(key: SecretKey) -> Self {
        let secret = Zeroizing::new(key.to_bytes());
        let derived = Zeroizing::new(blake3::derive_key("bandpro device sealing key v1", &*secret));
        Self { key, sealing: StaticSecret::from(*derived) }
    }

    /// A new one.
    fn fresh() -> Self {
        Self::of(SecretKey::generate())
    }

    /// Its secret bytes, for whoever keeps them.
    fn secret(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.key.to_bytes())
    }

    /// The public name of this device.
    pub fn device(&self) -> DeviceId {
        DeviceId(*self.key.public().as_bytes())
    }

    /// Signs.
    pub(crate) fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(&self.key.sign(message).to_bytes())
    }

    /// The public key by which others seal for this device.
    pub fn sealing_key(&self) -> [u8; 32] {
        x25519_dalek::PublicKey::from(&self.sealing).to_bytes()
    }

    /// Agrees on a secret with whoever made an ephemeral key; nothing where that key is of a kind that makes it predictable.
    pub(crate) fn agree(&self, ephemeral: &[u8; 32]) -> Option<Zeroizing<[u8; 32]>> {
        let shared = self.sealing.diffie_hellman(&(*ephemeral).into());
        shared.was_contributory().then(|| Zeroizing::new(*shared.as_bytes()))
    }

    /// Introduces this device.
    pub fn card(&self, name: &str) -> Card {
        Card::sign(self, name)
    }

    /// The key for the network, whose endpoints are named by the same public key.
    pub(crate) fn secret_key(&self) -> SecretKey {
        self.key.clone()
    }
}
