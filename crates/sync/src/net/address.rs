//! Where this device is, and where others were.

use std::fs::{File, TryLockError};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use iroh::endpoint::{Builder, Connection, presets};
use iroh::{Endpoint, EndpointAddr, PublicKey, RelayMap, RelayMode, TransportAddr, Watcher};

use super::trust::Trust;
use super::{ALPN, NodeOptions};
use crate::id::{from_text, to_text};
use crate::{DeviceId, SyncError, Workspace};

const PORT: &str = "network.port";
const ADDRESS: &str = "network.address";
/// More addresses than a laptop has.
const MAX_ADDRESSES: usize = 32;
/// Places where a device was met that are tried at once.
const MAX_REMEMBERED: usize = 12;

/// An open endpoint.
pub(super) struct Bound {
    pub endpoint: Endpoint,
    /// Held by the process that others are sent to; nothing where another one with the same data has it.
    pub post: Option<Post>,
}

/// Says among the processes that share a data folder which one others are sent to: the one that holds the lock. It is let go
/// when this is dropped, and by the system when the process ends, however it ends.
pub(super) struct Post(#[expect(dead_code, reason = "it is held, not used")] Option<File>);

impl Post {
    fn take(workspace: &Workspace) -> Option<Self> {
        let file = File::options().create(true).append(true).open(workspace.folder().join("network.lock"));
        match file.map(|file| (file.try_lock(), file)) {
            Ok((Ok(()), file)) => Some(Self(Some(file))),
            Ok((Err(TryLockError::WouldBlock), _)) => None,
            // A file system without locks: as if nobody else were here.
            Ok((Err(TryLockError::Error(_)), _)) | Err(_) => Some(Self(None)),
        }
    }
}

fn network(error: impl std::fmt::Display) -> SyncError {
    SyncError::Network(error.to_string())
}

fn builder(workspace: &Workspace, trust: &Trust) -> Builder {
    // No relay but those of the band, which come later.
    let builder = Endpoint::builder(presets::Minimal).relay_mode(RelayMode::Custom(RelayMap::empty())).ca_tls_config(trust.tls());
    builder.secret_key(workspace.identity().secret_key()).alpns(vec![ALPN.to_vec()])
}

/// Opens the endpoint. The process that others are sent to opens it at the port kept from last time, or at another one, which
/// it then keeps, where some other program has that.
pub(super) async fn bind(workspace: &Workspace, options: &NodeOptions, trust: &Trust) -> Result<Bound, SyncError> {
    let at = |port| {
        let ip = options.bind.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
        let builder = builder(workspace, trust);
        // One address alone: without the sockets that listen on every network.
        let builder = if options.bind.is_some() { builder.clear_ip_transports() } else { builder };
        builder.bind_addr(SocketAddr::new(ip, port)).map_err(network)
    };
    let post = Post::take(workspace);
    if let Some(port) = options.bind.map(|address| address.port()).filter(|port| *port != 0) {
        let endpoint = at(port)?.bind().await.map_err(network)?;
        return Ok(Bound { endpoint, post });
    }
    let port: Option<u16> = workspace.setting(PORT)?.and_then(|port| port.parse().ok());
    if let Some(port) = port.filter(|port| *port != 0 && post.is_some())
        && let Ok(endpoint) = at(port)?.bind().await
    {
        return Ok(Bound { endpoint, post });
    }
    let endpoint = if options.bind.is_some() { at(0)? } else { builder(workspace, trust) }.bind().await.map_err(network)?;
    let bound = endpoint.bound_sockets().into_iter().find(|bound| bound.is_ipv4() || options.bind.is_some());
    if let (Some(_), Some(bound)) = (&post, bound) {
        workspace.set_setting(PORT, &bound.port().to_string())?;
    }
    Ok(Bound { endpoint, post })
}

/// The address of an endpoint, once it knows one.
pub(super) async fn own(endpoint: &Endpoint) -> EndpointAddr {
    let found = async {
        let mut watcher = endpoint.watch_addr();
        while watcher.get().is_empty() {
            if watcher.updated().await.is_err() {
                break;
            }
        }
    };
    // An endpoint that is bound to one address only need not look for others.
    drop(tokio::time::timeout(Duration::from_secs(2), found).await);
    now(endpoint)
}

/// The address of an endpoint as far as it knows it now.
pub(super) fn now(endpoint: &Endpoint) -> EndpointAddr {
    let bound = endpoint.bound_sockets().into_iter().filter(|bound| !bound.ip().is_unspecified()).map(TransportAddr::Ip);
    endpoint.addr().with_addrs(bound)
}

/// This device's address as others are told it, which changes when the device goes to another network. A handle.
#[derive(Debug, Clone)]
pub(super) struct Own(Arc<RwLock<EndpointAddr>>);

impl Own {
    pub fn new(address: EndpointAddr) -> Self {
        Self(Arc::new(RwLock::new(address)))
    }

    /// Takes a newer one. Says whether it is another.
    pub fn set(&self, address: EndpointAddr) -> bool {
        let mut own = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let changed = *own != address;
        *own = address;
        changed
    }

    pub fn get(&self) -> EndpointAddr {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// In the form that is sent.
    pub fn bytes(&self) -> Vec<u8> {
        encode(&self.get())
    }
}

/// Where the other side of a connection is met.
pub(super) fn met(connection: &Connection) -> EndpointAddr {
    let paths = connection.paths();
    EndpointAddr::new(connection.remote_id()).with_addrs(paths.iter().map(|path| path.remote_addr().clone()))
}

/// Remembers where a device was met beside where it was met before. Where that comes to too many places, only the last counts.
pub(super) fn remember(workspace: &Workspace, device: DeviceId, met: &EndpointAddr) -> Result<(), SyncError> {
    if met.is_empty() {
        return Ok(());
    }
    let before = of(workspace, device)?;
    let both = before.clone().map(|before| before.with_addrs(met.addrs.iter().cloned()));
    let kept = both.filter(|both| both.addrs.len() <= MAX_REMEMBERED).unwrap_or_else(|| met.clone());
    if before.as_ref() == Some(&kept) { Ok(()) } else { workspace.remember_address(device, &encode(&kept)) }
}

/// An address in the form that the store and the protocol carry.
pub(super) fn encode(address: &EndpointAddr) -> Vec<u8> {
    postcard::to_stdvec(address).unwrap_or_default()
}

/// The address of a device, if these bytes are one: where to dial says nothing about who answers, so the key is checked.
pub(super) fn decode(device: DeviceId, bytes: &[u8]) -> Option<EndpointAddr> {
    let address: EndpointAddr = postcard::from_bytes(bytes).ok()?;
    let fits = address.id.as_bytes() == device.as_bytes() && !address.is_empty() && address.addrs.len() <= MAX_ADDRESSES;
    fits.then_some(address)
}

/// Keeps this device's address for other processes with the same data.
pub(super) fn publish(workspace: &Workspace, address: &EndpointAddr) -> Result<(), SyncError> {
    workspace.set_setting(ADDRESS, &to_text(&encode(address)))
}

/// The address that the process that holds the post published.
pub(super) fn published(workspace: &Workspace) -> Result<Option<EndpointAddr>, SyncError> {
    let text = workspace.setting(ADDRESS)?;
    Ok(text.and_then(|text| from_text(&text)).and_then(|bytes| decode(workspace.device(), &bytes)))
}

/// Where a device was last met.
pub(super) fn of(workspace: &Workspace, device: DeviceId) -> Result<Option<EndpointAddr>, SyncError> {
    Ok(workspace.address_of(device)?.and_then(|bytes| decode(device, &bytes)))
}

/// The device of an endpoint.
pub(super) fn device(id: PublicKey) -> DeviceId {
    DeviceId(*id.as_bytes())
}
