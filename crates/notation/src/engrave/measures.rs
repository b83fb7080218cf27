//! The measures of a score, prepared and laid out: each kept until something that it follows from changes.
//!
//! What a measure's preparation may read, and nothing else, so that an edit re-does the measures it touches alone:
//! - the records in it, which share one [`Revision`]: see [`Score::revision`];
//! - what is in force at its start: clef, key and lines of each staff, and the time signature ([`Context`]);
//! - its length, the octave shifts over it, and whether it is the first;
//! - the [`Cast`] with its style. A new cast is a new start.
//!
//! Ties and spans are found measure by measure too: a tie follows from the two measures that it joins and from what is held
//! over into them, a span from the measures of its two ends.

use std::sync::Arc;

use super::cast::Cast;
use super::draw::symbols;
use super::prepare::{
    Bar, Context, Gathered, HeldOver, HeldTie, Known, Positions, ShiftHere, Stretch, Tie, gather, octave_shifts, prepare, shifts_by_bar,
    ties,
};
use super::systems::{self, Laid};
use crate::model::{Beat, Measure, MeasureId, Revision, Score};

/// The whole score, prepared and laid out.
#[derive(Default)]
pub(super) struct Prepared {
    pub bars: Vec<Arc<Bar>>,
    pub laid: Vec<Arc<Laid>>,
    /// In the order of where they start.
    pub ties: Vec<Tie>,
    pub spans: Vec<Arc<Stretch>>,
    /// Where the volta starts that is open before each measure.
    pub voltas: Vec<Option<usize>>,
    /// Names each measure's preparation: another number for another one.
    pub serials: Vec<u64>,
    /// Sums of the serials from the start, each mixed, so that two passages can be told apart by a difference.
    sums: Vec<u64>,
}

impl Prepared {
    /// Names the preparation of a passage.
    pub(super) fn passage(&self, from: usize, to: usize) -> u64 {
        self.sums[to.min(self.bars.len())].wrapping_sub(self.sums[from])
    }

    /// Gathers measures of rest.
    fn gather(&mut self, all: bool) {
        for (at, gathered) in gather(self.bars.iter().map(|bar| &bar.silence), all).into_iter().enumerate() {
            if gathered != Gathered::Alone {
                self.laid[at] = Arc::new(self.laid[at].gathered(gathered));
            }
        }
    }

    fn count(&mut self) {
        self.sums.clear();
        self.sums.push(0);
        for serial in &self.serials {
            let before = self.sums[self.sums.len() - 1];
            self.sums.push(before.wrapping_add(mixed(*serial)));
        }
    }
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): sums of mixed numbers meet by accident only.
fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A measure with what it was made from.
struct Kept {
    revision: Revision,
    opening: Arc<Context>,
    length: Beat,
    shifts: Vec<ShiftHere>,
    first: bool,
    serial: u64,
    bar: Arc<Bar>,
    laid: Arc<Laid>,
    closing: Arc<Context>,
    tied: Option<Tied>,
}

/// Notes that are held into a measure, the ties that end in it or lead nowhere, and notes that are held out of it.
struct Tied {
    held_in: Vec<HeldOver>,
    ties: Vec<HeldTie>,
    held_out: Vec<HeldOver>,
}

/// The measures of a score and what follows from them.
#[derive(Default)]
pub(super) struct Measures {
    order: Vec<MeasureId>,
    kept: Vec<Option<Kept>>,
    known: Vec<Known>,
    prepared: Prepared,
    /// How many measures were ever prepared.
    pub count: u64,
}

impl Measures {
    /// Fresh ones, whose preparations have other names than those of these.
    pub(super) fn after(old: &Self) -> Self {
        Self { count: old.count, ..Self::default() }
    }

    /// What is made of the score as it is now.
    pub(super) fn update(&mut self, score: &Score, cast: &Cast) -> &Prepared {
        let same_order = self.order == score.measure_order();
        if !same_order {
            self.reorder(score.measure_order());
        }
        let positions = Positions::of(&self.order);
        let shifts = shifts_by_bar(octave_shifts(score, cast, &positions), self.order.len());
        let changed = self.prepare(score, cast, shifts);
        if same_order && !changed.contains(&true) {
            // Only what shows no measure changed, as the title.
            return &self.prepared;
        }
        self.tie();
        let known = std::mem::take(&mut self.known);
        let unchanged = |bar: usize| same_order && !changed[bar];
        self.known = super::prepare::stretches(score, cast, &positions, &self.prepared.bars, known, unchanged);
        let spans = &mut self.prepared.spans;
        spans.clear();
        spans.extend(self.known.iter().filter_map(|known| known.stretch.clone()));
        spans.sort_by_key(|s| (s.start.bar, s.start.beat, s.start.staff, s.end.bar, s.end.beat, s.id));
        self.prepared.voltas = open_voltas(score);
        self.prepared.count();
        &self.prepared
    }

