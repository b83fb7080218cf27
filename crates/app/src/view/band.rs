//! What a surface sees of bands: members, roles, devices, invitations, requests, what was refused.

use serde::{Deserialize, Serialize};

use super::Link;

/// How this person is shown to others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// Their name.
    pub name: String,
    /// Their colour, as `#rrggbb`.
    pub colour: String,
    /// Colours to choose from, which stay apart with every kind of colour vision.
    pub colours: Vec<String>,
    /// What this laptop is called.
    pub device_name: String,
    /// Where the key of this laptop is kept: `file` or `system`.
    pub key_place: String,
}

/// A QR code, as a drawing of unit squares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QrView {
    /// How many squares it is wide and high, the quiet zone around it included: what an SVG's `viewBox` says.
    pub size: usize,
    /// The dark squares, as the `d` of an SVG path. They have to be drawn dark on light.
    pub path: String,
}

/// A space that this person belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BandView {
    /// What commands name it by.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is this person's own.
    pub own: bool,
    /// What this person may do: `viewer`, `editor` or `owner`.
    pub role: String,
    /// That role, in the language.
    pub role_label: String,
    /// The members, this person first.
    pub members: Vec<MemberView>,
    /// The invitations that are still good.
    pub invites: Vec<InviteView>,
    /// Those who wait for an answer here.
    pub requests: Vec<RequestView>,
    /// Relays that members meet through.
    pub relays: Vec<String>,
    /// Mailboxes that keep changes for members who are never online together.
    pub mailboxes: Vec<String>,
    /// Devices that were removed, and of which another log stands than the one here.
    pub unsettled: Vec<UnsettledView>,
}

/// A device that was removed and had two logs, since a backup was restored there. The one that stands has not come here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnsettledView {
    /// What commands name it by.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whose it was.
    pub member: String,
}

/// A band that this person, or this laptop, does not belong to any more. What was here of it is here still, to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FormerBandView {
    /// What commands name it by.
    pub id: String,
    /// What it was called.
    pub name: String,
    /// Since when, in milliseconds since 1970.
    pub since: u64,
    /// Who removed this person or this laptop; absent where this person left.
    pub by: Option<String>,
    /// Whether this laptop was removed, and not the person.
    pub device_only: bool,
    /// How many scores of it are here.
    pub scores: usize,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// What commands name them by, besides their name.
    pub id: String,
    /// Their name.
    pub name: String,
    /// Their colour, as `#rrggbb`.
    pub colour: String,
    /// `viewer`, `editor` or `owner`.
    pub role: String,
    /// That role, in the language.
    pub role_label: String,
    /// Whether it is this person.
    pub you: bool,
    /// Their devices.
    pub devices: Vec<MemberDeviceView>,
}

/// A device of a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberDeviceView {
    /// What commands name it by.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is this one.
    pub this: bool,
    /// Whether it is no device but a printed key.
    pub recovery: bool,
    /// By which way it is connected now, or that it is not.
    pub link: Link,
    /// How it is reached, or why not, and how far behind one is of the other: a sentence or two, in the language; empty for this
    /// one and for a printed key.
    pub detail: String,
    /// How many changes it is known to have that are not here yet.
    pub lacking_here: u64,
    /// How many changes are here that it is not known to have.
    pub lacking_there: u64,
    /// When it was last in step, in milliseconds since 1970.
    pub last_seen: Option<u64>,
    /// Whether it has two logs (a backup was restored there), so that nothing more of it is taken.
    pub frozen: bool,
    /// Whether it is what this device was before it was renewed.
    pub renewed: bool,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InviteView {
    /// What commands name it by.
    pub id: String,
    /// What it is for: `viewer`, `editor`, `owner`, or `device`.
    pub offer: String,
    /// Until when it is good, in milliseconds since 1970.
    pub expires: u64,
    /// How many may still use it.
    pub left: u32,
    /// Whether somebody has to say yes to each who asks.
    pub confirm: bool,
    /// Who invited.
    pub by: String,
}

/// What an invitation leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// What the space is called, as whoever invites says.
    pub space_name: String,
    /// Until when it is good, in milliseconds since 1970.
    pub expires: u64,
    /// Whether this person is in that space already.
    pub here: bool,
}

/// How to invite.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InviteOptions {
    /// What for: `viewer`, `editor`, `owner`, or `device` for a further device of this person; `editor` where empty.
    pub offer: String,
    /// For how many hours; a week where absent.
    pub hours: Option<u64>,
    /// For how many; one where absent.
    pub uses: Option<u32>,
    /// Whether somebody has to say yes to each who asks.
    pub confirm: bool,
}

/// Somebody who asks to come in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestView {
    /// What commands name it by, besides the name and the device alone.
    pub id: String,
    /// The space.
    pub space: String,
    /// What that is called.
    pub space_name: String,
    /// The name that they give.
    pub name: String,
    /// Their colour, as `#rrggbb`.
    pub colour: String,
    /// The device that asks.
    pub device: String,
    /// What it is called.
    pub device_name: String,
    /// When they asked, in milliseconds since 1970.
    pub since: u64,
}

/// A change that was refused, or is kept without being applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedView {
    /// The space that it came for.
    pub space: String,
    /// What that is called.
    pub space_name: String,
    /// The member who wrote it, or is said to have; the device's id where it is nobody's.
    pub who: String,
    /// The device that wrote it, or is said to have.
    pub device: String,
    /// Its number in the log of that device.
    pub number: u64,
    /// The score that it is about, where that is known.
    pub score: Option<String>,
    /// The title of that score, where it is in the library.
    pub score_title: Option<String>,
    /// Why, as a small code.
    pub reason: String,
    /// Why, in the language.
    pub message: String,
}

/// The printed key of this person: whoever has it can become another device of them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecoveryView {
    /// The words to print or write down, in groups.
    pub key: String,
}

impl std::fmt::Debug for RecoveryView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryView").finish_non_exhaustive()
    }
}
