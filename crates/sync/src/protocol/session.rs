//! One side of a conversation about one space, without input or output: events go in, effects come out.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::message::{Asking, MAX_DEVICES, Members, Message, Refusal, Roster, VERSION};
use super::{Agreed, Sending};
use crate::envelope::{Hash, Reason};
use crate::store::log::LogPage;
use crate::{DeviceId, RefusedChange, SpaceId};

/// How many messages with entries may be under way before the first is durable on the other side.
pub const WINDOW: usize = 4;
/// How many bytes of entries go into one message, unless a single one is larger.
pub const BATCH: usize = 256 << 10;
/// How long the other side may take to store what it was sent, or to answer at the beginning.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What happens to a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The stream is open. Only the side that opened it is told.
    Opened,
    /// A message came.
    Received(Message),
    /// The answer to [`Effect::Greet`]: the heads of the membership log that are known here, and the entries by which the other side
    /// may learn that this device is a member.
    Greeting(Vec<Hash>, Vec<Vec<u8>>),
    /// The answer to [`Effect::Admit`].
    Admitted(Result<Roster, Refusal>),
    /// Another answer to [`Effect::Admit`], [`Effect::Enter`] and [`Effect::TakeThanks`]: the other device was removed from the
    /// space, as these entries of the membership log say.
    Expelled(Vec<Vec<u8>>),
    /// The answer to [`Effect::TakeRemoval`].
    TookRemoval,
    /// The answer to [`Effect::Enter`]: what this side tells back, and what the other one has of the logs as they are here.
    Entered(Result<(Roster, Agreed), Refusal>),
    /// The answer to [`Effect::TakeThanks`]: what the other side has of the logs as they are here.
    TookThanks(Agreed),
    /// The answer to [`Effect::Read`].
    Page(LogPage, Members),
    /// Another answer to [`Effect::Read`]: the other device does not belong to the space any more.
    Gone,
    /// The answer to [`Effect::Store`]: how many were new, what was refused, and the devices of which another log is wanted now
    /// than the one that is here.
    Stored(u64, Vec<RefusedChange>, Vec<DeviceId>),
    /// The log of the space, or that of its members, may have grown.
    LogGrew,
    /// Time has passed.
    Tick,
}

/// What a session wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a message.
    Send(Message),
    /// Say what is known of the members.
    Greet,
    /// Decide whether the other device may come in.
    Admit {
        /// The space that it asks for.
        space: SpaceId,
        /// Who it is.
        asking: Box<Asking>,
        /// The heads of the membership log that it knows.
        heads: Vec<Hash>,
        /// The entries by which it says that it is a member.
        introduction: Vec<Vec<u8>>,
    },
    /// Enter the space, or refresh what is known of it.
    Enter(Roster),
    /// Take in what the other side told of the members, and see whether it is one by that.
    TakeThanks(Roster),
    /// Take in what removed this device from the space.
    TakeRemoval(Vec<Vec<u8>>),
    /// Read the log after a place, without what the other side knows, and what is news of the members.
    Read {
        /// The place.
        after: i64,
        /// What the other side knows.
        known: BTreeMap<DeviceId, u64>,
        /// The heads of the membership log that it was told, or told.
        told: Vec<Hash>,
    },
    /// Judge and store news of the members, then entries.
    Store(Members, Vec<Vec<u8>>),
    /// The other side knows that the logs of these devices were forked, and has not the ones that stand.
    Doubt(Vec<DeviceId>),
    /// Tell whoever is interested.
    Report(Report),
    /// Close the stream; what is sent before still arrives.
    Close(Ending),
}

/// What a session tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// Both sides agreed to talk.
    Connected,
    /// The other spaces that both devices belong to, being of one person.
    Spaces(Vec<SpaceId>),
    /// Each side has what the other had.
    UpToDate,
    /// The other device was turned away.
    TurnedAway(Refusal),
    /// A change was refused.
    Refused(RefusedChange),
}

/// How a session ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ending {
    /// All was exchanged, and no more was wanted.
    #[error("all is exchanged")]
    Finished,
    /// The other side turned this one away.
    #[error("turned away: {0}")]
    TurnedAway(Refusal),
    /// This side turned the other away.
    #[error("the other device was turned away: {0}")]
    Refused(Refusal),
    /// The other side said what it may not.
    #[error("the other device broke the protocol: {0}")]
    Protocol(&'static str),
    /// The other side did not go on.
    #[error("the other device does not answer")]
    Stalled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Opened the stream, waits for a welcome.
    Greeting,
    /// Waits for a hello.
    Listening,
    /// Waits for the decision, or for the space to be entered.
    Deciding,
    /// Welcomed the other, waits for its thanks.
    Welcoming,
    /// Exchanges entries.
    Running,
    /// Says and hears nothing more.
    Closed,
}

