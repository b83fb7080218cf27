//! The judgement on an envelope: one pure function that every device applies before it stores or applies anything.

use automerge::{Change, ChangeHash};

use super::{Body, Envelope, Hash, MAX_CHANGE, document_tag};
use crate::document::{is_actor_of, read_change, replaces_containers};
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
        const ALL: [Reason; 13] = [
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
            Reason::Containers,
            Reason::Apply,
        ];
        ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What the judge must know about the logs of devices: all that those can know who may not read what they keep.
pub trait ChainState {
    /// The failure of a look-up.
    type Error;
    /// Whether a device may write in a space.
    fn is_member(&self, space: SpaceId, device: DeviceId) -> Result<bool, Self::Error>;
    /// The number and hash of a device's last envelope in a space; nothing before its first.
    fn last(&self, space: SpaceId, device: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error>;
    /// The hash of a device's envelope of this number.
    fn hash_of(&self, space: SpaceId, device: DeviceId, seq: u64) -> Result<Option<Hash>, Self::Error>;
}

/// What the judge must know, beside the logs, to say whether a change can be applied.
pub trait LogState: ChainState {
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
        Outside::Next => judge_body(envelope, log),
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
    if replaces_containers(&change) {
        return keep(Reason::Containers);
    }
    for dependency in change.deps() {
        if !log.holds(envelope.space, body.document, dependency)? {
            return keep(Reason::Dependencies);
        }
    }
    Ok(Verdict::Apply(Box::new(body), Box::new(change)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, session_actor};
    use crate::identity::Identity;
    use bandpro_notation::model::Score;

    const SPACE: SpaceId = SpaceId([1; 16]);
    const DOCUMENT: ScoreId = ScoreId([5; 16]);

    /// A log that knows what a test says.
    struct Known {
        members: Vec<DeviceId>,
        last: Option<(u64, Hash)>,
        holds: bool,
    }

    impl ChainState for Known {
        type Error = std::convert::Infallible;
        fn is_member(&self, _: SpaceId, device: DeviceId) -> Result<bool, Self::Error> {
            Ok(self.members.contains(&device))
        }
        fn last(&self, _: SpaceId, _: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error> {
            Ok(self.last)
        }
        fn hash_of(&self, _: SpaceId, _: DeviceId, seq: u64) -> Result<Option<Hash>, Self::Error> {
            Ok(self.last.filter(|last| last.0 == seq).map(|last| last.1))
        }
    }

    impl LogState for Known {
        fn holds(&self, _: SpaceId, _: ScoreId, _: &ChangeHash) -> Result<bool, Self::Error> {
            Ok(self.holds)
        }
    }

    fn author() -> Identity {
        Identity::from_secret(&[3; 32])
    }

    fn known() -> Known {
        Known { members: vec![author().device()], last: Some((6, [9; 32])), holds: true }
    }

    fn change_of(device: DeviceId) -> Vec<u8> {
        let (_, mut change) = Document::import(session_actor(device, 1), &Score::new()).unwrap();
        change.bytes().into_owned()
    }

    fn envelope(seq: u64, previous: Hash, change: Vec<u8>) -> Envelope {
        let body = Body { document: DOCUMENT, membership: [0; 32], change };
        Envelope::seal(&author(), SPACE, seq, previous, &body).unwrap().0
    }

    fn good() -> Envelope {
        envelope(7, [9; 32], change_of(author().device()))
    }

    fn verdict(envelope: &Envelope, known: &Known) -> Verdict {
        judge(envelope, &super::super::hash(&envelope.encode()), SPACE, known).unwrap()
    }

    /// Signs what was changed after sealing.
    fn sealed_again(change: impl FnOnce(&mut Envelope)) -> Envelope {
        let mut envelope = good();
        change(&mut envelope);
        let bytes = envelope.encode();
        envelope.signature = author().sign(&[super::super::DOMAIN, &bytes[..bytes.len() - 64]].concat());
        envelope
    }

    #[test]
    fn what_is_genuine_is_applied() {
        assert!(matches!(verdict(&good(), &known()), Verdict::Apply(body, _) if body.document == DOCUMENT));
    }

    #[test]
    fn what_does_not_continue_the_log_is_refused() {
        let change = || change_of(author().device());
        assert_eq!(verdict(&envelope(9, [9; 32], change()), &known()), Verdict::Refuse(Reason::Gap));
        assert_eq!(verdict(&envelope(0, [9; 32], change()), &known()), Verdict::Refuse(Reason::Signature));
        assert_eq!(verdict(&envelope(u64::MAX, [9; 32], change()), &known()), Verdict::Refuse(Reason::Gap));
        assert_eq!(verdict(&envelope(7, [8; 32], change()), &known()), Verdict::Refuse(Reason::Fork));
        assert_eq!(verdict(&envelope(6, [0; 32], change()), &known()), Verdict::Refuse(Reason::Fork));
        let six = envelope(6, [0; 32], change());
        let hash = super::super::hash(&six.encode());
        assert_eq!(verdict(&six, &Known { last: Some((6, hash)), ..known() }), Verdict::Known);
    }

    #[test]
    fn what_is_not_signed_by_its_device_is_refused() {
        let mut forged = good();
        forged.body.push(0);
        assert_eq!(verdict(&forged, &known()), Verdict::Refuse(Reason::Signature));
        let mut forged = envelope(7, [8; 32], Vec::new());
        forged.signature = crate::Signature::from_bytes(&[1; 64]);
        assert_eq!(verdict(&forged, &known()), Verdict::Refuse(Reason::Signature), "a forger cannot make a device look forked");
    }

    #[test]
    fn strangers_and_other_spaces_are_refused() {
        assert_eq!(verdict(&good(), &Known { members: Vec::new(), ..known() }), Verdict::Refuse(Reason::NotAMember));
        let elsewhere = sealed_again(|envelope| envelope.space = SpaceId([2; 16]));
        assert_eq!(verdict(&elsewhere, &known()), Verdict::Refuse(Reason::Space));
    }

    #[test]
    fn what_cannot_be_applied_is_kept() {
        let kept = |reason| Verdict::Keep(Some(DOCUMENT), reason);
        let other = DeviceId([8; 32]);
        assert_eq!(verdict(&envelope(7, [9; 32], change_of(other)), &known()), kept(Reason::Actor));
        assert_eq!(verdict(&envelope(7, [9; 32], b"no change".to_vec()), &known()), kept(Reason::Change));
        assert_eq!(verdict(&good(), &Known { holds: false, ..known() }), kept(Reason::Dependencies));
        assert_eq!(verdict(&sealed_again(|envelope| envelope.epoch = 1), &known()), Verdict::Keep(None, Reason::Sealed));
        assert_eq!(verdict(&sealed_again(|envelope| envelope.tag[0] ^= 1), &known()), Verdict::Keep(None, Reason::Body));
        assert_eq!(verdict(&sealed_again(|envelope| envelope.body.truncate(20)), &known()), Verdict::Keep(None, Reason::Body));
    }

    #[test]
    fn every_reason_has_its_code() {
        for reason in [Reason::Space, Reason::Gap, Reason::Fork, Reason::Apply, Reason::Dependencies] {
            assert_eq!(Reason::from_code(reason.code()), Some(reason));
        }
    }
}
