//! Killed at any moment, with signal 9: no acknowledged edit is missing afterwards, and the data opens.
//!
//! `BANDPRO_KILLS=1000` makes it longer, `BANDPRO_SEED` repeats a run that failed.

use std::collections::BTreeSet;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bandpro_tests::{Laptop, demo};

/// Random enough to choose moments and notes (Marsaglia's xorshift).
struct Chance(u64);

impl Chance {
    fn seeded() -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_nanos() as u64);
        let seed = std::env::var("BANDPRO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(now | 1);
        eprintln!("BANDPRO_SEED={seed}");
        Self(seed)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn kills() -> usize {
    std::env::var("BANDPRO_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(100)
}

/// Starts `bandpro` and kills it after a while; whether it had said that it was done before.
fn run_and_kill(laptop: &Laptop, arguments: &[&str], after: Duration) -> bool {
    let mut process = laptop.command(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("bandpro starts");
    sleep(after);
    process.kill().expect("it is our own");
    let status = process.wait().expect("it ended");
    assert!(status.success() || status.code().is_none(), "it failed by itself: {status}");
    status.success()
}

/// How long a run takes when nobody kills it.
fn usual_time(mut run: impl FnMut()) -> Duration {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    times.max().unwrap_or_default()
}

/// The written pitches of all notes, with the measure and the number in it that `goto` finds each by.
fn notes(laptop: &Laptop, score: &str) -> Vec<(usize, usize, String)> {
    let mut found: Vec<(usize, usize, String)> = Vec::new();
    for event in laptop.events(score) {
        let measure = event["measure"].as_u64().expect("a measure") as usize + 1;
        let number = found.iter().filter(|(other, _, _)| *other == measure).count() + 1;
        found.push((measure, number, event["pitch"].as_str().expect("a pitch").to_owned()));
    }
    found
}

#[test]
fn acknowledged_edits_survive() {
    let mut chance = Chance::seeded();
    let (laptop, score) = Laptop::with(&demo("amazing-grace.musicxml"));
    let usual = usual_time(|| drop(laptop.run(["edit", &score, "goto 1 1 1; pitch D4; pitch E4; pitch D4"]).ok()));
    let mut known = notes(&laptop, &score);
    // Tied notes change their pitch together; each of the others alone.
    let free: Vec<usize> = laptop.events(&score).iter().enumerate().filter(|(_, event)| event["tie"] == "").map(|(at, _)| at).collect();
    let (mut done, mut killed) = (0, 0);
    for round in 0..kills() {
        let chosen = free[chance.below(free.len() as u64) as usize];
        let (measure, number, before) = known[chosen].clone();
        let steps: Vec<String> =
            (0..3).map(|_| format!("{}#{}", ["C", "D", "F", "G", "A"][chance.below(5) as usize], 3 + chance.below(3))).collect();
        let script = format!("goto 1 {measure} {number}; pitch {}; pitch {}; pitch {}", steps[0], steps[1], steps[2]);
        let after = usual.mul_f64(chance.below(2000) as f64 / 1000.0);
        let acknowledged = run_and_kill(&laptop, &["edit", &score, &script], after);

        let found = notes(&laptop, &score);
        let now = &found[chosen].2;
        if acknowledged {
            done += 1;
            assert_eq!(*now, steps[2], "round {round}: an acknowledged edit is missing ({script})");
        } else {
            killed += 1;
            assert!(*now == before || steps.contains(now), "round {round}: {now} was never written ({script}, before {before})");
        }
        known[chosen].2.clone_from(now);
        assert_eq!(found, known, "round {round}: another note has changed");
    }
    eprintln!("{done} edits done, {killed} killed on the way");
    assert!(killed > 0, "none was killed in time: the test shows nothing");
}

#[test]
fn an_import_is_there_whole_or_not_at_all() {
    let mut chance = Chance::seeded();
    let laptop = Laptop::new();
    let file = demo("late-train-home.musicxml");
    let file = file.to_str().expect("a plain path");
    let usual = usual_time(|| drop(laptop.import(&demo("late-train-home.musicxml"))));
    let ids = || -> BTreeSet<String> {
        let listed = laptop.run(["list"]).ok().stdout;
        listed.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
    };
    let mut known = ids();
    let whole = laptop.events(known.first().expect("a score"));
    for round in 0..kills() / 5 {
        let after = usual.mul_f64(chance.below(2000) as f64 / 1000.0);
        let acknowledged = run_and_kill(&laptop, &["import", file], after);
        let now = ids();
        assert!(now.is_superset(&known), "round {round}: a score is gone");
        let new: Vec<&String> = now.difference(&known).collect();
        assert!(
            new.len() == 1 || (new.is_empty() && !acknowledged),
            "round {round}: {} new scores, acknowledged: {acknowledged}",
            new.len()
        );
        for id in new {
            assert_eq!(laptop.events(id), whole, "round {round}: half a score is in the library");
        }
        known = now;
    }
}
