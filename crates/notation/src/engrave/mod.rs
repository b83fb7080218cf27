//! Engraving: from a score and a page to positioned items.
//!
//! Stages, each a file: what notation asks for (`prepare`), what stands together (`columns`, `shapes`), how far apart
//! (`spacing`), where lines break (`systems`), what each line looks like (`draw`), how far its staves are apart (`vertical`),
//! and what goes on which page (`pages`).

mod bars;
mod cast;
mod columns;
mod draw;
mod line;
mod lookup;
pub(crate) mod page;
mod pages;
mod prepare;
mod shapes;
mod sheet;
mod skyline;
mod spacing;
mod style;
mod systems;
#[cfg(test)]
mod tests;
mod vertical;

pub use lookup::{Cursor, bounds, cursor, hit, locate};
pub use page::{Item, Page, PlacedSystem, Point, Rect, Role, Shape, Space, StaffBox, System, TimePoint};

use crate::font;
use crate::model::{Layout, PartId, Score};
use cast::Cast;
use draw::{Draft, Work};
use sheet::Sheet;
use style::Style;

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
    /// Page and size of staves; the score's own where absent.
    pub layout: Option<Layout>,
    /// Only this part, visible or not; all visible parts where absent.
    pub part: Option<PartId>,
}

/// How small the staves may become so that a system fits on its page.
const SMALLEST: f32 = 0.2;

/// Engraves a score: one page at least, whatever the score.
///
/// The same score and options give the same pages, on every machine. Staves that are too many for the page, or a measure
/// too wide for it, are set smaller.
pub fn engrave(score: &Score, options: &Options) -> Vec<Page> {
    let layout = options.layout.as_ref().unwrap_or_else(|| score.layout());
    let style = Style::of(layout);
    let setting = style.setting;
    font::set_in(&setting, || set(score, options, layout, style))
}

/// Engraves in the fonts that are in force.
fn set(score: &Score, options: &Options, layout: &Layout, style: Style) -> Vec<Page> {
    let cast = Cast::of(score, options.part, style);
    let mut prepared = prepare::prepare(score, &cast);
    let laid = systems::lay_out_all(&mut prepared, &cast);
    let mut shrink = 1.0;
    loop {
        let sheet = Sheet::of(layout, shrink);
        let work = Work { score, cast: &cast, sheet: &sheet, prepared: &prepared, laid: &laid };
        let lines = work.lines();
        let mut drafts: Vec<Draft> = draw::systems(&work, lines);
        vertical::set(&mut drafts, &work);
        let lines: Vec<line::Line> = drafts.into_iter().map(|draft| line::finish(draft, &work)).collect();
        let fits = pages::fit(&lines, &work);
        if fits < 0.999 && shrink > SMALLEST {
            shrink = (shrink * fits * 0.99).max(SMALLEST);
            continue;
        }
        return pages::compose(lines, &work);
    }
}
