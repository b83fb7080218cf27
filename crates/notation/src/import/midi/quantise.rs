//! From ticks to note values: for each beat the division that explains best what happens in it.
//!
//! The best one is the one of least cost, in the manner of Cemgil, Desain and Kappen, "Rhythm Quantization for
//! Transcription" (Computer Music Journal 24:2, 2000): how far what was played is from it, measured by how exactly the file
//! plays, and how complicated it is. Divisions are straight, triplet, of both kinds, and of five, seven and more.

use super::grid::{Bar, Grid};
use super::parts::{Note, Part};
use crate::model::Beat;

/// How exactly a file plays.
#[derive(Debug, Clone, Copy)]
pub(super) struct Timing {
    /// Standard deviation of an onset in quarter notes.
    deviation: f64,
    /// Whether notes start on the grid to the tick.
    exact: bool,
    /// Whether they end on it too, so that their ends mean what they say. Many programs let go at 80, 90 or 96 % of a note.
    ends: bool,
}

/// Divisions of a beat with what they cost, for beats that halve. The unit is that of a squared deviation halved, so that a
/// division is worth its cost if it brings some notes that many deviations nearer.
const SIMPLE: &[(i64, f64)] = &[
    (1, 0.0),
    (2, 1.0),
    (4, 2.2),
    (3, 2.6),
    (8, 4.0),
    (6, 4.2),
    (12, 6.0),
    (5, 7.0),
    (16, 7.0),
    (7, 8.0),
    (24, 8.5),
    (9, 8.5),
    (32, 8.5),
    (10, 9.0),
    (11, 9.5),
    (13, 10.0),
    (14, 10.5),
    (15, 10.5),
    (20, 11.0),
    (18, 11.0),
    (28, 11.5),
    (64, 12.5),
    (48, 13.0),
    (40, 14.0),
    (56, 14.0),
    (60, 16.0),
    (128, 16.0),
];

/// The same for beats that divide into three.
const COMPOUND: &[(i64, f64)] = &[
    (1, 0.0),
    (3, 1.0),
    (6, 2.2),
    (2, 3.6),
    (12, 4.0),
    (4, 4.8),
    (24, 6.5),
    (9, 7.0),
    (8, 7.5),
    (5, 8.5),
    (18, 8.5),
    (7, 9.0),
    (48, 9.5),
    (16, 9.5),
    (36, 10.5),
    (10, 10.5),
    (14, 11.0),
    (15, 11.5),
    (21, 12.0),
    (30, 12.5),
    (96, 13.0),
    (42, 14.0),
    (72, 14.0),
];

/// What one note can cost at most: a slip does not make the rest of the beat complicated.
const MOST: f64 = 11.0;

/// A beat and how it is divided.
#[derive(Debug, Clone, Copy)]
struct Window {
    start: Beat,
    length: Beat,
    division: i64,
}

impl Timing {
    /// A file whose notes stand on twelfths and sixteenths of a quarter note was written by a program; in any other the
    /// deviation is estimated from how far its notes are from thirds and fourths.
    pub(super) fn of(parts: &[Part], grid: &Grid) -> Self {
        let tick = grid.tick();
        let off = |at: f64, division: f64| ((at * division).round() / division - at).abs();
        // Programs round to the nearest tick; at a coarse resolution chance would be near enough for that to prove anything.
        let slack = if tick < 1.0 / 200.0 { tick * 1.01 } else { tick * 0.01 };
        let on_the_grid = |at: f64| off(at, 12.0) <= slack || off(at, 16.0) <= slack;
        let (mut count, mut on_grid, mut squares) = (0_u32, 0_u32, 0.0);
        let (mut pitched, mut ended) = (0_u32, 0_u32);
        for part in parts {
            for note in &part.notes {
                let at = f64::from(note.played.start) * tick;
                count += 1;
                on_grid += u32::from(on_the_grid(at));
                squares += off(at, 4.0).min(off(at, 3.0)).powi(2);
                // A stroke of a drum has no length that would mean something.
                if !part.is_drums() {
                    pitched += 1;
                    ended += u32::from(on_the_grid(f64::from(note.played.end) * tick));
                }
            }
        }
        if count == 0 || f64::from(on_grid) >= 0.8 * f64::from(count) {
            let ends = f64::from(ended) >= 0.6 * f64::from(pitched);
            return Self { deviation: tick * 0.6, exact: true, ends };
        }
        let deviation = 1.3 * (squares / f64::from(count)).sqrt();
        Self { deviation: deviation.clamp(0.012, 0.045), exact: false, ends: false }
    }
}

