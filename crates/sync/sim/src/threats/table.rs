//! Every row of `docs/threats.md` names tests that are there, and the rows are numbered.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../../../../../docs/threats.md");

/// The cells of every row.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, table) = PAGE.split_once("\n| n |").expect("the table of rows");
    let rows = table.lines().skip(2).take_while(|line| line.starts_with("| "));
    rows.map(|line| line.trim().trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Every function that stands under an attribute that makes it a test.
fn tests_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            tests_in(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&entry).unwrap();
            let lines: Vec<&str> = text.lines().map(str::trim).collect();
            for (at, line) in lines.iter().enumerate() {
                let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ").and_then(|rest| rest.split('(').next());
                // Within `proptest!` too, every function has its attribute.
                let attribute = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
                if let Some(name) = name
                    && attribute.clone().any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
                {
                    found.insert(name.to_owned());
                }
            }
        }
    }
}

#[test]
fn every_row_names_a_test() {
    let mut tests = BTreeSet::new();
    tests_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."), &mut tests);
    assert!(tests.contains("every_row_names_a_test") && tests.len() > 100);
    let rows = rows();
    assert!(rows.len() > 30);
    for (number, cells) in rows.iter().enumerate() {
        assert_eq!(cells.len(), 5, "{cells:?}");
        assert_eq!(cells[0], (number + 1).to_string());
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
        let named: Vec<&str> = cells[4].split('`').skip(1).step_by(2).collect();
        assert!(!named.is_empty(), "row {} names no test", cells[0]);
        for name in named {
            assert!(tests.contains(name), "row {}: there is no test {name}", cells[0]);
        }
    }
}

#[test]
fn every_hostile_test_stands_in_a_row() {
    let mut here = BTreeSet::new();
    tests_in(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/threats"), &mut here);
    for name in here.iter().filter(|name| !name.starts_with("every_")) {
        assert!(PAGE.contains(&format!("`{name}`")), "{name} stands in no row of docs/threats.md");
    }
}
