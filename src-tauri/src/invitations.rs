//! Invitations as links: the system starts the program with `bandpro://…`. Where a window with the same data is open already it
//! gets the link, and the program that was started ends.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a link of BandPro begins with.
const SCHEME: &str = "bandpro://";
/// No invitation is longer.
const LONGEST: u64 = 16 << 10;

/// Whether a text is a link of BandPro. Capitals mean the same in its beginning (RFC 3986, 3.1), and a code on a screen has them.
pub fn is_link(text: &str) -> bool {
    text.get(..SCHEME.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(SCHEME))
}

/// The only window with some data: others leave their links here.
pub struct Door {
    folder: PathBuf,
    _lock: File,
}

fn letter(folder: &Path) -> PathBuf {
    folder.join("invitation")
}

fn place(data: &Path) -> PathBuf {
    data.join("window")
}

impl Door {
    /// Keeps the door; nothing where another window does.
    pub fn keep(data: &Path) -> io::Result<Option<Self>> {
        let folder = place(data);
        fs::create_dir_all(&folder)?;
        let lock = File::create(folder.join("open"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { folder, _lock: lock })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// Takes what was left.
    pub fn take(&self) -> Option<String> {
        let path = letter(&self.folder);
        let mut link = String::new();
        io::Read::read_to_string(&mut io::Read::take(File::open(&path).ok()?, LONGEST), &mut link).ok()?;
        fs::remove_file(&path).ok()?;
        Some(link).filter(|link| is_link(link))
    }
}

/// Leaves a link at the door of the window that is open with this data.
pub fn leave(data: &Path, link: &str) -> io::Result<()> {
    let folder = place(data);
    let fresh = folder.join(format!("invitation.{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Whoever has the link can use it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&fresh)?.write_all(link.as_bytes())?;
    fs::rename(&fresh, letter(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reaches_the_window_that_is_open() {
        let data = tempfile::tempdir().unwrap();
        let door = Door::keep(data.path()).unwrap().expect("nobody is there");
        assert!(Door::keep(data.path()).unwrap().is_none(), "one window keeps the door");
        assert_eq!(door.take(), None);
        leave(data.path(), "bandpro://join/abc").unwrap();
        assert_eq!(door.take().as_deref(), Some("bandpro://join/abc"));
        assert_eq!(door.take(), None, "a link is taken once");
        leave(data.path(), "BANDPRO://JOIN/ABC").unwrap();
        assert_eq!(door.take().as_deref(), Some("BANDPRO://JOIN/ABC"), "as it is read off a code");
        leave(data.path(), "https://example.org").unwrap();
        assert_eq!(door.take(), None, "only invitations are taken");
        drop(door);
        assert!(Door::keep(data.path()).unwrap().is_some(), "a window that was closed keeps no door");
    }
}
