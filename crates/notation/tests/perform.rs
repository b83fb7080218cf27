//! The performance: the order of measures, the tempo map, lengths, loudness, pitches, positions.

mod perform_support;

use bandpro_notation::model::*;
use bandpro_notation::perform::{Channel, ControlKind, MAX_PASSAGES, Seconds, Timeline, timeline};
use perform_support::{Piece, form, order, voices};

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Start and end in quarter notes, key and velocity of every sound.
fn sounds(timeline: &Timeline) -> Vec<(f64, f64, u8)> {
    timeline.sounds.iter().map(|s| (s.start.to_f64() * 4.0, s.end.to_f64() * 4.0, s.key)).collect()
}

fn keys(timeline: &Timeline) -> Vec<u8> {
    timeline.sounds.iter().map(|sound| sound.key).collect()
}

#[test]
fn plain_repeats_and_times() {
    assert_eq!(order("1 | 2 | 3"), "1 2 3");
    assert_eq!(order("1 :|5 | 2"), "1 1 1 1 1 2");
    assert_eq!(order("|: 1 | 2 :| 3 | 4 :| 5"), "1 2 1 2 3 4 3 4 5");
    assert_eq!(order("1 | |: 2 | 3"), "1 2 3", "a repeat that never ends");
}

#[test]
fn nested_repeats() {
    assert_eq!(order("1 | |: 2 :|3 | 3 :|2 | 4"), "1 2 2 2 3 1 2 2 2 3 4");
    assert_eq!(order("|: 1 | |: 2 :| 3 :| 4"), "1 2 2 3 1 2 2 3 4");
}

#[test]
fn voltas() {
    assert_eq!(order("1 | [1 2 ] :| [2 3 ] | 4"), "1 2 1 3 4");
    assert_eq!(order("|: 1 | [1,2 2 ] :| [3 3 ] | 4"), "1 2 1 2 1 3 4");
    assert_eq!(order("|: 1 | [1 2 ] :| 3"), "1 2 1 3", "a lone first volta is left out the second time");
    assert_eq!(order("|: 1 | [1 2 | 3 ] :| [2 4 | 5 ] | 6 :| 7"), "1 2 3 1 4 5 6 6 7", "a later repeat goes back to after the voltas");
    assert_eq!(order("1 | [1 2 ] | [2 3 ] | 4 :| 5"), "1 2 4 1 3 4 5", "voltas inside a repeat");
}

/// The shapes of the suite's files 45a to 45g.
#[test]
fn the_repeats_of_the_musicxml_suite() {
    assert_eq!(order("1 :|5 | 2"), "1 1 1 1 1 2");
    assert_eq!(order("1 | [1 2 ] :| [2 3 ] | 4"), "1 2 1 3 4");
    assert_eq!(order("1 | |: 2 | 3 :|2 | 4 :|3 | 5"), "1 2 3 2 3 4 1 2 3 2 3 4 1 2 3 2 3 4 5");
    let five = "1 | [1 2 ] :| [2 3 | 4 ] :| [3 5 ] :| [4 6 ] :| [5 7 ] | 8";
    assert_eq!(order(five), "1 2 1 3 4 1 5 1 6 1 7 8");
    let nested = "1 | [1 2 ] :| [2 3 ] | 4 | |: 5 :| |: 6 | [1 7 ] :| |: [2 8 ] | 9 :| 10";
    assert_eq!(order(nested), "1 2 1 3 4 5 5 6 7 6 8 9 8 9 10");
    assert_eq!(order("1 | |: 2"), "1 2");
}

#[test]
fn da_capo_dal_segno_coda_fine() {
    assert_eq!(order("1 | 2 fine | 3 | 4 dc"), "1 2 3 4 1 2");
    assert_eq!(order("1 | segno 2 | 3 fine | 4 ds | 5"), "1 2 3 4 2 3");
    assert_eq!(order("1 | segno 2 | 3 tocoda | 4 ds | coda 5 | 6"), "1 2 3 4 2 3 5 6");
    assert_eq!(order("|: 1 :| 2 fine | 3 dc"), "1 1 2 3 1 2", "after da capo repeats are not taken again");
    assert_eq!(order("|: 1 | [1 2 ] :| [2 3 ] fine | 4 dc"), "1 2 1 3 4 1 3", "and the last volta is");
    assert_eq!(order("1 tocoda | 2 dc | coda |: 3 :| 4"), "1 2 1 3 3 4", "the coda's own repeats are taken");
    assert_eq!(order("1 | 2 dc"), "1 2 1 2", "da capo without an end is followed once");
    assert_eq!(order("1 | 2 | coda 3 | 4 dc | coda 5"), "1 2 3 4 1 2 5", "two coda signs and no “to coda”");
    assert_eq!(order("|: 1 | 2 :| 3 dc"), "1 2 1 2 3 1 2 3");
}

