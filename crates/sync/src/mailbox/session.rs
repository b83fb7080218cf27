//! This device's side of a conversation with a mailbox about one space, without input or output: events go in, effects come out.

use std::collections::BTreeMap;
use std::time::Duration;

use super::message::{FromMailbox, Full, Held, Pushed, Refusal, ToMailbox, VERSION, Vector};
use super::pass::Token;
use super::roster::{Roster, Signed};
use crate::envelope::Reason;
use crate::protocol::{PATIENCE, Sending, WINDOW};
use crate::store::log::LogPage;
use crate::{DeviceId, RefusedChange, SpaceId};

/// What happens to a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The stream is open.
    Opened,
    /// A message came.
    Received(FromMailbox),
    /// The answer to [`Effect::Enter`]: how far this device's logs go, and a roster where the mailbox has an older one and this
    /// device may sign one.
    Entered(Vector, Option<Signed<Roster>>),
    /// The answer to [`Effect::Read`].
    Page(LogPage),
    /// The answer to [`Effect::Store`]: how many were new, what was refused, and how far this device's logs go now.
    Stored(u64, Vec<RefusedChange>, Vector),
    /// The log of the space may have grown.
    LogGrew,
    /// An owner's device has a newer roster.
    Roster(Signed<Roster>),
    /// Time has passed.
    Tick,
}

/// What a session wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a message.
    Send(ToMailbox),
    /// Look at what the mailbox holds, and say what this device has.
    Enter(Held),
    /// Read the log after a place, without what the mailbox knows.
    Read {
        /// The place.
        after: i64,
        /// What the mailbox knows.
        known: BTreeMap<DeviceId, u64>,
    },
    /// Judge and store entries.
    Store(Vec<Vec<u8>>),
    /// Tell whoever is interested.
    Report(Report),
    /// Close the stream; what is sent before still arrives.
    Close(Ending),
}

/// What a session tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The mailbox let this device in.
    Connected,
    /// The mailbox has what this device has, and the other way round.
    UpToDate,
    /// The mailbox takes no more, so that some changes reach others only directly.
    Full(Full),
    /// The mailbox refused a change: who wrote it, its number, and why.
    Refused(DeviceId, u64, Option<Reason>),
}

/// How a session ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Ending {
    /// All was exchanged, and no more was wanted.
    #[error("all is exchanged")]
    Finished,
    /// The mailbox turned this device away.
    #[error("turned away: {0}")]
    TurnedAway(Refusal),
    /// The mailbox said what it may not.
    #[error("the mailbox broke the protocol: {0}")]
    Protocol(&'static str),
    /// The mailbox did not go on.
    #[error("the mailbox does not answer")]
    Stalled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Greeting,
    Entering,
    Running,
    Closed,
}

/// What a session is for.
#[derive(Debug, Clone)]
pub struct Purpose {
    /// The space.
    pub space: SpaceId,
    /// What the band is known by.
    pub token: Token,
    /// The roster, where this device may sign one.
    pub roster: Option<Signed<Roster>>,
    /// Whether to end when all is exchanged, instead of staying for what comes.
    pub once: bool,
}

/// One conversation with a mailbox about one space.
#[derive(Debug)]
pub struct Session {
    purpose: Purpose,
    state: State,
    /// This side's log on its way to the mailbox.
    sending: Sending,
    /// Entries that are not durable here yet.
    storing: usize,
    /// The mailbox has sent all that it had.
    got_all: bool,
    up_to_date: bool,
    /// The mailbox takes no more.
    full: Option<Full>,
    heard: Duration,
    /// Entries that came and were new.
    pub received: u64,
    /// Entries sent.
    pub sent: u64,
}

impl Session {
    /// A session that begins.
    pub fn new(purpose: Purpose, now: Duration) -> Self {
        Self {
            purpose,
            state: State::Greeting,
            sending: Sending::default(),
            storing: 0,
            got_all: false,
            up_to_date: false,
            full: None,
            heard: now,
            received: 0,
            sent: 0,
        }
    }

    /// What the mailbox is known to have.
    pub fn known(&self) -> &BTreeMap<DeviceId, u64> {
        self.sending.known()
    }

