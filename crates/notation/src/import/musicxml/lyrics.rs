//! What is sung. MusicXML 4.0, `lyric`.

use super::super::xml::Element;
use super::looks;
use super::measure::MeasureReading;
use super::names::{Named, token};
use crate::model::*;

/// Reads the lyrics of a note.
pub(super) fn read(reading: &mut MeasureReading<'_, '_>, element: Element<'_, '_>, at: usize, event: EventId, note: Option<NoteId>) {
    for lyric in element.named("lyric") {
        let mut syllabic = Syllabic::Single;
        let mut text = Vec::new();
        let mut extend = false;
        let mut style: Option<TextStyle> = None;
        for child in lyric.children() {
            match child.name() {
                "syllabic" => syllabic = Syllabic::named(child.text()).unwrap_or(Syllabic::Single),
                "text" => {
                    style.get_or_insert_with(|| looks::style(child));
                    text.push(LyricPiece::Text(child.raw_text().to_owned(), syllabic));
                }
                "elision" => text.push(LyricPiece::Elision(child.raw_text().to_owned())),
                "extend" => extend = !child.is("type", "stop"),
                "footnote" | "level" => {}
                other => reading.unsupported(&["lyric", other], child),
            }
        }
        // One that only goes on or ends an extender: the line ends with the last note that has no syllable of its own.
        if text.is_empty() {
            continue;
        }
        let verse = lyric.attribute("number").and_then(|number| token(number.trim())).unwrap_or_else(|| "1".to_owned());
        if lyric.attribute("time-only").is_some() {
            reading.unsupported(&["lyric@time-only"], lyric);
        }
        let justify = lyric.attribute("justify").and_then(|side| Justify::named(&side)).unwrap_or_default();
        let record = Lyric {
            event,
            note: None,
            verse,
            text,
            extend,
            name: lyric.attribute("name").unwrap_or_default().trim().chars().take(100).collect(),
            placement: looks::placement(lyric),
            style: TextStyle { justify, ..style.unwrap_or_default() },
            visible: looks::visible(lyric),
            colour: looks::colour(lyric),
        };
        if reading.has_room() {
            reading.lyrics.push((at, note, record));
        }
    }
}
