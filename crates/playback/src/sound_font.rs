//! The bundled sounds, read once.

use std::sync::{Arc, LazyLock};

use rustysynth::SoundFont;

use crate::SoundError;

/// Sonivox's General MIDI set (Apache-2.0, see `assets/sounds/Sonivox-LICENSE.txt`).
static BYTES: &[u8] = include_bytes!("../../../assets/sounds/Sonivox.sf2");

static SOUNDS: LazyLock<Result<Arc<SoundFont>, SoundError>> = LazyLock::new(|| {
    let read = SoundFont::new(&mut &BYTES[..]);
    read.map(Arc::new).map_err(|error| SoundError::SoundFont(error.to_string()))
});

/// The bundled sounds.
pub(crate) fn bundled() -> Result<Arc<SoundFont>, SoundError> {
    SOUNDS.clone()
}
