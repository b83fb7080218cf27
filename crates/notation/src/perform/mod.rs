//! The performance: one timeline of what sounds when, with repeats unrolled. Synth, MIDI export and play cursor all read it.
//!
//! What is stored is the written pitch; the part's transposition, and what signs change of it, lead to the sounding one. An
//! octave bracket changes nothing here: as in MusicXML (4.0, `octave-shift`), the stored pitch under it is the true one, and
//! the bracket only moves what is printed.

mod bends;
mod channels;
mod dynamics;
mod echoes;
mod glides;
mod graces;
mod order;
mod ornaments;
mod pedals;
mod signatures;
mod strikes;
mod swells;
mod swing;
mod tempo;
mod tempo_marks;
mod timeline;
mod touch;
mod unroll;
mod written;

pub use timeline::{
    Bpm, Cents, Channel, Control, ControlKind, KeyChange, Marker, Passage, Position, Seconds, Sound, Syllable, TempoChange, TimeChange,
    Timeline, Track, Voice,
};

use crate::model::Score;

/// More measures than this, repeats unrolled, are cut off: some nine hours of 4/4. Nested repeats could ask for any number.
pub const MAX_PASSAGES: usize = 16_384;

/// More sounds than this are cut off.
pub const MAX_SOUNDS: usize = 500_000;

/// Performs a score.
///
/// Never fails: what cannot be read as an instruction is not followed, and a score whose repeats ask for too much is cut at a
/// bound and says so in [`Timeline::truncated`].
pub fn timeline(score: &Score) -> Timeline {
    let written = written::Written::of(score);
    let (order, cut) = order::unroll(score);
    let mut passages = unroll::passages(&written, &order);
    let tempo = tempo::WrittenTempo::of(&written);
    let tempi = tempo.unroll(&mut passages);
    let loudness = dynamics::loudness(&written);
    let mut timeline = Timeline {
        title: score.header().title.clone(),
        times: signatures::times(&written, &passages),
        keys: signatures::keys(&written, &passages),
        tracks: channels::tracks(&written),
        first: unroll::first_passages(&passages),
        truncated: cut,
        passages,
        tempi,
        ..Timeline::default()
    };
    let strikes = unroll::strikes(&written, &loudness, &tempo);
    unroll::sounds(&strikes, &mut timeline);
    unroll::syllables(&written, &mut timeline);
    unroll::markers(&written, &mut timeline);
    bends::spread(&mut timeline);
    swells::shape(&written, &loudness, &mut timeline);
    pedals::press(&written, &mut timeline);
    timeline.sort();
    timeline
}
