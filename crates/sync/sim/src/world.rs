//! A band, what has happened to it so far, and what happens next.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use automerge::ChangeHash;
use bandpro_notation::edit::Edit;
use bandpro_notation::model::{
    Beat, Event, EventTime, IdSource, Measure, Note, NoteBase, NotePitch, NoteValue, Part, Pitch, Score, Step as Letter,
};
use bandpro_sync::simulation::{Fault, Plan};
use bandpro_sync::{DeviceId, Invited, ScoreId, SpaceId, SyncError};

use crate::check;
use crate::device::{Device, Time};
use crate::dice::Dice;
use crate::gestures::gesture;
use crate::hostile::Forger;
use crate::mailbox::Mailbox;
use crate::network::Network;

/// The title that only what is forbidden gives a score.
pub const FORBIDDEN: &str = "FORBIDDEN";

/// A broken promise: what, and where.
pub type Broken = String;

/// What was done, to be told when something breaks.
#[derive(Debug, Default)]
pub struct Diary(Vec<String>);

impl Diary {
    /// Writes a line.
    pub fn note(&mut self, line: impl Into<String>) {
        self.0.push(line.into());
    }

    /// All lines.
    pub fn lines(&self) -> &[String] {
        &self.0
    }
}

/// A world.
pub struct World {
    pub(crate) dice: Dice,
    pub(crate) time: Time,
    pub(crate) devices: Vec<Device>,
    pub(crate) space: SpaceId,
    /// Invitations with their secrets, as they went round.
    pub(crate) invitations: Vec<Invited>,
    pub(crate) network: Network,
    pub(crate) mailbox: Mailbox,
    pub(crate) forger: Forger,
    /// Which of two halves each device is in while the network is cut through.
    pub(crate) half: Option<Vec<bool>>,
    /// What happened.
    pub diary: Diary,
}

/// What a step may come to: errors that belong to the game are answers.
pub type Step = Result<(), Broken>;

impl World {
    /// A band on so many devices, with one score.
    pub fn new(seed: u64) -> Result<Self, Broken> {
        let mut dice = Dice::new(seed);
        // Most worlds are small: what breaks in a large one breaks in a small one sooner.
        let count = if dice.one_in(8) { 5 + dice.roll(4) } else { 2 + dice.roll(3) };
        let time: Time = Arc::new(AtomicU64::new(1_700_000_000_000));
        let sound = |error: SyncError| format!("the world cannot begin: {error}");
        let devices: Vec<Device> =
            (0..count).map(|number| Device::new(number, &time, &mut dice)).collect::<Result<_, _>>().map_err(sound)?;
        let space = devices[0].workspace().create_space("Band").map_err(sound)?;
        devices[0].workspace().import_score(space, &small_score(&mut dice)).map_err(sound)?;
        let mut world = Self {
            dice,
            time,
            devices,
            space,
            invitations: Vec::new(),
            network: Network::default(),
            mailbox: Mailbox::default(),
            forger: Forger::default(),
            half: None,
            diary: Diary::default(),
        };
        world.gather().map_err(|error| format!("the band cannot gather: {error}"))?;
        Ok(world)
    }

    /// One thing happens, and then what must always hold is looked at where it happened.
    pub fn step(&mut self) -> Step {
        self.time.fetch_add(1 + self.dice.roll(3000) as u64, Ordering::Relaxed);
        let who = self.dice.roll(self.devices.len());
        match self.dice.roll(100) {
            0..=24 => self.edit(who)?,
            25..=27 => self.take_back(who)?,
            28..=70 => self.carry_on()?,
            72..=79 => self.connect_some()?,
            80..=82 => self.cut_some(),
            83..=84 => self.crash(who)?,
            85..=86 => self.plan_fault(who),
            71 => self.renew_or_copy(who)?,
            87 => self.copy_or_put_back(who)?,
            88 => self.turn_clock(who),
            89 => self.cut_through(),
            90..=92 => self.govern(who)?,
            93..=95 => self.visit_mailbox(who)?,
            _ => self.forge()?,
        }
        check::acknowledged(self, who)?;
        check::nothing_forbidden(self, who)
    }

    /// An error that a device may answer with while its disk is broken or because it may not do what was tried.
    pub(crate) fn answered(&mut self, who: usize, what: &str, error: &SyncError) -> Step {
        const ANSWERS: &[&str] = &[
            "disk-full",
            "database",
            "edit",
            "not-allowed",
            "no-member",
            "last-owner",
            "unknown-name",
            "unknown-space",
            "unknown-score",
            "no-key",
            "busy",
        ];
        self.diary.note(format!("{who} {what}: {}", error.code()));
        if ANSWERS.contains(&error.code()) { Ok(()) } else { Err(format!("device {who}, {what}: {error} ({})", error.code())) }
    }

