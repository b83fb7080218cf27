//! Chord symbols: root, quality, what is raised after it, and bass, on one line along a staff, after C. Brandt and C. Roemer,
//! "Standardized Chord Symbol Notation" (1976): what makes the triad stands on the line, what is added to it is raised.

use super::row::Row;
use super::staff_text::{Spot, baseline};
use super::{Draft, Tag, Work, fretboards};
use crate::engrave::page::{Point, Role, Space};
use crate::engrave::style::Style;
use crate::font::{self, Face, Glyph, glyphs as g};
use crate::model::{Alter, ChordDegree, ChordDegreeKind, ChordKind, ChordSpelling, ChordSymbol, Fretboard, MarkId, MarkKind, Step};

/// What is raised: its size against the root's, and how far up it stands in sizes of the root.
const RAISED_SIZE: f32 = 0.68;
const RAISED: f32 = 0.3;
/// What makes the triad, against the root's size.
const TRIAD_SIZE: f32 = 0.84;
/// Between neighbouring symbols.
const APART: Space = 0.6;
/// Between a symbol and the diagram under it.
const BOARD_GAP: Space = 0.5;

/// Draws the chord symbols of a system: those of a staff stand on one line.
pub(super) fn draw(work: &Work, draft: &mut Draft, spots: &[Spot]) {
    let style = &work.cast.style;
    let mut from = 0;
    while from < spots.len() {
        let staff = spots[from].staff;
        let to = from + spots[from..].iter().take_while(|s| s.staff == staff).count();
        let mut rows: Vec<(Space, Row, MarkId, Option<&Fretboard>)> = Vec::new();
        for spot in &spots[from..to] {
            if let MarkKind::Chord(symbol) = spot.kind {
                rows.push((spot.x, row(symbol, style), spot.id, symbol.frame.as_deref()));
            }
        }
        from = to;
        let Some(line) = draft.staves.get_mut(staff) else { continue };
        let y = rows.iter().map(|(x, row, ..)| baseline(line, *x, x + row.width, true, style.chord)).fold(Space::INFINITY, Space::min);
        let mut right = Space::NEG_INFINITY;
        for (x, row, id, board) in rows {
            let x = x.max(right + APART);
            right = x + row.width;
            let tag = Tag::new(Role::ChordSymbol, Some(id.into()));
            if let Some(board) = board {
                // Under the symbol, in the middle of it where that is the wider one.
                let wide = fretboards::size(board).0;
                let left = x + ((row.width - wide) / 2.0).max(0.0);
                right = right.max(left + wide);
                fretboards::draw(line, board, Point::new(left, y), tag);
            }
            let tall = board.map_or(0.0, |board| fretboards::size(board).1 + BOARD_GAP);
            row.put(line, Point::new(x, y - tall), tag);
        }
    }
}

/// From the place of a symbol to that of the next, at least.
pub(super) fn room(symbol: &ChordSymbol, style: &Style) -> Space {
    let row = row(symbol, style);
    let board = symbol.frame.as_deref().map_or(0.0, |board| fretboards::size(board).0);
    row.width.max(board) + APART
}

/// The pieces of a symbol.
fn row(symbol: &ChordSymbol, style: &Style) -> Row {
    let mut row = Row::new(style.setting.chord);
    let size = style.chord;
    match symbol.root {
        Some((step, alter)) => step_name(&mut row, step, alter, size),
        None if !symbol.function.is_empty() => row.text(&symbol.function, Face::Roman, size, 0.0),
        None => {
            row.text(symbol.text.as_deref().filter(|t| !t.is_empty()).unwrap_or("N.C."), Face::Roman, size, 0.0);
            return row;
        }
    }
    match signs(symbol.kind).filter(|_| style.chord_spelling == ChordSpelling::Signs) {
        Some((sign, raised)) => {
            if let Some(sign) = sign {
                quality_sign(&mut row, sign, size);
            }
            raise(&mut row, raised, size);
        }
        None => {
            let (triad, raised) = match symbol.text.as_deref() {
                Some(text) => split(text),
                None => words(symbol.kind),
            };
            row.text(triad, Face::Roman, size * TRIAD_SIZE, 0.0);
            raise(&mut row, raised, size);
        }
    }
    degrees(&mut row, &symbol.degrees, size);
    if let Some((step, alter)) = symbol.bass {
        row.text("/", Face::Roman, size, 0.0);
        step_name(&mut row, step, alter, size);
    }
    row
}