#[test]
fn movements_are_played_one_after_another() {
    assert_eq!(order("1 | 2 final | 1 fine | 2 dc final | 1 | 2 :| 3"), "1 2 1 2 1 1 2 1 2 3");
    assert_eq!(order("1 | 2 | section 3 fine | 4 dc | section 5"), "1 2 3 4 3 5");
    assert_eq!(order("1 | 2 final | 3 dc"), "1 2 3 1 2 3", "a final barline alone ends nothing");
}

#[test]
fn what_cannot_be_played_is_bounded() {
    let mut text = String::new();
    for _ in 0..12 {
        text.push_str("|: ");
    }
    // Every measure starts and ends a repeat of its own inside all those before it.
    let starts: Vec<String> = (1..=12).map(|n| format!("|: {n}")).collect();
    let ends: Vec<String> = (13..=24).map(|n| format!("{n} :|200")).collect();
    let timeline = timeline(&form(&format!("{} | {}", starts.join(" | "), ends.join(" | "))));
    assert!(timeline.truncated);
    assert!(timeline.passages.len() <= MAX_PASSAGES);
    assert!(!timeline.sounds.is_empty());
    for text in ["[1 1", "1 :| :|", "[3 1 ] :| 2", "coda 1 tocoda dc", "segno 1 ds dc fine", "[2 1 ] | [1 2 ] :|", ""] {
        assert!(!perform_support::unrolled(text).is_empty() || text.is_empty(), "{text}");
    }
}

#[test]
fn sound_follows_repeats_and_ties_join() {
    let mut piece = Piece::new("C4 D4 E4 F4~ | F4 G4 A4 B4");
    piece.measure(1, |measure| measure.repeat_end = Some(2));
    let timeline = timeline(&piece.score);
    assert_eq!(keys(&timeline), [60, 62, 64, 65, 67, 69, 71, 60, 62, 64, 65, 67, 69, 71]);
    assert_eq!(timeline.sounds[3].start, Beat::new(3, 4));
    assert_eq!(timeline.sounds[3].end, Beat::new(5, 4), "one sound across the barline");
    assert_eq!(timeline.sounds[3].note, piece.note(3));
    assert_eq!(timeline.end(), Beat::new(4, 1));
    assert!(close(timeline.duration().0, 8.0), "sixteen quarters at 120");
}

#[test]
fn a_tie_into_a_second_ending_sounds_on() {
    let mut piece = Piece::new("C4 D4 E4 F4~ | F4 G4 A4 B4 | F4 - - -");
    piece.measure(1, |m| {
        m.ending_start = Some(Ending { passes: vec![1], text: String::new() });
        m.ending_stop = Some(EndingStop::Closed);
        m.repeat_end = Some(2);
    });
    piece.measure(2, |m| m.ending_start = Some(Ending { passes: vec![2], text: String::new() }));
    piece.edit_note(8, |note| note.tie_previous = true);
    let timeline = timeline(&piece.score);
    let long: Vec<_> = timeline.sounds.iter().filter(|s| s.key == 65).map(|s| (s.start, s.end)).collect();
    assert_eq!(long, [(Beat::new(3, 4), Beat::new(5, 4)), (Beat::new(11, 4), Beat::new(13, 4))]);
}

#[test]
fn tempo_marks_move_the_clock_and_positions_follow() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    piece.tempo(0, Beat::ZERO, NoteBase::Quarter, 60);
    piece.tempo(1, Beat::new(1, 2), NoteBase::Half, 60);
    piece.measure(1, |measure| measure.repeat_end = Some(2));
    let timeline = timeline(&piece.score);
    let starts: Vec<f64> = timeline.sounds.iter().map(|sound| sound.start_seconds.0).collect();
    assert_eq!(starts, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 6.5, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 13.5]);
    let measures = piece.score.measure_order().to_vec();
    let at = |time: f64| timeline.position_at(Seconds(time)).map(|p| (p.index, p.beat, p.pass)).unwrap();
    assert_eq!(at(-1.0), (0, Beat::ZERO, 1));
    assert_eq!(at(1.5), (0, Beat::new(3, 8), 1));
    assert_eq!(at(6.25), (1, Beat::new(5, 8), 1));
    assert_eq!(at(7.0), (0, Beat::ZERO, 2));
    assert_eq!(at(99.0), (1, Beat::WHOLE, 2));
    assert_eq!(timeline.seconds_of(measures[1], Beat::new(3, 4)), Some(Seconds(6.5)));
    assert_eq!(timeline.seconds_of(MeasureId::from_raw(7), Beat::ZERO), None);
    for time in [0.0, 0.37, 3.999, 6.1, 6.9] {
        let there = timeline.position_at(Seconds(time)).unwrap();
        assert!((timeline.seconds_of(there.measure, there.beat).unwrap().0 - time).abs() < 0.002, "{time}");
    }
}

