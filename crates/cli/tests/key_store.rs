//! The key of this laptop in a real Secret Service: GNOME Keyring on a session bus of its own.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Starts a key store that is open, on a bus of its own, and once it is there does what follows.
const WITH_STORE: &str = "printf 'a password' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
for _ in $(seq 100); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets |
    grep -q true && break
  sleep 0.1
done
";
/// A bus that starts no service by itself: a second key store that starts while the bus ends would stay, with the output of the test in
/// its hands.
const BUS: &str = concat!("--config-file=", env!("CARGO_MANIFEST_DIR"), "/../../tests/desktop/session.conf");

/// A person with a home of their own.
struct Home {
    folder: TempDir,
}

impl Home {
    fn new() -> Self {
        let home = Self { folder: TempDir::new().unwrap() };
        #[cfg(unix)]
        fs::set_permissions(home.folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        home
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join(".local/share/bandpro")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let home = self.folder.path();
        command.env("HOME", home).env("XDG_DATA_HOME", home.join(".local/share")).env("XDG_RUNTIME_DIR", home).env("XDG_CACHE_HOME", home);
        command.env("PROGRAM", env!("CARGO_BIN_EXE_bandpro")).env("BANDPRO_LANGUAGE", "en").env("BANDPRO_LISTEN", "127.0.0.1");
        for unset in ["BANDPRO_DATA", "BANDPRO_KEY_STORE", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(unset);
        }
        command.stdin(Stdio::null());
        command
    }

    /// Runs a script of the shell in a session with this person's key store, unlocked, in which `$PROGRAM` is `bandpro`.
    fn in_session(&self, script: &str) -> Output {
        self.command("dbus-run-session").args([BUS, "--", "sh", "-ec", &format!("{WITH_STORE}{script}")]).output().unwrap()
    }

    /// Runs `bandpro` without any session, as over ssh.
    fn without_session(&self, words: &[&str]) -> Output {
        self.command(env!("CARGO_BIN_EXE_bandpro")).args(words).output().unwrap()
    }

    /// The files of the data folder that may hold a key.
    fn key_files(&self) -> Vec<String> {
        let names = fs::read_dir(self.data()).unwrap().map(|file| file.unwrap().file_name().to_string_lossy().into_owned());
        names.filter(|name| name.contains("key")).collect()
    }
}

fn is_there(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

fn words(output: Output) -> String {
    let said = [output.stdout.as_slice(), b"|", &output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn refused(output: Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_key_lives_in_the_desktops_key_store_and_is_found_there_again() {
    if !is_there("gnome-keyring-daemon") || !is_there("dbus-run-session") {
        eprintln!("skipped: gnome-keyring or dbus-run-session is not installed");
        return;
    }
    let home = Home::new();
    let said = words(home.in_session("\"$PROGRAM\" band key; \"$PROGRAM\" band devices 'My scores'"));
    assert!(said.contains("in the system’s key store"), "{said}");
    let device = said.lines().find(|line| line.contains("this one")).expect("it is listed").to_owned();
    assert_eq!(home.key_files(), Vec::<String>::new());

    // Another session of the same person, and none at all.
    let again = words(home.in_session("\"$PROGRAM\" band devices 'My scores'"));
    assert!(again.contains(&device), "{again} is not {device}");
    let alone = refused(home.without_session(&["list"]));
    assert!(alone.contains("cannot be reached from here") && alone.contains("band key --keep file"), "{alone}");
    assert_eq!(home.key_files(), Vec::<String>::new(), "no other key is made");

    // The folder is copied to the laptop of somebody else, whose store is there and has no such key.
    let other = Home::new();
    copy_folder(&home.data(), &other.data());
    let elsewhere = refused(other.in_session("exec \"$PROGRAM\" list"));
    assert!(elsewhere.contains("copied from another laptop"), "{elsewhere}");

    // In a file it goes along.
    words(home.in_session("exec \"$PROGRAM\" band key --keep file"));
    assert_eq!(home.key_files(), vec!["device.key"]);
    assert!(words(home.without_session(&["band", "devices", "My scores"])).contains(&device));
    words(home.in_session("exec \"$PROGRAM\" band key --keep system"));
    assert_eq!(home.key_files(), Vec::<String>::new());
    assert!(words(home.in_session("exec \"$PROGRAM\" band devices 'My scores'")).contains(&device));
}

#[test]
fn without_a_desktop_the_key_goes_into_a_file_and_a_named_folder_keeps_its_own() {
    let home = Home::new();
    let said = words(home.without_session(&["band", "key"]));
    assert!(said.contains("in a file"), "{said}");
    assert_eq!(home.key_files(), vec!["device.key"]);
    let wrong = refused(home.command(env!("CARGO_BIN_EXE_bandpro")).env("BANDPRO_KEY_STORE", "drawer").arg("list").output().unwrap());
    assert!(wrong.contains("BANDPRO_KEY_STORE"), "{wrong}");
    let none = Home::new();
    let absent = refused(none.command(env!("CARGO_BIN_EXE_bandpro")).env("BANDPRO_KEY_STORE", "system").arg("list").output().unwrap());
    assert!(absent.contains("cannot be reached from here"), "{absent}");
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
