//! The workspace on disk: durable edits, several handles, caches that can be lost, damage that is noticed.

mod common;

use std::path::Path;

use bandpro_notation::edit::{Change, Edit};
use bandpro_notation::model::*;
use bandpro_sync::{Options, ScoreId, SyncError, Workspace};
use common::*;
use rusqlite::Connection;

fn open(folder: &Path) -> Workspace {
    Workspace::open(folder, Options::default()).unwrap()
}

fn with_score(folder: &Path) -> (Workspace, ScoreId) {
    let workspace = open(folder);
    let id = workspace.import_score(workspace.own_space(), &score(4)).unwrap();
    (workspace, id)
}

fn database(folder: &Path) -> Connection {
    Connection::open(folder.join("bandpro.db")).unwrap()
}

#[test]
fn a_score_is_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let device = workspace.device();
    let mut open_score = workspace.open_score(id).unwrap();
    assert_eq!(*open_score.score(), score(4));
    let edit = set_pitch(open_score.score(), 0, 61);
    open_score.commit(&edit).unwrap();
    open_score.commit(&set_title("Another")).unwrap();
    let shown = open_score.score().clone();
    // A crash: nothing is dropped, so no cache is written.
    std::mem::forget(open_score);
    drop(workspace);

    let workspace = open(folder.path());
    assert_eq!(workspace.device(), device);
    let entry = &workspace.scores().unwrap()[0];
    assert_eq!((entry.id, entry.title.as_str(), entry.composer.as_str(), entry.measures), (id, "Another", "Nobody", 4));
    assert_eq!(entry.parts, ["Flute"]);
    assert_eq!(*workspace.open_score(id).unwrap().score(), shown);
    // And by the cache that this opening has left.
    assert_eq!(*workspace.open_score(id).unwrap().score(), shown);
}

#[test]
fn scores_are_found_by_the_beginning_of_their_id() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let text = id.to_string();
    assert_eq!(workspace.find_score(&text).unwrap(), id);
    assert_eq!(workspace.find_score(&text[..12].to_uppercase()).unwrap(), id);
    assert_eq!(workspace.find_score("").unwrap_err().code(), "unknown-score");
    assert_eq!(workspace.find_score("zzzz").unwrap_err().code(), "unknown-score");
    for _ in 0..40 {
        workspace.import_score(workspace.own_space(), &Score::new()).unwrap();
    }
    let first: String = workspace.scores().unwrap().iter().map(|entry| entry.id.to_string().remove(0)).collect();
    let twice = first.chars().find(|c| first.matches(*c).count() > 1).unwrap();
    assert_eq!(workspace.find_score(&twice.to_string()).unwrap_err().code(), "ambiguous-score");
}

#[test]
fn an_edit_that_does_not_fit_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    let before = score.score().clone();
    let bad = set_title("x").then(set_pitch_of(NoteId::from_raw(1), 60));
    assert_eq!(score.commit(&bad).unwrap_err().code(), "edit");
    assert_eq!(*score.score(), before);
    drop(score);
    assert_eq!(*workspace.open_score(id).unwrap().score(), before);
}

#[test]
fn a_failing_disk_keeps_the_score_as_it_is_stored_and_the_next_edit_works() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    let edit = set_title("Stored");
    score.commit(&edit).unwrap();
    let before = score.score().clone();
    let trigger = "CREATE TRIGGER full BEFORE INSERT ON log BEGIN SELECT raise(ABORT, 'no'); END";
    database(folder.path()).execute_batch(trigger).unwrap();
    assert!(matches!(score.commit(&set_title("Lost")), Err(SyncError::Database(_))));
    assert_eq!(*score.score(), before);
    database(folder.path()).execute_batch("DROP TRIGGER full").unwrap();
    score.commit(&set_title("Later")).unwrap();
    assert_eq!(score.score().header().title, "Later");
    drop(score);
    let workspace = open(folder.path());
    workspace.rebuild().unwrap();
    assert_eq!(workspace.scores().unwrap()[0].title, "Later");
    assert_eq!(workspace.open_score(id).unwrap().score().header().title, "Later");
}

#[test]
fn two_handles_and_two_processes_see_each_others_edits() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    // Another process has its own connection, as another opened workspace has.
    let other = open(folder.path());
    let (mut a, mut b) = (workspace.open_score(id).unwrap(), other.open_score(id).unwrap());
    for turn in 0..10_u8 {
        let edit = set_pitch(a.score(), usize::from(turn), 40 + turn);
        a.commit(&edit).unwrap();
        let edit = set_pitch(b.score(), usize::from(turn) + 3, 60 + turn);
        let committed = b.commit(&edit).unwrap();
        assert_eq!(committed.merged.len(), 1, "the other's edit comes first");
        assert_eq!(a.poll_remote().unwrap().len(), 1);
        assert_eq!(a.score(), b.score());
    }
    assert_eq!(workspace.refused().unwrap(), []);
    let rows: i64 = database(folder.path()).query_row("SELECT max(seq) FROM log", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 21, "one chain for the device");
}

