//! A score survives the way to MusicXML and back, and what is written is valid.
//!
//! Two scores are equal here when they have the same records with the same values, whatever their identifiers: every record
//! is written as one line in which identifiers are replaced by where the thing is (part, measure, voice, onset, pitch), and
//! the sorted lines are compared. Left out of the comparison is only what MusicXML says in one of several ways:
//! the source line of the header, which joins what the file had in two places.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use bandpro_notation::export::musicxml::{musicxml, mxl};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing;
use bandpro_notation::model::*;

struct Names {
    parts: HashMap<PartId, String>,
    measures: HashMap<MeasureId, String>,
    events: HashMap<EventId, String>,
    notes: HashMap<NoteId, String>,
}

impl Names {
    fn of(score: &Score) -> Self {
        let parts: HashMap<_, _> = score.parts().iter().enumerate().map(|(at, (id, _))| (*id, format!("p{at}"))).collect();
        let measures: HashMap<_, _> = score.measure_order().iter().enumerate().map(|(at, id)| (*id, format!("m{at}"))).collect();
        let mut names = Self { parts, measures, events: HashMap::new(), notes: HashMap::new() };
        names.events = score.events().iter().map(|(id, event)| (*id, names.event(event))).collect();
        names.notes = score.notes().iter().map(|(id, note)| (*id, format!("{}.{:?}", names.events[&note.event], note.pitch))).collect();
        names
    }

    fn event(&self, event: &Event) -> String {
        let (part, measure) = (&self.parts[&event.part], &self.measures[&event.time.measure]);
        format!("{part}.{measure}.v{}.{}.{:?}.s{}", event.voice, event.time.onset, event.grace, event.staff)
    }

    fn moment(&self, moment: Moment) -> String {
        format!("{}@{}", self.measures[&moment.measure], moment.beat)
    }

    fn anchor(&self, anchor: Anchor) -> String {
        match anchor {
            Anchor::Event(id) => self.events[&id].clone(),
            Anchor::Note(id) => self.notes[&id].clone(),
            Anchor::Staff(part, staff, moment) => format!("{}.{staff:?}.{}", self.parts[&part], self.moment(moment)),
            Anchor::System(moment) => self.moment(moment),
            Anchor::Page(page) => format!("page {page}"),
        }
    }
}

const fn nowhere() -> Moment {
    Moment { measure: Id::from_raw(0), beat: Beat::ZERO }
}

/// Every record of a score as a line without identifiers, in order.
fn lines(score: &Score) -> Vec<String> {
    let names = Names::of(score);
    let line = |record: Record| match record {
        Record::Header(header) => format!("{:?}", Header { source: String::new(), ..header }),
        Record::Group(group) => {
            let (first, last) = (&names.parts[&group.first], &names.parts[&group.last]);
            format!("group {first} {last} {:?}", Group { first: Id::from_raw(0), last: Id::from_raw(0), ..group })
        }
        Record::Sign(sign) => {
            let (part, at) = (&names.parts[&sign.part], names.moment(sign.at));
            format!("sign {part} {at} {:?}", Sign { part: Id::from_raw(0), at: nowhere(), ..sign })
        }
        Record::Event(event) => {
            let (name, measure) = (names.event(&event), Id::from_raw(0));
            format!("event {name} {:?}", Event { part: Id::from_raw(0), time: EventTime { measure, ..event.time }, ..event })
        }
        Record::Note(note) => {
            let event = &names.events[&note.event];
            format!("note {event} {:?}", Note { event: Id::from_raw(0), ..note })
        }
        Record::Lyric(lyric) => {
            let note = lyric.note.map(|note| &names.notes[&note]);
            format!("lyric {} {note:?} {:?}", names.events[&lyric.event], Lyric { event: Id::from_raw(0), note: None, ..lyric })
        }
        Record::Mark(mark) => format!("mark {} {:?}", names.anchor(mark.anchor), Mark { anchor: Anchor::System(nowhere()), ..mark }),
        Record::Span(span) => {
            let (start, end, nowhere) = (names.anchor(span.start), names.anchor(span.end), Anchor::System(nowhere()));
            format!("span {start} -> {end} {:?}", Span { start: nowhere, end: nowhere, ..span })
        }
        plain @ (Record::Layout(_) | Record::Part(_) | Record::Measure(_)) => format!("{plain:?}"),
    };
    let measures = score.measures().enumerate().map(|(at, (_, measure))| format!("m{at} {measure:?}"));
    let others = score.records().filter(|(of, _)| of.kind() != RecordKind::Measure).map(|(_, record)| line(record));
    let mut lines: Vec<String> = measures.chain(others).collect();
    lines.sort();
    lines
}

