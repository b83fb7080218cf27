//! Shapes of noteheads: MusicXML 4.0 `notehead-value`, each in its double whole, whole, half and black form.

use crate::font::{Glyph, glyphs as g};
use crate::model::{NoteBase, Notehead};

/// The double whole, whole, half and black form of a head.
type Forms = [Glyph; 4];

/// The glyph of a notehead of a value.
pub(super) fn head_glyph(shape: Notehead, base: NoteBase) -> Glyph {
    let forms = geometric(shape).or_else(|| crossed(shape)).or_else(|| solfa(shape));
    let [double, whole, half, black] = forms.unwrap_or([g::NOTEHEAD_DOUBLE_WHOLE, g::NOTEHEAD_WHOLE, g::NOTEHEAD_HALF, g::NOTEHEAD_BLACK]);
    match base {
        NoteBase::Maxima | NoteBase::Long | NoteBase::Breve => double,
        NoteBase::Whole => whole,
        NoteBase::Half => half,
        _ => black,
    }
}

fn geometric(shape: Notehead) -> Option<Forms> {
    Some(match shape {
        Notehead::Slash => [
            g::NOTEHEAD_SLASH_WHITE_DOUBLE_WHOLE,
            g::NOTEHEAD_SLASH_WHITE_WHOLE,
            g::NOTEHEAD_SLASH_WHITE_HALF,
            g::NOTEHEAD_SLASH_HORIZONTAL_ENDS,
        ],
        Notehead::Triangle => [
            g::NOTEHEAD_TRIANGLE_UP_DOUBLE_WHOLE,
            g::NOTEHEAD_TRIANGLE_UP_WHOLE,
            g::NOTEHEAD_TRIANGLE_UP_HALF,
            g::NOTEHEAD_TRIANGLE_UP_BLACK,
        ],
        Notehead::InvertedTriangle => [
            g::NOTEHEAD_TRIANGLE_DOWN_DOUBLE_WHOLE,
            g::NOTEHEAD_TRIANGLE_DOWN_WHOLE,
            g::NOTEHEAD_TRIANGLE_DOWN_HALF,
            g::NOTEHEAD_TRIANGLE_DOWN_BLACK,
        ],
        Notehead::LeftTriangle => {
            [g::NOTEHEAD_DOUBLE_WHOLE, g::NOTEHEAD_TRIANGLE_LEFT_WHITE, g::NOTEHEAD_TRIANGLE_LEFT_WHITE, g::NOTEHEAD_TRIANGLE_LEFT_BLACK]
        }
        Notehead::Diamond => {
            [g::NOTEHEAD_DIAMOND_DOUBLE_WHOLE, g::NOTEHEAD_DIAMOND_WHOLE, g::NOTEHEAD_DIAMOND_HALF, g::NOTEHEAD_DIAMOND_BLACK]
        }
        Notehead::Square | Notehead::Rectangle => {
            [g::NOTEHEAD_DOUBLE_WHOLE_SQUARE, g::NOTEHEAD_SQUARE_WHITE, g::NOTEHEAD_SQUARE_WHITE, g::NOTEHEAD_SQUARE_BLACK]
        }
        _ => return None,
    })
}

