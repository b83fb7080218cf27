//! What the workspace tells of its content.

use crate::envelope::Reason;
use crate::membership::{Person, Role};
use crate::{DeviceId, InviteId, ScoreId, SpaceId};

/// A space of this device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Space {
    /// Which.
    pub id: SpaceId,
    /// What it is called.
    pub name: String,
    /// Whether it is this person's own, made at first start.
    pub own: bool,
    /// What this person may do in it; nothing where they do not belong to it any more.
    pub role: Option<Role>,
    /// The devices in it with their names, this one among them; printed keys are not.
    pub devices: Vec<(DeviceId, String)>,
}

/// Somebody who asks to come into a space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which space.
    pub space: SpaceId,
    /// Who they say they are.
    pub person: Person,
    /// The device that asks.
    pub device: DeviceId,
    /// What it is called.
    pub device_name: String,
    /// By which invitation.
    pub invite: InviteId,
    /// When they asked, in milliseconds since 1970 (UTC).
    pub since: u64,
}

/// A score in the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreEntry {
    /// Which.
    pub id: ScoreId,
    /// The space it lives in.
    pub space: SpaceId,
    /// Its title; empty where it has none.
    pub title: String,
    /// Who wrote it.
    pub composer: String,
    /// The names of its parts, in score order.
    pub parts: Vec<String>,
    /// How many measures it has.
    pub measures: usize,
    /// When the last change reached this device, in milliseconds since 1970 (UTC).
    pub modified: u64,
}

/// A change that was refused or is kept without being applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedChange {
    /// The space it came for.
    pub space: SpaceId,
    /// Who wrote it (or is said to have).
    pub device: DeviceId,
    /// Its number in that device's log.
    pub seq: u64,
    /// The score it is about, where that is known.
    pub score: Option<ScoreId>,
    /// Why.
    pub reason: Reason,
}

/// What happened to the documents, for whoever listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkspaceEvent {
    /// Changes of a score reached the log, by this process or from another device: [`crate::OpenScore::poll_remote`].
    ScoreChanged(ScoreId),
    /// Another process with the same folder has written something: lists may differ, and every open score should be polled.
    /// Noticed while a [`crate::Node`] serves.
    WrittenOutside,
    /// The list of scores, spaces or devices changed.
    LibraryChanged,
    /// A change was refused.
    Refused(RefusedChange),
    /// Members, devices, roles, invitations or keys of a space changed.
    MembersChanged(SpaceId),
    /// Somebody asks to come in.
    Asked(Request),
    /// A device has two logs, as after a restored backup: nothing more of it is taken until that is settled.
    Forked {
        /// In which space.
        space: SpaceId,
        /// Which device.
        device: DeviceId,
    },
    /// This device does not belong to a space any more.
    Left(SpaceId),
}
