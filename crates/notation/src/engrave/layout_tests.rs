//! What a player would trip over: beams, slurs, ledger lines and hairpins that run into something, pages and lines that end
//! badly, signs at the edge that cover each other.

use super::check::{FaultKind, check};
use super::tests::Sketch;
use super::*;
use crate::edit::{Change, Edit};
use crate::model::*;

pub(super) fn faults(sketch: &Sketch) -> Vec<FaultKind> {
    check(&sketch.score, &sketch.pages()).into_iter().map(|fault| fault.kind).collect()
}

pub(super) fn span(sketch: &mut Sketch, kind: SpanKind, from: EventId, to: EventId) -> SpanId {
    let id = sketch.ids.next();
    let span = Span { start: Anchor::Event(from), end: Anchor::Event(to), kind, ..Span::default() };
    sketch.score.insert(id, span).unwrap();
    id
}

pub(super) fn items(pages: &[Page]) -> Vec<Item> {
    pages.iter().flat_map(|page| page.systems.iter().flat_map(PlacedSystem::items)).collect()
}

#[test]
fn a_slur_goes_around_what_it_passes() {
    for (low, high) in [("C4", "C6"), ("E4", "G5"), ("A4", "F#6")] {
        let mut sketch = Sketch::new(Clef::TREBLE);
        let events: Vec<EventId> = [low, high, low, low]
            .iter()
            .enumerate()
            .map(|(at, pitch)| sketch.chord(at as i64 * 2, NoteBase::Quarter, 1, &[pitch]).0)
            .collect();
        span(&mut sketch, SpanKind::Slur, events[0], events[3]);
        assert_eq!(faults(&sketch), [], "{low} {high}");
    }
}

#[test]
fn a_slur_ends_outside_a_staccato_dot() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (first, _) = sketch.chord(0, NoteBase::Half, 1, &["C5"]);
    let (last, _) = sketch.chord(4, NoteBase::Half, 1, &["D5"]);
    for event in [first, last] {
        let mark = Mark { anchor: Anchor::Event(event), kind: MarkKind::Articulation(Articulation::Staccato), ..Mark::default() };
        sketch.score.insert(sketch.ids.next::<Mark>(), mark).unwrap();
    }
    span(&mut sketch, SpanKind::Slur, first, last);
    assert_eq!(faults(&sketch), []);
}

#[test]
fn level_beams_sit_hang_or_straddle() {
    for pitch in ["A3", "C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5", "D5", "E5", "F5", "G5", "A5", "B5", "C6", "D6"] {
        for value in [NoteBase::Eighth, NoteBase::N16th] {
            let mut sketch = Sketch::new(Clef::TREBLE);
            sketch.chord(0, value, 1, &[pitch]);
            let (second, _) = sketch.chord(1, value, 1, &[pitch]);
            if value == NoteBase::N16th {
                let mut event = sketch.score.event(second).unwrap().clone();
                event.time.onset = Beat::new(1, 16);
                sketch.score.insert(second, event).unwrap();
            }
            assert_eq!(faults(&sketch), [], "{pitch} {value:?}");
        }
    }
}

#[test]
fn a_beam_clears_the_rest_it_passes_over() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    for (at, (pitches, role)) in
        [(&["G5"][..], BeamRole::Begin), (&[][..], BeamRole::Continue), (&["G5"][..], BeamRole::End)].into_iter().enumerate()
    {
        let (id, _) = sketch.chord(at as i64, NoteBase::Eighth, 1, pitches);
        let mut event = sketch.score.event(id).unwrap().clone();
        event.beams = (!pitches.is_empty()).then(|| vec![role]);
        sketch.score.insert(id, event).unwrap();
    }
    let pages = sketch.pages();
    assert!(items(&pages).iter().any(|item| item.role == Role::Beam));
    assert_eq!(faults(&sketch), []);
}

#[test]
fn ledger_lines_of_neighbours_stay_apart() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    for measure in 0..12 {
        if measure > 0 {
            sketch.measure();
        }
        for at in 0..32 {
            let (id, _) = sketch.chord(0, NoteBase::N32nd, 1, &[["C6", "D6", "E6"][at % 3]]);
            let mut event = sketch.score.event(id).unwrap().clone();
            event.time.onset = Beat::new(at as i64, 32);
            sketch.score.insert(id, event).unwrap();
        }
    }
    assert!(!faults(&sketch).contains(&FaultKind::Overlap(Role::LedgerLine, Role::LedgerLine)));
}

