//! What is sung. MusicXML 4.0, `lyric`.

use super::looks::Looks;
use super::xml::Xml;
use crate::import::musicxml::names::{Named, token};
use crate::model::*;

/// Writes a lyric of a note.
pub(super) fn write(xml: &mut Xml, lyric: &Lyric) {
    let name = token(&lyric.verse);
    let looks = Looks::of(lyric.visible, lyric.colour).named("number", name.as_deref().unwrap_or_default());
    let looks = looks.named("name", &lyric.name).named("justify", lyric.style.justify.name()).side(lyric.placement);
    xml.open("lyric", &looks.attributes());
    let font = Looks::default().font(&lyric.style).named("underline", if lyric.style.underline { "1" } else { "" });
    let mut after_text = false;
    let mut elision: Option<String> = None;
    for piece in &lyric.text {
        match piece {
            // Signs in a row are one elision.
            LyricPiece::Elision(sign) => elision.get_or_insert_default().push_str(sign),
            LyricPiece::Text(text, syllabic) => {
                write_text(xml, &font, &mut after_text, elision.take(), (text, *syllabic));
            }
        }
    }
    if elision.is_some() {
        write_text(xml, &font, &mut after_text, elision, ("", Syllabic::Single));
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
fn write_text(xml: &mut Xml, font: &Looks, after_text: &mut bool, elision: Option<String>, (text, syllabic): (&str, Syllabic)) {
    if let Some(elision) = &elision {
        if !*after_text {
            xml.text("text", &font.attributes(), "");
        }
        xml.text("elision", &[], elision);
    }
    // Only the first text, and one after an elision, has a place in its word.
    if !*after_text || elision.is_some() {
        xml.text("syllabic", &[], syllabic.name());
    }
    xml.text("text", &font.attributes(), text);
    *after_text = true;
}
