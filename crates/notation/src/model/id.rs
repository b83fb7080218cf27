//! Stable identifiers: 64 random bits, written as 13 characters of Crockford's base 32.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The identifier of a record of type `T`. Unique within a score, stable for the record's life on every device.
pub struct Id<T> {
    raw: u64,
    of: PhantomData<fn() -> T>,
}

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const WIDTH: usize = 13;

impl<T> Id<T> {
    /// The identifier with these 64 bits.
    pub const fn from_raw(raw: u64) -> Self {
        Self { raw, of: PhantomData }
    }

    /// The 64 bits of this identifier.
    pub const fn raw(self) -> u64 {
        self.raw
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.raw.cmp(&other.raw)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'0'; WIDTH];
        let mut rest = self.raw;
        for slot in text.iter_mut().rev() {
            *slot = DIGITS[(rest & 31) as usize];
            rest >>= 5;
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{self}")
    }
}

/// The text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier: expected 13 characters of base 32")]
pub struct IdError;

impl<T> FromStr for Id<T> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.len() != WIDTH {
            return Err(IdError);
        }
        let mut raw: u64 = 0;
        for byte in text.bytes() {
            let digit = DIGITS.iter().position(|d| *d == byte).ok_or(IdError)? as u64;
            if raw >> 59 != 0 {
                return Err(IdError);
            }
            raw = (raw << 5) | digit;
        }
        Ok(Self::from_raw(raw))
    }
}

impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Makes fresh identifiers from a seed: the same seed gives the same sequence, so an import can be repeated exactly.
/// Seed it from the system's randomness where identifiers must not collide between devices.
///
/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014), its increment drawn from the
/// second seed word so that two sources do not walk the same sequence.
#[derive(Debug, Clone)]
pub struct IdSource {
    state: u64,
    step: u64,
}

impl IdSource {
    /// A source from 128 bits of seed.
    pub const fn from_seed(seed: [u64; 2]) -> Self {
        Self { state: seed[0], step: seed[1] | 1 }
    }

    /// A source for tests and tools that want the same identifiers each time.
    pub const fn fixed(seed: u64) -> Self {
        Self::from_seed([seed, 0x9e37_79b9_7f4a_7c15])
    }

    /// The next identifier.
    #[expect(clippy::should_implement_trait, reason = "it gives identifiers of any kind; an iterator gives one")]
    pub fn next<T>(&mut self) -> Id<T> {
        self.state = self.state.wrapping_add(self.step);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Id::from_raw(z ^ (z >> 31))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips_at_the_edges() {
        for raw in [0, 1, 31, 32, u64::MAX, 0x8000_0000_0000_0000] {
            let id: Id<()> = Id::from_raw(raw);
            assert_eq!(id.to_string().parse::<Id<()>>().unwrap(), id);
        }
    }

    #[test]
    fn text_that_is_no_identifier_is_refused() {
        for text in ["", "0", "zzzzzzzzzzzzz", "000000000000u", "00000000000000"] {
            assert!(text.parse::<Id<()>>().is_err(), "{text}");
        }
    }

    #[test]
    fn sources_with_different_seeds_do_not_meet() {
        let mut a = IdSource::from_seed([1, 0x5851_f42d_4c95_7f2d]);
        let mut b = IdSource::from_seed([1, 0x1405_7b7e_f767_814f]);
        let first: std::collections::BTreeSet<Id<()>> = (0..10_000).map(|_| a.next()).collect();
        assert_eq!(first.len(), 10_000);
        assert!((0..10_000).all(|_| !first.contains(&b.next())));
    }
}
