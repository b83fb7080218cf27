//! The order in which measures are played: repeats, voltas, and the jumps to segno, coda and fine.
//!
//! The reading follows Gould, "Behind Bars", ch. "Repeat signs and directives": repeats may be nested, a volta is taken on the
//! passes it names, after da capo or dal segno repeats are not taken again and the last volta is, and the coda is played as
//! written.

use std::ops::Range;

use crate::model::{BarStyle, Break, Jump, Measure, Score};

use super::MAX_PASSAGES;

/// A volta bracket.
struct Volta {
    first: usize,
    last: usize,
    passes: Vec<u8>,
    /// Index into the groups.
    group: usize,
}

/// Voltas that stand next to one another.
#[derive(Default)]
struct Group {
    /// The first measure of its first volta.
    first: usize,
    /// Which pass is the last.
    total: u32,
    /// The last volta of the group, by its first measure.
    last: usize,
    /// Whether one of its voltas goes back.
    repeats: bool,
}

/// A passage that is being repeated.
#[derive(Clone, Copy)]
struct Frame {
    start: usize,
    pass: u32,
}

/// Where in a piece with jumps the performance is.
#[derive(Clone, Copy, PartialEq)]
enum Stage {
    /// Before any jump, or past the place that the jump was made from.
    Straight,
    /// After da capo or dal segno from this measure, heading for fine, coda or that measure.
    Back(usize),
    /// In the coda.
    Coda,
}

struct Form<'a> {
    measures: &'a [&'a Measure],
    voltas: Vec<Option<Volta>>,
    groups: Vec<Group>,
    /// The measure whose coda sign is where the way to the coda leaves, if no “to coda” says so.
    implied_to_coda: Option<usize>,
}

/// The places of the measures in the order they are played, and whether the bound cut it. Movements are played one after
/// another: no repeat and no jump leads from one into another, and fine ends its own.
pub(super) fn unroll(score: &Score) -> (Vec<usize>, bool) {
    let measures: Vec<_> = score.measures().map(|(_, measure)| measure).collect();
    let mut order = Vec::with_capacity(measures.len());
    for movement in movements(&measures) {
        let form = Form::of(measures.get(movement.clone()).unwrap_or_default());
        if !walk(&form, movement.start, &mut order) {
            return (order, true);
        }
    }
    (order, false)
}

/// Where movements begin: at a section break, and where numbers start anew after a final barline.
fn movements(measures: &[&Measure]) -> Vec<Range<usize>> {
    let number = |measure: &Measure| measure.number.parse::<u32>().ok();
    let begins = |pair: &[&Measure]| {
        let [before, first] = pair else { return false };
        let anew = number(first).is_some_and(|n| n <= 1) && number(before).is_some_and(|n| n > 1);
        let ended = before.right_bar == BarStyle::LightHeavy && before.repeat_end.is_none();
        first.break_before == Some(Break::Section) || (anew && ended)
    };
    let starts = measures.windows(2).enumerate().filter(|(_, pair)| begins(pair)).map(|(at, _)| at + 1);
    let mut edges: Vec<usize> = std::iter::once(0).chain(starts).collect();
    edges.push(measures.len());
    edges.windows(2).filter_map(|pair| if let [from, to] = pair { Some(*from..*to) } else { None }).collect()
}

/// Plays a movement that begins at a place; says whether it got to its end.
fn walk(form: &Form<'_>, begin: usize, order: &mut Vec<usize>) -> bool {
    let mut walk = Walk { form, frames: vec![Frame { start: 0, pass: 1 }], stage: Stage::Straight, jumped: Vec::new() };
    let mut at = Some(0);
    // Skipped voltas do not play, but they take a step: the bound counts both.
    let mut steps = 0_usize;
    while let Some(index) = at.filter(|index| *index < form.measures.len()) {
        steps += 1;
        if order.len() >= MAX_PASSAGES || steps >= 4 * MAX_PASSAGES {
            return false;
        }
        at = match walk.enter(index) {
            Some(skip_to) => Some(skip_to),
            None => {
                order.push(begin + index);
                walk.leave(index)
            }
        };
    }
    true
}

