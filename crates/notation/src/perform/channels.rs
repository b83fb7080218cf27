//! Which instrument plays on which channel, with which General MIDI program, and which key a drum is.

use std::collections::BTreeMap;

use crate::model::{Instrument, Note, NotePitch, Notehead, Part};

use super::written::Written;
use super::{Channel, Track, Voice};

/// Words of instrument names and standard sounds, with their General MIDI program from 0; the first that fits is taken.
/// General MIDI Level 1 Sound Set (MIDI Manufacturers Association, RP-003).
const PROGRAMS: &[(&str, u8)] = &[
    ("electric piano", 4),
    ("harpsichord", 6),
    ("clavichord", 7),
    ("celesta", 8),
    ("glockenspiel", 9),
    ("vibraphone", 11),
    ("marimba", 12),
    ("xylophone", 13),
    ("tubular", 14),
    ("accordion", 21),
    ("harmonica", 22),
    ("organ", 19),
    ("bass guitar", 33),
    ("electric bass", 33),
    ("acoustic bass", 32),
    ("upright bass", 32),
    ("electric guitar", 27),
    ("guitar", 24),
    ("ukulele", 24),
    ("banjo", 105),
    ("mandolin", 25),
    ("contrabassoon", 70),
    ("bassoon", 70),
    ("bass clarinet", 71),
    ("clarinet", 71),
    ("english horn", 69),
    ("oboe", 68),
    ("piccolo", 72),
    ("flute", 73),
    ("recorder", 74),
    ("soprano sax", 64),
    ("alto sax", 65),
    ("baritone sax", 67),
    ("tenor sax", 66),
    ("sax", 65),
    ("bass trombone", 57),
    ("trombone", 57),
    ("flugelhorn", 56),
    ("trumpet", 56),
    ("cornet", 56),
    ("french horn", 60),
    ("euphonium", 58),
    ("tuba", 58),
    ("horn", 60),
    ("timpani", 47),
    ("harp", 46),
    ("violoncello", 42),
    ("cello", 42),
    ("contrabass", 43),
    ("double bass", 43),
    ("viola", 41),
    ("violin", 40),
    ("strings", 48),
    ("soprano", 52),
    ("mezzo", 52),
    ("alto", 52),
    ("tenor", 52),
    ("baritone", 52),
    ("choir", 52),
    ("voice", 52),
    ("vocal", 52),
    ("singstimme", 53),
    ("gesang", 53),
    ("piano", 0),
    ("bass", 32),
];

/// The tracks of a score with the channels of their instruments.
pub(super) fn tracks(written: &Written<'_>) -> Vec<Track> {
    let mut tracks: Vec<Track> = written.parts.iter().map(|(id, part)| track(*id, part)).collect();
    share_channels(&mut tracks);
    tracks
}

fn track(id: crate::model::PartId, part: &Part) -> Track {
    Track { part: id, name: part.name.clone(), voices: voices(part) }
}

/// The sounds of a part, before channels are dealt out to those that are no drums.
pub(super) fn voices(part: &Part) -> Vec<Voice> {
    let default =
        Instrument { key: String::new(), name: part.name.clone(), program: None, channel: None, unpitched: None, sound: String::new() };
    let instruments = if part.instruments.is_empty() { std::slice::from_ref(&default) } else { &part.instruments };
    instruments.iter().map(|instrument| voice(instrument, part)).collect()
}

fn voice(instrument: &Instrument, part: &Part) -> Voice {
    let drum = instrument.unpitched.is_some() || instrument.channel == Some(Channel::PERCUSSION.0) || is_drum_name(instrument, part);
    let program = instrument.program.filter(|program| *program < 128).unwrap_or_else(|| {
        let names = [&instrument.sound, &instrument.name, &part.name].map(|name| name.to_lowercase());
        let fits = |(word, _): &&(&str, u8)| names.iter().any(|name| name.contains(word));
        if drum { 0 } else { PROGRAMS.iter().find(fits).map_or(0, |(_, program)| *program) }
    });
    let name = if instrument.name.is_empty() { part.name.clone() } else { instrument.name.clone() };
    // Melodic channels are dealt out afterwards; until then any other will do.
    Voice { name, channel: if drum { Channel::PERCUSSION } else { Channel(0) }, program }
}

