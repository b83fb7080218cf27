//! It all together: what is started, in which order, and how it stops.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use bandpro_sync::mailbox::Certificate;
use bandpro_sync::net::Trust;
use iroh::{RelayConfig, RelayUrl, Watcher};
use iroh_relay::RelayQuicConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::forward::{Access, Forwarding, Ready};
use crate::mailbox::desk::{self, Desk, Parts};
use crate::mailbox::writer::Writer;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::web::Status;
use crate::{Config, RelayError, keys, passes};

/// How often what nobody needs is dropped.
const SWEEP: Duration = Duration::from_secs(600);

/// A relay that runs.
pub struct Relay {
    config: Config,
    store: Mutex<Store>,
    stop: watch::Sender<bool>,
    serving: JoinSet<()>,
    background: JoinSet<()>,
    writer: Option<JoinHandle<()>>,
    endpoint: Option<iroh::Endpoint>,
    status_at: Option<SocketAddr>,
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Relay").field("data", &self.config.data).finish_non_exhaustive()
    }
}

/// Opens the data folder, and makes it where there is none: only its owner may look into it.
pub fn open_store(config: &Config) -> Result<Store, RelayError> {
    let failed = |source| RelayError::File { path: config.data.clone(), source };
    if !config.data.is_dir() {
        std::fs::create_dir_all(&config.data).map_err(failed)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&config.data, std::fs::Permissions::from_mode(0o700)).map_err(failed)?;
        }
    }
    Store::open(&config.data)
}

impl Relay {
    /// Starts the roles that are switched on. Everything listens when this returns.
    pub async fn start(config: Config) -> Result<Self, RelayError> {
        let store = open_store(&config)?;
        let metrics = Arc::new(Metrics::default());
        let (stop, stopping) = watch::channel(false);
        let mut relay = Self {
            store: Mutex::new(open_store(&config)?),
            stop,
            serving: JoinSet::new(),
            background: JoinSet::new(),
            writer: None,
            endpoint: None,
            status_at: None,
            config,
        };
        let own = passes::fresh()?;
        let entrance = if relay.config.forward.enabled { Some(relay.forward(&store, own, &metrics, &stopping).await?) } else { None };
        let mailbox = if relay.config.mailbox.enabled {
            relay.keep_mail(store, own, entrance.as_ref(), &metrics, &stopping).await?
        } else {
            Vec::new()
        };
        if let Ok(store) = relay.store.lock() {
            passes::remember(store.connection(), entrance.as_ref(), &mailbox)?;
        }
        if relay.config.status.enabled {
            relay.show_status(metrics, stopping).await?;
        }
        Ok(relay)
    }

    /// Starts the forwarding role. Gives its address.
    async fn forward(
        &mut self,
        store: &Store,
        own: bandpro_sync::mailbox::Token,
        metrics: &Arc<Metrics>,
        stopping: &watch::Receiver<bool>,
    ) -> Result<RelayUrl, RelayError> {
        let access = Arc::new(Access::new(&self.config, store.reader()?, own, metrics.clone()));
        let (forwarding, ready) = Forwarding::bind(&self.config, access, metrics.clone()).await?;
        tracing::info!(at = %ready.at, tls = ready.tls, "forwarding");
        self.serving.spawn(forwarding.serve(stopping.clone()));
        url(&self.config, ready)
    }

