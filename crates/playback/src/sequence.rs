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
                ControlKind::Expression(value) => Message::new(control.channel, CONTROLLER, [11, value]),
                ControlKind::Program(program) => Message::new(control.channel, PROGRAM, [program, 0]),
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

    /// What shapes the notes from a place on: of each channel the program, the pedal, the expression and the wheel as they are last set
    /// before it. Allocates nothing, for the thread that makes the sound asks too.
    pub fn shape_at(&self, upto: usize) -> impl Iterator<Item = Message> {
        let mut set: [[Option<Message>; 4]; Channel::COUNT] = [[None; 4]; Channel::COUNT];
        for due in self.messages.iter().take(upto) {
            let slot = match (due.message.command, due.message.data[0]) {
                (PROGRAM, _) => 0,
                (CONTROLLER, 64) => 1,
                (CONTROLLER, _) => 2,
                (WHEEL, _) => 3,
                _ => continue,
            };
            if let Some(place) = set.get_mut(usize::from(due.message.channel)).and_then(|channel| channel.get_mut(slot)) {
                *place = Some(due.message);
            }
        }
        set.into_iter().flatten().flatten()
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

#[cfg(test)]
mod tests {
    use bandpro_notation::model::{Beat, IdSource, PartId};
    use bandpro_notation::perform::{Cents, Control, Track, Voice};

    use super::*;

    #[test]
    fn a_start_in_the_middle_finds_what_was_set_last() {
        let channel = Channel(3);
        let set = [
            (0.0, ControlKind::Expression(127)),
            (0.5, ControlKind::Sustain(true)),
            (0.8, ControlKind::Program(72)),
            (1.0, ControlKind::Expression(90)),
            (1.5, ControlKind::Expression(40)),
            (1.6, ControlKind::Bend(Cents(0.0))),
            (2.5, ControlKind::Expression(10)),
            (2.6, ControlKind::Sustain(false)),
        ];
        let control = |(at, kind): (f64, ControlKind)| Control { at: Beat::ZERO, seconds: Seconds(at), channel, track: 0, kind };
        let part: PartId = IdSource::fixed(1).next();
        let voice = Voice { name: String::new(), channel, program: 73 };
        let track = Track { part, name: String::new(), voices: vec![voice] };
        let mut timeline = Timeline::default();
        timeline.tracks.push(track);
        timeline.controls.extend(set.map(control));
        let sequence = Sequence::of(&timeline);
        let shaped = |time: f64| -> Vec<(u8, [u8; 2])> {
            sequence.shape_at(sequence.from(time)).map(|message| (message.command, message.data)).collect()
        };
        assert_eq!(shaped(2.0), [(PROGRAM, [72, 0]), (CONTROLLER, [64, 127]), (CONTROLLER, [11, 40]), (WHEEL, [0, 64])]);
        assert_eq!(shaped(0.6), [(PROGRAM, [73, 0]), (CONTROLLER, [64, 127]), (CONTROLLER, [11, 127])]);
        assert_eq!(shaped(9.0), [(PROGRAM, [72, 0]), (CONTROLLER, [64, 0]), (CONTROLLER, [11, 10]), (WHEEL, [0, 64])]);
        assert!(shaped(0.0).is_empty(), "what is set at the start is sent at the start");
    }
}
