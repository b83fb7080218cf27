//! Playing a world from its seed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::check;
use crate::world::World;

/// How a world went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Played {
    /// What all devices came to, as one number.
    pub digest: u64,
    /// How many devices there were.
    pub devices: usize,
    /// What happened, a line each.
    pub diary: Vec<String>,
}

/// Seeds up to this one are played by every run of the tests.
const EVERY_RUN: u64 = 1000;

/// How many steps a world takes: most few, some many; in the long run some live very long.
fn steps(seed: u64) -> usize {
    match seed % 100 {
        0 if seed > EVERY_RUN => 6000,
        at if at % 25 == 0 => 600,
        at if at % 25 <= 3 => 250,
        _ if seed > EVERY_RUN => 150,
        _ => 90,
    }
}

/// Plays a world and looks at what must hold. A broken promise comes with the diary of the world.
pub fn play(seed: u64) -> Result<Played, String> {
    let mut diary = Vec::new();
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(seed)?;
        let went = go(&mut world, seed);
        diary = world.diary.lines().to_vec();
        went?;
        Ok(Played { digest: world.digest()?, devices: world.devices.len(), diary: diary.clone() })
    }));
    let told = |what: String| {
        let told = std::env::var("SIMULATOR_DIARY").ok().and_then(|lines| lines.parse().ok()).unwrap_or(40);
        let last = diary.len().saturating_sub(told);
        format!("seed {seed}: {what}\nplay it again: {}\nthe end of its diary:\n  {}", replay(seed), diary[last..].join("\n  "))
    };
    match played {
        Ok(played) => played.map_err(told),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            Err(told(format!("panic: {}", text.unwrap_or_default())))
        }
    }
}

fn go(world: &mut World, seed: u64) -> Result<(), String> {
    for step in 0..steps(seed) {
        world.step()?;
        if step % 40 == 39 {
            check::same_envelopes_same_documents(world)?;
        }
    }
    world.settle()
}

/// The command that plays a seed again.
pub fn replay(seed: u64) -> String {
    format!("SIMULATOR_SEED={seed} cargo test -p bandpro-sync-sim --test seeds chosen -- --ignored --nocapture")
}
