//! What a serving node does in the background.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use iroh::endpoint::Incoming;
use iroh::{Endpoint, Watcher};
use tokio::task::JoinSet;

use super::conversation::{Surroundings, converse};
use super::node::told;
use super::patience::{Retry, Sleep};
use super::{Node, NodeEvent, address};
use crate::mailbox::RelayPass;
use crate::protocol::Purpose;
use crate::{DeviceId, SpaceId, SyncError, Workspace, WorkspaceEvent};

/// How often the log is looked at for what other processes wrote.
const LOOK: Duration = Duration::from_millis(50);
/// How often a device asks again to come in where nobody has answered.
const ASK_AGAIN: Duration = Duration::from_secs(10);
/// Connections that are served at a time. More than a band has devices; a flood costs no more than this.
const MAX_CONNECTIONS: usize = 128;

/// Accepts connections.
pub(super) async fn accept(endpoint: Endpoint, around: Surroundings) {
    let mut served = JoinSet::new();
    while let Some(incoming) = endpoint.accept().await {
        while served.try_join_next().is_some() {}
        if served.len() >= MAX_CONNECTIONS {
            incoming.refuse();
            continue;
        }
        served.spawn(serve_connection(incoming, around.clone()));
    }
}

async fn serve_connection(incoming: Incoming, around: Surroundings) {
    let connection = match incoming.await {
        Ok(connection) => connection,
        Err(error) => return tracing::debug!(%error, "a connection failed"),
    };
    // One conversation a stream; they end with the connection.
    let mut conversations = JoinSet::new();
    while let Ok(stream) = connection.accept_bi().await {
        let (around, connection) = (around.clone(), connection.clone());
        conversations.spawn(async move {
            let answered = match around.workspace.asking(None) {
                Ok(asking) => converse(&around, &connection, stream, Purpose { space: None, asking, once: false }).await,
                Err(error) => Err(error),
            };
            if let Err(error) = answered {
                tracing::debug!(%error, "a conversation ended");
            }
        });
    }
    while conversations.join_next().await.is_some() {}
}

/// Tells when another process with the same data has written. Conversations hear it as all news.
pub(super) async fn watch_log(workspace: Workspace) {
    let mut seen = None;
    loop {
        tokio::time::sleep(LOOK).await;
        let asked = workspace.clone();
        let Ok(Ok(version)) = tokio::task::spawn_blocking(move || asked.outside_version()).await else { continue };
        // The first look counts as news: something may have been written between opening and now.
        if seen.replace(version) != Some(version) {
            workspace.tell(WorkspaceEvent::WrittenOutside);
        }
    }
}

/// Follows this device from network to network: the address that others are told, the relays that the spaces name.
pub(super) async fn follow_address(node: Node) {
    let mut watcher = node.endpoint().watch_addr();
    while watcher.updated().await.is_ok() {
        let address = address::now(node.endpoint());
        if address.is_empty() {
            continue;
        }
        let (workspace, holds_post) = (node.workspace().clone(), node.holds_post());
        let published = tokio::task::spawn_blocking(move || {
            if holds_post {
                address::publish(&workspace, &address)?;
            }
            told(&workspace, address, holds_post)
        });
        match published.await {
            Ok(Ok(address)) => {
                if node.surroundings().own.set(address) {
                    drop(node.surroundings().events.send(NodeEvent::Moved));
                    node.ring();
                }
            }
            Ok(Err(error)) => tracing::warn!(%error, "this device's address is not kept"),
            Err(_) => return,
        }
    }
}

/// Whom to talk with: a device, or the mailbox of a pass.
type Key = (SpaceId, DeviceId);

/// Those to keep in touch with.
struct Company {
    node: Node,
    began: Instant,
    retries: BTreeMap<Key, Retry>,
    dialling: JoinSet<(Key, Result<(), SyncError>)>,
    under_way: BTreeSet<Key>,
}

