//! Scores in the formats that others read.

pub mod abc;
pub mod midi;
pub mod musicxml;

use serde::Serialize;

/// A score in another format, and what that format cannot hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The file.
    pub bytes: Vec<u8>,
    /// What was left out; empty where nothing was.
    pub lost: Vec<Lost>,
}

/// Something that an export left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lost {
    /// What it is.
    pub what: String,
    /// How often it occurs.
    pub times: u32,
}
