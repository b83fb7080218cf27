//! What notation becomes in the model: small documents, one feature each.

use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::*;

fn read(text: &str) -> Score {
    import(text.as_bytes(), &Limits::default(), &mut IdSource::fixed(3)).unwrap_or_else(|error| panic!("{error}")).score
}

/// A score of one part, four divisions a quarter, whose measures have these contents.
fn score_of(measures: &[&str]) -> Score {
    let measure = |(at, content): (usize, &&str)| {
        let divisions = if at == 0 { "<attributes><divisions>4</divisions></attributes>" } else { "" };
        format!("<measure number='{}'>{divisions}{content}</measure>", at + 1)
    };
    let measures: String = measures.iter().enumerate().map(measure).collect();
    read(&format!(
        "<score-partwise><part-list><score-part id='P1'><part-name>A</part-name></score-part></part-list><part id='P1'>{measures}</part></score-partwise>"
    ))
}

/// A note: pitch, divisions, and what else is in it after the voice.
fn note(pitch: &str, duration: u32, rest: &str) -> String {
    let pitch: Pitch = pitch.parse().unwrap();
    let alter = pitch.alter.whole().unwrap();
    format!(
        "<note><pitch><step>{}</step><alter>{alter}</alter><octave>{}</octave></pitch><duration>{duration}</duration><voice>1</voice>{rest}</note>",
        pitch.step.letter(),
        pitch.octave
    )
}

fn marks(score: &Score) -> Vec<&MarkKind> {
    score.marks().values().map(|mark| &mark.kind).collect()
}

fn first_measure(score: &Score) -> &Measure {
    score.measures().next().unwrap().1
}

#[test]
fn the_title_is_the_movement_and_words_on_the_page_fill_gaps() {
    let head = |head: &str| read(&format!("<score-partwise>{head}<part-list/></score-partwise>")).header().clone();
    let song = head(
        "<work><work-number>Op. 9</work-number><work-title>Cycle</work-title></work><movement-number>2</movement-number>\
         <movement-title>Song</movement-title><identification><creator type='poet'>P</creator><creator type='arranger'>Taken from http://x</creator>\
         <rights>CC0</rights></identification><credit page='1'><credit-type>subtitle</credit-type><credit-words>for two</credit-words></credit>\
         <credit page='1'><credit-type>composer</credit-type><credit-words>C</credit-words></credit>",
    );
    assert_eq!((song.title.as_str(), song.work_title.as_str(), song.number.as_str()), ("Song", "Cycle", "2"));
    assert_eq!((song.lyricist.as_str(), song.composer.as_str(), song.subtitle.as_str()), ("P", "C", "for two"));
    assert_eq!((song.arranger.as_str(), song.source.as_str()), ("", "Taken from http://x"));
    let bare = head(
        "<credit page='1'><credit-words justify='center'>Big</credit-words></credit><credit page='1'><credit-words justify='center'>small</credit-words></credit>\
         <credit page='2'><credit-words justify='right'>not this</credit-words></credit>",
    );
    assert_eq!((bare.title.as_str(), bare.subtitle.as_str(), bare.composer.as_str()), ("Big", "small", ""));
}

#[test]
fn the_page_is_in_tenths_of_a_millimetre() {
    let text = "<score-partwise><defaults><scaling><millimeters>6</millimeters><tenths>40</tenths></scaling><page-layout><page-height>1980</page-height>\
                <page-width>1400</page-width><page-margins type='both'><left-margin>100</left-margin><right-margin>100</right-margin>\
                <top-margin>80</top-margin><bottom-margin>80</bottom-margin></page-margins></page-layout></defaults><part-list/></score-partwise>";
    let layout = read(text).layout().clone();
    assert_eq!((layout.staff_height, layout.width, layout.height, layout.left, layout.top), (600, 2100, 2970, 150, 120));
}

