//! What a serving node does in the background.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use iroh::Endpoint;
use iroh::endpoint::Incoming;

use super::Node;
use super::conversation::{Surroundings, converse};
use crate::protocol::Purpose;
use crate::{DeviceId, SpaceId, SyncError, Workspace, WorkspaceEvent};

/// How often the log is looked at for what other processes wrote.
const LOOK: Duration = Duration::from_millis(50);
/// How long to wait before a device that could not be reached is tried again: at first, and at most.
const FIRST_RETRY: Duration = Duration::from_secs(2);
const LAST_RETRY: Duration = Duration::from_secs(60);
/// Connections that are served at a time. More than a band has devices; a flood costs no more than this.
const MAX_CONNECTIONS: usize = 128;

/// Accepts connections.
pub(super) async fn accept(endpoint: Endpoint, around: Surroundings) {
    let mut served = tokio::task::JoinSet::new();
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
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok(stream) = connection.accept_bi().await {
        let (around, connection) = (around.clone(), connection.clone());
        conversations.spawn(async move {
            let purpose = Purpose { space: None, name: around.workspace.device_name().to_owned(), secret: None, once: false };
            if let Err(error) = converse(&around, &connection, stream, purpose).await {
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

struct Retry {
    wait: Duration,
    next: Instant,
}

/// Connects to every device of every space that is not connected, again and again, less often the longer it is away.
pub(super) async fn redial(node: Node) {
    let mut retries: BTreeMap<(SpaceId, DeviceId), Retry> = BTreeMap::new();
    let mut dialling: tokio::task::JoinSet<((SpaceId, DeviceId), Result<(), SyncError>)> = tokio::task::JoinSet::new();
    let mut under_way: Vec<(SpaceId, DeviceId)> = Vec::new();
    loop {
        while let Some(ended) = dialling.try_join_next() {
            let Ok((key, result)) = ended else { continue };
            under_way.retain(|other| *other != key);
            let wait = retries.get(&key).filter(|_| result.is_err()).map_or(FIRST_RETRY, |retry| (retry.wait * 2).min(LAST_RETRY));
            retries.insert(key, Retry { wait, next: Instant::now() + wait });
        }
        for key in wanted(&node).await {
            let due = retries.get(&key).is_none_or(|retry| retry.next <= Instant::now());
            if due && !under_way.contains(&key) {
                under_way.push(key);
                let node = node.clone();
                dialling.spawn(async move { (key, node.sync_with(key.0, key.1, false).await.map(drop)) });
            }
        }
        tokio::time::sleep(Duration::from_millis(500).min(node.reach())).await;
    }
}

/// The devices of this one's spaces that are not connected.
async fn wanted(node: &Node) -> Vec<(SpaceId, DeviceId)> {
    let workspace = node.surroundings().workspace.clone();
    let own = workspace.device();
    let Ok(Ok(spaces)) = tokio::task::spawn_blocking(move || workspace.spaces()).await else { return Vec::new() };
    let connected = node.connected();
    let all = spaces.into_iter().flat_map(|space| space.devices.into_iter().map(move |(device, _)| (space.id, device)));
    all.filter(|key| key.1 != own && !connected.contains(key)).collect()
}
