//! A session on a stream: messages in and out, storage beside.

use std::sync::Arc;
use std::time::{Duration, Instant};

use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::sync::{broadcast, mpsc, watch};

use super::{NodeEvent, frame};
use crate::protocol::{Effect, Ending, Event, Message, Purpose, Report, Session, perform};
use crate::workspace::now;
use crate::{DeviceId, SpaceId, SyncError, Workspace};

/// How often a session looks whether the other side has stalled.
const TICK: Duration = Duration::from_secs(5);
/// How long the last words may take to arrive.
const FAREWELL: Duration = Duration::from_secs(2);

/// What conversations of a node share.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub workspace: Workspace,
    /// This device's address, in the form that is sent.
    pub own: Arc<Vec<u8>>,
    /// Changes whenever logs or members may have.
    pub news: watch::Receiver<u64>,
    pub events: broadcast::Sender<NodeEvent>,
    pub connected: Connected,
}

/// The devices that are talked to now, with the number of conversations.
pub(super) type Connected = Arc<std::sync::Mutex<std::collections::BTreeMap<(SpaceId, DeviceId), usize>>>;

/// How a conversation went.
#[derive(Debug)]
pub(super) struct Went {
    pub received: u64,
    pub sent: u64,
    pub ending: Ending,
}

/// Counts a conversation for as long as it lives.
struct Counted {
    connected: Connected,
    key: (SpaceId, DeviceId),
}

impl Counted {
    fn new(connected: &Connected, key: (SpaceId, DeviceId)) -> Self {
        if let Ok(mut connected) = connected.lock() {
            *connected.entry(key).or_default() += 1;
        }
        Self { connected: connected.clone(), key }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        if let Ok(mut connected) = self.connected.lock() {
            let left = connected.get(&self.key).map_or(0, |count| count.saturating_sub(1));
            if left == 0 {
                connected.remove(&self.key);
            } else {
                connected.insert(self.key, left);
            }
        }
    }
}

/// Talks with a device until one side ends it.
pub(super) async fn converse(
    around: &Surroundings,
    connection: &Connection,
    (send, receive): (SendStream, RecvStream),
    purpose: Purpose,
) -> Result<Went, SyncError> {
    let device = super::address::device(connection.remote_id());
    let began = Instant::now();
    let opens = purpose.space.is_some();
    let mut talk =
        Talk { around: around.clone(), device, session: Session::new(purpose, Duration::ZERO), outbox: None, counted: None, ending: None };
    // Each direction has a task of its own: if both sides wrote a large change at once and then read, neither would get on.
    let (outbox, writer) = spawn_writer(send);
    talk.outbox = Some(outbox);
    let (mut inbox, reader) = spawn_reader(receive);
    let mut news = around.news.clone();
    let mut tick = tokio::time::interval(TICK);
    let mut result = if opens { talk.take(began.elapsed(), Event::Opened).await } else { Ok(()) };
    while result.is_ok() && talk.ending.is_none() {
        result = tokio::select! {
            message = inbox.recv() => match message {
                Some(Ok(message)) => talk.take(began.elapsed(), Event::Received(message)).await,
                Some(Err(error)) => Err(error),
                None if talk.session.is_up_to_date() => {
                    talk.ending = Some(Ending::Finished);
                    Ok(())
                }
                None => Err(SyncError::Unreachable { detail: "the other device went away".into() }),
            },
            changed = news.changed() => match changed {
                Ok(()) => talk.on_news(began.elapsed()).await,
                Err(_) => Err(SyncError::ShutDown),
            },
            _ = tick.tick() => talk.take(began.elapsed(), Event::Tick).await,
        };
    }
    talk.outbox = None;
    // What is still in the outbox (why the other was turned away, the last acknowledgement) shall arrive, and what was read
    // before the connection is closed, or it may be lost.
    let farewell = async {
        drop(writer.await);
        while talk.ending == Some(Ending::Finished) && inbox.recv().await.is_some() {}
    };
    drop(tokio::time::timeout(FAREWELL, farewell).await);
    reader.abort();
    let reason = match (&result, &talk.ending) {
        (Err(error), _) => error.to_string(),
        (Ok(()), Some(ending)) => ending.to_string(),
        (Ok(()), None) => String::new(),
    };
    if talk.counted.take().is_some()
        && let Some(space) = talk.session.space()
    {
        talk.tell(NodeEvent::Disconnected { space, device, reason });
    }
    result?;
    let Session { received, sent, .. } = talk.session;
    Ok(Went { received, sent, ending: talk.ending.unwrap_or(Ending::Finished) })
}

