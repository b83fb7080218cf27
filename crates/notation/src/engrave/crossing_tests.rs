//! What lies in the way of something else, and gives way: hairpins to letters, barlines to text, strokes to heads, dynamics to the
//! wave before a rolled chord; and what goes on from something at its height.

use super::layout_tests::{faults, items, span, written};
use super::tests::Sketch;
use super::*;
use crate::edit::{Change, Edit};
use crate::model::*;

fn of(pages: &[Page], role: Role) -> Vec<Rect> {
    items(pages).iter().filter(|item| item.role == role).map(bounds).collect()
}

fn set(sketch: &mut Sketch, of: impl Into<RecordRef>, field: Field) {
    let _ = Edit::new(vec![Change::Set(of.into(), field)]).apply(&mut sketch.score).unwrap();
}

/// A part with two staves of quarters, the lower one in bass clef; the events of the upper one, then those of the lower one.
fn piano(upper: [&[&str]; 4], lower: [&[&str]; 4]) -> (Sketch, Vec<EventId>) {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let part = sketch.part;
    set(&mut sketch, part, Field::Part(PartField::Staves(2)));
    let at = Moment { measure: sketch.last(), beat: Beat::ZERO };
    let clef = Sign { part, staff: Some(2), at, kind: SignKind::Clef(Clef::BASS), ..Sign::default() };
    sketch.score.insert(sketch.ids.next::<Sign>(), clef).unwrap();
    let mut events = Vec::new();
    for (staff, chords) in [(1, upper), (2, lower)] {
        for (quarter, pitches) in chords.into_iter().enumerate() {
            let (event, _) = sketch.chord(quarter as i64 * 2, NoteBase::Quarter, staff, pitches);
            set(&mut sketch, event, Field::Event(EventField::Staff(staff)));
            events.push(event);
        }
    }
    (sketch, events)
}

const HIGH: [&[&str]; 4] = [&["C5"], &["C5"], &["C5"], &["C5"]];
const LOW: [&[&str]; 4] = [&["C3"], &["C3"], &["C3"], &["C3"]];

#[test]
fn a_hairpin_that_goes_on_behind_a_dynamic_stops_for_it() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let events: Vec<EventId> = (0..4).map(|at| sketch.chord(at * 2, NoteBase::Quarter, 1, &["A4"]).0).collect();
    sketch.measure();
    let last = sketch.chord(6, NoteBase::Quarter, 1, &["A4"]).0;
    let hairpin = span(&mut sketch, SpanKind::Crescendo, events[0], last);
    let mark = Mark { anchor: Anchor::Event(events[2]), kind: MarkKind::Dynamic("mf".into()), ..Mark::default() };
    sketch.score.insert(sketch.ids.next::<Mark>(), mark).unwrap();
    let pages = sketch.pages();
    let letters = of(&pages, Role::Dynamic).into_iter().reduce(|a, b| a.union(&b)).unwrap();
    let lines: Vec<Rect> = items(&pages).iter().filter(|item| item.source == Some(hairpin.into())).map(bounds).collect();
    assert_eq!(lines.len(), 4, "two pieces of two lines");
    assert!(lines.iter().any(|line| line.right < letters.left) && lines.iter().any(|line| line.left > letters.right), "{lines:?}");
    let (before, after) = (&lines[0], &lines[2]);
    assert!(before.top > after.top, "it goes on opening");
    assert_eq!(faults(&sketch), []);
}

#[test]
fn a_hairpin_to_nothing_ends_in_a_circle() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let events: Vec<EventId> = (0..4).map(|at| sketch.chord(at * 2, NoteBase::Quarter, 1, &["A4"]).0).collect();
    for (kind, at_the_end) in [(SpanKind::Diminuendo, true), (SpanKind::Crescendo, false)] {
        let hairpin = span(&mut sketch, kind, events[0], events[3]);
        set(&mut sketch, hairpin, Field::Span(SpanField::Niente(true)));
        let own: Vec<Item> = items(&sketch.pages()).into_iter().filter(|item| item.source == Some(hairpin.into())).collect();
        let circle = own.iter().find(|item| matches!(item.shape, Shape::Glyph { .. })).map(bounds).expect("a circle");
        let lines = own.iter().filter(|item| matches!(item.shape, Shape::Line { .. })).map(bounds).reduce(|a, b| a.union(&b)).unwrap();
        let gap = if at_the_end { circle.left - lines.right } else { lines.left - circle.right };
        assert!(gap.abs() < 0.2, "{circle:?} {lines:?}");
        let _ = Edit::new(vec![Change::Remove(hairpin.into())]).apply(&mut sketch.score).unwrap();
    }
}

