//! What a surface sees of files that are read and written.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::ErrorView;

/// What an import made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportOutcome {
    /// The new score.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What was read but not understood, a sentence each, with its place.
    pub report: Vec<String>,
}

/// How to export.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportOptions {
    /// Only this part, from 1.
    pub part: Option<usize>,
    /// Only this page, from 1 (pictures).
    pub page: Option<usize>,
    /// Dots an inch (PNG); 200 where absent.
    pub dpi: Option<f32>,
    /// A style instead of the score's own (pictures and PDF), as the command `style` names it.
    pub style: Option<String>,
    /// Paper instead of the score's own (pictures and PDF), as the command `page-size` names it.
    pub paper: Option<String>,
    /// Whether an SVG names its fonts instead of containing their outlines.
    pub named_fonts: bool,
    /// Whether all is drawn in one endless system (pictures and PDF).
    pub continuous: bool,
    /// Whether a MIDI file has one track for all parts (type 0) instead of one each (type 1).
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub one_track: bool,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExportOutcome {
    /// The files, in order.
    pub files: Vec<PathBuf>,
    /// What the format could not hold, a sentence each.
    pub report: Vec<String>,
}

/// What came of exporting many scores.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchView {
    /// The files that were written.
    pub files: Vec<PathBuf>,
    /// What could not be written.
    pub failed: Vec<BatchFailure>,
    /// What formats could not hold.
    pub remarks: Vec<BatchRemark>,
    /// Whether it was ended before all was done.
    pub cancelled: bool,
}

/// A score that could not be written in a format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchFailure {
    /// The score.
    pub name: String,
    /// The format's ending; empty where the score itself could not be read.
    pub ending: String,
    /// Why.
    pub error: ErrorView,
}

/// What a format could not hold of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchRemark {
    /// The score.
    pub name: String,
    /// The format's ending.
    pub ending: String,
    /// A sentence each.
    pub report: Vec<String>,
}
