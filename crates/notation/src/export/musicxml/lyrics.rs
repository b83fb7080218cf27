//! What is sung. MusicXML 4.0, `lyric`.

use super::xml::{Attribute, Xml};
use crate::import::musicxml::names::{Named, token};
use crate::model::*;

/// Writes a lyric of a note.
pub(super) fn write(xml: &mut Xml, lyric: &Lyric) {
    let name = token(&lyric.verse);
    let number: Vec<Attribute<'_>> = name.as_deref().map(|name| ("number", name)).into_iter().collect();
    xml.open("lyric", &number);
    let mut after_text = false;
    let mut elision: Option<String> = None;
    for piece in &lyric.text {
        match piece {
            // Signs in a row are one elision.
            LyricPiece::Elision(sign) => elision.get_or_insert_default().push_str(sign),
            LyricPiece::Text(text, syllabic) => {
                write_text(xml, &mut after_text, elision.take(), text, *syllabic);
            }
        }
    }
    if elision.is_some() {
        write_text(xml, &mut after_text, elision, "", Syllabic::Single);
    }
    match (after_text, lyric.extend) {
        (true, true) => xml.empty("extend", &[]),
        (true, false) => {}
        (false, true) => xml.empty("extend", &[("type", "continue")]),
        (false, false) => xml.empty("extend", &[("type", "stop")]),
    }
    xml.close();
}

/// A text and what joins it to the one before. An elision stands between two texts, so a first one is given an empty text.
fn write_text(xml: &mut Xml, after_text: &mut bool, elision: Option<String>, text: &str, syllabic: Syllabic) {
    if let Some(elision) = &elision {
        if !*after_text {
            xml.text("text", &[], "");
        }
        xml.text("elision", &[], elision);
    }
    // Only the first text, and one after an elision, has a place in its word.
    if !*after_text || elision.is_some() {
        xml.text("syllabic", &[], syllabic.name());
    }
    xml.text("text", &[], text);
    *after_text = true;
}
