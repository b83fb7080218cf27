//! A session by itself. Whole bands of devices are played in `crates/sync/sim`.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::SpaceId;

fn device(secret: u8) -> crate::Workspace {
    crate::Workspace::in_memory([secret; 32], crate::Options::default()).unwrap()
}

/// Lets the first talk with the second about a space until nothing is left to say. Gives how that ended on each side.
fn talk(sides_are: [&crate::Workspace; 2], space: SpaceId, secret: Option<[u8; 16]>) -> Vec<(usize, Ending)> {
    use std::collections::VecDeque;
    let purpose = |space: Option<SpaceId>, workspace: &crate::Workspace| Purpose {
        space,
        asking: workspace.asking(secret.filter(|_| space.is_some())).unwrap(),
        once: true,
    };
    let mut sides = [(Some(space), sides_are[0]), (None, sides_are[1])]
        .map(|(space, workspace)| Session::new(purpose(space, workspace), Duration::ZERO));
    let mut endings = Vec::new();
    let mut events = VecDeque::from([(0, Event::Opened)]);
    while let Some((side, event)) = events.pop_front() {
        for effect in sides[side].handle(Duration::ZERO, event) {
            match effect {
                Effect::Send(message) => events.push_back((1 - side, Event::Received(message))),
                Effect::Close(ending) => endings.push((side, ending)),
                Effect::Report(_) => {}
                storage => {
                    let answer = perform(sides_are[side], sides[side].space(), sides_are[1 - side].device(), b"", storage).unwrap();
                    events.extend(answer.map(|event| (side, event)));
                }
            }
        }
    }
    endings
}

#[test]
fn a_stranger_is_turned_away() {
    let (owner, stranger) = (device(1), device(2));
    let space = owner.create_space("Band").unwrap();
    let endings = talk([&stranger, &owner], space, Some([1; 16]));
    assert!(stranger.spaces().unwrap().iter().all(|other| other.id != space));
    assert_eq!(endings, [(1, Ending::Refused(Refusal::Ticket)), (0, Ending::TurnedAway(Refusal::Ticket))]);
}

#[test]
fn who_was_removed_learns_by_whom_and_keeps_what_they_had() {
    let (owner, member) = (device(1), device(2));
    let space = owner.create_space("Band").unwrap();
    let mut score = bandpro_notation::model::Score::new();
    score.push_measure(bandpro_notation::model::IdSource::fixed(1).next(), Default::default());
    let score = owner.import_score(space, &score).unwrap();
    let invited = owner.invite(space, crate::Inviting::default()).unwrap();
    talk([&member, &owner], space, Some(invited.secret));
    let id = owner.circle(space).unwrap().log.state().member_of(member.device()).unwrap().0;
    owner.remove_member(space, id).unwrap();
    // Nobody told them yet: what they write now is not lost to them either.
    member.rename_score(score, "Written in vain").unwrap();

    let liar = device(3);
    talk([&member, &liar], space, None);
    assert!(member.former_spaces().unwrap().is_empty(), "whose word is nothing is not believed");
    let endings = talk([&member, &owner], space, None);
    assert_eq!(endings, [(1, Ending::Refused(Refusal::Removed)), (0, Ending::TurnedAway(Refusal::Removed))]);
    assert!(member.spaces().unwrap().iter().all(|other| other.id != space));
    let former = member.former_spaces().unwrap().remove(0);
    let owner_name = owner.person().unwrap().name;
    assert_eq!((former.id, former.name.as_str(), former.by, former.device_only), (space, "Band", Some(owner_name), false));
    assert_eq!(member.scores().unwrap()[0].title, "Written in vain", "what they had is theirs to read");
    assert_eq!(member.rename_score(score, "More").unwrap_err().code(), "no-member");
    let keys = |of: &crate::Workspace| {
        let circle = of.circle(space).unwrap();
        let known = circle.log.state().epochs.keys().filter(|epoch| circle.keys.has(**epoch)).count();
        (circle.log.state().epochs.len(), known)
    };
    assert_eq!((keys(&owner), keys(&member)), ((1, 1), (1, 0)), "the new key is not told");

    member.forget(space).unwrap();
    assert!(member.former_spaces().unwrap().is_empty() && member.scores().unwrap().is_empty());
    assert_eq!(owner.forget(space).unwrap_err().code(), "not-allowed", "who belongs to it cannot");
    // Invited anew, they see it again, as the others have it.
    let invited = owner.invite(space, crate::Inviting::default()).unwrap();
    talk([&member, &owner], space, Some(invited.secret));
    assert!(member.spaces().unwrap().iter().any(|other| other.id == space));
    assert_eq!(member.scores().unwrap()[0].title, "");
}

