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
