//! The engraver: pages of one score, kept up with its edits.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::cast::Cast;
use super::draw::{self, Carry, Margin, Reach, Touching, Which, Work};
use super::furniture::Furniture;
use super::line::{self, Line};
use super::measures::{Measures, Prepared};
use super::page::{Page, Space, System};
use super::sheet::Sheet;
use super::signature::Signature;
use super::style::Style;
use super::{Options, View, pages, vertical};
use crate::font;
use crate::model::{MeasureId, Score};

/// How small the staves may become so that a system fits on its page.
const SMALLEST: f32 = 0.2;
/// Staves are made smaller in steps of this factor, so that a note more does not change the size of all of them.
const STEP: f32 = 0.96;
/// A system that takes no more than its page by this share fits.
const FITS: f32 = 0.999;
/// Sizes that are kept.
const MOST_SIZES: usize = 6;

/// Engraves one score again and again as it is edited, each time making new only what an edit changed.
///
/// After any number of edits the pages are what [`super::engrave`] makes of the score from nothing, item for item; a system
/// whose picture is as it was is the same [`Arc`] as before.
pub struct Engraver {
    options: Options,
    cast: Cast,
    margin: Margin,
    measures: Measures,
    /// The sizes of staves that were tried, from the largest to the one that fits, and some that were before.
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
            let prepared = self.measures.update(score, &self.cast);
            let mut shrink = largest(prepared, &self.cast, &Sheet::of(&layout, 1.0)).max(SMALLEST);
            let mut tried: Vec<Size> = Vec::new();
            // The measures of the line that is too large where the first size is.
            let mut tallest = 0..0;
            loop {
                let mut sheet = Sheet::of(&layout, shrink);
                if self.options.view == View::Continuous {
                    let work = Work { score, cast: &self.cast, margin: &self.margin, sheet: &sheet, prepared, laid: &prepared.laid };
                    sheet = sheet.endless(work.length());
                }
                let known = self.sizes.iter().position(|size| size.sheet == sheet);
                let mut size = known.map_or_else(|| Size::on(sheet), |at| self.sizes.swap_remove(at));
                let work = Work { score, cast: &self.cast, margin: &self.margin, sheet: &sheet, prepared, laid: &prepared.laid };
                let mut furniture = Furniture::of(&work, size.furniture.take());
                let smaller_still = shrink > SMALLEST;
                if smaller_still && !tried.is_empty() && size.overflows(&work, &furniture, &tallest, &mut self.drawn) {
                    size.furniture = Some(furniture);
                    tried.push(size);
                    shrink = smaller(shrink * STEP);
                    continue;
                }
                self.drawn += size.draw(&work, &shown);
                let (at, fits) = pages::fit(&size.lines, &work, &furniture);
                if fits < FITS && smaller_still {
                    size.lines.iter_mut().for_each(|line| line.system = None);
                    shrink = smaller(if tried.is_empty() { shrink * fits * 0.99 } else { shrink * STEP });
                    tallest = size.lines.get(at).map_or(0..0, |line| line.measures.clone());
                    size.furniture = Some(furniture);
                    tried.push(size);
                    continue;
                }
                self.drawn += size.complete(&work, &shown);
                self.pages = pages::compose(size.lines.clone(), &work, &mut furniture);
                size.furniture = Some(furniture);
                tried.push(size);
                break;
            }
            // A size that was not tried this time may be the next time; but no sheet is endless by the same length twice.
            tried.extend(std::mem::take(&mut self.sizes).into_iter().filter(|size| !size.sheet.endless));
            tried.truncate(MOST_SIZES);
            self.sizes = tried;
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

/// The largest size that the staves can have: with what is always between them they are as high as a page.
fn largest(prepared: &Prepared, cast: &Cast, sheet: &Sheet) -> f32 {
    let shown = prepared.bars.iter().all(|bar| bar.opening.iter().all(|state| state.shown));
    if sheet.endless || cast.style.hide_empty || !shown {
        return 1.0;
    }
    let heights = |staff: usize| prepared.bars.iter().map(move |bar| bar.opening[staff].height());
    let least: Vec<Space> = (0..cast.staves.len()).map(|staff| heights(staff).reduce(Space::min).unwrap_or(0.0)).collect();
    let room = sheet.height - sheet.top - sheet.bottom;
    smaller(room / vertical::least(cast, &least).max(1.0))
}

/// The largest step that is no larger than this.
fn smaller(wanted: f32) -> f32 {
    let mut step = 1.0;
    while step > wanted * 1.000_1 && step > SMALLEST {
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
    /// Single lines that were drawn to see whether they fit, as if nothing were left to them.
    probes: Vec<(Signature, Line)>,
}

impl Size {
    fn on(sheet: Sheet) -> Self {
        let (lines, signatures, left, probes) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { sheet, furniture: None, lines, signatures, left, probes }
    }

    /// Whether a line is too large where those measures are, so that the others need not be drawn to know that this size is none.
    /// It counts what it draws.
    fn overflows(&mut self, work: &Work, furniture: &Furniture, measures: &Range<usize>, drawn: &mut u64) -> bool {
        let ranges = work.lines();
        let reach = Reach::of(work, &ranges);
        let ends = [measures.start, measures.end.saturating_sub(1)];
        let mut lines: Vec<usize> = ends.iter().filter_map(|at| ranges.iter().position(|line| line.contains(at))).collect();
        lines.dedup();
        let known = std::mem::take(&mut self.probes);
        for at in lines {
            let which = Which { measures: ranges[at].clone(), first: at == 0, last: at + 1 == ranges.len() };
            let signature = Signature::of(work, &which, reach.on(at), Carry::default());
            let line = known.iter().find(|probe| probe.0 == signature).map(|probe| probe.1.clone());
            let line = line.unwrap_or_else(|| {
                *drawn += 1;
                let line = engraved(work, which, reach.on(at), &mut Carry::default(), &Shown::new());
                Line { system: None, ..line }
            });
            let fits = pages::share(&line, at == 0, work, furniture) >= FITS;
            self.probes.push((signature, line));
            if !fits {
                return true;
            }
        }
        false
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
