//! Real files of every format, spoiled: whatever comes of them is a score that can be used, or an error. And what fuzzing once found
//! stays found.

mod survival;

use std::io::{Cursor, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use bandpro_notation::export::{abc::abc, midi, musicxml};
use bandpro_notation::import::{Bound, FileKind, ImportError, Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::perform::timeline;
use survival::survives;
use zip::write::SimpleFileOptions;

const ROUNDS: u64 = 250;

/// SplitMix64 (Steele, Lea and Flood, 2014): a number repeats a failure.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below a bound; 0 where there is nothing below it.
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.to_string_lossy().ends_with(ending)).collect();
    files.sort();
    files
}

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

fn demos() -> Vec<Vec<u8>> {
    files(&here("../../assets/demo"), ".musicxml").iter().map(|path| std::fs::read(path).unwrap()).collect()
}

fn read(bytes: &[u8]) -> Score {
    import(bytes, &Limits::default(), &mut IdSource::fixed(1)).unwrap().score
}

/// Files to spoil, in pieces that mean something: elements, notes and fields, MIDI messages.
struct Seeds {
    kind: FileKind,
    files: Vec<Vec<u8>>,
}

impl Seeds {
    fn of(kind: FileKind) -> Self {
        let demos = demos();
        let files: Vec<Vec<u8>> = match kind {
            // An archive is packed after its score was spoiled.
            FileKind::MusicXml | FileKind::CompressedMusicXml => demos,
            FileKind::Abc => {
                let tunes = files(&here("tests/tunes"), ".abc").into_iter().map(|path| std::fs::read(path).unwrap());
                tunes.chain(demos.iter().map(|demo| abc(&read(demo)).bytes)).collect()
            }
            FileKind::Midi => demos.iter().map(|demo| midi::midi(&timeline(&read(demo)), &midi::MidiOptions::default()).bytes).collect(),
        };
        let files: Vec<Vec<u8>> = files.into_iter().filter(|bytes| survives(bytes)).collect();
        assert!(files.len() >= 2, "{kind:?}: too few files within the limits");
        Self { kind, files }
    }

    /// Whether a byte starts a piece, or ends one.
    fn cuts(&self, byte: u8, before: u8) -> bool {
        match self.kind {
            FileKind::MusicXml | FileKind::CompressedMusicXml => byte == b'<' || before == b'>',
            FileKind::Abc => byte.is_ascii_whitespace() || before.is_ascii_whitespace() || b"|[]{}()\"!".contains(&byte),
            FileKind::Midi => byte >= 0x80,
        }
    }

    fn pieces(&self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut pieces: Vec<Vec<u8>> = vec![Vec::new()];
        let mut before = 0;
        for byte in bytes {
            if self.cuts(*byte, before) {
                pieces.push(Vec::new());
            }
            pieces.last_mut().unwrap().push(*byte);
            before = *byte;
        }
        pieces
    }

    fn spoiled(&self, dice: &mut Dice) -> Vec<u8> {
        let xml = matches!(self.kind, FileKind::MusicXml | FileKind::CompressedMusicXml);
        // Text that is no longer XML is given back at once; mostly it is to be XML that says something else.
        let bytes = if xml && dice.below(4) > 0 { self.other_elements(dice) } else { self.other_pieces(dice) };
        if self.kind == FileKind::CompressedMusicXml { packed(&bytes, dice) } else { bytes }
    }

    /// Whole elements taken out, repeated, moved, or brought from another file, and other values.
    fn other_elements(&self, dice: &mut Dice) -> Vec<u8> {
        let text = |at: usize| String::from_utf8_lossy(&self.files[at]).into_owned();
        let mut score = text(dice.below(self.files.len()));
        let other = text(dice.below(self.files.len()));
        for _ in 0..=dice.below(6) {
            let (element, theirs) = (element(&score, dice), element(&other, dice));
            let own = score[element.clone()].to_owned();
            match dice.below(5) {
                0 => score.replace_range(element, ""),
                1 => score.insert_str(element.end, &own),
                2 => score.insert_str(element.start, &other[theirs]),
                3 => score.replace_range(element, &other[theirs]),
                _ => {
                    const VALUES: [&str; 12] = ["0", "-1", "1", "7", "256", "99999999999", "-0.5", "1e9", "", "NaN", "start", "no"];
                    let value = VALUES[dice.below(VALUES.len())];
                    if let (Some(open), Some(close)) = (own.find('>'), own.find("</")) {
                        score.replace_range(element.start + open + 1..element.start + close.max(open + 1), value);
                    }
                }
            }
        }
        score.into_bytes()
    }

