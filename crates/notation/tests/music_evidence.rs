//! What `docs/music.md` says is engraved, played and exported, held against the pages, the performances and the files of the suite:
//! whatever a row is about is taken out of a score that has it, and either they change or they do not.

mod corpora;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use bandpro_notation::edit::Change;
use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::export::musicxml::musicxml;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{Field, IdSource, Record, RecordKind, Score};
use bandpro_notation::perform::{Timeline, timeline};
use bandpro_notation::render::{SvgOptions, svg};

const PAGE: &str = include_str!("../../../docs/music.md");

/// So many scores at most are tried for a row that changes nothing.
const TRIES: usize = 60;

/// Rows that hold a score together: without them there is nothing to compare.
const STRUCTURE: [&str; 16] = [
    "Event.part",
    "Event.time",
    "Event.staff",
    "Event.voice",
    "Note.event",
    "Note.pitch",
    "Lyric.event",
    "Sign.part",
    "Sign.at",
    "Sign.kind",
    "Mark.anchor",
    "Mark.kind",
    "Span.start",
    "Span.end",
    "Span.kind",
    "Part.staves",
];

/// Rows that the suite has and shows no case of, each with where it is shown.
const SHOWN_ELSEWHERE: [(&str, &str); 6] = [
    ("SignKind::Instrument", "perform_feel: its instruments have one program"),
    ("Group.abbreviation", "its groups fit on one system"),
    ("Measure.implicit", "its pickups stand first, where no number is printed"),
    ("Measure.jumps", "perform: its signs lead nowhere"),
    ("Sign.staff", "its signs of single staves move nothing that sounds"),
    ("SignKind::Tuning", "its tablature says the strings"),
];

fn scores() -> Vec<(String, Score)> {
    let read = |path: PathBuf| {
        let bytes = std::fs::read(&path).ok()?;
        let imported = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).ok()?;
        Some((path.file_name()?.to_string_lossy().into_owned(), imported.score))
    };
    corpora::files("suite").into_iter().filter_map(read).collect()
}

fn variant<T: serde::Serialize>(kind: &T) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        Ok(serde_json::Value::Object(map)) => map.into_iter().next().map(|(name, _)| name).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The rows that a score has something of, and what takes it out.
fn rows_of(score: &Score) -> BTreeMap<String, Vec<Change>> {
    let mut rows: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for (of, record) in score.records() {
        let kind = match &record {
            Record::Mark(mark) => Some(format!("MarkKind::{}", variant(&mark.kind))),
            Record::Span(span) => Some(format!("SpanKind::{}", variant(&span.kind))),
            Record::Sign(sign) => Some(format!("SignKind::{}", variant(&sign.kind))),
            _ => None,
        };
        if let Some(kind) = kind {
            rows.entry(kind).or_default().push(Change::Remove(of));
        }
        if of.kind() == RecordKind::Layout {
            continue;
        }
        for field in record.fields() {
            let Some(default) = Field::default_of(of.kind(), field.key()).filter(|default| *default != field) else { continue };
            rows.entry(format!("{:?}.{}", of.kind(), field.key())).or_default().push(Change::Set(of, default));
        }
    }
    rows.retain(|name, _| !STRUCTURE.contains(&name.as_str()));
    rows
}

fn seen(score: &Score) -> Vec<String> {
    engrave(score, &Options::default()).iter().map(|page| svg(page, &SvgOptions::default())).collect()
}

/// In which score anything changes, on the pages, in the performance and in the file, and in how many it was looked for.
#[derive(Default)]
struct Evidence {
    seen: Option<String>,
    heard: Option<String>,
    written: Option<String>,
    tries: usize,
}

fn gather() -> BTreeMap<String, Evidence> {
    let mut evidence: BTreeMap<String, Evidence> = BTreeMap::new();
    for (name, score) in scores() {
        let mut whole: Option<(Vec<String>, Timeline, Vec<u8>)> = None;
        for (row, changes) in rows_of(&score) {
            let found = evidence.entry(row).or_default();
            if found.tries >= TRIES || found.seen.is_some() && found.heard.is_some() && found.written.is_some() {
                continue;
            }
            let mut without = score.clone();
            if changes.iter().any(|change| change.apply(&mut without).is_err()) {
                continue;
            }
            found.tries += 1;
            let (pages, played, file) = whole.get_or_insert_with(|| (seen(&score), timeline(&score), musicxml(&score).bytes));
            if found.seen.is_none() && seen(&without) != *pages {
                found.seen = Some(name.clone());
            }
            if found.heard.is_none() && timeline(&without) != *played {
                found.heard = Some(name.clone());
            }
            if found.written.is_none() && musicxml(&without).bytes != *file {
                found.written = Some(name.clone());
            }
        }
    }
    evidence
}

#[test]
fn what_the_table_says_is_so() {
    let evidence = gather();
    let mut wrong = Vec::new();
    let rows = PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| element"));
    let mut looked_at = BTreeSet::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[1].trim_matches('`');
        let Some(found) = evidence.get(name).filter(|found| found.tries > 0) else { continue };
        looked_at.insert(name);
        for (column, said, found) in
            [("engraved", cells[3], &found.seen), ("played", cells[4], &found.heard), ("exported", cells[5], &found.written)]
        {
            let denied = matches!(said, "no" | "—");
            let elsewhere = SHOWN_ELSEWHERE.iter().any(|(row, _)| *row == name);
            if denied && found.is_some() || said == "yes" && found.is_none() && !elsewhere {
                wrong
                    .push(format!("{name}: {column} is said to be “{said}”; {}", found.as_deref().unwrap_or("nothing changes without it")));
            }
        }
    }
    eprintln!("{} rows were looked at", looked_at.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
