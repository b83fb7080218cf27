//! A session on a stream: messages in and out, storage beside.

use std::time::{Duration, Instant};

use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::sync::{broadcast, mpsc, watch};

use super::address::{self, Own};
use super::discovery::Seen;
use super::standing::{Counted, Standings};
use super::{NodeEvent, frame};
use crate::protocol::{Effect, Ending, Event, Message, Purpose, Report, Session, perform};
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
    pub own: Own,
    /// Changes whenever logs or members may have.
    pub news: watch::Receiver<u64>,
    pub events: broadcast::Sender<NodeEvent>,
    pub standings: Standings,
    pub seen: Seen,
}

/// How a conversation went.
#[derive(Debug)]
pub(super) struct Went {
    pub received: u64,
    pub sent: u64,
    pub ending: Ending,
    /// The other spaces that both devices belong to, being of one person.
    pub spaces: Vec<SpaceId>,
}

/// Talks with a device until one side ends it.
pub(super) async fn converse(
    around: &Surroundings,
    connection: &Connection,
    (send, receive): (SendStream, RecvStream),
    purpose: Purpose,
) -> Result<Went, SyncError> {
    let device = address::device(connection.remote_id());
    let began = Instant::now();
    let opens = purpose.space.is_some();
    let session = Session::new(purpose, Duration::ZERO);
    let connection = connection.clone();
    let mut talk =
        Talk { around: around.clone(), device, connection, session, outbox: None, counted: None, ending: None, spaces: Vec::new() };
    // Each direction has a task of its own: if both sides wrote a large change at once and then read, neither would get on.
    let (outbox, writer) = frame::spawn_writer(send);
    talk.outbox = Some(outbox);
    let (mut inbox, reader) = frame::spawn_reader(receive);
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
        talk.remember(space).await;
        talk.tell(NodeEvent::Disconnected { space, device, reason });
    }
    result?;
    let Session { received, sent, .. } = talk.session;
    Ok(Went { received, sent, ending: talk.ending.unwrap_or(Ending::Finished), spaces: talk.spaces })
}

struct Talk {
    around: Surroundings,
    device: DeviceId,
    connection: Connection,
    session: Session,
    outbox: Option<mpsc::UnboundedSender<Message>>,
    counted: Option<Counted>,
    ending: Option<Ending>,
    spaces: Vec<SpaceId>,
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
                    Effect::Report(report) => {
                        let up_to_date = report == Report::UpToDate;
                        self.report(report);
                        if let (true, Some(space)) = (up_to_date, self.session.space()) {
                            self.remember(space).await;
                        }
                    }
                    Effect::Close(ending) => self.ending = Some(ending),
                    storage => events.extend(self.store(storage).await?),
                }
            }
        }
        if let Some(counted) = &self.counted {
            counted.knows(self.session.known());
        }
        Ok(())
    }

    /// Storage blocks: it has a thread of its own.
    async fn store(&self, effect: Effect) -> Result<Option<Event>, SyncError> {
        let Surroundings { workspace, own, .. } = self.around.clone();
        let (space, device) = (self.session.space(), self.device);
        let own = own.bytes();
        let work = move || perform(&workspace, space, device, &own, effect);
        tokio::task::spawn_blocking(work).await.map_err(|_| SyncError::ShutDown)?
    }

    /// Keeps where the other device was met, and what it is known to have.
    async fn remember(&self, space: SpaceId) {
        let (workspace, device, known) = (self.around.workspace.clone(), self.device, self.session.known().clone());
        let met = address::met(&self.connection);
        let work = move || {
            workspace.put_reached(space, device, &known)?;
            address::remember(&workspace, device, &met)
        };
        if let Ok(Err(error)) = tokio::task::spawn_blocking(work).await {
            tracing::debug!(%error, "where a device was met is not kept");
        }
    }

    async fn on_news(&mut self, now: Duration) -> Result<(), SyncError> {
        if !self.session.is_running() {
            return Ok(());
        }
        self.take(now, Event::LogGrew).await
    }

    fn report(&mut self, report: Report) {
        let (device, Some(space)) = (self.device, self.session.space()) else { return };
        match report {
            Report::Connected => {
                self.counted = Some(self.around.standings.began((space, device), &self.connection));
                self.tell(NodeEvent::Connected { space, device });
            }
            Report::Spaces(spaces) => self.spaces = spaces,
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
