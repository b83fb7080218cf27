//! Who wrote what lies in a document, and who knew of whom.

use std::cell::RefCell;
use std::collections::HashMap;

use automerge::legacy::{Key, ObjectId};
use automerge::{ActorId, Change, ChangeHash, ObjId, Prop, ReadDoc, ScalarValue, Value};
use bandpro_notation::model::{Field, MeasureId, Record, RecordRef, Scalar};

use super::Origin;
use crate::document::read::{GONE, from_automerge, object_of, reference};
use crate::document::undo::TakesBack;
use crate::document::{ACTOR_DEVICE, Document, Lying};

/// A value of a field as it lies in the document.
///
/// One that came back when an edit was taken back is as old as it was before that edit: whoever takes something back decides
/// nothing, and what there was to decide before is to be decided again.
#[derive(Debug, Clone)]
pub struct Written {
    /// The map it lies in.
    object: ObjId,
    /// Under which key.
    key: String,
    /// Names the operation; after it those that brought the value back.
    ids: Vec<ObjId>,
    /// The stored value.
    value: ScalarValue,
    /// The change.
    pub change: ChangeHash,
    /// The changes that brought it back.
    again: Vec<ChangeHash>,
}

impl Written {
    /// Whether it is the number of a measure.
    pub fn is_number(&self) -> bool {
        self.key == super::numbers::KEY
    }

    /// As a value that another brought back.
    fn brought_back_by(mut self, later: &Self) -> Self {
        self.ids.extend(later.ids.iter().cloned());
        self.again.extend(later.changes());
        self
    }

    fn changes(&self) -> impl Iterator<Item = ChangeHash> + '_ {
        std::iter::once(self.change).chain(self.again.iter().copied())
    }
}

/// Looks into the history of a document.
pub struct Trace<'a> {
    document: &'a Document,
    known: RefCell<HashMap<(ChangeHash, ChangeHash), bool>>,
    taken_back: RefCell<HashMap<ChangeHash, Option<Vec<ChangeHash>>>>,
}

/// So often in a row something is taken back, made again and taken back, and what was to be decided before is still known.
const MOST_TURNS: usize = 256;

impl<'a> Trace<'a> {
    /// Looks into a document.
    pub fn of(document: &'a Document) -> Self {
        Self { document, known: RefCell::default(), taken_back: RefCell::default() }
    }

    /// The values of a field, the one that counts last.
    pub fn values(&self, of: RecordRef, key: &str) -> Vec<Written> {
        let Some(object) = object_of(&self.document.doc, &self.document.at, of) else { return Vec::new() };
        self.lying_at(&object, key, None).into_iter().flat_map(|written| self.as_before(written)).collect()
    }

    /// The values of a field that stand against each other, the one that counts last: those that lie there, or those that did when
    /// someone decided between them, if that has been taken back. Fewer than two where nothing is to be decided.
    pub fn rivals(&self, of: RecordRef, key: &str) -> Vec<Written> {
        self.rivals_at(of, key, None)
    }

    /// As [`Trace::rivals`], at these heads.
    pub fn rivals_at(&self, of: RecordRef, key: &str, heads: Option<&[ChangeHash]>) -> Vec<Written> {
        let Some(object) = object_of(&self.document.doc, &self.document.at, of) else { return Vec::new() };
        let mut values = self.lying_at(&object, key, heads);
        for _ in 0..MOST_TURNS {
            let [only] = values.as_slice() else { return values };
            let Some(before) = self.before_what_it_takes_back(only.change) else { return Vec::new() };
            let earlier = self.lying_at(&object, key, Some(&before));
            // The one that counted then counts now.
            if earlier.last().is_none_or(|counted| counted.value != only.value) {
                return Vec::new();
            }
            values = earlier;
        }
        Vec::new()
    }

