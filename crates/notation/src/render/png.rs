//! Pages as PNG pictures.

use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, Rect, Transform};

use super::RenderError;
use super::outline::{dashes, is_drawable, trace};
use crate::engrave::{Item, Page, PlacedSystem, Shape};
use crate::font::{self, OutlinePen};
use crate::model::Colour;

/// The most pixels of a picture: a sheet of A3 at 600 dots an inch fits, and its 280 MB of memory is the bound.
pub const LARGEST_PICTURE: u64 = 70_000_000;

/// The longest side of a picture in pixels: the picture library counts in 16 bits.
const LONGEST_SIDE: f64 = 30_000.0;

/// Lines of fewer pixels than this are moved to whole ones.
const WIDEST_ON_THE_GRID: f32 = 4.0;

/// What a picture is drawn on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Background {
    /// White paper.
    #[default]
    White,
    /// Nothing.
    Transparent,
}

/// A page on white paper as a picture of its size at a resolution in dots an inch.
///
/// # Errors
///
/// [`RenderError::PictureSize`] when the picture would have no pixels or more than [`LARGEST_PICTURE`].
pub fn png(page: &Page, dpi: f32) -> Result<Vec<u8>, RenderError> {
    png_on(page, dpi, Background::White)
}

/// A page as a picture on a background of one's choice.
///
/// # Errors
///
/// As [`png`].
pub fn png_on(page: &Page, dpi: f32, background: Background) -> Result<Vec<u8>, RenderError> {
    let scale = page.millimetres_per_space / 25.4 * dpi;
    encode(page, scale, 0.0, background)
}

/// A small picture of a page, `width` pixels wide, on white. Lines are drawn at least half a pixel thick, so that staves
/// remain visible.
///
/// # Errors
///
/// [`RenderError::PictureSize`] when the picture would have no pixels or more than [`LARGEST_PICTURE`].
pub fn thumbnail(page: &Page, width: u32) -> Result<Vec<u8>, RenderError> {
    encode(page, width as f32 / page.width, 0.5, Background::White)
}

fn encode(page: &Page, scale: f32, thinnest: f32, background: Background) -> Result<Vec<u8>, RenderError> {
    let mut picture = blank(page, scale, background)?;
    font::set_in(&page.setting, || {
        page.systems.iter().flat_map(PlacedSystem::items).for_each(|item| paint(&item, scale, thinnest, &mut picture));
        page.items.iter().for_each(|item| paint(item, scale, thinnest, &mut picture));
    });
    picture.encode_png().map_err(|error| RenderError::Png(error.to_string()))
}

fn blank(page: &Page, scale: f32, background: Background) -> Result<Pixmap, RenderError> {
    let (width, height) = (f64::from(page.width) * f64::from(scale), f64::from(page.height) * f64::from(scale));
    let (width, height) = (width.round(), height.round());
    let refused = || RenderError::PictureSize { width, height };
    // Written so that a size that is no number is refused, too.
    let side = 1.0..=LONGEST_SIDE;
    let drawable = side.contains(&width) && side.contains(&height) && width * height <= LARGEST_PICTURE as f64;
    if !drawable {
        return Err(refused());
    }
    let mut picture = Pixmap::new(width as u32, height as u32).ok_or_else(refused)?;
    if background == Background::White {
        picture.fill(Color::WHITE);
    }
    Ok(picture)
}

fn paint(item: &Item, scale: f32, thinnest: f32, picture: &mut Pixmap) {
    if !is_drawable(&item.shape) {
        return;
    }
    if let Shape::Line { from, to, thickness, dash } = &item.shape {
        let pixels = (thickness * scale).max(thinnest);
        if pixels < WIDEST_ON_THE_GRID && (from.x == to.x || from.y == to.y) {
            for (start, end) in dashes(*from, *to, *dash) {
                let ends = [start.x, start.y, end.x, end.y].map(|length| length * scale);
                paint_on_the_grid(ends, pixels, item.colour, picture);
            }
            return;
        }
    }
    let reach = 2.0 * picture.width().max(picture.height()) as f32 / scale;
    let mut pen = PathPen { path: PathBuilder::new(), reach };
    trace(&item.shape, &mut pen);
    let Some(path) = pen.path.finish() else { return };
    picture.fill_path(&path, &ink(item.colour, 1.0), FillRule::Winding, Transform::from_scale(scale, scale), None);
}

fn ink(colour: Option<Colour>, opacity: f32) -> Paint<'static> {
    let mut ink = Paint { anti_alias: true, ..Paint::default() };
    let [red, green, blue, alpha] = colour.map_or([0, 0, 0, 255], Colour::rgba).map(|part| f32::from(part) / 255.0);
    ink.set_color(Color::from_rgba(red, green, blue, (alpha * opacity).clamp(0.0, 1.0)).unwrap_or(Color::BLACK));
    ink
}

/// Paints an upright or level line on whole pixels, so that the lines of a staff look alike wherever they fall. One thinner
/// than a pixel is paler instead.
fn paint_on_the_grid([x1, y1, x2, y2]: [f32; 4], pixels: f32, colour: Option<Colour>, picture: &mut Pixmap) {
    let thick = pixels.round().max(1.0);
    let along = |a: f32, b: f32, end: u32| (a.min(b).round().max(0.0), a.max(b).round().min(end as f32));
    let across = |at: f32| {
        let start = (at - thick / 2.0).round();
        (start, start + thick)
    };
    let level = y1 == y2;
    let (left, right) = if level { along(x1, x2, picture.width()) } else { across(x1) };
    let (top, bottom) = if level { across(y1) } else { along(y1, y2, picture.height()) };
    if let Some(rect) = Rect::from_ltrb(left, top, right, bottom) {
        let ink = Paint { anti_alias: false, ..ink(colour, pixels) };
        picture.fill_rect(rect, &ink, Transform::identity(), None);
    }
}

/// Collects an outline as a path of the picture library, which cannot take points far outside the picture: they are moved to
/// the edge of its reach.
struct PathPen {
    path: PathBuilder,
    reach: f32,
}

impl PathPen {
    fn near(&self, length: f32) -> f32 {
        length.clamp(-self.reach, self.reach)
    }
}

impl OutlinePen for PathPen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.near(x), self.near(y));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.near(x), self.near(y));
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.near(cx), self.near(cy), self.near(x), self.near(y));
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.path.cubic_to(self.near(ax), self.near(ay), self.near(bx), self.near(by), self.near(x), self.near(y));
    }
    fn close(&mut self) {
        self.path.close();
    }
}
