//! The mailbox: devices push envelopes, pull those of others, and hear of new ones while they stay.
//!
//! What a device and the mailbox say to one another is in [`bandpro_sync::mailbox`]. This side of a conversation is a state
//! machine without input or output ([`conversation`]); [`desk`] carries it over iroh; all that is written goes through one
//! [`writer`], which puts what many bands push at the same time into one durable transaction.

pub mod conversation;
pub mod desk;
pub mod writer;
