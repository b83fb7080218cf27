//! The pictures of an open score: engraved pages, what of them changed, and where things are on them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bandpro_notation::edit::Selection;
use bandpro_notation::engrave::{self, Page, PlacedSystem, Point, Rect, Role};
use bandpro_notation::model::{Beat, EventId, MeasureId, RecordRef, Score};
use bandpro_notation::render;

use crate::view::{CursorView, PageView, RectView, SystemView};

/// How far from a notehead a click still means it, in staff spaces: a finger's width at reading size.
const REACH: f32 = 2.0;
/// Room around a system's ink, in staff spaces.
const MARGIN: f32 = 0.5;

/// The pages of a score and the names of their systems' pictures.
pub struct Picture {
    pages: Vec<Page>,
    keys: Vec<Vec<String>>,
    frames: Vec<String>,
    /// How many pictures were named so far.
    named: u64,
    /// Counts what was handed out.
    pub revision: u64,
}

/// What became different between two pictures.
pub struct Difference {
    /// The revision it leads from.
    pub base: u64,
    /// The pages that changed.
    pub pages: Vec<PageView>,
}

impl Picture {
    /// Engraves a score.
    pub fn of(score: &Score) -> Self {
        let mut picture = Self { pages: Vec::new(), keys: Vec::new(), frames: Vec::new(), named: 0, revision: 0 };
        picture.update(score);
        picture
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// The engraved pages.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// All pages with all pictures.
    pub fn views(&self) -> Vec<PageView> {
        (0..self.pages.len()).map(|at| self.view(at, |_| true)).collect()
    }

    /// Engraves the score as it is now and says what changed.
    pub fn update(&mut self, score: &Score) -> Difference {
        let old = std::mem::replace(&mut self.pages, engrave::engrave(score, &engrave::Options::default()));
        let old_keys = std::mem::take(&mut self.keys);
        let old_frames = std::mem::take(&mut self.frames);
        let held: BTreeSet<&String> = old_keys.iter().flatten().collect();
        let before: BTreeMap<usize, (&PlacedSystem, &String)> = old
            .iter()
            .zip(&old_keys)
            .flat_map(|(page, keys)| page.systems.iter().zip(keys))
            .map(|(system, key)| (system.measures.start, (system, key)))
            .collect();
        let mut keys = Vec::with_capacity(self.pages.len());
        for page in &self.pages {
            let mut key = |system: &PlacedSystem| {
                let same = before.get(&system.measures.start).filter(|(old, _)| looks_same(old, system));
                same.map(|(_, key)| (*key).clone()).unwrap_or_else(|| {
                    self.named += 1;
                    self.named.to_string()
                })
            };
            keys.push(page.systems.iter().map(&mut key).collect::<Vec<_>>());
        }
        self.frames = self.pages.iter().map(render::svg_page_items).collect();
        self.keys = keys;
        let unchanged = |at: &usize| {
            let papers = old.get(*at).is_some_and(|old| same_paper(old, &self.pages[*at]));
            let ys = |page: &Page| page.systems.iter().map(extent).collect::<Vec<_>>();
            let places = old.get(*at).is_some_and(|old| ys(old) == ys(&self.pages[*at]));
            papers && places && old_keys.get(*at) == self.keys.get(*at) && old_frames.get(*at) == self.frames.get(*at)
        };
        let changed: Vec<usize> = (0..self.pages.len()).filter(|at| !unchanged(at)).collect();
        let pages: Vec<PageView> = changed.into_iter().map(|at| self.view(at, |key| !held.contains(key))).collect();
        let base = self.revision;
        if !pages.is_empty() || old.len() != self.pages.len() {
            self.revision += 1;
        }
        Difference { base, pages }
    }

    fn view(&self, at: usize, drawn: impl Fn(&String) -> bool) -> PageView {
        let page = &self.pages[at];
        let system = |(index, system): (usize, &PlacedSystem)| {
            let key = self.keys[at][index].clone();
            let (top, bottom) = extent(system);
            let svg = drawn(&key).then(|| drawing(system));
            let measures = (system.measures.start + 1, system.measures.end);
            SystemView { key, y: top, height: bottom - top, measures, svg }
        };
        PageView {
            number: page.number,
            width_mm: page.width * page.millimetres_per_space,
            height_mm: page.height * page.millimetres_per_space,
            width: page.width,
            height: page.height,
            frame_svg: self.frames[at].clone(),
            systems: page.systems.iter().enumerate().map(system).collect(),
        }
    }

    /// What is at a point of a page, or near it.
    pub fn at(&self, page: usize, x: f32, y: f32) -> Option<RecordRef> {
        engrave::hit(self.pages.get(page.checked_sub(1)?)?, Point::new(x, y), REACH)
    }

    /// Where a selection is: the page, what it covers, and its noteheads (or its rest).
    pub fn place(&self, score: &Score, selection: Selection) -> Option<(usize, RectView, Vec<RectView>)> {
        let event = selection.event(score)?;
        let sources = sources(score, selection, event);
        let (page, system) = self.system_of(score, score.event(event)?.time.measure)?;
        let items =
            system.system.items.iter().filter(|item| {
                matches!(item.role, Role::Notehead | Role::Rest) && item.source.is_some_and(|source| sources.contains(&source))
            });
        let rects: Vec<Rect> = items.map(|item| engrave::bounds(item).moved(system.origin)).collect();
        let whole = rects.iter().copied().reduce(|a, b| a.union(&b))?;
        Some((page.number, rect(whole), rects.into_iter().map(rect).collect()))
    }

    fn system_of(&self, score: &Score, measure: MeasureId) -> Option<(&Page, &PlacedSystem)> {
        let position = score.measure_position(measure)?;
        let all = self.pages.iter().flat_map(|page| page.systems.iter().map(move |system| (page, system)));
        all.into_iter().find(|(_, system)| system.measures.contains(&position))
    }

    /// Where to draw the play cursor.
    pub fn cursor(&self, measure: MeasureId, index: usize, beat: Beat) -> Option<CursorView> {
        let cursor = engrave::cursor(&self.pages, measure, beat)?;
        let page = self.pages.get(cursor.page)?.number;
        Some(CursorView { page, x: cursor.x, top: cursor.top, bottom: cursor.bottom, measure: index + 1 })
    }
}

fn same_paper(a: &Page, b: &Page) -> bool {
    (a.number, a.width, a.height, a.millimetres_per_space) == (b.number, b.width, b.height, b.millimetres_per_space)
}

/// Whether two systems are the same picture, one perhaps elsewhere on its page.
fn looks_same(a: &PlacedSystem, b: &PlacedSystem) -> bool {
    a.origin.x == b.origin.x && (Arc::ptr_eq(&a.system, &b.system) || a.system == b.system)
}

fn extent(placed: &PlacedSystem) -> (f32, f32) {
    let bounds = placed.bounds();
    (bounds.top - MARGIN, bounds.bottom + MARGIN)
}

/// The system's picture with its own top and the left edge of the page as the origin.
fn drawing(placed: &PlacedSystem) -> String {
    let down = MARGIN - placed.system.bounds.top;
    format!("<g transform=\"translate({:.3} {down:.3})\">{}</g>", placed.origin.x, render::svg_system(&placed.system))
}

fn sources(score: &Score, selection: Selection, event: EventId) -> BTreeSet<RecordRef> {
    match selection.note(score) {
        Some(note) => BTreeSet::from([note.into()]),
        None => score.notes_of(event).into_iter().map(|(id, _)| id.into()).chain([event.into()]).collect(),
    }
}

fn rect(rect: Rect) -> RectView {
    RectView { x: rect.left, y: rect.top, width: rect.right - rect.left, height: rect.bottom - rect.top }
}
