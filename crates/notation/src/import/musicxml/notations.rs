//! What is attached to notes. MusicXML 4.0, `notations`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::{Named, PLAIN_TECHNICAL};
use super::ornaments;
use super::spanners::{End, Family, SpanName};
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
    hidden: bool,
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
        "technical" => element.children().for_each(|child| technical(reading, child, on)),
        "articulations" => element.children().for_each(|child| match Articulation::named(child.name()) {
            Some(articulation) => mark(reading, child, on, MarkKind::Articulation(articulation)),
            None => reading.unsupported(&["articulations", child.name()], child),
        }),
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
        "footnote" | "level" => {}
        other => reading.unsupported(&["notations", other], element),
    }
}

/// Ties are read from `tie`, which says what sounds; a `tied` that no `tie` goes with only draws a curve.
fn tied(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, note: Element<'_, '_>) {
    let kind = element.attribute("type").unwrap_or_default();
    let sounds = note.named("tie").any(|tie| tie.is("type", &kind));
    if !sounds && kind != "continue" {
        reading.unsupported(&["notations", &format!("tied@type={kind}")], element);
    }
}

/// The side that `placement` or `orientation` asks for.
pub(super) fn placement(element: Element<'_, '_>) -> Placement {
    if let Some(placement) = element.attribute("placement") {
        return Placement::named(&placement).unwrap_or_default();
    }
    match element.attribute("orientation").as_deref() {
        Some("over") => Placement::Above,
        Some("under") => Placement::Below,
        _ => Placement::Auto,
    }
}

/// A mark on the event, once for a chord.
pub(super) fn mark(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote, kind: MarkKind) {
    mark_at(reading, Anchor::Event(on.event), placement(element), on, kind);
}

fn mark_at(reading: &mut MeasureReading<'_, '_>, anchor: Anchor, placement: Placement, on: OnNote, kind: MarkKind) {
    if on.hidden {
        return;
    }
    if matches!(anchor, Anchor::Event(_)) {
        if on.chord && reading.marked.contains(&kind) {
            return;
        }
        if reading.marked.len() < MAX_COMPARED {
            reading.marked.push(kind.clone());
        }
    }
    reading.mark(anchor, kind, placement);
}

fn fermata(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let shape = FermataShape::named(element.text()).unwrap_or_default();
    let placement = if element.is("type", "inverted") { Placement::Below } else { Placement::Auto };
    mark_at(reading, Anchor::Event(on.event), placement, on, MarkKind::Fermata(shape));
}

fn technical(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let text = element.text();
    let number = |text: &str| text.parse::<u8>().ok();
    let of_note = match element.name() {
        "fingering" => Some(Technical::Fingering(text.to_owned())),
        "pluck" => Some(Technical::Pluck(text.to_owned())),
        "fret" => number(text).map(Technical::Fret),
        "string" => number(text).map(Technical::String),
        _ => None,
    };
    if let Some(technical) = of_note {
        return mark_at(reading, on.exactly(), placement(element), on, MarkKind::Technical(technical));
    }
    let Some((technical, _)) = PLAIN_TECHNICAL.iter().find(|(_, name)| *name == element.name()) else {
        return reading.unsupported(&["technical", element.name()], element);
    };
    for detail in element.children() {
        reading.unsupported(&["technical", element.name(), detail.name()], detail);
    }
    mark(reading, element, on, MarkKind::Technical(technical.clone()));
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
    let end = End { anchor, at: (reading.index, on.onset), byte: element.byte() };
    let span = match element.attribute("type").as_deref() {
        Some("start") => reading.part.spans.start(name, end, kind, placement(element)),
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
    // Inside another tuplet the notes' ratio is that of all levels together.
    let outer = reading
        .part
        .spans
        .tuplets(on.voice)
        .fold((1_u16, 1_u16), |(actual, normal), outer| (actual.saturating_mul(outer.actual), normal.saturating_mul(outer.normal)));
    let own = (on.ratio.0 / outer.0.max(1), on.ratio.1 / outer.1.max(1));
    let exact = own.0.saturating_mul(outer.0) == on.ratio.0 && own.1.saturating_mul(outer.1) == on.ratio.1;
    let (actual, normal) = if exact { own } else { on.ratio };
    let numbers = match element.attribute("show-number").as_deref() {
        Some("none") => 0,
        Some("both") => 2,
        _ => 1,
    };
    let bracket = element.attribute("bracket").map(|bracket| bracket == "yes");
    let shown = TupletDisplay {
        actual: number("tuplet-actual").unwrap_or(actual),
        normal: number("tuplet-normal").unwrap_or(normal),
        bracket: if on.hidden { Some(false) } else { bracket },
        numbers: if on.hidden { 0 } else { numbers },
        types: 0,
        actual_value: None,
        normal_value: None,
        curved: false,
    };
    if element.attribute("show-type").is_some_and(|show| show != "none") {
        reading.unsupported(&["notations", "tuplet@show-type"], element);
    }
    line(reading, element, Family::Tuplet, Anchor::Event(on.event), on, SpanKind::Tuplet(shown));
}
