//! What a member with a modified BandPro may send, and what becomes of it here.

use bandpro_notation::model::{Id, Measure, Part, Score};

use super::Workspace;
use crate::document::{Document, session_actor};
use crate::envelope::{Body, Envelope, Hash, Reason, hash};
use crate::identity::Identity;
use crate::{Options, ScoreId, SpaceId};

/// A member that writes what it likes into its own log.
struct Hostile {
    identity: Identity,
    space: SpaceId,
    seq: u64,
    previous: Hash,
}

impl Hostile {
    fn write(&mut self, document: ScoreId, change: Vec<u8>) -> Vec<u8> {
        self.seq += 1;
        let body = Body { document, membership: [0; 32], change };
        let (_, bytes) = Envelope::seal(&self.identity, self.space, self.seq, self.previous, &body).unwrap();
        self.previous = hash(&bytes);
        bytes
    }
}

fn one_measure() -> Score {
    let mut score = Score::new();
    score.insert(Id::<Part>::from_raw(1), Part::default()).unwrap();
    score.push_measure(Id::from_raw(2), Measure::default());
    score
}

fn world() -> (Workspace, ScoreId, Hostile) {
    let workspace = Workspace::in_memory([1; 32], Options::default()).unwrap();
    let space = workspace.create_space("Band").unwrap();
    let id = workspace.import_score(space, &one_measure()).unwrap();
    let identity = Identity::from_secret(&[2; 32]);
    workspace.add_members(space, &[(identity.device(), "Mal".into())]).unwrap();
    (workspace, id, Hostile { identity, space, seq: 0, previous: [0; 32] })
}

/// The hostile member's copy of a score.
fn copy(workspace: &Workspace, id: ScoreId, hostile: &Hostile) -> Document {
    let mut document = workspace.read(|connection| workspace.load_document(connection, id, i64::MAX)).unwrap().document;
    document.set_actor(session_actor(hostile.identity.device(), 1));
    document
}

fn title(text: &str) -> bandpro_notation::edit::Edit {
    use bandpro_notation::edit::{Change, Edit};
    use bandpro_notation::model::{Field, HEADER, HeaderField};
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title(text.into())))])
}

#[test]
fn a_change_that_waits_for_another_is_applied_when_that_comes() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let mut first = document.commit(&title("first"), 0).unwrap().unwrap();
    let mut second = document.commit(&title("second"), 0).unwrap().unwrap();
    // It writes the later change first.
    let (a, b) = (hostile.write(id, second.bytes().into_owned()), hostile.write(id, first.bytes().into_owned()));
    let mut open = workspace.open_score(id).unwrap();
    assert_eq!(workspace.receive(hostile.space, &[a]).unwrap().stored, 1);
    assert_eq!(open.poll_remote().unwrap(), []);
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Dependencies);
    workspace.receive(hostile.space, &[b]).unwrap();
    open.poll_remote().unwrap();
    assert_eq!(open.score().header().title, "second");
    assert_eq!(workspace.refused().unwrap(), []);
    workspace.rebuild().unwrap();
    assert_eq!(workspace.scores().unwrap()[0].title, "second");
}

#[test]
fn a_change_in_anothers_name_or_of_no_sense_is_kept_apart_and_the_rest_goes_on() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let mut stolen = copy(&workspace, id, &hostile);
    stolen.set_actor(session_actor(workspace.device(), 77));
    let mut stolen = stolen.commit(&title("stolen"), 0).unwrap().unwrap();
    let mut honest = document.commit(&title("honest"), 0).unwrap().unwrap();
    let envelopes = [
        hostile.write(id, stolen.bytes().into_owned()),
        hostile.write(id, b"noise".to_vec()),
        hostile.write(id, honest.bytes().into_owned()),
    ];
    let batch = workspace.receive(hostile.space, &envelopes).unwrap();
    assert_eq!((batch.stored, batch.refused.len()), (3, 0));
    let mut open = workspace.open_score(id).unwrap();
    open.poll_remote().unwrap();
    assert_eq!(open.score().header().title, "honest");
    let mut reasons: Vec<Reason> = workspace.refused().unwrap().into_iter().map(|refused| refused.reason).collect();
    reasons.sort();
    assert_eq!(reasons, [Reason::Change, Reason::Actor]);
}

#[test]
fn the_same_actor_and_number_twice_is_refused_when_applied_and_the_score_stays_usable() {
    let (workspace, id, mut hostile) = world();
    let mut one = copy(&workspace, id, &hostile);
    let mut other = copy(&workspace, id, &hostile);
    let mut first = one.commit(&title("one"), 0).unwrap().unwrap();
    let mut second = other.commit(&title("other"), 0).unwrap().unwrap();
    assert_eq!((first.actor_id(), first.seq()), (second.actor_id(), second.seq()));
    let envelopes = [hostile.write(id, first.bytes().into_owned()), hostile.write(id, second.bytes().into_owned())];
    workspace.receive(hostile.space, &envelopes).unwrap();
    let mut open = workspace.open_score(id).unwrap();
    open.poll_remote().unwrap();
    assert_eq!(open.score().header().title, "one");
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Apply);
    open.commit(&title("mine")).unwrap();
    drop(open);
    assert_eq!(workspace.open_score(id).unwrap().score().header().title, "mine");
    assert_eq!(workspace.scores().unwrap()[0].title, "mine");
}

#[test]
fn a_change_that_replaces_containers_is_kept_apart() {
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ObjType, ROOT};
    let (workspace, id, mut hostile) = world();
    let mut raw = AutoCommit::load(&copy(&workspace, id, &hostile).save()).unwrap();
    raw.set_actor(session_actor(hostile.identity.device(), 5));
    raw.put_object(ROOT, "measures", ObjType::Text).unwrap();
    raw.put(ROOT, "order", 5).unwrap();
    let mut change = raw.get_last_local_change().unwrap();
    let bytes = hostile.write(id, change.bytes().into_owned());
    workspace.receive(hostile.space, &[bytes]).unwrap();
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Containers);
    assert_eq!(*workspace.open_score(id).unwrap().score(), one_measure());
}

#[test]
fn a_document_cannot_be_written_from_another_space() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let elsewhere = workspace.create_space("Other band").unwrap();
    workspace.add_members(elsewhere, &[(hostile.identity.device(), "Mal".into())]).unwrap();
    hostile.space = elsewhere;
    let mut change = document.commit(&title("from elsewhere"), 0).unwrap().unwrap();
    let bytes = hostile.write(id, change.bytes().into_owned());
    workspace.receive(elsewhere, &[bytes]).unwrap();
    let mut open = workspace.open_score(id).unwrap();
    assert_eq!(open.poll_remote().unwrap(), []);
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Space);
}

#[test]
fn a_forked_log_is_refused_and_the_others_go_on() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let mut first = document.commit(&title("first"), 0).unwrap().unwrap();
    let genuine = hostile.write(id, first.bytes().into_owned());
    workspace.receive(hostile.space, &[genuine]).unwrap();
    (hostile.seq, hostile.previous) = (0, [0; 32]);
    let forked = hostile.write(id, first.bytes().into_owned().split_off(1));
    let batch = workspace.receive(hostile.space, &[forked, b"noise".to_vec()]).unwrap();
    let reasons: Vec<Reason> = batch.refused.iter().map(|refused| refused.reason).collect();
    assert_eq!(reasons, [Reason::Fork, Reason::Body]);
    assert_eq!(workspace.refused().unwrap().len(), 2);
    assert_eq!(workspace.scores().unwrap()[0].title, "first");
}
