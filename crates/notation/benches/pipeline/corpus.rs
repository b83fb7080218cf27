//! The real scores that are measured, read where they lie beside the project.

use std::path::{Path, PathBuf};

/// A file of the corpora; `None`, with a line that says so, where they are absent.
pub fn read(name: &str) -> Option<Vec<u8>> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        eprintln!("skipped: {} is not there", path.display());
    }
    bytes
}

/// A song for voice and piano of a dozen pages.
pub const SONG: &str = "lieder/Satie_Erik_Socrate_2_Bords_de_lIlissus.mxl";
/// A long movement for string quartet.
pub const QUARTET: &str = "quartets/Beethoven_Ludwig_van_Grosse_Fuge_in_B_flat_major_Op_133.mxl";
/// A symphonic movement of some 500 measures.
pub const ORCHESTRA: &str = "orchestra/Beethoven_Ludwig_van_Symphony_No_5_Op_67_1.mxl";
