//! Where a workspace takes time and randomness from.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::SyncError;

/// Time and randomness: of the system, or of a simulation that replays.
pub trait World: std::fmt::Debug + Send + Sync {
    /// Milliseconds since 1970 (UTC).
    fn now(&self) -> u64;
    /// Fills bytes with randomness that nobody can foresee.
    fn fill(&self, bytes: &mut [u8]) -> Result<(), SyncError>;
}

/// The system's clock and its source of randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl World for System {
    fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), SyncError> {
        getrandom::fill(bytes).map_err(|error| SyncError::Randomness(error.to_string()))
    }
}
