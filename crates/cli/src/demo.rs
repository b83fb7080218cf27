//! The demo scores, and the tour: two laptops, one score, apart and together again.

use std::fs;
use std::path::{Path, PathBuf};

use bandpro_app::texts::{Arg, Texts};
use bandpro_app::{App, AppConfig, AppError, ExportOptions, files, texts_without_data};

use crate::library::one_line;
use crate::output::{DONE, Failure, Output};

/// The tune that the tour is made with, and its file.
const TUNE: &str = "minuet-in-g.musicxml";

/// Puts the demo scores into the library: a line a score that was not there yet.
pub fn add(app: &App, output: &Output) -> Result<u8, Failure> {
    let added = app.add_demos()?;
    if added.is_empty() {
        output.note(&app.words().text("cli-demo-there"));
    }
    for outcome in &added {
        output.result(&format!("{}\t{}", outcome.id, one_line(&outcome.title)), outcome)?;
    }
    Ok(DONE)
}

/// The tour: each step is printed with the files it made.
pub fn tour(output: &Output, folder: Option<&Path>, language: Option<&str>) -> Result<u8, Failure> {
    let folder = folder.map_or_else(fresh_folder, |folder| Ok(folder.to_owned()))?;
    fs::create_dir_all(&folder).map_err(|source| AppError::Write { path: folder.clone(), source })?;
    let texts = texts_without_data(language);
    let story = Story { output, texts: &texts };
    let laptop = |name: &str| {
        App::open(AppConfig { data_dir: Some(folder.join(name)), language: language.map(str::to_owned), online: false, system_keys: false })
    };
    let (mei, jon) = (laptop("laptop-of-mei")?, laptop("laptop-of-jon")?);
    story.say("tour-folders", &[("one", mei.data_dir()), ("two", jon.data_dir())])?;

    let score = shared(&story, &mei, &jon)?;
    edited_apart(&story, &mei, &jon, &score)?;
    together_again(&story, &mei, &jon, &score)?;
    written(&story, &jon, &score, &folder)?;
    story.say("tour-end", &[("folder", &folder)])?;
    Ok(DONE)
}

/// Mei puts a tune into her library and invites Jon; he gets it from her laptop.
fn shared(story: &Story<'_>, mei: &App, jon: &App) -> Result<String, Failure> {
    let (_, tune) = bandpro_app::DEMOS.iter().find(|(name, _)| *name == TUNE).ok_or_else(|| AppError::Internal(TUNE.to_owned()))?;
    let imported = mei.import_bytes(TUNE, tune.as_bytes())?;
    story.say("tour-imported", &[("title", Path::new(&imported.title))])?;
    let ticket = mei.share(Some(&imported.id))?;
    story.say("tour-ticket", &[("ticket", Path::new(&ticket.ticket))])?;
    let joined = jon.join(&ticket.ticket);
    mei.go_offline();
    jon.go_offline();
    let joined = joined?;
    story.say("tour-joined", &[("title", Path::new(&joined.scores.first().map(|card| card.title.clone()).unwrap_or_default()))])?;
    Ok(imported.id)
}

/// Both change the score with no network between them: different notes, and the same note.
fn edited_apart(story: &Story<'_>, mei: &App, jon: &App, score: &str) -> Result<(), Failure> {
    for (app, who, script) in
        [(mei, "Mei", "goto 1 1 1; pitch E5; goto 1 3 1; pitch A5"), (jon, "Jon", "goto 1 2 1; pitch F#5; staccato; goto 1 3 1; pitch B4")]
    {
        app.script(score, script, |_| {})?;
        app.close_score(score);
        story.say("tour-edited", &[("who", Path::new(who)), ("script", Path::new(script))])?;
    }
    if mei.score_events(score)? == jon.score_events(score)? {
        return Err(AppError::Internal("the laptops should differ while they are apart".to_owned()).into());
    }
    Ok(())
}

/// They meet: afterwards both have the same notes.
fn together_again(story: &Story<'_>, mei: &App, jon: &App, score: &str) -> Result<(), Failure> {
    mei.serve()?;
    let meetings = jon.meet();
    mei.go_offline();
    jon.go_offline();
    for meeting in meetings? {
        meeting.result.map_err(AppError::from)?;
    }
    let (one, two) = (mei.score_events(score)?, jon.score_events(score)?);
    if one != two {
        return Err(AppError::Internal("the laptops should have the same notes after they met".to_owned()).into());
    }
    story.say("tour-merged", &[("count", Path::new(&one.len().to_string()))])
}

/// The result on paper and as sound.
fn written(story: &Story<'_>, app: &App, score: &str, folder: &Path) -> Result<(), Failure> {
    for name in ["minuet.pdf", "minuet.png", "minuet.wav", "minuet.mid", "minuet.musicxml"] {
        let outcome = app.export(score, &folder.join(name), &ExportOptions::default())?;
        for file in &outcome.files {
            story.say("tour-written", &[("file", file)])?;
        }
    }
    // What was written reads back as what it was.
    let back = files::events(&folder.join("minuet.musicxml"))?;
    story.say("tour-read-back", &[("count", Path::new(&back.len().to_string()))])
}

fn fresh_folder() -> Result<PathBuf, AppError> {
    let base = std::env::temp_dir();
    let free = (1..10_000).map(|number| base.join(format!("bandpro-tour-{}-{number}", std::process::id()))).find(|path| !path.exists());
    free.ok_or_else(|| AppError::Internal(format!("no free name in {}", base.display())))
}

/// Tells the steps, numbered by how they follow.
struct Story<'a> {
    output: &'a Output,
    texts: &'a Texts,
}

impl Story<'_> {
    fn say(&self, key: &str, args: &[(&str, &Path)]) -> Result<(), Failure> {
        let texts: Vec<(&str, String)> = args.iter().map(|(name, value)| (*name, value.display().to_string())).collect();
        let filled: Vec<(&str, Arg<'_>)> = texts.iter().map(|(name, value)| (*name, Arg::Text(value))).collect();
        let value: serde_json::Map<String, serde_json::Value> =
            texts.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).chain([("step".to_owned(), key.into())]).collect();
        self.output.result(&self.texts.with(key, &filled), &value)
    }
}
