//! The real scores beside the project that several tests read.

use std::path::{Path, PathBuf};

/// The MusicXML files of a folder of the corpora, in order; none, with a line that says so, where it is absent.
pub fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(folder);
    let Ok(entries) = std::fs::read_dir(&root) else {
        eprintln!("skipped: {} is not there", root.display());
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ["xml", "musicxml", "mxl"].iter().any(|e| ending == *e)));
    files.sort();
    files
}
