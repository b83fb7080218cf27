//! A process that is killed while it edits: what it acknowledged is there afterwards.

mod common;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Id, Measure, Score};
use bandpro_sync::{OpenScore, Options, ScoreId, Workspace};
use common::score;

const FOLDER: &str = "BANDPRO_CRASH_TEST_FOLDER";
const CHILD: &str = "the_child_edits_until_it_is_killed";

fn open(folder: &Path) -> Workspace {
    Workspace::open(folder, Options::default()).unwrap()
}

/// Appends a measure whose identifier says which edit it was.
fn append(number: u64, score: &mut OpenScore) {
    let after = score.score().measure_order().last().copied();
    let measure = Measure { number: number.to_string(), ..Measure::default() };
    let change = Change::InsertMeasure { id: Id::from_raw(number), measure, after };
    score.commit(&Edit::new(vec![change])).unwrap();
}

fn edits(score: &Score) -> Vec<u64> {
    let mut numbers: Vec<u64> = score.measure_order().iter().map(|id| id.raw()).filter(|raw| *raw < 1_000_000).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
#[ignore = "the child of the tests below"]
fn the_child_edits_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let workspace = open(Path::new(&folder));
    let id: ScoreId = workspace.scores().unwrap()[0].id;
    let mut score = workspace.open_score(id).unwrap();
    let mut next = edits(score.score()).last().map_or(1, |last| last + 1);
    loop {
        append(next, &mut score);
        let mut out = std::io::stdout().lock();
        writeln!(out, "stored {next}").unwrap();
        out.flush().unwrap();
        drop(out);
        next += 1;
        // Closing writes the caches: let the signal fall there too.
        if next.is_multiple_of(9) {
            drop(score);
            score = workspace.open_score(id).unwrap();
        }
    }
}

fn kill_at_random(rounds: u64) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = open(folder.path());
    let id = workspace.import_score(workspace.own_space(), &score(3)).unwrap();
    drop(workspace);
    let mut total = 0;
    for round in 0..rounds {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([CHILD, "--exact", "--ignored", "--nocapture", "--test-threads=1"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut stored = Vec::new();
        let mut take = |line: String| stored.extend(line.rsplit("stored ").next().and_then(|number| number.parse::<u64>().ok()));
        // It is under way once it has stored something.
        while let Some(Ok(line)) = lines.next() {
            let first = line.contains("stored ");
            take(line);
            if first {
                break;
            }
        }
        std::thread::sleep(Duration::from_micros((round * 7919) % 60_000));
        // SIGKILL on Unix.
        child.kill().unwrap();
        lines.map_while(Result::ok).for_each(take);
        child.wait().unwrap();
        assert!(!stored.is_empty(), "round {round}");

        let workspace = open(folder.path());
        let there = edits(workspace.open_score(id).unwrap().score());
        assert!(stored.iter().all(|number| there.contains(number)), "round {round}: {stored:?} are not all in {there:?}");
        assert_eq!(there, (1..=there.len() as u64).collect::<Vec<_>>(), "round {round}");
        assert_eq!(workspace.refused().unwrap(), []);
        total += stored.len();
    }
    assert!(total as u64 > rounds, "the processes were killed before they did anything: {total}");
    let workspace = open(folder.path());
    let shown = workspace.open_score(id).unwrap().score().clone();
    workspace.rebuild().unwrap();
    assert_eq!(*workspace.open_score(id).unwrap().score(), shown);
}

#[test]
fn what_was_acknowledged_survives_signal_9() {
    kill_at_random(20);
}

#[test]
#[ignore = "takes a minute: cargo test -p bandpro-sync --test crash -- --ignored hundred"]
fn what_was_acknowledged_survives_signal_9_a_hundred_times() {
    kill_at_random(100);
}
