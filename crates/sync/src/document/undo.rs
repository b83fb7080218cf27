//! Undo is per person: it takes back what this person did, and leaves what others did since.

use std::collections::BTreeMap;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, MeasureId, Record, RecordRef, Score};

/// What lies in a document besides what the score shows.
pub trait Lying {
    /// A record, removed or not, with what was done to it meanwhile.
    fn record(&self, of: RecordRef) -> Option<Record>;
    /// The list of measures, removed ones among them.
    fn measures(&self) -> Vec<MeasureId>;
}

/// The part of `inverse`, made when `mine` was applied, that can still be taken back: a field whose value is no longer the one
/// that `mine` gave it stays, what is gone or there already is passed over, and what comes back does so with what others did
/// to it meanwhile.
pub fn undo_against(score: &Score, lying: &dyn Lying, mine: &Edit, inverse: &Edit) -> Edit {
    let mut undo = Undo { score, lying, given: given(mine), decided: BTreeMap::new(), there: BTreeMap::new() };
    inverse.changes.iter().filter_map(|change| undo.keep(change)).collect()
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
