//! What stretches from one place to another: ties, slurs, hairpins, brackets, each with both ends found.

use std::sync::Arc;

use super::{Bar, Place, Positions};
use crate::engrave::cast::Cast;
use crate::model::{Anchor, Beat, Placement, Score, Span, SpanId, SpanKind};

/// A stretch on a staff in which notes are written some octaves lower than they sound.
#[derive(Debug, Clone, Copy)]
pub(in crate::engrave) struct OctaveShift {
    staff: usize,
    from: (usize, Beat),
    to: (usize, Beat),
    inclusive: bool,
    octaves: i32,
}

/// What of an [`OctaveShift`] is over one measure: its ends where they are in it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct ShiftHere {
    staff: usize,
    from: Option<Beat>,
    to: Option<Beat>,
    inclusive: bool,
    pub octaves: i32,
}

impl ShiftHere {
    /// Whether a note at this place is under it.
    pub(super) fn covers(&self, staff: usize, beat: Beat) -> bool {
        let begun = self.from.is_none_or(|from| from <= beat);
        self.staff == staff && begun && self.to.is_none_or(|to| beat < to || self.inclusive && beat == to)
    }
}

/// The shifts over each of so many measures.
pub(in crate::engrave) fn shifts_by_bar(mut shifts: Vec<OctaveShift>, bars: usize) -> Vec<Vec<ShiftHere>> {
    shifts.sort_by_key(|shift| (shift.from, shift.staff, shift.to, shift.octaves));
    let mut waiting = shifts.into_iter().peekable();
    let mut over: Vec<OctaveShift> = Vec::new();
    let here = |bar: usize| {
        while let Some(shift) = waiting.next_if(|shift| shift.from.0 <= bar) {
            over.push(shift);
        }
        over.retain(|shift| shift.to.0 >= bar);
        let within = |end: (usize, Beat)| (end.0 == bar).then_some(end.1);
        let one = |shift: &OctaveShift| ShiftHere {
            staff: shift.staff,
            from: within(shift.from),
            to: within(shift.to),
            inclusive: shift.inclusive && shift.to.0 == bar,
            octaves: shift.octaves,
        };
        over.iter().map(one).collect()
    };
    (0..bars).map(here).collect()
}

/// One end of a [`Stretch`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct StretchEnd {
    pub bar: usize,
    pub beat: Beat,
    pub staff: usize,
    /// The chord it holds on to, and the head of that chord.
    pub chord: Option<Place>,
    pub head: Option<usize>,
}

/// A span with both ends in the score as shown.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Stretch {
    pub id: SpanId,
    pub kind: SpanKind,
    pub placement: Placement,
    pub start: StretchEnd,
    pub end: StretchEnd,
}

/// A tie from a head of one chord to a head of another; to nothing where the score does not say what it leads to.
#[derive(Debug, Clone, Copy)]
pub(in crate::engrave) struct Tie {
    pub from: (Place, usize),
    pub to: Option<(Place, usize)>,
}

/// The octave shifts of the score, needed before any note has its line.
pub(in crate::engrave) fn octave_shifts(score: &Score, cast: &Cast, positions: &Positions) -> Vec<OctaveShift> {
    let place = |anchor: Anchor| {
        let moment = score.anchor_moment(anchor)?;
        let (part, number) = match anchor {
            Anchor::Staff(part, staff, _) => (part, staff.unwrap_or(1)),
            Anchor::Event(_) | Anchor::Note(_) => {
                let event = score.event(score.anchor_event(anchor)?)?;
                (event.part, event.staff)
            }
            Anchor::System(_) | Anchor::Page(_) => return None,
        };
        Some((cast.staff(cast.part(part)?, number), (positions.measure(moment.measure)?, moment.beat)))
    };
    let shift = |span: &Span| {
        let SpanKind::Ottava(octaves) = span.kind else { return None };
        let ((staff, from), (_, to)) = (place(span.start)?, place(span.end)?);
        let inclusive = matches!(span.end, Anchor::Event(_) | Anchor::Note(_));
        Some(OctaveShift { staff, from, to, inclusive, octaves: i32::from(octaves) })
    };
    score.spans().values().filter_map(shift).collect()
}

/// A span and what was found of it.
pub(in crate::engrave) struct Known {
    id: SpanId,
    /// The measures of its two ends, where they are in the score.
    bars: Option<(usize, usize)>,
    /// Nothing where an end is not shown.
    pub stretch: Option<Arc<Stretch>>,
}

/// Finds the ends of every span, by identifier. What was known of one holds where both its measures are unchanged.
pub(in crate::engrave) fn stretches(
    score: &Score,
    cast: &Cast,
    positions: &Positions,
    bars: &[Arc<Bar>],
    known: Vec<Known>,
    unchanged: impl Fn(usize) -> bool,
) -> Vec<Known> {
    let mut known = known.into_iter().peekable();
    let holds = |known: &Known| known.bars.is_some_and(|(start, end)| unchanged(start) && unchanged(end));
    let finding = Finding { score, cast, positions, bars };
    let one = |(id, span): (&SpanId, &Span)| {
        while known.next_if(|known| known.id < *id).is_some() {}
        known.next_if(|known| known.id == *id).filter(holds).unwrap_or_else(|| finding.known(*id, span))
    };
    score.spans().iter().map(one).collect()
}

