//! The library: what goes in, what is there.

use std::path::{Path, PathBuf};

use bandpro_app::{App, commands, texts_without_data};

use crate::arguments::Arguments;
use crate::output::{DONE, FAILED, Failure, Output};

/// Reads files into the library: a line a score, its id and its title; of a tune book a line a tune. A file that cannot be read does
/// not keep the others out.
pub fn import(app: &App, output: &Output, files: &[PathBuf]) -> Result<u8, Failure> {
    let mut code = DONE;
    for file in files {
        match app.import_all(file) {
            Ok(outcomes) => {
                for outcome in outcomes {
                    output.result(&format!("{}\t{}", outcome.id, one_line(&outcome.title)), &outcome)?;
                    for line in &outcome.report {
                        output.note(&format!("  {line}"));
                    }
                }
            }
            Err(error) => {
                output.error(&app.explain(&error));
                code = FAILED;
            }
        }
    }
    Ok(code)
}

/// Copies what can be read of a data folder whose key is gone: a line a score, its id and its title; without an id what could
/// not be read.
pub fn rescue(app: &App, output: &Output, folder: &Path) -> Result<u8, Failure> {
    let mut code = DONE;
    for outcome in app.rescue(folder)? {
        output.result(&format!("{}\t{}", outcome.id, one_line(&outcome.title)), &outcome)?;
        for line in &outcome.report {
            output.note(&format!("  {line}"));
        }
        if outcome.id.is_empty() {
            code = FAILED;
        }
    }
    Ok(code)
}

/// The scores: id, title, composer, measures, parts.
pub fn list(app: &App, output: &Output) -> Result<u8, Failure> {
    for card in app.library()? {
        let words = [card.id.clone(), card.title.clone(), card.composer.clone(), card.measures.to_string(), card.parts.join(", ")];
        output.result(&words.map(|word| one_line(&word)).join("\t"), &card)?;
    }
    Ok(DONE)
}

/// Gives a score another title.
pub fn rename(app: &App, id: &str, title: &str) -> Result<u8, Failure> {
    app.rename(id, title)?;
    Ok(DONE)
}

/// Takes a score out of the library.
pub fn delete(app: &App, id: &str) -> Result<u8, Failure> {
    app.delete(id)?;
    Ok(DONE)
}

/// The command table.
pub fn commands(arguments: &Arguments, output: &Output) -> Result<u8, Failure> {
    let texts = texts_without_data(arguments.language.as_deref());
    for view in commands::views(&texts).into_iter().filter(|view| view.runs != "window") {
        let argument = match (&view.argument, view.argument_optional) {
            (Some(form), true) => format!(" [{form}]"),
            (Some(form), false) => format!(" {form}"),
            (None, _) => String::new(),
        };
        output.result(&format!("{}{argument}\t{}\t{}", view.id, view.keys.join(" "), view.help), &view)?;
    }
    Ok(DONE)
}

/// Text that stays in its column of its line.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
