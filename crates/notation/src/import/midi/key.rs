//! Keys: those that the file gives, or the one that its notes sound like.

use super::super::report::Report;
use super::file::File;
use super::grid::Grid;
use super::parts::Part;
use crate::model::Beat;

/// A key from a place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KeyHere {
    pub(super) at: Beat,
    pub(super) fifths: i8,
    pub(super) minor: bool,
}

/// How well each degree of the chromatic scale fits a major and a minor key. Krumhansl and Kessler, "Tracing the Dynamic
/// Changes in Perceived Tonal Organization" (Psychological Review 89, 1982).
const MAJOR: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// The keys of a file, at the start of measures; at least one.
pub(super) fn of(file: &File, parts: &[Part], grid: &Grid, report: &mut Report) -> Vec<KeyHere> {
    let mut keys: Vec<KeyHere> = Vec::new();
    for (tick, fifths, minor) in &file.keys {
        let at = grid.beat_of(i64::from(*tick));
        keys.retain(|key| key.at != at);
        if keys.last().is_none_or(|last| (last.fifths, last.minor) != (*fifths, *minor)) {
            keys.push(KeyHere { at, fifths: *fifths, minor: *minor });
        }
    }
    if keys.is_empty() {
        let found = sounded(parts);
        if found.is_some() {
            report.repaired(&["no key signature: the key was found by ear"], 0);
        }
        let (fifths, minor) = found.unwrap_or((0, false));
        keys.push(KeyHere { at: Beat::ZERO, fifths, minor });
    }
    if let Some(first) = keys.first_mut() {
        first.at = Beat::ZERO;
    }
    keys
}

/// The key whose profile goes best with how long each degree sounds (Krumhansl and Schmuckler; Krumhansl, "Cognitive
/// Foundations of Musical Pitch", 1990, chapter 4); nothing without notes.
fn sounded(parts: &[Part]) -> Option<(i8, bool)> {
    let mut weights = [0.0_f64; 12];
    for note in parts.iter().filter(|part| !part.is_drums()).flat_map(|part| &part.notes) {
        weights[usize::from(note.played.key % 12)] += (note.end - note.start).to_f64().clamp(0.0, 4.0);
    }
    if weights.iter().sum::<f64>() <= 0.0 {
        return None;
    }
    let candidates = (0..24).map(|index| {
        let (tonic, minor) = (index % 12, index >= 12);
        let profile = if minor { &MINOR } else { &MAJOR };
        (correlation(&weights, profile, tonic), tonic, minor)
    });
    let (_, tonic, minor) = candidates.max_by(|a, b| a.0.total_cmp(&b.0))?;
    // Fifths of the major key on this note, or of the minor key's relative.
    let relative = if minor { (tonic + 3) % 12 } else { tonic };
    let fifths = (relative as i8 * 7 + 5).rem_euclid(12) - 5;
    Some((fifths, minor))
}

fn correlation(weights: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (a, b) = (mean(weights), mean(profile));
    let (mut product, mut left, mut right) = (0.0, 0.0, 0.0);
    for degree in 0..12 {
        let (x, y) = (weights[(degree + tonic) % 12] - a, profile[degree] - b);
        product += x * y;
        left += x * x;
        right += y * y;
    }
    product / (left * right).sqrt().max(1e-9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::midi::file::Played;
    use crate::import::midi::parts::Note;

    fn key_of(keys: &[u8]) -> Option<(i8, bool)> {
        let note = |key: &u8| Note {
            played: Played { start: 0, end: 1, key: *key, channel: 0 },
            start: Beat::ZERO,
            end: Beat::QUARTER,
            staff: 1,
            pitch: None,
        };
        sounded(&[Part { notes: keys.iter().map(note).collect(), ..Part::default() }])
    }

    #[test]
    fn scales_sound_like_their_key() {
        assert_eq!(key_of(&[60, 62, 64, 65, 67, 69, 71, 72, 60, 67]), Some((0, false)));
        assert_eq!(key_of(&[57, 59, 60, 62, 64, 65, 68, 69, 57, 64]), Some((0, true)));
        assert_eq!(key_of(&[63, 65, 67, 68, 70, 72, 74, 75, 63, 70]), Some((-3, false)));
        assert_eq!(key_of(&[]), None);
    }
}
