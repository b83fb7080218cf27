//! Geometry of small scores.

use super::sheet::Sheet;
use super::*;
use crate::model::*;

/// A score of one part in small steps.
pub(super) struct Sketch {
    pub score: Score,
    pub ids: IdSource,
    pub part: PartId,
}

impl Sketch {
    pub(super) fn new(clef: Clef) -> Self {
        let mut ids = IdSource::fixed(7);
        let mut score = Score::new();
        let part: PartId = ids.next();
        score.insert(part, Part { name: "Flute".into(), ..Part::default() }).unwrap();
        let mut sketch = Self { score, ids, part };
        sketch.measure();
        sketch.sign(SignKind::Clef(clef));
        sketch
    }

    pub(super) fn measure(&mut self) -> MeasureId {
        let id = self.ids.next();
        let first = self.score.measure_order().is_empty();
        let time = first.then(|| TimeSignature::new(4, 4));
        self.score.push_measure(id, Measure { number: (self.score.measure_order().len() + 1).to_string(), time, ..Measure::default() });
        id
    }

    pub(super) fn last(&self) -> MeasureId {
        *self.score.measure_order().last().unwrap()
    }

    pub(super) fn sign(&mut self, kind: SignKind) {
        let at = Moment { measure: self.last(), beat: Beat::ZERO };
        self.score.insert(self.ids.next::<Sign>(), Sign { part: self.part, at, kind, ..Sign::default() }).unwrap();
    }

    /// Notes of one chord at an onset in eighths, `value` long.
    pub(super) fn chord(&mut self, eighths: i64, value: NoteBase, voice: u8, pitches: &[&str]) -> (EventId, Vec<NoteId>) {
        let id: EventId = self.ids.next();
        let time = EventTime {
            measure: self.last(),
            onset: Beat::new(eighths, 8),
            duration: value.length(),
            value: Some(NoteValue::new(value, 0)),
            ratio: (1, 1),
        };
        self.score.insert(id, Event { part: self.part, voice, time, ..Event::default() }).unwrap();
        let mut notes = Vec::new();
        for pitch in pitches {
            let note: NoteId = self.ids.next();
            let pitch = NotePitch::Pitched(pitch.parse().unwrap());
            self.score.insert(note, Note { event: id, pitch, ..Note::default() }).unwrap();
            notes.push(note);
        }
        (id, notes)
    }

    pub(super) fn pages(&self) -> Vec<Page> {
        engrave(&self.score, &Options::default())
    }
}

fn items(pages: &[Page]) -> impl Iterator<Item = Item> {
    pages.iter().flat_map(|p| p.systems.iter().flat_map(PlacedSystem::items).chain(p.items.iter().cloned()))
}

fn of(pages: &[Page], role: Role, source: impl Into<RecordRef>) -> Vec<Item> {
    let source = Some(source.into());
    items(pages).filter(|i| i.role == role && i.source == source).collect()
}

/// How far below its staff's top line the head of a note is.
fn depth(pages: &[Page], note: NoteId) -> f32 {
    let Shape::Glyph { at, .. } = of(pages, Role::Notehead, note)[0].shape else { panic!("a head is a glyph") };
    at.y - pages[0].systems[0].origin.y
}

#[test]
fn notes_stand_on_the_line_their_clef_says() {
    for (clef, pitch, y) in [
        (Clef::TREBLE, "G4", 3.0),
        (Clef::TREBLE, "C4", 5.0),
        (Clef::BASS, "F3", 1.0),
        (Clef::BASS, "C4", -1.0),
        (Clef::ALTO, "C4", 2.0),
        (Clef { sign: ClefSign::G, line: 2, octave: -1 }, "G3", 3.0),
    ] {
        let mut sketch = Sketch::new(clef);
        let (_, notes) = sketch.chord(0, NoteBase::Quarter, 1, &[pitch]);
        let found = depth(&sketch.pages(), notes[0]);
        assert!((found - y).abs() < 0.001, "{clef:?} {pitch}: {found}");
    }
}

#[test]
fn notes_off_the_staff_have_ledger_lines() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (low, _) = sketch.chord(0, NoteBase::Quarter, 1, &["A3"]);
    let (on, _) = sketch.chord(2, NoteBase::Quarter, 1, &["B4"]);
    let pages = sketch.pages();
    assert_eq!(of(&pages, Role::LedgerLine, low).len(), 2);
    assert!(of(&pages, Role::LedgerLine, on).is_empty());
}