fn is_drum_name(instrument: &Instrument, part: &Part) -> bool {
    let says = |name: &str| ["drum", "percussion", "schlagzeug"].iter().any(|word| name.to_lowercase().contains(word));
    instrument.program.is_none() && (instrument.sound.starts_with("drum.") || says(&instrument.name) || says(&part.name))
}

/// Deals out the fifteen melodic channels: one each while they last, then one for each program, then one for each part, which
/// changes programs on it, then for each family of eight programs, in the order of the score.
fn share_channels(tracks: &mut [Track]) {
    let free: Vec<Channel> = (0..Channel::COUNT as u8).map(Channel).filter(|channel| *channel != Channel::PERCUSSION).collect();
    let melodic = || tracks.iter().flat_map(|track| &track.voices).filter(|voice| voice.channel != Channel::PERCUSSION);
    let count = melodic().count();
    let programs = melodic().map(|voice| voice.program).collect::<std::collections::BTreeSet<_>>().len();
    let parts = tracks.iter().filter(|track| track.voices.iter().any(|voice| voice.channel != Channel::PERCUSSION)).count();
    let mut dealt: BTreeMap<usize, Channel> = BTreeMap::new();
    let voices = tracks.iter_mut().enumerate().flat_map(|(part, track)| track.voices.iter_mut().map(move |voice| (part, voice)));
    for (serial, (part, voice)) in voices.filter(|(_, voice)| voice.channel != Channel::PERCUSSION).enumerate() {
        let lot = if count <= free.len() {
            serial
        } else if programs <= free.len() {
            usize::from(voice.program)
        } else if parts <= free.len() {
            part
        } else {
            usize::from(voice.program) / 8
        };
        let next = free.get(dealt.len() % free.len()).copied().unwrap_or(Channel(0));
        voice.channel = *dealt.entry(lot).or_insert(next);
    }
}

/// The General MIDI key of a note without pitch.
pub(super) fn percussion_key(note: &Note, part: &Part) -> u8 {
    let named = note.instrument.as_ref().and_then(|key| part.instruments.iter().find(|instrument| instrument.key == *key));
    let only = || if part.instruments.len() == 1 { part.instruments.first() } else { None };
    named.or_else(only).and_then(|instrument| instrument.unpitched).unwrap_or_else(|| key_of_place(note)).min(127)
}

/// The drum that usually stands at a place of a five-line staff. Weinberg, “Standardized Drumset Notation” (Percussive Notes,
/// 1994), read in treble clef: bass drum F4, snare C5, hi-hat G5 with a cross, ride F5 with a cross, crash A5.
fn key_of_place(note: &Note) -> u8 {
    let cross = matches!(note.head, Notehead::X | Notehead::Cross | Notehead::CircleX);
    let NotePitch::Unpitched(Some(place)) = note.pitch else { return 38 };
    match (place.diatonic() - 4 * 7, cross) {
        (..=1, true) => 44,
        (2..=3, _) => 36,
        (..=1, false) => 35,
        (4, _) => 41,
        (5, _) => 43,
        (6, false) => 41,
        (7, false) => 38,
        (6..=7, true) => 37,
        (8, false) => 47,
        (9, false) => 48,
        (10, false) => 50,
        (8..=10, true) => 51,
        (11, true) => 42,
        (11, false) => 50,
        (12, _) => 49,
        (13.., _) => 57,
    }
}

/// Which of a track's voices plays a note: the one it names, or else the one that the part has changed to.
pub(super) fn voice_of(note: &Note, changed: Option<&str>, part: &Part) -> usize {
    let place = |key: &str| part.instruments.iter().position(|instrument| instrument.key == *key);
    note.instrument.as_deref().or(changed).and_then(place).unwrap_or(0)
}