    fn score_of(&mut self, who: usize) -> Option<ScoreId> {
        let scores = self.devices[who].workspace().scores().ok()?;
        let ids: Vec<ScoreId> = scores.into_iter().filter(|score| score.space == self.space).map(|score| score.id).collect();
        self.dice.pick(&ids).copied()
    }

    /// A person makes an edit.
    fn edit(&mut self, who: usize) -> Step {
        let Some(score) = self.score_of(who) else { return Ok(()) };
        let choice = (self.dice.bits() as u8, self.dice.bits() as u16, self.dice.bits() as u16);
        let device = &mut self.devices[who];
        let mut ids = device.ids.clone();
        let edit = match device.open(score) {
            Ok(open) => match open.poll_remote() {
                Ok(_) => gesture(open.score(), &mut ids, choice),
                Err(error) => return self.broke(who, "looks", &error),
            },
            Err(error) => return self.broke(who, "opens", &error),
        };
        device.ids = ids;
        let Some(edit) = edit else { return Ok(()) };
        let before = device.open(score).map(|open| open.score().clone()).map_err(|error| error.to_string())?;
        let committed = device.open(score).and_then(|open| open.commit(&edit));
        match committed {
            Ok(committed) => {
                self.acknowledge(who, score, committed.done.change);
                self.devices[who].undo.push((score, committed.done));
                self.diary.note(format!("{who} edits"));
                self.network.wake(who);
                Ok(())
            }
            Err(error) => {
                let now = self.devices[who].open(score).map(|open| open.score().clone()).map_err(|error| error.to_string())?;
                if now != before {
                    return Err(format!("device {who}: an edit failed ({error}), and the score changed all the same"));
                }
                self.broke(who, "edits", &error)
            }
        }
    }

    /// A person takes an edit back.
    fn take_back(&mut self, who: usize) -> Step {
        let Some((score, done)) = self.devices[who].undo.pop() else { return Ok(()) };
        match self.devices[who].open(score).and_then(|open| open.undo(&done)) {
            Ok(Some(committed)) => self.acknowledge(who, score, committed.done.change),
            Ok(None) => {}
            Err(error) => return self.broke(who, "takes back", &error),
        }
        self.diary.note(format!("{who} takes back"));
        self.network.wake(who);
        Ok(())
    }

    fn acknowledge(&mut self, who: usize, score: ScoreId, change: Option<ChangeHash>) {
        self.devices[who].acknowledged.extend(change.map(|change| (score, change)));
    }

    /// A failure while something is taken in that others bring. Nothing they bring makes that fail: only the disk does.
    pub(crate) fn failed_to_take_in(&mut self, who: usize, what: &str, error: &SyncError) -> Step {
        match error.code() {
            "disk-full" | "database" => self.broke(who, what, error),
            code => Err(format!("device {who}, {what}: {error} ({code})")),
        }
    }

    /// A failure of storage: where it was one after which nothing is known, the process has died.
    pub(crate) fn broke(&mut self, who: usize, what: &str, error: &SyncError) -> Step {
        self.answered(who, what, error)?;
        if error.code() == "database" { self.crash(who) } else { Ok(()) }
    }

    pub(crate) fn crash(&mut self, who: usize) -> Step {
        self.diary.note(format!("{who} crashes"));
        self.network.forget(who);
        self.devices[who].crash().map_err(|error| format!("device {who} does not start after a crash: {error}"))
    }

    fn plan_fault(&mut self, who: usize) {
        let fault = [Fault::Before, Fault::After, Fault::Full][self.dice.roll(3)];
        let plan = Plan { writes: self.dice.roll(6) as u32, times: 1 + self.dice.roll(3) as u32, fault };
        self.diary.note(format!("{who} will have {plan:?}"));
        self.devices[who].workspace().plan(Some(plan));
    }

    /// A device that was told that its log is forked may go on under another key.
    fn renew_or_copy(&mut self, who: usize) -> Step {
        if self.is_frozen_itself(who) { self.renew(who) } else { self.copy_or_put_back(who) }
    }

    fn is_frozen_itself(&self, who: usize) -> bool {
        let (device, workspace) = (&self.devices[who], self.devices[who].workspace());
        !device.hostile && workspace.frozen(self.space).is_ok_and(|frozen| frozen.contains(&device.id()))
    }

    fn renew(&mut self, who: usize) -> Step {
        self.diary.note(format!("{who} goes on under another key"));
        self.network.forget(who);
        let renewed = self.devices[who].renew(&mut self.dice);
        renewed.or_else(|error| self.broke(who, "goes on under another key", &error))
    }

