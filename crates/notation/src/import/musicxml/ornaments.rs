//! Trills, turns, tremolos. MusicXML 4.0, `ornaments`.

use super::super::xml::Element;
use super::looks;
use super::measure::MeasureReading;
use super::names::Named;
use super::notations::{OnNote, line, mark, put};
use super::spanners::Family;
use crate::model::*;

/// Reads ornaments. An accidental belongs to the ornament before it.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let mut children = element.children().peekable();
    while let Some(child) = children.next() {
        match child.name() {
            "wavy-line" => line(reading, child, Family::TrillLine, Anchor::Event(on.event), on, SpanKind::TrillLine),
            "tremolo" => tremolo(reading, child, on),
            "accidental-mark" => accidental(reading, child, on),
            name => {
                let kind = match (Ornament::named(name), looks::glyph(child)) {
                    (Some(ornament), _) => MarkKind::Ornament(ornament),
                    (None, glyph) if !glyph.is_empty() => MarkKind::Symbol(glyph),
                    _ => {
                        reading.unsupported(&["ornaments", name], child);
                        continue;
                    }
                };
                let (anchor, colour) = (Anchor::Event(on.event), looks::colour(child));
                let placement = looks::placement(child);
                let mut mark = Mark { anchor, kind, placement, colour, visible: !on.hidden, ..Mark::default() };
                while let Some(sign) = children.next_if(|next| next.name() == "accidental-mark") {
                    let slot = match looks::placement(sign) {
                        Placement::Below => &mut mark.accidental_below,
                        Placement::Above | Placement::Auto => &mut mark.accidental_above,
                    };
                    match AccidentalSign::named(sign.text()).filter(|_| slot.is_none()) {
                        Some(sign) => *slot = Some(sign),
                        None => reading.unsupported(&["ornaments", "accidental-mark"], sign),
                    }
                }
                put(reading, on, mark);
            }
        }
    }
}

/// An accidental that no ornament is before: over a trill's line, or over the note.
fn accidental(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    match AccidentalSign::named(element.text()) {
        Some(sign) => mark(reading, element, on, MarkKind::Accidental(sign)),
        None => reading.unsupported(&["ornaments", "accidental-mark", element.text()], element),
    }
}

/// On one note (`single`, or `unmeasured` with no strokes) or between two.
fn tremolo(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let strokes = element.text().parse::<u8>().unwrap_or(3).min(8);
    match element.attribute("type").as_deref() {
        Some("start" | "stop") => {
            line(reading, element, Family::Tremolo, Anchor::Event(on.event), on, SpanKind::Tremolo(strokes));
        }
        Some("unmeasured") => mark(reading, element, on, MarkKind::Tremolo(0)),
        _ => mark(reading, element, on, MarkKind::Tremolo(strokes)),
    }
}
