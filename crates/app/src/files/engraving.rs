//! How a score comes out on paper: which measures stand where, and what the layout linter would circle.

use std::collections::BTreeMap;

use bandpro_notation::engrave::check::{Fault, check, totals};
use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::model::Score;
use serde::Serialize;

/// A score on its pages.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Engraving {
    /// Each page: for each of its systems the printed numbers of its first and last measure.
    pub pages: Vec<Vec<(String, String)>>,
    /// What the linter found, where it was asked.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub checked: Option<Checked>,
}

/// What the layout linter found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// How many faults of each kind.
    pub totals: BTreeMap<String, usize>,
    /// Every fault, page by page.
    pub faults: Vec<Fault>,
}

/// Engraves a score and says what stands where; with `linted`, what an engraver would circle too.
pub fn engraving(score: &Score, linted: bool) -> Engraving {
    let pages = engrave(score, &Options::default());
    let number = |at: usize| score.measure_order().get(at).and_then(|id| score.measure(*id)).map(|m| m.number.clone()).unwrap_or_default();
    let systems = |page: &bandpro_notation::engrave::Page| {
        page.systems.iter().map(|s| (number(s.measures.start), number(s.measures.end.saturating_sub(1)))).collect()
    };
    let checked = linted.then(|| {
        let faults = check(score, &pages);
        Checked { totals: totals(&faults).into_iter().map(|(kind, count)| (kind.to_string(), count)).collect(), faults }
    });
    Engraving { pages: pages.iter().map(systems).collect(), checked }
}
