//! Devices in the same network find each other by mDNS (RFC 6762): no server, nothing to type.
//!
//! What is told to the network is the public key of this device and its addresses, under the service name `bandpro`; no names of
//! people, bands or scores.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use iroh::{Endpoint, EndpointAddr, EndpointId};
use iroh_mdns_address_lookup::{DiscoveryEvent, MdnsAddressLookup};
use n0_future::StreamExt;
use tokio::sync::watch;

use super::address;
use crate::DeviceId;

const SERVICE: &str = "bandpro";
/// More devices than one network has that a band cares about; beyond them, some wait.
const MAX_SEEN: usize = 1024;

/// The devices that were seen in the same network.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen(Arc<Mutex<BTreeMap<DeviceId, EndpointAddr>>>);

impl Seen {
    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<DeviceId, EndpointAddr>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where a device is in this network, if it is.
    pub fn address(&self, device: DeviceId) -> Option<EndpointAddr> {
        self.lock().get(&device).cloned()
    }

    /// The devices that are in this network.
    pub fn devices(&self) -> BTreeSet<DeviceId> {
        self.lock().keys().copied().collect()
    }

    fn came(&self, address: EndpointAddr) {
        let mut seen = self.lock();
        let device = address::device(address.id);
        if seen.len() < MAX_SEEN || seen.contains_key(&device) {
            seen.insert(device, address);
        }
    }

    fn went(&self, id: EndpointId) {
        self.lock().remove(&address::device(id));
    }
}

/// Looks around in the network, and shows this device to others if it shall be found. `bell` is rung when another one comes.
/// Ends with the endpoint.
pub(super) async fn look_around(endpoint: Endpoint, shown: bool, seen: Seen, bell: watch::Sender<u64>) {
    let built = MdnsAddressLookup::builder().service_name(SERVICE).advertise(shown).build(endpoint.id());
    let mdns = match built {
        Ok(mdns) => mdns,
        // A network without multicast: tickets and addresses of before still do.
        Err(error) => return tracing::warn!(%error, "devices in the same network cannot be looked for"),
    };
    let mut events = mdns.subscribe().await;
    let Ok(lookups) = endpoint.address_lookup() else { return };
    lookups.add(mdns);
    while let Some(event) = events.next().await {
        match event {
            DiscoveryEvent::Discovered { endpoint_info, .. } => {
                seen.came(endpoint_info.to_endpoint_addr());
                bell.send_modify(|count| *count += 1);
            }
            DiscoveryEvent::Expired { endpoint_id } => seen.went(endpoint_id),
            _ => {}
        }
    }
}
