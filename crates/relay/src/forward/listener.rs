//! The listener in front of iroh's relay service: not too many, not too fast, TLS, and then the service.

use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use iroh_relay::KeyCache;
use iroh_relay::http::RELAY_PROBE_PATH;
use iroh_relay::server::http_server::{BytesBody, Handlers, HyperError, RelayService, TlsConfig};
use iroh_relay::server::{ClientRateLimit, DEFAULT_CERT_RELOAD_INTERVAL, QuicConfig, Server, ServerConfig, reloading_resolver};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::Access;
use crate::limiter::{Bounds, Gate};
use crate::metrics::Metrics;
use crate::{Config, RelayError, keys};

/// How long TLS and the upgrade to the relay protocol may take.
const ESTABLISH: Duration = Duration::from_secs(15);
/// Public keys that are kept unpacked.
const KEYS: usize = 16 << 10;
/// How often withdrawn passes are looked for.
const LOOK: Duration = Duration::from_secs(30);

/// The forwarding role, ready to serve.
pub struct Forwarding {
    listener: TcpListener,
    service: RelayService,
    tls: Option<TlsConfig>,
    gate: Arc<Mutex<Gate<IpAddr>>>,
    access: Arc<Access>,
    metrics: Arc<Metrics>,
    /// Tells devices their address as seen from outside.
    address: Option<Server>,
}

/// Where the role was found to be.
#[derive(Debug, Clone, Copy)]
pub struct Ready {
    /// Where it listens.
    pub at: SocketAddr,
    /// Whether it speaks TLS.
    pub tls: bool,
}

fn nothing(status: StatusCode, response: hyper::http::response::Builder) -> Result<Response<BytesBody>, HyperError> {
    let body: BytesBody = Box::new(Empty::<Bytes>::new());
    Ok(response.status(status).body(body)?)
}

/// What is answered beside the relay protocol: how far away the relay is.
fn handlers() -> Handlers {
    let mut handlers = Handlers::default();
    let probe = |_: Request<Incoming>, response| nothing(StatusCode::OK, response);
    handlers.insert((Method::GET, RELAY_PROBE_PATH), Box::new(probe));
    let portal = |_: Request<Incoming>, response| nothing(StatusCode::NO_CONTENT, response);
    handlers.insert((Method::GET, "/generate_204"), Box::new(portal));
    handlers
}

async fn tls(config: &Config, host: &str) -> Result<Option<Arc<rustls::ServerConfig>>, RelayError> {
    if config.forward.behind_proxy {
        return Ok(None);
    }
    let failed = |error: &dyn std::fmt::Display| RelayError::Certificate(error.to_string());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| failed(&error))?.with_no_client_auth();
    let server = if config.forward.certificate.as_os_str().is_empty() {
        let (chain, key) = keys::self_signed(&config.data, host)?;
        builder.with_single_cert(chain, key).map_err(|error| failed(&error))?
    } else {
        let (certificate, key) = (config.forward.certificate.clone(), config.forward.key.clone());
        let resolver = reloading_resolver(builder.crypto_provider(), certificate, key, DEFAULT_CERT_RELOAD_INTERVAL).await;
        builder.with_cert_resolver(resolver.map_err(|error| failed(&error))?)
    };
    Ok(Some(Arc::new(server)))
}

impl Forwarding {
    /// Opens the port.
    pub async fn bind(config: &Config, access: Arc<Access>, metrics: Arc<Metrics>) -> Result<(Self, Ready), RelayError> {
        let at = config.forward.listen;
        let failed = |at: String, error: &dyn std::fmt::Display| RelayError::Listen { at, detail: error.to_string() };
        let listener = TcpListener::bind(at).await.map_err(|error| failed(format!("{at} (TCP)"), &error))?;
        let at = listener.local_addr().map_err(|error| failed(at.to_string(), &error))?;
        let url: Option<iroh::RelayUrl> = config.forward.url.parse().ok();
        let host = url.as_ref().and_then(|url| url.host_str()).unwrap_or("localhost").to_owned();
        let server = tls(config, &host).await?;
        let mut address = None;
        if let (Some(server), 1..) = (&server, config.forward.address_port) {
            let mut asked = ServerConfig::default();
            let mut quic = QuicConfig::new(SocketAddr::new(at.ip(), config.forward.address_port));
            quic.server_config = Some((**server).clone());
            asked.quic = Some(quic);
            let spawned = Server::spawn(asked).await;
            address = Some(spawned.map_err(|error| failed(format!("{}:{} (UDP)", at.ip(), config.forward.address_port), &error))?);
        }
        let limit = NonZeroU32::new(config.forward.bytes_per_second).map(|bytes_per_second| {
            let mut limit = ClientRateLimit::new(bytes_per_second);
            limit.max_burst_bytes = NonZeroU32::new(config.forward.bytes_at_once);
            limit
        });
        let service = RelayService::new(handlers(), HeaderMap::new(), limit, KeyCache::new(KEYS), access.clone(), metrics.forward.clone());
        let gate = Gate::new(Bounds {
            all: config.forward.connections,
            each: config.forward.new_at_once as usize,
            new_per_second: config.forward.new_per_second,
            new_at_once: f64::from(config.forward.new_at_once),
        });
        let ready = Ready { at, tls: server.is_some() };
        let tls = server.map(TlsConfig::new);
        Ok((Self { listener, service, tls, gate: Arc::new(Mutex::new(gate)), access, metrics, address }, ready))
    }

    /// Serves until the relay is being stopped.
    pub async fn serve(self, mut stopping: watch::Receiver<bool>) {
        let began = Instant::now();
        let mut made = JoinSet::new();
        let mut look = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, from)) => self.let_in(stream, from.ip(), began.elapsed(), &mut made),
                    // Out of file descriptors, most likely: some are given back before the next try.
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
                Some(_) = made.join_next() => {}
                _ = look.tick() => self.look_for_withdrawn(),
                () = crate::stopped(&mut stopping) => break,
            }
        }
        made.shutdown().await;
        self.service.shutdown().await;
        if let Some(address) = self.address {
            drop(address.shutdown().await);
        }
    }

    fn let_in(&self, stream: TcpStream, from: IpAddr, now: Duration, made: &mut JoinSet<()>) {
        let entered = self.gate.lock().unwrap_or_else(PoisonError::into_inner).enter(from, now);
        if let Err(closed) = entered {
            self.metrics.forward_refused.fetch_add(1, Relaxed);
            return tracing::debug!(?closed, "a connection was refused");
        }
        let (service, tls, gate) = (self.service.clone(), self.tls.clone(), Arc::clone(&self.gate));
        made.spawn(async move {
            service.handle_connection(stream, tls, ESTABLISH).await;
            gate.lock().unwrap_or_else(PoisonError::into_inner).leave(&from);
        });
    }

    fn look_for_withdrawn(&self) {
        match self.access.withdrawn() {
            Ok(gone) => gone.into_iter().for_each(|endpoint| {
                self.service.clients().disconnect(endpoint, None);
            }),
            Err(error) => tracing::error!(%error, "withdrawn passes could not be looked for"),
        }
    }
}
