//! A band whose members are in memory, conversations between them, and a modified BandPro.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, HEADER, HeaderField, Id, Measure, Part, Score};
use bandpro_sync::document::session_actor;
use bandpro_sync::envelope::{Body, Content, Envelope, Hash, Place, hash};
use bandpro_sync::identity::Identity;
use bandpro_sync::membership::{Offer, Person, Role};
use bandpro_sync::protocol::{Effect, Ending, Event, Message, Purpose, Refusal, Session, perform};
use bandpro_sync::seal::EpochKey;
use bandpro_sync::{EpochId, Invited, Inviting, MemberId, Options, ScoreId, SpaceId, SyncError, Workspace};

/// The title of the band's score, its name and that of its first member: nobody outside may read them.
pub const TITLE: &str = "A song nobody has heard";
pub const BAND: &str = "The unnamed quartet";
pub const OWNER: &str = "Ann Ownerson";

/// A clock that the test turns, and randomness of the system.
#[derive(Debug, Default)]
pub struct Clock(AtomicU64);

impl Clock {
    pub fn turn_to(&self, seconds: u64) {
        self.0.store(seconds * 1000, Ordering::Relaxed);
    }
}

impl bandpro_sync::World for Clock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), SyncError> {
        bandpro_sync::System.fill(bytes)
    }
}

/// A device by itself, with this secret.
pub fn device(secret: u8) -> Workspace {
    let person = Person { name: if secret == 1 { OWNER.into() } else { format!("Member {secret}") }, colour: 0 };
    Workspace::in_memory([secret; 32], Options { person, ..Options::default() }).unwrap()
}

/// A band: the first device is its owner's.
pub struct Band {
    pub space: SpaceId,
    pub score: ScoreId,
    pub devices: Vec<Workspace>,
}

impl Band {
    /// An owner, and members of these roles.
    pub fn of(roles: &[Role]) -> Self {
        let owner = device(1);
        let space = owner.create_space(BAND).unwrap();
        let mut score = Score::new();
        score.insert(Id::<Part>::from_raw(1), Part::default()).unwrap();
        score.push_measure(Id::from_raw(2), Measure::default());
        title_edit(TITLE).apply(&mut score).unwrap();
        let score = owner.import_score(space, &score).unwrap();
        let mut band = Self { space, score, devices: vec![owner] };
        for role in roles {
            let inviting = Inviting { offer: Offer::Member(*role), ..Inviting::default() };
            let invited = band.devices[0].invite(space, inviting).unwrap();
            let newcomer = device(band.devices.len() as u8 + 1);
            talk(&newcomer, &band.devices[0], space, Some(&invited));
            band.devices.push(newcomer);
        }
        for who in 1..band.devices.len() {
            band.meet(who, 0);
        }
        band
    }

    /// Two devices tell each other all they have.
    pub fn meet(&self, a: usize, b: usize) -> Vec<Ending> {
        talk(&self.devices[a], &self.devices[b], self.space, None).endings
    }

    pub fn identity(&self, who: usize) -> Identity {
        Identity::from_secret(&[who as u8 + 1; 32])
    }

    /// The member that a device belongs to, as the owner knows it.
    pub fn member(&self, who: usize) -> MemberId {
        let circle = self.devices[0].circle(self.space).unwrap();
        circle.log.state().member_of(self.devices[who].device()).unwrap().0
    }

    pub fn role(&self, by: usize, who: usize) -> Option<Role> {
        self.devices[by].circle(self.space).unwrap().log.state().role_of(self.devices[who].device())
    }

    /// The title of the score as a device shows it.
    pub fn title(&self, who: usize) -> String {
        self.devices[who].score(self.score).unwrap().title
    }

    /// Somebody gives the score another title.
    pub fn retitle(&self, who: usize, title: &str) {
        self.devices[who].rename_score(self.score, title).unwrap();
    }

    /// Brings envelopes to a device, as anybody may, and gives how many were stored.
    pub fn bring(&self, to: usize, envelopes: &[Vec<u8>]) -> u64 {
        self.devices[to].deliver(self.space, &[], envelopes).unwrap().0
    }

    /// What a device has of the band, as it is sent and kept.
    pub fn envelopes(&self, of: usize) -> Vec<Vec<u8>> {
        self.devices[of].envelopes(self.space).unwrap()
    }
}

/// The edit that gives a score a title.
pub fn title_edit(title: &str) -> Edit {
    Edit::new(vec![Change::Set(HEADER.into(), Field::Header(HeaderField::Title(title.into())))])
}

/// How a conversation went.
#[derive(Debug, Default)]
pub struct Talk {
    pub endings: Vec<Ending>,
    /// What the side that was called said.
    pub answers: Vec<Message>,
}

impl Talk {
    /// Why the caller was turned away.
    pub fn refusal(&self) -> Option<Refusal> {
        self.endings.iter().find_map(|ending| if let Ending::TurnedAway(refusal) = ending { Some(*refusal) } else { None })
    }
}

