//! Carries conversations over iroh: who is let in, how much memory they take, how fast they may push.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bandpro_sync::DeviceId;
use bandpro_sync::mailbox::{ALPN, FromMailbox, MAX_DEVICES, MAX_MESSAGE, ToMailbox, Wire};
use bandpro_sync::net::frame;
use iroh::endpoint::{Incoming, IncomingAddr, QuicTransportConfig, RecvStream, SendStream, VarInt};
use iroh::{Endpoint, RelayConfig, RelayMap, RelayMode};
use tokio::sync::{Semaphore, broadcast, mpsc, watch};
use tokio::task::JoinSet;

use super::conversation::{Conversation, Effect, Ending, Event, News, PAGE};
use super::writer::{Work, Writer};
use crate::limiter::{Bounds, Bucket, Gate};
use crate::metrics::Metrics;
use crate::store::{boxes, log};
use crate::{Config, RelayError};

/// How often a conversation looks whether the other side has stalled.
const TICK: Duration = Duration::from_secs(15);
/// How long a connection may take to be made.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Conversations on one connection: one a space.
const CONVERSATIONS: u32 = 16;
/// Messages up to this size need no leave to be received.
const SMALL: usize = 16 << 10;
/// The most bytes that one may send who is not let in yet: a greeting with a roster.
const FIRST: usize = (2 * MAX_DEVICES * 32) + (4 << 10);
/// A laptop that went away without a word is forgotten after this time.
const IDLE: Duration = Duration::from_secs(75);

/// Where what the mailbox needs comes together.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    config: Config,
    writer: Writer,
    reader: Arc<Mutex<rusqlite::Connection>>,
    metrics: Arc<Metrics>,
    began: Instant,
    addresses: Mutex<Gate<Option<IpAddr>>>,
    devices: Mutex<Gate<DeviceId>>,
    /// How fast each band may push.
    pace: Mutex<HashMap<i64, (Bucket, Bucket)>>,
    /// Bytes of messages that may be received at a time.
    memory: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Opens the mailbox's endpoint. `by_way_of` is the relay of one's own through which devices reach it whose network lets no UDP
/// through.
pub async fn bind(
    config: &Config,
    key: iroh::SecretKey,
    by_way_of: Option<(RelayConfig, iroh::tls::CaTlsConfig)>,
) -> Result<Endpoint, RelayError> {
    let at = config.mailbox.listen;
    let failed = |error: &dyn std::fmt::Display| RelayError::Listen { at: format!("{at} (UDP)"), detail: error.to_string() };
    let transport = QuicTransportConfig::builder()
        .max_concurrent_bidi_streams(VarInt::from_u32(CONVERSATIONS))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .stream_receive_window(VarInt::from_u32(512 << 10))
        .receive_window(VarInt::from_u32(1 << 20))
        .send_window(1 << 20)
        .max_idle_timeout(IDLE.try_into().ok())
        .keep_alive_interval(IDLE / 3)
        .build();
    let mut builder = Endpoint::builder(iroh::endpoint::presets::Minimal)
        .secret_key(key)
        .alpns(vec![ALPN.to_vec()])
        .transport_config(transport)
        .clear_ip_transports()
        .bind_addr(at)
        .map_err(|error| failed(&error))?;
    if let Some((relay, trust)) = by_way_of {
        builder = builder.relay_mode(RelayMode::Custom(RelayMap::from(relay))).ca_tls_config(trust);
    }
    builder.bind().await.map_err(|error| failed(&error))
}

/// What the mailbox is made of.
pub struct Parts {
    /// How it is set.
    pub config: Config,
    /// Who writes.
    pub writer: Writer,
    /// To read beside who writes.
    pub reader: rusqlite::Connection,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Turns true when the relay is being stopped.
    pub stopping: watch::Receiver<bool>,
}

impl Desk {
    /// A mailbox.
    pub fn new(parts: Parts) -> Self {
        let Parts { config, writer, reader, metrics, stopping } = parts;
        let bounds = |each| Bounds {
            all: config.mailbox.connections,
            each,
            new_per_second: config.mailbox.new_per_second,
            new_at_once: f64::from(config.mailbox.new_at_once),
        };
        let inner = Inner {
            addresses: Mutex::new(Gate::new(bounds(config.mailbox.connections_per_address))),
            devices: Mutex::new(Gate::new(bounds(config.mailbox.connections_per_device))),
            pace: Mutex::default(),
            memory: Arc::new(Semaphore::new(config.mailbox.bytes_in_memory as usize)),
            reader: Arc::new(Mutex::new(reader)),
            began: Instant::now(),
            config,
            writer,
            metrics,
            stopping,
        };
        Self { inner: Arc::new(inner) }
    }

