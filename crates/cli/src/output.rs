//! What is printed where: results on stdout, a line each; words for a person on stderr; with `--json`, both as JSON.

use std::io::{self, Write};

use bandpro_app::texts::Texts;
use bandpro_app::{AppError, ErrorView};
use serde::Serialize;

/// Everything was done.
pub const DONE: u8 = 0;
/// Something failed.
pub const FAILED: u8 = 1;
/// Done, but not every other device could be reached.
pub const NOT_REACHED: u8 = 3;

/// Why a sub-command ends early.
pub enum Failure {
    /// It could not be done.
    App(AppError),
    /// Whoever read the output stopped reading: nothing is wrong.
    Closed,
    /// The output cannot be written.
    Output(io::Error),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe { Self::Closed } else { Self::Output(error) }
    }
}

/// Where a sub-command speaks.
pub struct Output {
    json: bool,
}

impl Output {
    /// Speaks JSON or words.
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether a program reads.
    pub const fn is_json(&self) -> bool {
        self.json
    }

    /// A result: its words, or the value as a line of JSON.
    pub fn result(&self, words: &str, value: &impl Serialize) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        if self.json {
            serde_json::to_writer(&mut out, value).map_err(io::Error::from)?;
            writeln!(out)?;
        } else {
            writeln!(out, "{words}")?;
        }
        // Whoever waits for a ticket in a pipe must see it at once.
        Ok(out.flush()?)
    }

    /// Values, a line of JSON each, whoever reads.
    pub fn lines<T: Serialize>(&self, values: &[T]) -> Result<(), Failure> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        for value in values {
            serde_json::to_writer(&mut out, value).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Ok(out.flush()?)
    }

    /// Words for a person beside the result; silent where a program reads.
    pub fn note(&self, words: &str) {
        if !self.json {
            // A person who closed stderr does not want to hear it.
            let _ = writeln!(io::stderr(), "{words}");
        }
    }

    /// Says why it failed, and gives the exit code.
    pub fn fail(&self, failure: &Failure, texts: &Texts) -> u8 {
        let view = match failure {
            Failure::Closed => return DONE,
            Failure::App(error) => error.view(texts),
            Failure::Output(error) => {
                ErrorView { code: "output".to_owned(), message: error.to_string(), hint: None, place: None, advice: false }
            }
        };
        self.error(&view);
        FAILED
    }

    /// An error in words or as JSON, on stderr.
    pub fn error(&self, view: &ErrorView) {
        let mut err = io::stderr().lock();
        let _ = if self.json {
            writeln!(err, "{}", serde_json::json!({ "error": view }))
        } else {
            let hint = view.hint.iter().map(|hint| format!("\n  {hint}")).collect::<String>();
            writeln!(err, "bandpro: {}{hint}", view.message)
        };
    }
}
