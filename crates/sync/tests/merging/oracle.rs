//! What must be in a document after any work on copies and any meetings, kept by a rule of one sentence: *a value that someone
//! gave a field stays until someone who had it before them gives that field another*. A record is there unless such a
//! value of its says that it is gone.

use std::collections::{BTreeMap, BTreeSet};

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::{Field, Measure, Record, RecordKind, RecordRef, Score};
use bandpro_sync::document::{Document, Lying};

/// A field of a record; `None` is whether the record is gone.
type Key = (RecordRef, Option<&'static str>);

/// What one device has seen: the values anyone gave, and which of them were followed by others.
#[derive(Debug, Clone, Default)]
pub struct Oracle {
    given: BTreeMap<(u8, usize), (Key, Option<Field>)>,
    followed: BTreeSet<(u8, usize)>,
    who: u8,
    next: usize,
}

impl Oracle {
    /// Of a device, with a score that everybody begins with.
    pub fn new(who: u8, score: &Score) -> Self {
        let mut oracle = Self { who: u8::MAX, ..Self::default() };
        for (of, record) in score.records() {
            oracle.whole(of, &record);
        }
        oracle.who = who;
        oracle.next = 0;
        oracle
    }

    fn give(&mut self, key: Key, value: Option<Field>) {
        self.follow(key);
        self.given.insert((self.who, self.next), (key, value));
        self.next += 1;
    }

    fn follow(&mut self, key: Key) {
        self.followed.extend(self.given.iter().filter(|(_, (other, _))| *other == key).map(|(id, _)| *id));
    }

    fn whole(&mut self, of: RecordRef, record: &Record) {
        let defaults = record.kind().empty().fields();
        for field in record.fields().into_iter().filter(|field| !defaults.contains(field)) {
            self.give((of, Some(field.key())), Some(field));
        }
    }

    /// Follows an edit that is about to be committed to a document.
    pub fn commit(&mut self, document: &Document, edit: &Edit) {
        // A record may be taken out and put in again by one edit: what lies there is what it then was.
        let mut lying: BTreeMap<RecordRef, Record> = BTreeMap::new();
        for change in &edit.changes {
            let of = change.target();
            let known = lying.get(&of).cloned().or_else(|| document.record(of));
            match change {
                Change::Set(_, field) => {
                    self.give((of, Some(field.key())), Some(field.clone()));
                    if let Some(mut record) = known {
                        record.set(field.clone());
                        lying.insert(of, record);
                    }
                }
                Change::Remove(_) | Change::RemoveMeasure(_) => self.give((of, None), None),
                Change::Insert(_, record) => self.insert(of, known, record, &mut lying),
                Change::InsertMeasure { measure, .. } => self.insert(of, known, &Record::Measure(Measure::clone(measure)), &mut lying),
            }
        }
    }

    fn insert(&mut self, of: RecordRef, known: Option<Record>, record: &Record, lying: &mut BTreeMap<RecordRef, Record>) {
        match known {
            None => self.whole(of, record),
            Some(old) => {
                self.follow((of, None));
                for (old, new) in old.fields().into_iter().zip(record.fields()).filter(|(old, new)| old != new) {
                    self.give((of, Some(old.key())), Some(new));
                }
            }
        }
        lying.insert(of, record.clone());
    }

    /// Takes in what another has seen.
    pub fn meet(&mut self, other: &Self) {
        self.given.extend(other.given.clone());
        self.followed.extend(other.followed.iter().copied());
    }

    /// Compares with a document and the score that is read from it.
    pub fn check(&self, document: &Document, score: &Score) {
        let mut standing: BTreeMap<Key, Vec<&Field>> = BTreeMap::new();
        let mut gone: BTreeSet<RecordRef> = BTreeSet::new();
        let mut records: BTreeSet<RecordRef> = BTreeSet::new();
        for (id, (key, value)) in &self.given {
            records.insert(key.0);
            match value {
                Some(field) if !self.followed.contains(id) => standing.entry(*key).or_default().push(field),
                None if !self.followed.contains(id) => drop(gone.insert(key.0)),
                _ => {}
            }
        }
        for ((of, key), fields) in &standing {
            let values = document.values(*of, key.unwrap_or_default());
            assert!(fields.iter().all(|field| values.contains(field)), "{of:?} {key:?}: {fields:?} were given, {values:?} are there");
            assert!(values.iter().all(|value| fields.contains(&value)), "{of:?} {key:?}: nobody gave all of {values:?}, only {fields:?}");
            if let Some(record) = score.record(*of) {
                assert!(record.fields().contains(&values[0]), "{of:?} {key:?}: the score does not show {:?}", values[0]);
            }
        }
        for of in records {
            let single = matches!(of.kind(), RecordKind::Header | RecordKind::Layout);
            assert_eq!(score.contains(of), single || !gone.contains(&of), "{of:?}");
        }
    }
}
