//! How a performance sounds: a SoundFont synth, the sound device, MIDI ports, the transport, and WAV files.
//!
//! Everything plays a [`bandpro_notation::perform::Timeline`]. The same renderer feeds the sound device and the WAV file, so
//! that what is heard is what is written, and what is tested. A missing sound card or MIDI port is a state that can be shown
//! ([`Output`]), never a failure: the transport's clock runs on, so that the play cursor moves.

mod device;
mod error;
mod limiter;
mod midi_out;
mod player;
mod renderer;
mod sequence;
mod sound_font;
mod source;
mod transport;
mod wav;

#[cfg(test)]
mod tests;

pub use error::{MidiError, RenderError, SoundError};
pub use midi_out::{MidiPort, midi_ports};
pub use player::{Output, OutputChoice, Player, PlayerState, SilentReason};
pub use wav::{Progress, RenderOptions, Rendered, render_wav};
