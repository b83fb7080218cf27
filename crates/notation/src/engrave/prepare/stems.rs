//! Stems: which way each points (Gould, "Behind Bars", pp. 13–16), and where rests go when voices share a staff.

use super::chords::rest_line;
use super::{Bar, BeamGroup, Chord, Stem};
use crate::engrave::page::Space;
use crate::model::{NoteBase, StemDirection};

/// Gives every chord the rank of its voice on its staff.
pub(super) fn voices(bar: &mut Bar, staves: usize) {
    let mut present: Vec<Vec<u8>> = vec![Vec::new(); staves];
    for chord in bar.chords.iter().filter(|c| c.visible && c.grace.is_none()) {
        let voices = &mut present[chord.home()];
        if let Err(at) = voices.binary_search(&chord.voice) {
            voices.insert(at, chord.voice);
        }
    }
    for chord in &mut bar.chords {
        let voices = &present[chord.home()];
        chord.alone = voices.len() < 2;
        chord.rank = voices.iter().position(|v| *v == chord.voice).unwrap_or(0);
    }
}

/// Sets the direction of every stem and moves rests out of other voices' way.
pub(super) fn direct(bar: &mut Bar) {
    for at in 0..bar.chords.len() {
        if bar.chords[at].beam.is_none() {
            let stem = own_direction(&bar.chords[at]);
            bar.chords[at].stem = stem;
        }
    }
    let Bar { chords, beams, .. } = bar;
    for beam in beams.iter() {
        direct_beam(chords, beam);
    }
    place_rests(chords);
}

fn own_direction(chord: &Chord) -> Stem {
    if chord.is_rest() || chord.value.base <= NoteBase::Whole {
        return Stem::None;
    }
    match chord.wish {
        StemDirection::Up => return Stem::Up,
        StemDirection::Down => return Stem::Down,
        StemDirection::None => return Stem::None,
        StemDirection::Auto | StemDirection::Double => {}
    }
    by_voice(chord).unwrap_or_else(|| by_place(extremes(chord), chord.height))
}

fn by_voice(chord: &Chord) -> Option<Stem> {
    if !chord.alone {
        return Some(if chord.is_upper() { Stem::Up } else { Stem::Down });
    }
    chord.grace.is_some().then_some(Stem::Up)
}

fn extremes(chord: &Chord) -> (Space, Space) {
    let ys = chord.heads.iter().map(|h| h.y);
    ys.fold((Space::INFINITY, Space::NEG_INFINITY), |(top, bottom), y| (top.min(y), bottom.max(y)))
}

/// Towards the middle line from the note farthest from it; down where both are as far (Gould, p. 13).
fn by_place((top, bottom): (Space, Space), height: Space) -> Stem {
    let middle = height / 2.0;
    if bottom - middle > middle - top { Stem::Up } else { Stem::Down }
}

fn direct_beam(chords: &mut [Chord], beam: &BeamGroup) {
    let members = || beam.chords.iter().map(|at| &chords[*at]);
    let asks = |wish: StemDirection| members().filter(|c| c.wish == wish).count();
    let (ups, downs) = (asks(StemDirection::Up), asks(StemDirection::Down));
    if ups > 0 && downs > 0 && beam.crosses && !members().any(Chord::crosses) {
        // A beam between the staves: each chord as its source has it. Where a chord has notes on both sides of it the beam lies
        // beyond all of them.
        for at in &beam.chords {
            let chord = &mut chords[*at];
            chord.stem = if chord.wish == StemDirection::Up { Stem::Up } else { Stem::Down };
        }
        return;
    }
    let all = if ups + downs > 0 {
        if ups >= downs { Stem::Up } else { Stem::Down }
    } else if beam.crosses && !members().any(Chord::crosses) {
        // The lower staff's stems point up and the upper staff's down, so that the beam lies between them.
        let upper = members().map(Chord::home).min().unwrap_or(0);
        for at in &beam.chords {
            let chord = &mut chords[*at];
            chord.stem = if chord.home() == upper { Stem::Down } else { Stem::Up };
        }
        return;
    } else {
        let by_voice = members().find_map(by_voice);
        let extremes = members().map(extremes).fold((Space::INFINITY, Space::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        by_voice.unwrap_or_else(|| by_place(extremes, members().next().map_or(4.0, |c| c.height)))
    };
    for at in &beam.chords {
        chords[*at].stem = all;
    }
}

/// Rests of the upper voice stand higher and those of the lower one lower, clear of the other voice's notes at that moment.
fn place_rests(chords: &mut [Chord]) {
    for at in 0..chords.len() {
        let rest = &chords[at];
        if !rest.is_rest() || rest.rest_placed || rest.alone || !rest.visible || rest.grace.is_some() {
            continue;
        }
        let up = rest.is_upper();
        let line = rest_line(rest.value.base, rest.height);
        let sounding = chords.iter().filter(|c| c.home() == rest.staff && !c.is_rest() && c.voice != rest.voice);
        let meeting = sounding.filter(|c| c.onset < rest.end() && rest.onset < c.end());
        let heads = meeting.flat_map(|c| c.heads.iter().map(|h| h.y));
        let reach = half_height(rest.value.base);
        let y = if up {
            let top = heads.fold(Space::INFINITY, Space::min);
            (line - 2.0).min((top - reach - 1.0).floor())
        } else {
            let bottom = heads.fold(Space::NEG_INFINITY, Space::max);
            (line + 2.0).max((bottom + reach + 1.0).ceil())
        };
        chords[at].rest_y = y.clamp(-8.0, rest_floor(chords[at].height));
    }
}

fn rest_floor(height: Space) -> Space {
    height + 8.0
}

fn half_height(base: NoteBase) -> Space {
    match base {
        NoteBase::Quarter => 1.5,
        base if base < NoteBase::Quarter => 0.5,
        base => 1.0 + 0.5 * Space::from(base.flags().saturating_sub(1)),
    }
}
