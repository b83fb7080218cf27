//! Every glyph of the music font by its SMuFL name: `noteheadBlack` is [`NOTEHEAD_BLACK`], `gClef8vb` is [`G_CLEF8VB`].
//!
//! `assets/fonts/SMuFL-names.txt` lists them; an underscore goes before each capital that starts a word.

use super::Glyph;

include!(concat!(env!("OUT_DIR"), "/glyphs.rs"));

/// The glyph with this SMuFL canonical name, such as `noteheadBlack` (MusicXML's `smufl` attributes use these names).
pub fn named(name: &str) -> Option<Glyph> {
    NAMES.binary_search_by_key(&name, |row| row.0).ok().and_then(|index| NAMES.get(index)).map(|row| row.1)
}

/// The glyph `steps` code points further on: `nth(TIME_SIG0, 4)` is the digit four of time signatures.
pub fn nth(first: Glyph, steps: u32) -> Glyph {
    u32::from(first.0).checked_add(steps).and_then(char::from_u32).map_or(first, Glyph)
}
