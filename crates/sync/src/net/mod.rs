//! Meeting other devices, over iroh: no relay, no server, no account.
//!
//! A device listens on a UDP port that it keeps from run to run, so that the addresses in tickets and in the memory of others
//! stay good. A connection is one QUIC connection, authenticated by the keys of both devices; each space that both talk about is
//! one stream of it, on which a [`crate::protocol::Session`] runs.

mod address;
mod conversation;
mod frame;
mod keeping_touch;
mod node;
mod options;

pub use node::Node;
pub use options::{Invitation, NodeEvent, NodeOptions, PeerOutcome};

/// Names the protocol when a connection is made.
pub const ALPN: &[u8] = b"bandpro/1";