#[test]
fn tempo_words_count_where_no_number_stands() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    piece.system(0, Beat::ZERO, words("Adagio molto"));
    piece.system(1, Beat::ZERO, words("Allegro"));
    piece.tempo(1, Beat::ZERO, NoteBase::Quarter, 100);
    piece.system(1, Beat::new(1, 2), words("prestoso"));
    let tempi: Vec<f64> = timeline(&piece.score).tempi.iter().map(|change| change.tempo.0).collect();
    assert_eq!(tempi, [66.0, 100.0]);
}

fn words(text: &str) -> MarkKind {
    MarkKind::Words(Words { text: text.into() })
}

#[test]
fn a_ritardando_slows_step_by_step_until_a_tempo() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5 | D5 E5 F5 G5");
    piece.system(1, Beat::ZERO, words("poco rit."));
    piece.system(2, Beat::ZERO, words("a tempo"));
    let timeline = timeline(&piece.score);
    let lengths: Vec<f64> = timeline.sounds.iter().map(|s| s.end_seconds.0 - s.start_seconds.0).collect();
    assert!(lengths[3..8].windows(2).all(|pair| pair[0] < pair[1]), "{lengths:?}");
    assert!(close(lengths[7], 0.5 / 0.75) && lengths[8..].iter().all(|length| close(*length, 0.5)), "{lengths:?}");
    piece.system(0, Beat::new(1, 4), words("ritmico, ritornello"));
    assert_eq!(perform_support::tempi(&piece.score), timeline.tempi.iter().map(|t| t.tempo.0).collect::<Vec<_>>());
}

#[test]
fn crescendo_in_words_leads_to_the_next_dynamic() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    piece.on_event(0, MarkKind::Dynamic("p".into()));
    piece.on_event(1, words("cresc."));
    piece.on_event(6, MarkKind::Dynamic("f".into()));
    let heard: Vec<u8> = timeline(&piece.score).sounds.iter().map(|s| s.velocity).collect();
    assert_eq!((heard[0], heard[1], heard[6], heard[7]), (49, 49, 96, 96));
    assert!(heard[1..7].windows(2).all(|pair| pair[0] < pair[1]), "{heard:?}");
}

#[test]
fn a_relation_changes_the_tempo() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    let quarter = NoteValue::new(NoteBase::Quarter, 0);
    let relation = TempoMark {
        beat: quarter,
        per_minute: None,
        text: String::new(),
        equals: Some(NoteValue::new(NoteBase::Quarter, 1)),
        parentheses: false,
        printed: true,
    };
    piece.system(1, Beat::ZERO, MarkKind::Tempo(relation));
    assert!(close(timeline(&piece.score).tempi[1].tempo.0, 180.0));
}

#[test]
fn a_fermata_holds_everyone() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    piece.on_event(3, MarkKind::Fermata(FermataShape::Normal));
    let timeline = timeline(&piece.score);
    let length = |at: usize| timeline.sounds[at].end_seconds.0 - timeline.sounds[at].start_seconds.0;
    assert!(close(length(2), 0.5) && length(3) > 0.75 && close(length(4), 0.5));
    assert_eq!(timeline.sounds[3].end, Beat::WHOLE, "in notes it is what it was");
}

#[test]
fn articulations_shorten_and_accents_strike() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.on_event(0, MarkKind::Articulation(Articulation::Staccato));
    piece.on_event(1, MarkKind::Articulation(Articulation::Staccatissimo));
    piece.on_event(2, MarkKind::Articulation(Articulation::Tenuto));
    piece.on_event(3, MarkKind::Articulation(Articulation::Accent));
    let timeline = timeline(&piece.score);
    let ends: Vec<f64> = sounds(&timeline).iter().map(|sound| sound.1).collect();
    assert!(close(ends[0], 0.5) && close(ends[1], 1.0 + 1.0 / 3.0) && close(ends[2], 3.0) && close(ends[3], 4.0));
    assert_eq!(timeline.sounds[3].velocity, timeline.sounds[2].velocity + 16);
}

