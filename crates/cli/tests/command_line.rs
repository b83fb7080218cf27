//! The real command, with scores written here.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

struct Ran {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// A laptop: a data folder, and places for files.
struct Laptop {
    folder: TempDir,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn with(measures: &[&str]) -> (Self, String) {
        let laptop = Self::new();
        let file = laptop.file("tune.musicxml", musicxml(measures).as_bytes());
        let id = laptop.ok(["import".as_ref(), file.as_os_str()]).split('\t').next().unwrap().to_owned();
        (laptop, id)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        fs::write(self.path(name), bytes).unwrap();
        self.path(name)
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bandpro"));
        command.arg("--data").arg(self.path("data")).args(arguments).stdin(Stdio::null());
        command
            .env("BANDPRO_LANGUAGE", "en")
            .env("BANDPRO_LISTEN", "127.0.0.1")
            .env("BANDPRO_KEY_STORE", "file")
            .env_remove("BANDPRO_DATA");
        command
    }

    fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        let output = self.command(arguments).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    #[track_caller]
    fn ok<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        ran.stdout
    }

    /// The code of the error that this ends with.
    #[track_caller]
    fn error<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> String {
        let ran = self.run(["--json".into()].into_iter().chain(arguments.into_iter().map(|a| a.as_ref().to_owned())));
        assert_eq!(ran.code, Some(1), "{}{}", ran.stdout, ran.stderr);
        let error: Value = serde_json::from_str(&ran.stderr).unwrap_or_else(|_| panic!("no JSON: {}", ran.stderr));
        assert!(!error["error"]["message"].as_str().unwrap().is_empty());
        error["error"]["code"].as_str().unwrap().to_owned()
    }

    /// The pitches of a score, measures separated by `|`.
    fn pitches(&self, what: &str) -> String {
        let mut text = String::new();
        let mut measure = 0;
        for line in self.ok(["events", what]).lines() {
            let event: Value = serde_json::from_str(line).unwrap();
            let here = event["measure"].as_u64().unwrap();
            while measure < here {
                text.push_str("| ");
                measure += 1;
            }
            text.push_str(&format!("{} ", event["pitch"].as_str().unwrap()));
        }
        text.trim_end().to_owned()
    }
}

/// One part in 4/4, quarter notes, a string of pitches a measure.
fn musicxml(measures: &[&str]) -> String {
    let note = |name: &str| {
        let (step, octave) = name.split_at(1);
        format!(
            "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration><voice>1</voice><type>quarter</type></note>"
        )
    };
    let attributes = "<attributes><divisions>1</divisions><key><fifths>0</fifths></key><time><beats>4</beats><beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>";
    let measure = |(at, names): (usize, &&str)| {
        let notes: String = names.split(' ').map(note).collect();
        format!("<measure number=\"{}\">{}{notes}</measure>", at + 1, if at == 0 { attributes } else { "" })
    };
    let body: String = measures.iter().enumerate().map(measure).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<score-partwise version=\"4.0\"><work><work-title>A tune of ours</work-title></work>\
         <part-list><score-part id=\"P1\"><part-name>Flute</part-name></score-part></part-list><part id=\"P1\">{body}</part></score-partwise>"
    )
}

#[test]
fn a_score_goes_in_is_listed_edited_and_comes_back() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4", "G4 A4 B4 C5"]);
    assert_eq!(laptop.ok(["list"]), format!("{id}\tA tune of ours\t\t2\tFlute\n"));
    assert_eq!(laptop.pitches(&id), "C4 D4 E4 F4 | G4 A4 B4 C5");
    assert_eq!(laptop.ok(["events", &id]), laptop.ok([OsStr::new("events"), laptop.path("tune.musicxml").as_os_str()]));
    let said = laptop.ok(["edit", &id, "goto 1 1 2; pitch F#4; goto 1 2 1; delete; undo"]);
    assert_eq!(said.lines().count(), 5);
    assert_eq!(said.lines().nth(1).unwrap(), "2\tpitch F#4\tF sharp 4, quarter, measure 1, beat 2");
    assert_eq!(laptop.pitches(&id), "C4 F#4 E4 F4 | G4 A4 B4 C5");
    assert_eq!(laptop.pitches(&id[..6]), laptop.pitches(&id), "the beginning of an id is enough");
    laptop.ok(["rename", &id, "Another name"]);
    assert!(laptop.ok(["list"]).contains("Another name"));
    laptop.ok(["delete", &id]);
    assert_eq!(laptop.ok(["list"]), "");
}

