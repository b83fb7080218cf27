//! The mailbox: an always-on box that keeps a band's envelopes for members who are never online together.
//!
//! It can read nothing of them: it judges what everyone can see of an envelope ([`crate::envelope::judge_outside`]), stores, and
//! hands on. A [`RelayPass`] lets a band in; an owner-signed [`Roster`] says which devices may use the band's box. A device talks
//! with it about one space on one stream: what the two say is in [`ToMailbox`] and [`FromMailbox`], this side's state machine is
//! [`Session`]. The other side is the crate `bandpro-relay`.

mod message;
mod pass;
mod roster;
mod session;

pub use message::{FromMailbox, Full, Held, MAX_DEVICES, MAX_MESSAGE, Pushed, Refusal, ToMailbox, VERSION, Vector, Wire};
pub use pass::{Certificate, Entrance, RelayPass, Token};
pub use roster::{Release, Roster, Signed, Statement};
pub use session::{Effect, Ending, Event, Purpose, Report, Session};

/// Names the mailbox's protocol when a connection is made.
pub const ALPN: &[u8] = b"bandpro-mailbox/1";
