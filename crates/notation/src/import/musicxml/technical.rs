//! Playing techniques: bowings, fingerings, tablature. MusicXML 4.0, `technical`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::{Named, PLAIN_TECHNICAL};
use super::notations::{OnNote, line, mark, mark_note};
use super::spanners::Family;
use super::{looks, number};
use crate::model::*;

/// Reads techniques. The bends of one note follow one another.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let bends: Vec<Bend> = element.named("bend").take(32).filter_map(bend).collect();
    if let Some(first) = element.child("bend").filter(|_| !bends.is_empty()) {
        mark_note(reading, first, on, MarkKind::Technical(Technical::Bend(bends)));
    }
    for child in element.children() {
        one(reading, child, on);
    }
}

fn one(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, on: OnNote) {
    let text = || element.text().to_owned();
    let number = || element.text().parse::<u8>().ok();
    let of_note = match element.name() {
        "bend" => return,
        "hammer-on" => return line(reading, element, Family::HammerOn, on.exactly(), on, SpanKind::HammerOn(text())),
        "pull-off" => return line(reading, element, Family::PullOff, on.exactly(), on, SpanKind::PullOff(text())),
        "fingering" => {
            for attribute in ["substitution", "alternate"] {
                if element.is(attribute, "yes") {
                    reading.unsupported(&["technical", &format!("fingering@{attribute}")], element);
                }
            }
            Some(Technical::Fingering(text()))
        }
        "pluck" => Some(Technical::Pluck(text())),
        "fret" => number().map(Technical::Fret),
        "string" => number().map(Technical::String),
        "tap" => Some(Technical::Tap(text())),
        "harmonic" => Some(harmonic(element)),
        _ => None,
    };
    if let Some(technical) = of_note {
        // A harmonic that is said of the chord is the chord's.
        let of_chord = technical == Technical::Harmonic;
        return if of_chord { mark } else { mark_note }(reading, element, on, MarkKind::Technical(technical));
    }
    let plain = PLAIN_TECHNICAL.iter().find(|(_, name)| *name == element.name()).map(|(technical, _)| technical.clone());
    let closed = |name: &str| element.child(name).and_then(|closed| Closure::named(closed.text()));
    let kind = match (element.name(), plain, looks::glyph(element)) {
        (_, Some(technical), _) => MarkKind::Technical(technical),
        ("harmon-mute", ..) => MarkKind::Technical(Technical::HarmonMute(closed("harmon-closed").unwrap_or(Closure::Closed))),
        ("handbell", ..) => MarkKind::Technical(Technical::Handbell(text())),
        ("other-technical", _, glyph) if !glyph.is_empty() => MarkKind::Symbol(glyph),
        (name, ..) => return reading.unsupported(&["technical", name], element),
    };
    mark(reading, element, on, kind);
}

fn harmonic(element: Element<'_, '_>) -> Technical {
    let artificial = if element.has("artificial") { Some(true) } else { element.has("natural").then_some(false) };
    let pitch =
        [("base-pitch", HarmonicPitch::Base), ("touching-pitch", HarmonicPitch::Touching), ("sounding-pitch", HarmonicPitch::Sounding)];
    let pitch = pitch.iter().find(|(name, _)| element.has(name)).map(|(_, pitch)| *pitch);
    let known = Harmonic { artificial, pitch };
    if known == Harmonic::default() { Technical::Harmonic } else { Technical::HarmonicOf(known) }
}

fn bend(element: Element<'_, '_>) -> Option<Bend> {
    let (num, den) = number::fraction(element.text_of("bend-alter")?)?;
    let kind = if element.has("pre-bend") {
        BendKind::PreBend
    } else if element.has("release") {
        BendKind::Release
    } else {
        BendKind::Bend
    };
    Some(Bend { alter: Alter::fraction(num, den)?, kind, bar: element.has("with-bar") })
}