/// Gives every note of a part its start and end in musical time.
pub(super) fn part(part: &mut Part, grid: &Grid, timing: &Timing) {
    part.played = !timing.exact;
    let drums = part.is_drums();
    let windows = windows(&part.notes, grid, timing, drums);
    let at = |tick: u32| grid.beat_of(i64::from(tick));
    for note in &mut part.notes {
        note.start = snapped(&windows, at(note.played.start));
        note.end = snapped(&windows, at(note.played.end));
        if note.end <= note.start {
            note.end = note.start + step_after(&windows, note.start);
        }
    }
    if drums {
        // A stroke has no length worth writing: it lasts until the next one.
        lengthen(&mut part.notes, |_, _| true, &windows);
    } else if !timing.ends {
        // What is a little detached is written to the next note.
        let detached =
            |length: Beat, gap: Beat| gap <= Beat::new(1, 16) || length.scale(3, 1) >= (length + gap) && length + gap <= Beat::new(1, 4);
        lengthen(&mut part.notes, detached, &windows);
    }
}

fn windows(notes: &[Note], grid: &Grid, timing: &Timing, drums: bool) -> Vec<Window> {
    let tick = grid.tick();
    let mut starts: Vec<f64> = notes.iter().map(|note| f64::from(note.played.start) * tick).collect();
    starts.sort_by(f64::total_cmp);
    let mut ends: Vec<f64> =
        if timing.ends && !drums { notes.iter().map(|note| f64::from(note.played.end) * tick).collect() } else { Vec::new() };
    ends.sort_by(f64::total_cmp);
    let mut windows = Vec::new();
    for bar in &grid.bars {
        let beat = bar.beat();
        let mut at = Beat::ZERO;
        while at < bar.length {
            let length = beat.min(bar.length - at);
            let start = bar.start + at;
            let within = |points: &[f64]| {
                let (from, to) = (start.to_f64() * 4.0, (start + length).to_f64() * 4.0);
                let first = points.partition_point(|point| *point < from);
                let last = points.partition_point(|point| *point < to);
                let span = to - from;
                points.get(first..last).unwrap_or_default().iter().map(|point| (point - from) / span).collect::<Vec<f64>>()
            };
            let division = division(&within(&starts), &within(&ends), length, bar, timing);
            windows.push(Window { start, length, division });
            at += length;
        }
    }
    windows
}

/// The division of least cost for what starts and ends in a beat, at places from 0 to 1.
fn division(starts: &[f64], ends: &[f64], length: Beat, bar: &Bar, timing: &Timing) -> i64 {
    if starts.is_empty() && ends.is_empty() {
        return 1;
    }
    let compound = length == bar.beat() && length.numerator() == 3;
    let table = if compound { COMPOUND } else { SIMPLE };
    let quarters = length.to_f64() * 4.0;
    let chord = if timing.exact { 0.004 } else { 0.07 } / quarters;
    let cost = |division: i64| {
        let n = division as f64;
        let one = |at: &f64| {
            let off = ((at * n).round() / n - at) * quarters / timing.deviation;
            (off * off / 2.0).min(MOST)
        };
        let together =
            starts.windows(2).filter(|pair| matches!(pair, [a, b] if b - a > chord && (a * n).round() == (b * n).round())).count();
        starts.iter().map(one).sum::<f64>() + ends.iter().map(one).sum::<f64>() + 3.0 * together as f64
    };
    let best = table.iter().map(|(division, price)| (price + cost(*division), *division));
    best.min_by(|a, b| a.0.total_cmp(&b.0)).map_or(1, |(_, division)| division)
}

