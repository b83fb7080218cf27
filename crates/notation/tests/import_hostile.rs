//! Whatever the bytes are, an import gives a score or an error; and whatever score comes of it can be listed, written, and
//! read again.

use bandpro_notation::export::musicxml::musicxml;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing;
use bandpro_notation::model::IdSource;
use proptest::prelude::*;

/// One of everything, so that a mutation has something to hit.
const SEED: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE score-partwise PUBLIC "-//Recordare//DTD MusicXML 4.0 Partwise//EN" "http://www.musicxml.org/dtds/partwise.dtd">
<score-partwise version="4.0"><work><work-title>T</work-title></work>
<identification><creator type="composer">C</creator></identification>
<defaults><scaling><millimeters>7</millimeters><tenths>40</tenths></scaling><page-layout><page-height>1500</page-height>
<page-width>1000</page-width></page-layout></defaults><credit page="1"><credit-words justify="center">W</credit-words></credit>
<part-list><part-group number="1" type="start"><group-symbol>brace</group-symbol></part-group>
<score-part id="P1"><part-name>A</part-name><score-instrument id="I1"><instrument-name>X</instrument-name></score-instrument>
<midi-instrument id="I1"><midi-channel>10</midi-channel><midi-program>1</midi-program></midi-instrument></score-part>
<part-group number="1" type="stop"/></part-list>
<part id="P1"><measure number="1" implicit="no"><print new-system="yes"/><attributes><divisions>6</divisions><key><fifths>-3</fifths></key>
<time><beats>3+2</beats><beat-type>8</beat-type></time><staves>2</staves><clef number="1"><sign>G</sign><line>2</line></clef>
<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>
<direction placement="above"><direction-type><metronome><beat-unit>quarter</beat-unit><per-minute>90</per-minute></metronome></direction-type>
<offset>3</offset><staff>1</staff><sound tempo="90" dacapo="yes"/></direction>
<direction><direction-type><wedge type="crescendo" number="1"/></direction-type></direction>
<direction><direction-type><octave-shift type="down" size="8"/></direction-type></direction>
<harmony><root><root-step>C</root-step></root><kind text="7">dominant</kind><degree><degree-value>9</degree-value>
<degree-alter>-1</degree-alter><degree-type>add</degree-type></degree></harmony>
<note><grace slash="yes"/><pitch><step>D</step><alter>-1</alter><octave>5</octave></pitch><voice>1</voice><type>16th</type></note>
<note><pitch><step>F</step><alter>0.5</alter><octave>4</octave></pitch><duration>2</duration><tie type="start"/><voice>1</voice>
<type>eighth</type><dot/><accidental cautionary="yes">quarter-sharp</accidental><time-modification><actual-notes>3</actual-notes>
<normal-notes>2</normal-notes></time-modification><stem>up</stem><notehead>x</notehead><staff>1</staff><beam number="1">begin</beam>
<notations><slur type="start" number="1"/><tuplet type="start" number="1"/><articulations><staccato/></articulations>
<ornaments><tremolo type="single">3</tremolo></ornaments><technical><fingering>3</fingering></technical><fermata/></notations>
<lyric number="1"><syllabic>begin</syllabic><text>la</text><elision>_</elision><text>le</text><extend/></lyric></note>
<note><chord/><pitch><step>A</step><octave>4</octave></pitch><duration>4</duration><voice>1</voice><staff>2</staff></note>
<note><rest measure="yes"/><duration>4</duration><voice>1</voice><notations><tuplet type="stop"/><slur type="stop"/></notations></note>
<backup><duration>6</duration></backup><forward><duration>2</duration></forward>
<note><unpitched><display-step>E</display-step><display-octave>4</display-octave></unpitched><duration>2</duration><instrument id="I1"/><voice>x</voice></note>
<direction><direction-type><wedge type="stop"/></direction-type><direction-type><octave-shift type="stop"/></direction-type></direction>
<barline location="right"><bar-style>light-heavy</bar-style><ending number="1" type="stop"/><repeat direction="backward" times="3"/></barline>
</measure><measure number="2"><note><rest/><duration>15</duration></note></measure></part></score-partwise>"#;

const LIMITS: Limits =
    Limits { bytes: 1 << 20, expanded_bytes: 1 << 20, depth: 40, elements: 10_000, parts: 20, measures: 50, notes: 500, marks: 2_000 };

/// Reads; and where that gives a score, uses it in every way this crate's text formats do.
fn survives(bytes: &[u8]) {
    if let Ok(imported) = import(bytes, &LIMITS, &mut IdSource::fixed(5)) {
        let lines = listing::events(&imported.score);
        let written = musicxml(&imported.score);
        let again = import(&written.bytes, &Limits::default(), &mut IdSource::fixed(5)).expect("what was written can be read");
        if written.lost.is_empty() {
            assert_eq!(listing::events(&again.score), lines);
        }
    }
}

#[test]
fn the_seed_itself_is_read_without_loss() {
    let imported = import(SEED.as_bytes(), &LIMITS, &mut IdSource::fixed(5)).unwrap();
    assert_eq!(listing::events(&imported.score).len(), 4);
    assert!(imported.report.is_empty(), "{:?}", imported.report);
    survives(SEED.as_bytes());
}

#[test]
fn every_truncation_is_survived() {
    for end in 0..SEED.len() {
        survives(&SEED.as_bytes()[..end]);
    }
}

/// The text between two tags, at a place, exchanged.
fn with_value(at: usize, value: &str) -> String {
    let starts: Vec<usize> = SEED.match_indices('>').map(|(at, _)| at + 1).filter(|at| !SEED[*at..].starts_with(['<', '\n'])).collect();
    let start = starts[at % starts.len()];
    let end = start + SEED[start..].find('<').unwrap_or(0);
    format!("{}{value}{}", &SEED[..start], &SEED[end..])
}

/// A whole element, at a place, taken out or doubled.
fn with_element(at: usize, times: usize) -> String {
    let starts: Vec<usize> = SEED.match_indices('<').map(|(at, _)| at).filter(|at| !SEED[*at..].starts_with("</")).collect();
    let start = starts[at % starts.len()];
    let name: String = SEED[start + 1..].chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
    let tag_end = start + SEED[start..].find('>').unwrap_or(0) + 1;
    let end = if SEED[..tag_end].ends_with("/>") {
        tag_end
    } else {
        let close = format!("</{name}>");
        tag_end + SEED[tag_end..].find(&close).map_or(0, |at| at + close.len())
    };
    format!("{}{}{}", &SEED[..start], SEED[start..end].repeat(times), &SEED[end..])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes(changes in proptest::collection::vec((0..SEED.len(), any::<u8>()), 1..8)) {
        let mut bytes = SEED.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        survives(&bytes);
    }

    #[test]
    fn changed_values(at in any::<usize>(), value in "(-?[0-9]{1,14}(\\.[0-9]{1,9})?|[A-Ga-z]{0,6}|[ -%'-;=?-~é♯𝄞]{0,8})") {
        survives(with_value(at, &value).as_bytes());
    }

    #[test]
    fn missing_and_repeated_elements(at in any::<usize>(), times in 0_usize..4) {
        survives(with_element(at, times).as_bytes());
    }

    #[test]
    fn nonsense(bytes in proptest::collection::vec(any::<u8>(), 0..200), start in 0_usize..5) {
        let starts: [&[u8]; 5] = [b"", b"<score-partwise>", b"PK\x03\x04", b"\xff\xfe<\0", b"<?xml version='1.0' encoding='UTF-16'?>"];
        survives(&[starts[start], &bytes].concat());
    }
}
