//! The replicated document of a score: how records lie in Automerge, and the bridge in both directions.
//!
//! A document holds one root map a [`RecordKind`], keyed by record; a record is a map of the scalars that
//! [`bandpro_notation::model::Record::stored`] gives; the list `order` holds the identifiers of the measures. Records are
//! removed by `gone: true`, never deleted, so that what someone else does to them meanwhile is not lost. Keys that this
//! version does not know are passed over and stay.

mod bounds;
mod diff;
mod findings;
mod genesis;
mod import;
mod model;
mod read;
mod reading;
mod undo;
mod write;

use std::panic::{AssertUnwindSafe, catch_unwind};

use automerge::{ActorId, Automerge, Change, ChangeHash, PatchLog, ReadDoc};
use bandpro_notation::edit::Edit;
use bandpro_notation::model::{Field, MeasureId, Record, RecordRef, Score};

use crate::DeviceId;
pub use bounds::{BoundsError, MAX_OPERATIONS, bounded_change, check_bounds};
pub use findings::{Finding, FindingKind, Origin, Resolution, ResolutionKind};
use genesis::Containers;
pub use genesis::{genesis, genesis_hash};
pub use model::{decode_model, encode_model};
pub use reading::{Overlap, Reading, normalise};
pub use undo::{Done, Lying, undo_against};

