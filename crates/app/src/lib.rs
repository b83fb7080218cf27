//! What BandPro does, once: the library, open scores, the band, playback. Every surface (window, terminal, scripts) calls this.

mod app;
mod error;
mod view;

pub use app::{App, AppConfig};
pub use error::AppError;
pub use view::*;
