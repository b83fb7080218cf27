//! The judgement on an envelope: one pure function that every device applies before it stores or applies anything.

use automerge::{ActorId, Change, ChangeHash};

use super::{Closed, Content, Envelope, Hash};
use crate::document::{BoundsError, bounded_change, is_actor_of, replaces_containers};
use crate::membership::{Entry, Membership, Standing};
use crate::seal::KeyRing;
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
    /// Its device's log is frozen here, since it was forked.
    #[error("its device has two logs; nothing more of it is taken until that is settled")]
    Frozen,
    /// It cites entries of the membership log that are not here.
    #[error("the membership that it goes by is not known here")]
    Membership,
    /// Its author may only read.
    #[error("its author may read this space but not write in it")]
    Role,
    /// It was written after its author or its device was removed, or lost the role for it.
    #[error("its author was no longer allowed to write")]
    Removed,
    /// It is sealed with a key that had been replaced.
    #[error("it is sealed with a key that had been replaced")]
    Epoch,
    /// So much of its device is kept without being applied that nothing more is.
    #[error("too much of its device was refused already")]
    TooMany,
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
    /// It replaces a container that every document has.
    #[error("it replaces a part of the document that all share")]
    Containers,
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
            Self::Frozen => "frozen",
            Self::Membership => "membership",
            Self::Role => "role",
            Self::Removed => "removed",
            Self::Epoch => "epoch",
            Self::TooMany => "too-many",
            Self::Sealed => "sealed",
            Self::Body => "body",
            Self::TooLarge => "too-large",
            Self::Change => "change",
            Self::Actor => "actor",
            Self::Dependencies => "dependencies",
            Self::Containers => "containers",
            Self::Apply => "apply",
        }
    }

    /// The reason of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::Space,
        Self::NotAMember,
        Self::Signature,
        Self::Gap,
        Self::Fork,
        Self::Frozen,
        Self::Membership,
        Self::Role,
        Self::Removed,
        Self::Epoch,
        Self::TooMany,
        Self::Sealed,
        Self::Body,
        Self::TooLarge,
        Self::Change,
        Self::Actor,
        Self::Dependencies,
        Self::Containers,
        Self::Apply,
    ];

    /// Whether another judgement may come to another end once more is known of keys or members.
    pub fn may_change(self) -> bool {
        matches!(self, Self::Role | Self::Removed | Self::Epoch | Self::Sealed | Self::NotAMember)
    }
}

/// What the judge must know about the logs of devices: all that those can know who may not read what they keep.
pub trait ChainState {
    /// The failure of a look-up.
    type Error;
    /// Whether a device belongs to a space, or did once.
    fn is_member(&self, space: SpaceId, device: DeviceId) -> Result<bool, Self::Error>;
    /// The number and hash of a device's last envelope in a space; nothing before its first.
    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error>;
    /// The hash of a device's envelope of this number.
    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, Self::Error>;
}

/// What the judge must know, beside the logs, to say whether a change can be applied.
pub trait LogState: ChainState {
    /// The membership log of the space.
    fn membership(&self) -> &Membership;
    /// The content keys of the space.
    fn keys(&self) -> &KeyRing;
    /// Whether a document holds a change.
    fn holds(&self, document: ScoreId, change: &ChangeHash) -> Result<bool, Self::Error>;
    /// How far a session is known in a document.
    fn session(&self, document: ScoreId, actor: &ActorId) -> Result<Session, Self::Error>;
}

/// How far the changes of one session of a device are known, which are numbered from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Session {
    /// Up to which number they were read, whether they are part of the document or not.
    pub seen: u64,
    /// Up to which number they are part of the document.
    pub applied: u64,
}

/// The judgement.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It is genuine and its change can be applied.
    Apply(ScoreId, Box<Change>),
    /// It is genuine and carries an entry for the membership log, which says itself whether it counts.
    Entry(Box<Entry>),
    /// It is genuine, so it takes its place in the log and is passed on, but its change is not applied.
    Keep(Option<ScoreId>, Reason),
    /// It is here already.
    Known,
    /// It does not enter the log.
    Refuse(Reason),
}

/// The judgement on all of an envelope but its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// It is genuine, and the next of its device.
    Next,
    /// It is here already.
    Known,
    /// It does not enter the log.
    Refuse(Reason),
}

/// Judges an envelope for a space against the log so far. `hash` is that of the envelope's bytes.
pub fn judge<L: LogState>(envelope: &Envelope, hash: &Hash, space: SpaceId, log: &L) -> Result<Verdict, L::Error> {
    match judge_outside(envelope, hash, space, log)? {
        Outside::Next => judge_content(envelope, log, true),
        Outside::Known => Ok(Verdict::Known),
        Outside::Refuse(reason) => Ok(Verdict::Refuse(reason)),
    }
}

