//! A session by itself. Whole bands of devices are played in `crates/sync/sim`.

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::SpaceId;

#[test]
fn a_stranger_is_turned_away() {
    use std::collections::VecDeque;
    let device = |secret: u8| crate::Workspace::in_memory([secret; 32], crate::Options::default()).unwrap();
    let (owner, stranger) = (device(1), device(2));
    let space = owner.create_space("Band").unwrap();
    let purpose = |space: Option<SpaceId>, workspace: &crate::Workspace| Purpose {
        space,
        asking: workspace.asking(Some([1; 16])).unwrap(),
        once: false,
    };
    let mut sides = [Session::new(purpose(Some(space), &stranger), Duration::ZERO), Session::new(purpose(None, &owner), Duration::ZERO)];
    let workspaces = [stranger.clone(), owner.clone()];
    let mut endings = Vec::new();
    let mut events = VecDeque::from([(0, Event::Opened)]);
    while let Some((side, event)) = events.pop_front() {
        for effect in sides[side].handle(Duration::ZERO, event) {
            match effect {
                Effect::Send(message) => events.push_back((1 - side, Event::Received(message))),
                Effect::Close(ending) => endings.push(ending),
                Effect::Report(_) => {}
                storage => {
                    let answer = perform(&workspaces[side], sides[side].space(), workspaces[1 - side].device(), b"", storage).unwrap();
                    events.extend(answer.map(|event| (side, event)));
                }
            }
        }
    }
    assert!(stranger.spaces().unwrap().iter().all(|other| other.id != space));
    assert!(endings.iter().any(|ending| matches!(ending, Ending::Refused(_))), "{endings:?}");
    assert!(endings.iter().any(|ending| matches!(ending, Ending::TurnedAway(_))), "{endings:?}");
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
    fn a_session_takes_any_messages(bytes in proptest::collection::vec((0..9_u8, proptest::collection::vec(any::<u8>(), 0..60)), 1..20), opens in any::<bool>()) {
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
    let device = |secret: u8| crate::Workspace::in_memory([secret; 32], crate::Options::default()).unwrap();
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
    let hello = Message::Hello { version: VERSION, space: SpaceId([1; 16]), asking: Box::new(asking()), heads: Vec::new() };
    let members = |address: &str| Members { entries: Vec::new(), heads: vec![[7; 32]], addresses: vec![(device, address.into())] };
    handle(Event::Received(hello));
    handle(Event::Admitted(Ok(Roster { members: members("here"), ..Roster::default() })));
    handle(Event::Received(Message::Thanks(Roster::default())));
    handle(Event::TookThanks(Ok(Agreed::default())));
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
