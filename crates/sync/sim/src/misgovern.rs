//! Owners with a modified BandPro: they sign what owners may sign, but for an earlier state of the band, with marks that they made
//! up, and with keys that some do not get.

use bandpro_sync::identity::{Card, Identity};
use bandpro_sync::membership::{Action, Drafting, Entry, Mark, Membership, NewKey, Role};
use bandpro_sync::seal::KeyRing;
use bandpro_sync::{DeviceId, MemberId};

use crate::dice::Dice;
use crate::world::{Step, World};

impl World {
    /// An owner signs something and brings it to an honest device alone.
    pub(crate) fn misgovern(&mut self, who: usize) -> Step {
        let workspace = self.devices[who].workspace().clone();
        let (Ok(circle), Some(victim)) = (workspace.circle(self.space), self.victim()) else { return Ok(()) };
        let Some(action) = self.misdeed(&circle.log, &circle.keys, workspace.device()) else { return Ok(()) };
        // Mostly as if it had not heard of what came lately.
        let parents = match circle.log.entries().nth(self.dice.roll(circle.log.len())) {
            Some(entry) if self.dice.one_in(2) => vec![entry.hash()],
            _ => circle.log.heads(),
        };
        let identity = Identity::from_secret(&self.devices[who].secret());
        let Ok(entry) = Entry::sign(&identity, self.space, parents, self.dice.bits() >> 30, action) else { return Ok(()) };
        let mut entries = workspace.member_entries(self.space).unwrap_or_default();
        entries.push(entry.bytes().to_vec());
        self.diary.note(format!("{who} misgoverns for {victim}: {:.60}", format!("{:?}", entry.action)));
        for to in if self.dice.one_in(2) { vec![victim] } else { vec![who, victim] } {
            if let Err(error) = self.devices[to].workspace().clone().deliver(self.space, &entries, &[]) {
                return self.failed_to_take_in(to, "is brought what an owner made up", &error);
            }
            self.network.wake(to);
        }
        Ok(())
    }

    fn misdeed(&mut self, log: &Membership, ring: &KeyRing, own: DeviceId) -> Option<Action> {
        let state = log.state();
        let members: Vec<MemberId> = state.members_here().map(|(id, _)| id).collect();
        let member = *self.dice.pick(&members)?;
        let devices: Vec<(DeviceId, Card)> = state.devices_here().map(|(id, device)| (id, device.card.clone())).collect();
        let known: Vec<Mark> = state.devices_of(member).map(|(device, _)| self.mark_of(device)).collect();
        let invites: Vec<_> = state.invites.keys().copied().collect();
        let key = new_key(&mut self.dice, log, ring, own, &devices);
        Some(match self.dice.roll(8) {
            0 => Action::Remove { member, known, key: Some(key) },
            1 => Action::SetRole { member, role: [Role::Viewer, Role::Editor, Role::Owner][self.dice.roll(3)], known },
            2 => Action::SetRole { member, role: Role::Viewer, known: Vec::new() },
            3 => {
                let device = self.dice.pick(&devices)?.0;
                Action::RemoveDevice { device, known: self.mark_of(device), key: Some(key) }
            }
            4 => Action::Rotate(key),
            5 => Action::RevokeInvite(*self.dice.pick(&invites)?),
            6 => {
                // Somebody who is there, or was, once more.
                let everybody: Vec<Card> = state.devices.values().map(|device| device.card.clone()).collect();
                let card = self.dice.pick(&everybody)?.clone();
                let mut id = [0; 16];
                self.dice.fill(&mut id);
                Action::Admit { invite: None, member: MemberId(id), person: Default::default(), role: Role::Editor, card, keys: Vec::new() }
            }
            _ => Action::Rename("As I like it".into()),
        })
    }

    /// How far the log of a device is known, or made up.
    fn mark_of(&mut self, device: DeviceId) -> Mark {
        let seq = self.dice.roll(20) as u64;
        let mut hash = [0; 32];
        self.dice.fill(&mut hash);
        Mark { device, seq, hash }
    }
}

/// A new key for the owner and some of the others.
fn new_key(dice: &mut Dice, log: &Membership, ring: &KeyRing, own: DeviceId, devices: &[(DeviceId, Card)]) -> NewKey {
    let without: Vec<DeviceId> = devices.iter().map(|(id, _)| *id).filter(|id| *id != own && dice.one_in(6)).collect();
    // Who draws a key up does not show in it.
    let identity = Identity::from_secret(&[1; 32]);
    let mut random = |bytes: &mut [u8]| dice.fill(bytes);
    let mut drafting = Drafting { identity: &identity, time: 0, random: &mut random };
    drafting.new_key(log, ring, &without)
}
