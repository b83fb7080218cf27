//! Measures that show something else than what is played in them: slashes, beats or measures that repeat (MusicXML 4.0,
//! `measure-style`; Gould, "Behind Bars", pp. 221–224 and 590).

use super::heads::head_glyph;
use super::{Bar, Chord, Context, Head};
use crate::engrave::cast::Cast;
use crate::font::{Glyph, glyphs as g};
use crate::model::{Beat, MeasureRepeat, NoteBase, NoteId, NoteValue, Notehead, SlashStyle, TimeSignature};

/// Slashes in a measure at most.
const MOST_SLASHES: usize = 64;

/// A measure under a repeat of measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::engrave) struct RepeatSign {
    pub staff: usize,
    pub style: MeasureRepeat,
    /// Measures since the repeats began, from 0.
    pub since: u16,
}

/// The value of a beat of a time signature: dotted in a compound one.
fn beat_value(time: &TimeSignature) -> NoteValue {
    NoteValue::of_length(time.beat()).unwrap_or(NoteValue::new(NoteBase::Quarter, 0))
}

/// Puts what the styles in force show in the place of what is played.
pub(super) fn apply(bar: &mut Bar, cast: &Cast, context: &mut Context) {
    for staff in 0..cast.staves.len() {
        let state = &context.staves[staff];
        if let Some((style, since)) = state.repeat {
            hide(bar, staff, (Beat::ZERO, bar.length.max(Beat::new(1, 64))));
            bar.repeats.push(RepeatSign { staff, style, since });
            context.staves[staff].repeat = Some((style, since.saturating_add(1)));
            continue;
        }
        let beat = beat_value(&context.time);
        let (opening, on) = (&bar.opening[staff], (staff, state.height()));
        let repeats = stretches(&bar.beat_repeats, staff, opening.beat_repeat, bar.length);
        let slashed = stretches(&bar.slashes, staff, opening.slash, bar.length);
        for (strokes, passage) in repeats {
            let glyph = if strokes > 1 { g::REPEAT2_BARS } else { g::REPEAT_BAR_SLASH };
            fill(bar, cast, on, passage, beat, glyph);
        }
        for (style, passage) in slashed.into_iter().filter(|(style, _)| !style.rhythmic) {
            slashes(bar, cast, on, passage, style, beat);
        }
    }
}

/// The stretches of a measure over which something is in force on a staff.
fn stretches<T: Copy>(changes: &[(usize, Beat, Option<T>)], staff: usize, opening: Option<T>, length: Beat) -> Vec<(T, (Beat, Beat))> {
    let mut from = (Beat::ZERO, opening);
    let changes = changes.iter().filter(|row| row.0 == staff).map(|row| (row.1, row.2));
    let mut passages = Vec::new();
    for (beat, now) in changes.chain(std::iter::once((length, None))) {
        if let (start, Some(what)) = from
            && start < beat
        {
            passages.push((what, (start, beat)));
        }
        from = (beat, now);
    }
    passages
}

fn slashes(bar: &mut Bar, cast: &Cast, staff: (usize, f32), passage: (Beat, Beat), style: SlashStyle, beat: NoteValue) {
    let value = style.value.unwrap_or(beat);
    fill(bar, cast, staff, passage, value, head_glyph(Notehead::Slash, NoteBase::Quarter));
    if style.dots {
        // A dot says that the beat is dotted; without one a slash stands for any beat.
        let own = bar.chords.iter_mut().filter(|chord| !chord.recorded && chord.staff == staff.0 && chord.bare);
        own.for_each(|chord| chord.value.dots = value.dots);
    }
}

/// What is played on a staff in a passage is not shown.
fn hide(bar: &mut Bar, staff: usize, (from, to): (Beat, Beat)) {
    let played = bar.chords.iter_mut().filter(|chord| chord.home() == staff && from <= chord.onset && chord.onset < to);
    played.for_each(|chord| chord.visible = false);
}

/// A sign a beat on the middle of a staff.
fn fill(bar: &mut Bar, cast: &Cast, (staff, height): (usize, f32), passage: (Beat, Beat), value: NoteValue, glyph: Glyph) {
    hide(bar, staff, passage);
    let length = value.length();
    let mut onset = passage.0;
    for _ in 0..MOST_SLASHES {
        if onset >= passage.1 || !length.is_positive() {
            break;
        }
        let head = Head {
            id: NoteId::from_raw(0),
            staff,
            steps: 4,
            y: height / 2.0,
            pitch: (0, 0, 1),
            glyph,
            dx: 0.0,
            accidental: None,
            dot_y: None,
            tie_next: false,
            tie_previous: false,
            lets_ring: false,
            parentheses: false,
            fret: None,
            cluster: false,
        };
        bar.chords.push(Chord::sign((cast.staves[staff].part, staff), onset, NoteValue::new(value.base, 0), length, height, head));
        onset += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compound_beats_are_dotted() {
        assert_eq!(beat_value(&TimeSignature::new(4, 4)), NoteValue::new(NoteBase::Quarter, 0));
        assert_eq!(beat_value(&TimeSignature::new(6, 8)), NoteValue::new(NoteBase::Quarter, 1));
        assert_eq!(beat_value(&TimeSignature::new(3, 8)), NoteValue::new(NoteBase::Eighth, 0));
        assert_eq!(beat_value(&TimeSignature::new(2, 2)), NoteValue::new(NoteBase::Half, 0));
    }
}