#[test]
fn many_threads_write_one_chain() {
    let folder = tempfile::tempdir().unwrap();
    let (_, id) = with_score(folder.path());
    std::thread::scope(|scope| {
        for thread in 0..4_u8 {
            let folder = folder.path();
            scope.spawn(move || {
                let workspace = open(folder);
                let mut score = workspace.open_score(id).unwrap();
                for turn in 0..10 {
                    let edit = set_pitch(score.score(), usize::from(thread * 4) + turn, thread * 10 + turn as u8);
                    score.commit(&edit).unwrap();
                }
            });
        }
    });
    let workspace = open(folder.path());
    let shown = workspace.open_score(id).unwrap().score().clone();
    workspace.rebuild().unwrap();
    assert_eq!(*workspace.open_score(id).unwrap().score(), shown);
    let rows: i64 = database(folder.path()).query_row("SELECT count(*) FROM log WHERE refused IS NULL", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 41);
}

#[test]
fn caches_can_be_lost_or_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    for turn in 0..20 {
        let edit = set_pitch(score.score(), turn, 50 + turn as u8);
        score.commit(&edit).unwrap();
    }
    let shown = score.score().clone();
    drop(score);
    let damages = [
        "DELETE FROM caches; DELETE FROM scores; DELETE FROM documents",
        "UPDATE caches SET model = x'00', snapshot = x'00'",
        "UPDATE caches SET model = substr(model, 1, 40), snapshot = substr(snapshot, 1, 40)",
        "UPDATE caches SET snapshot = zeroblob(length(snapshot)), heads = x'00'",
        "DELETE FROM scores",
    ];
    for (number, damage) in damages.iter().enumerate() {
        database(folder.path()).execute_batch(damage).unwrap();
        let workspace = open(folder.path());
        if number == 0 {
            workspace.rebuild().unwrap();
        }
        let mut score = workspace.open_score(id).unwrap();
        assert_eq!(*score.score(), shown, "{damage}");
        score.warm().unwrap();
        assert_eq!(score.poll_remote().unwrap(), [], "{damage}");
        assert_eq!(workspace.scores().unwrap().len(), 1);
    }
}

#[test]
fn a_damaged_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    drop(workspace);
    database(folder.path()).execute_batch("DELETE FROM caches; UPDATE log SET bytes = zeroblob(length(bytes))").unwrap();
    let error = open(folder.path()).open_score(id).unwrap_err();
    assert_eq!(error.code(), "damaged-database", "{error}");
}

#[test]
fn a_damaged_page_is_an_error_or_does_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let shown = workspace.open_score(id).unwrap().score().clone();
    drop(workspace);
    database(folder.path()).pragma_update(None, "wal_checkpoint", "TRUNCATE").unwrap();
    let path = folder.path().join("bandpro.db");
    let whole = std::fs::read(&path).unwrap();
    for page in 0..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096 + 8..page * 4096 + 200].fill(0xa5);
        std::fs::write(&path, damaged).unwrap();
        match Workspace::open(folder.path(), Options::default()).and_then(|workspace| workspace.open_score(id)) {
            Ok(score) => assert_eq!(*score.score(), shown, "page {page}"),
            Err(error) => assert!(["damaged-database", "unknown-score", "database"].contains(&error.code()), "page {page}: {error}"),
        }
    }
}

#[test]
fn a_deleted_score_comes_back_with_what_was_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    score.commit(&set_title("Kept")).unwrap();
    workspace.delete_score(id).unwrap();
    assert_eq!(workspace.scores().unwrap(), []);
    // Somebody still had it on the desk.
    score.poll_remote().unwrap();
    score.commit(&set_title("Still edited")).unwrap();
    assert_eq!(workspace.scores().unwrap(), []);
    workspace.restore_score(id).unwrap();
    assert_eq!(workspace.scores().unwrap()[0].title, "Still edited");
    workspace.rename_score(id, "Named").unwrap();
    assert_eq!(score.poll_remote().unwrap().len(), 1);
    assert_eq!(score.score().header().title, "Named");
}

#[test]
fn undo_and_redo_go_through_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    let before = score.score().clone();
    let note = *before.notes().keys().next().unwrap();
    let mine = Edit::new(vec![Change::Remove(note.into())]);
    let done = score.commit(&mine).unwrap().done;
    let after = score.score().clone();
    let undone = score.undo(&done).unwrap().unwrap().done;
    assert_eq!(*score.score(), before);
    score.undo(&undone).unwrap().unwrap();
    assert_eq!(*score.score(), after);
    // Done again already: nothing is left.
    assert!(score.undo(&undone).unwrap().is_none());
    drop(score);
    assert_eq!(*open(folder.path()).open_score(id).unwrap().score(), after);
}

#[test]
fn an_edit_that_changes_nothing_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, id) = with_score(folder.path());
    let mut score = workspace.open_score(id).unwrap();
    let committed = score.commit(&Edit::default()).unwrap();
    assert!(committed.done.inverse.is_empty());
    let rows: i64 = database(folder.path()).query_row("SELECT count(*) FROM log", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
}
