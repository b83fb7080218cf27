//! Engraves a MusicXML file and writes pictures of its pages: `engrave FILE PREFIX [PAGE] [part]`.

use std::error::Error;

use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;
use bandpro_notation::render::png;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, prefix, rest @ ..] = args.as_slice() else { return Err("usage: engrave FILE PREFIX [PAGE] [DPI]".into()) };
    let bytes = std::fs::read(file)?;
    let start = std::time::Instant::now();
    let imported = import(&bytes, &Limits::default(), &mut IdSource::fixed(1))?;
    let read = start.elapsed();
    let start = std::time::Instant::now();
    let pages = engrave(&imported.score, &Options::default());
    println!("{file}: {} pages, read in {read:?}, engraved in {:?}", pages.len(), start.elapsed());
    let only: Option<usize> = rest.first().and_then(|page| page.parse().ok());
    let dpi = rest.get(1).and_then(|dpi| dpi.parse().ok()).unwrap_or(110.0);
    for page in pages.iter().filter(|page| only.is_none_or(|only| only == page.number)) {
        std::fs::write(format!("{prefix}-{}.png", page.number), png(page, dpi)?)?;
    }
    Ok(())
}
