//! What a member with a modified BandPro may send, and what becomes of it here.

use bandpro_notation::model::{Id, Measure, Part, Score};

use super::Workspace;
use crate::document::{Document, session_actor};
use crate::envelope::{Body, Content, Envelope, Hash, Place, Reason, hash};
use crate::identity::Identity;
use crate::membership::{Offer, Person, Role};
use crate::seal::NONCE;
use crate::{Options, ScoreId, SpaceId};

/// A member that writes what it likes into its own log.
struct Hostile {
    identity: Identity,
    space: SpaceId,
    seq: u64,
    previous: Hash,
}

impl Hostile {
    /// Seals a change by what the workspace knows now: all that a member knows who was there until now.
    fn write(&mut self, workspace: &Workspace, document: ScoreId, change: Vec<u8>) -> Vec<u8> {
        self.seq += 1;
        let circle = workspace.circle(self.space).unwrap();
        let (membership, epoch) = circle.log.place_to_write(&circle.keys).unwrap();
        let body = Body { membership, content: Content::Change(document, change) };
        let place = Place { space: self.space, seq: self.seq, previous: self.previous };
        let nonce = [self.seq as u8; NONCE];
        let (_, bytes) = Envelope::seal(&self.identity, place, circle.keys.get(epoch).unwrap(), nonce, &body).unwrap();
        self.previous = hash(&bytes);
        bytes
    }

    /// Lets a workspace take the hostile member in.
    fn come_in(&self, workspace: &Workspace, space: SpaceId, role: Role) {
        let (card, person) = (self.identity.card("Mal"), Person::default());
        workspace.write(|tx| workspace.let_in(tx, space, (None, Offer::Member(role)), &card, &person)).unwrap();
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
    let hostile = Hostile { identity: Identity::from_secret(&[2; 32]), space, seq: 0, previous: [0; 32] };
    hostile.come_in(&workspace, space, Role::Editor);
    (workspace, id, hostile)
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

fn composer(text: &str) -> bandpro_notation::edit::Edit {
    use bandpro_notation::edit::{Change, Edit};
    use bandpro_notation::model::{Field, HEADER, HeaderField};
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Composer(text.into())))])
}

#[test]
fn a_change_that_waits_for_another_is_applied_when_that_comes() {
    let (workspace, id, mut hostile) = world();
    let theirs = another(&workspace, hostile.space);
    theirs.rename_score(id, "first").unwrap();
    let mut second = copy(&theirs, id, &hostile).commit(&title("second"), 0).unwrap().unwrap();
    let (a, b) = (hostile.write(&workspace, id, second.bytes().into_owned()), all(&theirs, hostile.space).pop().unwrap());
    let mut open = workspace.open_score(id).unwrap();
    assert_eq!(workspace.receive(hostile.space, &[], &[a]).unwrap().stored, 1);
    assert_eq!(open.poll_remote().unwrap(), []);
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Dependencies);
    workspace.receive(hostile.space, &[], &[b]).unwrap();
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
        hostile.write(&workspace, id, stolen.bytes().into_owned()),
        hostile.write(&workspace, id, b"noise".to_vec()),
        hostile.write(&workspace, id, honest.bytes().into_owned()),
    ];
    let batch = workspace.receive(hostile.space, &[], &envelopes).unwrap();
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
    let envelopes = [hostile.write(&workspace, id, first.bytes().into_owned()), hostile.write(&workspace, id, second.bytes().into_owned())];
    workspace.receive(hostile.space, &[], &envelopes).unwrap();
    let mut open = workspace.open_score(id).unwrap();
    open.poll_remote().unwrap();
    assert_eq!(open.score().header().title, "one");
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Apply);
    open.commit(&title("mine")).unwrap();
    drop(open);
    assert_eq!(workspace.open_score(id).unwrap().score().header().title, "mine");
    assert_eq!(workspace.scores().unwrap()[0].title, "mine");
}

/// Another member with a workspace of their own, who knows all that is known here now.
fn another(workspace: &Workspace, space: SpaceId) -> Workspace {
    let other = Hostile { identity: Identity::from_secret(&[7; 32]), space, seq: 0, previous: [0; 32] };
    other.come_in(workspace, space, Role::Owner);
    let theirs = Workspace::in_memory([7; 32], Options::default()).unwrap();
    theirs.enter(space, &workspace.members_after(space, &[]).unwrap().entries).unwrap();
    theirs.receive(space, &[], &all(workspace, space)).unwrap();
    theirs
}

/// All envelopes of a space.
fn all(workspace: &Workspace, space: SpaceId) -> Vec<Vec<u8>> {
    let page = workspace.log_page(space, (0, &Default::default(), &[]), usize::MAX).unwrap().0;
    page.entries.into_iter().map(|(_, _, bytes)| bytes).collect()
}

