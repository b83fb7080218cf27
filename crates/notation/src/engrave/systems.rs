//! Systems: where the music breaks into lines, chosen for the whole piece at once.
//!
//! D. E. Knuth, M. F. Plass, "Breaking Paragraphs into Lines" (1981), with measures for words: the breaks that make the sum
//! of what every line's stretch costs the least.

use std::ops::Range;
use std::sync::Arc;

use super::bars;
use super::cast::Cast;
use super::columns::{self, Columns};
use super::draw::Symbol;
use super::page::Space;
use super::prepare::{Bar, Gathered};
use super::shapes::{Block, clef_signs, clef_signs_small, key_time_signs};
use super::spacing::{self, Gaps};
use crate::model::{Break, Measure, Score};

/// Before the clef, between clef, key and time, and after them.
pub(super) const PREFIX_LEAD: Space = 0.6;
const SIGN_GAP: Space = 0.9;
/// Around signs within a line.
pub(super) const INLINE_LEAD: Space = 0.7;
pub(super) const CLEF_LEAD: Space = 0.5;
pub(super) const CLEF_TAIL: Space = 0.4;
/// A last line that fills less than this share of the width is not justified.
const RAGGED: f32 = 0.75;
/// The least a rest of several measures takes.
const LONG_REST: Space = 9.0;

/// A measure laid out by itself: what it takes to place it on any line.
pub(super) struct Laid {
    pub columns: Columns,
    pub gaps: Gaps,
    /// Key and time signatures that change at its start, when it is not first on its line.
    pub signs: Block,
    /// Clefs that change at its start; they stand before the barline.
    pub clefs: Block,
    /// Clef, key and time when it is the first on its line.
    pub prefix: Block,
    /// Its place in a rest of several measures.
    pub rests: Gathered,
}

/// Lays out one measure.
pub(super) fn lay_out(bar: &mut Bar, cast: &Cast, symbols: &[Symbol], first: bool) -> Laid {
    let columns = columns::find(bar, cast.staves.len());
    let gaps = spacing::measure(bar, &columns, symbols, cast.style.note_spacing);
    let mut prefix = clef_signs(&bar.opening);
    prefix.append(key_time_signs(bar, true, bar.time.is_some() || !bar.staff_times.is_empty()), SIGN_GAP);
    let clefs = if first { Block::default() } else { clef_signs_small(bar.clefs.iter().filter(|c| c.beat.is_zero()), &bar.opening) };
    let signs = if first { Block::default() } else { key_time_signs(bar, false, true) };
    Laid { columns, gaps, signs, clefs, prefix, rests: Gathered::Alone }
}

impl Laid {
    /// The measure as part of a rest of several: the first has their width, the others none.
    pub(super) fn gathered(&self, rests: Gathered) -> Self {
        match rests {
            Gathered::Leads(count) => {
                // Longer rests are a little wider, far from in proportion (Gould, "Behind Bars", p. 564).
                let natural = LONG_REST + 1.5 * f32::from(count).ln();
                let gap = spacing::Gap { least: LONG_REST, natural };
                let gaps = Gaps { gaps: vec![gap], least: LONG_REST, natural };
                let (signs, clefs, prefix) = (self.signs.clone(), self.clefs.clone(), self.prefix.clone());
                Self { columns: Columns::default(), gaps, signs, clefs, prefix, rests }
            }
            _ => {
                let gaps = Gaps { gaps: vec![spacing::Gap::default()], least: 0.0, natural: 0.0 };
                let nothing = Block::default;
                Self { columns: Columns::default(), gaps, signs: nothing(), clefs: nothing(), prefix: self.prefix.clone(), rests }
            }
        }
    }

    /// What its start takes besides its gaps.
    fn head(&self, measure: &Measure, first: bool) -> Space {
        if first {
            PREFIX_LEAD + self.prefix.width + start_bar(measure)
        } else if self.signs.width > 0.0 {
            INLINE_LEAD + self.signs.width
        } else {
            0.0
        }
    }
}

/// What a repeat sign at the start of a line takes.
pub(super) fn start_bar(measure: &Measure) -> Space {
    let width = bars::width(bars::before(measure));
    if width > 0.0 { width + 0.8 } else { 0.0 }
}

/// What the clefs before a barline take.
pub(super) fn clef_room(clefs: &Block) -> Space {
    if clefs.width > 0.0 { CLEF_LEAD + clefs.width + CLEF_TAIL } else { 0.0 }
}

/// The measures of each line.
pub(super) fn break_lines(
    score: &Score,
    bars: &[Arc<Bar>],
    laid: &[Arc<Laid>],
    width: Space,
    indents: (Space, Space),
) -> Vec<Range<usize>> {
    let measures: Vec<&Measure> = score.measures().map(|(_, m)| m).take(laid.len()).collect();
    let count = measures.len();
    let turns = keeps_turns(bars);
    let lines = Lines::of(&measures, laid, width, indents);
    // The cheapest way to break before each measure, and where its last line starts. Of ways that cost the same the one with
    // the shorter last line counts.
    let mut best: Vec<(i64, usize)> = vec![(i64::MAX, 0); count + 1];
    best[0] = (0, 0);
    for end in 1..=count {
        if laid.get(end).is_some_and(|next| next.rests.follows()) {
            continue;
        }
        for start in (0..end).rev() {
            let Some(cost) = lines.cost(start, end) else { break };
            let total = best[start].0.saturating_add(cost);
            if total < best[end].0 {
                best[end] = (total, start);
            }
            if asks_break(&bars[start], turns) {
                break;
            }
        }
    }
    let mut ranges = Vec::new();
    let mut end = count;
    while end > 0 {
        let start = best[end].1.min(end - 1);
        ranges.push(start..end);
        end = start;
    }
    ranges.reverse();
    ranges
}

