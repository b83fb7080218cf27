//! What the window may ask. The TypeScript side of every signature in this file is generated from it: run
//! `UPDATE=1 cargo test -p bandpro-desktop --test contract` after a change.

use std::path::PathBuf;

use bandpro_app::*;
use tauri::State;

use crate::host::{Host, Reply};

/// The files named on the command line.
#[tauri::command]
pub async fn files_to_open(host: State<'_, Host>) -> Reply<Vec<PathBuf>> {
    Ok(host.files())
}

/// The scores, most recently changed first.
#[tauri::command]
pub async fn library(host: State<'_, Host>) -> Reply<Vec<ScoreCard>> {
    host.run(App::library).await
}

/// Reads a file into the library.
#[tauri::command]
pub async fn import_file(host: State<'_, Host>, path: PathBuf) -> Reply<ImportOutcome> {
    host.run(move |app| app.import_file(&path)).await
}

/// A whole SVG document that shows the first page.
#[tauri::command]
pub async fn thumbnail(host: State<'_, Host>, id: String) -> Reply<String> {
    host.run(move |app| app.thumbnail(&id)).await
}

/// Takes a score out of the library, on all devices of its space.
#[tauri::command]
pub async fn delete_score(host: State<'_, Host>, id: String) -> Reply<()> {
    host.run(move |app| app.delete(&id)).await
}

/// Gives a score another title.
#[tauri::command]
pub async fn rename_score(host: State<'_, Host>, id: String, title: String) -> Reply<()> {
    host.run(move |app| app.rename(&id, &title)).await
}

/// Puts the demo scores into the library.
#[tauri::command]
pub async fn add_demos(host: State<'_, Host>) -> Reply<Vec<ImportOutcome>> {
    host.run(App::add_demos).await
}

/// Opens a score, or shows an open one anew.
#[tauri::command]
pub async fn open_score(host: State<'_, Host>, id: String) -> Reply<ScoreView> {
    host.run(move |app| app.open_score(&id)).await
}

/// Lets go of an open score.
#[tauri::command]
pub async fn close_score(host: State<'_, Host>, id: String) -> Reply<()> {
    host.run(move |app| {
        app.close_score(&id);
        Ok(())
    })
    .await
}

/// Selects what is at (or nearest to) a point of a page.
#[tauri::command]
pub async fn point(host: State<'_, Host>, id: String, page: usize, x: f32, y: f32) -> Reply<Option<SelectionView>> {
    host.run(move |app| app.point(&id, page, x, y)).await
}

/// Runs a command of the table: its id, and after a blank its argument.
#[tauri::command]
pub async fn command(host: State<'_, Host>, id: String, line: String) -> Reply<CommandOutcome> {
    host.run(move |app| app.command(&id, &line)).await
}

/// What changed in an open score since the last outcome.
#[tauri::command]
pub async fn refresh(host: State<'_, Host>, id: String) -> Reply<CommandOutcome> {
    host.run(move |app| app.refresh(&id)).await
}

/// What merging left to decide in a score.
#[tauri::command]
pub async fn conflicts(host: State<'_, Host>, id: String) -> Reply<Vec<ConflictView>> {
    host.run(move |app| app.conflicts(&id)).await
}

/// Decides a conflict in one of its ways, from 1.
#[tauri::command]
pub async fn resolve(host: State<'_, Host>, id: String, conflict: String, way: usize) -> Reply<CommandOutcome> {
    host.run(move |app| app.resolve(&id, &conflict, way)).await
}

/// The command table in the language.
#[tauri::command]
pub async fn commands(host: State<'_, Host>) -> Reply<Vec<CommandView>> {
    host.run(|app| Ok(app.commands())).await
}

/// Plays a score from the selection or from the beginning.
#[tauri::command]
pub async fn play(host: State<'_, Host>, id: String, from_selection: bool) -> Reply<PlaybackView> {
    host.run(move |app| app.play(&id, from_selection)).await
}

/// Stops.
#[tauri::command]
pub async fn stop(host: State<'_, Host>) -> Reply<PlaybackView> {
    host.run(|app| Ok(app.stop())).await
}

/// Where playing is now.
#[tauri::command]
pub async fn playback(host: State<'_, Host>) -> Reply<PlaybackView> {
    host.run(|app| Ok(app.playback())).await
}

/// Writes a score to a file; its ending says the format.
#[tauri::command]
pub async fn export(host: State<'_, Host>, id: String, to: PathBuf, options: ExportOptions) -> Reply<ExportOutcome> {
    host.run(move |app| app.export(&id, &to, &options)).await
}

/// An invitation to the space of a score, or to one's own.
#[tauri::command]
pub async fn share(host: State<'_, Host>, score: Option<String>) -> Reply<TicketView> {
    host.run(move |app| app.share(score.as_deref())).await
}

/// Accepts an invitation and fetches what is there.
#[tauri::command]
pub async fn join(host: State<'_, Host>, ticket: String) -> Reply<JoinOutcome> {
    host.run(move |app| app.join(&ticket)).await
}

/// Exchanges changes with every device that can be reached now.
#[tauri::command]
pub async fn sync_now(host: State<'_, Host>) -> Reply<SyncView> {
    host.run(App::sync_now).await
}

/// How this device stands with the others.
#[tauri::command]
pub async fn sync_status(host: State<'_, Host>) -> Reply<SyncView> {
    host.run(|app| Ok(app.sync_status())).await
}

/// The texts of a language, or of the current one.
#[tauri::command]
pub async fn texts(host: State<'_, Host>, language: Option<String>) -> Reply<TextsView> {
    host.run(move |app| Ok(app.texts(language.as_deref()))).await
}

/// The settings.
#[tauri::command]
pub async fn settings(host: State<'_, Host>) -> Reply<Settings> {
    host.run(|app| Ok(app.settings())).await
}

/// Changes one setting and gives back all.
#[tauri::command]
pub async fn set_setting(host: State<'_, Host>, key: String, value: String) -> Reply<Settings> {
    host.run(move |app| app.set_setting(&key, &value)).await
}
