//! The replicated document of a score.

use automerge::{ActorId, Change};

use crate::DeviceId;

/// A place where what was merged does not read as music.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The events that overlap.
    pub events: Vec<bandpro_notation::model::EventId>,
}

/// Whether an actor belongs to a device.
pub fn is_actor_of(actor: &ActorId, device: DeviceId) -> bool {
    actor.to_bytes().starts_with(&device.as_bytes()[..16])
}

/// Reads a change.
pub fn read_change(bytes: &[u8]) -> Option<Change> {
    Change::try_from(bytes).ok()
}
