//! Who may have packets forwarded: bands with a pass, so many connections each.

use std::collections::HashMap;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bandpro_sync::mailbox::Token;
use iroh::EndpointId;
use iroh_relay::server::{AccessControl, ClientRequest, ConnectionId};
use rusqlite::Connection;

use crate::limiter::{Bounds, Gate};
use crate::metrics::Metrics;
use crate::store::bands;
use crate::{Config, RelayError};

/// Stands for the relay's own mailbox, which its devices reach by way of the relay.
const OWN: i64 = 0;

/// Lets bands in.
pub struct Access {
    reader: Mutex<Connection>,
    /// The token of the relay's own mailbox, made anew at each start.
    own: Token,
    inside: Mutex<Inside>,
    metrics: Arc<Metrics>,
    began: Instant,
}

struct Inside {
    gate: Gate<i64>,
    connections: HashMap<ConnectionId, (i64, EndpointId)>,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Access {
    /// Access by the passes of a database.
    pub fn new(config: &Config, reader: Connection, own: Token, metrics: Arc<Metrics>) -> Self {
        let bounds =
            Bounds { all: config.forward.connections, each: config.forward.connections_per_band, new_per_second: 1e6, new_at_once: 1e6 };
        let inside = Inside { gate: Gate::new(bounds), connections: HashMap::new() };
        Self { reader: Mutex::new(reader), own, inside: Mutex::new(inside), metrics, began: Instant::now() }
    }

    fn band_of(&self, token: &str) -> Result<Option<i64>, RelayError> {
        let Some(token) = Token::from_text(token) else { return Ok(None) };
        // The hashes are compared, so that the time it takes tells nothing of the token.
        if token.hash() == self.own.hash() {
            return Ok(Some(OWN));
        }
        Ok(bands::by_token(&lock(&self.reader), token)?.map(|band| band.id))
    }

    fn decide(&self, request: &ClientRequest) -> Result<(), &'static str> {
        let band = match request.auth_token().map(|token| self.band_of(&token)) {
            Some(Ok(Some(band))) => band,
            Some(Err(error)) => {
                tracing::error!(%error, "a pass could not be looked up");
                return Err("the relay failed; try again");
            }
            Some(Ok(None)) => return Err("this pass is not known here, or was withdrawn"),
            None => return Err("a pass is needed here"),
        };
        let now: Duration = self.began.elapsed();
        let mut inside = lock(&self.inside);
        inside.gate.enter(band, now).map_err(|_| "too many connections")?;
        inside.connections.insert(request.connection_id(), (band, request.endpoint_id()));
        Ok(())
    }

    /// The devices that are connected with a pass that was withdrawn meanwhile.
    pub fn withdrawn(&self) -> Result<Vec<EndpointId>, RelayError> {
        let connected: Vec<(i64, EndpointId)> = lock(&self.inside).connections.values().copied().collect();
        let reader = lock(&self.reader);
        let mut gone = Vec::new();
        for (band, endpoint) in connected {
            if band != OWN && bands::by_id(&reader, band)?.is_none_or(|band| band.withdrawn) {
                gone.push(endpoint);
            }
        }
        Ok(gone)
    }
}

impl AccessControl for Access {
    async fn on_connect(&self, request: &ClientRequest) -> iroh_relay::server::Access {
        match self.decide(request) {
            Ok(()) => {
                self.metrics.forward_connections.fetch_add(1, Relaxed);
                iroh_relay::server::Access::Allow
            }
            Err(reason) => {
                self.metrics.forward_denied.fetch_add(1, Relaxed);
                tracing::debug!(reason, "a connection was denied");
                iroh_relay::server::Access::Deny { reason: Some(reason.to_owned()) }
            }
        }
    }

    fn on_disconnect(&self, _: EndpointId, connection: ConnectionId) {
        let mut inside = lock(&self.inside);
        if let Some((band, _)) = inside.connections.remove(&connection) {
            inside.gate.leave(&band);
            self.metrics.forward_connections.fetch_sub(1, Relaxed);
        }
    }
}
