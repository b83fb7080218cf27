//! The envelope: one change of one document as it is signed, stored, carried and judged.
//!
//! The layout is fixed, so that the same envelope always has the same bytes, and those who only carry it can read all but
//! its body. Numbers are big-endian:
//!
//! | bytes | field |
//! |---|---|
//! | 1 | version, 1 |
//! | 16 | space |
//! | 32 | device that wrote it: its Ed25519 public key |
//! | 8 | log sequence number of that device in that space, from 1 |
//! | 32 | BLAKE3 hash of the device's envelope before this one; zeros for the first |
//! | 4 | epoch of the space's content key; 0: the body is not sealed |
//! | 16 | document tag |
//! | 4 | length of the body |
//! | … | body; at epoch 0: document (16), membership head (32), the bytes of one Automerge change |
//! | 64 | Ed25519 signature over a domain prefix and everything before it |

mod judge;

pub use judge::{ChainState, LogState, Outside, Reason, Verdict, judge, judge_outside};

use crate::identity::Identity;
use crate::{DeviceId, ScoreId, Signature, SpaceId, SyncError};

/// The version that is written.
pub const VERSION: u8 = 1;
/// The most bytes that one change may have. A score of 50,000 events comes to about a megabyte.
pub const MAX_CHANGE: usize = 24 << 20;
/// The most bytes that an envelope may have.
pub const MAX_ENVELOPE: usize = HEADER + BODY_HEADER + MAX_CHANGE + SEAL_ROOM + SIGNATURE;

const HEADER: usize = 1 + 16 + 32 + 8 + 32 + 4 + 16 + 4;
const BODY_HEADER: usize = 16 + 32;
const SIGNATURE: usize = 64;
/// Room for the nonce and the authentication tag of a sealed body.
const SEAL_ROOM: usize = 64;
const DOMAIN: &[u8] = b"bandpro envelope v1\0";

/// A BLAKE3 hash.
pub type Hash = [u8; 32];
/// Stands for a document to those who may not know which one it is.
pub type Tag = [u8; 16];

/// The envelope's fields. Decoding it says nothing yet about whether it is genuine: that is for [`judge`] to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The space it belongs to.
    pub space: SpaceId,
    /// Who wrote it.
    pub device: DeviceId,
    /// Its place in that device's log of that space, from 1.
    pub seq: u64,
    /// The hash of the envelope before it; zeros for the first.
    pub previous: Hash,
    /// Under which content key it is sealed; 0: not sealed.
    pub epoch: u32,
    /// Stands for the document.
    pub tag: Tag,
    /// The body, sealed or not.
    pub body: Vec<u8>,
    /// The signature.
    pub signature: Signature,
}

/// What an unsealed body says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The document.
    pub document: ScoreId,
    /// The head of the membership log under which it was written; zeros while a space has no such log.
    pub membership: Hash,
    /// The bytes of one Automerge change.
    pub change: Vec<u8>,
}

/// The bytes are no envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There are fewer or more bytes than its lengths say.
    #[error("its length is wrong")]
    Length,
    /// It has more bytes than any may have.
    #[error("it is larger than an envelope may be")]
    TooLarge,
    /// A newer version wrote it.
    #[error("it has version {0}, which this BandPro does not know")]
    Version(u8),
}

struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], DecodeError> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(DecodeError::Length)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        self.take(N)?.try_into().map_err(|_| DecodeError::Length)
    }
}

/// The tag of a document of a space.
pub fn document_tag(space: SpaceId, document: ScoreId) -> Tag {
    let mut hasher = blake3::Hasher::new_derive_key("bandpro document tag v1");
    hasher.update(space.as_bytes()).update(document.as_bytes());
    let mut tag = [0; 16];
    tag.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    tag
}

/// The hash that the device's next envelope cites.
pub fn hash(bytes: &[u8]) -> Hash {
    *blake3::hash(bytes).as_bytes()
}

