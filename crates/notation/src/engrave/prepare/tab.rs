//! Tablature: which string and fret a note is played on (Gould, "Behind Bars", pp. 387–392).

use crate::model::{MarkKind, NoteId, Pitch, Score, Technical};

/// The strings of a tablature staff.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strings<'a> {
    /// What the open strings sound, from the lowest line up; the instrument's usual ones where empty.
    pub tuning: &'a [Pitch],
    pub capo: u8,
    pub lines: u8,
}

/// The open strings of a guitar, from the lowest, as MIDI keys; a bass has the lower four an octave down.
const GUITAR: [i32; 6] = [40, 45, 50, 55, 59, 64];
const BASS: [i32; 4] = [28, 33, 38, 43];

impl Strings<'_> {
    /// What a string sounds, 1 the highest, with the capo on.
    fn open(&self, string: u8) -> Option<i32> {
        let from_below = usize::from(self.lines.checked_sub(string)?);
        let open = match self.tuning.get(from_below) {
            Some(pitch) => pitch.midi_key(),
            None if self.lines == 4 => *BASS.get(from_below)?,
            None => *GUITAR.get(from_below)?,
        };
        Some(open + i32::from(self.capo))
    }
}

/// String (1 the highest) and fret that a note's own marks say.
fn said(score: &Score, note: NoteId) -> (Option<u8>, Option<u8>) {
    let mut found = (None, None);
    for (_, mark) in score.marks_of_note(note) {
        match mark.kind {
            MarkKind::Technical(Technical::String(string)) => found.0 = Some(string),
            MarkKind::Technical(Technical::Fret(fret)) => found.1 = Some(fret),
            _ => {}
        }
    }
    found
}

/// String and fret of each note of a chord, given with the key it sounds: as its marks say, else the free string on which it
/// takes the lowest fret, the highest note first.
pub(super) fn fingering(score: &Score, strings: Strings, notes: &[(NoteId, i32)]) -> Vec<(u8, u8)> {
    let lines = strings.lines.max(1);
    let mut found: Vec<(Option<u8>, Option<u8>)> = notes.iter().map(|(id, _)| said(score, *id)).collect();
    let mut order: Vec<usize> = (0..notes.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(notes[*at].1));
    for at in order {
        let key = notes[at].1;
        if found[at].0.is_none() {
            let used: Vec<u8> = found.iter().filter_map(|row| row.0).collect();
            let free = (1..=lines).filter(|string| !used.contains(string));
            let fits = |string: &u8| strings.open(*string).is_some_and(|open| open <= key);
            found[at].0 = free.filter(fits).max_by_key(|string| strings.open(*string)).or(Some(lines));
        }
        if let (Some(string), None) = found[at] {
            let fret = strings.open(string).map_or(0, |open| key - open);
            found[at].1 = Some(u8::try_from(fret.clamp(0, 99)).unwrap_or(0));
        }
    }
    found.into_iter().map(|(string, fret)| (string.unwrap_or(1).clamp(1, lines), fret.unwrap_or(0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::IdSource;

    fn frets(strings: Strings, keys: &[i32]) -> Vec<(u8, u8)> {
        let mut ids = IdSource::fixed(5);
        let notes: Vec<(NoteId, i32)> = keys.iter().map(|key| (ids.next(), *key)).collect();
        fingering(&Score::new(), strings, &notes)
    }

    #[test]
    fn notes_go_to_free_strings_at_their_lowest_fret() {
        let guitar = Strings { tuning: &[], capo: 0, lines: 6 };
        // An open E major chord.
        assert_eq!(frets(guitar, &[40, 47, 52, 56, 59, 64]), [(6, 0), (5, 2), (4, 2), (3, 1), (2, 0), (1, 0)]);
        assert_eq!(frets(Strings { capo: 2, ..guitar }, &[42]), [(6, 0)]);
        assert_eq!(frets(Strings { lines: 4, ..guitar }, &[28, 50]), [(4, 0), (1, 7)]);
        let dropped: Vec<Pitch> = ["D2", "A2", "D3", "G3", "B3", "E4"].map(|name| name.parse().unwrap()).to_vec();
        assert_eq!(frets(Strings { tuning: &dropped, ..guitar }, &[38]), [(6, 0)]);
        assert_eq!(frets(guitar, &[20]), [(6, 0)], "what is too low is shown all the same");
    }
}