#[test]
fn numbers_of_one_session_that_do_not_fit_come_to_the_same_whatever_was_there_before() {
    for twice in [true, false] {
        let (workspace, id, mut hostile) = world();
        let theirs = another(&workspace, hostile.space);
        workspace.rename_score(id, "what they have not heard of").unwrap();
        // The first change of a session builds on that, and the next of the same session does not: the next can be applied first.
        let mut one = copy(&workspace, id, &hostile);
        let mut first = one.commit(&title("first"), 0).unwrap().unwrap();
        let mut other = copy(&theirs, id, &hostile);
        let before = other.heads();
        let mut second = if twice { &mut other } else { &mut one }.commit(&title("second"), 0).unwrap().unwrap();
        if !twice {
            let mut unfounded = automerge::ExpandedChange::from(&second);
            unfounded.deps = before;
            second = unfounded.into();
        }
        assert_eq!((first.actor_id(), first.seq() == second.seq()), (second.actor_id(), twice));
        let envelopes =
            [hostile.write(&workspace, id, first.bytes().into_owned()), hostile.write(&workspace, id, second.bytes().into_owned())];
        workspace.receive(hostile.space, &[], &envelopes).unwrap();
        let here = workspace.score(id).unwrap().title;
        theirs.receive(hostile.space, &[], &envelopes).unwrap();
        let mut open = theirs.open_score(id).unwrap();
        open.commit(&composer("Theirs")).unwrap();
        theirs.receive(hostile.space, &[], &all(&workspace, hostile.space)).unwrap();
        open.poll_remote().unwrap();
        assert_eq!((open.score().header().title.as_str(), open.score().header().composer.as_str()), (here.as_str(), "Theirs"));
        assert_eq!(*theirs.open_score(id).unwrap().score(), *open.score());
        workspace.receive(hostile.space, &[], &all(&theirs, hostile.space)).unwrap();
        assert_eq!(*workspace.open_score(id).unwrap().score(), *open.score());
    }
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
    let bytes = hostile.write(&workspace, id, change.bytes().into_owned());
    workspace.receive(hostile.space, &[], &[bytes]).unwrap();
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Containers);
    assert_eq!(*workspace.open_score(id).unwrap().score(), one_measure());
}

#[test]
fn a_document_cannot_be_written_from_another_space() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let elsewhere = workspace.create_space("Other band").unwrap();
    hostile.come_in(&workspace, elsewhere, Role::Editor);
    hostile.space = elsewhere;
    let mut change = document.commit(&title("from elsewhere"), 0).unwrap().unwrap();
    let bytes = hostile.write(&workspace, id, change.bytes().into_owned());
    workspace.receive(elsewhere, &[], &[bytes]).unwrap();
    let mut open = workspace.open_score(id).unwrap();
    assert_eq!(open.poll_remote().unwrap(), []);
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Space);
}

#[test]
fn a_forked_log_is_refused_and_the_others_go_on() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let mut first = document.commit(&title("first"), 0).unwrap().unwrap();
    let genuine = hostile.write(&workspace, id, first.bytes().into_owned());
    workspace.receive(hostile.space, &[], &[genuine]).unwrap();
    (hostile.seq, hostile.previous) = (0, [0; 32]);
    let forked = hostile.write(&workspace, id, first.bytes().into_owned().split_off(1));
    let batch = workspace.receive(hostile.space, &[], &[forked, b"noise".to_vec()]).unwrap();
    let reasons: Vec<Reason> = batch.refused.iter().map(|refused| refused.reason).collect();
    assert_eq!(reasons, [Reason::Fork, Reason::Body]);
    assert_eq!(workspace.refused().unwrap().len(), 2);
    assert_eq!(workspace.scores().unwrap()[0].title, "first");
}

#[test]
fn a_forked_log_is_frozen_and_its_owner_told() {
    use crate::WorkspaceEvent;
    let (workspace, id, mut hostile) = world();
    let events = workspace.events();
    let mut document = copy(&workspace, id, &hostile);
    let mut changes: Vec<Vec<u8>> = Vec::new();
    for text in ["first", "second", "third"] {
        changes.push(document.commit(&title(text), 0).unwrap().unwrap().bytes().into_owned());
    }
    let first = hostile.write(&workspace, id, changes[0].clone());
    workspace.receive(hostile.space, &[], &[first]).unwrap();
    let place = (hostile.seq, hostile.previous);
    let second = hostile.write(&workspace, id, changes[1].clone());
    workspace.receive(hostile.space, &[], &[second]).unwrap();
    // A backup is restored: the device writes its second change again, another one.
    let went_on = (hostile.seq, hostile.previous);
    (hostile.seq, hostile.previous) = place;
    let other = hostile.write(&workspace, id, changes[2].clone());
    assert_eq!(workspace.receive(hostile.space, &[], &[other]).unwrap().refused[0].reason, Reason::Fork);
    (hostile.seq, hostile.previous) = went_on;
    let third = hostile.write(&workspace, id, changes[2].clone());
    assert_eq!(workspace.receive(hostile.space, &[], &[third]).unwrap().refused[0].reason, Reason::Frozen);
    assert_eq!(workspace.frozen(hostile.space).unwrap(), [hostile.identity.device()]);
    let forked = WorkspaceEvent::Forked { space: hostile.space, device: hostile.identity.device() };
    assert!(events.try_iter().any(|event| event == forked));
    // Removing the device settles it.
    workspace.remove_device(hostile.space, hostile.identity.device()).unwrap();
    assert_eq!(workspace.frozen(hostile.space).unwrap(), []);
    assert_eq!(workspace.scores().unwrap()[0].title, "second");
}

