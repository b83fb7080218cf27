//! The library: scores in and out.

use std::collections::BTreeMap;
use std::path::Path;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::engrave;
use bandpro_notation::import::Imported;
use bandpro_notation::model::Score;
use bandpro_notation::render::{self, SvgOptions};
use bandpro_sync::{Rescued, ScoreEntry, ScoreId, SpaceId};

use super::{App, lock};
use crate::demo::DEMOS;
use crate::view::{ImportOutcome, ScoreCard};
use crate::{AppError, files, open};

/// More measures than fit a first page; the thumbnail of a symphony need not engrave it all.
const FIRST_PAGE: usize = 64;

impl App {
    /// The scores, most recently changed first.
    pub fn library(&self) -> Result<Vec<ScoreCard>, AppError> {
        let workspace = &self.inner.workspace;
        let spaces = self.spaces()?.into_iter().map(|space| (space.id, space.name));
        let former = workspace.former_spaces()?.into_iter().map(|former| (former.id, former.name));
        let names: BTreeMap<SpaceId, String> = spaces.chain(former).collect();
        let card = |entry: ScoreEntry| ScoreCard {
            id: entry.id.to_string(),
            title: entry.title,
            composer: entry.composer,
            parts: entry.parts,
            measures: entry.measures,
            space: entry.space.to_string(),
            space_name: names.get(&entry.space).cloned().unwrap_or_default(),
            modified: entry.modified,
        };
        Ok(workspace.scores()?.into_iter().map(card).collect())
    }

    /// The full id of a score, from it or from a beginning that is its alone.
    pub fn find(&self, text: &str) -> Result<String, AppError> {
        Ok(self.inner.workspace.find_score(text)?.to_string())
    }

    /// Reads every score of a file into the library: of an ABC tune book each tune, of any other file its one score. A file that
    /// cannot be read leaves the library as it is.
    pub fn import_all(&self, path: &Path) -> Result<Vec<ImportOutcome>, AppError> {
        let scores = files::read_scores(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        scores.into_iter().map(|imported| self.take(imported, &name)).collect()
    }

    /// Reads a file into the library; of a tune book the first tune.
    pub fn import_file(&self, path: &Path) -> Result<ImportOutcome, AppError> {
        let imported = files::read_score(path)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.take(imported, &name)
    }

    /// Reads bytes (a dropped file) into the library; the name is the title's fallback.
    pub fn import_bytes(&self, name: &str, bytes: &[u8]) -> Result<ImportOutcome, AppError> {
        self.take(files::import_bytes(name, bytes)?, name)
    }

    fn take(&self, imported: Imported, name: &str) -> Result<ImportOutcome, AppError> {
        let imported = files::titled(imported, name);
        let texts = self.words();
        let id = self.inner.workspace.import_score(self.inner.workspace.own_space(), &imported.score)?;
        Ok(ImportOutcome { id: id.to_string(), title: open::title(&imported.score, &texts), report: files::report(&imported, &texts) })
    }

    /// Copies the scores of another data folder into the library, as far as they can be read without that folder's key.
    pub fn rescue(&self, folder: &Path) -> Result<Vec<ImportOutcome>, AppError> {
        let texts = self.words();
        let mut outcomes = Vec::new();
        for Rescued { entry, score, is_behind } in bandpro_sync::rescue(folder)? {
            let title = if entry.title.is_empty() { texts.text("untitled") } else { entry.title };
            let id = match &score {
                Some(score) => self.inner.workspace.import_score(self.inner.workspace.own_space(), score)?.to_string(),
                None => String::new(),
            };
            let lost = score.is_none().then(|| texts.text("rescue-unreadable"));
            let report = lost.into_iter().chain(is_behind.then(|| texts.text("rescue-behind"))).collect();
            outcomes.push(ImportOutcome { id, title, report });
        }
        Ok(outcomes)
    }

    /// Puts the demo scores into the library; those that are there already are not put in twice.
    pub fn add_demos(&self) -> Result<Vec<ImportOutcome>, AppError> {
        let there: Vec<String> = self.inner.workspace.scores()?.into_iter().map(|entry| entry.title).collect();
        let mut added = Vec::new();
        for (name, text) in DEMOS {
            let imported = files::import_bytes(name, text.as_bytes())?;
            let title = open::title(&imported.score, &self.words());
            if !there.contains(&title) {
                added.push(self.take(imported, name)?);
            }
        }
        Ok(added)
    }

    /// A whole SVG document that shows the first page.
    pub fn thumbnail(&self, id: &str) -> Result<String, AppError> {
        let id = self.inner.workspace.find_score(id)?;
        let entry = self.inner.workspace.score(id)?;
        if let Some((_, svg)) = lock(&self.inner.thumbnails).get(&id).filter(|(modified, _)| *modified == entry.modified) {
            return Ok(svg.clone());
        }
        let svg = self.first_page(id)?;
        lock(&self.inner.thumbnails).insert(id, (entry.modified, svg.clone()));
        Ok(svg)
    }

    fn first_page(&self, id: ScoreId) -> Result<String, AppError> {
        let shown = lock(&self.inner.open).get(&id).cloned();
        let look = |title: &str| SvgOptions { title: title.to_owned(), ..SvgOptions::default() };
        if let Some(open) = shown {
            let mut open = lock(&open);
            if open.shows_pages() {
                let title = open::title(open.score(), &self.words());
                return Ok(open.picture().pages().first().map(|page| render::svg(page, &look(&title))).unwrap_or_default());
            }
        }
        let document = self.inner.workspace.open_score(id)?;
        let beginning = beginning_of(document.score())?;
        let pages = engrave::engrave(&beginning, &engrave::Options::default());
        Ok(pages.first().map(|page| render::svg(page, &look(&open::title(&beginning, &self.words())))).unwrap_or_default())
    }

    /// Takes a score out of the library, on all devices of its space.
    pub fn delete(&self, id: &str) -> Result<(), AppError> {
        let id = self.inner.workspace.find_score(id)?;
        lock(&self.inner.open).remove(&id);
        lock(&self.inner.thumbnails).remove(&id);
        Ok(self.inner.workspace.delete_score(id)?)
    }

    /// Gives a score another title.
    pub fn rename(&self, id: &str, title: &str) -> Result<(), AppError> {
        let id = self.inner.workspace.find_score(id)?;
        Ok(self.inner.workspace.rename_score(id, title.trim())?)
    }
}

/// The first measures of a score.
fn beginning_of(score: &Score) -> Result<Score, AppError> {
    let mut beginning = score.clone();
    let later = score.measure_order().get(FIRST_PAGE..).unwrap_or_default();
    later.iter().rev().map(|id| Change::RemoveMeasure(*id)).collect::<Edit>().apply(&mut beginning)?;
    Ok(beginning)
}
