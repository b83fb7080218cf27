//! Accidentals: which notes show one, by the rule that a sign holds for its line or space until the barline
//! (Gould, "Behind Bars", pp. 78–83), and which glyphs it takes.

use super::StaffState;
use crate::engrave::page::Space;
use crate::font::{Glyph, glyphs as g};
use crate::model::{AccidentalSign, Alter, Note, NotePitch};

/// An accidental to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct Accidental {
    pub glyph: Glyph,
    pub parentheses: bool,
    pub bracket: bool,
    /// Above the note, small, as an editor's addition.
    pub editorial: bool,
    /// From the column to its left edge, set when the column is laid out.
    pub dx: Space,
}

/// What has been said about lines and spaces since the barline.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    said: Vec<(usize, i32, Alter)>,
}

impl Spelling {
    /// The accidental that a note on this staff shows.
    pub(super) fn read(&mut self, note: &Note, staff: usize, state: &StaffState) -> Option<Accidental> {
        let NotePitch::Pitched(pitch) = note.pitch else {
            return note.accidental.map(|printed| shown(printed.sign, &printed));
        };
        let place = (staff, pitch.diatonic());
        let said = self.said.iter_mut().find(|row| (row.0, row.1) == place);
        let expected = said.as_ref().map_or_else(|| state.key.alter(pitch.step), |row| row.2);
        if let Some(printed) = &note.accidental {
            self.say(place, pitch.alter);
            return Some(shown(printed.sign, printed));
        }
        // A tie carries the sign of the note before it; what follows in the measure has to say it again.
        if expected == pitch.alter || note.tie_previous {
            return None;
        }
        self.say(place, pitch.alter);
        let glyph = sign_glyph(sign_for(pitch.alter)?);
        Some(Accidental { glyph, parentheses: false, bracket: false, editorial: false, dx: 0.0 })
    }

    fn say(&mut self, place: (usize, i32), alter: Alter) {
        match self.said.iter_mut().find(|row| (row.0, row.1) == place) {
            Some(row) => row.2 = alter,
            None => self.said.push((place.0, place.1, alter)),
        }
    }
}

fn shown(sign: AccidentalSign, printed: &crate::model::PrintedAccidental) -> Accidental {
    Accidental {
        glyph: sign_glyph(sign),
        parentheses: printed.parentheses,
        bracket: printed.bracket,
        editorial: printed.editorial,
        dx: 0.0,
    }
}

/// The usual sign for an alteration; nothing for one that has none.
pub(in crate::engrave) fn sign_for(alter: Alter) -> Option<AccidentalSign> {
    use AccidentalSign as S;
    Some(match (alter.numerator(), alter.denominator()) {
        (0, _) => S::Natural,
        (1, 1) => S::Sharp,
        (-1, 1) => S::Flat,
        (2, 1) => S::DoubleSharp,
        (-2, 1) => S::FlatFlat,
        (3, 1) => S::TripleSharp,
        (-3, 1) => S::TripleFlat,
        (1, 2) => S::QuarterSharp,
        (-1, 2) => S::QuarterFlat,
        (3, 2) => S::ThreeQuartersSharp,
        (-3, 2) => S::ThreeQuartersFlat,
        _ => return None,
    })
}

/// The glyph of a sign: MusicXML 4.0 `accidental-value` names the SMuFL glyph of each.
pub(in crate::engrave) fn sign_glyph(sign: AccidentalSign) -> Glyph {
    use AccidentalSign as S;
    match sign {
        S::Sharp | S::Other => g::ACCIDENTAL_SHARP,
        S::Natural => g::ACCIDENTAL_NATURAL,
        S::Flat => g::ACCIDENTAL_FLAT,
        S::DoubleSharp => g::ACCIDENTAL_DOUBLE_SHARP,
        S::SharpSharp => g::ACCIDENTAL_SHARP_SHARP,
        S::FlatFlat => g::ACCIDENTAL_DOUBLE_FLAT,
        S::NaturalSharp => g::ACCIDENTAL_NATURAL_SHARP,
        S::NaturalFlat => g::ACCIDENTAL_NATURAL_FLAT,
        S::QuarterFlat => g::ACCIDENTAL_QUARTER_TONE_FLAT_STEIN,
        S::QuarterSharp => g::ACCIDENTAL_QUARTER_TONE_SHARP_STEIN,
        S::ThreeQuartersFlat => g::ACCIDENTAL_THREE_QUARTER_TONES_FLAT_ZIMMERMANN,
        S::ThreeQuartersSharp => g::ACCIDENTAL_THREE_QUARTER_TONES_SHARP_STEIN,
        S::SharpDown => g::ACCIDENTAL_QUARTER_TONE_SHARP_ARROW_DOWN,
        S::SharpUp => g::ACCIDENTAL_THREE_QUARTER_TONES_SHARP_ARROW_UP,
        S::NaturalDown => g::ACCIDENTAL_QUARTER_TONE_FLAT_NATURAL_ARROW_DOWN,
        S::NaturalUp => g::ACCIDENTAL_QUARTER_TONE_SHARP_NATURAL_ARROW_UP,
        S::FlatDown => g::ACCIDENTAL_THREE_QUARTER_TONES_FLAT_ARROW_DOWN,
        S::FlatUp => g::ACCIDENTAL_QUARTER_TONE_FLAT_ARROW_UP,
        S::DoubleSharpDown => g::ACCIDENTAL_THREE_QUARTER_TONES_SHARP_ARROW_DOWN,
        S::DoubleSharpUp => g::ACCIDENTAL_FIVE_QUARTER_TONES_SHARP_ARROW_UP,
        S::FlatFlatDown => g::ACCIDENTAL_FIVE_QUARTER_TONES_FLAT_ARROW_DOWN,
        S::FlatFlatUp => g::ACCIDENTAL_THREE_QUARTER_TONES_FLAT_ARROW_UP,
        S::ArrowDown => g::ACCIDENTAL_ARROW_DOWN,
        S::ArrowUp => g::ACCIDENTAL_ARROW_UP,
        S::TripleSharp => g::ACCIDENTAL_TRIPLE_SHARP,
        S::TripleFlat => g::ACCIDENTAL_TRIPLE_FLAT,
        S::SlashQuarterSharp => g::ACCIDENTAL_KUCUK_MUCENNEB_SHARP,
        S::SlashSharp => g::ACCIDENTAL_BUYUK_MUCENNEB_SHARP,
        S::SlashFlat => g::ACCIDENTAL_BAKIYE_FLAT,
        S::DoubleSlashFlat => g::ACCIDENTAL_BUYUK_MUCENNEB_FLAT,
        S::Sharp1 => g::ACCIDENTAL1_COMMA_SHARP,
        S::Sharp2 => g::ACCIDENTAL2_COMMA_SHARP,
        S::Sharp3 => g::ACCIDENTAL3_COMMA_SHARP,
        S::Sharp5 => g::ACCIDENTAL5_COMMA_SHARP,
        S::Flat1 => g::ACCIDENTAL1_COMMA_FLAT,
        S::Flat2 => g::ACCIDENTAL2_COMMA_FLAT,
        S::Flat3 => g::ACCIDENTAL3_COMMA_FLAT,
        S::Flat4 => g::ACCIDENTAL4_COMMA_FLAT,
        S::Sori => g::ACCIDENTAL_SORI,
        S::Koron => g::ACCIDENTAL_KORON,
    }
}
