//! What goes from one device to another, on one machine over the loopback network.

use std::path::Path;
use std::time::{Duration, Instant};

use automerge::Automerge;
use automerge::sync::{self, SyncDoc};
use bandpro_notation::edit;
use bandpro_sync::document::{Document, session_actor};
use bandpro_sync::{Inviting, Node, NodeOptions, OpenScore, Options, ScoreId, Workspace};

use crate::notation::notes_to_edit;
use crate::{ORCHESTRA, Times, corpus_score, row, time};

const EDITS: usize = 200;

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
    for note in notes_to_edit(mine.score(), EDITS) {
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
            let ticket = here.node.share(space, Inviting::default()).await.expect("a ticket");
            there.node.join(&ticket).await.expect("the ticket is good");
        });
    });
    row("join", joined.as_secs_f64() * 1e3, "ms", "ticket to score stored on the other device, loopback");
    runtime.block_on(async { there.node.serve() });
    let connected = Instant::now() + Duration::from_secs(20);
    while there.node.connected().is_empty() && Instant::now() < connected {
        std::thread::sleep(Duration::from_millis(20));
    }
    let wire = there.node.received_bytes();
    let mut times = edits_that_arrive(&here.workspace, &there.workspace, id);
    let wire = (there.node.received_bytes() - wire) as f64 / EDITS as f64;
    row("sync-p50", times.percentile(0.5), "ms", "200 edits, both ends durable, loopback");
    row("sync-p95", times.percentile(0.95), "ms", "200 edits, both ends durable, loopback");
    row("wire-per-change", wire, "bytes", "UDP payload that came in, one edit at a time, all of QUIC included");
    plain_automerge(&score);
    catch_up(&runtime, (&here, &there), id, other.path());
    runtime.block_on(async { tokio::join!(here.node.shutdown(), there.node.shutdown()) });
}

/// The bytes of the files of a folder.
fn on_disk(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("the folder can be read");
    files.filter_map(|file| file.ok()?.metadata().ok()).map(|file| file.len()).sum()
}

/// The floor: the same edits between two Automerge documents in memory, by Automerge's own sync protocol; nothing is signed,
/// stored or sent over a network.
fn plain_automerge(score: &bandpro_notation::model::Score) {
    let mut score = score.clone();
    let actor = session_actor(bandpro_sync::DeviceId([1; 32]), 1);
    let (mut document, _) = Document::import(actor, &score).expect("the score fits");
    let saved = document.save();
    let load = || Automerge::load(&saved).expect("it can be read");
    let (mut here, mut there) = (load(), load());
    let (mut to_there, mut to_here) = (sync::State::new(), sync::State::new());
    let mut settle = |here: &mut Automerge, there: &mut Automerge| {
        let mut bytes = 0;
        loop {
            let (out, back) = (here.generate_sync_message(&mut to_there), there.generate_sync_message(&mut to_here));
            if out.is_none() && back.is_none() {
                return bytes;
            }
            if let Some(message) = out {
                bytes += message.clone().encode().len();
                there.receive_sync_message(&mut to_here, message).expect("it is taken");
            }
            if let Some(message) = back {
                bytes += message.clone().encode().len();
                here.receive_sync_message(&mut to_there, message).expect("it is taken");
            }
        }
    };
    settle(&mut here, &mut there);
    let (mut times, mut bytes) = (Times::default(), 0);
    for note in notes_to_edit(&score, EDITS) {
        let edit = edit::move_diatonic(&score, note, 1).expect("a note can be moved");
        edit.apply(&mut score).expect("the edit applies");
        let Some(change) = document.commit(&edit, 0).expect("the edit is written") else { continue };
        let (sent, took) = time(|| {
            here.apply_changes([change]).expect("it applies");
            settle(&mut here, &mut there)
        });
        bytes += sent;
        times.add(took);
    }
    let remark = "the same edits by plain automerge sync in memory: nothing signed, stored or sent";
    row("plain-sync-p50", times.percentile(0.5), "ms", remark);
    row("plain-sync-bytes", bytes as f64 / EDITS as f64, "bytes", "a change, both ways, in sync messages of plain automerge");
}

/// One device has been away for 10,000 changes of the other.
fn catch_up(runtime: &tokio::runtime::Runtime, (here, there): (&Device, &Device), id: ScoreId, folder: &Path) {
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
    let before = on_disk(folder);
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
    let grown = on_disk(folder).saturating_sub(before) as f64 / CHANGES as f64;
    row("disk-per-change", grown, "bytes", "growth of the data folder where they came in, write-ahead log included");
    runtime.block_on(back.shutdown());
}
