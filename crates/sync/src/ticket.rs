//! Tickets: how a device is invited into a space.

use std::fmt;
use std::str::FromStr;

use iroh::EndpointAddr;
use serde::{Deserialize, Serialize};

use crate::mailbox::RelayPass;
use crate::text_form::{NotThat, TextForm};
use crate::{SpaceId, SyncError};

const FORM: TextForm = TextForm { prefix: "bandpro-", place: "join", version: 1 };

/// An invitation into a space: where the inviting device is, and the secret by which it knows whom it invited. The content of
/// the space is not in it; the secret is worth nothing once it is used up, revoked or expired.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The space.
    pub space: SpaceId,
    /// What the space is called, so that one sees what one joins.
    pub name: String,
    /// Where the inviting device is.
    pub address: EndpointAddr,
    /// Shows that this device was invited.
    pub(crate) secret: [u8; 16],
    /// Until when it is good, in seconds since 1970 (UTC).
    pub expires: u64,
    /// The band's relays, by which the inviting device may be reached.
    pub relays: Vec<RelayPass>,
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { space, name, address, expires, relays, .. } = self;
        f.debug_struct("Ticket")
            .field("space", space)
            .field("name", name)
            .field("address", address)
            .field("expires", expires)
            .field("relays", relays)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FORM.write(self).ok_or(fmt::Error)?)
    }
}

impl FromStr for Ticket {
    type Err = SyncError;

    fn from_str(text: &str) -> Result<Self, SyncError> {
        FORM.read(text).map_err(|error| match error {
            NotThat::Broken => SyncError::BadTicket,
            NotThat::Newer => SyncError::NewerTicket,
        })
    }
}

impl Ticket {
    /// The ticket as a link that opens BandPro.
    pub fn link(&self) -> String {
        FORM.link(&self.to_string())
    }

    /// Fails if it is no longer good at this time (seconds since 1970).
    pub(crate) fn check_expiry(&self, now: u64) -> Result<(), SyncError> {
        if now >= self.expires { Err(SyncError::ExpiredTicket) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ticket() -> Ticket {
        let id = iroh::SecretKey::from_bytes(&[1; 32]).public();
        let address = EndpointAddr::new(id).with_ip_addr("192.168.1.20:4242".parse().unwrap());
        Ticket { space: SpaceId([2; 16]), name: "Quartet".into(), address, secret: [3; 16], expires: 1000, relays: Vec::new() }
    }

    #[test]
    fn a_ticket_round_trips_even_when_broken_into_lines() {
        let text = ticket().to_string();
        assert_eq!(text.parse::<Ticket>().unwrap(), ticket());
        assert_eq!(ticket().link().parse::<Ticket>().unwrap(), ticket());
        let (a, b) = text.split_at(40);
        assert_eq!(format!(" {}\n  {b}\n", a.to_uppercase()).parse::<Ticket>().unwrap(), ticket());
    }

    #[test]
    fn what_is_wrong_with_a_ticket_is_said() {
        let code = |text: &str| text.parse::<Ticket>().unwrap_err().code();
        let text = ticket().to_string();
        assert_eq!(code(""), "bad-ticket");
        assert_eq!(code("bandpro-"), "bad-ticket");
        assert_eq!(code(&text[..text.len() - 3]), "bad-ticket");
        assert_eq!(code(&"bandpro-a".repeat(10_000)), "bad-ticket");
        let newer = TextForm { version: FORM.version + 1, ..FORM }.write(&ticket()).unwrap();
        assert_eq!(code(&newer), "newer-ticket");
        assert!(ticket().check_expiry(999).is_ok());
        assert_eq!(ticket().check_expiry(1000).unwrap_err().code(), "expired-ticket");
    }

    #[test]
    fn debug_output_does_not_show_the_secret() {
        assert!(!format!("{:?}", ticket()).contains("3, 3, 3"));
    }

    proptest! {
        #[test]
        fn reading_takes_any_text(text in ".{0,200}", bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = text.parse::<Ticket>();
            let _ = FORM.write(&bytes).unwrap().parse::<Ticket>();
        }
    }
}
