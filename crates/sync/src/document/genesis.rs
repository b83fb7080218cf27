//! The one change that every document begins with.

use automerge::{Automerge, Change, ChangeHash, ObjId, ObjType, ROOT, ReadDoc, Value};
use bandpro_notation::model::RecordKind;
use std::collections::BTreeMap;

use super::DocumentError;

/// The bytes of the change, as every device applies them first. They never change: a later version that needs more
/// containers adds a second such change.
const BYTES: &[u8] = include_bytes!("genesis.bin");
/// The list of measures.
pub(super) const ORDER: &str = "order";
/// What is said of the document as a whole.
pub(super) const META: &str = "meta";
/// Set aside for comments on places of the score.
const COMMENTS: &str = "comments";

/// The change that makes the containers. Nobody else ever makes one: two devices that did would hide each other's.
pub fn genesis() -> Result<Change, DocumentError> {
    super::read_change(BYTES).ok_or(DocumentError::NoContainer("genesis"))
}

/// Whether a key of the root is that of a container.
pub(super) fn is_container(key: &str) -> bool {
    [ORDER, META, COMMENTS].contains(&key) || RecordKind::ALL.iter().any(|kind| kind.table() == key)
}

/// The hash of [`genesis`].
pub fn genesis_hash() -> Result<ChangeHash, DocumentError> {
    Ok(genesis()?.hash())
}

/// Where the containers of a document are.
#[derive(Debug, Clone)]
pub(super) struct Containers {
    /// The table of each kind.
    pub tables: BTreeMap<RecordKind, ObjId>,
    /// The list of measures.
    pub order: ObjId,
    /// What is said of the document as a whole.
    pub meta: ObjId,
}

impl Containers {
    /// Finds the containers.
    pub fn find(doc: &Automerge) -> Result<Self, DocumentError> {
        let find = |name: &'static str, kind: ObjType| match doc.get(ROOT, name)? {
            Some((Value::Object(found), id)) if found == kind => Ok(id),
            _ => Err(DocumentError::NoContainer(name)),
        };
        let table = |kind: &RecordKind| Ok((*kind, find(kind.table(), ObjType::Map)?));
        let tables = RecordKind::ALL.iter().map(table).collect::<Result<_, DocumentError>>()?;
        Ok(Self { tables, order: find(ORDER, ObjType::List)?, meta: find(META, ObjType::Map)? })
    }

    /// The table of a kind.
    pub fn table(&self, kind: RecordKind) -> Result<&ObjId, DocumentError> {
        self.tables.get(&kind).ok_or(DocumentError::NoContainer(kind.table()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::num::NonZeroU64;

    use automerge::legacy::{Key, ObjectId, Op, OpId, OpType, SortedVec};
    use automerge::{ActorId, ExpandedChange};
    use bandpro_notation::model::{HEADER, LAYOUT, RecordRef};

    const ACTOR: &[u8] = b"bandpro genesis 1";

    /// The change as it was first made.
    fn make() -> Change {
        let actor_id = ActorId::from(ACTOR);
        let mut operations = Vec::new();
        let mut create = |obj: ObjectId, key: &str, kind: ObjType| {
            operations.push(Op { action: OpType::Make(kind), obj, key: Key::Map(key.into()), pred: SortedVec::new(), insert: false });
            ObjectId::Id(OpId(operations.len() as u64, ActorId::from(ACTOR)))
        };
        for kind in RecordKind::ALL {
            let table = create(ObjectId::Root, kind.table(), ObjType::Map);
            if let Some(single) = single(*kind) {
                create(table, &single.key(), ObjType::Map);
            }
        }
        create(ObjectId::Root, ORDER, ObjType::List);
        create(ObjectId::Root, META, ObjType::Map);
        create(ObjectId::Root, COMMENTS, ObjType::Map);
        Change::from(ExpandedChange {
            operations,
            actor_id,
            hash: None,
            seq: 1,
            start_op: NonZeroU64::MIN,
            time: 0,
            message: None,
            deps: Vec::new(),
            extra_bytes: Vec::new(),
            author: None,
        })
    }

    /// The one record of a kind of which a score has exactly one.
    fn single(kind: RecordKind) -> Option<RecordRef> {
        match kind {
            RecordKind::Header => Some(HEADER.into()),
            RecordKind::Layout => Some(LAYOUT.into()),
            _ => None,
        }
    }

    /// `UPDATE_GENESIS=1` writes the file anew. That breaks every document there is: only before the first release.
    #[test]
    fn the_stored_bytes_are_those_of_the_first_change() {
        let mut change = make();
        if std::env::var_os("UPDATE_GENESIS").is_some() {
            let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/genesis.bin");
            std::fs::write(path, &*change.bytes()).unwrap();
            return;
        }
        assert_eq!(&*change.bytes(), BYTES);
        assert_eq!(genesis().unwrap().hash(), change.hash());
    }

    #[test]
    fn every_kind_has_its_table() {
        let document = super::super::Document::new().unwrap();
        assert_eq!(document.at.tables.len(), RecordKind::ALL.len());
        assert_eq!(document.heads(), [genesis_hash().unwrap()]);
    }
}