/// What a session is for.
#[derive(Debug, Clone)]
pub struct Purpose {
    /// The space; for the side that opens the stream.
    pub space: Option<SpaceId>,
    /// Who this is.
    pub asking: Asking,
    /// Whether to end when all is exchanged, instead of staying for what comes.
    pub once: bool,
}

/// One side of a conversation about one space.
#[derive(Debug)]
pub struct Session {
    purpose: Purpose,
    state: State,
    /// This side's log on its way to the other.
    sending: Sending,
    /// Messages with entries that this side has not stored yet.
    storing: usize,
    /// Messages with entries that are stored, of which the other side was not told.
    unacknowledged: usize,
    /// The other side has another log of a device and may not know it: this side's is on its way there. Until it is, nothing is
    /// acknowledged, or the other side might take everything for exchanged and end.
    shows: bool,
    sent_done: bool,
    got_done: bool,
    up_to_date: bool,
    /// The devices whose logs were asked for from their beginnings, by this side and by the other.
    asked_for: [BTreeSet<DeviceId>; 2],
    /// The heads of the membership log that the other side knows.
    told: Vec<Hash>,
    /// Where devices were met, as the other side was told by this one.
    addresses: BTreeMap<DeviceId, Vec<u8>>,
    /// When the other side was last heard or nothing was expected of it.
    heard: Duration,
    /// Entries received that were new, and entries sent.
    pub received: u64,
    /// Entries sent.
    pub sent: u64,
}

impl Session {
    /// A session that begins.
    pub fn new(purpose: Purpose, now: Duration) -> Self {
        let state = if purpose.space.is_some() { State::Greeting } else { State::Listening };
        Self {
            purpose,
            state,
            sending: Sending::default(),
            storing: 0,
            unacknowledged: 0,
            shows: false,
            sent_done: false,
            got_done: false,
            up_to_date: false,
            asked_for: Default::default(),
            told: Vec::new(),
            addresses: BTreeMap::new(),
            heard: now,
            received: 0,
            sent: 0,
        }
    }

    /// Which space it is about, once that is known.
    pub fn space(&self) -> Option<SpaceId> {
        self.purpose.space
    }

    /// What the other side is known to have.
    pub fn known(&self) -> &BTreeMap<DeviceId, u64> {
        self.sending.known()
    }

    /// Whether both sides agreed to talk.
    pub fn is_running(&self) -> bool {
        self.state == State::Running
    }

    /// Whether each side has had all that the other had.
    pub fn is_up_to_date(&self) -> bool {
        self.up_to_date
    }

    /// Takes in an event and says what to do.
    pub fn handle(&mut self, now: Duration, event: Event) -> Vec<Effect> {
        if self.state == State::Closed {
            return Vec::new();
        }
        match event {
            Event::Received(message) => {
                self.heard = now;
                self.on_message(message)
            }
            Event::Tick => self.on_tick(now),
            Event::Opened => self.on_opened(),
            Event::Admitted(admitted) => self.on_admitted(admitted),
            Event::Expelled(entries) => self.turn_away_by(Message::Removed(entries), Refusal::Removed),
            Event::TookRemoval => self.close(Ending::TurnedAway(Refusal::Removed)),
            Event::Greeting(heads, introduction) => self.on_greeting(heads, introduction),
            Event::Entered(entered) => self.on_entered(entered),
            Event::TookThanks(taken) => self.on_thanks(taken),
            Event::Page(page, members) => self.on_page(page, members),
            Event::Gone => self.close(Ending::Refused(Refusal::Removed)),
            Event::Stored(new, refused, wanted) => self.on_stored(new, refused, wanted),
            Event::LogGrew => {
                self.sending.grew();
                self.go_on()
            }
        }
    }

    fn close(&mut self, ending: Ending) -> Vec<Effect> {
        self.state = State::Closed;
        vec![Effect::Close(ending)]
    }

    fn on_tick(&mut self, now: Duration) -> Vec<Effect> {
        let waiting = self.sending.is_under_way() || matches!(self.state, State::Greeting | State::Listening | State::Welcoming);
        if !waiting {
            self.heard = now;
        }
        if now.saturating_sub(self.heard) > PATIENCE { self.close(Ending::Stalled) } else { Vec::new() }
    }

