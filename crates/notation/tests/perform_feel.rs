//! What a player adds to the notes: swing, glides, swells; and what is not played, or by another instrument.

mod perform_support;

use bandpro_notation::export::midi::{MidiOptions, midi};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing;
use bandpro_notation::model::*;
use bandpro_notation::perform::{Channel, ControlKind, Timeline, timeline};
use perform_support::{Piece, voices};

/// A tune in eighths.
fn tune(metre: &str, notes: &str) -> Score {
    let text = format!("X:1\nM:{metre}\nL:1/8\nK:C\n{notes}\n");
    import(text.as_bytes(), &Limits::default(), &mut IdSource::fixed(1)).unwrap().score
}

fn mark(score: &mut Score, measure: usize, kind: MarkKind) {
    let anchor = Anchor::System(Moment { measure: score.measure_order()[measure], beat: Beat::ZERO });
    let id: MarkId = IdSource::fixed(90 + measure as u64).next();
    score.insert(id, Mark { anchor, kind, ..Mark::default() }).unwrap();
}

const EIGHTHS: Swing = Swing { first: 2, second: 1, unit: NoteBase::Eighth };

fn swung(mut score: Score) -> Timeline {
    mark(&mut score, 0, MarkKind::Swing(EIGHTHS));
    timeline(&score)
}

/// Start and end of every sound, in sixths of a quarter note.
fn times(timeline: &Timeline) -> Vec<(f64, f64)> {
    let sixths = |beat: Beat| (beat.to_f64() * 24.0 * 1e6).round() / 1e6;
    timeline.sounds.iter().map(|sound| (sixths(sound.start), sixths(sound.end))).collect()
}

#[test]
fn the_first_of_two_swung_eighths_is_longer() {
    let straight = timeline(&tune("4/4", "CD E2 F4|"));
    assert_eq!(times(&straight), [(0.0, 3.0), (3.0, 6.0), (6.0, 12.0), (12.0, 24.0)]);
    let swung = swung(tune("4/4", "CD E2 F4|"));
    assert_eq!(times(&swung), [(0.0, 4.0), (4.0, 6.0), (6.0, 12.0), (12.0, 24.0)]);
    assert_eq!(swung.end(), straight.end());
}

#[test]
fn what_swings_is_what_stands_between_the_eighths() {
    assert_eq!(times(&swung(tune("4/4", "C3D C4|")))[..2], [(0.0, 10.0), (10.0, 12.0)], "a dotted quarter and an eighth");
    assert_eq!(times(&swung(tune("4/4", "C>D C6|")))[..2], [(0.0, 5.0), (5.0, 6.0)], "a dotted eighth and a sixteenth");
    assert_eq!(times(&swung(tune("4/4", "(3CDE F6|")))[..3], [(0.0, 2.0), (2.0, 4.0), (4.0, 6.0)], "triplets are already");
    assert_eq!(times(&swung(tune("6/8", "CDE FGA|")))[1], (3.0, 6.0), "three eighths make a beat");
    let mut sixteenths = tune("4/4", "C/D/E C6|");
    mark(&mut sixteenths, 0, MarkKind::Swing(Swing { unit: NoteBase::N16th, ..EIGHTHS }));
    assert_eq!(times(&timeline(&sixteenths))[..3], [(0.0, 2.0), (2.0, 3.0), (3.0, 6.0)]);
}

#[test]
fn a_pickup_of_one_eighth_is_the_second_of_two() {
    assert_eq!(times(&swung(tune("4/4", "G|CD E2 F4|")))[..3], [(1.0, 3.0), (3.0, 7.0), (7.0, 9.0)]);
}

#[test]
fn it_swings_until_it_is_straight() {
    let mut score = tune("4/4", "CD E6|CD E6|CD E6|");
    mark(&mut score, 0, MarkKind::Words(Words { text: "Medium Swing".into() }));
    mark(&mut score, 1, MarkKind::Swing(Swing::STRAIGHT));
    mark(&mut score, 2, MarkKind::Swing(Swing { first: 3, second: 1, ..EIGHTHS }));
    let starts: Vec<f64> = times(&timeline(&score)).iter().map(|(start, _)| *start).collect();
    assert_eq!(starts, [0.0, 4.0, 6.0, 24.0, 27.0, 30.0, 48.0, 52.5, 54.0]);
}