    fn other_pieces(&self, dice: &mut Dice) -> Vec<u8> {
        let file = &self.files[dice.below(self.files.len())];
        let other = &self.files[dice.below(self.files.len())];
        let mut pieces = self.pieces(file);
        let others = self.pieces(other);
        for _ in 0..=dice.below(4) {
            let (at, to) = (dice.below(pieces.len()), dice.below(pieces.len()));
            match dice.below(5) {
                0 => drop(pieces.remove(at)),
                1 => pieces.insert(to, pieces[at].clone()),
                2 => pieces.swap(at, to),
                3 => pieces[at] = others[dice.below(others.len())].clone(),
                _ => drop(pieces.drain(at..(at + dice.below(8)).min(pieces.len()))),
            }
            if pieces.is_empty() {
                return Vec::new();
            }
        }
        let mut bytes = pieces.concat();
        for _ in 0..dice.below(4) {
            if bytes.is_empty() {
                break;
            }
            let at = dice.below(bytes.len());
            match dice.below(4) {
                0 => bytes[at] = dice.next() as u8,
                1 => bytes[at] ^= 1 << dice.below(8),
                2 => bytes.insert(at, b"0123456789-/.:<>\"&\x00\x7f\xff"[dice.below(21)]),
                _ => bytes.truncate(at.max(bytes.len() / 2)),
            }
        }
        bytes
    }
}

/// Where some element of a text is, with its tags. Near the leaves, so that most of the score stays.
fn element(text: &str, dice: &mut Dice) -> std::ops::Range<usize> {
    for _ in 0..50 {
        let mut from = dice.below(text.len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let Some(start) = text[from..].find('<').map(|at| from + at) else { continue };
        let name: String = text[start + 1..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let Some(tag) = text[start..].find('>').map(|at| start + at + 1).filter(|_| !name.is_empty()) else { continue };
        let end = if text[..tag].ends_with("/>") {
            Some(tag)
        } else {
            text[tag..].find(&format!("</{name}>")).map(|at| tag + at + name.len() + 3)
        };
        if let Some(end) = end.filter(|end| end - start < 20_000) {
            return start..end;
        }
    }
    0..0
}

/// As an archive, which is itself spoiled half of the time.
fn packed(score: &[u8], dice: &mut Dice) -> Vec<u8> {
    let contents = r#"<container><rootfiles><rootfile full-path="score.xml"/></rootfiles></container>"#;
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, entry) in [("META-INF/container.xml", contents.as_bytes()), ("score.xml", score)] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(entry).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    if dice.below(2) == 0 {
        let at = dice.below(bytes.len());
        bytes[at] = dice.next() as u8;
    }
    bytes
}

fn all_survive(kind: FileKind) {
    let seeds = Seeds::of(kind);
    let mut scores = 0;
    for round in 0..ROUNDS {
        let bytes = seeds.spoiled(&mut Dice(round));
        match catch_unwind(AssertUnwindSafe(|| survives(&bytes))) {
            Ok(score) => scores += u64::from(score),
            Err(_) => panic!("{kind:?}, round {round}: see above"),
        }
    }
    // If hardly any were read, nothing was tried.
    assert!(scores * 5 >= ROUNDS, "{kind:?}: only {scores} of {ROUNDS} gave a score");
}

#[test]
fn spoiled_musicxml() {
    all_survive(FileKind::MusicXml);
}

#[test]
fn spoiled_archives() {
    all_survive(FileKind::CompressedMusicXml);
}

#[test]
fn spoiled_midi() {
    all_survive(FileKind::Midi);
}

#[test]
fn spoiled_abc() {
    all_survive(FileKind::Abc);
}

/// Of every format, a file that has more than is allowed of something is refused for just that.
#[test]
fn limits_hold_in_every_format() {
    let demo = read(&demos()[0]);
    let forms = [
        musicxml::musicxml(&demo).bytes,
        musicxml::mxl(&demo).bytes,
        midi::midi(&timeline(&demo), &midi::MidiOptions::default()).bytes,
        abc(&demo).bytes,
    ];
    for bytes in forms {
        let kind = FileKind::of(&bytes);
        let score = read(&bytes);
        let half = |count: usize| count / 2;
        let all = Limits::default();
        let bounds = [
            (Bound::Bytes, Limits { bytes: bytes.len() as u64 - 1, ..all }),
            (Bound::Measures, Limits { measures: half(score.measure_order().len()), ..all }),
            (Bound::Notes, Limits { notes: half(score.notes().len()), ..all }),
            (Bound::Parts, Limits { parts: 0, ..all }),
        ];
        for (bound, limits) in bounds {
            match import(&bytes, &limits, &mut IdSource::fixed(1)) {
                Err(ImportError::TooLarge { bound: reached, .. }) => assert_eq!(reached, bound, "{kind:?}"),
                other => panic!("{kind:?}: {bound} do not hold: {:?}", other.map(|imported| imported.report)),
            }
        }
    }
}

/// Inputs that fuzzing found to go wrong, and those that were near it: named by what was wrong.
#[test]
fn what_once_went_wrong() {
    let found = files(&here("tests/crashers"), "");
    assert!(!found.is_empty());
    for path in found {
        let bytes = std::fs::read(&path).unwrap();
        if catch_unwind(AssertUnwindSafe(|| survives(&bytes))).is_err() {
            panic!("{}: see above", path.display());
        }
    }
}
