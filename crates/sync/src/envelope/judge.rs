//! The judgement on an envelope: one pure function that every device applies before it stores or applies anything.

use automerge::{Change, ChangeHash};

use super::{Body, Envelope, Hash, MAX_CHANGE, document_tag};
use crate::document::{is_actor_of, read_change};
use crate::{DeviceId, ScoreId, SpaceId};

/// Why an envelope is refused, or its change not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
pub enum Reason {
    /// It is not of the space it was sent for.
    #[error("it belongs to another space")]
    Space,
    /// Its device is no member of the space.
    #[error("its device is not a member of the space")]
    NotAMember,
    /// The device did not sign it.
    #[error("its signature does not hold")]
    Signature,
    /// Envelopes before it are missing.
    #[error("changes of its device before it are missing")]
    Gap,
    /// The device has written another envelope with this number: two lives of one log, as after a restored backup.
    #[error("its device has written another change with the same number (was a backup restored there?)")]
    Fork,
    /// It is sealed with a key that this device has not.
    #[error("it is sealed with a key that this device does not have")]
    Sealed,
    /// The body is none, or of another document than the tag says.
    #[error("its body is damaged")]
    Body,
    /// The change has more bytes than one may have.
    #[error("its change is too large")]
    TooLarge,
    /// The bytes are no change.
    #[error("its change cannot be read")]
    Change,
    /// The change was made in another device's name.
    #[error("its change was made in another device's name")]
    Actor,
    /// A change it builds on is not there (or was itself refused).
    #[error("a change it builds on is missing")]
    Dependencies,
    /// Applying it failed.
    #[error("it cannot be applied")]
    Apply,
}

impl Reason {
    /// The small code that is stored and shown.
    pub fn code(self) -> &'static str {
        match self {
            Self::Space => "space",
            Self::NotAMember => "not-a-member",
            Self::Signature => "signature",
            Self::Gap => "gap",
            Self::Fork => "fork",
            Self::Sealed => "sealed",
            Self::Body => "body",
            Self::TooLarge => "too-large",
            Self::Change => "change",
            Self::Actor => "actor",
            Self::Dependencies => "dependencies",
            Self::Apply => "apply",
        }
    }

    /// The reason of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        const ALL: [Reason; 12] = [
            Reason::Space,
            Reason::NotAMember,
            Reason::Signature,
            Reason::Gap,
            Reason::Fork,
            Reason::Sealed,
            Reason::Body,
            Reason::TooLarge,
            Reason::Change,
            Reason::Actor,
            Reason::Dependencies,
            Reason::Apply,
        ];
        ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What the judge must know about the log so far.
pub trait LogState {
    /// The failure of a look-up.
    type Error;
    /// Whether a device may write in a space.
    fn is_member(&self, space: SpaceId, device: DeviceId) -> Result<bool, Self::Error>;
    /// The number and hash of a device's last envelope in a space; nothing before its first.
    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error>;
    /// The hash of a device's envelope of this number.
    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, Self::Error>;
    /// Whether a document holds a change.
    fn holds(&self, space: SpaceId, document: ScoreId, change: &ChangeHash) -> Result<bool, Self::Error>;
}

/// The judgement.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is genuine and its change can be applied.
    Apply(Box<Body>, Box<Change>),
    /// It is genuine, so it takes its place in the log and is passed on, but its change is not applied.
    Keep(Option<ScoreId>, Reason),
    /// It is here already.
    Known,
    /// It does not enter the log.
    Refuse(Reason),
}

/// Judges an envelope for a space against the log so far. `hash` is that of the envelope's bytes.
pub fn judge<L: LogState>(envelope: &Envelope, hash: &Hash, space: SpaceId, log: &L) -> Result<Verdict, L::Error> {
    if envelope.space != space {
        return Ok(Verdict::Refuse(Reason::Space));
    }
    if let Some(refusal) = judge_chain(envelope, hash, log)? {
        return Ok(refusal);
    }
    if !log.is_member(space, envelope.device)? {
        return Ok(Verdict::Refuse(Reason::NotAMember));
    }
    if !envelope.is_signed() {
        return Ok(Verdict::Refuse(Reason::Signature));
    }
    judge_body(envelope, log)
}

/// Whether the envelope is the next of its device.
fn judge_chain<L: LogState>(envelope: &Envelope, hash: &Hash, log: &L) -> Result<Option<Verdict>, L::Error> {
    let last = log.last(envelope.space, envelope.device)?;
    let (seq, previous) = last.unwrap_or((0, [0; 32]));
    if envelope.seq == 0 || envelope.seq <= seq {
        let same = log.hash_of(envelope.space, envelope.device, envelope.seq)?.as_ref() == Some(hash);
        // Only what the device signed can show that it forked its log.
        let verdict = match same {
            true => Verdict::Known,
            false if envelope.seq > 0 && envelope.is_signed() => Verdict::Refuse(Reason::Fork),
            false => Verdict::Refuse(Reason::Signature),
        };
        return Ok(Some(verdict));
    }
    if envelope.seq != seq + 1 {
        return Ok(Some(Verdict::Refuse(Reason::Gap)));
    }
    if envelope.previous != previous {
        let reason = if envelope.is_signed() { Reason::Fork } else { Reason::Signature };
        return Ok(Some(Verdict::Refuse(reason)));
    }
    Ok(None)
}

/// Whether the change of a genuine envelope can be applied.
fn judge_body<L: LogState>(envelope: &Envelope, log: &L) -> Result<Verdict, L::Error> {
    if envelope.epoch != 0 {
        return Ok(Verdict::Keep(None, Reason::Sealed));
    }
    let Some(body) = envelope.open().filter(|body| document_tag(envelope.space, body.document) == envelope.tag) else {
        return Ok(Verdict::Keep(None, Reason::Body));
    };
    let keep = |reason| Ok(Verdict::Keep(Some(body.document), reason));
    if body.change.len() > MAX_CHANGE {
        return keep(Reason::TooLarge);
    }
    let Some(change) = read_change(&body.change) else { return keep(Reason::Change) };
    if !is_actor_of(change.actor_id(), envelope.device) {
        return keep(Reason::Actor);
    }
    for dependency in change.deps() {
        if !log.holds(envelope.space, body.document, dependency)? {
            return keep(Reason::Dependencies);
        }
    }
    Ok(Verdict::Apply(Box::new(body), Box::new(change)))
}
