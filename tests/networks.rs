//! Networks of a test's own, made of the kernel's network namespaces: no packet leaves them.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::skipped;

/// A switch with hosts on it.
pub struct Network {
    name: String,
    hosts: Vec<String>,
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let run = Command::new("ip").args(arguments).output().map_err(|error| format!("ip cannot be run: {error}"))?;
    if run.status.success() { Ok(()) } else { Err(format!("ip {}: {}", arguments.join(" "), String::from_utf8_lossy(&run.stderr).trim())) }
}

#[track_caller]
fn must(arguments: &[&str]) {
    ip(arguments).unwrap_or_else(|error| panic!("{error}"));
}

impl Network {
    /// A switch with hosts of these names, at 10.77.0.1, 10.77.0.2 and so on; nothing, and a line that says so, where the system
    /// does not let us make one.
    pub fn new(hosts: &[&str]) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bp{}n{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let switch = format!("{name}-switch");
        if let Err(why) = ip(&["netns", "add", &switch]) {
            skipped(&format!("network namespaces need root here ({why})"));
            return None;
        }
        let mut network = Self { name, hosts: Vec::new() };
        must(&["-n", &switch, "link", "add", "bridge", "type", "bridge"]);
        must(&["-n", &switch, "link", "set", "bridge", "up"]);
        for (number, host) in hosts.iter().enumerate() {
            let namespace = network.namespace(host);
            must(&["netns", "add", &namespace]);
            network.hosts.push((*host).to_owned());
            let port = format!("port{number}");
            must(&["-n", &switch, "link", "add", &port, "type", "veth", "peer", "name", "eth0", "netns", &namespace]);
            must(&["-n", &switch, "link", "set", &port, "master", "bridge", "up"]);
            must(&["-n", &namespace, "link", "set", "lo", "up"]);
            network.plug(host, &format!("10.77.0.{}", number + 1));
        }
        Some(network)
    }

    /// The namespace of a host.
    pub fn namespace(&self, host: &str) -> String {
        format!("{}-{host}", self.name)
    }

    fn plug(&self, host: &str, address: &str) {
        let namespace = self.namespace(host);
        must(&["-n", &namespace, "address", "add", &format!("{address}/24"), "dev", "eth0"]);
        must(&["-n", &namespace, "link", "set", "eth0", "up"]);
        // As on a laptop in a real network; nobody answers there.
        must(&["-n", &namespace, "route", "add", "default", "via", "10.77.0.254"]);
    }

    /// Gives a host another address, as another network would.
    pub fn move_to(&self, host: &str, address: &str) {
        let namespace = self.namespace(host);
        must(&["-n", &namespace, "link", "set", "eth0", "down"]);
        must(&["-n", &namespace, "address", "flush", "dev", "eth0"]);
        self.plug(host, address);
    }

    /// Pulls a host's cable, or puts it in again.
    pub fn cable(&self, host: &str, plugged: bool) {
        let number = self.hosts.iter().position(|known| known == host).expect("the host is there");
        let switch = format!("{}-switch", self.name);
        must(&["-n", &switch, "link", "set", &format!("port{number}"), if plugged { "up" } else { "down" }]);
    }

    /// Runs a program on a host.
    pub fn command(&self, host: &str, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.namespace(host), program]);
        command
    }

    /// Adds a rule to a host's packet filter, such as `ip saddr 10.77.0.2 udp dport 1-65535 drop`.
    pub fn filter(&self, host: &str, direction: &str, rule: &str) {
        let rules = format!(
            "add table inet test\nadd chain inet test {direction} {{ type filter hook {direction} priority 0; }}\nadd rule inet test {direction} {rule}\n"
        );
        let run = self.command(host, "nft").arg(&rules).output().expect("nft runs");
        assert!(run.status.success(), "nft: {}", String::from_utf8_lossy(&run.stderr));
    }

    /// Takes all rules away.
    pub fn unfilter(&self, host: &str) {
        let run = self.command(host, "nft").args(["flush", "ruleset"]).status();
        assert!(run.is_ok_and(|status| status.success()), "nft takes its rules away");
    }

    /// How many bytes a host has received.
    pub fn received(&self, host: &str) -> u64 {
        let run = self.command(host, "cat").arg("/sys/class/net/eth0/statistics/rx_bytes").output().expect("cat runs");
        String::from_utf8_lossy(&run.stdout).trim().parse().expect("the kernel counts")
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let hosts = std::mem::take(&mut self.hosts);
        for host in hosts.iter().map(String::as_str).chain(["switch"]) {
            let _ = ip(&["netns", "delete", &self.namespace(host)]);
        }
    }
}