/// Why a document cannot be used. What is on disk is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Automerge failed.
    #[error("automerge: {0}")]
    Automerge(#[from] automerge::AutomergeError),
    /// The containers that every document has are not there.
    #[error("it lacks the container {0}")]
    NoContainer(&'static str),
    /// A change failed so badly that the document must be made again without it.
    #[error("a change made automerge panic: {0}")]
    Panic(String),
    /// The edit is about a record that the document does not have.
    #[error("it lacks the record {0:?}")]
    NoRecord(RecordRef),
    /// Changes that this one builds on are missing.
    #[error("changes it builds on are missing")]
    Dependencies,
}

/// The bytes of a device's key that begin all its actors' names.
const ACTOR_DEVICE: usize = 16;

/// The actor of one session of a device. The nonce must be fresh: no two sessions of a device may share one.
pub fn session_actor(device: DeviceId, nonce: u64) -> ActorId {
    ActorId::from([&device.as_bytes()[..ACTOR_DEVICE], &nonce.to_be_bytes()].concat())
}

/// Whether an actor belongs to a device.
pub fn is_actor_of(actor: &ActorId, device: DeviceId) -> bool {
    actor.to_bytes().len() == ACTOR_DEVICE + 8 && actor.to_bytes().starts_with(&actors_of(device))
}

/// How the names of a device's actors begin.
pub(crate) fn actors_of(device: DeviceId) -> Vec<u8> {
    device.as_bytes()[..ACTOR_DEVICE].to_vec()
}

/// Reads the bytes of one change; nothing where they are none.
pub fn read_change(bytes: &[u8]) -> Option<Change> {
    // What automerge makes of hostile bytes is its own affair, but it must not take the process down.
    catch_unwind(|| Change::try_from(bytes).ok()).ok().flatten()
}

/// Whether a change replaces a container that every document has. What others write into the old one would vanish.
pub fn replaces_containers(change: &Change) -> bool {
    use automerge::legacy::{Key, ObjectId};
    let replaces = |op: &automerge::legacy::Op| op.obj == ObjectId::Root && matches!(&op.key, Key::Map(key) if genesis::is_container(key));
    catch_unwind(AssertUnwindSafe(|| change.decode().operations.iter().any(replaces))).unwrap_or(true)
}

/// The document of a score.
#[derive(Debug, Clone)]
pub struct Document {
    doc: Automerge,
    at: Containers,
}

impl Document {
    /// The document of an empty score, the same on every device.
    pub fn new() -> Result<Self, DocumentError> {
        let mut doc = Automerge::new();
        doc.apply_changes([genesis()?])?;
        Self::of(doc)
    }

    /// The document that a score is imported as, by this actor, and the one change that makes it.
    pub fn import(actor: ActorId, score: &Score) -> Result<(Self, Change), DocumentError> {
        let mut document = Self::new()?;
        let change = import::change(&document, actor, score)?;
        document.doc.apply_changes([change.clone()])?;
        Ok((document, change))
    }

    /// Loads saved bytes. Everything in them is verified.
    pub fn load(bytes: &[u8]) -> Result<Self, DocumentError> {
        Self::of(caught(|| Ok(Automerge::load(bytes)?))?)
    }

    fn of(doc: Automerge) -> Result<Self, DocumentError> {
        let at = Containers::find(&doc)?;
        Ok(Self { doc, at })
    }

    /// The bytes that [`Document::load`] takes.
    pub fn save(&self) -> Vec<u8> {
        self.doc.save()
    }

    /// The changes that no other builds on yet, in the order of their hashes.
    pub fn heads(&self) -> Vec<ChangeHash> {
        let mut heads = self.doc.get_heads();
        heads.sort();
        heads
    }

    /// In whose name the next change is made.
    pub fn set_actor(&mut self, actor: ActorId) {
        self.doc.set_actor(actor);
    }

    /// Writes an edit as one change; nothing where it changes nothing. The edit must fit the score that the document holds;
    /// on failure the document is as it was.
    pub fn commit(&mut self, edit: &Edit, seconds: i64) -> Result<Option<Change>, DocumentError> {
        let at = self.at.clone();
        self.transact(seconds, None, |tx| write::write_edit(tx, &at, edit))
    }

    /// As [`Document::commit`], of an edit that takes back what this change did: it decides nothing, so that whatever there was to
    /// decide before that change is to be decided again.
    pub fn commit_undo(&mut self, edit: &Edit, of: Option<ChangeHash>, seconds: i64) -> Result<Option<Change>, DocumentError> {
        let at = self.at.clone();
        let before = of.and_then(|of| Some((of, self.doc.get_change_meta_by_hash(&of)?.deps)));
        let message = match before {
            Some((of, before)) => {
                let reopens = caught(|| Ok(findings::reopens(self, edit, &before)))?;
                Some(undo::TakesBack { edit: of, reopens }.message())
            }
            None => None,
        };
        self.transact(seconds, message, |tx| write::write_edit(tx, &at, edit))
    }

    /// Marks the score as deleted or not, as one change.
    pub fn set_deleted(&mut self, deleted: bool, seconds: i64) -> Result<Option<Change>, DocumentError> {
        let at = self.at.clone();
        self.transact(seconds, None, |tx| write::set_deleted(tx, &at, deleted))
    }

    fn transact(
        &mut self,
        seconds: i64,
        message: Option<String>,
        write: impl FnOnce(&mut automerge::transaction::Transaction<'_>) -> Result<(), DocumentError>,
    ) -> Result<Option<Change>, DocumentError> {
        let mut transaction = self.doc.transaction();
        if let Err(error) = write(&mut transaction) {
            transaction.rollback();
            return Err(error);
        }
        let mut options = automerge::transaction::CommitOptions::default().with_time(seconds);
        if let Some(message) = message {
            options = options.with_message(message);
        }
        let (hash, _) = transaction.commit_with(options);
        Ok(hash.and_then(|hash| self.doc.get_change_by_hash(&hash)))
    }

    /// Takes in changes of others, of which nothing may be missing, without a score. On failure the document must be thrown
    /// away.
    pub fn take_in(&mut self, changes: Vec<Change>) -> Result<(), DocumentError> {
        let doc = &mut self.doc;
        caught(|| Ok(doc.apply_changes(changes)?))?;
        self.all_taken_in()
    }

    /// Takes in changes of others, of which nothing may be missing, and gives the edit that brings the score, which must be
    /// the one that the document held, to what it holds now. On failure the document must be thrown away.
    pub fn take_in_for(&mut self, changes: Vec<Change>, score: &Score) -> Result<Edit, DocumentError> {
        let doc = &mut self.doc;
        let patches = caught(|| {
            let mut log = PatchLog::active();
            doc.apply_changes_log_patches(changes, &mut log)?;
            Ok(doc.make_patches(&mut log))
        })?;
        self.all_taken_in()?;
        let touched = read::Touched::by(&self.at, &patches);
        caught(|| read::edit_for(&self.doc, &self.at, &touched, score))
    }

    /// The edit that brings any score to what the document holds.
    pub fn edit_from(&self, score: &Score) -> Result<Edit, DocumentError> {
        Ok(diff::diff(score, &self.hydrate()?))
    }

    /// Automerge keeps a change aside while something it builds on is missing; here that must not happen.
    fn all_taken_in(&self) -> Result<(), DocumentError> {
        if self.doc.get_missing_deps(&[]).is_empty() { Ok(()) } else { Err(DocumentError::Dependencies) }
    }

    /// The score that the document holds.
    pub fn hydrate(&self) -> Result<Score, DocumentError> {
        caught(|| read::hydrate(&self.doc, &self.at))
    }

    /// Whether the score was deleted.
    pub fn is_deleted(&self) -> bool {
        read::is_deleted(&self.doc, &self.at)
    }

    /// What merging left for the musicians to decide. The score must be the one that the document holds.
    pub fn findings(&self, score: &Score) -> Result<Vec<Finding>, DocumentError> {
        findings::findings(self, score)
    }

    /// Every value that a field of a record has: the one that counts, then those that others gave it at the same time.
    pub fn values(&self, of: RecordRef, key: &str) -> Vec<Field> {
        read::values(&self.doc, &self.at, of, key)
    }

    /// All changes, each after those it builds on.
    pub fn changes(&self) -> Vec<Change> {
        self.doc.get_changes(&[])
    }
}

impl Lying for Document {
    fn record(&self, of: RecordRef) -> Option<Record> {
        read::lying_record(&self.doc, &self.at, of)
    }

    fn measures(&self) -> Vec<MeasureId> {
        read::order(&self.doc, &self.at)
    }

    fn others_worked_on(&self, score: &Score, of: RecordRef, since: ChangeHash) -> bool {
        caught(|| Ok(findings::others_worked_on(self, score, of, since))).unwrap_or(true)
    }
}

/// Runs what may panic inside automerge.
fn caught<T>(run: impl FnOnce() -> Result<T, DocumentError>) -> Result<T, DocumentError> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        Err(DocumentError::Panic(text.unwrap_or("without a message").to_owned()))
    })
}
