//! The fonts that a score is set in, in force while it is engraved or drawn.
//!
//! Nearly every decision of an engraver asks for the measure of a glyph or the thickness of a line, and all of them mean the
//! same font: that of the score in hand. So it is taken up once, with [`set_in`], as a punch cutter lays out one set of
//! punches, rather than handed to every function that measures.

use std::cell::Cell;

use super::smufl::{EngravingDefaults, designed};
use crate::model::{Layout, MusicFont, TextFont};

/// The fonts of a score, and how thick its lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Setting {
    /// Of notes and signs.
    pub music: MusicFont,
    /// Of titles, names, words and tempi.
    pub text: TextFont,
    /// Of lyrics.
    pub lyric: TextFont,
    /// Of chord symbols.
    pub chord: TextFont,
    /// The thickness of staff lines, stems and other lines, in hundredths of what the font's designer recommends.
    pub weights: [u16; 3],
}

impl Setting {
    /// Bravura and Academico.
    pub const CLASSICAL: Self = Self {
        music: MusicFont::Bravura,
        text: TextFont::Academico,
        lyric: TextFont::Academico,
        chord: TextFont::Academico,
        weights: [100; 3],
    };

    /// What a layout asks for. Absurd thicknesses are brought to between a quarter and four times the usual one.
    pub fn of(layout: &Layout) -> Self {
        Self {
            music: layout.music_font,
            text: layout.text_font,
            lyric: layout.lyric_font,
            chord: layout.chord_font,
            weights: [layout.staff_lines, layout.stems, layout.lines].map(|share| share.clamp(25, 400)),
        }
    }

    fn defaults(&self) -> EngravingDefaults {
        let mut defaults = *designed(self.music);
        let [staff, stems, lines] = self.weights.map(|share| f32::from(share) / 100.0);
        if self.weights == [100; 3] {
            return defaults;
        }
        defaults.staff_line_thickness *= staff;
        defaults.stem_thickness *= stems;
        for thickness in [
            &mut defaults.arrow_shaft_thickness,
            &mut defaults.dashed_barline_thickness,
            &mut defaults.hairpin_thickness,
            &mut defaults.leger_line_thickness,
            &mut defaults.lyric_line_thickness,
            &mut defaults.octave_line_thickness,
            &mut defaults.pedal_line_thickness,
            &mut defaults.repeat_ending_line_thickness,
            &mut defaults.sub_bracket_thickness,
            &mut defaults.text_enclosure_thickness,
            &mut defaults.thin_barline_thickness,
            &mut defaults.tuplet_bracket_thickness,
        ] {
            *thickness *= lines;
        }
        defaults
    }
}

impl Default for Setting {
    fn default() -> Self {
        Self::CLASSICAL
    }
}

thread_local! {
    static IN_FORCE: Cell<(Setting, EngravingDefaults)> = Cell::new((Setting::CLASSICAL, *designed(MusicFont::Bravura)));
}

/// Does work in a setting: what is asked about glyphs, lines and text meanwhile is answered for its fonts.
pub fn set_in<R>(setting: &Setting, work: impl FnOnce() -> R) -> R {
    struct Before((Setting, EngravingDefaults));
    impl Drop for Before {
        fn drop(&mut self) {
            IN_FORCE.set(self.0);
        }
    }
    let _before = Before(IN_FORCE.replace((*setting, setting.defaults())));
    work()
}

/// The setting in force: [`Setting::CLASSICAL`] outside any.
pub fn setting() -> Setting {
    IN_FORCE.get().0
}

/// The thickness of each kind of line in the setting in force.
pub fn engraving_defaults() -> EngravingDefaults {
    IN_FORCE.get().1
}
