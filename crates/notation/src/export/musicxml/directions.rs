//! What stands at a moment. MusicXML 4.0, `direction`, `harmony` and `sound`.

use super::looks::Looks;
use super::measure::PartLane;
use super::numbers::{element, is_on_notes};
use super::xml::Xml;
use super::{Writing, diagrams, harmony};
use crate::import::musicxml::direction::OWN;
use crate::import::musicxml::names::{DYNAMICS, Named, SIGNS, STRING_MUTES};
use crate::import::musicxml::spanners::bracket_hook;
use crate::model::*;

/// Something that is written at a moment, before the notes there.
pub(super) struct Item<'s> {
    pub(super) beat: Beat,
    /// The order at one moment.
    pub(super) rank: u8,
    /// The order among its like.
    pub(super) order: u16,
    pub(super) staff: Option<u8>,
    /// The voice of the event that it holds on to.
    pub(super) voice: Option<u8>,
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
        for (_, mark) in marks.filter(|(_, mark)| is_direction(&mark.kind) && !is_on_note_too(&mark.kind)) {
            items.push(item_of_mark(mark, event.time.onset, Some(event.staff), Some(event.voice)));
        }
        let spans = score.spans_of(event_id).chain(notes.iter().flat_map(|(note, _)| score.spans_of_note(*note)));
        for (span_id, span) in spans.filter(|(_, span)| !is_on_notes(&span.kind)) {
            let here = |anchor| score.anchor_event(anchor) == Some(event_id);
            let at = |is_end: bool| if is_end { event.time.end() } else { event.time.onset };
            for is_end in [false, true] {
                if here(if is_end { span.end } else { span.start }) {
                    let whose = (Some(event.staff), Some(event.voice));
                    items.extend(item_of_span(writing, span_id, span, at(is_end), whose, is_end));
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
            items.push(item_of_mark(mark, beat, staff, None));
        } else if !matches!(mark.kind, MarkKind::Fermata(_)) {
            writing.lose("mark of a note that is not on a note");
        }
    }
    for (span_id, span) in score.spans_in(id).filter(|(_, span)| !is_on_notes(&span.kind)) {
        for (anchor, is_end) in [(span.start, false), (span.end, true)] {
            if let Some((beat, staff)) = here(anchor) {
                items.extend(item_of_span(writing, span_id, span, beat, (staff, None), is_end));
            }
        }
    }
}

/// What is written at a moment rather than on a note.
const fn is_direction(kind: &MarkKind) -> bool {
    !matches!(
        kind,
        MarkKind::Articulation(_)
            | MarkKind::Ornament(_)
            | MarkKind::Technical(_)
            | MarkKind::Fermata(_)
            | MarkKind::Arpeggio(_)
            | MarkKind::Tremolo(_)
            | MarkKind::Accidental(_)
    )
}

/// Whether a mark on an event is written on its note, although it is a direction elsewhere.
const fn is_on_note_too(kind: &MarkKind) -> bool {
    matches!(kind, MarkKind::Dynamic(_) | MarkKind::Symbol(_))
}

fn item_of_mark(mark: &Mark, beat: Beat, staff: Option<u8>, voice: Option<u8>) -> Item<'_> {
    let rank = if matches!(mark.kind, MarkKind::Chord(_) | MarkKind::FiguredBass(_)) { 1 } else { 3 };
    let system = matches!(mark.anchor, Anchor::System(_));
    Item { beat, rank, order: mark.order, staff, voice, system, what: What::Mark(mark) }
}

/// Stops come before starts, except the stop of a span that is no longer than a moment.
fn item_of_span<'s>(
    writing: &Writing<'_>,
    id: SpanId,
    span: &'s Span,
    beat: Beat,
    (staff, voice): (Option<u8>, Option<u8>),
    is_end: bool,
) -> Option<Item<'s>> {
    if is_end && writing.spans.is_continued(id) {
        return None;
    }
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
    Some(Item { beat, rank, order: 0, staff, voice, system: matches!(span.start, Anchor::System(_)), what })
}

/// Where a direction stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) placement: Placement,
    pub(super) staff: Option<u8>,
    pub(super) voice: Option<u8>,
    pub(super) system: bool,
}