#[test]
fn hairpins_that_meet_on_a_note_stay_apart() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let events: Vec<EventId> = (0..4).map(|at| sketch.chord(at * 2, NoteBase::Quarter, 1, &["A4"]).0).collect();
    let first = span(&mut sketch, SpanKind::Crescendo, events[0], events[2]);
    let second = span(&mut sketch, SpanKind::Diminuendo, events[2], events[3]);
    let pages = sketch.pages();
    let reach = |id: SpanId| items(&pages).iter().filter(|i| i.source == Some(id.into())).map(bounds).reduce(|a, b| a.union(&b)).unwrap();
    assert!(reach(first).right + 0.3 < reach(second).left, "{:?} {:?}", reach(first), reach(second));
}

#[test]
fn two_voices_that_sing_have_a_line_each_and_the_same_words_once() {
    let words = |upper: &str, lower: &str| {
        let mut sketch = Sketch::new(Clef::TREBLE);
        for (voice, pitch, text) in [(1, "E5", upper), (2, "C4", lower)] {
            let (event, _) = sketch.chord(0, NoteBase::Half, voice, &[pitch]);
            let text = vec![LyricPiece::Text(text.into(), Syllabic::Single)];
            sketch.score.insert(sketch.ids.next::<Lyric>(), Lyric { event, verse: "1".into(), text, ..Lyric::default() }).unwrap();
        }
        let lyrics = items(&sketch.pages()).iter().filter(|item| item.role == Role::Lyric).map(bounds).collect::<Vec<_>>();
        (lyrics.len(), faults(&sketch))
    };
    assert_eq!(words("Hark", "Hark"), (1, Vec::new()));
    assert_eq!(words("Hark", "the"), (2, Vec::new()));
}

/// So many measures of quarters.
fn quarters(measures: usize) -> Sketch {
    let mut sketch = Sketch::new(Clef::TREBLE);
    for measure in 0..measures {
        if measure > 0 {
            sketch.measure();
        }
        for beat in 0..4 {
            sketch.chord(beat * 2, NoteBase::Quarter, 1, &[["C4", "F4", "B4", "D5"][(measure + beat as usize) % 4]]);
        }
    }
    sketch
}

#[test]
fn no_measure_is_left_alone_on_the_last_line_and_no_line_on_the_last_page() {
    for measures in (20..40).chain([200, 230, 260]) {
        let pages = quarters(measures).pages();
        let last = pages.last().and_then(|page| page.systems.last()).unwrap();
        assert!(last.measures.len() > 1, "{measures} measures");
        assert!(pages.len() == 1 || pages[pages.len() - 1].systems.len() > 1, "{measures} measures");
    }
}

#[test]
fn pages_are_filled_evenly_and_are_no_more_than_needed() {
    let pages = quarters(420).pages();
    let counts: Vec<usize> = pages.iter().map(|page| page.systems.len()).collect();
    let (most, least) = (counts.iter().max().unwrap(), counts[..counts.len() - 1].iter().min().unwrap());
    assert!(most - least <= 1, "{counts:?}");
    assert!(counts.iter().sum::<usize>() > (counts.len() - 1) * (most - 1), "{counts:?}");
}

#[test]
fn a_part_is_turned_where_its_player_rests() {
    let mut sketch = quarters(400);
    let plain = sketch.pages();
    // Some measures of silence a little before where the first page would end.
    let last = plain[0].systems.last().unwrap().measures.clone();
    let silent = last.start - 3..last.end - 1;
    let order = sketch.score.measure_order()[silent.clone()].to_vec();
    let gone: Vec<EventId> = order.iter().flat_map(|id| sketch.score.events_in(*id, sketch.part).map(|(id, _)| id)).collect();
    for event in gone {
        sketch.score.remove(event.into());
    }
    let turned = sketch.pages();
    let first = turned[1].systems[0].measures.start;
    assert!((silent.start..=silent.end).contains(&first), "the turn is at measure {first}, the rest at {silent:?}");
}

#[test]
fn a_brace_within_a_bracket_stands_inside_it() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let piano: PartId = sketch.ids.next();
    sketch.score.insert(piano, Part { order: 1, staves: 2, ..Part::default() }).unwrap();
    let group = Group { first: sketch.part, last: piano, symbol: GroupSymbol::Bracket, ..Group::default() };
    sketch.score.insert(sketch.ids.next::<Group>(), group).unwrap();
    let pages = sketch.pages();
    let signs: Vec<Item> = items(&pages).into_iter().filter(|item| item.role == Role::Brace).collect();
    let brace =
        bounds(signs.iter().find(|item| matches!(item.shape, Shape::Glyph { glyph, .. } if glyph == crate::font::glyphs::BRACE)).unwrap());
    let bar = bounds(signs.iter().find(|item| matches!(item.shape, Shape::Line { .. })).unwrap());
    assert!(bar.right < brace.left, "{bar:?} {brace:?}");
    assert!(bar.left > 0.0);
}

