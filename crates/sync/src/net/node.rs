//! The network of this device.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use iroh::{Endpoint, EndpointAddr};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;

use super::address::Own;
use super::conversation::{Surroundings, Went, converse};
use super::discovery::{self, Seen};
use super::relays::Relays;
use super::standing::{self, Standings};
use super::trust::Trust;
use super::{ALPN, Away, NodeEvent, NodeOptions, PeerOutcome, Standing, address, keeping_touch};
use crate::mailbox::RelayPass;
use crate::protocol::{Ending, Purpose, Refusal};
use crate::{DeviceId, Invited, Inviting, Options, RecoveryKey, SpaceId, SyncError, Ticket, Workspace};

struct Inner {
    endpoint: Endpoint,
    options: NodeOptions,
    trust: Trust,
    relays: Relays,
    /// Rung when there may be something to do for those who keep in touch.
    bell: watch::Sender<u64>,
    /// Held while this is the process that others are sent to.
    post: Mutex<Option<address::Post>>,
    around: Surroundings,
    serving: AtomicBool,
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
        let trust = Trust::default();
        let address::Bound { endpoint, post } = address::bind(&workspace, &options, &trust).await?;
        let own = address::own(&endpoint).await;
        if post.is_some() {
            address::publish(&workspace, &own)?;
        }
        let told = told(&workspace, own, post.is_some())?;
        let (bell, receiver) = watch::channel(0);
        let rung = bell.clone();
        workspace.listen(Box::new(move |_| {
            rung.send_modify(|count| *count += 1);
            !rung.is_closed()
        }));
        let around = Surroundings {
            workspace,
            own: Own::new(told),
            news: receiver,
            events: broadcast::channel(1024).0,
            standings: Standings::default(),
            seen: Seen::default(),
        };
        let (shown, tasks) = (post.is_some(), Mutex::default());
        let (relays, serving, post) = (Relays::default(), AtomicBool::new(false), Mutex::new(post));
        let inner = Inner { endpoint, options, trust, relays, bell, post, around, serving, tasks };
        let node = Self { inner: Arc::new(inner) };
        node.follow_passes().await?;
        if node.looks_around() {
            let (endpoint, seen, bell) = (node.endpoint().clone(), node.inner.around.seen.clone(), node.inner.bell.clone());
            node.keep(discovery::look_around(endpoint, shown, seen, bell));
        }
        Ok(node)
    }

    fn keep(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Ok(mut tasks) = self.inner.tasks.lock() {
            tasks.push(tokio::spawn(task));
        }
    }

    pub(super) fn endpoint(&self) -> &Endpoint {
        &self.inner.endpoint
    }

    pub(super) fn workspace(&self) -> &Workspace {
        &self.inner.around.workspace
    }

    pub(super) fn holds_post(&self) -> bool {
        self.inner.post.lock().is_ok_and(|post| post.is_some())
    }

    /// Rings for those who keep in touch.
    pub(super) fn ring(&self) {
        self.inner.bell.send_modify(|count| *count += 1);
    }

    /// Stays reachable, accepts members and invited devices, and keeps in touch with all devices that can be reached, pushing
    /// changes as they are made, until [`Node::shutdown`]. Returns at once.
    pub fn serve(&self) {
        if self.inner.serving.swap(true, Ordering::AcqRel) {
            return;
        }
        self.keep(keeping_touch::accept(self.endpoint().clone(), self.inner.around.clone()));
        self.keep(keeping_touch::watch_log(self.workspace().clone()));
        self.keep(keeping_touch::redial(self.clone()));
        self.keep(keeping_touch::follow_address(self.clone()));
    }

    /// An invitation into a space. The device that joins must be able to reach this one while it (or another process with the
    /// same data folder) serves.
    pub async fn share(&self, space: SpaceId, inviting: Inviting) -> Result<Ticket, SyncError> {
        let workspace = self.workspace();
        let name = workspace.circle(space)?.log.state().name.clone();
        let Invited { secret, expires, .. } = workspace.invite(space, inviting)?;
        let own = address::own(self.endpoint()).await;
        let address = told(workspace, own, self.holds_post())?;
        Ok(Ticket { space, name, address, secret, expires, relays: workspace.relay_passes(space)? })
    }

    /// Accepts an invitation and fetches what is there. Where somebody has to say yes first, this ends with
    /// [`Refusal::Waiting`]; the ticket is remembered, and tried again while this device serves.
    pub async fn join(&self, ticket: &Ticket) -> Result<SpaceId, SyncError> {
        ticket.check_expiry(self.workspace().now() / 1000)?;
        let device = address::device(ticket.address.id);
        if device == self.workspace().device() {
            // One's own ticket: there is nothing to fetch, but the space must still be one's own.
            self.workspace().circle(ticket.space)?;
            return Ok(ticket.space);
        }
        let address = self.way_of(ticket).await?;
        let came_in = self.exchange(ticket.space, address.clone(), Some(ticket.secret), true).await;
        match &came_in {
            Err(SyncError::TurnedAway(Refusal::Waiting)) => self.workspace().remember_asking(ticket.space, &ticket.to_string())?,
            Err(SyncError::TurnedAway(_)) => self.workspace().forget_asking(ticket.space)?,
            _ => {}
        }
        let went = came_in?;
        self.come_along(&went.spaces, &address).await;
        address::remember(self.workspace(), device, &ticket.address)?;
        for pass in &ticket.relays {
            self.workspace().keep_relay(ticket.space, pass)?;
        }
        Ok(ticket.space)
    }

    /// The way to whoever made a ticket, by way of the relays that it names where need be.
    async fn way_of(&self, ticket: &Ticket) -> Result<EndpointAddr, SyncError> {
        let mut passes = self.passes()?;
        passes.extend(ticket.relays.iter().cloned());
        self.inner.relays.follow(self.endpoint(), &self.inner.trust, &passes).await;
        Ok(Relays::beside(ticket.address.clone(), &ticket.relays))
    }

    /// Comes into the other spaces of this person that another of their devices named.
    async fn come_along(&self, spaces: &[SpaceId], address: &EndpointAddr) {
        for space in spaces {
            if !self.workspace().has_space(*space).unwrap_or(true)
                && let Err(error) = self.exchange(*space, address.clone(), None, true).await
            {
                tracing::warn!(%space, %error, "a space of this person could not be fetched; it is tried again");
            }
        }
    }

    /// Makes this device one of the person whose printed key this is, in the space of a ticket of somebody who belongs to it: the
    /// key stands for a device of the person, which fetches the space, signs this one in, and brings that back.
    pub async fn recover(&self, key: &RecoveryKey, ticket: &Ticket) -> Result<SpaceId, SyncError> {
        let workspace = self.workspace();
        let stand_in = Workspace::in_memory(key.secret(), Options { device_name: "recovery".into(), ..Options::default() })?;
        let options = &self.inner.options;
        let bind = options.bind.map(|address| (address.ip(), 0).into());
        let options = NodeOptions { bind, reach: options.reach, discovery: false };
        let node = Box::pin(Self::start(stand_in.clone(), options)).await?;
        let come = async || -> Result<(), SyncError> {
            let address = node.way_of(ticket).await?;
            node.exchange(ticket.space, address.clone(), None, true).await?;
            stand_in.recover_for(ticket.space, &workspace.identity().card(&workspace.device_name()?))?;
            node.exchange(ticket.space, address, None, true).await.map(drop)
        };
        let came = come().await;
        node.shutdown().await;
        came?;
        let address = self.way_of(ticket).await?;
        let went = self.exchange(ticket.space, address.clone(), None, true).await?;
        self.come_along(&went.spaces, &address).await;
        Ok(ticket.space)
    }

    /// Tries again to come in where this device asked and nobody had answered yet.
    pub async fn ask_again(&self) -> Result<(), SyncError> {
        for (_, ticket) in self.workspace().unanswered()? {
            let Ok(ticket) = ticket.parse::<Ticket>() else { continue };
            match Box::pin(self.join(&ticket)).await {
                Ok(_) | Err(SyncError::TurnedAway(_) | SyncError::Unreachable { .. } | SyncError::NoAddress) => {}
                Err(SyncError::ExpiredTicket) => self.workspace().forget_asking(ticket.space)?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Exchanges changes with every device and every mailbox of a space that can be reached now.
    pub async fn sync_once(&self, space: SpaceId) -> Result<Vec<PeerOutcome>, SyncError> {
        let devices = self.workspace().others(space)?;
        self.follow_passes().await?;
        let mut conversations = tokio::task::JoinSet::new();
        for (device, name) in devices {
            let node = self.clone();
            conversations.spawn(async move {
                let result = node.sync_with(space, device, true).await.map(|went| (went.received, went.sent));
                PeerOutcome { device, name, result }
            });
        }
        for pass in self.workspace().relay_passes(space)? {
            let Some(mailbox) = pass.mailbox.as_ref() else { continue };
            let (node, device, name) = (self.clone(), address::device(mailbox.id), pass.name());
            conversations.spawn(async move {
                let result = node.mailbox_once(space, &pass).await;
                PeerOutcome { device, name, result }
            });
        }
        let mut outcomes = conversations.join_all().await;
        outcomes.sort_by_key(|outcome| outcome.device);
        Ok(outcomes)
    }

    async fn mailbox_once(&self, space: SpaceId, pass: &RelayPass) -> Result<(u64, u64), SyncError> {
        self.talk_with_mailbox(space, pass, true).await.map(|went| (went.received, went.sent))
    }

    /// The passes of all spaces.
    fn passes(&self) -> Result<Vec<RelayPass>, SyncError> {
        let mut passes: Vec<RelayPass> = Vec::new();
        for space in self.workspace().spaces()? {
            for pass in self.workspace().relay_passes(space.id)? {
                if !passes.contains(&pass) {
                    passes.push(pass);
                }
            }
        }
        Ok(passes)
    }

    /// Uses the relays that the spaces name now.
    pub(super) async fn follow_passes(&self) -> Result<(), SyncError> {
        self.inner.relays.follow(self.endpoint(), &self.inner.trust, &self.passes()?).await;
        Ok(())
    }

    /// Talks with a device where it was last met, where it is seen in this network, or by way of the band's relays.
    pub(super) async fn sync_with(&self, space: SpaceId, device: DeviceId, once: bool) -> Result<Went, SyncError> {
        let went = self.try_to_sync_with(space, device, once).await;
        if let Err(error) = &went {
            self.could_not((space, device), error);
        }
        went
    }

    async fn try_to_sync_with(&self, space: SpaceId, device: DeviceId, once: bool) -> Result<Went, SyncError> {
        let id = iroh::PublicKey::from_bytes(device.as_bytes()).map_err(|_| SyncError::Unreachable { detail: "it has no key".into() })?;
        let passes = self.workspace().relay_passes(space)?;
        let known = address::of(self.workspace(), device)?.unwrap_or_else(|| EndpointAddr::new(id));
        let seen = self.inner.around.seen.address(device).into_iter().flat_map(|address| address.addrs);
        let address = Relays::beside(known.with_addrs(seen), &passes);
        if address.is_empty() && !self.looks_around() {
            return Err(SyncError::NoAddress);
        }
        let went = self.exchange(space, address.clone(), None, once).await?;
        Box::pin(self.come_along(&went.spaces, &address)).await;
        Ok(went)
    }

    /// Keeps why a device could not be talked to, and tells.
    pub(super) fn could_not(&self, key: (SpaceId, DeviceId), error: &SyncError) {
        let away = match error {
            SyncError::NoAddress => Away::NoAddress,
            SyncError::Unreachable { detail } => Away::NoAnswer { detail: detail.clone() },
            SyncError::TurnedAway(refusal) => Away::TurnedAway(*refusal),
            SyncError::MailboxRefused(refusal) => Away::MailboxRefused(*refusal),
            other => Away::Failed { detail: other.to_string() },
        };
        self.inner.around.standings.failed(key, away);
        drop(self.inner.around.events.send(NodeEvent::Standing { space: key.0, device: key.1 }));
    }

    /// Connects and talks.
    async fn exchange(&self, space: SpaceId, address: EndpointAddr, secret: Option<[u8; 16]>, once: bool) -> Result<Went, SyncError> {
        let unreachable = |detail: String| SyncError::Unreachable { detail };
        let connecting = tokio::time::timeout(self.inner.options.reach, self.endpoint().connect(address.clone(), ALPN));
        let connection = match connecting.await {
            Ok(Ok(connection)) => connection,
            // Nowhere to look, and nobody in this network knows either.
            Ok(Err(_)) | Err(_) if address.is_empty() => return Err(SyncError::NoAddress),
            Ok(Err(error)) => return Err(unreachable(error.to_string())),
            Err(_) => return Err(unreachable(format!("no answer within {} s", self.inner.options.reach.as_secs_f32()))),
        };
        let stream = connection.open_bi().await.map_err(|error| unreachable(error.to_string()))?;
        let purpose = Purpose { space: Some(space), asking: self.workspace().asking(secret)?, once };
        let went = converse(&self.inner.around, &connection, stream, purpose).await;
        connection.close(0_u32.into(), b"done");
        let went = went?;
        match went.ending {
            Ending::Finished => Ok(went),
            Ending::TurnedAway(refusal) | Ending::Refused(refusal) => Err(SyncError::TurnedAway(refusal)),
            Ending::Protocol(what) => Err(SyncError::Protocol(what.into())),
            Ending::Stalled => Err(unreachable("it stopped answering".into())),
        }
    }

    /// The devices that are connected now.
    pub fn connected(&self) -> Vec<(SpaceId, DeviceId)> {
        self.inner.around.standings.connected()
    }

    /// How this device stands with every other one of a space, its mailboxes after them.
    pub fn standings(&self, space: SpaceId) -> Result<Vec<Standing>, SyncError> {
        standing::of_all(self.workspace(), space, |device| self.inner.around.standings.link((space, device)))
    }

    /// Whether devices in the same network are looked for. One that listens at one address alone is not in a network.
    fn looks_around(&self) -> bool {
        self.inner.options.discovery && self.inner.options.bind.is_none()
    }

    /// How many bytes came in so far on the connections that there are now, as UDP carried them.
    pub fn received_bytes(&self) -> u64 {
        self.inner.around.standings.received_bytes()
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
        self.endpoint().close().await;
        drop(self.inner.post.lock().map(|mut post| post.take()));
    }
}

/// The address that others are told: this process's, or that of the one with the same data that holds the post.
pub(super) fn told(workspace: &Workspace, own: EndpointAddr, holds_post: bool) -> Result<EndpointAddr, SyncError> {
    Ok(if holds_post { own } else { address::published(workspace)?.unwrap_or(own) })
}
