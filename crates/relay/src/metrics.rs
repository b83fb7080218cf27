//! What is counted, for Prometheus. Nothing in it names a band, a device or an address.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use bandpro_sync::mailbox::Pushed;
use iroh_metrics::{MetricsSource, Registry};
use rusqlite::Connection;

use crate::RelayError;

/// What the relay counts.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "each is explained where it is shown")]
pub struct Metrics {
    pub mailbox_connections: AtomicU64,
    pub mailbox_refused: AtomicU64,
    pub mailbox_turned_away: AtomicU64,
    pub mailbox_broken: AtomicU64,
    pub mailbox_pushes: AtomicU64,
    pub mailbox_stored: AtomicU64,
    pub mailbox_judged_bad: AtomicU64,
    pub mailbox_full: AtomicU64,
    pub mailbox_delivered: AtomicU64,
    pub mailbox_bytes_received: AtomicU64,
    pub mailbox_bytes_pushed: AtomicU64,
    pub mailbox_bytes_sent: AtomicU64,
    pub forward_connections: AtomicU64,
    pub forward_refused: AtomicU64,
    pub forward_denied: AtomicU64,
    /// Those of the forwarding role.
    pub forward: Arc<iroh_relay::server::Metrics>,
}

impl Metrics {
    /// Counts a push.
    pub fn pushed(&self, pushed: &Pushed, bytes: usize) {
        self.mailbox_pushes.fetch_add(1, Relaxed);
        self.mailbox_stored.fetch_add(pushed.stored, Relaxed);
        self.mailbox_judged_bad.fetch_add(pushed.refused.len() as u64, Relaxed);
        self.mailbox_full.fetch_add(u64::from(pushed.full.is_some()), Relaxed);
        self.mailbox_bytes_pushed.fetch_add(bytes as u64, Relaxed);
    }

    /// Everything in Prometheus' text format.
    pub fn text(&self, connection: &Connection) -> Result<String, RelayError> {
        let mut text = String::new();
        let mut line = |kind: &str, name: &str, help: &str, value: u64| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "# HELP bandpro_{name} {help}\n# TYPE bandpro_{name} {kind}\nbandpro_{name} {value}");
        };
        let get = |counter: &AtomicU64| counter.load(Relaxed);
        line("gauge", "mailbox_connections", "Devices connected to the mailbox.", get(&self.mailbox_connections));
        line("counter", "mailbox_refused_total", "Connections refused: too many, or too fast.", get(&self.mailbox_refused));
        line("counter", "mailbox_turned_away_total", "Conversations with devices that may not.", get(&self.mailbox_turned_away));
        line("counter", "mailbox_broken_total", "Conversations that broke the protocol.", get(&self.mailbox_broken));
        line("counter", "mailbox_pushes_total", "Pushes answered.", get(&self.mailbox_pushes));
        line("counter", "mailbox_stored_total", "Envelopes stored.", get(&self.mailbox_stored));
        line("counter", "mailbox_judged_bad_total", "Pushes with an envelope that was refused.", get(&self.mailbox_judged_bad));
        line("counter", "mailbox_full_total", "Pushes that did not fit.", get(&self.mailbox_full));
        line("counter", "mailbox_delivered_total", "Envelopes handed on.", get(&self.mailbox_delivered));
        line("counter", "mailbox_received_bytes_total", "Bytes of messages received.", get(&self.mailbox_bytes_received));
        line("counter", "mailbox_pushed_bytes_total", "Bytes of envelopes pushed.", get(&self.mailbox_bytes_pushed));
        line("counter", "mailbox_sent_bytes_total", "Bytes of messages sent.", get(&self.mailbox_bytes_sent));
        line("gauge", "forward_connections", "Connections to the forwarding role.", get(&self.forward_connections));
        line("counter", "forward_refused_total", "Connections refused: too many, or too fast.", get(&self.forward_refused));
        line("counter", "forward_denied_total", "Connections without a good pass.", get(&self.forward_denied));
        let sql =
            "SELECT count(*), coalesce(sum(withdrawn IS NOT NULL), 0), coalesce(sum(bytes), 0), coalesce(sum(envelopes), 0) FROM bands";
        let read = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let (bands, withdrawn, bytes, envelopes): (u64, u64, u64, u64) = connection.query_row(sql, [], read)?;
        line("gauge", "bands", "Bands with a pass.", bands - withdrawn);
        line("gauge", "kept_bytes", "Bytes of envelopes that are kept.", bytes);
        line("gauge", "kept_envelopes", "Envelopes that are kept.", envelopes);
        let mut registry = Registry::default();
        registry.register(self.forward.clone());
        text.push_str(&registry.encode_openmetrics_to_string().unwrap_or_default());
        Ok(text)
    }
}
