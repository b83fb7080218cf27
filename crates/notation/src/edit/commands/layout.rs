//! Paper and style.

use crate::edit::{Change, Edit, EditError, Selection};
use crate::model::{Break, ChordSpelling, Field, LAYOUT, Layout, LayoutField, MeasureField, MusicFont, Score, TextFont};

/// A style that is chosen as a whole. What the paper is remains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StylePreset {
    /// As publishers of concert music have it.
    Classical,
    /// As a copyist of jazz charts writes.
    Jazz,
    /// To be read from a stand at some distance, in poor light.
    LargePrint,
}

/// The height of a staff in large print, in hundredths of a millimetre.
const LARGE_STAVES: u32 = 1000;

impl StylePreset {
    /// All presets with their names.
    pub const NAMED: [(&'static str, Self); 3] = [("classical", Self::Classical), ("jazz", Self::Jazz), ("large-print", Self::LargePrint)];

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    /// The layout with everything that is style as the preset has it.
    ///
    /// How large the staves are goes with the paper and the music on it, not with how it looks: handwriting is as large as print.
    /// Only large print is about size, and leaving it brings back the usual one.
    pub fn applied_to(self, layout: &Layout) -> Layout {
        let usual = Layout::default().staff_height;
        let paper = Layout {
            width: layout.width,
            height: layout.height,
            top: layout.top,
            right: layout.right,
            bottom: layout.bottom,
            left: layout.left,
            staff_height: if layout.staff_height == LARGE_STAVES { usual } else { layout.staff_height },
            // What is left out of print is a choice about the piece, not about its looks.
            hide_empty: layout.hide_empty,
            multi_rests: layout.multi_rests,
            page_turns: layout.page_turns,
            ..Layout::default()
        };
        match self {
            Self::Classical => paper,
            Self::Jazz => Layout {
                music_font: MusicFont::Petaluma,
                text_font: TextFont::PetalumaScript,
                lyric_font: TextFont::PetalumaScript,
                chord_font: TextFont::PetalumaScript,
                chord_spelling: ChordSpelling::Signs,
                chord_size: 120,
                note_spacing: 110,
                ..paper
            },
            Self::LargePrint => Layout {
                staff_height: LARGE_STAVES,
                text_size: 115,
                lyric_size: 115,
                chord_size: 125,
                title_size: 125,
                staff_lines: 130,
                stems: 135,
                lines: 130,
                ..paper
            },
        }
    }
}

/// Sets a field of the layout.
pub fn set_layout(field: LayoutField) -> Edit {
    Edit::new(vec![Change::Set(LAYOUT.into(), Field::Layout(field))])
}

/// Makes the layout this one, touching only the fields that differ.
pub fn change_layout(score: &Score, layout: &Layout) -> Edit {
    let pairs = score.layout().fields().into_iter().zip(layout.fields());
    pairs.filter(|(old, new)| old != new).map(|(_, new)| Change::Set(LAYOUT.into(), Field::Layout(new))).collect()
}

/// Gives the score a style.
pub fn set_style(score: &Score, preset: StylePreset) -> Edit {
    change_layout(score, &preset.applied_to(score.layout()))
}

/// Breaks the line (or the page) before the selected measure, or takes the break away.
///
/// # Errors
///
/// [`EditError::NothingSelected`].
pub fn set_break(score: &Score, selection: Selection, wanted: Option<Break>) -> Result<Edit, EditError> {
    let event = selection.event(score).and_then(|id| score.event(id)).ok_or(EditError::NothingSelected)?;
    Ok(Edit::new(vec![Change::Set(event.time.measure.into(), Field::Measure(MeasureField::Break(wanted)))]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_leaves_the_paper_and_its_undo_brings_everything_back() {
        let mut score = Score::default();
        let _ = set_layout(LayoutField::Width(2159)).apply(&mut score).unwrap();
        let _ = set_layout(LayoutField::NoteSpacing(140)).apply(&mut score).unwrap();
        let before = score.layout().clone();
        let back = set_style(&score, StylePreset::Jazz).apply(&mut score).unwrap();
        let jazz = score.layout();
        assert_eq!((jazz.width, jazz.music_font, jazz.note_spacing), (2159, MusicFont::Petaluma, 110));
        let _ = back.apply(&mut score).unwrap();
        assert_eq!(*score.layout(), before);
        let _ = set_style(&score, StylePreset::Classical).apply(&mut score).unwrap();
        assert_eq!(*score.layout(), Layout { width: 2159, ..Layout::default() });
    }

    #[test]
    fn staves_keep_their_size_but_for_large_print() {
        let mut score = Score::default();
        let _ = set_layout(LayoutField::StaffHeight(600)).apply(&mut score).unwrap();
        let mut height_in = |preset| {
            let _ = set_style(&score, preset).apply(&mut score).unwrap();
            score.layout().staff_height
        };
        assert_eq!(height_in(StylePreset::Jazz), 600);
        assert_eq!(height_in(StylePreset::Classical), 600);
        assert_eq!(height_in(StylePreset::LargePrint), 1000);
        assert_eq!(height_in(StylePreset::Jazz), 700);
    }
}
