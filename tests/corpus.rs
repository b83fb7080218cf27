//! Scores that nobody here wrote go the whole way: read, engraved, and written in every format.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::{ControlFlow, Range};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use bandpro_notation::engrave::{Options, Page, Role, engrave};
use bandpro_notation::export::midi::{MidiOptions, midi};
use bandpro_notation::import::{ImportError, Imported, Limits, import};
use bandpro_notation::listing::events;
use bandpro_notation::model::{Beat, IdSource, NoteId, PartId, RecordRef, Score, SignKind};
use bandpro_notation::perform::timeline;
use bandpro_notation::render::{PdfMeta, SvgOptions, pdf, png, svg};
use bandpro_playback::{RenderOptions, render_wav};
use bandpro_tests::{corpora, demo, project, skipped};
use serde_json::Value;

/// The one file of the suite that is not well-formed.
const MALFORMED: &str = "32ad-Notations5.musicxml";

fn files(folder: &Path) -> Vec<PathBuf> {
    let is_score = |file: &PathBuf| file.extension().is_some_and(|ending| ["xml", "musicxml", "mxl"].iter().any(|known| ending == *known));
    let entries = fs::read_dir(folder).expect("the folder can be read").filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut found: Vec<PathBuf> = entries.filter(is_score).filter(|file| !file.ends_with(MALFORMED)).collect();
    found.sort();
    assert!(!found.is_empty(), "no scores in {}", folder.display());
    found
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Does something with every file, on as many threads as there are cores; all failures together, each with its file.
fn with_each(files: &[PathBuf], work: impl Fn(&Path) -> Result<(), String> + Sync) {
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let done = catch_unwind(AssertUnwindSafe(|| work(file))).unwrap_or_else(|_| Err("it panicked".into()));
                    if let Err(failure) = done {
                        failures.lock().expect("nobody panics with it").push(format!("{}: {failure}", name(file)));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("nobody panics with it");
    assert!(failures.is_empty(), "{} of {} files:\n{}", failures.len(), files.len(), failures.join("\n"));
}

fn read(file: &Path) -> Result<Imported, String> {
    let bytes = fs::read(file).map_err(|error| error.to_string())?;
    import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).map_err(|error| error.to_string())
}

/// Everything is on its page: no ink beyond the paper.
fn inside(pages: &[Page]) -> Result<(), String> {
    for page in pages {
        for system in &page.systems {
            let bounds = system.bounds();
            if bounds.left < 0.0 || bounds.top < 0.0 || bounds.right > page.width || bounds.bottom > page.height {
                let first = system.measures.start + 1;
                return Err(format!("page {}: the system from measure {first} is off the page: {bounds:?}", page.number));
            }
        }
    }
    Ok(())
}

/// Which signs stand for what is played on a staff, or all staves of a part: slashes, repeats of beats, of measures.
type Signs = (PartId, Option<u8>, u8);

/// A stretch of a measure, given by its place, where signs stand for what is played; and whether one head of each chord remains.
struct Stretch {
    signs: Signs,
    place: usize,
    beats: Range<Beat>,
    rhythm: bool,
}

/// The stretches of a score that show slashes or repeats.
fn stood_for(score: &Score) -> Vec<Stretch> {
    let end = Beat::new(1_000, 1);
    let mut found = Vec::new();
    let mut standing: BTreeMap<Signs, bool> = BTreeMap::new();
    for (place, measure) in score.measure_order().iter().enumerate() {
        let mut since: BTreeMap<Signs, (Beat, bool)> = standing.iter().map(|(signs, rhythm)| (*signs, (Beat::ZERO, *rhythm))).collect();
        for (_, sign) in score.signs_in(*measure) {
            let (kind, begun) = match &sign.kind {
                SignKind::Slash(style) => (0, style.map(|style| style.rhythmic)),
                SignKind::BeatRepeat(slashes) => (1, slashes.map(|_| false)),
                SignKind::MeasureRepeat(style) => (2, style.map(|_| false)),
                _ => continue,
            };
            let signs = (sign.part, sign.staff, kind);
            if let Some((from, rhythm)) = since.remove(&signs) {
                found.push(Stretch { signs, place, beats: from..sign.at.beat, rhythm });
            }
            standing.remove(&signs);
            if let Some(rhythm) = begun {
                // A repeat counts for the whole measure.
                since.insert(signs, (if kind == 0 { sign.at.beat } else { Beat::ZERO }, rhythm));
                standing.insert(signs, rhythm);
            }
        }
        found.extend(since.into_iter().map(|(signs, (from, rhythm))| Stretch { signs, place, beats: from..end, rhythm }));
    }
    found
}

/// Every note of a visible part that is printed has its head on some page, but where slashes or repeats stand for it.
fn every_note_drawn(score: &Score, pages: &[Page]) -> Result<(), String> {
    let items = pages.iter().flat_map(|page| &page.systems).flat_map(|placed| &placed.system.items);
    let drawn: BTreeSet<RecordRef> = items.filter(|item| item.role == Role::Notehead).filter_map(|item| item.source).collect();
    let stood_for = stood_for(score);
    for (part, _) in score.parts().into_iter().filter(|(_, part)| part.visible) {
        for (place, measure) in score.measure_order().iter().enumerate() {
            for (id, event) in score.events_in(*measure, part).filter(|(_, event)| event.visible) {
                let covers = |stretch: &&Stretch| {
                    let (of, staff, _) = stretch.signs;
                    let here = of == part && stretch.place == place && staff.is_none_or(|staff| staff == event.staff);
                    here && stretch.beats.contains(&event.time.onset)
                };
                let stretch = stood_for.iter().find(covers);
                let notes = || score.notes_of(id).into_iter().filter(|(_, note)| note.visible && note.pitch.pitch().is_some());
                let shown = |note: NoteId| drawn.contains(&note.into()) || drawn.contains(&id.into());
                let lost = match stretch {
                    Some(stretch) if stretch.rhythm => notes().find(|_| !notes().any(|(note, _)| shown(note))),
                    Some(_) => None,
                    None => notes().find(|(note, _)| !shown(*note)),
                };
                if let Some((_, note)) = lost {
                    return Err(format!("a note of measure {} is nowhere: {:?}", place + 1, note.pitch));
                }
            }
        }
    }
    Ok(())
}

/// Writes a score in every format but sound.
fn written(score: &Score) -> Result<(), String> {
    let pages = engrave(score, &Options::default());
    inside(&pages)?;
    every_note_drawn(score, &pages)?;
    for page in &pages {
        let picture = svg(page, &SvgOptions::default());
        if !picture.starts_with("<svg") || !picture.trim_end().ends_with("</svg>") {
            return Err(format!("page {} is no SVG", page.number));
        }
    }
    let document = pdf(&pages, &PdfMeta::default()).map_err(|error| error.to_string())?;
    if !document.starts_with(b"%PDF") {
        return Err("no PDF".into());
    }
    let picture = png(&pages[0], 50.0).map_err(|error| error.to_string())?;
    if !picture.starts_with(b"\x89PNG") {
        return Err("no PNG".into());
    }
    let performance = timeline(score);
    if !midi(&performance, &MidiOptions::default()).bytes.starts_with(b"MThd") {
        return Err("no MIDI file".into());
    }
    Ok(())
}

fn whole_way(folder: &str) {
    let Some(folder) = corpora(folder) else { return };
    with_each(&files(&folder), |file| written(&read(file)?.score));
}

#[test]
fn every_feature_of_the_suite_goes_the_whole_way() {
    whole_way("suite");
}

#[test]
fn songs_go_the_whole_way() {
    whole_way("lieder");
}

#[test]
fn quartets_go_the_whole_way() {
    whole_way("quartets");
}

#[test]
fn orchestras_go_the_whole_way() {
    whole_way("orchestra");
}

#[test]
fn what_is_malformed_is_refused_at_its_line_and_column() {
    let Some(folder) = corpora("suite") else { return };
    let bytes = fs::read(folder.join(MALFORMED)).expect("the malformed file");
    let error = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).expect_err("it is not well-formed");
    assert!(matches!(error, ImportError::Malformed { .. }), "{error:?}");
    let said = error.to_string();
    assert!(said.contains("line ") && said.contains("column "), "{said}");
}