#[test]
fn what_a_removed_member_wrote_meanwhile_is_taken_back_and_edits_on_top_of_it_are_made_anew() {
    let (workspace, id, mut hostile) = world();
    let mut document = copy(&workspace, id, &hostile);
    let mut early = document.commit(&title("early"), 0).unwrap().unwrap();
    let early = hostile.write(&workspace, id, early.bytes().into_owned());
    workspace.receive(hostile.space, &[], &[early]).unwrap();
    // Another owner, who has not met the hostile member since, removes it.
    let space = hostile.space;
    let told = |from: &Workspace| from.members_after(space, &[]).unwrap().entries;
    let theirs = another(&workspace, space);
    let member = theirs.circle(hostile.space).unwrap().log.state().member_of(hostile.identity.device()).unwrap().0;
    theirs.remove_member(hostile.space, member).unwrap();
    // Here it goes on writing, and this person edits on top of that.
    let mut late = document.commit(&title("late"), 0).unwrap().unwrap();
    let late = hostile.write(&workspace, id, late.bytes().into_owned());
    workspace.receive(hostile.space, &[], &[late]).unwrap();
    let mut open = workspace.open_score(id).unwrap();
    open.poll_remote().unwrap();
    assert_eq!(open.score().header().title, "late");
    open.commit(&composer("Mine")).unwrap();
    // The removal comes.
    workspace.receive(hostile.space, &told(&theirs), &[]).unwrap();
    assert_eq!(workspace.refused().unwrap().iter().filter(|refused| refused.reason == Reason::Removed).count(), 1);
    open.poll_remote().unwrap();
    assert_eq!((open.score().header().title.as_str(), open.score().header().composer.as_str()), ("early", "Mine"));
    assert_eq!(*workspace.open_score(id).unwrap().score(), *open.score());
    workspace.rebuild().unwrap();
    assert_eq!(*workspace.open_score(id).unwrap().score(), *open.score());
    // Whoever hears of the removal first comes to the same.
    theirs.receive(hostile.space, &told(&workspace), &all(&workspace, space)).unwrap();
    assert_eq!(*theirs.open_score(id).unwrap().score(), *open.score());
}

#[test]
fn a_viewers_and_a_removed_members_changes_are_refused_whoever_brings_them() {
    let (workspace, id, mut editor) = world();
    let viewer = Identity::from_secret(&[9; 32]);
    let mut viewer = Hostile { identity: viewer, space: editor.space, seq: 0, previous: [0; 32] };
    viewer.come_in(&workspace, editor.space, Role::Viewer);
    let mut document = copy(&workspace, id, &viewer);
    let mut change = document.commit(&title("by a viewer"), 0).unwrap().unwrap();
    let bytes = viewer.write(&workspace, id, change.bytes().into_owned());
    workspace.receive(editor.space, &[], &[bytes]).unwrap();
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Role);
    let mut document = copy(&workspace, id, &editor);
    let mut change = document.commit(&title("after removal"), 0).unwrap().unwrap();
    let bytes = editor.write(&workspace, id, change.bytes().into_owned());
    let member = workspace.circle(editor.space).unwrap().log.state().member_of(editor.identity.device()).unwrap().0;
    workspace.remove_member(editor.space, member).unwrap();
    workspace.receive(editor.space, &[], &[bytes]).unwrap();
    assert_eq!(workspace.refused().unwrap()[0].reason, Reason::Removed);
    assert_eq!(workspace.scores().unwrap()[0].title, "");
}

#[test]
fn what_is_kept_of_one_device_has_a_bound() {
    let (workspace, id, mut hostile) = world();
    let noise: Vec<Vec<u8>> = (0..1100).map(|_| hostile.write(&workspace, id, b"noise".to_vec())).collect();
    let batch = workspace.receive(hostile.space, &[], &noise).unwrap();
    assert_eq!(batch.stored, 1000);
    assert_eq!(batch.refused[0].reason, Reason::TooMany);
}
