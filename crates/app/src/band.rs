//! The other devices: inviting, joining, exchanging changes, and how this device stands with them.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bandpro_sync::mailbox::RelayPass;
use bandpro_sync::{
    Away, DeviceId, Inviting, Node, NodeEvent, NodeOptions, RecoveryKey, Route, Space, SpaceId, Standing, SyncError, Ticket, Workspace,
};
use tokio::runtime::Runtime;
use tokio::sync::broadcast;

use crate::AppError;
use crate::error::refusal_text;
use crate::texts::{Arg, Texts};
use crate::view::{DeviceView, Link, RelayView, SyncState, SyncView};

/// Where the settings keep whether laptops in the same network find this one.
const DISCOVERY: &str = "network.discovery";
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
        let options = NodeOptions { bind: listening()?, discovery: self.discovery()?, ..NodeOptions::default() };
        let node = runtime.block_on(Node::start(self.workspace.clone(), options))?;
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
    pub fn share(&self, space: SpaceId, inviting: Inviting) -> Result<Ticket, AppError> {
        let (node, runtime) = self.node()?;
        let ticket = runtime.block_on(node.share(space, inviting))?;
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

    /// Makes this device one of the person whose printed key this is, in the space of somebody's ticket.
    pub fn recover(&self, key: &RecoveryKey, ticket: &str) -> Result<SpaceId, AppError> {
        let ticket: Ticket = ticket.parse()?;
        let (node, runtime) = self.node()?;
        Ok(runtime.block_on(node.recover(key, &ticket))?)
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
    }

    /// Exchanges changes with every device of every space that can be reached now, after asking again where nobody answered.
    pub fn sync(&self) -> Result<Vec<Meeting>, AppError> {
        if !self.workspace.unanswered()?.is_empty() {
            let (node, runtime) = self.node()?;
            runtime.block_on(node.ask_again())?;
        }
        let spaces = self.workspace.spaces()?;
        let mut others = Vec::new();
        for space in &spaces {
            if space.devices.len() > 1 || !self.workspace.relay_passes(space.id)?.is_empty() {
                others.push(space);
            }
        }
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
        let now = self.now();
        if let Err(error) = self.workspace.set_setting(&format!("{SEEN}{device}"), &now.to_string()) {
            tracing::debug!(%error, "when a device was in step is not kept");
        }
    }

    /// When a device was last in step, in milliseconds since 1970.
    pub fn last_seen(&self, device: DeviceId) -> Option<u64> {
        self.workspace.setting(&format!("{SEEN}{device}")).ok().flatten()?.parse().ok()
    }

    /// How this device stands with the others.
    pub fn status(&self, texts: &Texts) -> SyncView {
        let spaces = self.workspace.spaces().unwrap_or_default();
        let node = self.open_node();
        let mut devices: BTreeMap<DeviceId, DeviceView> = BTreeMap::new();
        for space in &spaces {
            for (device, view) in self.standings(space.id, texts).unwrap_or_default() {
                devices.entry(device).and_modify(|known| merge(known, &view)).or_insert(view);
            }
        }
        let (devices, laptops): (Vec<DeviceView>, Vec<DeviceView>) = {
            let all: Vec<DeviceView> = devices.into_values().collect();
            let laptops = all.iter().filter(|device| !device.mailbox).cloned().collect();
            (all, laptops)
        };
        let waiting: Vec<&DeviceView> = laptops.iter().filter(|device| !device.connected && device.lacking_there > 0).collect();
        let pending = laptops.iter().map(|device| device.lacking_there).max().unwrap_or(0);
        let here = laptops.iter().filter(|device| device.connected).count();
        let behind = laptops.iter().any(|device| device.connected && device.lacking_here + device.lacking_there > 0);
        let held = spaces.iter().any(|space| self.workspace.frozen(space.id).is_ok_and(|frozen| frozen.contains(&self.workspace.device())));
        let (state, key, count) = match (laptops.len(), node.is_some(), waiting.as_slice()) {
            (0, ..) => (SyncState::Alone, "sync-alone", 0),
            _ if held => (SyncState::Held, "sync-held", 0),
            (others, false, _) => (SyncState::Offline, "sync-offline", others),
            _ if behind => (SyncState::Syncing, "sync-syncing", 0),
            (_, true, []) => (SyncState::InStep, "sync-in-step", laptops.len()),
            (_, true, [_]) => (SyncState::Waiting, "sync-waiting-for", 1),
            (_, true, waiting) => (SyncState::Waiting, "sync-waiting", waiting.len()),
        };
        let name = waiting.first().map(|device| device.name.clone()).unwrap_or_default();
        let args = [("count", Arg::from(count)), ("pending", Arg::Count(pending)), ("name", Arg::Text(&name))];
        SyncView { state, devices, connected: here, pending, message: texts.with(key, &args) }
    }

    /// How this device stands with each other one of a space, its mailboxes among them.
    pub fn standings(&self, space: SpaceId, texts: &Texts) -> Result<BTreeMap<DeviceId, DeviceView>, SyncError> {
        let laptops: BTreeSet<DeviceId> = self.workspace.circle(space)?.log.state().devices_here().map(|(device, _)| device).collect();
        let standings = match &self.open_node() {
            Some(node) => node.standings(space)?,
            None => bandpro_sync::apart(&self.workspace, space)?,
        };
        // What this device was before it was renewed is nobody to wait for.
        let renewed = self.workspace.renewed_from()?;
        let standings = standings.into_iter().filter(|standing| Some(standing.device) != renewed);
        let view = |standing: Standing| (standing.device, self.device_view(&standing, !laptops.contains(&standing.device), texts));
        Ok(standings.map(view).collect())
    }

    fn device_view(&self, standing: &Standing, mailbox: bool, texts: &Texts) -> DeviceView {
        let (link, way) = match &standing.link {
            Ok(Route::Near) => (Link::Near, "link-near"),
            Ok(Route::Direct) => (Link::Direct, "link-direct"),
            Ok(Route::Relayed) => (Link::Relayed, "link-relayed"),
            Err(away) => (Link::Away, reason(away)),
        };
        let detail = match &standing.link {
            Err(Away::TurnedAway(refusal)) => refusal_text(*refusal, texts),
            Err(Away::MailboxRefused(refusal)) => refusal.to_string(),
            Err(Away::Failed { detail }) => detail.clone(),
            _ => String::new(),
        };
        let mut sentences = vec![texts.with(way, &[("detail", Arg::Text(&detail))])];
        let (here, there) = (standing.lacking_here, standing.lacking_there);
        sentences.extend((here > 0).then(|| texts.with("link-lacking-here", &[("count", Arg::Count(here))])));
        sentences.extend((there > 0).then(|| texts.with("link-lacking-there", &[("count", Arg::Count(there))])));
        DeviceView {
            id: standing.device.short(),
            name: standing.name.clone(),
            connected: standing.link.is_ok(),
            link,
            detail: sentences.join(" "),
            lacking_here: here,
            lacking_there: there,
            mailbox,
            last_seen: self.last_seen(standing.device),
        }
    }

    /// The relays of these spaces.
    pub fn relays(&self, spaces: &[Space]) -> Result<Vec<RelayView>, AppError> {
        let mut relays: Vec<RelayView> = Vec::new();
        for space in spaces {
            for pass in self.workspace.relay_passes(space.id)? {
                match relays.iter_mut().find(|relay| relay.name == pass.name()) {
                    Some(relay) => relay.spaces.push(space.name.clone()),
                    None => relays.push(relay_view(&pass, vec![space.name.clone()])),
                }
            }
        }
        Ok(relays)
    }

    /// Uses a relay for these spaces from now on.
    pub fn add_relay(&self, pass: &str, spaces: Vec<Space>) -> Result<RelayView, AppError> {
        let pass: RelayPass = pass.parse()?;
        for space in &spaces {
            self.workspace.add_relay(space.id, &pass)?;
        }
        Ok(relay_view(&pass, spaces.into_iter().map(|space| space.name).collect()))
    }

    /// Uses the relay of this name no more. Gives whether there was one.
    pub fn remove_relay(&self, name: &str) -> Result<bool, AppError> {
        let mut removed = false;
        for space in self.workspace.spaces()? {
            removed |= self.workspace.remove_relay(space.id, name)?;
        }
        Ok(removed)
    }

    /// Whether laptops in the same network shall find this one without being told where. Holds when the network is opened next.
    pub fn set_discovery(&self, on: bool) -> Result<(), AppError> {
        Ok(self.workspace.set_setting(DISCOVERY, if on { "on" } else { "off" })?)
    }

    /// Whether laptops in the same network find this one: not where this device listens at one address alone.
    pub fn discovery(&self) -> Result<bool, AppError> {
        Ok(listening()?.is_none() && self.workspace.setting(DISCOVERY)?.as_deref() != Some("off"))
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

/// One device in two spaces: the better way, and what is lacking in both.
fn merge(known: &mut DeviceView, other: &DeviceView) {
    let (here, there) = (known.lacking_here + other.lacking_here, known.lacking_there + other.lacking_there);
    if !known.connected && other.connected {
        known.clone_from(other);
    }
    (known.lacking_here, known.lacking_there) = (here, there);
}

fn relay_view(pass: &RelayPass, spaces: Vec<String>) -> RelayView {
    RelayView { name: pass.name(), spaces, forwards: pass.entrance.is_some(), keeps: pass.mailbox.is_some() }
}

/// The sentence for why a device is not connected.
fn reason(away: &Away) -> &'static str {
    match away {
        Away::NotTried => "link-not-tried",
        Away::NoAddress => "link-no-address",
        Away::NoAnswer { .. } => "link-no-answer",
        Away::TurnedAway(_) | Away::MailboxRefused(_) => "link-turned-away",
        Away::Failed { .. } => "link-failed",
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
