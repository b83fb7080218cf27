//! Views of one score: the part alone with its rests gathered, empty staves left out, one endless line.

use bandpro_notation::edit::{StylePreset, set_layout, set_style};
use bandpro_notation::engrave::{Options, Page, Role, Shape, View, cursor, engrave, layout_of};
use bandpro_notation::font::glyphs;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{Beat, IdSource, LayoutField, Paper, PartField, PartId, Score};

/// Two voices as two parts; the second rests from the third measure to the eighth.
fn score() -> Score {
    let abc = "X:1\nT:Duet\nM:4/4\nL:1/4\nK:C\nV:1 name=Flute\nCDEF|GABc|CDEF|GABc|CDEF|GABc|CDEF|GABc|C4|\n\
               V:2 name=Oboe\nC4|D4|z4|z4|z4|z4|z4|z4|C4|\n";
    import(abc.as_bytes(), &Limits::default(), &mut IdSource::fixed(3)).expect("it is ABC").score
}

fn part(score: &Score, at: usize) -> PartId {
    score.parts()[at].0
}

fn glyph_count(pages: &[Page], which: bandpro_notation::font::Glyph) -> usize {
    let items = pages.iter().flat_map(|page| page.systems.iter().flat_map(|placed| placed.system.items.iter()));
    items.filter(|item| matches!(item.shape, Shape::Glyph { glyph, .. } if glyph == which)).count()
}

#[test]
fn rests_are_gathered_in_the_part_and_not_in_the_score() {
    let score = score();
    let oboe = Options { part: Some(part(&score, 1)), ..Options::default() };
    let pages = engrave(&score, &oboe);
    assert_eq!(glyph_count(&pages, glyphs::REST_WHOLE), 0);
    assert_eq!(glyph_count(&pages, glyphs::TIME_SIG6), 1, "six measures of rest");
    assert!(pages[0].items.iter().any(|item| matches!(&item.shape, Shape::Text { text, .. } if text == "Oboe")), "whose part it is");
    let measures = pages[0].systems[0].measures.clone();
    assert_eq!(measures, 0..9, "all measures are there");
    let whole = engrave(&score, &Options::default());
    assert_eq!(glyph_count(&whole, glyphs::REST_WHOLE), 6);
    let flute = engrave(&score, &Options { part: Some(part(&score, 0)), ..Options::default() });
    assert_eq!(glyph_count(&flute, glyphs::TIME_SIG6), 0);
}

#[test]
fn the_play_cursor_passes_through_a_rest_of_several_measures() {
    let score = score();
    let pages = engrave(&score, &Options { part: Some(part(&score, 1)), ..Options::default() });
    let xs: Vec<f32> = score.measure_order().iter().map(|id| cursor(&pages, *id, Beat::ZERO).expect("on the page").x).collect();
    assert!(xs.windows(2).all(|pair| pair[0] < pair[1]), "{xs:?}");
    let (third, fourth, fifth) = (xs[2], xs[3], xs[4]);
    assert!(((fourth - third) - (fifth - fourth)).abs() < 0.01, "in equal steps");
}

#[test]
fn a_rest_of_several_measures_is_gathered_anew_after_an_edit() {
    let mut score = score();
    let mut engraver = bandpro_notation::engrave::Engraver::new(Options { part: Some(part(&score, 1)), ..Options::default() });
    engraver.engrave(&score);
    let mut ids = IdSource::fixed(11);
    for edit in [
        bandpro_notation::edit::set_rehearsal(&score, selection(&score, 4), &mut ids, Some("A")).expect("it can be put"),
        bandpro_notation::edit::enter_pitch(&score, selection(&score, 6), ids.next(), "C5".parse().expect("a pitch"))
            .expect("it can be entered"),
    ] {
        let _ = edit.apply(&mut score).expect("it applies");
        let kept = engraver.engrave(&score).to_vec();
        assert_eq!(kept, engrave(&score, &Options { part: Some(part(&score, 1)), ..Options::default() }));
    }
    assert_eq!(glyph_count(engraver.pages(), glyphs::TIME_SIG6), 0);
    assert_eq!(glyph_count(engraver.pages(), glyphs::TIME_SIG2), 2, "two and two, around the mark");
}

