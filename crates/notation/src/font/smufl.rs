//! What SMuFL says of the music font: sizes, anchors and the thickness of every line.

use super::Glyph;
use super::setting::setting;
use crate::engrave::{Point, Rect, Space};
use crate::model::MusicFont;

/// The measures of a glyph in staff spaces, relative to its origin, y downwards.
///
/// SMuFL 1.4, "glyphAdvanceWidths", "glyphBBoxes" and "glyphsWithAnchors".
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct GlyphMetrics {
    /// From its origin to the origin of what follows.
    pub advance: Space,
    /// What its ink covers.
    pub bbox: Rect,
    /// Where the bottom right corner of an upward stem meets a notehead.
    pub stem_up_se: Option<Point>,
    /// Where the top left corner of a downward stem meets a notehead.
    pub stem_down_nw: Option<Point>,
    /// Of a flag: how far the end of an upward stem is from the flag's origin.
    pub stem_up_nw: Option<Point>,
    /// Of a flag: how far the end of a downward stem is from the flag's origin.
    pub stem_down_sw: Option<Point>,
    /// The corners of the box that are empty, so that neighbours may move in, each given by the inner corner of the empty area.
    pub cut_outs: CutOuts,
}

/// Empty corners of a glyph's box (SMuFL 1.4, `cutOutNE` and its three fellows).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs)]
pub struct CutOuts {
    pub ne: Option<Point>,
    pub nw: Option<Point>,
    pub se: Option<Point>,
    pub sw: Option<Point>,
}

/// The attachment points of a glyph, in staff spaces, y downwards (SMuFL 1.4, "glyphsWithAnchors"; a field is absent when the
/// font doesn't give it).
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct Anchors {
    pub stem_up_se: Option<Point>,
    pub stem_up_nw: Option<Point>,
    pub stem_down_nw: Option<Point>,
    pub stem_down_sw: Option<Point>,
    pub cut_out_ne: Option<Point>,
    pub cut_out_nw: Option<Point>,
    pub cut_out_se: Option<Point>,
    pub cut_out_sw: Option<Point>,
    pub grace_note_slash_ne: Option<Point>,
    pub grace_note_slash_nw: Option<Point>,
    pub grace_note_slash_se: Option<Point>,
    pub grace_note_slash_sw: Option<Point>,
    pub notehead_origin: Option<Point>,
    pub numeral_bottom: Option<Point>,
    pub optical_center: Option<Point>,
    pub repeat_offset: Option<Point>,
}

const NO_ANCHORS: Anchors = Anchors {
    stem_up_se: None,
    stem_up_nw: None,
    stem_down_nw: None,
    stem_down_sw: None,
    cut_out_ne: None,
    cut_out_nw: None,
    cut_out_se: None,
    cut_out_sw: None,
    grace_note_slash_ne: None,
    grace_note_slash_nw: None,
    grace_note_slash_se: None,
    grace_note_slash_sw: None,
    notehead_origin: None,
    numeral_bottom: None,
    optical_center: None,
    repeat_offset: None,
};

/// The thickness of each kind of line and the like, in staff spaces, as the designer of the music font recommends them
/// (SMuFL 1.4, "engravingDefaults"; the field names are SMuFL's).
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub struct EngravingDefaults {
    pub arrow_shaft_thickness: Space,
    pub barline_separation: Space,
    pub beam_spacing: Space,
    pub beam_thickness: Space,
    pub bracket_thickness: Space,
    pub dashed_barline_dash_length: Space,
    pub dashed_barline_gap_length: Space,
    pub dashed_barline_thickness: Space,
    pub h_bar_thickness: Space,
    pub hairpin_thickness: Space,
    pub leger_line_extension: Space,
    pub leger_line_thickness: Space,
    pub lyric_line_thickness: Space,
    pub octave_line_thickness: Space,
    pub pedal_line_thickness: Space,
    pub repeat_barline_dot_separation: Space,
    pub repeat_ending_line_thickness: Space,
    pub slur_endpoint_thickness: Space,
    pub slur_midpoint_thickness: Space,
    pub staff_line_thickness: Space,
    pub stem_thickness: Space,
    pub sub_bracket_thickness: Space,
    pub text_enclosure_thickness: Space,
    pub thick_barline_thickness: Space,
    pub thin_barline_thickness: Space,
    pub tie_endpoint_thickness: Space,
    pub tie_midpoint_thickness: Space,
    pub tuplet_bracket_thickness: Space,
}

