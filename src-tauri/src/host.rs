//! The application behind the window, or the reason why it could not be opened.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use bandpro_app::{App, AppConfig, AppError, ErrorView};

use tauri::AppHandle;

use crate::arguments::Arguments;
use crate::notifications::Desktop;

/// What a command gives back to the window.
pub type Reply<T> = Result<T, ErrorView>;

/// The state that commands share.
pub struct Host {
    app: Result<App, ErrorView>,
    files: Vec<PathBuf>,
    invitation: Mutex<Option<String>>,
    desktop: Mutex<Option<Desktop>>,
    shell: OnceLock<AppHandle>,
}

impl Host {
    /// Opens the data. If that fails the window opens all the same and shows the reason.
    pub fn open(arguments: Arguments) -> Self {
        let app = App::open(AppConfig { data_dir: arguments.data, language: None, online: true, system_keys: true });
        let app = app.map_err(|error| {
            tracing::error!(%error, "the data cannot be opened");
            explain_without_app(&error)
        });
        Self {
            app,
            files: arguments.files,
            invitation: Mutex::new(arguments.invitation),
            desktop: Mutex::default(),
            shell: OnceLock::new(),
        }
    }

    /// The application, if it is open.
    pub fn app(&self) -> Option<&App> {
        self.app.as_ref().ok()
    }

    /// The shell that shows the window.
    pub fn shown_by(&self, shell: AppHandle) {
        // Set once, when the window is made.
        drop(self.shell.set(shell));
    }

    /// Closes the window and opens another one with the same data, without the files and the invitation of this one.
    pub fn start_again(&self) {
        let (Some(app), Some(shell)) = (self.app(), self.shell.get()) else { return };
        let started = std::env::current_exe().and_then(|program| Command::new(program).arg("--data").arg(app.data_dir()).spawn());
        if let Err(error) = started {
            tracing::error!(%error, "BandPro could not be started again");
        }
        shell.exit(0);
    }

    /// The files named on the command line.
    pub fn files(&self) -> Vec<PathBuf> {
        self.files.clone()
    }

    /// The invitation named on the command line, the first time.
    pub fn take_invitation(&self) -> Option<String> {
        self.invitation.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Works with what shows notifications, which is looked for now if it was not.
    pub fn with_desktop<T>(&self, work: impl FnOnce(&mut Desktop) -> T) -> T {
        let mut desktop = self.desktop.lock().unwrap_or_else(PoisonError::into_inner);
        work(desktop.get_or_insert_with(Desktop::find))
    }

    /// Does a piece of work that may touch disk, network or engraving on a thread that may wait.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static) -> Reply<T> {
        let app = self.app.clone()?;
        let done = tauri::async_runtime::spawn_blocking(move || work(&app).map_err(|error| app.explain(&error))).await;
        done.unwrap_or_else(|error| {
            tracing::error!(%error, "a command ended early");
            Err(ErrorView { code: "internal".into(), message: error.to_string(), hint: None, place: None, advice: false })
        })
    }
}

/// The data folder could not be opened, so there is no language setting to go by: the window adds its own words to this code.
fn explain_without_app(error: &AppError) -> ErrorView {
    ErrorView { code: error.code().into(), message: error.to_string(), hint: None, place: None, advice: false }
}
