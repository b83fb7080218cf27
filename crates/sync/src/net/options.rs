//! What goes into a node and what comes out of it.

use std::net::SocketAddr;
use std::time::Duration;

use crate::{DeviceId, SpaceId, SyncError};

/// How to open the network.
#[derive(Debug, Clone)]
pub struct NodeOptions {
    /// Where to listen; on every network where absent. At the port kept from last time where none (or 0) is given.
    pub bind: Option<SocketAddr>,
    /// How long to try to reach a device.
    pub reach: Duration,
    /// Whether devices in the same network find each other without being told where (by mDNS).
    pub discovery: bool,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self { bind: None, reach: Duration::from_secs(5), discovery: true }
    }
}

/// What became of syncing with one device.
#[derive(Debug)]
pub struct PeerOutcome {
    /// The device.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// Changes received and sent, or why not.
    pub result: Result<(u64, u64), SyncError>,
}

/// What happens on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeEvent {
    /// A device of a space is connected.
    Connected {
        /// The space.
        space: SpaceId,
        /// The device.
        device: DeviceId,
    },
    /// All that the other side had is here, and all that is here is there.
    UpToDate {
        /// The space.
        space: SpaceId,
        /// The device.
        device: DeviceId,
    },
    /// A device is gone.
    Disconnected {
        /// The space.
        space: SpaceId,
        /// The device.
        device: DeviceId,
        /// Why.
        reason: String,
    },
    /// The way to a device changed, or why there is none.
    Standing {
        /// The space.
        space: SpaceId,
        /// The device.
        device: DeviceId,
    },
    /// This device is in another network, or woke up.
    Moved,
    /// A mailbox takes no more, so that some changes reach others only directly.
    MailboxFull {
        /// The space.
        space: SpaceId,
        /// The mailbox, by its key.
        device: DeviceId,
        /// What is used up.
        full: crate::mailbox::Full,
    },
    /// A device was turned away.
    TurnedAway {
        /// The device.
        device: DeviceId,
        /// Why.
        reason: crate::protocol::Refusal,
    },
}
