//! Who may write and who may read: the membership log of a space.
//!
//! The log is a set of signed [`Entry`]s, each naming the entries before it by their hashes, so that they form a directed graph
//! without cycles with one beginning, after which the space is named. [`Membership`] holds the set and works out what it comes
//! to. That depends on the set alone and not on the order in which entries came:
//!
//! - An entry counts if its author might sign it by all that the author knew, and nothing that the author did not know of speaks
//!   against it.
//! - Taking away beats giving: what a removed member (or a member who lost the role for it) signed without knowing of that does
//!   not count, neither does what gives something to a member whom somebody else removes at the same time, nor letting someone
//!   in by an invitation that is withdrawn at the same time.
//! - A device that two let in without knowing of each other belongs to the space by both entries, and to one member: the one whose
//!   entry comes first.
//! - Two owners who take something from each other at the same time are at odds: what the senior one did stands, who has been an
//!   owner for longer; of two who became so at once, the one by whose entry of lower hash. (By the hash of the removal itself,
//!   whoever was removed could try until a removal of the other way has a lower one.)
//!
//! Changes of documents cite the heads of this log that their author knew. [`Membership::standing`] says whether they count.

mod bits;
mod entry;
mod ledger;
mod resolve;
mod state;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use crate::envelope::Hash;
use crate::identity::Identity;
use crate::seal::KeyRing;
use crate::{DeviceId, EpochId, MemberId, ScoreId, SpaceId};

use bits::Bits;
pub use entry::{Action, Entry, EntryError, Kind, MAX_ENTRY, MAX_PARENTS, Mark, NewKey, Offer, Person, Role};
pub use ledger::{Drafting, proof_of};
pub use state::{Device, Epoch, Invite, Member, State};

pub(crate) use entry::MAX_RELAYS;
use resolve::Node;

/// The most entries of a space, and of one device that is not an owner's.
const MAX_ENTRIES: usize = 16_384;
const MAX_OF_ONE: usize = 1024;
/// How many former states are kept for the next question.
const REMEMBERED: usize = 256;

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Read a document.
    Read(ScoreId),
    /// Write in a document.
    Write(ScoreId),
    /// Let members in, remove them, give them roles, withdraw invitations, name the space and its relays.
    Govern,
    /// Add devices of their own.
    AddDevice,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// It is part of the log now.
    New,
    /// It was already.
    Known,
    /// Entries that it follows are not here.
    Waits,
    /// Its author might not sign it, by all that the author knew; or the log is full.
    Refused,
}

/// How a change stands with the membership log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its author may write.
    Good,
    /// The heads that it cites are not known here.
    Unknown,
    /// Its device never belonged to the space, or not by what counts.
    Stranger,
    /// Its author may not write by their role.
    Role,
    /// It was written after its author, or this device, was removed or lost the role, and does not know it.
    Removed,
    /// It is sealed under a key that was not the current one for its author.
    Epoch,
}

/// The membership log of a space, and what it comes to.
#[derive(Debug)]
pub struct Membership {
    space: SpaceId,
    nodes: Vec<Node>,
    places: BTreeMap<Hash, usize>,
    heads: BTreeSet<Hash>,
    counting: Bits,
    state: Arc<State>,
    former: Mutex<BTreeMap<Vec<Hash>, Arc<State>>>,
}

impl Clone for Membership {
    fn clone(&self) -> Self {
        let Self { space, nodes, places, heads, counting, state, former: _ } = self;
        let (nodes, places, heads, counting) = (nodes.clone(), places.clone(), heads.clone(), counting.clone());
        Self { space: *space, nodes, places, heads, counting, state: Arc::clone(state), former: Mutex::default() }
    }
}

impl Membership {
    /// The empty log of a space.
    pub fn new(space: SpaceId) -> Self {
        Self {
            space,
            nodes: Vec::new(),
            places: BTreeMap::new(),
            heads: BTreeSet::new(),
            counting: Bits::default(),
            state: Arc::new(State::empty()),
            former: Mutex::default(),
        }
    }

    /// Which space.
    pub fn space(&self) -> SpaceId {
        self.space
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no entry yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The member who founded the space.
    pub fn founder(&self) -> Option<MemberId> {
        self.nodes.first().and_then(|node| match &node.entry.action {
            Action::Create { member, .. } => Some(*member),
            _ => None,
        })
    }

    /// The entries that no other follows, sorted.
    pub fn heads(&self) -> Vec<Hash> {
        self.heads.iter().copied().collect()
    }

    /// What the log comes to.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The entries, each after those that it follows.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.nodes.iter().map(|node| &node.entry)
    }

