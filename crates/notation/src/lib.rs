//! The music of BandPro: the score model, edits, import and export, engraving, rendering and the performance timeline.
//!
//! Everything here is bytes and values in, values out. There is no clock, thread, file, network or ambient randomness:
//! fresh identifiers come from an [`model::IdSource`] that the caller seeds.

pub mod edit;
pub mod engrave;
pub mod export;
pub mod font;
pub mod import;
pub mod listing;
pub mod model;
pub mod perform;
pub mod render;