#[test]
fn what_swings_is_read_back_even() {
    let bars = "CDEF GABc|cBAG FEDC|CDEF GABc|cBAG FEDC|";
    let mut score = tune("4/4", bars);
    mark(&mut score, 0, MarkKind::Swing(EIGHTHS));
    let file = midi(&timeline(&score), &MidiOptions::default());
    let back = import(&file.bytes, &Limits::default(), &mut IdSource::fixed(2)).unwrap().score;
    let notes = |score: &Score| {
        listing::events(score).iter().map(|line| format!("{} {} {:?}", line.measure, line.onset, line.pitch)).collect::<Vec<_>>()
    };
    assert_eq!(notes(&back), notes(&score));
    assert!(back.marks().values().any(|mark| mark.kind == MarkKind::Swing(EIGHTHS)), "and says that it swings");
}

fn instrument(key: &str, program: u8) -> Instrument {
    Instrument { key: key.into(), name: key.into(), program: Some(program), channel: None, unpitched: None, sound: String::new() }
}

fn keys(timeline: &Timeline) -> Vec<u8> {
    timeline.sounds.iter().map(|sound| sound.key).collect()
}

#[test]
fn a_glissando_sounds_its_steps() {
    let mut piece = Piece::new("C4 F4 C4 -");
    piece.span(0, 1, SpanKind::Glissando(String::new()));
    piece.span(1, 2, SpanKind::Slide(String::new()));
    assert_eq!(keys(&timeline(&piece.score)), [60, 62, 64, 65, 64, 62, 60], "a piano's white keys");
    piece.part(|part| part.instruments = vec![instrument("violin", 40)]);
    let heard = timeline(&piece.score);
    assert_eq!(keys(&heard), [60, 61, 62, 63, 64, 65, 64, 63, 62, 61, 60]);
    let starts: Vec<Beat> = heard.sounds.iter().map(|sound| sound.start).collect();
    assert_eq!(
        starts[..6],
        [(0, 1), (1, 8), (5, 32), (6, 32), (7, 32), (1, 4)].map(|(num, den)| Beat::new(num, den)),
        "in its second half"
    );
    assert_eq!(starts[6], Beat::new(7, 16), "a slide in the last quarter");
    assert!(heard.sounds.windows(2).all(|two| two[0].end == two[1].start), "without a gap");
}

#[test]
fn a_glissando_of_a_transposing_part_leads_to_what_sounds() {
    let mut piece = Piece::new("D4 F#4 - -");
    piece.part(|part| {
        part.instruments = vec![instrument("trumpet", 56)];
        part.transposition = Some(Transposition { diatonic: -1, chromatic: -2, ..Transposition::default() });
    });
    piece.span(0, 1, SpanKind::Glissando(String::new()));
    assert_eq!(keys(&timeline(&piece.score)), [60, 61, 62, 63, 64]);
}

#[test]
fn cues_are_not_played_and_small_notes_are() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.edit_event(1, |event| event.cue = true);
    piece.edit_event(2, |event| event.small = true);
    assert_eq!(keys(&timeline(&piece.score)), [60, 64, 65]);
}

fn change_to(key: &str) -> SignKind {
    SignKind::Instrument(InstrumentChange { key: key.into(), name: String::new(), abbreviation: String::new() })
}

#[test]
fn another_instrument_has_another_program() {
    let mut piece = Piece::new("C4 - - - | C4 - D4 - | E4 - - -");
    piece.part(|part| part.instruments = vec![instrument("flute", 73), instrument("piccolo", 72)]);
    piece.sign(1, Beat::new(1, 2), change_to("piccolo"));
    piece.sign(2, Beat::ZERO, change_to("flute"));
    let heard = timeline(&piece.score);
    let program = |channel: Channel| heard.tracks[0].voices.iter().find(|voice| voice.channel == channel).unwrap().program;
    assert_eq!(heard.sounds.iter().map(|sound| program(sound.channel)).collect::<Vec<_>>(), [73, 73, 72, 73]);
}

#[test]
fn instruments_beyond_the_channels_change_the_program_of_their_part() {
    let mut score = voices(14);
    let parts: Vec<PartId> = score.parts().into_iter().map(|(id, _)| id).collect();
    for (place, id) in parts.iter().enumerate() {
        let mut part = score.part(*id).unwrap().clone();
        part.instruments = vec![instrument("a", 40 + 2 * place as u8), instrument("b", 41 + 2 * place as u8)];
        score.insert(*id, part).unwrap();
    }
    let measure: MeasureId = IdSource::fixed(60).next();
    score.push_measure(measure, Measure::default());
    let mut ids = IdSource::fixed(61);
    let first = score.parts()[0].0;
    let at = Moment { measure, beat: Beat::ZERO };
    score.insert(ids.next::<Sign>(), Sign { part: first, at, kind: change_to("b"), ..Sign::default() }).unwrap();
    let time = EventTime { measure, onset: Beat::ZERO, duration: Beat::QUARTER, value: None, ratio: (1, 1) };
    let event = ids.next();
    score.insert(event, Event { part: first, time, ..Event::default() }).unwrap();
    score.insert(ids.next::<Note>(), Note { event, pitch: NotePitch::Pitched("C4".parse().unwrap()), ..Note::default() }).unwrap();
    let heard = timeline(&score);
    let changes: Vec<_> = heard.controls.iter().map(|control| (control.at, control.kind)).collect();
    assert_eq!(changes, [(Beat::WHOLE, ControlKind::Program(41))]);
    assert!(heard.sounds.iter().filter(|sound| sound.track == 0).all(|sound| sound.channel == heard.tracks[0].voices[0].channel));
    let file = midi(&heard, &MidiOptions::default());
    assert!(file.bytes.windows(2).any(|bytes| bytes == [0xc0, 41]), "in the file too");
}

