//! What BandPro does, once: the library, open scores, the band, playback. Every surface (window, terminal, scripts) calls this.

mod announce;
mod app;
pub mod commands;
pub mod desk;
mod error;
pub mod texts;
mod view;

pub use app::{App, AppConfig};
pub use error::AppError;
pub use view::*;
