//! Signs that stand for music: what repeats of measures and of beats sound, and slashes, which sound nothing.

mod perform_support;

use bandpro_notation::listing;
use bandpro_notation::model::*;
use bandpro_notation::perform::{MAX_SOUNDS, Timeline, timeline};
use perform_support::Piece;

/// What sounds, as `key` at its quarter from the start of the performance.
fn sung(timeline: &Timeline) -> String {
    let name = |key: u8| ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"][usize::from(key % 12)];
    let quarter = |at: Beat| (at.to_f64() * 4.0 * 100.0).round() / 100.0;
    let words: Vec<_> = timeline.sounds.iter().map(|sound| format!("{}{}", name(sound.key), quarter(sound.start))).collect();
    words.join(" ")
}

fn repeat(measures: u8) -> SignKind {
    SignKind::MeasureRepeat(Some(MeasureRepeat { measures, slashes: measures.min(2) }))
}

const STOP: SignKind = SignKind::MeasureRepeat(None);

#[test]
fn a_measure_repeat_plays_the_measure_before_again() {
    let mut piece = Piece::new("C4 D4 - - | | | E4 - - - | ");
    let before = listing::events(&piece.score).len();
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(3, Beat::ZERO, STOP);
    assert_eq!(sung(&timeline(&piece.score)), "C0 D1 C4 D5 C8 D9 E12", "as often as it is asked for, and no longer");
    assert_eq!(listing::events(&piece.score).len(), before, "nothing is written by it");
}

#[test]
fn two_and_four_measures_are_repeated_as_one() {
    let mut piece = Piece::new("C4 - - - | D4 - - - | | | | | E4");
    piece.sign(2, Beat::ZERO, repeat(2));
    piece.sign(6, Beat::ZERO, STOP);
    assert_eq!(sung(&timeline(&piece.score)), "C0 D4 C8 D12 C16 D20 E24");
    let mut piece = Piece::new("C4 | D4 | E4 | F4 | | | | ");
    piece.sign(4, Beat::ZERO, repeat(4));
    assert_eq!(sung(&timeline(&piece.score)), "C0 D4 E8 F12 C16 D20 E24 F28");
}

#[test]
fn what_a_file_writes_out_under_a_sign_is_what_is_played() {
    let mut piece = Piece::new("C4 - - - | D4 - - - | - - - - | E4");
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(3, Beat::ZERO, STOP);
    assert_eq!(sung(&timeline(&piece.score)), "C0 D4 D8 E12", "and a rest under a sign is none");
}

#[test]
fn a_repeat_of_measures_is_played_on_every_pass() {
    let mut piece = Piece::new("C4 - - - | D4 - - - | | E4 - - - ");
    piece.measure(1, |measure| measure.repeat_start = true);
    piece.measure(2, |measure| measure.repeat_end = Some(2));
    piece.sign(2, Beat::ZERO, repeat(1));
    piece.sign(3, Beat::ZERO, STOP);
    assert_eq!(sung(&timeline(&piece.score)), "C0 D4 D8 D12 D16 E20");
    // At the start of a repeated passage a sign means what stands before it on the page, whichever way it was come to.
    let mut piece = Piece::new("C4 - - - | | D4 - - -");
    piece.measure(1, |measure| measure.repeat_start = true);
    piece.measure(2, |measure| measure.repeat_end = Some(2));
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(2, Beat::ZERO, STOP);
    assert_eq!(sung(&timeline(&piece.score)), "C0 C4 D8 C12 D16");
}

#[test]
fn one_staff_repeats_while_the_other_plays() {
    let mut piece = Piece::new("C4 - - - | D4 - - - | E4");
    piece.part(|part| part.staves = 2);
    piece.voice(2, 1, "G2 - G2 - | | ");
    piece.sign(1, Beat::ZERO, repeat(1));
    let id = *piece.score.signs().keys().next().unwrap();
    let mut sign = piece.score.sign(id).unwrap().clone();
    sign.staff = Some(2);
    piece.score.insert(id, sign).unwrap();
    assert_eq!(sung(&timeline(&piece.score)), "G0 C0 G2 G4 D4 G6 G8 E8 G10");
}

#[test]
fn a_repeat_sounds_as_its_place_asks() {
    let mut piece = Piece::new("C4 D4 - - | | - - - E4");
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(2, Beat::ZERO, STOP);
    piece.on_event(0, MarkKind::Dynamic("sfz".into()));
    piece.on_event(1, MarkKind::Articulation(Articulation::Staccato));
    piece.system(1, Beat::ZERO, MarkKind::Dynamic("p".into()));
    let heard = timeline(&piece.score);
    let velocities: Vec<u8> = heard.sounds.iter().map(|sound| sound.velocity).collect();
    assert_eq!(velocities, [112, 80, 112, 49, 49], "its accents again, otherwise as loud as where it is played");
    let lengths: Vec<Beat> = heard.sounds.iter().map(|sound| sound.end - sound.start).collect();
    assert_eq!(lengths[1], Beat::new(1, 8));
    assert_eq!(lengths[3], Beat::new(1, 8), "staccato again");
}

#[test]
fn a_shorter_measure_ends_what_is_repeated_in_it() {
    let mut piece = Piece::new("C4 D4 E4 F4 | | G4");
    piece.edit_event(0, |event| event.time.duration = Beat::WHOLE);
    piece.measure(1, |measure| measure.time = Some(TimeSignature::new(2, 4)));
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(2, Beat::ZERO, STOP);
    let heard = timeline(&piece.score);
    assert_eq!(sung(&heard), "C0 D1 E2 F3 C4 D5 G6");
    assert_eq!(heard.sounds[4].end, Beat::new(6, 4), "nothing hangs over");
}

