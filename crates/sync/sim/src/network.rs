//! Connections between devices: streams that are slow, that are cut anywhere, and wild ones that lose, repeat and swap messages.

use std::collections::VecDeque;
use std::time::Duration;

use bandpro_sync::protocol::{Effect, Event, Message, Purpose, Session, Wire, perform};
use bandpro_sync::{Invited, SpaceId, SyncError};

use crate::world::{Step, World};

/// One end of a connection.
#[derive(Debug)]
struct Side {
    session: Session,
    /// What was sent to it and has not come yet, as bytes.
    coming: VecDeque<Vec<u8>>,
    /// Whether it was told that its log grew since it last ran.
    woken: bool,
    open: bool,
}

/// A connection.
#[derive(Debug)]
struct Link {
    ends: [usize; 2],
    sides: [Side; 2],
    /// A wire that loses, repeats and swaps messages. No real one does (streams are ordered and whole); what then happens is
    /// that the conversation ends, and nothing worse.
    wild: bool,
}

/// All connections.
#[derive(Debug, Default)]
pub struct Network {
    links: Vec<Link>,
}

const MOST_LINKS: usize = 10;

impl Network {
    /// The log of a device may have grown.
    pub fn wake(&mut self, who: usize) {
        for link in &mut self.links {
            for (end, side) in link.ends.iter().zip(&mut link.sides) {
                side.woken |= *end == who;
            }
        }
    }

    /// The connections of a device are gone.
    pub fn forget(&mut self, who: usize) {
        self.links.retain(|link| !link.ends.contains(&who));
    }

    /// No connections are left.
    pub fn clear(&mut self) {
        self.links.clear();
    }

    /// The connections between two halves are gone.
    pub fn cut_between(&mut self, half: &[bool]) {
        self.links.retain(|link| half[link.ends[0]] == half[link.ends[1]]);
    }
}

impl World {
    /// Some device calls another.
    pub(crate) fn connect_some(&mut self) -> Step {
        let (from, to) = (self.dice.roll(self.devices.len()), self.dice.roll(self.devices.len()));
        self.connect(from, to)
    }

    /// A device calls another, if it can.
    pub(crate) fn connect(&mut self, from: usize, to: usize) -> Step {
        let there = self.network.links.iter().any(|link| link.ends == [from, to]);
        if !self.reach(from, to) || there || self.network.links.len() >= MOST_LINKS {
            return Ok(());
        }
        let wild = self.dice.one_in(8);
        let invited = self.dice.pick(&self.invitations).cloned();
        self.diary.note(format!("{from} calls {to}{}", if wild { " on a bad line" } else { "" }));
        self.call(from, to, invited.as_ref(), wild)
    }

    /// One device calls another about the band's space.
    pub(crate) fn call(&mut self, from: usize, to: usize, invited: Option<&Invited>, wild: bool) -> Step {
        // Some only want what there is, as `bandpro band sync --once` does.
        let once = wild || self.dice.one_in(4);
        let side = |space: Option<SpaceId>, who: usize, invited: Option<&Invited>| {
            let purpose =
                Purpose { space, asking: self.devices[who].workspace().asking_with(invited).expect("nothing fails that only reads"), once };
            Side { session: Session::new(purpose, Duration::ZERO), coming: VecDeque::new(), woken: false, open: true }
        };
        let sides = [side(Some(self.space), from, invited), side(None, to, None)];
        self.network.links.push(Link { ends: [from, to], sides, wild });
        self.feed(self.network.links.len() - 1, 0, Event::Opened)
    }

    /// A connection is cut with whatever is on its way.
    pub(crate) fn cut_some(&mut self) {
        if !self.network.links.is_empty() {
            let at = self.dice.roll(self.network.links.len());
            let link = self.network.links.swap_remove(at);
            self.diary.note(format!("{:?} are cut off", link.ends));
        }
    }

