//! The spaces of this device from inside: their membership logs and keys, and what this device signs in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use automerge::Change;
use rusqlite::{Connection, Transaction};

use super::{Workspace, lock};
use crate::circle::{Circle, Taken};
use crate::membership::{Action, Drafting, Entry, Inserted, Kind, Membership, Person};
use crate::store::membership::Part;
use crate::store::{self, Sealing};
use crate::{ScoreId, SpaceId, SyncError, WorkspaceEvent};

/// What was read of each space, up to which place of the table of entries.
pub(super) type Circles = BTreeMap<SpaceId, (i64, Arc<Circle>)>;

impl Workspace {
    /// A space from inside: who belongs to it, and its keys.
    pub fn circle(&self, space: SpaceId) -> Result<Arc<Circle>, SyncError> {
        self.read(|connection| self.circle_in(connection, space))
    }

    /// A space from inside, as of a transaction.
    pub(super) fn circle_in(&self, connection: &Connection, space: SpaceId) -> Result<Arc<Circle>, SyncError> {
        match self.circle_if_any(connection, space)? {
            Some(circle) => Ok(circle),
            None if store::membership::part(connection, space)?.is_some() => Err(store::damaged(format!("space {space} has no members"))),
            None => Err(SyncError::UnknownSpace(space)),
        }
    }

    fn circle_if_any(&self, connection: &Connection, space: SpaceId) -> Result<Option<Arc<Circle>>, SyncError> {
        let end = store::membership::end(connection, space)?;
        if end == 0 {
            return Ok(None);
        }
        let mut circles = lock(&self.inner.circles);
        let (read, known) = circles.get(&space).map_or_else(|| (0, None), |(read, circle)| (*read, Some(Arc::clone(circle))));
        if let Some(circle) = known.clone().filter(|_| read == end) {
            return Ok(Some(circle));
        }
        let mut circle = match known {
            Some(circle) => (*circle).clone(),
            None => Circle::with_keys(space, &Self::carried_keys(connection, space)?, self.identity()),
        };
        let entries = store::membership::entries(connection, space, read)?.into_iter().map(|(_, entry)| entry).collect();
        circle.take(entries, self.identity());
        let circle = Arc::new(circle);
        circles.insert(space, (end, Arc::clone(&circle)));
        Ok(Some(circle))
    }

    fn sealing<'a>(&'a self, circle: &'a Circle) -> Result<Sealing<'a>, SyncError> {
        Ok(Sealing { identity: self.identity(), circle, nonce: self.random()?, now: self.now() })
    }

    /// Seals a change of this device and appends it to the log. Gives its place there.
    pub(super) fn append(&self, tx: &Connection, (space, document): (SpaceId, ScoreId), change: Change) -> Result<i64, SyncError> {
        let circle = self.circle_in(tx, space)?;
        if !circle.has(self.device()) {
            return Err(SyncError::NoMember);
        }
        self.is_still_this_device(tx)?;
        store::log::append(tx, self.sealing(&circle)?, document, change)
    }

