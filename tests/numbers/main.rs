//! The numbers of the design's table that need no other program: each is measured on a real score and printed as a line
//! `row ⇥ value ⇥ unit ⇥ remark`. `scripts/bench.py` prints them beside their targets and beside Verovio.

mod documents;
mod mailbox;
mod network;
mod notation;
mod sound;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};

/// The orchestral movement on which most rows are measured: 502 measures, 18 staves.
pub const ORCHESTRA: &str = "orchestra/Beethoven_Ludwig_van_Symphony_No_5_Op_67_1.mxl";
/// A movement of a quartet.
pub const QUARTET: &str = "quartets/Beethoven_Ludwig_van_Grosse_Fuge_in_B_flat_major_Op_133.mxl";

fn main() {
    let mut arguments = std::env::args().skip(1);
    match (arguments.next().as_deref(), arguments.next()) {
        (Some(mailbox::RELAY), Some(folder)) => return mailbox::be_a_relay(folder.as_ref()),
        (Some(documents::IMPORT), Some(folder)) => return documents::import_alone(folder.as_ref()),
        (Some(documents::REOPEN), Some(folder)) => return documents::reopen_alone(folder.as_ref()),
        _ => {}
    }
    // Cargo passes `--bench`, and a name when one wants only some of the rows.
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    let rows: [(&str, fn()); 9] = [
        ("file-to-svg", notation::file_to_svg),
        ("pdf-100-pages", notation::pdf_of_a_hundred_pages),
        ("one-note", notation::one_note),
        ("edit-to-disk", documents::edit_to_disk),
        ("open-stored", documents::open_stored),
        ("import-stored", documents::import_stored),
        ("wav", sound::wav),
        ("sync", network::sync),
        ("mailbox", mailbox::mailbox),
    ];
    // A peak of memory is that of a process which does nothing else.
    if let Some(kind) = wanted.as_ref().and_then(|wanted| wanted.strip_prefix("peak-")) {
        return notation::peak(kind);
    }
    for (name, measure) in rows {
        if wanted.as_ref().is_none_or(|wanted| name.contains(wanted.as_str())) {
            measure();
        }
    }
}

/// Prints one measured row.
pub fn row(name: &str, value: f64, unit: &str, remark: &str) {
    println!("{name}\t{value:.3}\t{unit}\t{remark}");
}

/// Prints the most memory that this process has taken.
pub fn peak_row(name: &str, remark: &str) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    match most {
        Some(kilobytes) => row(name, kilobytes / 1e3, "MB", &format!("the whole process; {remark}")),
        None => bandpro_tests::skipped("this system does not say how much memory a process took"),
    }
}

/// A file of the corpora; nothing, and a line that says so, where it is absent.
pub fn corpus_file(name: &str) -> Option<PathBuf> {
    let path = bandpro_tests::project().join("../shared/corpora").join(name);
    if path.is_file() {
        return Some(path);
    }
    bandpro_tests::skipped(&format!("there is no ../shared/corpora/{name}"));
    None
}

/// A score of the corpora.
pub fn corpus_score(name: &str) -> Option<Score> {
    let bytes = std::fs::read(corpus_file(name)?).expect("the file can be read");
    Some(import(&bytes, &Limits::default(), &mut IdSource::from_seed([1, 2])).expect("the score can be read").score)
}

/// How long something takes.
pub fn time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed())
}

/// Times, to be asked for a percentile.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Takes one in.
    pub fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// The time in milliseconds that this share of all stays below.
    pub fn percentile(&mut self, share: f64) -> f64 {
        self.0.sort();
        let index = ((self.0.len() as f64 * share).ceil() as usize).clamp(1, self.0.len().max(1)) - 1;
        self.0.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1e3)
    }
}
