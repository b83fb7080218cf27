//! Meeting other devices, over iroh: no relay but the band's own, no server, no account.
//!
//! A device listens on a UDP port that it keeps from run to run, so that the addresses in tickets and in the memory of others
//! stay good. A connection is one QUIC connection, authenticated by the keys of both devices; each space that both talk about is
//! one stream of it, on which a [`crate::protocol::Session`] runs. Devices in the same network find each other (`discovery`); where
//! two cannot reach one another, the band's relays forward between them (`relays`) and its mailboxes keep what the other missed
//! (`mailbox`). How one stands with each other device, and why, is in [`Standing`].

mod address;
mod conversation;
mod discovery;
pub mod frame;
mod keeping_touch;
mod mailbox;
mod node;
mod options;
mod patience;
mod relays;
mod standing;
mod trust;

pub use node::Node;
pub use options::{NodeEvent, NodeOptions, PeerOutcome};
pub use standing::{Away, Route, Standing, apart};
pub use trust::Trust;

/// Names the protocol when a connection is made.
pub const ALPN: &[u8] = b"bandpro/1";
