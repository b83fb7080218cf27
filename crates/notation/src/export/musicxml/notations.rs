//! What is attached to notes. MusicXML 4.0, `notations`.

use super::attributes::decimal;
use super::looks::Looks;
use super::numbers::{element, is_on_notes};
use super::xml::Xml;
use super::{Writing, barline, directions};
use crate::import::musicxml::names::{Named, PAUSES, PLAIN_TECHNICAL};
use crate::import::musicxml::notations::PHRASE;
use crate::model::*;

/// One end of a span on the note.
struct SpanEnd<'s> {
    span: &'s Span,
    number: u8,
    is_end: bool,
}

/// Writes the notations of a note. What is on the whole chord goes on its first note; what is hidden is in a group of its own.
pub(super) fn write(writing: &mut Writing<'_>, (id, event): (EventId, &Event), note: Option<(NoteId, &Note)>, first: bool) {
    let score = writing.score;
    // A rolled chord is rolled in each of its notes.
    let whole = |mark: &Mark| first || matches!(mark.kind, MarkKind::Arpeggio(_));
    let mut marks: Vec<(MarkId, &Mark)> = score.marks_of(id).filter(|(_, mark)| whole(mark)).collect();
    marks.extend(note.into_iter().flat_map(|(note, _)| score.marks_of_note(note)));
    marks.sort_by_key(|(_, mark)| mark.order);
    let marks: Vec<&Mark> = marks.into_iter().map(|(_, mark)| mark).collect();
    let ends = span_ends(writing, id, note.map(|(note, _)| note), first);
    for shown in [true, false] {
        let marks: Vec<&Mark> = marks.iter().copied().filter(|mark| mark.visible == shown).collect();
        let ends: Vec<&SpanEnd<'_>> = ends.iter().filter(|end| end.span.visible == shown).collect();
        writing.xml.within("notations", &Looks::of(shown, None).attributes(), |xml| {
            if let Some((_, note)) = note.filter(|_| shown) {
                ties(xml, note);
            }
            for end in ends.iter().filter(|end| !is_ornament(&end.span.kind) && !is_technical(&end.span.kind)) {
                write_end(xml, end, event);
            }
            xml.within("ornaments", &[], |xml| ornaments(xml, &marks, &ends));
            xml.within("technical", &[], |xml| {
                marks.iter().for_each(|mark| technical(xml, mark));
                ends.iter().filter(|end| is_technical(&end.span.kind)).for_each(|end| write_end(xml, end, event));
            });
            xml.within("articulations", &[], |xml| marks.iter().for_each(|mark| articulation(xml, mark)));
            marks.iter().for_each(|mark| other(xml, mark, first));
            for end in ends.iter().filter(|end| end.span.kind == SpanKind::Phrase && !end.is_end) {
                let text = format!("{PHRASE} {}", end.number);
                xml.text("other-notation", &[("type", "single"), ("print-object", "no")], &text);
            }
        });
    }
}

fn ties(xml: &mut Xml, note: &Note) {
    if note.tie_previous {
        xml.empty("tied", &[("type", "stop")]);
    }
    if note.tie_next {
        let side = match note.tie_placement {
            Placement::Auto => "",
            Placement::Above => "over",
            Placement::Below => "under",
        };
        xml.empty("tied", &Looks::default().with("type", "start").named("orientation", side).attributes());
    }
    if note.let_ring {
        xml.empty("tied", &[("type", "let-ring")]);
    }
}

fn articulation(xml: &mut Xml, mark: &Mark) {
    let looks = ink(mark);
    match &mark.kind {
        MarkKind::Articulation(articulation) => match PAUSES.iter().find(|(pause, ..)| pause == articulation) {
            // The usual kind needs no name.
            Some((Articulation::BreathMark | Articulation::Caesura, element, _)) => xml.empty(element, &looks.attributes()),
            Some((_, element, kind)) => xml.text(element, &looks.attributes(), kind),
            None => xml.empty(articulation.name(), &looks.attributes()),
        },
        MarkKind::Symbol(glyph) => xml.empty("other-articulation", &looks.named("smufl", glyph).attributes()),
        _ => {}
    }
}

