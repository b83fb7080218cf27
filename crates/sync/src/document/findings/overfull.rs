//! A time signature beside notes that it has no room for.

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Beat, EventId, Field, MeasureField, MeasureId, Score};

use super::trace::{Trace, Written};
use super::{Finding, FindingKind, Resolution, ResolutionKind};

/// The measures that are shorter than what others wrote into them meanwhile.
pub fn overfull(trace: &Trace<'_>, score: &Score) -> Vec<Finding> {
    let parts = score.parts();
    let mut signature = None;
    let mut found = Vec::new();
    for ((measure, record), length) in score.measures().zip(score.measure_lengths()) {
        if record.time.is_some() {
            signature = Some(measure);
        }
        let (holder, key) = if record.length.is_some() { (Some(measure), "length") } else { (signature, "time") };
        let events = parts.iter().flat_map(|(part, _)| score.events_in(measure, *part));
        let beyond: Vec<EventId> = events.filter(|(_, event)| event.time.end() > length).map(|(id, _)| id).collect();
        let (Some(holder), false) = (holder, beyond.is_empty()) else { continue };
        if let Some(written) = trace.value(holder.into(), key) {
            found.extend(finding(trace, score, (measure, holder, key), &written, beyond));
        }
    }
    found
}

fn finding(
    trace: &Trace<'_>,
    score: &Score,
    (measure, signature, key): (MeasureId, MeasureId, &str),
    written: &Written,
    events: Vec<EventId>,
) -> Option<Finding> {
    let beside: Vec<Written> =
        events.iter().filter_map(|id| trace.value((*id).into(), "time")).filter(|time| trace.side_by_side(time, written)).collect();
    let content: Option<Beat> = events.iter().filter_map(|id| Some(score.event(*id)?.time.end())).max();
    if beside.is_empty() {
        return None;
    }
    let by = beside.iter().chain([written]).filter_map(|written| trace.origin(written)).collect();
    let longer = Change::Set(measure.into(), Field::Measure(MeasureField::Length(content)));
    let holder = score.measure(signature)?;
    // Written anew by someone who has seen the notes.
    let same = if key == "length" { MeasureField::Length(holder.length) } else { MeasureField::Time(holder.time.clone()) };
    let resolutions = vec![
        Resolution { kind: ResolutionKind::Lengthen, edit: Edit::new(vec![longer]) },
        Resolution { kind: ResolutionKind::Keep, edit: Edit::new(vec![Change::Set(signature.into(), Field::Measure(same))]) },
    ];
    Some(Finding::new(FindingKind::Overfull { measure, signature, events }, by, resolutions))
}
