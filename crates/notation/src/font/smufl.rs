//! What SMuFL says of the music font: sizes, anchors and the thickness of every line.

use super::Glyph;
use crate::engrave::{Point, Rect, Space};

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

/// What the build made of the metadata.
mod tables {
    // A measure of 3.14 spaces is no circle.
    #![allow(clippy::approx_constant)]

    use super::{Anchors, EngravingDefaults, NO_ANCHORS};
    use crate::engrave::{Point, Rect};

    include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
}

use tables::{ANCHORS, BOXES, ENGRAVING_DEFAULTS, ROWS};

/// The measures of a glyph; all zero for a code point that the music font lacks.
pub fn metrics(glyph: Glyph) -> GlyphMetrics {
    let Some((advance, bbox, anchored)) = row(glyph) else {
        return GlyphMetrics::default();
    };
    let anchors = ANCHORS.get(usize::from(*anchored)).unwrap_or(&NO_ANCHORS);
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

/// All attachment points of a glyph.
pub fn anchors(glyph: Glyph) -> &'static Anchors {
    row(glyph).and_then(|(_, _, anchored)| ANCHORS.get(usize::from(*anchored))).unwrap_or(&NO_ANCHORS)
}

/// Whether the music font has this glyph.
pub fn has(glyph: Glyph) -> bool {
    row(glyph).is_some()
}

fn row(glyph: Glyph) -> Option<&'static (Space, Rect, u16)> {
    let place = u32::from(glyph.0).checked_sub(0xE000)?;
    ROWS.get(place as usize).and_then(|row| BOXES.get(usize::from(*row)))
}

/// The designer's recommended thicknesses.
pub fn engraving_defaults() -> &'static EngravingDefaults {
    &ENGRAVING_DEFAULTS
}
