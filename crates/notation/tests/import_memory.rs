//! How much memory an import takes at its largest, as a multiple of its XML text.

use std::path::Path;

use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

/// What `docs/music.md` promises.
const MOST: u64 = 48;

fn held(text: &[u8]) -> (u64, usize) {
    let mut events = 0;
    let counted = allocation_counter::measure(|| {
        let imported = import(text, &Limits::default(), &mut IdSource::fixed(1)).expect("a score");
        events = imported.score.events().len();
    });
    (counted.bytes_max, events)
}

fn check(name: &str, text: &[u8]) {
    let (most, events) = held(text);
    assert!(events > 0, "{name}");
    let multiple = most as f64 / text.len() as f64;
    println!("{name}: {} bytes of XML, {multiple:.1} times that in memory", text.len());
    assert!(most <= MOST * text.len() as u64, "{name}: {multiple:.1} times its text");
}

/// Notes as short as they can be written, so that the records weigh most against the text.
#[test]
fn terse_notes() {
    let note = "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>";
    let measure = format!("<measure>{}</measure>", note.repeat(64));
    let text = format!(
        "<score-partwise><part-list><score-part id='P1'/></part-list><part id='P1'>{}</part></score-partwise>",
        measure.repeat(800)
    );
    check("terse notes", text.as_bytes());
}

/// The shortest notes there are: rests without anything.
#[test]
fn nothing_but_notes() {
    let measure = format!("<measure>{}</measure>", "<note/>".repeat(1000));
    let text = format!(
        "<score-partwise><part-list><score-part id='P1'/></part-list><part id='P1'>{}</part></score-partwise>",
        measure.repeat(300)
    );
    check("nothing but notes", text.as_bytes());
}

/// Signs as short as they can be written, wrong as they are.
#[test]
fn nothing_but_signs() {
    let measure = format!("<measure><attributes>{}</attributes><note/></measure>", "<key/>".repeat(5000));
    let text =
        format!("<score-partwise><part-list><score-part id='P1'/></part-list><part id='P1'>{}</part></score-partwise>", measure.repeat(40));
    check("nothing but signs", text.as_bytes());
}

/// Marks as short as they can be written.
#[test]
fn terse_marks() {
    let marks = "<doit/>".repeat(64);
    let note = format!(
        "<note><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration><notations><articulations>{marks}</articulations></notations></note>"
    );
    let measure = format!("<measure>{}</measure>", note.repeat(16));
    let text = format!(
        "<score-partwise><part-list><score-part id='P1'/></part-list><part id='P1'>{}</part></score-partwise>",
        measure.repeat(200)
    );
    check("terse marks", text.as_bytes());
}

#[test]
fn an_orchestral_movement() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora/orchestra/Beethoven_Ludwig_van_Symphony_No_5_Op_67_1.mxl");
    let Ok(archive) = std::fs::read(file) else { return eprintln!("skipped: ../shared is absent") };
    let imported = import(&archive, &Limits::default(), &mut IdSource::fixed(1)).expect("a score");
    let text = bandpro_notation::export::musicxml::musicxml(&imported.score).bytes;
    check("Beethoven", &text);
}
