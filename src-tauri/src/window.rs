//! The one window and what flows into it.

use std::time::Duration;

use bandpro_app::{App, AppEvent};
use tauri::ipc::Invoke;
use tauri::window::Color;
use tauri::{AppHandle, Emitter, Manager, WebviewUrl, WebviewWindowBuilder, Wry};

use crate::arguments::Arguments;
use crate::commands;
use crate::host::Host;
use crate::invitations::Door;
use crate::notifications;

/// The name under which [`bandpro_app::AppEvent`]s reach the window.
const APP_EVENT: &str = "app";
/// How often the window looks for links that were left for it.
const LOOK: Duration = Duration::from_millis(700);

/// Opens the window and returns when it is closed.
pub fn open(arguments: Arguments) -> tauri::Result<()> {
    let host = Host::open(arguments);
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .manage(host)
        .invoke_handler(handler())
        .setup(|tauri| {
            let host = tauri.state::<Host>();
            host.shown_by(tauri.handle().clone());
            let app = host.app().cloned();
            if let Some(app) = &app {
                forward_events(app, tauri.handle().clone());
                await_invitations(app, tauri.handle().clone());
            }
            build(tauri.handle(), app.as_ref())?;
            Ok(())
        })
        .run(tauri::generate_context!())
}

/// Who carries out what the window asks.
fn handler() -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
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
        commands::style,
        commands::commands,
        commands::play,
        commands::stop,
        commands::playback,
        commands::export,
        commands::export_many,
        commands::stop_exporting,
        commands::share,
        commands::join,
        commands::sync_now,
        commands::sync_status,
        commands::texts,
        commands::settings,
        commands::set_setting,
        commands::invitation,
        commands::no_notifications,
        commands::look_at_ticket,
        commands::person,
        commands::set_person,
        commands::name_device,
        commands::bands,
        commands::create_band,
        commands::rename_band,
        commands::leave_band,
        commands::former_bands,
        commands::forget_band,
        commands::rotate_key,
        commands::invite,
        commands::revoke_invite,
        commands::answer_request,
        commands::asked,
        commands::set_member_role,
        commands::remove_member,
        commands::remove_device,
        commands::renew_device,
        commands::refused,
        commands::make_recovery_key,
        commands::save_recovery_key,
        commands::recover,
        commands::relays,
        commands::add_relay,
        commands::remove_relay,
        commands::discovery,
        commands::set_discovery,
        commands::copy_score,
        commands::move_score,
    ]
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
            let host = tauri.state::<Host>();
            if let Some(app) = host.app().filter(|_| !is_looked_at(&tauri) && notifications::is_worth_one(&event)) {
                host.with_desktop(|desktop| desktop.tell(&event, app));
            }
            // Not before: whether it was in front already decides whether there is a notification.
            if matches!(event, AppEvent::Invited { .. }) {
                bring_to_front(&tauri);
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("events".into()).spawn(forward) {
        tracing::error!(%error, "the window will not be told of changes");
    }
}

/// Whether the person looks at the window now, and sees by themselves what happens.
fn is_looked_at(tauri: &AppHandle) -> bool {
    tauri.get_webview_window("main").is_some_and(|window| window.is_focused().unwrap_or(false))
}

fn bring_to_front(tauri: &AppHandle) {
    let Some(window) = tauri.get_webview_window("main") else { return };
    if let Err(error) = window.unminimize().and_then(|()| window.set_focus()) {
        tracing::debug!(%error, "the window stays behind");
    }
}

/// Takes the links that programs started later leave.
fn await_invitations(app: &App, tauri: AppHandle) {
    let door = match Door::keep(app.data_dir()) {
        Ok(Some(door)) => door,
        // Another window has this data open; it takes the links.
        Ok(None) => return,
        Err(error) => return tracing::warn!(%error, "links cannot be taken by this window"),
    };
    let await_links = move || {
        loop {
            std::thread::sleep(LOOK);
            let Some(link) = door.take() else { continue };
            let host = tauri.state::<Host>();
            if let Some(app) = host.app() {
                app.invited(&link);
            }
        }
    };
    if let Err(error) = std::thread::Builder::new().name("invitations".into()).spawn(await_links) {
        tracing::error!(%error, "links will not be taken by this window");
    }
}
