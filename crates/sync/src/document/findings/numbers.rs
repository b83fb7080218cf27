//! Measure numbers after several people put measures in or took some out.

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, Measure, MeasureField, MeasureId, RecordRef, Score};

use super::scan::Lie;
use super::trace::Trace;
use super::{Finding, FindingKind, Resolution, ResolutionKind};

/// The field of a measure. The header has one of this name, the number of the work: it is never gone.
pub const KEY: &str = "number";

/// Whether the numbers of measures count on, where several people changed them side by side. One finding for the whole score.
pub fn numbers(trace: &Trace<'_>, score: &Score, lie: &Lie) -> Option<Finding> {
    let counted: Vec<(MeasureId, i64)> = score
        .measures()
        .filter(|(_, measure)| !measure.implicit)
        .filter_map(|(id, measure)| Some((id, measure.number.parse().ok()?)))
        .collect();
    let contested = |id: MeasureId| lie.contested.iter().any(|(of, key)| *of == RecordRef::from(id) && key == KEY);
    let breaks = |pair: &&[(MeasureId, i64)]| pair[1].1 != pair[0].1 + 1;
    let (_, broken) = counted.windows(2).filter(breaks).map(|pair| (pair[0], pair[1])).find(|(before, after)| {
        let (a, b) = (trace.value(before.0.into(), KEY), trace.value(after.0.into(), KEY));
        contested(before.0) || contested(after.0) || a.zip(b).is_some_and(|(a, b)| trace.side_by_side(&a, &b))
    })?;
    let at = counted.iter().position(|(id, _)| *id == broken.0)?;
    let start = counted[at - 1].1;
    let anew = counted[at..].iter().zip(1..).filter(|((id, number), by)| *number != start + by || contested(*id));
    let set =
        |((id, _), by): (&(MeasureId, i64), i64)| Change::Set((*id).into(), Field::Measure(MeasureField::Number((start + by).to_string())));
    let edit: Edit = anew.map(set).collect();
    let written = counted[at - 1..].iter().flat_map(|(id, _)| trace.values((*id).into(), KEY)).take(64);
    let by = written.filter_map(|written| trace.origin(&written)).collect();
    let together = Edit::new(vec![set((&broken, broken.1 - start)), set((&counted[at - 1], 0))]);
    let resolutions = vec![Resolution { kind: ResolutionKind::Renumber, edit }, Resolution { kind: ResolutionKind::Keep, edit: together }];
    Some(Finding::new(FindingKind::Numbers { first: broken.0 }, by, resolutions))
}

/// The changes of numbers that go with a measure which comes back after another: it takes the number of the one that moves
/// away, else the next, and those after it move up.
pub fn counted_in(score: &Score, (id, measure): (MeasureId, &Measure), after: Option<MeasureId>) -> Vec<Change> {
    if measure.implicit || measure.number.parse::<i64>().is_err() {
        return Vec::new();
    }
    let number = |(id, measure): (MeasureId, &Measure)| Some((id, measure.number.parse::<i64>().ok()?)).filter(|_| !measure.implicit);
    let split = after.and_then(|after| score.measure_position(after)).map_or(0, |before| before + 1);
    let later: Vec<(MeasureId, i64)> = score.measures().skip(split).filter_map(number).collect();
    let before = || score.measures().take(split).filter_map(number).next_back().map_or(1, |(_, number)| number.saturating_add(1));
    let own = later.first().map_or_else(before, |(_, number)| *number);
    let set = |id: MeasureId, number: i64| Change::Set(id.into(), Field::Measure(MeasureField::Number(number.to_string())));
    let moved = later.iter().map(|(id, number)| set(*id, number.saturating_add(1)));
    std::iter::once(set(id, own)).chain(moved).collect()
}