    fn now(&self) -> Duration {
        self.inner.began.elapsed()
    }

    /// Lets devices in until the relay is being stopped, and then waits for what is under way.
    pub async fn serve(&self, endpoint: Endpoint) {
        let mut served = JoinSet::new();
        let mut stopping = self.inner.stopping.clone();
        loop {
            let incoming = tokio::select! {
                incoming = endpoint.accept() => incoming,
                () = crate::stopped(&mut stopping) => break,
            };
            let Some(incoming) = incoming else { break };
            while served.try_join_next().is_some() {}
            self.let_in(incoming, &mut served);
        }
        while served.join_next().await.is_some() {}
    }

    fn let_in(&self, incoming: Incoming, served: &mut JoinSet<()>) {
        // By way of a relay the address is not known; the relay has a gate of its own.
        let address = match incoming.remote_addr() {
            IncomingAddr::Ip(address) => Some(address.ip()),
            _ => None,
        };
        let metrics = &self.inner.metrics;
        if let Err(closed) = lock(&self.inner.addresses).enter(address, self.now()) {
            metrics.mailbox_refused.fetch_add(1, Relaxed);
            tracing::debug!(?closed, "a connection was refused");
            return incoming.refuse();
        }
        let desk = self.clone();
        served.spawn(async move {
            desk.serve_connection(incoming).await;
            lock(&desk.inner.addresses).leave(&address);
        });
    }

    async fn serve_connection(&self, incoming: Incoming) {
        let connection = match tokio::time::timeout(HANDSHAKE, incoming).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return tracing::debug!(%error, "a connection failed"),
            Err(_) => return tracing::debug!("a connection took too long"),
        };
        let device = DeviceId(*connection.remote_id().as_bytes());
        if let Err(closed) = lock(&self.inner.devices).enter(device, self.now()) {
            self.inner.metrics.mailbox_refused.fetch_add(1, Relaxed);
            tracing::debug!(?closed, device = %device.short(), "a device was refused");
            return connection.close(2_u32.into(), b"too many");
        }
        self.inner.metrics.mailbox_connections.fetch_add(1, Relaxed);
        let mut conversations = JoinSet::new();
        let mut stopping = self.inner.stopping.clone();
        loop {
            let accepted = tokio::select! {
                accepted = connection.accept_bi() => accepted,
                () = crate::stopped(&mut stopping) => break,
            };
            let Ok(stream) = accepted else { break };
            while conversations.try_join_next().is_some() {}
            conversations.spawn(Talk::run(self.clone(), device, stream));
        }
        while conversations.join_next().await.is_some() {}
        connection.close(0_u32.into(), b"done");
        self.inner.metrics.mailbox_connections.fetch_sub(1, Relaxed);
        lock(&self.inner.devices).leave(&device);
    }

    /// How long a band has to wait until it may push so much more.
    fn pace(&self, band: i64, bytes: usize, envelopes: usize) -> Duration {
        let (now, bounds) = (self.now(), &self.inner.config.band);
        let mut pace = lock(&self.inner.pace);
        let (of_bytes, of_envelopes) = pace.entry(band).or_insert_with(|| {
            let bucket = |at_once: u32, per_second: u32| Bucket::new(f64::from(at_once), f64::from(per_second.max(1)), now);
            let bytes = bucket(bounds.bytes_at_once, bounds.bytes_per_second);
            (bytes, bucket(bounds.envelopes_at_once, bounds.envelopes_per_second))
        });
        of_bytes.take(bytes as f64, now).max(of_envelopes.take(envelopes as f64, now))
    }

    /// Reads from the database, on a thread where that may block.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&rusqlite::Connection) -> Result<T, RelayError> + Send + 'static,
    ) -> Result<T, RelayError> {
        let reader = Arc::clone(&self.inner.reader);
        tokio::task::spawn_blocking(move || read(&lock(&reader))).await.map_err(|_| RelayError::Stopping)?
    }
}

