//! What the layout linter finds in MusicXML files: `check [--places] FILE|FOLDER…` prints a table of kinds by argument, and
//! with `--places` every single fault.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use bandpro_notation::engrave::check::{FaultKind, check};
use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::import::{Limits, import};
use bandpro_notation::model::IdSource;

fn main() -> Result<(), Box<dyn Error>> {
    let (options, places): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument == "--places");
    let mut table: BTreeMap<FaultKind, Vec<usize>> = BTreeMap::new();
    let mut pages = vec![0; places.len()];
    for (column, place) in places.iter().enumerate() {
        for file in files(Path::new(place))? {
            // What the importer refuses is not for the linter.
            let Ok(imported) = import(&std::fs::read(&file)?, &Limits::default(), &mut IdSource::fixed(1)) else { continue };
            let engraved = engrave(&imported.score, &Options::default());
            pages[column] += engraved.len();
            for fault in check(&imported.score, &engraved) {
                table.entry(fault.kind).or_insert_with(|| vec![0; places.len()])[column] += 1;
                if !options.is_empty() {
                    let name = file.file_name().unwrap_or_default().to_string_lossy();
                    println!("{name} {}", serde_json::to_string(&fault)?);
                }
            }
        }
    }
    let names: Vec<String> = places.iter().map(|p| Path::new(p).file_name().unwrap_or_default().to_string_lossy().into_owned()).collect();
    println!("| kind | {} | all |\n|---|{}", names.join(" | "), "---:|".repeat(names.len() + 1));
    let row = |name: &str, counts: &[usize]| {
        let cells: Vec<String> = counts.iter().map(usize::to_string).collect();
        println!("| {name} | {} | {} |", cells.join(" | "), counts.iter().sum::<usize>());
    };
    for (kind, counts) in &table {
        row(&kind.to_string(), counts);
    }
    let sums: Vec<usize> = (0..places.len()).map(|column| table.values().map(|counts| counts[column]).sum()).collect();
    row("**all**", &sums);
    row("pages", &pages);
    Ok(())
}

fn files(place: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if place.is_file() {
        return Ok(vec![place.to_owned()]);
    }
    let mut files: Vec<PathBuf> = std::fs::read_dir(place)?.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}
