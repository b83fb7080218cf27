//! Tempo: metronome marks. MusicXML 4.0, `metronome`.

use super::super::xml::Element;
use super::direction::Direction;
use super::measure::MeasureReading;
use super::names::Named;
use super::{looks, number};
use crate::model::*;

/// Reads a metronome mark; `tempo` is what is played, where a `sound` beside it says so.
pub(super) fn metronome(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, direction: Direction, tempo: Option<&str>) {
    let (beat_at, placement) = (direction.beat, direction.placement);
    if element.has("metronome-note") {
        return relation(reading, element, (beat_at, placement));
    }
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
        parentheses: direction.in_parentheses || element.is("parentheses", "yes"),
        printed: looks::visible(element),
    };
    let anchor = Anchor::System(reading.moment(beat_at));
    let (style, colour) = (looks::style(element), looks::colour(element));
    reading.put_system_mark(beat_at, Mark { anchor, kind: MarkKind::Tempo(mark), placement, style, colour, ..Mark::default() });
}

/// One side of a relation: values, and what of a tuplet each is.
type Side = Vec<(NoteBase, u8, Option<(u16, u16)>)>;

/// A relation between groups of notes. The one that means swing is read as such: two eighths (or sixteenths) are a quarter and
/// an eighth (or half of each) of a triplet.
fn relation(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, (beat, placement): (Beat, Placement)) {
    let mut sides: [Side; 2] = [Vec::new(), Vec::new()];
    let mut right = false;
    for child in element.children() {
        match child.name() {
            "metronome-note" => {
                let base = child.text_of("metronome-type").and_then(NoteBase::named);
                let dots = child.named("metronome-dot").count().min(8) as u8;
                let tuplet = child
                    .child("metronome-tuplet")
                    .and_then(|tuplet| Some((tuplet.number_of::<u16>("actual-notes")?, tuplet.number_of::<u16>("normal-notes")?)));
                if let (Some(base), Some(side)) = (base, sides.get_mut(usize::from(right)).filter(|side| side.len() < 8)) {
                    side.push((base, dots, tuplet));
                }
            }
            "metronome-relation" => right = true,
            _ => {}
        }
    }
    match swing_of(&sides) {
        Some(swing) => reading.system_mark(beat, MarkKind::Swing(swing), placement),
        None => reading.unsupported(&["metronome", "metronome-note"], element),
    }
}

fn swing_of([straight, swung]: &[Side; 2]) -> Option<Swing> {
    let [(unit, 0, None), (same, 0, None)] = straight.as_slice() else { return None };
    let [(first, first_dots, Some((3, 2))), (second, 0, _)] = swung.as_slice() else { return None };
    let twice = |base: NoteBase| NoteValue::of_length(base.length().scale(2, 1)).map(|value| value.base);
    let fits = unit == same && unit == second && *first_dots == 0 && twice(*second) == Some(*first);
    (fits && matches!(unit, NoteBase::Eighth | NoteBase::N16th)).then_some(Swing { first: 2, second: 1, unit: *unit })
}

/// A positive number of beats a minute, as an exact fraction.
pub(super) fn per_minute_of(text: &str) -> Option<(u32, u32)> {
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
