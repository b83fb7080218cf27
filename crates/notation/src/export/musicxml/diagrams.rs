//! Signs that show a setting: accordion registers, harp pedals, scordatura, fretboards, the tuning of a staff.

use super::attributes::decimal;
use super::looks::Looks;
use super::xml::Xml;
use crate::import::musicxml::names::{HARP, Named};
use crate::model::*;

/// MusicXML 4.0, `accordion-registration`.
pub(super) fn accordion(xml: &mut Xml, accordion: Accordion, looks: &Looks) {
    xml.open("accordion-registration", &looks.attributes());
    if accordion.high {
        xml.empty("accordion-high", &[]);
    }
    if accordion.middle > 0 {
        xml.number("accordion-middle", accordion.middle.min(3));
    }
    if accordion.low {
        xml.empty("accordion-low", &[]);
    }
    xml.close();
}

/// MusicXML 4.0, `harp-pedals`.
pub(super) fn harp(xml: &mut Xml, pedals: &[i8; 7], looks: &Looks) {
    xml.open("harp-pedals", &looks.attributes());
    for (step, alter) in HARP.iter().zip(pedals) {
        xml.open("pedal-tuning", &[]);
        xml.text("pedal-step", &[], &step.letter().to_string());
        xml.number("pedal-alter", alter);
        xml.close();
    }
    xml.close();
}

/// MusicXML 4.0, `scordatura`.
pub(super) fn scordatura(xml: &mut Xml, strings: &[(u8, Pitch)]) {
    xml.open("scordatura", &[]);
    for (string, pitch) in strings {
        xml.open("accord", &[("string", &(*string).max(1).to_string())]);
        tuning(xml, *pitch);
        xml.close();
    }
    xml.close();
}

/// MusicXML 4.0, `staff-tuning`.
pub(super) fn staff_tuning(xml: &mut Xml, line: usize, pitch: Pitch) {
    xml.open("staff-tuning", &[("line", &line.to_string())]);
    tuning(xml, pitch);
    xml.close();
}

fn tuning(xml: &mut Xml, pitch: Pitch) {
    xml.text("tuning-step", &[], &pitch.step.letter().to_string());
    if pitch.alter != Alter::NATURAL {
        xml.text("tuning-alter", &[], &decimal(pitch.alter));
    }
    xml.number("tuning-octave", pitch.octave);
}

/// MusicXML 4.0, `frame`.
pub(super) fn frame(xml: &mut Xml, frame: &Fretboard) {
    xml.open("frame", &Looks::default().named("unplayed", &frame.unplayed).attributes());
    xml.number("frame-strings", frame.strings.max(1));
    xml.number("frame-frets", frame.frets.max(1));
    if frame.first_fret != 1 {
        xml.number("first-fret", frame.first_fret.max(1));
    }
    for dot in &frame.dots {
        xml.open("frame-note", &[]);
        xml.number("string", dot.string.max(1));
        xml.number("fret", dot.fret);
        xml.optional("fingering", &[], &dot.finger);
        if let Some(barre) = dot.barre {
            xml.empty("barre", &[("type", barre.name())]);
        }
        xml.close();
    }
    xml.close();
}
