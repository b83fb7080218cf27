//! Spacing: springs whose length follows from duration, and rods that keep what stands side by side apart.
//!
//! J. S. Gourlay, "Spacing a Line of Music" (1987): each gap between neighbouring columns is a spring with a natural length
//! from the shortest note that sounds through it; what must not touch holds it apart. All springs of a line are stretched
//! by one force.

use super::columns::Columns;
use super::draw::Symbol;
use super::page::Space;
use super::prepare::{Bar, Chord, Stem, Syllable};
use super::shapes::Extent;
use crate::model::Beat;

/// The natural length of a quarter note's gap, head included (Gould, "Behind Bars", p. 39, shows 3½ spaces).
const QUARTER: f32 = 3.4;
/// Twice the duration takes this exponent of two more room (Gould's table has the square root).
const EXPONENT: f32 = 0.5;
/// From a barline to the first note.
const LEAD: Space = 1.3;
/// Between unrelated ink of neighbouring columns.
const PADDING: Space = 0.35;
/// Between the last ink and the barline.
const TAIL: Space = 0.6;
/// Between syllables of two words, of one word (a hyphen has to fit).
const WORD_GAP: Space = 0.65;
const HYPHEN_GAP: Space = 1.15;
/// The least a measure is wide.
const NARROWEST: Space = 4.0;

/// The distance from one column to the next.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Gap {
    pub least: Space,
    /// Length of the spring at rest; zero where no time passes.
    pub natural: Space,
}

impl Gap {
    /// Its length under a stretch.
    pub(super) fn at(&self, stretch: f32) -> Space {
        (self.natural * stretch).max(self.least)
    }
}

/// A measure's gaps: from the barline to its first column, between its columns, from the last to the barline.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaps {
    pub gaps: Vec<Gap>,
    /// The sum of what each is at least, and of what each is when nothing pulls.
    pub least: Space,
    pub natural: Space,
}

/// A rod between two columns, counted from the barline as 0.
struct Rod {
    from: usize,
    to: usize,
    length: Space,
}

/// The springs and rods of a measure, the springs `density` times their usual length.
pub(super) fn measure(bar: &Bar, columns: &Columns, symbols: &[Symbol], density: f32) -> Gaps {
    let count = columns.columns.len();
    let mut gaps = vec![Gap::default(); count + 1];
    springs(bar, columns, &mut gaps);
    optical(bar, columns, &mut gaps);
    gaps.iter_mut().for_each(|gap| gap.natural *= density);
    let mut rods = Vec::new();
    ink_rods(columns, &mut rods);
    lyric_rods(bar, count, &mut rods);
    symbol_rods(bar, columns, symbols, &mut rods);
    hold_apart(&mut gaps, rods);
    let least: Space = gaps.iter().map(|g| g.least).sum();
    if least < NARROWEST {
        let more = (NARROWEST - least) / gaps.len() as Space;
        gaps.iter_mut().for_each(|g| g.least += more);
    }
    let least = gaps.iter().map(|g| g.least).sum();
    let natural = gaps.iter().map(|g| g.at(1.0)).sum();
    Gaps { gaps, least, natural }
}

pub(super) fn length_of(duration: Beat) -> Space {
    QUARTER * (duration.to_f64() as f32 * 4.0).clamp(1.0 / 256.0, 16.0).powf(EXPONENT)
}

fn springs(bar: &Bar, columns: &Columns, gaps: &mut [Gap]) {
    gaps[0] = Gap { least: LEAD, natural: 0.0 };
    // What sounds, as the time it ends and how long it is.
    let mut sounding: Vec<(Beat, Beat)> = Vec::new();
    let mut chords = bar.chords.iter().filter(|c| c.duration.is_positive()).map(|c| (c.column, c.end(), c.duration)).collect::<Vec<_>>();
    chords.sort_unstable();
    let mut next = 0;
    for (index, column) in columns.columns.iter().enumerate() {
        if !column.is_moment() {
            continue;
        }
        sounding.retain(|(end, _)| *end > column.beat);
        while let Some((at, end, duration)) = chords.get(next).filter(|row| row.0 <= index) {
            if *at == index {
                sounding.push((*end, *duration));
            }
            next += 1;
        }
        let following = columns.columns[index + 1..].iter().find(|c| c.is_moment() || c.beat > column.beat);
        let until = following.map_or(bar.length, |c| c.beat);
        let passes = until - column.beat;
        if !passes.is_positive() {
            gaps[index + 1].natural = 1.0;
            continue;
        }
        let shortest = sounding.iter().map(|row| row.1).min().unwrap_or(passes).max(passes);
        let share = passes.to_f64() / shortest.to_f64().max(1e-9);
        gaps[index + 1].natural = (f64::from(length_of(shortest)) * share) as f32;
    }
}

