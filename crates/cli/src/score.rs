//! One score: its notes, files of it, edits, sound.

use std::ffi::{OsStr, OsString};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bandpro_app::files::batch::Attempt;
use bandpro_app::texts::{Arg, Texts};
use bandpro_app::{App, AppError, ExportOptions, ExportOutcome, PlaybackState, Step, files};

use crate::library::one_line;
use crate::output::{DONE, FAILED, Failure, Output};

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

/// Writes many scores in many formats into a folder: the files and scores that are named, or the whole library. Says each file
/// as it is written and each failure with its reason; fails if any did.
pub fn export_all(
    open: impl Fn() -> Result<App, AppError>,
    output: &Output,
    texts: &Texts,
    (what, to, endings): (&[OsString], &Path, &[String]),
) -> Result<u8, Failure> {
    let (mut written, mut failed) = (0_usize, 0_usize);
    let mut told = |done: usize, total: usize, attempt: &Attempt| -> ControlFlow<()> {
        match &attempt.outcome {
            Ok(outcome) => {
                written += outcome.files.len();
                let words: Vec<String> = outcome.files.iter().map(|file| file.display().to_string()).collect();
                // A closed pipe is noticed when the summary is written.
                let _ = output.result(&words.join("\n"), outcome);
                output.note(&format!("  {done}/{total}"));
                for line in &outcome.report {
                    output.note(&format!("    {line}"));
                }
            }
            Err(error) => {
                failed += 1;
                output.note(&format!("  {done}/{total} {}", one_line(&attempt.name)));
                output.error(&error.view(texts));
            }
        }
        ControlFlow::Continue(())
    };
    let options = ExportOptions::default();
    let (files, ids): (Vec<Source>, Vec<Source>) =
        what.iter().map(|what| Source::of(what)).partition(|source| matches!(source, Source::File(_)));
    if !files.is_empty() {
        let read = |source: Source| match source {
            Source::File(path) => {
                let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                Some((name, move || files::read_score(&path).map(|imported| imported.score)))
            }
            Source::Id(_) => None,
        };
        files::batch::export_many(files.into_iter().filter_map(read).collect(), endings, to, &options, &mut told)?;
    }
    if what.is_empty() || !ids.is_empty() {
        let app = open()?;
        let named = ids.into_iter().filter_map(|source| if let Source::Id(id) = source { Some(id) } else { None });
        let mut wanted = named.map(|id| app.find(&id)).collect::<Result<Vec<String>, AppError>>()?;
        if what.is_empty() {
            wanted = app.library()?.into_iter().map(|card| card.id).collect();
        }
        app.export_many(&wanted, endings, to, &options, &mut told)?;
    }
    output.note(&texts.with("cli-export-all-done", &[("written", Arg::Count(written as u64)), ("failed", Arg::Count(failed as u64))]));
    Ok(if failed == 0 { DONE } else { FAILED })
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
