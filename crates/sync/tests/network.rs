//! Two and three devices over iroh on the loopback interface.

mod common;

use std::path::Path;
use std::time::Duration;

use bandpro_notation::model::Score;
use bandpro_sync::membership::Role;
use bandpro_sync::{Inviting, Node, NodeEvent, NodeOptions, Options, ScoreId, SpaceId, Ticket, Workspace};
use common::*;
use tempfile::TempDir;
use tokio::time::timeout;

/// Long enough for a machine that is busy with other things; nothing waits for it that goes well.
const LONG: Duration = Duration::from_secs(30);

struct Device {
    folder: TempDir,
    workspace: Workspace,
    node: Node,
}

async fn node(workspace: &Workspace) -> Node {
    let options = NodeOptions { bind: Some("127.0.0.1:0".parse().unwrap()), reach: Duration::from_secs(3), ..NodeOptions::default() };
    Node::start(workspace.clone(), options).await.unwrap()
}

fn open(folder: &Path, name: &str) -> Workspace {
    Workspace::open(folder, Options { device_name: name.into(), ..Options::default() }).unwrap()
}

impl Device {
    async fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let workspace = open(folder.path(), name);
        let node = node(&workspace).await;
        Self { folder, workspace, node }
    }

    fn content(&self) -> Vec<(ScoreId, Score)> {
        let mut ids: Vec<ScoreId> = self.workspace.scores().unwrap().into_iter().map(|entry| entry.id).collect();
        ids.sort();
        ids.into_iter().map(|id| (id, self.workspace.open_score(id).unwrap().score().clone())).collect()
    }

    async fn ticket(&self, space: SpaceId) -> Ticket {
        self.node.share(space, Inviting::default()).await.unwrap().to_string().parse().unwrap()
    }
}

