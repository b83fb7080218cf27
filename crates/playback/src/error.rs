//! What can go wrong, and what to do next.

use std::io;

/// The synth cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SoundError {
    /// The bundled sounds cannot be read: the program's own file is damaged.
    #[error("the bundled sounds cannot be read ({0}); install BandPro again")]
    SoundFont(String),
    /// The synth works at 16 000 to 192 000 samples a second.
    #[error("{0} samples a second cannot be synthesised; choose 44100 or 48000")]
    SampleRate(u32),
}

/// A WAV file was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The synth cannot be set up.
    #[error(transparent)]
    Sound(#[from] SoundError),
    /// The file cannot be written: the disk is full, or the place is not there any more.
    #[error("the sound cannot be written at {at}: {source}")]
    Write {
        /// How far the writing had come, in minutes and seconds.
        at: bandpro_notation::perform::Seconds,
        /// What the system said.
        source: io::Error,
    },
    /// A WAV file holds at most four gigabytes.
    #[error("{0} of sound are more than a WAV file holds; choose a lower sample rate or export a part of the piece")]
    TooLong(bandpro_notation::perform::Seconds),
    /// The person stopped it. What was written is a complete, shorter file.
    #[error("the export was stopped")]
    Cancelled,
}

/// A MIDI port cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MidiError {
    /// The system offers no MIDI, as on a machine without a sequencer service.
    #[error("this system offers no MIDI ({0})")]
    Unavailable(String),
    /// The port is not there any more.
    #[error("the MIDI port is gone; choose another")]
    PortGone,
    /// The system did not open the port.
    #[error("the MIDI port cannot be opened: {0}")]
    Refused(String),
}
