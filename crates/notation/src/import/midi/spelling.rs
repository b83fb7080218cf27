//! Which of its names a note has: F sharp or G flat.

use super::key::KeyHere;
use super::parts::Part;
use crate::model::{Pitch, Step};

/// How many notes before and after a note say what is its tonic. Meredith, "The ps13 Pitch Spelling Algorithm" (Journal of
/// New Music Research 35:2, 2006): ps13s1, with the context its evaluation found best.
const BEFORE: usize = 10;
const AFTER: usize = 42;

/// Places on the line of fifths, from C, of the twelve intervals above a tonic, as they stand in its chromatic scale.
const INTERVALS: [i32; 12] = [0, -5, 2, -3, 4, -1, 6, 1, -4, 3, -2, 5];

/// Spells the notes of a part.
///
/// Every pitch class around a note votes, as often as it sounds, for the name that the note would have if it were the tonic;
/// the names of tonics are those nearest to the key signature on the line of fifths (Temperley, "The Cognition of Basic
/// Musical Structures", 2001, chapter 5).
pub(super) fn spell(part: &mut Part, keys: &[KeyHere]) {
    if part.is_drums() {
        return;
    }
    let mut order: Vec<usize> = (0..part.notes.len()).collect();
    order.sort_by_key(|at| part.notes.get(*at).map(|note| (note.start, note.played.key)));
    let classes: Vec<usize> = order.iter().filter_map(|at| part.notes.get(*at)).map(|note| usize::from(note.played.key % 12)).collect();
    let mut counts = [0_i32; 12];
    classes.iter().take(AFTER).for_each(|class| counts[*class] += 1);
    for (index, at) in order.iter().enumerate() {
        if let Some(class) = classes.get(index + AFTER) {
            counts[*class] += 1;
        }
        if let Some(class) = index.checked_sub(BEFORE + 1).and_then(|past| classes.get(past)) {
            counts[*class] -= 1;
        }
        let Some(note) = part.notes.get_mut(*at) else { continue };
        let key = keys.iter().rev().find(|key| key.at <= note.start).or_else(|| keys.first());
        let (fifths, minor) = key.map_or((0, false), |key| (i32::from(key.fifths), key.minor));
        note.pitch = Some(pitch(note.played.key, best(&counts, usize::from(note.played.key % 12), fifths, minor)));
    }
}

/// The place on the line of fifths that most votes are for; of several the one nearest to the key.
fn best(counts: &[i32; 12], class: usize, fifths: i32, minor: bool) -> i32 {
    // The middle of the notes of a major scale is its second degree; a minor key reaches further up, to its leading note.
    let centre = f64::from(fifths) + if minor { 3.2 } else { 2.2 };
    let tonic_place = |tonic: usize| nearest(tonic, centre);
    let mut votes: Vec<(i32, i32)> = Vec::new();
    for (tonic, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let place = tonic_place(tonic) + INTERVALS[(class + 12 - tonic) % 12];
        match votes.iter_mut().find(|(other, _)| *other == place) {
            Some((_, votes)) => *votes += count,
            None => votes.push((place, *count)),
        }
    }
    let away = |place: i32| (f64::from(place) - centre).abs();
    let best = votes.into_iter().filter(|(place, _)| (-15..=19).contains(place));
    best.max_by(|a, b| a.1.cmp(&b.1).then(away(b.0).total_cmp(&away(a.0)))).map_or_else(|| nearest(class, centre), |(place, _)| place)
}

/// The place of a pitch class that is nearest to a centre.
fn nearest(class: usize, centre: f64) -> i32 {
    // Seven semitones a fifth: the class's place is its multiple of seven, give or take twelve fifths.
    let place = (class as i32 * 7).rem_euclid(12);
    let around = [place - 24, place - 12, place, place + 12];
    around.into_iter().min_by(|a, b| (f64::from(*a) - centre).abs().total_cmp(&(f64::from(*b) - centre).abs())).unwrap_or(place)
}

/// A key with the name of a place on the line of fifths.
fn pitch(key: u8, place: i32) -> Pitch {
    const STEPS: [Step; 7] = [Step::F, Step::C, Step::G, Step::D, Step::A, Step::E, Step::B];
    let step = STEPS[(place + 1).rem_euclid(7) as usize];
    let semitones = (place + 1).div_euclid(7);
    let octave = (i32::from(key) - step.semitones() - semitones).div_euclid(12) - 1;
    Pitch::new(step, semitones, octave as i8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_names() {
        for (key, place, name) in [(60, 0, "C4"), (61, 7, "C#4"), (61, -5, "Db4"), (60, 12, "B#3"), (59, -7, "Cb4"), (66, 6, "F#4")] {
            assert_eq!(pitch(key, place).to_string(), name);
            assert_eq!(pitch(key, place).midi_key(), i32::from(key));
        }
    }

    #[test]
    fn the_leading_note_of_a_minor_key_is_raised() {
        let mut counts = [0; 12];
        [9, 11, 0, 2, 4, 5, 8, 9, 4, 9].iter().for_each(|class: &usize| counts[*class] += 1);
        assert_eq!(best(&counts, 8, 0, true), 8);
        let mut flats = [0; 12];
        [5, 7, 8, 10, 0, 1, 3, 5].iter().for_each(|class: &usize| flats[*class] += 1);
        assert_eq!(best(&flats, 1, -4, false), -5);
    }
}
