//! What is attached to notes. MusicXML 4.0, `notations`.

use super::measure::PartLane;
use super::numbers::{element, is_on_notes};
use super::xml::{Attribute, Xml};
use super::{Writing, barline, directions};
use crate::import::musicxml::names::{Named, PLAIN_TECHNICAL};
use crate::model::*;

/// One end of a span on the note.
struct SpanEnd<'s> {
    span: &'s Span,
    number: u8,
    is_end: bool,
}

/// Writes the notations of a note. What is on the whole chord goes on its first note.
pub(super) fn write(
    writing: &mut Writing<'_>,
    _lane: &PartLane<'_>,
    (id, event): (EventId, &Event),
    note: Option<(NoteId, &Note)>,
    first: bool,
) {
    let score = writing.score;
    let mut marks: Vec<&Mark> = if first { score.marks_of(id).map(|(_, mark)| mark).collect() } else { Vec::new() };
    marks.extend(note.into_iter().flat_map(|(note, _)| score.marks_of_note(note)).map(|(_, mark)| mark));
    let ends = span_ends(writing, id, note.map(|(note, _)| note), first);
    writing.xml.within("notations", &[], |xml| {
        if let Some((_, note)) = note {
            for (kind, tied) in [("stop", note.tie_previous), ("start", note.tie_next)] {
                if tied {
                    xml.empty("tied", &[("type", kind)]);
                }
            }
        }
        for end in ends.iter().filter(|end| !is_ornament(&end.span.kind)) {
            write_end(xml, end, event);
        }
        xml.within("ornaments", &[], |xml| ornaments(xml, &marks, &ends));
        xml.within("technical", &[], |xml| marks.iter().for_each(|mark| technical(xml, mark)));
        xml.within("articulations", &[], |xml| {
            for mark in &marks {
                if let MarkKind::Articulation(articulation) = mark.kind {
                    xml.empty(articulation.name(), &side(mark.placement));
                }
            }
        });
        marks.iter().for_each(|mark| other(xml, mark));
    });
}

/// Ends before starts; of tuplets the outer starts first, so that each inner one is read as inside of it.
fn span_ends<'s>(writing: &mut Writing<'s>, event: EventId, note: Option<NoteId>, first: bool) -> Vec<SpanEnd<'s>> {
    let score = writing.score;
    let on_event = score.spans_of(event).filter(|_| first);
    let on_note = note.into_iter().flat_map(|note| score.spans_of_note(note));
    let here = |anchor: Anchor| match anchor {
        Anchor::Event(other) => first && other == event,
        Anchor::Note(other) => note == Some(other),
        Anchor::Staff(..) | Anchor::System(_) | Anchor::Page(_) => false,
    };
    let mut seen: Vec<SpanId> = Vec::new();
    let mut ends = Vec::new();
    for (id, span) in on_event.chain(on_note).filter(|(_, span)| is_on_notes(&span.kind)) {
        let Some(number) = writing.spans.get(id).filter(|_| !seen.contains(&id)) else { continue };
        seen.push(id);
        for (anchor, is_end) in [(span.start, false), (span.end, true)] {
            if here(anchor) {
                ends.push((id, SpanEnd { span, number, is_end }));
            }
        }
    }
    let reach = |span: &Span| {
        let moment = score.anchor_moment(span.end);
        moment.map(|moment| (writing.positions.get(&moment.measure).copied(), moment.beat))
    };
    ends.sort_by_key(|(id, end)| {
        let single = end.span.start == end.span.end;
        (end.is_end == single, std::cmp::Reverse(reach(end.span)), end.number, *id)
    });
    ends.into_iter().map(|(_, end)| end).collect()
}

const fn is_ornament(kind: &SpanKind) -> bool {
    matches!(kind, SpanKind::TrillLine | SpanKind::Tremolo(_))
}

fn side(placement: Placement) -> Vec<Attribute<'static>> {
    if placement == Placement::Auto { Vec::new() } else { vec![("placement", placement.name())] }
}

