//! The application behind the window, or the reason why it could not be opened.

use std::path::PathBuf;

use bandpro_app::{App, AppConfig, AppError, ErrorView};

/// What a command gives back to the window.
pub type Reply<T> = Result<T, ErrorView>;

/// The state that commands share.
pub struct Host {
    app: Result<App, ErrorView>,
    files: Vec<PathBuf>,
}

impl Host {
    /// Opens the data. If that fails the window opens all the same and shows the reason.
    pub fn open(data: Option<PathBuf>, files: Vec<PathBuf>) -> Self {
        let app = App::open(AppConfig { data_dir: data, language: None, online: true });
        let app = app.map_err(|error| {
            tracing::error!(%error, "the data cannot be opened");
            explain_without_app(&error)
        });
        Self { app, files }
    }

    /// The application, if it is open.
    pub fn app(&self) -> Option<&App> {
        self.app.as_ref().ok()
    }

    /// The files named on the command line.
    pub fn files(&self) -> Vec<PathBuf> {
        self.files.clone()
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
