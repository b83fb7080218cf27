//! Processes that go on until a test ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::Laptop;

/// How long a process may take to say something, or laptops to agree. Only a test that fails waits so long.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// A process that goes on until this is dropped, and what it says line by line.
pub struct Serving {
    process: Child,
    lines: Receiver<String>,
}

impl Serving {
    /// A laptop that stays reachable.
    #[track_caller]
    pub fn start(laptop: &Laptop) -> Self {
        let serving = Self::of(laptop.command(["serve", "--json"]));
        serving.lines.recv_timeout(PATIENCE).expect("serve says when it can be reached");
        serving
    }

    /// Any process.
    #[track_caller]
    pub fn of(mut command: Command) -> Self {
        let mut process = command.stdout(Stdio::piped()).spawn().expect("it starts");
        let stdout = process.stdout.take().expect("its output is piped");
        let (said, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = said.send(line);
            }
        });
        Self { process, lines }
    }

    /// Waits until it says something like this.
    #[track_caller]
    pub fn until(&self, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let start = Instant::now();
        let mut heard = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(start.elapsed())) {
            let value: Value = serde_json::from_str(&line).unwrap_or(Value::String(line));
            if wanted(&value) {
                return value;
            }
            heard.push(value);
        }
        panic!("it was not said; heard was {heard:#?}");
    }

    /// The next line.
    #[track_caller]
    pub fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it says something")
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to end, and waits until it has. Says whether it went well.
    #[cfg(unix)]
    pub fn stop(mut self) -> bool {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        asked.is_ok_and(|status| status.success()) && self.process.wait().is_ok_and(|status| status.success())
    }

    fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.end();
    }
}

/// Waits until something is so.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "it did not come to be that {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// An invitation to the space of a score.
#[track_caller]
pub fn ticket(laptop: &Laptop, score: &str) -> String {
    let ran = laptop.run(["share", score, "--no-wait"]).ok();
    let ticket = ran.stdout.split_whitespace().find(|word| word.starts_with("bandpro-"));
    ticket.unwrap_or_else(|| panic!("share printed no ticket: {}", ran.stdout)).to_owned()
}
