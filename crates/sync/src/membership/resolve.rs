//! Which entries count, where some were signed without knowing of others.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::Membership;
use super::bits::Bits;
use super::entry::{Action, Entry, Role};
use super::state::{Placed, State};
use crate::envelope::Hash;
use crate::{DeviceId, InviteId, MemberId};

/// What an entry takes away, and from whom.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Taking {
    /// The devices whose deeds do not count from now on.
    devices: BTreeSet<DeviceId>,
    /// The member, where they lose more than one device.
    member: Option<MemberId>,
    /// Whether only what takes an owner is lost.
    role_only: bool,
    /// The invitation.
    invite: Option<InviteId>,
    /// How long the author has been an owner: of two who take from each other, the senior one prevails.
    seniority: (u32, Hash),
}

/// An entry with what follows from it and those before it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub entry: Entry,
    /// All entries before it.
    pub past: Bits,
    /// How many entries the longest way back to the first has.
    pub depth: u32,
    taking: Option<Taking>,
}

impl Node {
    /// An entry in its place, if by all that came before its author might sign it.
    pub fn new(entry: Entry, past: Bits, depth: u32, log: &Membership, by_its_past: &State) -> Option<Self> {
        let taking = taking(&entry, by_its_past);
        let node = Self { entry, past, depth, taking };
        by_its_past.clone().take(node.placed(&log.places)).then_some(node)
    }

    pub fn placed<'a>(&'a self, places: &'a BTreeMap<Hash, usize>) -> Placed<'a> {
        Placed { depth: self.depth, past: &self.past, entry: &self.entry, places }
    }
}

fn taking(entry: &Entry, state: &State) -> Option<Taking> {
    let seniority = state.member_of(entry.author).map(|(_, member)| member.since)?;
    let of_member = |member: MemberId| state.devices_of(member).map(|(device, _)| device).collect();
    let nothing = Taking { devices: BTreeSet::new(), member: None, role_only: false, invite: None, seniority };
    match &entry.action {
        Action::Remove { member, .. } => Some(Taking { devices: of_member(*member), member: Some(*member), ..nothing }),
        Action::SetRole { member, role, .. } => {
            let lower = state.members.get(member).is_some_and(|old| *role < old.role);
            lower.then(|| Taking { devices: of_member(*member), member: Some(*member), role_only: true, ..nothing })
        }
        Action::RemoveDevice { device, .. } => Some(Taking { devices: BTreeSet::from([*device]), ..nothing }),
        Action::RevokeInvite(invite) => Some(Taking { invite: Some(*invite), ..nothing }),
        _ => None,
    }
}

/// Whether an entry is of a kind that only owners may sign.
fn takes_an_owner(action: &Action) -> bool {
    !matches!(
        action,
        Action::Profile(_)
            | Action::RenameDevice { .. }
            | Action::AddDevice { .. }
            | Action::HandOver(_)
            | Action::RemoveDevice { key: None, .. }
            | Action::Invite { offer: super::Offer::Device, .. }
    )
}

impl Taking {
    /// Whether an entry that was signed without knowing of it, and that it does not know of, is lost by it.
    fn undoes(&self, entry: &Entry) -> bool {
        let signed_by = self.devices.contains(&entry.author) && (!self.role_only || takes_an_owner(&entry.action));
        signed_by
            || match &entry.action {
                Action::Admit { invite, card, .. } => self.is_of(*invite) || self.devices.contains(&card.device),
                Action::AddDevice { invite, card, .. } => self.is_of(*invite) || self.devices.contains(&card.device),
                Action::SetRole { member, role, .. } => self.member == Some(*member) && *role > Role::Viewer,
                _ => false,
            }
    }

    fn is_of(&self, invite: Option<InviteId>) -> bool {
        self.invite.is_some() && self.invite == invite
    }
}

impl Membership {
    /// Whether one entry undoes another.
    fn undoes(&self, taker: usize, other: usize) -> bool {
        let apart = taker != other && !self.nodes[taker].past.has(other) && !self.nodes[other].past.has(taker);
        apart && self.nodes[taker].taking.as_ref().is_some_and(|taking| taking.undoes(&self.nodes[other].entry))
    }

    /// Which of a set of entries count (closed under what each follows), and what they come to.
    pub(super) fn resolve(&self, set: &Bits) -> (Bits, State) {
        let order = self.in_order(set);
        let mut takers: Vec<usize> = order.iter().copied().filter(|at| self.nodes[*at].taking.is_some()).collect();
        takers.sort_by_key(|at| {
            let node = &self.nodes[*at];
            (node.taking.as_ref().map(|taking| taking.seniority), node.depth, node.entry.hash())
        });
        loop {
            let mut standing: Vec<usize> = Vec::new();
            for taker in &takers {
                if !standing.iter().any(|senior| self.undoes(*senior, *taker)) {
                    standing.push(*taker);
                }
            }
            let undone = |at: usize| standing.iter().any(|taker| self.undoes(*taker, at));
            let (counting, state) = self.fold(order.iter().copied().filter(|at| !undone(*at)));
            // What took something away by a right that was itself lost takes nothing away.
            let lost: BTreeSet<usize> = standing.iter().copied().filter(|taker| !counting.has(*taker)).collect();
            if lost.is_empty() {
                return (counting, state);
            }
            takers.retain(|taker| !lost.contains(taker));
        }
    }

    /// What those of a set of entries come to that count.
    pub(super) fn replay(&self, set: &Bits) -> State {
        self.fold(self.in_order(set).into_iter().filter(|at| self.counting.has(*at))).1
    }

    fn fold(&self, order: impl Iterator<Item = usize>) -> (Bits, State) {
        let (mut counting, mut state) = (Bits::default(), State::empty());
        for at in order {
            if state.take(self.nodes[at].placed(&self.places)) {
                counting.add(at);
            }
        }
        (counting, state)
    }

    /// The entries of a set, each after those that it follows and otherwise by their hashes: the same in whatever order they came.
    fn in_order(&self, set: &Bits) -> Vec<usize> {
        let mut awaited: BTreeMap<usize, usize> = BTreeMap::new();
        let mut followers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut ready = BinaryHeap::new();
        for at in set.iter() {
            let parents: Vec<usize> = self.nodes[at].entry.parents.iter().map(|parent| self.places[parent]).collect();
            for parent in &parents {
                followers.entry(*parent).or_default().push(at);
            }
            if parents.is_empty() {
                ready.push(Reverse((self.nodes[at].entry.hash(), at)));
            }
            awaited.insert(at, parents.len());
        }
        let mut order = Vec::with_capacity(awaited.len());
        while let Some(Reverse((_, at))) = ready.pop() {
            order.push(at);
            for follower in followers.remove(&at).unwrap_or_default() {
                let left = awaited.entry(follower).or_insert(1);
                *left -= 1;
                if *left == 0 {
                    ready.push(Reverse((self.nodes[follower].entry.hash(), follower)));
                }
            }
        }
        order
    }
}