/// What the build made of the metadata of each font.
mod tables {
    /// The rows of a font's tables: for each code point of the SMuFL range the row of its glyph; advance, box and row of anchors
    /// of each glyph; the anchors.
    pub(super) struct Tables {
        pub rows: &'static [u16],
        pub boxes: &'static [(f32, super::Rect, u16)],
        pub anchors: &'static [super::Anchors],
        pub defaults: super::EngravingDefaults,
    }

    macro_rules! font {
        ($name:ident, $table:ident, $file:literal) => {
            mod $name {
                // A measure of 3.14 spaces is no circle.
                #![allow(clippy::approx_constant)]

                use crate::engrave::{Point, Rect};
                use crate::font::smufl::{Anchors, EngravingDefaults, NO_ANCHORS};

                include!(concat!(env!("OUT_DIR"), $file));
            }

            pub(super) static $table: Tables =
                Tables { rows: &$name::ROWS, boxes: &$name::BOXES, anchors: &$name::ANCHORS, defaults: $name::ENGRAVING_DEFAULTS };
        };
    }
    font!(bravura, BRAVURA, "/bravura.rs");
    font!(petaluma, PETALUMA, "/petaluma.rs");
}

use tables::{BRAVURA, PETALUMA, Tables};

fn tables(font: MusicFont) -> &'static Tables {
    match font {
        MusicFont::Bravura => &BRAVURA,
        MusicFont::Petaluma => &PETALUMA,
    }
}

/// The measures of a glyph in the setting in force; all zero for a code point that no music font has.
pub fn metrics(glyph: Glyph) -> GlyphMetrics {
    let Some((table, (advance, bbox, anchored))) = row(glyph) else {
        return GlyphMetrics::default();
    };
    let anchors = table.anchors.get(usize::from(*anchored)).unwrap_or(&NO_ANCHORS);
    GlyphMetrics {
        advance: *advance,
        bbox: *bbox,
        stem_up_se: anchors.stem_up_se,
        stem_down_nw: anchors.stem_down_nw,
        stem_up_nw: anchors.stem_up_nw,
        stem_down_sw: anchors.stem_down_sw,
        cut_outs: CutOuts { ne: anchors.cut_out_ne, nw: anchors.cut_out_nw, se: anchors.cut_out_se, sw: anchors.cut_out_sw },
    }
}

/// All attachment points of a glyph in the setting in force.
pub fn anchors(glyph: Glyph) -> &'static Anchors {
    row(glyph).and_then(|(table, (_, _, anchored))| table.anchors.get(usize::from(*anchored))).unwrap_or(&NO_ANCHORS)
}

/// Whether a music font has this glyph.
pub fn has(glyph: Glyph) -> bool {
    row(glyph).is_some()
}

/// The music font that a glyph is drawn with in the setting in force: its own, or Bravura, which has nearly all that SMuFL
/// names, for what it lacks.
pub fn music_font(glyph: Glyph) -> MusicFont {
    let own = setting().music;
    if own == MusicFont::Bravura || find(tables(own), glyph).is_some() { own } else { MusicFont::Bravura }
}

type Row = &'static (Space, Rect, u16);

fn row(glyph: Glyph) -> Option<(&'static Tables, Row)> {
    let own = tables(setting().music);
    find(own, glyph).map(|row| (own, row)).or_else(|| find(&BRAVURA, glyph).map(|row| (&BRAVURA, row)))
}

fn find(table: &'static Tables, glyph: Glyph) -> Option<Row> {
    let place = u32::from(glyph.0).checked_sub(0xE000)?;
    table.rows.get(place as usize).and_then(|row| table.boxes.get(usize::from(*row)))
}

/// The thicknesses that a font's designer recommends.
pub(super) fn designed(font: MusicFont) -> &'static EngravingDefaults {
    &tables(font).defaults
}
