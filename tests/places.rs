//! Where the project, its binaries and the scores that nobody here wrote are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate is a folder of the project")
}

/// A demo score.
pub fn demo(name: &str) -> PathBuf {
    project().join("assets/demo").join(name)
}

/// A folder of real scores beside the project; nothing, and a line that says so, where it is absent.
pub fn corpora(folder: &str) -> Option<PathBuf> {
    let path = project().join("../shared/corpora").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    skipped(&format!("there is no ../shared/corpora/{folder}"));
    None
}

/// Says that something was left out and why.
pub fn skipped(reason: &str) {
    eprintln!("skipped: {reason}");
}

/// The files of the project that are kept or will be: paths from its root.
pub fn project_files() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(project())
        .output()
        .expect("git lists the files");
    assert!(listed.status.success(), "git: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    names.split('\0').filter(|name| !name.is_empty() && project().join(name).is_file()).map(str::to_owned).collect()
}

/// A binary of the workspace: the one that the environment variable names, or a freshly built one beside this test.
pub fn binary(package: &str, name: &str, variable: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--package", package, "--bin", name])
        .current_dir(project())
        .status()
        .expect("cargo runs");
    assert!(built.success(), "{name} does not build");
    let test = std::env::current_exe().expect("a test knows its place");
    let profile = test.ancestors().nth(2).expect("tests are in <target>/<profile>/deps");
    profile.join(name).with_extension(std::env::consts::EXE_EXTENSION)
}
