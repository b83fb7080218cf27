//! What a simulation of whole bands needs and nothing else may have: a disk that can be taken out, put back and made to fail, and
//! a look at what lies in the log and the documents. Only with the feature `simulation`, which no program turns on.

use std::collections::BTreeSet;
use std::path::Path;

use automerge::ChangeHash;

use crate::document::Document;
use crate::identity::{Identity, keeping};
use crate::store::{self, Store};
use crate::workspace::{Invited, Workspace};
use crate::{Options, RefusedChange, ScoreId, SpaceId, SyncError};

pub use crate::store::{Fault, Plan};

/// A device whose data is in memory.
impl Workspace {
    /// Starts a device from what was durable, or anew.
    pub fn from_image(secret: [u8; 32], image: Option<&[u8]>, options: Options) -> Result<Self, SyncError> {
        Self::with(Path::new(":memory:"), Identity::from_secret(&secret), Store::from_image(image)?, options)
    }

    /// Signs in the device with another key that goes on with what is durable here: see [`Workspace::renew`].
    pub fn renew_with(&self, secret: [u8; 32]) -> Result<(), SyncError> {
        self.renew_as(&Identity::from_secret(&secret).card(&self.device_name()?))
    }

    /// Which device what is durable here belongs to, where that was ever said.
    pub fn belongs_to(&self) -> Result<Option<crate::DeviceId>, SyncError> {
        self.with_store(|store| keeping::device(store.connection()))
    }

    /// What is durable now.
    pub fn image(&self) -> Result<Vec<u8>, SyncError> {
        self.with_store(|store| store.image())
    }

    /// Plans a fault of the disk; nothing: it is sound again. Gives what was planned.
    pub fn plan(&self, plan: Option<Plan>) -> Option<Plan> {
        self.with_store(|store| std::mem::replace(&mut store.plan, plan))
    }

    /// Takes in what anybody brings, without a conversation. Gives how much was new, and what was refused.
    pub fn deliver(&self, space: SpaceId, members: &[Vec<u8>], envelopes: &[Vec<u8>]) -> Result<(u64, Vec<RefusedChange>), SyncError> {
        let batch = self.receive(space, members, envelopes)?;
        Ok((batch.stored, batch.refused))
    }

    /// The envelopes of a space, in the order in which they came here.
    pub fn envelopes(&self, space: SpaceId) -> Result<Vec<Vec<u8>>, SyncError> {
        let page = self.with_store(|store| store::log::page(store.connection(), space, 0, &Default::default(), usize::MAX))?;
        Ok(page.entries.into_iter().map(|(_, _, bytes)| bytes).collect())
    }

    /// The membership log of a space, each entry after those it builds on.
    pub fn member_entries(&self, space: SpaceId) -> Result<Vec<Vec<u8>>, SyncError> {
        Ok(self.members_after(space, &[])?.entries)
    }

    /// The document of a score as the log has it.
    pub fn document(&self, score: ScoreId) -> Result<Document, SyncError> {
        Ok(self.with_store(|store| store.write(|tx| self.load_document(tx, score, i64::MAX)))?.document)
    }

    /// The changes that the document of a score is made of, by the log.
    pub fn changes(&self, score: ScoreId) -> Result<BTreeSet<ChangeHash>, SyncError> {
        self.with_store(|store| {
            let sql = "SELECT change FROM log WHERE document = ? AND change IS NOT NULL AND refused IS NULL";
            let mut statement = store.connection().prepare_cached(sql)?;
            let rows = statement.query_map([score.0], |row| Ok(ChangeHash(row.get(0)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Who this is, with the secret of an invitation.
    pub fn asking_with(&self, invited: Option<&Invited>) -> Result<crate::protocol::Asking, SyncError> {
        self.asking(invited.map(|invited| invited.secret))
    }
}
