//! Every way in which a file can be refused, with its place; and files that are odd but are read.

use std::io::{Cursor, Write};

use bandpro_notation::import::{Bound, ImportError, Imported, Limits, ReportKind, TextPlace, import};
use bandpro_notation::listing::{self, EventLine};
use bandpro_notation::model::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    import(bytes, &Limits::default(), &mut IdSource::fixed(3))
}

fn limited(text: &str, limits: Limits) -> ImportError {
    import(text.as_bytes(), &limits, &mut IdSource::fixed(3)).unwrap_err()
}

/// A score of one part whose measures have these contents.
fn score_of(measures: &[&str]) -> String {
    let measures: String = measures.iter().enumerate().map(|(at, m)| format!("<measure number='{}'>{m}</measure>\n", at + 1)).collect();
    format!(
        "<?xml version='1.0'?>\n<score-partwise version='4.0'><part-list><score-part id='P1'><part-name>A</part-name></score-part>\
         </part-list>\n<part id='P1'>\n{measures}</part></score-partwise>\n"
    )
}

fn notes(text: &str) -> Vec<EventLine> {
    listing::events(&read(text.as_bytes()).unwrap().score)
}

fn note(step: &str, duration: &str) -> String {
    format!("<note><pitch><step>{step}</step><octave>4</octave></pitch><duration>{duration}</duration><voice>1</voice></note>")
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const CONTAINER: &[u8] = b"<container><rootfiles><rootfile full-path='a/score.xml'/><rootfile full-path='b.pdf'/></rootfiles></container>";

fn place(line: u32, column: u32) -> Option<TextPlace> {
    Some(TextPlace { line, column })
}

#[test]
fn what_is_no_score_is_told_apart() {
    assert_eq!(read(b"").unwrap_err(), ImportError::Empty);
    for bytes in [&b"Dear band, see you on Monday."[..], b"\x89PNG\r\n\x1a\n\0\0", b"%PDF-1.7", b"   ", b"\xef\xbb\xbf", b"\xff\xfe"] {
        assert_eq!(read(bytes).unwrap_err(), ImportError::NotXml, "{bytes:?}");
    }
    assert!(matches!(read(b"MThd\0\0\0\x06").unwrap_err(), ImportError::Midi { .. }));
    for root in ["opus", "mei", "html", "museScore", "score"] {
        let error = read(format!("<?xml version='1.0'?>\n  <{root}><a/></{root}>").as_bytes()).unwrap_err();
        assert!(matches!(&error, ImportError::NotMusicXml { root: found, .. } if found == root), "{error}");
        assert_eq!(error.place(), place(2, 3));
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn a_file_that_is_cut_off_says_so_wherever_it_ends() {
    let whole = score_of(&[&note("C", "1"), &note("D", "1")]);
    let whole = whole.trim_end();
    for end in 30..whole.len() - 1 {
        if !whole.is_char_boundary(end) {
            continue;
        }
        let error = read(&whole.as_bytes()[..end]).expect_err("a part of a document");
        assert!(matches!(error, ImportError::Truncated { .. } | ImportError::NotXml), "{end}: {error}");
        if end > 60 {
            assert_eq!(
                error.place(),
                Some(TextPlace {
                    line: whole[..end].matches('\n').count() as u32 + 1,
                    column: (end - whole[..end].rfind('\n').unwrap()) as u32
                })
            );
        }
    }
}

#[test]
fn malformed_xml_has_its_place() {
    let cases: [(&str, Option<TextPlace>); 8] = [
        ("<score-partwise>\n <part-list>\n</part></score-partwise>", place(3, 1)),
        ("<score-partwise>\n é &nope; </score-partwise>", place(2, 4)),
        ("<score-partwise>\n<a b=c/></score-partwise>", place(2, 1)),
        ("<score-partwise>\n<a b='1' b='2'/></score-partwise>", place(2, 1)),
        ("<score-partwise/>\n<score-partwise/>", place(2, 1)),
        ("<score-partwise/>\n  text", place(2, 3)),
        ("<score-partwise>\n&#0;</score-partwise>", place(2, 1)),
        ("<score-partwise>\n< a/></score-partwise>", place(2, 1)),
    ];
    for (text, expected) in cases {
        let error = read(text.as_bytes()).unwrap_err();
        assert!(matches!(error, ImportError::Malformed { .. }), "{text}: {error}");
        assert_eq!(error.place(), expected, "{text}: {error}");
    }
}

#[test]
fn entities_are_never_expanded() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE score-partwise [\n <!ENTITY a 'aaaaaaaaaa'>\n <!ENTITY b '&a;&a;&a;&a;'>\n]>\n<score-partwise>&b;</score-partwise>";
    assert_eq!(read(bomb.as_bytes()).unwrap_err(), ImportError::EntityDefinition { place: TextPlace { line: 3, column: 2 } });
    let outside = "<!DOCTYPE score-partwise [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><score-partwise>&x;</score-partwise>";
    assert!(matches!(read(outside.as_bytes()).unwrap_err(), ImportError::EntityDefinition { .. }));
    // A declaration that only names its DTD, or declares attributes, is harmless.
    let plain = score_of(&[]).replacen(
        "<score",
        "<!DOCTYPE score-partwise PUBLIC 'x' 'http://localhost/none.dtd' [<!ATTLIST a b CDATA #IMPLIED>]>\n<score",
        1,
    );
    assert!(read(plain.as_bytes()).is_ok());
    let title =
        score_of(&[]).replacen("<part-list>", "<movement-title>A &amp; B &#233; &lt;C&gt;<![CDATA[ & D]]></movement-title><part-list>", 1);
    assert_eq!(read(title.as_bytes()).unwrap().score.header().title, "A & B é <C> & D");
}

#[test]
fn every_bound_ends_in_its_own_error() {
    let text = score_of(&[&note("C", "1"), &note("D", "1"), &note("E", "1")]);
    let bound = |limits| match limited(&text, limits) {
        ImportError::TooLarge { bound, .. } => bound,
        other => panic!("{other}"),
    };
    let defaults = Limits::default();
    assert_eq!(bound(Limits { bytes: 10, ..defaults }), Bound::Bytes);
    assert_eq!(bound(Limits { depth: 4, ..defaults }), Bound::Depth);
    assert_eq!(bound(Limits { elements: 3, ..defaults }), Bound::Elements);
    assert_eq!(bound(Limits { parts: 0, ..defaults }), Bound::Parts);
    assert_eq!(bound(Limits { measures: 2, ..defaults }), Bound::Measures);
    assert_eq!(bound(Limits { notes: 2, ..defaults }), Bound::Notes);
    let lyric = "<lyric><text>a</text></lyric>";
    let sung = text.replacen("</note>", &format!("{lyric}</note>"), 1);
    assert!(matches!(limited(&sung, Limits { marks: 0, ..defaults }), ImportError::TooLarge { bound: Bound::Marks, .. }));
    let error = limited(&text, Limits { measures: 2, ..defaults });
    assert_eq!(error.place(), place(6, 1));
    let deep = format!("<score-partwise>{}", "<a>".repeat(100_000));
    assert!(matches!(limited(&deep, defaults), ImportError::TooLarge { bound: Bound::Depth, .. }));
}

#[test]
fn archives_are_read_and_their_faults_are_named() {
    let text = score_of(&[&note("C", "4")]);
    let good = archive(&[("META-INF/container.xml", CONTAINER), ("a/score.xml", text.as_bytes()), ("b.pdf", b"%PDF")]);
    assert_eq!(listing::events(&read(&good).unwrap().score).len(), 1);
    // Without a container the only score in the archive is meant.
    assert!(read(&archive(&[("song.xml", text.as_bytes())])).is_ok());
    assert!(matches!(read(&archive(&[("a.xml", b"<a/>"), ("b.xml", b"<b/>")])), Err(ImportError::NoScoreInArchive { .. })));

    let missing = archive(&[("META-INF/container.xml", CONTAINER)]);
    assert_eq!(read(&missing).unwrap_err().entry(), Some("a/score.xml"));
    assert!(matches!(read(&archive(&[("notes.txt", b"hello")])), Err(ImportError::NoScoreInArchive { .. })));
    for end in [4, good.len() / 2, good.len() - 1] {
        assert!(matches!(read(&good[..end]), Err(ImportError::Archive { .. })), "{end}");
    }
    let wrong = archive(&[("META-INF/container.xml", CONTAINER), ("a/score.xml", b"<score-partwise>\n<a></b></score-partwise>")]);
    assert_eq!(read(&wrong).unwrap_err().place(), place(2, 4));
}

#[test]
fn a_zip_bomb_stops_at_the_bound_whatever_it_declares() {
    let spaces = vec![b' '; 5_000_000];
    let mut bomb = archive(&[("META-INF/container.xml", CONTAINER), ("a/score.xml", &spaces)]);
    assert!(bomb.len() < 20_000);
    let limits = Limits { expanded_bytes: 1_000_000, ..Limits::default() };
    let expected = ImportError::ZipBomb { entry: "a/score.xml".into(), max: 1_000_000 };
    assert_eq!(import(&bomb, &limits, &mut IdSource::fixed(1)).unwrap_err(), expected);
    // The same, with every declared size of five million replaced by a hundred.
    let declared = 5_000_000_u32.to_le_bytes();
    let places: Vec<usize> = bomb.windows(4).enumerate().filter(|(_, bytes)| *bytes == declared).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bomb[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let error = import(&bomb, &limits, &mut IdSource::fixed(1)).unwrap_err();
    assert!(matches!(error, ImportError::ZipBomb { .. } | ImportError::Archive { .. } | ImportError::NotXml), "{error}");
}

#[test]
fn durations_that_make_no_sense_do_no_harm() {
    let odd = ["0", "-4", "", "x", "0.5", "1e9", "99999999999999999999", "1/2", "NaN"];
    let measure: String = odd.iter().map(|duration| note("C", duration)).collect();
    let back = "<backup><duration>1000000</duration></backup>";
    let text = score_of(&[&format!("<attributes><divisions>2</divisions></attributes>{measure}{back}{}", note("E", "2"))]);
    let imported = read(text.as_bytes()).unwrap();
    let lines = listing::events(&imported.score);
    assert_eq!(lines.len(), odd.len() + 1);
    let last = lines.iter().find(|line| line.pitch.as_deref() == Some("E4")).unwrap();
    assert_eq!((last.onset, last.duration), (Beat::ZERO, Beat::QUARTER));
    let invalid = imported.report.iter().find(|line| line.what == "note/duration").unwrap();
    assert_eq!((invalid.kind, invalid.place.measure, invalid.place.part), (ReportKind::Invalid, Some(1), Some(1)));
    for divisions in ["0", "-1", "x", "", "0.0"] {
        let text = score_of(&[&format!("<attributes><divisions>{divisions}</divisions></attributes>{}", note("C", "4"))]);
        assert_eq!(notes(&text)[0].duration, Beat::WHOLE, "{divisions}");
    }
    let text = score_of(&[&format!("<attributes><divisions>0.5</divisions></attributes>{}", note("C", "1"))]);
    assert_eq!(notes(&text)[0].duration, Beat::new(1, 2));
}

#[test]
fn timewise_is_read_as_partwise() {
    let part = |id: &str, step: &str| format!("<part id='{id}'>{}</part>", note(step, "4"));
    let measure =
        |number: u8, steps: [&str; 2]| format!("<measure number='{number}'>{}{}</measure>", part("B", steps[1]), part("A", steps[0]));
    let text = format!(
        "<score-timewise><part-list><score-part id='A'><part-name/></score-part><score-part id='B'><part-name/></score-part></part-list>{}{}</score-timewise>",
        measure(1, ["C", "D"]),
        measure(2, ["E", "F"])
    );
    let found: Vec<_> = notes(&text).into_iter().map(|line| (line.part, line.measure, line.pitch.unwrap())).collect();
    let expected = [(0, 0, "C4"), (0, 1, "E4"), (1, 0, "D4"), (1, 1, "F4")];
    assert_eq!(found, expected.map(|(part, measure, pitch)| (part, measure, pitch.to_owned())));
}

#[test]
fn namespaces_and_encodings_make_no_difference() {
    let plain = score_of(&[&note("C", "4")]).replace(">A<", ">Flöte<");
    let wide: Vec<u8> = [0xff_u8, 0xfe].into_iter().chain(plain.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let latin: Vec<u8> = plain.replace("version='1.0'", "version='1.0' encoding='ISO-8859-1'").chars().map(|c| c as u32 as u8).collect();
    for bytes in [plain.clone().into_bytes(), wide, latin] {
        let score = read(&bytes).unwrap().score;
        assert_eq!(score.parts()[0].1.name, "Flöte");
        assert_eq!(listing::events(&score), notes(&plain));
    }
    let prefixed = plain.replace("</", "\u{1}").replace('<', "<m:").replace('\u{1}', "</m:").replace("<m:?", "<?");
    assert_eq!(notes(&prefixed), notes(&plain));
}

#[test]
fn what_is_absurdly_much_of_one_thing_is_cut_and_said() {
    let words = "<direction><direction-type><words>x</words></direction-type></direction>".repeat(60_000);
    let imported = read(score_of(&[&words]).as_bytes()).unwrap();
    assert_eq!(imported.score.marks().len(), 50_000);
    let cut = imported.report.iter().find(|line| line.what.contains("more than can be attached")).unwrap();
    assert_eq!(cut.times, 10_000);

    let tone = "<note><chord/><pitch><step>C</step><octave>4</octave></pitch><duration>1</duration></note>";
    let chord = format!("{}{}", note("C", "1"), tone.repeat(2_500));
    let imported = read(score_of(&[&chord]).as_bytes()).unwrap();
    assert_eq!((imported.score.notes().len(), imported.score.events().len()), (2_501, 3));
    assert!(listing::events(&imported.score).iter().all(|line| line.onset == Beat::ZERO));
}
