//! What engraving yields and every renderer reads: pages of positioned items, each with the record it comes from.
//!
//! Lengths are staff spaces (the distance between two lines of a full-size staff), y grows downwards, the origin is the top
//! left corner of the page. A page says how long its staff space is on paper.

use std::ops::{Add, Range, Sub};

use crate::font::{Face, Glyph, ShapedText};
use crate::model::{Beat, MeasureId, PartId, RecordRef};

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
}

/// Where one staff of a system is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StaffBox {
    /// Its part.
    pub part: PartId,
    /// Its number within the part, from 1.
    pub staff: u8,
    /// The y of its top line.
    pub top: Space,
    /// The y of its bottom line.
    pub bottom: Space,
}

/// Where a moment of the music is in a system: what a play cursor follows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimePoint {
    /// The measure.
    pub measure: MeasureId,
    /// From its start. The end of the measure is a point too, with the measure's length.
    pub beat: Beat,
    /// Where it is.
    pub x: Space,
}

/// One system: the staves that sound together on one line of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The measures in it, by position in the score.
    pub measures: Range<usize>,
    /// What its items cover.
    pub bounds: Rect,
    /// Its staves from top to bottom.
    pub staves: Vec<StaffBox>,
    /// Moments from left to right.
    pub times: Vec<TimePoint>,
    /// What is drawn, in painting order.
    pub items: Vec<Item>,
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
    /// What belongs to no system: title, names, page number.
    pub items: Vec<Item>,
    /// Its systems from top to bottom.
    pub systems: Vec<System>,
}