#[test]
fn a_staff_that_is_to_be_hidden_is_shown_where_it_plays() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let below: PartId = sketch.ids.next();
    sketch.score.insert(below, Part { name: "Ossia".into(), ..Part::default() }).unwrap();
    let (shown, ossia) = (sketch.part, below);
    sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
    sketch.part = ossia;
    sketch.sign(SignKind::StaffVisible(false));
    assert_eq!(sketch.pages()[0].systems[0].system.staves.len(), 1, "a staff without notes is left out");
    let (_, notes) = sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
    sketch.part = shown;
    let pages = sketch.pages();
    assert_eq!(pages[0].systems[0].system.staves.len(), 2);
    assert!(items(&pages).iter().any(|item| item.role == Role::Notehead && item.source == Some(notes[0].into())));
}

/// What is written at a beat of the last measure, in quarters.
pub(super) fn written(sketch: &mut Sketch, quarter: i64, kind: MarkKind) -> MarkId {
    let at = Moment { measure: sketch.last(), beat: Beat::new(quarter, 4) };
    let id = sketch.ids.next();
    sketch.score.insert(id, Mark { anchor: Anchor::Staff(sketch.part, None, at), kind, ..Mark::default() }).unwrap();
    id
}

/// The stretch of a system that the items of a record cover.
fn stretch_of(pages: &[Page], record: RecordRef) -> (Space, Space) {
    let own = items(pages).into_iter().filter(|item| item.source == Some(record)).map(|item| bounds(&item));
    own.fold((Space::INFINITY, Space::NEG_INFINITY), |(left, right), rect| (left.min(rect.left), right.max(rect.right)))
}

#[test]
fn chord_symbols_and_figures_have_the_room_they_take() {
    let symbol = crate::edit::parse_chord_symbol("F#m7b5/E").unwrap();
    let figures = vec![Figure { prefix: "sharp".into(), number: "6".into(), suffix: "sharp".into(), ..Figure::default() }];
    let bass = FiguredBass { figures, parentheses: true, ..FiguredBass::default() };
    for kind in [MarkKind::Chord(symbol), MarkKind::FiguredBass(bass)] {
        let mut sketch = Sketch::new(Clef::TREBLE);
        // A whole note, with symbols where no note begins, and quarter notes, each with its own.
        let mut marks = Vec::new();
        for measure in 0..8 {
            if measure > 0 {
                sketch.measure();
            }
            match measure % 2 {
                0 => drop(sketch.chord(0, NoteBase::Whole, 1, &["G4"])),
                _ => (0..4).for_each(|quarter| drop(sketch.chord(2 * quarter, NoteBase::Quarter, 1, &["G4"]))),
            }
            marks.extend((0..4).map(|quarter| written(&mut sketch, quarter, kind.clone())));
        }
        let pages = sketch.pages();
        for system in pages.iter().flat_map(|page| &page.systems) {
            let times = &system.system.times;
            let shown = |id: &&MarkId| times.iter().any(|time| sketch.score.marks_in(time.measure).any(|(mark, _)| mark == **id));
            let own: Vec<(Space, Space)> = marks.iter().filter(shown).map(|id| stretch_of(&pages, (*id).into())).collect();
            assert!(own.len() >= 4);
            for pair in own.windows(2) {
                assert!(pair[0].1 < pair[1].0 + 0.05, "{:?} runs into {:?}", pair[0], pair[1]);
            }
        }
        assert!(!faults(&sketch).contains(&FaultKind::TextOverText));
    }
}

