//! What goes from one device to another, on one machine over the loopback network.

use std::path::Path;
use std::time::{Duration, Instant};

use bandpro_notation::edit;
use bandpro_sync::{Invitation, Node, NodeOptions, OpenScore, Options, ScoreId, Workspace};

use crate::notation::notes_to_edit;
use crate::{ORCHESTRA, Times, corpus_score, row, time};

struct Device {
    workspace: Workspace,
    node: Node,
}

async fn device(folder: &Path, name: &str) -> Device {
    let options = Options { device_name: name.into(), ..Options::default() };
    let workspace = Workspace::open(folder, options).expect("the folder can be opened");
    let bind = Some("127.0.0.1:0".parse().expect("an address"));
    let node = Node::start(workspace.clone(), NodeOptions { bind, ..NodeOptions::default() }).await.expect("the network opens");
    Device { workspace, node }
}

/// Waits until the other device's edit is in the score; `None` if it doesn't come within some seconds.
fn applied(open: &mut OpenScore, news: &std::sync::mpsc::Receiver<bandpro_sync::WorkspaceEvent>) -> Option<Instant> {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if !open.poll_remote().expect("the edits can be read").is_empty() {
            return Some(Instant::now());
        }
        let _ = news.recv_timeout(Duration::from_millis(200));
    }
    None
}

/// One device edits, and the other one takes the edits in, one by one.
fn edits_that_arrive(here: &Workspace, there: &Workspace, id: ScoreId) -> Times {
    let mut mine = here.open_score(id).expect("the score opens");
    let mut theirs = there.open_score(id).expect("the score has arrived");
    mine.warm().and_then(|()| theirs.warm()).expect("the documents load");
    let news = there.events();
    let mut times = Times::default();
    for note in notes_to_edit(mine.score(), 200) {
        let edit = edit::move_diatonic(mine.score(), note, 1).expect("a note can be moved");
        let start = Instant::now();
        mine.commit(&edit).expect("the edit is stored");
        match applied(&mut theirs, &news) {
            Some(end) => times.add(end - start),
            None => bandpro_tests::skipped("an edit did not arrive within 5 s"),
        }
    }
    times
}

pub fn sync() {
    let Some(score) = corpus_score(ORCHESTRA) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let (one, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (here, there) = runtime.block_on(async {
        let (here, there) = (device(one.path(), "here").await, device(other.path(), "there").await);
        here.node.serve();
        (here, there)
    });
    let id = here.workspace.import_score(here.workspace.own_space(), &score).expect("the score is stored");
    let space = here.workspace.own_space();
    let ((), joined) = time(|| {
        runtime.block_on(async {
            let ticket = here.node.share(space, Invitation::default()).await.expect("a ticket");
            there.node.join(&ticket).await.expect("the ticket is good");
        });
    });
    row("join", joined.as_secs_f64() * 1e3, "ms", "ticket to score stored on the other device, loopback");
    runtime.block_on(async { there.node.serve() });
    let connected = Instant::now() + Duration::from_secs(20);
    while there.node.connected().is_empty() && Instant::now() < connected {
        std::thread::sleep(Duration::from_millis(20));
    }
    let mut times = edits_that_arrive(&here.workspace, &there.workspace, id);
    row("sync-p50", times.percentile(0.5), "ms", "200 edits, both ends durable, loopback");
    row("sync-p95", times.percentile(0.95), "ms", "200 edits, both ends durable, loopback");
    catch_up(&runtime, (&here, &there), id);
    runtime.block_on(async { tokio::join!(here.node.shutdown(), there.node.shutdown()) });
}

/// One device has been away for 10,000 changes of the other.
fn catch_up(runtime: &tokio::runtime::Runtime, (here, there): (&Device, &Device), id: ScoreId) {
    const CHANGES: usize = 10_000;
    runtime.block_on(there.node.shutdown());
    let mut mine = here.workspace.open_score(id).expect("the score opens");
    let notes = notes_to_edit(mine.score(), 500);
    for (index, note) in notes.iter().cycle().take(CHANGES).enumerate() {
        let steps = if (index / notes.len()).is_multiple_of(2) { 1 } else { -1 };
        let edit = edit::move_diatonic(mine.score(), *note, steps).expect("a note can be moved");
        mine.commit(&edit).expect("the edit is stored");
    }
    let bind = Some("127.0.0.1:0".parse().expect("an address"));
    let options = NodeOptions { bind, ..NodeOptions::default() };
    let back = runtime.block_on(Node::start(there.workspace.clone(), options)).expect("the network opens");
    let mut theirs = there.workspace.open_score(id).expect("the score opens");
    let (taken, took) = time(|| {
        runtime.block_on(back.sync_once(here.workspace.own_space())).expect("the devices talk");
        theirs.poll_remote().expect("the edits can be read").len()
    });
    let same = theirs.score() == mine.score();
    row(
        "catch-up",
        took.as_secs_f64() * 1e3,
        "ms",
        &format!("{CHANGES} changes in {taken} steps; the scores are {}", if same { "equal" } else { "NOT equal" }),
    );
    runtime.block_on(back.shutdown());
}
