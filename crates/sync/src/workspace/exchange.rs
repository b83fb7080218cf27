//! What the network needs of the workspace: logs out, envelopes in, who may come in.

use std::collections::{BTreeMap, BTreeSet};

use super::{Workspace, now};
use crate::envelope::Envelope;
use crate::protocol::Refusal;
use crate::store::log::LogPage;
use crate::store::{self, Admission, Received};
use crate::{DeviceId, RefusedChange, ScoreId, SpaceId, SyncError, WorkspaceEvent};

/// What became of a batch of envelopes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Batch {
    /// How many are new in the log.
    pub stored: u64,
    /// The first envelope of each device that was kept out of the log; nothing of that device after it was looked at.
    pub refused: Vec<RefusedChange>,
}

/// The name of a space, and its devices with theirs.
pub(crate) type NamedMembers = (String, Vec<(DeviceId, String)>);

impl Workspace {
    /// How far each device's log of a space is known here.
    pub(crate) fn vector(&self, space: SpaceId) -> Result<BTreeMap<DeviceId, u64>, SyncError> {
        self.read(|connection| store::log::vector(connection, space))
    }

    /// A stretch of the log of a space that someone lacks.
    pub(crate) fn log_page(
        &self,
        space: SpaceId,
        after: i64,
        known: &BTreeMap<DeviceId, u64>,
        max_bytes: usize,
    ) -> Result<LogPage, SyncError> {
        self.read(|connection| store::log::page(connection, space, after, known, max_bytes))
    }

    /// A number that changes whenever another process writes.
    pub(crate) fn outside_version(&self) -> Result<i64, SyncError> {
        self.read(|connection| Ok(connection.pragma_query_value(None, "data_version", |row| row.get(0))?))
    }

    /// Judges and stores envelopes that came from outside, in one transaction. Durable on return.
    pub(crate) fn receive(&self, space: SpaceId, envelopes: &[Vec<u8>]) -> Result<Batch, SyncError> {
        let mut changed: BTreeSet<ScoreId> = BTreeSet::new();
        let mut kept = Vec::new();
        let batch = self.write(|tx| {
            let mut batch = Batch::default();
            for bytes in envelopes {
                let author = Envelope::author(bytes).map(|(device, _)| device);
                if batch.refused.iter().any(|refused| Some(refused.device) == author) {
                    continue;
                }
                match store::log::receive(tx, space, bytes, now())? {
                    Received::Applied(document) => {
                        batch.stored += 1;
                        changed.insert(document);
                    }
                    Received::Kept(device, seq, score, reason) => {
                        batch.stored += 1;
                        kept.push(RefusedChange { space, device, seq, score, reason });
                    }
                    Received::Known => {}
                    Received::Refused(author, reason) => {
                        let (device, seq) = author.unwrap_or((DeviceId([0; 32]), 0));
                        batch.refused.push(RefusedChange { space, device, seq, score: None, reason });
                    }
                }
            }
            Ok(batch)
        })?;
        let known: BTreeSet<ScoreId> = self.read(store::scores::known)?;
        let library = changed.iter().any(|id| !known.contains(id));
        changed.into_iter().for_each(|id| self.tell(WorkspaceEvent::ScoreChanged(id)));
        kept.into_iter().chain(batch.refused.clone()).for_each(|refused| self.tell(WorkspaceEvent::Refused(refused)));
        if library {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        Ok(batch)
    }

    /// Decides whether a device may come into a space.
    pub(crate) fn admit(
        &self,
        space: SpaceId,
        device: (DeviceId, &str),
        secret: Option<&[u8; 16]>,
        seconds: u64,
    ) -> Result<Result<Admission, Refusal>, SyncError> {
        let admitted = self.write(|tx| store::members::admit(tx, space, device, secret, seconds))?;
        if admitted == Ok(Admission::Joined) {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        Ok(admitted)
    }

    /// Keeps an invitation.
    pub(crate) fn invite(&self, space: SpaceId, secret: &[u8; 16], expires: u64, uses: Option<u32>) -> Result<(), SyncError> {
        self.write(|tx| {
            if !store::members::is_member(tx, space, self.device())? {
                return Err(SyncError::UnknownSpace(space));
            }
            store::members::add_invite(tx, space, secret, expires, uses)
        })
    }

    /// Enters a space that took this device in.
    pub(crate) fn enter(&self, space: SpaceId, name: &str) -> Result<(), SyncError> {
        self.write(|tx| {
            store::members::add_space(tx, space, name, false, now())?;
            store::members::add_member(tx, space, self.device(), self.device_name(), now())
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(())
    }

    /// The name of a space and its devices; nothing where this device is not in it.
    pub(crate) fn roster(&self, space: SpaceId) -> Result<Option<NamedMembers>, SyncError> {
        self.read(|connection| {
            let Some(name) = store::members::space_name(connection, space)? else { return Ok(None) };
            Ok(Some((name, store::members::members(connection, space)?)))
        })
    }

    /// Takes in the devices of a space as a member knows them. Gives whether one was new.
    pub(crate) fn add_members(&self, space: SpaceId, devices: &[(DeviceId, String)]) -> Result<bool, SyncError> {
        let new = self.write(|tx| {
            let mut new = false;
            for (device, name) in devices {
                new |= store::members::add_member(tx, space, *device, name, now())?;
            }
            Ok(new)
        })?;
        if new {
            self.tell(WorkspaceEvent::LibraryChanged);
        }
        Ok(new)
    }

    /// Where a device was last met, as the network wrote it.
    pub(crate) fn address_of(&self, device: DeviceId) -> Result<Option<Vec<u8>>, SyncError> {
        self.read(|connection| store::members::address(connection, device))
    }

    /// Remembers where a device was met.
    pub(crate) fn remember_address(&self, device: DeviceId, address: &[u8]) -> Result<(), SyncError> {
        self.write(|tx| store::members::put_address(tx, device, address, now()))
    }
}
