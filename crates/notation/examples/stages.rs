//! How long each stage takes from a file to pictures: `stages FILE [STAFF [PDF]]` reads, engraves, and writes SVG and PDF of all
//! pages five times and prints the median of each, and the most memory. STAFF is the height of the staves in hundredths of a
//! millimetre, for a score of more pages; PDF is where the document is left to be looked at.

use std::error::Error;
use std::time::{Duration, Instant};

use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Layout};
use bandpro_notation::render::{PdfMeta, SvgOptions, pdf, svg};

const RUNS: usize = 5;

fn timed<T>(times: &mut Vec<Duration>, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let made = work();
    times.push(start.elapsed());
    made
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, rest @ ..] = args.as_slice() else { return Err("usage: stages FILE [STAFF [PDF]]".into()) };
    let bytes = std::fs::read(file)?;
    let staff_height: Option<u32> = rest.first().map(|height| height.parse()).transpose()?;
    let mut times: [Vec<Duration>; 4] = Default::default();
    let mut said = String::new();
    let mut document = Vec::new();
    for _ in 0..RUNS {
        let [reading, laying, drawing, writing] = &mut times;
        let score = timed(reading, || import(&bytes, &Limits::default(), &mut IdSource::fixed(1)))?.score;
        let layout = staff_height.map(|staff_height| Layout { staff_height, ..score.layout().clone() });
        let pages = timed(laying, || engrave(&score, &Options { layout, ..Options::default() }));
        let length: usize = timed(drawing, || pages.iter().map(|page| svg(page, &SvgOptions::default()).len()).sum());
        document = timed(writing, || pdf(&pages, &PdfMeta::default()))?;
        said = format!("{} pages, {:.1} MB of SVG, {:.1} MB of PDF", pages.len(), length as f64 / 1e6, document.len() as f64 / 1e6);
    }
    let median = times.map(|mut times| {
        times.sort();
        times[RUNS / 2]
    });
    let [read, laid, drawn, written] = median;
    println!("{said}: read {read:.1?}, laid out {laid:.1?}, SVG {drawn:.1?} (to SVG {:.1?}), PDF {written:.1?}", read + laid + drawn);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|line| line.starts_with("VmHWM:")).for_each(|line| println!("{line}"));
    if let Some(path) = rest.get(1) {
        std::fs::write(path, document)?;
    }
    Ok(())
}