    /// Draws up something for the membership log of a space.
    pub(super) fn draft<T>(&self, circle: &Circle, draft: impl FnOnce(&mut Drafting<'_>, &Circle) -> T) -> Result<T, SyncError> {
        let mut failed = Ok(());
        let mut random = |bytes: &mut [u8]| {
            if let Err(error) = self.inner.world.fill(bytes) {
                failed = Err(error);
            }
        };
        let mut drafting = Drafting { identity: self.identity(), time: self.now() / 1000, random: &mut random };
        let drafted = draft(&mut drafting, circle);
        failed.map(|()| drafted)
    }

    /// Signs an entry of the membership log. Fails where this person's role does not allow it.
    pub(super) fn sign(&self, tx: &Transaction<'_>, space: SpaceId, action: Action) -> Result<(), SyncError> {
        self.is_still_this_device(tx)?;
        let before = self.circle_in(tx, space)?;
        let entry = self.draft(&before, |drafting, circle| drafting.entry(&circle.log, action))??;
        let mut after = before.log.clone();
        if after.insert(entry.clone()) != Inserted::New {
            return Err(SyncError::NotAllowed { deed: "govern" });
        }
        store::membership::insert(tx, space, &entry)?;
        // It travels sealed under what was known before: who only gets the new key by it could not open it otherwise.
        if before.log.place_to_write(&before.keys).is_some() {
            store::log::append_entry(tx, self.sealing(&before)?, &entry)?;
        }
        self.after_members_changed(tx, space, &before)
    }

    /// Founds a space.
    pub(super) fn found(&self, tx: &Transaction<'_>, kind: Kind, name: &str, part: Part) -> Result<SpaceId, SyncError> {
        let (person, device_name) = (self.person_in(tx)?, self.device_name_in(tx)?);
        self.found_as(tx, (kind, name, part), person, &device_name)
    }

    fn found_as(
        &self,
        tx: &Transaction<'_>,
        (kind, name, part): (Kind, &str, Part),
        person: Person,
        device_name: &str,
    ) -> Result<SpaceId, SyncError> {
        let nothing = Circle::new(SpaceId([0; 16]));
        let log: Membership = self.draft(&nothing, |drafting, _| drafting.found(kind, name, person, device_name))??;
        let space = log.space();
        store::membership::add_space(tx, space, &log.state().name, part, self.now())?;
        for entry in log.entries() {
            store::membership::insert(tx, space, entry)?;
        }
        Ok(space)
    }

    /// Takes in entries of the membership log of a space that came from outside.
    pub(super) fn take_entries(&self, tx: &Transaction<'_>, space: SpaceId, entries: Vec<Entry>) -> Result<Taken, SyncError> {
        let before = self.circle_if_any(tx, space)?.unwrap_or_else(|| Arc::new(Circle::new(space)));
        let mut circle = (*before).clone();
        let taken = circle.take(entries, self.identity());
        for entry in &taken.new {
            store::membership::insert(tx, space, entry)?;
        }
        if !taken.new.is_empty() {
            self.after_members_changed(tx, space, &before)?;
        }
        Ok(taken)
    }

    /// What follows once entries were added: the name in the list, judging anew what may be judged otherwise now, forks that are
    /// settled, and whether this device still belongs to the space.
    fn after_members_changed(&self, tx: &Transaction<'_>, space: SpaceId, before: &Circle) -> Result<(), SyncError> {
        let circle = self.circle_in(tx, space)?;
        store::membership::set_name(tx, space, &circle.log.state().name)?;
        let here = |circle: &Circle| circle.has(self.device());
        // Who does not belong to it any more agrees with nobody: what they had stays as they had it, what they wrote before they
        // heard of it too. If they come back, it is judged then.
        if here(&circle) {
            self.settle_forks(tx, &circle)?;
            self.rejudge(tx, &circle, before)?;
        }
        match (here(before), here(&circle)) {
            (true, false) => self.go_out(tx, before)?,
            (false, true) if store::membership::part(tx, space)?.is_some_and(|part| !part.is_here()) => {
                store::membership::set_part(tx, space, Part::Other)?;
            }
            _ => {}
        }
        self.tell(WorkspaceEvent::MembersChanged(space));
        Ok(())
    }

    /// What follows when this device does not belong to a space any more. Where that was this person's own, it gets another one.
    fn go_out(&self, tx: &Transaction<'_>, before: &Circle) -> Result<(), SyncError> {
        let (space, state) = (before.log.space(), before.log.state());
        let part = store::membership::part(tx, space)?;
        store::membership::set_part(tx, space, Part::Left)?;
        if let Some(part @ (Part::Own | Part::Private)) = part
            && let (Some(device), Some((_, member))) = (state.device(self.device()), state.member_of(self.device()))
        {
            let fresh = self.found_as(tx, (state.kind, &state.name, part), member.person.clone(), &device.name)?;
            let mut home = lock(&self.inner.home);
            *(if part == Part::Own { &mut home.0 } else { &mut home.1 }) = fresh;
        }
        self.tell(WorkspaceEvent::Left(space));
        Ok(())
    }

    /// Does what is left to an owner's device where others acted without knowing of each other, or somebody left.
    pub(super) fn tend(&self, tx: &Transaction<'_>, space: SpaceId) -> Result<(), SyncError> {
        // A new key, then handing it over; never more than the two.
        for _ in 0..2 {
            let circle = self.circle_in(tx, space)?;
            let action = self.draft(&circle, |drafting, circle| drafting.tend(&circle.log, &circle.keys))?;
            match action {
                Some(action) => self.sign(tx, space, action)?,
                None => break,
            }
        }
        Ok(())
    }
}
