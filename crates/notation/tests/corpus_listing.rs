//! The notes that an import finds are those that an independent reader finds in the same file: every well-formed file of
//! the corpora, line by line.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use bandpro_notation::import::{ImportError, Limits, TextPlace, import};
use bandpro_notation::listing;
use bandpro_notation::model::IdSource;
use serde_json::Value;

fn shared() -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    shared.join("corpora").is_dir().then_some(shared)
}

fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// Reads many files in one run of the tool: starting the interpreter costs more than reading a file.
const READ_ALL: &str = "
import json, sys
sys.path.insert(0, sys.argv[1])
from musicxml_events import events
for path in sys.argv[2:]:
    print(json.dumps(events(path)), flush=True)
";

/// What the independent reader finds, file by file; nothing where there is no interpreter for it.
fn expected(shared: &Path, files: &BTreeSet<PathBuf>) -> Option<Vec<Value>> {
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg("-c").arg(READ_ALL).arg(shared.join("tools")).args(files);
    let output = command.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn compare(folder: &str) {
    let Some(shared) = shared() else { return eprintln!("skipped: ../shared is absent") };
    let files: BTreeSet<PathBuf> = files(&shared.join("corpora").join(folder)).into_iter().filter(|path| !is_malformed(path)).collect();
    let Some(expected) = expected(&shared, &files) else { return eprintln!("skipped: python3 is absent") };
    assert_eq!(expected.len(), files.len());
    assert!(!files.is_empty());
    for (file, expected) in files.iter().zip(expected) {
        let bytes = std::fs::read(file).unwrap();
        let imported = import(&bytes, &Limits::default(), &mut IdSource::fixed(1));
        let imported = imported.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let found = listing::events(&imported.score);
        let expected = expected.as_array().unwrap();
        for (line, (found, expected)) in found.iter().zip(expected).enumerate() {
            assert_eq!(&serde_json::to_value(found).unwrap(), expected, "{}, line {}", file.display(), line + 1);
        }
        assert_eq!(found.len(), expected.len(), "{}", file.display());
    }
}

fn is_malformed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("32ad-"))
}

#[test]
fn songs() {
    compare("lieder");
}

#[test]
fn quartets() {
    compare("quartets");
}

#[test]
fn orchestra() {
    compare("orchestra");
}

#[test]
fn one_feature_each() {
    compare("suite");
}

#[test]
fn the_malformed_file_is_refused_where_it_is_wrong() {
    let Some(shared) = shared() else { return eprintln!("skipped: ../shared is absent") };
    let file = files(&shared.join("corpora/suite")).into_iter().find(|path| is_malformed(path)).unwrap();
    let error = import(&std::fs::read(file).unwrap(), &Limits::default(), &mut IdSource::fixed(1)).unwrap_err();
    assert!(matches!(error, ImportError::Malformed { .. }), "{error}");
    assert_eq!(error.place(), Some(TextPlace { line: 141, column: 3 }));
}
