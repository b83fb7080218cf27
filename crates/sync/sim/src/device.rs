//! One device: its disk, its clock, what is open on its desk, and what it has acknowledged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use automerge::ChangeHash;
use bandpro_notation::model::IdSource;
use bandpro_sync::document::Done;
use bandpro_sync::identity::Identity;
use bandpro_sync::{DeviceId, OpenScore, Options, ScoreId, SyncError, Workspace};

use crate::dice::Dice;

/// The time of a world, in milliseconds.
pub type Time = Arc<AtomicU64>;

/// Changes of which a person was told that they are stored.
pub type Acknowledged = BTreeSet<(ScoreId, ChangeHash)>;

/// Time and randomness of one device: its clock goes wrong, its randomness replays.
#[derive(Debug)]
struct Surroundings {
    time: Time,
    skew: Arc<AtomicI64>,
    dice: Mutex<Dice>,
}

impl bandpro_sync::World for Surroundings {
    fn now(&self) -> u64 {
        self.time.load(Ordering::Relaxed).saturating_add_signed(self.skew.load(Ordering::Relaxed))
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), SyncError> {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).fill(bytes);
        Ok(())
    }
}

/// A device.
#[derive(Debug)]
pub struct Device {
    secret: [u8; 32],
    options: Options,
    /// By how much its clock is wrong, in milliseconds.
    pub skew: Arc<AtomicI64>,
    /// Its documents. Absent only while it starts.
    workspace: Option<Workspace>,
    /// The scores on its desk.
    open: BTreeMap<ScoreId, OpenScore>,
    /// What its person can take back.
    pub undo: Vec<(ScoreId, Done)>,
    /// Makes identifiers.
    pub ids: IdSource,
    /// What it told its person was stored.
    pub acknowledged: Acknowledged,
    /// Copies of its disk that somebody made, with its key and how much had been acknowledged then.
    backups: Vec<([u8; 32], Vec<u8>, Acknowledged)>,
    /// Whether an older copy of its disk was put back.
    pub restored: bool,
    /// Whether its BandPro was modified to write what it may not.
    pub hostile: bool,
}

impl Device {
    /// The device of this number.
    pub fn new(number: usize, time: &Time, dice: &mut Dice) -> Result<Self, SyncError> {
        let skew = Arc::new(AtomicI64::new(0));
        let mut secret = [0; 32];
        dice.fill(&mut secret);
        let surroundings = Surroundings { time: Arc::clone(time), skew: Arc::clone(&skew), dice: Mutex::new(Dice::new(dice.bits())) };
        let options = Options { device_name: format!("device {number}"), world: Arc::new(surroundings), ..Options::default() };
        let workspace = Some(Workspace::from_image(secret, None, options.clone())?);
        Ok(Self {
            secret,
            options,
            skew,
            workspace,
            open: BTreeMap::new(),
            undo: Vec::new(),
            ids: IdSource::from_seed([dice.bits(), dice.bits()]),
            acknowledged: BTreeSet::new(),
            backups: Vec::new(),
            restored: false,
            hostile: false,
        })
    }

    /// Its documents.
    pub fn workspace(&self) -> &Workspace {
        self.workspace.as_ref().expect("a device is up but while it starts")
    }

    /// Its name.
    pub fn id(&self) -> DeviceId {
        self.workspace().device()
    }

    /// Its secret key, for a modified BandPro.
    pub fn secret(&self) -> [u8; 32] {
        self.secret
    }

    /// A score on its desk, opened now if it is not.
    pub fn open(&mut self, score: ScoreId) -> Result<&mut OpenScore, SyncError> {
        if !self.open.contains_key(&score) {
            let opened = self.workspace().open_score(score)?;
            self.open.insert(score, opened);
        }
        Ok(self.open.get_mut(&score).expect("it was opened"))
    }

    /// The scores on its desk.
    pub fn desk(&mut self) -> impl Iterator<Item = &mut OpenScore> {
        self.open.values_mut()
    }

    /// The process ends without warning and starts again: what is left is what was durable.
    pub fn crash(&mut self) -> Result<(), SyncError> {
        let image = self.workspace().image()?;
        self.start(&image)
    }

    fn start(&mut self, image: &[u8]) -> Result<(), SyncError> {
        // Nothing may be written on the way out: a process that was killed writes nothing.
        self.workspace().plan(Some(bandpro_sync::simulation::Plan::dead()));
        self.open.clear();
        self.undo.clear();
        self.workspace = None;
        self.workspace = Some(Workspace::from_image(self.secret, Some(image), self.options.clone())?);
        Ok(())
    }

    /// Goes on under another key.
    pub fn renew(&mut self, dice: &mut Dice) -> Result<(), SyncError> {
        let mut secret = [0; 32];
        dice.fill(&mut secret);
        let renewed = self.workspace().renew_with(secret);
        // Whatever came of it: the next start goes by what is durable.
        if self.workspace().belongs_to()? == Some(Identity::from_secret(&secret).device()) {
            self.secret = secret;
        }
        self.crash()?;
        renewed
    }

    /// Somebody copies its disk.
    pub fn back_up(&mut self) -> Result<(), SyncError> {
        let image = self.workspace().image()?;
        self.backups.push((self.secret, image, self.acknowledged.clone()));
        Ok(())
    }

    /// Somebody puts an older copy of its disk back. What was acknowledged since is lost by that, and by nothing else.
    pub fn put_back(&mut self, dice: &mut Dice) -> Result<bool, SyncError> {
        let Some((secret, image, acknowledged)) = dice.pick(&self.backups).cloned() else { return Ok(false) };
        self.secret = secret;
        self.start(&image)?;
        self.acknowledged = acknowledged;
        self.restored = true;
        Ok(true)
    }
}
