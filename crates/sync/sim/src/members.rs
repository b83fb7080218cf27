//! Who belongs to the band: letting in, roles, removing, new keys.

use std::time::Duration;

use bandpro_sync::membership::{Offer, Role};
use bandpro_sync::{Inviting, MemberId, SyncError};

use crate::check;
use crate::world::{Step, World};

impl World {
    /// The band comes together: everybody gets a ticket; some come later.
    pub(crate) fn gather(&mut self) -> Step {
        let mut tickets = vec![None];
        for who in 1..self.devices.len() {
            let role = if self.dice.one_in(4) { Role::Viewer } else { Role::Editor };
            let inviting = Inviting { offer: Offer::Member(role), valid: Duration::from_secs(30 * 24 * 3600), uses: 1, confirm: false };
            let invited = self.devices[0].workspace().invite(self.space, inviting).map_err(|error| error.to_string())?;
            // Whoever may only read and would like to write gets a modified BandPro, and so do some who may write.
            self.devices[who].hostile = self.dice.one_in(if role == Role::Viewer { 2 } else { 8 });
            let late = self.dice.one_in(5);
            self.diary.note(format!(
                "{who} is invited as {role:?}{}{}",
                if late { ", comes later" } else { "" },
                if self.devices[who].hostile { ", modified" } else { "" }
            ));
            self.invitations.push(invited.clone());
            tickets.push((!late).then_some(invited));
        }
        self.let_in_all(&tickets)?;
        for who in 1..self.devices.len() {
            let trusted = self.devices[who].hostile && tickets[who].is_some() && self.dice.one_in(4);
            let member = self.members_by(0).into_iter().find(|(.., device)| *device == Some(who));
            if let Some((member, ..)) = member.filter(|_| trusted) {
                self.diary.note(format!("{who} is made an owner"));
                self.devices[0].workspace().set_role(self.space, member, Role::Owner).map_err(|error| error.to_string())?;
                self.let_in_all(&tickets)?;
            }
        }
        Ok(())
    }

    /// The members of the band as a device knows them, with their roles and first devices.
    fn members_by(&self, who: usize) -> Vec<(MemberId, Role, Option<usize>)> {
        let Ok(circle) = self.devices[who].workspace().circle(self.space) else { return Vec::new() };
        let state = circle.log.state();
        let member = |(id, member): (MemberId, &bandpro_sync::membership::Member)| {
            let device = state.devices_of(id).next().and_then(|(device, _)| self.number(device));
            (id, member.role, device)
        };
        state.members_here().map(member).collect()
    }

    /// A device does something about the membership, if it may.
    pub(crate) fn govern(&mut self, who: usize) -> Step {
        let members = self.members_by(who);
        let Some((member, role, device)) = self.dice.pick(&members).copied() else { return Ok(()) };
        let (space, workspace) = (self.space, self.devices[who].workspace().clone());
        let (what, done): (&str, Result<(), SyncError>) = match self.dice.roll(10) {
            0..=1 => ("makes an owner", workspace.set_role(space, member, Role::Owner)),
            2..=3 => ("makes an editor", workspace.set_role(space, member, Role::Editor)),
            4 => ("makes a viewer", workspace.set_role(space, member, Role::Viewer)),
            5..=6 => ("removes", workspace.remove_member(space, member)),
            7 => ("takes a new key", workspace.rotate_key(space)),
            8 => ("renames the band", workspace.rename_space(space, "Another name")),
            _ => {
                // A new member, or a further device of this one: whoever comes with the ticket.
                let offer = if self.dice.one_in(2) { Offer::Device } else { Offer::Member(Role::Editor) };
                let invited = workspace.invite(space, Inviting { offer, ..Inviting::default() });
                let done = invited.map(|invited| self.invitations.push(invited));
                ("invites", done)
            }
        };
        self.diary.note(format!("{who} {what} {device:?} ({role:?})"));
        match done {
            Ok(()) => {
                if what == "removes"
                    && let Some(device) = device
                    && device != who
                    && self.dice.one_in(2)
                {
                    // Some do not want to go.
                    self.devices[device].hostile = true;
                }
                self.network.wake(who);
                Ok(())
            }
            Err(error) => self.broke(who, what, &error),
        }
    }

    /// An owner removes the devices whose logs are forked, of which those whose BandPro says so have told; those who are gone already
    /// once more, if nobody has the log that was to stand. Says whether there were any.
    pub(crate) fn remove_frozen(&mut self) -> Result<bool, String> {
        let mut any = false;
        for device in check::frozen(self) {
            for who in (0..self.devices.len()).filter(|who| check::can_remove(self, *who, device)).collect::<Vec<_>>() {
                let workspace = self.devices[who].workspace().clone();
                let gone = workspace.circle(self.space).is_ok_and(|circle| !circle.has(device));
                if gone && !workspace.frozen(self.space).is_ok_and(|frozen| frozen.contains(&device)) {
                    continue;
                }
                self.diary.note(format!("{who} removes the forked {:?}", self.number(device)));
                match workspace.remove_device(self.space, device) {
                    Ok(()) => any = true,
                    Err(error) => self.answered(who, "removes a forked device", &error)?,
                }
                break;
            }
        }
        Ok(any)
    }
}
