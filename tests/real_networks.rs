//! Real processes in real networks: `bandpro` and `bandpro-relay` in network namespaces of their own, where packets are dropped,
//! cables pulled and addresses changed. Where namespaces cannot be made these are skipped with a line that says so.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use bandpro_tests::{Laptop, Network, Serving, binary, demo, ticket, until};
use tempfile::TempDir;

fn bandpro_relay() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| binary("bandpro-relay", "bandpro-relay", "BANDPRO_RELAY_BIN")).clone()
}

/// A relay on a host of a network.
struct Relay {
    serving: Serving,
    pass: String,
    _folder: TempDir,
}

impl Relay {
    fn start(network: &Network, host: &str, roles: &str) -> Self {
        let folder = TempDir::with_prefix("bandpro-relay-").expect("a temporary folder");
        let config = folder.path().join("relay.toml");
        let text = format!("data = {:?}\n{roles}\n", folder.path().join("data").display().to_string());
        std::fs::write(&config, text).expect("the file is written");
        let command = |arguments: &[&str]| -> Command {
            let mut command = network.command(host, &bandpro_relay().display().to_string());
            command.args(arguments).arg("--config").arg(&config);
            command
        };
        let serving = Serving::of(command(&["serve"]));
        let mut pass = String::new();
        until("the relay makes passes", || {
            let run = command(&["pass", "new", "The Quartet"]).output().expect("it runs");
            pass = String::from_utf8_lossy(&run.stdout).trim().to_owned();
            run.status.success()
        });
        Self { serving, pass, _folder: folder }
    }
}

const FORWARD_ONLY: &str = "[mailbox]\nenabled = false";
const MAILBOX_ONLY: &str = "[forward]\nenabled = false";

fn edit(laptop: &Laptop, score: &str, script: &str) {
    laptop.run(["edit", score, script]).ok();
}

/// Two laptops on a network with the same score, apart from each other.
fn two_on(network: &Network) -> (Laptop, Laptop, String) {
    let (ann, ben) = (Laptop::on(network, "ann"), Laptop::on(network, "ben"));
    let score = joined(&ann, &ben);
    (ann, ben, score)
}

/// One shares a score, and the other joins.
fn joined(ann: &Laptop, ben: &Laptop) -> String {
    let score = ann.import(&demo("amazing-grace.musicxml"));
    let ticket = ticket(ann, &score);
    let serving = Serving::start(ann);
    ben.run(["join", &ticket]).ok();
    drop(serving);
    assert_eq!(ann.events(&score), ben.events(&score), "joining by ticket fetches the score");
    score
}

#[track_caller]
fn agree(one: &Laptop, other: &Laptop, score: &str) {
    until("both have the same notes", || one.events(score) == other.events(score));
}

#[test]
fn laptops_in_one_network_find_each_other_wherever_they_were_before() {
    let Some(network) = Network::new(&["ann", "ben"]) else { return };
    let (ann, ben, score) = two_on(&network);
    // Neither is where the other one remembers it.
    network.move_to("ann", "10.77.0.101");
    network.move_to("ben", "10.77.0.102");
    edit(&ann, &score, "goto 1 2 1; pitch C5");
    edit(&ben, &score, "goto 1 3 1; pitch D5");
    let (at_ann, at_ben) = (Serving::start(&ann), Serving::start(&ben));
    at_ann.until(|said| said["link"] == "near");
    at_ben.until(|said| said["link"] == "near");
    agree(&ann, &ben, &score);
    assert_eq!((ben.pitch(&score, 1, 2, 1), ann.pitch(&score, 1, 3, 1)), ("C5".to_owned(), "D5".to_owned()));
}

#[test]
fn one_who_does_not_want_to_be_found_is_not() {
    let Some(network) = Network::new(&["ann", "ben"]) else { return };
    let (ann, ben, score) = two_on(&network);
    network.move_to("ann", "10.77.0.101");
    network.move_to("ben", "10.77.0.102");
    for laptop in [&ann, &ben] {
        laptop.run(["band", "discovery", "off"]).ok();
    }
    edit(&ann, &score, "goto 1 2 1; pitch C5");
    let (_at_ann, at_ben) = (Serving::start(&ann), Serving::start(&ben));
    let said = at_ben.until(|said| said["link"] == "away" && said["detail"].as_str().is_some_and(|detail| detail.contains("answer")));
    assert!(said["lackingThere"].is_u64(), "{said}");
    assert_ne!(ann.events(&score), ben.events(&score));
}

#[test]
fn laptops_that_cannot_reach_one_another_meet_by_way_of_their_relay() {
    let Some(network) = Network::new(&["ann", "ben", "relay"]) else { return };
    // Whatever is said over UDP between the two is lost; each reaches the relay.
    network.filter("ann", "input", "ip saddr 10.77.0.2 meta l4proto udp drop");
    network.filter("ben", "input", "ip saddr 10.77.0.1 meta l4proto udp drop");
    let relay = Relay::start(&network, "relay", FORWARD_ONLY);
    let (ann, ben) = (Laptop::on(&network, "ann"), Laptop::on(&network, "ben"));
    ann.run(["band", "relay", "add", &relay.pass]).ok();
    let score = ann.import(&demo("amazing-grace.musicxml"));
    let at_ann = Serving::start(&ann);
    let ticket = ticket(&ann, &score);
    until("the one who joins gets through", || ben.run(["join", &ticket]).code == Some(0));
    assert_eq!(ann.events(&score), ben.events(&score), "joining by way of the relay fetches the score");
    let at_ben = Serving::start(&ben);
    at_ben.until(|said| said["link"] == "relayed");
    edit(&ann, &score, "goto 1 2 1; pitch C5");
    agree(&ann, &ben, &score);
    drop((at_ann, at_ben));
    assert!(relay.serving.stop(), "the relay stops when it is asked to");
}

