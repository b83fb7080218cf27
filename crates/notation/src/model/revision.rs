//! Revisions: what of a score is as it was, told without comparing it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use super::MeasureId;

/// Names a state of something. Equal revisions mean equal content, in any copy of a score; different ones mean that it may
/// differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revision(u64);

impl Revision {
    fn fresh() -> Self {
        // Unique in the process, so that two copies of a score that go different ways never name two states alike.
        static LAST: AtomicU64 = AtomicU64::new(0);
        Self(LAST.fetch_add(1, Ordering::Relaxed))
    }
}

/// The revisions of a score's measures.
#[derive(Debug, Clone)]
pub(super) struct Revisions {
    /// Of every measure that was not changed on its own since.
    all: Revision,
    measures: BTreeMap<MeasureId, Revision>,
}

impl Default for Revisions {
    fn default() -> Self {
        Self { all: Revision::fresh(), measures: BTreeMap::new() }
    }
}

/// Scores are equal by what they hold, not by how they came to.
impl PartialEq for Revisions {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Revisions {}

impl Revisions {
    pub(super) fn of(&self, measure: MeasureId) -> Revision {
        self.measures.get(&measure).copied().unwrap_or(self.all)
    }

    /// One measure changed.
    pub(super) fn renew(&mut self, measure: MeasureId) {
        self.measures.insert(measure, Revision::fresh());
    }

    /// Anything may have changed.
    pub(super) fn renew_all(&mut self) {
        self.all = Revision::fresh();
        self.measures.clear();
    }
}
