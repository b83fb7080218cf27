//! What a device and a mailbox say to one another.

use serde::{Deserialize, Serialize};

use super::pass::Token;
use super::roster::{Release, Roster, Signed};
pub use crate::protocol::{MAX_MESSAGE, Vector, Wire};
use crate::{DeviceId, SpaceId};

/// The version of the mailbox's protocol.
pub const VERSION: u16 = 1;
/// The most devices that a roster or a vector may name: more than any band has.
pub const MAX_DEVICES: usize = 1024;
/// Why a mailbox turned a device away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The box speaks another version.
    #[error("its version is another; update the older one")]
    Version,
    /// The band has no box here, and the pass that was shown is unknown or withdrawn.
    #[error("the pass is not known there, or was withdrawn")]
    Pass,
    /// The band has no box here yet, and only one of its owners can open one.
    #[error("no owner of the band has opened its mailbox yet")]
    NoRoster,
    /// The roster does not name this device.
    #[error("this device is not on the band's roster there")]
    NotOnRoster,
    /// The roster is not signed by one who may, or names too many.
    #[error("the band's roster was not accepted there")]
    Roster,
    /// The box is closing down or overloaded.
    #[error("it is busy; it will be tried again")]
    Busy,
}

/// What a band used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Full {
    /// The bytes that it may keep there.
    #[error("the band's space there is used up")]
    Bytes,
    /// The envelopes that it may keep there.
    #[error("the band has as many changes there as it may")]
    Envelopes,
    /// The disk of the box.
    #[error("its disk is full")]
    Disk,
}

/// What a mailbox holds of a space.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// How far it knows each device's log.
    pub known: Vector,
    /// Up to where it no longer keeps each device's log, since everyone has it.
    pub dropped: Vector,
    /// The roster that it goes by.
    pub roster: Roster,
}

/// What became of pushed envelopes, told once what was taken is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pushed {
    /// How many were new.
    pub stored: u64,
    /// The first of each device that was refused, with the code of the reason; what that device wrote after it was not looked at.
    pub refused: Vec<(DeviceId, u64, String)>,
    /// What is used up; nothing after the first envelope that did not fit was looked at.
    pub full: Option<Full>,
}

/// What a device says. The first byte on the wire is the variant's number: new ones go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToMailbox {
    /// The first of all.
    Hello {
        /// [`VERSION`].
        version: u16,
        /// Which space this is about.
        space: SpaceId,
        /// The band's pass: opens a box where there is none yet.
        token: Token,
        /// The roster, from one who may sign it.
        roster: Option<Signed<Roster>>,
    },
    /// What this device has, durably. The first asks for what it lacks, from now on; each later one also acknowledges one
    /// [`FromMailbox::Entries`].
    Have(Vector),
    /// Envelopes, verbatim, each after those it builds on. Answered by one [`FromMailbox::Stored`].
    Push(Vec<Vec<u8>>),
    /// A newer roster.
    Roster(Signed<Roster>),
    /// What may be dropped although not everyone has it.
    Release(Signed<Release>),
}

/// What a mailbox says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromMailbox {
    /// The answer to one who may come in.
    Welcome(Held),
    /// The answer to one who may not.
    TurnedAway(Refusal),
    /// Envelopes that the device lacks. Answered by one [`ToMailbox::Have`].
    Entries(Vec<Vec<u8>>),
    /// All that the device lacked when it last said so has been sent.
    UpToDate,
    /// The answer to a push.
    Stored(Pushed),
}

impl Wire for ToMailbox {
    fn is_bounded(&self) -> bool {
        match self {
            Self::Have(vector) => vector.len() <= MAX_DEVICES,
            Self::Hello { roster, .. } => roster.as_ref().is_none_or(|roster| roster.content.is_bounded()),
            Self::Roster(roster) => roster.content.is_bounded(),
            Self::Release(release) => release.content.upto.len() <= MAX_DEVICES,
            Self::Push(_) => true,
        }
    }
}

impl Wire for FromMailbox {
    fn is_bounded(&self) -> bool {
        match self {
            Self::Welcome(Held { known, dropped, roster }) => {
                let vectors = known.len() <= MAX_DEVICES && dropped.len() <= MAX_DEVICES;
                vectors && roster.is_bounded()
            }
            Self::Stored(pushed) => pushed.refused.len() <= MAX_DEVICES,
            Self::TurnedAway(_) | Self::Entries(_) | Self::UpToDate => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use proptest::prelude::*;

    fn roster() -> Signed<Roster> {
        let owner = Identity::from_secret(&[1; 32]);
        let roster = Roster { space: SpaceId([1; 16]), version: 3, owners: vec![owner.device()], devices: vec![owner.device()] };
        Signed::by(&owner, roster)
    }

    #[test]
    fn messages_round_trip() {
        let hello = ToMailbox::Hello { version: VERSION, space: SpaceId([1; 16]), token: Token([3; 16]), roster: Some(roster()) };
        for message in [hello, ToMailbox::Have(vec![(DeviceId([1; 32]), 7)]), ToMailbox::Push(vec![vec![1; 300], Vec::new()])] {
            assert_eq!(ToMailbox::decode(&message.encode()), Some(message));
        }
        let held = Held { known: vec![(DeviceId([1; 32]), 7)], dropped: Vec::new(), roster: roster().content };
        let refused = vec![(DeviceId([1; 32]), 3, "gap".to_owned())];
        let stored = FromMailbox::Stored(Pushed { stored: 1, refused, full: Some(Full::Bytes) });
        for message in [FromMailbox::Welcome(held), FromMailbox::TurnedAway(Refusal::NotOnRoster), stored] {
            assert_eq!(FromMailbox::decode(&message.encode()), Some(message));
        }
    }

    #[test]
    fn a_message_with_more_than_one_may_have_is_none() {
        let many = ToMailbox::Have((0..=MAX_DEVICES as u64).map(|seq| (DeviceId([1; 32]), seq)).collect());
        assert_eq!(ToMailbox::decode(&many.encode()), None);
        let trailing = [ToMailbox::Have(Vec::new()).encode(), vec![0]].concat();
        assert_eq!(ToMailbox::decode(&trailing), None);
        assert_eq!(FromMailbox::decode(&vec![0; MAX_MESSAGE + 1]), None);
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(kind in 0..6_u8, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let bytes = [vec![kind], bytes].concat();
            let _ = (ToMailbox::decode(&bytes), FromMailbox::decode(&bytes));
        }
    }
}