#[test]
fn a_barline_leaves_room_for_the_words_between_its_staves() {
    let (mut sketch, _) = piano(HIGH, LOW);
    let id = written(&mut sketch, 3, MarkKind::Words(Words { text: "sempre con grande espressione".into() }));
    set(&mut sketch, id, Field::Mark(MarkField::Placement(Placement::Below)));
    for _ in 0..3 {
        sketch.measure();
        sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
    }
    let pages = sketch.pages();
    let words = of(&pages, Role::Words).into_iter().next().expect("the words");
    let crossed: Vec<Rect> =
        of(&pages, Role::Barline).into_iter().filter(|line| line.left < words.right && words.left < line.right).collect();
    assert!(crossed.len() >= 2, "the words pass a barline, which is in two pieces: {crossed:?}");
    assert!(crossed.iter().all(|line| line.bottom < words.top || line.top > words.bottom), "{words:?} {crossed:?}");
    let whole = of(&pages, Role::Barline).into_iter().filter(|line| line.left > words.right).map(|line| line.bottom - line.top);
    assert!(whole.fold(0.0, f32::max) > 8.0, "where there are none it runs through");
    assert_eq!(faults(&sketch), []);
}

#[test]
fn a_dynamic_stands_beside_the_wave_over_both_staves() {
    let (mut sketch, events) = piano([&["C5"], &["C5", "E5"], &["C5"], &["C5"]], [&["C3"], &["C3", "G3"], &["C3"], &["C3"]]);
    for event in [events[1], events[5]] {
        let mark = Mark { anchor: Anchor::Event(event), kind: MarkKind::Arpeggio(Arpeggio::Plain), ..Mark::default() };
        sketch.score.insert(sketch.ids.next::<Mark>(), mark).unwrap();
    }
    let mark = Mark { anchor: Anchor::Event(events[1]), kind: MarkKind::Dynamic("sfz".into()), ..Mark::default() };
    sketch.score.insert(sketch.ids.next::<Mark>(), mark).unwrap();
    let pages = sketch.pages();
    let wave = of(&pages, Role::Arpeggio).into_iter().next().expect("one wave");
    assert!(wave.bottom - wave.top > 8.0, "over both staves: {wave:?}");
    let letters = of(&pages, Role::Dynamic).into_iter().reduce(|a, b| a.union(&b)).unwrap();
    assert!(letters.left > wave.right && letters.left < wave.right + 1.0, "{letters:?} {wave:?}");
    assert_eq!(faults(&sketch), []);
}

#[test]
fn the_strokes_between_two_near_notes_end_before_their_heads() {
    for (first, second) in [("C4", "G4"), ("E4", "E5"), ("C6", "F5"), ("G5", "G4")] {
        let mut sketch = Sketch::new(Clef::TREBLE);
        let (from, _) = sketch.chord(0, NoteBase::Eighth, 1, &[first]);
        let (to, _) = sketch.chord(1, NoteBase::Eighth, 1, &[second]);
        span(&mut sketch, SpanKind::Tremolo(3), from, to);
        assert_eq!(of(&sketch.pages(), Role::Tremolo).len(), 3);
        let met = |fault: &check::FaultKind| matches!(fault, check::FaultKind::Overlap(a, b) if [a, b].contains(&&Role::Tremolo));
        assert!(!faults(&sketch).iter().any(met), "{first} {second}: {:?}", faults(&sketch));
    }
}

#[test]
fn dashes_go_on_at_the_height_of_their_word() {
    // What is low under the dashes pushes the word down with them.
    let mut sketch = Sketch::new(Clef::TREBLE);
    let events: Vec<EventId> =
        ["A4", "A4", "D3", "A4"].iter().zip(0..).map(|(pitch, at)| sketch.chord(at * 2, NoteBase::Quarter, 1, &[pitch]).0).collect();
    let id = written(&mut sketch, 0, MarkKind::Words(Words { text: "cresc.".into() }));
    set(&mut sketch, id, Field::Mark(MarkField::Placement(Placement::Below)));
    span(&mut sketch, SpanKind::Dashes, events[0], events[3]);
    let words: Vec<Item> = items(&sketch.pages()).into_iter().filter(|item| item.role == Role::Words).collect();
    let word = words.iter().find(|item| matches!(item.shape, Shape::Text { .. })).map(bounds).expect("the word");
    let dashes = words.iter().find(|item| matches!(item.shape, Shape::Line { .. })).map(bounds).expect("the dashes");
    assert!(dashes.top > word.top && dashes.bottom < word.bottom, "{word:?} {dashes:?}");
    assert_eq!(faults(&sketch), []);
}

#[test]
fn what_is_left_to_ring_has_a_tie_to_nothing() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (_, notes) = sketch.chord(0, NoteBase::Half, 1, &["A4"]);
    sketch.chord(4, NoteBase::Half, 1, &["A4"]);
    set(&mut sketch, notes[0], Field::Note(NoteField::LetRing(true)));
    let pages = sketch.pages();
    let ties = of(&pages, Role::Tie);
    let heads = of(&pages, Role::Notehead);
    assert_eq!(ties.len(), 1);
    assert!(ties[0].left > heads[0].left && ties[0].right < heads[1].left, "it ends before the next note: {ties:?} {heads:?}");
    assert_eq!(faults(&sketch), []);
}
