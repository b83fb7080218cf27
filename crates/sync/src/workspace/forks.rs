//! Devices with two logs, as after a restored backup.
//!
//! A device's log is frozen where another one of it shows. What an owner decides settles it: by removing the device (or taking its
//! member's right to write) they say how far they know which log, and that one stands, for all. Whoever has the other gives it up
//! once they have the one that stands, whole, and not before: it may be that nobody is left who has it. Then an owner decides anew.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction};

use super::Workspace;
use super::exchange::{Batch, News};
use super::rejudge::Gone;
use crate::circle::Circle;
use crate::envelope::{Envelope, hash};
use crate::membership::Mark;
use crate::store;
use crate::{DeviceId, SpaceId, SyncError};

impl Workspace {
    /// The devices of a space whose logs are frozen, since they were forked.
    pub fn frozen(&self, space: SpaceId) -> Result<Vec<DeviceId>, SyncError> {
        Ok(self.read(|connection| store::forks::all(connection, space))?.into_iter().map(|(device, _)| device).collect())
    }

    /// The devices of a space of which another log stands than the one that is here.
    pub(crate) fn awaited(&self, space: SpaceId) -> Result<Vec<DeviceId>, SyncError> {
        self.read(|connection| {
            let mut awaited = Vec::new();
            for (device, _) in store::forks::all(connection, space)? {
                let circle = self.circle_in(connection, space)?;
                awaited.extend(awaited_log(connection, &circle, device)?.map(|mark| mark.device));
            }
            Ok(awaited)
        })
    }

    /// Lets the logs go on that are those which stand, by what is known of the members now.
    pub(super) fn settle_forks(&self, tx: &Transaction<'_>, circle: &Circle) -> Result<(), SyncError> {
        let space = circle.log.space();
        for (device, seq) in store::forks::all(tx, space)? {
            if decided(circle, device, seq).is_some() && awaited_log(tx, circle, device)?.is_none() {
                store::forks::thaw(tx, space, device)?;
                store::forks::drop_branch(tx, space, device, 0)?;
            }
        }
        Ok(())
    }

    /// A device turned out to have two logs, which differ from this number on. Its log is frozen, unless it is known already that
    /// the one here stands. Gives whether people have to be told, since nothing is decided.
    pub(super) fn on_fork(&self, tx: &Transaction<'_>, circle: &Circle, device: DeviceId, seq: u64) -> Result<bool, SyncError> {
        // Who does not belong to the space any more keeps what they had as they had it.
        if !circle.has(self.device()) {
            return Ok(false);
        }
        let decided = decided(circle, device, seq);
        if let Some(mark) = decided
            && is_here(tx, circle, &mark)?
        {
            return Ok(false);
        }
        let new = store::forks::freeze(tx, circle.log.space(), device, seq, self.now())?;
        Ok(new && decided.is_none())
    }

    /// Somebody waits for the logs of these devices that stand. Where one is gone, and that log is not here either, it is waited for
    /// here too: an owner may have to decide anew. (Of one who belongs to the space nobody's word is taken for that.)
    pub(crate) fn doubt(&self, space: SpaceId, devices: &[DeviceId]) -> Result<(), SyncError> {
        self.write(|tx| {
            let circle = self.circle_in(tx, space)?;
            for device in devices.iter().filter(|device| circle.has(self.device()) && !circle.has(**device)) {
                if let Some(mark) = circle.log.stands(*device)
                    && !is_here(tx, &circle, &mark)?
                {
                    store::forks::freeze(tx, space, *device, mark.seq, self.now())?;
                }
            }
            Ok(())
        })
    }

    /// Keeps an envelope of a log apart that is to take the place of the one here; with the last of them it does. Gives whether
    /// it was one.
    pub(super) fn set_aside(
        &self,
        tx: &Transaction<'_>,
        circle: &Circle,
        bytes: &[u8],
        (batch, news): (&mut Batch, &mut News),
    ) -> Result<bool, SyncError> {
        let Some((device, _)) = Envelope::author(bytes) else { return Ok(false) };
        let Some(mark) = awaited_log(tx, circle, device)? else { return Ok(false) };
        let Ok(envelope) = Envelope::decode(bytes) else { return Ok(false) };
        let space = circle.log.space();
        let known = store::log::hash_of(tx, space, device, envelope.seq)? == Some(hash(bytes));
        let fits = envelope.space == space && (1..=mark.seq).contains(&envelope.seq) && envelope.is_signed();
        if known || !fits || (envelope.seq == mark.seq && hash(bytes) != mark.hash) || !store::forks::put_aside(tx, &envelope, bytes)? {
            return Ok(false);
        }
        if envelope.seq == mark.seq {
            self.change_over(tx, circle, device, (batch, news))?;
        }
        Ok(true)
    }

    /// Puts the log that was kept apart in the place of what differs from it here. What this device made on top of what goes is
    /// made anew.
    fn change_over(
        &self,
        tx: &Transaction<'_>,
        circle: &Circle,
        device: DeviceId,
        (batch, news): (&mut Batch, &mut News),
    ) -> Result<(), SyncError> {
        let space = circle.log.space();
        let Some((from, _)) = store::forks::next(tx, space, device, 0)? else { return Ok(()) };
        let mut touched = Vec::new();
        for document in store::log::documents_from(tx, space, device, from)? {
            let before = store::documents::rows_and(tx, &circle.keys, document, &BTreeSet::new())?;
            let gone: Gone = store::log::places_from(tx, document, device, from)?.into_iter().map(|place| (place, device)).collect();
            touched.push((document, before, gone));
        }
        store::log::drop_from(tx, circle, (device, from), self.now())?;
        // The other log is taken in as what comes from outside is, which a frozen one is not.
        store::forks::thaw(tx, space, device)?;
        let mut after = 0;
        while let Some((seq, bytes)) = store::forks::next(tx, space, device, after)? {
            after = seq;
            self.receive_one(tx, space, &bytes, batch, news)?;
        }
        store::forks::drop_branch(tx, space, device, 0)?;
        let circle = self.circle_in(tx, space)?;
        for (document, before, gone) in touched {
            self.take_back_from(tx, &circle, document, (&before, &gone))?;
            news.changed.insert(document);
        }
        Ok(())
    }
}

/// Which of two logs of a device stands that differ from this number on, if owners have decided that.
fn decided(circle: &Circle, device: DeviceId, seq: u64) -> Option<Mark> {
    let gone = !circle.has(device);
    circle.log.stands(device).filter(|mark| gone || seq <= mark.seq)
}

/// Whether a log is the one that is here, as far as it counts.
fn is_here(connection: &Connection, circle: &Circle, mark: &Mark) -> Result<bool, SyncError> {
    Ok(mark.seq == 0 || store::log::hash_of(connection, circle.log.space(), mark.device, mark.seq)? == Some(mark.hash))
}

/// The log of a device that stands, where another one is here and frozen.
fn awaited_log(connection: &Connection, circle: &Circle, device: DeviceId) -> Result<Option<Mark>, SyncError> {
    let Some(seq) = store::forks::frozen(connection, circle.log.space(), device)? else { return Ok(None) };
    let Some(mark) = decided(circle, device, seq) else { return Ok(None) };
    Ok(if is_here(connection, circle, &mark)? { None } else { Some(mark) })
}
