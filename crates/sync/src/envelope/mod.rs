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
//! | 16 | epoch: the name of the content key that the body is sealed under |
//! | 16 | document tag |
//! | 4 | length of the body |
//! | … | nonce (24), then the body sealed with XChaCha20-Poly1305, bound to all fields above |
//! | 64 | Ed25519 signature over a domain prefix and everything before it |
//!
//! Under the seal are the number of heads of the membership log that the author knew (1) and their hashes (32 each), then what
//! kind of content it is (1): a change of a document, as the document (16) and the bytes of one Automerge change; or an entry of
//! the membership log, so that it reaches those with whom only a mailbox is shared.

mod judge;
#[cfg(test)]
mod judge_tests;

pub use judge::{ChainState, LogState, Outside, Reason, Session, Verdict, judge, judge_body, judge_outside};

use crate::identity::Identity;
use crate::membership::MAX_PARENTS;
use crate::seal::{EpochKey, KeyRing, NONCE, OVERHEAD};
use crate::{DeviceId, EpochId, ScoreId, Signature, SpaceId, SyncError};

/// The version that is written.
pub const VERSION: u8 = 1;
/// The most bytes that one change may have. A score of 50,000 events comes to about a megabyte.
pub const MAX_CHANGE: usize = 24 << 20;
/// The most bytes that an envelope may have.
pub const MAX_ENVELOPE: usize = HEADER + NONCE + BODY_HEADER + MAX_CHANGE + OVERHEAD + SIGNATURE;

/// The fields before the body's length: what the sealed body is bound to.
const OUTSIDE: usize = 1 + 16 + 32 + 8 + 32 + 16 + 16;
const HEADER: usize = OUTSIDE + 4;
const BODY_HEADER: usize = 1 + 32 * MAX_PARENTS + 1 + 16;
const SIGNATURE: usize = Signature::LENGTH;
const DOMAIN: &[u8] = b"bandpro envelope v1\0";
/// Stands in the tag for the membership log.
const MEMBERSHIP: ScoreId = ScoreId([0; 16]);

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
    /// Under which content key it is sealed.
    pub epoch: EpochId,
    /// Stands for the document.
    pub tag: Tag,
    /// The nonce and the sealed body.
    pub body: Vec<u8>,
    /// The signature.
    pub signature: Signature,
}

/// What is under the seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// The heads of the membership log that its author knew.
    pub membership: Vec<Hash>,
    /// What it carries.
    pub content: Content,
}

/// What an envelope carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The bytes of one Automerge change of a document.
    Change(ScoreId, Vec<u8>),
    /// An entry of the membership log, signed by whichever device.
    Membership(Vec<u8>),
}

/// Why an envelope cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The key of its epoch is not here.
    NoKey,
    /// What is under the seal is no body, or another than the fields outside say.
    Damaged,
}

/// Where an envelope stands in its device's log of a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The space.
    pub space: SpaceId,
    /// Its number, from 1.
    pub seq: u64,
    /// The hash of the envelope before it; zeros for the first.
    pub previous: Hash,
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

/// The hash that the device's next envelope cites.
pub fn hash(bytes: &[u8]) -> Hash {
    *blake3::hash(bytes).as_bytes()
}

impl Envelope {
    /// Seals and signs the device's next envelope, with a fresh random nonce. Fails where the change is larger than one may be.
    pub fn seal(identity: &Identity, place: Place, key: &EpochKey, nonce: [u8; NONCE], body: &Body) -> Result<(Self, Vec<u8>), SyncError> {
        let size = body.content.size();
        if size > MAX_CHANGE {
            return Err(SyncError::TooLarge { size, limit: MAX_CHANGE });
        }
        let Place { space, seq, previous } = place;
        let (epoch, tag) = (key.id(), key.tag(body.content.document()));
        let mut envelope = Self {
            space,
            device: identity.device(),
            seq,
            previous,
            epoch,
            tag,
            body: nonce.to_vec(),
            signature: Signature::from_bytes(&[0; 64]),
        };
        envelope.body.extend(key.seal(&nonce, &envelope.outside(), &body.encode()));
        let mut bytes = envelope.encode();
        bytes.truncate(bytes.len() - SIGNATURE);
        envelope.signature = identity.sign(&[DOMAIN, &bytes].concat());
        bytes.extend_from_slice(envelope.signature.as_bytes());
        Ok((envelope, bytes))
    }

