//! What is kept, and what is dropped when.

use bandpro_sync::envelope::{Body, Content, Envelope, Hash, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::mailbox::{Full, Refusal, Release, Roster, Signed, Token};
use bandpro_sync::seal::EpochKey;
use bandpro_sync::{DeviceId, ScoreId, SpaceId};

use super::boxes::{self, Introduction};
use super::{Store, bands, log};
use crate::config;

const SPACE: SpaceId = SpaceId([1; 16]);
const TOKEN: Token = Token([2; 16]);
/// After everything that a test keeps.
const LATER: u64 = 1_000_000;

struct Member {
    identity: Identity,
    seq: u64,
    previous: Hash,
}

impl Member {
    fn new(secret: u8) -> Self {
        Self { identity: Identity::from_secret(&[secret; 32]), seq: 0, previous: [0; 32] }
    }

    fn id(&self) -> DeviceId {
        self.identity.device()
    }

    fn write(&mut self) -> Vec<u8> {
        self.seq += 1;
        let body = Body { membership: vec![[0; 32]], content: Content::Change(ScoreId([5; 16]), vec![7; 100]) };
        let place = Place { space: SPACE, seq: self.seq, previous: self.previous };
        let (_, bytes) = Envelope::seal(&self.identity, place, &EpochKey::from_random([6; 32]), [7; 24], &body).unwrap();
        self.previous = hash(&bytes);
        bytes
    }
}

/// A box of two, whose owner is the first.
struct Kept {
    store: Store,
    band: i64,
    ann: Member,
    ben: Member,
    _folder: tempfile::TempDir,
}

fn roster(signer: &Member, version: u64, devices: &[DeviceId]) -> Signed<Roster> {
    let roster = Roster { space: SPACE, version, owners: vec![signer.id()], devices: devices.to_vec() };
    Signed::by(&signer.identity, roster)
}

fn kept() -> Kept {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let (ann, ben) = (Member::new(1), Member::new(2));
    let who = Introduction { space: SPACE, device: ann.id(), token: TOKEN, roster: Some(roster(&ann, 1, &[ann.id(), ben.id()])) };
    let band = store
        .write(|connection| {
            bands::add(connection, TOKEN, "The Quartet", (None, None), 1)?;
            Ok(boxes::admit(connection, &who, 16)?.unwrap().band)
        })
        .unwrap();
    Kept { store, band, ann, ben, _folder: folder }
}

impl Kept {
    fn push(&mut self, envelopes: Vec<Vec<u8>>, now: u64) -> bandpro_sync::mailbox::Pushed {
        let boxed = (SPACE, self.band);
        self.store.write(|connection| log::push(connection, boxed, &envelopes, &config::Band::default(), now)).unwrap()
    }

    fn has(&mut self, reader: DeviceId, author: DeviceId, seq: u64) {
        self.store.write(|connection| log::acknowledge(connection, SPACE, reader, &vec![(author, seq)])).unwrap();
    }

    fn sweep(&mut self, came_before: u64) -> u64 {
        self.store.write(|connection| log::drop_what_all_have(connection, SPACE, came_before)).unwrap()
    }

    fn seqs(&self, author: DeviceId) -> Vec<u64> {
        let page = log::page(self.store.connection(), SPACE, 0, &Default::default(), usize::MAX).unwrap();
        page.entries.into_iter().filter(|entry| entry.0 == author).map(|entry| entry.1).collect()
    }

    fn counted(&self) -> (u64, u64) {
        let band = bands::by_id(self.store.connection(), self.band).unwrap().unwrap();
        (band.bytes, band.envelopes)
    }
}

#[test]
fn only_what_everyone_has_is_dropped_and_only_when_it_is_old() {
    let mut kept = kept();
    let (ann, ben) = (kept.ann.id(), kept.ben.id());
    let envelopes: Vec<_> = (0..4).map(|_| kept.ann.write()).collect();
    kept.push(envelopes[..2].to_vec(), 10);
    kept.push(envelopes[2..].to_vec(), 20);
    assert_eq!(kept.sweep(LATER), 0, "Ben has said nothing yet");
    kept.has(ben, ann, 3);
    assert_eq!(kept.sweep(20), 2, "what came at 20 is too young");
    assert_eq!(kept.seqs(ann), [3, 4]);
    assert_eq!(kept.sweep(LATER), 1);
    assert_eq!(kept.seqs(ann), [4]);
    assert_eq!(kept.counted(), (envelopes[3].len() as u64, 1), "room is given back");
    let (known, dropped) = log::tails(kept.store.connection(), SPACE).unwrap();
    assert_eq!((known, dropped), (vec![(ann, 4)], vec![(ann, 3)]));
    // What was dropped is known when it is pushed again, and the chain goes on behind it.
    let pushed = kept.push(envelopes, 30);
    assert_eq!((pushed.stored, pushed.refused), (0, Vec::new()));
    let next = kept.ann.write();
    assert_eq!(kept.push(vec![next], 30).stored, 1);
}

#[test]
fn nobody_can_acknowledge_for_another_or_more_than_there_is() {
    let mut kept = kept();
    let (ann, ben, eve) = (kept.ann.id(), kept.ben.id(), Member::new(9).id());
    let one = kept.ann.write();
    kept.push(vec![one], 10);
    kept.has(eve, ann, 1);
    kept.has(ben, eve, 7);
    assert_eq!(kept.sweep(LATER), 0);
    kept.has(ben, ann, u64::MAX);
    let two = kept.ann.write();
    kept.push(vec![two], 10);
    assert_eq!((kept.sweep(LATER), kept.seqs(ann)), (1, vec![2]), "what came later is not acknowledged");
}

#[test]
fn those_who_left_are_not_waited_for_and_those_who_come_are() {
    let mut kept = kept();
    let (ann, ben, cai) = (kept.ann.id(), kept.ben.id(), Member::new(3).id());
    let one = kept.ann.write();
    kept.push(vec![one], 10);
    kept.has(ben, ann, 1);
    let with_cai = roster(&kept.ann, 2, &[ann, ben, cai]);
    assert!(kept.store.write(|connection| boxes::replace(connection, SPACE, &with_cai)).unwrap());
    assert_eq!(kept.sweep(LATER), 0, "the one who came has not");
    let without = roster(&kept.ann, 3, &[ann, ben]);
    assert!(kept.store.write(|connection| boxes::replace(connection, SPACE, &without)).unwrap());
    assert!(!kept.store.write(|connection| boxes::replace(connection, SPACE, &with_cai)).unwrap(), "an old one is not taken");
    assert_eq!(kept.sweep(LATER), 1);
}

#[test]
fn with_nobody_else_there_it_is_kept_for_who_joins() {
    let mut kept = kept();
    let ann = kept.ann.id();
    let alone = roster(&kept.ann, 2, &[ann]);
    kept.store.write(|connection| boxes::replace(connection, SPACE, &alone)).unwrap();
    let one = kept.ann.write();
    kept.push(vec![one], 10);
    assert_eq!(kept.sweep(LATER), 0);
}

#[test]
fn an_owner_releases_what_a_lost_device_never_acknowledges() {
    let mut kept = kept();
    let ann = kept.ann.id();
    let envelopes: Vec<_> = (0..3).map(|_| kept.ann.write()).collect();
    kept.push(envelopes, 10);
    let release = |by: &Member, seq| Signed::by(&by.identity, Release { space: SPACE, upto: vec![(ann, seq)] });
    let (by_ben, by_ann) = (release(&kept.ben, 2), release(&kept.ann, 2));
    assert_eq!(kept.store.write(|connection| log::release(connection, SPACE, &by_ben)).unwrap(), 0);
    assert_eq!(kept.store.write(|connection| log::release(connection, SPACE, &by_ann)).unwrap(), 2);
    assert_eq!(kept.seqs(ann), [3]);
}

#[test]
fn a_band_of_its_own_bounds() {
    let mut kept = kept();
    let band = kept.band;
    kept.store.write(|connection| Ok(connection.execute("UPDATE bands SET max_envelopes = 2 WHERE id = ?", [band])?)).unwrap();
    let envelopes: Vec<_> = (0..3).map(|_| kept.ann.write()).collect();
    let pushed = kept.push(envelopes, 10);
    assert_eq!((pushed.stored, pushed.full), (2, Some(Full::Envelopes)));
}

#[test]
fn a_pass_is_withdrawn_and_removed_with_all_that_was_kept() {
    let mut kept = kept();
    let (band, ann) = (kept.band, kept.ann.id());
    let one = kept.ann.write();
    kept.push(vec![one], 10);
    let who = Introduction { space: SPACE, device: ann, token: TOKEN, roster: None };
    kept.store.write(|connection| bands::withdraw(connection, band, 5)).unwrap();
    assert_eq!(kept.store.write(|connection| boxes::admit(connection, &who, 16)).unwrap(), Err(Refusal::Pass));
    assert_eq!(kept.seqs(ann), [1], "what it keeps stays");
    kept.store.write(|connection| bands::remove(connection, band)).unwrap();
    assert!(kept.seqs(ann).is_empty() && boxes::get(kept.store.connection(), SPACE).unwrap().is_none());
    assert!(kept.store.write(|connection| bands::withdraw(connection, band, 5)).is_err());
}

#[test]
fn pages_are_bounded_and_go_on_where_they_ended() {
    let mut kept = kept();
    let envelopes: Vec<_> = (0..10).map(|_| kept.ann.write()).collect();
    let size = envelopes[0].len();
    kept.push(envelopes.clone(), 10);
    let (mut after, mut all) = (0, Vec::new());
    loop {
        let page = log::page(kept.store.connection(), SPACE, after, &Default::default(), 3 * size).unwrap();
        assert!(page.entries.len() <= 3);
        after = page.upto;
        all.extend(page.entries.into_iter().map(|entry| entry.2));
        if !page.more {
            break;
        }
    }
    assert_eq!(all, envelopes);
}
