//! Members with a modified BandPro: they write what they may not, and bring it to whoever listens.

use std::collections::BTreeMap;

use bandpro_notation::edit::Edit;
use bandpro_sync::DeviceId;
use bandpro_sync::document::session_actor;
use bandpro_sync::envelope::{Body, Content, Envelope, Hash, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::Role;

use crate::check;
use crate::world::{Step, World, forbidden_edit};

/// What modified devices have written beside their logs.
#[derive(Debug, Default)]
pub struct Forger {
    /// What each one has forged in its own log, one after another.
    chains: BTreeMap<DeviceId, Vec<Vec<u8>>>,
    /// The sessions they have made up.
    sessions: u64,
}

/// What a forger tries.
#[derive(Debug, Clone, Copy)]
enum Trick {
    /// Writes on in its own log as if it were allowed to.
    Plain,
    /// In another's name inside the change.
    OtherActor,
    /// In another's name outside.
    OtherDevice,
    /// With a damaged signature.
    Damaged,
    /// Sealed for a score of which it says another tag, by changing the bytes outside.
    Bent,
    /// Citing an old state of the band, in which it was allowed to.
    OldHeads,
}

const TRICKS: [Trick; 6] = [Trick::Plain, Trick::OtherActor, Trick::OtherDevice, Trick::Damaged, Trick::Bent, Trick::OldHeads];

impl World {
    /// A modified device writes something and brings it to an honest one, with all it has.
    pub(crate) fn forge(&mut self) -> Step {
        let hostile: Vec<usize> = (0..self.devices.len()).filter(|who| self.devices[*who].hostile).collect();
        let in_the_band = |who: &usize| self.devices[*who].workspace().circle(self.space).is_ok();
        let honest: Vec<usize> = (0..self.devices.len()).filter(|who| !self.devices[*who].hostile).filter(in_the_band).collect();
        let (Some(who), Some(victim)) = (self.dice.pick(&hostile).copied(), self.dice.pick(&honest).copied()) else { return Ok(()) };
        let trick = TRICKS[self.dice.roll(TRICKS.len())];
        // Anybody may try another's name or a bad signature; the rest takes somebody who may not write.
        if matches!(trick, Trick::Plain | Trick::OldHeads) && !self.may_not_write(who) {
            return Ok(());
        }
        let Some(bytes) = self.forged(who, victim, trick) else { return Ok(()) };
        let workspace = self.devices[who].workspace().clone();
        let entries = workspace.member_entries(self.space).unwrap_or_default();
        let mut envelopes = workspace.envelopes(self.space).unwrap_or_default();
        envelopes.extend(self.forger.chains.get(&workspace.device()).into_iter().flatten().cloned());
        envelopes.push(bytes.clone());
        if self.dice.one_in(3) {
            self.mailbox.take(bytes);
        }
        match self.devices[victim].workspace().clone().deliver(self.space, &entries, &envelopes) {
            Ok((new, refused)) => {
                let reasons: Vec<_> = refused.iter().map(|refused| refused.reason).collect();
                self.diary.note(format!("{who} forges ({trick:?}) for {victim}: {new} stored, refused {reasons:?}"));
                self.network.wake(victim);
                check::nothing_forbidden(self, victim)
            }
            Err(error) => self.failed_to_take_in(victim, "is brought what is forbidden", &error),
        }
    }

    /// Whether by all that this device itself knows it may not write any more, or never might.
    fn may_not_write(&self, who: usize) -> bool {
        let workspace = self.devices[who].workspace();
        let role = workspace.circle(self.space).ok().and_then(|circle| circle.log.state().role_of(workspace.device()));
        role.is_none_or(|role| role == Role::Viewer)
    }

    fn forged(&mut self, who: usize, victim: usize, trick: Trick) -> Option<Vec<u8>> {
        let workspace = self.devices[who].workspace().clone();
        let circle = workspace.circle(self.space).ok()?;
        let scores = workspace.scores().ok()?;
        let score = scores.into_iter().find(|score| score.space == self.space)?.id;
        let mut document = workspace.document(score).ok()?;
        self.forger.sessions += 1;
        let author = match trick {
            Trick::OtherActor => self.devices[victim].id(),
            _ => workspace.device(),
        };
        document.set_actor(session_actor(author, u64::MAX - self.forger.sessions));
        let edit: Edit = forbidden_edit();
        let mut change = document.commit(&edit, 0).ok()??;
        let (heads, epoch) = circle.log.place_to_write(&circle.keys)?;
        let membership = match trick {
            Trick::OldHeads => vec![circle.log.entries().nth(self.dice.roll(circle.log.len()))?.hash()],
            _ => heads,
        };
        let identity = Identity::from_secret(&self.devices[who].secret());
        let (seq, previous) = self.end_of(who, trick)?;
        let body = Body { membership, content: Content::Change(score, change.bytes().into_owned()) };
        let mut nonce = [0; bandpro_sync::seal::NONCE];
        self.dice.fill(&mut nonce);
        let place = Place { space: self.space, seq: seq + 1, previous };
        let (mut envelope, mut bytes) = Envelope::seal(&identity, place, circle.keys.get(epoch)?, nonce, &body).ok()?;
        match trick {
            Trick::OtherDevice => {
                envelope.device = self.devices[victim].id();
                bytes = envelope.encode();
            }
            Trick::Damaged => *bytes.last_mut()? ^= 1,
            Trick::Bent => {
                envelope.tag[0] ^= 1;
                bytes = envelope.encode();
            }
            _ => self.forger.chains.entry(workspace.device()).or_default().push(bytes.clone()),
        }
        Some(bytes)
    }

    /// Where the log of a device goes on: after what it has forged, else after what it has.
    fn end_of(&self, who: usize, trick: Trick) -> Option<(u64, Hash)> {
        let workspace = self.devices[who].workspace();
        let own = workspace.envelopes(self.space).ok()?;
        let last = own
            .iter()
            .filter_map(|bytes| Some((Envelope::author(bytes)?, hash(bytes))))
            .filter(|((device, _), _)| *device == workspace.device());
        let end = last.map(|((_, seq), hash)| (seq, hash)).max_by_key(|(seq, _)| *seq).unwrap_or((0, [0; 32]));
        match trick {
            Trick::Plain | Trick::OldHeads | Trick::OtherActor => {
                let last = self.forger.chains.get(&workspace.device()).and_then(|chain| chain.last());
                let forged = last.and_then(|bytes| Some((Envelope::author(bytes)?.1, hash(bytes))));
                Some(forged.unwrap_or(end))
            }
            _ => Some(end),
        }
    }
}
