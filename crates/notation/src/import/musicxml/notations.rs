//! What is attached to notes. MusicXML 4.0, `notations`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::{Named, PAUSES};
use super::spanners::{End, Family, SpanName};
use super::{looks, ornaments, technical};
use crate::model::*;

/// The note that notations are on.
#[derive(Clone, Copy)]
pub(super) struct OnNote {
    pub(super) event: EventId,
    /// Nothing for a rest.
    pub(super) note: Option<NoteId>,
    /// Whether it is not the first of its chord.
    pub(super) chord: bool,
    pub(super) voice: u8,
    pub(super) ratio: (u16, u16),
    pub(super) onset: Beat,
    pub(super) hidden: bool,
}

impl OnNote {
    /// The note where it matters which one of a chord it is.
    pub(super) fn exactly(self) -> Anchor {
        self.note.map_or(Anchor::Event(self.event), Anchor::Note)
    }

    /// The chord, or a note of it that is not the first.
    fn chord_or_note(self) -> Anchor {
        if self.chord { self.exactly() } else { Anchor::Event(self.event) }
    }
}

/// More marks than this on one event are not compared with one another.
const MAX_COMPARED: usize = 64;

/// Reads the notations of a note.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, at: usize, event: EventId, note: Option<NoteId>) {
    let Some((_, of)) = reading.events.get(at) else { return };
    let (voice, ratio, onset) = (of.voice, of.time.ratio, of.time.onset);
    let chord = reading.notes.len() >= 2 && reading.notes.iter().rev().nth(1).is_some_and(|before| before.event == at);
    for notations in element.named("notations") {
        let hidden = notations.is("print-object", "no");
        let on = OnNote { event, note, chord: chord && note.is_some(), voice, ratio, onset, hidden };
        // A slur that ends here gives its number free for one that starts here, in whichever order they are written.
        for slur in notations.named("slur").filter(|slur| slur.is("type", "stop")) {
            line(reading, slur, Family::Slur, on.chord_or_note(), on, SpanKind::Slur);
        }
        for child in notations.children() {
            one(reading, child, on, element);
        }
        // What says more of a slur stands beside its start.
        for child in notations.named("other-notation") {
            other(reading, child, on);
        }
    }
}

fn one(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote, note: Element<'_, '_>) {
    match element.name() {
        "tied" => tied(reading, element, note),
        "slur" if element.is("type", "stop") => {}
        "slur" => line(reading, element, Family::Slur, on.chord_or_note(), on, SpanKind::Slur),
        "tuplet" => tuplet(reading, element, on),
        "glissando" => {
            line(reading, element, Family::Glissando, on.exactly(), on, SpanKind::Glissando(element.text().to_owned()));
        }
        "slide" => line(reading, element, Family::Slide, on.exactly(), on, SpanKind::Slide(element.text().to_owned())),
        "ornaments" => ornaments::read(reading, element, on),
        "technical" => technical::read(reading, element, on),
        "articulations" => element.children().for_each(|child| articulation(reading, child, on)),
        "accidental-mark" => match AccidentalSign::named(element.text()) {
            Some(sign) => mark(reading, element, on, MarkKind::Accidental(sign)),
            None => reading.unsupported(&["notations", "accidental-mark", element.text()], element),
        },
        "dynamics" => {
            let letters = super::direction::dynamic_letters(element);
            mark(reading, element, on, MarkKind::Dynamic(letters));
        }
        "fermata" => fermata(reading, element, on),
        "arpeggiate" => {
            let arpeggio = match element.attribute("direction").as_deref() {
                Some("up") => Arpeggio::Up,
                Some("down") => Arpeggio::Down,
                _ => Arpeggio::Plain,
            };
            mark(reading, element, on, MarkKind::Arpeggio(arpeggio));
        }
        "non-arpeggiate" => mark(reading, element, on, MarkKind::Arpeggio(Arpeggio::Bracket)),
        "footnote" | "level" | "other-notation" => {}
        other => reading.unsupported(&["notations", other], element),
    }
}

fn articulation(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let pause = PAUSES.iter().find(|(_, name, kind)| *name == element.name() && *kind == element.text());
    let kind = match (pause, Articulation::named(element.name()), looks::glyph(element)) {
        (Some((pause, ..)), ..) => MarkKind::Articulation(*pause),
        (None, Some(articulation), _) => MarkKind::Articulation(articulation),
        (None, None, glyph) if !glyph.is_empty() => MarkKind::Symbol(glyph),
        _ => return reading.unsupported(&["articulations", element.name()], element),
    };
    mark(reading, element, on, kind);
}

/// A glyph, or that a slur is a phrase, which MusicXML cannot say.
fn other(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let glyph = looks::glyph(element);
    let phrase = element.text().strip_prefix(PHRASE).and_then(|number| number.trim().parse().ok());
    match phrase {
        Some(number) if reading.part.spans.mark_phrase(number) => {}
        _ if !glyph.is_empty() && element.is("type", "single") => mark(reading, element, on, MarkKind::Symbol(glyph)),
        _ => reading.unsupported(&["notations", "other-notation"], element),
    }
}

/// What an unprinted `other-notation` says of the slur whose number follows.
pub(crate) const PHRASE: &str = "bandpro:phrase";