/// One device calls another about a space, until both have what the other had.
pub fn talk(caller: &Workspace, called: &Workspace, space: SpaceId, invited: Option<&Invited>) -> Talk {
    let purpose = |space, workspace: &Workspace, invited| Purpose { space, asking: workspace.asking_with(invited).unwrap(), once: true };
    let mut sides =
        [Session::new(purpose(Some(space), caller, invited), Duration::ZERO), Session::new(purpose(None, called, None), Duration::ZERO)];
    let workspaces = [caller, called];
    let mut talk = Talk::default();
    let mut events = VecDeque::from([(0, Event::Opened)]);
    while let Some((side, event)) = events.pop_front() {
        for effect in sides[side].handle(Duration::ZERO, event) {
            match effect {
                Effect::Send(message) => {
                    if side == 1 {
                        talk.answers.push(message.clone());
                    }
                    events.push_back((1 - side, Event::Received(message)));
                }
                Effect::Close(ending) => talk.endings.push(ending),
                Effect::Report(_) => {}
                storage => {
                    let answer = perform(workspaces[side], sides[side].space(), workspaces[1 - side].device(), b"", storage).unwrap();
                    // Storage answers before anything more is heard.
                    answer.into_iter().for_each(|event| events.push_front((side, event)));
                }
            }
        }
    }
    talk
}

/// What a device says to one that begins with this.
pub fn answers(called: &Workspace, caller: bandpro_sync::DeviceId, hello: Message) -> Vec<Message> {
    let purpose = Purpose { space: None, asking: called.asking_with(None).unwrap(), once: true };
    let mut session = Session::new(purpose, Duration::ZERO);
    let mut events = VecDeque::from([Event::Received(hello)]);
    let mut said = Vec::new();
    while let Some(event) = events.pop_front() {
        for effect in session.handle(Duration::ZERO, event) {
            match effect {
                Effect::Send(message) => said.push(message),
                Effect::Close(_) | Effect::Report(_) => {}
                storage => events.extend(perform(called, session.space(), caller, b"", storage).unwrap()),
            }
        }
    }
    said
}

/// A member with a modified BandPro, which seals and signs what it likes by what it knows now.
pub struct Modified {
    pub identity: Identity,
    /// What it cites of the membership.
    pub heads: Vec<Hash>,
    /// The epoch under whose key it seals.
    pub epoch: EpochId,
    pub seq: u64,
    pub previous: Hash,
    space: SpaceId,
    score: ScoreId,
    workspace: Workspace,
    sessions: u64,
}

impl Modified {
    pub fn of(band: &Band, who: usize) -> Self {
        let workspace = band.devices[who].clone();
        let circle = workspace.circle(band.space).unwrap();
        let (heads, epoch) = circle.log.place_to_write(&circle.keys).unwrap();
        let own = band.envelopes(who).into_iter().filter_map(|bytes| {
            let (device, seq) = Envelope::author(&bytes)?;
            (device == workspace.device()).then(|| (seq, hash(&bytes)))
        });
        let (seq, previous) = own.max().unwrap_or((0, [0; 32]));
        let (space, score) = (band.space, band.score);
        Self { identity: band.identity(who), heads, epoch, seq, previous, space, score, workspace, sessions: 0 }
    }

    /// The bytes of a change that gives the score a title, in the name of some device.
    pub fn change_by(&mut self, author: bandpro_sync::DeviceId, title: &str) -> Vec<u8> {
        let mut document = self.workspace.document(self.score).unwrap();
        self.sessions += 1;
        document.set_actor(session_actor(author, u64::MAX - self.sessions));
        document.commit(&title_edit(title), 0).unwrap().unwrap().bytes().into_owned()
    }

    /// Seals some content as the next of its log.
    pub fn seal(&mut self, content: Content) -> Vec<u8> {
        let circle = self.workspace.circle(self.space).unwrap();
        self.seal_under(circle.keys.get(self.epoch).unwrap(), content)
    }

    /// Seals some content under some key.
    pub fn seal_under(&mut self, key: &EpochKey, content: Content) -> Vec<u8> {
        let body = Body { membership: self.heads.clone(), content };
        let place = Place { space: self.space, seq: self.seq + 1, previous: self.previous };
        let nonce = [self.sessions as u8 ^ 0x55; bandpro_sync::seal::NONCE];
        let (_, bytes) = Envelope::seal(&self.identity, place, key, nonce, &body).unwrap();
        (self.seq, self.previous) = (self.seq + 1, hash(&bytes));
        bytes
    }

    /// A change of the score that gives it a title.
    pub fn write(&mut self, title: &str) -> Vec<u8> {
        let change = self.change_by(self.identity.device(), title);
        self.seal(Content::Change(self.score, change))
    }
}

/// Starts a device whose clock the test turns.
pub fn device_with_clock(secret: u8) -> (Workspace, Arc<Clock>) {
    let clock = Arc::new(Clock::default());
    let options = Options { world: Arc::clone(&clock) as Arc<dyn bandpro_sync::World>, ..Options::default() };
    (Workspace::in_memory([secret; 32], options).unwrap(), clock)
}
