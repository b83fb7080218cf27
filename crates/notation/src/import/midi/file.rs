//! A file's events, track by track, in ticks.

use std::collections::BTreeMap;

use midly::{Format, MetaMessage, MidiMessage, Timing, TrackEventKind};

use super::super::report::Report;
use super::super::{Bound, ImportError, Limits};

/// A note as it was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Played {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) key: u8,
    pub(super) channel: u8,
}

/// A track.
#[derive(Debug, Default)]
pub(super) struct Track {
    pub(super) name: String,
    pub(super) instrument: String,
    pub(super) notes: Vec<Played>,
    /// The first program of each channel.
    pub(super) programs: [Option<u8>; 16],
    /// When the sustain pedal goes down or up, by channel.
    pub(super) pedals: Vec<(u32, u8, bool)>,
    /// Where it is now, by channel.
    pedal_down: [bool; 16],
    pub(super) lyrics: Vec<(u32, String)>,
}

/// A file.
#[derive(Debug, Default)]
pub(super) struct File {
    /// Ticks in a quarter note.
    pub(super) resolution: u32,
    pub(super) tracks: Vec<Track>,
    /// Microseconds of a quarter note from a tick on.
    pub(super) tempi: Vec<(u32, u32)>,
    /// Beats and unit of the time signature from a tick on.
    pub(super) times: Vec<(u32, u16, u16)>,
    /// Sharps or flats, and whether the key is minor, from a tick on.
    pub(super) keys: Vec<(u32, i8, bool)>,
    pub(super) markers: Vec<(u32, String)>,
    pub(super) copyright: String,
    /// The last tick that anything happens at.
    pub(super) end: u32,
}

/// More markers, words or pedal changes than this in one track are of no music.
const MOST_EVENTS: usize = 100_000;

/// Reads the events of a file.
pub(super) fn read(bytes: &[u8], limits: &Limits, report: &mut Report) -> Result<File, ImportError> {
    let broken = |error: midly::Error| ImportError::Midi { reason: error.kind().message().to_owned() };
    if has_impossible_frames(bytes) {
        return Err(ImportError::Midi { reason: "its frames a second are impossible".to_owned() });
    }
    let (header, tracks) = midly::parse(bytes).map_err(broken)?;
    if is_cut_off(bytes) {
        report.repaired(&["file that is cut off: what came after is missing"], bytes.len());
    }
    let mut file = File { resolution: resolution(header.timing, report), ..File::default() };
    let mut notes = 0;
    for (index, events) in tracks.enumerate() {
        if index >= limits.parts {
            return Err(ImportError::TooLarge { bound: Bound::Parts, max: limits.parts as u64, place: None });
        }
        if header.format == Format::Sequential && index > 0 {
            report.unsupported(&["type 2: patterns after the first"], 0);
            break;
        }
        let track = track(events.map_err(broken)?, limits, &mut notes, &mut file, report)?;
        file.tracks.push(track);
    }
    file.tempi.sort_by_key(|(at, _)| *at);
    file.times.sort_by_key(|(at, ..)| *at);
    file.keys.sort_by_key(|(at, ..)| *at);
    file.markers.sort();
    file.markers.dedup();
    Ok(file)
}

/// Where the file's header starts: in a RIFF file, not at its first byte.
fn head(bytes: &[u8]) -> Option<usize> {
    bytes.get(..bytes.len().min(64))?.windows(4).position(|window| window == b"MThd")
}

/// Whether there are fewer tracks than the header says, or fewer bytes than a track says. The parser takes what there is.
fn is_cut_off(bytes: &[u8]) -> bool {
    let number = |at: usize, length: usize| {
        let digits = bytes.get(at..at + length)?;
        Some(digits.iter().fold(0_usize, |sum, byte| sum << 8 | usize::from(*byte)))
    };
    let whole = || {
        let mut at = head(bytes)?;
        let mut tracks = number(at + 10, 2)?;
        loop {
            let end = at + 8 + number(at + 4, 4)?;
            tracks -= usize::from(bytes.get(at..end)?.starts_with(b"MTrk"));
            if tracks == 0 {
                return Some(());
            }
            at = end;
        }
    };
    whole().is_none()
}

/// Whether the header counts -128 frames a second, which cannot be negated and which the parser does not expect.
fn has_impossible_frames(bytes: &[u8]) -> bool {
    head(bytes).and_then(|at| bytes.get(at + 12)) == Some(&0x80)
}

/// Ticks in a quarter note. A file that counts seconds has none; its quarter notes are taken to last half a second.
fn resolution(timing: Timing, report: &mut Report) -> u32 {
    match timing {
        Timing::Metrical(ticks) => u32::from(ticks.as_int()).max(1),
        Timing::Timecode(frames, ticks) => {
            report.repaired(&["time in seconds (SMPTE), read as 120 quarter notes a minute"], 0);
            (u32::from(frames.as_int()) * u32::from(ticks) / 2).max(1)
        }
    }
}

