//! What is stored.

use std::path::Path;

use bandpro_notation::edit;
use bandpro_notation::model::Score;
use bandpro_sync::{Options, ScoreId, Workspace};

use crate::notation::notes_to_edit;
use crate::{ORCHESTRA, Times, corpus_score, row, time};

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
