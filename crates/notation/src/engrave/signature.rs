//! What a system is drawn from, so that one whose signature is as it was need not be drawn again.
//!
//! What the drawing of a system may read, and nothing else:
//! - the preparation of its own measures, their places in rests of several measures, and the records in them, and those of the measure after it (its clef, key and time
//!   are announced at the end of the line);
//! - the spans and ties that touch it, with the measures of their ends and, up to [`LONGEST_READ`] of them, all between: the
//!   shape of a slur follows from the notes under it, that of a pedal over half a movement does not;
//! - the words and extenders that the system before it left open ([`Carry`]), and the volta that is open at its start;
//! - whether it is the first or the last, the sheet, and the [`Cast`](super::cast::Cast) with its style.
//!
//! Where its measures stand in the score it may use to compare and to look up, but not to draw.

use super::draw::{Carry, Touching, Which, Work};
use super::prepare::Gathered;
use crate::model::{MeasureId, SpanId};

/// Of a span over more measures than this, what is drawn in a system may read those of its ends and of the system alone.
pub(super) const LONGEST_READ: usize = 8;

/// Names what a system is drawn from: an equal signature means an equal picture, on the same sheet with the same cast.
#[derive(Debug, PartialEq)]
pub(super) struct Signature {
    /// Its first measure, by which a system is known.
    pub measure: MeasureId,
    first: bool,
    last: bool,
    /// The preparation of its measures and of the one after them.
    serials: Vec<u64>,
    /// Their places in rests of several measures.
    rests: Vec<Gathered>,
    spans: Vec<(SpanId, Passage)>,
    ties: Vec<(Head, Option<Head>, Passage)>,
    pub carry: Carry,
    /// How many measures before it the open volta starts, and that one's preparation.
    volta: Option<(usize, u64)>,
}

/// From where to where, counted from the first measure of the system, and the preparation of what of it may be read.
type Passage = (isize, isize, u64);
/// A chord and a head of it.
type Head = (usize, usize);

impl Signature {
    /// Of a system of the work.
    pub(super) fn of(work: &Work, which: &Which, touching: Touching, carry: Carry) -> Self {
        let prepared = work.prepared;
        let start = which.measures.start;
        let passage = |from: usize, to: usize| {
            let own = from >= start && to < which.measures.end;
            let between = match to - from {
                _ if own => 0,
                0..=LONGEST_READ => prepared.passage(from, to + 1),
                _ => prepared.passage(from, from + 1) ^ prepared.passage(to, to + 1).rotate_left(1),
            };
            (from as isize - start as isize, to as isize - start as isize, between)
        };
        let span = |at: &usize| {
            let span = work.span(*at);
            (span.id, passage(span.start.bar, span.end.bar))
        };
        let tie = |at: &usize| {
            let tie = &prepared.ties[*at];
            let (from, head) = tie.from;
            let to = tie.to.map_or(from.bar, |(to, _)| to.bar);
            ((from.chord, head), tie.to.map(|(to, head)| (to.chord, head)), passage(from.bar, to))
        };
        let end = (which.measures.end + 1).min(prepared.serials.len());
        Self {
            measure: work.bar(start).id,
            first: which.first,
            last: which.last,
            serials: prepared.serials[start..end].to_vec(),
            rests: prepared.laid[start..end].iter().map(|laid| laid.rests).collect(),
            spans: touching.spans.iter().map(span).collect(),
            ties: touching.ties.iter().map(tie).collect(),
            carry,
            volta: prepared.voltas[start].map(|from| (start - from, prepared.serials[from])),
        }
    }
}
