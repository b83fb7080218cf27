//! Grace notes take their time from the note they lead to, or from the one they follow.

use std::collections::BTreeMap;

use crate::model::Beat;

use super::strikes::Chord;

/// Moves the chords of a measure so that its grace notes have time. `moment` is a short time on the clock.
pub(super) fn steal(chords: &mut [Chord<'_>], moment: Beat) {
    let mut groups: BTreeMap<(Beat, u8, u8, bool), Vec<usize>> = BTreeMap::new();
    for (at, chord) in chords.iter().enumerate() {
        if let Some(grace) = chord.event.grace {
            groups.entry((chord.onset, chord.event.voice, chord.event.staff, grace.after)).or_default().push(at);
        }
    }
    for ((onset, voice, staff, after), mut group) in groups {
        group.sort_by_key(|at| chords.get(*at).and_then(|chord| chord.event.grace).map(|grace| grace.order));
        let main = if after { followed(chords, onset, voice, staff) } else { led_to(chords, onset, voice, staff) };
        match main {
            Some(main) if after => follow(chords, &group, main, moment),
            Some(main) => lead(chords, &group, main, moment),
            None => precede(chords, &group, onset, voice, moment),
        }
    }
}

/// How well a chord fits as the main note of a grace note: same voice before same staff.
fn closeness(chord: &Chord<'_>, voice: u8, staff: u8) -> Option<u8> {
    match (chord.event.voice == voice, chord.event.staff == staff) {
        (true, true) => Some(0),
        (true, false) => Some(1),
        (false, true) => Some(2),
        (false, false) => None,
    }
}

/// The chord that starts where the grace notes stand.
fn led_to(chords: &[Chord<'_>], onset: Beat, voice: u8, staff: u8) -> Option<usize> {
    let fits = chords.iter().enumerate().filter(|(_, chord)| chord.event.grace.is_none() && chord.onset == onset);
    let ranked = fits.filter_map(|(at, chord)| Some((closeness(chord, voice, staff)?, at)));
    ranked.min().map(|(_, at)| at)
}

/// The chord that the grace notes come after: the one at their place, or the one that ends there.
fn followed(chords: &[Chord<'_>], onset: Beat, voice: u8, staff: u8) -> Option<usize> {
    let fits = chords.iter().enumerate().filter(|(_, chord)| chord.event.grace.is_none());
    let fits = fits.filter(|(_, chord)| chord.onset == onset || chord.written_end() == onset);
    let ranked = fits.filter_map(|(at, chord)| Some((closeness(chord, voice, staff)?, chord.onset != onset, at)));
    ranked.min().map(|(_, _, at)| at)
}

/// How long each grace note of a group is, when the group may take at most `room`.
fn share(chords: &[Chord<'_>], group: &[usize], room: Beat, moment: Beat) -> Vec<Beat> {
    let wanted = |at: &usize| {
        let Some(chord) = chords.get(*at) else { return Beat::ZERO };
        let value = chord.event.time.value.map_or(Beat::new(1, 16), |value| value.length());
        let slashed = chord.event.grace.is_some_and(|grace| grace.slash);
        // A slashed grace note is crushed in; of several without slash, none is longer than a sixteenth.
        if slashed {
            (moment + moment).min(value)
        } else if group.len() > 1 {
            value.min(Beat::new(1, 16))
        } else {
            value
        }
    };
    let wanted: Vec<Beat> = group.iter().map(wanted).collect();
    let total: Beat = wanted.iter().copied().sum();
    if total <= room || total.is_zero() {
        return wanted;
    }
    let even = room.scale(1, group.len().max(1) as i64);
    wanted.iter().map(|length| room.ratio(total).map_or(even, |(num, den)| length.scale(num, den))).collect()
}

/// Lays the group out from a moment on and gives back its end.
fn place(chords: &mut [Chord<'_>], group: &[usize], lengths: &[Beat], from: Beat) -> Beat {
    let mut at = from;
    for (index, length) in group.iter().zip(lengths) {
        if let Some(chord) = chords.get_mut(*index) {
            chord.start = at;
            chord.end = at + *length;
        }
        at += *length;
    }
    at
}

/// On the beat, the main note later: an appoggiatura takes at most half of it.
fn lead(chords: &mut [Chord<'_>], group: &[usize], main: usize, moment: Beat) {
    let Some((start, end)) = chords.get(main).map(|chord| (chord.start, chord.end)) else { return };
    let lengths = share(chords, group, (end - start).max(Beat::ZERO).scale(1, 2), moment);
    let to = place(chords, group, &lengths, start);
    if let Some(chord) = chords.get_mut(main) {
        chord.start = to;
    }
}

/// At the end of the main note, which is cut short.
fn follow(chords: &mut [Chord<'_>], group: &[usize], main: usize, moment: Beat) {
    let Some((start, end)) = chords.get(main).map(|chord| (chord.start, chord.end)) else { return };
    let lengths = share(chords, group, (end - start).max(Beat::ZERO).scale(1, 2), moment);
    let from = end - lengths.iter().copied().sum();
    place(chords, group, &lengths, from);
    if let Some(chord) = chords.get_mut(main) {
        chord.end = from;
    }
}

/// Before a place where nothing of the voice starts, as at the end of a measure: from the note that ends there, if one does.
fn precede(chords: &mut [Chord<'_>], group: &[usize], onset: Beat, voice: u8, moment: Beat) {
    let before =
        chords.iter().position(|c| c.event.grace.is_none() && c.event.voice == voice && c.written_end() == onset && onset.is_positive());
    match before {
        Some(main) => follow(chords, group, main, moment),
        None => {
            let lengths = share(chords, group, Beat::new(1, 8), moment);
            place(chords, group, &lengths, onset);
        }
    }
}
