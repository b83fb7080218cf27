//! Trills, turns, tremolos. MusicXML 4.0, `ornaments`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::Named;
use super::notations::{OnNote, line, mark};
use super::spanners::Family;
use crate::model::*;

/// Reads ornaments.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    for child in element.children() {
        match child.name() {
            "wavy-line" => line(reading, child, Family::TrillLine, Anchor::Event(on.event), on, SpanKind::TrillLine),
            "tremolo" => tremolo(reading, child, on),
            name => match Ornament::named(name) {
                Some(ornament) => mark(reading, child, on, MarkKind::Ornament(ornament)),
                None => reading.unsupported(&["ornaments", name], child),
            },
        }
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
