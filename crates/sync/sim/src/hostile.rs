//! Members with a modified BandPro: they write what they may not, and bring it to whoever listens.

use std::collections::BTreeMap;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, Change, ObjType, ROOT};
use bandpro_notation::edit::Edit;
use bandpro_sync::DeviceId;
use bandpro_sync::document::{Document, session_actor};
use bandpro_sync::envelope::{Body, Content, Envelope, Hash, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::{Action, Entry, Role};
use bandpro_sync::seal::EpochKey;

use crate::check;
use crate::world::{FORBIDDEN, Step, World, forbidden_edit, title_edit};

/// What modified devices have written beside their logs.
#[derive(Debug, Default)]
pub struct Forger {
    /// What each one that may not write has forged in its own log, one after another.
    chains: BTreeMap<DeviceId, Vec<Vec<u8>>>,
    /// The sessions they have made up.
    sessions: u64,
}

/// What a forger tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Citing entries of the membership log that nobody has.
    NoHeads,
    /// Under a key that it knows was replaced.
    OldKey,
    /// Under a key that nobody has.
    MadeUpKey,
    /// A change that replaces what all documents have.
    Containers,
    /// No change at all.
    Noise,
    /// An entry of the membership log by which it gives itself rights.
    Promotion,
    /// An allowed change that builds on one which nobody gets to see.
    Hidden,
    /// Two allowed changes of one session with one number.
    Twice,
    /// An allowed change for one, and another with the same number for another.
    TwoLogs,
}

/// What takes one who may not write.
const BY_ANYBODY: [Trick; 6] = [Trick::Plain, Trick::OtherActor, Trick::OtherDevice, Trick::Damaged, Trick::Bent, Trick::OldHeads];
/// What one may try who may write.
const BY_EDITORS: [Trick; 13] = [
    Trick::OtherActor,
    Trick::OtherDevice,
    Trick::Damaged,
    Trick::Bent,
    Trick::NoHeads,
    Trick::OldKey,
    Trick::MadeUpKey,
    Trick::Containers,
    Trick::Noise,
    Trick::Promotion,
    Trick::Hidden,
    Trick::Twice,
    Trick::TwoLogs,
];

impl World {
    /// A modified device writes something and brings it to an honest one, with all it has.
    pub(crate) fn forge(&mut self) -> Step {
        let hostile: Vec<usize> = (0..self.devices.len()).filter(|who| self.devices[*who].hostile).collect();
        let Some(who) = self.dice.pick(&hostile).copied() else { return Ok(()) };
        if self.is_owner(who) && self.dice.one_in(2) {
            return self.misgovern(who);
        }
        let tricks: &[Trick] = if self.may_write(who) { &BY_EDITORS } else { &BY_ANYBODY };
        let Some(trick) = self.dice.pick(tricks).copied() else { return Ok(()) };
        let Some(victim) = self.victim() else { return Ok(()) };
        let forged = self.forged(who, victim, trick);
        if trick == Trick::TwoLogs {
            // Its own BandPro goes on with the first; somebody else gets one that is like the second.
            let (Some(other), [first, second]) = (self.victim(), &forged[..]) else { return Ok(()) };
            self.bring(who, victim, trick, std::slice::from_ref(first))?;
            return self.bring(who, other, trick, std::slice::from_ref(second));
        }
        let in_its_log = !matches!(trick, Trick::OtherDevice | Trick::Damaged | Trick::Bent | Trick::NoHeads);
        if in_its_log && self.may_write(who) {
            // Its own BandPro passes it on from now on.
            let taken = self.devices[who].workspace().clone().deliver(self.space, &[], &forged);
            if let Err(error) = taken {
                return self.failed_to_take_in(who, "keeps what it forged", &error);
            }
            self.network.wake(who);
        } else if in_its_log {
            let device = self.devices[who].id();
            self.forger.chains.entry(device).or_default().extend(forged.iter().cloned());
        }
        self.bring(who, victim, trick, &forged)
    }

