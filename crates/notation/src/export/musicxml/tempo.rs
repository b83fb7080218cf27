//! Tempo and swing. MusicXML 4.0, `metronome` and `sound`.

use super::directions::{Place, direction};
use super::looks::Looks;
use super::xml::Xml;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes a tempo: what is printed, and what is played.
pub(super) fn write(xml: &mut Xml, tempo: &TempoMark, mark: &Mark, place: Place) {
    let per_minute = tempo.quarters_per_minute().map(decimal);
    if !tempo.printed {
        if let Some(per_minute) = per_minute {
            xml.empty("sound", &[("tempo", &per_minute)]);
        }
        return;
    }
    let beats = tempo.per_minute.map(|(num, den)| decimal(f64::from(num) / f64::from(den.max(1)))).unwrap_or_default();
    let sound = |xml: &mut Xml| {
        if let Some(per_minute) = &per_minute {
            xml.empty("sound", &[("tempo", per_minute)]);
        }
    };
    direction(xml, Place { system: true, ..place }, sound, |xml| {
        let looks = Looks::default().colour(mark.colour).font(&mark.style).flag("parentheses", tempo.parentheses);
        let looks = looks.named("justify", mark.style.justify.name());
        xml.open("metronome", &looks.attributes());
        beat_unit(xml, tempo.beat);
        match tempo.equals {
            Some(value) => beat_unit(xml, value),
            None => xml.text("per-minute", &[], if tempo.text.is_empty() { &beats } else { &tempo.text }),
        }
        xml.close();
    });
}

fn beat_unit(xml: &mut Xml, value: NoteValue) {
    xml.text("beat-unit", &[], value.base.name());
    for _ in 0..value.dots {
        xml.empty("beat-unit-dot", &[]);
    }
}

/// Up to six decimals, no more than needed.
fn decimal(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Writes swing: printed as what two notes stand for, or only played.
pub(super) fn swing(xml: &mut Xml, swing: Swing, visible: bool, place: Place) {
    let sound = |xml: &mut Xml| {
        xml.open("sound", &[]);
        xml.open("swing", &[]);
        if swing.first == swing.second {
            xml.empty("straight", &[]);
        } else {
            xml.number("first", swing.first.max(1));
            xml.number("second", swing.second.max(1));
            xml.text("swing-type", &[], swing.unit.name());
        }
        xml.close();
        xml.close();
    };
    if !visible || (swing.first, swing.second) != (2, 1) {
        return sound(xml);
    }
    direction(xml, Place { system: true, ..place }, sound, |xml| {
        xml.open("metronome", &[]);
        let beamed = |role: &'static str| move |xml: &mut Xml| xml.text("metronome-beam", &[("number", "1")], role);
        note(xml, swing.unit, beamed("begin"));
        note(xml, swing.unit, beamed("end"));
        xml.text("metronome-relation", &[], "equals");
        let twice = NoteValue::of_length(swing.unit.length().scale(2, 1)).map_or(NoteBase::Quarter, |value| value.base);
        for (base, end) in [(twice, "start"), (swing.unit, "stop")] {
            note(xml, base, |xml| {
                xml.open("metronome-tuplet", &[("type", end), ("bracket", "yes"), ("show-number", "actual")]);
                xml.number("actual-notes", 3);
                xml.number("normal-notes", 2);
                xml.text("normal-type", &[], swing.unit.name());
                xml.close();
            });
        }
        xml.close();
    });
}

fn note(xml: &mut Xml, base: NoteBase, more: impl FnOnce(&mut Xml)) {
    xml.open("metronome-note", &[]);
    xml.text("metronome-type", &[], base.name());
    more(xml);
    xml.close();
}
