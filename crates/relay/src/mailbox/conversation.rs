//! One conversation of the mailbox with a device about one space, without input or output: events go in, effects come out.

use std::collections::BTreeMap;
use std::time::Duration;

use bandpro_sync::mailbox::{FromMailbox, Pushed, Refusal, Release, Roster, Signed, ToMailbox, VERSION, Vector};
use bandpro_sync::protocol::{BATCH, PATIENCE, Sending, WINDOW};
use bandpro_sync::store::log::LogPage;
use bandpro_sync::{DeviceId, SpaceId};

use crate::store::boxes::{Admitted, Introduction};

/// What happens to a conversation.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A message came.
    Received(ToMailbox),
    /// The answer to [`Effect::Admit`].
    Admitted(Result<Admitted, Refusal>),
    /// The answer to [`Effect::Push`].
    Pushed(Pushed),
    /// The answer to [`Effect::Read`].
    Page(LogPage),
    /// Something came into the box: envelopes, or another roster.
    News(News),
    /// The relay is being stopped.
    Stopping,
    /// Time has passed.
    Tick,
}

/// What is new in a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Envelopes.
    Entries,
    /// Who may use it.
    Roster(Roster),
}

/// What a conversation wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Send a message.
    Send(FromMailbox),
    /// Decide whether the device may come in.
    Admit(Introduction),
    /// Judge and keep envelopes.
    Push(Vec<Vec<u8>>),
    /// Read what is in the box after a place, without what the device knows.
    Read {
        /// The place.
        after: i64,
        /// What the device knows.
        known: BTreeMap<DeviceId, u64>,
    },
    /// Keep how far the device has each log.
    Acknowledge(Vector),
    /// Take a newer roster, if it is one.
    Roster(Signed<Roster>),
    /// Drop what an owner says may go.
    Release(Signed<Release>),
    /// Close the stream; what is sent before still arrives.
    Close(Ending),
}

/// How a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The device was turned away.
    TurnedAway(Refusal),
    /// The device said what it may not.
    Protocol(&'static str),
    /// The device did not go on.
    Stalled,
    /// The relay is being stopped.
    Stopping,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Listening,
    Deciding,
    /// Waits for the device to say what it has.
    Welcomed,
    Running,
    Closed,
}

/// One conversation.
#[derive(Debug)]
pub struct Conversation {
    device: DeviceId,
    state: State,
    space: Option<SpaceId>,
    band: Option<i64>,
    /// The box on its way to the device.
    sending: Sending,
    told_up_to_date: bool,
    /// Pushes that are not durable yet.
    storing: usize,
    stopping: bool,
    heard: Duration,
}

impl Conversation {
    /// One that begins, with this device.
    pub fn new(device: DeviceId, now: Duration) -> Self {
        Self {
            device,
            state: State::Listening,
            space: None,
            band: None,
            sending: Sending::default(),
            told_up_to_date: false,
            storing: 0,
            stopping: false,
            heard: now,
        }
    }

