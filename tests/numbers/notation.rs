//! From a file to pictures.

use bandpro_notation::edit::{self, Selection};
use bandpro_notation::engrave::{self, Options, Page};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::{self, SvgOptions};

use crate::{ORCHESTRA, Times, corpus_file, corpus_score, row, time};

/// A song, a quartet and a symphonic movement, from file to SVG of all pages. The same files go to Verovio.
const FILES: [(&str, &str); 3] = [
    ("song", "lieder/Satie_Erik_Socrate_2_Bords_de_lIlissus.mxl"),
    ("quartet", "quartets/Beethoven_Ludwig_van_Grosse_Fuge_in_B_flat_major_Op_133.mxl"),
    ("orchestra", ORCHESTRA),
];

fn svg_of_all_pages(file: &std::path::Path) -> (usize, usize) {
    let bytes = std::fs::read(file).expect("the file can be read");
    let score = import(&bytes, &Limits::default(), &mut IdSource::from_seed([1, 2])).expect("the score can be read").score;
    let pages = engrave::engrave(&score, &Options::default());
    let options = SvgOptions::default();
    (pages.len(), pages.iter().map(|page| render::svg(page, &options).len()).sum())
}

pub fn file_to_svg() {
    for (kind, name) in FILES {
        let Some(file) = corpus_file(name) else { continue };
        let mut times = Times::default();
        let mut made = (0, 0);
        for _ in 0..5 {
            let (pages, took) = time(|| svg_of_all_pages(&file));
            made = pages;
            times.add(took);
        }
        let remark = format!("{} pages, {:.1} MB of SVG; {name}", made.0, made.1 as f64 / 1e6);
        row(&format!("file-to-svg-{kind}"), times.percentile(0.5), "ms", &remark);
    }
}

/// The systems of the pages whose content isn't what it was, as SVG.
fn changed_systems(before: &[Page], after: &[Page]) -> Vec<String> {
    let changed = |page: usize, system: usize| {
        let of = |pages: &[Page]| pages.get(page).and_then(|page| page.systems.get(system)).map(|placed| placed.system.clone());
        of(before) != of(after)
    };
    let places = after.iter().enumerate().flat_map(|(page, sheet)| (0..sheet.systems.len()).map(move |system| (page, system)));
    places
        .filter(|(page, system)| changed(*page, *system))
        .map(|(page, system)| render::svg_system(&after[page].systems[system].system))
        .collect()
}

/// Notes all over the score.
pub fn notes_to_edit(score: &Score, count: usize) -> Vec<Selection> {
    let (measures, parts) = (score.measure_order().len(), score.parts().len());
    let places = (0..count * 4).map(|index| (index * 37 % parts + 1, index * 101 % measures + 1));
    places.filter_map(|(part, measure)| Selection::nth_note(score, part, measure, 1)).take(count).collect()
}

pub fn one_note() {
    let Some(mut score) = corpus_score(ORCHESTRA) else { return };
    let mut pages = engrave::engrave(&score, &Options::default());
    let (mut times, mut systems) = (Times::default(), 0);
    let notes = notes_to_edit(&score, 20);
    for note in &notes {
        let edit = edit::move_diatonic(&score, *note, 1).expect("a note can be moved");
        let (made, took) = time(|| {
            edit.apply(&mut score).expect("the edit applies");
            let after = engrave::engrave(&score, &Options::default());
            let changed = changed_systems(&pages, &after);
            pages = after;
            changed
        });
        systems += made.len();
        times.add(took);
    }
    let remark = format!("{:.1} systems changed by an edit", systems as f64 / notes.len() as f64);
    row("one-note-p50", times.percentile(0.5), "ms", &remark);
    row("one-note-p99", times.percentile(0.99), "ms", &remark);
}