/// What ends are looked for in.
struct Finding<'a> {
    score: &'a Score,
    cast: &'a Cast,
    positions: &'a Positions,
    bars: &'a [Arc<Bar>],
}

impl Finding<'_> {
    fn known(&self, id: SpanId, span: &Span) -> Known {
        let position = |anchor: Anchor| self.positions.measure(self.score.anchor_moment(anchor)?.measure);
        let bars = position(span.start).zip(position(span.end));
        let ends = self.end(span.start).zip(self.end(span.end));
        let stretch = ends.filter(|_| span.visible).map(|(mut start, mut end)| {
            if (end.bar, end.beat) < (start.bar, start.beat) {
                std::mem::swap(&mut start, &mut end);
            }
            Arc::new(Stretch { id, kind: span.kind.clone(), placement: span.placement, start, end })
        });
        Known { id, bars, stretch }
    }

    fn end(&self, anchor: Anchor) -> Option<StretchEnd> {
        let moment = self.score.anchor_moment(anchor)?;
        let bar = self.positions.measure(moment.measure)?;
        Some(match anchor {
            Anchor::Event(_) | Anchor::Note(_) => {
                let event = self.score.anchor_event(anchor)?;
                let chords = &self.bars.get(bar)?.chords;
                let at = chords.iter().position(|chord| chord.id == event && chord.recorded)?;
                let chord = &chords[at];
                let head = if let Anchor::Note(note) = anchor { chord.heads.iter().position(|h| h.id == note) } else { None };
                StretchEnd { bar, beat: chord.onset, staff: chord.home(), chord: Some(Place { bar, chord: at }), head }
            }
            Anchor::Staff(part, number, _) => {
                let staff = self.cast.staff(self.cast.part(part)?, number.unwrap_or(1));
                StretchEnd { bar, beat: moment.beat, staff, chord: None, head: None }
            }
            Anchor::Page(_) => return None,
            Anchor::System(_) => StretchEnd { bar, beat: moment.beat, staff: 0, chord: None, head: None },
        })
    }
}

/// A note is not held over more measures than this.
const LONGEST_WAIT: usize = 64;

/// A note that waits for the one it is tied to, seen from the end of a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct HeldOver {
    part: usize,
    pitch: (i32, i32, i32),
    /// How long it still sounds.
    rest: Beat,
    voice: u8,
    /// Its head: how many measures back, counted from the measure after this end, its chord, and its place in the chord.
    from: (usize, usize, usize),
}

impl HeldOver {
    /// The tie to nothing that it has where nothing follows, seen from the measure that would follow.
    pub(in crate::engrave) fn lost(&self) -> HeldTie {
        HeldTie { from: self.from, to: None }
    }
}

/// A tie seen from a measure: from a head so many measures back to a head of this one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct HeldTie {
    from: (usize, usize, usize),
    to: Option<(usize, usize)>,
}

impl HeldTie {
    /// The tie, where the measure it is seen from stands at this position.
    pub(in crate::engrave) fn seen_from(&self, bar: usize) -> Tie {
        let (back, chord, head) = self.from;
        let from = (Place { bar: bar - back, chord }, head);
        Tie { from, to: self.to.map(|(chord, head)| (Place { bar, chord }, head)) }
    }
}

/// The ties that end in a measure, or that lead nowhere, and what is held on from it: a note is tied to the next of the same
/// part and pitch that begins where it ends, one of its own voice before any other that says so itself.
pub(in crate::engrave) fn ties(bar: &Bar, held_in: &[HeldOver]) -> (Vec<HeldTie>, Vec<HeldOver>) {
    let mut ties = Vec::new();
    // What waits, with the beat at which it ends.
    let mut waiting: Vec<(Beat, HeldOver)> = held_in.iter().map(|held| (held.rest, *held)).collect();
    for (at, chord) in bar.chords.iter().enumerate() {
        for (index, head) in chord.heads.iter().enumerate() {
            let fits = |row: &(Beat, HeldOver)| {
                let held = &row.1;
                row.0 == chord.onset && held.pitch == head.pitch && held.part == chord.part && (held.from.0 > 0 || held.from.1 != at)
            };
            let own = waiting.iter().position(|row| row.1.voice == chord.voice && fits(row));
            if let Some(found) = own.or_else(|| if head.tie_previous { waiting.iter().position(fits) } else { None }) {
                let (_, held) = waiting.remove(found);
                ties.push(HeldTie { from: held.from, to: Some((at, index)) });
            }
            if head.lets_ring && !head.tie_next {
                ties.push(HeldTie { from: (0, at, index), to: None });
            }
            if head.tie_next {
                let (part, pitch, voice) = (chord.part, head.pitch, chord.voice);
                waiting.push((chord.end(), HeldOver { part, pitch, rest: chord.duration, voice, from: (0, at, index) }));
            }
        }
    }
    let mut held_out = Vec::new();
    for (end, held) in waiting {
        let (back, chord, head) = held.from;
        if end < bar.length || back >= LONGEST_WAIT {
            ties.push(held.lost());
        } else {
            held_out.push(HeldOver { rest: end - bar.length, from: (back + 1, chord, head), ..held });
        }
    }
    (ties, held_out)
}
