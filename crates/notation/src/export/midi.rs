//! Standard MIDI Files (MMA RP-001): type 1, a track for tempo and signatures, then a track for each part; or type 0, all in one.

use std::collections::BTreeMap;

use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, PitchBend, Smf, Timing, TrackEvent, TrackEventKind};

use crate::model::{Beat, PartId};
use crate::perform::{Cents, Channel, ControlKind, Sound, Timeline, Track, Voice};

use super::{Exported, Lost};

/// How a MIDI file is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MidiOptions {
    /// The resolution: ticks in a quarter note, 24 to 32767.
    pub ticks_per_quarter: u16,
    /// Only this part, if one is named; tempo and signatures are written all the same.
    pub part: Option<PartId>,
    /// Everything in one track (type 0), as some instruments and players want it, instead of a track for each part (type 1).
    pub single_track: bool,
}

impl Default for MidiOptions {
    /// 960 ticks hold triplets to the hundred-and-twenty-eighth note and quintuplets exactly.
    fn default() -> Self {
        Self { ticks_per_quarter: 960, part: None, single_track: false }
    }
}

/// What happens first among events of one tick: notes end before others start, and what shapes a note stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Off,
    Meta,
    Control,
    On,
}

type Events<'a> = Vec<(u32, Rank, TrackEventKind<'a>)>;

/// Writes a performance as a Standard MIDI File.
///
/// Every start and end is rounded to the nearest tick from its exact time, so that nothing drifts; no note is shorter than a
/// tick. What the format cannot hold is listed.
pub fn midi(timeline: &Timeline, options: &MidiOptions) -> Exported {
    let resolution = options.ticks_per_quarter.clamp(24, 0x7fff);
    let clock = Clock { resolution };
    let format = if options.single_track { Format::SingleTrack } else { Format::Parallel };
    let mut file = Smf::new(Header::new(format, Timing::Metrical(u15::new(resolution))));
    let end = clock.tick(timeline.end());
    let programs = programs(timeline);
    let wanted = |track: &Track| options.part.is_none_or(|part| part == track.part);
    let parts = timeline.tracks.iter().enumerate().filter(|(_, track)| wanted(track));
    let mut tracks: Vec<Events<'_>> = vec![conductor(timeline, clock)];
    tracks.extend(parts.map(|(place, track)| part(timeline, place, track, &programs, clock)));
    if options.single_track {
        // One track has one name: the piece's. What each part is called it cannot say.
        let named = |event: &(u32, Rank, TrackEventKind<'_>)| !matches!(event.2, TrackEventKind::Meta(MetaMessage::TrackName(_)));
        let mut all: Events<'_> = Vec::new();
        for (place, track) in tracks.into_iter().enumerate() {
            all.extend(track.into_iter().filter(|event| place == 0 || named(event)));
        }
        tracks = vec![all];
    }
    file.tracks = tracks.into_iter().map(|track| written(track, end)).collect();
    let mut bytes = Vec::new();
    // Writing into memory cannot fail but for a track beyond four gigabytes, far beyond the bound on sounds.
    let complete = file.write_std(&mut bytes).is_ok();
    Exported { bytes, lost: lost(timeline, &programs, complete) }
}

/// Musical time in ticks.
#[derive(Clone, Copy)]
struct Clock {
    resolution: u16,
}

impl Clock {
    /// The nearest tick, halves up.
    fn tick(self, at: Beat) -> u32 {
        let (num, den) = (i128::from(at.numerator()) * i128::from(self.resolution) * 4, i128::from(at.denominator()));
        u32::try_from((2 * num + den).div_euclid(2 * den)).unwrap_or(if num < 0 { 0 } else { u32::MAX })
    }
}

/// Tempo, signatures, rehearsal marks and title.
fn conductor(timeline: &Timeline, clock: Clock) -> Events<'_> {
    let mut events: Events<'_> = Vec::new();
    let mut meta = |at: Beat, message| events.push((clock.tick(at), Rank::Meta, TrackEventKind::Meta(message)));
    meta(Beat::ZERO, MetaMessage::TrackName(timeline.title.as_bytes()));
    for change in &timeline.times {
        let numerator = u8::try_from(change.beats).unwrap_or(u8::MAX);
        // The file knows powers of two only; other denominators are read as the next smaller one.
        let power = change.unit.max(1).ilog2() as u8;
        let click = (96_u16 >> power.min(6)).max(1) as u8;
        meta(change.at, MetaMessage::TimeSignature(numerator, power, click, 8));
    }
    for change in &timeline.keys {
        meta(change.at, MetaMessage::KeySignature(change.fifths.clamp(-7, 7), change.minor));
    }
    for change in &timeline.tempi {
        let micros = (60_000_000.0 / change.tempo.0).round().clamp(1.0, f64::from(0x00ff_ffff)) as u32;
        meta(change.at, MetaMessage::Tempo(u24::new(micros)));
    }
    for marker in &timeline.markers {
        meta(marker.at, MetaMessage::Marker(marker.text.as_bytes()));
    }
    events
}

