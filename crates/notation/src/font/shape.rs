//! From a line of text to placed glyphs.

use harfrust::{Buffer, ShapeOptions, ShaperFont};

use super::faces::{Loaded, fallbacks, loaded};
use super::{Face, FontKey, ShapedGlyph, ShapedRun, ShapedText, setting};
use crate::model::TextFont;

/// A line longer than this is cut: nothing readable is, and shaping is work that a hostile file could ask for without end.
const LONGEST_LINE: usize = 16_384;

/// Shapes one line of text at a size (of the em, in staff spaces), with kerning and ligatures, from left to right.
///
/// A character that the face lacks comes from the next font that has it: the roman, Cyrillic and the like, music symbols
/// (♩, or a SMuFL code point), Chinese. A line break or other control character counts as a space.
pub fn shape(text: &str, face: Face, size: f32) -> ShapedText {
    shape_in(setting().text, text, face, size)
}

/// Shapes one line of text as [`shape`] does, in a family of its own instead of that of the setting in force.
pub fn shape_in(family: TextFont, text: &str, face: Face, size: f32) -> ShapedText {
    let mut shaped = ShapedText::default();
    for (font, range) in itemise(text, &fallbacks(family, face)) {
        let run = shape_run(text, range, font, size, &mut shaped.advance);
        shaped.runs.push(run);
    }
    shaped
}

/// Cuts the text into runs of one font.
fn itemise(text: &str, fonts: &[FontKey; 7]) -> Vec<(FontKey, std::ops::Range<usize>)> {
    let mut runs: Vec<(FontKey, std::ops::Range<usize>)> = Vec::new();
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < LONGEST_LINE) {
        let end = at + letter.len_utf8();
        let current = runs.last_mut();
        let font = match &current {
            Some(run) if joins(letter) => run.0,
            _ => font_for(letter, fonts),
        };
        match current {
            Some(run) if run.0 == font => run.1.end = end,
            _ => runs.push((font, at..end)),
        }
    }
    runs
}

/// Whether a character belongs to the run before it whatever that run's font is: a mark that combines, or a joiner.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}' | '\u{200C}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}')
}

fn font_for(letter: char, fonts: &[FontKey; 7]) -> FontKey {
    let letter = visible(letter);
    fonts.iter().copied().find(|font| loaded(*font).glyph(letter).is_some()).unwrap_or(fonts[0])
}

/// A control character is shown as a space.
fn visible(letter: char) -> char {
    if letter.is_control() || letter == '\u{2028}' || letter == '\u{2029}' { ' ' } else { letter }
}

fn shape_run(text: &str, range: std::ops::Range<usize>, font: FontKey, size: f32, pen: &mut f32) -> ShapedRun {
    let mut run = ShapedRun { font, text: range.clone(), glyphs: Vec::new() };
    let Loaded { font: Some(face), plan: Some(plan), unit, .. } = loaded(font) else {
        return run;
    };
    let mut buffer = Buffer::new();
    for (at, letter) in text.get(range.clone()).unwrap_or_default().char_indices() {
        let cluster = u32::try_from(range.start + at).unwrap_or(u32::MAX);
        buffer.push(u32::from(visible(letter)), cluster);
    }
    buffer.set_direction(plan.direction());
    buffer.set_script(plan.script());
    if harfrust::shape(&ShaperFont::new(face), &mut buffer, ShapeOptions::new().plan(Some(plan))).is_err() {
        return run;
    }
    let scale = unit * size;
    run.glyphs.reserve(buffer.len());
    for (glyph, place) in buffer.glyph_infos().iter().zip(buffer.glyph_positions()) {
        let advance = place.x_advance as f32 * scale;
        run.glyphs.push(ShapedGlyph {
            id: u16::try_from(glyph.glyph_id).unwrap_or(0),
            x: *pen + place.x_offset as f32 * scale,
            y: place.y_offset as f32 * scale,
            advance,
            cluster: glyph.cluster as usize,
        });
        *pen += advance;
    }
    run
}
