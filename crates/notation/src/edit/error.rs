//! Why an edit cannot be made.

use crate::model::RecordRef;

/// Why an edit cannot be made. The score is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The record is not in the score (any more).
    #[error("{0:?} is not in the score any more")]
    NotThere(RecordRef),
    /// A record of this identifier is already there.
    #[error("{0:?} is already in the score")]
    AlreadyThere(RecordRef),
    /// The value belongs to another kind of record.
    #[error("the value does not belong to {0:?}")]
    WrongKind(RecordRef),
    /// The header, the layout and measures do not go in as plain records.
    #[error("{0:?} cannot be put in as a record")]
    NotInsertable(RecordRef),
    /// The command needs a selected note.
    #[error("select a note first")]
    NothingSelected,
    /// The result would leave the range of what can be written.
    #[error("the pitch would leave the range from C-1 to B11")]
    OutOfRange,
    /// The command does not apply to what is selected.
    #[error("{0}")]
    NotApplicable(&'static str),
}
