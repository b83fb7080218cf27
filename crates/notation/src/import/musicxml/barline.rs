//! Barlines, repeats and voltas. MusicXML 4.0, `barline`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::Named;
use crate::model::*;

/// Reads a barline. All parts share it: the first part that says something is heard.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let location = element.attribute("location").unwrap_or("right".into());
    let left = location == "left";
    let style = element.text_of("bar-style").and_then(BarStyle::named);
    if location == "middle" {
        for child in element.children().filter(|child| !matches!(child.name(), "bar-style" | "footnote" | "level")) {
            reading.unsupported(&["barline@location=middle", child.name()], child);
        }
        let kind = MarkKind::Barline(style.unwrap_or(BarStyle::Regular));
        return reading.system_mark(reading.cursor, kind, Placement::Auto);
    }
    for child in element.children() {
        match child.name() {
            "bar-style" | "footnote" | "level" => {}
            "repeat" => repeat(reading, child),
            "ending" => ending(reading, child),
            "fermata" => {
                let shape = FermataShape::named(child.text()).unwrap_or_default();
                let placement = super::notations::fermata_side(child);
                let anchor = reading.on_staff(1, if left { Beat::ZERO } else { reading.cursor });
                reading.mark(anchor, MarkKind::Fermata(shape), placement);
            }
            "segno" => jump_sign(reading, left, MarkKind::Segno, Jump::Segno),
            "coda" => jump_sign(reading, left, MarkKind::Coda, Jump::Coda),
            other => reading.unsupported(&["barline", other], child),
        }
    }
    if let (Some(style), Some(column)) = (style, reading.column()) {
        let slot = if left { &mut column.record.left_bar } else { &mut column.record.right_bar };
        if *slot == BarStyle::Auto {
            *slot = style;
        }
    }
}

fn jump_sign(reading: &mut MeasureReading<'_, '_>, left: bool, kind: MarkKind, jump: Jump) {
    let beat = if left { Beat::ZERO } else { reading.cursor };
    reading.system_mark(beat, kind, Placement::Auto);
    if left && let Some(column) = reading.column() {
        column.jump(jump);
    }
}

fn repeat(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let times = element.number::<u8>("times").filter(|times| *times >= 1);
    let backward = element.is("direction", "backward");
    let Some(column) = reading.column() else { return };
    if backward {
        column.record.repeat_end.get_or_insert(times.unwrap_or(2));
    } else {
        column.record.repeat_start = true;
    }
}

fn ending(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let number = element.attribute("number").unwrap_or_default();
    let passes: Option<Vec<u8>> = number.split(',').map(|pass| pass.trim().parse().ok()).collect();
    let text = element.text();
    let printed = if text == default_text(passes.as_deref()) { "" } else { text };
    let kind = element.attribute("type").unwrap_or_default();
    let Some(column) = reading.column() else { return };
    match kind.as_ref() {
        "start" => {
            let passes = passes.unwrap_or_default();
            column.record.ending_start.get_or_insert(Ending { passes, text: printed.to_owned() });
        }
        "stop" => drop(column.record.ending_stop.get_or_insert(EndingStop::Closed)),
        "discontinue" => drop(column.record.ending_stop.get_or_insert(EndingStop::Open)),
        _ => reading.import.report.invalid(&["barline", "ending"], element.byte()),
    }
}

/// What is printed where the file says nothing else: the numbers.
pub(crate) fn default_text(passes: Option<&[u8]>) -> String {
    let numbers: Vec<String> = passes.unwrap_or_default().iter().map(|pass| format!("{pass}.")).collect();
    numbers.join(" ")
}
