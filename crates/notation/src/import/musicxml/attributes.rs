//! Divisions, keys, times, clefs, transpositions and staves. MusicXML 4.0, `attributes`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::Named;
use super::{looks, number, staff};
use crate::model::*;

/// Key signatures that one measure may have: far more than any music, and a bound on the work.
const MAX_KEYS: usize = 64;
/// Clefs that one measure may have for the same reason.
const MAX_CLEFS: usize = 64;

/// Reads attributes.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    for child in element.children() {
        match child.name() {
            "divisions" => divisions(reading, child),
            "key" => key(reading, child),
            "time" => time(reading, child),
            "staves" => {
                if let Ok(staves @ 1..) = child.text().parse::<u8>() {
                    reading.part.reach_staff(staves);
                }
            }
            "clef" => clef(reading, child),
            "transpose" => transpose(reading, child),
            "staff-details" => staff::details(reading, child),
            "measure-style" => staff::measure_style(reading, child),
            "part-symbol" => staff::part_symbol(reading, child),
            "instruments" | "footnote" | "level" => {}
            other => reading.unsupported(&["attributes", other], child),
        }
    }
}

fn divisions(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    match number::fraction(element.text()).filter(|(num, _)| *num > 0) {
        Some(divisions) => reading.part.divisions = Some(divisions),
        None => reading.import.report.invalid(&["attributes", "divisions"], element.byte()),
    }
}