#[test]
fn dynamics_and_hairpins() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5 | D5 E5 - -");
    let velocities = |piece: &Piece| timeline(&piece.score).sounds.iter().map(|s| s.velocity).collect::<Vec<_>>();
    assert!(velocities(&piece).iter().all(|velocity| *velocity == 80), "mezzo forte where nothing is written");
    piece.on_event(0, MarkKind::Dynamic("p".into()));
    piece.on_event(8, MarkKind::Dynamic("f".into()));
    piece.span(1, 7, SpanKind::Crescendo);
    piece.on_event(9, MarkKind::Dynamic("sfz".into()));
    let heard = velocities(&piece);
    assert_eq!((heard[0], heard[8], heard[9]), (49, 96, 112));
    assert!(heard[1..8].windows(2).all(|pair| pair[0] < pair[1]), "louder note by note: {heard:?}");
    assert!(heard[7] < 96);
}

#[test]
fn a_dynamic_between_the_staves_is_for_both_hands() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.voice(2, 2, "C3 D3 E3 F3");
    piece.part(|part| part.staves = 2);
    piece.on_event(1, MarkKind::Dynamic("ff".into()));
    let timeline = timeline(&piece.score);
    let velocity = |key| timeline.sounds.iter().find(|s| s.key == key).map(|s| s.velocity).unwrap();
    assert_eq!((velocity(60), velocity(48), velocity(62), velocity(50)), (80, 80, 112, 112));
}

#[test]
fn grace_notes_take_time_from_their_note() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.grace(1, "C#4 D#4", true, false);
    piece.grace(3, "B4", false, false);
    let timeline = timeline(&piece.score);
    assert_eq!(keys(&timeline), [60, 61, 63, 62, 64, 71, 65]);
    let heard = sounds(&timeline);
    assert!(close(heard[1].0, 1.0) && close(heard[1].1, heard[2].0) && close(heard[2].1, heard[3].0), "{heard:?}");
    assert!(heard[3].0 < 1.5 && close(heard[3].1, 2.0));
    assert!(close(heard[5].0, 3.0) && close(heard[6].0, 3.5), "an appoggiatura takes half: {heard:?}");
}

#[test]
fn grace_notes_after_a_note_cut_it_short() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.grace_at(Beat::WHOLE, "G4 A4", false, true);
    let heard = sounds(&timeline(&piece.score));
    assert!(heard[3].1 < 4.0 && close(heard[3].1, heard[4].0) && close(heard[5].1, 4.0), "{heard:?}");
}

#[test]
fn transposing_parts_sound_where_they_sound() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5");
    piece.part(|part| part.transposition = Some(Transposition { diatonic: -1, chromatic: -2, octaves: 0, double: 0 }));
    piece.sign(1, Beat::new(1, 2), SignKind::Transpose(Transposition { diatonic: 0, chromatic: 0, octaves: 1, double: 0 }));
    piece.sign(0, Beat::ZERO, SignKind::Key(Key::fifths(2)));
    let timeline = timeline(&piece.score);
    assert_eq!(keys(&timeline), [58, 60, 62, 63, 65, 67, 83, 84]);
    assert_eq!(timeline.keys[0].fifths, 0, "D major for a clarinet in B flat sounds as C major");
}

#[test]
fn quarter_tones_bend_on_a_channel_of_their_own() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    let up = Pitch { step: Step::D, alter: Alter::fraction(1, 2).unwrap(), octave: 4 };
    piece.edit_note(1, |note| note.pitch = NotePitch::Pitched(up));
    let timeline = timeline(&piece.score);
    let bent = timeline.sounds[1];
    let exact = f64::from(bent.key) + bent.bend.0 / 100.0;
    assert!(close(exact, 62.5));
    assert_ne!(bent.channel, timeline.sounds[0].channel);
    let wheel = timeline.controls.iter().find(|c| c.channel == bent.channel).unwrap();
    assert!(matches!(wheel.kind, ControlKind::Bend(cents) if close(cents.0.abs(), 50.0)));
    assert_eq!(timeline.controls.len(), 1);
}

#[test]
fn drums_play_on_the_percussion_channel() {
    let mut piece = Piece::new("C4 D4 E4 F4");
    let instrument = |key: &str, unpitched| Instrument {
        key: key.into(),
        name: key.into(),
        program: None,
        channel: None,
        unpitched: Some(unpitched),
        sound: String::new(),
    };
    piece.part(|part| part.instruments = vec![instrument("kick", 36), instrument("hat", 42)]);
    let place = StaffPosition { step: Step::F, octave: 4 };
    for at in 0..4 {
        piece.edit_note(at, |note| {
            note.pitch = NotePitch::Unpitched(Some(place));
            note.instrument = [Some("kick"), Some("hat"), None, Some("gone")][at].map(str::to_owned);
        });
    }
    let timeline = timeline(&piece.score);
    assert_eq!(keys(&timeline), [36, 42, 36, 36], "without an instrument the place says which drum it is");
    assert!(timeline.sounds.iter().all(|sound| sound.channel == Channel::PERCUSSION));
}