/// A step with its accidental.
fn step_name(row: &mut Row, step: Step, alter: Alter, size: Space) {
    row.text(&step.letter().to_string(), Face::Roman, size, 0.0);
    let sign = match alter.whole() {
        Some(1) => Some(g::ACCIDENTAL_SHARP),
        Some(-1) => Some(g::ACCIDENTAL_FLAT),
        Some(2) => Some(g::ACCIDENTAL_DOUBLE_SHARP),
        Some(-2) => Some(g::ACCIDENTAL_DOUBLE_FLAT),
        _ => None,
    };
    if let Some(sign) = sign {
        row.space(size * 0.035);
        row.glyph(sign, size * 0.24, size * 0.34);
        row.space(size * 0.035);
    }
}

fn raise(row: &mut Row, text: &str, size: Space) {
    row.text(&with_accidentals(text), Face::Roman, size * RAISED_SIZE, size * RAISED);
}

/// A sign of quality as high as a capital letter of the size of the triad.
fn quality_sign(row: &mut Row, sign: Glyph, size: Space) {
    let bbox = font::metrics(sign).bbox;
    let tall = (bbox.bottom - bbox.top).max(0.2);
    let scale = match sign {
        g::CSYM_MINOR | g::CSYM_AUGMENTED => size * 0.26,
        _ => size * 0.62 / tall,
    };
    row.space(size * 0.04);
    row.glyph(sign, scale, if tall < 1.0 { size * 0.26 } else { 0.0 });
    row.space(size * 0.04);
}

/// `b` and `#` before a number are written as accidentals.
fn with_accidentals(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut written = String::with_capacity(text.len());
    for (at, letter) in letters.iter().enumerate() {
        let before_number = letters.get(at + 1).is_some_and(char::is_ascii_digit);
        written.push(match letter {
            'b' if before_number => '♭',
            '#' if before_number => '♯',
            other => *other,
        });
    }
    written
}

/// What a source writes for a quality, as what makes the triad and what is raised after it.
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    const TRIADS: [&str; 10] = ["min", "dim", "aug", "mi", "m", "-", "–", "+", "°", "o"];
    let major = ["maj", "ma", "Maj", "MA", "M"].iter().any(|word| text.starts_with(word));
    let triad = TRIADS.iter().find(|word| !major && text.starts_with(**word));
    text.split_at(triad.map_or(0, |word| word.len()))
}

/// What is printed for a quality: MusicXML 4.0 `kind-value`, in the letters most lead sheets use.
fn words(kind: ChordKind) -> (&'static str, &'static str) {
    use ChordKind as K;
    match kind {
        K::Major | K::Other | K::None => ("", ""),
        K::Minor => ("m", ""),
        K::Augmented => ("+", ""),
        K::Diminished => ("dim", ""),
        K::Dominant => ("", "7"),
        K::MajorSeventh => ("", "maj7"),
        K::MinorSeventh => ("m", "7"),
        K::DiminishedSeventh => ("dim", "7"),
        K::AugmentedSeventh => ("+", "7"),
        K::HalfDiminished => ("m", "7♭5"),
        K::MajorMinor => ("m", "maj7"),
        K::MajorSixth => ("", "6"),
        K::MinorSixth => ("m", "6"),
        K::DominantNinth => ("", "9"),
        K::MajorNinth => ("", "maj9"),
        K::MinorNinth => ("m", "9"),
        K::Dominant11th => ("", "11"),
        K::Major11th => ("", "maj11"),
        K::Minor11th => ("m", "11"),
        K::Dominant13th => ("", "13"),
        K::Major13th => ("", "maj13"),
        K::Minor13th => ("m", "13"),
        K::SuspendedSecond => ("", "sus2"),
        K::SuspendedFourth => ("", "sus4"),
        K::Neapolitan => ("N6", ""),
        K::Italian => ("It+6", ""),
        K::French => ("Fr+6", ""),
        K::German => ("Ger+6", ""),
        K::Pedal => ("ped", ""),
        K::Power => ("", "5"),
        K::Tristan => ("Tristan", ""),
    }
}