#[test]
fn tempi_and_rehearsal_marks_of_a_system_stand_on_a_level_each() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (mut tempi, mut letters) = (Vec::new(), Vec::new());
    for (measure, pitch) in ["C5", "E6", "C5", "G5"].into_iter().enumerate() {
        if measure > 0 {
            sketch.measure();
        }
        sketch.chord(0, NoteBase::Whole, 1, &[pitch]);
        let beat = NoteValue::new(NoteBase::Quarter, 0);
        let tempo = TempoMark { beat, per_minute: Some((96, 1)), text: String::new(), equals: None, parentheses: false, printed: true };
        tempi.push(written(&mut sketch, 0, MarkKind::Tempo(tempo)));
        letters.push(written(&mut sketch, 0, MarkKind::Rehearsal("A".into())));
    }
    let pages = sketch.pages();
    assert_eq!(pages[0].systems.len(), 1);
    let level = |id: &MarkId| {
        let text = items(&pages).into_iter().find(|item| item.source == Some((*id).into()) && matches!(item.shape, Shape::Text { .. }));
        if let Some(Item { shape: Shape::Text { at, .. }, .. }) = text { at.y } else { panic!("no text") }
    };
    for marks in [tempi, letters] {
        let levels: Vec<Space> = marks.iter().map(level).collect();
        assert!(levels.iter().all(|y| (y - levels[0]).abs() < 0.01), "{levels:?}");
    }
    assert_eq!(faults(&sketch), []);
}

#[test]
fn a_metronome_mark_goes_on_after_the_words_for_all_which_stand_outside_those_for_one() {
    for turn in 0..6 {
        let mut sketch = Sketch::new(Clef::TREBLE);
        sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
        let beat = NoteValue::new(NoteBase::Quarter, 0);
        let tempo = TempoMark { beat, per_minute: Some((96, 1)), text: String::new(), equals: None, parentheses: true, printed: true };
        let words = |text: &str| MarkKind::Words(Words { text: text.into() });
        let here = Moment { measure: sketch.last(), beat: Beat::ZERO };
        let (all, one) = (Anchor::System(here), Anchor::Staff(sketch.part, None, here));
        for _ in 0..5 {
            sketch.measure();
            sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
        }
        // Identifiers are drawn in another order each time.
        let mut marks = vec![(0, all, MarkKind::Tempo(tempo)), (1, all, words("Allegro giocoso")), (2, one, words("arco"))];
        marks.rotate_left(turn % 3);
        if turn >= 3 {
            marks.reverse();
        }
        let mut ids: Vec<(i32, MarkId)> = Vec::new();
        for (which, anchor, kind) in marks {
            let id = sketch.ids.next();
            sketch.score.insert(id, Mark { anchor, kind, ..Mark::default() }).unwrap();
            ids.push((which, id));
        }
        ids.sort_by_key(|(which, _)| *which);
        let pages = sketch.pages();
        let of = |id: MarkId| {
            let own: Vec<Item> = items(&pages).into_iter().filter(|item| item.source == Some(id.into())).collect();
            let baseline = own.iter().find_map(|item| if let Shape::Text { at, .. } = &item.shape { Some(at.y) } else { None }).unwrap();
            let left = own.iter().map(|item| bounds(item).left).fold(Space::INFINITY, Space::min);
            (baseline, left, own.iter().map(|item| bounds(item).right).fold(0.0, Space::max))
        };
        let [tempo, allegro, arco] = [of(ids[0].1), of(ids[1].1), of(ids[2].1)];
        assert!(allegro.0 < arco.0 - 1.0, "turn {turn}: {allegro:?} stands outside {arco:?}");
        assert!((tempo.0 - allegro.0).abs() < 0.01 && tempo.1 > allegro.2, "turn {turn}: {tempo:?} goes on after {allegro:?}");
        assert_eq!(faults(&sketch), []);
    }
}

#[test]
fn stems_that_turn_from_each_other_stand_closer_and_those_that_face_wider() {
    // In the middle of the staff stems of all heights stand beside each other.
    let mut sketch = Sketch::new(Clef::TREBLE);
    for (at, pitch) in ["A4", "C5", "A4", "C5"].into_iter().enumerate() {
        sketch.chord(2 * at as i64, NoteBase::Quarter, 1, &[pitch]);
    }
    let pages = sketch.pages();
    let heads: Vec<Space> = items(&pages).iter().filter(|item| item.role == Role::Notehead).map(|item| bounds(item).left).collect();
    assert!(heads[1] - heads[0] > heads[2] - heads[1] + 0.2, "{heads:?}");
    assert!((heads[3] - heads[2] - (heads[1] - heads[0])).abs() < 0.05, "{heads:?}");
}

