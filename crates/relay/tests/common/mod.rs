//! A relay on this machine, and devices that say to it what a test wants.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::net::SocketAddr;
use std::time::Duration;

use bandpro_relay::{Config, Relay};
use bandpro_sync::envelope::{Body, Content, Envelope, Hash, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::mailbox::{ALPN, FromMailbox, Held, MAX_MESSAGE, RelayPass, Roster, Signed, ToMailbox, Token, VERSION, Vector, Wire};
use bandpro_sync::net::frame;
use bandpro_sync::seal::EpochKey;
use bandpro_sync::{DeviceId, ScoreId, SpaceId};
use iroh::Endpoint;
use iroh::endpoint::{Connection, RecvStream, SendStream, presets};
use tempfile::TempDir;

pub const SPACE: SpaceId = SpaceId([7; 16]);
/// Only a test that fails waits so long.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A configuration for loopback, at ports that are free.
pub fn config(folder: &TempDir) -> Config {
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut config = Config::local(folder.path().to_owned());
    (config.status.listen, config.forward.listen, config.mailbox.listen) = (free, free, free);
    config.forward.address_port = 0;
    (config.mailbox.new_per_second, config.mailbox.new_at_once) = (1000.0, 1000);
    config
}

/// A relay that runs, and a pass for it.
pub struct Running {
    pub relay: Relay,
    pub pass: RelayPass,
    pub folder: TempDir,
}

impl Running {
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(&folder);
        change(&mut config);
        let relay = Relay::start(config).await.expect("the relay starts");
        let pass = relay.new_pass("The Quartet").expect("a pass");
        Self { relay, pass, folder }
    }
}

/// A device with its own log.
pub struct Device {
    pub identity: Identity,
    pub endpoint: Endpoint,
    seq: u64,
    previous: Hash,
}

impl Device {
    pub async fn new(secret: u8) -> Self {
        let builder = Endpoint::builder(presets::Minimal).secret_key(iroh::SecretKey::from_bytes(&[secret; 32]));
        let builder = builder.clear_ip_transports().bind_addr("127.0.0.1:0").expect("an address");
        let endpoint = builder.bind().await.expect("the endpoint opens");
        Self { identity: Identity::from_secret(&[secret; 32]), endpoint, seq: 0, previous: [0; 32] }
    }

    pub fn id(&self) -> DeviceId {
        self.identity.device()
    }

    /// Its next envelope.
    pub fn write(&mut self, content: &[u8]) -> Vec<u8> {
        self.seq += 1;
        let bytes = sealed(&self.identity, SPACE, self.seq, self.previous, content);
        self.previous = hash(&bytes);
        bytes
    }

    /// An envelope of its own making at any place.
    pub fn write_at(&self, space: SpaceId, seq: u64, previous: Hash, content: &[u8]) -> Vec<u8> {
        sealed(&self.identity, space, seq, previous, content)
    }

    pub fn roster(&self, version: u64, owners: &[DeviceId], devices: &[DeviceId]) -> Signed<Roster> {
        let roster = Roster { space: SPACE, version, owners: owners.to_vec(), devices: devices.to_vec() };
        Signed::by(&self.identity, roster)
    }

    pub async fn connect(&self, pass: &RelayPass) -> Result<Connection, String> {
        let address = pass.mailbox.clone().expect("the pass names a mailbox");
        let connecting = tokio::time::timeout(PATIENCE, self.endpoint.connect(address, ALPN)).await;
        connecting.map_err(|_| "no answer".to_owned())?.map_err(|error| error.to_string())
    }

    /// A stream to the mailbox on which nothing was said.
    pub async fn stream(&self, pass: &RelayPass) -> Talk {
        let connection = self.connect(pass).await.expect("the mailbox answers");
        let (send, receive) = connection.open_bi().await.expect("a stream");
        Talk { connection, send, receive }
    }

    /// What the mailbox answers to a greeting.
    pub async fn greet(&self, pass: &RelayPass, token: Token, roster: Option<Signed<Roster>>) -> (Talk, Option<FromMailbox>) {
        let mut talk = self.stream(pass).await;
        talk.say(&ToMailbox::Hello { version: VERSION, space: SPACE, token, roster }).await;
        let answer = talk.hear().await;
        (talk, answer)
    }

    /// Comes in, and says what it has.
    pub async fn enter(&self, pass: &RelayPass, roster: Option<Signed<Roster>>, have: Vector) -> (Talk, Held) {
        let (mut talk, answer) = self.greet(pass, pass.token, roster).await;
        let Some(FromMailbox::Welcome(held)) = answer else { panic!("it was not let in: {answer:?}") };
        talk.say(&ToMailbox::Have(have)).await;
        (talk, held)
    }
}

fn sealed(identity: &Identity, space: SpaceId, seq: u64, previous: Hash, content: &[u8]) -> Vec<u8> {
    let body = Body { membership: vec![[0; 32]], content: Content::Change(ScoreId([5; 16]), content.to_vec()) };
    let key = EpochKey::from_random([6; 32]);
    Envelope::seal(identity, Place { space, seq, previous }, &key, [7; 24], &body).expect("it is small").1
}

/// A conversation with the mailbox.
pub struct Talk {
    pub connection: Connection,
    pub send: SendStream,
    pub receive: RecvStream,
}

impl Talk {
    pub async fn say(&mut self, message: &ToMailbox) {
        // The other side may have closed already: what it says to that is what the test looks at.
        let _ = frame::write(&mut self.send, &message.encode()).await;
    }

    /// The next message; nothing where the mailbox has closed.
    pub async fn hear(&mut self) -> Option<FromMailbox> {
        let read = tokio::time::timeout(PATIENCE, frame::read(&mut self.receive, MAX_MESSAGE)).await.expect("it answers in time");
        read.ok().flatten().map(|bytes| FromMailbox::decode(&bytes).expect("it says what can be read"))
    }

    /// Pushes, and gives what became of it.
    pub async fn push(&mut self, envelopes: Vec<Vec<u8>>) -> bandpro_sync::mailbox::Pushed {
        self.say(&ToMailbox::Push(envelopes)).await;
        loop {
            match self.hear().await {
                Some(FromMailbox::Stored(pushed)) => return pushed,
                Some(_) => {}
                None => panic!("the mailbox closed"),
            }
        }
    }

    /// Entries until the mailbox says that there are no more. Each is acknowledged.
    pub async fn pull(&mut self, mut have: Vector) -> Vec<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            match self.hear().await {
                Some(FromMailbox::Entries(entries)) => {
                    for (device, seq) in entries.iter().filter_map(|entry| Envelope::author(entry)) {
                        have.retain(|(known, _)| *known != device);
                        have.push((device, seq));
                    }
                    all.extend(entries);
                    self.say(&ToMailbox::Have(have.clone())).await;
                }
                Some(FromMailbox::UpToDate) => return all,
                Some(_) => {}
                None => panic!("the mailbox closed"),
            }
        }
    }

    /// Whether the mailbox closes without another word.
    pub async fn is_closed(&mut self) -> bool {
        while let Some(message) = self.hear().await {
            if !matches!(message, FromMailbox::Stored(_) | FromMailbox::UpToDate) {
                return false;
            }
        }
        true
    }
}

impl Talk {
    /// Hears until the mailbox closes or says nothing more for a while.
    pub async fn is_closed_or_quiet(&mut self) {
        let quiet = Duration::from_secs(1);
        while let Ok(Ok(Some(_))) = tokio::time::timeout(quiet, frame::read(&mut self.receive, MAX_MESSAGE)).await {}
    }
}