    /// Whether the mailbox let this device in.
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
            Event::Opened => {
                let Purpose { space, token, roster, .. } = &self.purpose;
                vec![Effect::Send(ToMailbox::Hello { version: VERSION, space: *space, token: *token, roster: roster.clone() })]
            }
            Event::Received(message) => {
                self.heard = now;
                self.on_message(message)
            }
            Event::Entered(vector, roster) => self.on_entered(vector, roster),
            Event::Page(page) => self.on_page(page),
            Event::Stored(new, refused, vector) => self.on_stored(new, &refused, vector),
            Event::LogGrew => {
                self.sending.grew();
                self.go_on()
            }
            Event::Roster(roster) if self.is_running() => vec![Effect::Send(ToMailbox::Roster(roster))],
            Event::Roster(_) => Vec::new(),
            Event::Tick => self.on_tick(now),
        }
    }

    fn close(&mut self, ending: Ending) -> Vec<Effect> {
        self.state = State::Closed;
        vec![Effect::Close(ending)]
    }

    fn on_tick(&mut self, now: Duration) -> Vec<Effect> {
        if !self.sending.is_under_way() && self.state != State::Greeting {
            self.heard = now;
        }
        if now.saturating_sub(self.heard) > PATIENCE { self.close(Ending::Stalled) } else { Vec::new() }
    }

    fn on_message(&mut self, message: FromMailbox) -> Vec<Effect> {
        match (self.state, message) {
            (State::Greeting, FromMailbox::Welcome(held)) => {
                self.state = State::Entering;
                // What it dropped, everyone has had.
                self.sending.has(held.known.iter().chain(&held.dropped).copied());
                vec![Effect::Enter(held)]
            }
            (_, FromMailbox::TurnedAway(refusal)) => self.close(Ending::TurnedAway(refusal)),
            (State::Running, FromMailbox::Entries(entries)) => self.on_entries(entries),
            (State::Running, FromMailbox::UpToDate) => {
                self.got_all = true;
                self.go_on()
            }
            (State::Running, FromMailbox::Stored(pushed)) => self.on_pushed(pushed),
            _ => self.close(Ending::Protocol("a message came out of turn")),
        }
    }

    fn on_entered(&mut self, vector: Vector, roster: Option<Signed<Roster>>) -> Vec<Effect> {
        if self.state != State::Entering {
            return Vec::new();
        }
        self.state = State::Running;
        // Who may write comes before what they wrote.
        let mut effects: Vec<Effect> = roster.map(|roster| Effect::Send(ToMailbox::Roster(roster))).into_iter().collect();
        effects.extend([Effect::Report(Report::Connected), Effect::Send(ToMailbox::Have(vector))]);
        effects.extend(self.go_on());
        effects
    }

    fn on_entries(&mut self, entries: Vec<Vec<u8>>) -> Vec<Effect> {
        if self.storing >= WINDOW {
            return self.close(Ending::Protocol("it sent more than was acknowledged"));
        }
        self.sending.has_sent(&entries);
        self.storing += 1;
        vec![Effect::Store(entries)]
    }

    fn on_stored(&mut self, new: u64, refused: &[RefusedChange], vector: Vector) -> Vec<Effect> {
        self.storing = self.storing.saturating_sub(1);
        self.received += new;
        // A gap is no reproach: the box may have dropped what all had who were members then.
        let reported = refused.iter().filter(|refused| refused.reason != Reason::Gap);
        let mut effects: Vec<Effect> =
            reported.map(|refused| Effect::Report(Report::Refused(refused.device, refused.seq, Some(refused.reason)))).collect();
        effects.push(Effect::Send(ToMailbox::Have(vector)));
        effects.extend(self.go_on());
        effects
    }

    fn on_pushed(&mut self, pushed: Pushed) -> Vec<Effect> {
        if !self.sending.acknowledged() {
            return self.close(Ending::Protocol("it acknowledged what was not sent"));
        }
        let reason = |code: &str| Reason::from_code(code);
        let mut effects: Vec<Effect> =
            pushed.refused.iter().map(|(device, seq, code)| Effect::Report(Report::Refused(*device, *seq, reason(code)))).collect();
        if let Some(full) = pushed.full
            && self.full.replace(full) != Some(full)
        {
            effects.push(Effect::Report(Report::Full(full)));
        }
        effects.extend(self.go_on());
        effects
    }

    fn on_page(&mut self, page: LogPage) -> Vec<Effect> {
        let entries = self.sending.page(page);
        let mut effects = Vec::new();
        if !entries.is_empty() {
            self.sent += entries.len() as u64;
            self.sending.sent();
            effects.push(Effect::Send(ToMailbox::Push(entries)));
        }
        effects.extend(self.go_on());
        effects
    }

    /// What comes next: another page, the end of the first exchange, the end of the session.
    fn go_on(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !self.is_running() || self.sending.is_reading() {
            return effects;
        }
        if self.sending.is_behind() && self.full.is_none() {
            let read = self.sending.read();
            effects.extend(read.map(|after| Effect::Read { after, known: self.known().clone() }));
            return effects;
        }
        if self.got_all && !self.sending.is_under_way() && self.storing == 0 && !self.up_to_date {
            self.up_to_date = true;
            effects.push(Effect::Report(Report::UpToDate));
            if self.purpose.once {
                effects.extend(self.close(Ending::Finished));
            }
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPACE: SpaceId = SpaceId([1; 16]);
    const NOW: Duration = Duration::ZERO;

    fn ann() -> DeviceId {
        DeviceId([1; 32])
    }

    fn held(known: Vector) -> Held {
        Held { known, dropped: Vec::new(), roster: Roster { space: SPACE, version: 1, owners: vec![ann()], devices: vec![ann()] } }
    }

    fn running(once: bool, known: Vector) -> Session {
        let mut session = Session::new(Purpose { space: SPACE, token: Token([0; 16]), roster: None, once }, NOW);
        assert!(matches!(session.handle(NOW, Event::Opened)[..], [Effect::Send(ToMailbox::Hello { .. })]));
        assert!(matches!(session.handle(NOW, Event::Received(FromMailbox::Welcome(held(known))))[..], [Effect::Enter(_)]));
        let effects = session.handle(NOW, Event::Entered(vec![(ann(), 3)], None));
        let [Effect::Report(Report::Connected), have, read] = &effects[..] else { panic!("{effects:?}") };
        assert!(matches!(have, Effect::Send(ToMailbox::Have(_))) && matches!(read, Effect::Read { .. }));
        session
    }

    fn page(seqs: &[u64], more: bool) -> Event {
        let entries: Vec<_> = seqs.iter().map(|seq| (ann(), *seq, vec![*seq as u8])).collect();
        Event::Page(LogPage { entries, upto: 9, more })
    }

    #[test]
    fn what_the_box_lacks_is_pushed_once_and_it_ends_when_all_is_durable() {
        let mut session = running(true, vec![(ann(), 1)]);
        let effects = session.handle(NOW, page(&[1, 2, 3], false));
        assert!(matches!(&effects[..], [Effect::Send(ToMailbox::Push(entries))] if *entries == [vec![2], vec![3]]), "{effects:?}");
        assert_eq!(session.handle(NOW, Event::Received(FromMailbox::UpToDate)), Vec::new(), "the push is not durable yet");
        let effects = session.handle(NOW, Event::Received(FromMailbox::Stored(Pushed { stored: 2, ..Pushed::default() })));
        assert_eq!(effects, [Effect::Report(Report::UpToDate), Effect::Close(Ending::Finished)]);
    }

    #[test]
    fn what_comes_is_acknowledged_when_it_is_durable() {
        let mut session = running(false, Vec::new());
        assert_eq!(session.handle(NOW, Event::Received(FromMailbox::Entries(vec![vec![5]]))), [Effect::Store(vec![vec![5]])]);
        let effects = session.handle(NOW, Event::Stored(1, Vec::new(), vec![(ann(), 4)]));
        assert_eq!(effects[0], Effect::Send(ToMailbox::Have(vec![(ann(), 4)])));
    }

    #[test]
    fn a_full_box_is_reported_once_and_pushed_no_more() {
        let mut session = running(false, Vec::new());
        session.handle(NOW, page(&[1, 2], true));
        let full = || Event::Received(FromMailbox::Stored(Pushed { full: Some(Full::Bytes), ..Pushed::default() }));
        session.handle(NOW, page(&[3], true));
        assert_eq!(session.handle(NOW, full())[0], Effect::Report(Report::Full(Full::Bytes)));
        assert_eq!(session.handle(NOW, full()), Vec::new());
        assert_eq!(session.handle(NOW, Event::LogGrew), Vec::new());
    }

    #[test]
    fn a_box_that_breaks_the_protocol_is_left() {
        let ended = |message| matches!(running(false, Vec::new()).handle(NOW, Event::Received(message))[..], [Effect::Close(_)]);
        assert!(ended(FromMailbox::Stored(Pushed::default())), "acknowledged what was not sent");
        assert!(ended(FromMailbox::Welcome(held(Vec::new()))), "twice");
        let mut session = running(false, Vec::new());
        for _ in 0..WINDOW {
            session.handle(NOW, Event::Received(FromMailbox::Entries(vec![vec![1]])));
        }
        let effects = session.handle(NOW, Event::Received(FromMailbox::Entries(vec![vec![1]])));
        assert!(matches!(effects[..], [Effect::Close(Ending::Protocol(_))]));
    }

    #[test]
    fn a_box_that_does_not_answer_is_left() {
        let mut session = running(false, Vec::new());
        session.handle(NOW, page(&[1], false));
        assert_eq!(session.handle(PATIENCE, Event::Tick), Vec::new());
        let effects = session.handle(PATIENCE + Duration::from_secs(1), Event::Tick);
        assert_eq!(effects, [Effect::Close(Ending::Stalled)]);
    }
}
