//! Members who try more than they may: viewers, editors, owners, and one whose disk somebody copied.

use bandpro_notation::model::Score;
use bandpro_sync::envelope::{Content, Envelope, Reason};
use bandpro_sync::mailbox::{Entrance, RelayPass, Token};
use bandpro_sync::membership::{Action, Entry, Role};
use bandpro_sync::{Inviting, Options, Workspace};

use crate::band::{Band, Modified, TITLE, device, talk};

/// Why a device refused or kept apart what came last.
fn last_reason(workspace: &Workspace) -> Reason {
    workspace.refused().unwrap()[0].reason
}

#[test]
fn a_viewers_change_is_applied_by_nobody_whoever_passes_it_on() {
    let band = Band::of(&[Role::Viewer, Role::Editor]);
    let written = Modified::of(&band, 1).write("by a viewer");
    // It takes its place in the log, so that all judge the same log, and is passed on; none applies it.
    assert_eq!(band.bring(2, &[written]), 1);
    band.meet(2, 0);
    for who in [0, 2] {
        assert_eq!((band.title(who).as_str(), last_reason(&band.devices[who])), (TITLE, Reason::Role));
    }
    // The way of BandPro itself is closed before that.
    assert_eq!(band.devices[1].rename_score(band.score, "mine").unwrap_err().code(), "not-allowed");
}

#[test]
fn nobody_signs_themselves_more_rights() {
    let band = Band::of(&[Role::Viewer, Role::Editor]);
    for who in [1, 2] {
        let mal = Modified::of(&band, who);
        let member = band.member(who);
        let before = band.role(0, who);
        let more = [
            Action::SetRole { member, role: Role::Owner, known: Vec::new() },
            Action::Remove { member: band.member(0), known: Vec::new(), key: None },
            Action::Rename("Mal's band".into()),
            Action::Relays(vec!["bandpro-relay-of-mal".into()]),
        ];
        for action in more {
            let entry = Entry::sign(&mal.identity, band.space, mal.heads.clone(), 0, action).unwrap();
            band.devices[0].deliver(band.space, &[entry.bytes().to_vec()], &[]).unwrap();
        }
        let circle = band.devices[0].circle(band.space).unwrap();
        let state = circle.log.state();
        assert_eq!((band.role(0, who), state.owners(), state.relays.len()), (before, 1, 0));
        assert_ne!(state.name, "Mal's band");
    }
}

#[test]
fn an_editor_lets_nobody_in() {
    let band = Band::of(&[Role::Editor]);
    let denied = band.devices[1].invite(band.space, Inviting::default()).unwrap_err();
    assert_eq!(denied.code(), "not-allowed");
    let mal = Modified::of(&band, 1);
    let card = device(66).asking_with(None).unwrap().card;
    let member = bandpro_sync::MemberId([6; 16]);
    let admit = Action::Admit { invite: None, member, person: Default::default(), role: Role::Editor, card, keys: Vec::new() };
    let entry = Entry::sign(&mal.identity, band.space, mal.heads.clone(), 0, admit).unwrap();
    band.devices[0].deliver(band.space, &[entry.bytes().to_vec()], &[]).unwrap();
    assert_eq!(band.devices[0].circle(band.space).unwrap().log.state().members_here().count(), 2);
}