    /// The values that lie under a key, now or at these heads.
    fn lying_at(&self, object: &ObjId, key: &str, heads: Option<&[ChangeHash]>) -> Vec<Written> {
        let doc = &self.document.doc;
        let written = |(value, id): (Value<'_>, ObjId)| {
            let Value::Scalar(value) = value else { return None };
            let change = doc.hash_for_opid(&id)?;
            let value = value.into_owned();
            Some(Written { object: object.clone(), key: key.to_owned(), ids: vec![id], value, change, again: Vec::new() })
        };
        let lying = match heads {
            Some(heads) => doc.get_all_at(object, key, heads),
            None => doc.get_all(object, key),
        };
        lying.unwrap_or_default().into_iter().filter_map(written).collect()
    }

    /// What a value was before the edit whose taking back brought it back; the value itself where nothing was taken back.
    fn as_before(&self, written: Written) -> Vec<Written> {
        let mut values = vec![written];
        for _ in 0..MOST_TURNS {
            let Some(at) = values.iter().position(|value| self.before_what_it_takes_back(value.change).is_some()) else { break };
            let value = values.swap_remove(at);
            let before = self.before_what_it_takes_back(value.change).unwrap_or_default();
            let earlier = self.lying_at(&value.object, &value.key, Some(&before)).into_iter().filter(|other| other.value == value.value);
            let earlier: Vec<Written> = earlier.map(|other| other.brought_back_by(&value)).collect();
            if earlier.is_empty() {
                values.push(value);
                break;
            }
            values.extend(earlier);
        }
        values
    }

    /// The heads before the edit that a change takes back; nothing for one that takes none back.
    fn before_what_it_takes_back(&self, change: ChangeHash) -> Option<Vec<ChangeHash>> {
        let doc = &self.document.doc;
        let look = || {
            let taken_back = TakesBack::read(doc.get_change_meta_by_hash(&change)?.message.as_deref()?)?.edit;
            Some(doc.get_change_meta_by_hash(&taken_back)?.deps)
        };
        self.taken_back.borrow_mut().entry(change).or_insert_with(look).clone()
    }

    /// The fields that changes have taken back a decision about.
    pub fn reopened(&self) -> impl Iterator<Item = (RecordRef, String)> + '_ {
        let doc = &self.document.doc;
        let metas = doc.get_changes_meta(&[]).into_iter();
        let reopens = metas.filter(|meta| meta.message.as_deref().and_then(TakesBack::read).is_some_and(|back| back.reopens));
        reopens.filter_map(|meta| doc.get_change_by_hash(&meta.hash)).flat_map(|change| self.set_by(&change))
    }

    /// The fields of records that a change sets.
    fn set_by(&self, change: &Change) -> Vec<(RecordRef, String)> {
        let doc = &self.document.doc;
        let field = |op: automerge::legacy::Op| {
            let (ObjectId::Id(id), Key::Map(key)) = (&op.obj, &op.key) else { return None };
            let (object, _) = doc.import(&id.to_string()).ok()?;
            let within = doc.parents(&object).ok()?.next()?;
            let kind = self.document.at.tables.iter().find(|(_, table)| **table == within.obj)?.0;
            let Prop::Map(record) = within.prop else { return None };
            Some((reference(*kind, &record)?, key.to_string()))
        };
        change.decode().operations.into_iter().filter_map(field).collect()
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
        if value.changes().any(|change| change == to) {
            return true;
        }
        let look = || {
            let there = self.document.doc.get_all_at(&value.object, value.key.as_str(), &[to]);
            there.is_ok_and(|values| values.iter().any(|(_, id)| value.ids.contains(id)))
        };
        if !value.again.is_empty() {
            return look();
        }
        *self.known.borrow_mut().entry((to, value.change)).or_insert_with(look)
    }

    /// Whether this device wrote a value, in this session or another.
    pub fn is_own(&self, value: &Written) -> bool {
        let device = |actor: &ActorId| actor.to_bytes().get(..ACTOR_DEVICE).map(<[u8]>::to_vec);
        self.origin(value).is_some_and(|origin| device(&origin.actor) == device(self.document.doc.get_actor()))
    }

    /// Whether two values were written side by side: neither knew of the other.
    pub fn side_by_side(&self, a: &Written, b: &Written) -> bool {
        let beside = |of_a: ChangeHash, of_b: ChangeHash| !self.was_known(b, of_a) && !self.was_known(a, of_b);
        a.changes().any(|of_a| b.changes().any(|of_b| beside(of_a, of_b)))
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
