//! Passes: made here, handed to a band by whoever runs the relay.

use bandpro_sync::mailbox::{Certificate, Entrance, RelayPass, Token};
use iroh::{EndpointAddr, RelayUrl, TransportAddr};
use rusqlite::Connection;

use crate::{Config, RelayError, keys, store};

/// Where the database keeps the addresses that the relay found of itself.
const ENTRANCE: &str = "entrance";
const MAILBOX: &str = "mailbox";

/// Keeps where this relay was found to be, for passes that are made later.
pub fn remember(connection: &Connection, entrance: Option<&RelayUrl>, mailbox: &[std::net::SocketAddr]) -> Result<(), RelayError> {
    store::put_note(connection, ENTRANCE, &entrance.map(ToString::to_string).unwrap_or_default())?;
    let mailbox: Vec<String> = mailbox.iter().map(ToString::to_string).collect();
    store::put_note(connection, MAILBOX, &mailbox.join(" "))
}

/// The pass of a token: where this relay is, by its configuration or by what it found of itself.
pub fn pass(connection: &Connection, config: &Config, token: Token) -> Result<RelayPass, RelayError> {
    let entrance = config.forward.enabled.then(|| entrance(connection, config)).transpose()?;
    let mailbox = config.mailbox.enabled.then(|| mailbox(connection, config, entrance.as_ref())).transpose()?;
    Ok(RelayPass { entrance, mailbox, token })
}

fn entrance(connection: &Connection, config: &Config) -> Result<Entrance, RelayError> {
    let url = match config.forward.url.as_str() {
        "" => store::note(connection, ENTRANCE)?.filter(|url| !url.is_empty()).ok_or(RelayError::NoAddress)?,
        url => url.to_owned(),
    };
    let url: RelayUrl =
        url.parse().map_err(|_| RelayError::Config { path: "[forward] url".into(), detail: format!("{url} is no address") })?;
    let own = config.forward.certificate.as_os_str().is_empty() && !config.forward.behind_proxy;
    let certificate = if own {
        let (chain, _) = keys::self_signed(&config.data, url.host_str().unwrap_or("localhost"))?;
        chain.first().map(|certificate| Certificate::of(certificate))
    } else {
        None
    };
    let port = config.forward.address_port;
    Ok(Entrance { url, certificate, address_port: (port != 0 && !config.forward.behind_proxy).then_some(port) })
}

fn mailbox(connection: &Connection, config: &Config, entrance: Option<&Entrance>) -> Result<EndpointAddr, RelayError> {
    let addresses = if config.mailbox.addresses.is_empty() {
        let noted = store::note(connection, MAILBOX)?.unwrap_or_default();
        noted.split_whitespace().filter_map(|address| address.parse().ok()).collect()
    } else {
        config.mailbox.addresses.clone()
    };
    if addresses.is_empty() && entrance.is_none() {
        return Err(RelayError::NoAddress);
    }
    let by_way_of = entrance.map(|entrance| TransportAddr::Relay(entrance.url.clone()));
    let addresses = addresses.into_iter().map(TransportAddr::Ip).chain(by_way_of);
    Ok(EndpointAddr::new(keys::mailbox(&config.data)?.public()).with_addrs(addresses))
}

/// A fresh token.
pub fn fresh() -> Result<Token, RelayError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| RelayError::Randomness(error.to_string()))?;
    Ok(Token(bytes))
}
