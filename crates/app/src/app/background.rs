//! What goes on without a call: documents that change from outside, the network, the play cursor.

use std::sync::atomic::Ordering;
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use bandpro_sync::{DeviceId, NodeEvent, ScoreId, SpaceId, WorkspaceEvent};
use tokio::sync::broadcast::error::RecvError;

use super::{App, Inner, lock};
use crate::view::AppEvent;

/// How often other processes' changes to open scores are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// How often the play cursor moves: each frame of most screens, twice over.
const FRAME: Duration = Duration::from_millis(33);

impl Inner {
    /// Tells all who listen; those who went away are forgotten.
    pub(super) fn tell(&self, event: &AppEvent) {
        lock(&self.listeners).retain(|listener| listener.send(event.clone()).is_ok());
    }
}

impl App {
    /// Passes on what happens to the documents as long as a handle is kept.
    pub(super) fn listen_to_documents(&self) {
        let events = self.inner.workspace.events();
        let weak = Arc::downgrade(&self.inner);
        spawn("documents", move || {
            // What was written here waits for others from now on: told once writing pauses, not at each note.
            let mut written = false;
            loop {
                let event = events.recv_timeout(LOOK);
                let Some(app) = handle(&weak) else { return };
                written |= matches!(event, Ok(WorkspaceEvent::ScoreChanged(_) | WorkspaceEvent::WrittenOutside));
                match event {
                    Ok(WorkspaceEvent::ScoreChanged(id)) => app.look_at(Some(id)),
                    Ok(WorkspaceEvent::WrittenOutside) => {
                        app.look_at(None);
                        app.inner.tell(&AppEvent::LibraryChanged);
                    }
                    Ok(WorkspaceEvent::LibraryChanged) => app.inner.tell(&AppEvent::LibraryChanged),
                    Ok(WorkspaceEvent::MembersChanged(_) | WorkspaceEvent::Left(_)) => {
                        app.inner.tell(&AppEvent::LibraryChanged);
                        app.tell_sync();
                    }
                    Ok(WorkspaceEvent::Asked(request)) => {
                        app.inner.tell(&AppEvent::Asked { request: app.request_view(request) });
                        app.tell_sync();
                    }
                    Ok(WorkspaceEvent::Forked { space, device }) => {
                        tracing::warn!(%space, device = %device.short(), "a device has two logs: was a backup restored there?");
                        app.tell_forked(space, device);
                        app.tell_sync();
                    }
                    Ok(WorkspaceEvent::Refused(change)) => tracing::warn!(?change, "a change was refused"),
                    Err(RecvTimeoutError::Timeout) => {
                        app.look_at(None);
                        if std::mem::take(&mut written) {
                            app.tell_sync();
                        }
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
    }

    /// Tells that a device has two logs.
    fn tell_forked(&self, space: SpaceId, device: DeviceId) {
        let circle = self.inner.workspace.circle(space).ok();
        let known = circle.as_ref().and_then(|circle| circle.log.state().devices.get(&device));
        let device_name = known.map_or_else(|| device.short(), |device| device.name.clone());
        let event = AppEvent::Forked { space: space.to_string(), space_name: self.space_name(space), device_name };
        self.inner.tell(&event);
    }

    /// Takes in what others changed in an open score (or in all), and tells whoever shows it.
    fn look_at(&self, only: Option<ScoreId>) {
        let open: Vec<_> = lock(&self.inner.open).iter().map(|(id, open)| (*id, Arc::clone(open))).collect();
        // A person's own edit of an open score comes by here too; that the library need not be read again for.
        let mut listed = only.is_some_and(|only| open.iter().all(|(id, _)| *id != only));
        for (id, open) in open.into_iter().filter(|(id, _)| only.is_none_or(|only| only == *id)) {
            match lock(&open).take_in() {
                Ok(true) => {
                    listed = true;
                    self.inner.tell(&AppEvent::ScoreChanged { id: id.to_string() });
                }
                Ok(false) => {}
                Err(error) => tracing::warn!(score = %id, %error, "what others changed could not be taken in"),
            }
        }
        if listed {
            self.inner.tell(&AppEvent::LibraryChanged);
        }
    }

    /// Opens the network in the background. Where that fails this device stays offline and says so.
    pub(super) fn go_online(&self) {
        let weak = Arc::downgrade(&self.inner);
        spawn("going online", move || {
            let Some(app) = handle(&weak) else { return };
            if let Err(error) = app.serve() {
                tracing::warn!(%error, "the network could not be opened");
                app.tell_sync();
            }
        });
    }

    /// Passes on what happens on the network as long as it is open.
    pub(super) fn listen_to_network(&self) {
        let Some(mut events) = self.inner.band.events() else { return };
        let weak = Arc::downgrade(&self.inner);
        spawn("network", move || {
            loop {
                let event = events.blocking_recv();
                let Some(app) = handle(&weak) else { return };
                match event {
                    Ok(NodeEvent::UpToDate { device, .. }) => app.inner.band.saw(device),
                    Ok(_) | Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
                app.tell_sync();
            }
        });
    }

    /// Tells how this device stands with the others.
    pub(super) fn tell_sync(&self) {
        self.inner.tell(&AppEvent::Sync { status: self.sync_status() });
    }

    /// Tells where playing is, until it ends.
    pub(super) fn follow_playing(&self) {
        if self.inner.following.swap(true, Ordering::AcqRel) {
            return;
        }
        let weak = Arc::downgrade(&self.inner);
        spawn("cursor", move || {
            loop {
                thread::sleep(FRAME);
                let Some(app) = handle(&weak) else { return };
                let on = app.inner.playing.is_on();
                if !on {
                    app.inner.following.store(false, Ordering::Release);
                }
                app.inner.tell(&AppEvent::Playback { playback: app.playback() });
                if !on {
                    return;
                }
            }
        });
    }
}

/// The application, as long as somebody else holds it too.
fn handle(weak: &Weak<Inner>) -> Option<App> {
    weak.upgrade().map(|inner| App { inner })
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!(%error, name, "the system gives no thread");
    }
}
