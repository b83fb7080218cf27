//! From the document to the score: as a whole, and the edit that follows from what has changed.

use std::collections::{BTreeMap, BTreeSet};

use automerge::{Automerge, ObjId, ObjType, Patch, Prop, ROOT, ReadDoc, ScalarValue, Value, ValueRef};
use bandpro_notation::edit::Edit;
use bandpro_notation::model::{Field, Id, Measure, MeasureId, Record, RecordKind, RecordRef, Scalar, Score};

use super::DocumentError;
use super::diff::{diff_measures, diff_record};
use super::genesis::Containers;

/// The key that marks a removed record.
pub(super) const GONE: &str = "gone";
/// The key that marks a deleted score.
pub(super) const DELETED: &str = "deleted";

/// A stored value as Automerge keeps it.
pub(super) fn to_automerge(value: Scalar) -> ScalarValue {
    match value {
        Scalar::Null => ScalarValue::Null,
        Scalar::Bool(value) => ScalarValue::Boolean(value),
        Scalar::Int(value) => ScalarValue::Int(value),
        Scalar::Text(text) => ScalarValue::Str(text.into()),
    }
}

pub(super) fn from_automerge(value: &ScalarValue) -> Option<Scalar> {
    Some(match value {
        ScalarValue::Null => Scalar::Null,
        ScalarValue::Boolean(value) => Scalar::Bool(*value),
        ScalarValue::Int(value) => Scalar::Int(*value),
        ScalarValue::Uint(value) => Scalar::Int(i64::try_from(*value).ok()?),
        ScalarValue::Str(text) => Scalar::Text(text.to_string()),
        _ => return None,
    })
}

/// A record as it lies in the document, with whether it is gone.
struct Lain {
    record: Record,
    gone: bool,
}

impl Lain {
    fn empty(kind: RecordKind) -> Self {
        Self { record: kind.empty(), gone: false }
    }

    /// Takes in one stored value. What this version does not know leaves the default.
    fn take(&mut self, key: &str, value: &ScalarValue) {
        if key == GONE {
            self.gone = *value == ScalarValue::Boolean(true);
        } else if let Some(field) = from_automerge(value).and_then(|value| Field::from_stored(self.record.kind(), key, &value)) {
            self.record.set(field);
        }
    }

    /// The record, unless it was removed. The header and the layout cannot be.
    fn there(self) -> Option<Record> {
        let single = matches!(self.record.kind(), RecordKind::Header | RecordKind::Layout);
        (single || !self.gone).then_some(self.record)
    }
}

/// The reference that a key of a table stands for; nothing for a key that is none, or for a second header or layout.
pub(super) fn reference(kind: RecordKind, key: &str) -> Option<RecordRef> {
    let raw = key.parse::<Id<()>>().ok()?.raw();
    let single = matches!(kind, RecordKind::Header | RecordKind::Layout);
    (!single || raw == 0).then(|| RecordRef::new(kind, raw))
}

/// The map of a record.
pub(super) fn object_of<D: ReadDoc>(doc: &D, at: &Containers, of: RecordRef) -> Option<ObjId> {
    match doc.get(at.tables.get(&of.kind())?, of.key()).ok()?? {
        (Value::Object(ObjType::Map), id) => Some(id),
        _ => None,
    }
}

fn lain<D: ReadDoc>(doc: &D, at: &Containers, of: RecordRef) -> Option<Lain> {
    let object = object_of(doc, at, of)?;
    let mut lain = Lain::empty(of.kind());
    for item in doc.map_range(&object, ..) {
        if let ValueRef::Scalar(value) = &item.value {
            lain.take(&item.key, &value.to_owned().into());
        }
    }
    Some(lain)
}

/// A record, whether it is gone or not.
pub(super) fn lying_record<D: ReadDoc>(doc: &D, at: &Containers, of: RecordRef) -> Option<Record> {
    lain(doc, at, of).map(|lain| lain.record)
}

/// The values of a field, the one that counts first.
pub(super) fn values<D: ReadDoc>(doc: &D, at: &Containers, of: RecordRef, key: &str) -> Vec<Field> {
    let all = object_of(doc, at, of).and_then(|object| doc.get_all(&object, key).ok()).unwrap_or_default();
    let field = |(value, _): (Value<'_>, ObjId)| match value {
        Value::Scalar(value) => Field::from_stored(of.kind(), key, &from_automerge(&value)?),
        Value::Object(_) => None,
    };
    all.into_iter().rev().filter_map(field).collect()
}

/// A record that is there and not gone.
pub(super) fn record_there<D: ReadDoc>(doc: &D, at: &Containers, of: RecordRef) -> Option<Record> {
    lain(doc, at, of).and_then(Lain::there)
}

/// The identifiers in the list of measures, those of removed measures among them, each at its first place.
pub(super) fn order<D: ReadDoc>(doc: &D, at: &Containers) -> Vec<MeasureId> {
    let mut seen = BTreeSet::new();
    order_entries(doc, at).into_iter().flatten().filter(|id| seen.insert(*id)).collect()
}