#[test]
fn a_change_in_the_name_of_another_session_is_not_applied() {
    let band = Band::of(&[Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    let change = mal.change_by(band.devices[0].device(), "as if by the owner");
    let written = mal.seal(Content::Change(band.score, change));
    band.bring(0, &[written]);
    assert_eq!((band.title(0).as_str(), last_reason(&band.devices[0])), (TITLE, Reason::Actor));
}

#[test]
fn what_builds_on_something_nobody_has_waits_and_holds_up_nobody() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    let hidden = {
        let workspace = Workspace::from_image([2; 32], Some(&band.devices[1].image().unwrap()), Options::default()).unwrap();
        workspace.rename_score(band.score, "hidden").unwrap();
        workspace
    };
    let copy = Band { space: band.space, score: band.score, devices: vec![band.devices[0].clone(), hidden] };
    let change = Modified::of(&copy, 1).change_by(mal.identity.device(), "on top of what is hidden");
    let written = mal.seal(Content::Change(band.score, change));
    band.bring(0, &[written]);
    assert_eq!((band.title(0).as_str(), last_reason(&band.devices[0])), (TITLE, Reason::Dependencies));
    band.retitle(2, "their own");
    band.meet(2, 0);
    assert_eq!(band.title(0), "their own");
}

#[test]
fn what_cites_a_membership_that_nobody_has_stays_outside() {
    let band = Band::of(&[Role::Editor]);
    let mut mal = Modified::of(&band, 1);
    mal.heads = vec![[77; 32]];
    let written = mal.write("by a membership of my own");
    assert_eq!(band.bring(0, &[written]), 0);
    assert_eq!((band.title(0).as_str(), last_reason(&band.devices[0])), (TITLE, Reason::Membership));
}

#[test]
fn what_an_editor_deletes_can_be_brought_back() {
    let band = Band::of(&[Role::Editor]);
    band.devices[1].delete_score(band.score).unwrap();
    band.meet(1, 0);
    assert_eq!(band.devices[0].scores().unwrap(), []);
    band.devices[0].restore_score(band.score).unwrap();
    assert_eq!(band.title(0), TITLE);
}

#[test]
fn two_logs_of_one_device_are_noticed_when_those_meet_who_were_told_different_things() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let (mut one, mut other) = (Modified::of(&band, 1), Modified::of(&band, 1));
    assert_eq!(band.bring(0, &[one.write("said to one")]), 1);
    assert_eq!(band.bring(2, &[other.write("said to another")]), 1);
    band.meet(0, 2);
    let mal = band.devices[1].device();
    assert!([0, 2].iter().all(|who| band.devices[*who].frozen(band.space).unwrap() == [mal]), "both know");
    // The owner removes it, and all have the same again.
    band.devices[0].remove_device(band.space, mal).unwrap();
    for _ in 0..2 {
        band.meet(0, 2);
    }
    assert_eq!((band.title(0), band.devices[2].frozen(band.space).unwrap()), (band.title(2), Vec::new()));
}

#[test]
fn two_logs_that_meet_only_after_their_device_was_removed_are_settled_by_what_the_removal_says() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let (mut one, mut other) = (Modified::of(&band, 1), Modified::of(&band, 1));
    assert_eq!(band.bring(0, &[one.write("said to one"), one.write("said to one again")]), 2);
    assert_eq!(band.bring(2, &[other.write("said to another")]), 1);
    // The owner removes it, and nobody knows yet that it has two logs.
    band.devices[0].remove_device(band.space, band.devices[1].device()).unwrap();
    for _ in 0..3 {
        band.meet(2, 0);
    }
    assert!(band.title(0).starts_with("said to one") && band.title(2) == band.title(0), "{} and {}", band.title(0), band.title(2));
    for who in [0, 2] {
        assert_eq!(band.devices[who].frozen(band.space).unwrap(), [], "device {who}");
    }
}

#[test]
fn who_may_only_read_or_could_only_read_for_a_while_is_frozen_by_a_fork_until_removed_like_anybody() {
    for roles in [&[Role::Viewer][..], &[Role::Viewer, Role::Editor]] {
        let band = Band::of(&[Role::Editor, Role::Editor]);
        let mal = band.devices[1].device();
        for role in roles {
            band.devices[0].set_role(band.space, band.member(1), *role).unwrap();
            (1..=2).for_each(|who| drop(band.meet(who, 0)));
        }
        let (mut one, mut other) = (Modified::of(&band, 1), Modified::of(&band, 1));
        assert_eq!(band.bring(0, &[one.write("said to one")]), 1);
        assert_eq!(band.bring(2, &[other.write("said to another")]), 1);
        band.meet(0, 2);
        let both_know = || [0, 2].iter().all(|who| band.devices[*who].frozen(band.space).unwrap() == [mal]);
        assert!(both_know());
        // Something else about the members changes nothing about it.
        band.devices[0].rename_space(band.space, "Another name").unwrap();
        assert!(both_know());
        band.meet(0, 2);
        assert!(both_know());
        band.devices[0].remove_device(band.space, mal).unwrap();
        for _ in 0..3 {
            band.meet(2, 0);
        }
        assert_eq!(band.title(0), if roles.len() > 1 { "said to one" } else { TITLE });
        assert_eq!((band.title(2), band.devices[2].frozen(band.space).unwrap()), (band.title(0), Vec::new()));
    }
}

