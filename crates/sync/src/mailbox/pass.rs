//! Passes: how a band is let in at a relay.

use std::fmt;
use std::str::FromStr;

use iroh::{EndpointAddr, RelayUrl};
use serde::{Deserialize, Serialize};

use crate::SyncError;
use crate::id::{from_text, to_text};
use crate::text_form::{NotThat, TextForm};

const FORM: TextForm = TextForm { prefix: "bandpro-relay-", place: "relay", version: 1 };

/// What a band is known by at a relay. Whoever has it may use the band's share of the relay, but not read or write in its box.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token(pub [u8; 16]);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// As it stands in the header of a request.
    pub fn to_text(&self) -> String {
        to_text(&self.0)
    }

    /// Reads [`Token::to_text`].
    pub fn from_text(text: &str) -> Option<Self> {
        from_text(text)?.try_into().ok().map(Self)
    }

    /// What is kept of it where it is only checked: who reads the database cannot use it.
    pub fn hash(&self) -> [u8; 32] {
        blake3::derive_key("bandpro relay token v1", &self.0)
    }
}

/// The BLAKE3 hash of a self-signed certificate (in DER), by which it is known again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Certificate(pub [u8; 32]);

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({})", &to_text(&self.0)[..8])
    }
}

impl Certificate {
    /// That of a certificate in DER.
    pub fn of(der: &[u8]) -> Self {
        Self(*blake3::hash(der).as_bytes())
    }
}

/// Where a relay forwards packets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entrance {
    /// Its address.
    pub url: RelayUrl,
    /// The certificate that it shows, where that is one of its own making.
    pub certificate: Option<Certificate>,
    /// The UDP port at which it tells a device its address as seen from outside, where it does.
    pub address_port: Option<u16>,
}

/// What a band needs to use a relay that someone runs for it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayPass {
    /// Where it forwards packets between devices that cannot reach one another; absent where it does not.
    pub entrance: Option<Entrance>,
    /// Its mailbox; absent where it has none.
    pub mailbox: Option<EndpointAddr>,
    /// What the band is known by there.
    pub token: Token,
}

impl fmt::Debug for RelayPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entrance, mailbox, token } = self;
        f.debug_struct("RelayPass").field("entrance", entrance).field("mailbox", mailbox).field("token", token).finish()
    }
}

impl fmt::Display for RelayPass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&FORM.write(self).ok_or(fmt::Error)?)
    }
}

impl FromStr for RelayPass {
    type Err = SyncError;

    fn from_str(text: &str) -> Result<Self, SyncError> {
        FORM.read(text).map_err(|error| match error {
            NotThat::Broken => SyncError::BadPass,
            NotThat::Newer => SyncError::NewerPass,
        })
    }
}

impl RelayPass {
    /// The pass as a link that opens BandPro.
    pub fn link(&self) -> String {
        FORM.link(&self.to_string())
    }

    /// What the relay is called: its host, or the beginning of the mailbox's key.
    pub fn name(&self) -> String {
        let host = self.entrance.as_ref().and_then(|entrance| entrance.url.host_str().map(str::to_owned));
        let key = || self.mailbox.as_ref().map(|mailbox| to_text(mailbox.id.as_bytes())[..8].to_owned());
        host.or_else(key).unwrap_or_default()
    }

    /// Whether both are of the same relay.
    pub fn is_same_relay(&self, other: &Self) -> bool {
        let url = |pass: &Self| pass.entrance.as_ref().map(|entrance| entrance.url.clone());
        let key = |pass: &Self| pass.mailbox.as_ref().map(|mailbox| mailbox.id);
        (url(self).is_some() && url(self) == url(other)) || (key(self).is_some() && key(self) == key(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass() -> RelayPass {
        let id = iroh::SecretKey::from_bytes(&[1; 32]).public();
        RelayPass {
            entrance: Some(Entrance {
                url: "https://relay.example:8443".parse().unwrap(),
                certificate: Some(Certificate::of(b"certificate")),
                address_port: None,
            }),
            mailbox: Some(EndpointAddr::new(id).with_ip_addr("192.0.2.1:7844".parse().unwrap())),
            token: Token([7; 16]),
        }
    }

    #[test]
    fn a_pass_round_trips_as_text_and_as_link() {
        assert_eq!(pass().to_string().parse::<RelayPass>().unwrap(), pass());
        assert_eq!(pass().link().parse::<RelayPass>().unwrap(), pass());
        assert_eq!(pass().name(), "relay.example");
        assert_eq!("bandpro-relay-".parse::<RelayPass>().unwrap_err().code(), "bad-pass");
    }

    #[test]
    fn debug_output_does_not_show_the_token() {
        assert!(!format!("{:?}", pass()).contains("7, 7"));
    }

    #[test]
    fn a_token_is_checked_by_its_hash() {
        let token = Token([7; 16]);
        assert_eq!(Token::from_text(&token.to_text()), Some(token));
        assert_ne!(token.hash(), Token([8; 16]).hash());
        assert_eq!(Token::from_text("short"), None);
    }
}
