//! A timeline as the messages that a synth or a MIDI port gets, prepared before anything sounds.

use bandpro_notation::perform::{Channel, ControlKind, Seconds, Timeline};

/// A channel message of the MIDI 1.0 specification: a status without its channel, and two data bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Message {
    pub channel: u8,
    pub command: u8,
    pub data: [u8; 2],
}

pub(crate) const NOTE_OFF: u8 = 0x80;
pub(crate) const NOTE_ON: u8 = 0x90;
pub(crate) const CONTROLLER: u8 = 0xb0;
pub(crate) const PROGRAM: u8 = 0xc0;
pub(crate) const WHEEL: u8 = 0xe0;

impl Message {
    const fn new(channel: Channel, command: u8, data: [u8; 2]) -> Self {
        Self { channel: channel.0 & 15, command, data: [data[0] & 127, data[1] & 127] }
    }

    /// The bytes on a wire; a program change has one data byte.
    pub fn wire(&self) -> ([u8; 3], usize) {
        ([self.command | self.channel, self.data[0], self.data[1]], if self.command == PROGRAM { 2 } else { 3 })
    }

    /// Whether it starts or ends a note, rather than shaping what follows.
    pub fn is_note(&self) -> bool {
        matches!(self.command, NOTE_ON | NOTE_OFF)
    }
}

/// A message and when it is due on the clock of the performance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Due {
    pub at: f64,
    pub message: Message,
}

/// A performance as messages in the order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Sequence {
    /// Notes and what shapes them.
    pub messages: Vec<Due>,
    /// How long the performance is.
    pub duration: Seconds,
}

impl Sequence {
    pub fn of(timeline: &Timeline) -> Self {
        let mut ranked: Vec<(f64, u8, Message)> = Vec::with_capacity(2 * timeline.sounds.len() + timeline.controls.len() + 32);
        let mut named = [false; Channel::COUNT];
        for voice in timeline.tracks.iter().flat_map(|track| &track.voices) {
            let slot = named.get_mut(usize::from(voice.channel.0));
            if slot.is_some_and(|named| !std::mem::replace(named, true)) {
                ranked.push((0.0, 1, Message::new(voice.channel, PROGRAM, [voice.program, 0])));
            }
        }
        for control in &timeline.controls {
            let message = match control.kind {
                ControlKind::Sustain(down) => Message::new(control.channel, CONTROLLER, [64, if down { 127 } else { 0 }]),
                ControlKind::Bend(cents) => {
                    let wheel = (8192.0 + cents.0 / 200.0 * 8192.0).round().clamp(0.0, 16383.0) as u16;
                    Message::new(control.channel, WHEEL, [(wheel & 127) as u8, (wheel >> 7) as u8])
                }
            };
            ranked.push((control.seconds.0, 2, message));
        }
        for (start, end, channel, key, velocity) in struck(timeline) {
            ranked.push((start, 3, Message::new(channel, NOTE_ON, [key, velocity.clamp(1, 127)])));
            ranked.push((end, 0, Message::new(channel, NOTE_OFF, [key, 64])));
        }
        ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let messages = ranked.into_iter().map(|(at, _, message)| Due { at, message }).collect();
        Self { messages, duration: timeline.duration() }
    }

    /// The first message at or after a time.
    pub fn from(&self, time: f64) -> usize {
        self.messages.partition_point(|due| due.at < time)
    }
}

/// The sounds as start, end, channel, key and velocity. A channel knows one sound of a key at a time: where a second part in
/// unison strikes a key that still sounds, the first ends there, and the second lasts as long as the longer of both.
fn struck(timeline: &Timeline) -> Vec<(f64, f64, Channel, u8, u8)> {
    let mut struck: Vec<(f64, f64, Channel, u8, u8)> = Vec::with_capacity(timeline.sounds.len());
    let mut sounding: std::collections::BTreeMap<(Channel, u8), usize> = std::collections::BTreeMap::new();
    for sound in &timeline.sounds {
        let (start, mut end) = (sound.start_seconds.0, sound.end_seconds.0);
        if let Some(before) = sounding.get(&(sound.channel, sound.key)).and_then(|at| struck.get_mut(*at))
            && before.1 > start
        {
            end = end.max(before.1);
            if before.0 == start {
                // Struck together: one sound, as hard as the harder.
                before.1 = end;
                before.4 = before.4.max(sound.velocity);
                continue;
            }
            before.1 = start;
        }
        sounding.insert((sound.channel, sound.key), struck.len());
        struck.push((start, end, sound.channel, sound.key, sound.velocity));
    }
    struck
}
