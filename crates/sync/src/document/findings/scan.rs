//! One walk through a document: which fields have several values, which records are gone.

use automerge::{ObjType, ReadDoc, ScalarValue, Value, ValueRef};
use bandpro_notation::model::{RecordKind, RecordRef};

use crate::document::Document;
use crate::document::read::{GONE, reference};

/// What a walk found, in the order of kinds and identifiers.
#[derive(Debug, Default)]
pub struct Lie {
    /// Fields with more than one value, by the key of the record.
    pub contested: Vec<(RecordRef, String)>,
    /// Records that are gone.
    pub gone: Vec<RecordRef>,
}

/// Walks through a document.
pub fn scan(document: &Document) -> Lie {
    let mut lie = Lie::default();
    for (kind, table) in &document.at.tables {
        for record in document.doc.map_range(table, ..) {
            let Some(of) = reference(*kind, &record.key).filter(|_| matches!(record.value, ValueRef::Object(ObjType::Map))) else {
                continue;
            };
            let single = matches!(kind, RecordKind::Header | RecordKind::Layout);
            for field in document.doc.map_range(record.id(), ..) {
                if field.key != GONE {
                    if field.conflict {
                        lie.contested.push((of, field.key.into_owned()));
                    }
                } else if !single
                    && matches!(document.doc.get(record.id(), GONE), Ok(Some((Value::Scalar(value), _))) if *value == ScalarValue::Boolean(true))
                {
                    lie.gone.push(of);
                }
            }
        }
    }
    lie
}
