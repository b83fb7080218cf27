//! What an engraver would circle in red on finished pages: things that collide, text over text, what leaves the page,
//! accidentals that touch, curves through noteheads, beams at a wrong slope, systems and pages too full or too empty.
//!
//! The pages alone are judged, and by the outlines that are printed, so that no stage can excuse itself; the score only says
//! what belongs together. The rules are Gould's ("Behind Bars", chapters 1 to 4) and Ross's ("The Art of Music Engraving and
//! Processing", chapter 4, for beams).

mod beams;
mod ink;
mod overlaps;
mod pairs;
mod place;
mod systems;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use super::page::{Page, Point, Role};
use crate::font;
use crate::model::{RecordRef, Score};

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// An item leaves the page.
    OutsidePage,
    /// Two things cover each other that must not.
    Overlap(Role, Role),
    /// Text covers other text.
    TextOverText,
    /// A syllable covers another.
    LyricOverLyric,
    /// An accidental touches a notehead, a dot or another accidental.
    AccidentalTouches,
    /// A tie or slur goes through a notehead that is not its own.
    CurveThroughNotehead,
    /// A beam leans against its notes, or further than they do.
    BeamSlope,
    /// A beam is too near to a notehead, or lies in the middle of a space of the staff.
    BeamPosition,
    /// A system's music is narrower than its rods allow, or reaches beyond its staff.
    SystemOverfull,
    /// A system that is not the last is stretched far beyond the others, or does not reach the margin.
    SystemUnderfull,
    /// The last system has a single measure although the one before could have spared one.
    LonelyMeasure,
    /// A page that is not the last is filled much less than it could be.
    PageUnderfull,
    /// The last page has a single system although the one before could have spared one.
    LonelySystem,
}

impl fmt::Display for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::OutsidePage => "outside page",
            Self::Overlap(a, b) => return write!(f, "{a:?} over {b:?}"),
            Self::TextOverText => "text over text",
            Self::LyricOverLyric => "lyric over lyric",
            Self::AccidentalTouches => "accidental touches",
            Self::CurveThroughNotehead => "curve through notehead",
            Self::BeamSlope => "beam slope",
            Self::BeamPosition => "beam position",
            Self::SystemOverfull => "system overfull",
            Self::SystemUnderfull => "system underfull",
            Self::LonelyMeasure => "lonely measure",
            Self::PageUnderfull => "page underfull",
            Self::LonelySystem => "lonely system",
        };
        f.write_str(name)
    }
}

impl Serialize for FaultKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One thing to circle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// The page, from 1.
    pub page: usize,
    /// The system on the page, from 1; nothing for what is not in one.
    pub system: Option<usize>,
    /// The printed number of the measure.
    pub measure: Option<String>,
    /// The staff of the system, from 1 at the top.
    pub staff: Option<usize>,
    /// Where on the page, in staff spaces from its top left corner.
    #[serde(serialize_with = "as_pair")]
    pub at: Point,
    /// The records that it is about.
    #[serde(serialize_with = "as_names")]
    pub records: Vec<RecordRef>,
}

fn as_pair<S: Serializer>(point: &Point, serializer: S) -> Result<S::Ok, S::Error> {
    [point.x, point.y].map(|v| (v * 10.0).round() / 10.0).serialize(serializer)
}

fn as_names<S: Serializer>(records: &[RecordRef], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(records.iter().map(|record| format!("{}:{:013x}", record.kind().table(), record.raw())))
}

/// Everything to circle on the pages of a score, page by page from the left.
pub fn check(score: &Score, pages: &[Page]) -> Vec<Fault> {
    let mut faults = Vec::new();
    let Some(first) = pages.first() else { return faults };
    font::set_in(&first.setting, || {
        for page in pages {
            let sight = place::Sight::of(score, page);
            overlaps::find(&sight, &mut faults);
            beams::find(&sight, &mut faults);
        }
        systems::find(score, pages, &mut faults);
    });
    faults
}

/// How many faults there are of each kind.
pub fn totals(faults: &[Fault]) -> BTreeMap<FaultKind, usize> {
    let mut totals = BTreeMap::new();
    for fault in faults {
        *totals.entry(fault.kind).or_default() += 1;
    }
    totals
}
