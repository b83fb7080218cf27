//! What one mailbox bears: pushes a second of many bands at once, and what connections cost that only wait.
//!
//! Bands are simulated: each has a device with a log and a roster of its own, and says to the mailbox what a laptop says, over
//! iroh on loopback; a few endpoints stand for many laptops. The relay is a process of its own, with all its defaults but the
//! bounds on connections.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bandpro_relay::{Config, Relay};
use bandpro_sync::envelope::{Body, Content, Envelope, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::mailbox::{ALPN, FromMailbox, MAX_MESSAGE, RelayPass, Roster, Signed, ToMailbox, VERSION, Wire};
use bandpro_sync::net::frame;
use bandpro_sync::seal::EpochKey;
use bandpro_sync::{ScoreId, SpaceId};
use iroh::Endpoint;
use iroh::endpoint::{Connection, QuicTransportConfig, RecvStream, SendStream, presets};

use crate::row;

/// The argument with which this program is a relay.
pub const RELAY: &str = "--be-a-relay";
const BANDS: usize = 256;
const ENDPOINTS: usize = 8;
const LASTS: Duration = Duration::from_secs(5);
const IDLE: usize = 10_000;
const IDLE_ENDPOINTS: usize = 100;

/// The relay: prints its pass, and goes on until it is killed.
pub fn be_a_relay(folder: &Path) {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut config = Config::local(folder.to_owned());
    config.forward.enabled = false;
    config.status.enabled = false;
    config.mailbox.listen = free;
    config.band.spaces = u32::MAX;
    (config.mailbox.connections, config.mailbox.connections_per_device) = (2 * IDLE, IDLE);
    (config.mailbox.connections_per_address, config.mailbox.new_per_second, config.mailbox.new_at_once) = (2 * IDLE, 1e6, u32::MAX);
    // All bands share one pass here, so its pace must not be what is measured.
    (config.band.bytes_per_second, config.band.envelopes_per_second) = (u32::MAX, u32::MAX);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let relay = Relay::start(config).await.expect("the relay starts");
        println!("{}", relay.new_pass("all").expect("a pass"));
        std::future::pending::<()>().await;
    });
}

struct Process {
    process: Child,
    pass: RelayPass,
    _folder: tempfile::TempDir,
}

impl Process {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new(std::env::current_exe().expect("a program knows its place"));
        let mut process = command.arg(RELAY).arg(folder.path()).stdout(Stdio::piped()).spawn().expect("the relay starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("it is piped")).read_line(&mut line).expect("it prints a pass");
        Self { process, pass: line.trim().parse().expect("it is a pass"), _folder: folder }
    }

