//! What a mailbox must know of a space: which devices may put something in and take something out. No names, no music.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Membership, Role};
use crate::identity::Identity;
use crate::{DeviceId, Signature, SpaceId};

const DOMAIN: &[u8] = b"bandpro roster v1\0";
const MAX_DEVICES: usize = 1024;
/// The most bytes that a roster may have.
pub const MAX_ROSTER: usize = 64 << 10;

/// Why bytes are no roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RosterError {
    /// They are not what a roster is made of.
    #[error("it is damaged")]
    Damaged,
    /// Its device did not sign it.
    #[error("its signature does not hold")]
    Signature,
    /// The device that signed it is none of an owner, by the roster before.
    #[error("it is not signed by an owner's device")]
    NotAnOwner,
    /// A newer one is known.
    #[error("it is older than what is known")]
    Old,
}

/// The devices of a space, by their roles, as an owner's device saw them. A mailbox takes the first one it is given for a space
/// from whoever it lets found one, and later ones from owners of the one it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roster {
    /// The space.
    pub space: SpaceId,
    /// Grows with each.
    pub version: u64,
    /// The owner's device that signed it.
    pub signed_by: DeviceId,
    /// The devices and the roles of their members.
    pub devices: BTreeMap<DeviceId, Role>,
}

impl Roster {
    /// The roster of a space as it is now, for an owner's device to sign. Of two, the one of the longer log is newer.
    pub fn of(log: &Membership, identity: &Identity) -> Self {
        let role = |device| Some((device, log.state().role_of(device)?));
        let devices = log.state().devices_here().filter_map(|(device, _)| role(device)).collect();
        Self { space: log.space(), version: log.len() as u64, signed_by: identity.device(), devices }
    }

    /// Its bytes, signed.
    pub fn sign(&self, identity: &Identity) -> Vec<u8> {
        // Fails only for types that postcard cannot write, of which a roster has none.
        let mut bytes = postcard::to_stdvec(self).unwrap_or_default();
        let signature = identity.sign(&[DOMAIN, &bytes].concat());
        bytes.extend_from_slice(signature.as_bytes());
        bytes
    }

    /// Reads one and verifies the signature. Whether to take it is for [`Roster::may_follow`] to say.
    pub fn decode(bytes: &[u8]) -> Result<Self, RosterError> {
        let (content, signature) = bytes.split_last_chunk::<{ Signature::LENGTH }>().ok_or(RosterError::Damaged)?;
        if bytes.len() > MAX_ROSTER {
            return Err(RosterError::Damaged);
        }
        let (roster, rest): (Self, _) = postcard::take_from_bytes(content).map_err(|_| RosterError::Damaged)?;
        if !rest.is_empty() || roster.devices.len() > MAX_DEVICES {
            return Err(RosterError::Damaged);
        }
        let genuine = Signature::from_bytes(signature).is_of(roster.signed_by, &[DOMAIN, content].concat());
        if genuine { Ok(roster) } else { Err(RosterError::Signature) }
    }

    /// Whether it may take the place of another one.
    pub fn may_follow(&self, known: &Self) -> Result<(), RosterError> {
        if self.space != known.space || known.devices.get(&self.signed_by) != Some(&Role::Owner) {
            return Err(RosterError::NotAnOwner);
        }
        if self.version > known.version { Ok(()) } else { Err(RosterError::Old) }
    }

    /// Whether a device may put envelopes in.
    pub fn may_write(&self, device: DeviceId) -> bool {
        self.devices.get(&device).is_some_and(|role| *role >= Role::Editor)
    }

    /// Whether a device may take envelopes out.
    pub fn may_read(&self, device: DeviceId) -> bool {
        self.devices.contains_key(&device)
    }
}