/// The program of each channel: its first voice's.
fn programs(timeline: &Timeline) -> BTreeMap<Channel, u8> {
    let mut programs = BTreeMap::new();
    for voice in timeline.tracks.iter().flat_map(|track| &track.voices) {
        programs.entry(voice.channel).or_insert(voice.program);
    }
    programs
}

fn message<'a>(channel: Channel, message: MidiMessage) -> TrackEventKind<'a> {
    TrackEventKind::Midi { channel: u4::new(channel.0 & 15), message }
}

fn controller<'a>(channel: Channel, number: u8, value: u8) -> TrackEventKind<'a> {
    message(channel, MidiMessage::Controller { controller: u7::new(number & 127), value: u7::new(value & 127) })
}

/// The wheel's position for a deviation, its range being two semitones either way.
fn wheel(bend: Cents) -> PitchBend {
    PitchBend::from_f64((bend.0 / 200.0).clamp(-1.0, 1.0))
}

/// Names, programs, notes, controllers and lyrics of a part.
fn part<'a>(timeline: &'a Timeline, place: usize, track: &'a Track, programs: &BTreeMap<Channel, u8>, clock: Clock) -> Events<'a> {
    let mut events: Events<'a> = vec![(0, Rank::Meta, TrackEventKind::Meta(MetaMessage::TrackName(track.name.as_bytes())))];
    let mut set_up: Vec<Channel> = Vec::new();
    for voice in &track.voices {
        if !set_up.contains(&voice.channel) {
            set_up.push(voice.channel);
            let program = programs.get(&voice.channel).copied().unwrap_or(voice.program);
            events.push((0, Rank::Meta, TrackEventKind::Meta(MetaMessage::InstrumentName(voice.name.as_bytes()))));
            events.push((0, Rank::Control, message(voice.channel, MidiMessage::ProgramChange { program: u7::new(program & 127) })));
        }
    }
    let bends = |channel: &Channel| timeline.controls.iter().any(|c| c.channel == *channel && matches!(c.kind, ControlKind::Bend(_)));
    for channel in set_up.into_iter().filter(bends) {
        // Registered parameter 0, the wheel's range: two semitones.
        let range = [(101, 0), (100, 0), (6, 2), (38, 0)];
        events.extend(range.map(|(number, value)| (0, Rank::Control, controller(channel, number, value))));
    }
    for control in timeline.controls.iter().filter(|control| control.track == place) {
        let kind = match control.kind {
            ControlKind::Sustain(down) => controller(control.channel, 64, if down { 127 } else { 0 }),
            ControlKind::Bend(bend) => message(control.channel, MidiMessage::PitchBend { bend: wheel(bend) }),
            ControlKind::Expression(value) => controller(control.channel, 11, value),
            ControlKind::Program(program) => message(control.channel, MidiMessage::ProgramChange { program: u7::new(program & 127) }),
        };
        events.push((clock.tick(control.at), Rank::Control, kind));
    }
    for syllable in timeline.syllables.iter().filter(|syllable| syllable.track == place) {
        let text = TrackEventKind::Meta(MetaMessage::Lyric(syllable.text.as_bytes()));
        events.push((clock.tick(syllable.at), Rank::Meta, text));
    }
    for (sound, end) in struck(timeline, place) {
        let (key, vel) = (u7::new(sound.key & 127), u7::new(sound.velocity.clamp(1, 127)));
        let start = clock.tick(sound.start);
        let end = clock.tick(end).max(start.saturating_add(1));
        events.push((start, Rank::On, message(sound.channel, MidiMessage::NoteOn { key, vel })));
        events.push((end, Rank::Off, message(sound.channel, MidiMessage::NoteOff { key, vel: u7::new(64) })));
    }
    events
}

