//! The performance: one timeline of what sounds when, with repeats unrolled.
