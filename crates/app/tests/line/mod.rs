//! One line of text notation for one voice: `[C4]/4 E4+G4/8. r/16 D4~/4{staccato} | R`.
//!
//! Measures are separated by `|`; an event is its notes joined by `+` (or `r`), a slash and its value (`4`, `8.`); `R` is a rest
//! for the measure. `[…]` is selected, `~` after a note ties it, `{…}` lists marks, `"…"` is sung. A line may start with its
//! time signature and a colon: `3/4: …`.

use bandpro_app::AppError;
use bandpro_app::desk::{Desk, Document};
use bandpro_notation::edit::{Edit, Selection};
use bandpro_notation::model::*;
use bandpro_sync::Committed;
use bandpro_sync::document::Done;

/// A score without a store.
pub struct Sheet(pub Score);

impl Document for Sheet {
    fn score(&self) -> &Score {
        &self.0
    }

    fn commit(&mut self, edit: &Edit) -> Result<Committed, AppError> {
        let done = Done { edit: edit.clone(), inverse: edit.apply(&mut self.0)?, change: None };
        Ok(Committed { done, merged: Vec::new() })
    }

    fn take_back(&mut self, mine: &Done) -> Result<Option<Committed>, AppError> {
        self.commit(&mine.inverse).map(Some)
    }
}

/// Reads a line; the ids are the same each time.
pub fn read(line: &str) -> (Sheet, Desk) {
    let mut ids = IdSource::fixed(7);
    let mut score = Score::new();
    let part: PartId = ids.next();
    score.insert(part, Part { name: "Flute".into(), ..Part::default() }).unwrap();
    let (time, music) = line.split_once(':').map_or(((4, 4), line), |(time, music)| {
        let (beats, unit) = time.trim().split_once('/').unwrap();
        ((beats.parse().unwrap(), unit.parse().unwrap()), music)
    });
    let full = Beat::new(i64::from(time.0), i64::from(time.1));
    let mut selected = None;
    for (at, text) in music.split('|').enumerate() {
        let measure: MeasureId = ids.next();
        let time = (at == 0).then(|| TimeSignature::new(time.0, time.1));
        score.push_measure(measure, Measure { number: (at + 1).to_string(), time, ..Measure::default() });
        let mut onset = Beat::ZERO;
        for word in text.split_whitespace() {
            let event = read_event(&mut score, &mut ids, (part, measure, onset, full), word, &mut selected);
            onset = score.event(event).unwrap().time.end();
        }
        assert_eq!(onset, full, "measure {} of “{line}” is not full", at + 1);
    }
    link_ties(&mut score, part);
    let mut desk = Desk::new(&score, IdSource::fixed(99));
    desk.selection = selected.unwrap_or(desk.selection);
    (Sheet(score), desk)
}

type Where = (PartId, MeasureId, Beat, Beat);

fn read_event(score: &mut Score, ids: &mut IdSource, place: Where, word: &str, selected: &mut Option<Selection>) -> EventId {
    let (part, measure, onset, full) = place;
    let id: EventId = ids.next();
    let bare = word.split(['{', '"']).next().unwrap();
    let (notes, written) = bare.split_once('/').unwrap_or((bare, ""));
    let value = (!written.is_empty()).then(|| {
        let number: i64 = written.trim_end_matches('.').parse().unwrap();
        let base = NoteBase::ALL.into_iter().find(|base| base.length() == Beat::new(1, number)).unwrap();
        NoteValue::new(base, written.matches('.').count() as u8)
    });
    let duration = value.map_or(full, NoteValue::length);
    let time = EventTime { measure, onset, duration, value, ratio: (1, 1) };
    let rest = RestDisplay { measure: value.is_none(), position: None };
    score.insert(id, Event { part, time, rest, ..Event::default() }).unwrap();
    for name in notes.split('+') {
        let plain = name.trim_matches(['[', ']', '~']);
        let marked = name.starts_with('[');
        if plain == "r" || plain == "R" {
            *selected = if marked { Some(Selection::Event(id)) } else { *selected };
            continue;
        }
        let note: NoteId = ids.next();
        let pitch = NotePitch::Pitched(plain.parse().unwrap());
        score.insert(note, Note { event: id, pitch, tie_next: name.contains('~'), ..Note::default() }).unwrap();
        *selected = if marked { Some(Selection::Note(note)) } else { *selected };
    }
    id
}

/// The second half of each tie.
fn link_ties(score: &mut Score, part: PartId) {
    let line: Vec<EventId> =
        score.measure_order().to_vec().iter().flat_map(|m| score.events_in(*m, part).map(|(id, _)| id).collect::<Vec<_>>()).collect();
    for pair in line.windows(2) {
        for (_, note) in score.notes_of(pair[0]).into_iter().map(|(id, note)| (id, note.clone())).collect::<Vec<_>>() {
            let next = score.notes_of(pair[1]).into_iter().find(|(_, other)| note.tie_next && other.pitch == note.pitch);
            if let Some((id, other)) = next.map(|(id, other)| (id, other.clone())) {
                score.insert(id, Note { tie_previous: true, ..other }).unwrap();
            }
        }
    }
}