/// Expression along a performance: when, in quarter notes, and how much.
fn expression(timeline: &Timeline) -> Vec<(f64, u8)> {
    let values = timeline.controls.iter().filter_map(|control| match control.kind {
        ControlKind::Expression(value) => Some((control.at.to_f64() * 4.0, value)),
        _ => None,
    });
    values.collect()
}

/// How loud it is at a quarter note: the velocity of what sounds, and what expression leaves of it.
fn loudness(timeline: &Timeline, quarter: f64) -> f64 {
    let at = quarter / 4.0;
    let sound = timeline.sounds.iter().find(|sound| sound.start.to_f64() <= at && at < sound.end.to_f64()).unwrap();
    let value = expression(timeline).iter().take_while(|(when, _)| *when <= quarter).last().map_or(127, |(_, value)| *value);
    f64::from(sound.velocity) * f64::from(value) / 127.0
}

fn hairpin(program: u8) -> Timeline {
    let mut score = tune("4/4", "!p!C8|!<(!C8!<)!|!f!C8|!>(!C4 C4!>)!|!p!CDEF C4|");
    let id = score.parts()[0].0;
    let mut part = score.part(id).unwrap().clone();
    part.instruments = vec![instrument("it", program)];
    score.insert(id, part).unwrap();
    timeline(&score)
}

#[test]
fn a_bowed_note_swells_and_a_struck_one_cannot() {
    let piano = hairpin(0);
    assert_eq!(expression(&piano), []);
    let violin = hairpin(40);
    let near = |quarter: f64, level: f64| {
        let heard = loudness(&violin, quarter);
        assert!((heard - level).abs() <= 2.0, "at {quarter}: {heard}, not {level}");
    };
    // From piano (49) to forte (96) over a whole note, and back over two halves.
    for (quarter, level) in
        [(0.0, 49.0), (4.0, 49.0), (6.0, 72.5), (7.0, 84.0), (8.0, 96.0), (11.0, 96.0), (12.0, 96.0), (14.0, 72.5), (16.0, 49.0)]
    {
        near(quarter, level);
    }
    // Where nothing swells, the velocity says it all.
    assert_eq!(violin.sounds[0].velocity, piano.sounds[0].velocity);
    assert_eq!(expression(&violin).last().unwrap().1, 127);
    let file = midi(&violin, &MidiOptions::default());
    assert!(file.bytes.windows(3).any(|bytes| bytes == [0xb0, 11, 127]), "in the file too");
}

#[test]
fn hairpins_are_heard_again_at_each_repeat() {
    let mut score = tune("4/4", "!p!C8|!<(!C8!<)!|!f!C8:|");
    let id = score.parts()[0].0;
    let mut part = score.part(id).unwrap().clone();
    part.instruments = vec![instrument("it", 73)];
    score.insert(id, part).unwrap();
    let heard = timeline(&score);
    for from in [0.0, 12.0] {
        assert!(loudness(&heard, from + 4.0) < 52.0 && loudness(&heard, from + 7.5) > 85.0, "{from}");
    }
}

#[test]
fn rehearsal_marks_are_markers() {
    let mut piece = Piece::new("C4 D4 E4 F4 | C4 D4 E4 F4");
    piece.measure(1, |measure| measure.repeat_end = Some(2));
    piece.system(1, Beat::ZERO, MarkKind::Rehearsal("B".into()));
    let heard = timeline(&piece.score);
    let markers: Vec<_> = heard.markers.iter().map(|marker| (marker.at, marker.text.as_str())).collect();
    assert_eq!(markers, [(Beat::WHOLE, "B"), (Beat::new(3, 1), "B")]);
    let file = midi(&heard, &MidiOptions::default());
    let back = import(&file.bytes, &Limits::default(), &mut IdSource::fixed(2)).unwrap().score;
    assert_eq!(back.marks().values().filter(|mark| mark.kind == MarkKind::Rehearsal("B".into())).count(), 2);
}
