//! The style of a score: what its layout says beside the paper, in the units that engraving works in.

use super::page::Space;
use crate::font::Setting;
use crate::model::{ChordSpelling, Layout, MeasureNumbers};

/// A style. Sizes are of the em in staff spaces; room and distances are factors of what is usual.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Style {
    pub setting: Setting,
    /// Lyrics.
    pub lyric: Space,
    /// Expression and technique.
    pub words: Space,
    /// Tempi and rehearsal marks.
    pub tempo: Space,
    /// Chord symbols.
    pub chord: Space,
    pub chord_spelling: ChordSpelling,
    /// Names of parts.
    pub name: Space,
    /// Measure numbers.
    pub number: Space,
    pub numbers: MeasureNumbers,
    /// Titles and the names under them, against their usual size.
    pub title: f32,
    /// Between notes, staves and systems.
    pub note_spacing: f32,
    pub staff_distance: f32,
    pub system_distance: f32,
    pub fill_pages: bool,
    /// Whether pages turn where there is a rest; where a single part is shown if nothing is said.
    pub page_turns: Option<bool>,
    pub fill_last: bool,
    pub hide_empty: bool,
    /// Whether all measures of rest are gathered.
    pub multi_rests: bool,
}

/// What is said in hundredths, within what can be read.
fn share(hundredths: u16) -> f32 {
    f32::from(hundredths.clamp(40, 300)) / 100.0
}

impl Style {
    /// The style of a layout, of the score or of one part alone.
    pub(super) fn of(layout: &Layout, alone: bool) -> Self {
        let (text, lyric, chord) = (share(layout.text_size), share(layout.lyric_size), share(layout.chord_size));
        Self {
            setting: Setting::of(layout),
            lyric: 2.0 * lyric,
            words: 2.0 * text,
            tempo: 2.35 * text,
            chord: 2.3 * chord,
            chord_spelling: layout.chord_spelling,
            name: 2.1 * text,
            number: 1.55 * text,
            numbers: layout.numbers,
            title: share(layout.title_size),
            note_spacing: share(layout.note_spacing),
            staff_distance: share(layout.staff_distance),
            system_distance: share(layout.system_distance),
            fill_pages: layout.fill_pages,
            page_turns: layout.page_turns,
            fill_last: layout.fill_last,
            hide_empty: layout.hide_empty,
            multi_rests: layout.multi_rests.unwrap_or(alone),
        }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self::of(&Layout::default(), false)
    }
}