/// Writes an item that is not attributes.
pub(super) fn write(writing: &mut Writing<'_>, lane: &PartLane<'_>, item: &Item<'_>) {
    let staff = item.staff.and_then(|staff| lane.staff_to_name(staff));
    let place = Place { placement: Placement::Auto, staff, voice: item.voice, system: item.system };
    match item.what {
        What::Attributes(_) => {}
        What::Mark(mark) => write_mark(writing, lane, mark, Place { placement: mark.placement, ..place }),
        What::SpanStart(span, _) | What::SpanStop(span, _) if !span.visible => {
            if matches!(item.what, What::SpanStart(..)) {
                writing.lose(&format!("hidden {}", element(&span.kind)));
            }
        }
        What::SpanStart(span, number) => {
            let place = Place { placement: span.placement, ..place };
            let words = line_words(span);
            if words.is_empty() {
                return direction(&mut writing.xml, place, |_| {}, |xml| start(xml, span, number));
            }
            direction(
                &mut writing.xml,
                place,
                |_| {},
                |xml| {
                    xml.text("words", &[], words);
                    xml.close();
                    xml.open("direction-type", &[]);
                    start(xml, span, number);
                },
            );
        }
        What::SpanStop(span, number) => direction(&mut writing.xml, place, |_| {}, |xml| stop(xml, span, number)),
    }
}

/// What a line begins with.
fn line_words(span: &Span) -> &str {
    match &span.kind {
        SpanKind::PalmMute if span.text.is_empty() => "P.M.",
        SpanKind::LetRing if span.text.is_empty() => "let ring",
        SpanKind::Pedal(_) | SpanKind::Sostenuto(_) => "",
        _ => &span.text,
    }
}

/// A direction with this content and what is played there.
pub(super) fn direction(xml: &mut Xml, place: Place, sound: impl FnOnce(&mut Xml), content: impl FnOnce(&mut Xml)) {
    let looks = Looks::default().side(place.placement).named("system", if place.system { "only-top" } else { "" });
    xml.open("direction", &looks.attributes());
    xml.open("direction-type", &[]);
    content(xml);
    xml.close();
    if let Some(voice) = place.voice {
        xml.number("voice", voice);
    }
    if let Some(staff) = place.staff {
        xml.number("staff", staff);
    }
    sound(xml);
    xml.close();
}

/// A direction of BandPro's own, which others do not print.
pub(super) fn own(xml: &mut Xml, staff: Option<u8>, what: &str) {
    let place = Place { placement: Placement::Auto, staff, voice: None, system: false };
    let text = format!("{OWN}{what}");
    direction(xml, place, |_| {}, |xml| xml.text("other-direction", &[("print-object", "no")], &text));
}

fn write_mark(writing: &mut Writing<'_>, lane: &PartLane<'_>, mark: &Mark, place: Place) {
    let xml = &mut writing.xml;
    match &mark.kind {
        MarkKind::Chord(chord) => {
            harmony::write(xml, chord, mark, place.staff);
            if place.voice.is_some() {
                writing.lose("that a chord symbol holds on to a note");
            }
        }
        MarkKind::FiguredBass(bass) if !bass.figures.is_empty() => {
            harmony::figured_bass(xml, bass, mark, lane.divisions);
            if place.voice.is_some() || place.staff.is_some_and(|staff| staff > 1) {
                writing.lose("the note or staff of figured bass");
            }
        }
        MarkKind::Tempo(tempo) => super::tempo::write(xml, tempo, mark, place),
        MarkKind::Swing(swing) => super::tempo::swing(xml, *swing, mark.visible, place),
        MarkKind::Barline(style) => {
            xml.open("barline", &[("location", "middle")]);
            xml.text("bar-style", &[], if *style == BarStyle::Auto { BarStyle::Regular } else { *style }.name());
            xml.close();
        }
        MarkKind::Break(kind) => {
            let kind = match kind {
                Break::System => "system",
                Break::Page => "page",
                Break::Section => "section",
            };
            own(xml, place.staff, &format!("break {kind}"));
        }
        MarkKind::Spacer(spacer) => {
            let (side, least) = (if spacer.above { "above" } else { "below" }, if spacer.least { " least" } else { "" });
            own(xml, place.staff, &format!("spacer {side} {}{least}", spacer.height));
        }
        MarkKind::Words(words) if !mark.visible => {
            let looks = Looks::of(false, mark.colour).font(&mark.style);
            direction(xml, place, |_| {}, |xml| xml.text("other-direction", &looks.attributes(), &words.text));
        }
        MarkKind::Symbol(glyph) if !mark.visible => {
            let looks = Looks::of(false, mark.colour).named("smufl", glyph);
            direction(xml, place, |_| {}, |xml| xml.empty("other-direction", &looks.attributes()));
        }
        _ if !mark.visible => writing.lose("a hidden direction that is not words"),
        kind => direction(xml, place, |_| {}, |xml| plain(xml, kind, mark)),
    }
}

