//! Divisions, keys, times, clefs, transpositions and staves. MusicXML 4.0, `attributes`.

use std::collections::BTreeMap;

use super::directions::{Item, What};
use super::measure::PartLane;
use super::xml::Xml;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// The signs of a measure of a part, as one item a moment.
pub(super) fn items<'s>(score: &'s Score, lane: &PartLane<'_>, position: usize, id: MeasureId, measure: &Measure) -> Vec<Item<'s>> {
    let mut moments: BTreeMap<Beat, Vec<&'s Sign>> = BTreeMap::new();
    for (_, sign) in score.signs_in(id).into_iter().filter(|(_, sign)| sign.part == lane.id) {
        moments.entry(sign.at.beat).or_default().push(sign);
    }
    if position == 0 || measure.time.is_some() {
        moments.entry(Beat::ZERO).or_default();
    }
    let item = |(beat, mut signs): (Beat, Vec<&'s Sign>)| {
        signs.sort_by_key(|sign| sign.staff);
        Item { beat, rank: 0, staff: None, system: false, what: What::Attributes(signs) }
    };
    moments.into_iter().map(item).collect()
}

/// Writes the attributes of one moment.
pub(super) fn write(xml: &mut Xml, lane: &PartLane<'_>, position: usize, measure: &Measure, beat: Beat, signs: &[&Sign]) {
    let start = position == 0 && beat.is_zero();
    let numbered = |staff: Option<u8>| staff.map(|staff| staff.to_string());
    xml.within("attributes", &[], |xml| {
        if start {
            xml.number("divisions", lane.divisions.per_quarter());
        }
        for (sign, key) in signs.iter().filter_map(|sign| if let SignKind::Key(key) = &sign.kind { Some((sign, key)) } else { None }) {
            write_key(xml, numbered(sign.staff).as_deref(), key);
        }
        write_times(xml, measure, beat, signs);
        if start && lane.part.staves > 1 {
            xml.number("staves", lane.part.staves);
        }
        for (sign, clef) in signs.iter().filter_map(|sign| if let SignKind::Clef(clef) = &sign.kind { Some((sign, clef)) } else { None }) {
            let staff = sign.staff.and_then(|staff| lane.staff_to_name(staff));
            write_clef(xml, numbered(staff).as_deref(), *clef);
        }
        for sign in signs {
            if let SignKind::StaffLines(lines) = &sign.kind {
                let staff = numbered(sign.staff);
                xml.open("staff-details", &staff.as_deref().map(|staff| ("number", staff)).into_iter().collect::<Vec<_>>());
                xml.number("staff-lines", lines);
                xml.close();
            }
        }
        if start && let Some(transposition) = lane.part.transposition {
            write_transposition(xml, None, transposition);
        }
        for sign in signs {
            if let SignKind::Transpose(transposition) = &sign.kind {
                write_transposition(xml, numbered(sign.staff).as_deref(), *transposition);
            }
        }
    });
}

fn number_attribute(staff: Option<&str>) -> Vec<(&'static str, &str)> {
    staff.map(|staff| ("number", staff)).into_iter().collect()
}

fn write_key(xml: &mut Xml, staff: Option<&str>, key: &Key) {
    xml.open("key", &number_attribute(staff));
    if key.accidentals.is_empty() {
        if let Some(cancel) = key.cancel {
            xml.number("cancel", cancel);
        }
        xml.number("fifths", key.fifths);
        xml.optional("mode", &[], key.mode.name());
    }
    for accidental in &key.accidentals {
        xml.text("key-step", &[], &accidental.step.letter().to_string());
        xml.text("key-alter", &[], &decimal(accidental.alter));
        if let Some(sign) = accidental.sign {
            xml.text("key-accidental", &[], sign.name());
        }
    }
    for (index, accidental) in key.accidentals.iter().enumerate() {
        if let Some(octave) = accidental.octave {
            xml.text("key-octave", &[("number", &(index + 1).to_string())], &octave.to_string());
        }
    }
    xml.close();
}

/// An alteration in semitones; a fraction without an end is cut after six decimals.
pub(super) fn decimal(alter: Alter) -> String {
    match alter.whole() {
        Some(semitones) => semitones.to_string(),
        None => format!("{:.6}", alter.to_f64()).trim_end_matches('0').to_owned(),
    }
}

/// The measure's signature, where the part has none of its own for all its staves.
fn write_times(xml: &mut Xml, measure: &Measure, beat: Beat, signs: &[&Sign]) {
    let own = || signs.iter().filter_map(|sign| if let SignKind::Time(time) = &sign.kind { Some((sign.staff, time)) } else { None });
    if let Some(time) = &measure.time
        && beat.is_zero()
        && own().all(|(staff, _)| staff.is_some())
    {
        write_time(xml, None, time);
    }
    for (staff, time) in own() {
        write_time(xml, staff.map(|staff| staff.to_string()).as_deref(), time);
    }
}

fn write_time(xml: &mut Xml, staff: Option<&str>, time: &TimeSignature) {
    let mut attributes = number_attribute(staff);
    if time.symbol != TimeSymbol::Normal {
        attributes.push(("symbol", time.symbol.name()));
    }
    xml.open("time", &attributes);
    for (beats, unit) in &time.groups {
        let beats: Vec<String> = beats.iter().map(u16::to_string).collect();
        xml.text("beats", &[], &beats.join("+"));
        xml.number("beat-type", unit);
    }
    if time.groups.is_empty() {
        xml.empty("senza-misura", &[]);
    }
    xml.close();
}

fn write_clef(xml: &mut Xml, staff: Option<&str>, clef: Clef) {
    xml.open("clef", &number_attribute(staff));
    xml.text("sign", &[], clef.sign.name());
    if clef.sign != ClefSign::None {
        xml.number("line", clef.line);
    }
    if clef.octave != 0 {
        xml.number("clef-octave-change", clef.octave);
    }
    xml.close();
}

fn write_transposition(xml: &mut Xml, staff: Option<&str>, transposition: Transposition) {
    xml.open("transpose", &number_attribute(staff));
    xml.number("diatonic", transposition.diatonic);
    xml.number("chromatic", transposition.chromatic);
    if transposition.octaves != 0 {
        xml.number("octave-change", transposition.octaves);
    }
    match transposition.double {
        0 => {}
        below if below < 0 => xml.empty("double", &[]),
        _ => xml.empty("double", &[("above", "yes")]),
    }
    xml.close();
}
