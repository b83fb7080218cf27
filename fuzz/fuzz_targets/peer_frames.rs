//! What comes from another device of a band: any bytes are a message or none, a message is written as it was read, and a
//! conversation takes any messages in any order and never has more under way than its window.
#![no_main]

use std::time::Duration;

use bandpro_sync::protocol::{Asking, Effect, Event, Message, Purpose, Session, WINDOW, Wire};
use bandpro_sync::{DeviceId, SpaceId, identity::Identity};
use libfuzzer_sys::fuzz_target;

fn asking() -> Asking {
    Asking { card: Identity::from_secret(&[1; 32]).card("x"), person: Default::default(), secret: None }
}

fuzz_target!(|frames: (bool, Vec<Vec<u8>>)| {
    let (opens, frames) = frames;
    let purpose = Purpose { space: opens.then_some(SpaceId([1; 16])), asking: asking(), once: false };
    let mut session = Session::new(purpose, Duration::ZERO);
    let mut storing = 0_usize;
    for frame in frames {
        // The storage answers now and then, so that conversations get further than their beginning.
        let event = match frame.as_slice() {
            [0xff, 0, ..] => Event::Opened,
            [0xff, 1, ..] => Event::Admitted(Ok(Default::default())),
            [0xff, 2, ..] => Event::Entered(Ok(Default::default())),
            [0xff, 3, ..] => Event::TookThanks(Default::default()),
            [0xff, 6, ..] => Event::Expelled(Vec::new()),
            [0xff, 7, ..] => Event::TookRemoval,
            [0xff, 4, ..] if storing > 0 => {
                storing -= 1;
                Event::Stored(1, Vec::new(), vec![DeviceId([9; 32])])
            }
            [0xff, 5, seconds, ..] => {
                session.handle(Duration::from_secs(u64::from(*seconds)), Event::Tick);
                continue;
            }
            bytes => match Message::decode(bytes) {
                Some(message) => {
                    assert_eq!(Message::decode(&message.encode()).as_ref(), Some(&message));
                    Event::Received(message)
                }
                None => continue,
            },
        };
        let effects = session.handle(Duration::ZERO, event);
        storing += effects.iter().filter(|effect| matches!(effect, Effect::Store(..))).count();
        assert!(storing <= WINDOW, "it takes in more than it acknowledged");
    }
});
