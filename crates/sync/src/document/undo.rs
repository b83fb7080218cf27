//! Undo is per person: it takes back what this person did, and leaves what others did since.

use std::collections::{BTreeMap, BTreeSet};

use automerge::ChangeHash;
use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, MeasureId, Record, RecordRef, Score};

/// An edit of this person that was made: what it takes to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Done {
    /// The edit.
    pub edit: Edit,
    /// What it was made against, as the edit that brings that back.
    pub inverse: Edit,
    /// The change that it is in the document; none where it changed nothing there.
    pub change: Option<ChangeHash>,
}

/// What a change that takes back an edit says of it, in its message: so every device knows that nothing was decided by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TakesBack {
    /// The edit, by its change.
    pub edit: ChangeHash,
    /// Whether that edit had decided between values of a field, which stand against each other again.
    pub reopens: bool,
}

impl TakesBack {
    /// Reads the message of a change.
    pub fn read(message: &str) -> Option<Self> {
        let mut words = message.split(' ');
        let edit = words.next().filter(|word| *word == "undo").and_then(|_| words.next())?.parse().ok()?;
        Some(Self { edit, reopens: words.next() == Some("reopen") })
    }

    /// The message of a change.
    pub fn message(self) -> String {
        format!("undo {}{}", self.edit, if self.reopens { " reopen" } else { "" })
    }
}

/// What lies in a document besides what the score shows.
pub trait Lying {
    /// A record, removed or not, with what was done to it meanwhile.
    fn record(&self, of: RecordRef) -> Option<Record>;
    /// The list of measures, removed ones among them.
    fn measures(&self) -> Vec<MeasureId>;
    /// Whether other devices have worked on a record, or on what it holds, without whoever made a change having seen it.
    fn others_worked_on(&self, score: &Score, of: RecordRef, since: ChangeHash) -> bool;
}

/// The part of what this person did that can still be taken back: a field whose value is no longer the one that it was given
/// stays, what is gone or there already is passed over, what others have worked on since is not taken away, and what comes
/// back does so with what others did to it meanwhile. Where others have built on a measure, a part, a chord or a rest that
/// was put in, nothing of the edit is taken back: half of it would leave rhythms that nobody wrote.
pub fn undo_against(score: &Score, lying: &dyn Lying, mine: &Done) -> Edit {
    let removed = mine.inverse.changes.iter().filter(|change| matches!(change, Change::Remove(_) | Change::RemoveMeasure(_)));
    let built_on = |of: &RecordRef| mine.change.is_some_and(|since| score.contains(*of) && lying.others_worked_on(score, *of, since));
    let kept: BTreeSet<RecordRef> = removed.map(Change::target).filter(built_on).collect();
    if kept.iter().any(|of| matches!(of, RecordRef::Measure(_) | RecordRef::Part(_) | RecordRef::Event(_))) {
        return Edit::default();
    }
    let mut undo = Undo { score, lying, kept, given: given(&mine.edit), decided: BTreeMap::new(), there: BTreeMap::new() };
    mine.inverse.changes.iter().filter_map(|change| undo.keep(change)).collect()
}

type FieldKey = (RecordRef, &'static str);

/// The value that an edit leaves each field with.
fn given(edit: &Edit) -> BTreeMap<FieldKey, Field> {
    let mut given = BTreeMap::new();
    for change in &edit.changes {
        if let Change::Set(of, field) = change {
            given.insert((*of, field.key()), field.clone());
        }
    }
    given
}

struct Undo<'a> {
    score: &'a Score,
    lying: &'a dyn Lying,
    /// What was put in and others have worked on since.
    kept: BTreeSet<RecordRef>,
    given: BTreeMap<FieldKey, Field>,
    /// Whether a field is still this person's; decided once, before the undo itself changes it.
    decided: BTreeMap<FieldKey, bool>,
    /// Records that this undo itself has put in or taken out so far.
    there: BTreeMap<RecordRef, bool>,
}

impl Undo<'_> {
    fn is_there(&self, of: RecordRef) -> bool {
        self.there.get(&of).copied().unwrap_or_else(|| self.score.contains(of))
    }

    fn keep(&mut self, change: &Change) -> Option<Change> {
        let of = change.target();
        let there = self.is_there(of);
        match change {
            Change::Set(of, field) => (there && self.is_mine(*of, field.key())).then(|| change.clone()),
            Change::Remove(_) | Change::RemoveMeasure(_) if self.kept.contains(&of) => None,
            Change::Remove(_) | Change::RemoveMeasure(_) => {
                self.there.insert(of, false);
                there.then(|| change.clone())
            }
            Change::Insert(_, record) => {
                self.there.insert(of, true);
                let record = self.lying.record(of).unwrap_or_else(|| record.clone());
                (!there).then_some(Change::Insert(of, record))
            }
            Change::InsertMeasure { id, measure, after } => {
                let after = self.place(*id, *after);
                self.there.insert(of, true);
                let measure = match self.lying.record(of) {
                    Some(Record::Measure(measure)) => measure,
                    _ => measure.clone(),
                };
                (!there).then_some(Change::InsertMeasure { id: *id, measure, after })
            }
        }
    }

    fn is_mine(&mut self, of: RecordRef, key: &'static str) -> bool {
        let (score, given) = (self.score, &self.given);
        *self.decided.entry((of, key)).or_insert_with(|| {
            let Some(mine) = given.get(&(of, key)) else { return true };
            // A record that this undo brings back is not in the score yet: nobody can have changed it there.
            score.record(of).is_none_or(|record| record.fields().contains(mine))
        })
    }

    /// The measure that another comes back after: the one before its entry in the list that is there.
    fn place(&self, id: MeasureId, after: Option<MeasureId>) -> Option<MeasureId> {
        let entries = self.lying.measures();
        match entries.iter().position(|entry| *entry == id) {
            Some(own) => entries[..own].iter().rev().find(|before| self.is_there((**before).into())).copied(),
            None => after.filter(|after| self.is_there((*after).into())),
        }
    }
}
