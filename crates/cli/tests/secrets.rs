//! With the fullest log there is, no secret stands in it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A laptop whose commands log all they can, each into a file of its own.
struct Laptop {
    folder: TempDir,
}

impl Laptop {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bandpro"));
        command.args(["-v", "-v", "--data"]).arg(self.path("data")).args(arguments).stdin(Stdio::null());
        command
            .env("BANDPRO_LANGUAGE", "en")
            .env("BANDPRO_LISTEN", "127.0.0.1")
            .env("BANDPRO_KEY_STORE", "file")
            .env("BANDPRO_LOG", "trace")
            .env_remove("BANDPRO_DATA");
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        command.stderr(log).stdout(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", self.log().lines().last().unwrap_or_default());
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.path("log")).unwrap()).into_owned()
    }
}

/// The ways in which bytes are usually written.
fn written(bytes: &[u8]) -> Vec<String> {
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal = bytes[..8].iter().map(ToString::to_string).collect::<Vec<_>>();
    let base32 = |alphabet: &[u8; 32]| -> String {
        let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
        bits.chunks_exact(5).map(|five| char::from(alphabet[five.iter().fold(0, |sum, bit| sum * 2 + usize::from(*bit))])).collect()
    };
    vec![
        hex[..32].to_owned(),
        hex.to_uppercase()[..32].to_owned(),
        decimal.join(", "),
        decimal.join(","),
        base32(b"abcdefghijklmnopqrstuvwxyz234567")[..24].to_owned(),
        base32(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")[..24].to_owned(),
        base32(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ")[..24].to_owned(),
    ]
}

fn device_key(data: &Path) -> Vec<u8> {
    let key = fs::read(data.join("device.key")).unwrap();
    assert_eq!(key.len(), 32);
    key
}

#[test]
fn no_secret_stands_in_the_fullest_log() {
    let (ann, ben) = (Laptop::new(), Laptop::new());
    let score = ann.path("tune.musicxml");
    fs::write(&score, include_bytes!("../../../assets/demo/old-hundredth.musicxml")).unwrap();
    ann.run(&["import", score.to_str().unwrap()]);
    ann.run(&["band", "create", "Quartet"]);
    let mut waiting = ann.command(&["band", "invite", "Quartet", "--role", "owner"]).spawn().unwrap();
    let mut ticket = String::new();
    BufReader::new(waiting.stdout.take().unwrap()).read_line(&mut ticket).unwrap();
    let ticket = ticket.trim();
    assert!(ticket.starts_with("bandpro-"), "{ticket}");
    ben.run(&["band", "join", ticket]);
    waiting.kill().unwrap();
    waiting.wait().unwrap();
    let printed = ben.run(&["band", "recovery-key"]);
    let logs = [ann.log(), ben.log()].concat();
    // A log in which nothing stands proves nothing.
    for told in ["TRACE", "DEBUG", "iroh"] {
        assert!(logs.contains(told), "the log lacks {told}");
    }
    let mut secrets: Vec<String> = [&ann, &ben].iter().flat_map(|laptop| written(&device_key(&laptop.path("data")))).collect();
    secrets.extend([ticket.to_owned(), ticket.to_lowercase(), printed.clone(), printed.replace('-', "")]);
    for (number, secret) in secrets.iter().enumerate() {
        assert!(secret.len() > 15, "secret {number} is too short to be looked for");
        assert!(!logs.contains(secret.as_str()), "secret {number} stands in the log");
    }
}