/// What the eye sees between two stems that turn from each other, or to each other (Gould, "Behind Bars", p. 41).
const TURNED_STEMS: Space = 0.4;

/// Optical corrections, where all staves that play at both ends of a gap have the same to ask or nothing: stems that face each
/// other look nearer than they are and those that turn away further; a head on the wrong side of its stem takes of the room
/// beside it.
fn optical(bar: &Bar, columns: &Columns, gaps: &mut [Gap]) {
    let mut asked: Vec<(Space, Space)> = vec![(0.0, 0.0); gaps.len()];
    let mut staves: Vec<u16> = vec![0; gaps.len()];
    let mut before: Vec<Option<&Chord>> = vec![None; columns.staves];
    for next in bar.chords.iter().filter(|c| c.visible && c.grace.is_none()) {
        let gap = next.column;
        let counts = next.alone && !next.is_rest();
        let one = std::mem::replace(&mut before[next.home()], counts.then_some(next));
        if let Some(one) = one.filter(|one| counts && one.column + 1 == gap) {
            staves[gap] += 1;
            asked[gap].0 += facing(one, next);
            asked[gap].1 += displaced(one).1 + displaced(next).0;
        }
    }
    for ((gap, (stems, heads)), staves) in gaps.iter_mut().zip(asked).zip(staves).filter(|row| row.1 > 0) {
        gap.natural = (gap.natural + (stems + heads * 0.5) / Space::from(staves)).max(gap.natural * 0.7);
    }
}

/// How much room the stems of neighbours ask for, in proportion to how far they stand beside each other.
fn facing(one: &Chord, next: &Chord) -> Space {
    let sign = match (one.stem, next.stem) {
        (Stem::Up, Stem::Down) => 1.0,
        (Stem::Down, Stem::Up) => -1.0,
        _ => return 0.0,
    };
    // From the outer head to an octave from it.
    let reach = |chord: &Chord| {
        let (first, last) = (chord.heads[0].y, chord.heads[chord.heads.len() - 1].y);
        let (high, low) = (first.min(last), first.max(last));
        if chord.stem == Stem::Up { (high - 3.5, low) } else { (high, low + 3.5) }
    };
    let ((a, b), (c, d)) = (reach(one), reach(next));
    sign * TURNED_STEMS * ((b.min(d) - a.max(c)) / 3.5).clamp(0.0, 1.0)
}

/// How far heads on the wrong side of a stem reach to the left and to the right of the others.
fn displaced(chord: &Chord) -> (Space, Space) {
    let dx = chord.heads.iter().map(|head| head.dx);
    dx.fold((0.0, 0.0), |(left, right): (Space, Space), dx| (left.max(-dx), right.max(dx)))
}

/// What each staff has in a column keeps clear of what it has in an earlier one.
fn ink_rods(columns: &Columns, rods: &mut Vec<Rod>) {
    let count = columns.columns.len();
    for staff in 0..columns.staves {
        let mut last: Option<(usize, Extent)> = None;
        for index in 0..count {
            let extent = columns.extent(index, staff);
            if !extent.is_some() {
                continue;
            }
            match last {
                Some((from, before)) => {
                    let length = before.right + extent.left.max(0.0) + PADDING;
                    rods.push(Rod { from: from + 1, to: index + 1, length });
                }
                None => rods.push(Rod { from: 0, to: index + 1, length: extent.left + if extent.left > 0.2 { 0.6 } else { LEAD } }),
            }
            last = Some((index, extent));
        }
        if let Some((from, before)) = last {
            rods.push(Rod { from: from + 1, to: count + 1, length: before.right + TAIL });
        }
    }
    // Columns keep apart even where no staff has something in both.
    for index in 0..count {
        let small = !columns.columns[index].is_moment();
        rods.push(Rod { from: index + 1, to: index + 2, length: if small { 0.9 } else { 1.1 } });
    }
}

/// How far a syllable reaches to both sides of its column.
pub(super) fn syllable_reach(syllable: &Syllable, head_width: Space) -> (Space, Space) {
    let wide = syllable.line.width();
    let middle = head_width / 2.0;
    // A syllable that is held starts with its note; others are centred (Gould, p. 440).
    if syllable.extends && wide > head_width { (0.4, wide - 0.4) } else { (wide / 2.0 - middle, wide / 2.0 + middle) }
}

/// The width of the head that lyrics of a chord are centred on.
pub(super) fn lyric_head(chord: &Chord) -> Space {
    chord.heads.first().map_or(1.18, |h| super::shapes::width(h.glyph) * chord.scale)
}

