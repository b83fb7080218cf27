//! `docs/music.md` has a row for everything that a score can hold, and no row for anything else.

use std::collections::BTreeSet;

use bandpro_notation::model::{MarkKind, RecordKind, SignKind, SpanKind};
use serde::de::DeserializeOwned;

const PAGE: &str = include_str!("../../../docs/music.md");

/// The variants of an enumeration, which its reader names when it is given another.
fn variants<T: DeserializeOwned + std::fmt::Debug>(name: &str) -> BTreeSet<String> {
    let error = serde_json::from_str::<T>("\"no such variant\"").expect_err("there is no such variant").to_string();
    let (_, listed) = error.split_once("expected one of").unwrap_or_else(|| panic!("{name}: {error}"));
    listed.split('`').skip(1).step_by(2).map(|variant| format!("{name}::{variant}")).collect()
}

/// Everything that has to have a row. The fields of the layout are a style, which has a page of its own.
fn model() -> BTreeSet<String> {
    let kinds = [variants::<MarkKind>("MarkKind"), variants::<SpanKind>("SpanKind"), variants::<SignKind>("SignKind")];
    let records = RecordKind::ALL.iter().filter(|kind| **kind != RecordKind::Layout);
    let fields = records.flat_map(|kind| kind.empty().fields().into_iter().map(move |field| format!("{kind:?}.{}", field.key())));
    kinds.into_iter().flatten().chain(fields).collect()
}

/// The cells of every row.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| element"));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn the_table_is_about_the_model_and_all_of_it() {
    let named: Vec<String> = rows().iter().map(|cells| cells[1].trim_matches('`').to_owned()).collect();
    let there: BTreeSet<String> = named.iter().cloned().collect();
    assert_eq!(there.len(), named.len(), "a row twice");
    let model = model();
    assert!(model.len() > 100, "{}", model.len());
    assert_eq!(model.difference(&there).collect::<Vec<_>>(), Vec::<&String>::new(), "without a row in docs/music.md");
    assert_eq!(there.difference(&model).collect::<Vec<_>>(), Vec::<&String>::new(), "in docs/music.md and not in the model");
}

#[test]
fn every_row_says_all_of_it() {
    for cells in rows() {
        assert_eq!(cells.len(), 7, "{cells:?}");
        assert!(cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
    }
}
