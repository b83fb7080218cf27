//! Real scores, engraved and looked over by the layout linter: what must never happen, and how much is still to be circled.
//!
//! `tests/engrave_totals.txt` holds the number of faults of each folder of the corpus today. It only falls:
//! `UPDATE_TOTALS=1 cargo test -p bandpro-notation --test engrave_corpus` writes what has become less and never raises a number.

mod corpora;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use bandpro_notation::engrave::check::{Fault, FaultKind, check, totals};
use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

const FOLDERS: [&str; 4] = ["lieder", "orchestra", "quartets", "suite"];

/// The faults of every file of a folder; nothing, with a line that says so, where it is absent.
fn faults(folder: &str) -> Option<Vec<(String, Fault)>> {
    let files = corpora::files(folder);
    if files.is_empty() {
        return None;
    }
    let mut found = Vec::new();
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        // That the one malformed file is refused is for the tests of the importer.
        let Ok(imported) = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)) else { continue };
        let pages = engrave(&imported.score, &Options::default());
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.extend(check(&imported.score, &pages).into_iter().map(|fault| (name.clone(), fault)));
    }
    Some(found)
}

/// What no page of the corpus may have.
fn is_forbidden(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::OutsidePage | FaultKind::AccidentalTouches | FaultKind::LyricOverLyric)
}

#[test]
fn the_corpus_has_no_forbidden_fault_and_not_more_of_the_others() {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engrave_totals.txt");
    let text = std::fs::read_to_string(&list).unwrap();
    let rows = text.lines().filter_map(|line| line.split_once(' '));
    let mut allowed: BTreeMap<&str, usize> = rows.map(|(count, folder)| (folder, count.parse().unwrap())).collect();
    let mut grown = String::new();
    for folder in FOLDERS {
        let Some(found) = faults(folder) else { continue };
        for (file, fault) in found.iter().filter(|(_, fault)| is_forbidden(fault.kind)) {
            writeln!(grown, "{folder}/{file}: {fault:?}").unwrap();
        }
        let count = found.len();
        let most = allowed.get_mut(folder).unwrap_or_else(|| panic!("{folder} is not in {}", list.display()));
        if count > *most {
            let faults: Vec<Fault> = found.into_iter().map(|(_, fault)| fault).collect();
            let kinds: Vec<String> = totals(&faults).iter().map(|(kind, count)| format!("{kind} {count}")).collect();
            writeln!(grown, "{folder}: {count} faults, at most {most}: {}", kinds.join(", ")).unwrap();
        }
        *most = count.min(*most);
    }
    if std::env::var_os("UPDATE_TOTALS").is_some() {
        let text: String = allowed.iter().map(|(folder, count)| format!("{count} {folder}\n")).collect();
        std::fs::write(&list, text).unwrap();
    }
    assert!(grown.is_empty(), "{grown}");
}