#[test]
fn a_laptop_that_was_removed_from_ones_own_scores_goes_on_with_own_scores() {
    let (first, second) = (device(1), device(2));
    let space = first.own_space();
    let device_of_mine = crate::Inviting { offer: crate::membership::Offer::Device, ..crate::Inviting::default() };
    let invited = first.invite(space, device_of_mine).unwrap();
    talk([&second, &first], space, Some(invited.secret));
    second.introduce(&crate::membership::Person { name: "Mei".into(), colour: 5 }).unwrap();
    second.name_device("Tablet").unwrap();
    assert_eq!(second.own_space(), space);
    talk([&second, &first], space, None);
    first.remove_device(space, second.device()).unwrap();
    talk([&second, &first], space, None);
    assert_ne!(second.own_space(), space);
    assert_eq!((second.person().unwrap().name.as_str(), second.device_name().unwrap().as_str()), ("Mei", "Tablet"));
    let former = second.former_spaces().unwrap().remove(0);
    assert_eq!((former.id, former.device_only, former.by.as_deref()), (space, true, Some("Mei")));
    second.import_score(second.own_space(), &bandpro_notation::model::Score::new()).unwrap();
}

fn asking() -> Asking {
    Asking { card: crate::identity::Identity::from_secret(&[1; 32]).card("x"), person: Default::default(), secret: None }
}

#[test]
fn a_side_that_does_not_answer_is_left() {
    let purpose = Purpose { space: Some(SpaceId([1; 16])), asking: asking(), once: false };
    let mut session = Session::new(purpose, Duration::ZERO);
    session.handle(Duration::ZERO, Event::Opened);
    assert_eq!(session.handle(PATIENCE, Event::Tick), []);
    assert_eq!(session.handle(PATIENCE * 2, Event::Tick), [Effect::Close(Ending::Stalled)]);
}

proptest! {
    #[test]
    fn a_session_takes_any_messages(bytes in proptest::collection::vec((0..10_u8, proptest::collection::vec(any::<u8>(), 0..60)), 1..20), opens in any::<bool>()) {
        let purpose = Purpose { space: opens.then_some(SpaceId([1; 16])), asking: asking(), once: false };
        let mut session = Session::new(purpose, Duration::ZERO);
        for (kind, bytes) in bytes {
            if let Some(message) = Message::decode(&[vec![kind], bytes].concat()) {
                session.handle(Duration::ZERO, Event::Received(message));
            }
        }
    }
}

#[test]
fn an_address_that_is_told_does_not_replace_one_that_was_met() {
    let (owner, third, unknown) = (device(1), device(3).device(), device(4).device());
    let space = owner.create_space("Band").unwrap();
    owner.remember_address(third, b"met here").unwrap();
    let addresses = vec![(third, b"elsewhere".to_vec()), (owner.device(), b"me".to_vec()), (unknown, vec![0; 5000])];
    let told = Effect::TakeThanks(Roster { members: Members { addresses, ..Members::default() }, ..Roster::default() });
    perform(&owner, Some(space), device(2).device(), b"", told).unwrap();
    assert_eq!(owner.address_of(third).unwrap().as_deref(), Some(b"met here".as_slice()));
    assert_eq!((owner.address_of(owner.device()).unwrap(), owner.address_of(unknown).unwrap()), (None, None));
}

#[test]
fn what_the_other_side_was_told_of_the_members_does_not_go_with_every_change() {
    use crate::store::log::LogPage;
    let device = crate::DeviceId([9; 32]);
    let mut session = Session::new(Purpose { space: None, asking: asking(), once: false }, Duration::ZERO);
    let mut handle = |event| session.handle(Duration::ZERO, event);
    let hello = Message::Hello {
        version: VERSION,
        space: SpaceId([1; 16]),
        asking: Box::new(asking()),
        heads: Vec::new(),
        introduction: Vec::new(),
    };
    let members = |address: &str| Members { entries: Vec::new(), heads: vec![[7; 32]], addresses: vec![(device, address.into())] };
    handle(Event::Received(hello));
    handle(Event::Admitted(Ok(Roster { members: members("here"), ..Roster::default() })));
    handle(Event::Received(Message::Thanks(Roster::default())));
    handle(Event::TookThanks(Agreed::default()));
    let mut says = |seq: u64, address: &str| {
        let page = LogPage { entries: vec![(device, seq, vec![0; 300])], upto: seq as i64, more: false };
        let effects = handle(Event::Page(page, members(address)));
        handle(Event::LogGrew);
        let Effect::Send(message) = &effects[0] else { panic!("{effects:?}") };
        message.encode().len()
    };
    assert_eq!(says(1, "here"), 1 + 3 + 1 + 2 + 300, "the kind, three empty lists, one entry and its length");
    let moved = says(2, "elsewhere");
    assert!(moved > 300 + 32, "where it is now");
    assert!(says(3, "elsewhere") < moved);
}
