//! Hairpins heard within a note. What is struck, such as a piano, has its loudness from the strike alone; what is blown, bowed or sung
//! swells while it sounds, by the expression controller.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Beat;

use super::dynamics::{Level, Loudness};
use super::written::Written;
use super::{Channel, Control, ControlKind, Passage, Sound, Timeline};

/// How finely the loudness moves: a thirty-second note.
const STEP: Beat = Beat::new(1, 32);

/// A note within which the loudness changes less than this is struck as it is.
const HEARD: Level = 4.0;

/// Whether a General MIDI program, from 0, can change its loudness while it sounds: accordions, strings that are bowed, voices,
/// winds, synth leads and pads.
fn is_sustained(program: u8) -> bool {
    matches!(program, 21..=23 | 40..=44 | 48..=54 | 56..=95 | 110..=111)
}

/// Lets the sounds of sustained instruments swell under hairpins: they are struck at the loudest level of the way, and the expression
/// controller follows the way. Elsewhere it is at its full value, so that velocity alone says how loud a note is.
pub(super) fn shape(written: &Written<'_>, loudness: &BTreeMap<(usize, u8), Loudness>, timeline: &mut Timeline) {
    for track in 0..timeline.tracks.len() {
        // The staves of one part may be at different levels, and they share its channels.
        let staves = written.parts.get(track).map_or(1, |(_, part)| part.staves);
        let channels = own_sustained_channels(timeline, track);
        let Some(level) = loudness.get(&(track, 1)).filter(|_| staves == 1 && !channels.is_empty()) else { continue };
        let way = Way { written, level, passages: &timeline.passages };
        let mine: Vec<usize> = (0..timeline.sounds.len())
            .filter(|at| timeline.sounds.get(*at).is_some_and(|sound| sound.track == track && channels.contains(&sound.channel)))
            .collect();
        let windows = windows(&way, &mine, &timeline.sounds);
        let mut values: Vec<(Beat, u8)> = Vec::new();
        for window in &windows {
            let loudest = strike_loudest(&way, window, &mut timeline.sounds);
            follow(&way, window, loudest, &timeline.sounds, &mut values);
        }
        if values.is_empty() {
            continue;
        }
        values.insert(0, (Beat::ZERO, 127));
        let mut now = None;
        for (at, value) in values {
            if now.replace(value) != Some(value) {
                let seconds = timeline.seconds_at(at);
                let control = |channel: &Channel| Control { at, seconds, channel: *channel, track, kind: ControlKind::Expression(value) };
                timeline.controls.extend(channels.iter().map(control));
            }
        }
    }
}

/// The channels that this track alone plays on, if all its instruments are sustained.
fn own_sustained_channels(timeline: &Timeline, track: usize) -> BTreeSet<Channel> {
    let Some(own) = timeline.tracks.get(track) else { return BTreeSet::new() };
    let others: BTreeSet<Channel> =
        timeline.tracks.iter().enumerate().filter(|(at, _)| *at != track).flat_map(|(_, other)| &other.voices).map(|v| v.channel).collect();
    let fits =
        |voice: &super::Voice| voice.channel != Channel::PERCUSSION && is_sustained(voice.program) && !others.contains(&voice.channel);
    if own.voices.iter().all(fits) { own.voices.iter().map(|voice| voice.channel).collect() } else { BTreeSet::new() }
}

/// The level of one staff along the performance.
struct Way<'a, 'b> {
    written: &'b Written<'a>,
    level: &'b Loudness,
    passages: &'b [Passage],
}

impl Way<'_, '_> {
    fn level(&self, at: Beat) -> Level {
        let next = self.passages.partition_point(|passage| passage.start <= at);
        let Some(passage) = next.checked_sub(1).and_then(|place| self.passages.get(place)) else { return super::dynamics::DEFAULT };
        self.level.line(self.written.start(passage.index) + (at - passage.start).min(passage.length)).max(1.0)
    }

