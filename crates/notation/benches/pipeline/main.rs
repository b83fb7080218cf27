//! From a file to pictures, stage by stage, on a song, a quartet and an orchestral movement.

mod corpus;

use bandpro_notation::edit::{self, Selection};
use bandpro_notation::engrave::{self, Options, Page};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::render::{self, PdfMeta, SvgOptions};
use divan::{Bencher, black_box};

const SCORES: [&str; 3] = [corpus::SONG, corpus::QUARTET, corpus::ORCHESTRA];

fn main() {
    divan::main();
}

fn read(bytes: &[u8]) -> Option<Score> {
    import(bytes, &Limits::default(), &mut IdSource::from_seed([1, 2])).ok().map(|imported| imported.score)
}

fn score(name: &str) -> Option<Score> {
    read(&corpus::read(name)?)
}

fn pages(name: &str) -> Option<Vec<Page>> {
    Some(engrave::engrave(&score(name)?, &Options::default()))
}

#[divan::bench(args = SCORES, sample_count = 10)]
fn import_file(bencher: Bencher, name: &str) {
    if let Some(bytes) = corpus::read(name) {
        bencher.bench(|| read(black_box(&bytes)));
    }
}

#[divan::bench(args = SCORES, sample_count = 10)]
fn engrave_score(bencher: Bencher, name: &str) {
    if let Some(score) = score(name) {
        bencher.bench(|| engrave::engrave(black_box(&score), &Options::default()));
    }
}

#[divan::bench(args = SCORES, sample_count = 10)]
fn svg_of_all_pages(bencher: Bencher, name: &str) {
    if let Some(pages) = pages(name) {
        let options = SvgOptions::default();
        bencher.bench(|| pages.iter().map(|page| render::svg(black_box(page), &options).len()).sum::<usize>());
    }
}

#[divan::bench(args = SCORES, sample_count = 5)]
fn pdf_of_all_pages(bencher: Bencher, name: &str) {
    if let Some(pages) = pages(name) {
        bencher.bench(|| render::pdf(black_box(&pages), &PdfMeta::default()));
    }
}

#[divan::bench(args = SCORES, sample_count = 5)]
fn thumbnail_of_the_first_page(bencher: Bencher, name: &str) {
    if let Some(pages) = pages(name) {
        bencher.bench(|| pages.first().map(|page| render::thumbnail(black_box(page), 240)));
    }
}

/// One note moved up and down again by a step, the score engraved anew.
#[divan::bench(args = SCORES, sample_count = 10)]
fn one_note_then_engrave(bencher: Bencher, name: &str) {
    let Some(mut score) = score(name) else { return };
    let middle = score.measure_order().len() / 2;
    let Some(note) = (middle..).take(50).find_map(|measure| Selection::nth_note(&score, 1, measure, 1)) else { return };
    let mut up = false;
    bencher.bench_local(|| {
        up = !up;
        let edit = edit::move_diatonic(&score, note, if up { 1 } else { -1 }).expect("a note can be moved");
        edit.apply(&mut score).expect("the edit applies");
        engrave::engrave(&score, &Options::default())
    });
}
