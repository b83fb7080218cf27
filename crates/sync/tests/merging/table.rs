//! What musicians get, one row a case. Music is written as one line a measure: `G4` a quarter note, `G4/2` a half, `[G4 B4]` a
//! chord, `r` a rest, `'` staccato; voices after the first follow `;`. Findings are written as what they are about and, after `→`,
//! what can be done.

use bandpro_notation::edit::{self, Change, Edit, Selection};
use bandpro_notation::model::*;
use bandpro_sync::document::{Finding, FindingKind, ResolutionKind};

use crate::common::replica::Replica;
use crate::common::{score, time};

/// What one of two people does.
type Work = fn(&mut Replica);

struct Row {
    case: &'static str,
    a: Work,
    b: Work,
    /// Some measures, as they read then.
    music: &'static str,
    findings: &'static [&'static str],
}

fn event(score: &Score, measure: usize, at: usize) -> EventId {
    let (part, _) = score.parts()[0];
    score.events_in(score.measure_order()[measure - 1], part).nth(at - 1).unwrap().0
}

fn note(score: &Score, measure: usize, at: usize) -> NoteId {
    score.notes_of(event(score, measure, at))[0].0
}

fn pitched(text: &str) -> Pitch {
    let (step, octave) = text.split_at(1);
    let step = [Step::C, Step::D, Step::E, Step::F, Step::G, Step::A, Step::B]["CDEFGAB".find(step).unwrap()];
    Pitch::new(step, 0, octave.parse().unwrap())
}

impl Replica {
    fn pitch(&mut self, measure: usize, at: usize, pitch: &str) {
        let selection = Selection::Note(note(&self.score, measure, at));
        self.commit(edit::set_pitch(&self.score, selection, pitched(pitch)).unwrap());
    }

    fn staccato(&mut self, measure: usize, at: usize) {
        let selection = Selection::Note(note(&self.score, measure, at));
        let edit = edit::toggle_articulation(&self.score, selection, &mut self.ids, Articulation::Staccato);
        self.commit(edit.unwrap());
    }

    fn enter(&mut self, measure: usize, at: usize, pitch: &str, base: NoteBase) {
        let selection = Selection::Event(event(&self.score, measure, at));
        let (edit, _) = edit::enter(&self.score, selection, &mut self.ids, Some(pitched(pitch)), NoteValue::new(base, 0)).unwrap();
        self.commit(edit);
    }

    fn value(&mut self, measure: usize, at: usize, base: NoteBase) {
        let selection = Selection::Event(event(&self.score, measure, at));
        let edit = edit::set_value(&self.score, selection, &mut self.ids, NoteValue::new(base, 0));
        self.commit(edit.unwrap());
    }

    fn set(&mut self, of: impl Into<RecordRef>, field: Field) {
        self.commit(Edit::new(vec![Change::Set(of.into(), field)]));
    }

    fn delete_measure(&mut self, measure: usize) {
        let selection = Selection::Event(event(&self.score, measure, 1));
        self.commit(edit::delete_measure(&self.score, selection).unwrap());
    }

    /// Empty measures before another, one gesture each.
    fn insert_measures(&mut self, before: usize, count: usize, name: &str) {
        for number in 0..count {
            let selection = Selection::Event(event(&self.score, before + number, 1));
            let edit = edit::insert_measure(&self.score, selection, &mut self.ids).unwrap();
            self.commit(edit);
            self.enter(before + number, 1, name, NoteBase::Whole);
        }
    }

    /// Every note of some measures, as one gesture.
    fn transpose(&mut self, measures: std::ops::RangeInclusive<usize>, steps: i32) {
        let (part, _) = self.score.parts()[0];
        let order = self.score.measure_order();
        let events = measures.flat_map(|measure| self.score.events_in(order[measure - 1], part).map(|(id, _)| id).collect::<Vec<_>>());
        let moved = events.map(|id| edit::move_diatonic(&self.score, Selection::Event(id), steps).unwrap());
        let edit = moved.flat_map(|edit| edit.changes).collect();
        self.commit(edit);
    }

