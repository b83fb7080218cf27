//! What the judge says to genuine and to forged envelopes.

use bandpro_notation::model::Score;

use super::*;
use crate::circle::Circle;
use crate::document::{Document, session_actor};
use crate::membership::{Action, Drafting, Kind, Mark, Membership, Person, Role};
use crate::{MemberId, SpaceId};

const DOCUMENT: ScoreId = ScoreId([5; 16]);

/// A log that knows what a test says.
struct Known {
    circle: Circle,
    last: Option<(u64, Hash)>,
    holds: bool,
    session: Session,
}

impl ChainState for Known {
    type Error = std::convert::Infallible;
    fn is_member(&self, _: SpaceId, device: DeviceId) -> Result<bool, Self::Error> {
        Ok(self.circle.log.state().devices.contains_key(&device))
    }
    fn last(&self, _: SpaceId, _: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error> {
        Ok(self.last)
    }
    fn hash_of(&self, _: SpaceId, _: DeviceId, seq: u64) -> Result<Option<Hash>, Self::Error> {
        Ok(self.last.filter(|last| last.0 == seq).map(|last| last.1))
    }
}

impl LogState for Known {
    fn membership(&self) -> &Membership {
        &self.circle.log
    }
    fn keys(&self) -> &KeyRing {
        &self.circle.keys
    }
    fn holds(&self, _: ScoreId, _: &automerge::ChangeHash) -> Result<bool, Self::Error> {
        Ok(self.holds)
    }
    fn session(&self, _: ScoreId, _: &automerge::ActorId) -> Result<Session, Self::Error> {
        Ok(self.session)
    }
}

fn owner() -> Identity {
    Identity::from_secret(&[1; 32])
}

fn author() -> Identity {
    Identity::from_secret(&[3; 32])
}

/// Signs something in the owner's name.
fn govern(circle: &mut Circle, action: impl FnOnce(&mut Drafting<'_>, &Circle) -> Action) {
    let (identity, mut count) = (owner(), circle.log.len() as u8);
    let mut random = |bytes: &mut [u8]| {
        count += 1;
        bytes.fill(count);
    };
    let mut drafting = Drafting { identity: &identity, time: 0, random: &mut random };
    let action = action(&mut drafting, circle);
    let entry = drafting.entry(&circle.log, action).unwrap();
    assert_eq!(circle.take(vec![entry], &identity).new.len(), 1);
}

/// A band of an owner, and the author in this role, as the owner's device sees it.
fn known(role: Role) -> Known {
    let identity = owner();
    let mut random = |bytes: &mut [u8]| bytes.fill(9);
    let log = Drafting { identity: &identity, time: 0, random: &mut random }.found(Kind::Band, "Band", Person::default(), "x").unwrap();
    let mut circle = Circle::of(log, &identity);
    govern(&mut circle, |drafting, circle| {
        let (card, member) = (author().card("y"), MemberId([2; 16]));
        let keys = drafting.keys_for(&circle.log, &circle.keys, &card);
        Action::Admit { invite: None, member, person: Person::default(), role, card, keys }
    });
    Known { circle, last: Some((6, [9; 32])), holds: true, session: Session::default() }
}

fn change_of(device: DeviceId) -> Vec<u8> {
    let (_, mut change) = Document::import(session_actor(device, 1), &Score::new()).unwrap();
    change.bytes().into_owned()
}

fn envelope_in(known: &Known, seq: u64, previous: Hash, change: Vec<u8>) -> Envelope {
    let (membership, epoch) = known.circle.log.place_to_write(&known.circle.keys).unwrap();
    let key = known.circle.keys.get(epoch).unwrap();
    let body = Body { membership, content: Content::Change(DOCUMENT, change) };
    Envelope::seal(&author(), Place { space: known.circle.log.space(), seq, previous }, key, [seq as u8; NONCE], &body).unwrap().0
}

fn envelope(seq: u64, previous: Hash, change: Vec<u8>) -> Envelope {
    envelope_in(&known(Role::Editor), seq, previous, change)
}

fn good() -> Envelope {
    envelope(7, [9; 32], change_of(author().device()))
}

fn verdict(envelope: &Envelope, known: &Known) -> Verdict {
    judge(envelope, &hash(&envelope.encode()), known.circle.log.space(), known).unwrap()
}

/// Signs what was changed after sealing.
fn signed_again(change: impl FnOnce(&mut Envelope)) -> Envelope {
    let mut envelope = good();
    change(&mut envelope);
    let bytes = envelope.encode();
    envelope.signature = author().sign(&[DOMAIN, &bytes[..bytes.len() - 64]].concat());
    envelope
}

#[test]
fn what_is_genuine_is_applied() {
    for role in [Role::Editor, Role::Owner] {
        let known = known(role);
        let envelope = envelope_in(&known, 7, [9; 32], change_of(author().device()));
        assert!(matches!(verdict(&envelope, &known), Verdict::Apply(DOCUMENT, _)));
    }
}

#[test]
fn what_does_not_continue_the_log_is_refused() {
    let known = known(Role::Editor);
    let change = || change_of(author().device());
    assert_eq!(verdict(&envelope(9, [9; 32], change()), &known), Verdict::Refuse(Reason::Gap));
    assert_eq!(verdict(&envelope(0, [9; 32], change()), &known), Verdict::Refuse(Reason::Signature));
    assert_eq!(verdict(&envelope(u64::MAX, [9; 32], change()), &known), Verdict::Refuse(Reason::Gap));
    assert_eq!(verdict(&envelope(7, [8; 32], change()), &known), Verdict::Refuse(Reason::Fork));
    assert_eq!(verdict(&envelope(6, [0; 32], change()), &known), Verdict::Refuse(Reason::Fork));
    let six = envelope(6, [0; 32], change());
    let hash = hash(&six.encode());
    assert_eq!(verdict(&six, &Known { last: Some((6, hash)), ..known }), Verdict::Known);
}

#[test]
fn what_is_not_signed_by_its_device_is_refused() {
    let known = known(Role::Editor);
    let mut forged = good();
    forged.body.push(0);
    assert_eq!(verdict(&forged, &known), Verdict::Refuse(Reason::Signature));
    let mut forged = envelope(7, [8; 32], Vec::new());
    forged.signature = Signature::from_bytes(&[1; 64]);
    assert_eq!(verdict(&forged, &known), Verdict::Refuse(Reason::Signature), "a forger cannot make a device look forked");
}

#[test]
fn strangers_and_other_spaces_are_refused() {
    let mut stranger = known(Role::Editor);
    let identity = Identity::from_secret(&[1; 32]);
    let founding = stranger.circle.log.entries().next().unwrap().clone();
    stranger.circle = Circle::new(stranger.circle.log.space());
    stranger.circle.take(vec![founding], &identity);
    assert_eq!(verdict(&good(), &stranger), Verdict::Refuse(Reason::NotAMember));
    let elsewhere = signed_again(|envelope| envelope.space = SpaceId([2; 16]));
    assert_eq!(verdict(&elsewhere, &known(Role::Editor)), Verdict::Refuse(Reason::Space));
}

#[test]
fn a_viewer_writes_nothing() {
    let known = known(Role::Viewer);
    let envelope = envelope_in(&known, 7, [9; 32], change_of(author().device()));
    assert_eq!(verdict(&envelope, &known), Verdict::Keep(Some(DOCUMENT), Reason::Role));
}

#[test]
fn after_a_removal_counts_what_was_known_then() {
    let mut known = known(Role::Editor);
    let change = || change_of(author().device());
    let (before, after) = (envelope(7, [9; 32], change()), envelope(8, [9; 32], change()));
    let old_key = known.circle.keys.keys().next().unwrap().clone();
    govern(&mut known.circle, |drafting, circle| {
        let key = drafting.new_key(&circle.log, &circle.keys, &[author().device()]);
        let known = vec![Mark { device: author().device(), seq: 7, hash: [0; 32] }];
        Action::Remove { member: MemberId([2; 16]), known, key: Some(key) }
    });
    assert!(matches!(verdict(&before, &known), Verdict::Apply(DOCUMENT, _)), "it was written before");
    let known = Known { last: Some((7, [9; 32])), ..known };
    assert_eq!(verdict(&after, &known), Verdict::Keep(Some(DOCUMENT), Reason::Removed));
    // Citing the removal itself does not help.
    let body = Body { membership: known.circle.log.heads(), content: Content::Change(DOCUMENT, change()) };
    let place = Place { space: known.circle.log.space(), seq: 8, previous: [9; 32] };
    let (late, _) = Envelope::seal(&author(), place, &old_key, [1; NONCE], &body).unwrap();
    assert_eq!(verdict(&late, &known), Verdict::Keep(Some(DOCUMENT), Reason::Removed));
}

#[test]
fn who_knows_a_new_key_may_not_write_under_the_old_one() {
    let mut known = known(Role::Editor);
    let old_key = known.circle.keys.keys().next().unwrap().clone();
    govern(&mut known.circle, |drafting, circle| Action::Rotate(drafting.new_key(&circle.log, &circle.keys, &[])));
    let body = Body { membership: known.circle.log.heads(), content: Content::Change(DOCUMENT, change_of(author().device())) };
    let place = Place { space: known.circle.log.space(), seq: 7, previous: [9; 32] };
    let (late, _) = Envelope::seal(&author(), place, &old_key, [1; NONCE], &body).unwrap();
    assert_eq!(verdict(&late, &known), Verdict::Keep(Some(DOCUMENT), Reason::Epoch));
}

#[test]
fn what_cites_unknown_membership_waits_outside() {
    let known = known(Role::Editor);
    let body = Body { membership: vec![[7; 32]], content: Content::Change(DOCUMENT, change_of(author().device())) };
    let place = Place { space: known.circle.log.space(), seq: 7, previous: [9; 32] };
    let key = known.circle.keys.keys().next().unwrap();
    let (envelope, _) = Envelope::seal(&author(), place, key, [1; NONCE], &body).unwrap();
    assert_eq!(verdict(&envelope, &known), Verdict::Refuse(Reason::Membership));
}

#[test]
fn what_cannot_be_applied_is_kept() {
    let known = known(Role::Editor);
    let kept = |reason| Verdict::Keep(Some(DOCUMENT), reason);
    let other = DeviceId([8; 32]);
    assert_eq!(verdict(&envelope(7, [9; 32], change_of(other)), &known), kept(Reason::Actor));
    assert_eq!(verdict(&envelope(7, [9; 32], b"no change".to_vec()), &known), kept(Reason::Change));
    assert_eq!(verdict(&signed_again(|envelope| envelope.epoch = EpochId([1; 16])), &known), Verdict::Keep(None, Reason::Sealed));
    assert_eq!(verdict(&signed_again(|envelope| envelope.tag[0] ^= 1), &known), Verdict::Keep(None, Reason::Body));
    assert_eq!(verdict(&signed_again(|envelope| envelope.body.truncate(20)), &known), Verdict::Keep(None, Reason::Body));
    assert_eq!(verdict(&good(), &Known { holds: false, ..known }), kept(Reason::Dependencies));
}

#[test]
fn every_reason_has_its_code() {
    for reason in Reason::ALL {
        assert_eq!(Reason::from_code(reason.code()), Some(reason));
    }
}

#[test]
fn the_changes_of_a_session_go_by_their_numbers() {
    let judged = |seen: u64, applied: u64, first: bool| {
        let known = Known { session: Session { seen, applied }, ..known(Role::Editor) };
        if first { verdict(&good(), &known) } else { judge_body(&good(), &known).unwrap() }
    };
    let kept = |reason| Verdict::Keep(Some(DOCUMENT), reason);
    assert!(matches!(judged(0, 0, true), Verdict::Apply(..)));
    // Its number was read before, in another envelope of its device; whether that could be applied makes no difference.
    assert_eq!((judged(1, 1, true), judged(1, 0, true)), (kept(Reason::Apply), kept(Reason::Apply)));
    // It was read before itself, and waited.
    assert!(matches!(judged(1, 0, false), Verdict::Apply(..)));
    assert_eq!(judged(1, 1, false), kept(Reason::Apply));
    // What its session did before is not there.
    let mut document = Document::new().unwrap();
    document.set_actor(session_actor(author().device(), 1));
    let edit = |name: &str| {
        use bandpro_notation::edit::{Change, Edit};
        use bandpro_notation::model::{Field, HEADER, HeaderField};
        Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title(name.into())))])
    };
    document.commit(&edit("first"), 0).unwrap();
    let second = document.commit(&edit("second"), 0).unwrap().unwrap().bytes().into_owned();
    let second = envelope(7, [9; 32], second);
    assert_eq!(verdict(&second, &known(Role::Editor)), kept(Reason::Dependencies));
    let known = Known { session: Session { seen: 1, applied: 1 }, ..known(Role::Editor) };
    assert!(matches!(verdict(&second, &known), Verdict::Apply(..)));
}
