//! A device with an open score, without storage or network.

use std::collections::BTreeSet;

use automerge::{Change as Stored, ChangeHash};
use bandpro_notation::edit::Edit;
use bandpro_notation::model::*;
use bandpro_sync::DeviceId;
use bandpro_sync::document::{Document, Done, session_actor, undo_against};

/// A device with an open score, the changes it has made, and its undo stack.
#[derive(Clone)]
pub struct Replica {
    pub document: Document,
    pub score: Score,
    pub changes: Vec<Stored>,
    pub ids: IdSource,
    pub undo: Vec<Done>,
    pub redo: Vec<Done>,
    /// The clock of the device, in seconds.
    pub seconds: i64,
}

impl Replica {
    /// A copy of a document on the device of this number.
    pub fn fork(number: u8, document: &Document, score: &Score) -> Self {
        let mut document = document.clone();
        document.set_actor(session_actor(DeviceId([number; 32]), 1));
        let ids = IdSource::fixed(u64::from(number) + 100);
        Self { document, score: score.clone(), changes: Vec::new(), ids, undo: Vec::new(), redo: Vec::new(), seconds: 0 }
    }

    /// Copies of a score on several devices.
    pub fn copies(count: u8, score: &Score) -> Vec<Self> {
        let (document, _) = Document::import(session_actor(DeviceId([99; 32]), 1), score).unwrap();
        (0..count).map(|number| Self::fork(number, &document, score)).collect()
    }

    pub fn commit(&mut self, edit: Edit) {
        let done = self.write(edit);
        self.undo.push(done);
        self.redo.clear();
    }

    /// Makes an edit that is not on the stack.
    pub fn write(&mut self, edit: Edit) -> Done {
        self.make(edit, None)
    }

    fn make(&mut self, edit: Edit, takes_back: Option<&Done>) -> Done {
        let inverse = edit.apply(&mut self.score).unwrap();
        let change = match takes_back {
            Some(mine) => self.document.commit_undo(&edit, mine.change, self.seconds),
            None => self.document.commit(&edit, self.seconds),
        };
        let change = change.unwrap();
        let hash = change.as_ref().map(Stored::hash);
        self.changes.extend(change);
        Done { edit, inverse, change: hash }
    }

    /// The edit that undoing makes now.
    pub fn next_undo(&self) -> Option<Edit> {
        self.undo.last().map(|mine| undo_against(&self.score, &self.document, mine))
    }

    pub fn undo(&mut self) {
        if let Some(mine) = self.undo.pop() {
            let back = self.make(undo_against(&self.score, &self.document, &mine), Some(&mine));
            self.redo.push(back);
        }
    }

    pub fn redo(&mut self) {
        if let Some(mine) = self.redo.pop() {
            let back = self.make(undo_against(&self.score, &self.document, &mine), Some(&mine));
            self.undo.push(back);
        }
    }

    pub fn known(&self) -> BTreeSet<ChangeHash> {
        self.document.changes().iter().map(Stored::hash).collect()
    }

    /// The changes of another that are not here.
    pub fn missing(&self, other: &Self) -> Vec<Stored> {
        let known = self.known();
        other.document.changes().into_iter().filter(|change| !known.contains(&change.hash())).collect()
    }

    pub fn take_in(&mut self, changes: Vec<Stored>) {
        let edit = self.document.take_in_for(changes, &self.score).unwrap();
        edit.apply(&mut self.score).unwrap();
        assert_eq!(self.score, self.document.hydrate().unwrap());
    }

    /// Takes in what another has, all at once (also back to front) or one by one.
    pub fn meet(&mut self, other: &Self, how: u8) {
        let mut missing = self.missing(other);
        match how % 3 {
            0 => self.take_in(missing),
            1 => {
                missing.reverse();
                self.take_in(missing);
            }
            _ => missing.into_iter().for_each(|change| self.take_in(vec![change])),
        }
    }
}