/// Heads that are crossed, slashed, circled or arrows.
fn crossed(shape: Notehead) -> Option<Forms> {
    Some(match shape {
        Notehead::Cross => [g::NOTEHEAD_PLUS_DOUBLE_WHOLE, g::NOTEHEAD_PLUS_WHOLE, g::NOTEHEAD_PLUS_HALF, g::NOTEHEAD_PLUS_BLACK],
        Notehead::X => [g::NOTEHEAD_X_DOUBLE_WHOLE, g::NOTEHEAD_X_WHOLE, g::NOTEHEAD_X_HALF, g::NOTEHEAD_X_BLACK],
        Notehead::CircleX => {
            [g::NOTEHEAD_CIRCLE_X_DOUBLE_WHOLE, g::NOTEHEAD_CIRCLE_X_WHOLE, g::NOTEHEAD_CIRCLE_X_HALF, g::NOTEHEAD_CIRCLE_X]
        }
        Notehead::ArrowDown => [
            g::NOTEHEAD_LARGE_ARROW_DOWN_DOUBLE_WHOLE,
            g::NOTEHEAD_LARGE_ARROW_DOWN_WHOLE,
            g::NOTEHEAD_LARGE_ARROW_DOWN_HALF,
            g::NOTEHEAD_LARGE_ARROW_DOWN_BLACK,
        ],
        Notehead::ArrowUp => [
            g::NOTEHEAD_LARGE_ARROW_UP_DOUBLE_WHOLE,
            g::NOTEHEAD_LARGE_ARROW_UP_WHOLE,
            g::NOTEHEAD_LARGE_ARROW_UP_HALF,
            g::NOTEHEAD_LARGE_ARROW_UP_BLACK,
        ],
        Notehead::Slashed => {
            [g::NOTEHEAD_SLASHED_DOUBLE_WHOLE1, g::NOTEHEAD_SLASHED_WHOLE1, g::NOTEHEAD_SLASHED_HALF1, g::NOTEHEAD_SLASHED_BLACK1]
        }
        Notehead::BackSlashed => {
            [g::NOTEHEAD_SLASHED_DOUBLE_WHOLE2, g::NOTEHEAD_SLASHED_WHOLE2, g::NOTEHEAD_SLASHED_HALF2, g::NOTEHEAD_SLASHED_BLACK2]
        }
        Notehead::CircleDot => [
            g::NOTEHEAD_ROUND_WHITE_WITH_DOT,
            g::NOTEHEAD_ROUND_WHITE_WITH_DOT,
            g::NOTEHEAD_ROUND_WHITE_WITH_DOT,
            g::NOTEHEAD_ROUND_WHITE_WITH_DOT,
        ],
        Notehead::Circled => {
            [g::NOTEHEAD_CIRCLED_DOUBLE_WHOLE, g::NOTEHEAD_CIRCLED_WHOLE, g::NOTEHEAD_CIRCLED_HALF, g::NOTEHEAD_CIRCLED_BLACK]
        }
        _ => return None,
    })
}

/// The heads of shape-note singing.
fn solfa(shape: Notehead) -> Option<Forms> {
    Some(match shape {
        Notehead::Do => [
            g::NOTE_SHAPE_TRIANGLE_UP_DOUBLE_WHOLE,
            g::NOTE_SHAPE_TRIANGLE_UP_WHITE,
            g::NOTE_SHAPE_TRIANGLE_UP_WHITE,
            g::NOTE_SHAPE_TRIANGLE_UP_BLACK,
        ],
        Notehead::Re => [g::NOTE_SHAPE_MOON_DOUBLE_WHOLE, g::NOTE_SHAPE_MOON_WHITE, g::NOTE_SHAPE_MOON_WHITE, g::NOTE_SHAPE_MOON_BLACK],
        Notehead::Mi => {
            [g::NOTE_SHAPE_DIAMOND_DOUBLE_WHOLE, g::NOTE_SHAPE_DIAMOND_WHITE, g::NOTE_SHAPE_DIAMOND_WHITE, g::NOTE_SHAPE_DIAMOND_BLACK]
        }
        Notehead::Fa => [
            g::NOTE_SHAPE_TRIANGLE_LEFT_DOUBLE_WHOLE,
            g::NOTE_SHAPE_TRIANGLE_LEFT_WHITE,
            g::NOTE_SHAPE_TRIANGLE_LEFT_WHITE,
            g::NOTE_SHAPE_TRIANGLE_LEFT_BLACK,
        ],
        Notehead::FaUp => [
            g::NOTE_SHAPE_TRIANGLE_RIGHT_DOUBLE_WHOLE,
            g::NOTE_SHAPE_TRIANGLE_RIGHT_WHITE,
            g::NOTE_SHAPE_TRIANGLE_RIGHT_WHITE,
            g::NOTE_SHAPE_TRIANGLE_RIGHT_BLACK,
        ],
        Notehead::So => [g::NOTE_SHAPE_ROUND_DOUBLE_WHOLE, g::NOTE_SHAPE_ROUND_WHITE, g::NOTE_SHAPE_ROUND_WHITE, g::NOTE_SHAPE_ROUND_BLACK],
        Notehead::La => {
            [g::NOTE_SHAPE_SQUARE_DOUBLE_WHOLE, g::NOTE_SHAPE_SQUARE_WHITE, g::NOTE_SHAPE_SQUARE_WHITE, g::NOTE_SHAPE_SQUARE_BLACK]
        }
        Notehead::Ti => [
            g::NOTE_SHAPE_TRIANGLE_ROUND_DOUBLE_WHOLE,
            g::NOTE_SHAPE_TRIANGLE_ROUND_WHITE,
            g::NOTE_SHAPE_TRIANGLE_ROUND_WHITE,
            g::NOTE_SHAPE_TRIANGLE_ROUND_BLACK,
        ],
        _ => return None,
    })
}
