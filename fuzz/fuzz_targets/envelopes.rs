//! Envelopes: any bytes are one or none; and what a member with a modified BandPro seals and signs, whatever it is, gets a
//! judgement.
#![no_main]

use std::cell::RefCell;

use bandpro_sync::document::{Document, genesis_hash};
use bandpro_sync::envelope::{Body, ChainState, Content, Envelope, Hash, LogState, Place, Reason, Session, Verdict, hash, judge};
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::{Drafting, Kind, Membership, Person};
use bandpro_sync::seal::{KeyRing, NONCE};
use bandpro_sync::{DeviceId, ScoreId, SpaceId};
use libfuzzer_sys::fuzz_target;

struct Band {
    log: Membership,
    keys: KeyRing,
    identity: Identity,
}

impl ChainState for Band {
    type Error = std::convert::Infallible;
    fn is_member(&self, _: SpaceId, device: DeviceId) -> Result<bool, Self::Error> {
        Ok(self.log.state().devices.contains_key(&device))
    }
    fn last(&self, _: SpaceId, _: DeviceId) -> Result<Option<(u64, Hash)>, Self::Error> {
        Ok(None)
    }
    fn hash_of(&self, _: SpaceId, _: DeviceId, _: u64) -> Result<Option<Hash>, Self::Error> {
        Ok(None)
    }
}

impl LogState for Band {
    fn membership(&self) -> &Membership {
        &self.log
    }
    fn keys(&self) -> &KeyRing {
        &self.keys
    }
    fn holds(&self, _: ScoreId, change: &automerge::ChangeHash) -> Result<bool, Self::Error> {
        Ok(genesis_hash().is_ok_and(|genesis| genesis == *change))
    }
    fn session(&self, _: ScoreId, _: &automerge::ActorId) -> Result<Session, Self::Error> {
        Ok(Session::default())
    }
}

fn band() -> Band {
    let identity = Identity::from_secret(&[1; 32]);
    let mut fill = |bytes: &mut [u8]| bytes.fill(7);
    let mut drafting = Drafting { identity: &identity, time: 0, random: &mut fill };
    let log = drafting.found(Kind::Band, "Band", Person::default(), "laptop").expect("a band");
    let keys = log.keys_of(&identity);
    Band { log, keys, identity }
}

thread_local! {
    static BAND: RefCell<Band> = RefCell::new(band());
}

fuzz_target!(|bytes: &[u8]| {
    BAND.with_borrow(|band| {
        let space = band.log.space();
        if let Ok(envelope) = Envelope::decode(bytes) {
            assert_eq!(envelope.encode(), bytes);
            let verdict = judge(&envelope, &hash(bytes), space, band);
            assert!(matches!(verdict, Ok(Verdict::Refuse(_))), "nobody in the band signed it");
        }
        let Some((kind, content)) = bytes.split_first() else { return };
        let content = match kind % 4 {
            0 => Content::Membership(content.to_vec()),
            _ => Content::Change(ScoreId([3; 16]), content.to_vec()),
        };
        let Some((membership, epoch)) = band.log.place_to_write(&band.keys) else { return };
        let place = Place { space, seq: 1, previous: [0; 32] };
        let Some(key) = band.keys.get(epoch) else { return };
        let Ok((envelope, bytes)) = Envelope::seal(&band.identity, place, key, [5; NONCE], &Body { membership, content }) else { return };
        let Ok(verdict) = judge(&envelope, &hash(&bytes), space, band);
        match verdict {
            // What is let through must be applicable without harm: Automerge may refuse it, and must not fall over.
            Verdict::Apply(_, change) => {
                let _ = Document::new().map(|mut document| document.take_in(vec![*change]));
            }
            Verdict::Refuse(reason) => assert_ne!(reason, Reason::Signature),
            _ => {}
        }
    });
});
