//! Chord symbols and figured bass. MusicXML 4.0, `harmony` and `figured-bass`.

use super::super::xml::Element;
use super::measure::{FARTHEST, MeasureReading};
use super::names::Named;
use super::state::storable;
use super::{diagrams, looks, number};
use crate::model::*;

const EMPTY: ChordSymbol = ChordSymbol::of(ChordKind::Other);

/// Reads a harmony, which may name several chords.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let mut chords: Vec<ChordSymbol> = Vec::new();
    for child in element.children() {
        match child.name() {
            "root" => chords.push(ChordSymbol { root: pitch_class(child, "root-step", "root-alter"), ..EMPTY }),
            "function" => chords.push(ChordSymbol { function: child.text().to_owned(), ..EMPTY }),
            "numeral" => chords.push(ChordSymbol { function: numeral(child), ..EMPTY }),
            "kind" => kind(reading, child, &mut chords),
            "bass" => {
                if let Some(chord) = chords.last_mut() {
                    chord.bass = pitch_class(child, "bass-step", "bass-alter");
                }
            }
            "degree" => degree(reading, child, &mut chords),
            "inversion" => {
                if let Some(chord) = chords.last_mut() {
                    chord.inversion = child.text().parse().unwrap_or(0);
                }
            }
            "frame" => match (diagrams::frame(child), chords.last_mut()) {
                (Some(frame), Some(chord)) => chord.frame = Some(Box::new(frame)),
                _ => reading.import.report.invalid(&["harmony", "frame"], child.byte()),
            },
            "offset" | "staff" | "footnote" | "level" => {}
            other => reading.unsupported(&["harmony", other], child),
        }
    }
    let staff = reading.staff(element);
    let anchor = reading.on_staff(staff, reading.place(element));
    for chord in chords {
        let (visible, style, colour) = (looks::visible(element), looks::style(element), looks::colour(element));
        let placement = looks::placement(element);
        reading.put_mark(Mark { anchor, kind: MarkKind::Chord(chord), placement, style, colour, visible, ..Mark::default() });
    }
}

/// Reads the figures under (a part of) a bass note. Several in a row share the note that follows, one after the other.
pub(super) fn figured_bass(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let mut bass = FiguredBass { parentheses: element.is("parentheses", "yes"), ..FiguredBass::default() };
    for child in element.children() {
        match child.name() {
            "figure" if bass.figures.len() < 32 => bass.figures.push(figure(reading, child)),
            "duration" => bass.duration = reading.duration(element).filter(|duration| duration.is_positive()),
            "footnote" | "level" => {}
            other => reading.import.report.invalid(&["figured-bass", other], child.byte()),
        }
    }
    if bass.figures.is_empty() {
        return reading.import.report.invalid(&["figured-bass", "no figure"], element.byte());
    }
    let before = reading.figures.filter(|(cursor, _)| *cursor == reading.cursor).map_or(Beat::ZERO, |(_, length)| length);
    let after = before + bass.duration.unwrap_or(Beat::ZERO);
    reading.figures = Some((reading.cursor, after));
    let beat = storable((reading.cursor + before).min(FARTHEST));
    let staff = element.number("number").unwrap_or(1);
    let anchor = reading.on_staff(staff, beat);
    let (visible, colour, placement) = (looks::visible(element), looks::colour(element), looks::placement(element));
    reading.put_mark(Mark { anchor, kind: MarkKind::FiguredBass(bass), placement, visible, colour, ..Mark::default() });
}

fn figure(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Figure {
    let mut figure = Figure::default();
    for child in element.children() {
        let text = || child.text().chars().take(40).collect();
        match child.name() {
            "prefix" => figure.prefix = text(),
            "figure-number" => figure.number = text(),
            "suffix" => figure.suffix = text(),
            "extend" => figure.extend = !child.is("type", "stop"),
            "footnote" | "level" => {}
            other => reading.import.report.invalid(&["figure", other], child.byte()),
        }
    }
    figure
}

fn pitch_class(element: Element<'_, '_>, step: &str, alter: &str) -> Option<(Step, Alter)> {
    let step = element.text_of(step)?.chars().next().and_then(Step::from_letter)?;
    let alter = element.text_of(alter).and_then(number::fraction).and_then(|(num, den)| Alter::fraction(num, den));
    Some((step, alter.unwrap_or(Alter::NATURAL)))
}

/// A scale degree as it is printed: its own text where it has one, else the Roman numeral.
fn numeral(element: Element<'_, '_>) -> String {
    const ROMAN: [&str; 7] = ["I", "II", "III", "IV", "V", "VI", "VII"];
    let Some(root) = element.child("numeral-root") else { return String::new() };
    if let Some(text) = root.attribute("text") {
        return text.into_owned();
    }
    let degree = root.text().parse::<usize>().ok().and_then(|degree| degree.checked_sub(1));
    let roman = degree.and_then(|degree| ROMAN.get(degree)).copied().unwrap_or_default();
    let accidental = match element.text_of("numeral-alter") {
        Some("-1") => "♭",
        Some("1") => "♯",
        _ => "",
    };
    format!("{accidental}{roman}")
}

fn kind(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, chords: &mut Vec<ChordSymbol>) {
    let value = ChordKind::named(element.text());
    if value.is_none() {
        reading.import.report.invalid(&["harmony", "kind"], element.byte());
    }
    if chords.is_empty() {
        // N.C. may stand without a root.
        chords.push(EMPTY);
    }
    if let Some(chord) = chords.last_mut() {
        chord.kind = value.unwrap_or(ChordKind::Other);
        chord.text = element.attribute("text").map(Into::into);
    }
}

fn degree(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, chords: &mut [ChordSymbol]) {
    let kind = element.text_of("degree-type").and_then(ChordDegreeKind::named);
    let value = element.number_of::<u8>("degree-value");
    let alter = element.text_of("degree-alter").and_then(number::fraction).and_then(|(num, den)| Alter::fraction(num, den));
    match (kind, value, chords.last_mut()) {
        (Some(kind), Some(value), Some(chord)) if chord.degrees.len() < 32 => {
            chord.degrees.push(ChordDegree { kind, value, alter: alter.unwrap_or(Alter::NATURAL) });
        }
        _ => reading.import.report.invalid(&["harmony", "degree"], element.byte()),
    }
}
