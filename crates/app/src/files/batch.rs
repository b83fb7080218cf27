//! Many scores in many formats at once.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use bandpro_notation::model::Score;

use super::formats::Format;
use crate::AppError;
use crate::view::{ExportOptions, ExportOutcome};

/// One score in one format: what came of it.
#[derive(Debug)]
pub struct Attempt {
    /// The name of the score.
    pub name: String,
    /// The ending of its file.
    pub ending: String,
    /// What was written, or why nothing was.
    pub outcome: Result<ExportOutcome, AppError>,
}

/// Hears how many of how many files are done and what came of the last, and says whether to go on.
pub type Told<'a> = dyn FnMut(usize, usize, &Attempt) -> ControlFlow<()> + 'a;

/// Longer names are cut: file systems end at 255 bytes, and a number and an ending come after the name.
const LONGEST: usize = 120;

/// As far as this it is made sure that a page of a picture writes over no file of another name.
const MOST_PAGES_LOOKED_AT: u32 = 100;

/// Writes scores into a folder, each in each format, and tells of each as it is done.
///
/// One that fails keeps no other out. Nothing is written over: where a name is taken, a number makes it another. Each score is
/// read once, when its turn comes, so that many do not fill the memory.
pub fn export_many(
    scores: Vec<(String, impl FnOnce() -> Result<Score, AppError>)>,
    endings: &[String],
    folder: &Path,
    options: &ExportOptions,
    told: &mut Told<'_>,
) -> Result<(), AppError> {
    for ending in endings {
        let named = PathBuf::from(format!("score.{ending}"));
        Format::of(&named).ok_or(AppError::UnknownFormat(named))?;
    }
    std::fs::create_dir_all(folder).map_err(|source| AppError::Write { path: folder.to_owned(), source })?;
    let total = scores.len() * endings.len();
    let mut done = 0;
    for (name, read) in scores {
        let score = read();
        // Why it cannot be read is told once; its other formats are not tried.
        let score = match score {
            Ok(score) => score,
            Err(error) => {
                done += endings.len();
                if told(done, total, &Attempt { name, ending: String::new(), outcome: Err(error) }).is_break() {
                    return Ok(());
                }
                continue;
            }
        };
        for ending in endings {
            let outcome = super::export_score(&score, &free(folder, &safe_name(&name), ending), options);
            done += 1;
            if told(done, total, &Attempt { name: name.clone(), ending: ending.clone(), outcome }).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A file name that every system takes: without separators, reserved characters or names, and not too long.
pub(crate) fn safe_name(title: &str) -> String {
    let allowed = |c: char| if c.is_control() || "/\\:*?\"<>|".contains(c) { '-' } else { c };
    let mut name: String = title.chars().map(allowed).collect();
    while name.len() > LONGEST {
        name.pop();
    }
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = name.split('.').next().unwrap_or_default().to_ascii_uppercase();
    // Windows has devices of these names, whatever ending they have.
    let numbered = |device: &str| stem.strip_prefix(device).is_some_and(|n| n.len() == 1 && n.chars().all(|c| ('1'..='9').contains(&c)));
    let reserved = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT");
    match name {
        "" => "score".to_owned(),
        name if reserved => format!("{name}-score"),
        name => name.to_owned(),
    }
}

/// The path of this name, with a number where that is taken. Further pages of a picture take `name-2.svg` and so on; a name is
/// free where those are.
fn free(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let taken = |path: &Path| path.symlink_metadata().is_ok();
    let pages = |name: &str| (2..=MOST_PAGES_LOOKED_AT).map(|page| folder.join(format!("{name}-{page}.{ending}"))).any(|path| taken(&path));
    let numbered = (2_u32..).map(|number| format!("{name} ({number})"));
    let named = std::iter::once(name.to_owned()).chain(numbered);
    let mut paths = named.map(|name| (folder.join(format!("{name}.{ending}")), pages(&name)));
    paths.find(|(path, pages)| !pages && !taken(path)).map(|(path, _)| path).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe_everywhere() {
        for (title, name) in [
            ("Minuet", "Minuet"),
            ("../../etc/passwd", "-..-etc-passwd"),
            ("a/b:c*?\"<>|\n", "a-b-c-------"),
            ("  . ", "score"),
            ("con", "con-score"),
            ("COM1.x", "COM1.x-score"),
            ("Comet", "Comet"),
        ] {
            assert_eq!(safe_name(title), name, "{title}");
        }
        assert!(safe_name(&"語".repeat(200)).len() <= LONGEST);
    }

    #[test]
    fn one_that_fails_keeps_no_other_out_and_nothing_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let endings = ["musicxml".to_owned(), "abc".to_owned()];
        let run = || {
            let good = || Ok(Score::new());
            let bad = || Err(AppError::NoSuchPage { number: 1, count: 0 });
            type Read = Box<dyn FnOnce() -> Result<Score, AppError>>;
            let scores: Vec<(String, Read)> = vec![("A".into(), Box::new(good)), ("B".into(), Box::new(bad)), ("A".into(), Box::new(good))];
            let mut told = Vec::new();
            export_many(scores, &endings, &out, &ExportOptions::default(), &mut |done, total, attempt| {
                told.push((done, total, attempt.outcome.is_ok()));
                ControlFlow::Continue(())
            })
            .unwrap();
            told
        };
        assert_eq!(run(), [(1, 6, true), (2, 6, true), (4, 6, false), (5, 6, true), (6, 6, true)]);
        let names = || {
            let mut names: Vec<String> =
                std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        assert_eq!(names(), ["A (2).abc", "A (2).musicxml", "A.abc", "A.musicxml"]);
        run();
        assert_eq!(names().len(), 8);
    }

    #[test]
    fn the_second_page_of_one_is_not_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("A-2.svg"), "another score").unwrap();
        assert_eq!(free(folder.path(), "A", "svg"), folder.path().join("A (2).svg"));
        assert_eq!(free(folder.path(), "A", "png"), folder.path().join("A.png"));
    }
}