    fn on_opened(&mut self) -> Vec<Effect> {
        if self.purpose.space.is_some() { vec![Effect::Greet] } else { Vec::new() }
    }

    fn on_greeting(&mut self, heads: Vec<Hash>, introduction: Vec<Vec<u8>>) -> Vec<Effect> {
        let Purpose { space: Some(space), asking, .. } = &self.purpose else { return Vec::new() };
        vec![Effect::Send(Message::Hello { version: VERSION, space: *space, asking: Box::new(asking.clone()), heads, introduction })]
    }

    fn on_message(&mut self, message: Message) -> Vec<Effect> {
        match (self.state, message) {
            (State::Listening, Message::Hello { version, .. }) if version != VERSION => self.turn_away(Refusal::Version),
            (State::Listening, Message::Hello { space, asking, heads, introduction, .. }) => {
                self.purpose.space = Some(space);
                self.state = State::Deciding;
                vec![Effect::Admit { space, asking, heads, introduction }]
            }
            (State::Greeting, Message::Welcome(roster)) => {
                self.state = State::Deciding;
                self.told.clone_from(&roster.members.heads);
                vec![Effect::Report(Report::Spaces(roster.spaces.clone())), Effect::Enter(roster)]
            }
            (State::Greeting, Message::TurnedAway(refusal)) => self.close(Ending::TurnedAway(refusal)),
            (State::Greeting | State::Welcoming, Message::Removed(entries)) => {
                self.state = State::Deciding;
                vec![Effect::TakeRemoval(entries)]
            }
            (State::Welcoming, Message::Thanks(roster)) => {
                self.state = State::Deciding;
                self.told.clone_from(&roster.members.heads);
                vec![Effect::Report(Report::Spaces(roster.spaces.clone())), Effect::TakeThanks(roster)]
            }
            // Whoever opened the stream finds that this device does not belong to the space any more.
            (State::Welcoming, Message::TurnedAway(refusal)) => self.close(Ending::TurnedAway(refusal)),
            (State::Running, Message::Entries(members, entries)) => self.on_entries(members, entries),
            (State::Running, Message::Stored) if self.sending.acknowledged() => self.go_on(),
            (State::Running, Message::Stored) => self.close(Ending::Protocol("it acknowledged what was not sent")),
            (State::Running, Message::Want(devices)) if self.asked_for[1].len() + devices.len() > MAX_DEVICES => {
                self.close(Ending::Protocol("it asked for more logs than a space has"))
            }
            (State::Running, Message::Want(devices)) => {
                // Once for each: what is sent again and again would cost more than asking does.
                let new: Vec<DeviceId> = devices.into_iter().filter(|device| self.asked_for[1].insert(*device)).collect();
                for device in &new {
                    self.sending.wants(*device);
                    self.sent_done = false;
                }
                let mut effects = if new.is_empty() { Vec::new() } else { vec![Effect::Doubt(new)] };
                effects.extend(self.go_on());
                effects
            }
            (State::Running, Message::Done) => {
                self.got_done = true;
                self.go_on()
            }
            _ => self.close(Ending::Protocol("a message came out of turn")),
        }
    }

    fn turn_away(&mut self, refusal: Refusal) -> Vec<Effect> {
        self.turn_away_by(Message::TurnedAway(refusal), refusal)
    }

    fn turn_away_by(&mut self, message: Message, refusal: Refusal) -> Vec<Effect> {
        let mut effects = vec![Effect::Send(message), Effect::Report(Report::TurnedAway(refusal))];
        effects.extend(self.close(Ending::Refused(refusal)));
        effects
    }

    fn on_admitted(&mut self, admitted: Result<Roster, Refusal>) -> Vec<Effect> {
        match admitted {
            Ok(roster) => {
                self.state = State::Welcoming;
                self.addresses.extend(roster.members.addresses.iter().cloned());
                vec![Effect::Send(Message::Welcome(roster))]
            }
            Err(refusal) => self.turn_away(refusal),
        }
    }

    fn on_entered(&mut self, entered: Result<(Roster, Agreed), Refusal>) -> Vec<Effect> {
        match entered {
            Ok((roster, Agreed { known, parted, wanted })) => {
                self.sending.agrees(known, parted);
                self.told.clone_from(&roster.members.heads);
                self.addresses.extend(roster.members.addresses.iter().cloned());
                let mut effects = vec![Effect::Send(Message::Thanks(roster))];
                effects.extend(self.run(wanted));
                effects
            }
            Err(refusal) => self.turn_away(refusal),
        }
    }

