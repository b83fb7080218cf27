//! What goes over a stream as a message, between devices and between a device and a mailbox.

use serde::{Serialize, de::DeserializeOwned};

use crate::envelope::MAX_ENVELOPE;

/// The most bytes that a message may have.
pub const MAX_MESSAGE: usize = MAX_ENVELOPE + (1 << 20);

/// A message that goes over the wire.
pub trait Wire: Serialize + DeserializeOwned {
    /// Whether its counts are within bounds.
    fn is_bounded(&self) -> bool;

    /// Its bytes.
    fn encode(&self) -> Vec<u8> {
        // Fails only for types that postcard cannot write, of which a message has none.
        postcard::to_stdvec(self).unwrap_or_default()
    }

    /// Reads a message; nothing where the bytes are none, or more than one.
    fn decode(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > MAX_MESSAGE {
            return None;
        }
        match postcard::take_from_bytes::<Self>(bytes) {
            Ok((message, [])) => message.is_bounded().then_some(message),
            _ => None,
        }
    }
}
