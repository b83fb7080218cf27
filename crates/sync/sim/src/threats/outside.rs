//! Those who do not belong to the band: strangers, whoever finds a ticket, a mailbox, a peer that misbehaves.

use std::time::Duration;

use bandpro_sync::envelope::{Envelope, Reason};
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::{Mark, Role};
use bandpro_sync::protocol::{Effect, Ending, Event, Members, Message, Purpose, Refusal, Roster, Session, WINDOW, perform};
use bandpro_sync::{Inviting, Workspace};

use crate::band::{BAND, Band, Modified, OWNER, TITLE, device, device_with_clock, talk};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_stranger_who_knows_the_space_learns_nothing_of_it() {
    let band = Band::of(&[]);
    let stranger = device(99);
    let talk = talk(&stranger, &band.devices[0], band.space, None);
    assert_eq!(talk.refusal(), Some(Refusal::NotAMember));
    assert_eq!(talk.answers, [Message::TurnedAway(Refusal::NotAMember)]);
    assert!(stranger.circle(band.space).is_err());
}

#[test]
fn a_ticket_that_is_used_up_withdrawn_or_expired_opens_nothing() {
    let (owner, clock) = device_with_clock(1);
    clock.turn_to(1000);
    let space = owner.create_space(BAND).unwrap();
    let refusal = |secret: u8, invited| talk(&device(secret), &owner, space, Some(invited)).refusal();
    let valid = Duration::from_secs(60);
    let once = owner.invite(space, Inviting { valid, ..Inviting::default() }).unwrap();
    assert_eq!(refusal(2, &once), None);
    assert_eq!(refusal(3, &once), Some(Refusal::Ticket), "used up");
    let withdrawn = owner.invite(space, Inviting { valid, ..Inviting::default() }).unwrap();
    owner.revoke(space, withdrawn.invite).unwrap();
    assert_eq!(refusal(4, &withdrawn), Some(Refusal::Ticket), "withdrawn");
    let late = owner.invite(space, Inviting { valid, ..Inviting::default() }).unwrap();
    // What counts is the clock of whoever lets in, not that of who asks.
    clock.turn_to(1061);
    assert_eq!(refusal(5, &late), Some(Refusal::Expired));
}

#[test]
fn a_ticket_with_a_question_waits_for_an_owners_answer() {
    let band = Band::of(&[Role::Editor]);
    let invited = band.devices[0].invite(band.space, Inviting { confirm: true, ..Inviting::default() }).unwrap();
    let stranger = device(99);
    let ask = |of: &Workspace| talk(&stranger, of, band.space, Some(&invited)).refusal();
    assert_eq!(ask(&band.devices[0]), Some(Refusal::Waiting));
    assert!(stranger.circle(band.space).is_err());
    band.devices[0].decline(band.space, stranger.device()).unwrap();
    assert_eq!(ask(&band.devices[0]), Some(Refusal::Declined));
    // One who is no owner lets nobody in, whatever the ticket says.
    band.meet(1, 0);
    assert_eq!(ask(&band.devices[1]), Some(Refusal::NotTheirs));
}

#[test]
fn a_ticket_is_of_no_use_in_anothers_name() {
    let band = Band::of(&[]);
    let invited = band.devices[0].invite(band.space, Inviting::default()).unwrap();
    // The stranger shows the card of another device; the stream says which one it really is.
    let asking = Box::new(device(50).asking_with(Some(&invited)).unwrap());
    let admit = Effect::Admit { space: band.space, asking, heads: Vec::new(), introduction: Vec::new() };
    let answer = perform(&band.devices[0], Some(band.space), device(99).device(), b"", admit).unwrap();
    assert_eq!(answer, Some(Event::Admitted(Err(Refusal::NotAMember))));
}

