//! The sync protocol as a state machine.

use serde::{Deserialize, Serialize};

/// Why a device was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// It is no member and has no ticket.
    #[error("it is not a member of the space, and brought no ticket")]
    NotAMember,
    /// The ticket is unknown, used up or revoked.
    #[error("the ticket was used already or withdrawn")]
    Ticket,
    /// The ticket has run out.
    #[error("the ticket has expired")]
    Expired,
    /// The device has no such space.
    #[error("it does not have this space")]
    UnknownSpace,
    /// The versions do not fit.
    #[error("its version of BandPro is another; update the older one")]
    Version,
}