fn track(
    events: midly::EventIter<'_>,
    limits: &Limits,
    notes: &mut usize,
    file: &mut File,
    report: &mut Report,
) -> Result<Track, ImportError> {
    let mut track = Track::default();
    let mut now = 0_u32;
    let mut open = Open::new();
    let mut extras = 0;
    for event in events {
        let Ok(event) = event else {
            report.invalid(&["track that breaks off"], 0);
            break;
        };
        now = now.saturating_add(event.delta.as_int());
        match event.kind {
            TrackEventKind::Midi { channel, message } => {
                let channel = channel.as_int();
                if matches!(message, MidiMessage::NoteOn { vel, .. } if vel > 0) {
                    *notes += 1;
                    if *notes > limits.notes {
                        return Err(ImportError::TooLarge { bound: Bound::Notes, max: limits.notes as u64, place: None });
                    }
                }
                message_of(&mut track, &mut open, (now, channel), message, report);
            }
            TrackEventKind::Meta(message) => {
                extras += 1;
                if extras <= MOST_EVENTS {
                    meta(&mut track, file, now, &message, report);
                }
            }
            TrackEventKind::SysEx(_) | TrackEventKind::Escape(_) => report.unsupported(&["system exclusive message"], 0),
        }
    }
    for ((channel, key), (start, times)) in std::mem::take(&mut open) {
        for _ in 0..times {
            report.repaired(&["note that never ends"], 0);
            track.notes.push(Played { start, end: now.max(start.saturating_add(1)), key, channel });
        }
    }
    track.notes.sort_by_key(|note| (note.start, note.key, note.end));
    file.end = file.end.max(now);
    Ok(track)
}

/// The notes that sound, by channel and key: since when, and how many. Those of one key have one start, for a key that is struck again
/// has been let go.
type Open = BTreeMap<(u8, u8), (u32, u32)>;

fn message_of(track: &mut Track, open: &mut Open, (now, channel): (u32, u8), message: MidiMessage, report: &mut Report) {
    match message {
        MidiMessage::NoteOn { key, vel } if vel > 0 => {
            let key = (channel, key.as_int());
            while open.get(&key).is_some_and(|(start, _)| *start < now) {
                close(track, open, now, key);
            }
            // Two that are struck at once both sound.
            open.entry(key).or_insert((now, 0)).1 += 1;
        }
        MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => close(track, open, now, (channel, key.as_int())),
        MidiMessage::ProgramChange { program } => {
            let slot = track.programs.get_mut(usize::from(channel));
            match slot {
                Some(Some(first)) if *first != program.as_int() => report.unsupported(&["program change in the middle"], 0),
                Some(slot) => *slot = Some(program.as_int()),
                None => {}
            }
        }
        MidiMessage::Controller { controller, value } if controller.as_int() == 64 => {
            let down = value.as_int() >= 64;
            let last = track.pedal_down.get_mut(usize::from(channel));
            if last.is_some_and(|last| std::mem::replace(last, down) != down) && track.pedals.len() < MOST_EVENTS {
                track.pedals.push((now, channel, down));
            }
        }
        // Volume, pan and the like belong to a mix; a wheel's bends are not notes of their own.
        MidiMessage::PitchBend { .. } => report.unsupported(&["pitch bend"], 0),
        MidiMessage::Controller { .. } | MidiMessage::Aftertouch { .. } | MidiMessage::ChannelAftertouch { .. } => {}
    }
}

fn close(track: &mut Track, open: &mut Open, now: u32, key: (u8, u8)) {
    let Some((start, times)) = open.get_mut(&key) else { return };
    track.notes.push(Played { start: *start, end: now.max(start.saturating_add(1)), key: key.1, channel: key.0 });
    *times -= 1;
    if *times == 0 {
        open.remove(&key);
    }
}

fn meta(track: &mut Track, file: &mut File, now: u32, message: &MetaMessage<'_>, report: &mut Report) {
    match message {
        MetaMessage::TrackName(name) if track.name.is_empty() => track.name = text(name),
        MetaMessage::InstrumentName(name) if track.instrument.is_empty() => track.instrument = text(name),
        MetaMessage::Lyric(words) => track.lyrics.push((now, text(words))),
        // Karaoke files sing in text events; what starts with @ is about the file.
        MetaMessage::Text(words) if now > 0 && !words.starts_with(b"@") => track.lyrics.push((now, text(words))),
        MetaMessage::Marker(words) => file.markers.push((now, text(words))),
        MetaMessage::Copyright(words) if file.copyright.is_empty() => file.copyright = text(words),
        MetaMessage::Tempo(micros) => file.tempi.push((now, micros.as_int().max(1))),
        MetaMessage::TimeSignature(beats, power, ..) => {
            let unit = 1_u16.checked_shl(u32::from(*power)).filter(|unit| *unit <= 128);
            match unit.filter(|_| *beats > 0) {
                Some(unit) => file.times.push((now, u16::from(*beats), unit)),
                None => report.invalid(&["time signature"], 0),
            }
        }
        MetaMessage::KeySignature(fifths, minor) => match (-7..=7).contains(fifths) {
            true => file.keys.push((now, *fifths, *minor)),
            false => report.invalid(&["key signature"], 0),
        },
        MetaMessage::CuePoint(_) => report.unsupported(&["cue point"], 0),
        _ => {}
    }
}

/// Text of a file: UTF-8 where it is, else Windows' Latin-1; no control characters.
fn text(bytes: &[u8]) -> String {
    let bytes = bytes.get(..bytes.len().min(1000)).unwrap_or_default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| super::super::encoding::windows_1252(*byte)).collect(),
    };
    text.chars().filter(|c| !c.is_control()).collect()
}