/// The side and the colour of a mark.
fn ink(mark: &Mark) -> Looks {
    Looks::default().side(mark.placement).colour(mark.colour)
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

const fn is_technical(kind: &SpanKind) -> bool {
    matches!(kind, SpanKind::HammerOn(_) | SpanKind::PullOff(_))
}

fn write_end(xml: &mut Xml, end: &SpanEnd<'_>, event: &Event) {
    let span = end.span;
    let looks = Looks::default().with("type", if end.is_end { "stop" } else { "start" }).with("number", end.number.to_string());
    let name = element(&span.kind);
    match &span.kind {
        SpanKind::Tuplet(display) if !end.is_end => write_tuplet(xml, *display, looks.side(span.placement), event),
        _ if end.is_end => xml.empty(name, &looks.attributes()),
        SpanKind::Glissando(text) | SpanKind::Slide(text) => {
            xml.text(name, &looks.line(span.line).colour(span.colour).attributes(), text);
        }
        SpanKind::HammerOn(text) | SpanKind::PullOff(text) => {
            xml.text(name, &looks.side(span.placement).colour(span.colour).attributes(), text);
        }
        _ => xml.empty(name, &looks.side(span.placement).line(span.line).colour(span.colour).attributes()),
    }
}

fn write_tuplet(xml: &mut Xml, display: TupletDisplay, looks: Looks, event: &Event) {
    let shown = |count: u8| match count {
        0 => "none",
        2 => "both",
        _ => "actual",
    };
    let bracket = display.bracket.map_or("", |bracket| if bracket { "yes" } else { "no" });
    let looks = looks.named("bracket", bracket).named("line-shape", if display.curved { "curved" } else { "" });
    let looks = if display.numbers == 1 { looks } else { looks.with("show-number", shown(display.numbers)) };
    let looks = if display.types == 0 { looks } else { looks.with("show-type", shown(display.types)) };
    let values = [("tuplet-actual", display.actual, display.actual_value), ("tuplet-normal", display.normal, display.normal_value)];
    let plain = (display.actual, display.normal) == event.time.ratio && values.iter().all(|(_, _, value)| value.is_none());
    if plain {
        return xml.empty("tuplet", &looks.attributes());
    }
    // A nested tuplet, or one that shows other numbers or values than those its notes are played by.
    xml.open("tuplet", &looks.attributes());
    for (portion, number, value) in values {
        xml.open(portion, &[]);
        xml.number("tuplet-number", number);
        if let Some(value) = value {
            xml.text("tuplet-type", &[], value.base.name());
            (0..value.dots).for_each(|_| xml.empty("tuplet-dot", &[]));
        }
        xml.close();
    }
    xml.close();
}

fn ornaments(xml: &mut Xml, marks: &[&Mark], ends: &[&SpanEnd<'_>]) {
    for mark in marks {
        let looks = ink(mark);
        match mark.kind {
            MarkKind::Ornament(ornament) => {
                xml.empty(ornament.name(), &looks.attributes());
                for (sign, side) in [(mark.accidental_above, "above"), (mark.accidental_below, "below")] {
                    if let Some(sign) = sign {
                        xml.text("accidental-mark", &[("placement", side)], sign.name());
                    }
                }
            }
            MarkKind::Tremolo(0) => xml.text("tremolo", &looks.with("type", "unmeasured").attributes(), "0"),
            MarkKind::Tremolo(strokes) => xml.text("tremolo", &looks.with("type", "single").attributes(), &strokes.min(8).to_string()),
            _ => {}
        }
    }
    for end in ends {
        let looks = Looks::default().with("type", if end.is_end { "stop" } else { "start" });
        match &end.span.kind {
            SpanKind::TrillLine => {
                let looks = looks.with("number", end.number.to_string());
                let looks = if end.is_end { looks } else { looks.side(end.span.placement).colour(end.span.colour) };
                xml.empty("wavy-line", &looks.attributes());
            }
            SpanKind::Tremolo(beams) => xml.text("tremolo", &looks.attributes(), &(*beams).min(8).to_string()),
            _ => {}
        }
    }
}

fn technical(xml: &mut Xml, mark: &Mark) {
    let MarkKind::Technical(technical) = &mark.kind else { return };
    let looks = ink(mark);
    let (ink, side) = (Looks::default().colour(mark.colour), looks.attributes());
    match technical {
        Technical::Fingering(text) => xml.text("fingering", &side, text),
        Technical::Pluck(text) => xml.text("pluck", &side, text),
        Technical::Fret(fret) => xml.text("fret", &ink.attributes(), &fret.to_string()),
        Technical::String(string) => xml.text("string", &side, &(*string).max(1).to_string()),
        Technical::Tap(text) => xml.text("tap", &side, text),
        Technical::Handbell(text) => xml.text("handbell", &side, text),
        Technical::HarmonMute(closure) => {
            xml.open("harmon-mute", &side);
            xml.text("harmon-closed", &[], closure.name());
            xml.close();
        }
        Technical::HarmonicOf(harmonic) => write_harmonic(xml, *harmonic, &looks),
        Technical::Bend(bends) => bends.iter().for_each(|bend| write_bend(xml, *bend, &ink)),
        plain => {
            if let Some((_, name)) = PLAIN_TECHNICAL.iter().find(|(known, _)| known == plain) {
                xml.empty(name, &side);
            }
        }
    }
}

fn write_harmonic(xml: &mut Xml, harmonic: Harmonic, looks: &Looks) {
    xml.open("harmonic", &looks.attributes());
    if let Some(artificial) = harmonic.artificial {
        xml.empty(if artificial { "artificial" } else { "natural" }, &[]);
    }
    match harmonic.pitch {
        Some(HarmonicPitch::Base) => xml.empty("base-pitch", &[]),
        Some(HarmonicPitch::Touching) => xml.empty("touching-pitch", &[]),
        Some(HarmonicPitch::Sounding) => xml.empty("sounding-pitch", &[]),
        None => {}
    }
    xml.close();
}

fn write_bend(xml: &mut Xml, bend: Bend, looks: &Looks) {
    xml.open("bend", &looks.attributes());
    xml.text("bend-alter", &[], &decimal(bend.alter));
    match bend.kind {
        BendKind::Bend => {}
        BendKind::PreBend => xml.empty("pre-bend", &[]),
        BendKind::Release => xml.empty("release", &[]),
    }
    if bend.bar {
        xml.text("with-bar", &[], "w/bar");
    }
    xml.close();
}

fn other(xml: &mut Xml, mark: &Mark, first: bool) {
    match &mark.kind {
        MarkKind::Dynamic(letters) => directions::dynamics(xml, letters, ink(mark).font(&mark.style)),
        MarkKind::Fermata(shape) => barline::fermata(xml, *shape, mark),
        MarkKind::Arpeggio(arpeggio) => {
            let (element, looks) = match arpeggio {
                Arpeggio::Bracket => ("non-arpeggiate", ink(mark).with("type", if first { "bottom" } else { "top" })),
                Arpeggio::Up => ("arpeggiate", ink(mark).with("direction", "up")),
                Arpeggio::Down => ("arpeggiate", ink(mark).with("direction", "down")),
                Arpeggio::Plain => ("arpeggiate", ink(mark)),
            };
            xml.empty(element, &looks.attributes());
        }
        MarkKind::Accidental(sign) => xml.text("accidental-mark", &ink(mark).attributes(), sign.name()),
        _ => {}
    }
}