pub(super) fn staff_number(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Option<u8> {
    let staff = element.number::<u8>("number").filter(|staff| *staff > 0);
    reading.part.reach_staff(staff.unwrap_or(1));
    staff
}

/// Puts a sign at a moment; `element` says how it looks.
pub(super) fn sign(reading: &mut MeasureReading<'_, '_>, beat: Beat, staff: Option<u8>, kind: SignKind, element: Option<Element<'_, '_>>) {
    if !reading.has_room() {
        return;
    }
    let at = reading.moment(beat);
    let (visible, colour) = (element.is_none_or(looks::visible), element.and_then(looks::colour));
    let id = reading.import.ids.next::<Sign>();
    reading.import.put(id, Sign { part: reading.part.id, staff, at, kind, visible, colour });
}

fn key(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = staff_number(reading, element);
    let key = if element.has("key-step") { unusual_key(reading, element) } else { usual_key(reading, element) };
    if reading.keys.len() < MAX_KEYS {
        reading.keys.push((reading.cursor, staff, key.clone()));
    }
    sign(reading, reading.cursor, staff, SignKind::Key(key), Some(element));
}

fn usual_key(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Key {
    let fifths = element.number_of::<i8>("fifths").filter(|fifths| (-21..=21).contains(fifths));
    if fifths.is_none() {
        reading.import.report.invalid(&["key", "fifths"], element.byte());
    }
    Key {
        fifths: fifths.unwrap_or(0),
        mode: element.text_of("mode").and_then(KeyMode::named).unwrap_or_default(),
        cancel: element.number_of("cancel"),
        accidentals: Vec::new(),
        octaves: octaves(element, false),
        cancel_octaves: octaves(element, true),
    }
}

/// The octaves that a signature names, for itself or for what it cancels.
fn octaves(element: Element<'_, '_>, cancel: bool) -> Vec<(u8, i8)> {
    let named = element.named("key-octave").filter(|octave| octave.is("cancel", "yes") == cancel).take(16);
    named.filter_map(|octave| Some((octave.number("number")?, octave.text().parse().ok()?))).collect()
}

/// A signature that is spelled out accidental by accidental.
fn unusual_key(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Key {
    let mut key = Key::default();
    for child in element.children() {
        match child.name() {
            "key-step" if key.accidentals.len() < 64 => {
                if let Some(step) = child.text().chars().next().and_then(Step::from_letter) {
                    key.accidentals.push(KeyAccidental { step, alter: Alter::NATURAL, sign: None, octave: None });
                }
            }
            "key-alter" => {
                let alter = number::fraction(child.text()).and_then(|(num, den)| Alter::fraction(num, den));
                if let (Some(accidental), Some(alter)) = (key.accidentals.last_mut(), alter) {
                    accidental.alter = alter;
                }
            }
            "key-accidental" => {
                if let Some(accidental) = key.accidentals.last_mut() {
                    accidental.sign = AccidentalSign::named(child.text());
                }
            }
            "key-octave" => {
                let at = child.number::<usize>("number").and_then(|number| number.checked_sub(1));
                if let Some(accidental) = at.and_then(|at| key.accidentals.get_mut(at)) {
                    accidental.octave = child.text().parse().ok();
                }
            }
            other => reading.import.report.invalid(&["key", other], child.byte()),
        }
    }
    key
}

fn time(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = staff_number(reading, element);
    let Some(time) = signature(reading, element) else { return };
    reading.part.nominal = Some(time.length());
    let (part, printed) = (reading.part.id, looks::visible(element));
    if !reading.cursor.is_zero() {
        if printed {
            sign(reading, reading.cursor, staff, SignKind::Time(time), Some(element));
        }
    } else if let Some(column) = reading.column()
        && column.times.len() < 10_000
    {
        column.times.push((part, staff, time, printed));
    }
}

fn signature(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Option<TimeSignature> {
    let symbol = element.attribute("symbol").and_then(|symbol| TimeSymbol::named(&symbol)).unwrap_or_default();
    if element.has("senza-misura") {
        return Some(TimeSignature { symbol, ..TimeSignature::default() });
    }
    let mut time = TimeSignature { symbol, ..TimeSignature::default() };
    fractions(reading, element, &mut time.groups);
    if let Some(other) = element.child("interchangeable") {
        time.relation = other.text_of("time-relation").and_then(TimeRelation::named).unwrap_or_default();
        fractions(reading, other, &mut time.interchangeable);
    }
    if time.groups.is_empty() {
        reading.import.report.invalid(&["attributes", "time"], element.byte());
        return None;
    }
    Some(time)
}

fn fractions(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, groups: &mut Vec<(Vec<u16>, u16)>) {
    let mut beats: Option<Vec<u16>> = None;
    for child in element.children() {
        match child.name() {
            "beats" => {
                let summands = child.text().split('+').map(|n| n.trim().parse().ok().filter(|n| *n > 0)).collect::<Option<Vec<u16>>>();
                beats = summands.filter(|summands| summands.len() <= 32);
            }
            "beat-type" => {
                let unit = child.text().parse::<u16>().ok().filter(|unit| *unit > 0);
                if let (Some(beats), Some(unit), true) = (beats.take(), unit, groups.len() < 32) {
                    groups.push((beats, unit));
                }
            }
            "interchangeable" | "time-relation" => {}
            other => reading.import.report.invalid(&["time", other], child.byte()),
        }
    }
}

fn clef(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = staff_number(reading, element).unwrap_or(1);
    if element.is("additional", "yes") {
        return reading.unsupported(&["attributes", "clef@additional"], element);
    }
    let Some(shape) = element.text_of("sign").and_then(ClefSign::named) else {
        return reading.unsupported(&["clef", "sign"], element);
    };
    let usual_line = match shape {
        ClefSign::G => 2,
        ClefSign::F => 4,
        ClefSign::Tab => 5,
        ClefSign::C | ClefSign::Percussion | ClefSign::Jianpu | ClefSign::None => 3,
    };
    let line = element.number_of::<i8>("line").filter(|line| (-20..=20).contains(line)).unwrap_or(usual_line);
    let octave = element.number_of::<i8>("clef-octave-change").filter(|octave| (-8..=8).contains(octave)).unwrap_or(0);
    let clef = Clef { sign: shape, line, octave };
    if reading.clefs.len() < MAX_CLEFS {
        reading.clefs.push((reading.cursor, staff, clef));
    }
    sign(reading, reading.cursor, Some(staff), SignKind::Clef(clef), Some(element));
}

fn transpose(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = element.number::<u8>("number").filter(|staff| *staff > 0);
    let double = element.child("double").map_or(0, |double| if double.is("above", "yes") { 1 } else { -1 });
    let small = |name: &str| element.number_of::<i16>(name).filter(|n| (-1000..=1000).contains(n)).unwrap_or(0);
    let transposition = Transposition {
        diatonic: small("diatonic"),
        chromatic: small("chromatic"),
        octaves: element.number_of::<i8>("octave-change").filter(|octaves| (-10..=10).contains(octaves)).unwrap_or(0),
        double,
    };
    let start = reading.index == 0 && reading.cursor.is_zero() && staff.is_none();
    if start {
        reading.part.record.transposition = Some(transposition);
    } else {
        sign(reading, reading.cursor, staff, SignKind::Transpose(transposition), None);
    }
}
