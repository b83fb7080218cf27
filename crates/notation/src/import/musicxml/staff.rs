//! How a staff is, and how its measures are shown. MusicXML 4.0, `staff-details`, `measure-style`, `part-symbol`.

use super::super::xml::Element;
use super::attributes::{sign, staff_number};
use super::diagrams;
use super::measure::MeasureReading;
use super::names::Named;
use crate::model::*;

/// Reads what a staff is like from here on.
pub(super) fn details(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = staff_number(reading, element);
    let beat = reading.cursor;
    let put = |reading: &mut MeasureReading<'_, '_>, kind: SignKind| sign(reading, beat, staff, kind, None);
    if let Some(visible) = element.attribute("print-object") {
        put(reading, SignKind::StaffVisible(visible != "no"));
    }
    let mut strings: Vec<(u8, Pitch)> = Vec::new();
    for child in element.children() {
        match child.name() {
            "staff-type" => match StaffRole::named(child.text()) {
                Some(role) => put(reading, SignKind::StaffRole(role)),
                None => reading.import.report.invalid(&["staff-details", "staff-type"], child.byte()),
            },
            "staff-lines" => {
                if let Some(lines) = child.text().parse::<u8>().ok().filter(|lines| *lines <= 20) {
                    reading.part.plain_lines |= lines != 5;
                    put(reading, SignKind::StaffLines(lines));
                }
            }
            "staff-tuning" => match (child.number("line"), diagrams::tuning(child)) {
                (Some(line), Some(pitch)) if strings.len() < 64 => strings.push((line, pitch)),
                _ => reading.import.report.invalid(&["staff-details", "staff-tuning"], child.byte()),
            },
            "capo" => put(reading, SignKind::Capo(child.text().parse().unwrap_or(0))),
            "staff-size" => {
                let percent = child.text().parse::<f64>().ok().filter(|percent| (1.0..=1000.0).contains(percent));
                match percent {
                    Some(percent) => put(reading, SignKind::StaffSize(percent.round() as u16)),
                    None => reading.import.report.invalid(&["staff-details", "staff-size"], child.byte()),
                }
            }
            other => reading.unsupported(&["staff-details", other], child),
        }
    }
    if !strings.is_empty() {
        strings.sort_by_key(|(line, _)| *line);
        put(reading, SignKind::Tuning(strings.into_iter().map(|(_, pitch)| pitch).collect()));
    }
}

/// Reads how measures are shown from here on.
pub(super) fn measure_style(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = element.number::<u8>("number").filter(|staff| *staff > 0);
    for child in element.children() {
        let begins = child.is("type", "start");
        let slashes = child.number::<u8>("slashes").unwrap_or(1).min(8);
        let kind = match child.name() {
            "multiple-rest" => child.text().parse().ok().filter(|count| *count > 0).map(SignKind::MultiRest),
            "measure-repeat" => {
                let measures = child.text().parse().unwrap_or(1);
                Some(SignKind::MeasureRepeat(begins.then_some(MeasureRepeat { measures, slashes })))
            }
            "beat-repeat" => Some(SignKind::BeatRepeat(begins.then_some(slashes))),
            "slash" => Some(SignKind::Slash(begins.then(|| slash(reading, child)))),
            _ => None,
        };
        match kind {
            Some(kind) => sign(reading, reading.cursor, staff, kind, Some(element)),
            None => reading.import.report.invalid(&["measure-style", child.name()], child.byte()),
        }
    }
}

fn slash(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> SlashStyle {
    if let Some(voice) = element.child("except-voice") {
        reading.unsupported(&["slash", "except-voice"], voice);
    }
    let base = element.text_of("slash-type").and_then(NoteBase::named);
    let dots = element.named("slash-dot").count().min(8) as u8;
    SlashStyle {
        rhythmic: element.is("use-stems", "yes"),
        dots: element.is("use-dots", "yes"),
        value: base.map(|base| NoteValue::new(base, dots)),
    }
}

/// Reads the sign that holds the staves of the part together.
pub(super) fn part_symbol(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    for end in ["top-staff", "bottom-staff"] {
        if element.attribute(end).is_some() {
            reading.unsupported(&["part-symbol", end], element);
        }
    }
    reading.part.record.symbol = GroupSymbol::named(element.text());
}
