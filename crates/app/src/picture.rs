//! The pictures of an open score: engraved pages, what of them changed, and where things are on them.

mod pieces;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bandpro_notation::edit::Selection;
use bandpro_notation::engrave::{self, Engraver, Page, PlacedSystem, Point, Rect, Role};
use bandpro_notation::font;
use bandpro_notation::model::{Beat, EventId, MeasureId, RecordRef, Score};
use bandpro_notation::render;

use crate::looking::Looking;
use crate::view::{CursorView, PageView, RectView, SystemView};

/// How far from a notehead a click still means it, in staff spaces: a finger's width at reading size.
const REACH: f32 = 2.0;
/// Room around the ink of a piece, in staff spaces.
const MARGIN: f32 = 0.5;

/// The pages of a score and what of them was handed out.
pub struct Picture {
    looking: Looking,
    engraver: Engraver,
    shown: Vec<Shown>,
    /// How many pictures were named so far.
    named: u64,
    /// Counts what was handed out.
    pub revision: u64,
}

/// A page that was handed out.
struct Shown {
    page: Page,
    /// What is drawn on it.
    pieces: Vec<PlacedSystem>,
    /// The names of their pictures.
    keys: Vec<String>,
    /// What is drawn around them.
    frame: String,
}

/// What became different between two pictures.
pub struct Difference {
    /// The revision it leads from.
    pub base: u64,
    /// The pages that changed.
    pub pages: Vec<PageView>,
}

impl Picture {
    /// Engraves a score as it is looked at.
    pub fn of(score: &Score, looking: Looking) -> Self {
        let engraver = Engraver::new(looking.options());
        let mut picture = Self { looking, engraver, shown: Vec::new(), named: 0, revision: 0 };
        picture.update(score, looking);
        picture
    }

    /// How the score is looked at.
    pub fn looking(&self) -> Looking {
        self.looking
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.shown.len()
    }

    /// The engraved pages.
    pub fn pages(&self) -> &[Page] {
        self.engraver.pages()
    }

    /// All pages with all pictures.
    pub fn views(&self) -> Vec<PageView> {
        self.shown.iter().map(|shown| shown.view(|_| true)).collect()
    }

    /// Engraves the score as it is now, looked at like this, and says what changed.
    pub fn update(&mut self, score: &Score, looking: Looking) -> Difference {
        if looking != self.looking {
            self.looking = looking;
            self.engraver = Engraver::new(looking.options());
        }
        self.engraver.engrave(score);
        let old = std::mem::take(&mut self.shown);
        // The same system is the same picture, wherever it stands.
        let mut held: BTreeMap<usize, String> = BTreeMap::new();
        for shown in &old {
            held.extend(shown.pieces.iter().map(drawn).zip(shown.keys.iter().cloned()));
        }
        let mut pages = Vec::new();
        for (at, page) in self.engraver.pages().iter().enumerate() {
            let before = old.get(at);
            let old = before.map_or(&[][..], |shown| &shown.pieces);
            let pieces = pieces::of(page, looking.continuous, old, |measure| score.measure_position(measure));
            let mut name = |placed: &PlacedSystem| {
                held.get(&drawn(placed)).cloned().unwrap_or_else(|| {
                    self.named += 1;
                    self.named.to_string()
                })
            };
            let keys: Vec<String> = pieces.iter().map(&mut name).collect();
            let frame = before.filter(|shown| shown.page.items == page.items && shown.page.setting == page.setting);
            let frame = frame.map_or_else(|| render::svg_page_items(page), |shown| shown.frame.clone());
            let shown = Shown { page: page.clone(), pieces, keys, frame };
            if before.is_none_or(|before| !before.is_like(&shown)) {
                pages.push(shown.view(|placed| !held.contains_key(&drawn(placed))));
            }
            self.shown.push(shown);
        }
        let base = self.revision;
        if !pages.is_empty() || old.len() != self.shown.len() {
            self.revision += 1;
        }
        Difference { base, pages }
    }

    /// What is at a point of a page, or near it.
    pub fn at(&self, page: usize, x: f32, y: f32) -> Option<RecordRef> {
        engrave::hit(self.pages().get(page.checked_sub(1)?)?, Point::new(x, y), REACH)
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
        let rects: Vec<Rect> = font::set_in(&page.setting, || items.map(|item| engrave::bounds(item).moved(system.origin)).collect());
        let whole = rects.iter().copied().reduce(|a, b| a.union(&b))?;
        Some((page.number, rect(whole), rects.into_iter().map(rect).collect()))
    }

    fn system_of(&self, score: &Score, measure: MeasureId) -> Option<(&Page, &PlacedSystem)> {
        let position = score.measure_position(measure)?;
        let all = self.pages().iter().flat_map(|page| page.systems.iter().map(move |system| (page, system)));
        all.into_iter().find(|(_, system)| system.measures.contains(&position))
    }

    /// Where to draw the play cursor.
    pub fn cursor(&self, measure: MeasureId, index: usize, beat: Beat) -> Option<CursorView> {
        let cursor = engrave::cursor(self.pages(), measure, beat)?;
        let page = self.pages().get(cursor.page)?.number;
        Some(CursorView { page, x: cursor.x, top: cursor.top, bottom: cursor.bottom, measure: index + 1 })
    }
}

impl Shown {
    /// Whether another page looks the same to who holds this one.
    fn is_like(&self, other: &Self) -> bool {
        let paper = |page: &Page| (page.number, page.width, page.height, page.millimetres_per_space);
        let places = |shown: &Self| shown.pieces.iter().map(|placed| (placed.origin, placed.measures.clone())).collect::<Vec<_>>();
        paper(&self.page) == paper(&other.page) && self.keys == other.keys && self.frame == other.frame && places(self) == places(other)
    }

    /// The page with the pictures that are to be drawn.
    fn view(&self, is_drawn: impl Fn(&PlacedSystem) -> bool) -> PageView {
        let page = &self.page;
        let system = |(placed, key): (&PlacedSystem, &String)| {
            let Rect { left: x, top: y, right, bottom } = extent(placed);
            let svg = is_drawn(placed).then(|| drawing(placed));
            let measures = (placed.measures.start + 1, placed.measures.end);
            SystemView { key: key.clone(), x, y, width: right - x, height: bottom - y, measures, svg }
        };
        PageView {
            number: page.number,
            width_mm: page.width * page.millimetres_per_space,
            height_mm: page.height * page.millimetres_per_space,
            width: page.width,
            height: page.height,
            frame_svg: self.frame.clone(),
            systems: self.pieces.iter().zip(&self.keys).map(system).collect(),
        }
    }
}

/// Tells pictures apart while they are held: the system in memory.
fn drawn(placed: &PlacedSystem) -> usize {
    Arc::as_ptr(&placed.system).addr()
}

fn extent(placed: &PlacedSystem) -> Rect {
    let Rect { left, top, right, bottom } = placed.bounds();
    Rect::new(left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
}

/// The picture with the top left corner of what it covers as the origin.
fn drawing(placed: &PlacedSystem) -> String {
    let Rect { left, top, .. } = placed.system.bounds;
    format!("<g transform=\"translate({:.3} {:.3})\">{}</g>", MARGIN - left, MARGIN - top, render::svg_system(&placed.system))
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
