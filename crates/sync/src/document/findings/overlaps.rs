//! Several things at one place of one voice.

use std::collections::{BTreeMap, BTreeSet};

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Beat, Event, EventField, EventId, Field, MeasureId, PartId, Score};

use super::trace::{Trace, Written};
use super::{Finding, FindingKind, Origin, Resolution, ResolutionKind};
use crate::document::reading::{Overlap, normalise};

/// As many voices as a part is searched for a free one.
const MOST_VOICES: u8 = 16;

/// The places where events of one voice get in each other's way, unless one change put all of them there.
pub fn overlaps(trace: &Trace<'_>, score: &Score) -> Vec<Finding> {
    normalise(score).overlaps.iter().filter_map(|overlap| finding(trace, score, overlap)).collect()
}

fn finding(trace: &Trace<'_>, score: &Score, overlap: &Overlap) -> Option<Finding> {
    let events = &overlap.events;
    let written: Vec<(EventId, Written)> = events.iter().filter_map(|id| Some((*id, trace.value((*id).into(), "time")?))).collect();
    let changes: BTreeSet<_> = written.iter().map(|(_, written)| written.change).collect();
    if changes.len() < 2 {
        return None;
    }
    let by: Vec<(EventId, Origin)> = written.iter().filter_map(|(id, written)| Some((*id, trace.origin(written)?))).collect();
    let measure = score.event(*events.first()?)?.time.measure;
    let mut resolutions = Vec::new();
    resolutions.extend(drop_rests(score, events));
    resolutions.extend(other_voice(score, (measure, overlap.part), &later(score, &by)));
    resolutions.push(Resolution { kind: ResolutionKind::Keep, edit: keep(score, events) });
    let kind = FindingKind::Overlap { measure, part: overlap.part, events: events.clone() };
    Some(Finding::new(kind, by.into_iter().map(|(_, origin)| origin).collect(), resolutions))
}

/// What is left where it is: the times are written anew, together, by someone who has seen them all.
fn keep(score: &Score, events: &[EventId]) -> Edit {
    events.iter().filter_map(|id| Some(Change::Set((*id).into(), Field::Event(EventField::Time(score.event(*id)?.time))))).collect()
}

/// The events to put elsewhere: those of all sessions but the one that has most of the place (of the longest-standing work
/// among equals); where one session has all, those that do not follow on from what is before them.
fn later(score: &Score, by: &[(EventId, Origin)]) -> Vec<EventId> {
    let mut sessions: BTreeMap<_, (Vec<EventId>, i64)> = BTreeMap::new();
    for (id, origin) in by {
        let session = sessions.entry(origin.actor.clone()).or_insert((Vec::new(), origin.seconds));
        session.0.push(*id);
        session.1 = session.1.min(origin.seconds);
    }
    if sessions.len() < 2 {
        return not_following(score, by.iter().map(|(id, _)| *id));
    }
    let first = sessions.iter().min_by_key(|(actor, (events, since))| (std::cmp::Reverse(events.len()), *since, (*actor).clone()));
    let stays: BTreeSet<EventId> = first.into_iter().flat_map(|(_, (events, _))| events.iter().copied()).collect();
    by.iter().map(|(id, _)| *id).filter(|id| !stays.contains(id)).collect()
}

fn not_following(score: &Score, events: impl Iterator<Item = EventId>) -> Vec<EventId> {
    let mut last: Option<(Beat, Beat)> = None;
    let mut moves = Vec::new();
    for id in events {
        let Some(time) = score.event(id).map(|event| event.time) else { continue };
        match last {
            Some((onset, end)) if time.onset < end && (time.onset, time.end()) != (onset, end) => moves.push(id),
            _ => last = Some((time.onset, time.end())),
        }
    }
    moves
}

fn other_voice(score: &Score, (measure, part): (MeasureId, PartId), moves: &[EventId]) -> Option<Resolution> {
    let moved: Vec<&Event> = moves.iter().filter_map(|id| score.event(*id)).collect();
    let there: Vec<(EventId, &Event)> = score.events_in(measure, part).filter(|(id, _)| !moves.contains(id)).collect();
    let meet = |a: &Event, b: &Event| a.time.onset < b.time.end() && b.time.onset < a.time.end();
    let free = |voice: &u8| there.iter().all(|(_, event)| event.voice != *voice || moved.iter().all(|other| !meet(event, other)));
    let voice = (1..=MOST_VOICES).filter(|_| !moved.is_empty()).find(free)?;
    let edit = moves.iter().map(|id| Change::Set((*id).into(), Field::Event(EventField::Voice(voice)))).collect();
    Some(Resolution { kind: ResolutionKind::Voice(voice), edit })
}

fn drop_rests(score: &Score, events: &[EventId]) -> Option<Resolution> {
    let sounding: Vec<&Event> = events.iter().filter(|id| !score.is_rest(**id)).filter_map(|id| score.event(*id)).collect();
    let in_the_way = |id: &&EventId| {
        let rest = score.event(**id).filter(|_| score.is_rest(**id));
        rest.is_some_and(|rest| sounding.iter().any(|note| note.time.onset < rest.time.end() && rest.time.onset < note.time.end()))
    };
    let edit: Edit = events.iter().filter(in_the_way).map(|id| Change::Remove((*id).into())).collect();
    (!edit.is_empty()).then_some(Resolution { kind: ResolutionKind::DropRests, edit })
}
