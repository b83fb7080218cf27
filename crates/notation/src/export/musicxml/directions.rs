//! What stands at a moment. MusicXML 4.0, `direction`, `harmony` and `sound`.

use super::measure::PartLane;
use super::numbers::{element, is_on_notes};
use super::xml::{Attribute, Xml};
use super::{Writing, harmony};
use crate::import::musicxml::names::{DYNAMICS, Named};
use crate::model::*;

/// Something that is written at a moment, before the notes there.
pub(super) struct Item<'s> {
    pub(super) beat: Beat,
    /// The order at one moment.
    pub(super) rank: u8,
    pub(super) staff: Option<u8>,
    /// Said to all players.
    pub(super) system: bool,
    pub(super) what: What<'s>,
}

/// What an [`Item`] is.
pub(super) enum What<'s> {
    Attributes(Vec<&'s Sign>),
    Mark(&'s Mark),
    SpanStart(&'s Span, u8),
    SpanStop(&'s Span, u8),
}

/// The marks and the ends of spans of a measure of a part.
pub(super) fn items<'s>(writing: &mut Writing<'s>, lane: &PartLane<'_>, id: MeasureId) -> Vec<Item<'s>> {
    let mut items = Vec::new();
    placed(writing, lane, id, &mut items);
    let score = writing.score;
    for (event_id, event) in score.events_in(id, lane.id) {
        let notes = score.notes_of(event_id);
        let marks = score.marks_of(event_id).chain(notes.iter().flat_map(|(note, _)| score.marks_of_note(*note)));
        for (_, mark) in marks.filter(|(_, mark)| is_direction(&mark.kind) && !matches!(mark.kind, MarkKind::Dynamic(_))) {
            items.push(item_of_mark(mark, event.time.onset, Some(event.staff)));
        }
        let spans = score.spans_of(event_id).chain(notes.iter().flat_map(|(note, _)| score.spans_of_note(*note)));
        for (span_id, span) in spans.filter(|(_, span)| !is_on_notes(&span.kind)) {
            let here = |anchor| score.anchor_event(anchor) == Some(event_id);
            let at = |is_end: bool| if is_end { event.time.end() } else { event.time.onset };
            for is_end in [false, true] {
                if here(if is_end { span.end } else { span.start }) {
                    items.extend(item_of_span(writing, span_id, span, at(is_end), Some(event.staff), is_end));
                }
            }
        }
    }
    items
}

/// What is anchored to a staff of the part or, in the first part, to the system.
fn placed<'s>(writing: &mut Writing<'s>, lane: &PartLane<'_>, id: MeasureId, items: &mut Vec<Item<'s>>) {
    let score = writing.score;
    let here = |anchor: Anchor| match anchor {
        Anchor::Staff(part, staff, moment) if part == lane.id && moment.measure == id => Some((moment.beat, staff)),
        Anchor::System(moment) if lane.leads() && moment.measure == id => Some((moment.beat, None)),
        _ => None,
    };
    for (_, mark) in score.marks_in(id) {
        let Some((beat, staff)) = here(mark.anchor) else { continue };
        if is_direction(&mark.kind) {
            items.push(item_of_mark(mark, beat, staff));
        } else if !matches!(mark.kind, MarkKind::Fermata(_)) {
            writing.lose("mark of a note that is not on a note");
        }
    }
    for (span_id, span) in score.spans_in(id).filter(|(_, span)| !is_on_notes(&span.kind)) {
        for (anchor, is_end) in [(span.start, false), (span.end, true)] {
            if let Some((beat, staff)) = here(anchor) {
                items.extend(item_of_span(writing, span_id, span, beat, staff, is_end));
            }
        }
    }
}

const fn is_direction(kind: &MarkKind) -> bool {
    matches!(
        kind,
        MarkKind::Dynamic(_)
            | MarkKind::Words(_)
            | MarkKind::Tempo(_)
            | MarkKind::Rehearsal(_)
            | MarkKind::Chord(_)
            | MarkKind::Segno
            | MarkKind::Coda
            | MarkKind::Barline(_)
    )
}

fn item_of_mark(mark: &Mark, beat: Beat, staff: Option<u8>) -> Item<'_> {
    let rank = if matches!(mark.kind, MarkKind::Chord(_)) { 1 } else { 3 };
    let system = matches!(mark.anchor, Anchor::System(_));
    Item { beat, rank, staff, system, what: What::Mark(mark) }
}

/// Stops come before starts, except the stop of a span that is no longer than a moment.
fn item_of_span<'s>(writing: &Writing<'_>, id: SpanId, span: &'s Span, beat: Beat, staff: Option<u8>, is_end: bool) -> Option<Item<'s>> {
    let number = writing.spans.get(id)?;
    let moment = |anchor| writing.score.anchor_moment(anchor);
    let rank = if !is_end {
        4
    } else if moment(span.start) == moment(span.end) {
        5
    } else {
        2
    };
    let what = if is_end { What::SpanStop(span, number) } else { What::SpanStart(span, number) };
    Some(Item { beat, rank, staff, system: matches!(span.start, Anchor::System(_)), what })
}

/// Writes an item that is not attributes.
pub(super) fn write(writing: &mut Writing<'_>, lane: &PartLane<'_>, staff: Option<u8>, system: bool, what: &What<'_>) {
    let staff = staff.and_then(|staff| lane.staff_to_name(staff));
    match what {
        What::Attributes(_) => {}
        What::Mark(mark) => write_mark(&mut writing.xml, mark, staff, system),
        What::SpanStart(span, number) => {
            direction(&mut writing.xml, span.placement, staff, system, None, |xml| start(xml, &span.kind, *number))
        }
        What::SpanStop(span, number) => {
            direction(&mut writing.xml, Placement::Auto, staff, system, None, |xml| stop(xml, &span.kind, *number))
        }
    }
}

fn direction(xml: &mut Xml, placement: Placement, staff: Option<u8>, system: bool, tempo: Option<&str>, content: impl FnOnce(&mut Xml)) {
    let mut attributes: Vec<Attribute<'_>> = Vec::new();
    if placement != Placement::Auto {
        attributes.push(("placement", placement.name()));
    }
    if system {
        attributes.push(("system", "only-top"));
    }
    xml.open("direction", &attributes);
    xml.open("direction-type", &[]);
    content(xml);
    xml.close();
    if let Some(staff) = staff {
        xml.number("staff", staff);
    }
    if let Some(tempo) = tempo {
        xml.empty("sound", &[("tempo", tempo)]);
    }
    xml.close();
}

fn write_mark(xml: &mut Xml, mark: &Mark, staff: Option<u8>, system: bool) {
    match &mark.kind {
        MarkKind::Chord(chord) => harmony::write(xml, chord, mark.placement, staff),
        MarkKind::Tempo(tempo) => write_tempo(xml, tempo, mark.placement, staff),
        MarkKind::Barline(style) => {
            xml.open("barline", &[("location", "middle")]);
            xml.text("bar-style", &[], if *style == BarStyle::Auto { BarStyle::Regular } else { *style }.name());
            xml.close();
        }
        kind => direction(xml, mark.placement, staff, system, None, |xml| match kind {
            MarkKind::Dynamic(letters) => dynamics(xml, letters, Placement::Auto),
            MarkKind::Words(words) => write_words(xml, words, &mark.style),
            MarkKind::Rehearsal(text) => xml.text("rehearsal", &[], text),
            MarkKind::Segno => xml.empty("segno", &[]),
            MarkKind::Coda => xml.empty("coda", &[]),
            _ => {}
        }),
    }
}

/// A dynamic, on a note or in a direction.
pub(super) fn dynamics(xml: &mut Xml, letters: &str, placement: Placement) {
    let side = [("placement", placement.name())];
    xml.open("dynamics", if placement == Placement::Auto { &[] } else { &side });
    match DYNAMICS.iter().find(|known| **known == letters) {
        Some(element) => xml.empty(element, &[]),
        None => xml.text("other-dynamics", &[], letters),
    }
    xml.close();
}

fn write_words(xml: &mut Xml, words: &Words, style: &TextStyle) {
    let size = style.size.map(|size| (f64::from(size) / 10.0).to_string());
    let mut attributes: Vec<Attribute<'_>> = Vec::new();
    if style.italic {
        attributes.push(("font-style", "italic"));
    }
    if let Some(size) = &size {
        attributes.push(("font-size", size));
    }
    if style.bold {
        attributes.push(("font-weight", "bold"));
    }
    xml.text("words", &attributes, &words.text);
}

fn write_tempo(xml: &mut Xml, tempo: &TempoMark, placement: Placement, staff: Option<u8>) {
    let per_minute = tempo.quarters_per_minute().map(decimal);
    if !tempo.printed {
        if let Some(per_minute) = per_minute {
            xml.empty("sound", &[("tempo", &per_minute)]);
        }
        return;
    }
    let beats = tempo.per_minute.map(|(num, den)| decimal(f64::from(num) / f64::from(den.max(1)))).unwrap_or_default();
    direction(xml, placement, staff, true, per_minute.as_deref(), |xml| {
        let parentheses = [("parentheses", "yes")];
        xml.open("metronome", if tempo.parentheses { &parentheses } else { &[] });
        beat_unit(xml, tempo.beat);
        match tempo.equals {
            Some(value) => beat_unit(xml, value),
            None => xml.text("per-minute", &[], if tempo.text.is_empty() { &beats } else { &tempo.text }),
        }
        xml.close();
    });
}

fn beat_unit(xml: &mut Xml, value: NoteValue) {
    xml.text("beat-unit", &[], value.base.name());
    for _ in 0..value.dots {
        xml.empty("beat-unit-dot", &[]);
    }
}

/// Up to six decimals, no more than needed.
fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn start(xml: &mut Xml, kind: &SpanKind, number: u8) {
    let number = number.to_string();
    let name = element(kind);
    match kind {
        SpanKind::Crescendo => xml.empty(name, &[("type", "crescendo"), ("number", &number)]),
        SpanKind::Diminuendo => xml.empty(name, &[("type", "diminuendo"), ("number", &number)]),
        SpanKind::Ottava(shift) => {
            let direction = if *shift < 0 { "up" } else { "down" };
            xml.empty(name, &[("type", direction), ("number", &number), ("size", ottava_size(*shift))]);
        }
        SpanKind::Pedal(line) => {
            let yes_no = |yes: bool| if yes { "yes" } else { "no" };
            xml.empty(name, &[("type", "start"), ("number", &number), ("line", yes_no(*line)), ("sign", yes_no(!*line))]);
        }
        SpanKind::Bracket => xml.empty(name, &[("type", "start"), ("number", &number), ("line-end", "down")]),
        _ => xml.empty(name, &[("type", "start"), ("number", &number)]),
    }
}

fn stop(xml: &mut Xml, kind: &SpanKind, number: u8) {
    let number = number.to_string();
    let name = element(kind);
    let mut attributes: Vec<Attribute<'_>> = vec![("type", "stop"), ("number", &number)];
    match kind {
        SpanKind::Ottava(shift) => attributes.push(("size", ottava_size(*shift))),
        SpanKind::Bracket => attributes.push(("line-end", "down")),
        _ => {}
    }
    xml.empty(name, &attributes);
}

const fn ottava_size(shift: i8) -> &'static str {
    match shift.unsigned_abs() {
        2 => "15",
        3 => "22",
        _ => "8",
    }
}

/// The jumps at a measure's start or end, as what is played: the signs and words are marks of their own.
pub(super) fn jumps(xml: &mut Xml, measure: &Measure, at_start: bool) {
    for jump in &measure.jumps {
        let (start, attribute) = match jump {
            Jump::Segno => (true, ("segno", "segno")),
            Jump::Coda => (true, ("coda", "coda")),
            Jump::ToCoda => (false, ("tocoda", "coda")),
            Jump::Fine => (false, ("fine", "yes")),
            Jump::DaCapo => (false, ("dacapo", "yes")),
            Jump::DalSegno => (false, ("dalsegno", "segno")),
        };
        if start == at_start {
            xml.empty("sound", &[attribute]);
        }
    }
}
