//! Documents: both directions of the bridge, merges in every order, undo beside others.

mod common;

use std::collections::BTreeSet;

use automerge::Change as Stored;
use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::*;
use bandpro_sync::DeviceId;
use bandpro_sync::document::{Document, decode_model, encode_model, normalise, session_actor};
use common::replica::Replica;
use common::*;
use proptest::prelude::*;

fn start() -> (Document, Score) {
    let score = score(4);
    let (document, _) = Document::import(session_actor(DeviceId([99; 32]), 1), &score).unwrap();
    (document, score)
}

#[derive(Debug, Clone)]
enum Step {
    Edit(usize, (u8, u16, u16)),
    Undo(usize),
    Meet(usize, usize, u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let edit = || (0..3_usize, (any::<u8>(), any::<u16>(), any::<u16>())).prop_map(|(who, what)| Step::Edit(who, what));
    let undo = (0..3_usize).prop_map(Step::Undo);
    let meet = (0..3_usize, 1..3_usize, any::<u8>()).prop_map(|(who, next, how)| Step::Meet(who, (who + next) % 3, how));
    proptest::collection::vec(prop_oneof![6 => edit(), 2 => undo, 1 => meet], 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn forked_copies_merge_in_every_order_to_the_same_score(steps in steps()) {
        let (document, score) = start();
        let mut replicas: Vec<Replica> = (0..3).map(|number| Replica::fork(number, &document, &score)).collect();
        for step in steps {
            match step {
                Step::Edit(who, what) => {
                    let replica = &mut replicas[who];
                    if let Some(edit) = some_edit(&replica.score, &mut replica.ids, what) {
                        replica.commit(edit);
                        prop_assert_eq!(&replica.score, &replica.document.hydrate().unwrap());
                    }
                }
                Step::Undo(who) => {
                    replicas[who].undo();
                    prop_assert_eq!(&replicas[who].score, &replicas[who].document.hydrate().unwrap());
                }
                Step::Meet(who, whom, how) => {
                    let (a, b) = (who.min(whom), who.max(whom));
                    let (left, right) = replicas.split_at_mut(b);
                    let (a, b) = (&mut left[a], &mut right[0]);
                    if who < whom { a.meet(b, how) } else { b.meet(a, how) }
                }
            }
        }
        // Everybody takes in everybody's changes, each in another order.
        let all: Vec<Vec<Stored>> = replicas.iter().map(|replica| replica.changes.clone()).collect();
        for (turn, replica) in replicas.iter_mut().enumerate() {
            let known = replica.known();
            let mut missing: Vec<Stored> = (0..3).flat_map(|n| all[(turn + n) % 3].clone()).filter(|c| !known.contains(&c.hash())).collect();
            if turn == 1 { missing.reverse(); }
            replica.take_in(missing);
        }
        for replica in &replicas[1..] {
            prop_assert_eq!(replica.document.heads(), replicas[0].document.heads());
            prop_assert_eq!(&replica.score, &replicas[0].score);
        }
        let loaded = Document::load(&replicas[0].document.save()).unwrap();
        prop_assert_eq!(&loaded.hydrate().unwrap(), &replicas[0].score);
        prop_assert_eq!(&decode_model(&encode_model(&replicas[0].score)).unwrap(), &replicas[0].score);
    }

    #[test]
    fn reading_a_model_takes_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300), at in any::<usize>(), bit in 0..8_u8) {
        let _ = decode_model(&[b"BPM1".to_vec(), bytes].concat());
        let mut model = encode_model(&score(2));
        let at = at % model.len();
        model[at] ^= 1 << bit;
        let _ = decode_model(&model);
        prop_assert!(decode_model(&model[..at]).is_none());
    }
}

#[test]
fn an_import_is_the_score_it_came_from() {
    let (document, score) = start();
    assert_eq!(document.hydrate().unwrap(), score);
    assert_eq!(document.changes().len(), 2);
}

#[test]
fn ones_new_pitch_and_anothers_tie_both_survive() {
    let (document, score) = start();
    let (mut a, mut b) = (Replica::fork(1, &document, &score), Replica::fork(2, &document, &score));
    let note = *score.notes().keys().next().unwrap();
    a.commit(set_pitch_of(note, 70));
    b.commit(Edit::new(vec![Change::Set(note.into(), Field::Note(NoteField::TieNext(true)))]));
    b.meet(&a, 0);
    a.meet(&b, 0);
    assert_eq!(a.score, b.score);
    assert!(a.score.note(note).unwrap().tie_next);
    assert_ne!(a.score.note(note).unwrap().pitch, score.note(note).unwrap().pitch);
}

#[test]
fn what_was_done_to_a_removed_note_is_there_when_it_comes_back() {
    let (document, score) = start();
    let (mut a, mut b) = (Replica::fork(1, &document, &score), Replica::fork(2, &document, &score));
    let note = *score.notes().keys().next().unwrap();
    a.commit(Edit::new(vec![Change::Remove(note.into())]));
    b.commit(set_pitch_of(note, 70));
    a.meet(&b, 0);
    assert!(a.score.note(note).is_none());
    a.undo();
    assert_eq!(a.score.note(note), b.score.note(note));
}

