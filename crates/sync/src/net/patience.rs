//! When to try again what could not be reached, and when a pause was sleep. Time and randomness come in as arguments.

use std::time::Duration;

/// How long to wait before what could not be reached is tried again: at first, and at most.
const FIRST: Duration = Duration::from_secs(2);
const LAST: Duration = Duration::from_secs(60);
/// A clock on the wall that runs so much ahead of the one inside says that the machine slept.
const NAP: Duration = Duration::from_secs(5);

/// When to try one thing again. Less often the longer it is away, and not at the same moment as everyone else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Retry {
    failures: u32,
    next: Duration,
}

impl Retry {
    /// Whether it is time.
    pub fn is_due(&self, now: Duration) -> bool {
        now >= self.next
    }

    /// It failed again. `random` spreads the next try over half the time.
    pub fn failed(&mut self, now: Duration, random: u32) {
        let longest = FIRST.saturating_mul(1 << self.failures.min(8)).min(LAST);
        self.failures = self.failures.saturating_add(1);
        self.next = now + longest / 2 + longest / 2 * (random % 1024) / 1024;
    }

    /// It went well, or something has changed: the next try may come soon.
    pub fn again_soon(&mut self, now: Duration) {
        *self = Self { failures: 0, next: now };
    }
}

/// Notices that the machine slept: the clock on the wall went on, the one inside did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sleep {
    inside: Duration,
    wall: Duration,
}

impl Sleep {
    /// Begins with these clocks: since some beginning, and since 1970.
    pub fn new(inside: Duration, wall: Duration) -> Self {
        Self { inside, wall }
    }

    /// Looks at the clocks again. Says whether the machine slept in between (or somebody set the clock forward, which costs only
    /// a look around).
    pub fn noticed(&mut self, inside: Duration, wall: Duration) -> bool {
        let (passed, wall_passed) = (inside.saturating_sub(self.inside), wall.saturating_sub(self.wall));
        // Where the clock inside goes on during sleep, the look itself comes late.
        let slept = wall_passed > passed + NAP || passed > Duration::from_secs(30);
        *self = Self { inside, wall };
        slept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_waits_longer_each_time_but_never_too_long() {
        let mut retry = Retry::default();
        assert!(retry.is_due(Duration::ZERO));
        let mut waits = Vec::new();
        for _ in 0..40 {
            retry.failed(Duration::ZERO, 1023);
            waits.push(retry.next);
        }
        assert!(waits[0] > SECOND && waits[0] < 2 * SECOND, "{waits:?}");
        assert!(waits.is_sorted() && waits[39] < LAST && waits[39] > LAST / 2, "{waits:?}");
        retry.again_soon(9 * SECOND);
        assert!(retry.is_due(9 * SECOND));
        retry.failed(9 * SECOND, 0);
        assert_eq!(retry.next, 10 * SECOND, "it begins anew");
    }

    #[test]
    fn not_everybody_comes_back_at_the_same_moment() {
        let next = |random| {
            let mut retry = Retry { failures: 9, next: Duration::ZERO };
            retry.failed(Duration::ZERO, random);
            retry.next
        };
        assert_eq!(next(0), LAST / 2);
        assert!(next(512) > next(0) && next(1023) > next(512) && next(1023) < LAST);
    }

    #[test]
    fn sleep_is_noticed_by_the_clocks() {
        let mut sleep = Sleep::new(Duration::ZERO, 1000 * SECOND);
        assert!(!sleep.noticed(SECOND, 1001 * SECOND));
        assert!(sleep.noticed(2 * SECOND, 1100 * SECOND), "the wall went on");
        assert!(!sleep.noticed(3 * SECOND, 1101 * SECOND));
        assert!(!sleep.noticed(4 * SECOND, 500 * SECOND), "somebody set the clock back");
        assert!(sleep.noticed(100 * SECOND, 596 * SECOND), "both went on, nobody looked");
    }
}
