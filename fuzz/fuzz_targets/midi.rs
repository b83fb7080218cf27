//! Standard MIDI Files: any bytes are a score or none; a score is performed, written in every format, read again and engraved.
#![no_main]

use bandpro_fuzz::survives_as;
use bandpro_notation::import::FileKind;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    survives_as(FileKind::Midi, bytes);
});
