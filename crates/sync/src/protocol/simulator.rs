//! A small world of devices, messages that are on their way, and cut connections, played from a seed.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{
    Beat, Event as Chord, EventTime, Field, Id, IdSource, Measure, Note, NoteField, NoteId, NotePitch, Part, Pitch, Score, Step,
};
use proptest::prelude::*;

use super::*;
use crate::{Inviting, OpenScore, Options, ScoreId, SpaceId, Workspace};

/// Random numbers that replay (SplitMix64, as the model's identifiers).
struct Dice(IdSource);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        (self.0.next::<()>().raw() % sides.max(1) as u64) as usize
    }
}

struct Side {
    session: Session,
    inbox: VecDeque<Message>,
    open: bool,
}

/// A connection of two devices; messages of one direction keep their order, as on a QUIC stream.
struct Link {
    ends: [usize; 2],
    sides: [Side; 2],
}

struct World {
    dice: Dice,
    devices: Vec<(Workspace, Vec<OpenScore>)>,
    space: SpaceId,
    secret: [u8; 16],
    links: Vec<Link>,
    now: Duration,
}

fn small_score(seed: u64) -> Score {
    let mut ids = IdSource::fixed(seed);
    let mut score = Score::new();
    let part = ids.next();
    score.insert(part, Part::default()).unwrap();
    for number in 0..3 {
        let measure = ids.next();
        score.push_measure(measure, Measure { number: number.to_string(), ..Measure::default() });
        let time = EventTime { measure, onset: Beat::ZERO, duration: Beat::WHOLE, value: None, ratio: (1, 1) };
        let event = ids.next();
        score.insert(event, Chord { part, time, ..Chord::default() }).unwrap();
        score.insert(ids.next::<Note>(), Note { event, pitch: NotePitch::Pitched(Pitch::new(Step::C, 0, 4)), ..Note::default() }).unwrap();
    }
    score
}

impl World {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(IdSource::fixed(seed));
        let count = 2 + dice.roll(3);
        let device = |number: usize| {
            let options = Options { device_name: format!("device {number}"), ..Options::default() };
            (Workspace::in_memory([number as u8 + 1; 32], options).unwrap(), Vec::new())
        };
        let devices: Vec<(Workspace, Vec<OpenScore>)> = (0..count).map(device).collect();
        let space = devices[0].0.create_space("Band").unwrap();
        let inviting = Inviting { uses: 100, ..Inviting::default() };
        let secret = devices[0].0.invite(space, inviting).unwrap().secret;
        devices[0].0.import_score(space, &small_score(seed)).unwrap();
        Self { dice, devices, space, secret, links: Vec::new(), now: Duration::ZERO }
    }

    fn connect(&mut self, from: usize, to: usize) {
        let side = |space: Option<SpaceId>, secret, who: usize| {
            let purpose = Purpose { space, asking: self.devices[who].0.asking(secret).unwrap(), once: false };
            Side { session: Session::new(purpose, Duration::ZERO), inbox: VecDeque::new(), open: true }
        };
        // Only the first device knows the ticket's secret, so newcomers reach the others through it.
        let sides = [side(Some(self.space), Some(self.secret), from), side(None, None, to)];
        self.links.push(Link { ends: [from, to], sides });
        let link = self.links.len() - 1;
        self.feed(link, 0, Event::Opened);
    }

    fn feed(&mut self, link: usize, side: usize, event: Event) {
        let (me, peer) = (self.links[link].ends[side], self.links[link].ends[1 - side]);
        let (workspace, peer) = (self.devices[me].0.clone(), self.devices[peer].0.device());
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for effect in self.links[link].sides[side].session.handle(self.now, event) {
                match effect {
                    Effect::Send(message) => {
                        // Everything crosses the wire as bytes.
                        let message = Message::decode(&message.encode()).unwrap();
                        self.links[link].sides[1 - side].inbox.push_back(message);
                    }
                    Effect::Close(ending) => {
                        assert!(matches!(ending, Ending::TurnedAway(_) | Ending::Refused(_)), "{ending:?}");
                        self.links[link].sides[side].open = false;
                    }
                    Effect::Report(report) => assert!(!matches!(report, Report::Refused(_)), "{report:?}"),
                    storage => {
                        let space = self.links[link].sides[side].session.space();
                        events.extend(perform(&workspace, space, peer, b"", storage).unwrap());
                    }
                }
            }
        }
    }

    fn deliver(&mut self, link: usize, side: usize) -> bool {
        match self.links[link].sides[side].inbox.pop_front() {
            Some(message) => self.feed(link, side, Event::Received(message)),
            None => return false,
        }
        true
    }

    fn edit(&mut self, who: usize) {
        let entries = self.devices[who].0.scores().unwrap();
        if entries.is_empty() {
            return;
        }
        let id = entries[self.dice.roll(entries.len())].id;
        let pick = self.dice.roll(1000);
        let (workspace, open) = &mut self.devices[who];
        let at = open.iter().position(|score| score.id() == id).unwrap_or_else(|| {
            open.push(workspace.open_score(id).unwrap());
            open.len() - 1
        });
        let score = &mut open[at];
        score.poll_remote().unwrap();
        let notes: Vec<NoteId> = score.score().notes().keys().copied().collect();
        let edit = match (pick % 5, notes.get(pick % notes.len().max(1))) {
            (0, Some(note)) => Edit::new(vec![Change::Remove((*note).into())]),
            (1, _) => {
                let after = score.score().measure_order().get(pick % 4).copied();
                let id = Id::from_raw((who as u64) << 32 | (pick as u64) << 8 | score.score().measure_order().len() as u64);
                if score.score().measure(id).is_some() {
                    return;
                }
                Edit::new(vec![Change::InsertMeasure { id, measure: Measure::default(), after }])
            }
            (_, Some(note)) => {
                let pitch = NotePitch::Pitched(Pitch::new(Step::from_index(pick as i32), 0, 4));
                Edit::new(vec![Change::Set((*note).into(), Field::Note(NoteField::Pitch(pitch)))])
            }
            _ => return,
        };
        match score.commit(&edit) {
            // Somebody removed the measure under this identifier before: it lies there still.
            Ok(_) => {}
            Err(error) => assert_eq!(error.code(), "edit"),
        }
        self.wake(who);
    }

    /// What a device's connections are told when its log or its members may have changed.
    fn wake(&mut self, who: usize) {
        for link in 0..self.links.len() {
            for side in 0..2 {
                if self.links[link].ends[side] == who && self.links[link].sides[side].open {
                    self.feed(link, side, Event::LogGrew);
                }
            }
        }
    }

    fn step(&mut self) {
        let count = self.devices.len();
        match self.dice.roll(12) {
            0..=2 => {
                let who = self.dice.roll(count);
                self.edit(who);
            }
            3 => {
                let (from, to) = (self.dice.roll(count), self.dice.roll(count));
                if from != to && self.links.len() < 8 {
                    self.connect(from, to);
                }
            }
            4 if !self.links.is_empty() => {
                // Cut in the middle of whatever was on its way.
                let link = self.dice.roll(self.links.len());
                self.links.swap_remove(link);
            }
            _ if !self.links.is_empty() => {
                let (link, side) = (self.dice.roll(self.links.len()), self.dice.roll(2));
                let who = self.links[link].ends[side];
                if self.deliver(link, side) {
                    self.wake(who);
                }
            }
            _ => {}
        }
    }

    /// Everybody meets in a ring and talks until nobody has anything to say.
    fn settle(&mut self) {
        self.links.clear();
        let count = self.devices.len();
        for _ in 0..2 {
            for other in 1..count {
                self.connect(other, 0);
                if other > 1 {
                    self.connect(other, other - 1);
                }
            }
            loop {
                let mut busy = false;
                for link in 0..self.links.len() {
                    for side in 0..2 {
                        while self.deliver(link, side) {
                            busy = true;
                        }
                    }
                }
                if !busy {
                    (0..count).for_each(|who| self.wake(who));
                    if self.links.iter().all(|link| link.sides.iter().all(|side| side.inbox.is_empty())) {
                        break;
                    }
                }
            }
        }
    }

    fn content(&mut self, who: usize) -> BTreeMap<ScoreId, Score> {
        let (workspace, open) = &mut self.devices[who];
        let mut content = BTreeMap::new();
        for entry in workspace.scores().unwrap() {
            let score = workspace.open_score(entry.id).unwrap().score().clone();
            // What is open and was patched is what a fresh start would show.
            if let Some(open) = open.iter_mut().find(|open| open.id() == entry.id) {
                open.poll_remote().unwrap();
                assert_eq!(*open.score(), score);
            }
            content.insert(entry.id, score);
        }
        content
    }
}

