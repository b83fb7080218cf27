//! What BandPro does, once: the library, open scores, the band, playback. Every surface (window, terminal, scripts) calls this.

mod announce;
mod app;
mod band;
pub mod commands;
mod conflicts;
mod demo;
pub mod desk;
mod error;
pub mod files;
mod key_store;
pub mod looking;
mod open;
mod picture;
mod playing;
pub mod qr;
pub mod texts;
mod view;

pub use app::{App, AppConfig, Step, data_folder, texts_without_data};
pub use band::Meeting;
pub use demo::DEMOS;
pub use error::AppError;
pub use view::*;
