//! The network of this device.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use iroh::{Endpoint, EndpointAddr};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use super::conversation::{Surroundings, Went, converse};
use super::{ALPN, Invitation, NodeEvent, NodeOptions, PeerOutcome, address, keeping_touch};
use crate::protocol::{Ending, Purpose};
use crate::workspace::{now, random};
use crate::{DeviceId, SpaceId, SyncError, Ticket, Workspace};

struct Inner {
    endpoint: Endpoint,
    options: NodeOptions,
    /// Held while this is the process that others are sent to.
    post: Mutex<Option<address::Post>>,
    around: Surroundings,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

/// The network of this device. A handle: clones share one endpoint.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Node {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Node").field("device", &self.inner.around.workspace.device()).finish_non_exhaustive()
    }
}

impl Node {
    /// Opens the network. Nothing is accepted before [`Node::serve`]. Must be called, as all that is async here, inside a tokio
    /// runtime with time and IO.
    pub async fn start(workspace: Workspace, options: NodeOptions) -> Result<Self, SyncError> {
        let address::Bound { endpoint, post } = address::bind(&workspace, &options).await?;
        let own = address::own(&endpoint).await;
        if post.is_some() {
            address::publish(&workspace, &own)?;
        }
        let told = told(&workspace, own, post.is_some())?;
        let (bell, receiver) = watch::channel(0);
        workspace.listen(Box::new(move |_| {
            bell.send_modify(|count| *count += 1);
            !bell.is_closed()
        }));
        let around = Surroundings {
            workspace,
            own: Arc::new(address::encode(&told)),
            news: receiver,
            events: broadcast::channel(1024).0,
            connected: Arc::default(),
        };
        Ok(Self { inner: Arc::new(Inner { endpoint, options, post: Mutex::new(post), around, tasks: Mutex::default() }) })
    }

    fn workspace(&self) -> &Workspace {
        &self.inner.around.workspace
    }

    /// Stays reachable, accepts members and invited devices, and keeps in touch with all devices that can be reached, pushing
    /// changes as they are made, until [`Node::shutdown`]. Returns at once.
    pub fn serve(&self) {
        let Ok(mut tasks) = self.inner.tasks.lock() else { return };
        if tasks.is_empty() {
            let accept = keeping_touch::accept(self.inner.endpoint.clone(), self.inner.around.clone());
            tasks.push(tokio::spawn(accept));
            tasks.push(tokio::spawn(keeping_touch::watch_log(self.workspace().clone())));
            tasks.push(tokio::spawn(keeping_touch::redial(self.clone())));
        }
    }

    /// An invitation into a space. The device that joins must be able to reach this one while it (or another process with the
    /// same data folder) serves.
    pub async fn share(&self, space: SpaceId, invitation: Invitation) -> Result<Ticket, SyncError> {
        let secret = random()?;
        let expires = (now() / 1000).saturating_add(invitation.valid.as_secs());
        let workspace = self.workspace();
        let name = workspace.roster(space)?.ok_or(SyncError::UnknownSpace(space))?.0;
        workspace.invite(space, &secret, expires, invitation.uses)?;
        let own = address::own(&self.inner.endpoint).await;
        let address = told(workspace, own, self.inner.post.lock().is_ok_and(|post| post.is_some()))?;
        Ok(Ticket { space, name, address, secret, expires })
    }

    /// Accepts an invitation and fetches what is there.
    pub async fn join(&self, ticket: &Ticket) -> Result<SpaceId, SyncError> {
        ticket.check_expiry(now() / 1000)?;
        let device = address::device(ticket.address.id);
        if device != self.workspace().device() {
            self.exchange(ticket.space, ticket.address.clone(), Some(ticket.secret), true).await?;
            self.workspace().remember_address(device, &address::encode(&ticket.address))?;
            return Ok(ticket.space);
        }
        // One's own ticket: there is nothing to fetch, but the space must still be one's own.
        self.workspace().roster(ticket.space)?.ok_or(SyncError::UnknownSpace(ticket.space))?;
        Ok(ticket.space)
    }

