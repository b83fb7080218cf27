//! What the tests that cross crates stand on: where things are, and a laptop with the real `bandpro` on it.

mod laptop;
mod places;

pub use laptop::{Laptop, Ran, bandpro};
pub use places::{binary, corpora, demo, project, project_files, skipped};
