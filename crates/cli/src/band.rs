//! The other devices: inviting, joining, exchanging changes, staying reachable.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bandpro_app::texts::Arg;
use bandpro_app::{App, AppError, AppEvent, DeviceView, SyncView, TicketView};

use crate::arguments::RelayCommand;
use crate::output::{DONE, Failure, NOT_REACHED, Output};

/// How long an invitation made by a script keeps this device reachable.
const SCRIPT_WAIT: Duration = Duration::from_secs(30);
/// How often `serve` looks how it stands with the others.
const LOOK: Duration = Duration::from_millis(500);
/// How often `sync` looks for others again.
const AGAIN: Duration = Duration::from_secs(10);

/// How long `share` stays reachable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// Until it is interrupted.
    Interrupted,
    /// For a while.
    While(Duration),
    /// Not at all.
    No,
}

impl Wait {
    /// By the options; without them, a person's `share` stays until it is interrupted, a script's for a while.
    pub fn of(wait: bool, no_wait: bool) -> Self {
        match (wait, no_wait) {
            (_, true) => Self::No,
            (true, _) => Self::Interrupted,
            _ if std::io::stdout().is_terminal() => Self::Interrupted,
            _ => Self::While(SCRIPT_WAIT),
        }
    }
}

/// Prints an invitation, and stays reachable for whoever accepts it.
pub fn share(app: &App, output: &Output, id: Option<&str>, wait: Wait) -> Result<u8, Failure> {
    let ticket = app.share(id)?;
    show(app, output, &ticket, wait)
}

/// Prints a ticket, and stays reachable for whoever accepts it.
pub fn show(app: &App, output: &Output, ticket: &TicketView, wait: Wait) -> Result<u8, Failure> {
    output.result(&ticket.ticket, ticket)?;
    if wait != Wait::No {
        let key = if wait == Wait::Interrupted { "cli-share-waiting" } else { "cli-share-waiting-while" };
        output.note(&app.words().with(key, &[("seconds", Arg::Count(SCRIPT_WAIT.as_secs()))]));
        until_interrupted(if let Wait::While(time) = wait { Some(time) } else { None })?;
    }
    app.go_offline();
    Ok(DONE)
}

/// Accepts an invitation, fetches what is there, and lists it: id and title.
pub fn join(app: &App, output: &Output, ticket: &str) -> Result<u8, Failure> {
    let outcome = app.join(ticket);
    app.go_offline();
    let outcome = outcome?;
    if output.is_json() {
        output.result("", &outcome)?;
        return Ok(DONE);
    }
    output.note(&app.words().with("cli-joined", &[("space", Arg::Text(&outcome.space_name))]));
    for card in &outcome.scores {
        output.result(&format!("{}\t{}", card.id, crate::library::one_line(&card.title)), card)?;
    }
    Ok(DONE)
}

/// Exchanges changes with every device that can be reached; without `once`, again and again until it is interrupted.
pub fn sync(app: &App, output: &Output, once: bool) -> Result<u8, Failure> {
    loop {
        let code = exchange(app, output)?;
        if once || until_interrupted(Some(AGAIN))? {
            app.go_offline();
            return Ok(code);
        }
    }
}

fn exchange(app: &App, output: &Output) -> Result<u8, Failure> {
    let texts = app.words();
    let meetings = app.meet()?;
    let mut code = DONE;
    if meetings.is_empty() {
        let status = app.sync_status();
        output.result(&status.message, &status)?;
    }
    for meeting in meetings {
        let name = meeting.name.as_str();
        match meeting.result {
            Ok((received, sent)) => {
                let args = [("name", Arg::Text(name)), ("received", Arg::Count(received)), ("sent", Arg::Count(sent))];
                let value = serde_json::json!({ "device": name, "received": received, "sent": sent });
                output.result(&texts.with("cli-met", &args), &value)?;
            }
            Err(error) => {
                let mut view = AppError::from(error).view(&texts);
                view.place = Some(name.to_owned());
                view.message = format!("{name}: {}", view.message);
                output.error(&view);
                code = NOT_REACHED;
            }
        }
    }
    Ok(code)
}

