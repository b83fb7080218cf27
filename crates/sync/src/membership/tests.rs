//! The membership log in small worlds, and whether it comes to the same in whatever order its entries come.

mod twice;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::InviteId;
use crate::identity::Card;

#[derive(Debug)]
/// A device with its copy of the log.
struct Side {
    identity: Identity,
    log: Membership,
}

#[derive(Debug)]
/// Randomness that replays.
struct Dice(u64);

impl Dice {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = (self.0 >> 56) as u8;
        }
    }
}

fn person(name: &str) -> Person {
    Person { name: name.into(), colour: 0 }
}

#[derive(Debug)]
struct World {
    dice: Dice,
    sides: Vec<Side>,
}

impl World {
    /// Ann's band; the others are not in it yet.
    fn new(others: u8) -> Self {
        let mut dice = Dice(7);
        let identity = Identity::from_secret(&[1; 32]);
        let mut random = |bytes: &mut [u8]| dice.fill(bytes);
        let mut drafting = Drafting { identity: &identity, time: 0, random: &mut random };
        let log = drafting.found(Kind::Band, "Quartet", person("Ann"), "laptop").unwrap();
        let space = log.space();
        let mut sides = vec![Side { identity, log }];
        for number in 0..others {
            sides.push(Side { identity: Identity::from_secret(&[number + 2; 32]), log: Membership::new(space) });
        }
        Self { dice, sides }
    }

    fn device(&self, who: usize) -> DeviceId {
        self.sides[who].identity.device()
    }

    fn member(&self, who: usize) -> MemberId {
        let device = self.device(who);
        let found = self.sides.iter().find_map(|side| side.log.state().devices.get(&device));
        found.expect("a member").member
    }

    fn card(&self, who: usize) -> Card {
        self.sides[who].identity.card("laptop")
    }

    fn ring(&self, who: usize) -> KeyRing {
        self.sides[who].log.keys_of(&self.sides[who].identity)
    }

    /// Lets a device sign something, and gives the entry if it went into its own log.
    fn sign(&mut self, who: usize, action: Action) -> Option<Hash> {
        let mut random = |bytes: &mut [u8]| self.dice.fill(bytes);
        let side = &mut self.sides[who];
        let entry = Drafting { identity: &side.identity, time: 0, random: &mut random }.entry(&side.log, action).unwrap();
        let hash = entry.hash();
        (side.log.insert(entry) == Inserted::New).then_some(hash)
    }

