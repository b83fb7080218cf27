//! What is sung. MusicXML 4.0, `lyric`.

use super::xml::{Attribute, Xml};
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes a lyric of a note.
pub(super) fn write(xml: &mut Xml, lyric: &Lyric) {
    let name: String = lyric.verse.chars().map(|c| if c.is_alphanumeric() || ".-_:".contains(c) { c } else { '_' }).collect();
    let number: Vec<Attribute<'_>> = if name.is_empty() { Vec::new() } else { vec![("number", &name)] };
    xml.open("lyric", &number);
    let mut after_text = false;
    let mut elision: Option<&str> = None;
    for piece in &lyric.text {
        match piece {
            LyricPiece::Elision(text) => elision = Some(text),
            LyricPiece::Text(text, syllabic) => {
                if after_text && let Some(elision) = elision {
                    xml.text("elision", &[], elision);
                }
                // Only the first text, and one after an elision, has a place in its word.
                if !after_text || elision.is_some() {
                    xml.text("syllabic", &[], syllabic.name());
                }
                xml.text("text", &[], text);
                (after_text, elision) = (true, None);
            }
        }
    }
    match (after_text, lyric.extend) {
        (true, true) => xml.empty("extend", &[]),
        (true, false) => {}
        (false, true) => xml.empty("extend", &[("type", "continue")]),
        (false, false) => xml.empty("extend", &[("type", "stop")]),
    }
    xml.close();
}
