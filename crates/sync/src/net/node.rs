//! The network of this device.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::sync::broadcast;

use crate::{DeviceId, SpaceId, SyncError, Ticket, Workspace};

/// How to open the network.
#[derive(Debug, Clone)]
pub struct NodeOptions {
    /// Where to listen; every network, at the port kept from last time, where absent.
    pub bind: Option<SocketAddr>,
    /// How long to try to reach a device.
    pub reach: Duration,
}

impl Default for NodeOptions {
    fn default() -> Self {
        Self { bind: None, reach: Duration::from_secs(5) }
    }
}

/// What an invitation allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// How long it is good.
    pub valid: Duration,
    /// How many devices may use it; any number where absent.
    pub uses: Option<u32>,
}

impl Default for Invitation {
    fn default() -> Self {
        Self { valid: Duration::from_secs(7 * 24 * 3600), uses: Some(1) }
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
    /// A device joined a space by a ticket of this one.
    Joined {
        /// The space.
        space: SpaceId,
        /// The device.
        device: DeviceId,
        /// What it is called.
        name: String,
    },
    /// A device was turned away.
    TurnedAway {
        /// The device.
        device: DeviceId,
        /// Why.
        reason: crate::protocol::Refusal,
    },
}

/// The network of this device. A handle: clones share one endpoint.
#[derive(Clone, Debug)]
pub struct Node {}

impl Node {
    /// Opens the network. Nothing is accepted before [`Node::serve`].
    pub async fn start(workspace: Workspace, options: NodeOptions) -> Result<Self, SyncError> { let _ = (workspace, options); todo!() }
    /// Stays reachable, accepts members and invited devices, and keeps in touch with all devices that can be reached, pushing
    /// changes as they are made, until [`Node::shutdown`]. Returns at once.
    pub fn serve(&self) { todo!() }
    /// An invitation into a space. The device that joins must be able to reach this one while it (or another process with the
    /// same data folder) serves.
    pub async fn share(&self, space: SpaceId, invitation: Invitation) -> Result<Ticket, SyncError> { let _ = (space, invitation); todo!() }
    /// Accepts an invitation and fetches what is there.
    pub async fn join(&self, ticket: &Ticket) -> Result<SpaceId, SyncError> { let _ = ticket; todo!() }
    /// Exchanges changes with every device of a space that can be reached now.
    pub async fn sync_once(&self, space: SpaceId) -> Result<Vec<PeerOutcome>, SyncError> { let _ = space; todo!() }
    /// The devices that are connected now.
    pub fn connected(&self) -> Vec<(SpaceId, DeviceId)> { todo!() }
    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<NodeEvent> { todo!() }
    /// Says goodbye and closes the network.
    pub async fn shutdown(&self) { todo!() }
}
