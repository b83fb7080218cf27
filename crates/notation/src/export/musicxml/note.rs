//! Notes, chords and rests. MusicXML 4.0, `note`.

use super::attributes::decimal;
use super::looks::Looks;
use super::measure::PartLane;
use super::xml::{Attribute, Xml};
use super::{Writing, lyrics, notations};
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes an event: the notes of a chord from low to high, or a rest.
pub(super) fn write(writing: &mut Writing<'_>, lane: &mut PartLane<'_>, id: EventId, event: &Event) {
    let mut notes = writing.score.notes_of(id);
    // The first note tells how long the event is and which staff it is on.
    notes.sort_by_key(|(_, note)| (note.duration.is_some(), note.staff.is_some()));
    if notes.is_empty() {
        write_note(writing, lane, (id, event), None, true);
    }
    for (at, (note_id, note)) in notes.into_iter().enumerate() {
        write_note(writing, lane, (id, event), Some((note_id, note)), at == 0);
    }
}

fn write_note(
    writing: &mut Writing<'_>,
    lane: &mut PartLane<'_>,
    (id, event): (EventId, &Event),
    note: Option<(NoteId, &Note)>,
    first: bool,
) {
    let visible = event.visible && note.is_none_or(|(_, note)| note.visible);
    let colour = note.map_or(event.colour, |(_, note)| note.colour);
    writing.xml.open("note", &Looks::of(visible, colour).attributes());
    let kept = duration_and_pitch(writing, lane, event, note, first);
    if let Some((_, note)) = note
        && let Some(key) = &note.instrument
        && let Some(name) = writing.instruments.get(&(lane.id, key.clone()))
    {
        writing.xml.empty("instrument", &[("id", name)]);
    }
    appearance(writing, lane, (id, event), note, first);
    notations::write(writing, (id, event), note, first);
    for (_, lyric) in writing.score.lyrics_of(id) {
        let here = match (lyric.note, note) {
            (Some(on), Some((note, _))) => on == note || first && writing.score.note(on).is_none_or(|on| on.event != id),
            (Some(_), None) | (None, _) => first,
        };
        if here {
            lyrics::write(&mut writing.xml, lyric);
        }
    }
    writing.xml.close();
    if first {
        lane.pass(kept);
    }
}