/// Two devices that share a space with one score.
async fn pair() -> (Device, Device, SpaceId, ScoreId) {
    let (a, b) = (Device::new("Ann").await, Device::new("Ben").await);
    let space = a.workspace.create_space("Quartet").unwrap();
    let id = a.workspace.import_score(space, &score(4)).unwrap();
    a.node.serve();
    let ticket = a.ticket(space).await;
    assert_eq!(timeout(LONG, b.node.join(&ticket)).await.unwrap().unwrap(), space);
    (a, b, space, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_gets_what_is_there() {
    let (a, b, space, _) = pair().await;
    assert_eq!(a.content(), b.content());
    let joined = b.workspace.spaces().unwrap().into_iter().find(|other| other.id == space).unwrap();
    assert_eq!(joined.name, "Quartet");
    let names: Vec<String> = joined.devices.into_iter().map(|(_, name)| name).collect();
    assert!(names.contains(&"Ann".to_owned()) && names.contains(&"Ben".to_owned()), "{names:?}");
    assert_eq!(a.workspace.scores().unwrap()[0].title, b.workspace.scores().unwrap()[0].title);
}

/// Lets the first device make the second one's member an owner.
fn make_owner(by: &Device, whom: &Device, space: SpaceId) {
    let member = by.workspace.circle(space).unwrap().log.state().member_of(whom.workspace.device()).unwrap().0;
    by.workspace.set_role(space, member, Role::Owner).unwrap();
}

async fn edits_apart_then_sync(b_first: bool) {
    let (a, b, space, id) = pair().await;
    b.node.serve();
    make_owner(&a, &b, space);
    timeout(LONG, b.node.sync_once(space)).await.unwrap().unwrap();
    a.node.shutdown().await;
    b.node.shutdown().await;
    for (device, note, midi) in [(&a, 0, 50), (&b, 5, 60)] {
        let mut score = device.workspace.open_score(id).unwrap();
        let own = set_pitch(score.score(), note, midi);
        score.commit(&own).unwrap();
        let same = set_pitch(score.score(), 9, midi);
        score.commit(&same).unwrap();
    }
    assert_ne!(a.content(), b.content());
    // Back again, at other ports, so one of them has to find the other where it is now.
    let (first, second) = if b_first { (&b, &a) } else { (&a, &b) };
    let (served, caller) = (node(&second.workspace).await, node(&first.workspace).await);
    served.serve();
    caller.serve();
    let back = served.share(space, Inviting::default()).await.unwrap();
    timeout(LONG, caller.join(&back)).await.unwrap().unwrap();
    let outcomes = timeout(LONG, caller.sync_once(space)).await.unwrap().unwrap();
    assert!(outcomes[0].result.is_ok(), "{outcomes:?}");
    assert_eq!(a.content(), b.content());
    let merged = a.workspace.open_score(id).unwrap().score().clone();
    let mut ids: Vec<_> = merged.notes().keys().copied().collect();
    ids.sort();
    let (mut expected, nine) = (score(4), merged.note(ids[9]).unwrap().pitch);
    for (note, midi) in [(0, 50), (5, 60)] {
        set_pitch(&expected.clone(), note, midi).apply(&mut expected).unwrap();
        assert_eq!(merged.note(ids[note]), expected.note(ids[note]));
    }
    let either: Vec<_> = [50, 60]
        .into_iter()
        .map(|midi| {
            let mut one = score(4);
            set_pitch(&one.clone(), 9, midi).apply(&mut one).unwrap();
            one.note(ids[9]).unwrap().pitch
        })
        .collect();
    assert!(either.contains(&nine));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_made_apart_merge_when_the_first_calls() {
    edits_apart_then_sync(false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_made_apart_merge_when_the_second_calls() {
    edits_apart_then_sync(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_port_that_another_program_took_is_given_up_for_a_new_one() {
    let (a, b, space, _) = pair().await;
    let port: u16 = a.workspace.setting("network.port").unwrap().unwrap().parse().unwrap();
    a.node.shutdown().await;
    // Whether the old socket is still closing or this one has it: the port is not to be had.
    let _stranger = std::net::UdpSocket::bind(("127.0.0.1", port));
    let back = node(&a.workspace).await;
    back.serve();
    let ticket = back.share(space, Inviting::default()).await.unwrap();
    assert_eq!(timeout(LONG, b.node.join(&ticket)).await.unwrap().unwrap(), space);
    assert_ne!(a.workspace.setting("network.port").unwrap().unwrap(), port.to_string());
}

/// Waits until a score on a device has this title.
async fn title_comes(workspace: &Workspace, id: ScoreId, title: &str) {
    let seen = async {
        let mut score = workspace.open_score(id).unwrap();
        while score.score().header().title != title {
            score.poll_remote().unwrap();
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(LONG, seen).await.unwrap_or_else(|_| panic!("“{title}” did not come"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_reaches_whoever_is_connected() {
    let (a, b, space, id) = pair().await;
    b.node.serve();
    let connected = async {
        while !(a.node.connected().contains(&(space, b.workspace.device())) && b.node.connected().contains(&(space, a.workspace.device())))
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, connected).await.unwrap();
    a.workspace.rename_score(id, "From Ann").unwrap();
    title_comes(&b.workspace, id, "From Ann").await;
    b.workspace.rename_score(id, "From Ben").unwrap();
    title_comes(&a.workspace, id, "From Ben").await;
    // Another process of Ann's writes into the same folder.
    open(a.folder.path(), "Ann").rename_score(id, "From Ann's terminal").unwrap();
    title_comes(&b.workspace, id, "From Ann's terminal").await;
    // A new score comes too.
    let new = b.workspace.import_score(space, &score(2)).unwrap();
    let arrived = async {
        while a.workspace.score(new).is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(LONG, arrived).await.unwrap();
    assert_eq!(a.content(), b.content());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_third_device_joins_by_the_second_and_reaches_the_first_through_it() {
    let (a, b, space, id) = pair().await;
    b.node.serve();
    // Only owners let others in.
    let error = b.node.share(space, Inviting::default()).await.unwrap_err();
    assert_eq!(error.code(), "not-allowed");
    make_owner(&a, &b, space);
    timeout(LONG, b.node.sync_once(space)).await.unwrap().unwrap();
    let c = Device::new("Cem").await;
    let ticket = b.ticket(space).await;
    timeout(LONG, c.node.join(&ticket)).await.unwrap().unwrap();
    c.workspace.rename_score(id, "From Cem").unwrap();
    timeout(LONG, c.node.sync_once(space)).await.unwrap().unwrap();
    title_comes(&a.workspace, id, "From Cem").await;
    assert_eq!(a.content(), c.content());
    assert_eq!(a.workspace.refused().unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_was_not_invited_is_turned_away() {
    let a = Device::new("Ann").await;
    let space = a.workspace.create_space("Quartet").unwrap();
    a.workspace.import_score(space, &score(1)).unwrap();
    a.node.serve();
    let mut events = a.node.events();
    let good = a.ticket(space).await;
    let join = async |device: &Device, ticket: &Ticket| timeout(LONG, device.node.join(ticket)).await.unwrap();

    let b = Device::new("Ben").await;
    join(&b, &good).await.unwrap();
    join(&b, &good).await.unwrap();
    let c = Device::new("Cem").await;
    let error = join(&c, &good).await.unwrap_err();
    assert_eq!(error.code(), "turned-away", "a ticket is for one: {error}");
    let short = Inviting { valid: Duration::ZERO, ..Inviting::default() };
    let expired = a.node.share(space, short).await.unwrap();
    assert_eq!(join(&c, &expired).await.unwrap_err().code(), "expired-ticket");
    // The other's clock decides, whatever the ticket says.
    let mut forged = expired;
    forged.expires = u64::MAX;
    assert_eq!(join(&c, &forged).await.unwrap_err().code(), "turned-away");
    let mut elsewhere = good.clone();
    elsewhere.space = SpaceId([1; 16]);
    assert_eq!(join(&c, &elsewhere).await.unwrap_err().code(), "turned-away");
    assert!(c.workspace.scores().unwrap().is_empty());
    assert_eq!(c.workspace.spaces().unwrap().len(), 1);
    let turned_away = async {
        loop {
            if let NodeEvent::TurnedAway { device, .. } = events.recv().await.unwrap() {
                return device;
            }
        }
    };
    assert_eq!(timeout(LONG, turned_away).await.unwrap(), c.workspace.device());

    a.node.shutdown().await;
    assert_eq!(join(&c, &good).await.unwrap_err().code(), "unreachable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_history_is_caught_up_with() {
    let (a, b, space, id) = pair().await;
    let mut score = a.workspace.open_score(id).unwrap();
    for turn in 0..700_usize {
        let edit = set_pitch(score.score(), turn, (turn % 90) as u8);
        score.commit(&edit).unwrap();
    }
    let large = common::score(900);
    a.workspace.import_score(space, &large).unwrap();
    drop(score);
    let outcome = timeout(LONG, b.node.sync_once(space)).await.unwrap().unwrap().remove(0);
    let (received, _) = outcome.result.unwrap();
    assert!(received >= 690, "{received}");
    assert_eq!(a.content(), b.content());
}