    /// Whether an entry is part of the log.
    pub fn has(&self, entry: &Hash) -> bool {
        self.places.contains_key(entry)
    }

    /// Whether an entry counts.
    pub fn counts(&self, entry: &Hash) -> bool {
        self.places.get(entry).is_some_and(|at| self.counting.has(*at))
    }

    /// Whether all that an earlier state of this log had counts here where it counted there, and only there.
    pub fn agrees_with(&self, earlier: &Self) -> bool {
        earlier.entries().map(Entry::hash).all(|entry| self.counts(&entry) == earlier.counts(&entry))
    }

    /// The entries that are not among these nor before them, each after those that it follows. Hashes that are not known here are
    /// passed over.
    pub fn entries_after(&self, known: &[Hash]) -> Vec<&Entry> {
        let known = self.past_of(known);
        self.nodes.iter().enumerate().filter(|(at, _)| !known.has(*at)).map(|(_, node)| &node.entry).collect()
    }

    /// The entries that are among these or before them, and not among those that are known nor before them, each after those that
    /// it follows.
    pub fn entries_up_to(&self, heads: &[Hash], known: &[Hash]) -> Vec<&Entry> {
        let (wanted, known) = (self.past_of(heads), self.past_of(known));
        let nodes = self.nodes.iter().enumerate().filter(|(at, _)| wanted.has(*at) && !known.has(*at));
        nodes.map(|(_, node)| &node.entry).collect()
    }

    /// By which entry a device that belonged to the space once ceased to: the last that counts and removed it or its member.
    pub fn removal_of(&self, device: DeviceId) -> Option<&Entry> {
        let member = self.state.devices.get(&device).filter(|_| self.state.device(device).is_none())?.member;
        let removes = |entry: &Entry| match &entry.action {
            Action::Remove { member: whom, .. } => *whom == member,
            Action::RemoveDevice { device: which, .. } => *which == device,
            _ => false,
        };
        self.nodes.iter().enumerate().rev().find(|(at, node)| self.counting.has(*at) && removes(&node.entry)).map(|(_, node)| &node.entry)
    }

    /// Adds an entry.
    pub fn insert(&mut self, entry: Entry) -> Inserted {
        if entry.space != self.space {
            return Inserted::Refused;
        }
        if self.places.contains_key(&entry.hash()) {
            return Inserted::Known;
        }
        if entry.parents.iter().any(|parent| !self.places.contains_key(parent)) {
            return Inserted::Waits;
        }
        if !self.has_room_for(&entry) {
            return Inserted::Refused;
        }
        let past = self.past_of(&entry.parents);
        let depth = entry.parents.iter().map(|parent| self.nodes[self.places[parent]].depth + 1).max().unwrap_or(0);
        let follows_all = entry.parents == self.heads();
        let by_its_past = if follows_all { Arc::clone(&self.state) } else { Arc::new(self.resolve(&past).1) };
        let Some(node) = Node::new(entry, past, depth, self, &by_its_past) else { return Inserted::Refused };
        drop(by_its_past);
        self.place(node, follows_all);
        Inserted::New
    }

    fn has_room_for(&self, entry: &Entry) -> bool {
        let owner = self.state.role_of(entry.author) == Some(Role::Owner);
        let own = || self.nodes.iter().filter(|node| node.entry.author == entry.author).count();
        self.nodes.len() < MAX_ENTRIES && (owner || own() < MAX_OF_ONE)
    }

