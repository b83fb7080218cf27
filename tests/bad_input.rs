//! What people and disks do to a program: every refusal says what is wrong, and nothing that was there is lost.

use std::fmt::Write as _;
use std::fs;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bandpro_tests::{Laptop, Ran, bandpro, demo, skipped};
use serde_json::Value;
use zip::write::SimpleFileOptions;

/// A laptop with one score, and what its notes were.
fn with_a_score() -> (Laptop, String, Vec<Value>) {
    let (laptop, score) = Laptop::with(&demo("amazing-grace.musicxml"));
    let events = laptop.events(&score);
    assert!(!events.is_empty());
    (laptop, score, events)
}

#[track_caller]
fn nothing_is_lost(laptop: &Laptop, score: &str, events: &[Value]) {
    assert_eq!(laptop.events(score), events, "the score that was there before has changed");
    assert_eq!(laptop.run(["list"]).ok().stdout.lines().count(), 1, "the library has changed");
}

/// Imports these bytes, which must be refused with a message that has one of the words in it.
#[track_caller]
fn refuses(name: &str, bytes: &[u8], words: &[&str]) -> Ran {
    let (laptop, score, events) = with_a_score();
    let file = laptop.path(name);
    fs::write(&file, bytes).expect("a file to import");
    let ran = bounded(&laptop, &["import", file.to_str().expect("a plain path")]).refused();
    assert!(ran.stderr.contains(name), "it says which file: {}", ran.stderr);
    let said = ran.stderr.to_lowercase();
    assert!(words.iter().any(|word| said.contains(word)), "one of {words:?} in: {}", ran.stderr);
    nothing_is_lost(&laptop, &score, &events);
    ran
}

/// Runs `bandpro` with at most 2 GB of memory where the system can hold it to that.
fn bounded(laptop: &Laptop, arguments: &[&str]) -> Ran {
    if !cfg!(target_os = "linux") {
        return laptop.run(arguments);
    }
    let plain = laptop.command(arguments);
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -v 2000000 && exec \"$0\" \"$@\""]).arg(bandpro()).args(plain.get_args()).stdin(Stdio::null());
    limited.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
    limited.output().expect("a shell").into()
}

fn text_of(name: &str) -> String {
    fs::read_to_string(demo(name)).expect("a demo score")
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its content");
    }
    zip.finish().expect("an archive").into_inner()
}

const CONTAINER: &[u8] = br#"<?xml version="1.0"?><container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>"#;

#[test]
fn an_empty_file() {
    refuses("empty.musicxml", b"", &["empty"]);
}

#[test]
fn a_truncated_file() {
    let text = text_of("minuet-in-g.musicxml");
    let half = text.len() / 2;
    let ran = refuses("half.musicxml", &text.as_bytes()[..half], &["end", "closed", "truncated", "incomplete", "line"]);
    let lines = text[..half].lines().count();
    let near = (lines - 1..=lines + 1).any(|line| ran.stderr.contains(&line.to_string()));
    assert!(near, "it says where the file ends, line {lines}: {}", ran.stderr);
}

#[test]
fn a_truncated_archive() {
    let whole = archive(&[("META-INF/container.xml", CONTAINER), ("score.xml", text_of("minuet-in-g.musicxml").as_bytes())]);
    refuses("half.mxl", &whole[..whole.len() / 2], &["archive", "zip", "mxl", "damaged", "truncated"]);
}

