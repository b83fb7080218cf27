//! The handle that surfaces hold.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use crate::view::*;
use crate::AppError;

/// How to open the data of this device.
#[derive(Debug, Clone, Default)]
pub struct AppConfig {
    /// Where the data is; the system's place for application data where absent.
    pub data_dir: Option<PathBuf>,
    /// The language of this run, `en` or `zh-TW`; the setting, else the system's where absent.
    pub language: Option<String>,
    /// Whether to open the network in the background at once (a window does, a single command does not).
    pub online: bool,
}

struct Inner {}

/// The application. A handle: clones share one state; any thread may call.
///
/// Every method blocks until it is done, most for a few milliseconds; import, export, `open` of a large score, `share`,
/// `join` and `sync_now` can take seconds: call them off the interface thread. None may be called from inside an async task.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

impl App {
    /// Opens the data of this device, and creates it where there is none.
    pub fn open(config: AppConfig) -> Result<App, AppError> { let _ = config; todo!() }
    /// The folder that the data is in.
    pub fn data_dir(&self) -> &Path { let _ = &self.inner; todo!() }

    /// The scores, most recently changed first.
    pub fn library(&self) -> Result<Vec<ScoreCard>, AppError> { todo!() }
    /// Reads a file into the library.
    pub fn import_file(&self, path: &Path) -> Result<ImportOutcome, AppError> { let _ = path; todo!() }
    /// Reads bytes (a dropped file) into the library; the name says the format and is the title's fallback.
    pub fn import_bytes(&self, name: &str, bytes: &[u8]) -> Result<ImportOutcome, AppError> { let _ = (name, bytes); todo!() }
    /// A whole SVG document that shows the first page.
    pub fn thumbnail(&self, id: &str) -> Result<String, AppError> { let _ = id; todo!() }
    /// Takes a score out of the library, on all devices of its space.
    pub fn delete(&self, id: &str) -> Result<(), AppError> { let _ = id; todo!() }
    /// Gives a score another title.
    pub fn rename(&self, id: &str, title: &str) -> Result<(), AppError> { let _ = (id, title); todo!() }
    /// Puts the demo scores into the library; those that are there already are not put in twice.
    pub fn add_demos(&self) -> Result<Vec<ImportOutcome>, AppError> { todo!() }

    /// Opens a score (or shows an open one anew, with its selection and undo history).
    pub fn open_score(&self, id: &str) -> Result<ScoreView, AppError> { let _ = id; todo!() }
    /// Lets go of an open score: its selection, undo history and pictures.
    pub fn close_score(&self, id: &str) { let _ = id; todo!() }
    /// Selects what is at (or nearest to) a point of a page; nothing far from any note or rest.
    pub fn point(&self, id: &str, page: usize, x: f32, y: f32) -> Result<Option<SelectionView>, AppError> { let _ = (id, page, x, y); todo!() }
    /// Runs a command of the table: its id, and after a blank its argument, as in `pitch F#4`.
    pub fn command(&self, id: &str, line: &str) -> Result<CommandOutcome, AppError> { let _ = (id, line); todo!() }
    /// What changed in an open score since the last outcome, after `ScoreChanged`.
    pub fn refresh(&self, id: &str) -> Result<CommandOutcome, AppError> { let _ = id; todo!() }
    /// The command table in the language.
    pub fn commands(&self) -> Vec<CommandView> { todo!() }

    /// Plays a score from the selection (`from_selection`) or from the beginning.
    pub fn play(&self, id: &str, from_selection: bool) -> Result<PlaybackView, AppError> { let _ = (id, from_selection); todo!() }
    /// Stops.
    pub fn stop(&self) -> PlaybackView { todo!() }
    /// Where playing is now.
    pub fn playback(&self) -> PlaybackView { todo!() }

    /// Writes a score to a file; its ending says the format: musicxml, xml, mxl, mid, midi, svg, pdf, png, wav.
    pub fn export(&self, id: &str, to: &Path, options: &ExportOptions) -> Result<ExportOutcome, AppError> { let _ = (id, to, options); todo!() }

    /// An invitation to the space of a score, or to one's own where no score is named. Opens the network.
    pub fn share(&self, score: Option<&str>) -> Result<TicketView, AppError> { let _ = score; todo!() }
    /// Accepts an invitation and fetches what is there.
    pub fn join(&self, ticket: &str) -> Result<JoinOutcome, AppError> { let _ = ticket; todo!() }
    /// Exchanges changes with every device that can be reached now.
    pub fn sync_now(&self) -> Result<SyncView, AppError> { todo!() }
    /// How this device stands with the others.
    pub fn sync_status(&self) -> SyncView { todo!() }

    /// What happens from now on. Ends when the last handle is gone.
    pub fn events(&self) -> Receiver<AppEvent> { todo!() }

    /// The texts of a language, or of the current one.
    pub fn texts(&self, language: Option<&str>) -> TextsView { let _ = language; todo!() }
    /// The settings.
    pub fn settings(&self) -> Settings { todo!() }
    /// Changes one setting (`language`, `theme`, `paper`, `deviceName`, or any other key) and gives back all.
    pub fn set_setting(&self, key: &str, value: &str) -> Result<Settings, AppError> { let _ = (key, value); todo!() }
    /// An error in the language, for showing.
    pub fn explain(&self, error: &AppError) -> ErrorView { let _ = error; todo!() }
}