fn write_end(xml: &mut Xml, end: &SpanEnd<'_>, event: &Event) {
    let number = end.number.to_string();
    let mut attributes: Vec<Attribute<'_>> = vec![("type", if end.is_end { "stop" } else { "start" }), ("number", &number)];
    let name = element(&end.span.kind);
    match &end.span.kind {
        SpanKind::Tuplet(display) if !end.is_end => write_tuplet(xml, *display, attributes, end.span.placement, event),
        SpanKind::Tuplet(_) => xml.empty(name, &attributes),
        SpanKind::Glissando(text) | SpanKind::Slide(text) => {
            xml.text(name, &attributes, if end.is_end { "" } else { text });
        }
        _ => {
            if !end.is_end {
                attributes.extend(side(end.span.placement));
            }
            xml.empty(name, &attributes);
        }
    }
}

fn write_tuplet(xml: &mut Xml, display: TupletDisplay, mut attributes: Vec<Attribute<'_>>, placement: Placement, event: &Event) {
    if let Some(bracket) = display.bracket {
        attributes.push(("bracket", if bracket { "yes" } else { "no" }));
    }
    match display.numbers {
        0 => attributes.push(("show-number", "none")),
        2 => attributes.push(("show-number", "both")),
        _ => {}
    }
    attributes.extend(side(placement));
    if (display.actual, display.normal) == event.time.ratio {
        return xml.empty("tuplet", &attributes);
    }
    // A nested tuplet, or one that shows other numbers than those its notes are played by.
    xml.open("tuplet", &attributes);
    for (portion, number) in [("tuplet-actual", display.actual), ("tuplet-normal", display.normal)] {
        xml.open(portion, &[]);
        xml.number("tuplet-number", number);
        xml.close();
    }
    xml.close();
}

fn ornaments(xml: &mut Xml, marks: &[&Mark], ends: &[SpanEnd<'_>]) {
    for mark in marks {
        match mark.kind {
            MarkKind::Ornament(ornament) => xml.empty(ornament.name(), &side(mark.placement)),
            MarkKind::Tremolo(0) => xml.text("tremolo", &[("type", "unmeasured")], "0"),
            MarkKind::Tremolo(strokes) => xml.text("tremolo", &[("type", "single")], &strokes.min(8).to_string()),
            _ => {}
        }
    }
    for end in ends {
        let kind = if end.is_end { "stop" } else { "start" };
        match &end.span.kind {
            SpanKind::TrillLine => {
                let number = end.number.to_string();
                let mut attributes: Vec<Attribute<'_>> = vec![("type", kind), ("number", &number)];
                if !end.is_end {
                    attributes.extend(side(end.span.placement));
                }
                xml.empty("wavy-line", &attributes);
            }
            SpanKind::Tremolo(beams) => xml.text("tremolo", &[("type", kind)], &(*beams).min(8).to_string()),
            _ => {}
        }
    }
}

fn technical(xml: &mut Xml, mark: &Mark) {
    let MarkKind::Technical(technical) = &mark.kind else { return };
    let side = side(mark.placement);
    match technical {
        Technical::Fingering(text) => xml.text("fingering", &side, text),
        Technical::Pluck(text) => xml.text("pluck", &side, text),
        Technical::Fret(fret) => xml.text("fret", &[], &fret.to_string()),
        Technical::String(string) => xml.text("string", &side, &(*string).max(1).to_string()),
        plain => {
            if let Some((_, name)) = PLAIN_TECHNICAL.iter().find(|(known, _)| known == plain) {
                xml.empty(name, &side);
            }
        }
    }
}

fn other(xml: &mut Xml, mark: &Mark) {
    match &mark.kind {
        MarkKind::Dynamic(letters) => directions::dynamics(xml, letters, mark.placement),
        MarkKind::Fermata(shape) => barline::fermata(xml, *shape, mark.placement),
        MarkKind::Arpeggio(Arpeggio::Bracket) => xml.empty("non-arpeggiate", &[("type", "bottom")]),
        MarkKind::Arpeggio(arpeggio) => {
            let direction: &[Attribute<'_>] = match arpeggio {
                Arpeggio::Up => &[("direction", "up")],
                Arpeggio::Down => &[("direction", "down")],
                Arpeggio::Plain | Arpeggio::Bracket => &[],
            };
            xml.empty("arpeggiate", direction);
        }
        _ => {}
    }
}
