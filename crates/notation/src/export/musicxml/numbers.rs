//! The numbers that tell apart what stretches over several notes at once. MusicXML 4.0, `number-level`: 1 to 16.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::lose;
use crate::model::*;

const LEVELS: usize = 16;

/// A place in the order of the document: measure, voice, time, grace notes in their order.
type Place = (usize, u8, Beat, i32);

/// The number of every span that can be written.
pub(super) struct SpanNumbers {
    numbers: HashMap<SpanId, u8>,
    /// Pedals that another goes on from at once: their end is its start.
    continued: HashSet<SpanId>,
}

struct Interval {
    id: SpanId,
    lane: (PartId, &'static str, u8),
    from: Place,
    to: Place,
}

impl SpanNumbers {
    /// Gives each span a number that no other of its kind has between its ends, in the order of the document.
    pub(super) fn assign(score: &Score, positions: &HashMap<MeasureId, usize>, lost: &mut BTreeMap<String, u32>) -> Self {
        let mut intervals: Vec<Interval> = Vec::new();
        for (id, span) in score.spans() {
            match interval(score, positions, *id, span) {
                Some(interval) => intervals.push(interval),
                None => lose(lost, &format!("{} without both its ends", element(&span.kind))),
            }
        }
        intervals.sort_by_key(|interval| (interval.from, interval.to, interval.id));
        let mut busy: HashMap<(PartId, &'static str, u8), [Option<Place>; LEVELS]> = HashMap::new();
        let mut numbers: HashMap<SpanId, u8> = HashMap::new();
        let continued = continued(score);
        for interval in intervals {
            let levels = busy.entry(interval.lane).or_insert([None; LEVELS]);
            let levels = if interval.lane.1 == "tremolo" { levels.get_mut(..1).unwrap_or_default() } else { levels };
            let same = continued.get(&interval.id).and_then(|before| numbers.get(before));
            let same = same.map(|number| usize::from(*number) - 1);
            match same.or_else(|| levels.iter().position(|until| until.is_none_or(|until| until < interval.from))) {
                Some(level) => {
                    if let Some(slot) = levels.get_mut(level) {
                        *slot = Some(interval.to);
                    }
                    numbers.insert(interval.id, level as u8 + 1);
                }
                None => lose(lost, &format!("{} beyond {} at once", interval.lane.1, levels.len())),
            }
        }
        let continued = continued.into_iter().filter(|(next, _)| numbers.contains_key(next)).map(|(_, before)| before).collect();
        Self { numbers, continued }
    }

    /// Whether the end of a span is written by the one that goes on from it.
    pub(super) fn is_continued(&self, span: SpanId) -> bool {
        self.continued.contains(&span)
    }

    pub(super) fn get(&self, span: SpanId) -> Option<u8> {
        self.numbers.get(&span).copied()
    }
}

/// Pedals that change one before them, each with that one.
fn continued(score: &Score) -> HashMap<SpanId, SpanId> {
    let pedals = || score.spans().iter().filter(|(_, span)| span.kind.is_pedal());
    let ending: HashMap<Anchor, SpanId> = pedals().filter(|(_, span)| span.start != span.end).map(|(id, span)| (span.end, *id)).collect();
    let changes = pedals().filter(|(_, span)| span.change);
    changes.filter_map(|(id, span)| Some((*id, *ending.get(&span.start)?))).filter(|(next, before)| next != before).collect()
}

/// The element that a span is written as.
pub(super) const fn element(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Slur => "slur",
        SpanKind::Crescendo | SpanKind::Diminuendo => "wedge",
        SpanKind::Ottava(_) => "octave-shift",
        SpanKind::Pedal(_) => "pedal",
        SpanKind::TrillLine => "wavy-line",
        SpanKind::Glissando(_) => "glissando",
        SpanKind::Slide(_) => "slide",
        SpanKind::Tuplet(_) => "tuplet",
        SpanKind::Dashes => "dashes",
        SpanKind::Bracket => "bracket",
        SpanKind::Tremolo(_) => "tremolo",
        SpanKind::Phrase => "slur",
        SpanKind::Sostenuto(_) => "pedal",
        SpanKind::HammerOn(_) => "hammer-on",
        SpanKind::PullOff(_) => "pull-off",
        SpanKind::PalmMute | SpanKind::LetRing => "dashes",
    }
}

/// Whether a span is written on notes, and not as directions.
pub(super) const fn is_on_notes(kind: &SpanKind) -> bool {
    matches!(
        kind,
        SpanKind::Slur
            | SpanKind::Phrase
            | SpanKind::TrillLine
            | SpanKind::Glissando(_)
            | SpanKind::Slide(_)
            | SpanKind::HammerOn(_)
            | SpanKind::PullOff(_)
            | SpanKind::Tuplet(_)
            | SpanKind::Tremolo(_)
    )
}

fn interval(score: &Score, positions: &HashMap<MeasureId, usize>, id: SpanId, span: &Span) -> Option<Interval> {
    let on_notes = is_on_notes(&span.kind);
    let (part, start) = place(score, positions, span.start, on_notes)?;
    let (_, end) = place(score, positions, span.end, on_notes)?;
    let own_voice = matches!(span.kind, SpanKind::Tuplet(_) | SpanKind::Tremolo(_));
    let lane = (part, element(&span.kind), if own_voice { start.1 } else { 0 });
    Some(Interval { id, lane, from: start.min(end), to: start.max(end) })
}

fn place(score: &Score, positions: &HashMap<MeasureId, usize>, anchor: Anchor, on_notes: bool) -> Option<(PartId, Place)> {
    let Some(event) = score.anchor_event(anchor) else {
        let moment = score.anchor_moment(anchor).filter(|_| !on_notes)?;
        let part = match anchor {
            Anchor::Staff(part, ..) => part,
            _ => score.parts().first().map(|(id, _)| *id)?,
        };
        return Some((part, (*positions.get(&moment.measure)?, 0, moment.beat, 0)));
    };
    let event = score.event(event)?;
    let grace = event.grace.map_or(0, |grace| i32::from(grace.order) + if grace.after { 1 } else { -70_000 });
    let voice = if on_notes { event.voice } else { 0 };
    Some((event.part, (*positions.get(&event.time.measure)?, voice, event.time.onset, grace)))
}