/// The content of a direction's type.
fn plain(xml: &mut Xml, kind: &MarkKind, mark: &Mark) {
    let (ink, font) = (Looks::default().colour(mark.colour), || Looks::default().colour(mark.colour).font(&mark.style));
    match kind {
        MarkKind::Dynamic(letters) => dynamics(xml, letters, font().named("enclosure", mark.style.enclosure.name())),
        MarkKind::Words(words) => xml.text("words", &ink.text(&mark.style).attributes(), &words.text),
        MarkKind::Rehearsal(text) => xml.text("rehearsal", &ink.text(&mark.style).attributes(), text),
        MarkKind::Segno => xml.empty("segno", &font().attributes()),
        MarkKind::Coda => xml.empty("coda", &font().attributes()),
        MarkKind::Symbol(glyph) => symbol(xml, glyph, font()),
        MarkKind::Accordion(accordion) => diagrams::accordion(xml, *accordion, &ink),
        MarkKind::HarpPedals(pedals) => diagrams::harp(xml, pedals, &ink),
        MarkKind::Scordatura(strings) if !strings.is_empty() => diagrams::scordatura(xml, strings),
        _ => xml.text("other-direction", &[("print-object", "no")], ""),
    }
}

/// A sign by its own element where it has one.
fn symbol(xml: &mut Xml, glyph: &str, looks: Looks) {
    let element = SIGNS.iter().find(|(_, known)| *known == glyph);
    let mute = STRING_MUTES.iter().find(|(_, known)| *known == glyph);
    match (element, mute) {
        (Some((element, _)), _) => xml.empty(element, &looks.attributes()),
        (None, Some((kind, _))) => xml.empty("string-mute", &looks.with("type", *kind).attributes()),
        (None, None) => xml.text("symbol", &looks.attributes(), glyph),
    }
}

/// A dynamic, on a note or in a direction.
pub(super) fn dynamics(xml: &mut Xml, letters: &str, looks: Looks) {
    xml.open("dynamics", &looks.attributes());
    let known = |letters: &str| DYNAMICS.iter().find(|known| **known == letters);
    let (head, tail) = (letters.split_once(' ').unwrap_or((letters, "")), letters.rsplit_once(' '));
    match (known(head.0), tail.and_then(|(words, last)| Some((words, known(last)?)))) {
        (Some(element), _) => {
            xml.empty(element, &[]);
            xml.optional("other-dynamics", &[], head.1);
        }
        (None, Some((words, element))) => {
            xml.text("other-dynamics", &[], words);
            xml.empty(element, &[]);
        }
        (None, None) => xml.text("other-dynamics", &[], letters),
    }
    xml.close();
}

fn start(xml: &mut Xml, span: &Span, number: u8) {
    let looks = Looks::default().with("number", number.to_string()).colour(span.colour);
    let looks = match &span.kind {
        SpanKind::Crescendo => looks.with("type", "crescendo").flag("niente", span.niente).line(span.line),
        SpanKind::Diminuendo => looks.with("type", "diminuendo").line(span.line),
        SpanKind::Ottava(shift) => looks.with("type", if *shift < 0 { "up" } else { "down" }).with("size", ottava_size(*shift)),
        SpanKind::Pedal(line) | SpanKind::Sostenuto(line) => {
            let kind = match (&span.kind, span.change, span.ends.start) {
                (SpanKind::Sostenuto(_), ..) => "sostenuto",
                (_, true, _) => "change",
                (_, false, LineEnd::None) => "resume",
                _ => "start",
            };
            let yes_no = |yes: bool| if yes { "yes" } else { "no" };
            looks.with("type", kind).with("line", yes_no(*line)).with("sign", yes_no(!*line || !span.text.is_empty()))
        }
        SpanKind::Bracket => looks.with("type", "start").with("line-end", hook(span, span.ends.start)).line(span.line),
        _ => looks.with("type", "start"),
    };
    xml.empty(element(&span.kind), &looks.attributes());
}

fn stop(xml: &mut Xml, span: &Span, number: u8) {
    let looks = Looks::default().with("number", number.to_string());
    let looks = match &span.kind {
        SpanKind::Ottava(shift) => looks.with("type", "stop").with("size", ottava_size(*shift)),
        SpanKind::Bracket => looks.with("type", "stop").with("line-end", hook(span, span.ends.end)),
        SpanKind::Pedal(_) if span.ends.end == LineEnd::None => looks.with("type", "discontinue"),
        SpanKind::Diminuendo => looks.with("type", "stop").flag("niente", span.niente),
        _ => looks.with("type", "stop"),
    };
    xml.empty(element(&span.kind), &looks.attributes());
}

/// How a bracket ends: towards the staff, where nothing else is said.
fn hook(span: &Span, end: LineEnd) -> &'static str {
    if end == LineEnd::Auto { bracket_hook(span.placement).name() } else { end.name() }
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
