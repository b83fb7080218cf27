//! Meeting other devices, over iroh: no relay, no server, no account.

mod node;

pub use node::{Invitation, Node, NodeEvent, NodeOptions, PeerOutcome};
