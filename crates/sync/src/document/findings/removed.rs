//! Taken out by one, worked on by another.

use std::collections::{BTreeMap, BTreeSet};

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Anchor, EventId, MeasureId, NoteId, Record, RecordRef, Score};

use super::numbers;
use super::scan::Lie;
use super::trace::{Trace, Written};
use super::{Finding, FindingKind, Origin, Resolution, ResolutionKind};

/// The records that were taken out while someone else worked on them or on what they hold. Where a whole and its parts were
/// taken out, the whole stands for them.
pub fn removed(trace: &Trace<'_>, score: &Score, lie: &Lie) -> Vec<Finding> {
    let gone = Gone::of(trace, lie);
    let mut found = Vec::new();
    for of in lie.gone.iter().filter(|of| gone.owner.get(of).is_none_or(|owner| !gone.all.contains(owner))) {
        let removals = trace.removals(*of);
        let mut held = vec![*of];
        held_by(score, trace, *of, &mut held);
        gone.with(trace, *of, &mut held);
        // That measures before it came or went is no work on a measure.
        let work = held.into_iter().flat_map(|of| trace.fields(of)).filter(|work| !work.is_number());
        let work = work.filter(|work| trace.beside_all(work, &removals));
        let beside: BTreeSet<Origin> = work.filter_map(|work| trace.origin(&work)).collect();
        let (Some(origin), false) = (removals.last().and_then(|removal| trace.origin(removal)), beside.is_empty()) else { continue };
        let by = beside.into_iter().chain([origin.clone()]).collect();
        let ways = gone.ways(trace, score, *of);
        if !ways.is_empty() {
            found.push(Finding::new(FindingKind::Removed { of: *of, removed: origin }, by, ways));
        }
    }
    found
}

/// What is gone, and what of it belonged to what.
struct Gone {
    all: BTreeSet<RecordRef>,
    owner: BTreeMap<RecordRef, RecordRef>,
    parts: BTreeMap<RecordRef, Vec<RecordRef>>,
}

impl Gone {
    fn of(trace: &Trace<'_>, lie: &Lie) -> Self {
        let mut gone = Self { all: lie.gone.iter().copied().collect(), owner: BTreeMap::new(), parts: BTreeMap::new() };
        for of in &lie.gone {
            if let Some(owner) = owner(trace, *of) {
                gone.owner.insert(*of, owner);
                gone.parts.entry(owner).or_default().push(*of);
            }
        }
        gone
    }

    /// What one change took out together with a whole.
    fn with(&self, trace: &Trace<'_>, of: RecordRef, all: &mut Vec<RecordRef>) {
        let change = trace.removed_by(of);
        for part in self.parts.get(&of).into_iter().flatten().filter(|part| trace.removed_by(**part) == change) {
            all.push(*part);
            self.with(trace, *part, all);
        }
    }

    fn ways(&self, trace: &Trace<'_>, score: &Score, of: RecordRef) -> Vec<Resolution> {
        let mut with = Vec::new();
        self.with(trace, of, &mut with);
        let Some(back) = restore(trace, score, of) else { return Vec::new() };
        let mut changes = vec![back.clone()];
        if let Change::InsertMeasure { id, measure, after } = &back {
            changes.extend(numbers::counted_in(score, (*id, measure), *after));
        }
        changes.extend(with.iter().filter_map(|of| restore(trace, score, *of)));
        let remove = match of {
            RecordRef::Measure(id) => Change::RemoveMeasure(id),
            _ => Change::Remove(of),
        };
        // Taken out again by someone who has seen what was done to it.
        let out = Edit::new(vec![back, remove]);
        vec![
            Resolution { kind: ResolutionKind::Restore, edit: Edit::new(changes) },
            Resolution { kind: ResolutionKind::LeaveOut, edit: out },
        ]
    }
}

/// What a record is part of and would not be shown without.
fn owner(trace: &Trace<'_>, of: RecordRef) -> Option<RecordRef> {
    Some(match trace.lying(of)? {
        Record::Event(event) => event.time.measure.into(),
        Record::Note(note) => note.event.into(),
        Record::Lyric(lyric) => lyric.event.into(),
        Record::Sign(sign) => sign.at.measure.into(),
        Record::Mark(mark) => anchored(mark.anchor)?,
        _ => return None,
    })
}

/// The record that an anchor holds on to.
fn anchored(anchor: Anchor) -> Option<RecordRef> {
    match anchor {
        Anchor::Event(event) => Some(event.into()),
        Anchor::Note(note) => Some(note.into()),
        Anchor::Staff(_, _, moment) | Anchor::System(moment) => Some(moment.measure.into()),
        Anchor::Page(_) => None,
    }
}

/// What was written of a record and of everything that is there and part of it; the numbers of measures, which follow from
/// what is before them, aside.
pub fn work_on<'a>(trace: &'a Trace<'_>, score: &Score, of: RecordRef) -> impl Iterator<Item = Written> + 'a {
    let mut held = vec![of];
    held_by(score, trace, of, &mut held);
    held.into_iter().flat_map(|of| trace.fields(of)).filter(|work| !work.is_number())
}