    fn draft<T>(&mut self, who: usize, draft: impl FnOnce(&mut Drafting<'_>, &Membership, &KeyRing) -> T) -> T {
        let ring = self.ring(who);
        let mut random = |bytes: &mut [u8]| self.dice.fill(bytes);
        let side = &self.sides[who];
        draft(&mut Drafting { identity: &side.identity, time: 0, random: &mut random }, &side.log, &ring)
    }

    /// What Ann's device finds to do.
    fn tend(&mut self) -> Option<Action> {
        self.draft(0, |drafting, log, ring| drafting.tend(log, ring))
    }

    fn admit(&mut self, by: usize, whom: usize, role: Role) -> Option<Hash> {
        let card = self.card(whom);
        let keys = self.draft(by, |drafting, log, ring| drafting.keys_for(log, ring, &card));
        let mut member = [0; 16];
        self.dice.fill(&mut member);
        let member = MemberId(member);
        self.sign(by, Action::Admit { invite: None, member, person: person("new"), role, card, keys })
    }

    fn remove(&mut self, by: usize, whom: usize, known: u64) -> Option<Hash> {
        let device = self.device(whom);
        let member = self.member(whom);
        let key = self.draft(by, |drafting, log, ring| drafting.new_key(log, ring, &[device]));
        let known = vec![Mark { device, seq: known, hash: [0; 32] }];
        self.sign(by, Action::Remove { member, known, key: Some(key) })
    }

    fn set_role(&mut self, by: usize, whom: usize, role: Role) -> Option<Hash> {
        let member = self.member(whom);
        self.sign(by, Action::SetRole { member, role, known: Vec::new() })
    }

    /// Gives one device what another has.
    fn pull(&mut self, to: usize, from: usize) {
        let entries: Vec<Entry> = self.sides[from].log.entries().cloned().collect();
        for entry in entries {
            assert_ne!(self.sides[to].log.insert(entry), Inserted::Waits);
        }
    }

    fn meet(&mut self, a: usize, b: usize) {
        self.pull(a, b);
        self.pull(b, a);
    }

    fn role(&self, at: usize, who: usize) -> Option<Role> {
        self.sides[at].log.state().role_of(self.device(who))
    }
}

const DOCUMENT: ScoreId = ScoreId([5; 16]);

/// Ann, and Ben with this role, who knows of it.
fn two(role: Role) -> World {
    let mut world = World::new(4);
    world.admit(0, 1, role).unwrap();
    world.pull(1, 0);
    world
}

#[test]
fn the_space_is_named_after_its_first_entry_and_takes_no_other() {
    let mut world = World::new(1);
    let other = World::new(1).sides.remove(0).log;
    assert_eq!(other.space(), world.sides[0].log.space(), "the same dice");
    let mut random = |bytes: &mut [u8]| bytes.fill(9);
    let ben = Identity::from_secret(&[2; 32]);
    let foreign = Drafting { identity: &ben, time: 0, random: &mut random }.found(Kind::Band, "Mine", person("Ben"), "x").unwrap();
    assert_ne!(foreign.space(), world.sides[0].log.space());
    let entry = foreign.entries().next().unwrap().clone();
    assert_eq!(world.sides[0].log.insert(entry), Inserted::Refused);
}

#[test]
fn roles_say_who_may_do_what() {
    for (role, writes, governs) in [(Role::Viewer, false, false), (Role::Editor, true, false), (Role::Owner, true, true)] {
        let mut world = two(role);
        let (log, device) = (&world.sides[1].log, world.device(1));
        let heads = log.heads();
        assert!(log.may(device, Deed::Read(DOCUMENT), &heads) && log.may(device, Deed::AddDevice, &heads));
        assert_eq!(log.may(device, Deed::Write(DOCUMENT), &heads), writes);
        assert_eq!(log.may(device, Deed::Govern, &heads), governs);
        assert_eq!(world.admit(1, 2, Role::Viewer).is_some(), governs, "{role:?}");
        assert_eq!(world.set_role(1, 1, Role::Owner).is_some(), governs, "nobody promotes themselves");
        assert_eq!(world.sign(1, Action::Rename("x".into())).is_some(), governs);
        assert!(world.sign(1, Action::Profile(person("Benjamin"))).is_some());
        let card = world.card(3);
        assert!(world.sign(1, Action::AddDevice { invite: None, card, recovery: false, keys: Vec::new() }).is_some());
        assert_eq!(world.sides[1].log.state().devices[&world.device(3)].member, world.member(1));
    }
}

#[test]
fn strangers_write_nothing() {
    let mut world = two(Role::Editor);
    world.pull(2, 0);
    assert_eq!(world.sign(2, Action::Profile(person("Mal"))), None);
    assert_eq!(world.admit(2, 2, Role::Owner), None);
    let log = &world.sides[0].log;
    assert!(!log.may(world.device(2), Deed::Read(DOCUMENT), &log.heads()));
}

#[test]
fn nobody_but_devices_of_the_founder_comes_into_a_private_space() {
    let mut world = World::new(2);
    let mut random = |bytes: &mut [u8]| bytes.fill(9);
    let side = &mut world.sides[0];
    side.log = Drafting { identity: &side.identity, time: 0, random: &mut random }.found(Kind::Private, "", person("Ann"), "x").unwrap();
    assert_eq!(world.admit(0, 1, Role::Viewer), None);
    let card = world.card(1);
    assert!(world.sign(0, Action::AddDevice { invite: None, card, recovery: false, keys: Vec::new() }).is_some());
}

#[test]
fn a_newcomer_reads_what_was_before_and_a_removed_member_not_what_comes_after() {
    let mut world = two(Role::Editor);
    let first = world.ring(1).keys().next().unwrap().id();
    world.remove(0, 1, 0).unwrap();
    world.admit(0, 2, Role::Editor).unwrap();
    world.pull(1, 0);
    world.pull(2, 0);
    assert_eq!(world.sides[0].log.state().epochs.len(), 1);
    let second = *world.sides[0].log.state().epochs.keys().next().unwrap();
    assert!(world.ring(2).has(first) && world.ring(2).has(second));
    assert!(world.ring(1).has(first) && !world.ring(1).has(second));
}

#[test]
fn what_a_removed_member_wrote_counts_as_far_as_it_was_known() {
    let mut world = two(Role::Editor);
    let (before, ben) = (world.sides[1].log.heads(), world.device(1));
    let old = *world.sides[0].log.state().epochs.keys().next().unwrap();
    world.remove(0, 1, 4).unwrap();
    let log = &world.sides[0].log;
    assert_eq!(log.standing((ben, 4), DOCUMENT, &before, old), Standing::Good);
    assert_eq!(log.standing((ben, 5), DOCUMENT, &before, old), Standing::Removed);
    let new = *log.state().epochs.keys().next().unwrap();
    assert_eq!(log.standing((ben, 5), DOCUMENT, &log.heads(), new), Standing::Removed);
    assert_eq!(log.standing((world.device(0), 1), DOCUMENT, &log.heads(), old), Standing::Epoch, "who knows the new key uses it");
    assert_eq!(log.standing((world.device(0), 1), DOCUMENT, &before, old), Standing::Good);
    assert_eq!(log.standing((world.device(2), 1), DOCUMENT, &before, old), Standing::Stranger);
    assert_eq!(log.standing((ben, 1), DOCUMENT, &[[9; 32]], old), Standing::Unknown);
    // Taken in again, Ben writes on.
    world.admit(0, 1, Role::Editor).unwrap();
    let log = &world.sides[0].log;
    let (heads, epoch) = (log.heads(), *log.state().epochs.keys().next().unwrap());
    assert_eq!(log.standing((ben, 6), DOCUMENT, &heads, epoch), Standing::Good);
    assert_eq!(log.standing((ben, 6), DOCUMENT, &before, old), Standing::Removed);
}

#[test]
fn who_becomes_a_viewer_writes_no_more() {
    let mut world = two(Role::Editor);
    let (before, ben) = (world.sides[1].log.heads(), world.device(1));
    let epoch = *world.sides[0].log.state().epochs.keys().next().unwrap();
    world.set_role(0, 1, Role::Viewer).unwrap();
    let log = &world.sides[0].log;
    assert_eq!(log.standing((ben, 1), DOCUMENT, &before, epoch), Standing::Removed, "nothing was known of Ben's log");
    assert_eq!(log.standing((ben, 1), DOCUMENT, &log.heads(), epoch), Standing::Role);
}

#[test]
fn removal_beats_a_concurrent_grant() {
    let mut world = two(Role::Owner);
    // Ben, an owner, lets Cem in while Ann removes Ben.
    world.admit(1, 2, Role::Owner).unwrap();
    world.remove(0, 1, 0).unwrap();
    world.meet(0, 1);
    for side in 0..2 {
        assert_eq!((world.role(side, 1), world.role(side, 2)), (None, None));
    }
    // Ann makes Cem an owner while Ben, since removed, had made Dan one: only what stands counts.
    let mut world = two(Role::Editor);
    let removed = world.remove(0, 1, 0).unwrap();
    world.set_role(1, 1, Role::Owner);
    world.pull(1, 0);
    assert!(world.sides[1].log.counts(&removed));
    // A role given to somebody while another owner removes them.
    let mut world = two(Role::Owner);
    world.admit(0, 2, Role::Editor).unwrap();
    world.meet(0, 1);
    world.set_role(1, 2, Role::Owner).unwrap();
    world.remove(0, 2, 0).unwrap();
    world.meet(0, 1);
    assert_eq!((world.role(0, 2), world.role(1, 2)), (None, None));
}

#[test]
fn two_owners_at_odds_the_senior_stays() {
    let mut world = two(Role::Owner);
    world.remove(0, 1, 0).unwrap();
    world.remove(1, 0, 0).unwrap();
    world.meet(0, 1);
    for side in 0..2 {
        assert_eq!((world.role(side, 0), world.role(side, 1)), (Some(Role::Owner), None));
    }
    assert_eq!(world.sides[0].log.state(), world.sides[1].log.state());
}

#[test]
fn taking_rights_beats_giving_them_at_the_same_time() {
    // Whichever of the two has the lower hash.
    for round in 0..8 {
        let mut world = two(Role::Owner);
        world.dice = Dice(round);
        world.admit(0, 2, Role::Editor).unwrap();
        world.pull(1, 0);
        world.set_role(0, 2, Role::Viewer).unwrap();
        world.set_role(1, 2, Role::Owner).unwrap();
        world.meet(0, 1);
        assert_eq!((world.role(0, 2), world.role(1, 2)), (Some(Role::Viewer), Some(Role::Viewer)));
    }
}

#[test]
fn what_takes_by_a_right_that_is_lost_takes_nothing() {
    let mut world = two(Role::Owner);
    world.admit(0, 2, Role::Editor).unwrap();
    world.admit(0, 3, Role::Owner).unwrap();
    (1..4).for_each(|who| world.pull(who, 0));
    // Ben makes Cem an owner, who removes Dan, who meanwhile renames the band; Ann removes Ben without knowing of any of it.
    world.set_role(1, 2, Role::Owner).unwrap();
    world.pull(2, 1);
    world.remove(2, 3, 0).unwrap();
    world.sign(3, Action::Rename("Dan's Quartet".into())).unwrap();
    world.remove(0, 1, 0).unwrap();
    world.meet(0, 2);
    world.meet(0, 3);
    assert_eq!((world.role(0, 2), world.role(0, 3)), (Some(Role::Editor), Some(Role::Owner)));
    assert_eq!(world.sides[0].log.state().name, "Dan's Quartet");
}

#[test]
fn a_new_key_that_does_not_count_replaces_none() {
    let mut world = two(Role::Owner);
    world.admit(0, 2, Role::Editor).unwrap();
    world.pull(1, 0);
    let key = world.draft(1, |drafting, log, ring| drafting.new_key(log, ring, &[]));
    world.sign(1, Action::Rotate(key)).unwrap();
    world.set_role(0, 1, Role::Viewer).unwrap();
    world.pull(2, 0);
    world.pull(2, 1);
    let log = &world.sides[2].log;
    let (heads, epoch) = log.place_to_write(&world.ring(2)).unwrap();
    assert_eq!(heads.len(), 2, "both are known");
    assert_eq!(log.standing((world.device(2), 1), DOCUMENT, &heads, epoch), Standing::Good);
}

#[test]
fn an_invitation_withdrawn_lets_nobody_in_who_came_meanwhile() {
    let mut world = two(Role::Owner);
    let invite = InviteId([3; 16]);
    let offer = Offer::Member(Role::Editor);
    world.sign(0, Action::Invite { invite, proof: [0; 32], offer, expires: 9, uses: 1, confirm: false }).unwrap();
    world.pull(1, 0);
    let by_ticket = |world: &mut World, by: usize, whom: usize, role| {
        let (card, member) = (world.card(whom), MemberId([whom as u8; 16]));
        world.sign(by, Action::Admit { invite: Some(invite), member, person: person("c"), role, card, keys: Vec::new() })
    };
    assert_eq!(by_ticket(&mut world, 1, 2, Role::Owner), None, "not what was offered");
    by_ticket(&mut world, 1, 2, Role::Editor).unwrap();
    assert_eq!(by_ticket(&mut world, 1, 3, Role::Editor), None, "it is used up");
    world.sign(0, Action::RevokeInvite(invite)).unwrap();
    assert_eq!(by_ticket(&mut world, 0, 3, Role::Editor), None);
    world.meet(0, 1);
    assert_eq!((world.role(0, 2), world.role(1, 2)), (None, None));
}

#[test]
fn who_is_removed_takes_along_the_tickets_they_know() {
    let mut world = two(Role::Owner);
    let (by_ben, of_cem) = (InviteId([3; 16]), InviteId([4; 16]));
    let open = |invite| Action::Invite { invite, proof: [0; 32], offer: Offer::Member(Role::Editor), expires: 9, uses: 9, confirm: false };
    world.sign(1, open(by_ben)).unwrap();
    world.pull(0, 1);
    world.sign(0, open(of_cem)).unwrap();
    let by_ticket = |world: &mut World, by: usize, whom: usize, invite| {
        let (card, member) = (world.card(whom), MemberId([whom as u8; 16]));
        world.sign(by, Action::Admit { invite: Some(invite), member, person: person("c"), role: Role::Editor, card, keys: Vec::new() })
    };
    by_ticket(&mut world, 0, 2, of_cem).unwrap();
    world.pull(1, 0);
    // Ben lets another in by his ticket, while Ann removes Ben, who made it, and Cem, who came by the other.
    by_ticket(&mut world, 1, 4, of_cem).unwrap();
    world.remove(0, 2, 0).unwrap();
    world.remove(0, 1, 0).unwrap();
    for invite in [by_ben, of_cem] {
        assert!(world.sides[0].log.state().invites[&invite].revoked);
        assert_eq!(by_ticket(&mut world, 0, 3, invite), None, "they come in again by a ticket they know");
    }
    // Whoever was let in by an owner who was removed meanwhile does not count; the two sides agree.
    world.meet(0, 1);
    assert_eq!((world.role(0, 3), world.role(0, 4)), (None, None));
    assert_eq!(world.sides[0].log.state(), world.sides[1].log.state());
}

#[test]
fn one_who_is_an_owner_no_more_invites_nobody() {
    let mut world = two(Role::Owner);
    let invite = InviteId([3; 16]);
    let offer = Offer::Member(Role::Editor);
    world.sign(1, Action::Invite { invite, proof: [0; 32], offer, expires: 9, uses: 9, confirm: false }).unwrap();
    world.pull(0, 1);
    world.set_role(0, 1, Role::Editor).unwrap();
    let (card, member) = (world.card(2), MemberId([2; 16]));
    let admit = Action::Admit { invite: Some(invite), member, person: person("c"), role: Role::Editor, card, keys: Vec::new() };
    assert_eq!(world.sign(0, admit), None);
}

#[test]
fn one_seat_given_twice_is_taken_by_one() {
    let mut world = two(Role::Owner);
    let invite = InviteId([3; 16]);
    let offer = Offer::Member(Role::Editor);
    world.sign(0, Action::Invite { invite, proof: [0; 32], offer, expires: 9, uses: 1, confirm: false }).unwrap();
    world.pull(1, 0);
    for (by, whom) in [(0, 2), (1, 3)] {
        let (card, member) = (world.card(whom), MemberId([whom as u8; 16]));
        world.sign(by, Action::Admit { invite: Some(invite), member, person: person("c"), role: Role::Editor, card, keys: Vec::new() });
    }
    world.meet(0, 1);
    let seats: Vec<_> = (2..4).map(|who| world.role(0, who)).collect();
    assert_eq!(seats.iter().flatten().count(), 1);
    assert_eq!(world.sides[0].log.state(), world.sides[1].log.state());
}

#[test]
fn an_owner_tends_to_what_others_did_without_knowing_of_each_other() {
    let mut world = two(Role::Owner);
    // Ann begins a new epoch while Ben lets Cem in, who lacks its key.
    let key = world.draft(0, |drafting, log, ring| drafting.new_key(log, ring, &[]));
    let epoch = key.epoch;
    world.sign(0, Action::Rotate(key)).unwrap();
    world.admit(1, 2, Role::Editor).unwrap();
    world.meet(0, 1);
    world.pull(2, 0);
    assert!(!world.ring(2).has(epoch));
    let (heads, _) = world.sides[2].log.place_to_write(&world.ring(2)).expect("what Cem was let in with");
    assert!(world.sides[2].log.may(world.device(2), Deed::Write(DOCUMENT), &heads));
    let action = world.tend().expect("something to do");
    assert!(matches!(action, Action::HandOver(_)));
    world.sign(0, action).unwrap();
    world.pull(2, 0);
    assert!(world.ring(2).has(epoch));
    assert_eq!(world.tend(), None);
    // Ben leaves: he has the key, so there has to be another.
    let member = world.member(1);
    world.meet(0, 1);
    world.sign(1, Action::Remove { member, known: Vec::new(), key: None }).unwrap();
    world.meet(0, 1);
    let action = world.tend().expect("something to do");
    world.sign(0, action).unwrap();
    world.pull(1, 0);
    let epoch = world.sides[0].log.best_epoch(&world.ring(0)).unwrap();
    assert!(!world.ring(1).has(epoch));
}

#[test]
fn a_mailbox_is_told_which_devices_there_are() {
    use crate::mailbox::{Roster, Signed};
    let mut world = two(Role::Editor);
    let first = Roster::of(&world.sides[0].log);
    assert!(first.is_owner(world.device(0)) && !first.is_owner(world.device(1)));
    assert!(first.names(world.device(1)) && !first.names(world.device(2)));
    world.remove(0, 1, 0).unwrap();
    let second = Roster::of(&world.sides[0].log);
    assert!(!second.names(world.device(1)));
    assert!(Signed::by(&world.sides[0].identity, second.clone()).may_replace(&first));
    assert!(!Signed::by(&world.sides[1].identity, Roster { version: 99, ..second }).may_replace(&first));
}

#[test]
fn any_changed_byte_of_an_entry_is_noticed() {
    let world = two(Role::Editor);
    for entry in world.sides[0].log.entries() {
        let bytes = entry.bytes();
        assert_eq!(&Entry::decode(bytes).unwrap(), entry);
        for at in 0..bytes.len() {
            let mut bytes = bytes.to_vec();
            bytes[at] ^= 1;
            assert!(Entry::decode(&bytes).is_err(), "byte {at}");
        }
    }
}

/// One thing that somebody does in a random world.
fn act(world: &mut World, dice: (u8, u8, u8, u8)) {
    let count = world.sides.len();
    let (what, who, whom) = (dice.0 % 12, usize::from(dice.1) % count, usize::from(dice.2) % count);
    let known = world.sides[who].log.state().devices.contains_key(&world.device(whom));
    let role = [Role::Viewer, Role::Editor, Role::Owner, Role::Owner][usize::from(dice.3) % 4];
    if world.sides[who].log.is_empty() && what < 9 {
        return;
    }
    match what {
        0..=1 => drop(world.admit(who, whom, role)),
        2 if known => drop(world.remove(who, whom, u64::from(dice.3))),
        3..=4 if known => drop(world.set_role(who, whom, role)),
        5 => {
            let key = world.draft(who, |drafting, log, ring| drafting.new_key(log, ring, &[]));
            world.sign(who, Action::Rotate(key));
        }
        6 => {
            let invite = InviteId([dice.3 % 4; 16]);
            let offer = Offer::Member(role);
            world.sign(who, Action::Invite { invite, proof: [0; 32], offer, expires: 9, uses: 2, confirm: false });
        }
        7 => drop(world.sign(who, Action::RevokeInvite(InviteId([dice.3 % 4; 16])))),
        8 => {
            let (device, owner) = (world.device(whom), world.role(who, who) == Some(Role::Owner));
            let key = owner.then(|| world.draft(who, |drafting, log, ring| drafting.new_key(log, ring, &[device])));
            world.sign(who, Action::RemoveDevice { device, known: Mark { device, seq: 1, hash: [0; 32] }, key });
        }
        _ => world.pull(who, whom),
    }
}

fn random_world() -> impl Strategy<Value = World> {
    proptest::collection::vec(any::<(u8, u8, u8, u8)>(), 5..60).prop_map(|deeds| {
        let mut world = World::new(4);
        world.admit(0, 1, Role::Owner);
        world.admit(0, 2, Role::Owner);
        (1..5).for_each(|who| world.pull(who, 0));
        deeds.into_iter().for_each(|dice| act(&mut world, dice));
        world
    })
}

/// Inserts entries in an order drawn by these numbers, each when those that it follows are there.
fn shuffled(space: SpaceId, entries: &BTreeMap<Hash, Entry>, draws: &[u16]) -> Membership {
    let mut log = Membership::new(space);
    let mut left: Vec<&Entry> = entries.values().collect();
    let mut draws = draws.iter().cycle();
    while !left.is_empty() {
        let at = usize::from(*draws.next().unwrap()) % left.len();
        match log.insert(left[at].clone()) {
            Inserted::Waits => {}
            Inserted::New => drop(left.swap_remove(at)),
            other => panic!("{other:?}"),
        }
    }
    log
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_order_in_which_entries_come_does_not_matter(
        world in random_world(),
        draws in (proptest::collection::vec(any::<u16>(), 200), proptest::collection::vec(any::<u16>(), 200)),
        subset in any::<u64>(),
    ) {
        let all: BTreeMap<Hash, Entry> =
            world.sides.iter().flat_map(|side| side.log.entries()).map(|entry| (entry.hash(), entry.clone())).collect();
        let space = world.sides[0].log.space();
        let (one, other) = (shuffled(space, &all, &draws.0), shuffled(space, &all, &draws.1));
        prop_assert_eq!(one.state(), other.state());
        prop_assert_eq!(one.heads(), other.heads());
        prop_assert!(all.keys().all(|hash| one.counts(hash) == other.counts(hash)));
        // And of any part that has what each of its entries follows.
        let heads: Vec<Hash> = all.keys().enumerate().filter(|(at, _)| subset >> (at % 64) & 1 == 1).map(|(_, hash)| *hash).collect();
        let part: BTreeMap<Hash, Entry> = {
            let after: Vec<Hash> = one.entries_after(&heads).into_iter().map(Entry::hash).collect();
            all.iter().filter(|(hash, _)| !after.contains(hash)).map(|(hash, entry)| (*hash, entry.clone())).collect()
        };
        let (one_part, other_part) = (shuffled(space, &part, &draws.0), shuffled(space, &part, &draws.1));
        prop_assert_eq!(one_part.state(), other_part.state());
        // What counts was signed by somebody who, by what counts, might.
        for entry in all.values().filter(|entry| one.counts(&entry.hash()) && !entry.parents.is_empty()) {
            prop_assert!(one.state().devices.contains_key(&entry.author));
        }
        prop_assert!(one.state().owners() >= 1 || one.state().members_here().next().is_none() || all.len() > 3);
    }

    #[test]
    fn decoding_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Entry::decode(&[vec![1], bytes].concat());
    }
}
