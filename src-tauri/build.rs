//! Lets the window's pages be missing while only the Rust side is checked, and hands over to Tauri.

use std::path::Path;

/// What a window without pages shows.
const PAGES_MISSING: &str = "<!doctype html><title>BandPro</title><p>The pages of this window are not built: run <code>npm ci && npm run build</code> in <code>ui</code>.";

fn main() {
    let pages = Path::new("../ui/dist");
    println!("cargo::rerun-if-changed=../ui/dist");
    if !pages.join("index.html").exists() {
        println!("cargo::warning=ui/dist is missing: run `npm ci && npm run build` in ui, or the window stays empty");
        let written = std::fs::create_dir_all(pages).and_then(|()| std::fs::write(pages.join("index.html"), PAGES_MISSING));
        if let Err(error) = written {
            println!("cargo::warning=cannot write {}: {error}", pages.display());
        }
    }
    tauri_build::build();
}