fn spawn_writer(mut stream: SendStream) -> (mpsc::UnboundedSender<Message>, tokio::task::JoinHandle<()>) {
    // Unbounded, but the session has only so much under way.
    let (sender, mut receiver) = mpsc::unbounded_channel::<Message>();
    let task = tokio::spawn(async move {
        while let Some(message) = receiver.recv().await {
            if frame::write(&mut stream, &message).await.is_err() {
                return;
            }
        }
        if stream.finish().is_ok() {
            drop(stream.stopped().await);
        }
    });
    (sender, task)
}

fn spawn_reader(mut stream: RecvStream) -> (mpsc::Receiver<Result<Message, SyncError>>, tokio::task::JoinHandle<()>) {
    let (sender, receiver) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        loop {
            let read = frame::read(&mut stream).await;
            let Some(read) = read.transpose() else { return };
            let failed = read.is_err();
            if sender.send(read).await.is_err() || failed {
                return;
            }
        }
    });
    (receiver, task)
}

struct Talk {
    around: Surroundings,
    device: DeviceId,
    session: Session,
    outbox: Option<mpsc::UnboundedSender<Message>>,
    counted: Option<Counted>,
    ending: Option<Ending>,
}

impl Talk {
    /// Lets the session take an event in, and carries out what it wants.
    async fn take(&mut self, now: Duration, event: Event) -> Result<(), SyncError> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.session.handle(now, event) {
                match effect {
                    Effect::Send(message) => {
                        if let Some(outbox) = &self.outbox {
                            outbox.send(message).map_err(|_| SyncError::Unreachable { detail: "the connection broke".into() })?;
                        }
                    }
                    Effect::Report(report) => self.report(report),
                    Effect::Close(ending) => self.ending = Some(ending),
                    storage => events.extend(self.store(storage).await?),
                }
            }
        }
        Ok(())
    }

    /// Storage blocks: it has a thread of its own.
    async fn store(&self, effect: Effect) -> Result<Option<Event>, SyncError> {
        let Surroundings { workspace, own, .. } = self.around.clone();
        let (space, device) = (self.session.space(), self.device);
        let work = move || perform(&workspace, space, device, &own, now() / 1000, effect);
        tokio::task::spawn_blocking(work).await.map_err(|_| SyncError::ShutDown)?
    }

    async fn on_news(&mut self, now: Duration) -> Result<(), SyncError> {
        if !self.session.is_running() {
            return Ok(());
        }
        let Some(space) = self.session.space() else { return Ok(()) };
        let Surroundings { workspace, own, .. } = self.around.clone();
        let work = move || crate::protocol::members(&workspace, space, &own);
        let members = tokio::task::spawn_blocking(work).await.map_err(|_| SyncError::ShutDown)??;
        self.take(now, Event::Members(members)).await?;
        self.take(now, Event::LogGrew).await
    }

    fn report(&mut self, report: Report) {
        let (device, Some(space)) = (self.device, self.session.space()) else { return };
        match report {
            Report::Connected => {
                self.counted = Some(Counted::new(&self.around.connected, (space, device)));
                self.tell(NodeEvent::Connected { space, device });
            }
            Report::UpToDate => self.tell(NodeEvent::UpToDate { space, device }),
            Report::TurnedAway(reason) => self.tell(NodeEvent::TurnedAway { device, reason }),
            // The workspace has told already.
            Report::Refused(_) => {}
        }
    }

    fn tell(&self, event: NodeEvent) {
        // Nobody need be listening.
        drop(self.around.events.send(event));
    }
}
