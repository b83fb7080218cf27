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
use super::standing::{Known, Standings, ahead};
use super::trust::Trust;
use super::{ALPN, Away, Invitation, NodeEvent, NodeOptions, PeerOutcome, Standing, address, keeping_touch};
use crate::mailbox::RelayPass;
use crate::protocol::{Ending, Purpose};
use crate::workspace::{now, random};
use crate::{DeviceId, SpaceId, SyncError, Ticket, Workspace};

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
    pub async fn share(&self, space: SpaceId, invitation: Invitation) -> Result<Ticket, SyncError> {
        let secret = random()?;
        let expires = (now() / 1000).saturating_add(invitation.valid.as_secs());
        let workspace = self.workspace();
        let name = workspace.roster(space)?.ok_or(SyncError::UnknownSpace(space))?.0;
        workspace.invite(space, &secret, expires, invitation.uses)?;
        let own = address::own(self.endpoint()).await;
        let address = told(workspace, own, self.holds_post())?;
        Ok(Ticket { space, name, address, secret, expires, relays: workspace.relay_passes(space)? })
    }

    /// Accepts an invitation and fetches what is there.
    pub async fn join(&self, ticket: &Ticket) -> Result<SpaceId, SyncError> {
        ticket.check_expiry(now() / 1000)?;
        let device = address::device(ticket.address.id);
        if device == self.workspace().device() {
            // One's own ticket: there is nothing to fetch, but the space must still be one's own.
            self.workspace().roster(ticket.space)?.ok_or(SyncError::UnknownSpace(ticket.space))?;
            return Ok(ticket.space);
        }
        let mut passes = self.passes()?;
        passes.extend(ticket.relays.iter().cloned());
        self.inner.relays.follow(self.endpoint(), &self.inner.trust, &passes).await;
        let address = Relays::beside(ticket.address.clone(), &ticket.relays);
        self.exchange(ticket.space, address, Some(ticket.secret), true).await?;
        address::remember(self.workspace(), device, &ticket.address)?;
        for pass in &ticket.relays {
            self.workspace().add_relay(ticket.space, pass)?;
        }
        Ok(ticket.space)
    }

    /// Exchanges changes with every device and every mailbox of a space that can be reached now.
    pub async fn sync_once(&self, space: SpaceId) -> Result<Vec<PeerOutcome>, SyncError> {
        let (_, devices) = self.workspace().roster(space)?.ok_or(SyncError::UnknownSpace(space))?;
        self.follow_passes().await?;
        let mut conversations = tokio::task::JoinSet::new();
        for (device, name) in devices.into_iter().filter(|(device, _)| *device != self.workspace().device()) {
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
        self.exchange(space, address, None, once).await
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
        let name = self.workspace().device_name().to_owned();
        let went = converse(&self.inner.around, &connection, stream, Purpose { space: Some(space), name, secret, once }).await;
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
        let (_, devices) = self.workspace().roster(space)?.ok_or(SyncError::UnknownSpace(space))?;
        let others = devices.into_iter().filter(|(device, _)| *device != self.workspace().device());
        let mailboxes = self.workspace().relay_passes(space)?;
        let mailboxes = mailboxes.iter().filter_map(|pass| Some((address::device(pass.mailbox.as_ref()?.id), pass.name())));
        let here = self.workspace().vector(space)?;
        others.chain(mailboxes).map(|(device, name)| self.standing(space, (device, name), &here)).collect()
    }

    fn standing(&self, space: SpaceId, (device, name): (DeviceId, String), here: &Known) -> Result<Standing, SyncError> {
        let (link, known) = self.inner.around.standings.link((space, device));
        let known = match known {
            Some(known) => known,
            None => self.workspace().reached(space, device)?,
        };
        Ok(Standing { space, device, name, link, lacking_here: ahead(&known, here), lacking_there: ahead(here, &known) })
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
