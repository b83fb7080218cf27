//! The printed key: what a person keeps in a drawer for the day when their laptops are gone.
//!
//! It is the secret of a device that is none: every space of the person knows it as one of their devices, so that it can sign a
//! new laptop in. It is no copy of a laptop's key, whose log two devices would then write.

use std::str::FromStr;

use data_encoding::{Encoding, Specification};
use zeroize::Zeroizing;

use super::Identity;
use crate::SyncError;

const CHECKSUM: usize = 3;
/// How many letters stand together.
const GROUP: usize = 4;

/// A printed key.
#[derive(Clone)]
pub struct RecoveryKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryKey(…)")
    }
}

/// Crockford's base 32: no letter that looks like a digit, and those are read as the digit.
fn crockford() -> Result<Encoding, SyncError> {
    let mut specification = Specification::new();
    specification.symbols.push_str("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    specification.translate.from.push_str("abcdefghjkmnpqrstvwxyzILOilo");
    specification.translate.to.push_str("ABCDEFGHJKMNPQRSTVWXYZ110110");
    specification.encoding().map_err(|_| SyncError::BadRecovery)
}

fn checksum(secret: &[u8]) -> [u8; CHECKSUM] {
    let hash = blake3::derive_key("bandpro recovery checksum v1", secret);
    [hash[0], hash[1], hash[2]]
}

impl RecoveryKey {
    /// A key of these random bytes.
    pub(crate) fn from_random(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The device that it stands for.
    pub(crate) fn identity(&self) -> Identity {
        Identity::from_secret(&self.0)
    }

    /// Its secret bytes.
    pub(crate) fn secret(&self) -> [u8; 32] {
        *self.0
    }

    /// What is printed: 56 letters and digits in groups of four.
    pub fn text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new([self.0.as_slice(), &checksum(&*self.0)].concat());
        let letters = Zeroizing::new(crockford().map(|encoding| encoding.encode(&bytes)).unwrap_or_default());
        let groups: Vec<&str> = letters.as_bytes().chunks(GROUP).filter_map(|group| std::str::from_utf8(group).ok()).collect();
        Zeroizing::new(groups.join("-"))
    }
}

impl FromStr for RecoveryKey {
    type Err = SyncError;

    fn from_str(text: &str) -> Result<Self, SyncError> {
        let letters: Zeroizing<String> = Zeroizing::new(text.chars().take(400).filter(|c| c.is_ascii_alphanumeric()).collect());
        let bytes = crockford()?.decode(letters.as_bytes()).map_err(|_| SyncError::BadRecovery)?;
        let bytes = Zeroizing::new(bytes);
        let (secret, check) = bytes.split_first_chunk::<32>().ok_or(SyncError::BadRecovery)?;
        if *check != checksum(secret) {
            return Err(SyncError::BadRecovery);
        }
        Ok(Self(Zeroizing::new(*secret)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_printed_key_is_read_as_people_type_it() {
        let key = RecoveryKey::from_random([0x5a; 32]);
        let text = key.text();
        assert_eq!(text.split('-').count(), 14);
        for typed in [text.to_string(), text.to_lowercase(), text.replace('-', " "), text.replace('1', "l").replace('0', "O")] {
            assert_eq!(typed.parse::<RecoveryKey>().unwrap().secret(), key.secret());
        }
    }

    #[test]
    fn a_wrong_letter_is_noticed_and_nothing_is_shown() {
        let text = RecoveryKey::from_random([0x5a; 32]).text();
        for at in 0..text.len() {
            let mut bytes = text.as_bytes().to_vec();
            if bytes[at] != b'-' {
                bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
                assert_eq!(String::from_utf8(bytes).unwrap().parse::<RecoveryKey>().unwrap_err().code(), "bad-recovery");
            }
        }
        assert!("".parse::<RecoveryKey>().is_err() && text[..20].parse::<RecoveryKey>().is_err());
        assert!(!format!("{:?}", RecoveryKey::from_random([0x5a; 32])).contains("90"));
    }
}
