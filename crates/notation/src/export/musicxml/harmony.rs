//! Chord symbols. MusicXML 4.0, `harmony`.

use super::attributes::decimal;
use super::xml::{Attribute, Xml};
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes a chord symbol.
pub(super) fn write(xml: &mut Xml, chord: &ChordSymbol, placement: Placement, staff: Option<u8>) {
    let side = [("placement", placement.name())];
    xml.open("harmony", if placement == Placement::Auto { &[] } else { &side });
    match chord.root {
        Some(root) => pitch_class(xml, ["root", "root-step", "root-alter"], root),
        None => xml.text("function", &[], &chord.function),
    }
    let text: Vec<Attribute<'_>> = chord.text.as_deref().map(|text| ("text", text)).into_iter().collect();
    xml.text("kind", &text, chord.kind.name());
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
