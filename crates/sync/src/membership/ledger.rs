//! Writing in the membership log: what a device signs, by all that it knows.

use zeroize::Zeroizing;

use super::entry::{Action, Entry, EntryError, Kind, NewKey, Person};
use super::{Inserted, MAX_PARENTS, Membership, Role};
use crate::envelope::Hash;
use crate::identity::{Card, Identity};
use crate::seal::{EpochKey, KeyRing, NONCE, Wrapped};
use crate::{DeviceId, EpochId, MemberId, SpaceId};

/// What an invitation's secret is recognised by: who reads the log cannot join with it.
pub fn proof_of(secret: &[u8; 16]) -> Hash {
    blake3::derive_key("bandpro invitation secret v1", secret)
}

/// What a device needs to sign an entry.
pub struct Drafting<'a> {
    /// The device.
    pub identity: &'a Identity,
    /// Its clock, in seconds since 1970 (UTC).
    pub time: u64,
    /// Fills bytes with randomness.
    pub random: &'a mut dyn FnMut(&mut [u8]),
}

impl Drafting<'_> {
    /// Fresh random bytes.
    pub fn fresh<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.random)(&mut bytes);
        bytes
    }

    /// Founds a space.
    pub fn found(&mut self, kind: Kind, name: &str, person: Person, device_name: &str) -> Result<Membership, EntryError> {
        let card = self.identity.card(device_name);
        let key = EpochKey::from_random(self.fresh());
        let wrapped = key.wrap(&card, self.fresh()).into_iter().collect();
        let key = NewKey { epoch: key.id(), wrapped, previous: Vec::new() };
        let (nonce, member) = (self.fresh(), MemberId(self.fresh()));
        let person = Person { name: crate::id::cut_name(&person.name), ..person };
        let action = Action::Create { kind, name: crate::id::cut_name(name), nonce, member, person, card, key };
        let entry = Entry::sign(self.identity, SpaceId([0; 16]), Vec::new(), self.time, action)?;
        let mut log = Membership::new(entry.space);
        match log.insert(entry) {
            Inserted::New => Ok(log),
            _ => Err(EntryError::Damaged),
        }
    }

    /// Signs an entry that follows all that the log has.
    pub fn entry(&self, log: &Membership, action: Action) -> Result<Entry, EntryError> {
        let heads = log.heads().into_iter().take(MAX_PARENTS).collect();
        Entry::sign(self.identity, log.space(), heads, self.time, action)
    }

    /// A new key for all devices of a space but some, which brings the keys that the space has now.
    pub fn new_key(&mut self, log: &Membership, ring: &KeyRing, without: &[DeviceId]) -> NewKey {
        let random = Zeroizing::new(self.fresh());
        let key = EpochKey::from_random(*random);
        let cards: Vec<Card> = log.state().devices_here().map(|(_, device)| device.card.clone()).collect();
        let stay = cards.iter().filter(|card| !without.contains(&card.device));
        let wrapped = stay.filter_map(|card| key.wrap(card, self.fresh())).collect();
        let older: Vec<&EpochKey> = log.state().epochs.keys().filter_map(|epoch| ring.get(*epoch)).take(MAX_PARENTS).collect();
        let previous = older.into_iter().map(|older| key.link(older, self.fresh::<NONCE>())).collect();
        NewKey { epoch: key.id(), wrapped, previous }
    }

    /// The keys that a space has now, for a device that comes in.
    pub fn keys_for(&mut self, log: &Membership, ring: &KeyRing, card: &Card) -> Vec<Wrapped> {
        let keys: Vec<&EpochKey> = log.state().epochs.keys().filter_map(|epoch| ring.get(*epoch)).collect();
        keys.into_iter().filter_map(|key| key.wrap(card, self.fresh())).collect()
    }

    /// All keys that this device has, former ones too, for another one.
    pub fn all_keys_for(&mut self, ring: &KeyRing, card: &Card) -> Vec<Wrapped> {
        ring.keys().filter_map(|key| key.wrap(card, self.fresh())).collect()
    }

    /// What there is to do for an owner's device where others acted without knowing of each other, or somebody left: a new key,
    /// if the best one there is was given to somebody who does not belong to the space; or keys for devices that lack them.
    pub fn tend(&mut self, log: &Membership, ring: &KeyRing) -> Option<Action> {
        let state = log.state();
        if state.role_of(self.identity.device()) != Some(Role::Owner) {
            return None;
        }
        let epoch = log.best_epoch(ring)?;
        if state.outsiders(state.epochs.get(&epoch)?) > 0 {
            return Some(Action::Rotate(self.new_key(log, ring, &[])));
        }
        let lacking = |epoch: EpochId| {
            let has = state.epochs.get(&epoch).map(|epoch| &epoch.devices);
            state.devices_here().filter(move |(device, _)| has.is_some_and(|has| !has.contains(device)))
        };
        let keys = state.epochs.keys().filter_map(|epoch| ring.get(*epoch));
        let pairs: Vec<(&EpochKey, Card)> =
            keys.flat_map(|key| lacking(key.id()).map(move |(_, device)| (key, device.card.clone()))).take(256).collect();
        let wrapped: Vec<Wrapped> = pairs.into_iter().filter_map(|(key, card)| key.wrap(&card, self.fresh())).collect();
        (!wrapped.is_empty()).then_some(Action::HandOver(wrapped))
    }
}

impl Membership {
    /// The epoch to write under, of those whose key is in a ring: the one whose key the fewest have who do not belong to the
    /// space now.
    pub fn best_epoch(&self, ring: &KeyRing) -> Option<EpochId> {
        let usable = self.state().epochs.iter().filter(|(id, _)| ring.has(**id));
        usable.min_by_key(|(id, epoch)| (self.state().outsiders(epoch), **id)).map(|(id, _)| *id)
    }

    /// What to cite and under which epoch to write, with these keys. Where the key of now has not come yet, that is the latest
    /// place of the log of which it has; nothing where there is none.
    pub fn place_to_write(&self, ring: &KeyRing) -> Option<(Vec<Hash>, EpochId)> {
        if let Some(epoch) = self.best_epoch(ring) {
            let heads: Vec<Hash> = self.heads().into_iter().take(MAX_PARENTS).collect();
            return Some((heads, epoch));
        }
        self.nodes.iter().rev().find_map(|node| {
            let heads = vec![node.entry.hash()];
            let state = self.state_at(&heads)?;
            let epoch = state.epochs.keys().find(|epoch| ring.has(**epoch))?;
            Some((heads, *epoch))
        })
    }
}
