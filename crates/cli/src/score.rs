//! One score: its notes, files of it, edits, sound.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use bandpro_app::{App, AppError, ExportOptions, ExportOutcome, PlaybackState, Step, files};

use crate::library::one_line;
use crate::output::{DONE, Failure, Output};

/// What `FILE|ID` names: a path that exists is a file, everything else an id.
enum Source {
    File(PathBuf),
    Id(String),
}

impl Source {
    fn of(what: &OsStr) -> Self {
        let path = Path::new(what);
        let looks_like_file = path.exists() || path.components().count() > 1 || path.extension().is_some();
        if looks_like_file { Self::File(path.to_owned()) } else { Self::Id(what.to_string_lossy().into_owned()) }
    }
}

/// The notes of a score, a JSON object a line.
pub fn events(open: impl Fn() -> Result<App, AppError>, output: &Output, what: &OsString) -> Result<u8, Failure> {
    let lines = match Source::of(what) {
        Source::File(path) => files::events(&path)?,
        Source::Id(id) => open()?.score_events(&id)?,
    };
    output.lines(&lines)?;
    Ok(DONE)
}

/// The pages of a score as JSON, and what the layout linter finds on them where it is asked.
pub fn engrave(open: impl Fn() -> Result<App, AppError>, output: &Output, what: &OsString, check: bool) -> Result<u8, Failure> {
    let engraving = match Source::of(what) {
        Source::File(path) => files::engraving(&files::read_score(&path)?.score, check),
        Source::Id(id) => open()?.score_engraving(&id, check)?,
    };
    output.lines(&[engraving])?;
    Ok(DONE)
}

/// Writes a score to a file, and says which files were written.
pub fn export(
    open: impl Fn() -> Result<App, AppError>,
    output: &Output,
    (what, to): (&OsString, &Path),
    options: &ExportOptions,
) -> Result<u8, Failure> {
    let outcome: ExportOutcome = match Source::of(what) {
        Source::File(path) => files::export_score(&files::read_score(&path)?.score, to, options)?,
        Source::Id(id) => open()?.export(&id, to, options)?,
    };
    let words: Vec<String> = outcome.files.iter().map(|file| file.display().to_string()).collect();
    output.result(&words.join("\n"), &outcome)?;
    for line in &outcome.report {
        output.note(&format!("  {line}"));
    }
    Ok(DONE)
}

/// Runs commands on a score, one after another, and says after each what is selected.
pub fn edit(app: &App, output: &Output, id: &str, script: &str) -> Result<u8, Failure> {
    let mut steps: Vec<Step> = Vec::new();
    let ran = app.script(id, script, |step| steps.push(step.clone()));
    for step in &steps {
        output.result(&format!("{}\t{}\t{}", step.number, step.command, step.selection), step)?;
    }
    ran?;
    Ok(DONE)
}

/// What merging left to decide: a line a conflict (its id, where, what), then a line for each way to decide it.
pub fn conflicts(app: &App, output: &Output, id: &str) -> Result<u8, Failure> {
    for conflict in app.conflicts(id)? {
        let mut lines = vec![[conflict.id.as_str(), &one_line(&conflict.place), &one_line(&conflict.text)].join("\t")];
        lines.extend(conflict.ways.iter().zip(1..).map(|(way, number)| format!("\t{number}\t{}", one_line(&way.text))));
        output.result(&lines.join("\n"), &conflict)?;
    }
    Ok(DONE)
}

/// Decides one.
pub fn resolve(app: &App, id: &str, conflict: &str, way: usize) -> Result<u8, Failure> {
    app.settle(id, conflict, way)?;
    Ok(DONE)
}

/// Plays a score to its end.
pub fn play(app: &App, output: &Output, id: &str) -> Result<u8, Failure> {
    let id = app.find(id)?;
    let events = app.events();
    let mut now = app.play(&id, false)?;
    output.note(&format!("{:.0} s", now.duration));
    loop {
        if let Some(message) = now.message.clone() {
            // A window goes on following silently; here there would be nothing to see.
            app.stop();
            return Err(AppError::Sound { code: "sound-no-device", message }.into());
        }
        // The first frames after the start may still say that nothing plays.
        if matches!(now.state, PlaybackState::Stopped) && (now.seconds <= 0.0 || now.seconds + 0.05 >= now.duration) {
            break;
        }
        now = match events.recv_timeout(Duration::from_millis(500)) {
            Ok(bandpro_app::AppEvent::Playback { playback }) => playback,
            Ok(_) | Err(_) => app.playback(),
        };
    }
    output.result(&id, &now)?;
    Ok(DONE)
}
