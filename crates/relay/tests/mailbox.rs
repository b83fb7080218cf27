//! The mailbox over the network, with friends: what one pushes the other pulls, whatever happens in between.

mod common;

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bandpro_sync::mailbox::{FromMailbox, RelayPass, ToMailbox};
use common::{Device, PATIENCE, Running};

#[tokio::test(flavor = "multi_thread")]
async fn what_one_pushes_the_other_pulls_or_hears_of() {
    let running = Running::with(|_| {}).await;
    let (mut ann, ben) = (Device::new(1).await, Device::new(2).await);
    let roster = ann.roster(1, &[ann.id()], &[ann.id(), ben.id()]);
    let (mut at_ann, held) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    assert!(held.known.is_empty());
    let (one, two) = (ann.write(b"one"), ann.write(b"two"));
    assert_eq!(at_ann.push(vec![one.clone(), two.clone()]).await.stored, 2);
    let (mut at_ben, held) = ben.enter(&running.pass, None, Vec::new()).await;
    assert_eq!(held.known, [(ann.id(), 2)]);
    assert_eq!(at_ben.pull(Vec::new()).await, [one, two]);
    // And while both are there.
    let three = ann.write(b"three");
    at_ann.push(vec![three.clone()]).await;
    assert_eq!(at_ben.hear().await, Some(FromMailbox::Entries(vec![three])));
    // Nobody is sent what they have.
    let (mut again, _) = ben.enter(&running.pass, None, vec![(ann.id(), 3)]).await;
    assert_eq!(again.hear().await, Some(FromMailbox::UpToDate));
    running.relay.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_metrics_are_shown() {
    let running = Running::with(|_| {}).await;
    let mut ann = Device::new(1).await;
    let roster = ann.roster(1, &[ann.id()], &[ann.id()]);
    let (mut at_ann, _) = ann.enter(&running.pass, Some(roster), Vec::new()).await;
    let one = ann.write(b"one");
    at_ann.push(vec![one]).await;
    let at = running.relay.status_at().expect("it is shown");
    let get = move |path: &'static str| {
        tokio::task::spawn_blocking(move || {
            use std::io::Write;
            let mut stream = std::net::TcpStream::connect(at).expect("it listens");
            write!(stream, "GET {path} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n\r\n").expect("it takes a request");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("it answers");
            answer
        })
    };
    let health = get("/healthz").await.unwrap();
    assert!(health.starts_with("HTTP/1.1 200") && health.ends_with("ok\n"), "{health}");
    let metrics = get("/metrics").await.unwrap();
    for line in ["bandpro_mailbox_stored_total 1", "bandpro_mailbox_connections 1", "bandpro_kept_envelopes 1", "bandpro_bands 1"] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(get("/other").await.unwrap().starts_with("HTTP/1.1 404"));
    let token = running.pass.token.to_text();
    assert!(!metrics.contains(&token) && !metrics.contains(&ann.id().short()), "nobody is named");
}

/// A process that ends when this is dropped, as by a power cut.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The binary, as whoever runs a relay starts it.
struct Process {
    process: Killed,
    pass: RelayPass,
}

impl Process {
    fn start(folder: &std::path::Path, mailbox_port: u16) -> Self {
        let config = folder.join("relay.toml");
        let text = format!(
            "[forward]\nenabled = false\n[status]\nenabled = false\n[mailbox]\nlisten = \"127.0.0.1:{mailbox_port}\"\n[log]\nformat = \"json\""
        );
        std::fs::write(&config, text).expect("the configuration is written");
        let command = |arguments: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_bandpro-relay"));
            command.args(arguments).arg("--config").arg(&config).arg("--data").arg(folder.join("data")).stdout(Stdio::piped());
            command
        };
        let process = Killed(command(&["local"]).stderr(Stdio::null()).spawn().expect("the relay starts"));
        let start = Instant::now();
        // It prints its pass when it listens; the same pass is made here again and again without disturbing it.
        loop {
            let made = command(&["pass", "new", "again"]).output().expect("it runs");
            let text = String::from_utf8_lossy(&made.stdout).into_owned();
            if let Ok(pass) = text.trim().parse() {
                return Self { process, pass };
            }
            assert!(start.elapsed() < PATIENCE, "no pass: {}", String::from_utf8_lossy(&made.stderr));
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

fn free_port() -> u16 {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    socket.local_addr().expect("its number").port()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_power_cut() {
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let relay = Process::start(folder.path(), port);
    let pass = relay.pass.clone();
    let mut ann = Device::new(1).await;
    let roster = ann.roster(1, &[ann.id()], &[ann.id()]);
    let (mut at_ann, _) = ann.enter(&pass, Some(roster), Vec::new()).await;
    let mut pushed = Vec::new();
    for number in 0..20_u8 {
        let envelope = ann.write(&[number; 1000]);
        pushed.push(envelope.clone());
        assert_eq!(at_ann.push(vec![envelope]).await.stored, 1);
    }
    // Killed without a word, with one more under way.
    let last = ann.write(b"under way");
    at_ann.say(&ToMailbox::Push(vec![last.clone()])).await;
    drop(relay);
    let relay = Process::start(folder.path(), port);
    let again = Device::new(1).await;
    let (mut at_ann, held) = again.enter(&pass, None, Vec::new()).await;
    assert!(held.known == [(ann.id(), 20)] || held.known == [(ann.id(), 21)], "{:?}", held.known);
    assert_eq!(at_ann.pull(Vec::new()).await[..20], pushed);
    drop(relay);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn when_it_is_stopped_it_ends_what_is_under_way_and_well() {
    let folder = tempfile::tempdir().unwrap();
    let mut relay = Process::start(folder.path(), free_port());
    let mut ann = Device::new(1).await;
    let roster = ann.roster(1, &[ann.id()], &[ann.id()]);
    let (mut at_ann, _) = ann.enter(&relay.pass, Some(roster), Vec::new()).await;
    let one = ann.write(b"one");
    at_ann.push(vec![one]).await;
    let asked = Command::new("kill").arg(relay.process.0.id().to_string()).status().unwrap();
    assert!(asked.success());
    assert!(at_ann.is_closed().await, "those who are there are told");
    let ended = tokio::task::spawn_blocking(move || relay.process.0.wait()).await.unwrap().unwrap();
    assert!(ended.success(), "{ended:?}");
}