/// A band of an owner and two editors, of whom the first one's disk was copied: what the copy wrote lies with the owner, what the
/// laptop itself wrote with the other editor, and both know that there are two logs.
fn with_two_logs_of_one() -> (Band, bandpro_sync::DeviceId) {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let copied = band.devices[1].device();
    let (mut one, mut other) = (Modified::of(&band, 1), Modified::of(&band, 1));
    assert_eq!(band.bring(0, &[one.write("known to the owner")]), 1);
    assert_eq!(band.bring(2, &[other.write("known to the other")]), 1);
    band.meet(0, 2);
    (band, copied)
}

fn frozen(band: &Band, who: usize) -> usize {
    band.devices[who].frozen(band.space).unwrap().len()
}

#[test]
fn the_log_that_stands_takes_the_others_place_in_one_conversation_and_what_was_built_on_that_is_made_anew() {
    for calls in [true, false] {
        let (band, copied) = with_two_logs_of_one();
        compose(&band.devices[2], &band, "made on top");
        band.devices[0].remove_device(band.space, copied).unwrap();
        assert_eq!((band.title(2).as_str(), frozen(&band, 0), frozen(&band, 2)), ("known to the other", 0, 1));
        if calls {
            band.meet(2, 0)
        } else {
            band.meet(0, 2)
        };
        assert_eq!((band.title(2).as_str(), frozen(&band, 2)), ("known to the owner", 0), "calls: {calls}");
        band.meet(0, 2);
        for who in [0, 2] {
            let score = band.devices[who].score(band.score).unwrap();
            assert_eq!((score.title.as_str(), score.composer.as_str()), ("known to the owner", "made on top"));
        }
        assert_eq!(band.envelopes(0).len(), band.envelopes(2).len());
    }
}

/// An owner with a modified BandPro removes a device and says that they knew a log of it which there never was.
fn removed_with_a_made_up_mark(band: &Band, device: bandpro_sync::DeviceId) {
    let known = bandpro_sync::membership::Mark { device, seq: 1, hash: [7; 32] };
    let owner = band.identity(0);
    let circle = band.devices[0].circle(band.space).unwrap();
    let key = {
        let mut random = |bytes: &mut [u8]| bytes.fill(3);
        let mut drafting = bandpro_sync::membership::Drafting { identity: &owner, time: 0, random: &mut random };
        Some(drafting.new_key(&circle.log, &circle.keys, &[device]))
    };
    let action = Action::RemoveDevice { device, known, key };
    let entry = Entry::sign(&owner, band.space, circle.log.heads(), 0, action).unwrap();
    for who in [0, 2] {
        band.devices[who].deliver(band.space, &[entry.bytes().to_vec()], &[]).unwrap();
    }
}

#[test]
fn an_owner_learns_that_a_log_of_one_who_is_gone_is_waited_for_and_decides() {
    let band = Band::of(&[Role::Editor, Role::Editor]);
    let copied = band.devices[1].device();
    let (mut one, mut other) = (Modified::of(&band, 1), Modified::of(&band, 1));
    let written = one.write("known to all");
    for who in [0, 2] {
        assert_eq!(band.bring(who, std::slice::from_ref(&written)), 1);
    }
    // The editor alone saw that there is another log.
    assert_eq!(band.bring(2, &[other.write("seen by one")]), 0);
    removed_with_a_made_up_mark(&band, copied);
    assert_eq!((frozen(&band, 0), frozen(&band, 2)), (0, 1));
    band.meet(2, 0);
    assert_eq!((frozen(&band, 0), frozen(&band, 2)), (1, 1));
    band.devices[0].remove_device(band.space, copied).unwrap();
    band.meet(2, 0);
    assert_eq!((frozen(&band, 0), frozen(&band, 2)), (0, 0));
    assert_eq!((band.title(0).as_str(), band.title(2).as_str()), ("known to all", "known to all"));
}

#[test]
fn nobody_gives_a_log_up_for_one_that_nobody_has_and_an_owner_decides_anew() {
    let (band, copied) = with_two_logs_of_one();
    removed_with_a_made_up_mark(&band, copied);
    for _ in 0..3 {
        band.meet(2, 0);
    }
    // The removal counts, and both keep the log that they have.
    assert!((0..3).step_by(2).all(|who| band.role(who, 1).is_none()));
    let kept: Vec<String> = [0, 2].into_iter().map(|who| band.title(who)).collect();
    assert_eq!(kept, ["known to the owner", "known to the other"]);
    assert_eq!((frozen(&band, 0), frozen(&band, 2)), (1, 1));
    // Removed once more, by somebody who says which log they know.
    assert_eq!(band.devices[2].remove_device(band.space, copied).unwrap_err().code(), "not-allowed");
    band.devices[0].remove_device(band.space, copied).unwrap();
    band.meet(2, 0);
    assert_eq!((band.title(2).as_str(), frozen(&band, 0), frozen(&band, 2)), ("known to the owner", 0, 0));
    // That is all there is to decide.
    assert_eq!(band.devices[0].remove_device(band.space, copied).unwrap_err().code(), "unknown-name");
}