#[test]
fn what_is_not_music() {
    refuses("notes.musicxml", b"Dear Mei, the rehearsal is at eight.\n", &["xml"]);
    refuses("picture.xml", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01", &["xml", "text", "encod"]);
    refuses("page.musicxml", b"<html><body>Not found</body></html>", &["musicxml", "score", "html"]);
    refuses("nothing.mxl", &archive(&[("readme.txt", b"empty")]), &["score", "musicxml", "container"]);
}

#[test]
fn an_entity_bomb() {
    let mut bomb = String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE score-partwise [\n<!ENTITY a0 \"aaaaaaaaaaaaaaaaaaaa\">\n");
    for level in 1..12 {
        let inner = format!("&a{};", level - 1).repeat(10);
        writeln!(bomb, "<!ENTITY a{level} \"{inner}\">").expect("a string takes it");
    }
    bomb.push_str("]>\n<score-partwise version=\"4.0\"><work><work-title>&a11;</work-title></work></score-partwise>\n");
    refuses("bomb.musicxml", bomb.as_bytes(), &["entit", "&a11"]);
}

#[test]
fn a_zip_bomb() {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("META-INF/container.xml", SimpleFileOptions::default()).expect("an entry");
    zip.write_all(CONTAINER).expect("its content");
    zip.start_file("score.xml", SimpleFileOptions::default().large_file(true)).expect("an entry");
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..600 {
        zip.write_all(&blanks).expect("its content");
    }
    let bomb = zip.finish().expect("an archive").into_inner();
    assert!(bomb.len() < 4 << 20, "600 MB in little");
    refuses("bomb.mxl", &bomb, &["large", "bomb", "expand", "much", "decompress"]);
}

#[test]
fn a_file_nested_beyond_reason() {
    let deep = format!("<score-partwise>{}", "<part>".repeat(200_000));
    refuses("deep.musicxml", deep.as_bytes(), &["deep", "nest", "level"]);
}

#[test]
fn a_folder_and_a_file_that_is_not_there() {
    let (laptop, score, events) = with_a_score();
    fs::create_dir(laptop.path("folder.musicxml")).expect("a folder");
    let folder = laptop.path("folder.musicxml");
    let ran = laptop.run([Path::new("import"), &folder]).refused();
    assert!(ran.stderr.to_lowercase().contains("folder"), "{}", ran.stderr);
    laptop.run([Path::new("import"), &laptop.path("nowhere.musicxml")]).refused();
    nothing_is_lost(&laptop, &score, &events);
}

#[test]
fn targets_that_cannot_be_written() {
    let (laptop, score, events) = with_a_score();
    fs::create_dir(laptop.path("folder.pdf")).expect("a folder");
    for target in ["missing/out.svg", "folder.pdf", "out", "out.docx"] {
        let target = laptop.path(target);
        let ran = laptop.run([Path::new("export"), Path::new(&score), Path::new("--to"), &target]).refused();
        let name = target.file_name().expect("a name").to_string_lossy();
        assert!(ran.stderr.contains(&*name), "it says which file: {}", ran.stderr);
    }
    assert_eq!(fs::read_dir(laptop.path("folder.pdf")).expect("still a folder").count(), 0);
    nothing_is_lost(&laptop, &score, &events);
}

#[test]
fn an_export_that_fails_leaves_the_old_file() {
    let (laptop, score, _) = with_a_score();
    let target = laptop.path("out.png");
    fs::write(&target, "the old one").expect("a file");
    for wrong in [["--part", "9"], ["--page", "99"], ["--dpi", "0"], ["--dpi", "1e9"]] {
        let arguments = ["export", &score, "--to", target.to_str().expect("a plain path"), wrong[0], wrong[1]];
        bounded(&laptop, &arguments).refused();
        assert_eq!(fs::read_to_string(&target).expect("still there"), "the old one", "{wrong:?}");
    }
}

#[test]
fn wrong_ids_commands_and_tickets() {
    let (laptop, score, events) = with_a_score();
    laptop.run(["events", "nosuchscore"]).refused();
    laptop.run(["edit", "nosuchscore", "goto 1 1 1"]).refused();
    for script in ["goto 1 99 1; delete", "goto 1 1 1; pitch H4", "goto 1 1 1; fly", "goto 1 0 1", "goto"] {
        laptop.run(["edit", &score, script]).refused();
    }
    let ticket = laptop.run(["share", &score, "--no-wait"]).ok().stdout;
    let ticket = ticket.split_whitespace().find(|word| word.starts_with("bandpro-")).expect("a ticket").to_owned();
    let half = &ticket[..ticket.len() / 2];
    let changed: String = ticket.chars().rev().map(|c| if c == 'a' { 'b' } else { 'a' }).collect();
    for wrong in ["", "hello", half, &changed] {
        let ran = laptop.run(["join", wrong]).refused();
        assert!(ran.stderr.to_lowercase().contains("ticket") || wrong.is_empty(), "{}", ran.stderr);
    }
    nothing_is_lost(&laptop, &score, &events);
}

/// The SQLite files of a laptop.
fn databases(laptop: &Laptop) -> Vec<PathBuf> {
    let files = fs::read_dir(laptop.data()).expect("the data folder").filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let found: Vec<PathBuf> = files.filter(|file| fs::read(file).is_ok_and(|bytes| bytes.starts_with(b"SQLite format 3\0"))).collect();
    assert!(!found.is_empty(), "no database in {}", laptop.data().display());
    found
}

/// The place of `user_version` in the header of a SQLite file. SQLite, "Database File Format", 1.3.
const USER_VERSION: std::ops::Range<usize> = 60..64;

#[test]
fn a_database_of_a_newer_version() {
    let (laptop, score, events) = with_a_score();
    let kept: Vec<(PathBuf, Vec<u8>)> =
        databases(&laptop).into_iter().map(|file| (file.clone(), fs::read(file).expect("readable"))).collect();
    for (file, bytes) in &kept {
        let mut newer = bytes.clone();
        newer[USER_VERSION].copy_from_slice(&9999_u32.to_be_bytes());
        fs::write(file, &newer).expect("writable");
    }
    for arguments in [vec!["list"], vec!["edit", &score, "goto 1 1 1; delete"]] {
        let ran = laptop.run(arguments).refused();
        assert!(ran.stderr.to_lowercase().contains("newer"), "{}", ran.stderr);
    }
    for (file, bytes) in &kept {
        let now = fs::read(file).expect("readable");
        assert_eq!(now.len(), bytes.len(), "the newer database was touched");
        fs::write(file, bytes).expect("writable");
    }
    nothing_is_lost(&laptop, &score, &events);
}

#[test]
fn a_data_folder_that_is_something_else() {
    let (laptop, score, events) = with_a_score();
    let aside = laptop.path("aside");
    fs::rename(laptop.data(), &aside).expect("moved");
    fs::write(laptop.data(), "a file").expect("a file in its place");
    laptop.run(["list"]).refused();
    assert_eq!(fs::read_to_string(laptop.data()).expect("still there"), "a file");
    fs::remove_file(laptop.data()).expect("removed");
    fs::rename(&aside, laptop.data()).expect("moved back");

    let file = databases(&laptop).remove(0);
    let bytes = fs::read(&file).expect("readable");
    fs::write(&file, "this is no database, whatever its name says").expect("writable");
    laptop.run(["list"]).refused();
    assert_eq!(fs::read_to_string(&file).expect("still there"), "this is no database, whatever its name says");
    fs::write(&file, bytes).expect("writable");
    nothing_is_lost(&laptop, &score, &events);
}

/// A file system of this many kilobytes in a folder, for as long as this lives.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn at(folder: &Path, kilobytes: u32) -> Option<Self> {
        fs::create_dir_all(folder).expect("a folder");
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        if mounted.is_ok_and(|run| run.status.success()) {
            return Some(Self(folder.to_owned()));
        }
        skipped("no small disk can be mounted here (that takes root)");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_without_space() {
    let laptop = Laptop::new();
    let Some(_disk) = SmallDisk::at(&laptop.data(), 3000) else { return };
    let mut kept = Vec::new();
    let full = loop {
        assert!(kept.len() < 500, "a disk of 3 MB took {} scores", kept.len());
        let ran = laptop.run([Path::new("import"), &demo("minuet-in-g.musicxml")]);
        if ran.code != Some(0) {
            break ran.refused();
        }
        kept.push(ran.stdout.split_whitespace().next().expect("an id").to_owned());
    };
    assert!(full.stderr.to_lowercase().contains("space"), "{}", full.stderr);
    assert!(!kept.is_empty(), "not even one score fits on a disk of 3 MB: {}", full.stderr);
    let listed = laptop.run(["list"]).ok().stdout;
    for score in &kept {
        assert!(listed.contains(score.as_str()), "an acknowledged import is gone: {score} in {listed}");
    }
    assert!(!laptop.events(&kept[0]).is_empty());
}

#[test]
fn an_export_onto_a_disk_without_space() {
    let (laptop, score, events) = with_a_score();
    let folder = laptop.path("small");
    let Some(_disk) = SmallDisk::at(&folder, 100) else { return };
    let ran = laptop.run([Path::new("export"), Path::new(&score), Path::new("--to"), &folder.join("out.wav")]).refused();
    assert!(ran.stderr.to_lowercase().contains("space"), "{}", ran.stderr);
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), 0, "half a file was left behind");
    nothing_is_lost(&laptop, &score, &events);
}

