//! Notes, chords and rests. MusicXML 4.0, `note`.

use std::collections::HashSet;

use super::super::xml::Element;
use super::super::{Bound, ImportError, TextPlace};
use super::measure::{FARTHEST, MeasureReading};
use super::names::Named;
use super::state::storable;
use super::{looks, lyrics, notations, number};
use crate::model::*;

/// Notes of one chord, far beyond ten fingers: more start an event of their own at the same place.
const MAX_CHORD: usize = 1000;

/// A note that waits for the end of its measure.
pub(super) struct PendingNote {
    pub(super) id: NoteId,
    pub(super) note: Note,
    /// The place of its event among the measure's.
    pub(super) event: usize,
    pub(super) onset: Beat,
    pub(super) staff: u8,
    /// The accidental as the file has it.
    pub(super) printed: Option<PrintedAccidental>,
    /// Whether it is a cue, and whether it is small.
    cue: bool,
    small: bool,
    /// Ties that are drawn although nothing says that they sound: from the note before, and to the next.
    pub(super) drawn_ties: (bool, bool),
}

/// The children of a `note` element that are there at most once.
#[derive(Default)]
struct Children<'t, 'a> {
    grace: Option<Element<'t, 'a>>,
    chord: bool,
    cue: bool,
    pitch: Option<Element<'t, 'a>>,
    unpitched: Option<Element<'t, 'a>>,
    rest: Option<Element<'t, 'a>>,
    voice: Option<Element<'t, 'a>>,
    kind: Option<Element<'t, 'a>>,
    accidental: Option<Element<'t, 'a>>,
    modification: Option<Element<'t, 'a>>,
    stem: Option<Element<'t, 'a>>,
    head: Option<Element<'t, 'a>>,
    instrument: Option<Element<'t, 'a>>,
    dots: u8,
    tie_start: bool,
    tie_stop: bool,
    let_ring: bool,
}

/// Reads a note.
pub(super) fn read(
    reading: &mut MeasureReading<'_, '_>,
    element: Element<'_, '_>,
    place: &impl Fn(usize) -> TextPlace,
) -> Result<(), ImportError> {
    let max = reading.import.limits.notes;
    if reading.import.notes >= max {
        return Err(ImportError::TooLarge { bound: Bound::Notes, max: max as u64, place: Some(place(element.byte())) });
    }
    reading.import.notes += 1;

    let children = children(reading, element);
    let duration = if children.grace.is_some() { Beat::ZERO } else { reading.duration(element).unwrap_or(Beat::ZERO) };
    if !children.chord {
        reading.onset = reading.cursor;
    }
    let duration = storable(duration.min(FARTHEST - reading.onset));
    if !children.chord {
        reading.cursor = storable(reading.cursor + duration);
    }
    reading.reach(reading.onset + duration);
    let staff = reading.staff(element);

    let is_note = children.pitch.is_some() || children.unpitched.is_some();
    let event = match chord_of(reading, &children, is_note) {
        Some(event) => event,
        None => new_event(reading, element, &children, duration, staff),
    };
    let note = is_note.then(|| new_note(reading, element, &children, event, duration, staff));
    if let Some(id) = reading.events.get(event).map(|(id, _)| *id) {
        lyrics::read(reading, element, event, id, note);
        notations::read(reading, element, event, id, note);
    }
    Ok(())
}

fn children<'t, 'a>(reading: &mut MeasureReading<'_, '_>, element: Element<'t, 'a>) -> Children<'t, 'a> {
    let mut children = Children::default();
    for child in element.children() {
        let slot = match child.name() {
            "grace" => &mut children.grace,
            "pitch" => &mut children.pitch,
            "unpitched" => &mut children.unpitched,
            "rest" => &mut children.rest,
            "voice" => &mut children.voice,
            "type" => &mut children.kind,
            "accidental" => &mut children.accidental,
            "time-modification" => &mut children.modification,
            "stem" => &mut children.stem,
            "notehead" => &mut children.head,
            "instrument" => &mut children.instrument,
            "chord" => {
                children.chord = true;
                continue;
            }
            "cue" => {
                children.cue = true;
                continue;
            }
            "dot" => {
                children.dots = children.dots.saturating_add(1).min(8);
                continue;
            }
            "tie" => {
                children.tie_start |= child.is("type", "start");
                children.tie_stop |= child.is("type", "stop");
                children.let_ring |= child.is("type", "let-ring");
                continue;
            }
            "duration" | "staff" | "beam" | "notations" | "lyric" | "footnote" | "level" => continue,
            "notehead-text" | "play" | "listen" => {
                reading.unsupported(&["note", child.name()], child);
                continue;
            }
            other => {
                reading.import.report.invalid(&["note", other], child.byte());
                continue;
            }
        };
        slot.get_or_insert(child);
    }
    children
}

/// The event that a chord note joins. One that has nothing to join starts an event of its own at the same place.
fn chord_of(reading: &MeasureReading<'_, '_>, children: &Children<'_, '_>, is_note: bool) -> Option<usize> {
    let at = reading.current.filter(|_| children.chord && is_note)?;
    let (_, event) = reading.events.get(at)?;
    let joins = event.grace.is_some() == children.grace.is_some()
        && reading.notes.last().is_some_and(|note| note.event == at)
        && reading.notes.iter().rev().nth(MAX_CHORD).is_none_or(|note| note.event != at);
    joins.then_some(at)
}