#[test]
fn no_more_requests_wait_than_a_person_can_look_through() {
    let band = Band::of(&[]);
    let invited = band.devices[0].invite(band.space, Inviting { confirm: true, uses: 1000, ..Inviting::default() }).unwrap();
    let real = device(50).asking_with(Some(&invited)).unwrap();
    let ask = |number: u8| {
        let identity = Identity::from_secret(&[number; 32]);
        let asking = Box::new(bandpro_sync::protocol::Asking { card: identity.card("flood"), ..real.clone() });
        let admit = Effect::Admit { space: band.space, asking, heads: Vec::new(), introduction: Vec::new() };
        perform(&band.devices[0], Some(band.space), identity.device(), b"", admit).unwrap()
    };
    for number in 100..200 {
        assert_eq!(ask(number), Some(Event::Admitted(Err(Refusal::Waiting))));
    }
    assert_eq!(ask(200), Some(Event::Admitted(Err(Refusal::TooMany))));
    assert_eq!(band.devices[0].requests().unwrap().len(), 100);
}

#[test]
fn what_a_stranger_writes_is_not_kept_even_if_the_key_leaked() {
    let band = Band::of(&[Role::Editor]);
    let mut stranger = Modified::of(&band, 1);
    stranger.identity = Identity::from_secret(&[99; 32]);
    (stranger.seq, stranger.previous) = (0, [0; 32]);
    let written = stranger.write("by a stranger");
    assert_eq!(band.bring(0, &[written]), 0);
    assert_eq!(band.devices[0].refused().unwrap()[0].reason, Reason::NotAMember);
    assert_eq!(band.title(0), TITLE);
}

#[test]
fn what_is_refused_is_remembered_within_bounds() {
    let band = Band::of(&[]);
    for number in 0..1200_u32 {
        assert_eq!(band.bring(0, &[number.to_be_bytes().to_vec()]), 0);
    }
    assert_eq!(band.devices[0].refused().unwrap().len(), 1000);
}

#[test]
fn who_carries_the_bands_envelopes_reads_no_music_and_no_names() {
    let band = Band::of(&[Role::Editor]);
    band.retitle(1, "Another secret title");
    let carried = band.envelopes(0).concat();
    assert!(carried.len() > 1000);
    for text in [TITLE, BAND, OWNER, "Another secret title", "Member 2", "this device"] {
        assert!(!holds(&carried, text), "{text}");
    }
    assert!(!carried.windows(16).any(|window| window == band.score.as_bytes()), "which score it is");
}

#[test]
fn what_a_mailbox_withholds_comes_from_the_members_themselves() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    band.retitle(1, "first");
    band.retitle(1, "second");
    // The mailbox hands out all but one, backwards and twice.
    let mut held = band.envelopes(1);
    held.remove(held.len() - 2);
    held.reverse();
    for _ in 0..2 {
        band.bring(2, &held);
    }
    assert_eq!(band.title(2), TITLE, "nothing is applied before what it builds on");
    band.meet(1, 2);
    assert_eq!(band.title(2), "second");
}

#[test]
fn what_a_mailbox_changes_is_refused_and_the_original_still_taken() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    band.retitle(1, "genuine");
    let genuine = band.envelopes(1).pop().unwrap();
    for at in [0, 5, 20, 52, 60, 95, 110, 130, genuine.len() - 1] {
        let mut changed = genuine.clone();
        changed[at] ^= 1;
        assert_eq!(band.bring(2, &[changed]), 0, "byte {at}");
    }
    assert_eq!(band.title(2), TITLE);
    assert_eq!(band.devices[2].frozen(band.space).unwrap(), [], "nobody can freeze another's log");
    assert_eq!(band.bring(2, &[genuine]), 1);
    assert_eq!(band.title(2), "genuine");
}

#[test]
fn what_is_brought_again_changes_nothing() {
    let band = Band::of(&[Role::Editor]);
    band.retitle(1, "first");
    band.meet(1, 0);
    let old = band.envelopes(0);
    band.retitle(0, "second");
    let before = band.devices[0].image().unwrap();
    assert_eq!(band.bring(0, &old), 0);
    assert_eq!(band.title(0), "second");
    assert_eq!(band.devices[0].image().unwrap().len(), before.len());
}

