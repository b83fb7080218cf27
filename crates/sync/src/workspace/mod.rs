//! What a surface holds: the spaces and scores of this device.

mod documents;
mod entries;
mod exchange;
#[cfg(test)]
mod hostile;
mod open_score;
mod relays;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bandpro_notation::model::Score;
use rusqlite::{Connection, Transaction};

use crate::document::{Document, encode_model};
use crate::identity::Identity;
use crate::store::{self, Cache, Store};
use crate::{DeviceId, ScoreId, SpaceId, SyncError};

pub use entries::{RefusedChange, ScoreEntry, Space, WorkspaceEvent};
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

/// Listens until it says that it has heard enough.
type Listener = Box<dyn Fn(&WorkspaceEvent) -> bool + Send>;

struct Inner {
    folder: PathBuf,
    device_name: String,
    identity: Identity,
    own_space: SpaceId,
    store: Mutex<Store>,
    listeners: Mutex<Vec<Listener>>,
}

/// The documents of this device. A handle: clones share one state, and any thread may call. Several processes may have the
/// same folder open.
#[derive(Clone)]
pub struct Workspace {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Workspace").field("folder", &self.inner.folder).field("device", &self.device()).finish_non_exhaustive()
    }
}

/// Fresh random bytes of the system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], SyncError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| SyncError::Randomness(error.to_string()))?;
    Ok(bytes)
}