    /// Its memory, in bytes.
    fn resident(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        Some(line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()? * 1024.0)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

async fn endpoint(secret: u8) -> (Endpoint, Identity) {
    let secret = [secret; 32];
    let quiet = Duration::from_secs(25);
    let transport = QuicTransportConfig::builder().keep_alive_interval(quiet).max_idle_timeout((3 * quiet).try_into().ok()).build();
    let builder = Endpoint::builder(presets::Minimal).secret_key(iroh::SecretKey::from_bytes(&secret)).transport_config(transport);
    let builder = builder.clear_ip_transports().bind_addr("127.0.0.1:0").expect("an address");
    (builder.bind().await.expect("the endpoint opens"), Identity::from_secret(&secret))
}

/// A band's only device, let in.
struct Band {
    identity: Identity,
    space: SpaceId,
    send: SendStream,
    receive: RecvStream,
    _connection: Connection,
}

impl Band {
    async fn enter(pass: &RelayPass, connection: Connection, identity: Identity, number: u32) -> Self {
        let mut space = [0; 16];
        space[..4].copy_from_slice(&number.to_be_bytes());
        let (space, device) = (SpaceId(space), identity.device());
        let (send, receive) = connection.open_bi().await.expect("a stream");
        let mut band = Self { identity, space, send, receive, _connection: connection };
        let roster = Roster { space, version: 1, owners: vec![device], devices: vec![device] };
        let roster = Some(Signed::by(&band.identity, roster));
        band.say(&ToMailbox::Hello { version: VERSION, space, token: pass.token, roster }).await;
        assert!(matches!(band.hear().await, FromMailbox::Welcome(_)), "it is let in");
        band.say(&ToMailbox::Have(Vec::new())).await;
        assert!(matches!(band.hear().await, FromMailbox::UpToDate), "there is nothing yet");
        band
    }

    async fn say(&mut self, message: &ToMailbox) {
        frame::write(&mut self.send, &message.encode()).await.expect("the mailbox listens");
    }

    async fn hear(&mut self) -> FromMailbox {
        let bytes = frame::read(&mut self.receive, MAX_MESSAGE).await.expect("the mailbox answers").expect("it goes on");
        FromMailbox::decode(&bytes).expect("it can be read")
    }

    /// Pushes one envelope after the other, each when the one before is durable.
    async fn push_until(mut self, end: Instant, count: Arc<AtomicU64>) {
        let key = EpochKey::from_random([7; 32]);
        let (mut seq, mut previous) = (0, [0; 32]);
        while Instant::now() < end {
            seq += 1;
            let body = Body { membership: Vec::new(), content: Content::Change(ScoreId([5; 16]), vec![seq as u8; 200]) };
            let place = Place { space: self.space, seq, previous };
            let (_, bytes) = Envelope::seal(&self.identity, place, &key, [seq as u8; 24], &body).expect("it is small");
            previous = hash(&bytes);
            self.say(&ToMailbox::Push(vec![bytes])).await;
            assert!(matches!(self.hear().await, FromMailbox::Stored(pushed) if pushed.stored == 1), "it is taken");
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn connect(endpoint: &Endpoint, pass: &RelayPass) -> Connection {
    endpoint.connect(pass.mailbox.clone().expect("it has a mailbox"), ALPN).await.expect("the mailbox answers")
}

async fn pushes(pass: &RelayPass) {
    let (mut bands, mut endpoints) = (Vec::new(), Vec::new());
    for number in 0..ENDPOINTS {
        let (endpoint, identity) = endpoint(number as u8 + 1).await;
        for chunk in 0..BANDS / ENDPOINTS / 16 {
            let connection = connect(&endpoint, pass).await;
            for stream in 0..16 {
                let band = ((number * BANDS / ENDPOINTS) + chunk * 16 + stream) as u32;
                bands.push(Band::enter(pass, connection.clone(), identity.clone(), band).await);
            }
        }
        endpoints.push(endpoint);
    }
    let (count, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
    let pushing: Vec<_> = bands.into_iter().map(|band| tokio::spawn(band.push_until(start + LASTS, Arc::clone(&count)))).collect();
    for task in pushing {
        task.await.expect("it pushes");
    }
    let a_second = count.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
    let remark = format!(
        "{BANDS} simulated bands at once, one envelope of 200 bytes a push, each durable before the next; clients on the same cores"
    );
    row("mailbox-pushes", a_second, "pushes/s", &remark);
}

async fn idle(relay: &Process) {
    let Some(before) = relay.resident() else {
        return bandpro_tests::skipped("the system does not say how much memory a process takes");
    };
    let start = Instant::now();
    let mut entering = Vec::new();
    for number in 0..IDLE_ENDPOINTS {
        let pass = relay.pass.clone();
        entering.push(tokio::spawn(async move {
            let (endpoint, identity) = endpoint(number as u8 + 100).await;
            let each = IDLE / IDLE_ENDPOINTS;
            let mut bands = Vec::with_capacity(each);
            for index in 0..each {
                let connection = connect(&endpoint, &pass).await;
                bands.push(Band::enter(&pass, connection, identity.clone(), (100_000 + number * each + index) as u32).await);
            }
            (endpoint, bands)
        }));
    }
    let mut held = Vec::new();
    for task in entering {
        held.push(task.await.expect("it comes in"));
    }
    let took = start.elapsed().as_secs_f64();
    let connections: usize = held.iter().map(|(_, bands)| bands.len()).sum();
    let after = relay.resident().unwrap_or(f64::NAN);
    let remark = format!(
        "{connections} idle connections, each with a box of its own and hearing of news; {:.1} KB each; {IDLE_ENDPOINTS} endpoints simulate the laptops; all let in within {took:.0} s",
        (after - before) / 1024.0 / connections as f64
    );
    row("mailbox-idle", after / 1e6, "MB", &remark);
}

pub fn mailbox() {
    let relay = Process::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        pushes(&relay.pass).await;
        idle(&relay).await;
    });
    runtime.shutdown_background();
}
