//! An engraver that is kept up with edits makes the same pages as one that starts anew, and draws no more than it must.

#[path = "../corpora/mod.rs"]
mod corpora;
mod edits;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bandpro_notation::edit::{Change, Edit, Selection, move_diatonic};
use bandpro_notation::engrave::{Engraver, Options, Page, System, View, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::*;
use bandpro_notation::render::{SvgOptions, svg};
use edits::Editor;

/// Fails where the engraver's pages are not those made from nothing, or where a picture that is as it was is not the same.
fn assert_kept_up(engraver: &mut Engraver, score: &Score, options: &Options, what: &str) {
    let before: BTreeMap<MeasureId, Arc<System>> = systems(engraver.pages());
    let pages = engraver.engrave(score);
    let anew = engrave(score, options);
    if pages != anew {
        panic!("{what}: {}", difference(pages, &anew));
    }
    for (measure, system) in systems(pages) {
        if let Some(old) = before.get(&measure).filter(|old| ***old == *system) {
            assert!(Arc::ptr_eq(old, &system), "{what}: the system is as it was, but drawn again");
        }
    }
}

fn systems(pages: &[Page]) -> BTreeMap<MeasureId, Arc<System>> {
    let placed = pages.iter().flat_map(|page| &page.systems);
    placed.filter_map(|placed| Some((placed.system.times.first()?.measure, Arc::clone(&placed.system)))).collect()
}

/// Where two engravings first differ.
fn difference(kept: &[Page], anew: &[Page]) -> String {
    if kept.len() != anew.len() {
        return format!("{} pages, not {}", kept.len(), anew.len());
    }
    for (kept, anew) in kept.iter().zip(anew).filter(|(a, b)| a != b) {
        if kept.items != anew.items {
            return format!("other furniture on page {}", kept.number);
        }
        if let Some((a, b)) = kept.systems.iter().zip(&anew.systems).find(|(a, b)| a != b) {
            let place =
                format!("page {}, measures {:?} and {:?} at {:?} and {:?}", kept.number, a.measures, b.measures, a.origin, b.origin);
            let items = a.system.items.iter().zip(&b.system.items).find(|(a, b)| a != b);
            return format!("{place}: {} and {} items, first {items:?}", a.system.items.len(), b.system.items.len());
        }
    }
    "other paper".into()
}

fn edited_at_random(mut score: Score, seed: u64, edits: usize, every: usize, options: &Options, name: &str) -> usize {
    let mut engraver = Engraver::new(options.clone());
    engraver.engrave(&score);
    let mut editor = Editor::new(seed);
    let mut made = 0;
    for round in 0..edits * 4 {
        if made == edits {
            break;
        }
        let Some((command, edit)) = editor.next(&score) else { continue };
        let Ok(undo) = edit.apply(&mut score) else { continue };
        made += 1;
        editor.done(undo);
        if made.is_multiple_of(every) {
            assert_kept_up(&mut engraver, &score, options, &format!("{name}, seed {seed}, round {round}, {command}"));
        }
    }
    assert_kept_up(&mut engraver, &score, options, &format!("{name}, seed {seed}, at the end"));
    made
}

fn read(path: &Path) -> Option<Score> {
    let bytes = std::fs::read(path).ok()?;
    import(&bytes, &Limits::default(), &mut IdSource::fixed(1)).ok().map(|imported| imported.score)
}

#[test]
fn small_scores_edited_at_random_are_kept_up_with() {
    let mut made = 0;
    for seed in 0..30 {
        made += edited_at_random(edits::piece(seed), seed, 80, 1, &Options::default(), "a piece");
    }
    assert!(made > 2000, "only {made} edits");
}

#[test]
fn every_feature_of_the_suite_is_kept_up_with() {
    for (seed, path) in corpora::files("suite").iter().enumerate() {
        if let Some(score) = read(path) {
            edited_at_random(score, seed as u64, 12, 1, &Options::default(), &path.display().to_string());
        }
    }
}

#[test]
fn songs_and_quartets_are_kept_up_with() {
    for (folder, every) in [("lieder", 23), ("quartets", 29)] {
        for (seed, path) in corpora::files(folder).iter().enumerate().step_by(every) {
            let Some(score) = read(path) else { continue };
            edited_at_random(score, seed as u64, 30, 3, &Options::default(), &path.display().to_string());
        }
    }
}

#[test]
fn a_part_is_kept_up_with_while_others_are_edited() {
    for seed in 0..8 {
        let score = edits::piece(seed);
        let part = score.parts().last().map(|(id, _)| *id);
        edited_at_random(score, seed, 40, 1, &Options { part, ..Options::default() }, "a part");
    }
}

#[test]
fn an_endless_line_is_kept_up_with() {
    for seed in 0..6 {
        let options = Options { view: View::Continuous, ..Options::default() };
        edited_at_random(edits::piece(seed), seed, 40, 1, &options, "an endless line");
    }
}

/// An orchestra on small paper: staves whose size changes with what stands between them.
#[test]
fn staves_that_have_to_shrink_are_kept_up_with() {
    for seed in 0..6 {
        let score = edits::piece(seed);
        let layout = Layout { height: 700, width: 1400, ..score.layout().clone() };
        edited_at_random(score, seed, 60, 1, &Options { layout: Some(layout), ..Options::default() }, "small paper");
    }
}

#[test]
fn one_engraver_may_be_given_any_score() {
    let mut engraver = Engraver::new(Options::default());
    let scores: Vec<Score> = (0..4).map(edits::piece).collect();
    for score in scores.iter().chain(scores.iter().rev()).chain([&Score::new()]) {
        assert_kept_up(&mut engraver, score, &Options::default(), "another score");
    }
    // Two copies of one score that go different ways.
    let (mut one, mut other) = (scores[0].clone(), scores[0].clone());
    for (score, steps) in [(&mut one, 1), (&mut other, 2)] {
        let note = Selection::nth_note(score, 1, 1, 1).expect("a note");
        move_diatonic(score, note, steps).expect("it can be moved").apply(score).expect("it applies");
    }
    for score in [&one, &other, &scores[0], &one] {
        assert_kept_up(&mut engraver, score, &Options::default(), "a copy");
    }
}

#[test]
fn a_note_more_is_a_measure_and_a_system_more_to_do() {
    let mut score = edits::long_piece(400);
    let mut engraver = Engraver::new(Options::default());
    engraver.engrave(&score);
    let whole = engraver.effort();
    assert_eq!((whole.measures, whole.systems), (400, systems(engraver.pages()).len() as u64));
    for measure in [1, 77, 200, 400] {
        let note = Selection::nth_note(&score, 1, measure, 1).expect("a note");
        let before = engraver.effort();
        move_diatonic(&score, note, 1).expect("it can be moved").apply(&mut score).expect("it applies");
        engraver.engrave(&score);
        let after = engraver.effort();
        assert_eq!(after.measures - before.measures, 1);
        assert!((1..=2).contains(&(after.systems - before.systems)), "{before:?} {after:?}");
    }
    let before = engraver.effort();
    engraver.engrave(&score);
    assert_eq!(engraver.effort(), before, "what is as it was is nothing to do");
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title("Another".into())))]).apply(&mut score).expect("it applies");
    engraver.engrave(&score);
    assert_eq!(engraver.effort(), before, "a title is no music");
    assert_eq!(engraver.pages(), engrave(&score, &Options::default()));
}

