//! A score survives the way to ABC and back, as far as ABC can hold it.

mod corpora;

use bandpro_notation::export::abc::abc;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing::{self, EventLine};
use bandpro_notation::model::*;
use bandpro_notation::perform::timeline;

fn read(bytes: &[u8], name: &str) -> Score {
    import(bytes, &Limits::default(), &mut IdSource::fixed(7)).unwrap_or_else(|error| panic!("{name}: {error}")).score
}

/// What is equal after the way there and back: every note's part, measure, onset, length, staff, pitch, ties and words; the
/// lengths of measures and the order they are played in; chord symbols.
fn held(score: &Score) -> (Vec<EventLine>, Vec<(usize, Beat)>, Vec<String>) {
    let order = timeline(score).passages.iter().map(|passage| (passage.index, passage.length)).collect();
    let mut chords: Vec<String> = score
        .marks()
        .values()
        .filter_map(|mark| {
            if let MarkKind::Chord(chord) = &mark.kind { Some(format!("{:?} {:?} {:?}", chord.root, chord.kind, chord.bass)) } else { None }
        })
        .collect();
    chords.sort();
    (listing::events(score), order, chords)
}

fn survives(score: &Score, name: &str) {
    let written = abc(score);
    let text = String::from_utf8(written.bytes.clone()).unwrap();
    let back = read(&written.bytes, name);
    let ((before, order, chords), (after, order_after, chords_after)) = (held(score), held(&back));
    for (index, (a, b)) in before.iter().zip(&after).enumerate() {
        assert_eq!(a, b, "{name}: note {index}\n{text}");
    }
    assert_eq!(before.len(), after.len(), "{name}\n{text}");
    assert_eq!(order, order_after, "{name}\n{text}");
    assert_eq!(chords, chords_after, "{name}\n{text}");
}

#[test]
fn tunes_come_back_as_they_were() {
    survives(&read(include_bytes!("tunes/kesh.abc"), "kesh"), "kesh");
    survives(&read(include_bytes!("tunes/everything.abc"), "everything"), "everything");
}

/// D.S., D.C., coda and fine lead where they led.
#[test]
fn jumps_come_back() {
    for (name, tune) in [
        ("dal segno al coda", "CDEF|!segno!GABc|cBAG!tocoda!|FEDC!D.S.alcoda!|!coda!C4|]"),
        ("da capo al fine", "CDEF|GABc!fine!|cBAG|FEDC!D.C.alfine!|]"),
        ("dal segno", "CDEF|!segno!GABc|cBAG!fine!|FEDC!D.S.!|]"),
    ] {
        let score = read(format!("X:1\nL:1/4\nK:C\n{tune}\n").as_bytes(), name);
        let plain = score.measure_order().len();
        assert!(timeline(&score).passages.len() > plain, "{name}: it jumps");
        survives(&score, name);
    }
}

#[test]
fn what_abc_cannot_hold_is_listed() {
    let tune = b"X:1\nL:1/4\nK:C\n!style=x!C !trill(!D !trill)!E F|\n";
    let lost = abc(&read(tune, "lost")).lost;
    let lines: Vec<&str> = lost.iter().map(|lost| lost.what.as_str()).collect();
    assert_eq!(lines, ["lines other than slurs and hairpins", "shapes of noteheads"]);
}

/// Of the songs, at least 99 of 100 notes come back exactly; what does not is a chord of unequal notes, a note on another staff
/// than its chord, or music that overlaps in one voice, which the export lists.
#[test]
fn songs_come_back() {
    let (mut right, mut all) = (0_usize, 0_usize);
    for path in corpora::files("lieder").iter().step_by(6) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let score = read(&std::fs::read(path).unwrap(), &name);
        let back = read(&abc(&score).bytes, &name);
        let key = |line: &EventLine| {
            format!("{} {} {} {} {} {:?} {}", line.part, line.measure, line.onset, line.duration, line.staff, line.pitch, line.grace)
        };
        let mut after: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
        listing::events(&back).iter().for_each(|line| *after.entry(key(line)).or_default() += 1);
        for line in listing::events(&score) {
            all += 1;
            if let Some(count) = after.get_mut(&key(&line)).filter(|count| **count > 0) {
                *count -= 1;
                right += 1;
            }
        }
    }
    if all > 0 {
        let share = right as f64 / all as f64;
        eprintln!("{right} of {all} notes: {share:.4}");
        assert!(share >= 0.99, "{share}");
    }
}
