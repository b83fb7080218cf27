//! What a surface holds: the spaces and scores of this device.

mod circles;
mod documents;
mod entries;
mod exchange;
mod forks;
mod former;
#[cfg(test)]
mod hostile;
mod me;
mod members;
mod open_score;
mod recovery;
mod rejudge;
mod relays;
mod renew;
mod rescue;
mod world;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bandpro_notation::model::Score;
use rusqlite::{Connection, Transaction};

use crate::document::{Document, encode_model};
use crate::identity::{Identity, KeyPlace, Keys, keeping};
use crate::membership::{Kind, Person};
use crate::store::membership::Part;
use crate::store::{self, Cache, Store};
use crate::{DeviceId, ScoreId, SpaceId, SyncError};

pub use entries::{RefusedChange, Request, ScoreEntry, Space, WorkspaceEvent};
pub(crate) use exchange::MembersPage;
pub use former::Former;
pub use me::MEMBER_COLOURS;
pub use members::{Invited, Inviting};
pub use open_score::{Committed, OpenScore};
pub use rescue::{Rescued, rescue};
pub use world::{System, World};

/// How to open a data folder.
#[derive(Debug, Clone)]
pub struct Options {
    /// What the other devices call this one, from first start until [`Workspace::name_device`].
    pub device_name: String,
    /// What this person's own space is called when it is made at first start.
    pub own_space_name: String,
    /// How this person is shown to others, from first start until [`Workspace::introduce`]; black stands for a colour chosen here.
    pub person: Person,
    /// How long to wait for another process that is writing.
    pub patience: Duration,
    /// How the key of this device is kept.
    pub keys: Keys,
    /// Where time and randomness come from.
    pub world: Arc<dyn World>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            device_name: "this device".into(),
            own_space_name: "My scores".into(),
            person: Person::default(),
            patience: Duration::from_secs(10),
            keys: Keys::default(),
            world: Arc::new(System),
        }
    }
}

/// Listens until it says that it has heard enough.
type Listener = Box<dyn Fn(&WorkspaceEvent) -> bool + Send>;

struct Inner {
    folder: PathBuf,
    /// What this device and this person are called in the spaces made at first start.
    first_device_name: String,
    first_person: Person,
    identity: Identity,
    keys: Keys,
    world: Arc<dyn World>,
    /// This person's own space, and that of their private markings.
    home: Mutex<(SpaceId, SpaceId)>,
    store: Mutex<Store>,
    circles: Mutex<circles::Circles>,
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

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while it was held leaves SQLite's own state whole: its transaction was rolled back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Workspace {
    /// Opens a data folder, and makes what is missing: the folder, the device's key, the database, this person's own space.
    pub fn open(folder: &Path, options: Options) -> Result<Self, SyncError> {
        fs::create_dir_all(folder).map_err(|source| SyncError::Folder { path: folder.to_owned(), source })?;
        let mut store = Store::open(folder, options.patience)?;
        let (identity, _) = keeping::open(folder, &mut store, &options.keys)?;
        Self::with(folder, identity, store, options)
    }

    /// A workspace that leaves nothing behind, for tests and simulations.
    pub fn in_memory(secret: [u8; 32], options: Options) -> Result<Self, SyncError> {
        Self::with(Path::new(":memory:"), Identity::from_secret(&secret), Store::in_memory()?, options)
    }

    pub(crate) fn with(folder: &Path, identity: Identity, store: Store, options: Options) -> Result<Self, SyncError> {
        let Person { name, colour } = options.person;
        let first_person = Person {
            name: if name.is_empty() { options.device_name.clone() } else { name },
            colour: if colour == 0 { me::first_colour(identity.device()) } else { colour },
        };
        let nowhere = SpaceId([0; 16]);
        let inner = Inner {
            folder: folder.to_owned(),
            first_device_name: options.device_name,
            first_person,
            identity,
            keys: options.keys,
            world: options.world,
            home: Mutex::new((nowhere, nowhere)),
            store: Mutex::new(store),
            circles: Mutex::default(),
            listeners: Mutex::default(),
        };
        let workspace = Self { inner: Arc::new(inner) };
        let home = workspace.write(|tx| {
            let own = workspace.home_of(tx, Part::Own, (Kind::Personal, &options.own_space_name))?;
            Ok((own, workspace.home_of(tx, Part::Private, (Kind::Private, ""))?))
        })?;
        *lock(&workspace.inner.home) = home;
        workspace.leave_old_device()?;
        Ok(workspace)
    }

    /// The space that is this person's, made now if it is not there yet.
    fn home_of(&self, tx: &Transaction<'_>, part: Part, (kind, name): (Kind, &str)) -> Result<SpaceId, SyncError> {
        match store::membership::of_part(tx, part)? {
            Some(space) => Ok(space),
            None => self.found(tx, kind, name, part),
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// This device.
    pub fn device(&self) -> DeviceId {
        self.inner.identity.device()
    }

    /// Where the key of this device is kept.
    pub fn key_place(&self) -> Result<KeyPlace, SyncError> {
        self.read(keeping::place)
    }

    /// Keeps the key of this device somewhere else from now on.
    pub fn keep_key(&self, place: KeyPlace) -> Result<(), SyncError> {
        keeping::move_key(&self.inner.folder, &mut lock(&self.inner.store), &self.inner.keys, self.identity(), place)
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.inner.identity
    }

    /// The store itself, for a simulation.
    #[cfg(feature = "simulation")]
    pub(crate) fn with_store<T>(&self, look: impl FnOnce(&mut Store) -> T) -> T {
        look(&mut lock(&self.inner.store))
    }

    fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, SyncError>) -> Result<T, SyncError> {
        read(lock(&self.inner.store).connection())
    }

    fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, SyncError>) -> Result<T, SyncError> {
        let mut store = lock(&self.inner.store);
        let written = store.write(write);
        if written.is_err() {
            // What was rolled back must not be remembered; nobody looks before the store is let go.
            lock(&self.inner.circles).clear();
        }
        written
    }

    /// Milliseconds since 1970 (UTC).
    pub(crate) fn now(&self) -> u64 {
        self.inner.world.now()
    }

    /// Fresh random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], SyncError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), SyncError> {
        self.inner.world.fill(bytes)
    }

    /// This person's own space.
    pub fn own_space(&self) -> SpaceId {
        lock(&self.inner.home).0
    }

    /// The space of this person's private markings, which only their own devices ever belong to. It is not among
    /// [`Workspace::spaces`].
    pub fn private_space(&self) -> SpaceId {
        lock(&self.inner.home).1
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
        let id = ScoreId(self.random()?);
        let failed = |error: crate::document::DocumentError| SyncError::Document { score: id, detail: error.to_string() };
        let (document, change) = Document::import(self.fresh_actor()?, score).map_err(failed)?;
        let heads = store::documents::heads_bytes(document.heads());
        let (model, snapshot) = (encode_model(score), document.save());
        let description = store::describe(score, false);
        self.write(|tx| {
            let upto = self.append(tx, (space, id), change)?;
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
        self.write(|tx| {
            for (space, id) in store::documents::forget(tx)? {
                store::documents::recount(tx, &self.circle_in(tx, space)?.keys, id)?;
            }
            Ok(())
        })?;
        for id in self.read(store::documents::all)? {
            self.open_score(id)?.checkpoint()?;
        }
        self.refresh_index()
    }
}
