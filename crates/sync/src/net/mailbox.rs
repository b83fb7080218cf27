//! Conversations with the band's mailboxes.

use std::time::{Duration, Instant};

use iroh::endpoint::{ConnectOptions, Connection, QuicTransportConfig, RecvStream, SendStream};
use tokio::sync::mpsc;

use super::standing::Counted;
use super::{Node, NodeEvent, address, frame};
use crate::mailbox::{ALPN, Effect, Ending, Event, Purpose, RelayPass, Report, Roster, Session, ToMailbox};
use crate::protocol::BATCH;
use crate::{DeviceId, SpaceId, SyncError};

/// How often a session looks whether the other side has stalled.
const TICK: Duration = Duration::from_secs(5);
/// How long the last words may take to arrive.
const FAREWELL: Duration = Duration::from_secs(2);
/// A mailbox is always there, so a quiet connection need not be kept awake as often as one between laptops.
const QUIET: Duration = Duration::from_secs(25);

/// How a conversation went: what came, what was sent.
pub(super) struct Went {
    pub received: u64,
    pub sent: u64,
}

impl Node {
    /// Talks with the mailbox of a pass about a space: once, or as long as it is there.
    pub(super) async fn talk_with_mailbox(&self, space: SpaceId, pass: &RelayPass, once: bool) -> Result<Went, SyncError> {
        let went = self.try_mailbox(space, pass, once).await;
        if let (Err(error), Some(mailbox)) = (&went, &pass.mailbox) {
            self.could_not((space, address::device(mailbox.id)), error);
        }
        went
    }

    async fn try_mailbox(&self, space: SpaceId, pass: &RelayPass, once: bool) -> Result<Went, SyncError> {
        let unreachable = |detail: String| SyncError::Unreachable { detail };
        let Some(address) = pass.mailbox.clone() else { return Err(unreachable("this relay has no mailbox".into())) };
        let device = address::device(address.id);
        let transport = QuicTransportConfig::builder().keep_alive_interval(QUIET).max_idle_timeout((3 * QUIET).try_into().ok()).build();
        let options = ConnectOptions::new().with_transport_config(transport);
        let connecting = async {
            let connecting = self.endpoint().connect_with_opts(address, ALPN, options).await;
            connecting.map_err(|error| unreachable(error.to_string()))?.await.map_err(|error| unreachable(error.to_string()))
        };
        let connection = match tokio::time::timeout(self.reach(), connecting).await {
            Ok(connection) => connection?,
            Err(_) => return Err(unreachable(format!("no answer within {} s", self.reach().as_secs_f32()))),
        };
        let stream = connection.open_bi().await.map_err(|error| unreachable(error.to_string()))?;
        let workspace = self.workspace().clone();
        let roster = blocking(move || workspace.mailbox_roster(space)).await?;
        let purpose = Purpose { space, token: pass.token, roster, once };
        let went = Talk::run(self.clone(), (space, device), purpose, &connection, stream).await;
        connection.close(0_u32.into(), b"done");
        went
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, SyncError> + Send + 'static) -> Result<T, SyncError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| SyncError::ShutDown)?
}

struct Talk {
    node: Node,
    space: SpaceId,
    /// The mailbox, by its key.
    device: DeviceId,
    session: Session,
    outbox: Option<mpsc::UnboundedSender<ToMailbox>>,
    counted: Option<Counted>,
    ending: Option<Ending>,
    /// The roster that the mailbox was told.
    told: Option<Roster>,
}

impl Talk {
    async fn run(
        node: Node,
        (space, device): (SpaceId, DeviceId),
        purpose: Purpose,
        connection: &Connection,
        (send, receive): (SendStream, RecvStream),
    ) -> Result<Went, SyncError> {
        let began = Instant::now();
        let told = purpose.roster.as_ref().map(|roster| roster.content.clone());
        let session = Session::new(purpose, Duration::ZERO);
        let (outbox, writer) = frame::spawn_writer(send);
        let (mut inbox, reader) = frame::spawn_reader(receive);
        let mut news = node.surroundings().news.clone();
        let mut talk = Self { node, space, device, session, outbox: Some(outbox), counted: None, ending: None, told };
        let mut tick = tokio::time::interval(TICK);
        let mut result = talk.take(connection, began.elapsed(), Event::Opened).await;
        while result.is_ok() && talk.ending.is_none() {
            result = tokio::select! {
                message = inbox.recv() => match message {
                    Some(Ok(message)) => talk.take(connection, began.elapsed(), Event::Received(message)).await,
                    Some(Err(error)) => Err(error),
                    None => Err(SyncError::Unreachable { detail: "the mailbox went away".into() }),
                },
                changed = news.changed() => match changed {
                    Ok(()) => talk.on_news(connection, began.elapsed()).await,
                    Err(_) => Err(SyncError::ShutDown),
                },
                _ = tick.tick() => talk.take(connection, began.elapsed(), Event::Tick).await,
            };
        }
        talk.outbox = None;
        drop(tokio::time::timeout(FAREWELL, writer).await);
        reader.abort();
        talk.leave(&result);
        result?;
        match talk.ending {
            Some(Ending::TurnedAway(refusal)) => Err(SyncError::MailboxRefused(refusal)),
            Some(Ending::Protocol(what)) => Err(SyncError::Protocol(what.into())),
            Some(Ending::Stalled) => Err(SyncError::Unreachable { detail: "the mailbox stopped answering".into() }),
            Some(Ending::Finished) | None => Ok(Went { received: talk.session.received, sent: talk.session.sent }),
        }
    }

