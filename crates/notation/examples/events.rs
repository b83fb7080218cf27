//! Prints the notes of MusicXML files, one JSON object a line, and what each import reports.
//!
//! `cargo run --release --example events -- [--report] [--time] FILE…`

use std::time::Instant;

use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing;
use bandpro_notation::model::IdSource;

#[allow(clippy::disallowed_methods)]
fn main() {
    let (options, files): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let asked = |option: &str| options.iter().any(|given| given == option);
    for file in files {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                continue;
            }
        };
        let start = Instant::now();
        match import(&bytes, &Limits::default(), &mut IdSource::fixed(1)) {
            Ok(imported) => {
                if asked("--time") {
                    let score = &imported.score;
                    eprintln!("{file}: {:?}, {} events, {} notes", start.elapsed(), score.events().len(), score.notes().len());
                }
                if asked("--report") {
                    for line in &imported.report {
                        println!("{:?} {} ×{} {:?}", line.kind, line.what, line.times, line.place);
                    }
                } else if !asked("--time") {
                    for line in listing::events(&imported.score) {
                        println!("{}", serde_json::to_string(&line).unwrap_or_default());
                    }
                }
            }
            Err(error) => eprintln!("{file}: {error}. {}", error.hint()),
        }
    }
}
