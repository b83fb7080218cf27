//! Merging: every field of every record, random work on copies, and what musicians get, case by case.

#[path = "../common/mod.rs"]
mod common;
mod coverage;
mod gestures;
mod oracle;
mod random;
mod table;
mod words;