    /// The fields that the sealed body is bound to.
    fn outside(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + self.body.len() + SIGNATURE);
        bytes.push(VERSION);
        bytes.extend_from_slice(self.space.as_bytes());
        bytes.extend_from_slice(self.device.as_bytes());
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.previous);
        bytes.extend_from_slice(self.epoch.as_bytes());
        bytes.extend_from_slice(&self.tag);
        bytes
    }

    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = self.outside();
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
        let epoch = EpochId(fields.array()?);
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

    /// What is under the seal.
    pub fn open(&self, keys: &KeyRing) -> Result<Body, Closed> {
        let key = keys.get(self.epoch).ok_or(Closed::NoKey)?;
        let (nonce, sealed) = self.body.split_first_chunk::<NONCE>().ok_or(Closed::Damaged)?;
        let opened = key.open(nonce, &self.outside(), sealed).ok_or(Closed::Damaged)?;
        let body = Body::decode(&opened).ok_or(Closed::Damaged)?;
        if key.tag(body.content.document()) == self.tag { Ok(body) } else { Err(Closed::Damaged) }
    }

    /// Whether the device that it names signed it.
    pub fn is_signed(&self) -> bool {
        let mut signed = DOMAIN.to_vec();
        signed.extend_from_slice(&self.encode());
        signed.truncate(signed.len() - SIGNATURE);
        self.signature.is_of(self.device, &signed)
    }
}

impl Content {
    fn size(&self) -> usize {
        match self {
            Self::Change(_, bytes) | Self::Membership(bytes) => bytes.len(),
        }
    }

    /// What its tag is made of.
    fn document(&self) -> ScoreId {
        match self {
            Self::Change(document, _) => *document,
            Self::Membership(_) => MEMBERSHIP,
        }
    }
}

const CHANGE: u8 = 0;
const ENTRY: u8 = 1;

impl Body {
    fn encode(&self) -> Vec<u8> {
        let heads = &self.membership[..self.membership.len().min(MAX_PARENTS)];
        let mut bytes = Vec::with_capacity(BODY_HEADER + self.content.size());
        bytes.push(heads.len() as u8);
        bytes.extend_from_slice(heads.as_flattened());
        match &self.content {
            Content::Change(document, change) => {
                bytes.push(CHANGE);
                bytes.extend_from_slice(document.as_bytes());
                bytes.extend_from_slice(change);
            }
            Content::Membership(entry) => {
                bytes.push(ENTRY);
                bytes.extend_from_slice(entry);
            }
        }
        bytes
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let [count] = fields.array().ok()?;
        if usize::from(count) > MAX_PARENTS {
            return None;
        }
        let membership = (0..count).map(|_| fields.array().ok()).collect::<Option<Vec<Hash>>>()?;
        let content = match fields.array().ok()? {
            [CHANGE] => Content::Change(ScoreId(fields.array().ok()?), fields.0.to_vec()),
            [ENTRY] => Content::Membership(fields.0.to_vec()),
            _ => return None,
        };
        Some(Self { membership, content })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> EpochKey {
        EpochKey::from_random([4; 32])
    }

    fn ring() -> KeyRing {
        let mut ring = KeyRing::default();
        ring.add(key());
        ring
    }

    fn place() -> Place {
        Place { space: SpaceId([1; 16]), seq: 7, previous: [9; 32] }
    }

    fn sealed() -> (Envelope, Vec<u8>) {
        let identity = Identity::from_secret(&[3; 32]);
        let body = Body { membership: vec![[6; 32]], content: Content::Change(ScoreId([5; 16]), b"a change".to_vec()) };
        Envelope::seal(&identity, place(), &key(), [2; NONCE], &body).unwrap()
    }

    #[test]
    fn a_sealed_envelope_round_trips_and_is_signed() {
        let (envelope, bytes) = sealed();
        let read = Envelope::decode(&bytes).unwrap();
        assert_eq!(read, envelope);
        assert_eq!(read.encode(), bytes);
        assert!(read.is_signed());
        let body = read.open(&ring()).unwrap();
        assert_eq!(body.content, Content::Change(ScoreId([5; 16]), b"a change".to_vec()));
        assert_eq!(body.membership, [[6; 32]]);
    }

    #[test]
    fn who_has_not_the_key_reads_neither_the_change_nor_which_document_it_is_of() {
        let (envelope, bytes) = sealed();
        assert_eq!(envelope.open(&KeyRing::default()), Err(Closed::NoKey));
        for part in [b"a change".as_slice(), &[5; 16], &[6; 16]] {
            assert!(!bytes.windows(part.len()).any(|window| window == part));
        }
    }

    #[test]
    fn a_body_belongs_to_its_envelope() {
        let (envelope, _) = sealed();
        for moved in [Envelope { seq: 8, ..envelope.clone() }, Envelope { tag: [0; 16], ..envelope }] {
            assert_eq!(moved.open(&ring()), Err(Closed::Damaged));
        }
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
        let body = Body { membership: Vec::new(), content: Content::Change(ScoreId([5; 16]), vec![0; MAX_CHANGE + 1]) };
        let refused = Envelope::seal(&identity, place(), &key(), [2; NONCE], &body);
        assert_eq!(refused.unwrap_err().code(), "too-large");
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400), whole in any::<bool>()) {
            let bytes = if whole { [vec![VERSION], bytes].concat() } else { bytes };
            let _ = Body::decode(&bytes);
            if let Ok(envelope) = Envelope::decode(&bytes) {
                prop_assert_eq!(envelope.encode(), bytes);
                prop_assert!(!envelope.is_signed());
                let _ = envelope.open(&ring());
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