#[test]
fn what_stands_is_taken_from_nobody_who_only_says_so() {
    // The other editor is brought an envelope that fits the place, of the copied device, but is not the one that stands.
    let (band, copied) = with_two_logs_of_one();
    let mut third = Modified::of(&band, 1);
    let third = third.write("known to nobody");
    band.devices[0].remove_device(band.space, copied).unwrap();
    let entries = band.devices[0].member_entries(band.space).unwrap();
    band.devices[2].deliver(band.space, &entries, &[third]).unwrap();
    assert_eq!((band.title(2).as_str(), frozen(&band, 2)), ("known to the other", 1));
    band.meet(2, 0);
    assert_eq!((band.title(2).as_str(), frozen(&band, 2)), ("known to the owner", 0));
}

#[test]
fn both_learn_of_two_logs_in_one_conversation_whichever_is_longer_and_whoever_calls() {
    for (theirs, mine, calls) in [(1, 1, true), (3, 1, true), (3, 1, false), (1, 3, true), (1, 3, false)] {
        let band = Band::of(&[Role::Editor]);
        let backup = band.devices[1].image().unwrap();
        (0..theirs).for_each(|number| band.retitle(1, &format!("after the backup {number}")));
        band.meet(1, 0);
        let restored = Workspace::from_image([2; 32], Some(&backup), Options::default()).unwrap();
        (0..mine).for_each(|number| restored.rename_score(band.score, &format!("restored {number}")).unwrap());
        let (caller, called) = if calls { (&restored, &band.devices[0]) } else { (&band.devices[0], &restored) };
        talk(caller, called, band.space, None);
        for side in [&restored, &band.devices[0]] {
            assert_eq!(side.frozen(band.space).unwrap(), [restored.device()], "{theirs} and {mine} changes, calls: {calls}");
        }
    }
}

#[test]
fn a_restored_backup_is_noticed_and_nothing_of_the_others_is_lost() {
    let band = Band::of(&[Role::Editor]);
    let backup = band.devices[1].image().unwrap();
    band.retitle(1, "after the backup");
    band.meet(1, 0);
    let restored = Workspace::from_image([2; 32], Some(&backup), Options::default()).unwrap();
    let events = band.devices[0].events();
    restored.rename_score(band.score, "on the restored laptop").unwrap();
    talk(&restored, &band.devices[0], band.space, None);
    let forked = |event| matches!(event, bandpro_sync::WorkspaceEvent::Forked { .. });
    assert!(events.try_iter().any(forked) && !restored.frozen(band.space).unwrap().is_empty(), "both know");
    assert_eq!(band.title(0), "after the backup");
}

/// Says who composed the score.
fn compose(workspace: &Workspace, band: &Band, who: &str) {
    use bandpro_notation::edit::{Change, Edit};
    use bandpro_notation::model::{Field, HEADER, HeaderField};
    let composer = Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Composer(who.into())))]);
    workspace.open_score(band.score).unwrap().commit(&composer).unwrap();
}