#[test]
fn undo_leaves_what_another_has_changed_since() {
    let (document, score) = start();
    let (mut a, mut b) = (Replica::fork(1, &document, &score), Replica::fork(2, &document, &score));
    let notes: Vec<NoteId> = score.notes().keys().copied().take(2).collect();
    a.commit(set_pitch_of(notes[0], 70).then(set_pitch_of(notes[1], 70)));
    b.meet(&a, 0);
    b.commit(set_pitch_of(notes[0], 50));
    a.meet(&b, 0);
    a.undo();
    assert_eq!(a.score.note(notes[0]), b.score.note(notes[0]), "the other's pitch stays");
    assert_eq!(a.score.note(notes[1]), score.note(notes[1]), "one's own is taken back");
}

#[test]
fn measures_that_are_removed_together_come_back_in_their_order() {
    let (document, score) = start();
    let (mut a, mut b) = (Replica::fork(1, &document, &score), Replica::fork(2, &document, &score));
    let order = score.measure_order().to_vec();
    a.commit(Edit::new(vec![Change::RemoveMeasure(order[1]), Change::RemoveMeasure(order[2])]));
    let new = b.ids.next();
    b.commit(Edit::new(vec![Change::InsertMeasure { id: new, measure: Measure::default(), after: Some(order[1]) }]));
    a.meet(&b, 0);
    assert_eq!(a.score.measure_order(), [order[0], new, order[3]]);
    a.undo();
    assert_eq!(a.score.measure_order(), [order[0], order[1], new, order[2], order[3]]);
    b.meet(&a, 0);
    assert_eq!(b.score, a.score);
}

#[test]
fn what_a_newer_version_wrote_is_passed_over_and_stays() {
    use automerge::transaction::Transactable;
    use automerge::{AutoCommit, ROOT, ReadDoc};
    let (document, score) = start();
    let mut newer = AutoCommit::load(&document.save()).unwrap();
    let (_, notes) = newer.get(ROOT, "notes").unwrap().unwrap();
    let key = score.notes().keys().next().unwrap().to_string();
    let (_, note) = newer.get(&notes, key.as_str()).unwrap().unwrap();
    newer.put(&note, "colour", "red").unwrap();
    newer.put(&note, "pitch", "a pitch of the future").unwrap();
    let table = newer.put_object(ROOT, "cadenzas", automerge::ObjType::Map).unwrap();
    newer.put(&table, "x", 1).unwrap();
    let change = newer.get_last_local_change().unwrap();

    let mut here = Replica::fork(1, &document, &score);
    here.take_in(vec![change]);
    here.commit(set_pitch_of(key.parse().unwrap(), 60));
    let saved = AutoCommit::load(&here.document.save()).unwrap();
    assert_eq!(saved.get(&note, "colour").unwrap().unwrap().0.as_str(), Some("red"));
    assert_eq!(saved.get(&table, "x").unwrap().unwrap().0.as_i64(), Some(1));
}

#[test]
fn an_edit_that_does_not_fit_leaves_the_document_as_it_was() {
    let (mut document, score) = start();
    let (heads, missing) = (document.heads(), NoteId::from_raw(1));
    let note = *score.notes().keys().next().unwrap();
    assert!(document.commit(&set_pitch_of(note, 50).then(set_pitch_of(missing, 60)), 0).is_err());
    assert_eq!(document.heads(), heads);
    assert_eq!(document.hydrate().unwrap(), score);
}

#[test]
fn damaged_bytes_do_not_load() {
    let (document, _) = start();
    let saved = document.save();
    for at in (0..saved.len()).step_by(7) {
        let mut damaged = saved.clone();
        damaged[at] ^= 0x10;
        assert!(Document::load(&damaged).is_err(), "byte {at}");
    }
    assert!(Document::load(&saved[..saved.len() / 2]).is_err());
    assert!(Document::load(&[]).is_err());
}

#[test]
fn events_at_one_place_read_as_a_chord_and_others_as_an_overlap() {
    let mut score = score(1);
    assert_eq!(normalise(&score), Default::default());
    let (first, event) = score.events().iter().min_by_key(|(_, event)| event.time.onset).map(|(id, e)| (*id, e.clone())).unwrap();
    let same = EventId::from_raw(7);
    score.insert(same, event.clone()).unwrap();
    assert_eq!(normalise(&score).overlaps.len(), 1, "a rest where a note is");
    score.insert(NoteId::from_raw(8), Note { event: same, ..Note::default() }).unwrap();
    let reading = normalise(&score);
    assert_eq!(reading.chords.len(), 1);
    assert_eq!(BTreeSet::from_iter(&reading.chords[0]), BTreeSet::from([&first, &same]));
    assert!(reading.overlaps.is_empty());
    let longer = EventTime { duration: Beat::new(1, 2), ..event.time };
    Change::Set(same.into(), Field::Event(EventField::Time(longer))).apply(&mut score).unwrap();
    let reading = normalise(&score);
    assert!(reading.chords.is_empty());
    assert_eq!(reading.overlaps.len(), 1);
    assert_eq!(reading.overlaps[0].events.len(), 3, "both, and the note that the longer one runs into");
}
