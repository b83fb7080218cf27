//! Each kind of fault is planted in pages that have none, and found where it is.

use std::sync::Arc;

use super::*;
use crate::engrave::page::{Item, Shape, System};
use crate::engrave::tests::Sketch;
use crate::engrave::{Options, engrave};
use crate::model::*;

/// Two measures with an accidental, a beam, a slur over three notes, words of a song and a direction.
fn song() -> Sketch {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (first, _) = sketch.chord(0, NoteBase::Quarter, 1, &["F#4"]);
    for (at, pitch) in ["G4", "A4"].iter().enumerate() {
        sketch.chord(at as i64 + 2, NoteBase::Eighth, 1, &[pitch]);
    }
    let (last, _) = sketch.chord(4, NoteBase::Half, 1, &["A4"]);
    let span = Span { start: Anchor::Event(first), end: Anchor::Event(last), kind: SpanKind::Slur, ..Span::default() };
    sketch.score.insert(sketch.ids.next::<Span>(), span).unwrap();
    for (event, text) in [(first, "one"), (last, "two")] {
        let text = vec![LyricPiece::Text(text.into(), Syllabic::Single)];
        sketch.score.insert(sketch.ids.next::<Lyric>(), Lyric { event, verse: "1".into(), text, ..Lyric::default() }).unwrap();
    }
    for text in ["dolce", "cantabile"] {
        let measure = sketch.last();
        let anchor = Anchor::Staff(sketch.part, None, Moment { measure, beat: Beat::ZERO });
        let kind = MarkKind::Words(Words { text: text.into() });
        sketch.score.insert(sketch.ids.next::<Mark>(), Mark { anchor, kind, ..Mark::default() }).unwrap();
        sketch.measure();
    }
    sketch
}

/// Enough measures for several pages.
fn long() -> Sketch {
    let mut sketch = Sketch::new(Clef::TREBLE);
    for measure in 0..300 {
        if measure > 0 {
            sketch.measure();
        }
        for beat in 0..4 {
            sketch.chord(beat * 2, NoteBase::Quarter, 1, &["A4"]);
        }
    }
    sketch
}

fn item(pages: &mut [Page], role: Role, nth: usize) -> &mut Item {
    pages
        .iter_mut()
        .flat_map(|p| &mut p.systems)
        .flat_map(|s| &mut Arc::make_mut(&mut s.system).items)
        .filter(|i| i.role == role)
        .nth(nth)
        .unwrap()
}

fn shift(item: &mut Item, by: Point) {
    match &mut item.shape {
        Shape::Glyph { at, .. } | Shape::Text { at, .. } => *at = *at + by,
        Shape::Polygon(points) => points.iter_mut().for_each(|p| *p = *p + by),
        other => panic!("not moved: {other:?}"),
    }
}

fn place(item: &Item) -> Point {
    match &item.shape {
        Shape::Glyph { at, .. } | Shape::Text { at, .. } => *at,
        other => panic!("no origin: {other:?}"),
    }
}

/// What is found once `plant` has spoilt the pages, which were clean before.
fn found(sketch: &Sketch, plant: impl FnOnce(&mut Vec<Page>)) -> Vec<Fault> {
    let mut pages = engrave(&sketch.score, &Options::default());
    let before = check(&sketch.score, &pages);
    assert_eq!(before, Vec::new(), "nothing to find before");
    plant(&mut pages);
    check(&sketch.score, &pages)
}

#[track_caller]
fn assert_found(faults: &[Fault], kind: FaultKind) {
    assert!(faults.iter().any(|fault| fault.kind == kind), "{kind} in {faults:?}");
}

#[test]
fn what_leaves_the_page_is_found_with_its_place() {
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let height = pages[0].height;
        shift(item(pages, Role::Lyric, 1), Point::new(0.0, height));
    });
    assert_found(&faults, FaultKind::OutsidePage);
    let fault = faults.iter().find(|f| f.kind == FaultKind::OutsidePage).unwrap();
    assert_eq!((fault.page, fault.system, fault.measure.as_deref(), fault.staff), (1, Some(1), Some("1"), Some(1)));
    assert_eq!(fault.records.len(), 1);
    let json = serde_json::to_value(fault).unwrap();
    assert_eq!(json["kind"], "outside page");
    assert!(json["at"].is_array() && json["records"][0].as_str().unwrap().starts_with("lyrics:"), "{json}");
}

#[test]
fn things_that_cover_each_other_are_found() {
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let at = place(item(pages, Role::Notehead, 0));
        let Shape::Glyph { at: clef, .. } = &mut item(pages, Role::Clef, 0).shape else { panic!() };
        *clef = at;
    });
    assert_found(&faults, FaultKind::Overlap(Role::Clef, Role::Notehead));
}

#[test]
fn outlines_count_and_not_boxes() {
    // The bowl of a flat and a head above its stem: the boxes overlap, the ink does not.
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let head = place(item(pages, Role::Notehead, 0));
        let accidental = item(pages, Role::Accidental, 0);
        accidental.shape = Shape::Glyph { glyph: font::glyphs::ACCIDENTAL_FLAT, at: Point::new(head.x - 0.68, head.y + 1.2), scale: 1.0 };
    });
    assert!(faults.iter().all(|fault| fault.kind != FaultKind::AccidentalTouches), "{faults:?}");
}

