//! Real scores stay on their pages.

use std::path::Path;

use bandpro_notation::engrave::{Options, Page, PlacedSystem, bounds, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

fn assert_on_page(pages: &[Page], name: &str) {
    for page in pages {
        for item in page.systems.iter().flat_map(PlacedSystem::items).chain(page.items.iter().cloned()) {
            let rect = bounds(&item);
            let inside = rect.left >= 0.0 && rect.top >= 0.0 && rect.right <= page.width && rect.bottom <= page.height;
            assert!(inside, "{name}, page {}: {:?} at {rect:?} of {} × {}", page.number, item.role, page.width, page.height);
        }
    }
}

#[test]
fn files_of_the_corpus_stay_on_their_pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    for (folder, every) in [("suite", 1), ("lieder", 3), ("quartets", 6)] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            eprintln!("skipped: no {} to read", root.join(folder).display());
            continue;
        };
        let mut files: Vec<_> = entries.flatten().map(|e| e.path()).collect();
        files.sort();
        for path in files.into_iter().step_by(every) {
            let bytes = std::fs::read(&path).unwrap();
            // That the one malformed file is refused is for the tests of the importer.
            let Ok(imported) = import(&bytes, &Limits::default(), &mut IdSource::fixed(1)) else { continue };
            assert_on_page(&engrave(&imported.score, &Options::default()), &path.display().to_string());
        }
    }
}
