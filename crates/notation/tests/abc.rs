//! ABC 2.1, read.

use bandpro_notation::import::{Bound, FileKind, ImportError, Imported, Limits, ReportKind, TextPlace, import, import_all};
use bandpro_notation::model::*;
use bandpro_notation::perform::timeline;

fn read(text: &str) -> Imported {
    import(text.as_bytes(), &Limits::default(), &mut IdSource::fixed(9)).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A tune of music alone: 4/4, eighths, C major.
fn tune(music: &str) -> Imported {
    read(&format!("X:1\nL:1/8\nM:4/4\nK:C\n{music}\n"))
}

/// The events of a part as text: measures separated by `|`, each event as its pitches and its length in eighths, `~` before a
/// pitch that is tied from before, `g` before a grace note, `z` for a rest; other voices after `&`.
fn written(score: &Score, part: usize) -> String {
    let (part, _) = score.parts()[part];
    let measure = |id: MeasureId| {
        let mut voices: std::collections::BTreeMap<u8, Vec<String>> = std::collections::BTreeMap::new();
        for (id, event) in score.events_in(id, part) {
            let pitch = |note: &Note| format!("{}{}", if note.tie_previous { "~" } else { "" }, name(note));
            let notes: Vec<String> = score.notes_of(id).iter().map(|(_, note)| pitch(note)).collect();
            let notes = if notes.is_empty() { "z".to_owned() } else { notes.join("+") };
            let length = event.time.duration.scale(8, 1);
            let length = if length.denominator() == 1 { length.numerator().to_string() } else { length.to_string() };
            let text = if event.grace.is_some() { format!("g{notes}") } else { format!("{notes}:{length}") };
            voices.entry(event.voice).or_default().push(text);
        }
        voices.into_values().map(|events| events.join(" ")).collect::<Vec<_>>().join(" & ")
    };
    score.measure_order().iter().map(|id| measure(*id)).collect::<Vec<_>>().join(" | ")
}

fn name(note: &Note) -> String {
    match note.pitch {
        NotePitch::Pitched(pitch) => pitch.to_string(),
        NotePitch::Unpitched(at) => format!("?{}", at.map_or(0, StaffPosition::diatonic)),
    }
}

fn events(music: &str) -> String {
    let imported = tune(music);
    assert_eq!(imported.report, [], "{music}");
    written(&imported.score, 0)
}

/// What the report of a tune says, without its place.
fn complaints(music: &str) -> Vec<String> {
    tune(music).report.into_iter().map(|line| line.what).collect()
}

fn measures(score: &Score) -> Vec<&Measure> {
    score.measures().map(|(_, measure)| measure).collect()
}

fn marks(score: &Score) -> Vec<MarkKind> {
    score.marks().values().map(|mark| mark.kind.clone()).collect()
}

#[test]
fn octaves_accidentals_and_lengths() {
    assert_eq!(events("C,CcC'c'c''"), "C3:1 C4:1 C5:1 C5:1 C6:1 C7:1");
    assert_eq!(events("A A2 A/2 A/ A// A3/2 A/4"), "A4:1 A4:2 A4:1/2 A4:1/2 A4:1/4 A4:3/2 A4:1/4");
    // An accidental reaches to the end of its measure, in every octave.
    assert_eq!(events("^F f =f F|F _B^^c"), "F#4:1 F#5:1 F5:1 F4:1 | F4:1 Bb4:1 C##5:1");
    assert_eq!(events("I:linebreak $\n^F f"), "F#4:1 F#5:1");
    assert_eq!(events("[I:propagate-accidentals octave]^F f F"), "F#4:1 F5:1 F#4:1");
    assert_eq!(events("[I:propagate-accidentals not]^F F"), "F#4:1 F4:1");
    assert_eq!(events("^/F _3/2B"), "F(1/2)4:1 B(-3/2)4:1");
    // A length that is no note value is tied together.
    assert_eq!(events("A5 z3"), "A4:4 ~A4:1 z:3");
}

#[test]
fn rhythm() {
    assert_eq!(events("A>B c<d e>>f g>>>a"), "A4:3/2 B4:1/2 C5:1/2 D5:3/2 E5:7/4 F5:1/4 G5:15/8 A5:1/8");
    assert_eq!(events("(3ABc (3A2B2c2"), "A4:2/3 B4:2/3 C5:2/3 A4:4/3 B4:4/3 C5:4/3");
    assert_eq!(events("(3:2:2A2B (2AB (4ABcd"), "A4:4/3 B4:2/3 A4:3/2 B4:3/2 A4:3/4 B4:3/4 C5:3/4 D5:3/4");
    assert_eq!(events("(5ABcde [M:6/8] (5ABcde"), "A4:2/5 B4:2/5 C5:2/5 D5:2/5 E5:2/5 A4:3/5 B4:3/5 C5:3/5 D5:3/5 E5:3/5");
    let score = tune("(3:2:3 (3ABc d e").score;
    let spans: Vec<_> = score.spans().values().filter(|span| matches!(span.kind, SpanKind::Tuplet(_))).collect();
    assert_eq!(spans.len(), 2);
    assert_eq!(score.events().values().next().map(|event| event.time.ratio).unwrap().1 % 2, 0);
}

#[test]
fn rests_and_empty_measures() {
    assert_eq!(events("z4 x4|Z2|"), "z:4 z:4 | z:8 | z:8");
    let score = tune("x4 z4|X|").score;
    let visible: Vec<bool> =
        score.measure_order().iter().flat_map(|id| score.events_in(*id, score.parts()[0].0)).map(|e| e.1.visible).collect();
    assert_eq!(visible, [false, true, false]);
    assert!(score.events().values().any(|event| event.rest.measure));
}

#[test]
fn ties_slurs_and_grace_notes() {
    assert_eq!(events("C-C ^F-|F F [CE]-[CE] [C-E][CE]"), "C4:1 ~C4:1 F#4:1 | ~F#4:1 F4:1 C4+E4:1 ~C4+~E4:1 C4+E4:1 ~C4+E4:1");
    assert_eq!(events("{g}A {/ab}c {[CE]d}e"), "gG5 A4:1 gA5 gB5 C5:1 gC4+E4 gD5 E5:1");
    let score = tune("(A (B c) d) (.e f) {/g}a b{c}|").score;
    let slurs: Vec<_> = score.spans().values().filter(|span| span.kind == SpanKind::Slur).collect();
    assert_eq!(slurs.len(), 3);
    let graces: Vec<Grace> = score.events().values().filter_map(|event| event.grace).collect();
    assert_eq!(graces.iter().filter(|grace| grace.slash).count(), 1);
    assert_eq!(graces.iter().filter(|grace| grace.after).count(), 1);
}

#[test]
fn beams_are_where_there_is_no_blank() {
    let score = tune("AB cde f2 g/a/`b").score;
    let mut events: Vec<_> = score.events().values().collect();
    events.sort_by_key(|event| event.time.onset);
    use BeamRole::{Begin, Continue, End};
    let roles: Vec<Option<Vec<BeamRole>>> = events.iter().map(|event| event.beams.clone()).collect();
    let some = |roles: &[BeamRole]| Some(roles.to_vec());
    assert_eq!(roles[..5], [some(&[Begin]), some(&[End]), some(&[Begin]), some(&[Continue]), some(&[End])]);
    assert_eq!(roles[5], None);
    assert_eq!(roles[6..], [some(&[Begin, Begin]), some(&[Continue, End]), some(&[End])]);
}

#[test]
fn repeats_and_endings() {
    let played = |music: &str| {
        let imported = tune(music);
        assert_eq!(imported.report, [], "{music}");
        timeline(&imported.score).passages.iter().map(|passage| (passage.index + 1).to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(played("|:A8|B8:|c8|]"), "1 2 1 2 3");
    assert_eq!(played("A8|1 B8:|2 c8||d8|"), "1 2 1 3 4");
    assert_eq!(played("|:A8|[1,3 B8:|[2 c8:|[4 d8|]"), "1 2 1 3 1 2 1 4");
    assert_eq!(played("A8::B8::|c8|"), "1 1 2 2 2 3");
    assert_eq!(played("!segno!A8|B8!coda!|c8!D.S.alcoda!|!coda!d8|]"), "1 2 3 1 2 4");
    assert_eq!(played("A8!fine!|B8!D.C.alfine!|"), "1 2 1");
    let imported = tune("A4|:B8|1 c8:|2 d8||e8|");
    let measures = measures(&imported.score);
    assert_eq!(measures.iter().map(|m| m.number.as_str()).collect::<Vec<_>>(), ["0", "1", "2", "3", "4"]);
    assert!(measures[0].implicit && measures[0].length == Some(Beat::new(1, 2)));
    assert_eq!((measures[3].ending_stop, measures[3].right_bar), (Some(EndingStop::Open), BarStyle::LightLight));
    // A repeat in the middle of a measure cuts it in two that count once.
    let halves = tune("A8|B6:|c2|d8|]").score;
    let numbers: Vec<(String, bool)> = halves.measures().map(|(_, m)| (m.number.clone(), m.implicit)).collect();
    assert_eq!(numbers, [("1".into(), false), ("2".into(), false), (String::new(), true), ("3".into(), false)]);
}

#[test]
fn words_are_set_under_notes() {
    let score = tune("A B c d|e2 f2 g4-|g8|\nw: Hal-le-lu-jah | sing * loud_\nw: two~in one | x\nA4 B4|\nw: a\\-b c-").score;
    let mut words: Vec<(String, Beat, String, bool, Syllabic)> = score
        .lyrics()
        .values()
        .map(|lyric| {
            let event = score.event(lyric.event).unwrap();
            let measure = score.measure_position(event.time.measure).unwrap() as i64;
            let LyricPiece::Text(text, syllabic) = &lyric.text[0] else { panic!() };
            (lyric.verse.clone(), Beat::new(measure, 1) + event.time.onset, text.clone(), lyric.extend, *syllabic)
        })
        .collect();
    words.sort_by_key(|word| (word.0.clone(), word.1));
    let texts: Vec<String> =
        words.iter().map(|(verse, at, text, extend, _)| format!("{verse} {at} {text}{}", if *extend { "_" } else { "" })).collect();
    assert_eq!(
        texts,
        [
            "1 0/1 Hal",
            "1 1/8 le",
            "1 1/4 lu",
            "1 3/8 jah",
            "1 1/1 sing",
            "1 3/2 loud_",
            "1 3/1 a-b",
            "1 7/2 c",
            "2 0/1 two in",
            "2 1/8 one",
            "2 1/1 x"
        ]
    );
    assert_eq!(words[1].4, Syllabic::Middle);
    assert_eq!(words[3].4, Syllabic::End);
}

#[test]
fn chord_symbols_annotations_and_decorations() {
    let score = tune("\"Am7\"A2 \"^slow\"B2 \"_low\"\"@3,4 here\"c2 \"swing it\"d2|!p!.uTA2 !trill(!B2 !trill)!c2 !1!!tenuto!d2|").score;
    let marks = marks(&score);
    let words: Vec<&str> =
        marks.iter().filter_map(|kind| if let MarkKind::Words(words) = kind { Some(words.text.as_str()) } else { None }).collect();
    for text in ["slow", "low", "here", "swing it"] {
        assert!(words.contains(&text), "{text}: {words:?}");
    }
    let chords = marks.iter().filter(|kind| matches!(kind, MarkKind::Chord(chord) if chord.kind == ChordKind::MinorSeventh)).count();
    assert_eq!(chords, 1);
    for kind in [
        MarkKind::Dynamic("p".into()),
        MarkKind::Articulation(Articulation::Staccato),
        MarkKind::Technical(Technical::UpBow),
        MarkKind::Ornament(Ornament::Trill),
        MarkKind::Technical(Technical::Fingering("1".into())),
        MarkKind::Articulation(Articulation::Tenuto),
    ] {
        assert!(marks.contains(&kind), "{kind:?}");
    }
    assert!(score.spans().values().any(|span| span.kind == SpanKind::TrillLine));
}

#[test]
fn voices_staves_and_overlays() {
    let text = "X:1\nM:4/4\nL:1/4\n%%score [1 {(2 3) 4}]\nV:1 name=Flute\nV:4 clef=bass\nV:2 name=Piano\nK:G\nV:1\nGABc|\nV:2\nd4|\nV:3\nB4|\nV:4\n[V:4] G,4&D,2E,2|\nV:5\nE4|\n";
    let imported = read(text);
    assert_eq!(imported.report, []);
    let score = &imported.score;
    let parts = score.parts();
    assert_eq!(parts.iter().map(|(_, part)| (part.name.as_str(), part.staves)).collect::<Vec<_>>(), [("Flute", 1), ("Piano", 2), ("", 1)]);
    assert_eq!(written(score, 1), "D5:8 & B4:8 & G3:8 & D3:4 E3:4");
    let staves: Vec<u8> = score.events_in(score.measure_order()[0], parts[1].0).map(|(_, event)| event.staff).collect();
    assert_eq!(staves, [1, 1, 2, 2, 2]);
    assert_eq!(score.groups().values().map(|group| group.symbol).collect::<Vec<_>>(), [GroupSymbol::Bracket]);
    let clefs: Vec<(Option<u8>, Clef)> = score
        .signs()
        .values()
        .filter(|sign| sign.part == parts[1].0)
        .filter_map(|sign| if let SignKind::Clef(clef) = sign.kind { Some((sign.staff, clef)) } else { None })
        .collect();
    assert!(clefs.contains(&(Some(2), Clef::BASS)) && clefs.contains(&(Some(1), Clef::TREBLE)));
    let keys = score.signs().values().filter(|sign| matches!(&sign.kind, SignKind::Key(key) if key.fifths == 1) && sign.staff.is_none());
    assert_eq!(keys.count(), 3);
}

#[test]
fn clefs_and_transposition_move_what_is_read() {
    let of = |key: &str| written(&read(&format!("X:1\nL:1/8\nK:{key}\nC c\n")).score, 0);
    assert_eq!(of("C treble-8"), "C3:1 C4:1");
    assert_eq!(of("C clef=bass octave=-1"), "C3:1 C4:1");
    assert_eq!(of("C bass middle=d"), "C2:1 C3:1");
    assert_eq!(of("C treble_8"), "C4:1 C5:1");
    assert_eq!(of("C perc"), "?28:1 ?35:1");
    let horn = read("X:1\nK:C transpose=-7\nC\n").score;
    assert_eq!(horn.parts()[0].1.transposition.map(Transposition::semitones), Some(-7));
    assert_eq!(horn.parts()[0].1.transposition.map(|t| t.diatonic), Some(-4));
}

#[test]
fn macros_and_symbols_of_ones_own() {
    let text = "X:1\nL:1/8\nM:C\nm: ~g2 = {a}g{f}g\nm: ~n3 = n{o}n{m}n\nU: W = !fermata!\nU: T = !nil!\nK:C\n~g2 ~A3 WTc|\n";
    let imported = read(text);
    assert_eq!(imported.report, []);
    assert_eq!(written(&imported.score, 0), "gA5 G5:1 gF5 G5:1 A4:1 gB4 A4:1 gG4 A4:1 C5:1");
    assert_eq!(marks(&imported.score), [MarkKind::Fermata(FermataShape::Normal)]);
}

#[test]
fn the_heading() {
    let text = "%abc-2.1\nZ:Somebody\n\nX:3\nT:Caf\\'e\nT:Second &amp; last\nC:One\nC:Two\nO:Here\nR:waltz\nM:C|\nQ:1/2=60\nK:Bb\nB8|\n";
    let score = read(text).score;
    let header = score.header();
    assert_eq!((header.title.as_str(), header.subtitle.as_str()), ("Café", "Second & last"));
    assert_eq!((header.composer.as_str(), header.source.as_str()), ("One, Two (Here)", "Somebody"));
    assert_eq!(measures(&score)[0].time.as_ref().map(|time| time.symbol), Some(TimeSymbol::Cut));
    let tempo =
        marks(&score).into_iter().find_map(|kind| if let MarkKind::Tempo(tempo) = kind { tempo.quarters_per_minute() } else { None });
    assert_eq!(tempo, Some(120.0));
}

#[test]
fn changes_in_the_middle() {
    let imported = tune("C8|[M:3/4][L:1/4][K:D]F3|\nK:Gm clef=bass\nM:2/4\nB2|[Q:1/4=80]\nP:Trio\nB2|");
    assert_eq!(written(&imported.score, 0).split(" | ").skip(1).collect::<Vec<_>>(), ["F#4:6", "Bb4:4", "Bb4:4"]);
    let score = &imported.score;
    let times: Vec<Option<Beat>> = measures(score).iter().map(|m| m.time.as_ref().and_then(TimeSignature::length)).collect();
    assert_eq!(times, [Some(Beat::WHOLE), Some(Beat::new(3, 4)), Some(Beat::new(1, 2)), None]);
    let keys = score.signs().values().filter(|sign| matches!(sign.kind, SignKind::Key(_))).count();
    let clefs = score.signs().values().filter(|sign| matches!(sign.kind, SignKind::Clef(_))).count();
    assert_eq!((keys, clefs), (3, 2));
    assert!(marks(score).contains(&MarkKind::Rehearsal("Trio".into())));
}

#[test]
fn lines_of_music_are_systems() {
    let breaks = |text: &str| {
        let score = read(text).score;
        score.measures().map(|(_, measure)| measure.break_before.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(breaks("X:1\nK:C\nC8|D8|\nE8|\\\nF8|\nG4\nA4|B8|\n"), [false, false, true, false, true, false]);
    assert_eq!(breaks("X:1\nI:linebreak $\nK:C\nC8|D8|\nE8|$F8|\n"), [false, false, false, true]);
}

#[test]
fn what_cannot_be_read_is_reported_with_its_place() {
    let imported = read("X:1\nK:C\nAB ? !nonsense!c\n(3d|\n");
    let lines: Vec<(String, ReportKind, TextPlace)> =
        imported.report.iter().map(|l| (l.what.clone(), l.kind, l.place.text.unwrap())).collect();
    assert_eq!(
        lines,
        [
            ("music/?".into(), ReportKind::Invalid, TextPlace { line: 3, column: 4 }),
            ("decoration/!nonsense!".into(), ReportKind::NotSupported, TextPlace { line: 3, column: 6 }),
            ("tuplet with too few notes".into(), ReportKind::Invalid, TextPlace { line: 4, column: 4 }),
        ]
    );
    assert_eq!(complaints("A-|B8"), ["tie to a note that does not follow"]);
    assert_eq!(complaints("A) (B []"), ["slur end without a start", "chord without notes", "slur without an end"]);
    assert_eq!(complaints("[CE"), ["chord that is not closed"]);
    assert_eq!(complaints(">B A0"), ["broken rhythm without a note before it", "length"]);
    assert_eq!(complaints("A\nW: after\nH: long ago"), ["W: words after the tune", "H: field"]);
}

#[test]
fn a_book_of_tunes() {
    let book = "X:1\nT:A\nK:C\nC|\n\nnot a tune\n\nX:2\nT:B\nK:G\nF|\n";
    let all = import_all(book.as_bytes(), &Limits::default(), &mut IdSource::fixed(1)).unwrap();
    assert_eq!(all.iter().map(|tune| tune.score.header().title.as_str()).collect::<Vec<_>>(), ["A", "B"]);
    assert!(all.iter().all(|tune| tune.report.is_empty()));
    let first = read(book);
    assert_eq!(first.score.header().title, "A");
    assert_eq!(first.report[0].place.text, Some(TextPlace { line: 8, column: 3 }));
}

#[test]
fn abc_is_told_from_its_bytes() {
    assert_eq!(FileKind::of(b"\xef\xbb\xbfX:1\nT:x\nK:C\n"), FileKind::Abc);
    assert_eq!(FileKind::of(b"%abc\n"), FileKind::Abc);
    assert_eq!(FileKind::of(b"<?xml version='1.0'?>"), FileKind::MusicXml);
    assert_eq!(FileKind::of(b"Dear Sir,\nK:C\n"), FileKind::MusicXml);
    let error = import(b"%abc\n\nnothing\n", &Limits::default(), &mut IdSource::fixed(1)).unwrap_err();
    assert!(matches!(error, ImportError::NoTune { .. }));
}

#[test]
fn bounds_end_an_import() {
    let limits = Limits { notes: 10, measures: 5, parts: 2, ..Limits::default() };
    let bound = |music: &str| match import(format!("X:1\nK:C\n{music}\n").as_bytes(), &limits, &mut IdSource::fixed(1)) {
        Err(ImportError::TooLarge { bound, place, .. }) => Some((bound, place.unwrap().line)),
        other => panic!("{other:?}"),
    };
    assert_eq!(bound("ABcdefgABcdefg"), Some((Bound::Notes, 3)));
    assert_eq!(bound("A|B|c|d|e|f|"), Some((Bound::Measures, 3)));
    assert_eq!(bound("Z9999999"), Some((Bound::Measures, 3)));
    assert_eq!(bound("V:1\nV:2\nV:3\nA"), Some((Bound::Parts, 5)));
    let text =
        "X:1\nm: ~a = ~b~b~b~b~b~b~b~b\nm: ~b = ~c~c~c~c~c~c~c~c\nm: ~c = ~d~d~d~d~d~d~d~d\nm: ~d = yyyyyyyyyyyyyyyyyyyy\nK:C\n~a~a~a\n";
    let limits = Limits { expanded_bytes: 5_000, ..Limits::default() };
    let error = import(text.as_bytes(), &limits, &mut IdSource::fixed(1)).unwrap_err();
    assert!(matches!(error, ImportError::TooLarge { bound: Bound::ExpandedBytes, .. }), "{error}");
}

#[test]
fn whole_tunes() {
    let kesh = read(include_str!("tunes/kesh.abc"));
    assert_eq!(kesh.report, []);
    assert_eq!(timeline(&kesh.score).passages.len(), 32);
    assert_eq!(kesh.score.measure_order().len(), 17);
    let everything = read(include_str!("tunes/everything.abc"));
    assert_eq!(everything.report.iter().map(|line| line.what.as_str()).collect::<Vec<_>>(), ["W: words after the tune"]);
    let score = &everything.score;
    assert_eq!(score.parts().iter().map(|(_, part)| part.staves).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        written(score, 0),
        "D5:2 E5:2/3 F5:2/3 G5:2/3 A5:3/2 C#6:1/2 z:2 & A4:4 B4:2 Bb4:2 & F4:8 | \
         D5:1 ~D5:1 F5:1 gG5 F5:1 D5+F5:2 ~D5+~F5:2 & D4:8 | D5:4 ~D5:1 z:3 & z:8 | \
         gA5 G5:1 gF5 G5:1 A5:2 D5+F5+A5:4 & A4:8 | G5:8 & A4:8 | F5:8 & A4:8 | F#4:2 F(1/2)4:2 F4:2 & A4:6"
    );
}