    fn place(&mut self, node: Node, follows_all: bool) {
        let (at, hash) = (self.nodes.len(), node.entry.hash());
        for parent in &node.entry.parents {
            self.heads.remove(parent);
        }
        self.heads.insert(hash);
        self.places.insert(hash, at);
        self.nodes.push(node);
        if follows_all {
            if Arc::make_mut(&mut self.state).take(self.nodes[at].placed(&self.places)) {
                self.counting.add(at);
            }
        } else {
            let mut all = Bits::default();
            (0..self.nodes.len()).for_each(|at| all.add(at));
            let (counting, state) = self.resolve(&all);
            (self.counting, self.state) = (counting, Arc::new(state));
            self.former.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// Those that are among these or before them.
    fn past_of(&self, heads: &[Hash]) -> Bits {
        let mut past = Bits::default();
        for at in heads.iter().filter_map(|head| self.places.get(head)) {
            past.add_all(&self.nodes[*at].past);
            past.add(*at);
        }
        past
    }

    /// What those entries come to that count and are among these or before them; nothing where one of these is not known.
    pub fn state_at(&self, heads: &[Hash]) -> Option<Arc<State>> {
        if heads.is_empty() || heads.iter().any(|head| !self.places.contains_key(head)) {
            return None;
        }
        if heads.len() == self.heads.len() && heads.iter().all(|head| self.heads.contains(head)) {
            return Some(Arc::clone(&self.state));
        }
        let mut former = self.former.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = former.get(heads) {
            return Some(Arc::clone(state));
        }
        let state = Arc::new(self.replay(&self.past_of(heads)));
        if former.len() >= REMEMBERED {
            former.pop_first();
        }
        former.insert(heads.to_vec(), Arc::clone(&state));
        Some(state)
    }

    /// Whether a device may do something, by the entries that count and are among `at` or before them. Rights are the same in
    /// all documents of a space; what only some may see lies in a space of their own.
    pub fn may(&self, device: DeviceId, deed: Deed, at: &[Hash]) -> bool {
        let Some(role) = self.state_at(at).and_then(|state| state.role_of(device)) else { return false };
        match deed {
            Deed::Read(_) | Deed::AddDevice => true,
            Deed::Write(_) => role >= Role::Editor,
            Deed::Govern => role == Role::Owner,
        }
    }

    /// How a change stands that a device wrote as number `seq` of its log, citing these heads, sealed under this epoch's key.
    pub fn standing(&self, (device, seq): (DeviceId, u64), document: ScoreId, cited: &[Hash], epoch: EpochId) -> Standing {
        if cited.is_empty() || cited.iter().any(|head| !self.places.contains_key(head)) {
            return Standing::Unknown;
        }
        let past = self.past_of(cited);
        let knows = |entry: &Hash| self.places.get(entry).is_some_and(|at| past.has(*at));
        if self.state.cuts.iter().any(|cut| cut.mark.device == device && seq > cut.mark.seq && !knows(&cut.by)) {
            return Standing::Removed;
        }
        if !self.state.devices.contains_key(&device) {
            return Standing::Stranger;
        }
        if !self.may(device, Deed::Write(document), cited) {
            let there = self.state_at(cited).is_some_and(|state| state.device(device).is_some());
            return if there { Standing::Role } else { Standing::Removed };
        }
        if self.is_epoch_of(epoch, &past) { Standing::Good } else { Standing::Epoch }
    }

    /// Whether the key of an epoch was one to write under for somebody who knew these entries: no later one that counts had
    /// replaced it.
    fn is_epoch_of(&self, epoch: EpochId, past: &Bits) -> bool {
        let brings = |at: usize| self.nodes[at].entry.new_key().map(|key| key.epoch);
        let Some(begun) = past.iter().find(|at| brings(*at) == Some(epoch)) else { return false };
        !past.iter().any(|at| brings(at).is_some() && self.counting.has(at) && self.nodes[at].past.has(begun))
    }

    /// How far the log of a device counts for those who do not know what ended it; nothing where nothing did.
    pub fn ended(&self, device: DeviceId) -> Option<Mark> {
        self.state.cuts.iter().filter(|cut| cut.mark.device == device).map(|cut| cut.mark).min_by_key(|mark| mark.seq)
    }

    /// Which log of a device stands where it has two, once it may not write any more: the one that was known to whoever ended it
    /// last; of those who did so without knowing of each other, to the one who knew least. Nothing as long as it may write.
    pub fn stands(&self, device: DeviceId) -> Option<Mark> {
        if self.state.role_of(device).is_some_and(|role| role > Role::Viewer) {
            return None;
        }
        let follows = |later: &Hash, earlier: &Hash| {
            let (later, earlier) = (self.places.get(later), self.places.get(earlier));
            later.zip(earlier).is_some_and(|(later, earlier)| self.nodes[*later].past.has(*earlier))
        };
        let cuts = || self.state.cuts.iter().filter(|cut| cut.mark.device == device);
        let last = cuts().filter(|cut| !cuts().any(|later| follows(&later.by, &cut.by)));
        last.map(|cut| cut.mark).min_by_key(|mark| (mark.seq, mark.hash))
    }

    /// The content keys that a device has by this log.
    pub fn keys_of(&self, identity: &Identity) -> KeyRing {
        let mut ring = KeyRing::default();
        self.add_keys(&mut ring, identity);
        ring
    }

    /// Adds to a device's content keys what this log has for it.
    pub fn add_keys(&self, ring: &mut KeyRing, identity: &Identity) {
        for entry in self.entries() {
            for wrapped in entry.wrapped() {
                ring.take_wrapped(wrapped, identity);
            }
        }
        let mut more = true;
        while more {
            more = false;
            for key in self.entries().filter_map(Entry::new_key) {
                for linked in &key.previous {
                    more |= ring.take_linked(key.epoch, linked);
                }
            }
        }
    }
}
