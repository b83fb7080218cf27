//! Edits as values: what a gesture changes, how to take it back, and what becomes of a selection.
//!
//! Keyboard, mouse, MIDI keyboard, a remote device and undo all change a score through an [`Edit`].

mod change;
mod commands;
mod error;
mod selection;

pub use change::{Change, Edit};
pub use commands::*;
pub use error::{EditError, Obstacle};
pub use selection::Selection;