#[test]
fn a_restored_laptop_goes_on_under_another_key_without_anybodys_help_and_nothing_is_lost() {
    // The band's only owner, whom nobody could remove; or an editor. Whichever log is longer, whoever knows of it already.
    for (who, theirs, mine, knows) in
        [(0, 1, 1, true), (0, 3, 1, true), (0, 1, 3, true), (1, 2, 1, true), (1, 1, 1, false), (0, 2, 3, false)]
    {
        let case = format!("{who}: {theirs} and {mine} changes, knows of it: {knows}");
        let band = Band::of(&[Role::Editor, Role::Editor]);
        let other = 1 - who;
        let old = band.devices[who].device();
        let backup = band.devices[who].image().unwrap();
        (0..theirs).for_each(|number| band.retitle(who, &format!("shared {number}")));
        band.meet(who, other);
        band.meet(2, other);
        let secret = [who as u8 + 1; 32];
        let restored = Workspace::from_image(secret, Some(&backup), Options::default()).unwrap();
        (0..mine).for_each(|number| compose(&restored, &band, &format!("since the backup {number}")));
        if knows {
            talk(&restored, &band.devices[other], band.space, None);
            assert_eq!(restored.frozen(band.space).unwrap(), [old], "{case}");
        }
        restored.renew_with([77; 32]).unwrap();
        assert_eq!(restored.rename_score(band.score, "too late").unwrap_err().code(), "renewed");
        assert_eq!(restored.rename_space(band.space, "too late").unwrap_err().code(), "renewed");
        let renewed = Workspace::from_image([77; 32], Some(&restored.image().unwrap()), Options::default()).unwrap();
        compose(&renewed, &band, "and after that");
        for _ in 0..3 {
            talk(&renewed, &band.devices[other], band.space, None);
        }
        band.meet(2, other);
        talk(&band.devices[2], &renewed, band.space, None);
        for device in [&renewed, &band.devices[other], &band.devices[2]] {
            let score = device.score(band.score).unwrap();
            assert_eq!((score.title, score.composer), (format!("shared {}", theirs - 1), "and after that".to_owned()), "{case}");
            assert_eq!(device.frozen(band.space).unwrap(), [], "{case}");
            let circle = device.circle(band.space).unwrap();
            let expected = if who == 0 { Role::Owner } else { Role::Editor };
            assert_eq!((circle.has(old), circle.log.state().role_of(renewed.device())), (false, Some(expected)), "{case}");
        }
        // What nobody else is in has nobody else in it still.
        let own = renewed.circle(renewed.own_space()).unwrap();
        assert_eq!(own.log.state().devices_here().map(|(device, _)| device).collect::<Vec<_>>(), [renewed.device()]);
        renewed.import_score(renewed.own_space(), &Score::new()).unwrap();
    }
}

#[test]
fn what_was_written_since_the_backup_is_made_anew_where_nothing_of_it_was_written_again() {
    let band = Band::of(&[Role::Editor]);
    let backup = band.devices[0].image().unwrap();
    band.retitle(0, "shared");
    band.meet(1, 0);
    let restored = Workspace::from_image([1; 32], Some(&backup), Options::default()).unwrap();
    compose(&restored, &band, "since the backup");
    talk(&restored, &band.devices[1], band.space, None);
    restored.renew_with([77; 32]).unwrap();
    let renewed = Workspace::from_image([77; 32], Some(&restored.image().unwrap()), Options::default()).unwrap();
    talk(&renewed, &band.devices[1], band.space, None);
    talk(&renewed, &band.devices[1], band.space, None);
    for device in [&renewed, &band.devices[1]] {
        let score = device.score(band.score).unwrap();
        assert_eq!((score.title.as_str(), score.composer.as_str()), ("shared", "since the backup"));
    }
}

#[test]
fn a_renewed_laptop_still_reads_what_it_had_of_a_band_that_removed_it() {
    let band = Band::of(&[Role::Editor]);
    band.devices[0].remove_member(band.space, band.member(1)).unwrap();
    band.meet(1, 0);
    band.devices[1].renew_with([77; 32]).unwrap();
    let renewed = Workspace::from_image([77; 32], Some(&band.devices[1].image().unwrap()), Options::default()).unwrap();
    renewed.rebuild().unwrap();
    assert_eq!(renewed.score(band.score).unwrap().title, TITLE);
    assert!(!renewed.circle(band.space).unwrap().has(renewed.device()));
}

#[test]
fn nobody_introduces_themselves_by_entries_that_no_member_signed() {
    let band = Band::of(&[Role::Editor]);
    let stranger = device(66);
    let identity = bandpro_sync::identity::Identity::from_secret(&[66; 32]);
    let circle = band.devices[0].circle(band.space).unwrap();
    let action = Action::AddDevice { invite: None, card: identity.card("Mal"), recovery: false, keys: Vec::new() };
    let by_itself = Entry::sign(&identity, band.space, circle.log.heads(), 0, action.clone()).unwrap();
    // Somebody else's device, signed in by a member.
    let other = bandpro_sync::identity::Identity::from_secret(&[67; 32]);
    let action = Action::AddDevice { invite: None, card: other.card("Ben's second"), recovery: false, keys: Vec::new() };
    let of_another = Entry::sign(&band.identity(1), band.space, circle.log.heads(), 0, action).unwrap();
    for entry in [by_itself, of_another] {
        let asking = stranger.asking_with(None).unwrap();
        let hello = bandpro_sync::protocol::Message::Hello {
            version: bandpro_sync::protocol::VERSION,
            space: band.space,
            asking: Box::new(asking),
            heads: Vec::new(),
            introduction: vec![entry.bytes().to_vec(), b"noise".to_vec()],
        };
        let answers = crate::band::answers(&band.devices[0], stranger.device(), hello);
        assert!(
            matches!(answers[..], [bandpro_sync::protocol::Message::TurnedAway(bandpro_sync::protocol::Refusal::NotAMember)]),
            "{answers:?}"
        );
        assert_eq!(band.devices[0].circle(band.space).unwrap().log.len(), circle.log.len());
    }
}

