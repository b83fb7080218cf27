//! The sync protocol as a state machine: two devices that share a space tell each other how far they know each device's log,
//! send what the other lacks, verbatim, and go on doing so while they are connected.
//!
//! The stream is authenticated: each side knows the other's device by its key. Messages and what they may not exceed are in
//! [`Message`]; the state machine is [`Session`]; [`perform`] carries its effects on storage out.

mod host;
mod message;
mod sending;
mod session;
#[cfg(test)]
mod tests;
mod wire;

pub use host::perform;
pub(crate) use message::MAX_INTRODUCTION;
pub use message::{Asking, Members, Message, Refusal, Roster, VERSION, Vector};
pub use sending::{Agreed, Sending};
pub use session::{BATCH, Effect, Ending, Event, PATIENCE, Purpose, Report, Session, WINDOW};
pub use wire::{MAX_MESSAGE, Wire};
