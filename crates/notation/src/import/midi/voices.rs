//! Chords and voices: which notes go together, and which go on at the same time.

use super::super::report::Report;
use super::parts::Part;
use crate::model::Beat;

/// Notes that start and end together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chord {
    pub(super) start: Beat,
    pub(super) end: Beat,
    /// Places of its notes among the part's, from low to high.
    pub(super) notes: Vec<usize>,
    /// The sum of its keys, for its height.
    keys: u32,
}

impl Chord {
    fn height(&self) -> f64 {
        f64::from(self.keys) / self.notes.len().max(1) as f64
    }
}

/// Voices of one staff; more than this are more than anyone reads.
const MAX_VOICES: usize = 4;

/// The voices of a staff of a part, from the upper one.
pub(super) fn of(part: &Part, staff: u8, report: &mut Report) -> Vec<Vec<Chord>> {
    let chords = chords(part, staff);
    let wishes = wishes(part, &chords);
    let mut voices: Vec<Vec<Chord>> = Vec::new();
    for (chord, wish) in chords.into_iter().zip(wishes) {
        let free =
            |voices: &[Vec<Chord>], at: usize| voices.get(at).is_none_or(|voice| voice.last().is_none_or(|last| last.end <= chord.start));
        // The voice wished for, else the next below, else any.
        let all = (wish..MAX_VOICES).chain((0..wish).rev());
        let found = all.into_iter().find(|at| free(&voices, *at));
        let at = found.unwrap_or_else(|| {
            report.repaired(&["overlapping notes cut, for want of voices"], 0);
            // The one that would have ended first makes room.
            let ends = voices.iter().enumerate().map(|(at, voice)| (voice.last().map(|last| last.end), at));
            ends.min().map_or(0, |(_, at)| at)
        });
        while voices.len() <= at {
            voices.push(Vec::new());
        }
        let Some(voice) = voices.get_mut(at) else { continue };
        if let Some(last) = voice.last_mut()
            && last.end > chord.start
        {
            if last.start == chord.start {
                // Both start here: they are one chord of the shorter length.
                last.end = last.end.min(chord.end);
                last.keys += chord.keys;
                last.notes.extend(chord.notes);
                last.notes.sort_unstable_by_key(|at| part.notes.get(*at).map(|note| note.played.key));
                continue;
            }
            last.end = chord.start;
        }
        voice.push(chord);
    }
    voices
}

fn chords(part: &Part, staff: u8) -> Vec<Chord> {
    let mut order: Vec<usize> = (0..part.notes.len()).filter(|at| part.notes.get(*at).is_some_and(|note| note.staff == staff)).collect();
    order.sort_by_key(|at| part.notes.get(*at).map(|note| (note.start, note.end, note.played.key)));
    let mut chords: Vec<Chord> = Vec::new();
    for at in order {
        let Some(note) = part.notes.get(at) else { continue };
        let feet = part.is_drums() && super::drums::is_foot(note.played.key);
        let joins = chords.last_mut().filter(|chord| {
            let first = chord.notes.first().and_then(|at| part.notes.get(*at));
            let same_limbs = first.is_none_or(|first| !part.is_drums() || super::drums::is_foot(first.played.key) == feet);
            (chord.start, chord.end) == (note.start, note.end) && same_limbs
        });
        // One key sounds once in a chord.
        let doubled = joins.as_ref().is_some_and(|chord| {
            chord.notes.iter().any(|other| part.notes.get(*other).is_some_and(|other| other.played.key == note.played.key))
        });
        match joins {
            Some(_) if doubled => {}
            Some(chord) => {
                chord.notes.push(at);
                chord.keys += u32::from(note.played.key);
            }
            None => chords.push(Chord { start: note.start, end: note.end, notes: vec![at], keys: u32::from(note.played.key) }),
        }
    }
    // From high to low where they start together.
    chords.sort_by(|a, b| a.start.cmp(&b.start).then(b.height().total_cmp(&a.height())));
    chords
}

/// The voice each chord would have by what sounds with it: as many below the first as there are higher chords.
fn wishes(part: &Part, chords: &[Chord]) -> Vec<usize> {
    if part.is_drums() {
        let foot = |chord: &Chord| {
            chord.notes.first().and_then(|at| part.notes.get(*at)).is_some_and(|note| super::drums::is_foot(note.played.key))
        };
        return chords.iter().map(|chord| usize::from(foot(chord))).collect();
    }
    let mut wishes = vec![0; chords.len()];
    let mut sounding: Vec<usize> = Vec::new();
    for (at, chord) in chords.iter().enumerate() {
        sounding.retain(|other| chords.get(*other).is_some_and(|other| other.end > chord.start));
        for other in &sounding {
            let Some(earlier) = chords.get(*other) else { continue };
            let lower = if earlier.height() >= chord.height() { at } else { *other };
            if let Some(wish) = wishes.get_mut(lower) {
                *wish = (*wish + 1).min(MAX_VOICES - 1);
            }
        }
        // More at once than any instrument sounds would only make this slow.
        if sounding.len() < 32 {
            sounding.push(at);
        }
    }
    // Of two that overlap, the lower is in the second voice however many it meets.
    wishes.iter_mut().for_each(|wish| *wish = (*wish).min(1));
    wishes
}