fn new_event(
    reading: &mut MeasureReading<'_, '_>,
    element: Element<'_, '_>,
    children: &Children<'_, '_>,
    duration: Beat,
    staff: u8,
) -> usize {
    let voice = reading.part.voice(children.voice.map_or("1", Element::text));
    let ratio = ratio(reading, children);
    let (value, rest) = value_and_rest(reading, children, duration, ratio);
    let time = EventTime { measure: reading.id, onset: reading.onset, duration, value, ratio };
    let grace = children.grace.map(|grace| Grace {
        slash: grace.is("slash", "yes"),
        order: grace_order(&reading.events, voice, reading.onset),
        after: false,
    });
    let event = Event {
        part: reading.part.id,
        staff,
        voice,
        time,
        grace,
        stem: children.stem.and_then(|stem| StemDirection::named(stem.text())).unwrap_or_default(),
        beams: beams(reading, element, value),
        rest,
        fan: element.named("beam").find_map(|beam| BeamFan::named(&beam.attribute("fan")?)),
        cue: children.cue,
        small: is_small(children),
        visible: looks::visible(element),
        colour: match children.rest {
            Some(_) => looks::colour(element),
            None => children.stem.and_then(looks::colour),
        },
    };
    let id = reading.import.ids.next();
    reading.events.push((id, event));
    reading.marked.clear();
    let at = reading.events.len() - 1;
    reading.current = Some(at);
    at
}

fn is_small(children: &Children<'_, '_>) -> bool {
    children.kind.is_some_and(|kind| kind.is("size", "cue") || kind.is("size", "grace-cue"))
}

/// The place of a grace note after those that its voice already has at this onset.
fn grace_order(events: &[(EventId, Event)], voice: u8, onset: Beat) -> u16 {
    let last = events.iter().rev().map(|(_, event)| event).find(|event| event.voice == voice);
    last.filter(|event| event.time.onset == onset).and_then(|event| event.grace).map_or(0, |grace| grace.order.saturating_add(1))
}

fn ratio(reading: &mut MeasureReading<'_, '_>, children: &Children<'_, '_>) -> (u16, u16) {
    let Some(modification) = children.modification else { return (1, 1) };
    let number = |name: &str| modification.number_of::<u16>(name).filter(|n| *n > 0);
    match (number("actual-notes"), number("normal-notes")) {
        (Some(actual), Some(normal)) => (actual, normal),
        _ => {
            reading.import.report.invalid(&["note", "time-modification"], modification.byte());
            (1, 1)
        }
    }
}

/// The written value and, for a rest, how it is shown. Without a `type`, the value that the duration makes.
fn value_and_rest(
    reading: &mut MeasureReading<'_, '_>,
    children: &Children<'_, '_>,
    duration: Beat,
    ratio: (u16, u16),
) -> (Option<NoteValue>, RestDisplay) {
    let derived = NoteValue::of_length(duration.scale(i64::from(ratio.0), i64::from(ratio.1)));
    let written = children.kind.and_then(|kind| {
        let base = NoteBase::named(kind.text());
        if base.is_none() {
            reading.import.report.invalid(&["note", "type"], kind.byte());
        }
        base
    });
    let value = written.map(|base| NoteValue::new(base, children.dots)).or(derived);
    let Some(rest) = children.rest else { return (value, RestDisplay::default()) };
    let nominal = reading.part.nominal.unwrap_or(Some(Beat::WHOLE));
    let fills = children.kind.is_none() && reading.onset.is_zero() && Some(duration) == nominal;
    let measure = children.grace.is_none() && (rest.is("measure", "yes") || fills);
    let position = position(rest, "display-step", "display-octave");
    (value.filter(|_| !measure), RestDisplay { measure, position })
}

fn position(element: Element<'_, '_>, step: &str, octave: &str) -> Option<StaffPosition> {
    let step = element.text_of(step)?.chars().next().and_then(Step::from_letter)?;
    Some(StaffPosition { step, octave: element.number_of(octave)? })
}

fn beams(reading: &MeasureReading<'_, '_>, element: Element<'_, '_>, value: Option<NoteValue>) -> Option<Vec<BeamRole>> {
    if !reading.import.beamed || value.is_none_or(|value| value.base.flags() == 0) || element.has("rest") && !element.has("beam") {
        return None;
    }
    let mut levels: Vec<(u8, BeamRole)> = Vec::new();
    for beam in element.named("beam").take(8) {
        if let Some(role) = BeamRole::named(beam.text()) {
            levels.push((beam.number("number").unwrap_or(1), role));
        }
    }
    levels.sort_by_key(|(level, _)| *level);
    Some(levels.into_iter().map(|(_, role)| role).collect())
}