    /// Whose box it is about, once that is known.
    pub fn boxed(&self) -> Option<(SpaceId, i64)> {
        self.space.zip(self.band)
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
            Event::Admitted(admitted) => self.on_admitted(admitted),
            Event::Pushed(pushed) => {
                self.storing = self.storing.saturating_sub(1);
                let mut effects = vec![Effect::Send(FromMailbox::Stored(pushed))];
                if self.stopping && self.storing == 0 {
                    effects.extend(self.close(Ending::Stopping));
                }
                effects
            }
            Event::Page(page) => self.on_page(page),
            Event::News(news) => self.on_news(news),
            Event::Stopping => {
                self.stopping = true;
                if self.storing == 0 { self.close(Ending::Stopping) } else { Vec::new() }
            }
            Event::Tick => self.on_tick(now),
        }
    }

    fn close(&mut self, ending: Ending) -> Vec<Effect> {
        self.state = State::Closed;
        vec![Effect::Close(ending)]
    }

    fn turn_away(&mut self, refusal: Refusal) -> Vec<Effect> {
        let mut effects = vec![Effect::Send(FromMailbox::TurnedAway(refusal))];
        effects.extend(self.close(Ending::TurnedAway(refusal)));
        effects
    }

    fn on_tick(&mut self, now: Duration) -> Vec<Effect> {
        let waiting = self.sending.is_under_way() || matches!(self.state, State::Listening | State::Welcomed);
        if !waiting {
            self.heard = now;
        }
        if now.saturating_sub(self.heard) > PATIENCE { self.close(Ending::Stalled) } else { Vec::new() }
    }

    fn on_message(&mut self, message: ToMailbox) -> Vec<Effect> {
        match (self.state, message) {
            (State::Listening, ToMailbox::Hello { version, .. }) if version != VERSION => self.turn_away(Refusal::Version),
            (State::Listening, ToMailbox::Hello { .. }) if self.stopping => self.turn_away(Refusal::Busy),
            (State::Listening, ToMailbox::Hello { space, token, roster, .. }) => {
                self.state = State::Deciding;
                self.space = Some(space);
                vec![Effect::Admit(Introduction { space, device: self.device, token, roster })]
            }
            (State::Welcomed, ToMailbox::Have(vector)) => {
                self.state = State::Running;
                self.on_have(vector)
            }
            (State::Running, ToMailbox::Have(vector)) if self.sending.acknowledged() => self.on_have(vector),
            (State::Running, ToMailbox::Have(_)) => self.close(Ending::Protocol("it acknowledged what was not sent")),
            (State::Running, ToMailbox::Push(envelopes)) => self.on_push(envelopes),
            (State::Welcomed | State::Running, ToMailbox::Roster(roster)) => vec![Effect::Roster(roster)],
            (State::Running, ToMailbox::Release(release)) => vec![Effect::Release(release)],
            _ => self.close(Ending::Protocol("a message came out of turn")),
        }
    }

    fn on_have(&mut self, vector: Vector) -> Vec<Effect> {
        self.sending.has(vector.iter().copied());
        let mut effects = vec![Effect::Acknowledge(vector)];
        effects.extend(self.go_on());
        effects
    }

    fn on_admitted(&mut self, admitted: Result<Admitted, Refusal>) -> Vec<Effect> {
        match admitted {
            Ok(Admitted { band, held }) => {
                self.state = State::Welcomed;
                self.band = Some(band);
                vec![Effect::Send(FromMailbox::Welcome(held))]
            }
            Err(refusal) => self.turn_away(refusal),
        }
    }

    fn on_push(&mut self, envelopes: Vec<Vec<u8>>) -> Vec<Effect> {
        if self.stopping {
            return Vec::new();
        }
        if self.storing >= WINDOW {
            return self.close(Ending::Protocol("it pushed more than was acknowledged"));
        }
        self.storing += 1;
        self.sending.has_sent(&envelopes);
        vec![Effect::Push(envelopes)]
    }

    fn on_news(&mut self, news: News) -> Vec<Effect> {
        match news {
            News::Roster(roster) if self.space == Some(roster.space) && !roster.names(self.device) => self.turn_away(Refusal::NotOnRoster),
            News::Entries if self.state == State::Running => {
                self.sending.grew();
                self.go_on()
            }
            _ => Vec::new(),
        }
    }

    fn on_page(&mut self, page: LogPage) -> Vec<Effect> {
        let entries = self.sending.page(page);
        let mut effects = Vec::new();
        if !entries.is_empty() {
            self.sending.sent();
            effects.push(Effect::Send(FromMailbox::Entries(entries)));
        }
        effects.extend(self.go_on());
        effects
    }

    /// What comes next: another page, or that there is none.
    fn go_on(&mut self) -> Vec<Effect> {
        if self.state != State::Running || self.sending.is_reading() || self.stopping {
            return Vec::new();
        }
        if self.sending.is_behind() {
            let read = self.sending.read();
            return read.map(|after| Effect::Read { after, known: self.sending.known().clone() }).into_iter().collect();
        }
        if self.told_up_to_date || self.sending.is_under_way() {
            return Vec::new();
        }
        self.told_up_to_date = true;
        vec![Effect::Send(FromMailbox::UpToDate)]
    }
}

/// The most bytes of entries that go into one message, unless a single one is larger.
pub const PAGE: usize = BATCH;

#[cfg(test)]
mod tests {
    use super::*;
    use bandpro_sync::mailbox::{Held, Token};

    const NOW: Duration = Duration::ZERO;
    const SPACE: SpaceId = SpaceId([1; 16]);

    fn ann() -> DeviceId {
        DeviceId([1; 32])
    }

    fn roster(devices: Vec<DeviceId>) -> Roster {
        Roster { space: SPACE, version: 2, owners: vec![ann()], devices }
    }

    fn hello(version: u16) -> Event {
        Event::Received(ToMailbox::Hello { version, space: SPACE, token: Token([0; 16]), roster: None })
    }

    fn received(message: ToMailbox) -> Event {
        Event::Received(message)
    }

    fn welcomed() -> Conversation {
        let mut conversation = Conversation::new(ann(), NOW);
        assert!(matches!(conversation.handle(NOW, hello(VERSION))[..], [Effect::Admit(_)]));
        let held = Held { known: Vec::new(), dropped: Vec::new(), roster: roster(vec![ann()]) };
        let effects = conversation.handle(NOW, Event::Admitted(Ok(Admitted { band: 7, held })));
        assert!(matches!(effects[..], [Effect::Send(FromMailbox::Welcome(_))]));
        assert_eq!(conversation.boxed(), Some((SPACE, 7)));
        conversation
    }