    /// An honest device that has the band's space.
    pub(crate) fn victim(&mut self) -> Option<usize> {
        let in_the_band = |who: &usize| self.devices[*who].workspace().circle(self.space).is_ok();
        let honest: Vec<usize> = (0..self.devices.len()).filter(|who| !self.devices[*who].hostile).filter(in_the_band).collect();
        self.dice.pick(&honest).copied()
    }

    /// Brings to a device all that another has, with what that one forged.
    fn bring(&mut self, who: usize, victim: usize, trick: Trick, forged: &[Vec<u8>]) -> Step {
        let workspace = self.devices[who].workspace().clone();
        let entries = workspace.member_entries(self.space).unwrap_or_default();
        let mut envelopes = workspace.envelopes(self.space).unwrap_or_default();
        envelopes.extend(self.forger.chains.get(&workspace.device()).into_iter().flatten().cloned());
        envelopes.extend_from_slice(forged);
        if self.dice.one_in(3) {
            forged.iter().for_each(|bytes| self.mailbox.take(bytes.clone()));
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

    fn own_role(&self, who: usize) -> Option<Role> {
        let workspace = self.devices[who].workspace();
        workspace.circle(self.space).ok().and_then(|circle| circle.log.state().role_of(workspace.device()))
    }

    /// Whether by all that this device itself knows it may write.
    fn may_write(&self, who: usize) -> bool {
        self.own_role(who).is_some_and(|role| role > Role::Viewer)
    }

    fn is_owner(&self, who: usize) -> bool {
        self.own_role(who) == Some(Role::Owner)
    }

    /// What a device forges: nothing where it cannot, two envelopes where the trick takes two.
    fn forged(&mut self, who: usize, victim: usize, trick: Trick) -> Vec<Vec<u8>> {
        let Some(contents) = self.contents(who, victim, trick) else { return Vec::new() };
        let mut end = self.end_of(who);
        let mut forged = Vec::new();
        for content in contents {
            let Some((envelope, bytes)) = self.sealed(who, end, trick, content) else { break };
            if trick != Trick::TwoLogs {
                end = (envelope.seq, hash(&bytes));
            }
            forged.extend(self.spoiled(victim, trick, envelope, bytes));
        }
        forged
    }

    /// What is under the seal.
    fn contents(&mut self, who: usize, victim: usize, trick: Trick) -> Option<Vec<Content>> {
        let workspace = self.devices[who].workspace().clone();
        let score = workspace.scores().ok()?.into_iter().find(|score| score.space == self.space)?.id;
        self.forger.sessions += 1;
        let author = if trick == Trick::OtherActor { self.devices[victim].id() } else { workspace.device() };
        let actor = session_actor(author, u64::MAX - self.forger.sessions);
        let begin = || {
            let mut document = workspace.document(score).ok()?;
            document.set_actor(actor.clone());
            Some(document)
        };
        let say = |document: &mut Document, edit: &Edit| document.commit(edit, 0).ok().flatten();
        let number = self.forger.sessions;
        let allowed = |which: &str| title_edit(&format!("{which} {number}"));
        let changes: Vec<Change> = match trick {
            Trick::Noise => return Some(vec![Content::Change(score, (0..self.dice.roll(200)).map(|_| self.dice.bits() as u8).collect())]),
            Trick::Promotion => {
                let circle = workspace.circle(self.space).ok()?;
                let (member, _) = circle.log.state().member_of(author)?;
                let action = Action::SetRole { member, role: Role::Owner, known: Vec::new() };
                let identity = Identity::from_secret(&self.devices[who].secret());
                let entry = Entry::sign(&identity, self.space, circle.log.heads(), 0, action).ok()?;
                return Some(vec![Content::Membership(entry.bytes().to_vec())]);
            }
            Trick::Containers => {
                let mut raw = AutoCommit::load(&begin()?.save()).ok()?;
                raw.set_actor(actor.clone());
                raw.put_object(ROOT, "measures", ObjType::Text).ok()?;
                raw.put(ROOT, "order", 5).ok()?;
                vec![raw.get_last_local_change()?]
            }
            Trick::Hidden => {
                let mut document = begin()?;
                say(&mut document, &allowed("Hidden"))?;
                vec![say(&mut document, &allowed("On top of what is hidden"))?]
            }
            Trick::TwoLogs => vec![say(&mut begin()?, &allowed("For one"))?, say(&mut begin()?, &allowed("For another"))?],
            Trick::Twice => {
                // The first builds on all that there is, the second on nothing but the beginning: it can be applied before.
                let mut bare = Document::new().ok()?;
                bare.set_actor(actor.clone());
                vec![say(&mut begin()?, &allowed("Once"))?, say(&mut bare, &allowed("Twice"))?]
            }
            // What replaced the key may turn out not to count, and then it is no old one.
            Trick::OldKey => vec![say(&mut begin()?, &allowed("Under an old key"))?],
            // Neither may what took the right to write: see `check::is_forbidden`.
            Trick::Plain | Trick::OldHeads => vec![say(&mut begin()?, &title_edit(&format!("{FORBIDDEN} to {who}, {number}")))?],
            _ => vec![say(&mut begin()?, &forbidden_edit())?],
        };
        Some(changes.into_iter().map(|mut change| Content::Change(score, change.bytes().into_owned())).collect())
    }

    /// Seals and signs some content after a place of a log.
    fn sealed(&mut self, who: usize, (seq, previous): (u64, Hash), trick: Trick, content: Content) -> Option<(Envelope, Vec<u8>)> {
        let circle = self.devices[who].workspace().circle(self.space).ok()?;
        let (heads, epoch) = circle.log.place_to_write(&circle.keys)?;
        let membership = match trick {
            Trick::OldHeads => vec![circle.log.entries().nth(self.dice.roll(circle.log.len()))?.hash()],
            Trick::NoHeads if self.dice.one_in(2) => Vec::new(),
            Trick::NoHeads => vec![[self.dice.bits() as u8; 32]],
            _ => heads,
        };
        let made_up = EpochKey::from_random([self.dice.bits() as u8; 32]);
        let key = match trick {
            Trick::OldKey => circle.keys.keys().find(|key| !circle.log.state().epochs.contains_key(&key.id()))?,
            Trick::MadeUpKey => &made_up,
            _ => circle.keys.get(epoch)?,
        };
        let identity = Identity::from_secret(&self.devices[who].secret());
        let mut nonce = [0; bandpro_sync::seal::NONCE];
        self.dice.fill(&mut nonce);
        let place = Place { space: self.space, seq: seq + 1, previous };
        Envelope::seal(&identity, place, key, nonce, &Body { membership, content }).ok()
    }

    /// The bytes that are brought, where the trick is to change those outside.
    fn spoiled(&self, victim: usize, trick: Trick, mut envelope: Envelope, mut bytes: Vec<u8>) -> Option<Vec<u8>> {
        match trick {
            Trick::OtherDevice => {
                envelope.device = self.devices[victim].id();
                Some(envelope.encode())
            }
            Trick::Damaged => {
                *bytes.last_mut()? ^= 1;
                Some(bytes)
            }
            Trick::Bent => {
                envelope.tag[0] ^= 1;
                Some(envelope.encode())
            }
            _ => Some(bytes),
        }
    }

    /// Where the log of a device goes on: after what it has forged, else after what it has.
    fn end_of(&self, who: usize) -> (u64, Hash) {
        let workspace = self.devices[who].workspace();
        let own = workspace.envelopes(self.space).unwrap_or_default();
        let forged = self.forger.chains.get(&workspace.device()).filter(|_| !self.may_write(who));
        let all = own.iter().chain(forged.into_iter().flatten());
        let ends = all.filter_map(|bytes| Some((Envelope::author(bytes)?, hash(bytes))));
        let ends = ends.filter(|((device, _), _)| *device == workspace.device()).map(|((_, seq), hash)| (seq, hash));
        ends.max_by_key(|(seq, _)| *seq).unwrap_or((0, [0; 32]))
    }
}
