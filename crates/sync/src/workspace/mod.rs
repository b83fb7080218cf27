//! What a surface holds: the spaces and scores of this device.

mod open_score;

use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::Duration;

use bandpro_notation::model::Score;

use crate::envelope::Reason;
use crate::{DeviceId, ScoreId, SpaceId, SyncError};

pub use open_score::{Committed, OpenScore};

/// How to open a data folder.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the other devices call this one.
    pub device_name: String,
    /// What this person's own space is called when it is made at first start.
    pub own_space_name: String,
    /// How long to wait for another process that is writing.
    pub patience: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { device_name: "this device".into(), own_space_name: "My scores".into(), patience: Duration::from_secs(10) }
    }
}

/// A space of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Which.
    pub id: SpaceId,
    /// What it is called.
    pub name: String,
    /// Whether it is this person's own, made at first start.
    pub own: bool,
    /// The devices in it with their names, this one among them.
    pub devices: Vec<(DeviceId, String)>,
}

/// A score in the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreEntry {
    /// Which.
    pub id: ScoreId,
    /// The space it lives in.
    pub space: SpaceId,
    /// Its title; empty where it has none.
    pub title: String,
    /// Who wrote it.
    pub composer: String,
    /// The names of its parts, in score order.
    pub parts: Vec<String>,
    /// How many measures it has.
    pub measures: usize,
    /// When the last change reached this device, in milliseconds since 1970 (UTC).
    pub modified: u64,
}

/// A change that was refused or is kept without being applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    /// The space it came for.
    pub space: SpaceId,
    /// Who wrote it (or is said to have).
    pub device: DeviceId,
    /// Its number in that device's log.
    pub seq: u64,
    /// The score it is about, where that is known.
    pub score: Option<ScoreId>,
    /// Why.
    pub reason: Reason,
}

/// What happened to the documents, for whoever listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkspaceEvent {
    /// Changes of a score reached the log, from another device, another process or another handle: [`OpenScore::poll_remote`].
    ScoreChanged(ScoreId),
    /// The list of scores or spaces changed.
    LibraryChanged,
    /// A change was refused.
    Refused(RefusedChange),
}

/// The documents of this device. A handle: clones share one state, and any thread may call. Several processes may have the
/// same folder open.
#[derive(Clone, Debug)]
pub struct Workspace {}

impl Workspace {
    /// Opens a data folder, and makes what is missing: the folder, the device's key, the database, this person's own space.
    pub fn open(folder: &Path, options: Options) -> Result<Self, SyncError> { let _ = (folder, options); todo!() }
    /// This device.
    pub fn device(&self) -> DeviceId { todo!() }
    /// The spaces, this person's own first.
    pub fn spaces(&self) -> Result<Vec<Space>, SyncError> { todo!() }
    /// This person's own space.
    pub fn own_space(&self) -> SpaceId { todo!() }
    /// Makes a space for a band, with this device in it.
    pub fn create_space(&self, name: &str) -> Result<SpaceId, SyncError> { let _ = name; todo!() }
    /// The scores that are not deleted, most recently changed first.
    pub fn scores(&self) -> Result<Vec<ScoreEntry>, SyncError> { todo!() }
    /// The score with this identifier or, alone, with this beginning of one.
    pub fn find_score(&self, text: &str) -> Result<ScoreId, SyncError> { let _ = text; todo!() }
    /// The library's entry of a score.
    pub fn score(&self, id: ScoreId) -> Result<ScoreEntry, SyncError> { let _ = id; todo!() }
    /// Stores a score as a new document of a space. Durable on return.
    pub fn import_score(&self, space: SpaceId, score: &Score) -> Result<ScoreId, SyncError> { let _ = (space, score); todo!() }
    /// Opens a score.
    pub fn open_score(&self, id: ScoreId) -> Result<OpenScore, SyncError> { let _ = id; todo!() }
    /// Takes a score out of the library on all devices of its space. It can be brought back.
    pub fn delete_score(&self, id: ScoreId) -> Result<(), SyncError> { let _ = id; todo!() }
    /// Brings a deleted score back.
    pub fn restore_score(&self, id: ScoreId) -> Result<(), SyncError> { let _ = id; todo!() }
    /// Gives a score another title. An [`OpenScore`] of it sees that as a remote change.
    pub fn rename_score(&self, id: ScoreId, title: &str) -> Result<(), SyncError> { let _ = (id, title); todo!() }
    /// What happens from now on, as long as the receiver is kept.
    pub fn events(&self) -> Receiver<WorkspaceEvent> { todo!() }
    /// The changes that were refused or kept without being applied, newest first.
    pub fn refused(&self) -> Result<Vec<RefusedChange>, SyncError> { todo!() }
    /// A setting of this device.
    pub fn setting(&self, key: &str) -> Result<Option<String>, SyncError> { let _ = key; todo!() }
    /// Keeps a setting of this device.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), SyncError> { let _ = (key, value); todo!() }
    /// Throws all caches away and makes them again from the log.
    pub fn rebuild(&self) -> Result<(), SyncError> { todo!() }
}