#[test]
fn a_script_stops_at_the_first_failure_and_keeps_what_was_done() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4"]);
    let ran = laptop.run(["edit", &id, "goto 1 1 1; pitch A4; goto 1 9 1; pitch B4"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("Command 3, “goto 1 9 1”"), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 2, "what was done is reported: {}", ran.stdout);
    assert_eq!(laptop.pitches(&id), "A4 D4 E4 F4");
    for script in ["fly", "pitch", "pitch H9", "undo", "zoom-in", "play"] {
        assert_eq!(laptop.error(["edit", &id, script]), "script", "{script}");
    }
}

#[test]
fn every_format_is_written() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4", "G4 A4 B4 C5"]);
    let formats: [(&str, &[u8]); 9] = [
        ("out.svg", b"<svg"),
        ("out.pdf", b"%PDF"),
        ("out.png", b"\x89PNG"),
        ("out.mid", b"MThd"),
        ("out.midi", b"MThd"),
        ("out.abc", b"%abc-2.1"),
        ("out.wav", b"RIFF"),
        ("out.musicxml", b"<?xml"),
        ("out.mxl", b"PK"),
    ];
    for (name, start) in formats {
        let said = laptop.ok(["export".as_ref(), id.as_ref(), "--to".as_ref(), laptop.path(name).as_os_str()]);
        assert_eq!(said.trim_end(), laptop.path(name).display().to_string());
        let bytes = fs::read(laptop.path(name)).unwrap();
        assert!(bytes.starts_with(start) && bytes.len() > start.len() + 50, "{name}: {:?}", &bytes[..bytes.len().min(16)]);
    }
    for name in ["out.musicxml", "out.mxl"] {
        assert_eq!(laptop.pitches(laptop.path(name).to_str().unwrap()), laptop.pitches(&id), "{name}");
    }
    let one = laptop.path("one.mid");
    laptop.ok(["export".as_ref(), id.as_ref(), "--one-track".as_ref(), "--to".as_ref(), one.as_os_str()]);
    assert_eq!(fs::read(one).unwrap()[8..12], [0, 0, 0, 1], "type 0, one track");
    let left: Vec<_> = fs::read_dir(laptop.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".part")), "{left:?}");
}

#[test]
fn later_pages_of_a_picture_go_beside_the_first() {
    let long = vec!["C4 D4 E4 F4"; 150];
    let laptop = Laptop::new();
    let file = laptop.file("long.musicxml", musicxml(&long).as_bytes());
    let export = |more: &[&str]| {
        let arguments = ["export".into(), file.clone().into_os_string(), "--to".into(), laptop.path("out.svg").into_os_string()];
        laptop.ok(arguments.into_iter().chain(more.iter().map(Into::into)))
    };
    let said = export(&[]);
    assert!(said.lines().count() > 1, "{said}");
    assert!(laptop.path("out.svg").is_file() && laptop.path("out-2.svg").is_file());
    let second = fs::read(laptop.path("out-2.svg")).unwrap();
    assert_eq!(export(&["--page", "2"]).lines().count(), 1);
    assert_eq!(fs::read(laptop.path("out.svg")).unwrap(), second);
}