#[test]
fn tuplets_have_their_own_ratio_and_notes_that_of_all_levels() {
    let modified = |ratio: (u8, u8), tuplets: &str| {
        format!(
            "<time-modification><actual-notes>{}</actual-notes><normal-notes>{}</normal-notes></time-modification><notations>{tuplets}</notations>",
            ratio.0, ratio.1
        )
    };
    let outer = "<tuplet type='start' number='1'/>";
    let both = "<tuplet type='stop' number='2'/><tuplet type='stop' number='1'/>";
    let score = score_of(&[&format!(
        "{}{}{}",
        note("C4", 2, &modified((3, 2), outer)),
        note("D4", 1, &modified((15, 8), "<tuplet type='start' number='2' bracket='no' show-number='both'/>")),
        note("E4", 1, &modified((15, 8), both)),
    )]);
    let mut tuplets: Vec<(u16, u16, Option<bool>, u8)> = score
        .spans()
        .values()
        .filter_map(|span| if let SpanKind::Tuplet(t) = span.kind { Some((t.actual, t.normal, t.bracket, t.numbers)) } else { None })
        .collect();
    tuplets.sort();
    assert_eq!(tuplets, [(3, 2, None, 1), (5, 4, Some(false), 2)]);
    assert!(score.events().values().any(|event| event.time.ratio == (15, 8)));
}

#[test]
fn grace_notes_lead_or_follow() {
    let grace = |step: &str| {
        format!("<note><grace slash='yes'/><pitch><step>{step}</step><octave>5</octave></pitch><voice>1</voice><type>eighth</type></note>")
    };
    let score = score_of(&[&format!("{}{}{}{}", grace("A"), grace("B"), note("C5", 16, ""), grace("D"))]);
    let mut found: Vec<(Beat, Grace)> = score.events().values().filter_map(|event| Some((event.time.onset, event.grace?))).collect();
    found.sort_by_key(|(onset, grace)| (*onset, grace.order));
    let expected = [(Beat::ZERO, 0, false), (Beat::ZERO, 1, false), (Beat::WHOLE, 0, true)];
    assert_eq!(found, expected.map(|(onset, order, after)| (onset, Grace { slash: true, order, after })));
}

#[test]
fn only_accidentals_that_the_rule_would_not_print_are_kept() {
    let sharp = "<accidental>sharp</accidental>";
    let score = score_of(&[
        &format!("{}{}", note("F#4", 8, sharp), note("F#4", 8, "<accidental parentheses='yes'>sharp</accidental>")),
        &format!("{}{}", note("F#4", 4, sharp), note("F4", 12, "<accidental>natural</accidental>")),
        &note("F4", 16, "<accidental>natural</accidental>"),
    ]);
    let kept: Vec<(usize, PrintedAccidental)> = score
        .notes()
        .values()
        .filter_map(|note| Some((score.measure_position(score.event(note.event)?.time.measure)?, note.accidental?)))
        .collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.iter().any(|(measure, sign)| *measure == 0 && sign.parentheses && sign.sign == AccidentalSign::Sharp));
    assert!(kept.iter().any(|(measure, sign)| *measure == 2 && !sign.parentheses && sign.sign == AccidentalSign::Natural));
}

#[test]
fn stems_that_the_rules_give_are_left_to_them() {
    let clef = "<attributes><clef><sign>G</sign><line>2</line></clef></attributes>";
    let stem = |direction: &str| format!("<type>quarter</type><stem>{direction}</stem>");
    let score = score_of(&[&format!(
        "{clef}{}{}{}{}",
        note("E4", 4, &stem("up")),
        note("E5", 4, &stem("down")),
        note("F4", 4, &stem("down")),
        note("B4", 4, &stem("none"))
    )]);
    let mut stems: Vec<(Beat, StemDirection)> = score.events().values().map(|event| (event.time.onset, event.stem)).collect();
    stems.sort_by_key(|(onset, _)| *onset);
    let stems: Vec<_> = stems.into_iter().map(|(_, stem)| stem).collect();
    assert_eq!(stems, [StemDirection::Auto, StemDirection::Auto, StemDirection::Down, StemDirection::None]);
}

#[test]
fn pickups_and_cadenzas_have_a_length_of_their_own() {
    let time = "<attributes><time symbol='common'><beats>4</beats><beat-type>4</beat-type></time></attributes>";
    let score = score_of(&[&format!("{time}{}", note("C4", 4, "")), &note("C4", 16, ""), &note("C4", 24, ""), ""]);
    let lengths: Vec<Option<Beat>> = score.measures().map(|(_, measure)| measure.length).collect();
    assert_eq!(lengths, [Some(Beat::QUARTER), None, Some(Beat::new(3, 2)), None]);
    assert_eq!(first_measure(&score).time.as_ref().map(|time| time.symbol), Some(TimeSymbol::Common));
}