/// Stays reachable until it is interrupted, and says how it stands with each other device whenever that changes.
pub fn serve(app: &App, output: &Output) -> Result<u8, Failure> {
    app.serve()?;
    let status = app.sync_status();
    let texts = app.words();
    output.result(&texts.text("cli-serving"), &status)?;
    output.note(&texts.with("cli-serving-firewall", &[("help", Arg::Text(&texts.text("firewall-help")))]));
    let events = app.events();
    let mut told: BTreeMap<String, DeviceView> = BTreeMap::new();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (done, told) = (&done, &mut told);
        let tell = scope.spawn(move || {
            let mut status = status;
            while !done.load(Ordering::Acquire) {
                tell_changes(output, told, &status)?;
                status = loop {
                    match events.recv_timeout(LOOK) {
                        Ok(AppEvent::Sync { status }) => break status,
                        Ok(_) => {}
                        // What is lacking changes without a word.
                        Err(_) => break app.sync_status(),
                    }
                };
            }
            Ok(())
        });
        let waited = until_interrupted(None);
        done.store(true, Ordering::Release);
        let told: Result<(), Failure> = tell.join().unwrap_or(Ok(()));
        waited.map(drop).and(told)
    })?;
    app.go_offline();
    Ok(DONE)
}

/// Says how this device stands with those others with whom that is another than before.
fn tell_changes(output: &Output, told: &mut BTreeMap<String, DeviceView>, status: &SyncView) -> Result<(), Failure> {
    for device in &status.devices {
        if told.get(&device.id) != Some(device) {
            output.result(&format!("{}\t{}", device.name, device.detail), device)?;
            told.insert(device.id.clone(), device.clone());
        }
    }
    Ok(())
}

/// Says which relays the spaces use, or changes that.
pub fn relays(app: &App, output: &Output, command: &RelayCommand) -> Result<u8, Failure> {
    let texts = app.words();
    match command {
        RelayCommand::Add { pass } => {
            let relay = app.add_relay(pass)?;
            output.result(&texts.with("cli-band-relay-added", &[("name", Arg::Text(&relay.name))]), &relay)?;
        }
        RelayCommand::List => {
            for relay in app.relays()? {
                let roles = [(relay.forwards, "cli-band-relay-forwards"), (relay.keeps, "cli-band-relay-keeps")];
                let roles: Vec<String> = roles.iter().filter(|(has, _)| *has).map(|(_, key)| texts.text(key)).collect();
                output.result(&format!("{}\t{}\t{}", relay.name, roles.join(", "), relay.spaces.join(", ")), &relay)?;
            }
        }
        RelayCommand::Remove { name } => {
            if !app.remove_relay(name)? {
                output.note(&texts.with("cli-band-relay-unknown", &[("name", Arg::Text(name))]));
                return Ok(NOT_REACHED);
            }
        }
    }
    Ok(DONE)
}

/// Says whether devices in the same network are looked for, or changes that.
pub fn discovery(app: &App, output: &Output, state: Option<&str>) -> Result<u8, Failure> {
    if let Some(state) = state {
        app.set_discovery(state == "on")?;
    }
    let on = app.discovery()?;
    let key = if on { "cli-band-discovery-on" } else { "cli-band-discovery-off" };
    output.result(&app.words().text(key), &serde_json::json!({ "discovery": on }))?;
    Ok(DONE)
}

/// Waits for Ctrl-C (or a polite end), at most this long. Says whether it was interrupted.
fn until_interrupted(at_most: Option<Duration>) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(async {
        match at_most {
            Some(time) => tokio::time::timeout(time, interrupted()).await.is_ok(),
            None => {
                interrupted().await;
                true
            }
        }
    }))
}

async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut end) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