    fn on_thanks(&mut self, Agreed { known, parted, wanted }: Agreed) -> Vec<Effect> {
        self.sending.agrees(known, parted);
        self.run(wanted)
    }

    fn run(&mut self, wanted: Vec<DeviceId>) -> Vec<Effect> {
        self.state = State::Running;
        let mut effects = vec![Effect::Report(Report::Connected)];
        effects.extend(self.ask_for(wanted));
        effects.extend(self.go_on());
        effects
    }

    /// Asks for the logs of devices from their beginnings, once for each; the other side is done when it has sent them. It is sent
    /// this side's, so that it knows of them where it has still another.
    fn ask_for(&mut self, mut wanted: Vec<DeviceId>) -> Option<Effect> {
        wanted.retain(|device| self.asked_for[0].insert(*device));
        if wanted.is_empty() {
            return None;
        }
        for device in &wanted {
            self.sending.parted(*device, 1);
        }
        self.got_done = false;
        Some(Effect::Send(Message::Want(wanted)))
    }

    fn on_entries(&mut self, members: Members, entries: Vec<Vec<u8>>) -> Vec<Effect> {
        if self.storing >= WINDOW {
            return self.close(Ending::Protocol("it sent more than was acknowledged"));
        }
        self.sending.has_sent(&entries);
        self.storing += 1;
        vec![Effect::Store(members, entries)]
    }

    fn on_stored(&mut self, new: u64, refused: Vec<RefusedChange>, wanted: Vec<DeviceId>) -> Vec<Effect> {
        self.storing = self.storing.saturating_sub(1);
        self.received += new;
        for forked in refused.iter().filter(|refused| refused.reason == Reason::Fork) {
            self.shows |= self.sending.parted(forked.device, forked.seq);
        }
        self.unacknowledged += 1;
        let reports = refused.into_iter().filter(|refused| refused.reason != Reason::Gap);
        let mut effects: Vec<Effect> = reports.map(|refused| Effect::Report(Report::Refused(refused))).collect();
        effects.extend(self.ask_for(wanted));
        if !self.shows {
            effects.extend(self.acknowledge());
        }
        effects.extend(self.go_on());
        effects
    }

    /// Says that everything is durable that was stored.
    fn acknowledge(&mut self) -> impl Iterator<Item = Effect> + use<> {
        self.shows = false;
        std::iter::repeat_n(Message::Stored, std::mem::take(&mut self.unacknowledged)).map(Effect::Send)
    }

    fn on_page(&mut self, page: LogPage, mut members: Members) -> Vec<Effect> {
        let entries = self.sending.page(page);
        let mut effects = Vec::new();
        if !entries.is_empty() || !members.entries.is_empty() {
            self.sent += entries.len() as u64;
            self.sending.sent();
            self.told.clone_from(&members.heads);
            self.leave_out_what_was_told(&mut members);
            effects.push(Effect::Send(Message::Entries(members, entries)));
        }
        effects.extend(self.go_on());
        effects
    }

    /// Most changes go one by one, and what goes with each is mostly what went with the one before.
    fn leave_out_what_was_told(&mut self, members: &mut Members) {
        if members.entries.is_empty() {
            members.heads.clear();
        }
        members.addresses.retain(|(device, address)| self.addresses.get(device) != Some(address));
        self.addresses.extend(members.addresses.iter().cloned());
    }

    /// What comes next: another page, the end of the first exchange, the end of the session.
    fn go_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.is_running() || self.sending.is_reading() {
            return effects;
        }
        if self.sending.is_behind() {
            match self.sending.read() {
                Some(after) => effects.push(Effect::Read { after, known: self.known().clone(), told: self.told.clone() }),
                // Both sides may wait so: who acknowledges ends it.
                None => effects.extend(self.acknowledge()),
            }
            return effects;
        }
        effects.extend(self.acknowledge());
        if !self.sent_done {
            self.sent_done = true;
            effects.push(Effect::Send(Message::Done));
        }
        let exchanged = self.got_done && !self.sending.is_under_way() && self.storing == 0;
        if exchanged && !self.up_to_date {
            self.up_to_date = true;
            effects.push(Effect::Report(Report::UpToDate));
            if self.purpose.once {
                effects.extend(self.close(Ending::Finished));
            }
        }
        effects
    }
}
