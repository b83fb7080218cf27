//! What strangers and members with modified clients may try at the mailbox and at the forwarding role, and what becomes of it.

mod common;

use std::time::Duration;

use bandpro_sync::SpaceId;
use bandpro_sync::mailbox::{FromMailbox, Full, Refusal, RelayPass, ToMailbox, Token, VERSION};
use bandpro_sync::net::Trust;
use bandpro_sync::protocol::WINDOW;
use common::{Device, Running, SPACE};
use iroh::endpoint::presets;
use iroh::{Endpoint, RelayConfig, RelayMap, RelayMode, Watcher};

fn refusal(answer: Option<FromMailbox>) -> Option<Refusal> {
    match answer {
        Some(FromMailbox::TurnedAway(refusal)) => Some(refusal),
        other => panic!("it was not turned away: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_turned_away() {
    let running = Running::with(|_| {}).await;
    let (ann, ben, eve) = (Device::new(1).await, Device::new(2).await, Device::new(9).await);
    let (pass, wrong) = (&running.pass, Token([9; 16]));
    let own = |device: &Device| Some(device.roster(1, &[device.id()], &[device.id()]));
    assert_eq!(refusal(eve.greet(pass, wrong, own(&eve)).await.1), Some(Refusal::Pass), "a wrong pass");
    assert_eq!(refusal(eve.greet(pass, pass.token, None).await.1), Some(Refusal::NoRoster), "a pass, and nobody's word");
    let of_ann = ann.roster(1, &[ann.id()], &[ann.id(), ben.id()]);
    let forged = eve.roster(1, &[ann.id()], &[ann.id(), eve.id()]);
    assert_eq!(refusal(eve.greet(pass, pass.token, Some(forged)).await.1), Some(Refusal::Roster), "a roster that no owner signed");
    ann.enter(pass, Some(of_ann.clone()), Vec::new()).await;
    assert_eq!(refusal(eve.greet(pass, pass.token, own(&eve)).await.1), Some(Refusal::NotOnRoster), "the box is taken");
    assert_eq!(refusal(eve.greet(pass, pass.token, Some(of_ann)).await.1), Some(Refusal::NotOnRoster), "another one's roster");
    let by_ben = ben.roster(9, &[ben.id(), eve.id()], &[ben.id(), eve.id()]);
    let (mut at_ben, _) = ben.enter(pass, Some(by_ben.clone()), Vec::new()).await;
    at_ben.say(&ToMailbox::Roster(by_ben)).await;
    assert_eq!(at_ben.hear().await, Some(FromMailbox::UpToDate), "a member who is no owner changes nothing");
    assert_eq!(refusal(eve.greet(pass, wrong, None).await.1), Some(Refusal::NotOnRoster));
    let mut talk = eve.stream(pass).await;
    talk.say(&ToMailbox::Hello { version: VERSION + 1, space: SPACE, token: pass.token, roster: None }).await;
    assert_eq!(refusal(talk.hear().await), Some(Refusal::Version));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_is_removed_is_out_at_once() {
    let running = Running::with(|_| {}).await;
    let (mut ann, mut ben) = (Device::new(1).await, Device::new(2).await);
    let roster = ann.roster(1, &[ann.id()], &[ann.id(), ben.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster.clone()), Vec::new()).await;
    let (mut at_ben, _) = ben.enter(&running.pass, None, Vec::new()).await;
    let before = ben.write(b"while a member");
    at_ben.push(vec![before]).await;
    at_ann.say(&ToMailbox::Roster(ann.roster(2, &[ann.id()], &[ann.id()]))).await;
    while let Some(message) = at_ben.hear().await {
        if message == FromMailbox::TurnedAway(Refusal::NotOnRoster) {
            break;
        }
    }
    assert_eq!(refusal(ben.greet(&running.pass, running.pass.token, None).await.1), Some(Refusal::NotOnRoster));
    // An old roster, replayed, lets nobody in again.
    assert_eq!(refusal(ben.greet(&running.pass, running.pass.token, Some(roster)).await.1), Some(Refusal::NotOnRoster));
    // What the one who is gone wrote may still come by way of another; what a stranger wrote may not.
    let eve = Device::new(9).await;
    let late = ben.write(b"late, by way of Ann");
    let strange = eve.write_at(SPACE, 1, [0; 32], b"strange");
    let own = ann.write(b"own");
    let pushed = at_ann.push(vec![late, strange, own]).await;
    assert_eq!((pushed.stored, pushed.refused.len()), (2, 1), "{pushed:?}");
    assert_eq!(pushed.refused[0].2, "not-a-member");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_genuine_is_refused_and_harms_nobody() {
    let running = Running::with(|_| {}).await;
    let (mut ann, mut ben) = (Device::new(1).await, Device::new(2).await);
    let roster = ann.roster(1, &[ann.id()], &[ann.id(), ben.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    let first = ann.write(b"first");
    at_ann.push(vec![first.clone()]).await;
    let previous = bandpro_sync::envelope::hash(&first);
    let mut forged = ann.write_at(SPACE, 2, previous, b"second");
    let at = forged.len() - 70;
    forged[at] ^= 1;
    for (what, bad, code) in [
        ("a changed byte", forged, "signature"),
        ("a gap", ann.write_at(SPACE, 5, previous, b"fifth"), "gap"),
        ("another second life", ann.write_at(SPACE, 1, [0; 32], b"other"), "fork"),
        ("a break in the chain", ann.write_at(SPACE, 2, [8; 32], b"second"), "fork"),
        ("another space", ann.write_at(SpaceId([8; 16]), 2, previous, b"second"), "space"),
        ("no envelope", vec![1; 50], "body"),
        ("nothing", Vec::new(), "body"),
    ] {
        let good = ben.write(b"beside it");
        let pushed = at_ann.push(vec![bad, good]).await;
        assert_eq!(pushed.refused.first().map(|refused| refused.2.as_str()), Some(code), "{what}");
        assert_eq!(pushed.stored, 1, "{what}: what is beside it is kept");
    }
    // A replay is nothing new.
    let pushed = at_ann.push(vec![first.clone(), first]).await;
    assert_eq!((pushed.stored, pushed.refused), (0, Vec::new()));
    let second = ann.write(b"second");
    assert_eq!(at_ann.push(vec![second]).await.stored, 1, "the log goes on");
}

#[tokio::test(flavor = "multi_thread")]
async fn oversize_and_senseless_frames_end_the_conversation() {
    let running = Running::with(|_| {}).await;
    let ann = Device::new(1).await;
    let roster = ann.roster(1, &[ann.id()], &[ann.id()]);
    for frame in [
        vec![0xff; 8],                                                 // four gigabytes
        [(1_u32 << 20).to_be_bytes().to_vec(), vec![0; 100]].concat(), // a megabyte from one who is not let in
        [3_u32.to_be_bytes().to_vec(), vec![77, 1, 2]].concat(),       // no message
        [0_u32.to_be_bytes().to_vec()].concat(),                       // an empty one
    ] {
        let mut talk = ann.stream(&running.pass).await;
        talk.send.write_all(&frame).await.unwrap();
        assert!(talk.is_closed().await, "{frame:?}");
    }
    // Neither are they taken from a member.
    let (mut talk, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    talk.send.write_all(&u32::MAX.to_be_bytes()).await.unwrap();
    assert!(talk.is_closed().await);
    // And the mailbox is still there.
    ann.enter(&running.pass, None, Vec::new()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_pushes_or_connections_is_bounded() {
    let running = Running::with(|config| config.mailbox.connections_per_device = 3).await;
    let (mut ann, ben) = (Device::new(1).await, Device::new(2).await);
    let roster = ann.roster(1, &[ann.id()], &[ann.id(), ben.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    let mut flood = Vec::new();
    for _ in 0..50 * WINDOW {
        flood.push(ToMailbox::Push(vec![ann.write(&[0; 2000])]));
    }
    for push in &flood {
        at_ann.say(push).await;
    }
    // It is either slowed down to what is acknowledged, or thrown out; nothing else happens.
    at_ann.is_closed_or_quiet().await;
    let mut kept = Vec::new();
    let mut refused = 0;
    for _ in 0..6 {
        let connection = ben.connect(&running.pass).await;
        match connection {
            Ok(connection) => kept.push(connection),
            Err(_) => refused += 1,
        }
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    refused += kept.iter().filter(|connection| connection.close_reason().is_some()).count();
    assert_eq!(refused, 3, "a device has three connections and no more");
    let eve = Device::new(3).await;
    assert!(eve.connect(&running.pass).await.is_ok(), "others are still let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_who_does_not_read_holds_up_nobody() {
    let running = Running::with(|_| {}).await;
    let (mut ann, ben, cai) = (Device::new(1).await, Device::new(2).await, Device::new(3).await);
    let roster = ann.roster(1, &[ann.id()], &[ann.id(), ben.id(), cai.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    for _ in 0..20 {
        let batch: Vec<_> = (0..10).map(|_| ann.write(&[1; 30_000])).collect();
        assert_eq!(at_ann.push(batch).await.stored, 10);
    }
    // Ben asks for all of it and reads nothing.
    let (at_ben, _) = ben.enter(&running.pass, None, Vec::new()).await;
    let (mut at_cai, _) = cai.enter(&running.pass, None, Vec::new()).await;
    assert_eq!(at_cai.pull(Vec::new()).await.len(), 200);
    let more = ann.write(b"more");
    assert_eq!(at_ann.push(vec![more]).await.stored, 1);
    drop(at_ben);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_band_keeps_no_more_than_it_may() {
    let running = Running::with(|config| {
        config.band.max_bytes = 5000;
        config.band.max_envelopes = 4;
        config.band.spaces = 1;
    })
    .await;
    let mut ann = Device::new(1).await;
    let roster = ann.roster(1, &[ann.id()], &[ann.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    let (small, large) = (ann.write(&[1; 1000]), ann.write(&[2; 4000]));
    let pushed = at_ann.push(vec![small, large.clone()]).await;
    assert_eq!((pushed.stored, pushed.full), (1, Some(Full::Bytes)));
    assert_eq!(at_ann.push(vec![large]).await.full, Some(Full::Bytes), "nor later");
    // A pass is good for so many spaces.
    let mut talk = ann.stream(&running.pass).await;
    let other = SpaceId([8; 16]);
    let roster = bandpro_sync::mailbox::Roster { space: other, version: 1, owners: vec![ann.id()], devices: vec![ann.id()] };
    let roster = bandpro_sync::mailbox::Signed::by(&ann.identity, roster);
    talk.say(&ToMailbox::Hello { version: VERSION, space: other, token: running.pass.token, roster: Some(roster) }).await;
    assert_eq!(refusal(talk.hear().await), Some(Refusal::Pass));
}

/// What becomes of a laptop that wants packets forwarded with this token: connected, or denied for a reason.
async fn forwarded(pass: &RelayPass, token: Option<Token>) -> Result<(), String> {
    let entrance = pass.entrance.as_ref().expect("the pass names an entrance");
    let mut relay = RelayConfig::new(entrance.url.clone(), None);
    if let Some(token) = token {
        relay = relay.with_auth_token(token.to_text());
    }
    let trust = Trust::default();
    trust.believe(entrance.certificate.into_iter().collect());
    let builder = Endpoint::builder(presets::Minimal).relay_mode(RelayMode::Custom(RelayMap::from(relay))).ca_tls_config(trust.tls());
    let endpoint = builder.clear_ip_transports().bind_addr("127.0.0.1:0").unwrap().bind().await.unwrap();
    let mut status = endpoint.home_relay_status();
    let decided = async {
        loop {
            for relay in status.get() {
                if relay.is_connected() {
                    return Ok(());
                }
                if let Some(reason) = relay.auth_denied_reason() {
                    return Err(reason.to_owned());
                }
            }
            status.updated().await.map_err(|error| error.to_string())?;
        }
    };
    let decided = tokio::time::timeout(common::PATIENCE, decided).await.unwrap_or_else(|_| Err("nothing".into()));
    endpoint.close().await;
    decided
}

#[tokio::test(flavor = "multi_thread")]
async fn packets_are_forwarded_for_those_with_a_pass_alone() {
    let running = Running::with(|_| {}).await;
    let pass = running.pass.clone();
    assert_eq!(forwarded(&pass, Some(pass.token)).await, Ok(()));
    let stranger = forwarded(&pass, Some(Token([9; 16]))).await.unwrap_err();
    assert!(stranger.contains("not known"), "{stranger}");
    let nobody = forwarded(&pass, None).await.unwrap_err();
    assert!(nobody.contains("needed"), "{nobody}");
    let folder = running.folder.path();
    let mut store = bandpro_relay::store::Store::open(folder).unwrap();
    store.write(|connection| bandpro_relay::store::bands::withdraw(connection, 1, 1)).unwrap();
    assert!(forwarded(&pass, Some(pass.token)).await.is_err(), "a pass that was withdrawn");
    running.relay.stop().await;
}
