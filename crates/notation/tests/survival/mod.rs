//! What has to hold of any bytes that are imported. The fuzz targets ask it of what they make up, the tests of real files that were
//! spoiled and of what once went wrong.

use bandpro_notation::engrave::{self, Options};
use bandpro_notation::export::{abc::abc, midi, musicxml};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::listing;
use bandpro_notation::model::{IdSource, Score};
use bandpro_notation::perform;

/// Small ones, so that what is within them is quick to engrave.
pub const LIMITS: Limits =
    Limits { bytes: 1 << 20, expanded_bytes: 1 << 20, depth: 40, elements: 10_000, parts: 20, measures: 50, notes: 500, marks: 2_000 };

/// Reads the bytes; and where that gives a score, holds it against the limits, performs it, writes it in every format, reads each
/// again, and engraves it. Whether it gave a score.
pub fn survives(bytes: &[u8]) -> bool {
    let Ok(imported) = import(bytes, &LIMITS, &mut IdSource::fixed(5)) else { return false };
    let score = imported.score;
    stays_within(&score);
    as_musicxml(&score);
    as_abc(&score);
    as_midi(&score);
    assert!(!engrave::engrave(&score, &Options::default()).is_empty(), "a score has a page");
    true
}

fn stays_within(score: &Score) {
    assert!(score.parts().len() <= LIMITS.parts, "{} parts", score.parts().len());
    assert!(score.measure_order().len() <= LIMITS.measures, "{} measures", score.measure_order().len());
    let written = score.notes().len().max(score.events().len());
    // A measure that has no notes is given a rest, and a chord or rest over a barline is written in pieces.
    let filled = LIMITS.notes + LIMITS.parts * LIMITS.measures;
    assert!(written <= 2 * filled, "{written} notes");
}

fn as_musicxml(score: &Score) {
    let written = musicxml::musicxml(score);
    let again = import(&written.bytes, &Limits::default(), &mut IdSource::fixed(5)).expect("MusicXML that was written can be read");
    if written.lost.is_empty() {
        assert_eq!(listing::events(&again.score), listing::events(score));
    }
    let packed = musicxml::mxl(score);
    let unpacked = import(&packed.bytes, &Limits::default(), &mut IdSource::fixed(5)).expect("an archive that was written can be read");
    assert_eq!(listing::events(&unpacked.score), listing::events(&again.score));
}

fn as_abc(score: &Score) {
    let written = abc(score);
    import(&written.bytes, &Limits::default(), &mut IdSource::fixed(5)).expect("ABC that was written can be read");
}

fn as_midi(score: &Score) {
    let timeline = perform::timeline(score);
    for single_track in [false, true] {
        let written = midi::midi(&timeline, &midi::MidiOptions { single_track, ..midi::MidiOptions::default() });
        let again = import(&written.bytes, &Limits::default(), &mut IdSource::fixed(5));
        assert!(again.is_ok() || timeline.sounds.is_empty() || timeline.truncated, "MIDI that was written can be read: {again:?}");
    }
}
