//! Engraves a MusicXML file: `engrave FILE PREFIX [PAGE] [DPI]` writes pictures of its pages.

use std::error::Error;
use std::time::Instant;

use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::png;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [file, prefix, rest @ ..] if rest.len() <= 2 && rest.iter().all(|n| n.parse::<f32>().is_ok()) => picture(file, prefix, rest),
        _ => Err("usage: engrave FILE PREFIX [PAGE] [DPI]".into()),
    }
}

fn read(file: &str) -> Result<Score, Box<dyn Error>> {
    Ok(import(&std::fs::read(file)?, &Limits::default(), &mut IdSource::fixed(1))?.score)
}

fn picture(file: &str, prefix: &str, rest: &[String]) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let score = read(file)?;
    let read = start.elapsed();
    let start = Instant::now();
    let pages = engrave(&score, &Options::default());
    println!(
        "{file}: {} pages, read in {read:?}, engraved in {:?}, {:.4} mm a space",
        pages.len(),
        start.elapsed(),
        pages[0].millimetres_per_space
    );
    let only: Option<usize> = rest.first().and_then(|page| page.parse().ok());
    let dpi = rest.get(1).and_then(|dpi| dpi.parse().ok()).unwrap_or(110.0);
    for page in pages.iter().filter(|page| only.is_none_or(|only| only == page.number)) {
        std::fs::write(format!("{prefix}-{}.png", page.number), png(page, dpi)?)?;
    }
    Ok(())
}
