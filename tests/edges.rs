//! The arrows between the crates point down, and the music knows nothing of the machine it runs on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use bandpro_tests::{project, project_files};
use serde_json::Value;

/// Who may depend on whom: the list of the design.
const ARROWS: &[(&str, &[&str])] = &[
    ("bandpro-notation", &[]),
    ("bandpro-sync", &["bandpro-notation"]),
    ("bandpro-sync-sim", &[]),
    ("bandpro-playback", &["bandpro-notation"]),
    ("bandpro-app", &["bandpro-notation", "bandpro-sync", "bandpro-playback"]),
    ("bandpro-cli", &["bandpro-app"]),
    ("bandpro-desktop", &["bandpro-app"]),
    ("bandpro-stage", &["bandpro-notation"]),
    ("bandpro-relay", &["bandpro-sync"]),
];

/// What the music must not reach, however far down its dependencies.
const NOT_IN_NOTATION: &[&str] =
    &["tokio", "automerge", "rusqlite", "libsqlite3-sys", "tauri", "iroh", "rodio", "cpal", "midir", "directories", "tempfile"];

/// What its sources must not call: files, threads, network, processes, clocks.
const NOT_CALLED_IN_NOTATION: &[&str] =
    &["std::fs", "std::thread", "std::net", "std::process", "std::env::", "Instant::now", "SystemTime::now", "std::os"];

fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let run =
        Command::new(cargo).args(["metadata", "--format-version", "1", "--locked"]).current_dir(project()).output().expect("cargo runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("cargo prints JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The packages of the workspace with what each depends on inside it, apart from what only its tests use.
fn edges(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let members: BTreeSet<&str> = list(metadata, "workspace_members").iter().filter_map(Value::as_str).collect();
    let packages = list(metadata, "packages").iter().filter(|package| package["id"].as_str().is_some_and(|id| members.contains(id)));
    let names = |package: &Value| -> BTreeSet<String> {
        let used = list(package, "dependencies").iter().filter(|dependency| dependency["kind"] != "dev");
        used.filter_map(|dependency| dependency["name"].as_str()).filter(|name| name.starts_with("bandpro-")).map(str::to_owned).collect()
    };
    packages.map(|package| (package["name"].as_str().unwrap_or_default().to_owned(), names(package))).collect()
}

#[test]
fn arrows_point_down() {
    let allowed: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let found = edges(&metadata());
    assert!(found.contains_key("bandpro-notation"), "the workspace was not read: {found:?}");
    for (package, uses) in found.iter().filter(|(package, _)| *package != "bandpro-tests") {
        let allowed = allowed.get(package.as_str()).unwrap_or_else(|| panic!("{package} is not in the list of arrows"));
        let new: Vec<_> = uses.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
        assert!(new.is_empty(), "{package} grew an edge to {new:?}, which the design does not have");
    }
}

#[test]
fn notation_reaches_no_machine() {
    let metadata = metadata();
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"], "nodes").iter().filter_map(|node| Some((node["id"].as_str()?, node))).collect();
    let name_of: BTreeMap<&str, &str> =
        list(&metadata, "packages").iter().filter_map(|package| Some((package["id"].as_str()?, package["name"].as_str()?))).collect();
    let start = name_of.iter().find(|(_, name)| **name == "bandpro-notation").map(|(id, _)| *id).expect("notation is in the workspace");
    let mut reached = BTreeMap::from([(start, "")]);
    let mut waiting = vec![start];
    while let Some(id) = waiting.pop() {
        let in_the_binary = |dependency: &&Value| list(dependency, "dep_kinds").iter().any(|kind| kind["kind"].is_null());
        for next in list(nodes[id], "deps").iter().filter(in_the_binary).filter_map(|dependency| dependency["pkg"].as_str()) {
            if !reached.contains_key(next) {
                reached.insert(next, name_of[id]);
                waiting.push(next);
            }
        }
    }
    assert!(reached.len() > 5, "notation's dependencies were not read");
    for (id, through) in reached {
        assert!(!NOT_IN_NOTATION.contains(&name_of[id]), "notation depends on {} through {through}", name_of[id]);
    }
}

#[test]
fn notation_calls_no_machine() {
    let sources: Vec<String> =
        project_files().into_iter().filter(|file| file.starts_with("crates/notation/src/") && file.ends_with(".rs")).collect();
    assert!(sources.len() > 5, "notation's sources were not found");
    for file in sources {
        let text = read(&file);
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let called = NOT_CALLED_IN_NOTATION.iter().find(|name| line.contains(**name));
            assert!(called.is_none(), "{file}:{}: notation has no {}", number + 1, called.unwrap_or(&""));
        }
    }
}

#[test]
fn the_web_view_reaches_its_host_in_one_place() {
    let importing: Vec<String> = project_files()
        .into_iter()
        .filter(|file| file.starts_with("ui/src/") && [".ts", ".svelte", ".js"].iter().any(|ending| file.ends_with(ending)))
        .filter(|file| read(file).contains("@tauri-apps/"))
        .collect();
    assert!(importing.len() <= 1, "only one file may import the host's packages: {importing:?}");
}

fn read(file: &str) -> String {
    std::fs::read_to_string(project().join(Path::new(file))).unwrap_or_else(|error| panic!("{file}: {error}"))
}
