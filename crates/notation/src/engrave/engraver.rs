//! The engraver: pages of one score, kept up with its edits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::cast::Cast;
use super::draw::{self, Carry, Margin, Reach, Touching, Which, Work};
use super::furniture::Furniture;
use super::line::{self, Line};
use super::measures::Measures;
use super::page::{Page, System};
use super::sheet::Sheet;
use super::signature::Signature;
use super::style::Style;
use super::{Options, View, pages, vertical};
use crate::font;
use crate::model::{MeasureId, Score};

/// How small the staves may become so that a system fits on its page.
const SMALLEST: f32 = 0.2;
/// Staves are made smaller in steps of this factor, so that a note more does not change the size of all of them.
const STEP: f32 = 0.98;

/// Engraves one score again and again as it is edited, each time making new only what an edit changed.
///
/// After any number of edits the pages are what [`super::engrave`] makes of the score from nothing, item for item; a system
/// whose picture is as it was is the same [`Arc`] as before.
pub struct Engraver {
    options: Options,
    cast: Cast,
    margin: Margin,
    measures: Measures,
    /// The sizes of staves that were tried, from the largest to the one that fits.
    sizes: Vec<Size>,
    pages: Vec<Page>,
    drawn: u64,
}

/// How much an [`Engraver`] has done since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Measures prepared and laid out.
    pub measures: u64,
    /// Systems drawn, at any size of staves.
    pub systems: u64,
}

impl Engraver {
    /// An engraver of the score that it is given first.
    pub fn new(options: Options) -> Self {
        let (cast, margin, measures) = (Cast::default(), Margin::default(), Measures::default());
        Self { options, cast, margin, measures, sizes: Vec::new(), pages: Vec::new(), drawn: 0 }
    }

    /// The pages as they were last engraved.
    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// The pages, when there is nothing more to engrave.
    pub fn into_pages(self) -> Vec<Page> {
        self.pages
    }

    /// What was done so far.
    pub fn effort(&self) -> Effort {
        Effort { measures: self.measures.count, systems: self.drawn }
    }

    /// Engraves the score as it is now. It may be any score; what it shares with the one before is not done again.
    pub fn engrave(&mut self, score: &Score) -> &[Page] {
        let layout = self.options.layout.clone().unwrap_or_else(|| super::layout_of(score, self.options.part));
        let style = Style::of(&layout, self.options.part.is_some());
        let setting = style.setting;
        font::set_in(&setting, || {
            let cast = Cast::of(score, self.options.part, style);
            if cast != self.cast {
                self.sizes.clear();
                self.measures = Measures::after(&self.measures);
                self.margin = Margin::of(&cast);
                self.cast = cast;
            }
            let shown = shown(&self.pages);
            let mut shrink = 1.0;
            let prepared = self.measures.update(score, &self.cast);
            for at in 0.. {
                let mut sheet = Sheet::of(&layout, shrink);
                if self.options.view == View::Continuous {
                    let work = Work { score, cast: &self.cast, margin: &self.margin, sheet: &sheet, prepared, laid: &prepared.laid };
                    sheet = sheet.endless(work.length());
                }
                if self.sizes.get(at).is_none_or(|size| size.sheet != sheet) {
                    self.sizes.truncate(at);
                    self.sizes.push(Size::on(sheet));
                }
                let size = &mut self.sizes[at];
                let work = Work { score, cast: &self.cast, margin: &self.margin, sheet: &sheet, prepared, laid: &prepared.laid };
                let mut furniture = Furniture::of(&work, size.furniture.take());
                self.drawn += size.draw(&work, &shown);
                let fits = pages::fit(&size.lines, &work, &furniture);
                if fits < 0.999 && shrink > SMALLEST {
                    size.furniture = Some(furniture);
                    size.lines.iter_mut().for_each(|line| line.system = None);
                    shrink = smaller(shrink * fits * 0.99);
                    continue;
                }
                self.drawn += size.complete(&work, &shown);
                self.pages = pages::compose(size.lines.clone(), &work, &mut furniture);
                size.furniture = Some(furniture);
                self.sizes.truncate(at + 1);
                break;
            }
        });
        &self.pages
    }
}

