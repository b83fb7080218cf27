//! Members who were removed, and a laptop that was stolen.

use bandpro_sync::Inviting;
use bandpro_sync::envelope::{Closed, Content, Envelope, Reason};
use bandpro_sync::membership::{Action, Entry, Role};
use bandpro_sync::protocol::{Message, Refusal};
use bandpro_sync::seal::EpochKey;

use crate::band::{Band, Modified, TITLE, device, talk};

/// A band of which the second member was removed by the first, without knowing of it.
fn removed() -> (Band, Modified) {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mal = Modified::of(&band, 1);
    band.devices[0].remove_member(band.space, band.member(1)).unwrap();
    band.meet(2, 0);
    (band, mal)
}

#[test]
fn what_a_removed_member_writes_on_counts_nowhere() {
    let (band, mut mal) = removed();
    let written = mal.write("after the removal");
    for who in [2, 0] {
        band.bring(who, std::slice::from_ref(&written));
        assert_eq!(band.devices[who].refused().unwrap()[0].reason, Reason::Removed);
        assert_eq!(band.title(who), TITLE);
    }
}

#[test]
fn what_a_removed_member_got_in_before_others_heard_is_taken_back() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    band.devices[0].remove_member(band.space, band.member(1)).unwrap();
    let written = mal.write("just in time");
    band.bring(2, &[written]);
    assert_eq!(band.title(2), "just in time");
    // What an honest member did on top of it is made anew without it.
    band.retitle(2, "on top of it");
    band.meet(2, 0);
    assert_eq!((band.title(0), band.title(2)), ("on top of it".into(), "on top of it".into()));
    assert!(band.devices[2].refused().unwrap().iter().any(|refused| refused.reason == Reason::Removed));
}

#[test]
fn who_was_made_a_viewer_meanwhile_still_takes_in_what_the_others_have() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    band.devices[0].remove_member(band.space, band.member(1)).unwrap();
    band.bring(2, &[mal.write("just in time")]);
    band.retitle(2, "on top of it");
    // The owner knows what this one did, so it is not for the new role that it goes.
    band.bring(0, &band.envelopes(2));
    band.devices[0].set_role(band.space, band.member(2), Role::Viewer).unwrap();
    // It may write nothing anew, and goes on hearing of the rest.
    band.meet(2, 0);
    band.retitle(0, "what counts");
    band.meet(2, 0);
    assert_eq!((band.title(2).as_str(), band.role(2, 2)), ("what counts", Some(Role::Viewer)));
}

#[test]
fn a_removed_member_cannot_open_what_is_written_later() {
    let (band, _) = removed();
    band.retitle(0, "not for everyone");
    let newest = Envelope::decode(&band.envelopes(0).pop().unwrap()).unwrap();
    // Even with all entries of the membership log in hand, which a mailbox might give away.
    let _ = band.devices[1].deliver(band.space, &band.devices[0].member_entries(band.space).unwrap(), &[]);
    assert_eq!(newest.open(&band.devices[1].circle(band.space).unwrap().keys), Err(Closed::NoKey));
    assert!(newest.open(&band.devices[2].circle(band.space).unwrap().keys).is_ok());
}

#[test]
fn a_removed_member_keeps_what_they_had() {
    let (band, _) = removed();
    assert_eq!(band.title(1), TITLE);
    let old = Envelope::decode(&band.envelopes(1).pop().unwrap()).unwrap();
    assert!(old.open(&band.devices[1].circle(band.space).unwrap().keys).is_ok());
}

#[test]
fn a_removed_member_who_calls_is_told_nothing_but_that() {
    let (band, _) = removed();
    band.retitle(0, "not for everyone");
    band.devices[0].rename_space(band.space, "Without them").unwrap();
    let talk = talk(&band.devices[1], &band.devices[0], band.space, None);
    let [Message::Removed(entries)] = &talk.answers[..] else { panic!("{:?}", talk.answers) };
    let entries: Vec<Entry> = entries.iter().map(|bytes| Entry::decode(bytes).unwrap()).collect();
    assert!(matches!(&entries[..], [Entry { action: Action::Remove { .. }, .. }]), "{entries:?}");
    assert_eq!(band.title(1), TITLE);
}

