//! Divisions, keys, times, clefs, transpositions and staves. MusicXML 4.0, `attributes`.

use std::collections::BTreeMap;

use super::Writing;
use super::diagrams;
use super::directions::{Item, What};
use super::looks::Looks;
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
        Item { beat, rank: 0, order: 0, staff: None, voice: None, system: false, what: What::Attributes(signs) }
    };
    moments.into_iter().map(item).collect()
}

/// Writes the attributes of one moment.
pub(super) fn write(writing: &mut Writing<'_>, lane: &PartLane<'_>, position: usize, measure: &Measure, beat: Beat, signs: &[&Sign]) {
    let start = position == 0 && beat.is_zero();
    instruments(writing, lane, signs);
    let xml = &mut writing.xml;
    xml.within("attributes", &[], |xml| {
        if start {
            xml.number("divisions", lane.divisions.per_quarter());
        }
        for sign in signs {
            if let SignKind::Key(key) = &sign.kind {
                write_key(xml, number(sign), key);
            }
        }
        write_times(xml, measure, beat, signs);
        if start && lane.part.staves > 1 {
            xml.number("staves", lane.part.staves);
        }
        if let Some(symbol) = lane.part.symbol.filter(|_| start) {
            xml.text("part-symbol", &[], symbol.name());
        }
        for sign in signs {
            if let SignKind::Clef(clef) = &sign.kind {
                let staff = sign.staff.and_then(|staff| lane.staff_to_name(staff));
                write_clef(xml, numbered(sign, staff), *clef);
            }
        }
        if start && !lane.part.visible {
            xml.empty("staff-details", &[("print-object", "no")]);
        }
        staff_details(xml, signs);
        if start && let Some(transposition) = lane.part.transposition {
            write_transposition(xml, Looks::default(), transposition);
        }
        for sign in signs {
            if let SignKind::Transpose(transposition) = &sign.kind {
                write_transposition(xml, Looks::default().named("number", &staff_name(sign.staff)), *transposition);
            }
        }
        signs.iter().for_each(|sign| measure_style(xml, sign));
    });
}

fn staff_name(staff: Option<u8>) -> String {
    staff.map(|staff| staff.to_string()).unwrap_or_default()
}

fn numbered(sign: &Sign, staff: Option<u8>) -> Looks {
    Looks::of(sign.visible, sign.colour).named("number", &staff_name(staff))
}

fn number(sign: &Sign) -> Looks {
    numbered(sign, sign.staff)
}

/// Other instruments, and other names for the part.
fn instruments(writing: &mut Writing<'_>, lane: &PartLane<'_>, signs: &[&Sign]) {
    for sign in signs {
        let SignKind::Instrument(change) = &sign.kind else { continue };
        let id = writing.instruments.get(&(lane.id, change.key.clone())).cloned();
        if id.is_none() && !change.key.is_empty() {
            writing.lose("a change to an instrument that the part does not have");
        }
        let xml = &mut writing.xml;
        xml.within("print", &[], |xml| {
            for (element, name) in [("part-name-display", &change.name), ("part-abbreviation-display", &change.abbreviation)] {
                xml.within(element, &[], |xml| xml.optional("display-text", &[], name));
            }
        });
        if let Some(id) = id {
            xml.open("sound", &[]);
            xml.empty("instrument-change", &[("id", &id)]);
            xml.close();
        }
    }
}

/// What staves are like: one element a staff, or several where it is told the same thing twice.
fn staff_details(xml: &mut Xml, signs: &[&Sign]) {
    let rank = |sign: &&&Sign| match &sign.kind {
        SignKind::StaffRole(_) => Some(0),
        SignKind::StaffLines(_) => Some(1),
        SignKind::Tuning(_) => Some(2),
        SignKind::Capo(_) => Some(3),
        SignKind::StaffSize(_) => Some(4),
        SignKind::StaffVisible(_) => Some(5),
        _ => None,
    };
    let mut left: Vec<(Option<u8>, u8, &Sign)> = signs.iter().filter_map(|sign| Some((sign.staff, rank(&sign)?, *sign))).collect();
    left.sort_by_key(|(staff, rank, _)| (*staff, *rank));
    while let Some((staff, ..)) = left.first().copied() {
        let mut taken: Vec<(u8, &Sign)> = Vec::new();
        left.retain(|(of, rank, sign)| {
            let take = *of == staff && taken.last().is_none_or(|(last, _)| last < rank);
            if take {
                taken.push((*rank, sign));
            }
            !take
        });
        let visible = taken.iter().find_map(|(_, sign)| if let SignKind::StaffVisible(visible) = sign.kind { Some(visible) } else { None });
        let looks = Looks::default().named("number", &staff_name(staff));
        let looks = looks.named("print-object", visible.map_or("", |visible| if visible { "yes" } else { "no" }));
        xml.open("staff-details", &looks.attributes());
        for (_, sign) in taken {
            match &sign.kind {
                SignKind::StaffRole(role) => xml.text("staff-type", &[], role.name()),
                SignKind::StaffLines(lines) => xml.number("staff-lines", lines),
                SignKind::Tuning(strings) => strings.iter().enumerate().for_each(|(at, pitch)| diagrams::staff_tuning(xml, at + 1, *pitch)),
                SignKind::Capo(fret) => xml.number("capo", fret),
                SignKind::StaffSize(percent) => xml.number("staff-size", percent),
                _ => {}
            }
        }
        xml.close();
    }
}

