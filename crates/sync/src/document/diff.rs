//! The edit between two scores.

use std::collections::BTreeSet;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Measure, MeasureId, Record, RecordKind, RecordRef, Score};

/// The edit that turns one score into another.
pub(super) fn diff(from: &Score, to: &Score) -> Edit {
    let measures: Vec<_> = to.measures().map(|(id, measure)| (id, Some(measure.clone()))).collect();
    let mut changes = diff_measures(from, &measures);
    let all: BTreeSet<RecordRef> = from.records().chain(to.records()).map(|(of, _)| of).collect();
    for of in all.into_iter().filter(|of| of.kind() != RecordKind::Measure) {
        changes.extend(diff_record(from, of, to.record(of)));
    }
    Edit::new(changes)
}

/// The changes that make a record of a score what it shall be; nothing: it shall not be there.
pub(super) fn diff_record(score: &Score, of: RecordRef, to: Option<Record>) -> Vec<Change> {
    match (score.record(of), to) {
        (None, None) => Vec::new(),
        (None, Some(record)) => vec![Change::Insert(of, record)],
        (Some(_), None) => vec![Change::Remove(of)],
        (Some(old), Some(new)) => diff_fields(of, &old, &new),
    }
}

fn diff_fields(of: RecordRef, old: &Record, new: &Record) -> Vec<Change> {
    let pairs = old.fields().into_iter().zip(new.fields());
    pairs.filter(|(old, new)| old != new).map(|(_, new)| Change::Set(of, new)).collect()
}

/// The changes that make the measures of a score these, in this order. A measure without a value is as the score has it.
pub(super) fn diff_measures(score: &Score, to: &[(MeasureId, Option<Measure>)]) -> Vec<Change> {
    let mut changes = Vec::new();
    let kept: BTreeSet<MeasureId> = to.iter().map(|(id, _)| *id).collect();
    let (mut current, removed): (Vec<MeasureId>, Vec<MeasureId>) = score.measure_order().iter().partition(|id| kept.contains(id));
    changes.extend(removed.into_iter().map(Change::RemoveMeasure));
    for (at, (id, measure)) in to.iter().enumerate() {
        let old = score.measure(*id);
        if current.get(at) != Some(id) {
            if let Some(elsewhere) = current.iter().position(|other| other == id) {
                current.remove(elsewhere);
                changes.push(Change::RemoveMeasure(*id));
            }
            let Some(measure) = measure.as_ref().or(old) else { continue };
            let after = at.checked_sub(1).and_then(|before| current.get(before)).copied();
            current.insert(at.min(current.len()), *id);
            changes.push(Change::InsertMeasure { id: *id, measure: measure.clone(), after });
        } else if let (Some(old), Some(new)) = (old, measure) {
            changes.extend(diff_fields((*id).into(), &Record::Measure(old.clone()), &Record::Measure(new.clone())));
        }
    }
    changes
}