/// The rest of the second part in a measure, from 0.
fn selection(score: &Score, measure: usize) -> bandpro_notation::edit::Selection {
    let (event, _) = score.events_in(score.measure_order()[measure], part(score, 1)).next().expect("a rest");
    bandpro_notation::edit::Selection::Event(event)
}

#[test]
fn empty_staves_are_left_out_where_asked() {
    let mut score = score();
    for edit in [set_layout(LayoutField::HideEmpty(true)), set_layout(LayoutField::Width(900))] {
        let _ = edit.apply(&mut score).expect("it applies");
    }
    let pages = engrave(&score, &Options::default());
    let systems: Vec<(usize, std::ops::Range<usize>)> =
        pages.iter().flat_map(|page| &page.systems).map(|placed| (placed.system.staves.len(), placed.measures.clone())).collect();
    assert_eq!(systems[0].0, 2, "the first system is whole");
    for (staves, measures) in &systems {
        let rests = measures.start >= 2 && measures.end <= 8;
        assert_eq!(*staves, if rests { 1 } else { 2 }, "{measures:?}");
    }
    assert!(systems.iter().any(|(staves, _)| *staves == 1));
}

#[test]
fn continuous_is_one_system_on_one_page() {
    let mut score = score();
    let _ = set_layout(LayoutField::Width(900)).apply(&mut score).expect("it applies");
    let pages = engrave(&score, &Options { view: View::Continuous, ..Options::default() });
    assert_eq!((pages.len(), pages[0].systems.len()), (1, 1));
    assert_eq!(pages[0].systems[0].measures, 0..9);
    for item in pages[0].systems[0].items() {
        let rect = bandpro_notation::engrave::bounds(&item);
        assert!(rect.left >= 0.0 && rect.right <= pages[0].width + 0.1 && rect.top >= 0.0 && rect.bottom <= pages[0].height, "{item:?}");
    }
    assert!(engrave(&score, &Options::default()).iter().map(|page| page.systems.len()).sum::<usize>() > 1);
}

#[test]
fn a_part_may_have_paper_of_its_own() {
    let mut score = score();
    let oboe = part(&score, 1);
    let paper = Paper { width: 1480, height: 2100, top: 100, right: 100, bottom: 100, left: 100 };
    let edit = bandpro_notation::edit::Change::Set(oboe.into(), bandpro_notation::model::Field::Part(PartField::Paper(Some(paper))));
    let _ = bandpro_notation::edit::Edit::new(vec![edit]).apply(&mut score).expect("it applies");
    assert_eq!(layout_of(&score, Some(oboe)).width, 1480);
    assert_eq!(layout_of(&score, None).width, 2100);
    let page = &engrave(&score, &Options { part: Some(oboe), ..Options::default() })[0];
    assert!((page.width * page.millimetres_per_space - 148.0).abs() < 0.01);
}

#[test]
fn a_style_reaches_the_picture() {
    let mut score = score();
    let width = |score: &Score| {
        let page = &engrave(score, &Options::default())[0];
        let items = page.systems.iter().flat_map(|placed| placed.items());
        let head = items.filter(|item| item.role == Role::Notehead).map(|item| {
            let rect = bandpro_notation::font::set_in(&page.setting, || bandpro_notation::engrave::bounds(&item));
            rect.right - rect.left
        });
        (head.fold(f32::INFINITY, f32::min), page.millimetres_per_space)
    };
    let classical = width(&score);
    let _ = set_style(&score, StylePreset::Jazz).apply(&mut score).expect("it applies");
    let jazz = width(&score);
    assert!(jazz.0 > classical.0 + 0.1, "Petaluma's heads are wider: {jazz:?} {classical:?}");
    let _ = set_style(&score, StylePreset::LargePrint).apply(&mut score).expect("it applies");
    assert!(width(&score).1 > classical.1 * 1.3);
}
