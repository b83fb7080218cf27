//! The command line of the desktop program.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::invitations::is_link;

/// What `--help` prints.
pub const HELP: &str = "\
Usage: bandpro-desktop [--data DIR] [FILE… | bandpro://LINK]

Opens BandPro's window. Each FILE (MusicXML, MIDI, ABC) is put into the library and the first is opened. A link is an invitation: the
window asks whether to accept it, the one that is open with this data if there is one.

  --data DIR   keep everything in DIR (or set BANDPRO_DATA)
  --help       print this
  --version    print the version";

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arguments {
    /// Where the data is; the system's place where absent.
    pub data: Option<PathBuf>,
    /// Files to import and show.
    pub files: Vec<PathBuf>,
    /// An invitation to show.
    pub invitation: Option<String>,
}

/// What the command line asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// The window.
    Open(Arguments),
    /// The help.
    Help,
    /// The version.
    Version,
    /// Something that is not known.
    Wrong(String),
}

/// Reads the arguments after the program's name, and the data folder from the environment where no argument names one.
pub fn read(arguments: impl IntoIterator<Item = OsString>, data_from_environment: Option<OsString>) -> Request {
    let mut read = Arguments { data: data_from_environment.filter(|dir| !dir.is_empty()).map(PathBuf::from), ..Arguments::default() };
    let mut arguments = arguments.into_iter();
    let mut only_files = false;
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            _ if only_files => read.files.push(argument.into()),
            Some("--") => only_files = true,
            Some("--help" | "-h") => return Request::Help,
            Some("--version" | "-V") => return Request::Version,
            Some("--data") => match arguments.next() {
                Some(dir) => read.data = Some(dir.into()),
                None => return Request::Wrong("--data needs a folder".into()),
            },
            Some(text) if text.starts_with("--data=") => read.data = Some(text["--data=".len()..].into()),
            Some(text) if is_link(text) => read.invitation = Some(text.to_owned()),
            Some(text) if text.starts_with('-') && text.len() > 1 => return Request::Wrong(format!("{text} is not known")),
            _ => read.files.push(argument.into()),
        }
    }
    Request::Open(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_words(line: &str, environment: Option<&str>) -> Request {
        read(line.split_whitespace().map(OsString::from), environment.map(OsString::from))
    }

    #[test]
    fn the_argument_beats_the_environment() {
        let expected = Arguments { data: Some("here".into()), files: vec!["a.xml".into(), "b.mxl".into()], invitation: None };
        assert_eq!(read_words("a.xml --data here b.mxl", Some("there")), Request::Open(expected.clone()));
        assert_eq!(read_words("--data=here a.xml b.mxl", None), Request::Open(expected));
        let from_environment = Arguments { data: Some("there".into()), ..Arguments::default() };
        assert_eq!(read_words("", Some("there")), Request::Open(from_environment));
        assert_eq!(read_words("", Some("")), Request::Open(Arguments::default()));
    }

    #[test]
    fn what_follows_two_dashes_is_a_file() {
        let expected = Arguments { files: vec!["--help".into()], ..Arguments::default() };
        assert_eq!(read_words("-- --help", None), Request::Open(expected));
    }

    #[test]
    fn a_link_is_an_invitation() {
        let expected = Arguments { invitation: Some("bandpro://join/abc".into()), ..Arguments::default() };
        assert_eq!(read_words("bandpro://join/abc", None), Request::Open(expected));
        let expected = Arguments { invitation: Some("BANDPRO://JOIN/ABC".into()), ..Arguments::default() };
        assert_eq!(read_words("BANDPRO://JOIN/ABC", None), Request::Open(expected), "as it is read off a code");
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert_eq!(read_words("--fullscreen", None), Request::Wrong("--fullscreen is not known".into()));
        assert_eq!(read_words("--data", None), Request::Wrong("--data needs a folder".into()));
        assert_eq!(read_words("--help --fullscreen", None), Request::Help);
    }
}