#[test]
fn a_removed_member_does_not_come_back_by_a_ticket_they_know() {
    let band = Band::of(&[]);
    let ticket = band.devices[0].invite(band.space, Inviting { uses: 10, ..Inviting::default() }).unwrap();
    let mal = device(2);
    assert_eq!(talk(&mal, &band.devices[0], band.space, Some(&ticket)).refusal(), None);
    let member = band.devices[0].circle(band.space).unwrap().log.state().member_of(mal.device()).unwrap().0;
    band.devices[0].remove_member(band.space, member).unwrap();
    // With another device, under another name.
    assert_eq!(talk(&device(3), &band.devices[0], band.space, Some(&ticket)).refusal(), Some(Refusal::Ticket));
}

#[test]
fn whom_a_removed_owner_let_in_meanwhile_was_never_there() {
    let band = Band::of(&[Role::Owner, Role::Editor]);
    band.devices[0].remove_member(band.space, band.member(1)).unwrap();
    // The other owner has not heard of it and lets a friend in, who writes.
    let ticket = band.devices[1].invite(band.space, Inviting::default()).unwrap();
    let friend = device(9);
    assert_eq!(talk(&friend, &band.devices[1], band.space, Some(&ticket)).refusal(), None);
    friend.rename_score(band.score, "by a friend").unwrap();
    talk(&friend, &band.devices[1], band.space, None);
    band.meet(1, 2);
    assert_eq!(band.title(2), "by a friend");
    band.meet(2, 0);
    assert_eq!((band.title(2).as_str(), band.title(0).as_str()), (TITLE, TITLE));
}

#[test]
fn what_was_taken_back_for_a_removal_that_does_not_count_comes_back() {
    let band = Band::of(&[Role::Editor, Role::Owner, Role::Editor]);
    band.retitle(1, "by an editor");
    band.meet(3, 1);
    // An owner removes the editor without knowing of that, and is removed by a senior one without knowing of that either.
    band.devices[2].remove_member(band.space, band.member(1)).unwrap();
    band.meet(3, 2);
    assert_eq!(band.title(3), TITLE);
    band.devices[0].remove_member(band.space, band.member(2)).unwrap();
    band.meet(3, 0);
    assert_eq!((band.title(3).as_str(), band.title(0).as_str()), ("by an editor", "by an editor"));
}

#[test]
fn what_is_sealed_with_a_made_up_key_has_a_bound() {
    let (band, mut mal) = removed();
    let made_up = EpochKey::from_random([9; 32]);
    let noise: Vec<Vec<u8>> = (0..1100).map(|_| mal.seal_under(&made_up, Content::Membership(vec![0; 40]))).collect();
    assert_eq!(band.bring(0, &noise), 1000);
    assert!(band.devices[0].refused().unwrap().iter().any(|refused| refused.reason == Reason::TooMany));
}

#[test]
fn a_stolen_laptop_that_was_removed_reads_and_writes_no_more() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mut thief = Modified::of(&band, 1);
    band.devices[0].remove_device(band.space, band.devices[1].device()).unwrap();
    band.retitle(0, "not for the thief");
    let newest = Envelope::decode(&band.envelopes(0).pop().unwrap()).unwrap();
    assert_eq!(newest.open(&band.devices[1].circle(band.space).unwrap().keys), Err(Closed::NoKey));
    band.bring(0, &[thief.write("by the thief")]);
    assert_eq!(band.title(0), "not for the thief");
    let talk = talk(&band.devices[1], &band.devices[0], band.space, None);
    assert_eq!(talk.refusal(), Some(Refusal::Removed));
}
