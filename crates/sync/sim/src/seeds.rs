//! Whole bands in memory, played from a seed: devices with real documents and real databases that are edited, cut off, crash at
//! any write, run out of disk, get old backups put back at the worst moment, and meet viewers, editors, owners and removed members who
//! write what they may not, or what they may in a way that is meant to tear the band apart.
//!
//! A [`world::World`] takes one random step after another and is checked as it goes ([`check`]): devices that hold the same
//! envelopes hold the same documents; what a device acknowledged is there; what is forbidden is nowhere. At the end everybody
//! meets, and then everybody must have the same. The same seed plays the same world: a failure names it.
//!
//! A thousand bands are played by default, in parts, so that all cores have some. `SIMULATOR_SEED` plays one chosen band and
//! tells its story; a failure tells its last 40 lines, or `SIMULATOR_DIARY` of them. `SIMULATOR_SEEDS` says how many are played, and `SIMULATOR_FIRST` from which on (`make simulate`).

mod check;
mod device;
mod dice;
#[path = "../../tests/merging/gestures.rs"]
mod gestures;
mod hostile;
mod mailbox;
mod members;
mod misgovern;
mod network;
mod play;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use play::play;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// How many bands each part of the normal run plays.
const PART: u64 = 125;

/// Plays seeds on so many cores and gives what broke, by seed.
fn play_all(first: u64, count: u64, cores: usize) -> Vec<String> {
    let next = AtomicU64::new(first);
    let broken = Mutex::new(Vec::new());
    let work = || loop {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= first + count || broken.lock().unwrap().len() >= 5 {
            return;
        }
        if let Err(error) = play(seed) {
            // At once: a long run may be broken off.
            println!("{error}");
            broken.lock().unwrap().push((seed, error));
        }
        if (seed - first) % 1000 == 999 {
            println!("{} of {count}", seed - first + 1);
        }
    };
    std::thread::scope(|scope| (0..cores).for_each(|_| drop(scope.spawn(work))));
    let mut broken = broken.into_inner().unwrap();
    broken.sort();
    broken.into_iter().map(|(_, error)| error).collect()
}

fn all_kept(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n\n"));
}

fn play_part(part: u64) {
    all_kept(&play_all(1 + PART * part, PART, 1));
}

#[test]
fn bands_keep_their_promises_1() {
    play_part(0);
}

#[test]
fn bands_keep_their_promises_2() {
    play_part(1);
}

#[test]
fn bands_keep_their_promises_3() {
    play_part(2);
}

#[test]
fn bands_keep_their_promises_4() {
    play_part(3);
}

#[test]
fn bands_keep_their_promises_5() {
    play_part(4);
}

#[test]
fn bands_keep_their_promises_6() {
    play_part(5);
}

#[test]
fn bands_keep_their_promises_7() {
    play_part(6);
}

#[test]
fn bands_keep_their_promises_8() {
    play_part(7);
}

#[test]
#[ignore = "plays what the environment asks for"]
fn chosen_bands_keep_their_promises() {
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let broken = match number("SIMULATOR_SEED") {
        Some(seed) => {
            let played = play(seed);
            if let Ok(played) = &played {
                println!("{}", played.diary.join("\n"));
            }
            played.err().into_iter().collect()
        }
        None => play_all(number("SIMULATOR_FIRST").unwrap_or(1), number("SIMULATOR_SEEDS").unwrap_or(1000), cores),
    };
    all_kept(&broken);
}

#[test]
fn a_seed_plays_the_same_world_again() {
    for seed in [3, 4, 17] {
        assert_eq!(play(seed), play(seed));
    }
}