#[test]
fn twice_the_music_is_twice_the_work() {
    let work = |measures: usize| {
        let score = edits::long_piece(measures);
        let mut pages = Vec::new();
        let taken = allocation_counter::measure(|| pages = engrave(&score, &Options::default()));
        let drawn = allocation_counter::measure(|| pages.iter().for_each(|page| drop(svg(page, &SvgOptions::default()))));
        [taken.count_total, taken.bytes_total, drawn.count_total, drawn.bytes_total]
    };
    // Fonts and outlines are read once.
    work(50);
    for (once, twice) in work(400).into_iter().zip(work(800)) {
        assert!(twice < once * 22 / 10, "{once} became {twice}");
    }
}

#[test]
fn a_note_in_twice_the_music_is_hardly_more_work() {
    let work = |measures: usize| {
        let mut score = edits::long_piece(measures);
        let mut engraver = Engraver::new(Options::default());
        engraver.engrave(&score);
        let note = Selection::nth_note(&score, 1, 100, 2).expect("a note");
        move_diatonic(&score, note, 1).expect("it can be moved").apply(&mut score).expect("it applies");
        let taken = allocation_counter::measure(|| {
            engraver.engrave(&score);
        });
        taken.count_total
    };
    let (once, twice) = (work(400), work(800));
    assert!(twice < once * 15 / 10, "{once} allocations became {twice}");
}
