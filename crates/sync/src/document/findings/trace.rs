//! Who wrote what lies in a document, and who knew of whom.

use std::cell::RefCell;
use std::collections::HashMap;

use automerge::{ActorId, ChangeHash, ObjId, ReadDoc, ScalarValue, Value};
use bandpro_notation::model::{Field, MeasureId, Record, RecordRef, Scalar};

use super::Origin;
use crate::document::read::{GONE, from_automerge, object_of};
use crate::document::{ACTOR_DEVICE, Document, Lying};

/// A value of a field as it lies in the document.
#[derive(Debug, Clone)]
pub struct Written {
    /// The map it lies in.
    object: ObjId,
    /// Under which key.
    key: String,
    /// Names the operation.
    id: ObjId,
    /// The stored value.
    value: ScalarValue,
    /// The change.
    pub change: ChangeHash,
}

impl Written {
    /// Whether it is the number of a measure.
    pub fn is_number(&self) -> bool {
        self.key == super::numbers::KEY
    }
}

/// Looks into the history of a document.
pub struct Trace<'a> {
    document: &'a Document,
    known: RefCell<HashMap<(ChangeHash, ChangeHash), bool>>,
}

impl<'a> Trace<'a> {
    /// Looks into a document.
    pub fn of(document: &'a Document) -> Self {
        Self { document, known: RefCell::default() }
    }

    /// The values of a field, the one that counts last.
    pub fn values(&self, of: RecordRef, key: &str) -> Vec<Written> {
        let doc = &self.document.doc;
        let Some(object) = object_of(doc, &self.document.at, of) else { return Vec::new() };
        let written = |(value, id): (Value<'_>, ObjId)| {
            let Value::Scalar(value) = value else { return None };
            let change = doc.hash_for_opid(&id)?;
            Some(Written { object: object.clone(), key: key.to_owned(), id, value: value.into_owned(), change })
        };
        doc.get_all(&object, key).unwrap_or_default().into_iter().filter_map(written).collect()
    }

    /// The value of a field that counts, if one is stored.
    pub fn value(&self, of: RecordRef, key: &str) -> Option<Written> {
        self.values(of, key).pop()
    }

    /// Everything stored of a record, each field's value that counts; not whether it is gone.
    pub fn fields(&self, of: RecordRef) -> Vec<Written> {
        let doc = &self.document.doc;
        let Some(object) = object_of(doc, &self.document.at, of) else { return Vec::new() };
        let keys: Vec<String> = doc.map_range(&object, ..).filter(|item| item.key != GONE).map(|item| item.key.into_owned()).collect();
        keys.iter().filter_map(|key| self.value(of, key)).collect()
    }

    /// That a record is gone, as everyone who took it out wrote it; the last counts.
    pub fn removals(&self, of: RecordRef) -> Vec<Written> {
        self.values(of, GONE).into_iter().filter(|gone| gone.value == ScalarValue::Boolean(true)).collect()
    }

    /// The change that took a record out.
    pub fn removed_by(&self, of: RecordRef) -> Option<ChangeHash> {
        self.removals(of).pop().map(|removal| removal.change)
    }

    /// Whether work was done beside everyone who took something out: none of them had seen it, nor did it know of them.
    pub fn beside_all(&self, work: &Written, removals: &[Written]) -> bool {
        !removals.is_empty() && removals.iter().all(|removal| self.side_by_side(work, removal))
    }

    /// The field that a value is of a record.
    pub fn field(&self, of: RecordRef, written: &Written) -> Option<Field> {
        let scalar: Scalar = from_automerge(&written.value)?;
        Field::from_stored(of.kind(), &written.key, &scalar)
    }

    /// Where a value came from.
    pub fn origin(&self, written: &Written) -> Option<Origin> {
        let change = self.document.doc.get_change_meta_by_hash(&written.change)?;
        Some(Origin { change: written.change, actor: change.actor.into_owned(), seconds: change.timestamp })
    }

    /// Whether whoever made a change had a value before them, or wrote it with that change.
    pub fn was_known(&self, value: &Written, to: ChangeHash) -> bool {
        if to == value.change {
            return true;
        }
        let look = || {
            let there = self.document.doc.get_all_at(&value.object, value.key.as_str(), &[to]);
            there.is_ok_and(|values| values.iter().any(|(_, id)| *id == value.id))
        };
        *self.known.borrow_mut().entry((to, value.change)).or_insert_with(look)
    }

    /// Whether this device wrote a value, in this session or another.
    pub fn is_own(&self, value: &Written) -> bool {
        let device = |actor: &ActorId| actor.to_bytes().get(..ACTOR_DEVICE).map(<[u8]>::to_vec);
        self.origin(value).is_some_and(|origin| device(&origin.actor) == device(self.document.doc.get_actor()))
    }

    /// Whether two values were written side by side: neither knew of the other.
    pub fn side_by_side(&self, a: &Written, b: &Written) -> bool {
        !self.was_known(b, a.change) && !self.was_known(a, b.change)
    }

    /// A record as it lies there, gone or not.
    pub fn lying(&self, of: RecordRef) -> Option<Record> {
        self.document.record(of)
    }

    /// The measures in the order of the document, gone ones among them.
    pub fn measures(&self) -> Vec<MeasureId> {
        self.document.measures()
    }
}
