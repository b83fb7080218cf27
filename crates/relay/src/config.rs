//! The configuration file: what can be set, and what holds where nothing is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::RelayError;

/// The file with every key, its meaning and its default, commented out.
pub const COMMENTED: &str = include_str!("../relay.toml");

/// What can be set. The meaning of each key stands in [`COMMENTED`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Config {
    pub data: PathBuf,
    pub log: Log,
    pub status: Status,
    pub forward: Forward,
    pub mailbox: Mailbox,
    pub band: Band,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: an object a line.
    Json,
}

/// What is logged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

/// Health and metrics.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Status {
    pub enabled: bool,
    pub listen: SocketAddr,
}

/// The role that forwards packets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Forward {
    pub enabled: bool,
    pub listen: SocketAddr,
    pub url: String,
    pub certificate: PathBuf,
    pub key: PathBuf,
    pub behind_proxy: bool,
    pub address_port: u16,
    pub connections: usize,
    pub connections_per_band: usize,
    pub new_per_second: f64,
    pub new_at_once: u32,
    pub bytes_per_second: u32,
    pub bytes_at_once: u32,
}

/// The role that keeps envelopes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Mailbox {
    pub enabled: bool,
    pub listen: SocketAddr,
    pub addresses: Vec<SocketAddr>,
    pub connections: usize,
    pub connections_per_device: usize,
    pub connections_per_address: usize,
    pub new_per_second: f64,
    pub new_at_once: u32,
    pub bytes_in_memory: u32,
    pub patience_seconds: u64,
    pub drain_seconds: u64,
}

/// What a band may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(missing_docs, reason = "each key is documented in the file that a person edits")]
pub struct Band {
    pub max_bytes: u64,
    pub max_envelopes: u64,
    pub bytes_per_second: u32,
    pub bytes_at_once: u32,
    pub envelopes_per_second: u32,
    pub envelopes_at_once: u32,
    pub spaces: u32,
    pub keep_days: u32,
}

fn everywhere(port: u16) -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], port))
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: "/var/lib/bandpro-relay".into(),
            log: Log::default(),
            status: Status::default(),
            forward: Forward::default(),
            mailbox: Mailbox::default(),
            band: Band::default(),
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into(), format: LogFormat::Text }
    }
}

impl Default for Status {
    fn default() -> Self {
        Self { enabled: true, listen: SocketAddr::from(([127, 0, 0, 1], 7845)) }
    }
}

impl Default for Forward {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: everywhere(7843),
            url: String::new(),
            certificate: PathBuf::new(),
            key: PathBuf::new(),
            behind_proxy: false,
            address_port: 7842,
            connections: 5000,
            connections_per_band: 200,
            new_per_second: 5.0,
            new_at_once: 40,
            bytes_per_second: 2 << 20,
            bytes_at_once: 8 << 20,
        }
    }
}

impl Default for Mailbox {
    fn default() -> Self {
        Self {
            enabled: true,
            listen: everywhere(7844),
            addresses: Vec::new(),
            connections: 12_000,
            connections_per_device: 8,
            connections_per_address: 400,
            new_per_second: 10.0,
            new_at_once: 100,
            bytes_in_memory: 256 << 20,
            patience_seconds: 30,
            drain_seconds: 10,
        }
    }
}

impl Default for Band {
    fn default() -> Self {
        Self {
            max_bytes: 1 << 30,
            max_envelopes: 2_000_000,
            bytes_per_second: 8 << 20,
            bytes_at_once: 64 << 20,
            envelopes_per_second: 5000,
            envelopes_at_once: 20_000,
            spaces: 16,
            keep_days: 30,
        }
    }
}

impl Config {
    /// Reads a file; the defaults hold for what it does not set.
    pub fn read(path: &Path) -> Result<Self, RelayError> {
        let text = std::fs::read_to_string(path).map_err(|source| RelayError::File { path: path.to_owned(), source })?;
        let config: Self =
            toml::from_str(&text).map_err(|error| RelayError::Config { path: path.to_owned(), detail: error.to_string() })?;
        config.check().map_err(|detail| RelayError::Config { path: path.to_owned(), detail })?;
        Ok(config)
    }

    /// On this machine alone, with its data in this folder: to try it out.
    pub fn local(data: PathBuf) -> Self {
        let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let mut config = Self { data, ..Self::default() };
        config.forward.listen = here(config.forward.listen.port());
        config.mailbox.listen = here(config.mailbox.listen.port());
        config
    }

    /// What does not fit together.
    fn check(&self) -> Result<(), String> {
        let Self { forward, mailbox, .. } = self;
        if !forward.enabled && !mailbox.enabled {
            return Err("both roles are switched off: set [forward] enabled or [mailbox] enabled".into());
        }
        if (forward.certificate.as_os_str().is_empty()) != (forward.key.as_os_str().is_empty()) {
            return Err("[forward] certificate and key go together: set both or none".into());
        }
        if forward.behind_proxy && forward.url.is_empty() {
            return Err("[forward] behind_proxy needs the url that the proxy answers to".into());
        }
        if !(forward.new_per_second > 0.0 && mailbox.new_per_second > 0.0) {
            return Err("new_per_second must be more than 0".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commented file with every key taken in.
    fn uncommented() -> String {
        let is_key = |line: &str| line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        let line = |line: &str| if is_key(line) { line[1..].to_owned() } else { line.to_owned() };
        COMMENTED.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_commented_file_has_every_key_with_its_default() {
        let read: toml::Table = toml::from_str(&uncommented()).unwrap();
        let defaults = toml::Table::try_from(Config::default()).unwrap();
        assert_eq!(read, defaults);
        let as_it_is: Config = toml::from_str(COMMENTED).unwrap();
        assert_eq!(as_it_is, Config::default());
        assert_eq!(Config::default().check(), Ok(()));
    }

    #[test]
    fn a_comment_stands_above_every_key() {
        let lines: Vec<&str> = COMMENTED.lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.starts_with('#') && line.contains(" = ")) {
            let above = lines[..number].iter().rev().take_while(|line| line.starts_with('#')).any(|line| line.starts_with("# "));
            assert!(above, "line {}: {line}", number + 1);
        }
    }

    #[test]
    fn what_is_wrong_in_a_file_is_said_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.toml");
        for (text, word) in [
            ("[mailbox]\nlisten_on = 5", "listen_on"),
            ("[forward]\nlisten = \"nowhere\"", "line 2"),
            ("[forward]\nenabled = false\n[mailbox]\nenabled = false", "both roles"),
            ("[forward]\ncertificate = \"a.pem\"", "go together"),
            ("[forward]\nbehind_proxy = true", "url"),
            ("[mailbox]\nnew_per_second = 0.0", "new_per_second"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Config::read(&path).unwrap_err().to_string();
            assert!(error.contains(word) && error.contains("relay.toml"), "{error}");
        }
    }
}
