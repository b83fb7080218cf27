//! The real window, driven as a person would: `tauri-driver` and WebKitWebDriver on the real binary.

mod band;
mod editing;
mod invitations;
mod notifications;
mod renewing;
mod rooms;
mod views;
mod webdriver;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use bandpro_tests::{Laptop, binary};
use webdriver::Window;

/// A laptop of a person of this name, in English.
fn laptop_of(name: &str) -> Laptop {
    let laptop = Laptop::new();
    laptop.run(["band", "person", "--name", name, "--laptop", &format!("{name}'s laptop")]).ok();
    laptop
}

fn click(window: &Window, testid: &str) {
    window.click(&window.wait_for(testid));
}

/// Chooses an option of the list that a selector names.
fn choose(window: &Window, list: &str, value: &str) {
    let option = format!("{list} option[value={value:?}]");
    window.click(&window.until(&option, |window| window.select(&option).into_iter().next()));
}

/// The path of the `bandpro-desktop` binary.
fn program() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| binary("bandpro-desktop", "bandpro-desktop", "BANDPRO_DESKTOP_BIN"))
}

/// The window on a laptop's data, with files to open.
fn window_of(name: &str, laptop: &Laptop, files: &[&Path]) -> Window {
    let data = laptop.data();
    let mut arguments = vec!["--data", data.to_str().expect("a plain path")];
    arguments.extend(files.iter().map(|file| file.to_str().expect("a plain path")));
    let window = Window::open(name, program(), &arguments);
    window.wait_for("ready");
    window
}
