//! The other devices: inviting, joining, exchanging changes, and how this device stands with them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bandpro_sync::{DeviceId, Invitation, Node, NodeEvent, NodeOptions, SpaceId, SyncError, Ticket, Workspace};
use tokio::runtime::Runtime;
use tokio::sync::broadcast;

use crate::AppError;
use crate::texts::{Arg, Texts};
use crate::view::{DeviceView, SyncState, SyncView};

/// Where the settings keep when a device was last in step.
const SEEN: &str = "seen:";

/// What became of exchanging changes with one device.
#[derive(Debug)]
pub struct Meeting {
    /// The device's name.
    pub name: String,
    /// Changes received and sent, or why not.
    pub result: Result<(u64, u64), SyncError>,
}

/// The network, opened when it is first needed.
pub struct Band {
    workspace: Workspace,
    runtime: OnceLock<Runtime>,
    node: Mutex<Option<Node>>,
}

impl Band {
    /// For this device's documents.
    pub fn new(workspace: Workspace) -> Self {
        Self { workspace, runtime: OnceLock::new(), node: Mutex::default() }
    }

    fn runtime(&self) -> Result<&Runtime, AppError> {
        if let Some(runtime) = self.runtime.get() {
            return Ok(runtime);
        }
        let made = tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_name("band").enable_all().build();
        let made = made.map_err(|error| SyncError::Network(error.to_string()))?;
        // Where another thread was quicker its runtime stays; this one has nothing to do and ends without waiting.
        if let Err(spare) = self.runtime.set(made) {
            spare.shutdown_background();
        }
        self.runtime.get().ok_or_else(|| AppError::Internal("no runtime".to_owned()))
    }

    /// The network, opened now if it was not.
    fn node(&self) -> Result<(Node, &Runtime), AppError> {
        let runtime = self.runtime()?;
        let mut slot = self.node.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(node) = slot.as_ref() {
            return Ok((node.clone(), runtime));
        }
        let node = runtime.block_on(Node::start(self.workspace.clone(), NodeOptions { bind: listening()?, ..NodeOptions::default() }))?;
        *slot = Some(node.clone());
        Ok((node, runtime))
    }

    fn open_node(&self) -> Option<Node> {
        self.node.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Stays reachable from now on, and keeps in touch with all who can be reached.
    pub fn serve(&self) -> Result<(), AppError> {
        let (node, runtime) = self.node()?;
        let _inside = runtime.enter();
        node.serve();
        Ok(())
    }

    /// What happens on the network, once it is open.
    pub fn events(&self) -> Option<broadcast::Receiver<NodeEvent>> {
        self.open_node().map(|node| node.events())
    }

    /// An invitation to a space; this device is reachable from then on.
    pub fn share(&self, space: SpaceId) -> Result<Ticket, AppError> {
        let (node, runtime) = self.node()?;
        let ticket = runtime.block_on(node.share(space, Invitation::default()))?;
        let _inside = runtime.enter();
        node.serve();
        Ok(ticket)
    }

    /// Accepts an invitation and fetches what is there.
    pub fn join(&self, ticket: &str) -> Result<SpaceId, AppError> {
        let ticket: Ticket = ticket.parse()?;
        let (node, runtime) = self.node()?;
        Ok(runtime.block_on(node.join(&ticket))?)
    }

    /// Exchanges changes with every device of every space that can be reached now.
    pub fn sync(&self) -> Result<Vec<Meeting>, AppError> {
        let spaces = self.workspace.spaces()?;
        let others: Vec<_> = spaces.iter().filter(|space| space.devices.len() > 1).collect();
        if others.is_empty() {
            return Ok(Vec::new());
        }
        let (node, runtime) = self.node()?;
        let mut meetings = Vec::new();
        for space in others {
            for outcome in runtime.block_on(node.sync_once(space.id))? {
                if outcome.result.is_ok() {
                    self.saw(outcome.device);
                }
                meetings.push(Meeting { name: outcome.name, result: outcome.result });
            }
        }
        Ok(meetings)
    }

    /// Keeps that a device has everything that is here, as of now.
    pub fn saw(&self, device: DeviceId) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64);
        if let Err(error) = self.workspace.set_setting(&format!("{SEEN}{device}"), &now.to_string()) {
            tracing::debug!(%error, "when a device was in step is not kept");
        }
    }

    fn last_seen(&self, device: DeviceId) -> Option<u64> {
        self.workspace.setting(&format!("{SEEN}{device}")).ok().flatten()?.parse().ok()
    }

    /// How this device stands with the others.
    pub fn status(&self, texts: &Texts) -> SyncView {
        let own = self.workspace.device();
        let spaces = self.workspace.spaces().unwrap_or_default();
        let members = spaces.iter().flat_map(|space| space.devices.iter()).filter(|(device, _)| *device != own);
        let devices: BTreeMap<DeviceId, String> = members.map(|(device, name)| (*device, name.clone())).collect();
        let node = self.open_node();
        let connected: BTreeSet<DeviceId> = node.iter().flat_map(Node::connected).map(|(_, device)| device).collect();
        let view = |(device, name): (&DeviceId, &String)| DeviceView {
            id: device.short(),
            name: name.clone(),
            connected: connected.contains(device),
            last_seen: self.last_seen(*device),
        };
        let devices: Vec<DeviceView> = devices.iter().map(view).collect();
        let changed = self.workspace.scores().unwrap_or_default().iter().map(|score| score.modified).max().unwrap_or_default();
        let waiting = devices.iter().filter(|device| !device.connected && device.last_seen.is_none_or(|seen| seen < changed)).count();
        let here = devices.iter().filter(|device| device.connected).count();
        let (state, key, count) = match (devices.len(), node.is_some(), waiting) {
            (0, ..) => (SyncState::Alone, "sync-alone", 0),
            (others, false, _) => (SyncState::Offline, "sync-offline", others),
            (_, true, 0) => (SyncState::InStep, "sync-in-step", devices.len()),
            (_, true, waiting) => (SyncState::Waiting, "sync-waiting", waiting),
        };
        SyncView { state, devices, connected: here, message: texts.with(key, &[("count", Arg::from(count))]) }
    }

    /// Closes the network.
    pub fn close(&self) {
        let node = self.node.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let (Some(node), Some(runtime)) = (node, self.runtime.get()) {
            runtime.block_on(node.shutdown());
        }
    }
}

impl Drop for Band {
    fn drop(&mut self) {
        // The last handle may go away inside an async task of the surface, where a runtime may not wait for its threads.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The one address to listen at that the environment's `BANDPRO_LISTEN` names, as `192.168.1.20` or `192.168.1.20:7777`; every
/// network where it names none.
fn listening() -> Result<Option<SocketAddr>, AppError> {
    const KEY: &str = "BANDPRO_LISTEN";
    let Some(value) = std::env::var(KEY).ok().filter(|value| !value.is_empty()) else { return Ok(None) };
    let alone = || value.parse().ok().map(|ip: IpAddr| SocketAddr::new(ip, 0));
    let address = value.parse().ok().or_else(alone);
    address.map(Some).ok_or_else(|| AppError::BadSetting { key: KEY.to_owned(), value })
}