    fn slur(&mut self, from: (usize, usize), to: (usize, usize)) {
        let anchor = |(measure, at)| Anchor::Note(note(&self.score, measure, at));
        let slur = Span { start: anchor(from), end: anchor(to), kind: SpanKind::Slur, ..Span::default() };
        let id = self.ids.next::<Span>();
        self.commit(Edit::new(vec![Change::Insert(id.into(), slur.into())]));
    }

    fn delete_note(&mut self, measure: usize, at: usize) {
        let selection = Selection::Note(note(&self.score, measure, at));
        self.commit(edit::delete(&self.score, selection).unwrap());
    }

    fn voice_two(&mut self, measure: usize, pitch: &str) {
        let (part, _) = self.score.parts()[0];
        let time = EventTime {
            duration: Beat::WHOLE,
            value: Some(NoteValue::new(NoteBase::Whole, 0)),
            ..time(self.score.measure_order()[measure - 1], 0)
        };
        let (event, note) = (self.ids.next::<Event>(), self.ids.next::<Note>());
        let chord = Event { part, time, voice: 2, ..Event::default() };
        let sounding = Note { event, pitch: NotePitch::Pitched(pitched(pitch)), ..Note::default() };
        self.commit(Edit::new(vec![Change::Insert(event.into(), chord.into()), Change::Insert(note.into(), sounding.into())]));
    }

    /// A note beside what is there, in the same voice.
    fn also(&mut self, measure: usize, at: usize, pitch: &str, duration: Beat) {
        let (part, _) = self.score.parts()[0];
        let time =
            EventTime { duration, value: NoteValue::of_length(duration), ..time(self.score.measure_order()[measure - 1], at as i64 - 1) };
        let (event, note) = (self.ids.next::<Event>(), self.ids.next::<Note>());
        let sounding = Note { event, pitch: NotePitch::Pitched(pitched(pitch)), ..Note::default() };
        self.commit(Edit::new(vec![
            Change::Insert(event.into(), Event { part, time, ..Event::default() }.into()),
            Change::Insert(note.into(), sounding.into()),
        ]));
    }

    fn empty(&mut self, measure: usize) {
        let (part, _) = self.score.parts()[0];
        let events: Vec<EventId> = self.score.events_in(self.score.measure_order()[measure - 1], part).map(|(id, _)| id).collect();
        let notes = events.iter().flat_map(|id| self.score.notes_of(*id)).map(|(id, _)| Change::Remove(id.into()));
        let edit = notes.chain(events.iter().map(|id| Change::Remove((*id).into()))).collect();
        self.commit(edit);
    }
}

fn beats(duration: Beat) -> String {
    match (duration.numerator(), duration.denominator()) {
        (1, 4) => String::new(),
        (1, n) => format!("/{n}"),
        (n, d) => format!("/{n}:{d}"),
    }
}

fn chord(score: &Score, events: &[(EventId, &Event)]) -> String {
    let (id, event) = events[0];
    let notes: Vec<String> = events
        .iter()
        .flat_map(|(id, _)| score.notes_of(*id))
        .map(|(_, note)| note)
        .collect::<Vec<_>>()
        .iter()
        .filter_map(|note| note.pitch.pitch())
        .map(|pitch| pitch.to_string())
        .collect();
    let heads = match &notes[..] {
        [] => "r".to_owned(),
        [one] => one.clone(),
        many => format!("[{}]", many.join(" ")),
    };
    let short = edit::has_mark(score, id, |kind| *kind == MarkKind::Articulation(Articulation::Staccato));
    format!("{heads}{}{}", beats(event.time.duration), if short { "'" } else { "" })
}

