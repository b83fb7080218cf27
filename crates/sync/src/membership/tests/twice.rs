//! Devices that were let in twice by those who did not know of each other, and logs that lose something.

use super::*;

#[test]
fn who_is_let_in_twice_at_the_same_time_belongs_to_the_space_by_both() {
    // Whichever of the two has the lower hash.
    for round in 0..8 {
        let mut world = two(Role::Owner);
        world.dice = Dice(100 + round);
        let cem = world.device(2);
        let epoch = *world.sides[0].log.state().epochs.keys().next().unwrap();
        let lets_in = |world: &mut World, by: usize| {
            world.admit(by, 2, Role::Editor).unwrap();
            let log = &world.sides[by].log;
            (log.heads(), log.state().devices[&cem].member)
        };
        let (by_ann, by_ben) = (lets_in(&mut world, 0), lets_in(&mut world, 1));
        world.meet(0, 1);
        let log = &world.sides[0].log;
        assert_eq!(log.state(), world.sides[1].log.state());
        // What Cem wrote counts, by whichever entry.
        for heads in [&by_ann.0, &by_ben.0, &log.heads()] {
            assert_eq!(log.standing((cem, 1), DOCUMENT, heads, epoch), Standing::Good);
        }
        assert_eq!(log.state().devices_here().filter(|(device, _)| *device == cem).count(), 1);
        // Somebody who knows Cem by one of the names removes or demotes the one there is.
        for name in [by_ann.1, by_ben.1] {
            let mut log = world.sides[0].log.clone();
            let action = Action::SetRole { member: name, role: Role::Viewer, known: Vec::new() };
            let entry = Entry::sign(&world.sides[0].identity, log.space(), log.heads(), 0, action).unwrap();
            assert_eq!((log.insert(entry), log.state().role_of(cem)), (Inserted::New, Some(Role::Viewer)));
        }
        // Who knows of the one entry does not sign the other.
        assert_eq!(world.admit(0, 2, Role::Editor), None);
    }
}

#[test]
fn a_device_added_twice_at_the_same_time_counts_by_both() {
    for round in 0..8 {
        let mut world = two(Role::Editor);
        world.dice = Dice(100 + round);
        let card = world.card(2);
        let adds = Action::AddDevice { invite: None, card: card.clone(), recovery: false, keys: Vec::new() };
        // Ben's first laptop, and his second one, add the third.
        let second = Action::AddDevice { invite: None, card: world.card(3), recovery: false, keys: Vec::new() };
        world.sign(1, second).unwrap();
        world.pull(3, 1);
        let heads: Vec<Vec<Hash>> = [1, 3].into_iter().map(|who| vec![world.sign(who, adds.clone()).unwrap()]).collect();
        world.meet(1, 3);
        let log = &world.sides[1].log;
        let epoch = *log.state().epochs.keys().next().unwrap();
        for heads in heads {
            assert_eq!(log.standing((world.device(2), 1), DOCUMENT, &heads, epoch), Standing::Good);
        }
    }
}

#[test]
fn a_log_that_loses_something_does_not_agree_with_what_it_was() {
    let mut world = two(Role::Owner);
    let before = world.sides[0].log.clone();
    world.admit(1, 2, Role::Editor).unwrap();
    world.pull(0, 1);
    assert!(world.sides[0].log.agrees_with(&before));
    let before = world.sides[0].log.clone();
    // Ben was removed before he let Cem in, which Ann learns late.
    world.pull(3, 0);
    let mut other = two(Role::Owner);
    other.remove(0, 1, 0).unwrap();
    world.pull(3, 0);
    for entry in other.sides[0].log.entries() {
        world.sides[0].log.insert(entry.clone());
    }
    assert_eq!(world.role(0, 1), None);
    assert!(!world.sides[0].log.agrees_with(&before));
}