/// Connects to every device of every space that is not connected, and to their mailboxes, again and again, less often the longer
/// one is away; at once where something has changed: another network, a device that comes into this one, waking up.
pub(super) async fn redial(node: Node) {
    let mut news = node.surroundings().news.clone();
    let mut company = Company {
        node: node.clone(),
        began: Instant::now(),
        retries: BTreeMap::new(),
        dialling: JoinSet::new(),
        under_way: BTreeSet::new(),
    };
    let mut sleep = Sleep::new(Duration::ZERO, wall());
    let mut asked = Duration::ZERO;
    let mut seen = BTreeSet::new();
    loop {
        if let Err(error) = node.follow_passes().await {
            tracing::debug!(%error, "the relays could not be read");
        }
        company.dial().await;
        if company.began.elapsed() >= asked + ASK_AGAIN {
            asked = company.began.elapsed();
            if let Err(error) = node.ask_again().await {
                tracing::debug!(%error, "asking again to come in failed");
            }
        }
        tokio::select! {
            Some(ended) = company.dialling.join_next() => company.ended(ended),
            changed = news.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(Duration::from_millis(500).min(node.reach())) => {}
        }
        if sleep.noticed(company.began.elapsed(), wall()) {
            node.endpoint().network_change().await;
            drop(node.surroundings().events.send(NodeEvent::Moved));
            company.all_again_soon();
        }
        let now_seen = node.surroundings().seen.devices();
        if now_seen.difference(&seen).next().is_some() {
            company.again_soon(|device| now_seen.contains(&device) && !seen.contains(&device));
        }
        seen = now_seen;
    }
}

fn wall() -> Duration {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default()
}

/// Someone who is wanted.
enum Wanted {
    Device(Key),
    Mailbox(Key, Box<RelayPass>),
}

impl Wanted {
    fn key(&self) -> Key {
        match self {
            Self::Device(key) | Self::Mailbox(key, _) => *key,
        }
    }
}

impl Company {
    fn ended(&mut self, ended: Result<(Key, Result<(), SyncError>), tokio::task::JoinError>) {
        let Ok((key, result)) = ended else { return };
        self.under_way.remove(&key);
        let (now, retry) = (self.began.elapsed(), self.retries.entry(key).or_default());
        match result {
            // It was there: soon again, but not in a circle.
            Ok(()) => {
                retry.again_soon(now);
                retry.failed(now, random(&self.node));
            }
            Err(_) => retry.failed(now, random(&self.node)),
        }
    }

    fn all_again_soon(&mut self) {
        self.again_soon(|_| true);
    }

    fn again_soon(&mut self, which: impl Fn(DeviceId) -> bool) {
        let now = self.began.elapsed();
        self.retries.iter_mut().filter(|(key, _)| which(key.1)).for_each(|(_, retry)| retry.again_soon(now));
    }

    async fn dial(&mut self) {
        for wanted in wanted(&self.node).await {
            let key = wanted.key();
            let due = self.retries.get(&key).is_none_or(|retry| retry.is_due(self.began.elapsed()));
            if !due || !self.under_way.insert(key) {
                continue;
            }
            let node = self.node.clone();
            self.dialling.spawn(async move {
                let result = match wanted {
                    Wanted::Device((space, device)) => node.sync_with(space, device, false).await.map(drop),
                    Wanted::Mailbox((space, _), pass) => node.talk_with_mailbox(space, &pass, false).await.map(drop),
                };
                (key, result)
            });
        }
    }
}

fn random(node: &Node) -> u32 {
    // Without randomness all come back at the same moment, which is no harm to few.
    node.workspace().random::<4>().map_or(0, u32::from_be_bytes)
}

/// The devices of this one's spaces, and their mailboxes, that are not connected.
async fn wanted(node: &Node) -> Vec<Wanted> {
    let workspace = node.workspace().clone();
    let connected = node.connected();
    let look = move || -> Result<Vec<Wanted>, SyncError> {
        let mut all: Vec<Wanted> = workspace.peers()?.into_iter().map(Wanted::Device).collect();
        for space in workspace.spaces()? {
            for pass in workspace.relay_passes(space.id)? {
                if let Some(mailbox) = &pass.mailbox {
                    all.push(Wanted::Mailbox((space.id, address::device(mailbox.id)), Box::new(pass)));
                }
            }
        }
        Ok(all)
    };
    let Ok(Ok(all)) = tokio::task::spawn_blocking(look).await else { return Vec::new() };
    all.into_iter().filter(|wanted| !connected.contains(&wanted.key())).collect()
}
