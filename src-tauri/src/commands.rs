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

/// Reads every score of a file into the library.
#[tauri::command]
pub async fn import_file(host: State<'_, Host>, path: PathBuf) -> Reply<Vec<ImportOutcome>> {
    host.run(move |app| app.import_all(&path)).await
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

/// The style of an open score, or of the part of it that is looked at.
#[tauri::command]
pub async fn style(host: State<'_, Host>, id: String) -> Reply<StyleView> {
    host.run(move |app| app.style(&id)).await
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

/// Writes scores of the library into a folder, each in each format, and tells how far it is.
#[tauri::command]
pub async fn export_many(host: State<'_, Host>, ids: Vec<String>, endings: Vec<String>, folder: PathBuf) -> Reply<BatchView> {
    host.run(move |app| app.export_batch(&ids, &endings, &folder)).await
}

/// Ends an export of many scores after the file at hand.
#[tauri::command]
pub async fn stop_exporting(host: State<'_, Host>) -> Reply<()> {
    host.run(|app| {
        app.stop_exporting();
        Ok(())
    })
    .await
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

// The band.

/// The invitation that the window was opened with, once.
#[tauri::command]
pub async fn invitation(host: State<'_, Host>) -> Reply<Option<String>> {
    Ok(host.take_invitation())
}

/// Why this computer shows no notifications, where it shows none.
#[tauri::command]
pub async fn no_notifications(host: State<'_, Host>) -> Reply<Option<String>> {
    Ok(host.with_desktop(|desktop| desktop.out_of_order().map(str::to_owned)))
}

/// What an invitation leads to, before it is accepted.
#[tauri::command]
pub async fn look_at_ticket(host: State<'_, Host>, ticket: String) -> Reply<InvitationView> {
    host.run(move |app| app.look_at_ticket(&ticket)).await
}

/// How this person and this laptop are shown to others.
#[tauri::command]
pub async fn person(host: State<'_, Host>) -> Reply<PersonView> {
    host.run(App::person).await
}

/// Says how this person is shown to others; what is not given stays as it is.
#[tauri::command]
pub async fn set_person(host: State<'_, Host>, name: Option<String>, colour: Option<String>) -> Reply<PersonView> {
    host.run(move |app| app.set_person(name.as_deref(), colour.as_deref())).await
}

/// Gives this laptop a name, in all spaces; where that is empty, the one of its first start.
#[tauri::command]
pub async fn name_device(host: State<'_, Host>, name: String) -> Reply<PersonView> {
    host.run(move |app| app.name_device(&name)).await
}

/// The spaces that this person belongs to, their own first.
#[tauri::command]
pub async fn bands(host: State<'_, Host>) -> Reply<Vec<BandView>> {
    host.run(App::bands).await
}

/// Founds a band.
#[tauri::command]
pub async fn create_band(host: State<'_, Host>, name: String) -> Reply<BandView> {
    host.run(move |app| app.create_band(&name)).await
}

/// Gives a band another name.
#[tauri::command]
pub async fn rename_band(host: State<'_, Host>, space: String, name: String) -> Reply<()> {
    host.run(move |app| app.rename_band(&space, &name)).await
}

/// Leaves a band. What is here of it stays here.
#[tauri::command]
pub async fn leave_band(host: State<'_, Host>, space: String) -> Reply<()> {
    host.run(move |app| app.leave_band(&space)).await
}

/// The bands that this person, or this laptop, does not belong to any more, until they are forgotten.
#[tauri::command]
pub async fn former_bands(host: State<'_, Host>) -> Reply<Vec<FormerBandView>> {
    host.run(App::former_bands).await
}

/// Puts such a band out of sight, with its scores; copies of these stay where that is wanted.
#[tauri::command]
pub async fn forget_band(host: State<'_, Host>, space: String, keep: bool) -> Reply<Vec<ScoreCard>> {
    host.run(move |app| app.forget_band(&space, keep)).await
}

/// Seals what is written from now on with a new key.
#[tauri::command]
pub async fn rotate_key(host: State<'_, Host>, space: String) -> Reply<()> {
    host.run(move |app| app.rotate_key(&space)).await
}

/// An invitation into a band.
#[tauri::command]
pub async fn invite(host: State<'_, Host>, space: String, options: InviteOptions) -> Reply<TicketView> {
    host.run(move |app| app.invite(&space, &options)).await
}

/// Withdraws an invitation.
#[tauri::command]
pub async fn revoke_invite(host: State<'_, Host>, space: String, invite: String) -> Reply<()> {
    host.run(move |app| app.revoke_invite(&space, &invite)).await
}

/// Says yes (or no) to one who asks to come in.
#[tauri::command]
pub async fn answer_request(host: State<'_, Host>, request: String, yes: bool) -> Reply<RequestView> {
    host.run(move |app| app.answer_request(&request, yes)).await
}

/// The names of the spaces whose invitation this person accepted, where nobody has said yes or no yet.
#[tauri::command]
pub async fn asked(host: State<'_, Host>) -> Reply<Vec<String>> {
    host.run(App::asked).await
}

/// Gives a member another role.
#[tauri::command]
pub async fn set_member_role(host: State<'_, Host>, space: String, member: String, role: String) -> Reply<BandView> {
    host.run(move |app| app.set_member_role(&space, &member, &role)).await
}

/// Removes a member.
#[tauri::command]
pub async fn remove_member(host: State<'_, Host>, space: String, member: String) -> Reply<()> {
    host.run(move |app| app.remove_member(&space, &member)).await
}

/// Removes a device.
#[tauri::command]
pub async fn remove_device(host: State<'_, Host>, space: String, device: String) -> Reply<()> {
    host.run(move |app| app.remove_device(&space, &device)).await
}

/// Lets this laptop go on under another key, and starts the window again.
#[tauri::command]
pub async fn renew_device(host: State<'_, Host>) -> Reply<()> {
    host.run(App::renew_device).await?;
    host.start_again();
    Ok(())
}

/// What was refused, or is kept without being applied, newest first.
#[tauri::command]
pub async fn refused(host: State<'_, Host>) -> Reply<Vec<RefusedView>> {
    host.run(App::refused).await
}

/// Makes a key to print.
#[tauri::command]
pub async fn make_recovery_key(host: State<'_, Host>) -> Reply<RecoveryView> {
    host.run(App::make_recovery_key).await
}

/// Writes a printed key to a file that only its owner may read.
#[tauri::command]
pub async fn save_recovery_key(host: State<'_, Host>, key: RecoveryView, to: PathBuf) -> Reply<()> {
    host.run(move |app| app.save_recovery_key(&key, &to)).await
}

/// Makes this laptop one of the person whose printed key this is. Gives the names of the spaces.
#[tauri::command]
pub async fn recover(host: State<'_, Host>, key: String, ticket: Option<String>) -> Reply<Vec<String>> {
    host.run(move |app| app.recover(&key, ticket.as_deref())).await
}

/// The relays that are run for the spaces of this device.
#[tauri::command]
pub async fn relays(host: State<'_, Host>) -> Reply<Vec<RelayView>> {
    host.run(App::relays).await
}

/// Uses a relay from now on, by the pass that whoever runs it gave.
#[tauri::command]
pub async fn add_relay(host: State<'_, Host>, pass: String) -> Reply<RelayView> {
    host.run(move |app| app.add_relay(&pass)).await
}

/// Uses the relay of this name no more. Gives whether there was one.
#[tauri::command]
pub async fn remove_relay(host: State<'_, Host>, name: String) -> Reply<bool> {
    host.run(move |app| app.remove_relay(&name)).await
}

/// Whether laptops in the same network find this one without being told where.
#[tauri::command]
pub async fn discovery(host: State<'_, Host>) -> Reply<bool> {
    host.run(App::discovery).await
}

/// Says whether laptops in the same network shall find this one. Holds when BandPro is started next.
#[tauri::command]
pub async fn set_discovery(host: State<'_, Host>, on: bool) -> Reply<()> {
    host.run(move |app| app.set_discovery(on)).await
}

/// Puts a copy of a score into another space.
#[tauri::command]
pub async fn copy_score(host: State<'_, Host>, id: String, space: String) -> Reply<ScoreCard> {
    host.run(move |app| app.copy_score(&id, &space)).await
}

/// Moves a score into another space.
#[tauri::command]
pub async fn move_score(host: State<'_, Host>, id: String, space: String) -> Reply<ScoreCard> {
    host.run(move |app| app.move_score(&id, &space)).await
}