/// One conversation on its stream.
struct Talk {
    desk: Desk,
    device: DeviceId,
    conversation: Conversation,
    send: SendStream,
    let_in: Arc<AtomicBool>,
    news: Option<broadcast::Receiver<News>>,
    ending: Option<Ending>,
}

/// Why a conversation cannot go on.
enum Broken {
    /// The device went away, or did not take what it was sent.
    Gone,
    /// The mailbox itself failed.
    Failed(RelayError),
}

impl From<RelayError> for Broken {
    fn from(error: RelayError) -> Self {
        Self::Failed(error)
    }
}

impl Talk {
    async fn run(desk: Desk, device: DeviceId, (send, receive): (SendStream, RecvStream)) {
        let conversation = Conversation::new(device, desk.now());
        let let_in = Arc::new(AtomicBool::new(false));
        let (mut inbox, reader) = spawn_reader(desk.clone(), receive, let_in.clone());
        let mut stopping = desk.inner.stopping.clone();
        let mut talk = Self { desk, device, conversation, send, let_in, news: None, ending: None };
        let mut tick = tokio::time::interval(TICK);
        let mut told_to_stop = false;
        let mut result = Ok(());
        while result.is_ok() && talk.ending.is_none() {
            result = tokio::select! {
                message = inbox.recv() => match message {
                    Some(message) => talk.take(Event::Received(message)).await,
                    None => Err(Broken::Gone),
                },
                news = hear(&mut talk.news) => talk.on_news(news).await,
                () = crate::stopped(&mut stopping), if !told_to_stop => {
                    told_to_stop = true;
                    talk.take(Event::Stopping).await
                }
                _ = tick.tick() => talk.take(Event::Tick).await,
            };
        }
        reader.abort();
        match (&result, talk.ending) {
            (Err(Broken::Failed(error)), _) => tracing::error!(%error, device = %talk.device.short(), "a conversation failed"),
            (_, Some(Ending::Protocol(what))) => {
                talk.desk.inner.metrics.mailbox_broken.fetch_add(1, Relaxed);
                tracing::debug!(what, device = %talk.device.short(), "a device broke the protocol");
            }
            (_, Some(Ending::TurnedAway(refusal))) => {
                talk.desk.inner.metrics.mailbox_turned_away.fetch_add(1, Relaxed);
                tracing::debug!(%refusal, device = %talk.device.short(), "a device was turned away");
            }
            _ => {}
        }
        if talk.send.finish().is_ok() {
            // The last words shall arrive before the connection is closed.
            drop(tokio::time::timeout(Duration::from_secs(2), talk.send.stopped()).await);
        }
    }