#[test]
fn times_of_all_kinds() {
    let time =
        |inside: &str| first_measure(&score_of(&[&format!("<attributes><time>{inside}</time></attributes>")])).time.clone().unwrap().groups;
    assert_eq!(time("<beats>3+2</beats><beat-type>8</beat-type>"), [(vec![3, 2], 8)]);
    assert_eq!(time("<beats>2</beats><beat-type>4</beat-type><beats>3</beats><beat-type>8</beat-type>"), [(vec![2], 4), (vec![3], 8)]);
    assert!(time("<senza-misura/>").is_empty());
}

#[test]
fn repeats_voltas_and_jumps_belong_to_the_measure() {
    let score = score_of(&[
        "<barline location='left'><bar-style>heavy-light</bar-style><repeat direction='forward'/></barline><sound segno='a'/>",
        "<barline location='left'><ending number='1, 2' type='start'>1.-2.</ending></barline>\
         <barline location='right'><bar-style>light-heavy</bar-style><ending number='1, 2' type='stop'/><repeat direction='backward' times='3'/></barline>",
        "<direction><direction-type><words>D.S.</words></direction-type><sound dalsegno='a'/></direction><barline><bar-style>light-heavy</bar-style></barline>",
    ]);
    let measures: Vec<&Measure> = score.measures().map(|(_, measure)| measure).collect();
    assert!(measures[0].repeat_start && measures[0].jumps == [Jump::Segno]);
    assert_eq!(measures[1].repeat_end, Some(3));
    assert_eq!(measures[1].ending_start, Some(Ending { passes: vec![1, 2], text: "1.-2.".into() }));
    assert_eq!(measures[1].ending_stop, Some(EndingStop::Closed));
    assert_eq!(measures[2].jumps, [Jump::DalSegno]);
    assert!(measures.iter().all(|measure| measure.left_bar == BarStyle::Auto && measure.right_bar == BarStyle::Auto));
}

#[test]
fn tempo_is_counted_in_its_own_beat() {
    let score = score_of(&[
        "<direction><direction-type><metronome><beat-unit>eighth</beat-unit><beat-unit-dot/><per-minute>c. 72</per-minute></metronome></direction-type>\
                            <sound tempo='54'/></direction>",
    ]);
    let MarkKind::Tempo(tempo) = marks(&score)[0] else { panic!("{:?}", marks(&score)) };
    assert_eq!((tempo.beat, tempo.per_minute, tempo.text.as_str()), (NoteValue::new(NoteBase::Eighth, 1), Some((72, 1)), "c. 72"));
    assert_eq!(tempo.quarters_per_minute(), Some(54.0));
}

#[test]
fn a_slur_may_end_before_it_starts_in_the_file() {
    let slur = |kind: &str| format!("<notations><slur type='{kind}' number='1'/></notations>");
    let second = note("A3", 8, &slur("start")).replace("<voice>1", "<voice>2");
    let score =
        score_of(&[&format!("{}{}<backup><duration>16</duration></backup>{second}", note("C5", 8, ""), note("D5", 8, &slur("stop")))]);
    let span = score.spans().values().next().unwrap();
    let pitch = |anchor| score.notes_of(score.anchor_event(anchor).unwrap())[0].1.pitch.pitch().unwrap().to_string();
    assert_eq!((pitch(span.start), pitch(span.end)), ("A3".into(), "D5".into()));
}

#[test]
fn one_slur_ends_where_the_next_begins() {
    let both = "<notations><slur type='start' number='1'/><slur type='stop' number='1'/></notations>";
    let slur = |kind: &str| format!("<notations><slur type='{kind}' number='1'/></notations>");
    let score = score_of(&[&format!("{}{}{}", note("C5", 4, &slur("start")), note("D5", 4, both), note("E5", 8, &slur("stop")))]);
    let mut onsets: Vec<(Beat, Beat)> = score
        .spans()
        .values()
        .map(|span| (score.anchor_moment(span.start).unwrap().beat, score.anchor_moment(span.end).unwrap().beat))
        .collect();
    onsets.sort();
    assert_eq!(onsets, [(Beat::ZERO, Beat::QUARTER), (Beat::QUARTER, Beat::new(1, 2))]);
}

