//! A mailbox that keeps what it is brought and hands out what it likes, when it likes, in the order it likes.

use std::collections::BTreeSet;

use crate::world::{Step, World};

/// Envelopes and membership entries that somebody brought.
#[derive(Debug, Default)]
pub struct Mailbox {
    envelopes: BTreeSet<Vec<u8>>,
    entries: Vec<Vec<u8>>,
}

impl World {
    /// A device brings what it has to the mailbox, or takes what the mailbox hands out.
    pub(crate) fn visit_mailbox(&mut self, who: usize) -> Step {
        let workspace = self.devices[who].workspace().clone();
        if workspace.circle(self.space).is_err() {
            return Ok(());
        }
        if self.dice.one_in(2) {
            self.diary.note(format!("{who} brings to the mailbox"));
            self.mailbox.envelopes.extend(workspace.envelopes(self.space).map_err(|error| error.to_string())?);
            self.mailbox.entries = workspace.member_entries(self.space).map_err(|error| error.to_string())?;
            return Ok(());
        }
        // It withholds some, and repeats and swaps the rest.
        let withheld = self.dice.roll(4);
        let mut handed: Vec<Vec<u8>> = Vec::new();
        for envelope in &self.mailbox.envelopes {
            if self.dice.roll(4) >= withheld {
                handed.push(envelope.clone());
            }
        }
        if self.dice.one_in(2) {
            // Mostly in an order in which they can be taken: devices' logs by number.
            handed.sort_by_key(|bytes| bandpro_sync::envelope::Envelope::author(bytes).map(|(device, seq)| (seq, device)));
        }
        let entries = if self.dice.one_in(2) { self.mailbox.entries.clone() } else { Vec::new() };
        self.diary.note(format!("{who} takes {} from the mailbox", handed.len()));
        match workspace.deliver(self.space, &entries, &handed) {
            Ok(_) => self.network.wake(who),
            Err(error) => return self.failed_to_take_in(who, "takes from the mailbox", &error),
        }
        Ok(())
    }
}

impl Mailbox {
    /// Somebody brought an envelope.
    pub fn take(&mut self, envelope: Vec<u8>) {
        self.envelopes.insert(envelope);
    }
}