impl Envelope {
    /// Writes and signs the device's next envelope. Fails where the change is larger than one may be.
    pub fn seal(identity: &Identity, space: SpaceId, seq: u64, previous: Hash, body: &Body) -> Result<(Self, Vec<u8>), SyncError> {
        if body.change.len() > MAX_CHANGE {
            return Err(SyncError::TooLarge { size: body.change.len(), limit: MAX_CHANGE });
        }
        let mut envelope = Self {
            space,
            device: identity.device(),
            seq,
            previous,
            epoch: 0,
            tag: document_tag(space, body.document),
            body: body.encode(),
            signature: Signature::from_bytes(&[0; 64]),
        };
        let mut bytes = envelope.encode();
        bytes.truncate(bytes.len() - SIGNATURE);
        envelope.signature = identity.sign(&[DOMAIN, &bytes].concat());
        bytes.extend_from_slice(envelope.signature.as_bytes());
        Ok((envelope, bytes))
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.body.len() + SIGNATURE);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.space.as_bytes());
        bytes.extend_from_slice(self.device.as_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(&self.epoch.to_be_bytes());
        bytes.extend_from_slice(&self.tag);
        bytes.extend_from_slice(&(self.body.len() as u32).to_be_bytes());
        bytes.extend_from_slice(&self.body);
        bytes.extend_from_slice(self.signature.as_bytes());
        bytes
    }

    /// Reads an envelope; every byte must belong to it.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(DecodeError::TooLarge);
        }
        let mut fields = Fields(bytes);
        let [version] = fields.array()?;
        if version != VERSION {
            return Err(DecodeError::Version(version));
        }
        let space = SpaceId(fields.array()?);
        let device = DeviceId(fields.array()?);
        let seq = u64::from_be_bytes(fields.array()?);
        let previous = fields.array()?;
        let epoch = u32::from_be_bytes(fields.array()?);
        let tag = fields.array()?;
        let length = u32::from_be_bytes(fields.array()?) as usize;
        let body = fields.take(length)?.to_vec();
        let signature = Signature::from_bytes(&fields.array()?);
        if !fields.0.is_empty() {
            return Err(DecodeError::Length);
        }
        Ok(Self { space, device, seq, previous, epoch, tag, body, signature })
    }

    /// Who wrote an envelope and its number, by its first bytes alone.
    pub fn author(bytes: &[u8]) -> Option<(DeviceId, u64)> {
        let mut fields = Fields(bytes);
        fields.take(1 + 16).ok()?;
        Some((DeviceId(fields.array().ok()?), u64::from_be_bytes(fields.array().ok()?)))
    }

    /// The body, where it is not sealed and is one.
    pub fn open(&self) -> Option<Body> {
        if self.epoch != 0 { None } else { Body::decode(&self.body) }
    }

    /// Whether the device that it names signed it.
    pub fn is_signed(&self) -> bool {
        let mut signed = DOMAIN.to_vec();
        signed.extend_from_slice(&self.encode());
        signed.truncate(signed.len() - SIGNATURE);
        self.signature.is_of(self.device, &signed)
    }
}

impl Body {
    fn encode(&self) -> Vec<u8> {
        [self.document.as_bytes().as_slice(), &self.membership, &self.change].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let document = ScoreId(fields.array().ok()?);
        let membership = fields.array().ok()?;
        Some(Self { document, membership, change: fields.0.to_vec() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sealed() -> (Envelope, Vec<u8>) {
        let identity = Identity::from_secret(&[3; 32]);
        let body = Body { document: ScoreId([5; 16]), membership: [0; 32], change: b"a change".to_vec() };
        Envelope::seal(&identity, SpaceId([1; 16]), 7, [9; 32], &body).unwrap()
    }

    #[test]
    fn a_sealed_envelope_round_trips_and_is_signed() {
        let (envelope, bytes) = sealed();
        let read = Envelope::decode(&bytes).unwrap();
        assert_eq!(read, envelope);
        assert_eq!(read.encode(), bytes);
        assert!(read.is_signed());
        assert_eq!(read.open().unwrap().change, b"a change");
    }

    #[test]
    fn any_changed_byte_is_noticed() {
        let (_, bytes) = sealed();
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            assert!(Envelope::decode(&bytes).map_or(true, |envelope| !envelope.is_signed()), "byte {at}");
        }
    }

    #[test]
    fn a_change_beyond_the_limit_is_refused_where_it_is_made() {
        let identity = Identity::from_secret(&[3; 32]);
        let body = Body { document: ScoreId([5; 16]), membership: [0; 32], change: vec![0; MAX_CHANGE + 1] };
        let refused = Envelope::seal(&identity, SpaceId([1; 16]), 1, [0; 32], &body);
        assert_eq!(refused.unwrap_err().code(), "too-large");
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), whole in any::<bool>()) {
            let bytes = if whole { [vec![VERSION], bytes].concat() } else { bytes };
            if let Ok(envelope) = Envelope::decode(&bytes) {
                prop_assert_eq!(envelope.encode(), bytes);
                prop_assert!(!envelope.is_signed());
                let _ = envelope.open();
            }
        }

        #[test]
        fn decoding_takes_any_cut(at in 0_usize..400) {
            let (_, bytes) = sealed();
            let cut = &bytes[..at.min(bytes.len() - 1)];
            prop_assert!(Envelope::decode(cut).is_err());
        }
    }
}