#[test]
fn a_tie_into_a_repeat_of_itself_goes_on() {
    let mut piece = Piece::new("C4~ C4~ C4~ C4~ | | D4");
    piece.edit_note(0, |note| note.tie_previous = true);
    piece.sign(1, Beat::ZERO, repeat(1));
    piece.sign(2, Beat::ZERO, STOP);
    let heard = timeline(&piece.score);
    assert_eq!(sung(&heard), "C0 D8");
    assert_eq!(heard.sounds[0].end, Beat::new(2, 1));
}

#[test]
fn without_anything_before_it_a_sign_is_silent() {
    let mut piece = Piece::new(" | C4");
    piece.sign(0, Beat::ZERO, repeat(1));
    assert_eq!(sung(&timeline(&piece.score)), "C4");
    let mut piece = Piece::new("C4 | | ");
    piece.sign(1, Beat::ZERO, repeat(4));
    assert_eq!(sung(&timeline(&piece.score)), "C0");
}

#[test]
fn tremolos_and_grace_notes_are_repeated_whole() {
    let mut piece = Piece::new("C4 E4 G4 - | ");
    piece.span(0, 1, SpanKind::Tremolo(3));
    piece.grace(2, "A4", true, false);
    let plain = sung(&timeline(&piece.score));
    let count = timeline(&piece.score).sounds.len();
    piece.sign(1, Beat::ZERO, repeat(1));
    let heard = timeline(&piece.score);
    assert_eq!(heard.sounds.len(), 2 * count);
    assert!(sung(&heard).starts_with(&plain));
    let (first, second) = heard.sounds.split_at(count);
    let same = first.iter().zip(second).all(|(a, b)| (a.key, a.end - a.start, a.start + Beat::WHOLE) == (b.key, b.end - b.start, b.start));
    assert!(same, "{}", sung(&heard));
}

#[test]
fn a_beat_repeat_plays_the_beat_before_again() {
    let mut piece = Piece::new("C4 | D4 ");
    piece.edit_event(0, |event| event.time.duration = Beat::new(1, 8));
    piece.add_at(0, Beat::new(1, 8), Beat::new(1, 8), "E4");
    piece.sign(0, Beat::QUARTER, SignKind::BeatRepeat(Some(1)));
    piece.sign(1, Beat::ZERO, SignKind::BeatRepeat(None));
    assert_eq!(sung(&timeline(&piece.score)), "C0 E0.5 C1 E1.5 C2 E2.5 C3 E3.5 D4");
    let mut piece = Piece::new("- - - C4 | | D4");
    piece.sign(1, Beat::ZERO, SignKind::BeatRepeat(Some(1)));
    piece.sign(2, Beat::ZERO, SignKind::BeatRepeat(None));
    assert_eq!(sung(&timeline(&piece.score)), "C3 C4 C5 C6 C7 D8", "over a barline");
    let mut piece = Piece::new("C4 D4 E4 F4");
    piece.sign(0, Beat::QUARTER, SignKind::BeatRepeat(Some(1)));
    assert_eq!(sung(&timeline(&piece.score)), "C0 D1 E2 F3", "what is written out is played as it is");
}

#[test]
fn a_beat_is_what_the_time_signature_counts() {
    let mut piece = Piece::new("C4 | ");
    piece.edit_event(0, |event| event.time.duration = Beat::new(1, 8));
    piece.measure(0, |measure| measure.time = Some(TimeSignature::new(6, 8)));
    piece.sign(0, Beat::new(3, 8), SignKind::BeatRepeat(Some(1)));
    piece.sign(1, Beat::ZERO, SignKind::BeatRepeat(None));
    assert_eq!(sung(&timeline(&piece.score)), "C0 C1.5");
}

#[test]
fn repeats_of_very_much_are_bounded() {
    let many = ["C4"; 100].join("+");
    let mut piece = Piece::new(&format!("{many} {many} {many} {many}{}", " |".repeat(2000)));
    piece.sign(1, Beat::ZERO, repeat(1));
    let heard = timeline(&piece.score);
    assert!(heard.truncated);
    assert!(heard.sounds.len() <= MAX_SOUNDS);
}

#[test]
fn slashes_are_for_the_player_to_fill() {
    let mut piece = Piece::new("C4 D4 E4 F4 | G4");
    piece.edit_note(1, |note| note.head = Notehead::Slash);
    assert_eq!(sung(&timeline(&piece.score)), "C0 E2 F3 G4", "a slash head says when, not what");
    piece.part(|part| {
        let (key, name, sound) = (String::new(), "Clap".into(), String::new());
        part.instruments = vec![Instrument { key, name, program: None, channel: Some(9), unpitched: None, sound }];
    });
    assert_eq!(timeline(&piece.score).sounds.len(), 5, "on a drum it is a head like any other");
    let mut piece = Piece::new("C4 D4 - - | ");
    piece.sign(0, Beat::ZERO, SignKind::Slash(Some(SlashStyle::default())));
    assert_eq!(sung(&timeline(&piece.score)), "C0 D1", "music that stands under slashes is played");
}

#[test]
fn a_style_that_ends_where_another_begins_has_ended() {
    for seed in 0..8 {
        let mut piece = Piece::new("C4 | | D4");
        let mut ids = IdSource::fixed(100 + seed);
        let at = Moment { measure: piece.measure_id(1), beat: Beat::ZERO };
        for kind in [repeat(1), STOP] {
            let id: SignId = ids.next();
            piece.score.insert(id, Sign { part: piece.part, at, kind, ..Sign::default() }).unwrap();
        }
        assert_eq!(sung(&timeline(&piece.score)), "C0 C4 D8", "whichever of the two is read first");
    }
}
