//! What people paste: tickets and relay passes, whole, broken, or something else.
#![no_main]

use bandpro_sync::Ticket;
use bandpro_sync::mailbox::RelayPass;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(ticket) = text.parse::<Ticket>() {
        assert_eq!(ticket.link().parse::<Ticket>().ok(), Some(ticket));
    }
    if let Ok(pass) = text.parse::<RelayPass>() {
        assert_eq!(pass.link().parse::<RelayPass>().ok(), Some(pass));
    }
});
