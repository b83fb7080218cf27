//! MIDI ports: a synth in a box, or another program, plays instead of the sound device.

use midir::{MidiOutput, MidiOutputConnection};
use serde::{Deserialize, Serialize};

use crate::MidiError;
use crate::sequence::{CONTROLLER, Message};

/// A port that can be played to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MidiPort {
    /// Names it for [`crate::OutputChoice::Midi`]; stays the same while the port is there.
    pub id: String,
    /// What the system calls it.
    pub name: String,
}

const CLIENT: &str = "BandPro";

fn client() -> Result<MidiOutput, MidiError> {
    // ALSA finds out as well, but writes to the terminal.
    if cfg!(target_os = "linux") && !std::path::Path::new("/dev/snd/seq").exists() {
        return Err(MidiError::Unavailable("the system has no MIDI sequencer".into()));
    }
    MidiOutput::new(CLIENT).map_err(|error| MidiError::Unavailable(error.to_string()))
}

/// The ports that can be played to now. An empty list is a system with MIDI but without ports; a system without MIDI is
/// [`MidiError::Unavailable`].
pub fn midi_ports() -> Result<Vec<MidiPort>, MidiError> {
    let output = client()?;
    // A port that vanishes while it is listed is left out.
    let named = output.ports().into_iter().filter_map(|port| Some(MidiPort { id: port.id(), name: output.port_name(&port).ok()? }));
    Ok(named.collect())
}

/// An open port.
pub(crate) struct MidiOut {
    connection: MidiOutputConnection,
    pub name: String,
}

impl MidiOut {
    pub fn open(id: &str) -> Result<Self, MidiError> {
        let output = client()?;
        let port = output.find_port_by_id(id).ok_or(MidiError::PortGone)?;
        let name = output.port_name(&port).map_err(|_| MidiError::PortGone)?;
        let connection = output.connect(&port, CLIENT).map_err(|error| MidiError::Refused(error.to_string()))?;
        Ok(Self { connection, name })
    }

    pub fn send(&mut self, message: Message) -> Result<(), MidiError> {
        let (bytes, length) = message.wire();
        let wire = bytes.get(..length).unwrap_or(&bytes);
        self.connection.send(wire).map_err(|error| MidiError::Refused(error.to_string()))
    }

    /// Lets go of every key and pedal, and leaves every controller and wheel as if nothing had been set (MMA RP-015).
    pub fn hush(&mut self) -> Result<(), MidiError> {
        for channel in 0..16 {
            for controller in [64, 123, 120, 121] {
                self.send(Message { channel, command: CONTROLLER, data: [controller, 0] })?;
            }
        }
        Ok(())
    }
}
