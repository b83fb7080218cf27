//! What stretches from one place to another: ties, slurs, hairpins, brackets, each with both ends found.

use std::collections::BTreeMap;

use super::{Bar, Directory, Place};
use crate::engrave::cast::Cast;
use crate::model::{Anchor, Beat, Placement, Score, SpanId, SpanKind};

/// A stretch on a staff in which notes are written some octaves lower than they sound.
#[derive(Debug, Clone, Copy)]
pub(in crate::engrave) struct OctaveShift {
    staff: usize,
    from: (usize, Beat),
    to: (usize, Beat),
    inclusive: bool,
    pub octaves: i32,
}

impl OctaveShift {
    /// Whether a note at this place is under it.
    pub(super) fn covers(&self, staff: usize, bar: usize, beat: Beat) -> bool {
        let at = (bar, beat);
        self.staff == staff && self.from <= at && (at < self.to || self.inclusive && at == self.to)
    }
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
pub(super) fn octave_shifts(score: &Score, cast: &Cast, directory: &Directory) -> Vec<OctaveShift> {
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
        Some((cast.staff(cast.part(part)?, number), (directory.measure(moment.measure)?, moment.beat)))
    };
    let shift = |span: &crate::model::Span| {
        let SpanKind::Ottava(octaves) = span.kind else { return None };
        let ((staff, from), (_, to)) = (place(span.start)?, place(span.end)?);
        let inclusive = matches!(span.end, Anchor::Event(_) | Anchor::Note(_));
        Some(OctaveShift { staff, from, to, inclusive, octaves: i32::from(octaves) })
    };
    score.spans().values().filter_map(shift).collect()
}

/// Every span whose ends are in the score as shown, in the order of where it starts.
pub(super) fn stretches(score: &Score, cast: &Cast, directory: &Directory, bars: &[Bar]) -> Vec<Stretch> {
    let find = |anchor: Anchor| match anchor {
        Anchor::Event(_) | Anchor::Note(_) => {
            let place = directory.event(score.anchor_event(anchor)?)?;
            let chord = &bars[place.bar].chords[place.chord];
            let head = if let Anchor::Note(note) = anchor { chord.heads.iter().position(|h| h.id == note) } else { None };
            Some(StretchEnd { bar: place.bar, beat: chord.onset, staff: chord.home(), chord: Some(place), head })
        }
        Anchor::Staff(part, number, moment) => {
            let staff = cast.staff(cast.part(part)?, number.unwrap_or(1));
            Some(StretchEnd { bar: directory.measure(moment.measure)?, beat: moment.beat, staff, chord: None, head: None })
        }
        Anchor::System(moment) => {
            Some(StretchEnd { bar: directory.measure(moment.measure)?, beat: moment.beat, staff: 0, chord: None, head: None })
        }
        Anchor::Page(_) => None,
    };
    let mut found = Vec::new();
    for (id, span) in score.spans() {
        let (Some(mut start), Some(mut end)) = (find(span.start), find(span.end)) else { continue };
        if (end.bar, end.beat) < (start.bar, start.beat) {
            std::mem::swap(&mut start, &mut end);
        }
        found.push(Stretch { id: *id, kind: span.kind.clone(), placement: span.placement, start, end });
    }
    found.sort_by_key(|s| (s.start.bar, s.start.beat, s.start.staff, s.end.bar, s.end.beat, s.id));
    found
}

/// What a tie may lead from: a part, a pitch and the time at which the note ends.
type Open = BTreeMap<(usize, (i32, i32, i32)), Vec<(Beat, u8, Place, usize)>>;

/// The ties of the score: to the next note of the same part and pitch that begins where the tied one ends.
pub(super) fn ties(bars: &[Bar]) -> Vec<Tie> {
    let mut ties = Vec::new();
    let mut open = Open::new();
    let mut start = Beat::ZERO;
    for (bar, measure) in bars.iter().enumerate() {
        for (at, chord) in measure.chords.iter().enumerate() {
            let place = Place { bar, chord: at };
            for (index, head) in chord.heads.iter().enumerate() {
                let key = (chord.part, head.pitch);
                let begins = start + chord.onset;
                if let Some(waiting) = open.get_mut(&key) {
                    let fits = |row: &(Beat, u8, Place, usize)| row.0 == begins && row.2 != place;
                    let own = waiting.iter().position(|row| fits(row) && row.1 == chord.voice);
                    let any = || waiting.iter().position(|row| fits(row) && head.tie_previous);
                    if let Some(found) = own.or_else(any) {
                        let (_, _, from, from_head) = waiting.swap_remove(found);
                        ties.push(Tie { from: (from, from_head), to: Some((place, index)) });
                    }
                }
                if head.tie_next {
                    open.entry(key).or_default().push((begins + chord.duration, chord.voice, place, index));
                }
            }
        }
        start += measure.length;
    }
    let left = open.into_values().flatten().map(|(_, _, place, head)| Tie { from: (place, head), to: None });
    ties.extend(left);
    ties.sort_by_key(|tie| tie.from);
    ties
}