fn stem_points_up(pages: &[Page], event: EventId) -> bool {
    let stem = of(pages, Role::Stem, event);
    let Shape::Line { from, to, .. } = stem[0].shape else { panic!("a stem is a line") };
    to.y < from.y
}

#[test]
fn stems_point_to_the_middle_line_and_away_from_the_other_voice() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (low, _) = sketch.chord(0, NoteBase::Quarter, 1, &["E4"]);
    let (high, _) = sketch.chord(2, NoteBase::Quarter, 1, &["E5"]);
    let (middle, _) = sketch.chord(4, NoteBase::Quarter, 1, &["B4"]);
    let pages = sketch.pages();
    assert!(stem_points_up(&pages, low));
    assert!(!stem_points_up(&pages, high));
    assert!(!stem_points_up(&pages, middle), "down on the middle line");

    let (second, _) = sketch.chord(0, NoteBase::Quarter, 2, &["C4"]);
    let pages = sketch.pages();
    assert!(stem_points_up(&pages, high), "the first of two voices");
    assert!(!stem_points_up(&pages, second), "the second of two voices");
}

#[test]
fn an_accidental_is_shown_once_a_measure() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (_, first) = sketch.chord(0, NoteBase::Quarter, 1, &["F#4"]);
    let (_, again) = sketch.chord(2, NoteBase::Quarter, 1, &["F#4"]);
    let (_, octave) = sketch.chord(4, NoteBase::Quarter, 1, &["F#5"]);
    let (_, back) = sketch.chord(6, NoteBase::Quarter, 1, &["F4"]);
    sketch.measure();
    let (_, next) = sketch.chord(0, NoteBase::Quarter, 1, &["F#4"]);
    let pages = sketch.pages();
    let shown = |note: &NoteId| of(&pages, Role::Accidental, *note).len();
    assert_eq!([first[0], again[0], octave[0], back[0], next[0]].map(|n| shown(&n)), [1, 0, 1, 1, 1]);
}

#[test]
fn a_key_signature_spares_its_accidentals() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    sketch.sign(SignKind::Key(Key::fifths(1)));
    let (_, sharp) = sketch.chord(0, NoteBase::Quarter, 1, &["F#4"]);
    let (_, natural) = sketch.chord(2, NoteBase::Quarter, 1, &["F4"]);
    let pages = sketch.pages();
    assert!(of(&pages, Role::Accidental, sharp[0]).is_empty());
    assert_eq!(of(&pages, Role::Accidental, natural[0]).len(), 1);
    assert_eq!(items(&pages).filter(|i| i.role == Role::KeySignature).count(), 1);
}

#[test]
fn seconds_stand_on_both_sides_of_the_stem() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (_, notes) = sketch.chord(0, NoteBase::Quarter, 1, &["E4", "F4"]);
    let pages = sketch.pages();
    let x = |note: NoteId| bounds(&of(&pages, Role::Notehead, note)[0]).left;
    assert!(x(notes[1]) - x(notes[0]) > 1.0, "the upper head is right of an upward stem");
}

#[test]
fn accidentals_of_a_chord_do_not_overlap() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (_, notes) = sketch.chord(0, NoteBase::Quarter, 1, &["C#4", "D#4", "F#4", "G#4", "Bb4"]);
    let pages = sketch.pages();
    let signs: Vec<Rect> = notes.iter().map(|n| bounds(&of(&pages, Role::Accidental, *n)[0])).collect();
    let heads: Vec<Rect> = notes.iter().map(|n| bounds(&of(&pages, Role::Notehead, *n)[0])).collect();
    for (at, sign) in signs.iter().enumerate() {
        assert!(signs[..at].iter().all(|other| !sign.overlaps(other)), "{signs:?}");
        assert!(heads.iter().all(|head| !sign.overlaps(head)));
    }
}

