//! Faults of the disk, planned by a simulation, and images of what is durable.

use rusqlite::{Connection, MAIN_DB, ffi};

use super::Store;
use crate::SyncError;

/// A fault of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The process dies before a write is durable.
    Before,
    /// The process dies after a write is durable and before anybody is told.
    After,
    /// There is no room for a write.
    Full,
}

impl Fault {
    /// What the database says then.
    pub(super) fn error(self) -> rusqlite::Error {
        let code = if self == Self::Full { ffi::SQLITE_FULL } else { ffi::SQLITE_IOERR };
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
    }
}

/// When a fault comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many writes go well before it.
    pub writes: u32,
    /// How many writes it strikes.
    pub times: u32,
    /// The fault.
    pub fault: Fault,
}

impl Plan {
    /// Nothing is written any more.
    pub const fn dead() -> Self {
        Self { writes: 0, times: u32::MAX, fault: Fault::Before }
    }
}

/// The fault that strikes the write which comes now.
pub(super) fn due(plan: &mut Option<Plan>) -> Option<Fault> {
    let now = plan.as_mut()?;
    if now.writes > 0 {
        now.writes -= 1;
        return None;
    }
    let fault = now.fault;
    now.times = now.times.saturating_sub(1);
    if now.times == 0 {
        *plan = None;
    }
    Some(fault)
}

impl Store {
    /// A database in memory, from an image of another.
    pub(crate) fn from_image(image: Option<&[u8]>) -> Result<Self, SyncError> {
        let Some(image) = image else { return Self::in_memory() };
        let mut connection = Connection::open_in_memory()?;
        connection.deserialize_read_exact(MAIN_DB, image, image.len(), false)?;
        Self::prepare(&mut connection, std::path::Path::new(":memory:"))?;
        Ok(Self::on(connection))
    }

    /// An image of what is durable.
    pub(crate) fn image(&mut self) -> Result<Vec<u8>, SyncError> {
        Ok(self.connection.serialize(MAIN_DB)?.to_vec())
    }
}
