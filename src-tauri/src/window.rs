//! The one window and what flows into it.

use bandpro_app::App;
use tauri::window::Color;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder};

use crate::arguments::Arguments;
use crate::commands;
use crate::host::Host;

/// The name under which [`bandpro_app::AppEvent`]s reach the window.
const APP_EVENT: &str = "app";

/// Opens the window and returns when it is closed.
pub fn open(arguments: Arguments) -> tauri::Result<()> {
    let host = Host::open(arguments.data, arguments.files);
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(host)
        .invoke_handler(tauri::generate_handler![
            commands::files_to_open,
            commands::library,
            commands::import_file,
            commands::thumbnail,
            commands::delete_score,
            commands::rename_score,
            commands::add_demos,
            commands::open_score,
            commands::close_score,
            commands::point,
            commands::command,
            commands::refresh,
            commands::conflicts,
            commands::resolve,
            commands::commands,
            commands::play,
            commands::stop,
            commands::playback,
            commands::export,
            commands::share,
            commands::join,
            commands::sync_now,
            commands::sync_status,
            commands::texts,
            commands::settings,
            commands::set_setting,
        ])
        .setup(|tauri| {
            let app = tauri.state::<Host>().app().cloned();
            if let Some(app) = &app {
                forward_events(app, tauri.handle().clone());
            }
            build(tauri.handle(), app.as_ref())?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

fn build(tauri: &AppHandle, app: Option<&App>) -> tauri::Result<()> {
    let mut window = WebviewWindowBuilder::new(tauri, "main", WebviewUrl::default())
        .title("BandPro")
        .inner_size(1280.0, 860.0)
        .min_inner_size(720.0, 480.0);
    if let Some(app) = app {
        // Whatever the web view keeps goes where the rest of the data is, so that two data folders share nothing.
        window = window.data_directory(app.data_dir().join("window"));
        if matches!(app.settings().theme.as_str(), "dark" | "contrast") {
            // Until the first paint the window has this colour: no white flash in a dark room.
            window = window.background_color(Color(0x12, 0x14, 0x15, 0xff));
        }
    }
    window.build()?;
    Ok(())
}

/// Passes on what the application reports, from a thread of its own that ends with the application.
fn forward_events(app: &App, tauri: AppHandle) {
    let events = app.events();
    let forward = move || {
        for event in events {
            if let Err(error) = tauri.emit(APP_EVENT, &event) {
                tracing::warn!(%error, "an event did not reach the window");
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("events".into()).spawn(forward) {
        tracing::error!(%error, "the window will not be told of changes");
    }
}
