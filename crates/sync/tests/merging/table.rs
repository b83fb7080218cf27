//! What musicians get, one row a case, in the words of [`crate::words`].

use bandpro_notation::edit::{self, Change, Edit, Selection};
use bandpro_notation::model::*;
use bandpro_sync::document::{Finding, ResolutionKind};

use crate::common::replica::Replica;
use crate::common::score;
use crate::words::*;

struct Row {
    case: &'static str,
    a: Work,
    b: Work,
    /// Some measures, as they read then.
    music: &'static str,
    findings: &'static [&'static str],
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
        // Taken back, it is to be decided again, by both; and so after any number of times.
        let before: Vec<String> = findings.iter().map(words).collect();
        for turn in 0..3 {
            one.undo();
            two.meet(&one, turn);
            assert_eq!(one.score, merged, "{}: taken back", row.case);
            for device in [&one, &two] {
                let found = device.document.findings(&device.score).unwrap();
                assert_eq!(found.iter().map(words).collect::<Vec<_>>(), before, "{}: to be decided again", row.case);
                assert_eq!(found.iter().map(Finding::id).collect::<Vec<_>>(), findings.iter().map(Finding::id).collect::<Vec<_>>());
            }
            one.redo();
            two.meet(&one, turn);
            assert_eq!(two.document.findings(&two.score).unwrap(), [], "{}: decided again", row.case);
        }
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
