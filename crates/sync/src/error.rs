//! What can go wrong, where, and what to do next.

use std::path::PathBuf;

use bandpro_notation::edit::EditError;

use crate::envelope::Reason;
use crate::identity::{KeyPlace, KeyStoreError};
use crate::{DeviceId, ScoreId, SpaceId};

/// Why something with the documents could not be done. What was durable before stays so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// The folder cannot be used.
    #[error("cannot use the data folder {path}: {source}")]
    Folder {
        /// Which folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file that holds the device's key is not one.
    #[error("the key of this device in {path} is damaged; restore the file from a backup, or begin with a new data folder")]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// The data folder belongs to a device whose key is not where it was kept. Nothing was made in its place.
    #[error("the key of the device that this data folder belongs to is not in {}; bring it back, or begin with a new data folder", place.code())]
    KeyGone {
        /// The device, where that is known.
        device: Option<DeviceId>,
        /// Where its key was kept.
        place: KeyPlace,
    },
    /// The key is in the system's key store, or is to go there, and that did not do what was asked.
    #[error("the system's key store: {0}")]
    KeyStore(KeyStoreError),
    /// A newer version of BandPro wrote the database. It was not touched.
    #[error("{path} was written by a newer version of BandPro (format {found}, this one knows up to {known}); update BandPro to open it")]
    NewerDatabase {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this version knows.
        known: i64,
    },
    /// A version before the first release wrote the database, without sealing it. It was not touched.
    #[error("{path} was written before bands had members and keys; export its scores with the BandPro that wrote it, and move it away")]
    OldDatabase {
        /// The database.
        path: PathBuf,
    },
    /// The file is not a database, or its pages are damaged.
    #[error("the database {path} is damaged ({detail}); move it away and sync from another device, or restore a backup")]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// No space is left on the disk. The last edit was not stored.
    #[error("no space left on the disk: the last change was not stored; free some space and repeat it")]
    DiskFull,
    /// The data may not be written. The last edit was not stored.
    #[error("the data folder cannot be written: the last change was not stored; check its permissions")]
    ReadOnly,
    /// Another process kept the database locked for longer than the patience of the options.
    #[error("another BandPro keeps the database busy: the last change was not stored; repeat it")]
    Busy,
    /// The database failed in another way.
    #[error("the database failed: {0}")]
    Database(rusqlite::Error),
    /// No score has this identifier or this beginning of one.
    #[error("no score {0}")]
    UnknownScore(String),
    /// More than one score's identifier begins so.
    #[error("more than one score begins with {0}; give more of its id")]
    AmbiguousScore(String),
    /// This device is in no such space.
    #[error("this device is not in the space {0}")]
    UnknownSpace(SpaceId),
    /// The edit does not fit the score.
    #[error(transparent)]
    Edit(#[from] EditError),
    /// What the edit or the score comes to is larger than one change may be.
    #[error("this change has {size} bytes, more than the {limit} that one change may have")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The largest size.
        limit: usize,
    },
    /// A replicated document failed.
    #[error("the document of score {score}: {detail}")]
    Document {
        /// Which score.
        score: ScoreId,
        /// What failed.
        detail: String,
    },
    /// A change was refused.
    #[error("a change of device {device:?} was refused: {reason}")]
    Refused {
        /// Who wrote it.
        device: DeviceId,
        /// Why.
        reason: Reason,
    },
    /// The member's role does not allow it.
    #[error("this takes another role in the space than yours ({deed})")]
    NotAllowed {
        /// What was to be done.
        deed: &'static str,
    },
    /// This device left the space, or was removed from it.
    #[error("this device does not belong to the space of this score any more")]
    NoMember,
    /// The data folder goes on under another device key.
    #[error("this laptop was renewed; close BandPro here and start it again")]
    Renewed,
    /// The key of the space has not reached this device yet.
    #[error("the key of this space has not reached this device yet; it comes when an owner's device is met")]
    NoKey(SpaceId),
    /// No member, device, invitation or request is called so, or more than one.
    #[error("no member, device, invitation or request {0}, or more than one")]
    UnknownName(String),
    /// Nobody would be left who could let others in.
    #[error("a space needs an owner; make somebody else one first")]
    LastOwner,
    /// An entry of the membership log cannot be made.
    #[error("the membership of the space: {0}")]
    Membership(#[from] crate::membership::EntryError),
    /// The text is no recovery key, or some of it is missing.
    #[error("this is not a whole recovery key; compare it with the printed one")]
    BadRecovery,
    /// The text is no ticket, or some of it is missing.
    #[error("this is not a whole ticket; copy it again, from “bandpro-” to its end")]
    BadTicket,
    /// The ticket is from a newer version.
    #[error("this ticket was made by a newer version of BandPro; update to use it")]
    NewerTicket,
    /// The ticket has run out.
    #[error("this ticket has expired; ask for a new one")]
    ExpiredTicket,
    /// The text is no pass, or some of it is missing.
    #[error("this is not a whole pass; copy it again, from “bandpro-relay-” to its end")]
    BadPass,
    /// The pass is from a newer version.
    #[error("this pass was made by a newer version of BandPro; update to use it")]
    NewerPass,
    /// The mailbox turned this device away.
    #[error("the mailbox turned this device away: {0}")]
    MailboxRefused(crate::mailbox::Refusal),
    /// The other device turned this one away.
    #[error("the other device turned this one away: {0}")]
    TurnedAway(crate::protocol::Refusal),
    /// The other device could not be reached.
    #[error("cannot reach the other device ({detail}); is BandPro open there, and are both in the same network?")]
    Unreachable {
        /// What was tried.
        detail: String,
    },
    /// The other device was never met and is not in this network.
    #[error("the other device was never met and is not in this network, so its address is not known")]
    NoAddress,
    /// The other device broke the protocol.
    #[error("the other device sent what it should not: {0}")]
    Protocol(String),
    /// The network could not be opened.
    #[error("cannot open the network: {0}")]
    Network(String),
    /// The system gave no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
    /// The work was cut off by shutting down.
    #[error("shut down in the middle of the work; what was stored stays")]
    ShutDown,
}

impl SyncError {
    /// The small code that a surface may act on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "folder",
            Self::Key { .. } => "device-key",
            Self::KeyGone { place: KeyPlace::File, .. } => "device-key-gone",
            Self::KeyGone { place: KeyPlace::System, .. } => "device-key-not-here",
            Self::KeyStore(KeyStoreError::Absent) => "key-store-absent",
            Self::KeyStore(KeyStoreError::Locked) => "key-store-locked",
            Self::KeyStore(KeyStoreError::Silent) => "key-store-silent",
            Self::KeyStore(KeyStoreError::Refused(_)) => "key-store",
            Self::NewerDatabase { .. } => "newer-database",
            Self::OldDatabase { .. } => "old-database",
            Self::Damaged { .. } => "damaged-database",
            Self::DiskFull => "disk-full",
            Self::ReadOnly => "read-only",
            Self::Busy => "busy",
            Self::Database(_) => "database",
            Self::UnknownScore(_) => "unknown-score",
            Self::AmbiguousScore(_) => "ambiguous-score",
            Self::UnknownSpace(_) => "unknown-space",
            Self::Edit(_) => "edit",
            Self::TooLarge { .. } => "too-large",
            Self::Document { .. } => "document",
            Self::Refused { .. } => "refused",
            Self::NotAllowed { .. } => "not-allowed",
            Self::NoMember => "no-member",
            Self::Renewed => "renewed",
            Self::NoKey(_) => "no-key",
            Self::UnknownName(_) => "unknown-name",
            Self::LastOwner => "last-owner",
            Self::Membership(_) => "membership",
            Self::BadRecovery => "bad-recovery",
            Self::BadTicket => "bad-ticket",
            Self::NewerTicket => "newer-ticket",
            Self::ExpiredTicket => "expired-ticket",
            Self::BadPass => "bad-pass",
            Self::NewerPass => "newer-pass",
            Self::MailboxRefused(_) => "mailbox-refused",
            Self::TurnedAway(_) => "turned-away",
            Self::Unreachable { .. } => "unreachable",
            Self::NoAddress => "no-address",
            Self::Protocol(_) => "protocol",
            Self::Network(_) => "network",
            Self::Randomness(_) => "randomness",
            Self::ShutDown => "shut-down",
        }
    }
}

impl From<rusqlite::Error> for SyncError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => crate::store::damaged(error.to_string()),
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            _ => Self::Database(error),
        }
    }
}
