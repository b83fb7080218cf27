//! Parts, their instruments, and groups. MusicXML 4.0, `part-list`.

use std::collections::{HashMap, HashSet};

use super::Writing;
use super::xml::Xml;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// The id of the part at this index.
pub(super) fn part_name(index: usize) -> String {
    format!("P{}", index + 1)
}

/// The ids of all instruments: their keys where these are unique names in the whole document.
pub(super) fn instrument_names(score: &Score) -> HashMap<(PartId, String), String> {
    let mut names = HashMap::new();
    let parts = score.parts();
    let mut taken: HashSet<String> = (0..parts.len()).map(part_name).collect();
    for (index, (id, part)) in parts.iter().enumerate() {
        for (number, instrument) in part.instruments.iter().enumerate() {
            let mut name = instrument.key.clone();
            let mut attempt = number + 1;
            while !is_name(&name) || taken.contains(&name) {
                name = format!("{}-I{attempt}", part_name(index));
                attempt += 1;
            }
            taken.insert(name.clone());
            names.entry((*id, instrument.key.clone())).or_insert(name);
        }
    }
    names
}

/// Namespaces in XML 1.0, `NCName`, as far as ASCII goes.
fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Writes the list.
pub(super) fn write(writing: &mut Writing<'_>) {
    let score = writing.score;
    let parts = score.parts();
    let place = |part: PartId| parts.iter().position(|(id, _)| *id == part);
    let mut groups: Vec<(usize, usize, &Group)> = Vec::new();
    for group in score.groups().values() {
        match (place(group.first), place(group.last)) {
            (Some(first), Some(last)) if first <= last => groups.push((first, last, group)),
            _ => writing.lose("group of parts that are gone"),
        }
    }
    // The outermost group starts first; the rest of the key makes the order the same each time.
    groups.sort_by(|a, b| (a.0, std::cmp::Reverse(a.1), &a.2.name).cmp(&(b.0, std::cmp::Reverse(b.1), &b.2.name)));

    writing.xml.open("part-list", &[]);
    for (index, (id, part)) in parts.iter().enumerate() {
        for (number, (_, _, group)) in groups.iter().enumerate().filter(|(_, (first, ..))| *first == index) {
            start_group(&mut writing.xml, number + 1, group);
        }
        write_part(writing, index, *id, part);
        for (number, _) in groups.iter().enumerate().rev().filter(|(_, (_, last, _))| *last == index) {
            writing.xml.empty("part-group", &[("number", &(number + 1).to_string()), ("type", "stop")]);
        }
    }
    if parts.is_empty() {
        write_part(writing, 0, Id::from_raw(0), &Part::default());
    }
    writing.xml.close();
}

fn start_group(xml: &mut Xml, number: usize, group: &Group) {
    xml.open("part-group", &[("number", &number.to_string()), ("type", "start")]);
    xml.optional("group-name", &[], &group.name);
    xml.optional("group-abbreviation", &[], &group.abbreviation);
    xml.text("group-symbol", &[], group.symbol.name());
    let barline = match (group.mensurstrich, group.barlines) {
        (true, _) => "Mensurstrich",
        (false, true) => "yes",
        (false, false) => "no",
    };
    xml.text("group-barline", &[], barline);
    xml.close();
}

fn write_part(writing: &mut Writing<'_>, index: usize, id: PartId, part: &Part) {
    if part.paper.is_some() || part.staff_height.is_some() {
        writing.lose("the page of a part's own layout");
    }
    let xml = &mut writing.xml;
    xml.open("score-part", &[("id", &part_name(index))]);
    xml.text("part-name", &[], &part.name);
    xml.optional("part-abbreviation", &[], &part.abbreviation);
    let names: Vec<(&Instrument, &String)> = part
        .instruments
        .iter()
        .filter_map(|instrument| Some((instrument, writing.instruments.get(&(id, instrument.key.clone()))?)))
        .collect();
    for (instrument, name) in &names {
        xml.open("score-instrument", &[("id", name)]);
        xml.text("instrument-name", &[], &instrument.name);
        xml.optional("instrument-sound", &[], &instrument.sound);
        xml.close();
    }
    for (instrument, name) in &names {
        xml.within("midi-instrument", &[("id", name)], |xml| midi(xml, instrument));
    }
    xml.close();
}

fn midi(xml: &mut Xml, instrument: &Instrument) {
    // MusicXML counts from 1.
    let mut from_one = |name: &str, number: Option<u8>, most: u8| {
        if let Some(number) = number.filter(|number| *number < most) {
            xml.number(name, number + 1);
        }
    };
    from_one("midi-channel", instrument.channel, 16);
    from_one("midi-program", instrument.program, 128);
    from_one("midi-unpitched", instrument.unpitched, 128);
}