/// Everything that is there and part of a record.
fn held_by(score: &Score, trace: &Trace<'_>, of: RecordRef, all: &mut Vec<RecordRef>) {
    match of {
        RecordRef::Measure(measure) => {
            let events = score.parts().into_iter().flat_map(|(part, _)| score.events_in(measure, part));
            events.for_each(|(event, _)| held_event(score, event, all));
            all.extend(score.signs_in(measure).into_iter().map(|(id, _)| RecordRef::from(id)));
            all.extend(score.marks_in(measure).map(|(id, _)| RecordRef::from(id)));
        }
        RecordRef::Part(part) => {
            let measures = trace.measures();
            measures.iter().flat_map(|measure| score.events_in(*measure, part)).for_each(|(event, _)| held_event(score, event, all));
            all.extend(score.signs().iter().filter(|(_, sign)| sign.part == part).map(|(id, _)| RecordRef::from(*id)));
            let on_staff = |anchor: Anchor| matches!(anchor, Anchor::Staff(of, _, _) if of == part);
            all.extend(score.marks().iter().filter(|(_, mark)| on_staff(mark.anchor)).map(|(id, _)| RecordRef::from(*id)));
        }
        RecordRef::Event(event) => held_event(score, event, all),
        RecordRef::Note(note) => all.extend(score.marks_of_note(note).map(|(id, _)| RecordRef::from(id))),
        _ => {}
    }
}

fn held_event(score: &Score, event: EventId, all: &mut Vec<RecordRef>) {
    all.push(event.into());
    all.extend(score.lyrics_of(event).into_iter().map(|(id, _)| RecordRef::from(id)));
    all.extend(score.marks_of(event).map(|(id, _)| RecordRef::from(id)));
    for (note, _) in score.notes_of(event) {
        all.push(note.into());
        all.extend(score.marks_of_note(note).map(|(id, _)| RecordRef::from(id)));
    }
}

/// The change that brings a record back as it lies there.
pub fn restore(trace: &Trace<'_>, score: &Score, of: RecordRef) -> Option<Change> {
    Some(match (of, trace.lying(of)?) {
        (RecordRef::Measure(id), Record::Measure(measure)) => Change::InsertMeasure { id, measure, after: place(trace, score, id) },
        (of, record) => Change::Insert(of, record),
    })
}

/// The measure that a gone one lies after.
fn place(trace: &Trace<'_>, score: &Score, id: MeasureId) -> Option<MeasureId> {
    let entries = trace.measures();
    let own = entries.iter().position(|entry| *entry == id);
    match own {
        Some(own) => entries[..own].iter().rev().find(|before| score.measure(**before).is_some()).copied(),
        None => score.measure_order().last().copied(),
    }
}

/// The lines that hold on to what was taken out side by side with them, unless that is offered for restoring anyway.
pub fn dangling(trace: &Trace<'_>, score: &Score, removed: &[Finding]) -> Vec<Finding> {
    let offered =
        |of: RecordRef| removed.iter().any(|finding| matches!(finding.kind, FindingKind::Removed { of: other, .. } if other == of));
    let mut found = Vec::new();
    for (id, span) in score.spans() {
        let mut told = None;
        for (anchor, key) in [(span.start, "start"), (span.end, "end")] {
            let Some(missing) = missing(trace, score, anchor).filter(|missing| !offered(*missing) && told != Some(*missing)) else {
                continue;
            };
            let (Some(written), removals) = (trace.value((*id).into(), key), trace.removals(missing)) else { continue };
            if !trace.beside_all(&written, &removals) {
                continue;
            }
            told = Some(missing);
            let by = [&written].into_iter().chain(&removals).filter_map(|written| trace.origin(written)).collect();
            let back = restore(trace, score, missing).map(|back| Edit::new(vec![back]));
            let back = back.into_iter().map(|edit| Resolution { kind: ResolutionKind::Restore, edit });
            let out = Resolution { kind: ResolutionKind::RemoveLine, edit: Edit::new(vec![Change::Remove((*id).into())]) };
            let kind = FindingKind::Dangling { span: *id, missing };
            found.push(Finding::new(kind, by, back.chain([out]).collect()));
        }
    }
    found
}

/// What an anchor holds on to and is not there: the note, its event or its measure, the largest that is gone.
fn missing(trace: &Trace<'_>, score: &Score, anchor: Anchor) -> Option<RecordRef> {
    let note: Option<NoteId> = if let Anchor::Note(note) = anchor { Some(note) } else { None };
    let event = match (anchor, note) {
        (Anchor::Event(event), _) => Some(event),
        (_, Some(note)) => match trace.lying(note.into())? {
            Record::Note(note) => Some(note.event),
            _ => None,
        },
        _ => None,
    };
    let measure = match (anchor, event) {
        (Anchor::Staff(_, _, moment) | Anchor::System(moment), _) => Some(moment.measure),
        (_, Some(event)) => match trace.lying(event.into())? {
            Record::Event(event) => Some(event.time.measure),
            _ => None,
        },
        _ => None,
    };
    let chain = [measure.map(RecordRef::from), event.map(RecordRef::from), note.map(RecordRef::from)];
    chain.into_iter().flatten().find(|of| !score.contains(*of))
}