    /// Something on its way arrives, or a device looks whether its log grew.
    pub(crate) fn carry_on(&mut self) -> Step {
        if self.network.links.is_empty() {
            return Ok(());
        }
        let (link, side) = (self.dice.roll(self.network.links.len()), self.dice.roll(2));
        if self.network.links[link].wild {
            self.disturb(link, side);
        }
        self.run(link, side).map(drop)
    }

    /// What a wild wire does to what is on it.
    fn disturb(&mut self, link: usize, side: usize) {
        let coming = &mut self.network.links[link].sides[side].coming;
        match self.dice.roll(4) {
            0 => drop(coming.pop_front()),
            1 => coming.extend(coming.front().cloned()),
            2 if coming.len() > 1 => coming.swap(0, 1),
            _ => {}
        }
    }

    /// Delivers one message to a side, or wakes it. Says whether there was something to do.
    fn run(&mut self, link: usize, side: usize) -> Result<bool, String> {
        let end = &mut self.network.links[link].sides[side];
        if let Some(bytes) = end.coming.pop_front() {
            let Some(message) = Message::decode(&bytes) else { return Err("a message does not survive the wire".into()) };
            let who = self.network.links[link].ends[side];
            self.feed(link, side, Event::Received(message))?;
            self.network.wake(who);
            return Ok(true);
        }
        if std::mem::take(&mut end.woken) && end.open {
            self.feed(link, side, Event::LogGrew)?;
            return Ok(true);
        }
        Ok(false)
    }

    fn feed(&mut self, link: usize, side: usize, event: Event) -> Step {
        let [me, peer] = match side {
            0 => self.network.links[link].ends,
            _ => [self.network.links[link].ends[1], self.network.links[link].ends[0]],
        };
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let now = Duration::from_millis(self.time.load(std::sync::atomic::Ordering::Relaxed));
            for effect in self.network.links[link].sides[side].session.handle(now, event) {
                match effect {
                    Effect::Send(message) => self.network.links[link].sides[1 - side].coming.push_back(message.encode()),
                    Effect::Close(ending) => {
                        self.diary.note(format!("{me} ends with {peer}: {ending}"));
                        self.network.links[link].sides[side].open = false;
                    }
                    Effect::Report(_) => {}
                    storage => {
                        let space = self.network.links[link].sides[side].session.space();
                        let id = self.devices[peer].id();
                        match perform(self.devices[me].workspace(), space, id, b"", storage) {
                            Ok(answer) => events.extend(answer),
                            Err(error) => return self.failed(link, me, &error),
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The storage failed in the middle of a conversation: it is over, and perhaps the process too.
    fn failed(&mut self, link: usize, me: usize, error: &SyncError) -> Step {
        if link < self.network.links.len() {
            self.network.links.swap_remove(link);
        }
        self.failed_to_take_in(me, "talks", error)
    }

    /// Everybody talks with everybody until nobody has anything to say.
    pub(crate) fn meet_all(&mut self) -> Step {
        let count = self.devices.len();
        for round in 0..3 {
            self.network.clear();
            for from in 0..count {
                for to in (0..count).filter(|to| *to != from && (round > 0 || (from + 1) % count == *to)) {
                    if !self.devices[from].hostile && !self.devices[to].hostile {
                        self.call(from, to, None, false)?;
                    }
                }
            }
            self.talk_out()?;
        }
        self.network.clear();
        Ok(())
    }

    fn talk_out(&mut self) -> Step {
        // Far more than any world needs; a conversation that never ends is a fault.
        for _ in 0..200_000 {
            let mut busy = false;
            for link in 0..self.network.links.len() {
                for side in 0..2 {
                    busy |= link < self.network.links.len() && self.run(link, side)?;
                }
            }
            if !busy {
                return Ok(());
            }
        }
        Err("the devices never stop talking".into())
    }

    /// The founder lets everybody in, over good lines.
    pub(crate) fn let_in_all(&mut self, invitations: &[Option<Invited>]) -> Step {
        for (who, invited) in invitations.iter().enumerate().filter(|(who, invited)| *who > 0 && invited.is_some()) {
            self.call(who, 0, invited.as_ref(), false)?;
            self.talk_out()?;
            self.network.clear();
        }
        Ok(())
    }
}