/// Ties are read from `tie`, which says what sounds; a `tied` that no `tie` goes with only draws a curve.
fn tied(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, note: Element<'_, '_>) {
    let kind = element.attribute("type").unwrap_or_default();
    if let Some(pending) = reading.notes.last_mut() {
        match kind.as_ref() {
            "start" => {
                pending.note.tie_placement = looks::placement(element);
                pending.drawn_ties.1 = true;
            }
            "stop" => pending.drawn_ties.0 = true,
            "let-ring" => {
                pending.note.let_ring = true;
                return;
            }
            _ => {}
        }
    }
    if looks::line(element) != LineStyle::Auto && looks::line(element) != LineStyle::Solid {
        reading.unsupported(&["notations", "tied@line-type"], element);
    }
    // A cue has no `tie` of its own.
    let sounds = note.has("cue") || note.named("tie").any(|tie| tie.is("type", &kind));
    if !sounds && kind != "continue" {
        reading.unsupported(&["notations", &format!("tied@type={kind}")], element);
    }
}

/// A mark on the event, once for a chord.
pub(super) fn mark(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote, kind: MarkKind) {
    put(reading, on, look(element, Anchor::Event(on.event), on, kind));
}

/// A mark on one note.
pub(super) fn mark_note(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote, kind: MarkKind) {
    put(reading, on, look(element, on.exactly(), on, kind));
}

fn look(element: Element<'_, '_>, anchor: Anchor, on: OnNote, kind: MarkKind) -> Mark {
    let (placement, style, colour) = (looks::placement(element), looks::style(element), looks::colour(element));
    Mark { anchor, kind, placement, style, colour, visible: !on.hidden, ..Mark::default() }
}

/// Puts a mark, once for a chord.
pub(super) fn put(reading: &mut MeasureReading<'_, '_>, on: OnNote, mark: Mark) {
    if matches!(mark.anchor, Anchor::Event(_)) {
        if on.chord && reading.marked.contains(&mark.kind) {
            return;
        }
        if reading.marked.len() < MAX_COMPARED {
            reading.marked.push(mark.kind.clone());
        }
    }
    reading.put_mark(mark);
}

/// Which side a fermata says it is for; nothing where it does not.
pub(super) fn fermata_side(element: Element<'_, '_>) -> Placement {
    match element.attribute("type").as_deref() {
        Some("upright") => Placement::Above,
        Some("inverted") => Placement::Below,
        _ => Placement::Auto,
    }
}

fn fermata(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let shape = FermataShape::named(element.text()).unwrap_or_default();
    let mark = look(element, Anchor::Event(on.event), on, MarkKind::Fermata(shape));
    put(reading, on, Mark { placement: fermata_side(element), ..mark });
}

/// A start, a stop, or a passage that goes on, of something with a number.
pub(super) fn line(
    reading: &mut MeasureReading<'_, '_>,
    element: Element<'_, '_>,
    family: Family,
    anchor: Anchor,
    on: OnNote,
    kind: SpanKind,
) {
    let voice = if matches!(family, Family::Tuplet | Family::Tremolo) { on.voice } else { 0 };
    let name = SpanName { family, number: element.number("number").unwrap_or(1), voice };
    let end = End { anchor, at: (reading.index, on.onset), byte: element.byte(), line_end: LineEnd::Auto, niente: false };
    let span = match element.attribute("type").as_deref() {
        Some("start") => {
            let (placement, line, colour) = (looks::placement(element), looks::line(element), looks::colour(element));
            let span = Span { kind, placement, line, colour, visible: !on.hidden, ..Span::default() };
            reading.part.spans.start(name, end, span)
        }
        Some("stop") => reading.part.spans.stop(name, end),
        Some("continue") => None,
        _ => {
            reading.import.report.invalid(&["notations", element.name()], element.byte());
            None
        }
    };
    reading.span(span);
}

fn tuplet(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let number = |portion: &str| element.child(portion)?.number_of::<u16>("tuplet-number").filter(|n| *n > 0);
    let value = |portion: &str| {
        let portion = element.child(portion)?;
        let dots = portion.named("tuplet-dot").count().min(8) as u8;
        Some(NoteValue::new(NoteBase::named(portion.text_of("tuplet-type")?)?, dots))
    };
    // Inside another tuplet the notes' ratio is that of all levels together.
    let outer = reading
        .part
        .spans
        .tuplets(on.voice)
        .fold((1_u16, 1_u16), |(actual, normal), outer| (actual.saturating_mul(outer.actual), normal.saturating_mul(outer.normal)));
    let own = (on.ratio.0 / outer.0.max(1), on.ratio.1 / outer.1.max(1));
    let exact = own.0.saturating_mul(outer.0) == on.ratio.0 && own.1.saturating_mul(outer.1) == on.ratio.1;
    let (actual, normal) = if exact { own } else { on.ratio };
    let shown = |name: &str, unsaid: u8| match element.attribute(name).as_deref() {
        Some("none") => 0,
        Some("both") => 2,
        Some("actual") => 1,
        _ => unsaid,
    };
    let display = TupletDisplay {
        actual: number("tuplet-actual").unwrap_or(actual),
        normal: number("tuplet-normal").unwrap_or(normal),
        bracket: element.attribute("bracket").map(|bracket| bracket == "yes"),
        numbers: shown("show-number", 1),
        types: shown("show-type", 0),
        actual_value: value("tuplet-actual"),
        normal_value: value("tuplet-normal"),
        curved: element.is("line-shape", "curved"),
    };
    line(reading, element, Family::Tuplet, Anchor::Event(on.event), on, SpanKind::Tuplet(display));
}
