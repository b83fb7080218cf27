//! Identifiers of what is replicated.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Lower-case base 32 without padding (RFC 4648, section 6): fits a command line, a link and a QR code.
pub(crate) fn to_text(bytes: &[u8]) -> String {
    data_encoding::BASE32_NOPAD.encode(bytes).to_ascii_lowercase()
}

/// The bytes of [`to_text`], whatever the letters' case.
pub(crate) fn from_text(text: &str) -> Option<Vec<u8>> {
    data_encoding::BASE32_NOPAD.decode(text.to_ascii_uppercase().as_bytes()).ok()
}

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected base 32 of the right length")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub [u8; $size]);

        impl $name {
            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }

            /// The identifier of these bytes, if they are as many as one has.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// Its first characters, for a person to tell it from others.
            pub fn short(&self) -> String {
                to_text(&self.0).chars().take(8).collect()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&to_text(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.short())
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                from_text(text).and_then(|bytes| Self::from_slice(&bytes)).ok_or(IdError)
            }
        }
    };
}

id! {
    /// A space: the unit of membership and of sync, a person's own or a band's.
    SpaceId 16
}
id! {
    /// A score, on every device of its space.
    ScoreId 16
}
id! {
    /// A device: its Ed25519 public key, which is also its iroh endpoint id.
    DeviceId 32
}

id! {
    /// A member of a space: a person with a name, a colour and devices.
    MemberId 16
}
id! {
    /// An invitation into a space.
    InviteId 16
}
id! {
    /// A content key of a space: what may be known of it without having it.
    EpochId 16
}

/// An Ed25519 signature.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature([[u8; 32]; 2]);

impl Signature {
    /// How many bytes it has.
    pub const LENGTH: usize = 64;

    /// The signature of these bytes.
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        let mut halves = [[0; 32]; 2];
        halves.as_flattened_mut().copy_from_slice(bytes);
        Self(halves)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }

    /// Whether a device made it for a message. Keys and signatures of which more than one form exists are not taken.
    pub fn is_of(&self, device: DeviceId, message: &[u8]) -> bool {
        let Ok(key) = ed25519_dalek::VerifyingKey::from_bytes(device.as_bytes()) else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(self.as_bytes()) else { return false };
        key.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

/// A name as it is kept: short, and without what would disturb a line of text.
pub(crate) fn cut_name(name: &str) -> String {
    name.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME).collect()
}

/// The most characters that a name has.
pub const MAX_NAME: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_in_either_case() {
        let id = ScoreId([7; 16]);
        assert_eq!(id.to_string().parse::<ScoreId>(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse::<ScoreId>(), Ok(id));
        assert_eq!(id.to_string().parse::<DeviceId>(), Err(IdError));
        assert_eq!("not an id".parse::<ScoreId>(), Err(IdError));
    }
}
