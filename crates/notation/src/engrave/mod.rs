//! Engraving: from a score and a page to positioned items.

mod page;

pub use page::{Item, Page, Point, Rect, Role, Shape, Space, StaffBox, System, TimePoint};
