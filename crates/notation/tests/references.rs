//! Reference pictures: the first system of small scores, each showing a feature, against the picture that was looked at and
//! found right.
//!
//! `UPDATE=1 cargo test -p bandpro-notation --test references` (or `scripts/references.sh --update`) writes them anew. Where a
//! picture differs, `target/references/index.html` shows the old one, the new one and the difference.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use bandpro_notation::edit::{StylePreset, set_style};
use bandpro_notation::engrave::{Options, Page, Point, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::png;
use tiny_skia::{Pixmap, PremultipliedColorU8};

/// Dots an inch: enough to see a stem that is off, small enough to keep.
const DPI: f32 = 72.0;
/// A pixel differs by more than this, from 0 to 255 …
const DARKER: u8 = 96;
/// … in more places than this.
const PLACES: usize = 6;
/// Around the system, in staff spaces.
const MARGIN: f32 = 1.5;

/// What is done to a score before it is drawn.
type Prepare = fn(&mut Score, &mut Options);

/// A picture that is not what it was: its name, the old one where there is one, the new one, and where they differ.
type Difference = (String, Option<Vec<u8>>, Vec<u8>, Option<Vec<u8>>);

/// Features that the MusicXML test suite has no file for, as ABC with what is done to it.
const OWN: [(&str, &str, Prepare); 4] = [
    (
        "own-multi-measure-rest",
        "X:1\nM:4/4\nL:1/4\nK:G\nV:1 name=Flute\nGABc|d4|G4|d4|d4|d4|d4|d4|g4|\nV:2 name=Oboe\nG4|z4|z4|z4|z4|z4|z4|z4|g4|\n",
        part,
    ),
    ("own-optical-spacing", "X:1\nM:4/4\nL:1/4\nK:C\nAcAc|cAcA|[AB]c[AB]c|\n", as_it_is),
    ("own-jazz-style", "X:1\nM:4/4\nL:1/8\nK:F\n\"F7\"FA cd \"Bb7\"f2 ed|\"Cm7\"c2 _e2 \"F7\"d4|\n", jazz),
    ("own-large-print", "X:1\nM:3/4\nL:1/4\nK:D\nF G A|d2 c|B A G|\nw:Old songs are the best ones to sing\n", large),
];

fn as_it_is(_: &mut Score, _: &mut Options) {}

fn part(score: &mut Score, options: &mut Options) {
    options.part = score.parts().get(1).map(|row| row.0);
}

fn jazz(score: &mut Score, _: &mut Options) {
    let _ = set_style(score, StylePreset::Jazz).apply(score).expect("a style");
}

fn large(score: &mut Score, _: &mut Options) {
    let _ = set_style(score, StylePreset::LargePrint).apply(score).expect("a style");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references")
}

fn report_folder() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"), PathBuf::from);
    target.join("references")
}

/// A page with nothing but its first system, as large as that.
fn first_system(mut pages: Vec<Page>) -> Option<Page> {
    let mut page = pages.swap_remove(0);
    page.items.clear();
    page.systems.truncate(1);
    let placed = page.systems.first_mut()?;
    let bounds = placed.system.bounds;
    placed.origin = Point::new(MARGIN - bounds.left.min(0.0), MARGIN - bounds.top);
    page.width = placed.origin.x + bounds.right + MARGIN;
    page.height = bounds.bottom - bounds.top + 2.0 * MARGIN;
    Some(page)
}

fn picture(score: &Score, options: &Options) -> Option<Vec<u8>> {
    png(&first_system(engrave(score, options))?, DPI).ok()
}

/// Every picture with its name, in order.
fn pictures() -> Vec<(String, Vec<u8>)> {
    let mut pictures = Vec::new();
    let suite = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/suite");
    match std::fs::read_dir(&suite) {
        Ok(entries) => {
            for path in entries.flatten().map(|entry| entry.path()) {
                let Ok(bytes) = std::fs::read(&path) else { continue };
                // The one malformed file is refused; that is the importer's test.
                let Ok(imported) = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)) else { continue };
                let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                pictures.extend(picture(&imported.score, &Options::default()).map(|bytes| (name, bytes)));
            }
        }
        Err(_) => eprintln!("skipped: no {} to read", suite.display()),
    }
    for (name, abc, prepare) in OWN {
        let mut score = import(abc.as_bytes(), &Limits::default(), &mut IdSource::fixed(1)).expect("it is ABC").score;
        let mut options = Options::default();
        prepare(&mut score, &mut options);
        pictures.push((name.to_owned(), picture(&score, &options).expect("a picture")));
    }
    pictures.sort();
    pictures
}