fn running(band: &Band) -> Session {
    let purpose = Purpose { space: None, asking: band.devices[0].asking_with(None).unwrap(), once: false };
    let mut session = Session::new(purpose, Duration::ZERO);
    let hello = Message::Hello {
        version: bandpro_sync::protocol::VERSION,
        space: band.space,
        asking: Box::new(band.devices[1].asking_with(None).unwrap()),
        heads: Vec::new(),
        introduction: Vec::new(),
    };
    session.handle(Duration::ZERO, Event::Received(hello));
    session.handle(Duration::ZERO, Event::Admitted(Ok(Default::default())));
    session.handle(Duration::ZERO, Event::Received(Message::Thanks(Default::default())));
    session.handle(Duration::ZERO, Event::TookThanks(Default::default()));
    assert!(session.is_running());
    session
}

#[test]
fn who_sends_more_than_was_acknowledged_is_left() {
    let band = Band::of(&[Role::Editor]);
    let mut session = running(&band);
    for _ in 0..WINDOW {
        let flood = Message::Entries(Members::default(), vec![vec![0; 1000]]);
        let effects = session.handle(Duration::ZERO, Event::Received(flood));
        assert!(matches!(effects[0], Effect::Store(..)));
    }
    let one_more = Message::Entries(Members::default(), Vec::new());
    let effects = session.handle(Duration::ZERO, Event::Received(one_more));
    assert!(matches!(effects[..], [Effect::Close(Ending::Protocol(_))]), "{effects:?}");
}

#[test]
fn who_acknowledges_what_was_not_sent_is_left() {
    let band = Band::of(&[Role::Editor]);
    let effects = running(&band).handle(Duration::ZERO, Event::Received(Message::Stored));
    assert!(matches!(effects[..], [Effect::Close(Ending::Protocol(_))]), "{effects:?}");
}

#[test]
fn who_lies_about_what_they_have_harms_themselves_alone() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    band.retitle(0, "news");
    // The liar says it has everything up to the end of time, so it is sent nothing.
    let all = band.devices[0].vector(band.space).unwrap().into_keys();
    let all: Vec<Mark> = all.map(|device| Mark { device, seq: u64::MAX, hash: [0; 32] }).collect();
    for (vector, sends) in [(all, false), (Vec::new(), true)] {
        let mut session = running(&band);
        let thanks = Effect::TakeThanks(Roster { vector, ..Roster::default() });
        let liar = band.devices[1].device();
        let taken = perform(&band.devices[0], Some(band.space), liar, b"", thanks).unwrap().unwrap();
        let Event::TookThanks(agreed) = taken else { panic!("{taken:?}") };
        let known = agreed.known.into_iter().collect();
        let page = perform(&band.devices[0], Some(band.space), liar, b"", Effect::Read { after: 0, known, told: Vec::new() });
        let effects = session.handle(Duration::ZERO, page.unwrap().unwrap());
        let sent = |effect: &Effect| matches!(effect, Effect::Send(Message::Entries(_, entries)) if !entries.is_empty());
        assert_eq!(effects.iter().any(sent), sends);
    }
    // Everybody else is told as before.
    band.meet(2, 0);
    assert_eq!(band.title(2), "news");
}

#[test]
fn nobody_is_made_to_store_an_envelope_that_names_another_device() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    let mut envelope = Envelope::decode(&mal.write("in another's name")).unwrap();
    envelope.device = band.devices[2].device();
    envelope.seq = band.devices[0].vector(band.space).unwrap().get(&envelope.device).copied().unwrap_or(0) + 1;
    assert_eq!(band.bring(0, &[envelope.encode()]), 0);
    assert!(matches!(band.devices[0].refused().unwrap()[0].reason, Reason::Signature));
    assert_eq!(band.title(0), TITLE);
    // The other's own next change is taken as if nothing had been.
    band.retitle(2, "their own");
    band.meet(2, 0);
    assert_eq!(band.title(0), "their own");
}
