//! What the network needs of the workspace: logs out, envelopes and membership in, who may come in.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Transaction;

use super::{Workspace, lock};
use crate::circle::Circle;
use crate::envelope::{Envelope, Hash, Reason};
use crate::membership::{Entry, Kind, Mark, Offer};
use crate::protocol::{Agreed, Asking, Refusal};
use crate::store::log::LogPage;
use crate::store::membership::Part;
use crate::store::{self, Received};
use crate::{DeviceId, RefusedChange, Request, ScoreId, SpaceId, SyncError, WorkspaceEvent};

/// What became of a batch of envelopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Batch {
    /// How many are new in the log.
    pub stored: u64,
    /// The first envelope of each device that was kept out of the log; nothing of that device after it was looked at.
    pub refused: Vec<RefusedChange>,
}

/// Entries of a membership log that someone lacks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct MembersPage {
    pub entries: Vec<Vec<u8>>,
    /// The heads of the log that these lead to.
    pub heads: Vec<Hash>,
}

/// What is told of those who came with a batch, once it is stored.
#[derive(Default)]
pub(super) struct News {
    pub changed: BTreeSet<ScoreId>,
    kept: Vec<RefusedChange>,
    forked: Vec<DeviceId>,
}

impl Workspace {
    /// How far each device's log of a space is known here.
    pub fn vector(&self, space: SpaceId) -> Result<BTreeMap<DeviceId, u64>, SyncError> {
        self.read(|connection| store::log::vector(connection, space))
    }

    /// How far each device's log of a space is known here, and by which envelope.
    pub(crate) fn marks_of(&self, space: SpaceId) -> Result<Vec<Mark>, SyncError> {
        self.read(|connection| {
            let vector = store::log::vector(connection, space)?;
            vector.into_keys().map(|device| store::log::mark(connection, space, device)).collect()
        })
    }

    /// What someone has of the logs as they are here, who has told how far they know them. Where their log of a device is another
    /// one, they are taken not to have the envelope that shows it.
    pub(crate) fn agreed(&self, space: SpaceId, theirs: &[Mark]) -> Result<Agreed, SyncError> {
        let wanted = self.awaited(space)?;
        self.read(|connection| {
            let mut agreed = Agreed { wanted, ..Agreed::default() };
            for Mark { device, seq, hash } in theirs {
                let here = store::log::hash_of(connection, space, *device, *seq)?;
                let parted = here.is_some_and(|here| here != *hash);
                agreed.known.push((*device, seq.saturating_sub(u64::from(parted))));
                agreed.parted.extend(parted.then_some(*device));
            }
            Ok(agreed)
        })
    }

    /// A stretch of the log of a space that someone lacks, and the membership entries that it may build on.
    pub(crate) fn log_page(
        &self,
        space: SpaceId,
        (after, known, told): (i64, &BTreeMap<DeviceId, u64>, &[Hash]),
        max_bytes: usize,
    ) -> Result<(LogPage, MembersPage), SyncError> {
        self.read(|connection| {
            let page = store::log::page(connection, space, after, known, max_bytes)?;
            Ok((page, members_page(&*self.circle_in(connection, space)?, told)))
        })
    }

