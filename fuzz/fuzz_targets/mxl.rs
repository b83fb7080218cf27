//! Compressed MusicXML. Bytes of an archive are taken as they are; an archive's sums would give almost any change of its entries away,
//! so all other bytes are put into one: up to the first zero its table of contents, from there on the score.
#![no_main]

use std::io::{Cursor, Write as _};

use bandpro_fuzz::survives_as;
use bandpro_notation::import::FileKind;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let (contents, score) = bytes.split_at(bytes.iter().position(|byte| *byte == 0)?);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, entry) in [("META-INF/container.xml", contents), ("score.xml", score.get(1..)?)] {
        zip.start_file(name, SimpleFileOptions::default()).ok()?;
        zip.write_all(entry).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"PK") {
        survives_as(FileKind::CompressedMusicXml, bytes);
    } else if let Some(archive) = packed(bytes) {
        survives_as(FileKind::CompressedMusicXml, &archive);
    }
});
