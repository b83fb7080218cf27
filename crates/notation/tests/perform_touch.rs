//! How notes are touched and how they end: palm mutes, strings that ring, hammer-ons, hairpins to nothing, the accidentals of trills.

mod perform_support;

use bandpro_notation::model::*;
use bandpro_notation::perform::{Timeline, timeline};
use perform_support::Piece;

/// Key, start and end in quarters, of every sound.
fn sounds(timeline: &Timeline) -> Vec<(u8, f64, f64)> {
    let quarters = |at: Beat| (at.to_f64() * 4.0 * 1000.0).round() / 1000.0;
    timeline.sounds.iter().map(|sound| (sound.key, quarters(sound.start), quarters(sound.end))).collect()
}

fn velocities(timeline: &Timeline) -> Vec<u8> {
    timeline.sounds.iter().map(|sound| sound.velocity).collect()
}

#[test]
fn what_rings_rings_until_its_line_ends_or_its_string_is_struck_again() {
    let mut piece = Piece::new("C4 E4 G4 C4 | D4 - - -");
    piece.span(0, 3, SpanKind::LetRing);
    let heard = sounds(&timeline(&piece.score));
    assert_eq!(heard, [(60, 0.0, 3.0), (64, 1.0, 4.0), (67, 2.0, 4.0), (60, 3.0, 4.0), (62, 4.0, 5.0)]);
}

#[test]
fn laissez_vibrer_sounds_beyond_its_note() {
    let mut piece = Piece::new("C4 D4 - - | - - C4 -");
    piece.edit_note(0, |note| note.let_ring = true);
    assert_eq!(sounds(&timeline(&piece.score)), [(60, 0.0, 5.0), (62, 1.0, 2.0), (60, 6.0, 7.0)], "a whole note longer");
    piece.edit_note(1, |note| note.pitch = NotePitch::Pitched("C4".parse().unwrap()));
    assert_eq!(sounds(&timeline(&piece.score))[0], (60, 0.0, 1.0), "not while it sounds anew");
}

#[test]
fn what_rings_in_a_passage_that_is_repeated_rings_each_time() {
    let mut piece = Piece::new("C4 - - - | D4 - - -");
    piece.measure(0, |measure| measure.repeat_end = Some(2));
    piece.edit_note(0, |note| note.let_ring = true);
    assert_eq!(sounds(&timeline(&piece.score)), [(60, 0.0, 4.0), (60, 4.0, 9.0), (62, 8.0, 9.0)]);
}

#[test]
fn a_palm_mute_is_short_and_soft() {
    let mut piece = Piece::new("C4 D4 E4 -");
    piece.span(0, 1, SpanKind::PalmMute);
    let heard = timeline(&piece.score);
    assert_eq!(sounds(&heard), [(60, 0.0, 0.333), (62, 1.0, 1.333), (64, 2.0, 3.0)]);
    assert_eq!(velocities(&heard), [72, 72, 80]);
}

#[test]
fn the_second_note_of_a_hammer_on_is_softer() {
    let mut piece = Piece::new("C4 D4 C4 -");
    piece.span(0, 1, SpanKind::HammerOn("H".into()));
    piece.span(1, 2, SpanKind::PullOff("P".into()));
    assert_eq!(velocities(&timeline(&piece.score)), [80, 68, 68]);
}

fn niente(kind: SpanKind, dynamic: Option<(usize, &str)>) -> Vec<u8> {
    let mut piece = Piece::new("C4 C4 C4 C4 | C4 - - -");
    piece.span(0, 3, kind);
    let id = *piece.score.spans().keys().next().unwrap();
    let mut span = piece.score.spans().get(&id).unwrap().clone();
    span.niente = true;
    piece.score.insert(id, span).unwrap();
    if let Some((at, letters)) = dynamic {
        piece.on_event(at, MarkKind::Dynamic(letters.into()));
    }
    velocities(&timeline(&piece.score))
}

#[test]
fn a_hairpin_comes_from_nothing_and_goes_to_nothing() {
    assert_eq!(niente(SpanKind::Diminuendo, None), [80, 60, 41, 21, 80], "and what follows is as before");
    assert_eq!(niente(SpanKind::Diminuendo, Some((4, "p"))), [80, 60, 41, 21, 49]);
    assert_eq!(niente(SpanKind::Crescendo, None), [1, 21, 41, 60, 80]);
    assert_eq!(niente(SpanKind::Crescendo, Some((4, "ff"))), [1, 29, 57, 84, 112]);
}

#[test]
fn the_accidental_of_a_trill_alters_its_upper_note() {
    let trill = |above: Option<AccidentalSign>, below: Option<AccidentalSign>, ornament: Ornament| {
        let mut piece = Piece::new("D4 - - -");
        piece.on_event(0, MarkKind::Ornament(ornament));
        let id = *piece.score.marks().keys().next().unwrap();
        let mut mark = piece.score.mark(id).unwrap().clone();
        (mark.accidental_above, mark.accidental_below) = (above, below);
        piece.score.insert(id, mark).unwrap();
        let keys: std::collections::BTreeSet<u8> = timeline(&piece.score).sounds.iter().map(|sound| sound.key).collect();
        keys.into_iter().collect::<Vec<u8>>()
    };
    use AccidentalSign::{Flat, Sharp};
    assert_eq!(trill(None, None, Ornament::Trill), [62, 64]);
    assert_eq!(trill(Some(Flat), None, Ornament::Trill), [62, 63]);
    assert_eq!(trill(None, Some(Sharp), Ornament::Turn), [61, 62, 64]);
}