#[test]
fn what_cannot_be_exported_leaves_what_was_there() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4"]);
    let kept = laptop.file("kept.pdf", b"the old one");
    let kept = kept.to_str().unwrap();
    let out = |name: &str| laptop.path(name).to_str().unwrap().to_owned();
    assert_eq!(laptop.error(["export", &id, "--to", kept, "--page", "99"]), "no-such-page");
    assert_eq!(laptop.error(["export", &id, "--to", kept, "--part", "2"]), "no-such-part");
    assert_eq!(laptop.error(["export", &id, "--to", &out("out.png"), "--dpi", "0"]), "bad-resolution");
    assert_eq!(laptop.error(["export", &id, "--to", &out("nowhere/out.pdf")]), "not-found");
    assert_eq!(laptop.error(["export", &id, "--to", &out("out.docx")]), "unknown-format");
    assert_eq!(laptop.error(["export", &id, "--to", &out("out")]), "unknown-format");
    fs::create_dir(laptop.path("folder.pdf")).unwrap();
    assert_eq!(laptop.error(["export", &id, "--to", &out("folder.pdf")]), "folder-not-file");
    assert_eq!(fs::read(kept).unwrap(), b"the old one");
}

#[test]
fn bad_files_have_clear_errors_and_keep_no_others_out() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4"]);
    let whole = musicxml(&["C4 D4 E4 F4"]);
    let import = |name: &str, bytes: &[u8]| {
        let file = laptop.file(name, bytes);
        laptop.error([OsStr::new("import"), file.as_os_str()])
    };
    assert_eq!(import("empty.musicxml", b""), "import-empty");
    assert_eq!(import("half.musicxml", &whole.as_bytes()[..whole.len() / 2]), "import-truncated");
    assert_eq!(import("letter.musicxml", b"Dear Mei,"), "import-not-xml");
    assert_eq!(import("page.musicxml", b"<html></html>"), "import-not-musicxml");
    let bomb = whole.replacen("?>\n", "?>\n<!DOCTYPE score-partwise [<!ENTITY a \"aaaa\">]>\n", 1);
    assert_eq!(import("bomb.musicxml", bomb.as_bytes()), "import-entities");
    fs::create_dir(laptop.path("folder.musicxml")).unwrap();
    assert_eq!(laptop.error([OsStr::new("import"), laptop.path("folder.musicxml").as_os_str()]), "folder-not-file");
    assert_eq!(laptop.error([OsStr::new("import"), laptop.path("none.musicxml").as_os_str()]), "not-found");
    assert_eq!(laptop.error([OsStr::new("events"), laptop.path("none.musicxml").as_os_str()]), "not-found");
    assert_eq!(laptop.error(["events", "zzzz"]), "unknown-score");
    assert_eq!(laptop.error(["join", "hello"]), "bad-ticket");
    assert_eq!(laptop.ok(["list"]).lines().count(), 1);
    let both =
        [OsStr::new("import"), laptop.path("empty.musicxml").as_os_str(), laptop.path("tune.musicxml").as_os_str()].map(OsStr::to_owned);
    let ran = laptop.run(both);
    assert_eq!((ran.code, ran.stdout.lines().count()), (Some(1), 1), "{}", ran.stderr);
    assert_eq!(laptop.pitches(&id), "C4 D4 E4 F4");
}

#[test]
fn many_scores_are_exported_at_once() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4"]);
    laptop.file("other.musicxml", musicxml(&["G4 A4 B4 C5"]).as_bytes());
    laptop.file("broken.musicxml", b"<score-partwise>");
    let path = |name: &str| laptop.path(name).to_str().unwrap().to_owned();
    let [tune, broken, other, out] = ["tune.musicxml", "broken.musicxml", "other.musicxml", "out"].map(path);
    let ran = laptop.run(["export-all", &tune, &broken, &other, "--to", &out, "--format", "mid,abc"]);
    assert_eq!(ran.code, Some(1), "one failed: {}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 4, "{}", ran.stdout);
    for said in ["1/6", "4/6 broken", "6/6", "4 files written, 1 failed"] {
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
    }
    let names = || {
        let mut names: Vec<String> = fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["other.abc", "other.mid", "tune.abc", "tune.mid"]);
    let whole = laptop.ok(["export-all", "--to", &out, "--format", "musicxml"]);
    assert_eq!(whole.lines().count(), 1, "the library has one score: {whole}");
    laptop.ok(["export-all", &id, "--to", &out, "--format", "musicxml"]);
    assert_eq!(names().iter().filter(|name| name.ends_with(".musicxml")).count(), 2, "nothing is written over: {:?}", names());
    assert_eq!(laptop.error(["export-all", "--to", &out, "--format", "mid,docx"]), "unknown-format");
    assert_eq!(laptop.error(["export-all", "zzzz", "--to", &out, "--format", "mid"]), "unknown-score");
}