fn measure_style(xml: &mut Xml, sign: &Sign) {
    let start_stop = |start: bool| ("type", if start { "start" } else { "stop" });
    let looks = Looks::default().colour(sign.colour).named("number", &staff_name(sign.staff));
    xml.within("measure-style", &looks.attributes(), |xml| match &sign.kind {
        SignKind::MultiRest(count) => xml.number("multiple-rest", (*count).max(1)),
        SignKind::MeasureRepeat(None) => xml.empty("measure-repeat", &[start_stop(false)]),
        SignKind::MeasureRepeat(Some(repeat)) => {
            let slashes = repeat.slashes.max(1).to_string();
            xml.text("measure-repeat", &[start_stop(true), ("slashes", &slashes)], &repeat.measures.max(1).to_string());
        }
        SignKind::BeatRepeat(slashes) => {
            let count = slashes.unwrap_or(1).max(1).to_string();
            let attributes = [start_stop(slashes.is_some()), ("slashes", &count)];
            xml.empty("beat-repeat", if slashes.is_some() { &attributes } else { &attributes[..1] });
        }
        SignKind::Slash(None) => xml.empty("slash", &[start_stop(false)]),
        SignKind::Slash(Some(style)) => {
            let looks = Looks::default().with("type", "start").flag("use-dots", style.dots).flag("use-stems", style.rhythmic);
            xml.open("slash", &looks.attributes());
            if let Some(value) = style.value {
                xml.text("slash-type", &[], value.base.name());
                (0..value.dots).for_each(|_| xml.empty("slash-dot", &[]));
            }
            xml.close();
        }
        _ => {}
    });
}

fn write_key(xml: &mut Xml, looks: Looks, key: &Key) {
    xml.open("key", &looks.attributes());
    if key.accidentals.is_empty() {
        if let Some(cancel) = key.cancel {
            xml.number("cancel", cancel);
        }
        xml.number("fifths", key.fifths);
        xml.optional("mode", &[], key.mode.name());
    }
    for (octaves, cancel) in [(&key.octaves, false), (&key.cancel_octaves, true)] {
        for (number, octave) in octaves.iter().filter(|_| key.accidentals.is_empty()) {
            let looks = Looks::default().with("number", (*number).max(1).to_string()).flag("cancel", cancel);
            xml.text("key-octave", &looks.attributes(), &octave.to_string());
        }
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
    let own = || signs.iter().filter_map(|sign| if let SignKind::Time(time) = &sign.kind { Some((*sign, time)) } else { None });
    if let Some(time) = &measure.time
        && beat.is_zero()
        && own().all(|(sign, _)| sign.staff.is_some())
    {
        write_time(xml, Looks::of(measure.time_visible, None), time);
    }
    for (sign, time) in own() {
        write_time(xml, number(sign), time);
    }
}

fn write_time(xml: &mut Xml, looks: Looks, time: &TimeSignature) {
    let looks = if time.symbol == TimeSymbol::Normal { looks } else { looks.with("symbol", time.symbol.name()) };
    xml.open("time", &looks.attributes());
    fractions(xml, &time.groups);
    if time.groups.is_empty() {
        xml.empty("senza-misura", &[]);
    } else if !time.interchangeable.is_empty() {
        xml.open("interchangeable", &[]);
        xml.text("time-relation", &[], time.relation.name());
        fractions(xml, &time.interchangeable);
        xml.close();
    }
    xml.close();
}

fn fractions(xml: &mut Xml, groups: &[(Vec<u16>, u16)]) {
    for (beats, unit) in groups {
        let beats: Vec<String> = beats.iter().map(u16::to_string).collect();
        xml.text("beats", &[], &beats.join("+"));
        xml.number("beat-type", unit);
    }
}

fn write_clef(xml: &mut Xml, looks: Looks, clef: Clef) {
    xml.open("clef", &looks.attributes());
    xml.text("sign", &[], clef.sign.name());
    if clef.sign != ClefSign::None {
        xml.number("line", clef.line);
    }
    if clef.octave != 0 {
        xml.number("clef-octave-change", clef.octave);
    }
    xml.close();
}

fn write_transposition(xml: &mut Xml, looks: Looks, transposition: Transposition) {
    xml.open("transpose", &looks.attributes());
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
