//! Lyrics that would stand in one place: two voices that sing at once, or one chord with two lines of the same number.

use super::Bar;

/// A line of lyrics on a staff at a moment: staff, verse, column of time.
type Spot = (usize, (u32, String), crate::model::Beat);

/// Gives each syllable that would stand on another a line of its own, after the one it is of. Voices that sing the same
/// words share one line of them.
pub(super) fn part_voices(bar: &mut Bar) {
    let mut order: Vec<usize> = (0..bar.chords.len()).filter(|at| !bar.chords[*at].lyrics.is_empty()).collect();
    order.sort_by_key(|at| bar.chords[*at].rank);
    // The lines of a voice that have to move, so that all of it in this measure moves alike.
    let mut moved: Vec<(usize, u8, (u32, String))> = Vec::new();
    let mut taken: Vec<(Spot, String)> = Vec::new();
    for at in &order {
        let chord = &mut bar.chords[*at];
        let (staff, onset, voice) = (chord.staff, chord.onset, chord.voice);
        chord.lyrics.retain_mut(|syllable| {
            let line = (staff, voice, syllable.verse.clone());
            if moved.contains(&line) {
                syllable.verse.1.push('\u{2032}');
            }
            let mut shares = false;
            while let Some((_, text)) = taken.iter().find(|(spot, _)| *spot == (staff, syllable.verse.clone(), onset)) {
                if *text == syllable.line.text {
                    shares = true;
                    break;
                }
                moved.push((staff, voice, syllable.verse.clone()));
                syllable.verse.1.push('\u{2032}');
            }
            taken.push(((staff, syllable.verse.clone(), onset), syllable.line.text.clone()));
            !shares
        });
    }
}