#[test]
fn eighths_are_beamed_and_their_stems_reach_the_beam() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let events: Vec<EventId> =
        ["C4", "E4", "G4", "C5"].iter().enumerate().map(|(at, p)| sketch.chord(at as i64, NoteBase::Eighth, 1, &[p]).0).collect();
    let pages = sketch.pages();
    let beams: Vec<Item> = items(&pages).filter(|i| i.role == Role::Beam).collect();
    assert_eq!(beams.len(), 1, "half a measure of eighths in 4/4 has one beam");
    assert!(items(&pages).all(|i| i.role != Role::Flag));
    let Shape::Polygon(outline) = &beams[0].shape else { panic!("a beam is a polygon") };
    let edge = |x: f32| outline[0].y + (outline[1].y - outline[0].y) * (x - outline[0].x) / (outline[1].x - outline[0].x);
    for event in events {
        let Shape::Line { from, to, .. } = of(&pages, Role::Stem, event)[0].shape else { panic!("a stem is a line") };
        assert!((outline[0].x..=outline[1].x).contains(&to.x));
        let y = edge(to.x);
        assert!((y - to.y).abs() <= 0.5, "stem ends at {} and the beam is at {y}", to.y);
        assert!((from.y - to.y).abs() >= 2.5, "no stump");
    }
}

#[test]
fn lyrics_stand_under_the_middle_of_their_note() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (event, notes) = sketch.chord(0, NoteBase::Quarter, 1, &["G3"]);
    let text = vec![LyricPiece::Text("long".into(), Syllabic::Single)];
    let lyric: LyricId = sketch.ids.next();
    sketch.score.insert(lyric, Lyric { event, verse: "1".into(), text, ..Lyric::default() }).unwrap();
    let pages = sketch.pages();
    let (head, word) = (bounds(&of(&pages, Role::Notehead, notes[0])[0]), bounds(&of(&pages, Role::Lyric, lyric)[0]));
    assert!(((head.left + head.right) - (word.left + word.right)).abs() < 0.2, "{head:?} {word:?}");
    assert!(word.top > head.bottom && word.top > pages[0].systems[0].origin.y + pages[0].systems[0].system.staves[0].bottom);
}

#[test]
fn ties_and_slurs_are_drawn_between_their_notes() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (a, first) = sketch.chord(0, NoteBase::Half, 1, &["C5"]);
    let (b, second) = sketch.chord(4, NoteBase::Half, 1, &["C5"]);
    let mut note = sketch.score.note(first[0]).unwrap().clone();
    note.tie_next = true;
    sketch.score.insert(first[0], note).unwrap();
    let slur: SpanId = sketch.ids.next();
    let span = Span { start: Anchor::Event(a), end: Anchor::Event(b), kind: SpanKind::Slur, ..Span::default() };
    sketch.score.insert(slur, span).unwrap();
    let pages = sketch.pages();
    let heads = [first[0], second[0]].map(|n| bounds(&of(&pages, Role::Notehead, n)[0]));
    for curve in [of(&pages, Role::Tie, first[0]), of(&pages, Role::Slur, slur)] {
        assert_eq!(curve.len(), 1);
        let Shape::Curve { start, end, .. } = curve[0].shape else { panic!("a tie is a curve") };
        assert!(start.x >= heads[0].left && start.x < end.x && end.x <= heads[1].right, "{start:?} {end:?} {heads:?}");
    }
}

fn long_score(measures: usize) -> Sketch {
    let mut sketch = Sketch::new(Clef::TREBLE);
    for measure in 0..measures {
        if measure > 0 {
            sketch.measure();
        }
        for beat in 0..4 {
            let pitch = ["C4", "F#4", "Bb4", "D5"][(measure + beat) % 4];
            sketch.chord(beat as i64 * 2, NoteBase::Quarter, 1, &[pitch]);
        }
    }
    sketch
}

#[test]
fn lines_fill_the_measure_and_every_measure_is_on_one() {
    let sketch = long_score(60);
    let pages = sketch.pages();
    let systems: Vec<&PlacedSystem> = pages.iter().flat_map(|p| &p.systems).collect();
    assert!(systems.len() > 5);
    let mut next = 0;
    for system in &systems {
        assert_eq!(system.measures.start, next);
        next = system.measures.end;
    }
    assert_eq!(next, 60);
    let sheet = Sheet::of(sketch.score.layout(), 1.0);
    for system in &systems[..systems.len() - 1] {
        let right = system.items().filter(|i| i.role == Role::Barline).map(|i| bounds(&i).right).fold(0.0, f32::max);
        assert!((right - (sheet.width - sheet.right)).abs() < 0.1, "{right}");
    }
    assert!(pages.len() > 1 || systems.len() < 14);
}

#[test]
fn the_same_score_gives_the_same_pages() {
    let sketch = long_score(20);
    assert_eq!(sketch.pages(), sketch.pages());
}

