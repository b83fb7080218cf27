//! What the tests that cross crates stand on: where things are, and a laptop with the real `bandpro` on it.

mod laptop;
mod networks;
mod places;
mod serving;

pub use laptop::{Laptop, Ran, bandpro};
pub use networks::Network;
pub use places::{binary, corpora, demo, project, project_files, skipped};
pub use serving::{PATIENCE, Serving, ticket, until};
