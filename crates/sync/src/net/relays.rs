//! The band's own relays: who may be used comes from the passes of the spaces; nobody else's relay ever is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use iroh::{Endpoint, EndpointAddr, RelayConfig, RelayUrl, TransportAddr};
use iroh_relay::RelayQuicConfig;
use tokio::sync::Mutex;

use super::trust::Trust;
use crate::mailbox::RelayPass;

/// The relays that the endpoint uses now.
#[derive(Debug, Default)]
pub(super) struct Relays {
    used: Mutex<BTreeMap<RelayUrl, Arc<RelayConfig>>>,
}

/// How a relay is used by its pass.
fn config(pass: &RelayPass) -> Option<(RelayUrl, Arc<RelayConfig>)> {
    let entrance = pass.entrance.as_ref()?;
    let quic = entrance.address_port.map(RelayQuicConfig::new);
    let config = RelayConfig::new(entrance.url.clone(), quic).with_auth_token(pass.token.to_text());
    Some((entrance.url.clone(), Arc::new(config)))
}

impl Relays {
    /// Uses the relays of these passes, and no others.
    pub async fn follow(&self, endpoint: &Endpoint, trust: &Trust, passes: &[RelayPass]) {
        let entrances = passes.iter().filter_map(|pass| pass.entrance.as_ref());
        trust.believe(entrances.filter_map(|entrance| entrance.certificate).collect());
        let wanted: BTreeMap<RelayUrl, Arc<RelayConfig>> = passes.iter().filter_map(config).collect();
        let mut used = self.used.lock().await;
        for (url, config) in &wanted {
            if used.get(url) != Some(config) {
                endpoint.insert_relay(url.clone(), config.clone()).await;
            }
        }
        let gone: BTreeSet<RelayUrl> = used.keys().filter(|url| !wanted.contains_key(*url)).cloned().collect();
        for url in &gone {
            endpoint.remove_relay(url).await;
        }
        *used = wanted;
    }

    /// An address with the ways by the band's relays beside what is known of it: the device may be at any of them.
    pub fn beside(address: EndpointAddr, passes: &[RelayPass]) -> EndpointAddr {
        let ways = passes.iter().filter_map(|pass| pass.entrance.as_ref()).map(|entrance| TransportAddr::Relay(entrance.url.clone()));
        // A relay that is none of the band's is not used, whoever names it.
        let direct = address.addrs.iter().filter(|way| matches!(way, TransportAddr::Ip(_))).cloned();
        EndpointAddr::new(address.id).with_addrs(direct.chain(ways))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::{Entrance, Token};

    #[test]
    fn only_the_bands_own_relays_are_used() {
        let pass = |url: &str| RelayPass {
            entrance: Some(Entrance { url: url.parse().unwrap(), certificate: None, address_port: None }),
            mailbox: None,
            token: Token([1; 16]),
        };
        let id = iroh::SecretKey::from_bytes(&[1; 32]).public();
        let told =
            EndpointAddr::new(id).with_ip_addr("192.0.2.1:5".parse().unwrap()).with_relay_url("https://other.example".parse().unwrap());
        let address = Relays::beside(told, &[pass("https://ours.example")]);
        let relays: Vec<String> = address.relay_urls().map(ToString::to_string).collect();
        assert_eq!((relays.len(), address.ip_addrs().count()), (1, 1));
        assert!(relays[0].contains("ours.example"), "{relays:?}");
    }
}