/// Writes what a note is and how long; gives the divisions that it takes.
fn duration_and_pitch(writing: &mut Writing<'_>, lane: &PartLane<'_>, event: &Event, note: Option<(NoteId, &Note)>, first: bool) -> i64 {
    let note = note.map(|(_, note)| note);
    let duration = note.and_then(|note| note.duration).unwrap_or(event.time.duration);
    let divisions = if event.grace.is_some() { 0 } else { lane.divisions.count(duration).max(0) };
    let ties = [("stop", note.is_some_and(|note| note.tie_previous)), ("start", note.is_some_and(|note| note.tie_next))];
    if let Some(grace) = event.grace {
        let slash: &[Attribute<'_>] = if grace.slash { &[("slash", "yes")] } else { &[] };
        writing.xml.empty("grace", slash);
    }
    if event.cue {
        writing.xml.empty("cue", &[]);
    }
    if !first {
        writing.xml.empty("chord", &[]);
    }
    match note {
        None => write_rest(&mut writing.xml, event.rest),
        Some(note) => write_pitch(&mut writing.xml, note.pitch),
    }
    if event.grace.is_none() {
        writing.xml.number("duration", divisions);
        if divisions == 0 {
            writing.lose("notes that take no time, which the schema of MusicXML does not allow");
        }
    }
    // A cue has no place for ties: that they are drawn says the same.
    for (kind, _) in ties.iter().filter(|(_, tied)| *tied && !event.cue) {
        writing.xml.empty("tie", &[("type", kind)]);
    }
    divisions
}

fn write_rest(xml: &mut Xml, rest: RestDisplay) {
    let measure: &[Attribute<'_>] = if rest.measure { &[("measure", "yes")] } else { &[] };
    match rest.position {
        None => xml.empty("rest", measure),
        Some(position) => {
            xml.open("rest", measure);
            xml.text("display-step", &[], &position.step.letter().to_string());
            xml.number("display-octave", position.octave);
            xml.close();
        }
    }
}

fn write_pitch(xml: &mut Xml, pitch: NotePitch) {
    match pitch {
        NotePitch::Pitched(pitch) => {
            xml.open("pitch", &[]);
            xml.text("step", &[], &pitch.step.letter().to_string());
            if pitch.alter != Alter::NATURAL {
                xml.text("alter", &[], &decimal(pitch.alter));
            }
            xml.number("octave", pitch.octave);
            xml.close();
        }
        NotePitch::Unpitched(None) => xml.empty("unpitched", &[]),
        NotePitch::Unpitched(Some(position)) => {
            xml.open("unpitched", &[]);
            xml.text("display-step", &[], &position.step.letter().to_string());
            xml.number("display-octave", position.octave);
            xml.close();
        }
    }
}

/// Voice, value, accidental, stem, head, staff and beams.
fn appearance(writing: &mut Writing<'_>, lane: &PartLane<'_>, (id, event): (EventId, &Event), note: Option<(NoteId, &Note)>, first: bool) {
    let xml = &mut writing.xml;
    xml.number("voice", event.voice);
    if let Some(value) = event.time.value.filter(|_| note.is_some() || !event.rest.measure) {
        let size: &[Attribute<'_>] = if event.small { &[("size", "cue")] } else { &[] };
        xml.text("type", size, value.base.name());
        for _ in 0..value.dots {
            xml.empty("dot", &[]);
        }
    }
    if let Some((id, note)) = note
        && let Some(sign) = lane.signs.of(id)
    {
        write_accidental(xml, sign, &note.accidental_glyph);
    }
    if event.time.ratio != (1, 1) {
        xml.open("time-modification", &[]);
        xml.number("actual-notes", event.time.ratio.0);
        xml.number("normal-notes", event.time.ratio.1);
        xml.close();
    }
    let stem = Looks::default().colour(event.colour.filter(|_| note.is_some()));
    xml.optional("stem", &stem.attributes(), event.stem.name());
    if let Some((_, note)) = note {
        write_head(xml, note);
    }
    let staff = note.and_then(|(_, note)| note.staff).unwrap_or(event.staff);
    if let Some(staff) = lane.staff_to_name(staff) {
        xml.number("staff", staff);
    }
    let beams = event.beams.as_ref().or_else(|| lane.beams.get(&id));
    for (level, role) in beams.into_iter().flatten().take(8).enumerate().filter(|_| first) {
        let fan = event.fan.filter(|_| level == 0).map_or("", Named::name);
        let looks = Looks::default().with("number", (level + 1).to_string()).named("fan", fan);
        xml.text("beam", &looks.attributes(), role.name());
    }
    if first && event.fan.is_some() && beams.is_none_or(Vec::is_empty) {
        writing.lose("a beam that spreads, of a note without a beam");
    }
    if first && note.is_some() && event.colour.is_some() && event.stem == StemDirection::Auto {
        writing.lose("the colour of a stem whose direction is left to the rules");
    }
}

fn write_head(xml: &mut Xml, note: &Note) {
    let looks = Looks::default().flag("parentheses", note.parentheses).named("smufl", &note.glyph);
    let looks = looks.named("filled", note.filled.map_or("", |filled| if filled { "yes" } else { "no" }));
    let looks = looks.attributes();
    if note.head != Notehead::Normal || !looks.is_empty() {
        xml.text("notehead", &looks, note.head.name());
    }
}

fn write_accidental(xml: &mut Xml, accidental: PrintedAccidental, glyph: &str) {
    let PrintedAccidental { sign, parentheses, bracket, cautionary, editorial } = accidental;
    let flags = [("cautionary", cautionary), ("editorial", editorial), ("parentheses", parentheses), ("bracket", bracket)];
    let looks = flags.into_iter().fold(Looks::default(), |looks, (name, set)| looks.flag(name, set)).named("smufl", glyph);
    xml.text("accidental", &looks.attributes(), sign.name());
}
