//! What is played: tempo, jumps, swing, instruments. MusicXML 4.0, `sound`.

use super::super::xml::Element;
use super::measure::MeasureReading;
use super::names::Named;
use super::tempo::per_minute_of;
use crate::model::*;

/// What is played differently from here on. `beat` is where it stands, `counted` whether a metronome mark beside it gives
/// the tempo already, `swung` whether one gives the swing.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, beat: Beat, counted: bool) {
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
        match child.name() {
            "swing" => swing(reading, child, beat),
            "instrument-change" => instrument_change(reading, child, beat),
            "midi-instrument" if child.has("midi-program") => reading.unsupported(&["sound", "midi-instrument", "midi-program"], child),
            "midi-device" | "midi-instrument" | "offset" => {}
            other => reading.unsupported(&["sound", other], child),
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
        if steers {
            reading.jump(jump);
        }
    }
}

/// Whether a `sound` says of itself where to go.
pub(super) fn steers(sound: Element<'_, '_>) -> bool {
    JUMPS.iter().any(|(name, _)| sound.attribute(name).is_some())
}

/// The jump that printed words ask for, whether or not anything in the file plays it.
pub(super) fn jump_of_words(text: &str) -> Option<Jump> {
    let spoken: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let says = |names: &[&str]| names.iter().any(|name| spoken.contains(name));
    let bare = spoken.trim_matches(|c: char| !c.is_alphanumeric());
    if says(&["d.c.", "dacapo"]) || matches!(bare, "dc" | "d.c" | "dcalfine" | "dcalcoda") {
        Some(Jump::DaCapo)
    } else if says(&["d.s.", "dalsegno"]) || matches!(bare, "ds" | "d.s" | "dsalfine" | "dsalcoda") {
        Some(Jump::DalSegno)
    } else if bare == "fine" {
        Some(Jump::Fine)
    } else {
        matches!(bare, "tocoda" | "alcoda" | "allacoda").then_some(Jump::ToCoda)
    }
}

/// MusicXML 4.0, `swing`.
fn swing(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, beat: Beat) {
    let part = |name: &str| element.number_of::<u8>(name).filter(|part| *part > 0);
    let unit = element.text_of("swing-type").and_then(NoteBase::named).unwrap_or(NoteBase::Eighth);
    let swing = match (part("first"), part("second")) {
        (Some(first), Some(second)) => Swing { first, second, unit },
        _ if element.has("straight") => Swing::STRAIGHT,
        _ => return reading.import.report.invalid(&["sound", "swing"], element.byte()),
    };
    let kind = MarkKind::Swing(swing);
    let anchor = Anchor::System(reading.moment(beat));
    // Where it is printed too, what is printed has been read before this.
    reading.put_system_mark(beat, Mark { anchor, kind, visible: false, ..Mark::default() });
}

/// MusicXML 4.0, `instrument-change`: the instruments of a part may change their sound; here a part changes its instrument.
fn instrument_change(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, beat: Beat) {
    let id = element.attribute("id").or_else(|| element.child("score-instrument")?.attribute("id")).unwrap_or_default().into_owned();
    let sound = element.text_of("instrument-sound").unwrap_or_default();
    match reading.part.record.instruments.iter().find(|instrument| instrument.key == id) {
        Some(known) if !sound.is_empty() && known.sound != sound => {
            reading.unsupported(&["instrument-change", "instrument-sound"], element)
        }
        Some(_) => {}
        None => {
            let (key, sound) = (id.clone(), sound.to_owned());
            let new = Instrument { key, name: String::new(), program: None, channel: None, unpitched: None, sound };
            if reading.part.record.instruments.len() < 1000 {
                reading.part.record.instruments.push(new);
            }
        }
    }
    reading.instrument_change(beat).key = id;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ask_for_jumps() {
        for (text, jump) in [
            ("D.C.", Some(Jump::DaCapo)),
            ("D. C. al Fine", Some(Jump::DaCapo)),
            ("Menuetto D.C.", Some(Jump::DaCapo)),
            ("Da Capo", Some(Jump::DaCapo)),
            ("D.S. al Coda", Some(Jump::DalSegno)),
            ("Dal Segno", Some(Jump::DalSegno)),
            ("Fine.", Some(Jump::Fine)),
            ("(FINE)", Some(Jump::Fine)),
            ("To Coda", Some(Jump::ToCoda)),
            ("Coda", None),
            ("cresc. al fine", None),
            ("Finale", None),
            ("", None),
        ] {
            assert_eq!(jump_of_words(text), jump, "{text}");
        }
    }
}
