//! What can be read of a data folder without its key: the scores as they were last kept beside the sealed log, so that somebody
//! whose laptop is gone, and its key with it, has their music back from a copy of the folder.

use std::path::Path;
use std::time::Duration;

use bandpro_notation::model::Score;

use crate::document::decode_model;
use crate::store::{self, Store};
use crate::{ScoreEntry, SyncError};

/// How long another process that writes the folder is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// A score of a data folder whose key is not here.
#[derive(Debug, Clone, PartialEq)]
pub struct Rescued {
    /// What the library of that folder says of it.
    pub entry: ScoreEntry,
    /// The score; nothing where it was not kept beside the log, or what was kept is damaged.
    pub score: Option<Score>,
    /// Whether the log has changes that are not in it.
    pub is_behind: bool,
}

/// Reads the scores of a data folder that its library showed last, without its key and without changing anything in it but what
/// SQLite does to open it. Fails where there is no database of this version.
pub fn rescue(folder: &Path) -> Result<Vec<Rescued>, SyncError> {
    let path = folder.join(store::FILE);
    // Opening would make one.
    std::fs::metadata(&path).map_err(|source| SyncError::Folder { path, source })?;
    let store = Store::open(folder, PATIENCE)?;
    let connection = store.connection();
    let mut rescued = Vec::new();
    for entry in store::scores::list(connection)? {
        let heads = store::documents::heads(connection, entry.id)?;
        let of = store::caches::heads(connection, entry.id)?.unwrap_or_default();
        let kept = store::caches::model(connection, entry.id, &of)?;
        let score = kept.and_then(|(_, model)| decode_model(&model));
        let is_behind = score.is_some() && of != heads;
        rescued.push(Rescued { entry, score, is_behind });
    }
    Ok(rescued)
}
