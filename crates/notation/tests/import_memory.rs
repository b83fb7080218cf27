//! How much memory an import takes at its largest, as a multiple of its file; of MusicXML, of its XML text.

use std::path::Path;

use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

/// What `docs/music.md` promises. A letter is a note in ABC and two messages of three bytes are one in MIDI; a note in MusicXML takes a
/// line.
const MOST: u64 = 48;
const MOST_OF_ABC: u64 = 1000;
const MOST_OF_MIDI: u64 = 200;

/// And this for every measure of every part, since a sign of ABC, or a silence in a MIDI file, can stand for many.
const MOST_OF_A_MEASURE: u64 = 1000;

fn held(text: &[u8]) -> (u64, usize, usize) {
    let (mut events, mut measures) = (0, 0);
    let counted = allocation_counter::measure(|| {
        let imported = import(text, &Limits::default(), &mut IdSource::fixed(1)).expect("a score");
        events = imported.score.events().len();
        measures = imported.score.measure_order().len() * imported.score.parts().len();
    });
    (counted.bytes_max, events, measures)
}

fn check(name: &str, text: &[u8]) {
    let (most, events, _) = held(text);
    assert!(events > 0, "{name}");
    let multiple = most as f64 / text.len() as f64;
    println!("{name}: {} bytes of XML, {multiple:.1} times that in memory", text.len());
    assert!(most <= MOST * text.len() as u64, "{name}: {multiple:.1} times its text");
}

fn check_terse(name: &str, file: &[u8], most: u64) {
    let (held, events, measures) = held(file);
    assert!(events > 0, "{name}");
    let multiple = held as f64 / file.len() as f64;
    println!("{name}: {} bytes, {events} chords and rests, {multiple:.1} times the file in memory", file.len());
    let allowed = most * file.len() as u64 + MOST_OF_A_MEASURE * measures as u64;
    assert!(held <= allowed, "{name}: {held} bytes held, {allowed} promised");
}

fn tune(body: &str) -> Vec<u8> {
    format!("X:1\nM:4/4\nL:1/4\nK:C\n{body}\n").into_bytes()
}

#[test]
fn terse_abc() {
    let lines = |bar: &str| format!("{}\n", bar.repeat(20)).repeat(500);
    for (name, bar) in [("notes", "CCCC|"), ("rests", "zzzz|"), ("chords", "[CEG]4|"), ("grace notes", "{cccc}C4|"), ("marks", "...C4|")] {
        check_terse(&format!("ABC of {name}"), &tune(&lines(bar)), MOST_OF_ABC);
    }
    check_terse("ABC without barlines", &tune(&"C".repeat(100_000)), MOST_OF_ABC);
    check_terse("ABC with words", &tune(&"CCCC|CCCC|\nw:a a a a a a a a\n".repeat(4000)), MOST_OF_ABC);
    check_terse("ABC of many voices", &tune(&(1..=60).map(|voice| format!("V:{voice}\nZ5000|\n")).collect::<String>()), MOST_OF_ABC);
}

/// A MIDI file of one track for each list of messages, 96 ticks in a quarter note.
fn midi_file(tracks: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"MThd\0\0\0\x06\0\x01".to_vec();
    file.extend((tracks.len() as u16).to_be_bytes());
    file.extend([0, 96]);
    for messages in tracks {
        let ended: Vec<u8> = [messages.as_slice(), &[0, 0xff, 0x2f, 0]].concat();
        file.extend(b"MTrk");
        file.extend((ended.len() as u32).to_be_bytes());
        file.extend(ended);
    }
    file
}

#[test]
fn terse_midi() {
    // Running status: a note is two messages of three bytes.
    let notes = [&[0, 0x90, 60, 1, 96, 60, 0], [0, 62, 1, 96, 62, 0].repeat(50_000).as_slice()].concat();
    check_terse("MIDI of quarter notes", &midi_file(&[notes]), MOST_OF_MIDI);
    let chords: Vec<u8> = (0..500)
        .flat_map(|_| (30..100).flat_map(|key| [0, 0x90, key, 1]).chain((30..100).flat_map(|key| [u8::from(key == 30) * 96, 0x90, key, 0])))
        .collect();
    check_terse("MIDI of chords", &midi_file(&[chords]), MOST_OF_MIDI);
    let shaken: Vec<u8> = (0..40_000_u32)
        .flat_map(|n| [(n * 7 % 11) as u8, 0x90, 40 + (n * 31 % 50) as u8, 1, 5 + (n % 3) as u8, 0x90, 40 + (n * 31 % 50) as u8, 0])
        .collect();
    check_terse("MIDI that was played badly", &midi_file(&[shaken]), MOST_OF_MIDI);
    let lyrics: Vec<u8> = (0..10_000).flat_map(|_| [0, 0xff, 5, 1, b'a', 0, 0x90, 60, 1, 96, 0x90, 60, 0]).collect();
    check_terse("MIDI with words", &midi_file(&[lyrics]), MOST_OF_MIDI);
    // One note in each of many tracks, and an hour before it.
    let far = vec![0xc0, 0x80, 0x00, 0x90, 60, 1, 96, 60, 0];
    check_terse("MIDI of silence", &midi_file(&vec![far; 60]), MOST_OF_MIDI);
}

/// Two million notes that start at once and never end are refused or read; they are not pondered for hours.
#[test]
fn many_notes_at_once() {
    let at_once: Vec<u8> = [&[0, 0x90, 60, 1], [0, 60, 1].repeat(60_000).as_slice()].concat();
    check_terse("MIDI of one key", &midi_file(&[at_once]), MOST_OF_MIDI);
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
