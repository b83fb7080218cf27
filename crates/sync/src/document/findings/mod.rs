//! What a merge leaves for the musicians to decide, and the ways to decide it.
//!
//! Nothing that anyone wrote is lost in a merge, but not all of it can be shown at once. A [`Finding`] names such a place, says
//! who wrote what there, and offers [`Resolution`]s, each an ordinary edit: made, sent and taken back as any other. Only what
//! work side by side brought about is a finding; what one person wrote alone, or what a file had, is as it was meant.

mod competing;
mod numbers;
mod overfull;
mod overlaps;
mod removed;
mod scan;
mod trace;

use automerge::{ActorId, ChangeHash};
use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{EventId, Field, MeasureId, PartId, RecordRef, Score, SpanId};

use super::{Document, DocumentError, caught, is_actor_of};
use crate::DeviceId;

/// Where something that lies in a document came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The change that wrote it.
    pub change: ChangeHash,
    /// In whose name: a session of a device.
    pub actor: ActorId,
    /// When, by the clock of that device, in seconds since 1970 (UTC); 0 where it does not say.
    pub seconds: i64,
}

impl Origin {
    /// Whether this device wrote it.
    pub fn is_of(&self, device: DeviceId) -> bool {
        is_actor_of(&self.actor, device)
    }
}

/// What there is to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FindingKind {
    /// Several people set one field to different values. The first is what the score has.
    Competing {
        /// The record.
        of: RecordRef,
        /// The values, each with who set it.
        values: Vec<(Field, Origin)>,
    },
    /// Events of one voice sound at once and cannot be one chord, or a rest stands where there are notes.
    Overlap {
        /// The measure.
        measure: MeasureId,
        /// The part.
        part: PartId,
        /// The events, by onset.
        events: Vec<EventId>,
    },
    /// A time signature and the notes that were written beside it do not agree: these events end after the measure does.
    Overfull {
        /// The measure.
        measure: MeasureId,
        /// The measure whose time signature is in force there.
        signature: MeasureId,
        /// The events.
        events: Vec<EventId>,
    },
    /// What a line starts or ends on was taken out meanwhile; the line cannot be shown.
    Dangling {
        /// The line.
        span: SpanId,
        /// What it holds on to and was taken out.
        missing: RecordRef,
    },
    /// Something was taken out while someone else worked on it. It lies there with that work.
    Removed {
        /// What was taken out, as a whole.
        of: RecordRef,
        /// By whom.
        removed: Origin,
    },
    /// Measures were put in or taken out by several people, and the numbers no longer count on.
    Numbers {
        /// The first measure whose number is not the next.
        first: MeasureId,
    },
}

/// A way to decide a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution {
    /// What it does.
    pub kind: ResolutionKind,
    /// The edit that does it.
    pub edit: Edit,
}

/// What a resolution does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResolutionKind {
    /// Takes the value at this place of [`FindingKind::Competing`]; the first is what the score has.
    Choose(usize),
    /// Brings back what was taken out, with everything that was done to it.
    Restore,
    /// Leaves out what was taken out.
    LeaveOut,
    /// Puts what was written later into this voice.
    Voice(u8),
    /// Takes out the rests that stand where there are notes.
    DropRests,
    /// Makes the measure as long as what is in it.
    Lengthen,
    /// Takes the line out.
    RemoveLine,
    /// Counts the measures anew from there on.
    Renumber,
    /// Leaves it as it is: it was meant so.
    Keep,
}

/// One thing to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// Who took part in it, each change once, in the order of time.
    pub by: Vec<Origin>,
    /// What can be done; never empty.
    pub resolutions: Vec<Resolution>,
}

impl Finding {
    /// A short name that is the same on every device as long as the finding is about the same.
    pub fn id(&self) -> String {
        let about = match &self.kind {
            FindingKind::Competing { of, values } => {
                format!("competing {} {} {}", of.kind().table(), of.key(), values.first().map_or("", |(field, _)| field.key()))
            }
            FindingKind::Overlap { measure, part, events } => format!("overlap {measure} {part} {events:?}"),
            FindingKind::Overfull { measure, signature, .. } => format!("overfull {measure} {signature}"),
            FindingKind::Dangling { span, missing } => format!("dangling {span} {} {}", missing.kind().table(), missing.key()),
            FindingKind::Removed { of, removed } => format!("removed {} {} {}", of.kind().table(), of.key(), removed.change),
            FindingKind::Numbers { first } => format!("numbers {first}"),
        };
        data_encoding::HEXLOWER.encode(&crate::envelope::hash(about.as_bytes())[..4])
    }

    fn new(kind: FindingKind, mut by: Vec<Origin>, resolutions: Vec<Resolution>) -> Self {
        by.sort_by_key(|origin| (origin.seconds, origin.change));
        by.dedup();
        Self { kind, by, resolutions }
    }
}

/// Everything there is to decide in a document, which holds this score: first what hides someone's work, then what does not
/// read; each in the order of the score. The same on every device that has the same changes.
pub(super) fn findings(document: &Document, score: &Score) -> Result<Vec<Finding>, DocumentError> {
    caught(|| {
        let lie = scan::scan(document);
        let trace = trace::Trace::of(document);
        let mut all = removed::removed(&trace, score, &lie);
        all.extend(removed::dangling(&trace, score, &all));
        all.extend(competing::competing(&trace, score, &lie));
        all.extend(overlaps::overlaps(&trace, score));
        all.extend(overfull::overfull(&trace, score));
        all.extend(numbers::numbers(&trace, score, &lie));
        Ok(all)
    })
}

/// Whether devices other than this one have worked on a record, or on what it holds, without whoever made a change having
/// seen it.
pub(super) fn others_worked_on(document: &Document, score: &Score, of: RecordRef, since: ChangeHash) -> bool {
    let trace = trace::Trace::of(document);
    removed::work_on(&trace, score, of).any(|work| !trace.is_own(&work) && !trace.was_known(&work, since))
}

/// Whether an edit, which takes back another that these heads came before, brings back values of a field of which others stood
/// against them.
pub(super) fn reopens(document: &Document, edit: &Edit, before: &[ChangeHash]) -> bool {
    let trace = trace::Trace::of(document);
    edit.changes.iter().any(|change| matches!(change, Change::Set(of, field) if trace.rivals_at(*of, field.key(), Some(before)).len() > 1))
}