/// Judges what everyone can see of an envelope, a mailbox too: its space, its place in its device's log, who may write, the
/// signature. `hash` is that of the envelope's bytes.
pub fn judge_outside<L: ChainState>(envelope: &Envelope, hash: &Hash, space: SpaceId, log: &L) -> Result<Outside, L::Error> {
    if envelope.space != space {
        return Ok(Outside::Refuse(Reason::Space));
    }
    if let Some(ended) = judge_chain(envelope, hash, log)? {
        return Ok(ended);
    }
    if !log.is_member(space, envelope.device)? {
        return Ok(Outside::Refuse(Reason::NotAMember));
    }
    Ok(if envelope.is_signed() { Outside::Next } else { Outside::Refuse(Reason::Signature) })
}

/// Whether the envelope is the next of its device.
fn judge_chain<L: ChainState>(envelope: &Envelope, hash: &Hash, log: &L) -> Result<Option<Outside>, L::Error> {
    let last = log.last(envelope.space, envelope.device)?;
    let (seq, previous) = last.unwrap_or((0, [0; 32]));
    if envelope.seq == 0 || envelope.seq <= seq {
        let same = log.hash_of(envelope.space, envelope.device, envelope.seq)?.as_ref() == Some(hash);
        // Only what the device signed can show that it forked its log.
        let verdict = match same {
            true => Outside::Known,
            false if envelope.seq > 0 && envelope.is_signed() => Outside::Refuse(Reason::Fork),
            false => Outside::Refuse(Reason::Signature),
        };
        return Ok(Some(verdict));
    }
    if envelope.seq != seq + 1 {
        return Ok(Some(Outside::Refuse(Reason::Gap)));
    }
    if envelope.previous != previous {
        let reason = if envelope.is_signed() { Reason::Fork } else { Reason::Signature };
        return Ok(Some(Outside::Refuse(reason)));
    }
    Ok(None)
}

/// Whether the change of a genuine envelope can be applied. It is judged again when more is known of keys or members.
pub fn judge_body<L: LogState>(envelope: &Envelope, log: &L) -> Result<Verdict, L::Error> {
    judge_content(envelope, log, false)
}

fn judge_content<L: LogState>(envelope: &Envelope, log: &L, first: bool) -> Result<Verdict, L::Error> {
    let body = match envelope.open(log.keys()) {
        Ok(body) => body,
        Err(Closed::NoKey) => return Ok(Verdict::Keep(None, Reason::Sealed)),
        Err(Closed::Damaged) => return Ok(Verdict::Keep(None, Reason::Body)),
    };
    let (document, bytes) = match body.content {
        Content::Change(document, bytes) => (document, bytes),
        Content::Membership(bytes) => {
            let entry = Entry::decode(&bytes).ok().filter(|entry| entry.space == envelope.space);
            return Ok(entry.map_or(Verdict::Keep(None, Reason::Body), |entry| Verdict::Entry(Box::new(entry))));
        }
    };
    let keep = |reason| Ok(Verdict::Keep(Some(document), reason));
    match log.membership().standing((envelope.device, envelope.seq), document, &body.membership, envelope.epoch) {
        Standing::Good => {}
        Standing::Unknown => return Ok(Verdict::Refuse(Reason::Membership)),
        Standing::Stranger => return keep(Reason::NotAMember),
        Standing::Role => return keep(Reason::Role),
        Standing::Removed => return keep(Reason::Removed),
        Standing::Epoch => return keep(Reason::Epoch),
    }
    let change = match bounded_change(&bytes) {
        Ok(change) => change,
        Err(BoundsError::TooLarge) => return keep(Reason::TooLarge),
        Err(BoundsError::NoChange) => return keep(Reason::Change),
    };
    if !is_actor_of(change.actor_id(), envelope.device) {
        return keep(Reason::Actor);
    }
    let session = log.session(document, change.actor_id())?;
    // Of two changes with one number, the one that comes first in the log stands, whichever of them can be applied first.
    if first && change.seq() <= session.seen {
        return keep(Reason::Apply);
    }
    if replaces_containers(&change) {
        return keep(Reason::Containers);
    }
    for dependency in change.deps() {
        if !log.holds(document, dependency)? {
            return keep(Reason::Dependencies);
        }
    }
    // Whether it says so or not, a change builds on the one before it in its session.
    if change.seq() != session.applied + 1 {
        return keep(if change.seq() > session.applied { Reason::Dependencies } else { Reason::Apply });
    }
    Ok(Verdict::Apply(document, Box::new(change)))
}
