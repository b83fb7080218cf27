//! The one who writes. What many bands push at the same time goes into one transaction, and each is told when that is durable.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use bandpro_sync::SpaceId;
use bandpro_sync::mailbox::{Full, Pushed, Refusal, Release, Roster, Signed};
use rusqlite::Connection;
use tokio::sync::{broadcast, mpsc, oneshot};

use super::conversation::News;
use crate::store::boxes::{self, Admitted, Introduction};
use crate::store::{Store, log};
use crate::{RelayError, config};

/// The most work that goes into one transaction.
const TOGETHER: usize = 256;
/// Work that waits. More makes those who ask wait.
const QUEUE: usize = 1024;
/// News of a box that wait for a slow conversation; one that misses some looks at the box itself.
const NEWS: usize = 64;

/// Something to write.
#[derive(Debug)]
pub enum Work {
    /// Somebody comes.
    Admit(Introduction, oneshot::Sender<Result<Admitted, Refusal>>),
    /// Envelopes for a band's box.
    Push((SpaceId, i64), Vec<Vec<u8>>, oneshot::Sender<Pushed>),
    /// What a device has.
    Acknowledge(SpaceId, bandpro_sync::DeviceId, bandpro_sync::mailbox::Vector),
    /// A newer roster.
    Roster(SpaceId, Signed<Roster>),
    /// What an owner lets go.
    Release(SpaceId, Signed<Release>),
    /// Drop what nobody needs of a box.
    Sweep(SpaceId),
}

/// Who is told of what comes into which box.
#[derive(Debug, Clone, Default)]
pub struct Bells(Arc<Mutex<HashMap<SpaceId, broadcast::Sender<News>>>>);

impl Bells {
    /// Hears of a box from now on.
    pub fn listen(&self, space: SpaceId) -> broadcast::Receiver<News> {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.entry(space).or_insert_with(|| broadcast::channel(NEWS).0).subscribe()
    }

    fn ring(&self, space: SpaceId, news: News) {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bell) = bells.get(&space)
            && bell.send(news).is_err()
        {
            bells.remove(&space);
        }
    }

    /// Forgets boxes to which nobody listens.
    fn sweep(&self) {
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.retain(|_, bell| bell.receiver_count() > 0);
    }
}

/// Hands work to the one who writes. It ends when the last of these is gone.
#[derive(Debug, Clone)]
pub struct Writer {
    work: mpsc::Sender<Work>,
    bells: Bells,
}

impl Writer {
    /// Begins to write, on a thread of its own, which ends when nobody can hand it work any more.
    pub fn start(store: Store, bounds: config::Band) -> Result<(Self, JoinHandle<()>), RelayError> {
        let (work, mut queue) = mpsc::channel(QUEUE);
        let bells = Bells::default();
        let rung = bells.clone();
        let mut desk = Desk { store, bounds, bells: rung };
        let thread = std::thread::Builder::new().name("writer".into()).spawn(move || {
            let mut together = Vec::with_capacity(TOGETHER);
            while queue.blocking_recv_many(&mut together, TOGETHER) > 0 {
                desk.write(std::mem::take(&mut together));
            }
        });
        let thread = thread.map_err(|source| RelayError::File { path: "a thread".into(), source })?;
        Ok((Self { work, bells }, thread))
    }

    /// Hears of a box from now on.
    pub fn listen(&self, space: SpaceId) -> broadcast::Receiver<News> {
        self.bells.listen(space)
    }

    /// Hands over work whose answer nobody waits for.
    pub async fn hand(&self, work: Work) -> Result<(), RelayError> {
        self.work.send(work).await.map_err(|_| RelayError::Stopping)
    }

    /// Hands over work and waits until it is durable.
    pub async fn ask<T>(&self, work: impl FnOnce(oneshot::Sender<T>) -> Work) -> Result<T, RelayError> {
        let (answer, answered) = oneshot::channel();
        self.hand(work(answer)).await?;
        answered.await.map_err(|_| RelayError::Stopping)
    }
}

