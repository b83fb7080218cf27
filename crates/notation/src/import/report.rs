//! What an import did not take over.

use std::collections::BTreeMap;

use serde::Serialize;

use super::TextPlace;

/// Why a line is in the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum ReportKind {
    /// The file's format has it, the score model does not: it was left out.
    NotSupported,
    /// It contradicts its own format and was left out.
    Invalid,
    /// It contradicts its own format and was read as what it most likely means.
    Repaired,
}

/// Where in the file and in the score something is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportPlace {
    /// Line and column of the document, where it is a text.
    pub text: Option<TextPlace>,
    /// The position of the measure, from 1.
    pub measure: Option<u32>,
    /// The position of the part, from 1.
    pub part: Option<u32>,
}

/// One kind of thing that was not taken over as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    /// Why it is here.
    pub kind: ReportKind,
    /// What it is: the element, with its parents as far as they matter, and the attribute, if it is about one.
    pub what: String,
    /// How often it occurs.
    pub times: u32,
    /// Where it occurs first.
    pub place: ReportPlace,
}

/// More kinds than this are not listed: a file with so many is of another format in disguise.
const MAX_LINES: usize = 200;
/// Names longer than this are cut.
const MAX_NAME: usize = 120;

#[derive(Debug, Default)]
struct Entry {
    times: u32,
    byte: usize,
    measure: Option<u32>,
    part: Option<u32>,
}

/// Collects lines while a file is read.
#[derive(Debug, Default)]
pub(super) struct Report {
    lines: BTreeMap<(ReportKind, String), Entry>,
    /// The part and the measure that are being read, from 1.
    pub(super) part: Option<u32>,
    pub(super) measure: Option<u32>,
}

impl Report {
    pub(super) fn unsupported(&mut self, what: &[&str], byte: usize) {
        self.add(ReportKind::NotSupported, what, byte);
    }

    pub(super) fn invalid(&mut self, what: &[&str], byte: usize) {
        self.add(ReportKind::Invalid, what, byte);
    }

    pub(super) fn repaired(&mut self, what: &[&str], byte: usize) {
        self.add(ReportKind::Repaired, what, byte);
    }

    fn add(&mut self, kind: ReportKind, what: &[&str], byte: usize) {
        let name: String = what.join("/").chars().take(MAX_NAME).collect();
        let full = self.lines.len() >= MAX_LINES;
        let key = (kind, name);
        if full && !self.lines.contains_key(&key) {
            return;
        }
        let (measure, part) = (self.measure, self.part);
        let entry = self.lines.entry(key).or_insert(Entry { times: 0, byte, measure, part });
        entry.times = entry.times.saturating_add(1);
    }

    /// The lines in the order of the file, with the bytes of their places turned into lines and columns where it is a text.
    pub(super) fn into_lines(self, text: Option<&str>) -> Vec<ReportLine> {
        let mut entries: Vec<_> = self.lines.into_iter().collect();
        entries.sort_by_key(|(_, entry)| entry.byte);
        let line = |((kind, what), entry): ((ReportKind, String), Entry)| {
            let place = ReportPlace { text: text.map(|text| TextPlace::of(text, entry.byte)), measure: entry.measure, part: entry.part };
            ReportLine { kind, what, times: entry.times, place }
        };
        entries.into_iter().map(line).collect()
    }
}