    fn copy_or_put_back(&mut self, who: usize) -> Step {
        if self.dice.one_in(3) {
            let put_back = self.devices[who].put_back(&mut self.dice).map_err(|error| format!("device {who}, a backup: {error}"))?;
            if !put_back {
                return Ok(());
            }
            self.diary.note(format!("{who} gets an old copy back"));
            self.network.forget(who);
            self.at_the_worst_moment(who)
        } else {
            self.diary.note(format!("{who} is copied"));
            self.devices[who].back_up().map_err(|error| format!("device {who}, a backup: {error}"))
        }
    }

    /// Whoever got an old copy back writes before meeting anybody, and then meets some and not others, or those who have just
    /// decided something about the members.
    fn at_the_worst_moment(&mut self, who: usize) -> Step {
        if self.dice.one_in(4) {
            return Ok(());
        }
        for _ in 0..=self.dice.roll(3) {
            self.edit(who)?;
        }
        let other = self.dice.roll(self.devices.len());
        match self.dice.roll(4) {
            0 if self.half.is_none() => self.cut_through(),
            1 => self.govern(other)?,
            2 => {
                self.govern(other)?;
                self.edit(who)?;
            }
            _ => {}
        }
        self.connect(who, other)
    }

    fn turn_clock(&mut self, who: usize) {
        let skew = (self.dice.bits() % 400_000_000) as i64 - 200_000_000;
        self.diary.note(format!("the clock of {who} is wrong by {skew} ms"));
        self.devices[who].skew.store(skew, Ordering::Relaxed);
    }

    fn cut_through(&mut self) {
        self.half = match self.half {
            Some(_) => None,
            None => Some((0..self.devices.len()).map(|_| self.dice.one_in(2)).collect()),
        };
        self.diary.note(format!("halves: {:?}", self.half));
        if let Some(half) = &self.half {
            self.network.cut_between(half);
        }
    }

    /// Whether two devices can reach one another now.
    pub(crate) fn reach(&self, a: usize, b: usize) -> bool {
        a != b && self.half.as_ref().is_none_or(|half| half[a] == half[b])
    }

    /// The number of a device.
    pub(crate) fn number(&self, device: DeviceId) -> Option<usize> {
        self.devices.iter().position(|other| other.id() == device)
    }

    /// At the end all faults are mended, everybody who is honest meets, and everybody must have the same.
    pub fn settle(&mut self) -> Step {
        self.diary.note("everything is mended");
        self.half = None;
        self.network.clear();
        for device in &mut self.devices {
            device.workspace().plan(None);
            device.skew.store(0, Ordering::Relaxed);
        }
        // What was half done when a fault came is given up.
        (0..self.devices.len()).try_for_each(|who| self.crash(who))?;
        self.meet_all()?;
        // A device whose log was forked is frozen until it goes on under another key, or an owner removes it.
        for who in (0..self.devices.len()).filter(|who| self.is_frozen_itself(*who)).collect::<Vec<_>>() {
            if self.dice.one_in(2) {
                self.renew(who)?;
                self.meet_all()?;
            }
        }
        for _ in 0..self.devices.len() {
            if !self.remove_frozen()? {
                break;
            }
            self.meet_all()?;
        }
        check::everywhere(self)
    }

    /// Everything that must hold, and what all devices are, as one number: the same seed gives the same.
    pub fn digest(&self) -> Result<u64, Broken> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        for device in &self.devices {
            let envelopes: BTreeSet<Vec<u8>> = device.workspace().envelopes(self.space).unwrap_or_default().into_iter().collect();
            envelopes.hash(&mut hasher);
        }
        self.diary.lines().hash(&mut hasher);
        Ok(hasher.finish())
    }
}

/// A score of a few measures.
fn small_score(dice: &mut Dice) -> Score {
    let mut ids = IdSource::from_seed([dice.bits(), dice.bits()]);
    let mut score = Score::new();
    let part = ids.next();
    // These identifiers are fresh: nothing can be in their way.
    let _ = score.insert(part, Part { name: "Flute".into(), ..Part::default() });
    for number in 1..=2 + dice.roll(3) {
        let measure = ids.next();
        score.push_measure(measure, Measure { number: number.to_string(), ..Measure::default() });
        for quarter in 0..4 {
            let value = Some(NoteValue::new(NoteBase::Quarter, 0));
            let time = EventTime { measure, onset: Beat::new(quarter, 4), duration: Beat::QUARTER, value, ratio: (1, 1) };
            let event = ids.next();
            let _ = score.insert(event, Event { part, time, ..Event::default() });
            let pitch = NotePitch::Pitched(Pitch::new(Letter::from_index(quarter as i32), 0, 4));
            let _ = score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() });
        }
    }
    score
}

/// The edit that gives a score a title.
pub fn title_edit(title: &str) -> Edit {
    use bandpro_notation::edit::Change;
    use bandpro_notation::model::{Field, HEADER, HeaderField};
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title(title.into())))])
}

/// The edit by which what is forbidden shows.
pub fn forbidden_edit() -> Edit {
    title_edit(FORBIDDEN)
}