/// Pictures by the first measure in them.
type Shown = BTreeMap<MeasureId, Arc<System>>;

fn shown(pages: &[Page]) -> Shown {
    let placed = pages.iter().flat_map(|page| &page.systems);
    placed.filter_map(|placed| Some((placed.system.times.first()?.measure, Arc::clone(&placed.system)))).collect()
}

/// The largest step that is no larger than this.
fn smaller(wanted: f32) -> f32 {
    let mut step = 1.0;
    while step > wanted && step > SMALLEST {
        step *= STEP;
    }
    step.max(SMALLEST)
}

/// The lines of the score at one size of its staves.
struct Size {
    sheet: Sheet,
    furniture: Option<Furniture>,
    lines: Vec<Line>,
    /// For each line what it is drawn from, and what it leaves to the next.
    signatures: Vec<Signature>,
    left: Vec<Carry>,
}

impl Size {
    fn on(sheet: Sheet) -> Self {
        Self { sheet, furniture: None, lines: Vec::new(), signatures: Vec::new(), left: Vec::new() }
    }

    /// Breaks the score into lines and draws those that are not as they were. Says how many it drew.
    fn draw(&mut self, work: &Work, shown: &Shown) -> u64 {
        let ranges = work.lines();
        let reach = Reach::of(work, &ranges);
        let old = std::mem::take(&mut self.lines).into_iter().zip(std::mem::take(&mut self.signatures)).zip(std::mem::take(&mut self.left));
        let mut old: BTreeMap<MeasureId, _> = old.map(|((line, signature), left)| (signature.measure, (line, signature, left))).collect();
        let count = ranges.len();
        let mut carry = Carry::default();
        let mut drawn = 0;
        for (at, measures) in ranges.into_iter().enumerate() {
            let which = Which { measures, first: at == 0, last: at + 1 == count };
            let touching = reach.on(at);
            let signature = Signature::of(work, &which, touching, carry.clone());
            let line = match old.remove(&signature.measure) {
                Some((line, known, left)) if known == signature => {
                    carry = left;
                    Line { measures: which.measures, ..line }
                }
                _ => {
                    drawn += 1;
                    engraved(work, which, touching, &mut carry, shown)
                }
            };
            self.lines.push(line);
            self.signatures.push(signature);
            self.left.push(carry.clone());
        }
        drawn
    }

    /// Draws the lines whose pictures were not kept. Says how many those are.
    fn complete(&mut self, work: &Work, shown: &Shown) -> u64 {
        if self.lines.iter().all(|line| line.system.is_some()) {
            return 0;
        }
        let ranges: Vec<Range<usize>> = self.lines.iter().map(|line| line.measures.clone()).collect();
        let reach = Reach::of(work, &ranges);
        let mut drawn = 0;
        for (at, measures) in ranges.iter().enumerate() {
            if self.lines[at].system.is_none() {
                drawn += 1;
                let which = Which { measures: measures.clone(), first: at == 0, last: at + 1 == ranges.len() };
                let mut carry = self.signatures[at].carry.clone();
                self.lines[at] = engraved(work, which, reach.on(at), &mut carry, shown);
            }
        }
        drawn
    }
}

/// Engraves one system; its picture is the one that was shown before where it looks the same.
fn engraved(work: &Work, which: Which, touching: Touching, carry: &mut Carry, shown: &Shown) -> Line {
    let before = shown.get(&work.bar(which.measures.start).id);
    let mut draft = draw::system(work, which, touching, carry);
    vertical::set(&mut draft, work, touching);
    let mut line = line::finish(draft, work, touching);
    if let (Some(new), Some(old)) = (&mut line.system, before)
        && old == new
    {
        *new = Arc::clone(old);
    }
    line
}
