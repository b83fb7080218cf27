//! How far a log was sent to somebody: what they are known to have, and what is under way to them.

use std::collections::{BTreeMap, BTreeSet};

use super::message::Vector;
use super::session::WINDOW;
use crate::DeviceId;
use crate::envelope::Envelope;
use crate::store::log::LogPage;

/// What the other side has of the logs as they are here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreed {
    /// How far it has each.
    pub known: Vector,
    /// The devices of which it has another log than this side.
    pub parted: Vec<DeviceId>,
    /// The devices of which this side wants another log than its own.
    pub wanted: Vec<DeviceId>,
}

/// The sending of a log, a page at a time, with at most [`WINDOW`] messages that the other side has not acknowledged.
#[derive(Debug)]
pub struct Sending {
    /// What the other side is known to have.
    known: BTreeMap<DeviceId, u64>,
    /// How far the log was looked through for the other side.
    cursor: i64,
    /// Whether a page was asked for.
    reading: bool,
    /// Whether there may be more in the log after the cursor.
    behind: bool,
    /// Messages with entries that the other side has not acknowledged.
    under_way: usize,
    /// Devices of which the other side has another log than this one, and is sent this one.
    parted: BTreeSet<DeviceId>,
    /// Whether the log has to be looked through from its beginning, once the page that was asked for has come.
    again: bool,
}

impl Default for Sending {
    /// Nothing is known of the other side, and the log was not looked at.
    fn default() -> Self {
        Self { known: BTreeMap::new(), cursor: 0, reading: false, behind: true, under_way: 0, parted: BTreeSet::new(), again: false }
    }
}

impl Sending {
    /// What the other side is known to have.
    pub fn known(&self) -> &BTreeMap<DeviceId, u64> {
        &self.known
    }

    /// The other side has so much of the logs as they are here.
    pub fn agrees(&mut self, known: Vector, parted: Vec<DeviceId>) {
        self.has(known);
        self.parted.extend(parted);
    }

    /// The other side wants this side's log of a device from its beginning.
    pub fn wants(&mut self, device: DeviceId) {
        self.known.insert(device, 0);
        (self.again, self.behind) = (true, true);
    }

    /// The other side has each of these logs so far, at least.
    pub fn has(&mut self, vector: impl IntoIterator<Item = (DeviceId, u64)>) {
        for (device, seq) in vector {
            if self.parted.contains(&device) {
                // Its log of that device is another one: by its numbers, nothing is known of what it has of this one.
                continue;
            }
            let known = self.known.entry(device).or_default();
            *known = seq.max(*known);
        }
    }

    /// What the other side sent shows that it has another log of a device, from this envelope on: it is sent this side's, once, so
    /// that both know. Gives whether that is new.
    pub fn parted(&mut self, device: DeviceId, from: u64) -> bool {
        let new = self.parted.insert(device);
        if new {
            self.known.insert(device, from.saturating_sub(1));
            (self.again, self.behind) = (true, true);
        }
        new
    }

    /// What the other side sent, it has.
    pub fn has_sent(&mut self, entries: &[Vec<u8>]) {
        self.has(entries.iter().filter_map(|entry| Envelope::author(entry)));
    }

    /// The log may have grown.
    pub fn grew(&mut self) {
        self.behind = true;
    }

    /// Whether a page was asked for.
    pub fn is_reading(&self) -> bool {
        self.reading
    }

    /// Whether there may be more in the log than was looked at.
    pub fn is_behind(&self) -> bool {
        self.behind
    }

    /// Whether the other side has yet to acknowledge something.
    pub fn is_under_way(&self) -> bool {
        self.under_way > 0
    }

    /// The place of the log after which a page is to be read now; nothing while too much is under way.
    pub fn read(&mut self) -> Option<i64> {
        if self.under_way >= WINDOW {
            return None;
        }
        (self.reading, self.behind) = (true, false);
        if std::mem::take(&mut self.again) {
            self.cursor = 0;
        }
        Some(self.cursor)
    }

    /// Takes the page that was read, and gives what of it the other side still lacks: some may have come from there meanwhile.
    pub fn page(&mut self, page: LogPage) -> Vec<Vec<u8>> {
        self.reading = false;
        self.cursor = page.upto;
        self.behind |= page.more;
        let mut entries = Vec::new();
        for (device, seq, bytes) in page.entries {
            let known = self.known.entry(device).or_default();
            if seq > *known {
                *known = seq;
                entries.push(bytes);
            }
        }
        entries
    }

    /// A message with entries is sent.
    pub fn sent(&mut self) {
        self.under_way += 1;
    }

    /// The other side acknowledged a message; whether there was one to acknowledge.
    #[must_use]
    pub fn acknowledged(&mut self) -> bool {
        let left = self.under_way.checked_sub(1);
        self.under_way = left.unwrap_or_default();
        left.is_some()
    }
}