/// Milliseconds since 1970 (UTC).
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while it was held leaves SQLite's own state whole: its transaction was rolled back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workspace {
    /// Opens a data folder, and makes what is missing: the folder, the device's key, the database, this person's own space.
    pub fn open(folder: &Path, options: Options) -> Result<Self, SyncError> {
        fs::create_dir_all(folder).map_err(|source| SyncError::Folder { path: folder.to_owned(), source })?;
        let identity = Identity::open(folder)?;
        Self::with(folder, identity, Store::open(folder, options.patience)?, options)
    }

    /// A workspace that leaves nothing behind, for tests and simulations.
    pub fn in_memory(secret: [u8; 32], options: Options) -> Result<Self, SyncError> {
        Self::with(Path::new(":memory:"), Identity::from_secret(&secret), Store::in_memory()?, options)
    }

    fn with(folder: &Path, identity: Identity, mut store: Store, options: Options) -> Result<Self, SyncError> {
        let fresh = SpaceId(random()?);
        let own_space = store.write(|tx| -> Result<SpaceId, SyncError> {
            let own = match store::members::own_space(tx)? {
                Some(own) => own,
                None => {
                    store::members::add_space(tx, fresh, &options.own_space_name, true, now())?;
                    store::members::add_member(tx, fresh, identity.device(), &options.device_name, now())?;
                    fresh
                }
            };
            for space in store::members::spaces(tx)? {
                store::members::rename_member(tx, space.id, identity.device(), &options.device_name)?;
            }
            Ok(own)
        })?;
        let inner = Inner {
            folder: folder.to_owned(),
            device_name: options.device_name,
            identity,
            own_space,
            store: Mutex::new(store),
            listeners: Mutex::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// This device.
    pub fn device(&self) -> DeviceId {
        self.inner.identity.device()
    }

    /// What the other devices call this one.
    pub fn device_name(&self) -> &str {
        &self.inner.device_name
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, SyncError>) -> Result<T, SyncError> {
        read(lock(&self.inner.store).connection())
    }

    fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, SyncError>) -> Result<T, SyncError> {
        lock(&self.inner.store).write(write)
    }

    /// The spaces, this person's own first.
    pub fn spaces(&self) -> Result<Vec<Space>, SyncError> {
        self.read(store::members::spaces)
    }

    /// This person's own space.
    pub fn own_space(&self) -> SpaceId {
        self.inner.own_space
    }

    /// Makes a space for a band, with this device in it.
    pub fn create_space(&self, name: &str) -> Result<SpaceId, SyncError> {
        let space = SpaceId(random()?);
        self.write(|tx| {
            store::members::add_space(tx, space, name, false, now())?;
            store::members::add_member(tx, space, self.device(), self.device_name(), now())
        })?;
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(space)
    }

    /// The scores that are not deleted, most recently changed first.
    pub fn scores(&self) -> Result<Vec<ScoreEntry>, SyncError> {
        self.refresh_index()?;
        self.read(store::scores::list)
    }

    /// The score with this identifier or, alone, with this beginning of one.
    pub fn find_score(&self, text: &str) -> Result<ScoreId, SyncError> {
        let text = text.trim().to_ascii_lowercase();
        let known: Vec<ScoreId> = self.scores()?.into_iter().map(|score| score.id).collect();
        let mut found = known.into_iter().filter(|id| !text.is_empty() && id.to_string().starts_with(&text));
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(id),
            (Some(_), Some(_)) => Err(SyncError::AmbiguousScore(text)),
            (None, _) => Err(SyncError::UnknownScore(text)),
        }
    }

    /// The library's entry of a score.
    pub fn score(&self, id: ScoreId) -> Result<ScoreEntry, SyncError> {
        self.refresh_index()?;
        self.read(|connection| store::scores::get(connection, id))?.ok_or_else(|| SyncError::UnknownScore(id.to_string()))
    }

    /// Stores a score as a new document of a space. Durable on return.
    pub fn import_score(&self, space: SpaceId, score: &Score) -> Result<ScoreId, SyncError> {
        let id = ScoreId(random()?);
        let failed = |error: crate::document::DocumentError| SyncError::Document { score: id, detail: error.to_string() };
        let (document, change) = Document::import(self.fresh_actor()?, score).map_err(failed)?;
        let heads = store::documents::heads_bytes(document.heads());
        let (model, snapshot) = (encode_model(score), document.save());
        let description = store::describe(score, false);
        self.write(|tx| {
            if !store::members::is_member(tx, space, self.device())? {
                return Err(SyncError::UnknownSpace(space));
            }
            let upto = store::log::append(tx, self.identity(), (space, id), change, now())?;
            store::scores::put(tx, id, &heads, &description)?;
            store::caches::put(tx, id, &Cache { heads, upto, model, snapshot })
        })?;
        self.tell(WorkspaceEvent::ScoreChanged(id));
        self.tell(WorkspaceEvent::LibraryChanged);
        Ok(id)
    }

    /// Opens a score.
    pub fn open_score(&self, id: ScoreId) -> Result<OpenScore, SyncError> {
        OpenScore::open(self, id)
    }

    /// Takes a score out of the library on all devices of its space. It can be brought back.
    pub fn delete_score(&self, id: ScoreId) -> Result<(), SyncError> {
        self.set_deleted(id, true)
    }

    /// Brings a deleted score back.
    pub fn restore_score(&self, id: ScoreId) -> Result<(), SyncError> {
        self.set_deleted(id, false)
    }

    /// Gives a score another title. An [`OpenScore`] of it sees that as a remote change.
    pub fn rename_score(&self, id: ScoreId, title: &str) -> Result<(), SyncError> {
        use bandpro_notation::edit::{Change, Edit};
        use bandpro_notation::model::{Field, HEADER, HeaderField};
        let title = Field::Header(HeaderField::Title(title.to_owned()));
        self.open_score(id)?.commit(&Edit::new(vec![Change::Set(HEADER.into(), title)]))?;
        Ok(())
    }

    /// What happens from now on, as long as the receiver is kept.
    pub fn events(&self) -> Receiver<WorkspaceEvent> {
        let (sender, receiver) = channel();
        self.listen(Box::new(move |event| sender.send(event.clone()).is_ok()));
        receiver
    }

    pub(crate) fn listen(&self, listener: Listener) {
        lock(&self.inner.listeners).push(listener);
    }

    pub(crate) fn tell(&self, event: WorkspaceEvent) {
        lock(&self.inner.listeners).retain(|listener| listener(&event));
    }

    /// The changes that were refused or kept without being applied, newest first.
    pub fn refused(&self) -> Result<Vec<RefusedChange>, SyncError> {
        self.read(store::log::refused)
    }

    /// A setting of this device.
    pub fn setting(&self, key: &str) -> Result<Option<String>, SyncError> {
        self.read(|connection| store::settings::get(connection, key))
    }

    /// Keeps a setting of this device.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<(), SyncError> {
        self.write(|tx| store::settings::put(tx, key, value))
    }

    /// Throws all caches away and makes them again from the log.
    pub fn rebuild(&self) -> Result<(), SyncError> {
        self.write(|tx| store::documents::rebuild(tx))?;
        for id in self.read(store::documents::all)? {
            self.open_score(id)?.checkpoint()?;
        }
        self.refresh_index()
    }
}