    /// Starts the mailbox. Gives its addresses.
    async fn keep_mail(
        &mut self,
        store: Store,
        own: bandpro_sync::mailbox::Token,
        entrance: Option<&RelayUrl>,
        metrics: &Arc<Metrics>,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Vec<SocketAddr>, RelayError> {
        let by_way_of = entrance.map(|url| self.own_entrance(url, own)).transpose()?;
        let endpoint = desk::bind(&self.config, keys::mailbox(&self.config.data)?, by_way_of).await?;
        let reader = store.reader()?;
        let (writer, thread) = Writer::start(store, self.config.band.clone())?;
        self.writer = Some(thread);
        let parts = Parts { config: self.config.clone(), writer, reader, metrics: metrics.clone(), stopping: stopping.clone() };
        let desk = Desk::new(parts);
        self.background.spawn(desk::sweep(desk.clone(), SWEEP));
        let addresses = addresses(&endpoint).await;
        tracing::info!(at = ?endpoint.bound_sockets(), key = %endpoint.id().fmt_short(), "the mailbox is open");
        self.endpoint = Some(endpoint.clone());
        self.serving.spawn(async move { desk.serve(endpoint).await });
        Ok(addresses)
    }

    /// How the relay's own mailbox is reached by way of the relay.
    fn own_entrance(&self, url: &RelayUrl, own: bandpro_sync::mailbox::Token) -> Result<(RelayConfig, iroh::tls::CaTlsConfig), RelayError> {
        let forward = &self.config.forward;
        let asks = forward.address_port != 0 && !forward.behind_proxy;
        let quic = asks.then(|| RelayQuicConfig::new(forward.address_port));
        let relay = RelayConfig::new(url.clone(), quic).with_auth_token(own.to_text());
        let trust = Trust::default();
        if forward.certificate.as_os_str().is_empty() && !forward.behind_proxy {
            let (chain, _) = keys::self_signed(&self.config.data, url.host_str().unwrap_or("localhost"))?;
            trust.believe(chain.iter().map(|certificate| Certificate::of(certificate)).collect());
        }
        Ok((relay, trust.tls()))
    }

    async fn show_status(&mut self, metrics: Arc<Metrics>, stopping: watch::Receiver<bool>) -> Result<(), RelayError> {
        let at = self.config.status.listen;
        let failed = |error: std::io::Error| RelayError::Listen { at: format!("{at} (TCP)"), detail: error.to_string() };
        let listener = TcpListener::bind(at).await.map_err(failed)?;
        self.status_at = listener.local_addr().ok();
        let reader = self.store.lock().map_err(|_| RelayError::Stopping)?.reader()?;
        let status = Status { reader: Arc::new(Mutex::new(reader)), metrics, stopping };
        self.background.spawn(status.serve(listener));
        Ok(())
    }

    /// Where health and metrics are.
    pub fn status_at(&self) -> Option<SocketAddr> {
        self.status_at
    }

    /// The pass of a new band.
    pub fn new_pass(&self, label: &str) -> Result<bandpro_sync::mailbox::RelayPass, RelayError> {
        let token = passes::fresh()?;
        let mut store = self.store.lock().map_err(|_| RelayError::Stopping)?;
        store.write(|connection| crate::store::bands::add(connection, token, label, (None, None), crate::now()))?;
        passes::pass(store.connection(), &self.config, token)
    }

    /// Stops: takes nobody in any more, waits for what is under way as long as the configuration says, closes the database.
    pub async fn stop(mut self) {
        tracing::info!("stopping");
        self.stop.send_replace(true);
        let drain = Duration::from_secs(self.config.mailbox.drain_seconds);
        let drained = async { while self.serving.join_next().await.is_some() {} };
        if tokio::time::timeout(drain, drained).await.is_err() {
            tracing::warn!("some conversations did not end in time");
        }
        self.serving.shutdown().await;
        self.background.shutdown().await;
        if let Some(endpoint) = self.endpoint.take() {
            endpoint.close().await;
        }
        // Those who hand it work are gone, so it writes what is left and ends.
        if let Some(writer) = self.writer.take() {
            drop(tokio::task::spawn_blocking(move || writer.join()).await);
        }
        tracing::info!("stopped");
    }
}

/// The address of the forwarding role: the one of the configuration, or one that this machine finds of itself.
fn url(config: &Config, ready: Ready) -> Result<RelayUrl, RelayError> {
    let text = match config.forward.url.as_str() {
        "" => {
            let ip = if ready.at.ip().is_unspecified() { own_ip() } else { ready.at.ip() };
            let scheme = if ready.tls { "https" } else { "http" };
            format!("{scheme}://{}", SocketAddr::new(ip, ready.at.port()))
        }
        url => url.to_owned(),
    };
    text.parse().map_err(|_| RelayError::Config { path: "[forward] url".into(), detail: format!("{text} is no address") })
}

/// The address by which this machine reaches others. Nothing is sent.
fn own_ip() -> IpAddr {
    let found = std::net::UdpSocket::bind(("0.0.0.0", 0)).and_then(|socket| {
        socket.connect(("192.0.2.1", 9))?;
        socket.local_addr()
    });
    found.map_or(IpAddr::from([127, 0, 0, 1]), |address| address.ip())
}

/// The addresses of the mailbox.
async fn addresses(endpoint: &iroh::Endpoint) -> Vec<SocketAddr> {
    let found = async {
        let mut watcher = endpoint.watch_addr();
        while watcher.get().ip_addrs().next().is_none() {
            if watcher.updated().await.is_err() {
                break;
            }
        }
    };
    // An endpoint that is bound to one address only need not look for others.
    drop(tokio::time::timeout(Duration::from_secs(2), found).await);
    let bound = endpoint.bound_sockets().into_iter().filter(|bound| !bound.ip().is_unspecified());
    let mut all: Vec<SocketAddr> = bound.chain(endpoint.addr().ip_addrs().copied()).collect();
    all.sort_unstable();
    all.dedup();
    all
}