/// Events of one voice at one place with one length read as one chord.
fn music(score: &Score) -> String {
    let measure = |(id, record): (MeasureId, &Measure)| {
        let parts = score.parts().into_iter().map(|(part, _)| {
            let mut voices: std::collections::BTreeMap<u8, Vec<(EventId, &Event)>> = std::collections::BTreeMap::new();
            score.events_in(id, part).for_each(|(id, event)| voices.entry(event.voice).or_default().push((id, event)));
            let together = |a: &(EventId, &Event), b: &(EventId, &Event)| {
                (a.1.time.onset, a.1.time.duration) == (b.1.time.onset, b.1.time.duration) && score.is_rest(a.0) == score.is_rest(b.0)
            };
            let read =
                |events: Vec<(EventId, &Event)>| events.chunk_by(together).map(|events| chord(score, events)).collect::<Vec<_>>().join(" ");
            voices.into_values().map(read).collect::<Vec<_>>().join(" ; ")
        });
        format!("{}: {}", record.number, parts.collect::<Vec<_>>().join(" // "))
    };
    let slurs = if score.spans().is_empty() { String::new() } else { format!(" +{} slur", score.spans().len()) };
    score.measures().map(measure).collect::<Vec<_>>().join(" | ") + &slurs
}

fn words(finding: &Finding) -> String {
    let about = match &finding.kind {
        FindingKind::Competing { of, values } => format!("{}.{} competes", of.kind().table(), values[0].0.key()),
        FindingKind::Overlap { events, .. } => format!("{} overlap", events.len()),
        FindingKind::Overfull { events, .. } => format!("{} beyond the barline", events.len()),
        FindingKind::Dangling { .. } => "line without its end".to_owned(),
        FindingKind::Removed { of, .. } => format!("{} taken out, worked on", of.kind().table()),
        FindingKind::Numbers { .. } => "numbers".to_owned(),
    };
    let way = |kind: ResolutionKind| match kind {
        ResolutionKind::Choose(0) => "this".to_owned(),
        ResolutionKind::Choose(_) => "that".to_owned(),
        ResolutionKind::Voice(voice) => format!("voice {voice}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let ways: Vec<String> = finding.resolutions.iter().map(|resolution| way(resolution.kind)).collect();
    format!("{about} → {}", ways.join(", "))
}

/// Two people work on copies of a score of three measures and meet; whoever takes in whom, they get the same.
fn meet(a: Work, b: Work) -> (Replica, Replica) {
    let mut copies = Replica::copies(2, &score(3));
    let (mut two, mut one) = (copies.remove(1), copies.remove(0));
    (one.seconds, two.seconds) = (1000, 2000);
    a(&mut one);
    b(&mut two);
    let before = one.clone();
    one.meet(&two, 0);
    two.meet(&before, 2);
    assert_eq!(one.score, two.score);
    assert_eq!(one.document.heads(), two.document.heads());
    assert_eq!(one.document.findings(&one.score).unwrap(), two.document.findings(&two.score).unwrap());
    (one, two)
}

const BASE: &str = "1: G4 A4 B4 C4 | 2: D4 E4 F4 G4 | 3: A4 B4 C4 D4";

const ROWS: &[Row] = &[
    Row { case: "nobody does anything", a: |_| {}, b: |_| {}, music: BASE, findings: &[] },
    Row {
        case: "different measures",
        a: |a| a.pitch(1, 1, "F5"),
        b: |b| b.pitch(3, 4, "E5"),
        music: "1: F5 A4 B4 C4 | 2: D4 E4 F4 G4 | 3: A4 B4 C4 E5",
        findings: &[],
    },
    Row {
        case: "different voices of one measure",
        a: |a| a.pitch(1, 1, "F5"),
        b: |b| b.voice_two(1, "C4"),
        music: "1: F5 A4 B4 C4 ; C4/1 | 2: D4 E4 F4 G4 | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "one note: a pitch here, a staccato there",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.staccato(2, 2),
        music: "1: G4 A4 B4 C4 | 2: D4 F5' F4 G4 | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "one pitch, two values",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.pitch(2, 2, "C5"),
        music: "1: G4 A4 B4 C4 | 2: D4 C5 F4 G4 | 3: A4 B4 C4 D4",
        findings: &["notes.pitch competes → this, that"],
    },
    Row {
        case: "one pitch, twice the same value",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.pitch(2, 2, "F5"),
        music: "1: G4 A4 B4 C4 | 2: D4 F5 F4 G4 | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "one place of one voice, notes of one length: they sound together",
        a: |a| {
            a.empty(2);
            a.also(2, 1, "C5", Beat::QUARTER);
        },
        b: |b| {
            b.empty(2);
            b.also(2, 1, "E5", Beat::QUARTER);
        },
        music: "1: G4 A4 B4 C4 | 2: [C5 E5] | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "a note added to one chord by both",
        a: |a| a.commit(edit::add_above(&a.score, Selection::Event(event(&a.score, 2, 1)), NoteId::from_raw(1), 2).unwrap()),
        b: |b| b.commit(edit::add_above(&b.score, Selection::Event(event(&b.score, 2, 1)), NoteId::from_raw(2), 4).unwrap()),
        music: "1: G4 A4 B4 C4 | 2: [D4 F4 A4] E4 F4 G4 | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "one place of one voice, notes of different length",
        a: |a| {
            a.empty(2);
            a.also(2, 1, "C5", Beat::QUARTER);
            a.also(2, 2, "D5", Beat::QUARTER);
        },
        b: |b| {
            b.empty(2);
            b.also(2, 1, "E5", Beat::new(1, 2));
        },
        music: "1: G4 A4 B4 C4 | 2: C5 E5/2 D5 | 3: A4 B4 C4 D4",
        findings: &["3 overlap → voice 2, keep"],
    },
    Row {
        case: "a longer note here, work on the note it covers there",
        a: |a| a.enter(2, 1, "C5", NoteBase::Half),
        b: |b| b.pitch(2, 2, "A5"),
        music: "1: G4 A4 B4 C4 | 2: C5/2 F4 G4 | 3: A4 B4 C4 D4",
        findings: &["events taken out, worked on → restore, leaveout"],
    },
    Row {
        case: "a note taken out here, a staccato on it there",
        a: |a| a.delete_note(2, 2),
        b: |b| b.pitch(2, 2, "A5"),
        music: "1: G4 A4 B4 C4 | 2: D4 r F4 G4 | 3: A4 B4 C4 D4",
        findings: &["notes taken out, worked on → restore, leaveout"],
    },
    Row {
        case: "a measure taken out here, edited there",
        a: |a| a.delete_measure(2),
        b: |b| b.pitch(2, 2, "A5"),
        music: "1: G4 A4 B4 C4 | 2: A4 B4 C4 D4",
        findings: &["measures taken out, worked on → restore, leaveout"],
    },
    Row {
        case: "a measure taken out here, a note written into it there",
        a: |a| a.delete_measure(2),
        b: |b| b.voice_two(2, "A5"),
        music: "1: G4 A4 B4 C4 | 2: A4 B4 C4 D4",
        findings: &["measures taken out, worked on → restore, leaveout"],
    },
    Row {
        case: "one measure taken out by both",
        a: |a| a.delete_measure(2),
        b: |b| b.delete_measure(2),
        music: "1: G4 A4 B4 C4 | 2: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "measures put in at one place by both",
        a: |a| a.insert_measures(2, 2, "C5"),
        b: |b| b.insert_measures(2, 2, "E5"),
        music: "1: G4 A4 B4 C4 | 2: E5/1 | 3: E5/1 | 2: C5/1 | 3: C5/1 | 4: D4 E4 F4 G4 | 5: A4 B4 C4 D4",
        findings: &["numbers → renumber, keep"],
    },
    Row {
        case: "a measure put in here, one taken out there",
        a: |a| a.insert_measures(2, 1, "C5"),
        b: |b| b.delete_measure(3),
        music: "1: G4 A4 B4 C4 | 2: C5/1 | 3: D4 E4 F4 G4",
        findings: &[],
    },
    Row {
        case: "a shorter time signature here, notes there",
        a: |a| {
            let measure = a.score.measure_order()[1];
            a.set(measure, Field::Measure(MeasureField::Time(Some(TimeSignature::new(3, 4)))));
        },
        b: |b| b.enter(2, 4, "A5", NoteBase::Eighth),
        music: "1: G4 A4 B4 C4 | 2: D4 E4 F4 A5/8 r/8 | 3: A4 B4 C4 D4",
        findings: &["2 beyond the barline → lengthen, keep"],
    },
    Row {
        case: "a slur here, its end note taken out there",
        a: |a| a.slur((2, 1), (2, 3)),
        b: |b| b.delete_note(2, 3),
        music: "1: G4 A4 B4 C4 | 2: D4 E4 r G4 | 3: A4 B4 C4 D4 +1 slur",
        findings: &["line without its end → restore, removeline"],
    },
    Row {
        case: "a slur here, the measure of its end taken out there",
        a: |a| a.slur((2, 1), (3, 1)),
        b: |b| b.delete_measure(3),
        music: "1: G4 A4 B4 C4 | 2: D4 E4 F4 G4 +1 slur",
        findings: &["line without its end → restore, removeline"],
    },
    Row {
        case: "a passage transposed here, a note of it changed there",
        a: |a| a.transpose(1..=2, 1),
        b: |b| b.pitch(2, 2, "C5"),
        music: "1: A4 B4 C5 D4 | 2: E4 F4 G4 A4 | 3: A4 B4 C4 D4",
        findings: &["notes.pitch competes → this, that"],
    },
    Row {
        case: "a passage transposed here, lengths and marks in it there",
        a: |a| a.transpose(1..=2, 1),
        b: |b| {
            b.staccato(1, 2);
            b.value(2, 1, NoteBase::Eighth);
        },
        music: "1: A4 B4' C5 D4 | 2: E4/8 r/8 F4 G4 A4 | 3: A4 B4 C4 D4",
        findings: &[],
    },
    Row {
        case: "a part taken out here, edited there",
        a: |a| {
            let (part, _) = a.score.parts()[0];
            a.commit(Edit::new(vec![Change::Remove(part.into())]));
        },
        b: |b| b.pitch(2, 2, "A5"),
        music: "1:  | 2:  | 3: ",
        findings: &["parts taken out, worked on → restore, leaveout"],
    },
    Row {
        case: "one title, two values",
        a: |a| a.commit(edit::set_header(HeaderField::Title("Blue".into()))),
        b: |b| b.commit(edit::set_header(HeaderField::Title("Green".into()))),
        music: BASE,
        findings: &["header.title competes → this, that"],
    },
    Row {
        case: "one rest filled by both, each in another rhythm",
        a: |a| {
            a.delete_note(2, 2);
            a.enter(2, 2, "C5", NoteBase::Quarter);
        },
        b: |b| {
            b.delete_note(2, 2);
            b.enter(2, 2, "E5", NoteBase::Eighth);
        },
        music: "1: G4 A4 B4 C4 | 2: D4 [C5 E5]/8 r/8 F4 G4 | 3: A4 B4 C4 D4",
        findings: &["events.time competes → this, that"],
    },
];

#[test]
fn what_musicians_get() {
    let mut wrong = Vec::new();
    for row in ROWS {
        let (one, _) = meet(row.a, row.b);
        let findings: Vec<String> = one.document.findings(&one.score).unwrap().iter().map(words).collect();
        if music(&one.score) != row.music || findings != row.findings {
            wrong.push(format!(
                "{}\n  wanted {}\n     got {}\n  wanted {:?}\n     got {findings:?}",
                row.case,
                row.music,
                music(&one.score),
                row.findings
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What one finding comes to when it is decided in one way.
struct Decided {
    case: &'static str,
    a: Work,
    b: Work,
    way: ResolutionKind,
    music: &'static str,
}

const DECIDED: &[Decided] = &[
    Decided {
        case: "the other pitch",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.pitch(2, 2, "C5"),
        way: ResolutionKind::Choose(1),
        music: "1: G4 A4 B4 C4 | 2: D4 F5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "the pitch that is there",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.pitch(2, 2, "C5"),
        way: ResolutionKind::Choose(0),
        music: "1: G4 A4 B4 C4 | 2: D4 C5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "the measure comes back where it was, with what was done to it",
        a: |a| a.delete_measure(2),
        b: |b| b.pitch(2, 2, "A5"),
        way: ResolutionKind::Restore,
        music: "1: G4 A4 B4 C4 | 2: D4 A5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "the measure stays away",
        a: |a| a.delete_measure(2),
        b: |b| b.pitch(2, 2, "A5"),
        way: ResolutionKind::LeaveOut,
        music: "1: G4 A4 B4 C4 | 2: A4 B4 C4 D4",
    },
    Decided {
        case: "the part comes back",
        a: |a| {
            let (part, _) = a.score.parts()[0];
            a.commit(Edit::new(vec![Change::Remove(part.into())]));
        },
        b: |b| b.pitch(2, 2, "A5"),
        way: ResolutionKind::Restore,
        music: "1: G4 A4 B4 C4 | 2: D4 A5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "what overlaps goes to another voice",
        a: |a| {
            a.empty(2);
            a.also(2, 1, "C5", Beat::QUARTER);
            a.also(2, 2, "D5", Beat::QUARTER);
        },
        b: |b| {
            b.empty(2);
            b.also(2, 1, "E5", Beat::new(1, 2));
        },
        way: ResolutionKind::Voice(2),
        music: "1: G4 A4 B4 C4 | 2: C5 D5 ; E5/2 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "what overlaps stays as it is",
        a: |a| {
            a.empty(2);
            a.also(2, 1, "C5", Beat::QUARTER);
            a.also(2, 2, "D5", Beat::QUARTER);
        },
        b: |b| {
            b.empty(2);
            b.also(2, 1, "E5", Beat::new(1, 2));
        },
        way: ResolutionKind::Keep,
        music: "1: G4 A4 B4 C4 | 2: C5 E5/2 D5 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "a rest gives way to notes",
        a: |a| {
            a.empty(2);
            a.also(2, 1, "C5", Beat::QUARTER);
        },
        b: |b| {
            b.empty(2);
            b.also(2, 1, "E5", Beat::QUARTER);
            b.delete_note(2, 1);
        },
        way: ResolutionKind::DropRests,
        music: "1: G4 A4 B4 C4 | 2: C5 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "the slur's end comes back",
        a: |a| a.slur((2, 1), (2, 3)),
        b: |b| b.delete_note(2, 3),
        way: ResolutionKind::Restore,
        music: "1: G4 A4 B4 C4 | 2: D4 E4 F4 G4 | 3: A4 B4 C4 D4 +1 slur",
    },
    Decided {
        case: "the slur goes",
        a: |a| a.slur((2, 1), (2, 3)),
        b: |b| b.delete_note(2, 3),
        way: ResolutionKind::RemoveLine,
        music: "1: G4 A4 B4 C4 | 2: D4 E4 r G4 | 3: A4 B4 C4 D4",
    },
    Decided {
        case: "measures are counted anew",
        a: |a| a.insert_measures(2, 1, "C5"),
        b: |b| b.insert_measures(2, 1, "E5"),
        way: ResolutionKind::Renumber,
        music: "1: G4 A4 B4 C4 | 2: E5/1 | 3: C5/1 | 4: D4 E4 F4 G4 | 5: A4 B4 C4 D4",
    },
];

#[test]
fn what_a_decision_comes_to() {
    for row in DECIDED {
        let (mut one, mut two) = meet(row.a, row.b);
        let merged = one.score.clone();
        let findings = one.document.findings(&one.score).unwrap();
        let resolution = findings.iter().flat_map(|finding| &finding.resolutions).find(|resolution| resolution.kind == row.way);
        one.commit(resolution.unwrap_or_else(|| panic!("{}: {findings:?}", row.case)).edit.clone());
        assert_eq!(music(&one.score), row.music, "{}", row.case);
        // It reaches the other, for whom it is decided as well.
        two.meet(&one, 0);
        assert_eq!(two.score, one.score, "{}", row.case);
        let left: Vec<String> = two.document.findings(&two.score).unwrap().iter().map(words).collect();
        assert_eq!(left, <[&str; 0]>::default(), "{}", row.case);
        one.undo();
        assert_eq!(one.score, merged, "{}: taken back", row.case);
    }
}

/// One works, the other meets that and works on, they meet again, and the first takes back.
struct Undone {
    case: &'static str,
    a: Work,
    b: Work,
    music: &'static str,
}

const UNDONE: &[Undone] = &[
    Undone {
        case: "a pitch, and a staccato on it",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.staccato(2, 2),
        music: "1: G4 A4 B4 C4 | 2: D4 E4' F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a pitch, and a later one of the other",
        a: |a| a.pitch(2, 2, "F5"),
        b: |b| b.pitch(2, 2, "C5"),
        music: "1: G4 A4 B4 C4 | 2: D4 C5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a passage transposed, and one note of it changed",
        a: |a| a.transpose(1..=2, 1),
        b: |b| b.pitch(2, 2, "C5"),
        music: "1: G4 A4 B4 C4 | 2: D4 C5 F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a measure put in, and a note written into it",
        a: |a| a.insert_measures(2, 1, "C5"),
        b: |b| b.voice_two(2, "A5"),
        music: "1: G4 A4 B4 C4 | 2: r/1 ; A5/1 | 3: D4 E4 F4 G4 | 4: A4 B4 C4 D4",
    },
    Undone {
        case: "a note added to a chord, and a staccato on the chord",
        a: |a| a.commit(edit::add_above(&a.score, Selection::Event(event(&a.score, 2, 1)), NoteId::from_raw(1), 2).unwrap()),
        b: |b| b.staccato(2, 1),
        music: "1: G4 A4 B4 C4 | 2: D4' E4 F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a note added to a chord, and its pitch changed",
        a: |a| a.commit(edit::add_above(&a.score, Selection::Event(event(&a.score, 2, 1)), NoteId::from_raw(1), 2).unwrap()),
        b: |b| b.set(NoteId::from_raw(1), Field::Note(NoteField::Pitch(NotePitch::Pitched(pitched("B5"))))),
        music: "1: G4 A4 B4 C4 | 2: [D4 B5] E4 F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a note taken out, and its neighbour changed",
        a: |a| a.delete_note(2, 2),
        b: |b| b.pitch(2, 1, "C5"),
        music: "1: G4 A4 B4 C4 | 2: C5 E4 F4 G4 | 3: A4 B4 C4 D4",
    },
    Undone {
        case: "a measure taken out, and the next one changed",
        a: |a| a.delete_measure(2),
        b: |b| b.pitch(2, 1, "C5"),
        music: "1: G4 A4 B4 C4 | 2: D4 E4 F4 G4 | 3: C5 B4 C4 D4",
    },
];

#[test]
fn undo_never_takes_back_anothers_work() {
    for row in UNDONE {
        let mut copies = Replica::copies(2, &score(3));
        let (mut b, mut a) = (copies.remove(1), copies.remove(0));
        (row.a)(&mut a);
        b.meet(&a, 0);
        (row.b)(&mut b);
        a.meet(&b, 0);
        let merged = a.score.clone();
        a.undo();
        assert_eq!(music(&a.score), row.music, "{}", row.case);
        let undone = a.score.clone();
        // What was taken back can be done again, and be taken back again.
        a.redo();
        assert_eq!(music(&a.score), music(&merged), "{}: done again", row.case);
        a.undo();
        assert_eq!(music(&a.score), music(&undone), "{}: taken back again", row.case);
        b.meet(&a, 0);
        assert_eq!(b.score, a.score, "{}", row.case);
        assert_eq!(b.document.findings(&b.score).unwrap(), [], "{}", row.case);
    }
}