/// How long all measures are on a single line when nothing pulls.
pub(super) fn natural_length(score: &Score, laid: &[Arc<Laid>]) -> Space {
    let measures: Vec<&Measure> = score.measures().map(|(_, m)| m).take(laid.len()).collect();
    let (Some(first), Some(opening)) = (laid.first(), measures.first()) else { return 0.0 };
    let lines = Lines::of(&measures, laid, 0.0, (0.0, 0.0));
    let count = laid.len();
    first.head(opening, true) - first.head(opening, false) + (lines.fixed[count] + lines.natural[count]) as Space
}

/// Whether page turns of the score are its author's. A file that turns the page every few measures describes the screens or
/// small pages that it was made on; kept, it would fill a page with every measure or two.
pub(super) fn keeps_turns(bars: &[Arc<Bar>]) -> bool {
    let turns = bars.iter().filter(|bar| bar.break_before == Some(Break::Page)).count();
    turns < 8 || turns * 6 < bars.len()
}

fn asks_break(bar: &Bar, turns: bool) -> bool {
    bar.break_before.is_some_and(|b| turns || b != Break::Page)
}

/// What a line costs is counted in whole numbers of this share, so that costs which should be equal are, whatever came before
/// on the way of adding up; otherwise the last bit of a sum would decide where all lines of an even piece break.
const COST: f64 = 1e-5;

/// Sums over the measures from the start, so that the length of any line is a difference.
struct Lines {
    natural: Vec<f64>,
    least: Vec<f64>,
    fixed: Vec<f64>,
    /// What each measure takes more as the first of a line, and less room there is on a line before it.
    head: Vec<f64>,
    courtesy: Vec<f64>,
    width: f64,
    indents: (f64, f64),
}

impl Lines {
    fn of(measures: &[&Measure], laid: &[Arc<Laid>], width: Space, (first, others): (Space, Space)) -> Self {
        let (mut natural, mut least, mut fixed) = (vec![0.0], vec![0.0], vec![0.0]);
        for (at, one) in laid.iter().enumerate() {
            let inside = laid.get(at + 1).is_some_and(|next| next.rests.follows());
            let shape = bars::after(measures[at], measures.get(at + 1).copied(), at + 1 == laid.len());
            let bar = if inside { 0.0 } else { bars::width(shape) };
            let clefs = laid.get(at + 1).map_or(0.0, |next| clef_room(&next.clefs));
            natural.push(natural[at] + f64::from(one.gaps.natural));
            least.push(least[at] + f64::from(one.gaps.least));
            fixed.push(fixed[at] + f64::from(one.head(measures[at], false) + bar + clefs));
        }
        let each = || laid.iter().zip(measures);
        let head = each().map(|(one, measure)| f64::from(one.head(measure, true) - one.head(measure, false))).collect();
        let signs = |one: &Arc<Laid>| if one.signs.width > 0.0 { f64::from(INLINE_LEAD + one.signs.width) } else { 0.0 };
        let courtesy = laid.iter().map(signs).chain([0.0]).collect();
        Self { natural, least, fixed, head, courtesy, width: f64::from(width), indents: (f64::from(first), f64::from(others)) }
    }

    /// What a line of these measures costs; nothing where they do not fit and are more than one.
    fn cost(&self, start: usize, end: usize) -> Option<i64> {
        let indent = if start == 0 { self.indents.0 } else { self.indents.1 };
        let room = self.width - indent - self.head[start] - self.courtesy[end] - (self.fixed[end] - self.fixed[start]);
        let natural = (self.natural[end] - self.natural[start]).max(0.1);
        let least = self.least[end] - self.least[start];
        let cost = |cost: f64| (cost / COST).round() as i64;
        if least > room {
            return (end == start + 1).then(|| cost(1000.0 + (least - room)));
        }
        let stretch = room / natural;
        let last = end == self.head.len();
        let filled = natural / room.max(0.1);
        if last && stretch >= 1.0 {
            // A short last line is fine, but not one measure alone on it.
            let short = (0.4 - filled).max(0.0);
            let alone = if end == start + 1 && start > 0 { 0.4 * (1.0 - filled) } else { 0.0 };
            return Some(cost(short * short * 2.0 + alone + 0.05));
        }
        let bad = if stretch >= 1.0 {
            (stretch - 1.0).min(10.0)
        } else {
            // How far it is squeezed of what it can be.
            (natural - room) / (natural - least).max(0.1) * 1.2
        };
        Some(cost(bad * bad + bad * bad * bad + 0.05))
    }
}

/// The stretch of a line's springs: what fills the width, less on a short last line.
pub(super) fn stretch(gaps: &[spacing::Gap], room: Space, ragged: bool) -> f32 {
    let natural: Space = gaps.iter().map(|g| g.at(1.0)).sum();
    if ragged && natural < RAGGED * room {
        1.0_f32.max(0.6 * room / natural.max(1.0)).min(1.25)
    } else {
        spacing::stretch_to(gaps, room, 60.0)
    }
}
