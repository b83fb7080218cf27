//! Parts, their instruments, and groups. MusicXML 4.0, `part-list`.

use super::super::xml::Element;
use super::super::{ImportError, TextPlace};
use super::names::Named;
use super::state::Import;
use crate::model::{Group, GroupSymbol, Instrument, Part};

struct OpenGroup {
    number: String,
    first: usize,
    record: Group,
}

/// The list of parts.
pub(super) fn read(import: &mut Import<'_>, list: Element<'_, '_>, place: impl Fn(usize) -> TextPlace) -> Result<(), ImportError> {
    let mut open: Vec<OpenGroup> = Vec::new();
    for entry in list.children() {
        match entry.name() {
            "score-part" => {
                let record = part(import, entry);
                import.add_part(entry.attribute("id").as_deref(), record, place(entry.byte()))?;
            }
            "part-group" => group(import, entry, &mut open),
            other => import.report.invalid(&["part-list", other], entry.byte()),
        }
    }
    // A group that is never closed reaches to the last part.
    while let Some(group) = open.pop() {
        close(import, group);
    }
    Ok(())
}

fn part(import: &mut Import<'_>, entry: Element<'_, '_>) -> Part {
    let mut record =
        Part { name: printed_name(entry, "part-name"), abbreviation: printed_name(entry, "part-abbreviation"), ..Part::default() };
    for child in entry.children() {
        match child.name() {
            "score-instrument" => {
                let key = child.attribute("id").unwrap_or_default().into_owned();
                let name = child.text_of("instrument-name").unwrap_or_default().to_owned();
                let sound = child.text_of("instrument-sound").unwrap_or_default().to_owned();
                record.instruments.push(Instrument { key, name, program: None, channel: None, unpitched: None, sound });
            }
            "midi-instrument" => midi(import, child, &mut record),
            "part-name" | "part-abbreviation" | "part-name-display" | "part-abbreviation-display" | "midi-device" => {}
            other => import.report.unsupported(&["score-part", other], child.byte()),
        }
    }
    record
}

/// The name as it is printed: the display form where there is one, nothing where it is hidden.
fn printed_name(entry: Element<'_, '_>, name: &str) -> String {
    if let Some(display) = entry.child(&format!("{name}-display")) {
        if display.is("print-object", "no") {
            return String::new();
        }
        return displayed(display);
    }
    let shown = entry.child(name).filter(|name| !name.is("print-object", "no"));
    shown.map(|name| name.text().to_owned()).unwrap_or_default()
}

/// A name with accidentals in it.
pub(super) fn displayed(display: Element<'_, '_>) -> String {
    let piece = |child: Element<'_, '_>| match child.name() {
        "display-text" => child.raw_text().to_owned(),
        "accidental-text" => match child.text() {
            "flat" => "♭".to_owned(),
            "sharp" => "♯".to_owned(),
            "natural" => "♮".to_owned(),
            other => other.to_owned(),
        },
        _ => String::new(),
    };
    display.children().map(piece).collect::<String>().trim().to_owned()
}

fn midi(import: &mut Import<'_>, entry: Element<'_, '_>, part: &mut Part) {
    let id = entry.attribute("id").unwrap_or_default();
    let Some(instrument) = part.instruments.iter_mut().find(|instrument| instrument.key == id) else {
        import.report.invalid(&["score-part", "midi-instrument@id"], entry.byte());
        return;
    };
    // MusicXML counts channels, programs and keys from 1.
    let from_one = |name: &str, most: u8| entry.number_of::<u8>(name).filter(|n| (1..=most).contains(n)).map(|n| n - 1);
    instrument.channel = from_one("midi-channel", 16);
    instrument.program = from_one("midi-program", 128);
    instrument.unpitched = from_one("midi-unpitched", 128);
}

fn group(import: &mut Import<'_>, entry: Element<'_, '_>, open: &mut Vec<OpenGroup>) {
    let number = entry.attribute("number").unwrap_or("1".into()).into_owned();
    if entry.is("type", "stop") {
        match open.iter().rposition(|group| group.number == number) {
            Some(at) => close(import, open.remove(at)),
            None => import.report.invalid(&["part-group@type=stop"], entry.byte()),
        }
        return;
    }
    if open.len() >= import.limits.parts {
        return;
    }
    let symbol = entry.text_of("group-symbol").and_then(GroupSymbol::named).unwrap_or_default();
    let name = printed_name(entry, "group-name");
    let abbreviation = printed_name(entry, "group-abbreviation");
    let barline = entry.text_of("group-barline");
    let (barlines, mensurstrich) = (matches!(barline, Some("yes" | "Mensurstrich")), barline == Some("Mensurstrich"));
    let record = Group { symbol, name, abbreviation, barlines, mensurstrich, ..Group::default() };
    open.push(OpenGroup { number, first: import.parts.len(), record });
}

fn close(import: &mut Import<'_>, group: OpenGroup) {
    let (first, last) = (import.parts.get(group.first), import.parts.last());
    if let (Some(first), Some(last)) = (first, last) {
        let record = Group { first: first.id, last: last.id, ..group.record };
        let id = import.ids.next::<Group>();
        import.put(id, record);
    }
}