impl<'a> Form<'a> {
    fn of(measures: &'a [&'a Measure]) -> Self {
        let (voltas, groups) = voltas(measures);
        let marked = |jump: Jump| measures.iter().enumerate().filter(move |(_, m)| m.jumps.contains(&jump)).map(|(i, _)| i);
        let codas: Vec<_> = marked(Jump::Coda).collect();
        let implied_to_coda = match (&codas[..], marked(Jump::ToCoda).next()) {
            ([first, _, ..], None) => Some(*first),
            _ => None,
        };
        Self { measures, voltas, groups, implied_to_coda }
    }

    fn has(&self, index: usize, jump: Jump) -> bool {
        self.measures.get(index).is_some_and(|measure| measure.jumps.contains(&jump))
    }

    /// The coda after this measure, or the first one there is.
    fn coda_after(&self, index: usize) -> Option<usize> {
        let codas = || (0..self.measures.len()).filter(|i| self.has(*i, Jump::Coda) && self.implied_to_coda != Some(*i));
        codas().find(|coda| *coda > index).or_else(|| codas().next())
    }

    /// The segno before this measure, or the first one there is, or the beginning.
    fn segno_before(&self, index: usize) -> usize {
        let segni = || (0..self.measures.len()).filter(|i| self.has(*i, Jump::Segno));
        segni().take_while(|segno| *segno <= index).last().or_else(|| segni().next()).unwrap_or(0)
    }

    /// The volta that covers a measure.
    fn volta_over(&self, index: usize) -> Option<&Volta> {
        let start = (0..=index).rev().find(|i| self.voltas.get(*i).is_some_and(Option::is_some))?;
        self.voltas.get(start)?.as_ref().filter(|volta| volta.last >= index)
    }

    fn group(&self, volta: &Volta) -> &Group {
        const NONE: &Group = &Group { first: 0, total: 1, last: 0, repeats: false };
        self.groups.get(volta.group).unwrap_or(NONE)
    }
}

/// Finds the voltas (by the measure they start in) and which of them belong together.
fn voltas(measures: &[&Measure]) -> (Vec<Option<Volta>>, Vec<Group>) {
    let mut voltas: Vec<Option<Volta>> = Vec::with_capacity(measures.len());
    let mut groups: Vec<Group> = Vec::new();
    let (mut end, mut highest) = (None, 0);
    for (first, measure) in measures.iter().enumerate() {
        let Some(ending) = &measure.ending_start else {
            voltas.push(None);
            continue;
        };
        let last = volta_end(measures, first);
        if end != Some(first) {
            groups.push(Group { first, ..Group::default() });
            highest = 0;
        }
        // A bracket without readable numbers is for the next pass.
        let passes = if ending.passes.is_empty() { vec![highest + 1] } else { ending.passes.clone() };
        highest = passes.iter().copied().max().unwrap_or(1).max(highest).min(u8::MAX - 1);
        let repeats = measures.get(last).is_some_and(|measure| measure.repeat_end.is_some());
        let single = end != Some(first);
        if let Some(group) = groups.last_mut() {
            // A lone first volta that goes back is left out on one more pass.
            group.total = u32::from(highest) + u32::from(single && repeats);
            group.last = first;
            group.repeats |= repeats;
        }
        voltas.push(Some(Volta { first, last, passes, group: groups.len().saturating_sub(1) }));
        end = Some(last + 1);
    }
    (voltas, groups)
}

fn volta_end(measures: &[&Measure], first: usize) -> usize {
    let ends = |at: usize| {
        let here = measures.get(at).is_none_or(|m| m.ending_stop.is_some() || m.repeat_end.is_some());
        here || measures.get(at + 1).is_none_or(|m| m.ending_start.is_some() || m.repeat_start)
    };
    (first..measures.len()).find(|at| ends(*at)).unwrap_or(first)
}

struct Walk<'a> {
    form: &'a Form<'a>,
    /// Open repeats, the outermost first; never empty: the first starts at the beginning or after the last repeat that ended.
    frames: Vec<Frame>,
    stage: Stage,
    jumped: Vec<usize>,
}

