//! A whole score as one change.
//!
//! The change is put together operation by operation and applied at once: put by put through a transaction, a score of 36,000
//! events takes seconds.

use std::num::NonZeroU64;

use automerge::legacy::{ElementId, Key, ObjectId, Op, OpId, OpType, SortedVec};
use automerge::{ActorId, Change, ExpandedChange, ObjId, ObjType, ScalarValue};
use bandpro_notation::model::{RecordKind, Score};

use super::genesis::genesis;
use super::read::to_automerge;
use super::{Document, DocumentError};

struct Writer {
    actor: ActorId,
    first: u64,
    operations: Vec<Op>,
}

impl Writer {
    fn push(&mut self, obj: ObjectId, key: Key, action: OpType, insert: bool) -> OpId {
        self.operations.push(Op { action, obj, key, pred: SortedVec::new(), insert });
        OpId(self.first + self.operations.len() as u64 - 1, self.actor.clone())
    }

    fn put(&mut self, obj: ObjectId, key: &str, value: ScalarValue) {
        self.push(obj, Key::Map(key.into()), OpType::Put(value), false);
    }
}

/// The name of a container in the form that changes use.
fn container(id: &ObjId) -> ObjectId {
    match id {
        ObjId::Root => ObjectId::Root,
        ObjId::Id(counter, actor, _) => ObjectId::Id(OpId(*counter, actor.clone())),
    }
}

/// The change that puts a score into a new document.
pub(super) fn change(document: &Document, actor: ActorId, score: &Score) -> Result<Change, DocumentError> {
    let genesis = genesis()?;
    let first = genesis.max_op() + 1;
    let mut writer = Writer { actor: actor.clone(), first, operations: Vec::new() };
    for (of, record) in score.records() {
        let table = container(document.at.table(of.kind())?);
        let object = match of.kind() {
            // These two are there from the first change on.
            RecordKind::Header | RecordKind::Layout => match super::read::object_of(&document.doc, &document.at, of) {
                Some(object) => container(&object),
                None => return Err(DocumentError::NoRecord(of)),
            },
            _ => ObjectId::Id(writer.push(table, Key::Map(of.key().into()), OpType::Make(ObjType::Map), false)),
        };
        for (key, value) in record.stored() {
            writer.put(object.clone(), key, to_automerge(value));
        }
    }
    let order = container(&document.at.order);
    let mut last = ElementId::Head;
    for measure in score.measure_order() {
        let value = OpType::Put(ScalarValue::Str(measure.to_string().into()));
        last = ElementId::Id(writer.push(order.clone(), Key::Seq(last), value, true));
    }
    Ok(Change::from(ExpandedChange {
        operations: writer.operations,
        actor_id: actor,
        hash: None,
        seq: 1,
        start_op: NonZeroU64::new(first).unwrap_or(NonZeroU64::MIN),
        time: 0,
        message: None,
        deps: vec![genesis.hash()],
        extra_bytes: Vec::new(),
        author: None,
    }))
}