/// How many pixels differ, and a picture of where: what is new in green, what is gone in red.
fn compare(old: &Pixmap, new: &Pixmap) -> (usize, Pixmap) {
    let (width, height) = (old.width().max(new.width()), old.height().max(new.height()));
    let mut drawn = Pixmap::new(width, height).expect("it has a size");
    let level = |picture: &Pixmap, x: u32, y: u32| picture.pixel(x, y).map_or(255, |pixel| pixel.green());
    let mut places = 0;
    for y in 0..height {
        for x in 0..width {
            let (before, after) = (level(old, x, y), level(new, x, y));
            // A line that moved by a fraction of a pixel is paler here and darker beside: only what no neighbour explains counts.
            let near = |picture: &Pixmap, value: u8| {
                let around = (x.saturating_sub(1)..=x + 1).flat_map(|x| (y.saturating_sub(1)..=y + 1).map(move |y| (x, y)));
                around.into_iter().any(|(x, y)| level(picture, x, y).abs_diff(value) <= DARKER)
            };
            let differs = before.abs_diff(after) > DARKER && !(near(old, after) && near(new, before));
            places += usize::from(differs);
            let colour = match (differs, before > after) {
                (true, true) => [0, 150, 0],
                (true, false) => [220, 0, 0],
                (false, _) => [after / 2 + 127; 3],
            };
            drawn.pixels_mut()[(y * width + x) as usize] =
                PremultipliedColorU8::from_rgba(colour[0], colour[1], colour[2], 255).expect("it is opaque");
        }
    }
    (places, drawn)
}

/// Writes what differs where a person can look at it.
fn report(differences: &[Difference]) -> PathBuf {
    let folder = report_folder();
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    let mut page = String::from(
        "<!doctype html><meta charset=\"utf-8\"><title>Reference pictures</title><style>body{font:15px sans-serif;margin:2em}\
         img{display:block;border:1px solid #ccc;margin:.3em 0 1em;max-width:100%}</style><h1>Reference pictures that differ</h1>\n",
    );
    for (name, old, new, difference) in differences {
        let _ = write!(page, "<h2>{name}</h2>");
        for (what, bytes) in [("old", old.as_ref()), ("new", Some(new)), ("difference", difference.as_ref())] {
            if let Some(bytes) = bytes {
                let file = format!("{name}-{what}.png");
                std::fs::write(folder.join(&file), bytes).expect("the target folder can be written");
                let _ = write!(page, "<p>{what}<img src=\"{file}\" alt=\"{name}, {what}\"></p>");
            }
        }
    }
    let index = folder.join("index.html");
    std::fs::write(&index, page).expect("the target folder can be written");
    index
}

#[test]
fn every_feature_looks_as_it_did() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut differences: Vec<Difference> = Vec::new();
    for (name, new) in pictures() {
        let file = folder().join(format!("{name}.png"));
        if update {
            std::fs::create_dir_all(folder()).expect("the folder can be made");
            std::fs::write(&file, &new).expect("the picture can be written");
            continue;
        }
        let Ok(old) = std::fs::read(&file) else {
            differences.push((name, None, new, None));
            continue;
        };
        let decode = |bytes: &[u8]| Pixmap::decode_png(bytes).expect("it is a PNG");
        let (places, drawn) = compare(&decode(&old), &decode(&new));
        if places > PLACES {
            differences.push((name, Some(old), new, drawn.encode_png().ok()));
        }
    }
    if !differences.is_empty() {
        let names: Vec<&str> = differences.iter().map(|row| row.0.as_str()).collect();
        panic!("{} differ: {}\nsee {}", names.len(), names.join(", "), report(&differences).display());
    }
}

#[test]
fn a_difference_is_found_and_a_hair_is_not() {
    let score = import(OWN[2].1.as_bytes(), &Limits::default(), &mut IdSource::fixed(1)).expect("it is ABC").score;
    let page = first_system(engrave(&score, &Options::default())).expect("a system");
    let draw = |page: &Page| Pixmap::decode_png(&png(page, DPI).expect("a picture")).expect("a PNG");
    let right = draw(&page);
    assert_eq!(compare(&right, &right).0, 0);
    let mut moved = page.clone();
    moved.systems[0].origin.x += 0.05;
    assert!(compare(&right, &draw(&moved)).0 <= PLACES, "a hair's breadth");
    let mut system = bandpro_notation::engrave::System::clone(&page.systems[0].system);
    let head = system.items.iter().position(|item| item.role == bandpro_notation::engrave::Role::Notehead).expect("a head");
    let item = system.items[head].clone().moved(Point::new(0.0, 0.5));
    system.items[head] = item;
    let mut wrong = page.clone();
    wrong.systems[0].system = std::sync::Arc::new(system);
    assert!(compare(&right, &draw(&wrong)).0 > PLACES, "a head on the wrong line");
}