/// The sign of a quality, and what is raised after it; nothing for those that have no sign.
fn signs(kind: ChordKind) -> Option<(Option<Glyph>, &'static str)> {
    use ChordKind as K;
    Some(match kind {
        K::Minor => (Some(g::CSYM_MINOR), ""),
        K::MinorSixth => (Some(g::CSYM_MINOR), "6"),
        K::MinorSeventh => (Some(g::CSYM_MINOR), "7"),
        K::MinorNinth => (Some(g::CSYM_MINOR), "9"),
        K::Minor11th => (Some(g::CSYM_MINOR), "11"),
        K::Minor13th => (Some(g::CSYM_MINOR), "13"),
        K::MajorMinor => (Some(g::CSYM_MINOR), "maj7"),
        K::MajorSeventh => (Some(g::CSYM_MAJOR_SEVENTH), "7"),
        K::MajorNinth => (Some(g::CSYM_MAJOR_SEVENTH), "9"),
        K::Major11th => (Some(g::CSYM_MAJOR_SEVENTH), "11"),
        K::Major13th => (Some(g::CSYM_MAJOR_SEVENTH), "13"),
        K::Diminished => (Some(g::CSYM_DIMINISHED), ""),
        K::DiminishedSeventh => (Some(g::CSYM_DIMINISHED), "7"),
        K::HalfDiminished => (Some(g::CSYM_HALF_DIMINISHED), "7"),
        K::Augmented => (Some(g::CSYM_AUGMENTED), ""),
        K::AugmentedSeventh => (Some(g::CSYM_AUGMENTED), "7"),
        _ => return None,
    })
}

/// Added, altered and left out degrees: one alteration is raised as it is, anything else in parentheses.
fn degrees(row: &mut Row, degrees: &[ChordDegree], size: Space) {
    let texts: Vec<String> = degrees.iter().take(8).map(degree).collect();
    match (texts.as_slice(), degrees) {
        ([], _) => {}
        ([text], [only]) if only.kind == ChordDegreeKind::Alter => raise(row, text, size),
        _ => raise(row, &format!("({})", texts.concat()), size),
    }
}

fn degree(degree: &ChordDegree) -> String {
    let sign = match degree.alter.whole() {
        Some(n) if n > 0 => "♯",
        Some(n) if n < 0 => "♭",
        _ => "",
    };
    let word = match degree.kind {
        ChordDegreeKind::Add if sign.is_empty() => "add",
        ChordDegreeKind::Subtract => "no",
        _ => "",
    };
    format!("{word}{sign}{}", degree.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_the_triad_stands_on_the_line() {
        assert_eq!(split("m7b5"), ("m", "7b5"));
        assert_eq!(split("min7"), ("min", "7"));
        assert_eq!(split("maj7"), ("", "maj7"));
        assert_eq!(split("ma9"), ("", "ma9"));
        assert_eq!(split("sus4"), ("", "sus4"));
        assert_eq!(split("dim"), ("dim", ""));
        assert_eq!(with_accidentals("7b5#9add"), "7♭5♯9add");
    }

    #[test]
    fn several_degrees_share_parentheses() {
        let of = |kind, value, by| ChordDegree { kind, value, alter: Alter::semitones(by) };
        assert_eq!(degree(&of(ChordDegreeKind::Alter, 9, -1)), "♭9");
        assert_eq!(degree(&of(ChordDegreeKind::Add, 9, 0)), "add9");
        assert_eq!(degree(&of(ChordDegreeKind::Subtract, 3, 0)), "no3");
    }
}
