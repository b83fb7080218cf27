//! The selection in words: note, value, measure and beat, then what is attached, each once.

use std::collections::BTreeSet;

use bandpro_notation::edit::{self, Selection};
use bandpro_notation::model::{Anchor, Articulation, Beat, Event, EventId, LyricPiece, MarkKind, NoteValue, Pitch, Score, SpanKind};

use crate::commands;
use crate::texts::{Arg, Texts};

/// The marks that toggle commands switch, by the command's id.
const MARKS: &[(&str, Articulation)] = &[
    ("staccato", Articulation::Staccato),
    ("tenuto", Articulation::Tenuto),
    ("accent", Articulation::Accent),
    ("marcato", Articulation::StrongAccent),
];

/// The ids of the toggle commands whose mark the event carries.
pub fn active_marks(score: &Score, event: EventId) -> Vec<&'static str> {
    let has = |wanted: Articulation| edit::has_mark(score, event, |kind| *kind == MarkKind::Articulation(wanted));
    let mut active: Vec<_> = MARKS.iter().filter(|(_, articulation)| has(*articulation)).map(|(id, _)| *id).collect();
    if edit::has_mark(score, event, |kind| matches!(kind, MarkKind::Fermata(_))) {
        active.push("fermata");
    }
    let starts = |anchor: Anchor| score.anchor_event(anchor) == Some(event);
    let notes = score.notes_of(event);
    let on_notes = notes.iter().flat_map(|(id, _)| score.spans_of_note(*id));
    if score.spans_of(event).chain(on_notes).any(|(_, span)| span.kind == SpanKind::Slur && starts(span.start)) {
        active.push("slur");
    }
    active
}

/// A value in words.
pub fn value(texts: &Texts, value: NoteValue) -> String {
    let plain = texts.text(&format!("value-{}", commands::value_name(value.base)));
    match value.dots {
        0 => plain,
        dots => texts.with("value-dotted", &[("dots", Arg::Count(u64::from(dots))), ("value", Arg::Text(&plain))]),
    }
}

/// A pitch in words.
pub fn pitch(texts: &Texts, pitch: Pitch) -> String {
    let (step, octave) = (pitch.step.letter().to_string(), pitch.octave.to_string());
    let args = [("step", Arg::Text(&step)), ("octave", Arg::Text(&octave))];
    match pitch.alter.whole() {
        Some(0) => texts.with("spoken-pitch", &args),
        whole => {
            let key = whole.filter(|alter| alter.abs() <= 2).map_or("other".to_owned(), |alter| alter.to_string());
            let alter = texts.text(&format!("spoken-alter-{key}"));
            texts.with("spoken-pitch-altered", &[args[0], args[1], ("alter", Arg::Text(&alter))])
        }
    }
}

/// The beat an event starts on, counted as the time signature counts, from 1: `2`, `2½`, `1+1/3`.
pub fn beat(score: &Score, event: &Event) -> String {
    let position = score.measure_position(event.time.measure).unwrap_or_default();
    let unit = score.time_at(position).groups.first().map_or(4, |(_, unit)| i64::from((*unit).max(1)));
    let counted = event.time.onset.scale(unit, 1);
    let whole = counted.numerator().div_euclid(counted.denominator());
    let rest = counted - Beat::new(whole, 1);
    let sign = match (rest.numerator(), rest.denominator()) {
        (0, _) => return (whole + 1).to_string(),
        (1, 2) => "½",
        (1, 4) => "¼",
        (3, 4) => "¾",
        (1, 3) => "⅓",
        (2, 3) => "⅔",
        (num, den) => return format!("{}+{num}/{den}", whole + 1),
    };
    format!("{}{sign}", whole + 1)
}

/// The voice as a musician counts it: from 1 on its staff, whatever numbers a file gave the voices of a part.
pub fn voice(score: &Score, event: &Event) -> u8 {
    let events = score.measure_order().iter().flat_map(|measure| score.events_in(*measure, event.part));
    let lower = events.filter(|(_, other)| other.staff == event.staff && other.voice < event.voice).map(|(_, other)| other.voice);
    let lower: BTreeSet<u8> = lower.collect();
    u8::try_from(lower.len()).map_or(u8::MAX, |lower| lower.saturating_add(1))
}

/// The number that is printed for a measure; its place in the score where none is.
pub fn measure_label(score: &Score, event: &Event) -> String {
    let printed = score.measure(event.time.measure).map(|measure| measure.number.clone()).filter(|number| !number.is_empty());
    printed.unwrap_or_else(|| (score.measure_position(event.time.measure).unwrap_or_default() + 1).to_string())
}

