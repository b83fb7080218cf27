//! Who is in the score: the staves from top to bottom with their parts and groups, and the style they are shown in.

use std::collections::BTreeMap;

use super::style::Style;
use crate::model::{GroupSymbol, Part, PartId, Score};

/// Staves a part may have; a score that says more is shown with this many.
const MOST_STAVES: u8 = 16;

/// A part and its staves.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PartLine {
    pub id: PartId,
    /// Its first staff among all staves.
    pub first: usize,
    /// The number of its staves.
    pub staves: usize,
    pub name: String,
    pub abbreviation: String,
}

/// One staff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stave {
    /// Its part among the parts shown.
    pub part: usize,
    /// Its number within the part, from 1.
    pub number: u8,
}

/// Parts held together by a sign.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GroupLine {
    /// First and last staff.
    pub first: usize,
    pub last: usize,
    pub symbol: GroupSymbol,
    pub name: String,
    pub abbreviation: String,
    pub barlines: bool,
}

/// The staves of a system.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Cast {
    pub parts: Vec<PartLine>,
    pub staves: Vec<Stave>,
    pub groups: Vec<GroupLine>,
    pub style: Style,
    /// The part whose own layout this is; absent for the score.
    pub alone: Option<PartId>,
    /// What that part is called.
    pub title: String,
    by_id: BTreeMap<PartId, usize>,
}

impl Cast {
    /// The visible parts, or only the one asked for.
    pub(super) fn of(score: &Score, only: Option<PartId>, style: Style) -> Self {
        let title = only.and_then(|id| score.part(id)).map_or("", Part::label).to_owned();
        let mut cast = Self { style, alone: only, title, ..Self::default() };
        for (id, part) in score.parts() {
            if only.map_or(!part.visible, |only| only != id) {
                continue;
            }
            let staves = part.staves.clamp(1, MOST_STAVES);
            let index = cast.parts.len();
            cast.parts.push(PartLine {
                id,
                first: cast.staves.len(),
                staves: usize::from(staves),
                name: part.name.clone(),
                abbreviation: part.abbreviation.clone(),
            });
            cast.staves.extend((1..=staves).map(|number| Stave { part: index, number }));
            cast.by_id.insert(id, index);
        }
        cast.groups = cast.group_lines(score);
        cast
    }

    /// The place of a part among those shown.
    pub(super) fn part(&self, id: PartId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// The staff of a part by its number; the nearest it has for a number beyond.
    pub(super) fn staff(&self, part: usize, number: u8) -> usize {
        let line = &self.parts[part];
        line.first + usize::from(number.max(1) - 1).min(line.staves - 1)
    }

    /// Whether a barline runs on from this staff to the next.
    pub(super) fn joined(&self, staff: usize) -> bool {
        let Some(next) = self.staves.get(staff + 1) else { return false };
        self.staves[staff].part == next.part || self.groups.iter().any(|g| g.barlines && g.first <= staff && staff < g.last)
    }

    fn group_lines(&self, score: &Score) -> Vec<GroupLine> {
        let mut lines: Vec<GroupLine> = Vec::new();
        for group in score.groups().values() {
            let (Some(first), Some(last)) = (self.part(group.first), self.part(group.last)) else { continue };
            let (first, last) = (first.min(last), first.max(last));
            lines.push(GroupLine {
                first: self.parts[first].first,
                last: self.parts[last].first + self.parts[last].staves - 1,
                symbol: group.symbol,
                name: group.name.clone(),
                abbreviation: group.abbreviation.clone(),
                barlines: group.barlines,
            });
        }
        // Inner groups first.
        lines.sort_by_key(|g| (g.last - g.first, g.first, g.symbol as u8));
        lines
    }
}