fn new_note(
    reading: &mut MeasureReading<'_, '_>,
    element: Element<'_, '_>,
    children: &Children<'_, '_>,
    event: usize,
    duration: Beat,
    staff: u8,
) -> NoteId {
    let Some((event_id, of)) = reading.events.get(event) else { return NoteId::from_raw(0) };
    let first = reading.part.record.instruments.first().map(|instrument| instrument.key.as_str());
    let instrument = children.instrument.and_then(|instrument| instrument.attribute("id"));
    let note = Note {
        event: *event_id,
        staff: (staff != of.staff).then_some(staff),
        tie_next: children.tie_start,
        tie_previous: children.tie_stop,
        let_ring: children.let_ring,
        head: children.head.and_then(|head| Notehead::named(head.text())).unwrap_or_default(),
        glyph: children.head.map(looks::glyph).unwrap_or_default(),
        filled: children.head.and_then(|head| head.attribute("filled")).map(|filled| filled == "yes"),
        accidental_glyph: children.accidental.map(looks::glyph).unwrap_or_default(),
        visible: looks::visible(element),
        colour: looks::colour(element).or_else(|| children.head.and_then(looks::colour)),
        parentheses: children.head.is_some_and(|head| head.is("parentheses", "yes")),
        instrument: instrument.filter(|id| Some(id.as_ref()) != first).map(Into::into),
        duration: (duration != of.time.duration).then_some(duration),
        ..Note::default()
    };
    let onset = of.time.onset;
    let pitch = note_pitch(reading, element, children);
    let printed = children.accidental.and_then(|accidental| printed_accidental(reading, accidental));
    let id = reading.import.ids.next();
    let (cue, small) = (children.cue, is_small(children));
    let note = Note { pitch, ..note };
    reading.notes.push(PendingNote { id, note, event, onset, staff, printed, cue, small, drawn_ties: (false, false) });
    id
}

fn note_pitch(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, children: &Children<'_, '_>) -> NotePitch {
    let Some(pitch) = children.pitch else {
        return NotePitch::Unpitched(children.unpitched.and_then(|at| position(at, "display-step", "display-octave")));
    };
    let alter = match pitch.text_of("alter") {
        None => Some(Alter::NATURAL),
        Some(text) => number::fraction(text).and_then(|(num, den)| Alter::fraction(num, den)),
    };
    match (position(pitch, "step", "octave"), alter) {
        (Some(StaffPosition { step, octave }), Some(alter)) => NotePitch::Pitched(Pitch { step, alter, octave }),
        (at, _) => {
            reading.import.report.invalid(&["note", "pitch"], element.byte());
            NotePitch::Unpitched(at)
        }
    }
}

fn printed_accidental(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>) -> Option<PrintedAccidental> {
    let sign = AccidentalSign::named(element.text());
    if sign.is_none() {
        reading.unsupported(&["note", "accidental", element.text()], element);
    }
    Some(PrintedAccidental {
        sign: sign?,
        parentheses: element.is("parentheses", "yes"),
        bracket: element.is("bracket", "yes"),
        cautionary: element.is("cautionary", "yes"),
        editorial: element.is("editorial", "yes"),
    })
}

/// A chord is hidden, small or a cue where all of its notes are.
pub(super) fn settle_chords(reading: &mut MeasureReading<'_, '_>) {
    if reading.notes.iter().all(|pending| pending.note.visible && !pending.cue && !pending.small) {
        return;
    }
    // Of each event: whether a note is shown, one is no cue, one is not small.
    let mut any = vec![(false, false, false); reading.events.len()];
    for pending in &reading.notes {
        if let Some(any) = any.get_mut(pending.event) {
            *any = (any.0 || pending.note.visible, any.1 || !pending.cue, any.2 || !pending.small);
        }
    }
    let mut mixed = false;
    for pending in &mut reading.notes {
        let (shown, full, large) = any.get(pending.event).copied().unwrap_or((true, true, true));
        pending.note.visible |= !shown;
        mixed |= pending.cue && full || pending.small && large;
        if let Some((_, event)) = reading.events.get_mut(pending.event) {
            (event.visible, event.cue, event.small) = (shown, !full, !large);
        }
        // A cue has no `tie`: what is drawn is what there is.
        if !full {
            pending.note.tie_previous |= pending.drawn_ties.0;
            pending.note.tie_next |= pending.drawn_ties.1;
        }
    }
    if mixed {
        reading.import.report.unsupported(&["note", "small or cue in a chord of full notes"], 0);
    }
}

/// Grace notes that lead to nothing in their voice follow what is before them (Gould, "Behind Bars", Grace notes:
/// "after-notes").
pub(super) fn settle_grace(events: &mut [(EventId, Event)]) {
    if events.iter().all(|(_, event)| event.grace.is_none()) {
        return;
    }
    let mains = || events.iter().map(|(_, event)| event).filter(|event| event.grace.is_none());
    let starts: HashSet<(u8, Beat)> = mains().map(|event| (event.voice, event.time.onset)).collect();
    let ends: HashSet<(u8, Beat)> = mains().map(|event| (event.voice, event.time.end())).collect();
    for (_, event) in events {
        let at = (event.voice, event.time.onset);
        if let Some(grace) = &mut event.grace {
            grace.after = !starts.contains(&at) && ends.contains(&at);
        }
    }
}
