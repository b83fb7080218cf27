//! What two devices say to one another.

use serde::{Deserialize, Serialize};

use super::Wire;
use crate::envelope::Hash;
use crate::identity::Card;
use crate::membership::{Mark, Person};
use crate::{DeviceId, SpaceId};

/// The version of the protocol.
pub const VERSION: u16 = 2;

/// The most entries or envelopes of one message.
const MAX_LISTED: usize = 20_000;
/// The most entries by which a device introduces itself.
pub(crate) const MAX_INTRODUCTION: usize = 2048;
/// The most devices that are spoken of.
pub(super) const MAX_DEVICES: usize = 4096;

/// Why a device was turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// It is no member and has no ticket.
    #[error("it is not a member of the space, and brought no ticket")]
    NotAMember,
    /// The ticket is unknown, used up or revoked.
    #[error("the ticket was used already or withdrawn")]
    Ticket,
    /// The ticket has run out.
    #[error("the ticket has expired")]
    Expired,
    /// The device has no such space.
    #[error("it does not have this space")]
    UnknownSpace,
    /// The versions do not fit.
    #[error("its version of BandPro is another; update the older one")]
    Version,
    /// It belonged to the space once.
    #[error("it was removed from the space")]
    Removed,
    /// It asked, and nobody has answered yet.
    #[error("the request waits for an owner to say yes")]
    Waiting,
    /// It asked, and an owner said no.
    #[error("an owner declined the request")]
    Declined,
    /// The ticket is good, but not with this member.
    #[error("this ticket has to be shown to whoever made it")]
    NotTheirs,
    /// Too many ask already.
    #[error("too many requests wait already; try again later")]
    TooMany,
}

/// Who asks to come in, or comes in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asking {
    /// The device.
    pub card: Card,
    /// The person.
    pub person: Person,
    /// The secret of a ticket, from one who is not a member yet.
    pub secret: Option<[u8; 16]>,
}

/// What is news of the members: entries of the membership log, and where devices were last met, in the network's own form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Members {
    /// Entries, each after those that it follows.
    pub entries: Vec<Vec<u8>>,
    /// The heads of the log that these lead to. Left out where there are no entries and the other side knows them.
    pub heads: Vec<Hash>,
    /// Where devices were last met, as far as the other side was not told yet.
    pub addresses: Vec<(DeviceId, Vec<u8>)>,
}

/// How far each device's log is known to someone.
pub type Vector = Vec<(DeviceId, u64)>;

/// What a member tells at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// The membership log, without what the other side said that it has.
    pub members: Members,
    /// How far the logs are known, and by which envelope: two logs of one device may be of one length.
    pub vector: Vec<Mark>,
    /// The other spaces that both devices belong to, where they are of one person.
    pub spaces: Vec<SpaceId>,
}

/// A message. The first byte on the wire is the variant's number: new ones go to the end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Message {
    /// The first of the side that opened the stream.
    Hello {
        /// [`VERSION`].
        version: u16,
        /// Which space this is about.
        space: SpaceId,
        /// Who this is.
        asking: Box<Asking>,
        /// The heads of the membership log that this side knows.
        heads: Vec<Hash>,
        /// Entries of the membership log by which this device is a member, where the other side may not know of it: one that a
        /// device of the same person signed in while nobody else was there.
        introduction: Vec<Vec<u8>>,
    },
    /// The answer to one who may come in.
    Welcome(Roster),
    /// The answer to one who may not.
    TurnedAway(Refusal),
    /// The answer to a welcome.
    Thanks(Roster),
    /// Envelopes that the other side lacks, verbatim, each after those it builds on, and what is news of the members, which they
    /// may build on.
    Entries(Members, Vec<Vec<u8>>),
    /// One [`Message::Entries`] is durable.
    Stored,
    /// All that was lacking when this was sent has been sent.
    Done,
    /// The answer to one who belonged to the space once: what removed them, and the entries before it that they lack. They take
    /// nobody's word for it.
    Removed(Vec<Vec<u8>>),
    /// The logs of these devices are wanted from their beginnings: they were forked, and the one here is not the one that stands.
    Want(Vec<DeviceId>),
}

impl Wire for Message {
    /// Whether it lists no more than any band has.
    fn is_bounded(&self) -> bool {
        let members = |members: &Members| {
            let Members { entries, heads, addresses } = members;
            entries.len() <= MAX_LISTED && heads.len() <= MAX_LISTED && addresses.len() <= MAX_DEVICES
        };
        match self {
            Self::Hello { heads, introduction, .. } => heads.len() <= MAX_LISTED && introduction.len() <= MAX_INTRODUCTION,
            Self::Welcome(roster) | Self::Thanks(roster) => {
                let Roster { members: all, vector, spaces } = roster;
                members(all) && vector.len() <= MAX_DEVICES && spaces.len() <= MAX_LISTED
            }
            Self::Entries(all, entries) => members(all) && entries.len() <= MAX_LISTED,
            Self::Removed(entries) => entries.len() <= MAX_LISTED,
            Self::Want(devices) => devices.len() <= MAX_DEVICES,
            Self::TurnedAway(_) | Self::Stored | Self::Done => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_round_trip() {
        let members = Members { entries: vec![vec![3; 40]], heads: vec![[2; 32]], addresses: vec![(DeviceId([1; 32]), vec![1, 2])] };
        let roster = Roster {
            members: members.clone(),
            vector: vec![Mark { device: DeviceId([1; 32]), seq: 7, hash: [5; 32] }],
            spaces: vec![SpaceId([4; 16])],
        };
        let card = crate::identity::Identity::from_secret(&[1; 32]).card("Ben");
        let asking = Box::new(Asking { card, person: Person::default(), secret: Some([4; 16]) });
        let hello =
            Message::Hello { version: VERSION, space: SpaceId([1; 16]), asking, heads: vec![[1; 32]], introduction: vec![vec![8; 5]] };
        let entries = Message::Entries(members, vec![vec![1; 300], Vec::new()]);
        for message in [
            hello,
            Message::Welcome(roster),
            Message::TurnedAway(Refusal::Expired),
            entries,
            Message::Done,
            Message::Removed(vec![vec![7; 9]]),
            Message::Want(vec![DeviceId([6; 32])]),
        ] {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
    }

    #[test]
    fn a_message_that_lists_more_than_any_band_has_is_none() {
        let members = Members { heads: vec![[0; 32]; MAX_LISTED + 1], ..Members::default() };
        assert_eq!(Message::decode(&Message::Entries(members, Vec::new()).encode()), None);
        let roster =
            Roster { vector: vec![Mark { device: DeviceId([1; 32]), seq: 7, hash: [5; 32] }; MAX_DEVICES + 1], ..Roster::default() };
        assert_eq!(Message::decode(&Message::Welcome(roster).encode()), None);
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(kind in 0..10_u8, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Message::decode(&[vec![kind], bytes].concat());
        }
    }
}
