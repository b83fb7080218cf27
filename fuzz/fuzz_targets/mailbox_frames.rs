//! What comes from the network at a mailbox, and from a mailbox: any bytes are a message or none, and a message is written as it
//! was read.
#![no_main]

use bandpro_sync::envelope::Envelope;
use bandpro_sync::mailbox::{FromMailbox, ToMailbox, Wire};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(message) = ToMailbox::decode(bytes) {
        assert_eq!(ToMailbox::decode(&message.encode()).as_ref(), Some(&message));
        match message {
            ToMailbox::Push(envelopes) => envelopes.iter().for_each(|bytes| {
                if let Ok(envelope) = Envelope::decode(bytes) {
                    assert_eq!(&envelope.encode(), bytes);
                    let _ = envelope.is_signed();
                }
            }),
            ToMailbox::Roster(roster) => drop(roster.may_open(roster.content.space)),
            _ => {}
        }
    }
    if let Some(message) = FromMailbox::decode(bytes) {
        assert_eq!(FromMailbox::decode(&message.encode()).as_ref(), Some(&message));
    }
});
