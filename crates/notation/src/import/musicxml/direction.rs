//! What stands at a moment rather than on a note. MusicXML 4.0, `direction` and `sound`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::Named;
use super::notations::placement;
use super::number;
use super::spanners::{End, Family, SpanName};
use crate::model::*;

/// A direction while it is read.
#[derive(Clone, Copy)]
struct Direction {
    staff: u8,
    beat: Beat,
    placement: Placement,
    /// Said to all players, as a tempo is.
    system: bool,
}

/// Reads a direction.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    let staff = reading.staff(element);
    let beat = reading.place(element);
    let sound = element.child("sound");
    let tempo = sound.and_then(|sound| sound.attribute("tempo"));
    let metronome = element.named("direction-type").any(|kind| kind.has("metronome"));
    let to_all = matches!(element.attribute("system").as_deref(), Some("only-top" | "also-top"));
    let system = to_all || metronome || tempo.is_some() || element.is("directive", "yes");
    let direction = Direction { staff, beat, placement: placement(element), system };
    for kind in element.named("direction-type") {
        for child in kind.children() {
            one(reading, child, direction, tempo.as_deref());
        }
    }
    if let Some(sound) = sound {
        super::direction::sound(reading, sound, beat, metronome);
    }
}

fn one(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, tempo: Option<&str>) {
    let Direction { beat, placement, .. } = direction;
    match element.name() {
        "words" => words(reading, element, direction),
        "dynamics" => {
            let anchor = reading.on_staff(direction.staff, beat);
            reading.mark(anchor, MarkKind::Dynamic(dynamic_letters(element)), placement);
        }
        "rehearsal" => reading.system_mark(beat, MarkKind::Rehearsal(element.text().to_owned()), placement),
        "segno" => reading.system_mark(beat, MarkKind::Segno, placement),
        "coda" => reading.system_mark(beat, MarkKind::Coda, placement),
        "metronome" => metronome(reading, element, direction, tempo),
        "wedge" => {
            let kind = match element.attribute("type").as_deref() {
                Some("diminuendo") => SpanKind::Diminuendo,
                _ => SpanKind::Crescendo,
            };
            line(reading, element, Family::Wedge, direction, kind);
        }
        "octave-shift" => octave_shift(reading, element, direction),
        "pedal" => pedal(reading, element, direction),
        "dashes" => line(reading, element, Family::Dashes, direction, SpanKind::Dashes),
        "bracket" => line(reading, element, Family::Bracket, direction, SpanKind::Bracket),
        other => reading.unsupported(&["direction-type", other], element),
    }
}

/// The letters of a dynamic: the names of its elements, or the text of those that have none, set apart by a blank.
pub(super) fn dynamic_letters(element: Element<'_, '_>) -> String {
    let mut letters = String::new();
    let mut text = false;
    for child in element.children() {
        let other = child.name() == "other-dynamics";
        if (text || other) && !letters.is_empty() {
            letters.push(' ');
        }
        letters.push_str(if other { child.text() } else { child.name() });
        text = other;
    }
    letters
}

fn words(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    let text = element.text();
    if text.is_empty() {
        return;
    }
    let size = element.number::<f64>("font-size").filter(|size| (1.0..=200.0).contains(size));
    let style = TextStyle {
        bold: element.is("font-weight", "bold"),
        italic: element.is("font-style", "italic"),
        size: size.map(|size| (size * 10.0).round() as u16),
        ..TextStyle::default()
    };
    let kind = MarkKind::Words(Words { text: text.to_owned() });
    let anchor =
        if direction.system { Anchor::System(reading.moment(direction.beat)) } else { reading.on_staff(direction.staff, direction.beat) };
    let mark = Mark { anchor, kind, placement: direction.placement, style, ..Mark::default() };
    if direction.system {
        reading.put_system_mark(direction.beat, mark);
    } else {
        reading.put_mark(mark);
    }
}

fn line(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, family: Family, direction: Direction, kind: SpanKind) {
    let name = SpanName { family, number: element.number("number").unwrap_or(1), voice: 0 };
    let anchor = reading.on_staff(direction.staff, direction.beat);
    let end = End { anchor, at: (reading.index, direction.beat), byte: element.byte() };
    let span = match element.attribute("type").as_deref() {
        Some("stop") => reading.part.spans.stop(name, end),
        Some("continue") => None,
        Some(_) => reading.part.spans.start(name, end, kind, direction.placement),
        None => {
            reading.import.report.invalid(&["direction-type", element.name()], element.byte());
            None
        }
    };
    reading.span(span);
}

/// `down` is 8va: the notes are written lower than they sound, and `pitch` is what sounds.
fn octave_shift(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    reading.octave_shift = true;
    let octaves = match element.number::<u8>("size").unwrap_or(8) {
        15 => 2,
        22 => 3,
        8 => 1,
        _ => {
            reading.import.report.repaired(&["octave-shift@size"], element.byte());
            1
        }
    };
    let shift = if element.is("type", "up") { -octaves } else { octaves };
    line(reading, element, Family::Ottava, direction, SpanKind::Ottava(shift));
}

