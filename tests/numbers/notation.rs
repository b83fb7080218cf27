//! From a file to pictures.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bandpro_notation::edit::{self, Selection};
use bandpro_notation::engrave::{self, Engraver, Options, Page, System};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Layout, Score};
use bandpro_notation::render::{self, PdfMeta, SvgOptions};

use crate::{ORCHESTRA, QUARTET, Times, corpus_file, corpus_score, peak_row, row, time};

/// A song, a quartet and a symphonic movement, from file to SVG of all pages. The same files go to Verovio.
const FILES: [(&str, &str); 3] =
    [("song", "lieder/Satie_Erik_Socrate_2_Bords_de_lIlissus.mxl"), ("quartet", QUARTET), ("orchestra", ORCHESTRA)];

/// A score is engraved, the stages timed apart: read, laid out, drawn as SVG.
fn stages(file: &Path) -> ([Duration; 3], (usize, usize)) {
    let bytes = std::fs::read(file).expect("the file can be read");
    let (score, read) = time(|| import(&bytes, &Limits::default(), &mut IdSource::from_seed([1, 2])).expect("the score can be read").score);
    let (pages, laid) = time(|| engrave::engrave(&score, &Options::default()));
    let options = SvgOptions::default();
    let (length, drawn) = time(|| pages.iter().map(|page| render::svg(page, &options).len()).sum());
    ([read, laid, drawn], (pages.len(), length))
}

pub fn file_to_svg() {
    for (kind, name) in FILES {
        let Some(file) = corpus_file(name) else { continue };
        let mut times: [Times; 4] = std::array::from_fn(|_| Times::default());
        let mut made = (0, 0);
        for _ in 0..5 {
            let (stages, pages) = stages(&file);
            made = pages;
            times[0].add(stages.iter().sum());
            times[1..].iter_mut().zip(stages).for_each(|(times, stage)| times.add(stage));
        }
        let remark = format!("{} pages, {:.1} MB of SVG; {name}", made.0, made.1 as f64 / 1e6);
        row(&format!("file-to-svg-{kind}"), times[0].percentile(0.5), "ms", &remark);
        for (stage, times) in ["parse", "layout", "svg"].iter().zip(&mut times[1..]) {
            row(&format!("{stage}-{kind}"), times.percentile(0.5), "ms", &format!("of it; {name}"));
        }
    }
}

/// The most memory that engraving one of the files takes, in a process that does nothing else.
pub fn peak(kind: &str) {
    let Some((_, name)) = FILES.iter().find(|(of, _)| *of == kind) else { return };
    let Some(file) = corpus_file(name) else { return };
    stages(&file);
    peak_row(&format!("peak-{kind}"), name);
}

/// A hundred pages from a score to a PDF in memory: a movement of a quartet set so large that it takes as many.
pub fn pdf_of_a_hundred_pages() {
    let Some(score) = corpus_score(QUARTET) else { return };
    let layout = |staff_height: u32| Layout { staff_height, ..score.layout().clone() };
    let pages = |staff_height: u32| engrave::engrave(&score, &Options { layout: Some(layout(staff_height)), ..Options::default() });
    let large = (4..30).map(|step| step * 100).find(|height| pages(*height).len() >= 100).expect("four staves can be that large");
    let mut times = Times::default();
    let mut made = (0, 0);
    for _ in 0..3 {
        let (size, took) = time(|| {
            let mut pages = pages(large);
            pages.truncate(100);
            (pages.len(), render::pdf(&pages, &PdfMeta::default()).expect("a PDF").len())
        });
        made = size;
        times.add(took);
    }
    let remark = format!("{} pages engraved and written, {:.1} MB", made.0, made.1 as f64 / 1e6);
    row("pdf-100-pages", times.percentile(0.5), "ms", &remark);
}

/// Notes all over the score.
pub fn notes_to_edit(score: &Score, count: usize) -> Vec<Selection> {
    let (measures, parts) = (score.measure_order().len(), score.parts().len());
    let places = (0..count * 4).map(|index| (index * 37 % parts + 1, index * 101 % measures + 1));
    places.filter_map(|(part, measure)| Selection::nth_note(score, part, measure, 1)).take(count).collect()
}

pub fn one_note() {
    let Some(mut score) = corpus_score(ORCHESTRA) else { return };
    let mut engraver = Engraver::new(Options::default());
    engraver.engrave(&score);
    let (mut times, mut systems) = (Times::default(), 0);
    let notes = notes_to_edit(&score, 400);
    for (at, note) in notes.iter().enumerate() {
        let shown: BTreeSet<_> = systems_of(engraver.pages()).map(Arc::as_ptr).collect();
        let edit = edit::move_diatonic(&score, *note, if at % 2 == 0 { 1 } else { -1 }).expect("a note can be moved");
        let (made, took) = time(|| {
            edit.apply(&mut score).expect("the edit applies");
            let fresh = systems_of(engraver.engrave(&score)).filter(|system| !shown.contains(&Arc::as_ptr(system)));
            fresh.map(|system| render::svg_system(system)).collect::<Vec<String>>()
        });
        systems += made.len();
        times.add(took);
    }
    let remark = format!("{} edits, {:.1} systems changed by one", notes.len(), systems as f64 / notes.len() as f64);
    row("one-note-p50", times.percentile(0.5), "ms", &remark);
    row("one-note-p99", times.percentile(0.99), "ms", &remark);
}

fn systems_of(pages: &[Page]) -> impl Iterator<Item = &Arc<System>> {
    pages.iter().flat_map(|page| &page.systems).map(|placed| &placed.system)
}