#[test]
fn a_break_that_the_author_asked_for_is_kept() {
    let mut sketch = long_score(6);
    let id = sketch.score.measure_order()[2];
    let measure = Measure { break_before: Some(Break::System), ..sketch.score.measure(id).unwrap().clone() };
    sketch.score.insert(id, measure).unwrap();
    assert!(sketch.pages()[0].systems.iter().any(|s| s.measures.start == 2));
}

#[test]
fn pointing_finds_the_note_and_the_cursor_follows_time() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (_, notes) = sketch.chord(0, NoteBase::Half, 1, &["C5"]);
    let (_, later) = sketch.chord(4, NoteBase::Half, 1, &["E5"]);
    let pages = sketch.pages();
    let (page, rect) = locate(&pages, later[0].into()).unwrap();
    assert_eq!(page, 0);
    let centre = Point::new((rect.left + rect.right) / 2.0, (rect.top + rect.bottom) / 2.0);
    assert_eq!(hit(&pages[0], centre, 0.5), Some(later[0].into()));
    assert_eq!(hit(&pages[0], Point::new(1.0, 1.0), 0.5), None);
    let measure = sketch.score.measure_order()[0];
    let at = |beat: Beat| cursor(&pages, measure, beat).unwrap().x;
    let (_, first) = locate(&pages, notes[0].into()).unwrap();
    assert!((at(Beat::ZERO) - first.left).abs() < 0.01);
    assert!((at(Beat::new(1, 2)) - rect.left).abs() < 0.01);
    let between = at(Beat::new(1, 4));
    assert!(between > first.left && between < rect.left);
}

#[test]
fn odd_scores_make_pages_too() {
    assert_eq!(engrave(&Score::new(), &Options::default()).len(), 1);
    let mut sketch = Sketch::new(Clef::TREBLE);
    // A measure without length, one with an absurd chord, an event beyond the measure's end, a staff that is not there.
    let zero = sketch.measure();
    let empty = Measure { length: Some(Beat::ZERO), ..sketch.score.measure(zero).unwrap().clone() };
    sketch.score.insert(zero, empty).unwrap();
    sketch.measure();
    let wide: Vec<String> = (0..60).map(|n| format!("{}{}{}", ["C", "D", "E"][n % 3], ["#", "b", "##"][n % 3], n % 10)).collect();
    let wide: Vec<&str> = wide.iter().map(String::as_str).collect();
    let (event, _) = sketch.chord(0, NoteBase::N1024th, 1, &wide);
    sketch.chord(80, NoteBase::Maxima, 3, &["C-1", "C9"]);
    let mut odd = sketch.score.event(event).unwrap().clone();
    odd.staff = 200;
    sketch.score.insert(event, odd).unwrap();
    let pages = sketch.pages();
    assert!(!pages.is_empty());
    assert!(items(&pages).all(|i| finite(&bounds(&i))));
    for height in [0, 1, u32::MAX] {
        let layout = Layout { width: height, height, top: height, left: height, staff_height: height, ..Layout::default() };
        assert!(!engrave(&sketch.score, &Options { layout: Some(layout), ..Options::default() }).is_empty());
    }
}

fn finite(rect: &Rect) -> bool {
    [rect.left, rect.top, rect.right, rect.bottom].iter().all(|v| v.is_finite())
}

#[test]
fn many_staves_are_set_smaller_until_they_fit() {
    let mut sketch = long_score(4);
    for order in 1..40 {
        let part: PartId = sketch.ids.next();
        sketch.score.insert(part, Part { order, name: format!("Part {order}"), ..Part::default() }).unwrap();
    }
    let pages = sketch.pages();
    assert!(pages[0].millimetres_per_space < 1.7);
    assert_on_page(&pages, "forty parts");
}

/// Everything is within the edges of its page, if only just.
fn assert_on_page(pages: &[Page], name: &str) {
    for page in pages {
        for item in page.systems.iter().flat_map(PlacedSystem::items).chain(page.items.iter().cloned()) {
            let rect = bounds(&item);
            let inside = rect.left >= 0.0 && rect.top >= 0.0 && rect.right <= page.width && rect.bottom <= page.height;
            assert!(
                inside && finite(&rect),
                "{name}, page {}: {:?} at {rect:?} of {} × {}",
                page.number,
                item.role,
                page.width,
                page.height
            );
        }
    }
}
