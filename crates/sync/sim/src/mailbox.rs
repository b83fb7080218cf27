//! A mailbox that keeps what it is brought and hands out what it likes, when it likes, in the order it likes.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use bandpro_sync::DeviceId;
use bandpro_sync::envelope::{Envelope, Hash, hash};

use crate::dice::Dice;
use crate::world::{Step, World};

/// Envelopes and membership entries that somebody brought, as they came.
#[derive(Debug, Default)]
pub struct Mailbox {
    envelopes: Vec<Vec<u8>>,
    entries: Vec<Vec<u8>>,
    /// What it has of both.
    has: BTreeSet<Hash>,
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
            let brought = workspace.envelopes(self.space).and_then(|all| Ok((all, workspace.member_entries(self.space)?)));
            let (envelopes, entries) = brought.map_err(|error| error.to_string())?;
            envelopes.into_iter().for_each(|envelope| self.mailbox.take(envelope));
            let Mailbox { entries: all, has, .. } = &mut self.mailbox;
            all.extend(entries.into_iter().filter(|entry| has.insert(hash(entry))));
            return Ok(());
        }
        let entries = self.mailbox.some_entries(&mut self.dice);
        let handed = self.mailbox.some_envelopes(&mut self.dice);
        self.diary.note(format!("{who} takes {} entries and {} envelopes from the mailbox", entries.len(), handed.len()));
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
        if self.has.insert(hash(&envelope)) {
            self.envelopes.push(envelope);
        }
    }

    /// It withholds some entries of the members, or hands out what it had long ago.
    fn some_entries(&self, dice: &mut Dice) -> Vec<Vec<u8>> {
        match dice.roll(4) {
            0 => Vec::new(),
            1 => self.entries[..dice.roll(self.entries.len() + 1)].to_vec(),
            2 => self.entries.iter().filter(|_| !dice.one_in(3)).cloned().collect(),
            _ => self.entries.clone(),
        }
    }

    /// It withholds some envelopes, and repeats and swaps the rest.
    fn some_envelopes(&self, dice: &mut Dice) -> Vec<Vec<u8>> {
        let all = &self.envelopes;
        let author = |bytes: &Vec<u8>| Envelope::author(bytes).unwrap_or((DeviceId([0; 32]), 0));
        let mut handed = match dice.roll(6) {
            // What it had long ago, as if it had been put back from a backup; or what came lately.
            0 => all[..dice.roll(all.len() + 1)].to_vec(),
            1 => all[dice.roll(all.len() + 1)..].to_vec(),
            // Nothing of somebody, or nothing of the others.
            kind @ 2..=3 => {
                let whose = dice.pick(all).map(author);
                let of = |bytes: &&Vec<u8>| Some(author(bytes).0) == whose.map(|(device, _)| device);
                all.iter().filter(|bytes| of(bytes) == (kind == 3)).cloned().collect()
            }
            4 => all.iter().filter(|_| !dice.one_in(4)).cloned().collect(),
            _ => all.clone(),
        };
        match dice.roll(4) {
            // In an order in which they can be taken: devices' logs by number.
            0..=1 => handed.sort_by_key(|bytes| (author(bytes).1, author(bytes).0)),
            2 => handed.sort_by_key(|bytes| Reverse(author(bytes).1)),
            _ => (1..handed.len()).for_each(|at| handed.swap(at, dice.roll(at + 1))),
        }
        if dice.one_in(3) {
            handed.extend(handed.clone());
        }
        handed
    }
}
