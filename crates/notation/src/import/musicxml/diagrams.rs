//! Signs that show a setting: accordion registers, harp pedals, scordatura, fretboards.

use super::super::xml::Element;
use super::names::{HARP, Named};
use super::number;
use crate::model::*;

/// MusicXML 4.0, `accordion-registration`.
pub(super) fn accordion(element: Element<'_, '_>) -> Accordion {
    let middle = element.child("accordion-middle").map_or(0, |middle| middle.text().parse().unwrap_or(1));
    Accordion { high: element.has("accordion-high"), middle: middle.min(3), low: element.has("accordion-low") }
}

/// MusicXML 4.0, `harp-pedals`; nothing where a pedal is none of the seven.
pub(super) fn harp(element: Element<'_, '_>) -> Option<[i8; 7]> {
    let mut pedals = [0; 7];
    for tuning in element.named("pedal-tuning") {
        let step = tuning.text_of("pedal-step")?.chars().next().and_then(Step::from_letter)?;
        let at = HARP.iter().position(|pedal| *pedal == step)?;
        *pedals.get_mut(at)? = tuning.number_of::<i8>("pedal-alter")?.clamp(-1, 1);
    }
    Some(pedals)
}

/// MusicXML 4.0, `scordatura`.
pub(super) fn scordatura(element: Element<'_, '_>) -> Vec<(u8, Pitch)> {
    element.named("accord").take(64).filter_map(|accord| Some((accord.number("string")?, tuning(accord)?))).collect()
}

/// The pitch of an open string.
pub(super) fn tuning(element: Element<'_, '_>) -> Option<Pitch> {
    let step = element.text_of("tuning-step")?.chars().next().and_then(Step::from_letter)?;
    let alter = element.text_of("tuning-alter").and_then(number::fraction).and_then(|(num, den)| Alter::fraction(num, den));
    Some(Pitch { step, alter: alter.unwrap_or(Alter::NATURAL), octave: element.number_of("tuning-octave")? })
}

/// MusicXML 4.0, `frame`; nothing where it has no strings or frets.
pub(super) fn frame(element: Element<'_, '_>) -> Option<Fretboard> {
    let dot = |note: Element<'_, '_>| {
        Some(FretDot {
            string: note.number_of("string")?,
            fret: note.number_of("fret")?,
            finger: note.text_of("fingering").unwrap_or_default().to_owned(),
            barre: note.child("barre").and_then(|barre| BarreEnd::named(&barre.attribute("type")?)),
        })
    };
    Some(Fretboard {
        strings: element.number_of("frame-strings").filter(|strings| (1..=32).contains(strings))?,
        frets: element.number_of("frame-frets").filter(|frets| (1..=64).contains(frets))?,
        first_fret: element.number_of("first-fret").unwrap_or(1),
        dots: element.named("frame-note").take(256).filter_map(dot).collect(),
        unplayed: element.attribute("unplayed").unwrap_or_default().into_owned(),
    })
}
