//! How long a note takes: `one_note FILE EDITS [TIMES] [continuous]` moves notes all over a score up and down by a step, one at a
//! time, and after each engraves and draws the systems that changed. Where each is moved more than once the fastest counts, so
//! that what else the machine does is left out. `one_note FILE 0` only reads and engraves, so that counting the instructions of
//! both, under callgrind, gives those of an edit.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bandpro_notation::edit::{Selection, move_diatonic};
use bandpro_notation::engrave::{Engraver, Options, Page, View};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::svg_system;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, edits, rest @ ..] = args.as_slice() else { return Err("usage: one_note FILE EDITS [TIMES] [continuous]".into()) };
    let again: usize = rest.first().and_then(|times| times.parse().ok()).unwrap_or(1);
    let view = if rest.iter().any(|word| word == "continuous") { View::Continuous } else { View::Page };
    let start = Instant::now();
    let mut score = import(&std::fs::read(file)?, &Limits::default(), &mut IdSource::fixed(1))?.score;
    let read = start.elapsed();
    let mut engraver = Engraver::new(Options { view, ..Options::default() });
    let start = Instant::now();
    let pages = engraver.engrave(&score).len();
    println!("{pages} pages, read in {read:?}, engraved in {:?}", start.elapsed());
    let mut times = Vec::new();
    let (mut systems, mut bytes) = (0, 0);
    for (at, note) in notes(&score, edits.parse()?).into_iter().enumerate() {
        let mut best: Option<(Duration, usize, u64)> = None;
        for turn in 0..again * 2 - 1 {
            let known = known(engraver.pages());
            let drawn = engraver.effort().systems;
            let edit = move_diatonic(&score, note, if (at + turn) % 2 == 0 { 1 } else { -1 })?;
            let start = Instant::now();
            edit.apply(&mut score)?;
            let placed = engraver.engrave(&score).iter().flat_map(|page| &page.systems);
            let fresh: Vec<String> =
                placed.filter(|placed| !known.contains(&Arc::as_ptr(&placed.system))).map(|placed| svg_system(&placed.system)).collect();
            let took = start.elapsed();
            if turn % 2 == 0 {
                best = Some((best.map_or(took, |best| best.0.min(took)), fresh.len(), engraver.effort().systems - drawn));
                (systems, bytes) = (systems + fresh.len(), bytes + fresh.iter().map(String::len).sum::<usize>());
            }
        }
        times.extend(best);
    }
    times.sort();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1))).map(|row| row.0);
    if let (Some(median), Some(most), Some(worst)) = (at(0.5), at(0.99), times.last()) {
        let mean: Duration = times.iter().map(|row| row.0).sum::<Duration>() / times.len() as u32;
        println!("{} edits: median {median:?}, mean {mean:?}, p99 {most:?}, worst {worst:?}", times.len());
        println!("the slowest, as time, systems that changed, systems drawn: {:?}", &times[times.len().saturating_sub(8)..]);
        let count = times.len() * again;
        println!("{:.2} systems and {} bytes of SVG an edit", systems as f64 / count as f64, bytes / count);
    }
    Ok(())
}

fn known(pages: &[Page]) -> BTreeSet<*const bandpro_notation::engrave::System> {
    pages.iter().flat_map(|page| &page.systems).map(|placed| Arc::as_ptr(&placed.system)).collect()
}

/// Notes all over the score.
fn notes(score: &Score, count: usize) -> Vec<Selection> {
    let (measures, parts) = (score.measure_order().len(), score.parts().len());
    let places = (0..count * 8).map(|index| (index * 37 % parts + 1, index * 101 % measures + 1));
    places.filter_map(|(part, measure)| Selection::nth_note(score, part, measure, 1)).take(count).collect()
}
