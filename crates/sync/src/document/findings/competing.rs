//! One field, several values.

use std::collections::BTreeSet;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, MeasureField, RecordRef, Score};

use super::scan::Lie;
use super::trace::Trace;
use super::{Finding, FindingKind, Origin, Resolution, ResolutionKind};

/// The fields to which several people gave different values. What is gone has none to show, and the numbers of measures are
/// looked at as a whole.
pub fn competing(trace: &Trace<'_>, score: &Score, lie: &Lie) -> Vec<Finding> {
    let contested: BTreeSet<(RecordRef, String)> = lie.contested.iter().cloned().chain(trace.reopened()).collect();
    contested.iter().filter(|(of, _)| score.contains(*of)).filter_map(|(of, key)| field(trace, *of, key)).collect()
}

/// Whether a field is looked at elsewhere.
pub fn is_number(field: &Field) -> bool {
    matches!(field, Field::Measure(MeasureField::Number(_)))
}

fn field(trace: &Trace<'_>, of: RecordRef, key: &str) -> Option<Finding> {
    let mut values: Vec<(Field, Origin)> = Vec::new();
    for written in trace.rivals(of, key).iter().rev() {
        let (Some(field), Some(origin)) = (trace.field(of, written), trace.origin(written)) else { continue };
        // Whoever did the same as another is no rival.
        if values.iter().all(|(other, _)| *other != field) {
            values.push((field, origin));
        }
    }
    if values.len() < 2 || values.iter().any(|(field, _)| is_number(field)) {
        return None;
    }
    let choose = |(at, (field, _)): (usize, &(Field, Origin))| Resolution {
        kind: ResolutionKind::Choose(at),
        edit: Edit::new(vec![Change::Set(of, field.clone())]),
    };
    let resolutions = values.iter().enumerate().map(choose).collect();
    let by: BTreeSet<Origin> = values.iter().map(|(_, origin)| origin.clone()).collect();
    Some(Finding::new(FindingKind::Competing { of, values }, by.into_iter().collect(), resolutions))
}
