//! Chord symbols and figured bass. MusicXML 4.0, `harmony` and `figured-bass`.

use super::attributes::decimal;
use super::diagrams;
use super::divisions::Divisions;
use super::looks::Looks;
use super::xml::{Attribute, Xml};
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes a chord symbol.
pub(super) fn write(xml: &mut Xml, chord: &ChordSymbol, mark: &Mark, staff: Option<u8>) {
    let looks = Looks::of(mark.visible, mark.colour).side(mark.placement).font(&mark.style);
    xml.open("harmony", &looks.attributes());
    match chord.root {
        Some(root) => pitch_class(xml, ["root", "root-step", "root-alter"], root),
        None => xml.text("function", &[], &chord.function),
    }
    let text: Vec<Attribute<'_>> = chord.text.as_deref().map(|text| ("text", text)).into_iter().collect();
    xml.text("kind", &text, chord.kind.name());
    if chord.inversion > 0 {
        xml.number("inversion", chord.inversion);
    }
    if let Some(bass) = chord.bass {
        pitch_class(xml, ["bass", "bass-step", "bass-alter"], bass);
    }
    for degree in &chord.degrees {
        xml.open("degree", &[]);
        xml.number("degree-value", degree.value.max(1));
        xml.text("degree-alter", &[], &decimal(degree.alter));
        xml.text("degree-type", &[], degree.kind.name());
        xml.close();
    }
    if let Some(frame) = chord.frame.as_ref().filter(|frame| !frame.dots.is_empty()) {
        diagrams::frame(xml, frame);
    }
    if let Some(staff) = staff {
        xml.number("staff", staff);
    }
    xml.close();
}

fn pitch_class(xml: &mut Xml, [element, step, alter]: [&'static str; 3], class: (Step, Alter)) {
    xml.open(element, &[]);
    xml.text(step, &[], &class.0.letter().to_string());
    if class.1 != Alter::NATURAL {
        xml.text(alter, &[], &decimal(class.1));
    }
    xml.close();
}

/// Writes figured bass.
pub(super) fn figured_bass(xml: &mut Xml, bass: &FiguredBass, mark: &Mark, divisions: Divisions) {
    let looks = Looks::of(mark.visible, mark.colour).side(mark.placement).flag("parentheses", bass.parentheses);
    xml.open("figured-bass", &looks.attributes());
    for figure in &bass.figures {
        xml.open("figure", &[]);
        xml.optional("prefix", &[], &figure.prefix);
        xml.optional("figure-number", &[], &figure.number);
        xml.optional("suffix", &[], &figure.suffix);
        if figure.extend {
            xml.empty("extend", &[]);
        }
        xml.close();
    }
    if let Some(duration) = bass.duration.map(|duration| divisions.count(duration)).filter(|duration| *duration > 0) {
        xml.number("duration", duration);
    }
    xml.close();
}
