//! Engraves MusicXML files.
//!
//! `engrave FILE PREFIX [PAGE] [DPI]` writes pictures of its pages; `engrave --check FILE…` says what leaves its page and what
//! collides.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

use bandpro_notation::engrave::{Item, Options, Page, PlacedSystem, Role, bounds, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::png;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [flag, files @ ..] if flag == "--check" => {
            for file in files {
                match read(file) {
                    Ok(score) => check(file, &score),
                    Err(error) => println!("{file}: {error}"),
                }
            }
            Ok(())
        }
        // Anything but numbers after the prefix is a list of files that a shell made of a pattern.
        [file, prefix, rest @ ..] if rest.len() <= 2 && rest.iter().all(|n| n.parse::<f32>().is_ok()) && !Path::new(prefix).exists() => {
            picture(file, prefix, rest)
        }
        _ => Err("usage: engrave FILE PREFIX [PAGE] [DPI] | engrave --check FILE…".into()),
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
    println!("{file}: {} pages, read in {read:?}, engraved in {:?}", pages.len(), start.elapsed());
    let only: Option<usize> = rest.first().and_then(|page| page.parse().ok());
    let dpi = rest.get(1).and_then(|dpi| dpi.parse().ok()).unwrap_or(110.0);
    for page in pages.iter().filter(|page| only.is_none_or(|only| only == page.number)) {
        std::fs::write(format!("{prefix}-{}.png", page.number), png(page, dpi)?)?;
    }
    Ok(())
}

/// Kinds of things that must not cover each other.
fn collide(a: Role, b: Role) -> bool {
    use Role::{Accidental, ChordSymbol, Clef, Dynamic, Lyric, MeasureNumber, Notehead, PartName, Rest, Tempo, Tuplet, Words};
    let solid = |role: Role| matches!(role, Notehead | Accidental | Rest | Clef);
    let text = |role: Role| matches!(role, Lyric | Dynamic | Words | Tempo | ChordSymbol | MeasureNumber | PartName | Tuplet);
    (text(a) && text(b) && (a, b) != (Dynamic, Dynamic) && (a, b) != (Tuplet, Tuplet) && (a, b) != (Tempo, Tempo))
        && (a, b) != (ChordSymbol, ChordSymbol)
        || solid(a) && text(b)
        || text(a) && solid(b)
        || (a == Accidental || b == Accidental) && solid(a) && solid(b)
        || a == Notehead && b == Rest
}

fn check(file: &str, score: &Score) {
    let pages = engrave(score, &Options::default());
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in &pages {
        outside(page, &mut found);
        for system in &page.systems {
            let mut items: Vec<(&Item, _)> = system.system.items.iter().map(|item| (item, bounds(item))).collect();
            items.sort_by(|a, b| a.1.left.total_cmp(&b.1.left));
            for (at, (a, ra)) in items.iter().enumerate() {
                for (b, rb) in items[at + 1..].iter().take_while(|(_, rb)| rb.left < ra.right) {
                    let deep = ra.right.min(rb.right) - rb.left > 0.15 && ra.bottom.min(rb.bottom) - ra.top.max(rb.top) > 0.15;
                    if deep && a.source != b.source && collide(a.role, b.role) {
                        let measure = score.measure_order().get(system.measures.start).and_then(|id| score.measure(*id));
                        let place = format!("p{} after m{} x{:.0}", page.number, measure.map_or("", |m| &m.number), rb.left);
                        found.entry(format!("{:?}/{:?}", a.role.min(b.role), a.role.max(b.role))).or_default().push(place);
                    }
                }
            }
        }
    }
    for (what, places) in found {
        println!("{file}: {what} ×{}: {}", places.len(), places[..places.len().min(3)].join(", "));
    }
}

fn outside(page: &Page, found: &mut BTreeMap<String, Vec<String>>) {
    for item in page.systems.iter().flat_map(PlacedSystem::items).chain(page.items.iter().cloned()) {
        let rect = bounds(&item);
        if !(rect.left >= 0.0 && rect.top >= 0.0 && rect.right <= page.width && rect.bottom <= page.height) {
            found.entry(format!("OUTSIDE {:?}", item.role)).or_default().push(format!("p{} {rect:?}", page.number));
        }
    }
}