/// The sounds of a track with their ends on the keys they are on: one that is struck again while it sounds ends there, and
/// those that are struck at once, as by two voices in unison, end together. A file cannot say which of them a note-off means.
fn struck(timeline: &Timeline, place: usize) -> Vec<(&Sound, Beat)> {
    let mut keys: BTreeMap<(Channel, u8), Vec<&Sound>> = BTreeMap::new();
    for sound in timeline.sounds.iter().filter(|sound| sound.track == place) {
        keys.entry((sound.channel, sound.key)).or_default().push(sound);
    }
    let mut struck = Vec::new();
    for sounds in keys.into_values() {
        // They are in the order of their starts.
        let mut rest = sounds.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|sound| sound.start == first.start).count();
            let (together, later) = rest.split_at(count);
            let longest = together.iter().map(|sound| sound.end).max().unwrap_or(first.end);
            let end = later.first().map_or(longest, |next| longest.min(next.start));
            struck.extend(together.iter().map(|sound| (*sound, end)));
            rest = later;
        }
    }
    struck
}

/// Events in their order with the ticks between them, and the end of the track.
fn written(mut events: Events<'_>, end: u32) -> Vec<TrackEvent<'_>> {
    events.sort_by_key(|(tick, rank, _)| (*tick, *rank));
    let last = events.last().map_or(end, |(tick, _, _)| end.max(*tick));
    events.push((last, Rank::On, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    let mut now = 0;
    let timed = events.into_iter().map(|(tick, _, kind)| {
        let delta = u28::new((tick - now).min(0x0fff_ffff));
        now = tick;
        TrackEvent { delta, kind }
    });
    timed.collect()
}

fn lost(timeline: &Timeline, programs: &BTreeMap<Channel, u8>, complete: bool) -> Vec<Lost> {
    let voices = || timeline.tracks.iter().flat_map(|track| &track.voices);
    let other_program = |channel: Channel, program: u8| programs.get(&channel).is_some_and(|own| *own != program);
    // Instruments of one part change the program of its channel.
    let changed =
        |voice: &&Voice| timeline.controls.iter().any(|c| c.channel == voice.channel && c.kind == ControlKind::Program(voice.program));
    let programs = voices()
        .filter(|voice| voice.channel != Channel::PERCUSSION && other_program(voice.channel, voice.program) && !changed(voice))
        .count();
    let odd_units = timeline.times.iter().filter(|time| !time.unit.is_power_of_two()).count();
    let losses = [
        ("repeats or notes beyond the bound on a performance", usize::from(timeline.truncated)),
        ("instruments beyond the fifteen channels, sounded by another of their family", programs),
        ("time signatures whose denominator is no power of two", odd_units),
        ("tracks beyond the size that the format allows", usize::from(!complete)),
    ];
    let found = losses.into_iter().filter(|(_, times)| *times > 0);
    found.map(|(what, times)| Lost { what: what.into(), times: u32::try_from(times).unwrap_or(u32::MAX) }).collect()
}
