//! Engraving: from a score and a page to positioned items.
//!
//! Stages, each a file: what notation asks for (`prepare`), what stands together (`columns`, `shapes`), how far apart
//! (`spacing`), where lines break (`systems`), what each line looks like (`draw`), how far its staves are apart (`vertical`),
//! what goes on which page (`pages`) and what is printed around it (`furniture`).
//!
//! An [`Engraver`] calls them in that order and keeps what they made: a measure with its columns and gaps (`measures`), a
//! system (`signature`). Both files say what the stages that make such a thing may read; a stage that reads more has to
//! say so there, or an edit would leave behind a picture of what was before.

mod bars;
mod cast;
pub mod check;
mod columns;
mod credits;
#[cfg(test)]
mod crossing_tests;
mod draw;
mod engraver;
mod furniture;
#[cfg(test)]
mod layout_tests;
mod line;
mod lookup;
mod measures;
pub(crate) mod page;
mod pages;
mod prepare;
mod shapes;
mod sheet;
mod signature;
mod skyline;
mod spacing;
mod style;
mod systems;
#[cfg(test)]
mod tests;
mod vertical;

pub use engraver::{Effort, Engraver};
pub use lookup::{Cursor, bounds, cursor, hit, locate};
pub use page::{Item, Page, PlacedSystem, Point, Rect, Role, Shape, Space, StaffBox, System, TimePoint};

use crate::model::{Layout, PartId, Score};

/// How the music goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// In systems, on pages.
    #[default]
    Page,
    /// In one endless system.
    Continuous,
}

/// What to engrave, and on which paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// On pages, or all on one line.
    pub view: View,
    /// Paper and style; the score's own, or the part's, where absent.
    pub layout: Option<Layout>,
    /// Only this part, visible or not; all visible parts where absent.
    pub part: Option<PartId>,
}

/// The layout that a score, or one part of it alone, is shown in.
pub fn layout_of(score: &Score, part: Option<PartId>) -> Layout {
    let mut layout = score.layout().clone();
    let Some(part) = part.and_then(|id| score.part(id)) else { return layout };
    if let Some(paper) = part.paper {
        (layout.width, layout.height) = (paper.width, paper.height);
        (layout.top, layout.right, layout.bottom, layout.left) = (paper.top, paper.right, paper.bottom, paper.left);
    }
    layout.staff_height = part.staff_height.unwrap_or(layout.staff_height);
    layout
}

/// Engraves a score: one page at least, whatever the score.
///
/// The same score and options give the same pages, on every machine. Staves that are too many for the page, or a measure
/// too wide for it, are set smaller.
pub fn engrave(score: &Score, options: &Options) -> Vec<Page> {
    let mut engraver = Engraver::new(options.clone());
    engraver.engrave(score);
    engraver.into_pages()
}