#[test]
fn every_tune_of_a_book_becomes_a_score() {
    let laptop = Laptop::new();
    let book =
        laptop.file("book.abc", b"X:1\nT:The First\nL:1/4\nK:C\nCDEF|\n\nX:2\nT:The Second\nL:1/4\nK:G\nGABc|\n\nX:3\nL:1/4\nK:D\nDEFG|\n");
    let lines = laptop.ok([OsStr::new("import"), book.as_os_str()]);
    let scores: Vec<(&str, &str)> = lines.lines().filter_map(|line| line.split_once('\t')).collect();
    assert_eq!(scores.iter().map(|(_, title)| *title).collect::<Vec<_>>(), ["The First", "The Second", "book"]);
    assert_eq!(laptop.pitches(scores[1].0), "G4 A4 B4 C5");
    assert_eq!(laptop.pitches(scores[2].0), "D4 E4 F#4 G4");
    assert_eq!(laptop.ok(["list"]).lines().count(), 3);
}

#[test]
fn help_and_usage() {
    let laptop = Laptop::new();
    for sub in [
        "import",
        "list",
        "events",
        "export",
        "export-all",
        "edit",
        "commands",
        "rename",
        "delete",
        "play",
        "conflicts",
        "resolve",
        "share",
        "join",
        "sync",
        "serve",
        "demo",
    ] {
        let help = laptop.ok([sub, "--help"]);
        assert!(help.contains("Usage: bandpro"), "{sub}: {help}");
    }
    for wrong in [&["fly"][..], &["import"], &["export", "x"], &[]] {
        assert_eq!(laptop.run(wrong).code, Some(2), "{wrong:?}");
    }
    let chinese = laptop.ok(["--language", "zh-TW", "--help"]);
    assert!(chinese.contains("樂譜"), "{chinese}");
    assert!(laptop.ok(["commands"]).lines().any(|line| line.starts_with("goto PART MEASURE N\t")));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let laptop = Laptop::new();
    let file = laptop.file("long.musicxml", musicxml(&vec!["C4 D4 E4 F4"; 2000]).as_bytes());
    let mut process =
        laptop.command([OsStr::new("events"), file.as_os_str()]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    process.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    drop(process.stdout.take());
    let output = process.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert!(output.status.success());
}

/// A process that prints a line once it is reachable, and ends with this.
struct Reachable {
    process: Child,
    line: String,
}

impl Reachable {
    fn start(laptop: &Laptop, arguments: &[&str]) -> Self {
        let mut process = laptop.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Self { process, line: line.trim().to_owned() }
    }
}

impl Drop for Reachable {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn two_laptops_share_part_and_meet() {
    let (mei, id) = Laptop::with(&["C4 D4 E4 F4", "G4 A4 B4 C5"]);
    let jon = Laptop::new();
    let sharing = Reachable::start(&mei, &["share", &id]);
    let joined = jon.ok(["join", &sharing.line]);
    assert_eq!(joined, format!("{id}\tA tune of ours\n"));
    drop(sharing);
    assert_eq!(mei.pitches(&id), jon.pitches(&id));
    mei.ok(["edit", &id, "goto 1 1 1; pitch A5; goto 1 2 2; delete"]);
    jon.ok(["edit", &id, "goto 1 1 2; pitch B3; goto 1 2 1; pitch F#4"]);
    assert_eq!(mei.run(["sync", "--once"]).code, Some(3), "nobody is there");
    let serving = Reachable::start(&mei, &["serve"]);
    // An edit while another process has the folder open is made all the same.
    mei.ok(["edit", &id, "goto 1 2 3; pitch D5"]);
    jon.ok(["sync", "--once"]);
    drop(serving);
    // Mei deleted A4, so her third note of the measure is C5.
    assert_eq!(mei.pitches(&id), "A5 B3 E4 F4 | F#4 B4 D5");
    assert_eq!(mei.pitches(&id), jon.pitches(&id));
}

#[test]
fn what_merging_left_is_listed_and_decided() {
    let (mei, id) = Laptop::with(&["C4 D4 E4 F4", "G4 A4 B4 C5", "D5 C5 B4 A4"]);
    let jon = Laptop::new();
    assert_eq!(mei.ok(["conflicts", &id]), "");
    let sharing = Reachable::start(&mei, &["share", &id]);
    jon.ok(["join", &sharing.line]);
    drop(sharing);
    mei.ok(["edit", &id, "goto 1 1 1; pitch A5; goto 1 2 1; delete-measure"]);
    jon.ok(["edit", &id, "goto 1 1 1; pitch B3; goto 1 2 2; pitch F#4"]);
    let serving = Reachable::start(&mei, &["serve"]);
    jon.ok(["sync", "--once"]);
    drop(serving);
    let listed = jon.ok(["conflicts", &id]);
    assert_eq!(listed, mei.ok(["conflicts", &id]), "the same on both");
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let [removed, _, leave, pitch, stay, other] = &lines[..] else { panic!("{listed}") };
    assert!(removed[2].contains("took out a measure") && leave[2] == "Leave it out" && removed[1] == "after measure 1", "{listed}");
    assert!(pitch[2].contains("pitch of a note") && pitch[1].ends_with("measure 1"), "{listed}");
    let (kept, given_up) = (stay[2].split(' ').take(3).collect::<Vec<_>>(), other[2].split(' ').take(3).collect::<Vec<_>>());
    assert_eq!(std::collections::BTreeSet::from([kept[1], given_up[1]]), ["A", "B"].into(), "{listed}");
    jon.ok(["resolve", &id, pitch[0], "2"]);
    jon.ok(["resolve", &id, removed[0], "1"]);
    assert_eq!(jon.ok(["conflicts", &id]), "");
    assert_eq!(jon.pitches(&id), format!("{}{} D4 E4 F4 | G4 F#4 B4 C5 | D5 C5 B4 A4", given_up[1], given_up[2]));
    assert_eq!(jon.error(["resolve", &id, pitch[0], "2"]), "no-such-conflict");
    let chinese = mei.ok(["--language", "zh-TW", "conflicts", &id]);
    assert!(chinese.contains("音符的音高") && chinese.contains("不恢復"), "{chinese}");
}

#[test]
fn the_tour_runs_without_a_window() {
    let laptop = Laptop::new();
    let folder = laptop.path("tour");
    let said = laptop.ok([OsStr::new("demo"), OsStr::new("--tour"), folder.as_os_str()]);
    assert!(said.contains(&folder.display().to_string()));
    for name in ["minuet.pdf", "minuet.wav", "laptop-of-mei", "laptop-of-jon"] {
        assert!(folder.join(name).exists(), "{name}");
    }
}

#[test]
fn the_demo_scores_go_in_once() {
    let laptop = Laptop::new();
    let added = laptop.ok(["demo"]);
    assert!(added.lines().count() >= 3, "{added}");
    assert_eq!(laptop.ok(["demo"]), "");
    assert_eq!(laptop.ok(["list"]).lines().count(), added.lines().count());
}

#[test]
fn engrave_says_what_stands_where_and_what_to_circle() {
    let (laptop, id) = Laptop::with(&["C4 D4 E4 F4", "G4 A4 B4 C5"]);
    let pages: Value = serde_json::from_str(&laptop.ok(["engrave", &id])).unwrap();
    assert_eq!(pages["pages"], serde_json::json!([[["1", "2"]]]));
    assert!(pages.get("faults").is_none(), "{pages}");
    let checked: Value = serde_json::from_str(&laptop.ok(["engrave", &id, "--check"])).unwrap();
    let faults = checked["faults"].as_array().unwrap();
    let counted: u64 = checked["totals"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert_eq!(faults.len() as u64, counted);
    for fault in faults {
        assert!(fault["kind"].is_string() && fault["page"] == 1, "{fault}");
    }
}
