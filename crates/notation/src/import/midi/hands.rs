//! The hands of a keyboard part: which notes are on which staff.

use super::parts::{Note, Part};

/// Where the hands are at rest, as MIDI keys; a hand that plays moves.
const REST: [f64; 2] = [67.0, 48.0];
/// A hand reaches an octave and a little, in semitones.
const REACH: f64 = 14.0;

/// Divides a keyboard part that uses both sides of middle C between two staves.
///
/// At each moment the notes are cut where both hands have the least way to go, and no hand has to reach too far.
pub(super) fn divide(part: &mut Part) {
    if part.hands_known || !part.is_keyboard() {
        return;
    }
    let keys = || part.notes.iter().map(|note| note.played.key);
    let (Some(low), Some(high)) = (keys().min(), keys().max()) else { return };
    // One line in one hand stays on one staff.
    let below = keys().filter(|key| *key < 57).count();
    let above = keys().filter(|key| *key > 63).count();
    if high - low < 19 || below * 20 < part.notes.len() || above * 20 < part.notes.len() {
        return;
    }
    part.staves = 2;
    let mut hands = REST;
    let mut from = 0;
    while let Some(start) = part.notes.get(from).map(|note| note.start) {
        let to = from + part.notes.get(from..).unwrap_or_default().iter().take_while(|note| note.start == start).count();
        if let Some(together) = part.notes.get_mut(from..to) {
            together.sort_by_key(|note| note.played.key);
            cut(together, &mut hands);
        }
        from = to;
    }
}

fn cut(notes: &mut [Note], hands: &mut [f64; 2]) {
    let key = |note: &Note| f64::from(note.played.key);
    let cost = |left: &[Note], right: &[Note]| {
        let hand = |notes: &[Note], at: f64| {
            let (Some(low), Some(high)) = (notes.first().map(key), notes.last().map(key)) else { return 0.0 };
            // What lies within reach costs next to nothing; beyond it the hand has to move.
            let way = (high - at - REACH / 2.0).max(0.0) + (at - REACH / 2.0 - low).max(0.0);
            way + 0.2 * ((low + high) / 2.0 - at).abs() + 6.0 * (high - low - REACH).max(0.0)
        };
        // Notes far beyond middle C belong to their side.
        let astray = |note: &Note, side: f64| ((key(note) - 60.0) * side - 7.0).max(0.0);
        let strayed = left.iter().map(|note| astray(note, 1.0)).sum::<f64>() + right.iter().map(|note| astray(note, -1.0)).sum::<f64>();
        hand(left, hands[1]) + hand(right, hands[0]) + strayed
    };
    let costs = (0..=notes.len()).map(|at| (cost(notes.get(..at).unwrap_or_default(), notes.get(at..).unwrap_or_default()), at));
    let at = costs.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0, |(_, at)| at);
    let mut sums = [(0.0, 0.0); 2];
    for (index, note) in notes.iter_mut().enumerate() {
        let staff = usize::from(index < at);
        note.staff = staff as u8 + 1;
        sums[staff].0 += key(note);
        sums[staff].1 += 1.0;
    }
    for (hand, (sum, count)) in hands.iter_mut().zip(sums) {
        if count > 0.0 {
            *hand = 0.6 * *hand + 0.4 * sum / count;
        }
    }
}