fn play(seed: u64) {
    let mut world = World::new(seed);
    for _ in 0..120 {
        world.step();
    }
    world.settle();
    let first = world.content(0);
    assert!(!first.is_empty(), "seed {seed}");
    for who in 1..world.devices.len() {
        assert_eq!(world.content(who), first, "seed {seed}, device {who}");
        let (a, b) = (world.devices[0].0.vector(world.space).unwrap(), world.devices[who].0.vector(world.space).unwrap());
        assert_eq!(a, b, "seed {seed}, device {who}");
        assert_eq!(world.devices[who].0.refused().unwrap(), [], "seed {seed}");
    }
}

#[test]
fn devices_that_meet_at_random_end_with_the_same_scores() {
    let seeds = std::env::var("SIMULATOR_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(40);
    let only = std::env::var("SIMULATOR_SEED").ok().and_then(|text| text.parse().ok());
    match only {
        Some(seed) => play(seed),
        None => (1..=seeds).for_each(play),
    }
}

#[test]
fn a_stranger_is_turned_away() {
    let mut world = World::new(1);
    world.secret = [1; 16];
    world.connect(1, 0);
    while (0..2).any(|side| world.deliver(0, side)) {}
    assert!(world.devices[1].0.spaces().unwrap().iter().all(|space| space.id != world.space));
    assert!(!world.links[0].sides[0].open && !world.links[0].sides[1].open);
}

fn asking() -> Asking {
    Asking { card: crate::identity::Identity::from_secret(&[1; 32]).card("x"), person: Default::default(), secret: None }
}

#[test]
fn a_side_that_does_not_answer_is_left() {
    let purpose = Purpose { space: Some(SpaceId([1; 16])), asking: asking(), once: false };
    let mut session = Session::new(purpose, Duration::ZERO);
    session.handle(Duration::ZERO, Event::Opened);
    assert_eq!(session.handle(PATIENCE, Event::Tick), []);
    assert_eq!(session.handle(PATIENCE * 2, Event::Tick), [Effect::Close(Ending::Stalled)]);
}

proptest! {
    #[test]
    fn a_session_takes_any_messages(bytes in proptest::collection::vec((0..9_u8, proptest::collection::vec(any::<u8>(), 0..60)), 1..20), opens in any::<bool>()) {
        let purpose = Purpose { space: opens.then_some(SpaceId([1; 16])), asking: asking(), once: false };
        let mut session = Session::new(purpose, Duration::ZERO);
        for (kind, bytes) in bytes {
            if let Some(message) = Message::decode(&[vec![kind], bytes].concat()) {
                session.handle(Duration::ZERO, Event::Received(message));
            }
        }
    }
}