#[test]
fn credits_stand_where_their_corner_is_and_clear_of_the_music() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    sketch.chord(0, NoteBase::Whole, 1, &["C5"]);
    let mut put = |text: &str, page: u16, at: (i32, i32)| {
        let kind = MarkKind::Credit(Credit { text: text.into(), at: Some(at), ..Credit::default() });
        sketch.score.insert(sketch.ids.next::<Mark>(), Mark { anchor: Anchor::Page(page), kind, ..Mark::default() }).unwrap();
    };
    put("To my sister", 1, (1050, 2700));
    put("Second edition", 1, (150, 2600));
    put("Printed in 1911", 1, (1050, 60));
    put("nowhere", 7, (1050, 60));
    let pages = sketch.pages();
    let text = |words: &str| {
        let found = pages[0].items.iter().find(|item| matches!(&item.shape, Shape::Text { text, .. } if text == words));
        found.map(bounds)
    };
    let staff = pages[0].systems[0].origin.y;
    let (middle, left, foot) = (text("To my sister").unwrap(), text("Second edition").unwrap(), text("Printed in 1911").unwrap());
    assert!(((middle.left + middle.right) / 2.0 - pages[0].width / 2.0).abs() < 0.5);
    assert!(left.left < pages[0].width * 0.2 && left.bottom < staff && middle.bottom < staff);
    assert!(foot.top > pages[0].height * 0.85);
    assert_eq!(text("nowhere"), None);
    assert_eq!(faults(&sketch), []);
}

#[test]
fn a_beam_between_staves_has_room_for_its_stems() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let id = sketch.part;
    let _ = Edit::new(vec![Change::Set(id.into(), Field::Part(PartField::Staves(2)))]).apply(&mut sketch.score).unwrap();
    let at = Moment { measure: sketch.last(), beat: Beat::ZERO };
    let clef = Sign { part: id, staff: Some(2), at, kind: SignKind::Clef(Clef::BASS), ..Sign::default() };
    sketch.score.insert(sketch.ids.next::<Sign>(), clef).unwrap();
    // High in the bass staff and low in the treble: without more room the beam would lie on the heads.
    let notes: Vec<(EventId, u8)> = [("C4", 1), ("G4", 2), ("C4", 1), ("G4", 2)]
        .into_iter()
        .enumerate()
        .map(|(eighth, (pitch, staff))| {
            let (event, notes) = sketch.chord(eighth as i64, NoteBase::Eighth, 1, &[pitch]);
            let set = Change::Set(notes[0].into(), Field::Note(NoteField::Staff(Some(staff))));
            let _ = Edit::new(vec![set]).apply(&mut sketch.score).unwrap();
            (event, staff)
        })
        .collect();
    let pages = sketch.pages();
    let found = items(&pages);
    let beam = found.iter().find(|item| item.role == Role::Beam).map(bounds).expect("one beam over both staves");
    let stems: Vec<Rect> = found.iter().filter(|item| item.role == Role::Stem).map(bounds).collect();
    assert_eq!(stems.len(), notes.len());
    assert!(stems.iter().all(|stem| stem.bottom - stem.top > 1.9), "{beam:?} {stems:?}");
    assert!(
        !faults(&sketch).iter().any(|fault| matches!(fault, FaultKind::Overlap(..) | FaultKind::BeamPosition)),
        "{:?}",
        faults(&sketch)
    );
}

#[test]
fn the_wave_before_a_rolled_chord_is_nowhere_thinner_than_a_staff_line() {
    let mut sketch = Sketch::new(Clef::TREBLE);
    let (chord, _) = sketch.chord(0, NoteBase::Half, 1, &["C4", "G4", "E5"]);
    let mark = Mark { anchor: Anchor::Event(chord), kind: MarkKind::Arpeggio(Arpeggio::Plain), ..Mark::default() };
    sketch.score.insert(sketch.ids.next::<Mark>(), mark).unwrap();
    let wave = items(&sketch.pages()).into_iter().find(|item| item.role == Role::Arpeggio).expect("a wave");
    let Shape::Polygon(outline) = wave.shape else { panic!("{:?}", wave.shape) };
    let (left, right) = outline.split_at(outline.len() / 2);
    // Two edges, one down, the other up again: opposite points are a stroke's width apart, and the stroke moves across it.
    for (from, to) in left.iter().zip(right.iter().rev()).collect::<Vec<_>>().windows(2).map(|pair| (pair[0], pair[1])) {
        let middle = |(l, r): (&Point, &Point)| ((l.x + r.x) / 2.0, (l.y + r.y) / 2.0);
        let ((x, y), (next_x, next_y)) = (middle(from), middle(to));
        let ((along_x, along_y), (across_x, across_y)) = ((next_x - x, next_y - y), (from.1.x - from.0.x, from.1.y - from.0.y));
        let thickness = (along_x * across_y - along_y * across_x).abs() / along_x.hypot(along_y);
        assert!(thickness > 0.09, "{thickness} at {x}, {y}");
    }
}