    /// Where the level moves, in the order of the performance.
    fn moves(&self) -> Vec<(Beat, Beat)> {
        let hairpins = self.level.hairpins();
        let mut moves: Vec<(Beat, Beat)> = Vec::new();
        for passage in self.passages {
            let start = self.written.start(passage.index);
            let first = hairpins.partition_point(|(_, to)| *to <= start);
            for (from, to) in hairpins.get(first..).unwrap_or_default().iter().take_while(|(from, _)| *from < start + passage.length) {
                let (from, to) = ((*from).max(start) - start, (*to).min(start + passage.length) - start);
                moves.push((passage.start + from, passage.start + to));
            }
        }
        moves
    }
}

/// A stretch in which the expression moves: it begins and ends where nothing of the track sounds on.
struct Window {
    from: Beat,
    to: Beat,
    moves: Vec<(Beat, Beat)>,
    /// Places of its sounds.
    sounds: Vec<usize>,
}

/// The stretches around the hairpins in which a sound lasts long enough to be heard swelling. `mine` are the track's sounds in the
/// order of their starts.
fn windows(way: &Way<'_, '_>, mine: &[usize], sounds: &[Sound]) -> Vec<Window> {
    let moves = way.moves();
    if moves.is_empty() {
        return Vec::new();
    }
    // A sound by its place, a movement of the level without one.
    let mut stretches: Vec<(Beat, Beat, Option<usize>)> =
        mine.iter().filter_map(|at| sounds.get(*at).map(|sound| (sound.start, sound.end, Some(*at)))).collect();
    stretches.extend(moves.into_iter().map(|(from, to)| (from, to, None)));
    stretches.sort();
    let mut clusters: Vec<Window> = Vec::new();
    for (from, to, sound) in stretches {
        if clusters.last().is_none_or(|last| last.to <= from) {
            clusters.push(Window { from, to, moves: Vec::new(), sounds: Vec::new() });
        }
        let Some(last) = clusters.last_mut() else { continue };
        last.to = last.to.max(to);
        match sound {
            Some(at) => last.sounds.push(at),
            None => last.moves.push((from, to)),
        }
    }
    let swells = |at: &usize, moves: &[(Beat, Beat)]| {
        let Some(sound) = sounds.get(*at) else { return false };
        moves.iter().any(|(from, to)| {
            let (from, to) = ((*from).max(sound.start), (*to).min(sound.end));
            from < to && (way.level(from) - way.level(to - (to - from).scale(1, 16))).abs() >= HEARD
        })
    };
    clusters.retain(|window| !window.moves.is_empty() && window.sounds.iter().any(|at| swells(at, &window.moves)));
    clusters
}

/// Strikes the sounds of a window as if the whole of it were at its loudest level, and gives that level.
fn strike_loudest(way: &Way<'_, '_>, window: &Window, sounds: &mut [Sound]) -> Level {
    let starts = window.sounds.iter().filter_map(|at| sounds.get(*at).map(|sound| sound.start));
    let ends = window.moves.iter().flat_map(|(from, to)| [*from, *to - (*to - *from).scale(1, 64), *to]);
    let loudest = starts.chain(ends).filter(|at| *at < window.to).map(|at| way.level(at)).fold(1.0, Level::max);
    for at in &window.sounds {
        if let Some(sound) = sounds.get_mut(*at) {
            let struck = f64::from(sound.velocity) * loudest / way.level(sound.start);
            sound.velocity = struck.round().clamp(1.0, 127.0) as u8;
        }
    }
    loudest
}

/// The expression along a window, and full again at its end.
fn follow(way: &Way<'_, '_>, window: &Window, loudest: Level, sounds: &[Sound], values: &mut Vec<(Beat, u8)>) {
    let mut moments: BTreeSet<Beat> = window.sounds.iter().filter_map(|at| sounds.get(*at).map(|sound| sound.start)).collect();
    moments.insert(window.from);
    for (from, to) in &window.moves {
        let mut at = *from;
        while at < *to {
            moments.insert(at);
            at += STEP;
        }
        moments.insert(*to);
    }
    for at in moments.into_iter().filter(|at| *at < window.to) {
        values.push((at, (127.0 * way.level(at) / loudest).round().clamp(1.0, 127.0) as u8));
    }
    values.push((window.to, 127));
}
