//! The measures and beats that a file's time signatures lay over its ticks.

use super::super::{Bound, ImportError, Limits};
use super::file::File;
use crate::model::Beat;

/// A measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bar {
    /// Its place from the start of the file.
    pub(super) start: Beat,
    pub(super) length: Beat,
    /// The time signature in force, as its numerator and denominator.
    pub(super) time: (u16, u16),
    /// Whether it is given here.
    pub(super) given: bool,
}

impl Bar {
    /// The length of its beat: a dotted one in compound time.
    pub(super) fn beat(&self) -> Beat {
        let (beats, unit) = (i64::from(self.time.0), i64::from(self.time.1));
        if unit >= 8 && beats % 3 == 0 && beats > 3 || unit >= 16 && beats == 3 {
            return Beat::new(3, unit);
        }
        // Beats longer than a quarter are looked at in quarters: what divides them is written within a quarter.
        Beat::new(1, unit.max(4))
    }
}

/// The measures of a file.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) bars: Vec<Bar>,
    resolution: i64,
}

impl Grid {
    pub(super) fn of(file: &File, limits: &Limits) -> Result<Self, ImportError> {
        let mut grid = Self { bars: Vec::new(), resolution: i64::from(file.resolution) };
        let last = file.tracks.iter().flat_map(|track| &track.notes).map(|note| note.end).max();
        // The end of the tracks may be a little after the last barline.
        let end = grid.beat_of(i64::from(last.unwrap_or(file.end)));
        let written_end = grid.beat_of(i64::from(file.end));
        let mut times = file.times.clone();
        if times.first().is_none_or(|(at, ..)| *at > 0) {
            times.insert(0, (0, 4, 4));
        }
        // Of several at one place the last holds.
        let mut kept: Vec<(u32, u16, u16)> = Vec::new();
        for time in times {
            kept.retain(|other| other.0 != time.0);
            kept.push(time);
        }
        let mut now = Beat::ZERO;
        for (index, (_, beats, unit)) in kept.iter().copied().enumerate() {
            let until = kept.get(index + 1).map(|(at, ..)| grid.beat_of(i64::from(*at)));
            let full = Beat::new(i64::from(beats), i64::from(unit));
            let mut given = true;
            loop {
                let done = match until {
                    Some(until) => now >= until,
                    None => now >= end && (now >= written_end || !given || now > Beat::ZERO) && !grid.bars.is_empty(),
                };
                if done {
                    break;
                }
                if grid.bars.len() >= limits.measures {
                    return Err(ImportError::TooLarge { bound: Bound::Measures, max: limits.measures as u64, place: None });
                }
                // A time signature in the middle of a measure ends it there.
                let length = until.map_or(full, |until| full.min(until - now));
                grid.bars.push(Bar { start: now, length, time: (beats, unit), given });
                given = false;
                now += length;
            }
        }
        Ok(grid)
    }

    /// The musical time of a tick.
    pub(super) fn beat_of(&self, tick: i64) -> Beat {
        Beat::new(tick, 4 * self.resolution)
    }

    /// A tick's length in quarter notes.
    pub(super) fn tick(&self) -> f64 {
        1.0 / self.resolution as f64
    }

    /// The measure that a time is in; the last one for what is after it.
    pub(super) fn bar_at(&self, at: Beat) -> usize {
        self.bars.partition_point(|bar| bar.start <= at).saturating_sub(1)
    }

    pub(super) fn end(&self) -> Beat {
        self.bars.last().map_or(Beat::ZERO, |bar| bar.start + bar.length)
    }
}
