//! What is stored.

use std::path::Path;
use std::process::Command;

use bandpro_notation::edit;
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::{IdSource, Score};
use bandpro_sync::{Options, ScoreId, Workspace};

use crate::notation::notes_to_edit;
use crate::{ORCHESTRA, Times, corpus_file, corpus_score, peak_row, row, time};

fn stored(folder: &Path, score: &Score) -> (Workspace, ScoreId) {
    let workspace = Workspace::open(folder, Options::default()).expect("the folder can be opened");
    let id = workspace.import_score(workspace.own_space(), score).expect("the score is stored");
    (workspace, id)
}

pub fn edit_to_disk() {
    let Some(score) = corpus_score(ORCHESTRA) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (workspace, id) = stored(folder.path(), &score);
    let mut open = workspace.open_score(id).expect("the score opens");
    open.warm().expect("the document loads");
    let mut times = Times::default();
    for note in notes_to_edit(&score, 400) {
        let edit = edit::move_diatonic(open.score(), note, 1).expect("a note can be moved");
        times.add(time(|| open.commit(&edit).expect("the edit is stored")).1);
    }
    row("edit-to-disk-p50", times.percentile(0.5), "ms", "400 edits, in a temporary folder");
    row("edit-to-disk-p99", times.percentile(0.99), "ms", "400 edits, in a temporary folder");
}

pub fn open_stored() {
    let Some(score) = corpus_score(ORCHESTRA) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (workspace, id) = stored(folder.path(), &score);
    let mut times = Times::default();
    let mut pages = 0;
    for _ in 0..5 {
        let (made, took) = time(|| {
            let open = workspace.open_score(id).expect("the score opens");
            bandpro_notation::engrave::engrave(open.score(), &bandpro_notation::engrave::Options::default()).len()
        });
        pages = made;
        times.add(took);
    }
    let places = score.measure_order().iter().flat_map(|measure| score.parts().into_iter().map(move |(part, _)| (*measure, part)));
    let events: usize = places.map(|(measure, part)| score.events_in(measure, part).count()).sum();
    row("open-stored", times.percentile(0.5), "ms", &format!("{events} events, all {pages} pages engraved"));
}

/// Arguments that make this program do one thing alone, for its memory.
pub const IMPORT: &str = "import-alone";
pub const REOPEN: &str = "reopen-alone";

/// From the bytes of a file to a stored score that has been opened.
fn import_into(folder: &Path, bytes: &[u8]) -> ScoreId {
    let score = import(bytes, &Limits::default(), &mut IdSource::from_seed([1, 2])).expect("the score can be read").score;
    let (workspace, id) = stored(folder, &score);
    assert_eq!(workspace.open_score(id).expect("the score opens").score().events().len(), score.events().len());
    id
}

/// Opens the only score of a folder, as a program does that has just been started; then loads its document, without which nothing can
/// be changed.
fn reopen(folder: &Path) -> [std::time::Duration; 2] {
    let ((mut open, _workspace), shown) = time(|| {
        let workspace = Workspace::open(folder, Options::default()).expect("the folder can be opened");
        let id = workspace.scores().expect("the library can be read").first().expect("there is a score").id;
        (workspace.open_score(id).expect("the score opens"), workspace)
    });
    let (_, warmed) = time(|| open.warm().expect("the document loads"));
    [shown, shown + warmed]
}

pub fn import_alone(folder: &Path) {
    let Some(file) = corpus_file(ORCHESTRA) else { return };
    import_into(folder, &std::fs::read(file).expect("the file can be read"));
    peak_row("peak-import-stored", "a file read, stored and opened");
}

pub fn reopen_alone(folder: &Path) {
    reopen(folder);
    peak_row("peak-reopen-stored", "a stored score opened, and its document loaded");
}

pub fn import_stored() {
    let Some(file) = corpus_file(ORCHESTRA) else { return };
    let bytes = std::fs::read(file).expect("the file can be read");
    let [mut stored, mut shown, mut warm]: [Times; 3] = Default::default();
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        stored.add(time(|| import_into(folder.path(), &bytes)).1);
        let [first, all] = reopen(folder.path());
        shown.add(first);
        warm.add(all);
    }
    row("import-stored", stored.percentile(0.5), "ms", &format!("read, stored, opened; {ORCHESTRA}"));
    row("reopen-stored", shown.percentile(0.5), "ms", "folder and score, to where it can be engraved");
    row("reopen-warm", warm.percentile(0.5), "ms", "and to where it can be changed");
    // A peak of memory is that of a process which does nothing else.
    let folder = tempfile::tempdir().expect("a folder");
    for job in [IMPORT, REOPEN] {
        let me = std::env::current_exe().expect("the path of this program");
        assert!(Command::new(me).arg(job).arg(folder.path()).status().expect("this program").success(), "{job}");
    }
}