/// Every entry of the list of measures; nothing where an entry is no identifier.
pub(super) fn order_entries<D: ReadDoc>(doc: &D, at: &Containers) -> Vec<Option<MeasureId>> {
    let entry = |value: &ValueRef<'_>| match value {
        ValueRef::Scalar(automerge::ScalarValueRef::Str(text)) => text.parse().ok(),
        _ => None,
    };
    doc.list_range(&at.order, ..).map(|item| entry(&item.value)).collect()
}

/// Whether the score was deleted.
pub(super) fn is_deleted(doc: &Automerge, at: &Containers) -> bool {
    matches!(doc.get(&at.meta, DELETED), Ok(Some((Value::Scalar(value), _))) if *value == ScalarValue::Boolean(true))
}

/// The score that the document holds.
pub(super) fn hydrate(doc: &Automerge, at: &Containers) -> Result<Score, DocumentError> {
    let mut score = Score::new();
    let mut measures: BTreeMap<MeasureId, Measure> = BTreeMap::new();
    let whole = match doc.hydrate(None) {
        automerge::hydrate::Value::Map(map) => map,
        _ => return Err(DocumentError::NoContainer("root")),
    };
    for kind in RecordKind::ALL {
        let Some(automerge::hydrate::Value::Map(table)) = whole.get(kind.table()) else { continue };
        for (key, value) in table.iter() {
            let (Some(of), automerge::hydrate::Value::Map(stored)) = (reference(*kind, key), &value.value) else { continue };
            let mut lain = Lain::empty(*kind);
            for (key, value) in stored.iter() {
                if let automerge::hydrate::Value::Scalar(value) = &value.value {
                    lain.take(key, value);
                }
            }
            match lain.there() {
                Some(Record::Measure(measure)) => drop(measures.insert(Id::from_raw(of.raw()), measure)),
                Some(record) => drop(score.insert(of, record)),
                None => {}
            }
        }
    }
    for id in order(doc, at) {
        if let Some(measure) = measures.remove(&id) {
            score.push_measure(id, measure);
        }
    }
    Ok(score)
}

/// What patches touched.
#[derive(Debug, Default)]
pub(super) struct Touched {
    records: BTreeSet<RecordRef>,
    order: bool,
    /// A container itself was replaced: nobody does that who keeps to the rules, but then everything has to be read again.
    all: bool,
}

impl Touched {
    /// Reads which records patches are about. What their values are now is then read from the document, so that an open score
    /// and one that is opened afterwards cannot differ.
    pub fn by(at: &Containers, patches: &[Patch]) -> Self {
        let mut touched = Self::default();
        for patch in patches {
            touched.add(at, patch);
        }
        touched
    }

    fn add(&mut self, at: &Containers, patch: &Patch) {
        if patch.obj == ROOT {
            self.all = true;
            return;
        }
        if patch.obj == at.order {
            self.order = true;
            return;
        }
        let kind = |id: &ObjId| at.tables.iter().find(|(_, table)| *table == id).map(|(kind, _)| *kind);
        let mut keep = |kind: RecordKind, key: &str| {
            if let Some(of) = reference(kind, key) {
                self.order |= kind == RecordKind::Measure;
                self.records.insert(of);
            }
        };
        if let Some(kind) = kind(&patch.obj) {
            for key in keys(&patch.action) {
                keep(kind, key);
            }
        }
        for (parent, prop) in &patch.path {
            if let (Some(kind), Prop::Map(key)) = (kind(parent), prop) {
                keep(kind, key);
            }
        }
    }
}

/// The keys of a map that a patch is about.
fn keys(action: &automerge::PatchAction) -> Vec<&str> {
    use automerge::PatchAction::{Conflict, DeleteMap, Increment, PutMap};
    match action {
        PutMap { key, .. } | DeleteMap { key } => vec![key],
        Conflict { prop: Prop::Map(key) } | Increment { prop: Prop::Map(key), .. } => vec![key],
        _ => Vec::new(),
    }
}

/// The edit that brings a score to what the document holds.
pub(super) fn edit_for(doc: &Automerge, at: &Containers, touched: &Touched, score: &Score) -> Result<Edit, DocumentError> {
    if touched.all {
        return Ok(super::diff::diff(score, &hydrate(doc, at)?));
    }
    let mut edit = Edit::default();
    let there = |of: RecordRef| record_there(doc, at, of);
    if touched.order {
        let now: Vec<(MeasureId, Option<Measure>)> = order(doc, at)
            .into_iter()
            .filter_map(|id| {
                // A measure that was not touched is as the score has it.
                let changed = touched.records.contains(&id.into());
                let known = score.measure(id).is_some();
                match (changed, known) {
                    (false, true) => Some((id, None)),
                    _ => match there(id.into())? {
                        Record::Measure(measure) => Some((id, Some(measure))),
                        _ => None,
                    },
                }
            })
            .collect();
        edit.changes.extend(diff_measures(score, &now));
    }
    for of in touched.records.iter().filter(|of| of.kind() != RecordKind::Measure) {
        edit.changes.extend(diff_record(score, *of, there(*of)));
    }
    Ok(edit)
}
