//! A space as this device sees it from inside.

use crate::identity::Identity;
use crate::membership::{Deed, Entry, Inserted, Membership};
use crate::seal::{KeyRing, Wrapped};
use crate::{DeviceId, ScoreId, SpaceId};

/// The membership log of a space, and the content keys that this device has of it.
#[derive(Debug, Clone)]
pub struct Circle {
    /// Who belongs to the space.
    pub log: Membership,
    /// The keys.
    pub keys: KeyRing,
}

impl Circle {
    /// A space of which nothing is known yet.
    pub fn new(space: SpaceId) -> Self {
        Self { log: Membership::new(space), keys: KeyRing::default() }
    }

    /// A space of which these keys are known, wrapped for this device.
    pub fn with_keys(space: SpaceId, keys: &[Wrapped], identity: &Identity) -> Self {
        let mut circle = Self::new(space);
        for wrapped in keys {
            circle.keys.take_wrapped(wrapped, identity);
        }
        circle
    }

    /// A space by its membership log.
    pub fn of(log: Membership, identity: &Identity) -> Self {
        let keys = log.keys_of(identity);
        Self { log, keys }
    }

    /// Whether a device belongs to the space now.
    pub fn has(&self, device: DeviceId) -> bool {
        self.log.state().device(device).is_some()
    }

    /// Whether a device with these keys may write in a document now. (With a key of former times there would be a place to write
    /// at for one who does not belong to the space any more, where nobody looks.)
    pub fn may_write(&self, device: DeviceId, document: ScoreId) -> bool {
        self.has(device)
            && self.log.place_to_write(&self.keys).is_some_and(|(heads, _)| self.log.may(device, Deed::Write(document), &heads))
    }

    /// Adds entries in whatever order they come, and gives those that are new, each after those that it follows.
    pub fn take(&mut self, entries: Vec<Entry>, identity: &Identity) -> Taken {
        let mut taken = Taken::default();
        let mut left = entries;
        loop {
            let mut waiting = Vec::new();
            let before = taken.new.len();
            for entry in left {
                match self.log.insert(entry.clone()) {
                    Inserted::New => taken.new.push(entry),
                    Inserted::Known => {}
                    Inserted::Waits => waiting.push(entry),
                    Inserted::Refused => taken.refused += 1,
                }
            }
            left = waiting;
            if left.is_empty() || taken.new.len() == before {
                break;
            }
        }
        taken.waiting = left.len();
        if !taken.new.is_empty() {
            self.log.add_keys(&mut self.keys, identity);
        }
        taken
    }
}

/// What became of entries.
#[derive(Debug, Default)]
pub struct Taken {
    /// Those that are part of the log now and were not.
    pub new: Vec<Entry>,
    /// How many follow entries that are not here.
    pub waiting: usize,
    /// How many their authors might not sign.
    pub refused: usize,
}
