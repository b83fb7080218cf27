//! How much room what stands over and under the staves in rows takes beside its like: chord symbols, figures, dynamics. Spacing
//! keeps them apart by it.

use super::{chord_symbols, dynamics, figured_bass};
use crate::engrave::cast::Cast;
use crate::engrave::page::Space;
use crate::engrave::prepare::Bar;
use crate::model::{Anchor, Beat, Mark, MarkKind, Score};

/// What a row is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engrave) enum Row {
    Chords,
    Figures,
    Dynamics,
}

/// A symbol of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct Symbol {
    /// The row, with its staff.
    pub row: (usize, Row),
    pub beat: Beat,
    /// From its place to the next of its row, at least.
    pub width: Space,
}

/// The symbols of a measure in the order of their rows and places.
pub(in crate::engrave) fn symbols(score: &Score, cast: &Cast, bar: &Bar) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    let mut add = |staff: usize, beat: Beat, mark: &Mark| {
        let (row, width) = match &mark.kind {
            MarkKind::Chord(symbol) => (Row::Chords, chord_symbols::room(symbol, &cast.style)),
            MarkKind::FiguredBass(bass) => (Row::Figures, figured_bass::room(bass)),
            MarkKind::Dynamic(text) => (Row::Dynamics, dynamics::room(text)),
            _ => return,
        };
        symbols.push(Symbol { row: (staff, row), beat, width });
    };
    for (_, mark) in score.marks_in(bar.id).filter(|(_, mark)| mark.visible) {
        match mark.anchor {
            Anchor::Staff(part, number, moment) => {
                if let Some(part) = cast.part(part) {
                    add(cast.staff(part, number.unwrap_or(1)), moment.beat, mark);
                }
            }
            Anchor::System(moment) => add(0, moment.beat, mark),
            _ => {}
        }
    }
    for chord in bar.chords.iter().filter(|chord| !chord.marks.is_empty()) {
        for mark in chord.marks.iter().filter_map(|id| score.mark(*id)) {
            add(chord.home(), chord.onset, mark);
        }
    }
    symbols.sort_by(|a, b| a.row.cmp(&b.row).then(a.beat.cmp(&b.beat)));
    symbols
}
