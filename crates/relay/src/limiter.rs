//! How fast and how often: buckets that fill with time. Time comes in as an argument.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::Duration;

/// Lets through so much at once, and so much a second.
#[derive(Debug, Clone, Copy)]
pub struct Bucket {
    at_once: f64,
    per_second: f64,
    /// What may be taken now; below 0 where more was taken.
    level: f64,
    filled: Duration,
}

impl Bucket {
    /// A full one.
    pub fn new(at_once: f64, per_second: f64, now: Duration) -> Self {
        Self { at_once, per_second, level: at_once, filled: now }
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.filled).as_secs_f64();
        self.level = (self.level + passed * self.per_second).min(self.at_once);
        self.filled = self.filled.max(now);
    }

    /// Takes so much, whether it is there or not, and says how long to wait until it is.
    pub fn take(&mut self, amount: f64, now: Duration) -> Duration {
        self.fill(now);
        self.level -= amount;
        if self.level >= 0.0 { Duration::ZERO } else { Duration::from_secs_f64((-self.level / self.per_second).min(3600.0)) }
    }

    /// Takes one if it is there.
    pub fn take_one(&mut self, now: Duration) -> bool {
        self.fill(now);
        let there = self.level >= 1.0;
        if there {
            self.level -= 1.0;
        }
        there
    }

    fn is_full(&self, now: Duration) -> bool {
        let mut later = *self;
        later.fill(now);
        later.level >= later.at_once
    }
}

/// What is counted at a gate.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Inside at a time, in all.
    pub all: usize,
    /// Inside at a time, of one kind of those who come.
    pub each: usize,
    /// New ones a second of one kind.
    pub new_per_second: f64,
    /// New ones at once of one kind.
    pub new_at_once: f64,
}

#[derive(Debug)]
struct Count {
    inside: usize,
    bucket: Bucket,
}

/// Why one is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// As many are inside as may be, in all.
    Full,
    /// As many of this kind are inside as may be.
    FullOfThese,
    /// They come too fast.
    TooFast,
}

/// Counts who is inside, by what they have in common: an address, a device, a band. Its memory is bounded by who is inside and
/// who was of late.
#[derive(Debug)]
pub struct Gate<K> {
    bounds: Bounds,
    inside: usize,
    counts: HashMap<K, Count>,
    sweep_at: usize,
}

impl<K: Eq + Hash> Gate<K> {
    /// An empty one.
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, inside: 0, counts: HashMap::new(), sweep_at: 1024 }
    }

    /// How many are inside.
    pub fn inside(&self) -> usize {
        self.inside
    }

    /// Lets one in, who has to [`Gate::leave`].
    pub fn enter(&mut self, key: K, now: Duration) -> Result<(), Closed> {
        self.sweep(now);
        if self.inside >= self.bounds.all {
            return Err(Closed::Full);
        }
        let Bounds { each, new_at_once, new_per_second, .. } = self.bounds;
        let count = self.counts.entry(key).or_insert_with(|| Count { inside: 0, bucket: Bucket::new(new_at_once, new_per_second, now) });
        if count.inside >= each {
            return Err(Closed::FullOfThese);
        }
        if !count.bucket.take_one(now) {
            return Err(Closed::TooFast);
        }
        count.inside += 1;
        self.inside += 1;
        Ok(())
    }

    /// One leaves.
    pub fn leave(&mut self, key: &K) {
        if let Some(count) = self.counts.get_mut(key)
            && count.inside > 0
        {
            count.inside -= 1;
            self.inside -= 1;
        }
    }

    /// Forgets those who are not inside and were not of late, whenever there are twice as many as last time.
    fn sweep(&mut self, now: Duration) {
        if self.counts.len() >= self.sweep_at {
            self.counts.retain(|_, count| count.inside > 0 || !count.bucket.is_full(now));
            self.sweep_at = (self.counts.len() * 2).max(1024);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const BOUNDS: Bounds = Bounds { all: 3, each: 2, new_per_second: 1.0, new_at_once: 2.0 };

    #[test]
    fn a_bucket_says_how_long_to_wait() {
        let mut bucket = Bucket::new(10.0, 5.0, Duration::ZERO);
        assert_eq!(bucket.take(10.0, Duration::ZERO), Duration::ZERO);
        assert_eq!(bucket.take(5.0, Duration::ZERO), SECOND);
        assert_eq!(bucket.take(0.0, SECOND), Duration::ZERO, "what was owed is paid");
        assert_eq!(bucket.take(10.0, 4 * SECOND), Duration::ZERO, "it does not overflow");
        assert_eq!(bucket.take(5.0, 3 * SECOND), SECOND, "a clock that goes back fills nothing");
    }

    #[test]
    fn a_gate_counts_who_is_inside() {
        let mut gate = Gate::new(BOUNDS);
        let enter = |gate: &mut Gate<char>, key, now| gate.enter(key, now);
        assert_eq!(enter(&mut gate, 'a', Duration::ZERO), Ok(()));
        assert_eq!(enter(&mut gate, 'a', Duration::ZERO), Ok(()));
        assert_eq!(enter(&mut gate, 'a', 9 * SECOND), Err(Closed::FullOfThese));
        assert_eq!(enter(&mut gate, 'b', 9 * SECOND), Ok(()));
        assert_eq!(enter(&mut gate, 'c', 9 * SECOND), Err(Closed::Full));
        gate.leave(&'a');
        assert_eq!(gate.inside(), 2);
        assert_eq!(enter(&mut gate, 'a', 9 * SECOND), Ok(()));
        gate.leave(&'a');
        gate.leave(&'a');
        gate.leave(&'a');
        assert_eq!(gate.inside(), 1, "leaving twice counts once");
    }

    #[test]
    fn who_comes_too_fast_waits_outside() {
        let mut gate = Gate::new(BOUNDS);
        for _ in 0..2 {
            assert_eq!(gate.enter('a', Duration::ZERO), Ok(()));
            gate.leave(&'a');
        }
        assert_eq!(gate.enter('a', Duration::ZERO), Err(Closed::TooFast));
        assert_eq!(gate.enter('b', Duration::ZERO), Ok(()), "others do not wait for it");
        assert_eq!(gate.enter('a', 2 * SECOND), Ok(()));
    }

    #[test]
    fn a_flood_of_addresses_does_not_fill_the_memory() {
        let mut gate = Gate::new(Bounds { all: 10, ..BOUNDS });
        for address in 0..100_000_u32 {
            let now = Duration::from_millis(u64::from(address));
            if gate.enter(address, now).is_ok() {
                gate.leave(&address);
            }
        }
        assert!(gate.counts.len() < 10_000, "{}", gate.counts.len());
    }
}