/// The whole announcement.
pub fn selection(score: &Score, texts: &Texts, selection: Selection) -> String {
    let Some((id, event)) = selection.event(score).and_then(|id| Some((id, score.event(id)?))) else {
        return texts.text("spoken-nothing");
    };
    let mut said = vec![sound(score, texts, selection, id, event)];
    let label = measure_label(score, event);
    said.push(texts.with("spoken-measure", &[("measure", Arg::Text(&label))]));
    let beat = beat(score, event);
    said.push(texts.with("spoken-beat", &[("beat", Arg::Text(&beat))]));
    let voice = voice(score, event);
    if voice > 1 {
        let voice = voice.to_string();
        said.push(texts.with("spoken-voice", &[("voice", Arg::Text(&voice))]));
    }
    if score.notes_of(id).iter().any(|(_, note)| note.tie_next) {
        said.push(texts.text("spoken-tied"));
    }
    said.extend(active_marks(score, id).into_iter().map(|mark| texts.text(&format!("mark-{mark}"))));
    said.extend(dynamics(score, event));
    for (_, lyric) in score.lyrics_of(id).into_iter().take(1) {
        let text: String = lyric.text.iter().map(|(LyricPiece::Text(text, _) | LyricPiece::Elision(text))| text.as_str()).collect();
        said.push(texts.with("spoken-lyric", &[("text", Arg::Text(&text))]));
    }
    said.join(&texts.text("list-separator"))
}

/// A range in words: how many notes and rests, from where to where.
pub fn range(score: &Score, texts: &Texts, range: &[EventId]) -> String {
    let place = |event: Option<&EventId>| {
        event.and_then(|event| score.event(*event)).map(|event| (measure_label(score, event), beat(score, event)))
    };
    let (Some(from), Some(to)) = (place(range.first()), place(range.last())) else { return texts.text("spoken-nothing") };
    let args = [
        ("count", Arg::from(range.len())),
        ("measure", Arg::Text(&from.0)),
        ("beat", Arg::Text(&from.1)),
        ("lastMeasure", Arg::Text(&to.0)),
        ("lastBeat", Arg::Text(&to.1)),
    ];
    texts.with("spoken-range", &args)
}

/// What it is and how long: `F sharp 4, quarter`, `half rest`.
fn sound(score: &Score, texts: &Texts, selection: Selection, id: EventId, event: &Event) -> String {
    let length = event.time.value.map(|written| value(texts, written));
    let notes = score.notes_of(id);
    let name =
        |note: &bandpro_notation::model::Note| note.pitch.pitch().map_or_else(|| texts.text("spoken-unpitched"), |of| pitch(texts, of));
    let separator = texts.text("list-separator");
    let what = match (selection.note(score).and_then(|id| score.note(id)), &notes[..]) {
        (Some(note), _) => name(note),
        (None, []) => {
            return match length {
                Some(length) => texts.with("spoken-rest", &[("value", Arg::Text(&length))]),
                None => texts.text("spoken-measure-rest"),
            };
        }
        (None, [(_, only)]) => name(only),
        (None, many) => {
            let names = many.iter().map(|(_, note)| name(note)).collect::<Vec<_>>().join(" ");
            texts.with("spoken-chord", &[("count", Arg::from(many.len())), ("notes", Arg::Text(&names))])
        }
    };
    let grace = event.grace.map(|_| texts.text("spoken-grace"));
    let (actual, normal) = event.time.ratio;
    let tuplet = (actual != normal).then(|| texts.with("spoken-in-tuplet", &[("count", Arg::Count(u64::from(actual)))]));
    [Some(what), length, grace, tuplet].into_iter().flatten().collect::<Vec<_>>().join(&separator)
}

fn dynamics(score: &Score, event: &Event) -> Vec<String> {
    let here = |anchor: Anchor| match anchor {
        Anchor::Staff(part, staff, at) => {
            part == event.part && staff.is_none_or(|staff| staff == event.staff) && at.beat == event.time.onset
        }
        _ => false,
    };
    let marks = score.marks_in(event.time.measure).filter(|(_, mark)| here(mark.anchor));
    let letters = |kind: &MarkKind| if let MarkKind::Dynamic(letters) = kind { Some(letters.clone()) } else { None };
    marks.filter_map(|(_, mark)| letters(&mark.kind)).collect()
}
