//! What engraving yields and every renderer reads: pages of positioned items, each with the record it comes from.
//!
//! Lengths are staff spaces (the distance between two lines of a full-size staff), y grows downwards. A page says how long its
//! staff space is on paper. What belongs to no system is placed from the top left corner of the page; a system is drawn from
//! an origin of its own and a page says where that stands, so that a system which only moves remains the same [`System`].

use std::ops::{Add, Range, Sub};
use std::sync::Arc;

use crate::font::{Face, Glyph, Setting, ShapedText};
use crate::model::{Beat, Colour, MeasureId, PartId, RecordRef};

/// A length in staff spaces.
pub type Space = f32;

/// A point on the page, or a distance.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: Space,
    /// Downwards.
    pub y: Space,
}

impl Point {
    /// The point at these coordinates.
    pub const fn new(x: Space, y: Space) -> Self {
        Self { x, y }
    }
}
impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}
impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[allow(missing_docs)]
pub struct Rect {
    pub left: Space,
    pub top: Space,
    pub right: Space,
    pub bottom: Space,
}

impl Rect {
    /// The rectangle between these edges.
    pub const fn new(left: Space, top: Space, right: Space, bottom: Space) -> Self {
        Self { left, top, right, bottom }
    }

    /// Whether the two share an area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// The smallest rectangle around both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// The rectangle moved by this distance.
    #[must_use]
    pub fn moved(&self, by: Point) -> Self {
        Self { left: self.left + by.x, top: self.top + by.y, right: self.right + by.x, bottom: self.bottom + by.y }
    }

    /// Whether the point is inside or on the edge.
    pub fn contains(&self, point: Point) -> bool {
        (self.left..=self.right).contains(&point.x) && (self.top..=self.bottom).contains(&point.y)
    }
}

/// What an item is in the language of engraving: for colours, pointing and checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Role {
    StaffLine,
    LedgerLine,
    Barline,
    Brace,
    Clef,
    KeySignature,
    TimeSignature,
    Notehead,
    Accidental,
    Dot,
    Stem,
    Flag,
    Beam,
    Rest,
    Tie,
    Slur,
    Articulation,
    Ornament,
    Dynamic,
    Hairpin,
    Lyric,
    LyricLine,
    ChordSymbol,
    Tempo,
    Words,
    Rehearsal,
    Tuplet,
    Volta,
    Ottava,
    Pedal,
    Tremolo,
    Arpeggio,
    Glissando,
    PartName,
    MeasureNumber,
    Title,
    Credit,
    PageNumber,
    Other,
}

/// What is drawn. Curves and polygons are filled with the item's colour; lines are stroked with butt caps.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A glyph of the music font with its origin at `at`, `scale` times its full size (1 stands for a staff of four spaces).
    #[allow(missing_docs)]
    Glyph { glyph: Glyph, at: Point, scale: f32 },
    /// A straight line. A dash pattern `(on, off)` if it is not solid.
    #[allow(missing_docs)]
    Line { from: Point, to: Point, thickness: Space, dash: Option<(Space, Space)> },
    /// A filled polygon, such as a beam.
    Polygon(Vec<Point>),
    /// A tie or slur: two cubic Bézier curves between the same ends, filled between them.
    #[allow(missing_docs)]
    Curve { start: Point, outer: [Point; 2], inner: [Point; 2], end: Point },
    /// Text whose baseline starts at `at`, already shaped.
    #[allow(missing_docs)]
    Text { at: Point, face: Face, size: Space, text: String, shaped: ShapedText },
}

/// One thing on the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What is drawn.
    pub shape: Shape,
    /// What it is.
    pub role: Role,
    /// The record it shows; absent for staff lines and the like.
    pub source: Option<RecordRef>,
    /// The voice of its event, from 1; 0 where it belongs to none.
    pub voice: u8,
    /// The colour that its record asks for; the ink's where absent.
    pub colour: Option<Colour>,
}

impl Item {
    /// The item moved by this distance.
    #[must_use]
    pub fn moved(mut self, by: Point) -> Self {
        match &mut self.shape {
            Shape::Glyph { at, .. } | Shape::Text { at, .. } => *at = *at + by,
            Shape::Line { from, to, .. } => (*from, *to) = (*from + by, *to + by),
            Shape::Polygon(points) => points.iter_mut().for_each(|p| *p = *p + by),
            Shape::Curve { start, outer, inner, end } => {
                for point in [start, end].into_iter().chain(outer.iter_mut()).chain(inner.iter_mut()) {
                    *point = *point + by;
                }
            }
        }
        self
    }
}

/// Where one staff of a system is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaffBox {
    /// Its part.
    pub part: PartId,
    /// Its number within the part, from 1.
    pub staff: u8,
    /// The y of its top line, from the system's origin.
    pub top: Space,
    /// The y of its bottom line, from the system's origin.
    pub bottom: Space,
}

/// Where a moment of the music is in a system: what a play cursor follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimePoint {
    /// The measure.
    pub measure: MeasureId,
    /// From its start. The end of the measure is a point too, with the measure's length.
    pub beat: Beat,
    /// Where it is, from the system's origin.
    pub x: Space,
}

/// One system: the staves that sound together on one line of the page. Its origin is where the left margin of the page meets
/// the top line of its first staff.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The fonts it is drawn with.
    pub setting: Setting,
    /// What its items cover.
    pub bounds: Rect,
    /// Its staves from top to bottom.
    pub staves: Vec<StaffBox>,
    /// Moments from left to right.
    pub times: Vec<TimePoint>,
    /// What is drawn, in painting order.
    pub items: Vec<Item>,
}

/// A system at its place. Pages share systems: the same [`Arc`] means the same picture.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedSystem {
    /// Where the origin of the system is on the page.
    pub origin: Point,
    /// The measures in it, by position in the score.
    pub measures: Range<usize>,
    /// What it looks like.
    pub system: Arc<System>,
}

impl PlacedSystem {
    /// What its items cover on the page.
    pub fn bounds(&self) -> Rect {
        self.system.bounds.moved(self.origin)
    }

    /// Copies of its items where they are on the page.
    pub fn items(&self) -> impl Iterator<Item = Item> {
        self.system.items.iter().map(|item| item.clone().moved(self.origin))
    }
}

/// One page.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its number, from 1.
    pub number: usize,
    /// Its width.
    pub width: Space,
    /// Its height.
    pub height: Space,
    /// Millimetres of paper a staff space.
    pub millimetres_per_space: f32,
    /// The fonts it is drawn with.
    pub setting: Setting,
    /// What belongs to no system: title, names, page number.
    pub items: Vec<Item>,
    /// Its systems from top to bottom.
    pub systems: Vec<PlacedSystem>,
}
