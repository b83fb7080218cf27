//! A relay for bands, for whoever runs one: it forwards packets between devices that cannot reach one another ([`forward`]), and
//! keeps envelopes for members who are never online together ([`mailbox`]). It can read neither.
//!
//! The two roles are switched on separately. A band is let in by a pass ([`store::bands`]); which devices may use a band's box,
//! its owners say in a roster that they sign ([`store::boxes`]). [`Relay`] runs it all.

pub mod config;
mod error;
pub mod forward;
pub mod keys;
pub mod limiter;
pub mod mailbox;
pub mod metrics;
pub mod passes;
mod relay;
pub mod store;
pub mod web;

pub use config::Config;
pub use error::RelayError;
pub use relay::{Relay, open_store};

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970 (UTC).
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}

/// Waits until the relay is being stopped.
pub(crate) async fn stopped(stopping: &mut tokio::sync::watch::Receiver<bool>) {
    // One whose sender is gone is being stopped too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}