#[test]
fn a_backup_that_is_only_read_catches_up_by_itself() {
    let band = Band::of(&[Role::Editor]);
    let backup = band.devices[1].image().unwrap();
    band.retitle(1, "after the backup");
    band.meet(1, 0);
    let restored = Workspace::from_image([2; 32], Some(&backup), Options::default()).unwrap();
    talk(&restored, &band.devices[0], band.space, None);
    assert_eq!(restored.score(band.score).unwrap().title, "after the backup");
    assert_eq!(restored.frozen(band.space).unwrap(), []);
}

#[test]
fn a_printed_key_that_was_removed_signs_nobody_in() {
    let band = Band::of(&[Role::Editor]);
    let printed = band.devices[1].make_recovery_key("drawer").unwrap();
    band.meet(1, 0);
    let copied = Workspace::from_image([88; 32], Some(&band.devices[0].image().unwrap()), Options::default()).unwrap();
    let circle = band.devices[0].circle(band.space).unwrap();
    let (id, _) = circle.log.state().devices_here().find(|(_, device)| device.recovery).unwrap();
    band.devices[0].remove_device(band.space, id).unwrap();
    // Whoever found the paper in time has a copy that knows of no removal; the others do.
    let joined = copied.recover(&printed).is_ok();
    assert!(joined);
    band.devices[0].deliver(band.space, &copied.member_entries(band.space).unwrap(), &[]).unwrap();
    let state = band.devices[0].circle(band.space).unwrap();
    assert!(state.log.state().device(copied.device()).is_none());
}

#[test]
fn owners_name_the_bands_relays_and_nobody_else_does() {
    let band = Band::of(&[Role::Editor]);
    let pass = |host: &str| RelayPass {
        entrance: Some(Entrance { url: format!("https://{host}").parse().unwrap(), certificate: None, address_port: None }),
        mailbox: None,
        token: Token([7; 16]),
    };
    let relays = |who: usize| -> Vec<String> { band.devices[who].relay_passes(band.space).unwrap().iter().map(RelayPass::name).collect() };
    band.devices[0].add_relay(band.space, &pass("ours.example")).unwrap();
    band.meet(1, 0);
    assert_eq!((relays(0), relays(1)), (vec!["ours.example".to_owned()], vec!["ours.example".to_owned()]));
    // An editor may use another one alone, and cannot take the band's away.
    band.devices[1].add_relay(band.space, &pass("mine.example")).unwrap();
    assert_eq!(band.devices[1].remove_relay(band.space, "ours.example").unwrap_err().code(), "not-allowed");
    band.meet(1, 0);
    assert_eq!((relays(0).len(), relays(1).len()), (1, 2));
    assert!(band.devices[0].remove_relay(band.space, "ours.example").unwrap());
    band.meet(1, 0);
    assert_eq!((relays(0), relays(1)), (Vec::new(), vec!["mine.example".to_owned()]));
}

#[test]
fn what_waited_for_another_is_passed_on_in_its_place() {
    let band = Band::of(&[Role::Editor, Role::Editor, Role::Editor]);
    band.retitle(1, "first");
    band.meet(2, 1);
    band.retitle(2, "second");
    band.devices[2].import_score(band.space, &Score::new()).unwrap();
    // The owner gets the two of one log first: the title waits for the other's, the new score does not.
    let own = |bytes: &Vec<u8>| Envelope::author(bytes).is_some_and(|(device, _)| device == band.devices[2].device());
    let late: Vec<Vec<u8>> = band.envelopes(2).into_iter().filter(own).collect();
    band.bring(0, &late);
    assert_eq!(last_reason(&band.devices[0]), Reason::Dependencies);
    band.bring(0, &band.envelopes(1));
    assert_eq!(band.title(0), "second");
    band.meet(3, 0);
    assert_eq!((band.title(3).as_str(), band.devices[3].scores().unwrap().len()), ("second", 2));
}