#[test]
fn more_parts_than_channels_share_by_program() {
    let few = timeline(&voices(12));
    let channels = |timeline: &Timeline| timeline.tracks.iter().map(|track| track.voices[0].channel.0).collect::<Vec<_>>();
    assert_eq!(channels(&few), [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]);
    let many = channels(&timeline(&voices(40)));
    assert!(many.iter().all(|channel| *channel < 16 && *channel != 9));
    // The parts' programs repeat every eight.
    assert!((0..32).all(|at| many[at] == many[at + 8]) && many[0] != many[1]);
}

#[test]
fn a_part_can_be_heard_alone() {
    let all = timeline(&voices(3));
    let alone = all.of_part(all.tracks[1].part);
    assert_eq!(alone.sounds, [all.sounds[1]]);
    assert_eq!((alone.end(), alone.tracks.len()), (all.end(), 3));
    assert!(all.of_part(PartId::from_raw(1)).sounds.is_empty());
}

#[test]
fn tremolos_trills_and_rolled_chords() {
    let mut piece = Piece::new("C4 D4 E4+G4+C5 F4");
    piece.on_event(0, MarkKind::Tremolo(2));
    piece.on_event(1, MarkKind::Ornament(Ornament::Trill));
    piece.on_event(2, MarkKind::Arpeggio(Arpeggio::Up));
    let timeline = timeline(&piece.score);
    let of = |event: usize| timeline.sounds.iter().filter(|s| s.event == piece.events[event]).collect::<Vec<_>>();
    assert_eq!(of(0).len(), 4, "a quarter with two strokes is four sixteenths");
    let trill: Vec<u8> = of(1).iter().map(|s| s.key).collect();
    assert!(trill.len() >= 4 && trill.iter().enumerate().all(|(at, key)| *key == 62 + 2 * (at as u8 % 2)), "{trill:?}");
    let roll = of(2);
    assert!(roll[0].start < roll[1].start && roll[1].start < roll[2].start && roll[0].key == 64);
    assert!(roll.iter().all(|sound| sound.end == Beat::new(3, 4)));
    assert!(roll[2].start_seconds.0 - roll[0].start_seconds.0 < 0.15);
}

#[test]
fn the_pedal_goes_down_and_up_and_does_not_hang_over_a_jump() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4 A4 B4 C5 | D5 E5 F5 G5");
    piece.span(5, 9, SpanKind::Pedal(true));
    piece.measure(1, |measure| measure.repeat_end = Some(2));
    let moves: Vec<(f64, bool)> = timeline(&piece.score)
        .controls
        .iter()
        .map(|control| (control.at.to_f64().floor(), matches!(control.kind, ControlKind::Sustain(true))))
        .collect();
    assert_eq!(moves, [(1.0, true), (2.0, false), (3.0, true), (4.0, false)]);
}

#[test]
fn verses_follow_passes() {
    let mut piece = Piece::new("C4 D4 - -");
    piece.measure(0, |measure| measure.repeat_end = Some(2));
    piece.lyric(0, "1", "Hal", Syllabic::Begin);
    piece.lyric(1, "1", "lo", Syllabic::End);
    piece.lyric(0, "2", "A", Syllabic::Single);
    let sung: Vec<String> = timeline(&piece.score).syllables.iter().map(|s| s.text.clone()).collect();
    assert_eq!(sung, ["Hal-", "lo ", "A ", "lo "]);
}

#[test]
fn the_same_score_gives_the_same_timeline_in_order() {
    let mut piece = Piece::new("C4+E4 D4~ | D4 E4+G4+C5 F4 - | - - C2 D2");
    piece.voice(1, 2, "C3 D3 E3 F3");
    let first = timeline(&piece.score);
    assert_eq!(first, timeline(&piece.score.clone()));
    assert!(first.sounds.windows(2).all(|pair| pair[0].start <= pair[1].start));
    assert!(first.sounds.iter().all(|sound| sound.end > sound.start && (1..=127).contains(&sound.velocity)));
}

#[test]
fn an_empty_score_is_an_empty_performance() {
    let empty = timeline(&Score::new());
    assert!(empty.sounds.is_empty() && empty.position_at(Seconds(0.0)).is_none());
    assert_eq!(empty.duration(), Seconds(0.0));
}