impl Walk<'_> {
    fn pass(&self) -> u32 {
        self.frames.last().map_or(1, |frame| frame.pass)
    }

    fn restart(&mut self, start: usize) {
        self.frames.clear();
        self.frames.push(Frame { start, pass: 1 });
    }

    /// The innermost repeat is done; what follows may be repeated from here.
    fn close(&mut self, next: usize) {
        self.frames.pop();
        if self.frames.is_empty() {
            self.restart(next);
        }
    }

    /// At the start of a measure: where to go instead of playing it.
    fn enter(&mut self, index: usize) -> Option<usize> {
        if let Stage::Back(_) = self.stage
            && self.form.implied_to_coda == Some(index)
            && let Some(coda) = self.form.coda_after(index)
        {
            self.stage = Stage::Coda;
            self.restart(coda);
            return Some(coda);
        }
        if let Some(volta) = self.form.voltas.get(index).and_then(Option::as_ref)
            && let Some(skip_to) = self.take(volta)
        {
            return Some(skip_to);
        }
        let open = self.frames.last().is_some_and(|frame| frame.start == index);
        if self.form.measures.get(index).is_some_and(|measure| measure.repeat_start) && !open {
            self.frames.push(Frame { start: index, pass: 1 });
        }
        None
    }

    /// At a volta: where to go on if it is not for this pass.
    fn take(&mut self, volta: &Volta) -> Option<usize> {
        let group = self.form.group(volta);
        let back = matches!(self.stage, Stage::Back(_));
        // A repeat that starts inside the last volta has nothing to do with the passes of the voltas.
        if !back && self.frames.last().is_some_and(|frame| frame.start > group.first) {
            return None;
        }
        let pass = if back { group.total } else { self.pass() };
        let taken = volta.passes.iter().any(|p| u32::from(*p) == pass);
        let goes_back = taken && self.form.measures.get(volta.last).is_some_and(|measure| measure.repeat_end.is_some());
        // Past the last volta on the last pass, the repeat that the voltas are for is done.
        if !back && group.repeats && volta.first == group.last && pass >= group.total && !goes_back {
            self.close(volta.last + 1);
        }
        (!taken).then_some(volta.last + 1)
    }

    /// At the end of a measure: where to go on; nowhere at the end of the piece.
    fn leave(&mut self, index: usize) -> Option<usize> {
        let back = matches!(self.stage, Stage::Back(_));
        if back && self.form.has(index, Jump::Fine) {
            return None;
        }
        if back
            && self.form.has(index, Jump::ToCoda)
            && let Some(coda) = self.form.coda_after(index)
        {
            self.stage = Stage::Coda;
            self.restart(coda);
            return Some(coda);
        }
        if !back && let Some(start) = self.repeat(index) {
            return Some(start);
        }
        if self.stage == Stage::Back(index) {
            self.stage = Stage::Straight;
            self.restart(index + 1);
        }
        self.jump(index).or(Some(index + 1))
    }

    /// Where a repeat that ends here goes back to, if it has a pass left.
    fn repeat(&mut self, index: usize) -> Option<usize> {
        let times = u32::from(self.form.measures.get(index)?.repeat_end?.max(2));
        let total = self.form.volta_over(index).map_or(times, |volta| self.form.group(volta).total);
        let frame = self.frames.last_mut()?;
        if frame.pass < total {
            frame.pass += 1;
            return Some(frame.start);
        }
        self.close(index + 1);
        None
    }

    /// Where da capo or dal segno leads; each is followed once.
    fn jump(&mut self, index: usize) -> Option<usize> {
        let target = if self.form.has(index, Jump::DalSegno) {
            self.form.segno_before(index)
        } else if self.form.has(index, Jump::DaCapo) {
            0
        } else {
            return None;
        };
        if self.jumped.contains(&index) {
            return None;
        }
        self.jumped.push(index);
        self.stage = Stage::Back(index);
        self.restart(target);
        Some(target)
    }
}
