//! From an edit to the operations of one change.

use automerge::transaction::{Transactable, Transaction};
use automerge::{ObjId, ObjType, ReadDoc, ScalarValue, Value};
use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, MeasureId, Record, RecordKind, RecordRef};

use super::DocumentError;
use super::genesis::Containers;
use super::read::{DELETED, GONE, lying_record, object_of, order_entries, record_there, to_automerge};

/// Writes an edit.
pub(super) fn write_edit(tx: &mut Transaction<'_>, at: &Containers, edit: &Edit) -> Result<(), DocumentError> {
    for change in &edit.changes {
        match change {
            Change::Insert(of, record) => insert(tx, at, *of, record)?,
            Change::Remove(of) => tx.put(object(tx, at, *of)?, GONE, true)?,
            Change::Set(of, field) => set(tx, at, *of, field)?,
            Change::InsertMeasure { id, measure, after } => {
                insert(tx, at, (*id).into(), &Record::Measure(measure.clone()))?;
                place_measure(tx, at, *id, *after)?;
            }
            Change::RemoveMeasure(id) => tx.put(object(tx, at, (*id).into())?, GONE, true)?,
        }
    }
    Ok(())
}

/// Sets a field. A field that has this value already gets it anew: whoever says what is there already has seen what others did
/// and means it.
fn set(tx: &mut Transaction<'_>, at: &Containers, of: RecordRef, field: &Field) -> Result<(), DocumentError> {
    let object = object(tx, at, of)?;
    let (key, value) = (field.key(), to_automerge(field.to_scalar()));
    if matches!(tx.get(&object, key)?, Some((Value::Scalar(old), _)) if *old == value) {
        tx.delete(&object, key)?;
    }
    Ok(tx.put(object, key, value)?)
}

/// Marks the score as deleted or not.
pub(super) fn set_deleted(tx: &mut Transaction<'_>, at: &Containers, deleted: bool) -> Result<(), DocumentError> {
    Ok(tx.put(&at.meta, DELETED, deleted)?)
}

fn object(tx: &Transaction<'_>, at: &Containers, of: RecordRef) -> Result<ObjId, DocumentError> {
    object_of(tx, at, of).ok_or(DocumentError::NoRecord(of))
}

/// Puts a record in. One that was removed before comes back in its old map, with whatever keys others have put there; only
/// fields that differ are written.
fn insert(tx: &mut Transaction<'_>, at: &Containers, of: RecordRef, record: &Record) -> Result<(), DocumentError> {
    let Some(object) = object_of(tx, at, of) else {
        let object = tx.put_object(at.table(of.kind())?, of.key(), ObjType::Map)?;
        for (key, value) in record.stored() {
            tx.put(&object, key, to_automerge(value))?;
        }
        return Ok(());
    };
    let lying = lying_record(tx, at, of).unwrap_or_else(|| of.kind().empty());
    tx.delete(&object, GONE)?;
    for (lies, shall) in lying.fields().into_iter().zip(record.fields()) {
        if lies != shall {
            tx.put(&object, shall.key(), to_automerge(shall.to_scalar()))?;
        }
    }
    Ok(())
}

/// Gives a measure its place after another. A removed measure keeps its entry in the list, which is used again where it is at
/// that place among the measures that are there.
fn place_measure(tx: &mut Transaction<'_>, at: &Containers, id: MeasureId, after: Option<MeasureId>) -> Result<(), DocumentError> {
    let entries = order_entries(tx, at);
    let is = |entry: &Option<MeasureId>, id: MeasureId| *entry == Some(id);
    if let Some(own) = entries.iter().position(|entry| is(entry, id)) {
        let mut before = entries[..own].iter().rev().flatten();
        let visible = before.find(|before| record_there(tx, at, RecordRef::new(RecordKind::Measure, before.raw())).is_some());
        if visible.copied() == after {
            return Ok(());
        }
        for (index, _) in entries.iter().enumerate().rev().filter(|(_, entry)| is(entry, id)) {
            tx.delete(&at.order, index)?;
        }
    }
    let entries = order_entries(tx, at);
    let index = match after {
        None => 0,
        Some(after) => 1 + entries.iter().position(|entry| is(entry, after)).ok_or(DocumentError::NoRecord(after.into()))?,
    };
    Ok(tx.insert(&at.order, index, ScalarValue::Str(id.to_string().into()))?)
}