fn pedal(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction) {
    let name = SpanName { family: Family::Pedal, number: element.number("number").unwrap_or(1), voice: 0 };
    let anchor = reading.on_staff(direction.staff, direction.beat);
    let end = End { anchor, at: (reading.index, direction.beat), byte: element.byte() };
    let kind = SpanKind::Pedal(element.is("line", "yes"));
    match element.attribute("type").as_deref() {
        Some("stop" | "discontinue") => {
            let span = reading.part.spans.stop(name, end);
            reading.span(span);
        }
        // A pedal that is pressed again was let go of first.
        Some("start" | "change" | "resume" | "sostenuto") => {
            if reading.part.spans.is_open(name) {
                let span = reading.part.spans.stop(name, end);
                reading.span(span);
            }
            let span = reading.part.spans.start(name, end, kind, direction.placement);
            reading.span(span);
        }
        Some("continue") => {}
        _ => reading.import.report.invalid(&["direction-type", "pedal"], element.byte()),
    }
}

fn metronome(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, tempo: Option<&str>) {
    let mut units: Vec<NoteValue> = Vec::new();
    let mut per_minute = "";
    for child in element.children() {
        match child.name() {
            "beat-unit" => units.extend(NoteBase::named(child.text()).map(|base| NoteValue::new(base, 0))),
            "beat-unit-dot" => {
                if let Some(unit) = units.last_mut() {
                    unit.dots = unit.dots.saturating_add(1).min(8);
                }
            }
            "per-minute" => per_minute = child.text(),
            other => reading.unsupported(&["metronome", other], child),
        }
    }
    let Some(beat) = units.first().copied() else { return };
    let printed_number = per_minute_of(per_minute);
    let played = tempo.and_then(per_minute_of).and_then(|quarters| beats_per_minute(quarters, beat));
    let mark = TempoMark {
        beat,
        per_minute: printed_number.or(played).or_else(|| first_number(per_minute)),
        text: if printed_number.is_some() { String::new() } else { per_minute.to_owned() },
        equals: units.get(1).copied(),
        parentheses: element.is("parentheses", "yes"),
        printed: !element.is("print-object", "no"),
    };
    reading.system_mark(direction.beat, MarkKind::Tempo(mark), direction.placement);
}

/// A positive number of beats a minute, as an exact fraction.
fn per_minute_of(text: &str) -> Option<(u32, u32)> {
    let (num, den) = number::fraction(text)?;
    Some((u32::try_from(num).ok().filter(|num| *num > 0)?, u32::try_from(den).ok()?))
}

/// The first number in a text such as “c. 108” or “60-66”.
fn first_number(text: &str) -> Option<(u32, u32)> {
    text.split(|c: char| !c.is_ascii_digit()).find(|digits| !digits.is_empty()).and_then(per_minute_of)
}

/// Quarter notes a minute as beats of another value.
fn beats_per_minute((num, den): (u32, u32), beat: NoteValue) -> Option<(u32, u32)> {
    let length = beat.length();
    let beats = Beat::checked_new(i64::from(num), i64::from(den))?.scale(length.denominator(), length.numerator().checked_mul(4)?);
    Some((u32::try_from(beats.numerator()).ok()?, u32::try_from(beats.denominator()).ok()?))
}

/// What is played differently from here on. `beat` is where it stands, `counted` whether a metronome mark beside it gives
/// the tempo already.
pub(super) fn sound(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, beat: Beat, counted: bool) {
    if let Some(per_minute) = element.attribute("tempo").filter(|_| !counted).and_then(|tempo| per_minute_of(&tempo)) {
        let beat_unit = NoteValue::new(NoteBase::Quarter, 0);
        let tempo = TempoMark {
            beat: beat_unit,
            per_minute: Some(per_minute),
            text: String::new(),
            equals: None,
            parentheses: false,
            printed: false,
        };
        reading.system_mark(beat, MarkKind::Tempo(tempo), Placement::Auto);
    }
    jumps(reading, element);
    for child in element.children() {
        if !matches!(child.name(), "midi-device" | "midi-instrument" | "offset") {
            reading.unsupported(&["sound", child.name()], child);
        }
    }
}

const JUMPS: [(&str, Jump); 6] = [
    ("segno", Jump::Segno),
    ("coda", Jump::Coda),
    ("tocoda", Jump::ToCoda),
    ("fine", Jump::Fine),
    ("dacapo", Jump::DaCapo),
    ("dalsegno", Jump::DalSegno),
];

/// Marks the jumps that a `sound` steers.
fn jumps(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) {
    for (name, jump) in JUMPS {
        let steers = element.attribute(name).is_some_and(|value| value != "no");
        if steers && let Some(column) = reading.column() {
            column.jump(jump);
        }
    }
}
