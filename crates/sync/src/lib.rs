//! The documents of BandPro: scores that live on the laptops of those who play them and merge whenever these meet.
//!
//! **One gesture = one Automerge change = one signed [`envelope`] = one transaction** in the append-only log of this device
//! ([`store`]). The log is the truth; replicated [`document`]s, cached models and the library's index are rebuilt from it.
//! The sync [`protocol`] is a state machine without input or output; [`net`] carries it over iroh. Surfaces hold a
//! [`Workspace`], an [`OpenScore`] for each score on the desk, and a [`Node`] while they want to meet other devices.

mod circle;
pub mod document;
pub mod envelope;
mod error;
mod id;
pub mod identity;
pub mod mailbox;
pub mod membership;
pub mod net;
pub mod protocol;
pub mod seal;
#[cfg(feature = "simulation")]
pub mod simulation;
pub mod store;
mod text_form;
mod ticket;
mod workspace;

pub use circle::{Circle, Taken};
pub use error::SyncError;
pub use id::{DeviceId, EpochId, InviteId, MemberId, ScoreId, Signature, SpaceId};
pub use identity::{KeyPlace, KeyStore, KeyStoreError, Keys, NewKey, RecoveryKey};
pub use net::{Away, Node, NodeEvent, NodeOptions, PeerOutcome, Route, Standing, apart};
pub use ticket::Ticket;
pub use workspace::{
    Committed, Former, Invited, Inviting, MEMBER_COLOURS, OpenScore, Options, RefusedChange, Request, Rescued, ScoreEntry, Space, System,
    Workspace, WorkspaceEvent, World, rescue,
};
