//! How this device stands with another one: by which way they are connected, or why not, and how much one lacks of the other.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use iroh::TransportAddr;
use iroh::endpoint::{Connection, WeakConnectionHandle};

use crate::protocol::Refusal;
use crate::{DeviceId, SpaceId, SyncError, Workspace, mailbox};

use super::address;

/// The way by which two devices are connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// In the same network.
    Near,
    /// Directly, over the internet.
    Direct,
    /// By way of a relay of the band: more slowly, and while the relay is there.
    Relayed,
}

/// Why a device is not connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Away {
    /// It was not tried yet.
    NotTried,
    /// It was never met and is not seen in this network, so there is nowhere to look for it.
    NoAddress,
    /// It does not answer where it was last met: it is switched off, in another network, or a firewall is in between.
    NoAnswer {
        /// What was tried.
        detail: String,
    },
    /// It turned this device away.
    TurnedAway(Refusal),
    /// The mailbox turned this device away.
    MailboxRefused(mailbox::Refusal),
    /// Something else failed.
    Failed {
        /// What.
        detail: String,
    },
}

/// How this device stands with another one in a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The space.
    pub space: SpaceId,
    /// The other device.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// By which way it is connected, or why it is not.
    pub link: Result<Route, Away>,
    /// How many changes it is known to have that are not here yet.
    pub lacking_here: u64,
    /// How many changes are here that it is not known to have.
    pub lacking_there: u64,
}

/// A vector as it is looked up.
pub(super) type Known = BTreeMap<DeviceId, u64>;

/// How this device stands with the others of a space, its mailboxes among them, while the network is closed: by what was last
/// known of them.
pub fn apart(workspace: &Workspace, space: SpaceId) -> Result<Vec<Standing>, SyncError> {
    of_all(workspace, space, |_| (Err(Away::NotTried), None))
}

/// How this device stands with all others of a space, by the link to each and what it is known to have where it is talked to.
pub(super) fn of_all(
    workspace: &Workspace,
    space: SpaceId,
    link: impl Fn(DeviceId) -> (Result<Route, Away>, Option<Known>),
) -> Result<Vec<Standing>, SyncError> {
    let mailboxes = workspace.relay_passes(space)?;
    let mailboxes = mailboxes.iter().filter_map(|pass| Some((address::device(pass.mailbox.as_ref()?.id), pass.name())));
    let here = workspace.vector(space)?;
    let standing = |(device, name): (DeviceId, String)| {
        let (link, known) = link(device);
        let known = known.map_or_else(|| workspace.reached(space, device), Ok)?;
        Ok(Standing { space, device, name, link, lacking_here: ahead(&known, &here), lacking_there: ahead(&here, &known) })
    };
    workspace.others(space)?.into_iter().chain(mailboxes).map(standing).collect()
}

/// How many changes one has that another has not.
fn ahead(one: &Known, other: &Known) -> u64 {
    let of = |(device, seq): (&DeviceId, &u64)| seq.saturating_sub(other.get(device).copied().unwrap_or(0));
    one.iter().map(of).sum()
}

struct Talk {
    number: u64,
    connection: WeakConnectionHandle,
    known: Known,
}

#[derive(Default)]
struct Inner {
    number: u64,
    talks: BTreeMap<(SpaceId, DeviceId), Vec<Talk>>,
    away: BTreeMap<(SpaceId, DeviceId), Away>,
}

/// The devices that are talked to now, and why others are not. A handle: clones share it.
#[derive(Clone, Default)]
pub(super) struct Standings(Arc<Mutex<Inner>>);

/// Counts a conversation for as long as it lives.
pub(super) struct Counted {
    standings: Standings,
    key: (SpaceId, DeviceId),
    number: u64,
}

impl Standings {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A conversation begins.
    pub fn began(&self, key: (SpaceId, DeviceId), connection: &Connection) -> Counted {
        let mut inner = self.lock();
        inner.number += 1;
        inner.away.remove(&key);
        let number = inner.number;
        let talk = Talk { number, connection: connection.weak_handle(), known: Known::new() };
        inner.talks.entry(key).or_default().push(talk);
        Counted { standings: self.clone(), key, number }
    }

    /// Why a device could not be talked to.
    pub fn failed(&self, key: (SpaceId, DeviceId), away: Away) {
        self.lock().away.insert(key, away);
    }

    /// The devices that are talked to now.
    pub fn connected(&self) -> Vec<(SpaceId, DeviceId)> {
        self.lock().talks.keys().copied().collect()
    }

    /// How many bytes came in on the connections that there are now. One may carry several conversations.
    pub fn received_bytes(&self) -> u64 {
        let connections = self.lock().talks.values().flatten().filter_map(|talk| talk.connection.upgrade()).collect::<Vec<_>>();
        let by_connection: BTreeMap<usize, u64> =
            connections.iter().map(|connection| (connection.stable_id(), connection.stats().udp_rx.bytes)).collect();
        by_connection.values().sum()
    }

    /// The way to a device, or why there is none, and what it is known to have where it is talked to.
    pub fn link(&self, key: (SpaceId, DeviceId)) -> (Result<Route, Away>, Option<Known>) {
        let inner = self.lock();
        match inner.talks.get(&key).and_then(|talks| talks.last()) {
            Some(talk) => {
                let route = talk.connection.upgrade().map_or(Route::Direct, |connection| route(&connection));
                (Ok(route), Some(talk.known.clone()))
            }
            None => (Err(inner.away.get(&key).cloned().unwrap_or(Away::NotTried)), None),
        }
    }
}

impl Counted {
    /// What the other side is known to have now.
    pub fn knows(&self, known: &Known) {
        let mut inner = self.standings.lock();
        let talk = inner.talks.get_mut(&self.key).and_then(|talks| talks.iter_mut().find(|talk| talk.number == self.number));
        if let Some(talk) = talk {
            talk.known.clone_from(known);
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let mut inner = self.standings.lock();
        if let Some(talks) = inner.talks.get_mut(&self.key) {
            talks.retain(|talk| talk.number != self.number);
            if talks.is_empty() {
                inner.talks.remove(&self.key);
            }
        }
    }
}

/// The way that a connection takes now.
fn route(connection: &Connection) -> Route {
    let paths = connection.paths();
    let selected = paths.iter().find(|path| path.is_selected()).or_else(|| paths.iter().next());
    match selected.as_ref().map(|path| path.remote_addr()) {
        Some(TransportAddr::Ip(address)) if is_near(address.ip()) => Route::Near,
        Some(TransportAddr::Relay(_)) => Route::Relayed,
        _ => Route::Direct,
    }
}

/// Whether an address is one of a network at hand (RFC 1918, 3927, 4193, 4291), not of the internet.
fn is_near(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => is_near(IpAddr::V4(ip)),
            None => ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_lacks_of_the_other_is_counted_by_device() {
        let vector = |pairs: &[(u8, u64)]| pairs.iter().map(|(device, seq)| (DeviceId([*device; 32]), *seq)).collect::<Known>();
        let (one, other) = (vector(&[(1, 10), (2, 5), (3, 1)]), vector(&[(1, 7), (2, 9)]));
        assert_eq!(ahead(&one, &other), 3 + 1);
        assert_eq!(ahead(&other, &one), 4);
        assert_eq!(ahead(&one, &one), 0);
    }

    #[test]
    fn networks_at_hand_are_told_from_the_internet() {
        for near in ["192.168.1.20", "10.0.0.1", "172.16.9.9", "169.254.3.4", "127.0.0.1", "::1", "fe80::1", "fd00::7", "::ffff:10.1.1.1"] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}
