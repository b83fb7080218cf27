//! The forwarding role: iroh's relay protocol, with a gate of its own in front of it and access by pass.

mod access;
mod listener;

pub use access::Access;
pub use listener::{Forwarding, Ready};