fn lyric_rods(bar: &Bar, count: usize, rods: &mut Vec<Rod>) {
    type Lane<'a> = (usize, &'a (u32, String));
    let mut lanes: Vec<(Lane, usize, Space, bool)> = Vec::new();
    let mut sung: Vec<&Chord> = bar.chords.iter().filter(|c| !c.lyrics.is_empty()).collect();
    sung.sort_by_key(|c| c.column);
    for chord in sung {
        for syllable in &chord.lyrics {
            let (left, right) = syllable_reach(syllable, lyric_head(chord));
            // A chord moved aside for another voice takes its syllable along.
            let (left, right) = (left - chord.dx, right + chord.dx);
            let lane = (chord.staff, &syllable.verse);
            match lanes.iter_mut().find(|row| row.0 == lane) {
                Some(row) => {
                    let gap = if row.3 { HYPHEN_GAP } else { WORD_GAP };
                    rods.push(Rod { from: row.1, to: chord.column + 1, length: row.2 + left + gap });
                    (row.1, row.2, row.3) = (chord.column + 1, right, syllable.goes_on);
                }
                None => {
                    rods.push(Rod { from: 0, to: chord.column + 1, length: left + 0.5 });
                    lanes.push((lane, chord.column + 1, right, syllable.goes_on));
                }
            }
        }
    }
    for (_, from, right, goes_on) in lanes {
        rods.push(Rod { from, to: count + 1, length: right + if goes_on { 0.7 } else { 0.2 } });
    }
}

/// Symbols of one row keep clear of each other; one between two columns has its share of the way from the one to the other.
fn symbol_rods(bar: &Bar, columns: &Columns, symbols: &[Symbol], rods: &mut Vec<Rod>) {
    let moments: Vec<(Beat, usize)> =
        columns.columns.iter().enumerate().filter(|(_, column)| column.is_moment()).map(|(at, column)| (column.beat, at + 1)).collect();
    let end = (bar.length, columns.columns.len() + 1);
    // The last column at or before a place, the first at or after it, and how far it is from the one to the other.
    let around = |beat: Beat| {
        let after = moments.partition_point(|row| row.0 <= beat);
        let before = moments[after.checked_sub(1)?];
        let next = moments.get(after).copied().unwrap_or(end);
        let share = (beat - before.0).to_f64() / (next.0 - before.0).to_f64().max(1e-9);
        Some((before.1, next.1, (share as f32).clamp(0.0, 0.9)))
    };
    for (at, symbol) in symbols.iter().enumerate() {
        let next = symbols.get(at + 1).filter(|next| next.row == symbol.row && next.beat > symbol.beat);
        // What hangs over a barline stands before the first note after it.
        let length = if next.is_some() { symbol.width } else { symbol.width - LEAD };
        let Some((before, after, share)) = around(symbol.beat) else { continue };
        let rod = match next.map(|next| around(next.beat)) {
            Some(Some((other, _, until))) if other == before => Rod { from: before, to: after, length: length / (until - share).max(0.1) },
            Some(Some((other, ..))) if share < 0.01 => Rod { from: before, to: other, length },
            Some(Some((other, ..))) if other > after => Rod { from: after, to: other, length },
            Some(Some(_)) => Rod { from: before, to: after, length: length / (1.0 - share) },
            _ if share < 0.01 => Rod { from: before, to: end.1, length },
            _ => Rod { from: before, to: after, length: length / (1.0 - share) },
        };
        rods.push(rod);
    }
}

/// Makes the gaps long enough for every rod: short rods first, then those over several gaps, each of which grows in
/// proportion to its spring.
fn hold_apart(gaps: &mut [Gap], mut rods: Vec<Rod>) {
    rods.retain(|rod| rod.from < rod.to && rod.to <= gaps.len());
    rods.sort_by_key(|rod| (rod.to - rod.from, rod.from));
    for rod in rods {
        let span = &mut gaps[rod.from..rod.to];
        if span.len() == 1 {
            span[0].least = span[0].least.max(rod.length);
            continue;
        }
        let least: Space = span.iter().map(|g| g.least).sum();
        let missing = rod.length - least;
        if missing <= 0.0 {
            continue;
        }
        let springs: Space = span.iter().map(|g| g.natural).sum();
        let even = 1.0 / span.len() as Space;
        for gap in span {
            gap.least += missing * if springs > 0.0 { gap.natural / springs } else { even };
        }
    }
}

/// The stretch under which gaps of these lengths fill a width, within `0..=most`; what is at least needed where they cannot.
pub(super) fn stretch_to(gaps: &[Gap], width: Space, most: f32) -> f32 {
    let length = |stretch: f32| gaps.iter().map(|g| g.at(stretch)).sum::<Space>();
    if length(most) <= width {
        return most;
    }
    let (mut low, mut high) = (0.0, most);
    for _ in 0..30 {
        let middle = (low + high) / 2.0;
        if length(middle) > width { high = middle } else { low = middle }
    }
    low
}
