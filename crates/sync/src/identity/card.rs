//! How a device introduces itself.

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::id::{MAX_NAME, cut_name};
use crate::{DeviceId, Signature};

const DOMAIN: &[u8] = b"bandpro device card v1\0";

/// A device, the key by which others seal for it, and what it calls itself, signed by the device: who admits a device cannot put
/// another key in the place of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// The device.
    pub device: DeviceId,
    /// Its X25519 public key.
    pub sealing: [u8; 32],
    /// What it is called.
    pub name: String,
    signature: Signature,
}

impl Card {
    pub(super) fn sign(identity: &Identity, name: &str) -> Self {
        let (device, sealing, name) = (identity.device(), identity.sealing_key(), cut_name(name));
        let signature = identity.sign(&message(device, &sealing, &name));
        Self { device, sealing, name, signature }
    }

    /// Whether the device that it names signed it, and its name is short enough to keep.
    pub fn is_genuine(&self) -> bool {
        self.name.chars().count() <= MAX_NAME && self.signature.is_of(self.device, &message(self.device, &self.sealing, &self.name))
    }
}

fn message(device: DeviceId, sealing: &[u8; 32], name: &str) -> Vec<u8> {
    [DOMAIN, device.as_bytes(), sealing, name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_of_the_device_that_signed_it() {
        let card = Identity::from_secret(&[1; 32]).card(" Ann's\nlaptop ");
        assert_eq!(card.name, "Ann'slaptop");
        assert!(card.is_genuine());
        let other = Identity::from_secret(&[2; 32]);
        assert!(!Card { sealing: other.sealing_key(), ..card.clone() }.is_genuine());
        assert!(!Card { device: other.device(), ..card.clone() }.is_genuine());
        assert!(!Card { name: "Ben's laptop".into(), ..card }.is_genuine());
    }

    #[test]
    fn the_key_to_seal_for_a_device_is_another_than_the_one_it_signs_with() {
        let identity = Identity::from_secret(&[1; 32]);
        assert_ne!(identity.sealing_key(), *identity.device().as_bytes());
        assert_ne!(identity.sealing_key(), x25519_dalek::PublicKey::from(&StaticSecret::from([1; 32])).to_bytes());
    }

    use x25519_dalek::StaticSecret;
}
