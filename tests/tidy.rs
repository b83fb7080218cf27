//! Tidy is a test: what is long may not grow, nothing is left to do without an owner, and nothing names a machine.
//!
//! `tests/tidy.txt` holds what is over the limits today, a line each: lines, then the file, or the file and its function.
//! `UPDATE_TIDY=1 cargo test -p bandpro-tests --test tidy` writes what has become shorter; it never raises a number and adds
//! nothing.

use std::collections::BTreeMap;
use std::fmt::Write;

use bandpro_tests::{project, project_files};

const FILE_LINES: usize = 600;
const FUNCTION_LINES: usize = 70;
const LIST: &str = "tests/tidy.txt";

fn sources(endings: &[&str]) -> Vec<(String, String)> {
    let files = project_files().into_iter().filter(|file| endings.iter().any(|ending| file.ends_with(ending)));
    files.filter_map(|file| std::fs::read_to_string(project().join(&file)).ok().map(|text| (file, text))).collect()
}

/// The name of the function that a line starts, and how far the line is indented.
fn function_start(line: &str) -> Option<(usize, &str)> {
    let code = line.trim_start();
    let modifiers = ["pub", "pub(crate)", "pub(super)", "const", "async", "unsafe", "extern", "fn"];
    let mut words = code.split_whitespace();
    let mut word = words.next()?;
    while word != "fn" {
        if !modifiers.contains(&word) && !word.starts_with("pub(in") {
            return None;
        }
        word = words.next()?;
    }
    let name = words.next()?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
    Some((line.len() - code.len(), &name[..end]))
}

/// The functions of a formatted Rust source and their lengths: a body ends at the brace that is indented like its `fn`.
fn functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let Some((indent, name)) = function_start(line) else { continue };
        let closes = |line: &&str| line.len() == indent + 1 && line.ends_with('}') && line[..indent].trim().is_empty();
        let header_ends = lines[start..].iter().position(|line| line.ends_with(['{', ';', '}'])).unwrap_or(0);
        let length = if lines[start + header_ends].ends_with('{') {
            lines[start..].iter().position(closes).map_or(1, |end| end + 1)
        } else {
            header_ends + 1
        };
        found.push((name.to_owned(), length));
    }
    found
}

/// Everything over the limits, with its length.
fn long_ones() -> BTreeMap<String, usize> {
    let mut long = BTreeMap::new();
    for (file, text) in sources(&[".rs", ".ts", ".svelte", ".sh", ".css", ".ftl"]) {
        let lines = text.lines().count();
        if lines > FILE_LINES && !file.ends_with("generated.ts") && !file.ends_with(".ftl") {
            long.insert(file.clone(), lines);
        }
        if file.ends_with(".rs") {
            for (name, length) in functions(&text).into_iter().filter(|(_, length)| *length > FUNCTION_LINES) {
                let longest: &mut usize = long.entry(format!("{file} {name}")).or_default();
                *longest = length.max(*longest);
            }
        }
    }
    long
}

#[test]
fn what_is_long_does_not_grow() {
    let list = std::fs::read_to_string(project().join(LIST)).expect("the list is there");
    let mut allowed: BTreeMap<String, usize> = BTreeMap::new();
    for line in list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let (lines, what) = line.split_once(' ').unwrap_or_else(|| panic!("{LIST}: {line}"));
        allowed.insert(what.to_owned(), lines.parse().unwrap_or_else(|error| panic!("{LIST}: {line}: {error}")));
    }
    let now = long_ones();
    if std::env::var_os("UPDATE_TIDY").is_some() {
        allowed.retain(|what, lines| now.get(what).map(|now| *lines = (*lines).min(*now)).is_some());
        let mut text = list.lines().take_while(|line| line.starts_with('#')).fold(String::new(), |text, line| text + line + "\n");
        allowed.iter().for_each(|(what, lines)| writeln!(text, "{lines} {what}").expect("a string takes it"));
        std::fs::write(project().join(LIST), text).expect("the list is writable");
    }
    let mut grown = String::new();
    for (what, lines) in now {
        let limit = allowed.get(&what).copied().unwrap_or(if what.contains(' ') { FUNCTION_LINES } else { FILE_LINES });
        if lines > limit {
            writeln!(grown, "{lines} {what} (at most {limit})").expect("a string takes it");
        }
    }
    assert!(grown.is_empty(), "too long; divide by what the parts are about:\n{grown}");
}

#[test]
fn what_is_to_do_has_an_owner() {
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
    for (file, text) in sources(&[".rs", ".ts", ".svelte", ".sh", ".css", ".ftl", ".toml", ".md", "Makefile"]) {
        for (number, line) in text.lines().enumerate() {
            for word in words {
                let mut after = line.match_indices(word).map(|(at, _)| (&line[..at], &line[at + word.len()..]));
                let ownerless = after.any(|(before, rest)| {
                    let whole = !before.ends_with(|c: char| c.is_alphanumeric()) && !rest.starts_with(|c: char| c.is_alphanumeric());
                    whole && !rest.starts_with('(')
                });
                assert!(!ownerless, "{file}:{}: write {word}(name) or do it: {line}", number + 1);
            }
            let unfinished = [concat!("todo", "!("), concat!("unimplemented", "!(")].iter().any(|call| line.contains(call));
            assert!(!unfinished, "{file}:{}: not written yet: {line}", number + 1);
        }
    }
}

#[test]
fn nothing_names_a_machine() {
    let paths = [concat!("/ro", "ot/"), concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/Use", "rs/"), concat!("C:", "\\Users")];
    for (file, text) in sources(&["", ".rs"]).into_iter().filter(|(file, _)| !file.ends_with("package-lock.json")) {
        for (number, line) in text.lines().enumerate() {
            let path = paths.iter().find(|path| line.contains(**path));
            assert!(path.is_none(), "{file}:{}: a path of one machine: {line}", number + 1);
        }
    }
}

#[test]
fn locks_name_only_the_public_registries() {
    let lock = std::fs::read_to_string(project().join("Cargo.lock")).expect("the lock is there");
    for line in lock.lines().filter(|line| line.starts_with("source = ")) {
        assert_eq!(line, "source = \"registry+https://github.com/rust-lang/crates.io-index\"");
    }
    let lock = std::fs::read_to_string(project().join("ui/package-lock.json")).expect("the lock is there");
    for line in lock.lines().map(str::trim).filter(|line| line.starts_with("\"resolved\": ")) {
        assert!(line.starts_with("\"resolved\": \"https://registry.npmjs.org/"), "{line}");
    }
}

#[test]
fn a_function_is_measured_from_its_signature_to_its_brace() {
    let text = "impl A {\n    pub(crate) fn one(\n        a: u8,\n    ) -> u8 {\n        if a > 1 {\n            2\n        } else {\n            3\n        }\n    }\n    fn two() {}\n}\ntrait T {\n    fn three();\n}\n";
    assert_eq!(functions(text), [("one".to_owned(), 9), ("two".to_owned(), 1), ("three".to_owned(), 1)]);
}