    fn leave(&mut self, result: &Result<(), SyncError>) {
        if self.counted.take().is_some() {
            let reason = match (result, &self.ending) {
                (Err(error), _) => error.to_string(),
                (Ok(()), Some(ending)) => ending.to_string(),
                (Ok(()), None) => String::new(),
            };
            self.tell(NodeEvent::Disconnected { space: self.space, device: self.device, reason });
        }
    }

    fn tell(&self, event: NodeEvent) {
        // Nobody need be listening.
        drop(self.node.surroundings().events.send(event));
    }

    /// Lets the session take an event in, and carries out what it wants.
    async fn take(&mut self, connection: &Connection, now: Duration, event: Event) -> Result<(), SyncError> {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.session.handle(now, event) {
                match effect {
                    Effect::Send(message) => {
                        if let Some(outbox) = &self.outbox {
                            outbox.send(message).map_err(|_| SyncError::Unreachable { detail: "the connection broke".into() })?;
                        }
                    }
                    Effect::Report(report) => self.report(connection, &report),
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

    async fn on_news(&mut self, connection: &Connection, now: Duration) -> Result<(), SyncError> {
        let (workspace, space) = (self.node.workspace().clone(), self.space);
        let roster = blocking(move || workspace.mailbox_roster(space)).await?;
        // One that says the same is not sent again.
        if let Some(roster) = roster.filter(|roster| self.told.as_ref().is_none_or(|told| !told.agrees_with(&roster.content))) {
            self.told = Some(roster.content.clone());
            self.take(connection, now, Event::Roster(roster)).await?;
        }
        self.take(connection, now, Event::LogGrew).await
    }

    fn report(&mut self, connection: &Connection, report: &Report) {
        let (space, device) = (self.space, self.device);
        match report {
            Report::Connected => {
                self.counted = Some(self.node.surroundings().standings.began((space, device), connection));
                self.tell(NodeEvent::Connected { space, device });
            }
            Report::UpToDate => {
                self.tell(NodeEvent::UpToDate { space, device });
                if let Err(error) = self.node.workspace().put_reached(space, device, self.session.known()) {
                    tracing::debug!(%error, "what the mailbox has is not kept");
                }
            }
            Report::Full(full) => {
                tracing::warn!(%full, "the mailbox takes no more");
                self.tell(NodeEvent::MailboxFull { space, device, full: *full });
            }
            Report::Refused(author, seq, reason) => {
                let reason = reason.map(|reason| reason.code());
                tracing::warn!(author = %author.short(), seq, reason, "the mailbox or this device refused a change");
            }
        }
    }

    /// What the session wants of the storage, on a thread where that may block.
    async fn store(&self, effect: Effect) -> Result<Option<Event>, SyncError> {
        let (workspace, space, device) = (self.node.workspace().clone(), self.space, self.device);
        blocking(move || {
            Ok(match effect {
                Effect::Enter(held) => {
                    let (vector, roster) = workspace.enter_mailbox((space, device), &held)?;
                    Some(Event::Entered(vector, roster))
                }
                Effect::Read { after, known } => Some(Event::Page(workspace.log_page(space, (after, &known, &[]), BATCH)?.0)),
                Effect::Store(entries) => {
                    let batch = workspace.receive(space, &[], &entries)?;
                    Some(Event::Stored(batch.stored, batch.refused, workspace.vector(space)?.into_iter().collect()))
                }
                Effect::Send(_) | Effect::Report(_) | Effect::Close(_) => None,
            })
        })
        .await
    }
}