fn shared() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.join("corpora").is_dir().then_some(shared)
}

fn read(bytes: &[u8], name: &str) -> Score {
    import(bytes, &Limits::default(), &mut IdSource::fixed(7)).unwrap_or_else(|error| panic!("{name}: {error}")).score
}

/// The first few lines that only one side has.
fn differences(before: &[String], after: &[String]) -> Vec<String> {
    let count = |lines: &[String]| {
        let mut counts: HashMap<String, i32> = HashMap::new();
        lines.iter().for_each(|line| *counts.entry(line.clone()).or_default() += 1);
        counts
    };
    let (old, new) = (count(before), count(after));
    let lost = old.iter().filter(|(line, times)| new.get(*line).unwrap_or(&0) < times).map(|(line, _)| format!("- {line}"));
    let gained = new.iter().filter(|(line, times)| old.get(*line).unwrap_or(&0) < times).map(|(line, _)| format!("+ {line}"));
    let mut all: Vec<String> = lost.chain(gained).collect();
    all.sort_by(|a, b| (&a[2..], a).cmp(&(&b[2..], b)));
    all
}

/// Takes a folder's scores there and back, and leaves what was written in a folder for the schema to judge.
fn round_trip(folder: &str) {
    let Some(shared) = shared() else { return eprintln!("skipped: ../shared is absent") };
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("round-trip").join(folder);
    std::fs::create_dir_all(&out).unwrap();
    let mut files: Vec<PathBuf> = std::fs::read_dir(shared.join("corpora").join(folder)).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut written = Vec::new();
    let mut failures = Vec::new();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        if name.starts_with("32ad-") {
            continue;
        }
        let score = read(&std::fs::read(&file).unwrap(), &name);
        let exported = musicxml(&score);
        let path = out.join(format!("{name}.musicxml"));
        std::fs::write(&path, &exported.bytes).unwrap();
        written.push(path);
        let back = read(&exported.bytes, &name);
        if listing::events(&score) != listing::events(&back) {
            failures.push(format!("{name}: the notes differ"));
        }
        let differences = differences(&lines(&score), &lines(&back));
        if !differences.is_empty() {
            failures.push(format!(
                "{name}: {} lines differ\n  {}",
                differences.len(),
                differences[..differences.len().min(6)].join("\n  ")
            ));
        }
    }
    assert!(!written.is_empty());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    validate(&shared, &written);
}

fn validate(shared: &Path, files: &[PathBuf]) {
    let mut command = Command::new("xmllint");
    command.args(["--nonet", "--noout", "--schema"]).arg(shared.join("schema/musicxml.xsd")).args(files);
    let Ok(output) = command.output() else { return eprintln!("skipped: xmllint is absent") };
    let errors = String::from_utf8_lossy(&output.stderr);
    let wrong: Vec<&str> = errors.lines().filter(|line| !line.ends_with(" validates")).take(12).collect();
    assert!(output.status.success(), "{}", wrong.join("\n"));
}

#[test]
fn songs() {
    round_trip("lieder");
}

#[test]
fn quartets() {
    round_trip("quartets");
}

#[test]
fn orchestra() {
    round_trip("orchestra");
}

#[test]
fn one_feature_each() {
    round_trip("suite");
}

#[test]
fn an_empty_score_is_a_valid_document() {
    let exported = musicxml(&Score::new());
    let back = read(&exported.bytes, "empty");
    assert_eq!((back.parts().len(), back.measure_order().len()), (1, 1));
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty.musicxml");
    std::fs::write(&path, &exported.bytes).unwrap();
    if let Some(shared) = shared() {
        validate(&shared, &[path]);
    }
}

#[test]
fn a_compressed_archive_holds_the_same_document() {
    let mut score = Score::new();
    score.insert(HEADER, Header { title: "A & B < \"C\"".into(), ..Header::default() }).unwrap();
    let back = read(&mxl(&score).bytes, "archive");
    assert_eq!(back.header().title, "A & B < \"C\"");
    assert_eq!(lines(&back), lines(&read(&musicxml(&score).bytes, "document")));
}

/// The comparison that all of the above rests on sees a single changed field.
#[test]
fn a_changed_field_is_a_difference() {
    let mut score = read(&musicxml(&Score::new()).bytes, "one measure");
    let before = lines(&score);
    let (measure, mut record) = score.measures().map(|(id, measure)| (id, measure.clone())).next().unwrap();
    record.repeat_start = true;
    score.insert(measure, record).unwrap();
    assert_eq!(differences(&before, &lines(&score)).len(), 2);
}