/// What another reader of MusicXML says about the notes of a file.
fn as_another_reads_it(reader: &Path, file: &Path) -> Result<Vec<Value>, String> {
    let run = Command::new("python3").arg(reader).arg(file).output().map_err(|error| error.to_string())?;
    if !run.status.success() {
        return Err(String::from_utf8_lossy(&run.stderr).into_owned());
    }
    String::from_utf8_lossy(&run.stdout).lines().map(|line| serde_json::from_str(line).map_err(|error| error.to_string())).collect()
}

#[test]
fn the_notes_are_those_that_another_reader_finds() {
    let reader = project().join("../shared/tools/musicxml_events.py");
    let python = Command::new("python3").arg("--version").output().is_ok_and(|run| run.status.success());
    if !python || !reader.is_file() {
        return skipped("there is no python3 or no ../shared/tools/musicxml_events.py");
    }
    let folders = ["lieder", "quartets"].into_iter().filter_map(corpora);
    let all: Vec<PathBuf> = folders.flat_map(|folder| files(&folder)).collect();
    with_each(&all, |file| {
        let ours: Vec<Value> = events(&read(file)?.score).iter().map(|event| serde_json::to_value(event).expect("plain values")).collect();
        let theirs = as_another_reads_it(&reader, file)?;
        match ours.iter().zip(&theirs).position(|(ours, theirs)| ours != theirs) {
            Some(at) => Err(format!("line {}: {} instead of {}", at + 1, ours[at], theirs[at])),
            None if ours.len() != theirs.len() => Err(format!("{} notes instead of {}", ours.len(), theirs.len())),
            None => Ok(()),
        }
    });
}

#[test]
fn the_demo_scores_lose_nothing() {
    let folder = demo("");
    with_each(&files(&folder), |file| {
        let imported = read(file)?;
        if let Some(line) = imported.report.first() {
            return Err(format!("not understood: {line:?}"));
        }
        let header = imported.score.header();
        if header.title.is_empty() || header.composer.is_empty() || header.copyright.is_empty() {
            return Err("it does not say its title, who wrote it, and its licence".into());
        }
        written(&imported.score)
    });
}

#[test]
fn songs_sound() {
    let Some(folder) = corpora("lieder") else { return };
    with_each(&files(&folder)[..2], |file| {
        let performance = timeline(&read(file)?.score);
        let mut wav = std::io::Cursor::new(Vec::new());
        let options = RenderOptions { sample_rate: 22_050, ..RenderOptions::default() };
        let rendered =
            render_wav(&performance, &options, &mut wav, &mut |_| ControlFlow::Continue(())).map_err(|error| error.to_string())?;
        if rendered.peak < 0.01 || rendered.duration.0 < performance.duration().0 {
            return Err(format!("silent or too short: {rendered:?}"));
        }
        Ok(())
    });
}
