//! Open scores: showing, editing, playing, exporting.

use std::path::Path;
use std::sync::{Arc, Mutex};

use bandpro_notation::listing::{self, EventLine};
use bandpro_notation::model::Score;
use bandpro_sync::ScoreId;

use super::{App, lock};
use crate::desk::Ran;
use crate::looking::Looking;
use crate::open::Open;
use crate::view::*;
use crate::{AppError, commands, files};

/// What one command of a script did, for whoever reads along.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// The command.
    pub command: String,
    /// What is selected after it, in words.
    pub selection: String,
}

/// The setting that keeps how a score is looked at.
fn looking_key(id: ScoreId) -> String {
    format!("looking {id}")
}

impl App {
    /// The open score of this id; opened now if it was not.
    fn at(&self, id: &str) -> Result<(ScoreId, Arc<Mutex<Open>>), AppError> {
        let id = self.inner.workspace.find_score(id)?;
        if let Some(open) = lock(&self.inner.open).get(&id) {
            return Ok((id, Arc::clone(open)));
        }
        // Opened outside the lock: a large score must not keep others waiting. Where two were opening, the first stays.
        let opened = Arc::new(Mutex::new(Open::new(self.inner.workspace.open_score(id)?)));
        Ok((id, Arc::clone(lock(&self.inner.open).entry(id).or_insert(opened))))
    }

    /// Opens a score, or shows an open one anew, with its selection and what can be undone.
    pub fn open_score(&self, id: &str) -> Result<ScoreView, AppError> {
        let (id, open) = self.at(id)?;
        let view = {
            let mut open = lock(&open);
            if !open.is_shown() {
                open.look(self.looked_at(id));
            }
            open.view(&id.to_string(), &self.words())
        };
        // Editing needs the replicated document; it is loaded behind the first page.
        let behind = Arc::clone(&open);
        let warmed = std::thread::Builder::new().name("warming".to_owned()).spawn(move || lock(&behind).warm());
        if let Err(error) = warmed {
            tracing::debug!(%error, "the document is loaded with the first edit");
        }
        Ok(view)
    }

    /// How the score was looked at last on this device.
    fn looked_at(&self, id: ScoreId) -> Looking {
        let stored = self.inner.workspace.setting(&looking_key(id)).ok().flatten();
        stored.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default()
    }

    fn keep_looking(&self, id: ScoreId, looking: Looking) -> Result<(), AppError> {
        let json = serde_json::to_string(&looking).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(self.inner.workspace.set_setting(&looking_key(id), &json)?)
    }

    /// Lets go of an open score: its selection, undo history and pictures.
    pub fn close_score(&self, id: &str) {
        if let Ok(id) = self.inner.workspace.find_score(id) {
            let closed = lock(&self.inner.open).remove(&id);
            drop(closed);
        }
    }

    /// Selects what is at (or nearest to) a point of a page; nothing changes far from any note or rest.
    pub fn point(&self, id: &str, page: usize, x: f32, y: f32) -> Result<Option<SelectionView>, AppError> {
        let (_, open) = self.at(id)?;
        let mut open = lock(&open);
        Ok(open.point(page, x, y).and_then(|()| open.selection(&self.words())))
    }

    /// Runs a command of the table: its id, and after a blank its argument, as in `pitch F#4`.
    pub fn command(&self, id: &str, line: &str) -> Result<CommandOutcome, AppError> {
        let (id, open) = self.at(id)?;
        let texts = self.words();
        let (ran, looking) = {
            let mut open = lock(&open);
            let before = open.desk.looking;
            let ran = open.run(line)?;
            (ran, Some(open.desk.looking).filter(|now| *now != before))
        };
        if let Some(looking) = looking {
            self.keep_looking(id, looking)?;
        }
        if let Ran::Transport { play, from_selection } = ran {
            let message = if play { self.play(&id.to_string(), from_selection)?.message } else { self.stop().message };
            return Ok(lock(&open).outcome(&id.to_string(), &texts, message));
        }
        let mut open = lock(&open);
        let said = open.said(line, &texts);
        let mut outcome = open.outcome(&id.to_string(), &texts, said);
        outcome.message = outcome.message.or_else(|| outcome.selection.as_ref().map(|selection| selection.announcement.clone()));
        Ok(outcome)
    }

    /// Runs a script on a score without engraving it. Stops at the first command that fails; what was done before stays.
    pub fn script(&self, id: &str, script: &str, mut done: impl FnMut(&Step)) -> Result<usize, AppError> {
        let (_, open) = self.at(id)?;
        let mut open = lock(&open);
        let lines = commands::split_script(script);
        for (at, line) in lines.iter().enumerate() {
            let failed = |source: AppError| AppError::Script {
                number: at + 1,
                line: line.chars().take(200).collect(),
                done: at,
                source: Box::new(source),
            };
            match open.run(line).map_err(failed)? {
                Ran::Transport { .. } => return Err(failed(AppError::WindowOnly(commands::parse(line).map_err(failed)?.0.id))),
                Ran::Moved | Ran::Edited => {}
            }
            done(&Step { number: at + 1, command: (*line).to_owned(), selection: open.announcement(&self.words()) });
        }
        Ok(lines.len())
    }

