//! Where this device is, and where others were.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use iroh::endpoint::{Builder, presets};
use iroh::{Endpoint, EndpointAddr, PublicKey, TransportAddr, Watcher};

use super::{ALPN, NodeOptions};
use crate::id::{from_text, to_text};
use crate::{DeviceId, SyncError, Workspace};

const PORT: &str = "network.port";
const ADDRESS: &str = "network.address";
/// More addresses than a laptop has.
const MAX_ADDRESSES: usize = 32;

/// An open endpoint.
pub(super) struct Bound {
    pub endpoint: Endpoint,
    /// Whether it has the port that others know this device by. Another process with the same data may have it.
    pub kept: bool,
}

fn network(error: impl std::fmt::Display) -> SyncError {
    SyncError::Network(error.to_string())
}

fn builder(workspace: &Workspace) -> Builder {
    Endpoint::builder(presets::Minimal).secret_key(workspace.identity().secret_key()).alpns(vec![ALPN.to_vec()])
}

/// Opens the endpoint, at the port kept from last time where that is free.
pub(super) async fn bind(workspace: &Workspace, options: &NodeOptions) -> Result<Bound, SyncError> {
    if let Some(address) = options.bind {
        let builder = builder(workspace).clear_ip_transports().bind_addr(address).map_err(network)?;
        let endpoint = builder.bind().await.map_err(network)?;
        return Ok(Bound { endpoint, kept: true });
    }
    let port: Option<u16> = workspace.setting(PORT)?.and_then(|port| port.parse().ok());
    if let Some(port) = port.filter(|port| *port != 0) {
        let builder = builder(workspace).bind_addr((Ipv4Addr::UNSPECIFIED, port)).map_err(network)?;
        if let Ok(endpoint) = builder.bind().await {
            return Ok(Bound { endpoint, kept: true });
        }
    }
    let endpoint = builder(workspace).bind().await.map_err(network)?;
    let bound = endpoint.bound_sockets().into_iter().find(SocketAddr::is_ipv4);
    let kept = port.is_none();
    if let (true, Some(bound)) = (kept, bound) {
        workspace.set_setting(PORT, &bound.port().to_string())?;
    }
    Ok(Bound { endpoint, kept })
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
    let bound = endpoint.bound_sockets().into_iter().filter(|bound| !bound.ip().is_unspecified()).map(TransportAddr::Ip);
    endpoint.addr().with_addrs(bound)
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

/// The address that the process with the kept port published.
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