/// Somebody's only laptop is gone, and the key with it; there is a copy of the folder.
#[test]
fn a_folder_whose_key_is_gone_gives_its_music_back() {
    let (laptop, score, _) = with_a_score();
    laptop.run(["edit", &score, "goto 1 2 1; pitch Bb4"]).ok();
    let events = laptop.events(&score);
    let trashed = laptop.run(["import", demo("minuet-in-g.musicxml").to_str().expect("a plain path")]).ok().stdout;
    laptop.run(["delete", trashed.split_whitespace().next().expect("an id")]).ok();
    laptop.run(["list"]).ok();
    let old = laptop.data();
    fs::remove_file(old.join("device.key")).expect("the key is a file here");
    let refused = laptop.run(["list"]).refused();
    assert!(refused.stderr.contains("bandpro rescue"), "{}", refused.stderr);
    assert!(!old.join("device.key").exists(), "no other key is made in its place");

    let new = Laptop::new();
    let rescued = new.run(["rescue", old.to_str().expect("a plain path")]).ok().stdout;
    assert_eq!(rescued.lines().count(), 1, "what was deleted stays so: {rescued}");
    let copy = rescued.split_whitespace().next().expect("an id");
    assert_eq!(new.events(copy), events);
    assert_ne!(copy, score, "a copy is a document of its own");

    let nothing = new.path("nothing");
    fs::create_dir(&nothing).expect("a folder");
    let refused = new.run(["rescue", nothing.to_str().expect("a plain path")]).refused();
    assert!(refused.stderr.contains("bandpro.db"), "{}", refused.stderr);
    assert_eq!(fs::read_dir(&nothing).expect("it is there").count(), 0, "nothing is made where nothing was");
}
