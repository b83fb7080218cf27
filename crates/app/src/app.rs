//! The handle that surfaces hold.

mod background;
mod batch;
mod circles;
mod former;
mod library;
mod people;
mod score;
mod settings;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, RwLock};

use bandpro_sync::membership::Person;
use bandpro_sync::{Inviting, Options, ScoreId, Space, SpaceId, Ticket, Workspace};

use crate::band::{Band, Meeting};
use crate::open::Open;
use crate::playing::Playing;
use crate::texts::{Language, Texts};
use crate::view::*;
use crate::{AppError, commands, key_store, qr};

pub use score::Step;

/// The text that a person's own space is called by until they name it.
const OWN_SPACE: &str = "own-space";

/// How to open the data of this device.
#[derive(Debug, Clone, Default)]
pub struct AppConfig {
    /// Where the data is; the system's place for application data where absent.
    pub data_dir: Option<PathBuf>,
    /// The language of this run, `en` or `zh-TW`; the setting, else the system's where absent.
    pub language: Option<String>,
    /// Whether to open the network in the background at once (a window does, a single command does not).
    pub online: bool,
    /// Whether the device's key may be in the system's key store: a program that a person starts does; a test does not.
    pub system_keys: bool,
}

struct Inner {
    data_dir: PathBuf,
    workspace: Workspace,
    /// The language of this run where one was named: it wins over the setting.
    language: Option<Language>,
    texts: RwLock<Arc<Texts>>,
    settings: Mutex<Settings>,
    open: Mutex<HashMap<ScoreId, Arc<Mutex<Open>>>>,
    thumbnails: Mutex<HashMap<ScoreId, (u64, String)>>,
    playing: Playing,
    following: AtomicBool,
    stop_exporting: AtomicBool,
    band: Band,
    listeners: Mutex<Vec<Sender<AppEvent>>>,
}

/// The application. A handle: clones share one state; any thread may call.
///
/// Every method blocks until it is done, most for a few milliseconds; import, export, `open_score` of a large score, `share`,
/// `join` and `sync_now` can take seconds: call them off the interface thread. None may be called from inside an async task.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

/// The value of a lock, whatever happened to a thread that held it: what is stored is in the database.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder of the data: the one that is named, else the one that the system gives an application.
pub fn data_folder(named: Option<PathBuf>) -> Result<PathBuf, AppError> {
    if let Some(named) = named {
        return Ok(named);
    }
    let folders = directories::ProjectDirs::from("org", "BandPro", "BandPro").ok_or(AppError::NoDataFolder)?;
    Ok(folders.data_dir().to_owned())
}

/// The texts for messages before the data is open, or where it cannot be opened: of the language named, else of the
/// environment's `BANDPRO_LANGUAGE`, else of the system.
pub fn texts_without_data(language: Option<&str>) -> Texts {
    Texts::new(language.and_then(Language::from_tag).or_else(language_of_environment).unwrap_or_else(Language::of_system))
}

fn language_of_environment() -> Option<Language> {
    Language::from_tag(&std::env::var("BANDPRO_LANGUAGE").ok().filter(|tag| !tag.is_empty())?)
}

impl App {
    /// Opens the data of this device, and creates it where there is none.
    pub fn open(config: AppConfig) -> Result<Self, AppError> {
        let keys = key_store::keys(config.system_keys, config.data_dir.is_some())?;
        let data_dir = data_folder(config.data_dir)?;
        let language = config.language.as_deref().and_then(Language::from_tag).or_else(language_of_environment);
        let first = Texts::new(language.unwrap_or_else(Language::of_system));
        let person = Person { name: user_name(), colour: 0 };
        let options =
            Options { device_name: device_name(&first), own_space_name: first.text(OWN_SPACE), person, keys, ..Options::default() };
        let workspace = Workspace::open(&data_dir, options)?;
        let settings = settings::kept(&workspace)?;
        let spoken = language.or_else(|| Language::from_tag(&settings.language)).unwrap_or_else(Language::of_system);
        let inner = Inner {
            data_dir,
            band: Band::new(workspace.clone()),
            workspace,
            language,
            texts: RwLock::new(Arc::new(Texts::new(spoken))),
            settings: Mutex::new(settings),
            open: Mutex::default(),
            thumbnails: Mutex::default(),
            playing: Playing::default(),
            following: AtomicBool::new(false),
            stop_exporting: AtomicBool::new(false),
            listeners: Mutex::default(),
        };
        let app = Self { inner: Arc::new(inner) };
        app.listen_to_documents();
        if config.online {
            app.go_online();
        }
        Ok(app)
    }

    /// The folder that the data is in.
    pub fn data_dir(&self) -> &Path {
        &self.inner.data_dir
    }