#[test]
fn an_accidental_at_a_head_is_found() {
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let head = place(item(pages, Role::Notehead, 1));
        let Shape::Glyph { at, .. } = &mut item(pages, Role::Accidental, 0).shape else { panic!() };
        *at = Point::new(head.x - 0.9, head.y);
    });
    assert_found(&faults, FaultKind::AccidentalTouches);
}

#[test]
fn text_over_text_and_a_syllable_over_another_are_found() {
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let at = place(item(pages, Role::Lyric, 0));
        let other = place(item(pages, Role::Lyric, 1));
        shift(item(pages, Role::Lyric, 1), at - other);
    });
    assert_found(&faults, FaultKind::LyricOverLyric);
    let faults = found(&sketch, |pages| {
        let at = place(item(pages, Role::Words, 0));
        let other = place(item(pages, Role::Words, 1));
        shift(item(pages, Role::Words, 1), at - other);
    });
    assert_found(&faults, FaultKind::TextOverText);
}

#[test]
fn a_slur_through_a_notehead_is_found_but_not_at_its_own_notes() {
    let sketch = song();
    let faults = found(&sketch, |pages| {
        let heads: Vec<Point> = (0..4).map(|nth| place(item(pages, Role::Notehead, nth))).collect();
        let Shape::Curve { start, outer, inner, end } = &mut item(pages, Role::Slur, 0).shape else { panic!() };
        let level = |x: f32, y: f32| Point::new(x, y);
        (*start, *end) = (level(heads[0].x + 0.5, heads[0].y), level(heads[3].x + 0.5, heads[3].y));
        *outer = [level(heads[1].x, heads[1].y - 0.2), level(heads[2].x, heads[2].y - 0.2)];
        *inner = [level(heads[1].x, heads[1].y + 0.2), level(heads[2].x, heads[2].y + 0.2)];
    });
    assert_found(&faults, FaultKind::CurveThroughNotehead);
    let through = faults.iter().filter(|f| f.kind == FaultKind::CurveThroughNotehead).count();
    assert_eq!(through, 2, "both inner heads and neither outer one");
}

fn lean(pages: &mut [Page], left: f32, right: f32) {
    let Shape::Polygon(points) = &mut item(pages, Role::Beam, 0).shape else { panic!() };
    for (at, by) in [left, right, right, left].into_iter().enumerate() {
        points[at].y += by;
    }
    // The stems follow the beam.
    let (from, to) = (points[0], points[1]);
    for nth in 0..4 {
        let Shape::Line { to: tip, .. } = &mut item(pages, Role::Stem, nth).shape else { panic!() };
        if (from.x - 0.2..to.x + 0.2).contains(&tip.x) {
            tip.y += left + (right - left) * (tip.x - from.x) / (to.x - from.x);
        }
    }
}

#[test]
fn a_beam_against_its_notes_or_too_near_is_found() {
    let sketch = song();
    assert_found(&found(&sketch, |pages| lean(pages, 0.0, 0.6)), FaultKind::BeamSlope);
    assert_found(&found(&sketch, |pages| lean(pages, 2.2, 2.2)), FaultKind::BeamPosition);
}

fn systems(pages: &mut [Page]) -> Vec<&mut System> {
    pages.iter_mut().flat_map(|p| &mut p.systems).map(|s| Arc::make_mut(&mut s.system)).collect()
}

#[test]
fn lines_that_are_too_full_or_too_empty_are_found() {
    let sketch = long();
    let squeezed = |by: f32| {
        found(&sketch, |pages| {
            let system = systems(pages).swap_remove(1);
            let left = system.times[0].x;
            system.times.iter_mut().for_each(|time| time.x = left + (time.x - left) * by);
        })
    };
    assert_found(&squeezed(0.3), FaultKind::SystemOverfull);
    assert_found(&squeezed(4.0), FaultKind::SystemUnderfull);
    let short = found(&sketch, |pages| {
        for item in &mut systems(pages)[1].items {
            if let Shape::Line { from, to, .. } = &mut item.shape {
                (from.x, to.x) = (from.x * 0.9, to.x * 0.9);
            }
        }
    });
    assert_found(&short, FaultKind::SystemUnderfull);
}

#[test]
fn widows_and_pages_that_stop_early_are_found() {
    let sketch = long();
    let lonely = found(&sketch, |pages| {
        let last = pages.last_mut().unwrap().systems.last_mut().unwrap();
        last.measures.start = last.measures.end - 1;
        let last = Arc::make_mut(&mut last.system);
        let (start, width) = (last.times[0].x, last.times[last.times.len() - 1].x - last.times[0].x);
        last.times.iter_mut().for_each(|time| time.x = start + width * 0.01);
    });
    assert_found(&lonely, FaultKind::LonelyMeasure);
    let lonely = found(&sketch, |pages| pages.last_mut().unwrap().systems.truncate(1));
    assert_found(&lonely, FaultKind::LonelySystem);
    let early = found(&sketch, |pages| pages[0].systems.truncate(2));
    assert_found(&early, FaultKind::PageUnderfull);
}

#[test]
fn totals_count_by_kind() {
    let sketch = long();
    let faults = found(&sketch, |pages| pages[0].systems.truncate(2));
    assert_eq!(totals(&faults).get(&FaultKind::PageUnderfull), Some(&1));
}