    /// Brings what is kept into a new order of measures.
    fn reorder(&mut self, order: &[MeasureId]) {
        let old = Positions::of(&self.order);
        let mut kept: Vec<Option<Kept>> = order.iter().map(|id| old.measure(*id).and_then(|at| self.kept[at].take())).collect();
        std::mem::swap(&mut self.kept, &mut kept);
        self.order = order.to_vec();
    }

    /// Prepares and lays out what changed, and says what that is.
    fn prepare(&mut self, score: &Score, cast: &Cast, shifts: Vec<Vec<ShiftHere>>) -> Vec<bool> {
        let lengths = score.measure_lengths();
        let mut context = Arc::new(Context::before(cast));
        let mut changed = Vec::with_capacity(self.order.len());
        let prepared = &mut self.prepared;
        prepared.bars.clear();
        prepared.laid.clear();
        prepared.serials.clear();
        for (at, ((id, measure), shifts)) in score.measures().zip(shifts).enumerate() {
            let length = lengths.get(at).copied().unwrap_or_default();
            let revision = score.revision(id);
            let same = self.kept[at].as_ref().is_some_and(|kept| {
                kept.revision == revision
                    && kept.first == (at == 0)
                    && kept.length == length
                    && kept.shifts == shifts
                    && (Arc::ptr_eq(&kept.opening, &context) || kept.opening == context)
            });
            if !same {
                self.count += 1;
                let fresh = Fresh { score, cast, at, id, measure, length, revision, serial: self.count };
                self.kept[at] = Some(fresh.make(shifts, context, self.kept[at].take()));
            }
            let Some(kept) = &self.kept[at] else { break };
            context = Arc::clone(&kept.closing);
            prepared.bars.push(Arc::clone(&kept.bar));
            prepared.laid.push(Arc::clone(&kept.laid));
            prepared.serials.push(kept.serial);
            changed.push(!same);
        }
        prepared.gather(cast.style.multi_rests);
        changed
    }

    /// Follows the ties from measure to measure.
    fn tie(&mut self) {
        let mut held: Vec<HeldOver> = Vec::new();
        let mut all = Vec::with_capacity(self.prepared.ties.len());
        for (at, kept) in self.kept.iter_mut().flatten().enumerate() {
            let known = kept.tied.take().filter(|tied| tied.held_in == held);
            let tied = known.unwrap_or_else(|| {
                let (ties, held_out) = ties(&kept.bar, &held);
                Tied { held_in: held, ties, held_out }
            });
            all.extend(tied.ties.iter().map(|tie| tie.seen_from(at)));
            held = tied.held_out.clone();
            kept.tied = Some(tied);
        }
        all.extend(held.iter().map(|held| held.lost().seen_from(self.kept.len())));
        all.sort_unstable_by_key(|tie| tie.from);
        self.prepared.ties = all;
    }
}

/// What a measure is made from.
struct Fresh<'a> {
    score: &'a Score,
    cast: &'a Cast,
    at: usize,
    id: MeasureId,
    measure: &'a Measure,
    length: Beat,
    revision: Revision,
    serial: u64,
}

impl Fresh<'_> {
    fn make(self, shifts: Vec<ShiftHere>, opening: Arc<Context>, before: Option<Kept>) -> Kept {
        let Self { score, cast, at, id, measure, length, revision, serial } = self;
        let mut context = Context::clone(&opening);
        let mut bar = prepare(score, cast, at, (id, measure, length), &shifts, &mut context);
        let symbols = symbols(score, cast, &bar);
        let laid = systems::lay_out(&mut bar, cast, &symbols, at == 0);
        // What is as it was stays the same object, so that the measures after it are recognised at a glance.
        let closing = [Some(Arc::clone(&opening)), before.map(|kept| kept.closing)].into_iter().flatten().find(|known| **known == context);
        Kept {
            revision,
            opening,
            length,
            shifts,
            first: at == 0,
            serial,
            bar: Arc::new(bar),
            laid: Arc::new(laid),
            closing: closing.unwrap_or_else(|| Arc::new(context)),
            tied: None,
        }
    }
}

/// After so many measures a volta that no one closed is over.
const LONGEST_VOLTA: usize = 64;

fn open_voltas(score: &Score) -> Vec<Option<usize>> {
    let mut open: Option<usize> = None;
    let before = |(at, (_, measure)): (usize, (MeasureId, &Measure))| {
        let here = open.filter(|from| at - from <= LONGEST_VOLTA);
        if measure.ending_start.is_some() {
            open = Some(at);
        }
        if measure.ending_stop.is_some() {
            open = None;
        }
        here
    };
    score.measures().enumerate().map(before).collect()
}