    /// The words of the current language.
    pub fn words(&self) -> Arc<Texts> {
        Arc::clone(&self.inner.texts.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The command table in the language.
    pub fn commands(&self) -> Vec<CommandView> {
        commands::views(&self.words())
    }

    /// An invitation to the space of a score, or to one's own where no score is named. Opens the network.
    pub fn share(&self, score: Option<&str>) -> Result<TicketView, AppError> {
        let workspace = &self.inner.workspace;
        let space = match score {
            Some(id) => workspace.score(workspace.find_score(id)?)?.space,
            None => workspace.own_space(),
        };
        self.ticket(space, Inviting::default())
    }

    fn ticket(&self, space: SpaceId, inviting: Inviting) -> Result<TicketView, AppError> {
        let ticket = self.inner.band.share(space, inviting)?;
        self.tell_sync();
        let (link, expires) = (ticket.link(), ticket.expires.saturating_mul(1000));
        let (ticket, qr) = (ticket.to_string(), qr::drawing(&link));
        Ok(TicketView { ticket, link, expires, space: space.to_string(), space_name: self.space_name(space), qr })
    }

    /// What an invitation leads to, before it is accepted.
    pub fn look_at_ticket(&self, ticket: &str) -> Result<InvitationView, AppError> {
        let ticket: Ticket = ticket.parse()?;
        let here = self.spaces()?.iter().any(|space| space.id == ticket.space);
        Ok(InvitationView { space_name: ticket.name, expires: ticket.expires.saturating_mul(1000), here })
    }

    /// Tells whoever listens that this person opened an invitation, which they can accept with [`App::join`].
    pub fn invited(&self, ticket: &str) {
        self.inner.tell(&AppEvent::Invited { ticket: ticket.to_owned() });
    }

    /// Accepts an invitation and fetches what is there.
    pub fn join(&self, ticket: &str) -> Result<JoinOutcome, AppError> {
        let space = self.inner.band.join(ticket)?;
        self.tell_sync();
        let scores = self.library()?.into_iter().filter(|card| card.space == space.to_string()).collect();
        Ok(JoinOutcome { space: space.to_string(), space_name: self.space_name(space), scores })
    }

    /// Exchanges changes with every device that can be reached now.
    pub fn sync_now(&self) -> Result<SyncView, AppError> {
        self.meet()?;
        Ok(self.sync_status())
    }

    /// Exchanges changes with every device that can be reached now, and says what became of it with each.
    pub fn meet(&self) -> Result<Vec<Meeting>, AppError> {
        let meetings = self.inner.band.sync();
        self.tell_sync();
        meetings
    }

    /// Stays reachable for other devices until the last handle is gone or [`App::go_offline`].
    pub fn serve(&self) -> Result<(), AppError> {
        self.inner.band.serve()?;
        self.listen_to_network();
        self.tell_sync();
        Ok(())
    }

    /// Says goodbye to the other devices and closes the network.
    pub fn go_offline(&self) {
        self.inner.band.close();
    }

    /// How this device stands with the others.
    pub fn sync_status(&self) -> SyncView {
        self.inner.band.status(&self.words())
    }

    /// The relays that are run for the spaces of this device.
    pub fn relays(&self) -> Result<Vec<RelayView>, AppError> {
        self.inner.band.relays(&self.spaces()?)
    }

    /// Uses a relay from now on, by the pass that whoever runs it gave.
    pub fn add_relay(&self, pass: &str) -> Result<RelayView, AppError> {
        let relay = self.inner.band.add_relay(pass, self.spaces()?)?;
        self.tell_sync();
        Ok(relay)
    }

    /// Uses the relay of this name no more. Gives whether there was one.
    pub fn remove_relay(&self, name: &str) -> Result<bool, AppError> {
        let removed = self.inner.band.remove_relay(name)?;
        self.tell_sync();
        Ok(removed)
    }

    /// Whether laptops in the same network find this one without being told where.
    pub fn discovery(&self) -> Result<bool, AppError> {
        self.inner.band.discovery()
    }

    /// Says whether laptops in the same network shall find this one. Holds when the network is opened next.
    pub fn set_discovery(&self, on: bool) -> Result<(), AppError> {
        self.inner.band.set_discovery(on)
    }

    /// The spaces, this person's own first, which is called in the language that is set unless the person gave it a name.
    fn spaces(&self) -> Result<Vec<Space>, AppError> {
        let mut spaces = self.inner.workspace.spaces()?;
        for space in spaces.iter_mut().filter(|space| space.own && is_first_own_name(&space.name)) {
            space.name = self.words().text(OWN_SPACE);
        }
        Ok(spaces)
    }

    fn space_name(&self, id: SpaceId) -> String {
        let spaces = self.spaces().unwrap_or_default();
        spaces.into_iter().find(|space| space.id == id).map(|space| space.name).unwrap_or_default()
    }

    /// What happens from now on. Ends when the last handle is gone.
    pub fn events(&self) -> Receiver<AppEvent> {
        let (sender, receiver) = channel();
        lock(&self.inner.listeners).push(sender);
        receiver
    }

    /// The texts of a language, or of the current one.
    pub fn texts(&self, language: Option<&str>) -> TextsView {
        match language.and_then(Language::from_tag) {
            Some(language) => Texts::new(language).view(),
            None => self.words().view(),
        }
    }

    /// An error in the language, for showing.
    pub fn explain(&self, error: &AppError) -> ErrorView {
        error.view(&self.words())
    }
}

/// What others call this person until they say how: as the system knows them.
fn user_name() -> String {
    let user = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()));
    user.unwrap_or_else(|| "BandPro".to_owned())
}

/// Whether this is what a person's own space is called of which they have not said what it is called.
fn is_first_own_name(name: &str) -> bool {
    static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| Language::ALL.map(|language| Texts::new(language).text(OWN_SPACE)).to_vec());
    NAMES.iter().any(|first| first == name)
}

/// What others call this device until the person gives it a name: after who uses it.
fn device_name(texts: &Texts) -> String {
    texts.with("this-device", &[("name", (&user_name()).into())])
}
