//! Entries of a membership log: any bytes are one or none; and whatever an owner or an editor signs, one after another, the log
//! comes to the same in whatever order they arrive.
#![no_main]

use bandpro_sync::MemberId;
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::{Action, Drafting, Entry, Inserted, Kind, Membership, Person, Role};
use libfuzzer_sys::fuzz_target;

fn founded() -> (Membership, [Identity; 2]) {
    let people = [Identity::from_secret(&[1; 32]), Identity::from_secret(&[2; 32])];
    let mut fill = |bytes: &mut [u8]| bytes.fill(7);
    let mut drafting = Drafting { identity: &people[0], time: 0, random: &mut fill };
    let mut log = drafting.found(Kind::Band, "Band", Person::default(), "laptop").expect("a band");
    let keys = drafting.keys_for(&log, &log.keys_of(&people[0]), &people[1].card("b"));
    let (member, card) = (MemberId([2; 16]), people[1].card("b"));
    let admit = Action::Admit { invite: None, member, person: Person::default(), role: Role::Owner, card, keys };
    let entry = drafting.entry(&log, admit).expect("an entry");
    assert_eq!(log.insert(entry), Inserted::New);
    (log, people)
}

fuzz_target!(|signed: Vec<(u8, Vec<u8>)>| {
    let (mut log, people) = founded();
    let mut other = log.clone();
    let mut made = Vec::new();
    for (how, bytes) in signed.iter().take(12) {
        drop(Entry::decode(bytes));
        let Ok(action) = postcard::from_bytes::<Action>(bytes) else { continue };
        // Some know of all before, some only of the beginning.
        let parents = if how & 2 == 0 {
            log.heads()
        } else {
            log.entries().take(1 + usize::from(how >> 2)).last().map(Entry::hash).into_iter().collect()
        };
        let Ok(entry) = Entry::sign(&people[usize::from(how & 1)], log.space(), parents, 0, action) else { continue };
        assert_eq!(Entry::decode(entry.bytes()).as_ref(), Ok(&entry));
        if log.insert(entry.clone()) == Inserted::New {
            made.push(entry);
        }
    }
    // Backwards, again and again, until nothing more comes in.
    for _ in 0..=made.len() {
        for entry in made.iter().rev() {
            other.insert(entry.clone());
        }
    }
    assert_eq!(log.state(), other.state());
    assert_eq!(log.heads(), other.heads());
});