#[test]
fn marks_of_the_system_are_taken_once() {
    let part = |id: &str| {
        format!(
            "<part id='{id}'><measure number='1'><direction><direction-type><rehearsal>A</rehearsal></direction-type></direction></measure></part>"
        )
    };
    let list: String = ["A", "B"].iter().map(|id| format!("<score-part id='{id}'><part-name/></score-part>")).collect();
    let score = read(&format!("<score-partwise><part-list>{list}</part-list>{}{}</score-partwise>", part("A"), part("B")));
    assert_eq!(marks(&score), [&MarkKind::Rehearsal("A".into())]);
}

#[test]
fn words_in_several_fonts_are_one_text() {
    let direction = |content: &str| format!("<direction><direction-type>{content}</direction-type></direction>");
    let words = |content: &str| {
        let score = score_of(&[&direction(content)]);
        let mut marks: Vec<(String, bool)> = score
            .marks()
            .values()
            .filter_map(|mark| if let MarkKind::Words(words) = &mark.kind { Some((words.text.clone(), mark.style.bold)) } else { None })
            .collect();
        marks.sort();
        marks
    };
    let mouvement =
        "<words> </words><words font-weight='bold'>1</words><words font-size='7'>er</words><words> </words><words> mouvement </words>";
    assert_eq!(words(mouvement), [("1er  mouvement".into(), true)]);
    // A sign between them, or a direction-type of its own, parts them.
    let parted = "<words>D.S. al </words><symbol>coda</symbol><words>bis</words></direction-type><direction-type><words>dolce</words>";
    assert_eq!(words(parted), [("D.S. al".into(), false), ("bis".into(), false), ("dolce".into(), false)]);

    let report = |content: &str| {
        let text = format!(
            "<score-partwise><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'><measure number='1'>{}</measure></part></score-partwise>",
            direction(content)
        );
        let imported = import(text.as_bytes(), &Limits::default(), &mut IdSource::fixed(3)).unwrap();
        imported.report.iter().map(|line| line.what.clone()).collect::<Vec<_>>()
    };
    assert_eq!(report("<words font-weight='bold'>Lento </words><words>molto</words>"), Vec::<String>::new());
    assert_eq!(
        report("<words font-weight='bold'>Lento </words><words font-style='italic'>molto</words>"),
        ["direction-type/words@font-style"]
    );
    // A jump in two fonts is a jump.
    let jumps = score_of(&[&direction("<words font-style='italic'>D.S. </words><words>al Coda</words>")]);
    assert_eq!(first_measure(&jumps).jumps, [Jump::DalSegno]);
}

#[test]
fn parentheses_around_a_metronome_mark_are_its_own() {
    let mark = "<metronome parentheses='no'><beat-unit>quarter</beat-unit><per-minute>100</per-minute></metronome>";
    let read = |before: &str, after: &str| {
        let types = [format!("<words>{before}</words>"), mark.to_owned(), format!("<words>{after}</words>")];
        let types: String = types.iter().map(|kind| format!("<direction-type>{kind}</direction-type>")).collect();
        let score = score_of(&[&format!("<direction>{types}</direction>")]);
        let mut words: Vec<String> = Vec::new();
        let mut parentheses = Vec::new();
        for kind in marks(&score) {
            match kind {
                MarkKind::Words(said) => words.push(said.text.clone()),
                MarkKind::Tempo(tempo) => parentheses.push(tempo.parentheses),
                kind => panic!("{kind:?}"),
            }
        }
        words.sort();
        (words, parentheses)
    };
    assert_eq!(read("alla marcia \n(", ")\n"), (vec!["alla marcia".to_owned()], vec![true]));
    assert_eq!(read("(", ") dolce"), (vec!["dolce".to_owned()], vec![true]));
    assert_eq!(read("Lento (quasi", ")"), (vec![")".to_owned(), "Lento (quasi".to_owned()], vec![false]));
}

#[test]
fn the_same_file_gives_the_same_identifiers() {
    let text = "<score-partwise><part-list/><part id='x'><measure number='1'><note><rest/><duration>1</duration></note></measure></part></score-partwise>";
    assert_eq!(read(text), read(text));
}