struct Desk {
    store: Store,
    bounds: config::Band,
    bells: Bells,
}

/// What is said once the transaction is durable.
type Afterwards = Box<dyn FnOnce(&Bells)>;

impl Desk {
    fn write(&mut self, together: Vec<Work>) {
        let Self { store, bounds, bells } = self;
        let mut afterwards: Vec<Afterwards> = Vec::with_capacity(together.len());
        let mut alone = Vec::new();
        let written = store.write(|connection| {
            for work in together {
                // One that fails takes nothing of the others with it.
                connection.execute_batch("SAVEPOINT work")?;
                match carry_out(connection, bounds, &work) {
                    Ok(answer) => {
                        connection.execute_batch("RELEASE work")?;
                        afterwards.push(answer.told(work));
                    }
                    Err(error) => {
                        connection.execute_batch("ROLLBACK TO work; RELEASE work")?;
                        tracing::error!(%error, "work for the database failed");
                        alone.push((work, error));
                    }
                }
            }
            Ok(())
        });
        match written {
            Ok(()) => afterwards.into_iter().for_each(|tell| tell(bells)),
            // Nobody hears anything; each asks again when it connects again.
            Err(error) => tracing::error!(%error, "a transaction failed"),
        }
        for (work, error) in alone {
            if let (Work::Push(_, _, answer), true) = (work, error.is_disk_full()) {
                drop(answer.send(Pushed { full: Some(Full::Disk), ..Pushed::default() }));
            }
        }
    }
}

/// What came of work.
enum Answer {
    Admitted(Result<Admitted, Refusal>, Option<Roster>),
    Pushed(Pushed),
    Roster(Option<Roster>),
    Swept,
    Nothing,
}

fn carry_out(connection: &Connection, bounds: &config::Band, work: &Work) -> Result<Answer, RelayError> {
    let kept_since = crate::now().saturating_sub(u64::from(bounds.keep_days) * 24 * 3600 * 1000);
    Ok(match work {
        Work::Admit(who, _) => {
            let before = boxes::get(connection, who.space)?.map(|boxed| boxed.roster.version);
            let admitted = boxes::admit(connection, who, bounds.spaces)?;
            let after = boxes::get(connection, who.space)?.map(|boxed| boxed.roster);
            Answer::Admitted(admitted, after.filter(|roster| Some(roster.version) != before))
        }
        Work::Push(boxed, envelopes, _) => Answer::Pushed(log::push(connection, *boxed, envelopes, bounds, crate::now())?),
        Work::Acknowledge(space, device, vector) => {
            log::acknowledge(connection, *space, *device, vector)?;
            Answer::Nothing
        }
        Work::Roster(space, roster) => {
            let taken = boxes::replace(connection, *space, roster)?;
            Answer::Roster(taken.then(|| roster.content.clone()))
        }
        Work::Release(space, release) => {
            log::release(connection, *space, release)?;
            Answer::Nothing
        }
        Work::Sweep(space) => {
            log::drop_what_all_have(connection, *space, kept_since)?;
            Answer::Swept
        }
    })
}

impl Answer {
    fn told(self, work: Work) -> Afterwards {
        Box::new(move |bells| match (self, work) {
            (Self::Admitted(admitted, roster), Work::Admit(who, answer)) => {
                drop(answer.send(admitted));
                if let Some(roster) = roster {
                    bells.ring(who.space, News::Roster(roster));
                }
            }
            (Self::Pushed(pushed), Work::Push((space, _), _, answer)) => {
                let grew = pushed.stored > 0;
                drop(answer.send(pushed));
                if grew {
                    bells.ring(space, News::Entries);
                }
            }
            (Self::Roster(Some(roster)), Work::Roster(space, _)) => bells.ring(space, News::Roster(roster)),
            (Self::Swept, _) => bells.sweep(),
            _ => {}
        })
    }
}
