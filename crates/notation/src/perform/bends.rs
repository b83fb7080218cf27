//! Microtones. A pitch wheel bends its whole channel, so notes with different deviations get channels of their own while there
//! are any, and otherwise move the wheel as they start.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cents, Channel, Control, ControlKind, Seconds, Timeline};

/// A deviation as something that can be compared: in hundredths of a cent.
fn name(bend: Cents) -> i64 {
    (bend.0 * 100.0).round() as i64
}

/// Gives bent notes their channels and wheels.
pub(super) fn spread(timeline: &mut Timeline) {
    if timeline.sounds.iter().all(|sound| name(sound.bend) == 0) {
        return;
    }
    own_channels(timeline);
    turn_wheels(timeline);
}

fn own_channels(timeline: &mut Timeline) {
    let taken: BTreeSet<Channel> = timeline.tracks.iter().flat_map(|track| &track.voices).map(|voice| voice.channel).collect();
    let mut free = (0..Channel::COUNT as u8).map(Channel).filter(|channel| *channel != Channel::PERCUSSION && !taken.contains(channel));
    let mut dealt: BTreeMap<(usize, Channel, i64), Channel> = BTreeMap::new();
    for sound in timeline.sounds.iter_mut().filter(|sound| name(sound.bend) != 0) {
        let lot = (sound.track, sound.channel, name(sound.bend));
        let channel = match dealt.get(&lot) {
            Some(channel) => *channel,
            None => {
                let Some(channel) = free.next() else { continue };
                dealt.insert(lot, channel);
                if let Some(track) = timeline.tracks.get_mut(sound.track)
                    && let Some(voice) = track.voices.iter().find(|voice| voice.channel == sound.channel).cloned()
                {
                    track.voices.push(super::Voice { channel, ..voice });
                }
                channel
            }
        };
        sound.channel = channel;
    }
}

/// A wheel's move wherever a channel's next note deviates differently from the one before.
fn turn_wheels(timeline: &mut Timeline) {
    let mut starts: Vec<_> = timeline.sounds.iter().map(|sound| (sound.start, sound.channel, sound.track, sound.bend)).collect();
    starts.sort_by_key(|(at, channel, track, bend)| (*at, *channel, *track, name(*bend)));
    let mut wheels: BTreeMap<Channel, i64> = BTreeMap::new();
    for (at, channel, track, bend) in starts {
        let wheel = wheels.entry(channel).or_default();
        if *wheel != name(bend) {
            *wheel = name(bend);
            let seconds: Seconds = timeline.seconds_at(at);
            timeline.controls.push(Control { at, seconds, channel, track, kind: ControlKind::Bend(bend) });
        }
    }
}
