//! Chord symbols and annotations. ABC 2.1, sections 4.18 and 4.19.

use super::decorations::Attached;
use super::text;
use super::tune::Tune;
use crate::edit::parse_chord_symbol;
use crate::model::*;

impl Tune<'_, '_> {
    /// What stands in quotation marks: with a sign for its place first, an annotation; else a chord symbol, or text if it is
    /// none. Several are separated by line feeds.
    pub(super) fn annotation(&mut self, written: &str, byte: usize) {
        for part in written.split(['\n', ';']).filter(|part| !part.trim().is_empty()) {
            let placement = match part.chars().next() {
                Some('^') => Some(Placement::Above),
                Some('_') => Some(Placement::Below),
                Some('<' | '>') => Some(Placement::Auto),
                // A place on the page is left to engraving.
                Some('@') => {
                    let text = part.trim_start_matches(|c: char| matches!(c, '@' | ',' | '-' | '.' | ' ') || c.is_ascii_digit());
                    self.staff_words(text, Placement::Auto, byte);
                    continue;
                }
                _ => None,
            };
            match placement {
                Some(placement) => self.staff_words(part.get(1..).unwrap_or_default(), placement, byte),
                None => self.chord_symbol(&text::plain(part.trim()), byte),
            }
        }
    }

    fn staff_words(&mut self, text: &str, placement: Placement, byte: usize) {
        let words = Words { text: text::plain(text) };
        self.attach(Attached::OnStaff(MarkKind::Words(words), placement), byte);
    }

    fn chord_symbol(&mut self, text: &str, byte: usize) {
        // An alternative chord stands in parentheses after the one meant.
        let (main, rest) = match text.split_once('(') {
            Some((main, rest)) if parse_chord_symbol(text).is_err() && !main.is_empty() => (main, Some(rest)),
            _ => (text, None),
        };
        let plain = main.replace('=', "").replace(['♮'], "");
        match parse_chord_symbol(&plain) {
            Ok(chord) => {
                self.attach(Attached::OnStaff(MarkKind::Chord(chord), Placement::Auto), byte);
                if let Some(rest) = rest {
                    self.annotation_text(&format!("({rest}"), byte);
                }
            }
            // Many tunes write words in the place of chords.
            Err(_) => self.annotation_text(text, byte),
        }
    }

    fn annotation_text(&mut self, text: &str, byte: usize) {
        let words = Words { text: text.to_owned() };
        self.attach(Attached::OnStaff(MarkKind::Words(words), Placement::Above), byte);
    }
}