#[test]
fn members_who_are_never_online_together_meet_in_the_mailbox() {
    let Some(network) = Network::new(&["ann", "ben", "relay"]) else { return };
    let relay = Relay::start(&network, "relay", MAILBOX_ONLY);
    let (ann, ben) = (Laptop::on(&network, "ann"), Laptop::on(&network, "ben"));
    // The one who joins learns of the relay by the ticket.
    ann.run(["band", "relay", "add", &relay.pass]).ok();
    let score = joined(&ann, &ben);
    // The other one is away, so the run says that not everyone was reached; the mailbox was.
    edit(&ann, &score, "goto 1 2 1; pitch C5");
    ann.run(["sync", "--once"]);
    ben.run(["sync", "--once"]);
    assert_eq!(ben.pitch(&score, 1, 2, 1), "C5");
    edit(&ben, &score, "goto 1 3 1; pitch D5");
    ben.run(["sync", "--once"]);
    assert!(relay.serving.stop(), "the relay stops when it is asked to");
    assert_ne!(ann.events(&score), ben.events(&score), "without the relay nothing comes");
    assert!(!ann.run(["sync", "--once"]).stderr.contains("panicked at"));
}

/// A score of some size, as a file.
fn large_score(folder: &TempDir) -> PathBuf {
    let path = folder.path().join("large.musicxml");
    let mut text = String::from(
        "<?xml version=\"1.0\"?><score-partwise version=\"4.0\"><part-list><score-part id=\"P1\"><part-name>Piano</part-name></score-part></part-list><part id=\"P1\">",
    );
    let mut state = 12345_u32;
    for measure in 1..=1500 {
        text.push_str(&format!("<measure number=\"{measure}\">"));
        if measure == 1 {
            text.push_str("<attributes><divisions>2</divisions><time><beats>4</beats><beat-type>4</beat-type></time></attributes>");
        }
        for _ in 0..8 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (step, octave) = (["C", "D", "E", "F", "G", "A", "B"][(state >> 16) as usize % 7], 3 + (state >> 24) % 3);
            text.push_str(&format!(
                "<note><pitch><step>{step}</step><octave>{octave}</octave></pitch><duration>1</duration><type>eighth</type></note>"
            ));
        }
        text.push_str("</measure>");
    }
    text.push_str("</part></score-partwise>");
    std::fs::write(&path, text).expect("the file is written");
    path
}

/// Two laptops, of which one has a large score that the other has not; the one who has it sends slowly.
fn one_has_a_large_score(network: &Network) -> (Laptop, Laptop, String) {
    let (ann, ben, _) = two_on(network);
    let folder = TempDir::with_prefix("bandpro-large-").expect("a temporary folder");
    let score = ann.import(&large_score(&folder));
    network.filter("ann", "output", "meta l4proto udp limit rate over 60 kbytes/second burst 30 kbytes drop");
    (ann, ben, score)
}

/// Waits until the score is on its way to the other one, but not there.
fn under_way(network: &Network, host: &str, before: u64, there: &Laptop, score: &str) {
    until("some of it came", || network.received(host) > before + 40_000);
    assert_ne!(there.run(["events", score]).code, Some(0), "it is only on its way");
}

#[test]
fn a_transfer_that_is_cut_in_the_middle_ends_well() {
    let Some(network) = Network::new(&["ann", "ben"]) else { return };
    let (ann, ben, score) = one_has_a_large_score(&network);
    let before = network.received("ben");
    let (_at_ann, _at_ben) = (Serving::start(&ann), Serving::start(&ben));
    under_way(&network, "ben", before, &ben, &score);
    network.cable("ben", false);
    network.unfilter("ann");
    std::thread::sleep(std::time::Duration::from_secs(2));
    network.cable("ben", true);
    until("the score is there, whole", || ben.run(["events", &score]).code == Some(0));
    assert_eq!(ann.events(&score), ben.events(&score));
}

#[test]
fn a_laptop_that_loses_power_in_the_middle_loses_nothing() {
    let Some(network) = Network::new(&["ann", "ben"]) else { return };
    let (ann, ben, score) = one_has_a_large_score(&network);
    let before = network.received("ben");
    let (at_ann, at_ben) = (Serving::start(&ann), Serving::start(&ben));
    under_way(&network, "ben", before, &ben, &score);
    at_ben.kill();
    let before = network.received("ben");
    let at_ben = Serving::start(&ben);
    under_way(&network, "ben", before, &ben, &score);
    at_ann.kill();
    network.unfilter("ann");
    let _at_ann = Serving::start(&ann);
    until("the score is there, whole", || ben.run(["events", &score]).code == Some(0));
    assert_eq!(ann.events(&score), ben.events(&score));
    drop(at_ben);
}

#[test]
fn a_laptop_that_goes_to_another_address_is_found_again() {
    let Some(network) = Network::new(&["ann", "ben"]) else { return };
    let (ann, ben, score) = two_on(&network);
    let (_at_ann, at_ben) = (Serving::start(&ann), Serving::start(&ben));
    at_ben.until(|said| said["connected"] == true);
    network.move_to("ben", "10.77.0.142");
    edit(&ann, &score, "goto 1 2 1; pitch C5");
    agree(&ann, &ben, &score);
    network.move_to("ann", "10.77.0.141");
    edit(&ben, &score, "goto 1 3 1; pitch D5");
    agree(&ann, &ben, &score);
    assert_eq!(ann.pitch(&score, 1, 3, 1), "D5");
}
