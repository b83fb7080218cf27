//! A laptop: a data folder of its own, and the real `bandpro` working on it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::places;

/// The path of the `bandpro` binary.
pub fn bandpro() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| places::binary("bandpro-cli", "bandpro", "BANDPRO_BIN"))
}

/// What a run of `bandpro` left.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; nothing where a signal ended it.
    pub code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Ran {
    /// Demands that it succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "bandpro failed\nstdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Demands that it failed as a program should: an exit code, a message for a person, no panic.
    #[track_caller]
    pub fn refused(self) -> Self {
        assert!(!self.stderr.contains("panicked at"), "it panicked: {}", self.stderr);
        assert!(matches!(self.code, Some(code) if code != 0), "it should have failed with a code, not {:?}: {}", self.code, self.stdout);
        assert!(!self.stderr.trim().is_empty(), "it failed without a word");
        self
    }

    /// What it printed, line by line, each a JSON value.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
    }
}

/// A laptop.
pub struct Laptop {
    folder: TempDir,
    /// The network namespace that it is in; none: this machine's own loopback.
    namespace: Option<String>,
}

impl Default for Laptop {
    fn default() -> Self {
        Self::new()
    }
}

impl Laptop {
    /// One with nothing on it.
    pub fn new() -> Self {
        Self { folder: TempDir::with_prefix("bandpro-test-").expect("a temporary folder"), namespace: None }
    }

    /// One that is a host of a network.
    pub fn on(network: &crate::Network, host: &str) -> Self {
        Self { namespace: Some(network.namespace(host)), ..Self::new() }
    }

    /// One that has imported this file, and the score's id.
    pub fn with(file: &Path) -> (Self, String) {
        let laptop = Self::new();
        let id = laptop.import(file);
        (laptop, id)
    }

    /// Its data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A place for files on it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// `bandpro --data … ARGUMENTS`, not yet started.
    pub fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = match &self.namespace {
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace]).arg(bandpro());
                command
            }
            None => {
                let mut command = Command::new(bandpro());
                // Tests stay on this machine.
                command.env("BANDPRO_LISTEN", "127.0.0.1").env("BANDPRO_KEY_STORE", "file");
                command
            }
        };
        command.arg("--data").arg(self.data()).args(["--language", "en"]).args(arguments).stdin(Stdio::null());
        command
    }

    /// Runs `bandpro`.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Ran {
        self.command(arguments).output().expect("bandpro starts").into()
    }

    /// Imports a file and gives back the score's id.
    #[track_caller]
    pub fn import(&self, file: &Path) -> String {
        let ran = self.run([OsStr::new("import"), file.as_os_str()]).ok();
        let line = ran.stdout.lines().next().unwrap_or_default();
        line.split_whitespace().next().unwrap_or_else(|| panic!("import printed no id: {:?}", ran.stdout)).to_owned()
    }

    /// The notes of a score, an object each.
    #[track_caller]
    pub fn events(&self, score: &str) -> Vec<Value> {
        self.run(["events", score]).ok().json_lines()
    }

    /// The written pitch of the `number`-th note of a measure of a part, all from 1.
    #[track_caller]
    pub fn pitch(&self, score: &str, part: usize, measure: usize, number: usize) -> String {
        let events = self.events(score);
        let here = |event: &&Value| event["part"] == part - 1 && event["measure"] == measure - 1;
        let event = events.iter().filter(here).nth(number - 1).unwrap_or_else(|| panic!("no note {number} in measure {measure}"));
        event["pitch"].as_str().unwrap_or_default().to_owned()
    }
}