    /// A number that changes whenever another process writes.
    pub(crate) fn outside_version(&self) -> Result<i64, SyncError> {
        self.read(|connection| Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }

    /// Judges and stores what came from outside, in one transaction: entries of the membership log, then envelopes. Durable on
    /// return.
    pub(crate) fn receive(&self, space: SpaceId, members: &[Vec<u8>], envelopes: &[Vec<u8>]) -> Result<Batch, SyncError> {
        let mut news = News::default();
        let batch = self.write(|tx| {
            let mut batch = Batch::default();
            let entries: Vec<Entry> = members.iter().filter_map(|bytes| Entry::decode(bytes).ok()).collect();
            if !entries.is_empty() {
                self.take_entries(tx, space, entries)?;
            }
            for bytes in envelopes {
                let author = Envelope::author(bytes).map(|(device, _)| device);
                if !batch.refused.iter().any(|refused| Some(refused.device) == author) {
                    self.receive_one(tx, space, bytes, &mut batch, &mut news)?;
                }
            }
            self.tend(tx, space)?;
            Ok(batch)
        })?;
        let known: BTreeSet<ScoreId> = self.read(store::scores::known)?;
        let library = news.changed.iter().any(|id| !known.contains(id));
        news.changed.into_iter().for_each(|id| self.tell(WorkspaceEvent::ScoreChanged(id)));
        news.kept.into_iter().chain(batch.refused.clone()).for_each(|refused| self.tell(WorkspaceEvent::Refused(refused)));
        news.forked.into_iter().for_each(|device| self.tell(WorkspaceEvent::Forked { space, device }));
        if library {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        Ok(batch)
    }

    pub(super) fn receive_one(
        &self,
        tx: &Transaction<'_>,
        space: SpaceId,
        bytes: &[u8],
        batch: &mut Batch,
        news: &mut News,
    ) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        if self.set_aside(tx, &circle, bytes, (batch, news))? {
            batch.stored += 1;
            return Ok(());
        }
        let refused = |author: Option<(DeviceId, u64)>, reason| {
            let (device, seq) = author.unwrap_or((DeviceId([0; 32]), 0));
            RefusedChange { space, device, seq, score: None, reason }
        };
        match store::log::receive(tx, &circle, bytes, self.now())? {
            Received::Applied(document) => {
                batch.stored += 1;
                news.changed.insert(document);
            }
            Received::Kept(device, seq, score, reason) => {
                batch.stored += 1;
                news.kept.push(RefusedChange { space, device, seq, score, reason });
            }
            Received::Entry(entry) => {
                let hash = entry.hash();
                let taken = self.take_entries(tx, space, vec![*entry])?;
                if taken.waiting > 0 {
                    batch.refused.push(refused(Envelope::author(bytes), Reason::Membership));
                } else {
                    let known = self.circle_in(tx, space)?.log.has(&hash);
                    store::log::keep_entry(tx, bytes, (!known).then_some(Reason::Body), self.now())?;
                    batch.stored += 1;
                }
            }
            Received::Known => {}
            Received::Refused(author, reason) => {
                if let (Some((device, seq)), Reason::Fork) = (author, reason)
                    && self.on_fork(tx, &circle, device, seq)?
                {
                    news.forked.push(device);
                }
                batch.refused.push(refused(author, reason));
            }
        }
        Ok(())
    }

    /// Decides whether a device may come into a space, and lets it in where its ticket says so.
    pub(crate) fn admit(
        &self,
        space: SpaceId,
        peer: DeviceId,
        (asking, introduction): (&Asking, &[Vec<u8>]),
    ) -> Result<Result<(), Refusal>, SyncError> {
        self.take_introduction(space, peer, introduction)?;
        let (admitted, asked_before) = self.write(|tx| {
            let asked_before = store::requests::get(tx, space, peer)?.is_some();
            Ok((self.decide(tx, space, peer, asking)?, asked_before))
        })?;
        // They ask again until somebody answers; that is told once.
        if admitted == Err(Refusal::Waiting)
            && !asked_before
            && let Some(request) = self.requests()?.into_iter().find(|request| request.space == space && request.device == peer)
        {
            self.tell(WorkspaceEvent::Asked(request));
        }
        if admitted.is_ok() {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        Ok(admitted)
    }

    fn decide(&self, tx: &Transaction<'_>, space: SpaceId, peer: DeviceId, asking: &Asking) -> Result<Result<(), Refusal>, SyncError> {
        if store::membership::part(tx, space)?.is_none_or(|part| !part.is_here()) {
            return Ok(Err(Refusal::UnknownSpace));
        }
        let circle = self.circle_in(tx, space)?;
        let state = circle.log.state();
        if state.device(peer).is_some() {
            return Ok(Ok(()));
        }
        let was_here = if state.devices.contains_key(&peer) { Refusal::Removed } else { Refusal::NotAMember };
        let Some(secret) = asking.secret.filter(|_| asking.card.device == peer && asking.card.is_genuine()) else {
            return Ok(Err(was_here));
        };
        let proof = crate::membership::proof_of(&secret);
        let Some((invite, found)) = state.invites.iter().find(|(_, invite)| invite.proof == proof) else {
            return Ok(Err(Refusal::Ticket));
        };
        if found.revoked || found.left == 0 {
            return Ok(Err(Refusal::Ticket));
        }
        if self.now() / 1000 >= found.expires {
            return Ok(Err(Refusal::Expired));
        }
        let request = store::requests::get(tx, space, peer)?;
        if request.is_some_and(|request| request.declined) {
            return Ok(Err(Refusal::Declined));
        }
        let mine = state.member_of(self.device());
        match found.offer {
            Offer::Device if mine.is_none_or(|(member, _)| member != found.by) => Ok(Err(Refusal::NotTheirs)),
            Offer::Member(_) if mine.is_none_or(|(_, member)| member.role != crate::membership::Role::Owner) => Ok(Err(Refusal::NotTheirs)),
            _ if found.confirm => {
                let (card, person) = (asking.card.clone(), asking.person.clone());
                let asking = store::requests::Asking { space, invite: *invite, card, person, since: self.now(), declined: false };
                let kept = store::requests::add(tx, &asking)?;
                Ok(Err(if kept.is_some() { Refusal::Waiting } else { Refusal::TooMany }))
            }
            offer => {
                self.let_in(tx, space, (Some(*invite), offer), &asking.card, &asking.person)?;
                Ok(Ok(()))
            }
        }
    }

    /// Enters a space that took this device in, or takes in what a member tells of it. Fails where this device does not belong to
    /// it by that.
    pub(crate) fn enter(&self, space: SpaceId, entries: &[Vec<u8>]) -> Result<(), SyncError> {
        self.write(|tx| {
            let entries: Vec<Entry> = entries.iter().filter_map(|bytes| Entry::decode(bytes).ok()).collect();
            let new = store::membership::part(tx, space)?.is_none();
            if new {
                store::membership::add_space(tx, space, "", Part::Other, self.now())?;
            }
            self.take_entries(tx, space, entries)?;
            let circle = self.circle_in(tx, space).map_err(|_| SyncError::TurnedAway(Refusal::NotAMember))?;
            let Some((member, _)) = circle.log.state().member_of(self.device()) else {
                return Err(SyncError::TurnedAway(Refusal::NotAMember));
            };
            store::requests::answered(tx, space)?;
            if new {
                let founded = circle.log.founder() == Some(member);
                self.settle_in(tx, space, circle.log.state().kind, founded)?;
            }
            self.tend(tx, space)
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// What follows when this device comes into a space: a person's own takes the place of the one made at first start; into a
    /// band's, the person's other devices come too.
    fn settle_in(&self, tx: &Transaction<'_>, space: SpaceId, kind: Kind, founded: bool) -> Result<(), SyncError> {
        let mut home = lock(&self.inner.home);
        let (place, part) = match kind {
            Kind::Personal if founded => (&mut home.0, Part::Own),
            Kind::Private if founded => (&mut home.1, Part::Private),
            _ => {
                drop(home);
                return self.bring_own_devices(tx, space);
            }
        };
        let empty = !store::documents::any_in(tx, *place)?;
        store::membership::set_part(tx, *place, if empty { Part::Left } else { Part::Other })?;
        store::membership::set_part(tx, space, part)?;
        *place = space;
        Ok(())
    }

    /// The spaces that another device of this person should be in too, where a device is one.
    pub(crate) fn spaces_in_common(&self, space: SpaceId, peer: DeviceId) -> Result<Vec<SpaceId>, SyncError> {
        self.read(|connection| {
            let ours = |space: SpaceId| -> Result<bool, SyncError> {
                let circle = self.circle_in(connection, space)?;
                let state = circle.log.state();
                let (mine, theirs) = (state.member_of(self.device()), state.member_of(peer));
                Ok(mine.is_some() && mine.map(|(id, _)| id) == theirs.map(|(id, _)| id))
            };
            let mut common = Vec::new();
            if ours(space)? {
                for listed in store::membership::spaces(connection)?.into_iter().filter(|listed| listed.part.is_here()) {
                    if listed.id != space && ours(listed.id)? {
                        common.push(listed.id);
                    }
                }
            }
            Ok(common)
        })
    }

    /// Whether a device belongs to a space now.
    pub(crate) fn belongs(&self, space: SpaceId, device: DeviceId) -> Result<bool, SyncError> {
        Ok(self.circle(space)?.has(device))
    }

    /// What removed a device from a space, and the entries before that which are not among those known to it nor before them. It
    /// belonged to the space by all of them but the last.
    pub(crate) fn removal_of(&self, space: SpaceId, device: DeviceId, known: &[Hash]) -> Result<Vec<Vec<u8>>, SyncError> {
        let circle = self.circle(space)?;
        let Some(removal) = circle.log.removal_of(device) else { return Ok(Vec::new()) };
        Ok(circle.log.entries_up_to(&[removal.hash()], known).into_iter().map(|entry| entry.bytes().to_vec()).collect())
    }

    /// Takes in what is said to have removed this device from a space.
    pub(crate) fn take_removal(&self, space: SpaceId, entries: &[Vec<u8>]) -> Result<(), SyncError> {
        // Nobody is removed from where they never were.
        if self.has_space(space)? {
            self.receive(space, entries, &[])?;
        }
        Ok(())
    }

    /// The entries of the membership log of a space that someone lacks who has told these heads.
    pub(crate) fn members_after(&self, space: SpaceId, told: &[Hash]) -> Result<MembersPage, SyncError> {
        Ok(members_page(&*self.circle(space)?, told))
    }

    /// The heads of the membership log of a space that are known here; none where the space is not.
    pub(crate) fn members_heads(&self, space: SpaceId) -> Result<Vec<Hash>, SyncError> {
        match self.circle(space) {
            Ok(circle) => Ok(circle.log.heads()),
            Err(SyncError::UnknownSpace(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// Where a device was last met, as the network wrote it.
    pub(crate) fn address_of(&self, device: DeviceId) -> Result<Option<Vec<u8>>, SyncError> {
        self.read(|connection| store::peers::address(connection, device))
    }

    /// Remembers where a device was met.
    pub(crate) fn remember_address(&self, device: DeviceId, address: &[u8]) -> Result<(), SyncError> {
        self.write(|tx| store::peers::put_address(tx, device, address, self.now()))
    }

    /// Those who wait for an answer.
    pub fn requests(&self) -> Result<Vec<Request>, SyncError> {
        let request = |asking: store::requests::Asking| Request {
            space: asking.space,
            person: asking.person,
            device: asking.card.device,
            device_name: asking.card.name,
            invite: asking.invite,
            since: asking.since,
        };
        Ok(self.read(store::requests::waiting)?.into_iter().map(request).collect())
    }
}

fn members_page(circle: &Circle, told: &[Hash]) -> MembersPage {
    let entries = circle.log.entries_after(told).into_iter().map(|entry| entry.bytes().to_vec()).collect();
    MembersPage { entries, heads: circle.log.heads() }
}