    /// Exchanges changes with every device of a space that can be reached now.
    pub async fn sync_once(&self, space: SpaceId) -> Result<Vec<PeerOutcome>, SyncError> {
        let (_, devices) = self.workspace().roster(space)?.ok_or(SyncError::UnknownSpace(space))?;
        let mut conversations = tokio::task::JoinSet::new();
        for (device, name) in devices.into_iter().filter(|(device, _)| *device != self.workspace().device()) {
            let node = self.clone();
            conversations.spawn(async move {
                let result = node.sync_with(space, device, true).await.map(|went| (went.received, went.sent));
                PeerOutcome { device, name, result }
            });
        }
        let mut outcomes = conversations.join_all().await;
        outcomes.sort_by_key(|outcome| outcome.device);
        Ok(outcomes)
    }

    /// Talks with a device where it was last met.
    pub(super) async fn sync_with(&self, space: SpaceId, device: DeviceId, once: bool) -> Result<Went, SyncError> {
        let unknown = || SyncError::Unreachable { detail: "it was never met, so its address is not known".into() };
        let address = address::of(self.workspace(), device)?.ok_or_else(unknown)?;
        self.exchange(space, address, None, once).await
    }

    /// Connects and talks.
    async fn exchange(&self, space: SpaceId, address: EndpointAddr, secret: Option<[u8; 16]>, once: bool) -> Result<Went, SyncError> {
        let unreachable = |detail: String| SyncError::Unreachable { detail };
        let connecting = tokio::time::timeout(self.inner.options.reach, self.inner.endpoint.connect(address.clone(), ALPN));
        let connection = match connecting.await {
            Ok(connected) => connected.map_err(|error| unreachable(error.to_string()))?,
            Err(_) => return Err(unreachable(format!("no answer within {} s", self.inner.options.reach.as_secs_f32()))),
        };
        let stream = connection.open_bi().await.map_err(|error| unreachable(error.to_string()))?;
        let name = self.workspace().device_name().to_owned();
        let went = converse(&self.inner.around, &connection, stream, Purpose { space: Some(space), name, secret, once }).await;
        connection.close(0_u32.into(), b"done");
        let went = went?;
        match went.ending {
            Ending::Finished => {
                self.workspace().remember_address(address::device(address.id), &address::encode(&address))?;
                Ok(went)
            }
            Ending::TurnedAway(refusal) | Ending::Refused(refusal) => Err(SyncError::TurnedAway(refusal)),
            Ending::Protocol(what) => Err(SyncError::Protocol(what.into())),
            Ending::Stalled => Err(unreachable("it stopped answering".into())),
        }
    }

    /// The devices that are connected now.
    pub fn connected(&self) -> Vec<(SpaceId, DeviceId)> {
        self.inner.around.connected.lock().map(|connected| connected.keys().copied().collect()).unwrap_or_default()
    }

    pub(super) fn reach(&self) -> Duration {
        self.inner.options.reach
    }

    pub(super) fn surroundings(&self) -> &Surroundings {
        &self.inner.around
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<NodeEvent> {
        self.inner.around.events.subscribe()
    }

    /// Says goodbye and closes the network.
    pub async fn shutdown(&self) {
        let tasks = self.inner.tasks.lock().map(|mut tasks| std::mem::take(&mut *tasks)).unwrap_or_default();
        tasks.iter().for_each(JoinHandle::abort);
        self.inner.endpoint.close().await;
        drop(self.inner.post.lock().map(|mut post| post.take()));
    }
}

/// The address that others are told: this process's, or that of the one with the same data that holds the post.
fn told(workspace: &Workspace, own: EndpointAddr, holds_post: bool) -> Result<EndpointAddr, SyncError> {
    Ok(if holds_post { own } else { address::published(workspace)?.unwrap_or(own) })
}
