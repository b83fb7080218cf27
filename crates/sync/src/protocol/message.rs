//! What two devices say to one another.

use serde::{Deserialize, Serialize};

use crate::envelope::MAX_ENVELOPE;
use crate::{DeviceId, SpaceId};

/// The version of the protocol.
pub const VERSION: u16 = 1;
/// The most bytes that a message may have.
pub const MAX_MESSAGE: usize = MAX_ENVELOPE + (1 << 20);

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
}

/// A device of a space, as another member knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The device.
    pub device: DeviceId,
    /// What it is called.
    pub name: String,
    /// Where it was last met, in the network's own form.
    pub address: Option<Vec<u8>>,
}

/// How far each device's log is known to someone.
pub type Vector = Vec<(DeviceId, u64)>;

/// What a member tells at the beginning.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Roster {
    /// What the space is called.
    pub name: String,
    /// The devices in it.
    pub members: Vec<Member>,
    /// How far the logs are known.
    pub vector: Vector,
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
        /// What this device is called.
        name: String,
        /// The secret of a ticket, from one who is not a member yet.
        secret: Option<[u8; 16]>,
    },
    /// The answer to one who may come in.
    Welcome(Roster),
    /// The answer to one who may not.
    TurnedAway(Refusal),
    /// The answer to a welcome.
    Thanks(Roster),
    /// Envelopes that the other side lacks, verbatim, each after those it builds on.
    Entries(Vec<Vec<u8>>),
    /// One [`Message::Entries`] is durable.
    Stored,
    /// All that was lacking when this was sent has been sent.
    Done,
    /// Devices that joined meanwhile.
    Members(Vec<Member>),
}

impl Message {
    /// Its bytes.
    pub fn encode(&self) -> Vec<u8> {
        // Fails only for types that postcard cannot write, of which a message has none.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Reads a message; nothing where the bytes are none.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_MESSAGE {
            return None;
        }
        match postcard::take_from_bytes(bytes) {
            Ok((message, [])) => Some(message),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_round_trip() {
        let roster = Roster {
            name: "Quartet".into(),
            members: vec![Member { device: DeviceId([1; 32]), name: "Ann".into(), address: Some(vec![1, 2]) }],
            vector: vec![(DeviceId([1; 32]), 7)],
        };
        let hello = Message::Hello { version: VERSION, space: SpaceId([1; 16]), name: "Ben".into(), secret: Some([4; 16]) };
        let entries = Message::Entries(vec![vec![1; 300], Vec::new()]);
        for message in [hello, Message::Welcome(roster), Message::TurnedAway(Refusal::Expired), entries, Message::Done] {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
    }

    proptest! {
        #[test]
        fn decoding_takes_any_bytes(kind in 0..9_u8, bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = Message::decode(&[vec![kind], bytes].concat());
        }
    }
}