/// Writes a score of one part and voice as a line.
pub fn write(score: &Score, selection: Selection) -> String {
    let part = score.parts()[0].0;
    let measures = score.measure_order().iter().map(|measure| {
        let events = score.events_in(*measure, part).map(|(id, event)| write_event(score, selection, id, event));
        events.collect::<Vec<_>>().join(" ")
    });
    let music = measures.collect::<Vec<_>>().join(" | ");
    match score.time_at(0).groups[0] {
        (ref beats, unit) if (beats[0], unit) != (4, 4) => format!("{}/{unit}: {music}", beats[0]),
        _ => music,
    }
}

fn write_event(score: &Score, selection: Selection, id: EventId, event: &Event) -> String {
    let selected = |here: bool, name: String| if here { format!("[{name}]") } else { name };
    let notes = score.notes_of(id);
    let whole = event.rest.measure;
    let mut text = if notes.is_empty() {
        selected(selection == Selection::Event(id), if whole { "R" } else { "r" }.to_owned())
    } else {
        let name = |(id, note): &(NoteId, &Note)| {
            let tie = if note.tie_next { "~" } else { "" };
            let name = format!("{}{tie}", note.pitch.pitch().unwrap());
            // A tie that only one side knows of is a fault: it must show.
            let loose = if note.tie_previous && !tied_from_before(score, *id) { "?" } else { "" };
            format!("{}{loose}", selected(selection == Selection::Note(*id), name))
        };
        notes.iter().map(name).collect::<Vec<_>>().join("+")
    };
    if let Some(value) = event.time.value.filter(|_| !whole) {
        text += &format!("/{}{}", value.base.length().denominator(), ".".repeat(value.dots.into()));
    }
    let mut marks: Vec<String> = score.marks_of(id).map(|(_, mark)| named(&mark.kind)).collect();
    let at = |anchor: Anchor| match anchor {
        Anchor::Staff(_, _, at) | Anchor::System(at) => at.beat == event.time.onset,
        _ => false,
    };
    marks.extend(score.marks_in(event.time.measure).filter(|(_, mark)| at(mark.anchor)).map(|(_, mark)| named(&mark.kind)));
    marks.extend(score.spans_of(id).filter(|(_, span)| span.start == Anchor::Event(id)).map(|_| "slur".to_owned()));
    marks.sort();
    if !marks.is_empty() {
        text += &format!("{{{}}}", marks.join(","));
    }
    for (_, lyric) in score.lyrics_of(id) {
        let syllable: String = lyric
            .text
            .iter()
            .map(|piece| match piece {
                LyricPiece::Text(text, Syllabic::Begin) => format!("{text}-"),
                LyricPiece::Text(text, Syllabic::Middle) => format!("-{text}-"),
                LyricPiece::Text(text, Syllabic::End) => format!("-{text}"),
                LyricPiece::Text(text, Syllabic::Single) | LyricPiece::Elision(text) => text.clone(),
            })
            .collect();
        text += &format!("\"{syllable}{}\"", if lyric.extend { "_" } else { "" });
    }
    text
}

fn tied_from_before(score: &Score, note: NoteId) -> bool {
    bandpro_notation::edit::tie_chain(score, note).first() != Some(&note)
}

fn named(kind: &MarkKind) -> String {
    match kind {
        MarkKind::Articulation(articulation) => format!("{articulation:?}").to_lowercase(),
        MarkKind::Fermata(_) => "fermata".into(),
        MarkKind::Dynamic(letters) => letters.clone(),
        MarkKind::Words(words) => format!("“{}”", words.text),
        MarkKind::Rehearsal(text) => format!("({text})"),
        MarkKind::Tempo(tempo) => format!("={}", tempo.quarters_per_minute().unwrap()),
        MarkKind::Chord(chord) => {
            let root = chord.root.map(|(step, alter)| format!("{}{alter}", step.letter())).unwrap_or_default();
            format!("{root}{}", chord.text.clone().unwrap_or_default())
        }
        other => format!("{other:?}"),
    }
}

/// Runs the commands on the line before and compares with the line after; then takes everything back and compares again.
#[track_caller]
pub fn check(before: &str, commands: &str, after: &str) {
    let (mut sheet, mut desk) = read(before);
    let start = sheet.0.clone();
    for line in bandpro_app::commands::split_script(commands) {
        desk.run(&mut sheet, line).unwrap_or_else(|error| panic!("{line}: {error}"));
    }
    assert_eq!(write(&sheet.0, desk.selection), after, "after “{commands}”");
    while desk.can_undo() {
        desk.run(&mut sheet, "undo").unwrap();
    }
    assert_eq!(sheet.0, start, "undone");
}

/// The code of the error that the last of the commands gives; the score must be as the line before says.
#[track_caller]
pub fn refused(before: &str, commands: &str) -> &'static str {
    let (mut sheet, mut desk) = read(before);
    let start = sheet.0.clone();
    let lines = bandpro_app::commands::split_script(commands);
    for line in &lines[..lines.len() - 1] {
        desk.run(&mut sheet, line).unwrap();
    }
    let error = desk.run(&mut sheet, lines[lines.len() - 1]).unwrap_err();
    assert_eq!(sheet.0, start);
    error.code()
}
