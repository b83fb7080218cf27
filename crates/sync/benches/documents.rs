//! What a person waits for: an edit until it is durable, opening a large score, catching up.
#![allow(missing_docs)]

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::*;
use bandpro_sync::{Options, ScoreId, Workspace};
use divan::Bencher;
use tempfile::TempDir;

fn main() {
    divan::main();
}

/// A score of this many events: parts of quarter notes.
fn score(events: usize) -> Score {
    let mut ids = IdSource::fixed(1);
    let mut score = Score::new();
    let parts: Vec<PartId> = (0..10).map(|_| ids.next()).collect();
    for (order, part) in parts.iter().enumerate() {
        score.insert(*part, Part { order: order as i64, name: format!("Part {order}"), ..Part::default() }).unwrap();
    }
    for number in 0..events / 40 {
        let measure = ids.next();
        score.push_measure(measure, Measure { number: number.to_string(), ..Measure::default() });
        for (part, quarter) in parts.iter().flat_map(|part| (0..4).map(move |quarter| (*part, quarter))) {
            let value = Some(NoteValue::new(NoteBase::Quarter, 0));
            let time = EventTime { measure, onset: Beat::new(quarter, 4), duration: Beat::QUARTER, value, ratio: (1, 1) };
            let event = ids.next();
            score.insert(event, Event { part, time, ..Event::default() }).unwrap();
            let pitch = NotePitch::Pitched(Pitch::new(Step::from_index(number as i32), 0, 4));
            score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
        }
    }
    score
}

fn stored(events: usize) -> (TempDir, Workspace, ScoreId) {
    let folder = tempfile::tempdir().unwrap();
    let workspace = Workspace::open(folder.path(), Options::default()).unwrap();
    let id = workspace.import_score(workspace.own_space(), &score(events)).unwrap();
    (folder, workspace, id)
}

fn set_pitch(note: NoteId, turn: i32) -> Edit {
    let pitch = NotePitch::Pitched(Pitch::new(Step::from_index(turn), turn % 2, 4));
    Edit::new(vec![Change::Set(note.into(), Field::Note(NoteField::Pitch(pitch)))])
}

#[divan::bench(args = [2_000, 50_000], sample_count = 300)]
fn edit_until_durable(bencher: Bencher<'_, '_>, events: usize) {
    let (_folder, workspace, id) = stored(events);
    let mut open = workspace.open_score(id).unwrap();
    open.warm().unwrap();
    let notes: Vec<NoteId> = open.score().notes().keys().copied().collect();
    let mut turn = 0_usize;
    bencher.bench_local(|| {
        turn += 1;
        open.commit(&set_pitch(notes[(turn * 7919) % notes.len()], turn as i32)).unwrap()
    });
}

#[divan::bench(args = [50_000], sample_count = 10)]
fn open_from_the_cached_model(bencher: Bencher<'_, '_>, events: usize) {
    let (_folder, workspace, id) = stored(events);
    bencher.bench_local(|| workspace.open_score(id).unwrap());
}

#[divan::bench(args = [50_000], sample_count = 5)]
fn load_the_document_behind(bencher: Bencher<'_, '_>, events: usize) {
    let (_folder, workspace, id) = stored(events);
    bencher.with_inputs(|| workspace.open_score(id).unwrap()).bench_local_refs(|open| open.warm().unwrap());
}

#[divan::bench(args = [50_000], sample_count = 5)]
fn import(bencher: Bencher<'_, '_>, events: usize) {
    let (_folder, workspace, _) = stored(40);
    let score = score(events);
    bencher.bench_local(|| workspace.import_score(workspace.own_space(), &score).unwrap());
}

/// The changes come from a second handle, as from another process: read from the log, applied, and turned into edits.
#[divan::bench(args = [10_000], sample_count = 3)]
fn catch_up_with_changes(bencher: Bencher<'_, '_>, changes: usize) {
    bencher
        .with_inputs(|| {
            let (folder, workspace, id) = stored(2_000);
            let mut behind = workspace.open_score(id).unwrap();
            behind.warm().unwrap();
            let mut ahead = workspace.open_score(id).unwrap();
            let notes: Vec<NoteId> = ahead.score().notes().keys().copied().collect();
            for turn in 0..changes {
                ahead.commit(&set_pitch(notes[turn % notes.len()], turn as i32)).unwrap();
            }
            (folder, behind)
        })
        .bench_local_refs(|(_, behind)| behind.poll_remote().unwrap());
}