    /// Lets the conversation take an event in, and carries out what it wants.
    async fn take(&mut self, event: Event) -> Result<(), Broken> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let now = self.desk.now();
            for effect in self.conversation.handle(now, event) {
                match effect {
                    Effect::Send(message) => self.send(&message).await?,
                    Effect::Close(ending) => self.ending = Some(ending),
                    other => events.extend(self.carry_out(other).await?),
                }
            }
        }
        Ok(())
    }

    async fn send(&mut self, message: &FromMailbox) -> Result<(), Broken> {
        let bytes = message.encode();
        let patience = Duration::from_secs(self.desk.inner.config.mailbox.patience_seconds);
        self.desk.inner.metrics.mailbox_bytes_sent.fetch_add(bytes.len() as u64, Relaxed);
        match tokio::time::timeout(patience, frame::write(&mut self.send, &bytes)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Broken::Gone),
        }
    }

    /// What the conversation wants of the database.
    async fn carry_out(&mut self, effect: Effect) -> Result<Option<Event>, Broken> {
        let (desk, device) = (self.desk.clone(), self.device);
        let Inner { writer, metrics, .. } = &*desk.inner;
        if let Effect::Admit(who) = effect {
            // It listens before it is let in, so that it misses nothing.
            let news = writer.listen(who.space);
            let admitted = writer.ask(|answer| Work::Admit(who, answer)).await?;
            self.news = admitted.is_ok().then_some(news);
            self.let_in.store(admitted.is_ok(), Relaxed);
            return Ok(Some(Event::Admitted(admitted)));
        }
        let Some((space, band)) = self.conversation.boxed() else { return Ok(None) };
        Ok(match effect {
            Effect::Push(envelopes) => {
                let bytes: usize = envelopes.iter().map(Vec::len).sum();
                // To a band that pushes too fast the mailbox answers later; it can only have so much under way.
                tokio::time::sleep(desk.pace(band, bytes, envelopes.len())).await;
                let pushed = writer.ask(|answer| Work::Push((space, band), envelopes, answer)).await?;
                metrics.pushed(&pushed, bytes);
                Some(Event::Pushed(pushed))
            }
            Effect::Read { after, known } => {
                let page = desk.read(move |connection| log::page(connection, space, after, &known, PAGE)).await?;
                metrics.mailbox_delivered.fetch_add(page.entries.len() as u64, Relaxed);
                Some(Event::Page(page))
            }
            Effect::Acknowledge(vector) => hand(writer, Work::Acknowledge(space, device, vector)).await?,
            Effect::Roster(roster) => hand(writer, Work::Roster(space, roster)).await?,
            Effect::Release(release) => hand(writer, Work::Release(space, release)).await?,
            Effect::Send(_) | Effect::Close(_) | Effect::Admit(_) => None,
        })
    }

    async fn on_news(&mut self, news: Result<News, broadcast::error::RecvError>) -> Result<(), Broken> {
        match news {
            Ok(news) => self.take(Event::News(news)).await,
            Err(broadcast::error::RecvError::Closed) => {
                self.news = None;
                Ok(())
            }
            // It was slow: it looks at the box itself.
            Err(broadcast::error::RecvError::Lagged(_)) => {
                let Some((space, _)) = self.conversation.boxed() else { return Ok(()) };
                let look = move |connection: &rusqlite::Connection| boxes::get(connection, space);
                let roster = self.desk.read(look).await?.map(|boxed| News::Roster(boxed.roster));
                for news in roster.into_iter().chain([News::Entries]) {
                    self.take(Event::News(news)).await?;
                }
                Ok(())
            }
        }
    }
}

async fn hand(writer: &Writer, work: Work) -> Result<Option<Event>, Broken> {
    writer.hand(work).await?;
    Ok(None)
}

async fn hear(news: &mut Option<broadcast::Receiver<News>>) -> Result<News, broadcast::error::RecvError> {
    match news {
        Some(news) => news.recv().await,
        None => std::future::pending().await,
    }
}

/// Reads messages; ends where the stream does, or where something that is no message comes. Large ones wait until there is
/// memory for them.
fn spawn_reader(desk: Desk, mut stream: RecvStream, let_in: Arc<AtomicBool>) -> (mpsc::Receiver<ToMailbox>, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        while let Ok(Some(length)) = frame::read_length(&mut stream, if let_in.load(Relaxed) { MAX_MESSAGE } else { FIRST }).await {
            let memory = desk.inner.memory.clone();
            let wanted = u32::try_from(length).unwrap_or(u32::MAX).min(desk.inner.config.mailbox.bytes_in_memory);
            let leave = if length <= SMALL { None } else { memory.acquire_many_owned(wanted).await.ok() };
            // One who has leave but sends nothing gives it back.
            let patience = Duration::from_secs(desk.inner.config.mailbox.patience_seconds);
            let Ok(Ok(bytes)) = tokio::time::timeout(patience, frame::read_content(&mut stream, length)).await else { return };
            desk.inner.metrics.mailbox_bytes_received.fetch_add(length as u64, Relaxed);
            let Some(message) = ToMailbox::decode(&bytes) else {
                desk.inner.metrics.mailbox_broken.fetch_add(1, Relaxed);
                return;
            };
            drop(bytes);
            if sender.send(message).await.is_err() {
                return;
            }
            drop(leave);
        }
    });
    (receiver, task)
}

/// Drops what nobody needs, box by box, from time to time.
pub async fn sweep(desk: Desk, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let spaces = match desk.read(log::spaces).await {
            Ok(spaces) => spaces,
            Err(error) => {
                tracing::error!(%error, "the boxes could not be listed");
                continue;
            }
        };
        for space in spaces {
            if desk.inner.writer.hand(Work::Sweep(space)).await.is_err() {
                return;
            }
        }
    }
}