fn window_at(windows: &[Window], at: Beat) -> Option<&Window> {
    windows.get(windows.partition_point(|window| window.start <= at).saturating_sub(1))
}

fn snapped(windows: &[Window], at: Beat) -> Beat {
    let Some(window) = window_at(windows, at) else { return at };
    let Some((num, den)) = (at - window.start).ratio(window.length) else { return at };
    // To the nearest of the division's places, halves up.
    let scaled = i128::from(num) * i128::from(window.division);
    let steps = (2 * scaled + i128::from(den)).div_euclid(2 * i128::from(den));
    window.start + window.length.scale(i64::try_from(steps).unwrap_or(0), window.division)
}

/// The smallest step of the beat that a time is in, but no shorter than a sixteenth.
fn step_after(windows: &[Window], at: Beat) -> Beat {
    window_at(windows, at).map_or(Beat::new(1, 16), |window| {
        let step = window.length.scale(1, window.division);
        let mut division = window.division;
        // A beat that nothing divides is halved for a note that must end in it.
        while window.length.scale(1, division) > Beat::new(1, 16) && division < 4 {
            division *= 2;
        }
        step.min(window.length.scale(1, division))
    })
}

/// Lets notes last until the next one of their part starts, where that is wanted; no longer than to the end of their beat.
fn lengthen(notes: &mut [Note], wanted: impl Fn(Beat, Beat) -> bool, windows: &[Window]) {
    let mut next: Option<Beat> = None;
    let mut current: Option<Beat> = None;
    for note in notes.iter_mut().rev() {
        if current != Some(note.start) {
            next = current;
            current = Some(note.start);
        }
        let to = next.unwrap_or_else(|| window_at(windows, note.start).map_or(note.end, |window| window.start + window.length));
        if to > note.end && wanted(note.end - note.start, to - note.end) {
            let beat_end = window_at(windows, note.start).map_or(to, |window| window.start + window.length);
            note.end = note.end.max(to.min(beat_end));
        } else if to < note.end && note.end - to <= Beat::new(1, 16) {
            // What hangs over a little into the next note does not.
            note.end = to.max(note.start + Beat::new(1, 64));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAR: Bar = Bar { start: Beat::ZERO, length: Beat::WHOLE, time: (4, 4), given: true };

    fn played(starts: &[f64]) -> i64 {
        let timing = Timing { deviation: 0.03, exact: false, ends: false };
        division(starts, &[], Beat::QUARTER, &BAR, &timing)
    }

    #[test]
    fn beats_are_divided_as_simply_as_they_can_be() {
        assert_eq!(played(&[0.02]), 1);
        assert_eq!(played(&[0.02, 0.47]), 2);
        assert_eq!(played(&[0.0, 0.36, 0.65]), 3);
        assert_eq!(played(&[0.01, 0.26, 0.52, 0.73]), 4);
        assert_eq!(played(&[0.0, 0.19, 0.41, 0.61, 0.79]), 5);
        assert_eq!(played(&[0.0, 0.76]), 4);
    }

    #[test]
    fn compound_beats_have_three() {
        let bar = Bar { time: (6, 8), length: Beat::new(3, 4), ..BAR };
        let timing = Timing { deviation: 0.03, exact: false, ends: false };
        assert_eq!(division(&[0.0, 0.35, 0.66], &[], Beat::new(3, 8), &bar, &timing), 3);
        assert_eq!(division(&[0.0, 0.51], &[], Beat::new(3, 8), &bar, &timing), 6);
    }
}
