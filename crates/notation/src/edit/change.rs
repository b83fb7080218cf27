//! The primitive changes, and the edit that holds them together.

use super::EditError;
use crate::model::{Field, Measure, MeasureId, Record, RecordRef, Score};

/// One primitive change. Applying it yields its inverse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Puts in a record that is not there (a new one, or one that was removed before).
    Insert(RecordRef, Record),
    /// Removes a record; what refers to it stays and is met again if it comes back.
    Remove(RecordRef),
    /// Sets one field.
    Set(RecordRef, Field),
    /// Puts a measure after another one, or first.
    InsertMeasure {
        /// Its identifier.
        id: MeasureId,
        /// The measure.
        measure: Measure,
        /// The measure it follows; at the start where absent.
        after: Option<MeasureId>,
    },
    /// Removes a measure from the order; its content stays in its tables.
    RemoveMeasure(MeasureId),
}

impl Change {
    /// Applies the change and gives back its inverse. On failure the score is as it was.
    pub fn apply(&self, score: &mut Score) -> Result<Self, EditError> {
        match self {
            Self::Insert(of, _) if matches!(of, RecordRef::Measure(_) | RecordRef::Header(_) | RecordRef::Layout(_)) => {
                Err(EditError::NotInsertable(*of))
            }
            Self::Insert(of, _) if score.contains(*of) => Err(EditError::AlreadyThere(*of)),
            Self::Insert(of, record) => {
                score.put(*of, record.clone()).map_err(|_| EditError::WrongKind(*of))?;
                Ok(Self::Remove(*of))
            }
            Self::Remove(of) => score.remove(*of).map(|record| Self::Insert(*of, record)).ok_or(EditError::NotThere(*of)),
            Self::Set(of, field) if of.kind() != field.kind() => Err(EditError::WrongKind(*of)),
            Self::Set(of, field) => score.set(*of, field.clone()).map(|old| Self::Set(*of, old)).ok_or(EditError::NotThere(*of)),
            Self::InsertMeasure { id, .. } if score.measure(*id).is_some() => Err(EditError::AlreadyThere((*id).into())),
            Self::InsertMeasure { id, measure, after } => {
                let at = match after {
                    None => 0,
                    Some(after) => score.measure_position(*after).ok_or(EditError::NotThere((*after).into()))? + 1,
                };
                score.insert_measure(*id, measure.clone(), at);
                Ok(Self::RemoveMeasure(*id))
            }
            Self::RemoveMeasure(id) => {
                let (measure, at) = score.remove_measure(*id).ok_or(EditError::NotThere((*id).into()))?;
                let after = at.checked_sub(1).map(|before| score.measure_order()[before]);
                Ok(Self::InsertMeasure { id: *id, measure, after })
            }
        }
    }

    /// The record it is about.
    pub fn target(&self) -> RecordRef {
        match self {
            Self::Insert(of, _) | Self::Remove(of) | Self::Set(of, _) => *of,
            Self::InsertMeasure { id, .. } | Self::RemoveMeasure(id) => (*id).into(),
        }
    }
}

/// What one gesture does: changes that apply together or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edit {
    /// The changes, in order.
    pub changes: Vec<Change>,
}

impl Edit {
    /// An edit of these changes.
    pub fn new(changes: Vec<Change>) -> Self {
        Self { changes }
    }

    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Applies all changes and gives back the edit that takes them back. On failure the score is as it was.
    pub fn apply(&self, score: &mut Score) -> Result<Self, EditError> {
        let mut inverse = Vec::with_capacity(self.changes.len());
        for change in &self.changes {
            match change.apply(score) {
                Ok(undo) => inverse.push(undo),
                Err(error) => {
                    for undo in inverse.iter().rev() {
                        // What was just done can be undone: each inverse meets exactly the state it was made for.
                        let undone = undo.apply(score);
                        debug_assert!(undone.is_ok(), "{undone:?}");
                    }
                    return Err(error);
                }
            }
        }
        inverse.reverse();
        Ok(Self { changes: inverse })
    }

    /// This edit followed by another, as one.
    pub fn then(mut self, next: Self) -> Self {
        self.changes.extend(next.changes);
        self
    }
}

impl FromIterator<Change> for Edit {
    fn from_iter<I: IntoIterator<Item = Change>>(changes: I) -> Self {
        Self { changes: changes.into_iter().collect() }
    }
}