    /// What changed in an open score since the last outcome, after `ScoreChanged`.
    pub fn refresh(&self, id: &str) -> Result<CommandOutcome, AppError> {
        let (id, open) = self.at(id)?;
        let mut open = lock(&open);
        open.take_in()?;
        Ok(open.outcome(&id.to_string(), &self.words(), None))
    }

    /// What merging left to decide in a score; empty as a rule.
    pub fn conflicts(&self, id: &str) -> Result<Vec<ConflictView>, AppError> {
        let (_, open) = self.at(id)?;
        let mut open = lock(&open);
        open.take_in()?;
        let space = open.space();
        let devices = self.inner.workspace.spaces()?.into_iter().find(|other| other.id == space).map(|space| space.devices);
        open.conflicts(&self.words(), &devices.unwrap_or_default())
    }

    /// Decides a conflict in one of its ways (from 1): an edit like any other, which others get and which can be undone.
    pub fn resolve(&self, id: &str, conflict: &str, way: usize) -> Result<CommandOutcome, AppError> {
        let (id, open) = self.at(id)?;
        let mut open = lock(&open);
        open.resolve(conflict, way)?;
        let texts = self.words();
        Ok(open.outcome(&id.to_string(), &texts, Some(texts.text("said-decided"))))
    }

    /// The same without engraving, for a surface that shows no pages.
    pub fn settle(&self, id: &str, conflict: &str, way: usize) -> Result<(), AppError> {
        let (_, open) = self.at(id)?;
        lock(&open).resolve(conflict, way)
    }

    /// The notes of a score, in the order and form of the listing.
    pub fn score_events(&self, id: &str) -> Result<Vec<EventLine>, AppError> {
        let id = self.inner.workspace.find_score(id)?;
        Ok(listing::events(self.inner.workspace.open_score(id)?.score()))
    }

    /// How a score comes out on paper; with `linted`, what the layout linter finds in it too.
    pub fn score_engraving(&self, id: &str, linted: bool) -> Result<files::Engraving, AppError> {
        let id = self.inner.workspace.find_score(id)?;
        Ok(files::engraving(self.inner.workspace.open_score(id)?.score(), linted))
    }

    /// The style of an open score, or of the part of it that is looked at.
    pub fn style(&self, id: &str) -> Result<StyleView, AppError> {
        let (_, open) = self.at(id)?;
        let open = lock(&open);
        Ok(commands::style_view(open.desk.looking, open.score()))
    }

    /// Plays a score from the selection or from the beginning.
    pub fn play(&self, id: &str, from_selection: bool) -> Result<PlaybackView, AppError> {
        let (id, open) = self.at(id)?;
        {
            let open = lock(&open);
            self.inner.playing.play(&id.to_string(), open.score(), from_selection.then_some(open.desk.selection));
        }
        self.follow_playing();
        Ok(self.playback())
    }

    /// Stops.
    pub fn stop(&self) -> PlaybackView {
        self.inner.playing.stop();
        self.playback()
    }

    /// Where playing is now.
    pub fn playback(&self) -> PlaybackView {
        let (view, position) = self.inner.playing.now(&self.words());
        let Some((position, id)) = position.zip(view.score.as_ref().and_then(|id| id.parse::<ScoreId>().ok())) else { return view };
        let open = lock(&self.inner.open).get(&id).cloned();
        // A command at work holds the score; the cursor waits for the next frame rather than for it.
        let cursor = open.and_then(|open| {
            let open = open.try_lock().ok()?;
            open.shown()?.cursor(position.measure, position.index, position.beat)
        });
        PlaybackView { cursor, ..view }
    }

    /// Writes scores of the library into a folder, each in each format; see [`files::batch::export_many`].
    pub fn export_many(
        &self,
        ids: &[String],
        endings: &[String],
        folder: &Path,
        options: &ExportOptions,
        told: &mut files::batch::Told<'_>,
    ) -> Result<(), AppError> {
        let cards = self.library()?;
        let title = |id: &str| cards.iter().find(|card| card.id == *id).map_or_else(|| id.to_owned(), |card| card.title.clone());
        let read = |id: String| {
            move || -> Result<Score, AppError> {
                let id = self.inner.workspace.find_score(&id)?;
                Ok(self.inner.workspace.open_score(id)?.score().clone())
            }
        };
        let scores = ids.iter().map(|id| (title(id), read(id.clone()))).collect();
        files::batch::export_many(scores, endings, folder, options, told)
    }

    /// Writes a score to a file; its ending says the format: musicxml, xml, mxl, mid, midi, abc, svg, pdf, png, wav.
    pub fn export(&self, id: &str, to: &Path, options: &ExportOptions) -> Result<ExportOutcome, AppError> {
        let id = self.inner.workspace.find_score(id)?;
        let document = self.inner.workspace.open_score(id)?;
        files::export_score(document.score(), to, options)
    }
}