    fn running() -> Conversation {
        let mut conversation = welcomed();
        let effects = conversation.handle(NOW, received(ToMailbox::Have(Vec::new())));
        assert!(matches!(effects[..], [Effect::Acknowledge(_), Effect::Read { after: 0, .. }]));
        conversation
    }

    fn page(seqs: std::ops::RangeInclusive<u64>, more: bool) -> Event {
        let entries: Vec<_> = seqs.map(|seq| (DeviceId([9; 32]), seq, vec![seq as u8])).collect();
        Event::Page(LogPage { upto: entries.len() as i64, entries, more })
    }

    fn ending(effects: &[Effect]) -> Option<Ending> {
        effects.iter().find_map(|effect| if let Effect::Close(ending) = effect { Some(*ending) } else { None })
    }

    #[test]
    fn only_so_much_is_under_way_to_a_slow_reader() {
        let mut conversation = running();
        let mut sent = 0;
        let mut event = page(1..=1, true);
        for seq in 2..20 {
            let effects = conversation.handle(NOW, event);
            sent += effects.iter().filter(|effect| matches!(effect, Effect::Send(FromMailbox::Entries(_)))).count();
            if !effects.iter().any(|effect| matches!(effect, Effect::Read { .. })) {
                break;
            }
            event = page(seq..=seq, true);
        }
        assert_eq!(sent, WINDOW);
        let effects = conversation.handle(NOW, received(ToMailbox::Have(Vec::new())));
        assert!(matches!(effects[..], [Effect::Acknowledge(_), Effect::Read { .. }]), "one acknowledged, one more is read");
        assert_eq!(ending(&conversation.handle(PATIENCE * 2, Event::Tick)), Some(Ending::Stalled));
    }

    #[test]
    fn it_is_up_to_date_when_all_is_acknowledged_and_hears_of_news() {
        let mut conversation = running();
        conversation.handle(NOW, page(1..=2, false));
        let effects = conversation.handle(NOW, received(ToMailbox::Have(Vec::new())));
        assert_eq!(effects[1], Effect::Send(FromMailbox::UpToDate));
        let effects = conversation.handle(NOW, Event::News(News::Entries));
        assert!(matches!(&effects[..], [Effect::Read { after: 2, .. }]));
    }

    #[test]
    fn what_comes_out_of_turn_ends_it() {
        let ended = |mut conversation: Conversation, message| ending(&conversation.handle(NOW, received(message)));
        let protocol = |ending| matches!(ending, Some(Ending::Protocol(_)));
        assert!(protocol(ended(Conversation::new(ann(), NOW), ToMailbox::Push(Vec::new()))), "before hello");
        assert!(protocol(ended(welcomed(), ToMailbox::Push(Vec::new()))), "before it says what it has");
        assert!(protocol(ended(running(), ToMailbox::Have(Vec::new()))), "acknowledged what was not sent");
        let mut conversation = running();
        for _ in 0..WINDOW {
            assert!(matches!(conversation.handle(NOW, received(ToMailbox::Push(Vec::new())))[..], [Effect::Push(_)]));
        }
        assert!(protocol(ended(conversation, ToMailbox::Push(Vec::new()))), "a flood");
        let effects = Conversation::new(ann(), NOW).handle(NOW, hello(VERSION + 1));
        assert_eq!(ending(&effects), Some(Ending::TurnedAway(Refusal::Version)));
    }

    #[test]
    fn one_who_is_taken_off_the_roster_is_turned_away_at_once() {
        let mut conversation = running();
        let stays = roster(vec![ann()]);
        assert_eq!(conversation.handle(NOW, Event::News(News::Roster(stays))), Vec::new());
        let effects = conversation.handle(NOW, Event::News(News::Roster(roster(Vec::new()))));
        assert_eq!(ending(&effects), Some(Ending::TurnedAway(Refusal::NotOnRoster)));
        assert_eq!(conversation.handle(NOW, Event::News(News::Entries)), Vec::new(), "and hears nothing more");
    }

    #[test]
    fn when_it_stops_what_was_pushed_is_still_acknowledged() {
        let mut conversation = running();
        conversation.handle(NOW, received(ToMailbox::Push(vec![Vec::new()])));
        assert_eq!(conversation.handle(NOW, Event::Stopping), Vec::new());
        assert_eq!(conversation.handle(NOW, received(ToMailbox::Push(vec![Vec::new()]))), Vec::new(), "it takes no more");
        let effects = conversation.handle(NOW, Event::Pushed(Pushed::default()));
        assert!(matches!(effects[..], [Effect::Send(FromMailbox::Stored(_)), Effect::Close(Ending::Stopping)]));
    }
}
