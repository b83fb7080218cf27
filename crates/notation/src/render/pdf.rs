//! Pages as one PDF: fonts embedded and subset, text selectable, each page of its size on paper.

use std::collections::BTreeMap;

use krilla::color::{luma, rgb};
use krilla::geom::{PathBuilder, Point as PdfPoint, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Paint, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use krilla::{Data, Document};

use super::RenderError;
use super::outline::{MUSIC_EM, dashes, is_drawable, trace};
use crate::engrave::{Item, Page, Point, Shape, Space};
use crate::font::{self, FontKey, Glyph, OutlinePen, ShapedRun, ShapedText};
use crate::model::Colour;

/// The longest side of a page in PDF units: 200 inches (ISO 32000-1, annex C.2).
const LONGEST_SIDE: f32 = 14_400.0;

/// A day and time for the PDF's creation date, in UTC. Nothing here asks a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct PdfDate {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

/// What a PDF says of itself. What is empty is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PdfMeta {
    /// The title of the piece.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// What it is, such as the name of the part.
    pub subject: String,
    /// The language of its words (RFC 3066).
    pub language: String,
    /// When the file was made; absent if the caller wants files that are equal whenever they are made.
    pub created: Option<PdfDate>,
}

/// Pages as one PDF file.
///
/// # Errors
///
/// [`RenderError::NoPages`], [`RenderError::PageSize`] for a page without a size that paper could have, and
/// [`RenderError::Pdf`] when the PDF library refuses.
pub fn pdf(pages: &[Page], meta: &PdfMeta) -> Result<Vec<u8>, RenderError> {
    if pages.is_empty() {
        return Err(RenderError::NoPages);
    }
    let mut document = Document::new();
    document.set_metadata(metadata(meta));
    let mut fonts = Fonts::default();
    for page in pages {
        let scale = page.millimetres_per_space * 72.0 / 25.4;
        let mut sheet = document.start_page_with(settings(page, scale)?);
        let mut sheet = Sheet { surface: sheet.surface(), origin: Point::default(), scale, colour: None, fonts: &mut fonts };
        font::set_in(&page.setting, || sheet.draw_all(page));
        sheet.surface.finish();
    }
    document.finish().map_err(|error| RenderError::Pdf(error.to_string()))
}

fn metadata(meta: &PdfMeta) -> Metadata {
    let mut written = Metadata::new().creator("BandPro".to_owned()).title(meta.title.clone()).description(meta.subject.clone());
    if !meta.author.is_empty() {
        written = written.authors(vec![meta.author.clone()]);
    }
    if !meta.language.is_empty() {
        written = written.language(meta.language.clone());
    }
    if let Some(date) = meta.created {
        let time = DateTime::new(date.year).month(date.month).day(date.day).hour(date.hour).minute(date.minute).second(date.second);
        written = written.creation_date(time.utc_offset_hour(0));
    }
    written
}

fn settings(page: &Page, scale: f32) -> Result<PageSettings, RenderError> {
    let (width, height) = (page.width * scale, page.height * scale);
    let paper = |side: f32| (1.0..=LONGEST_SIDE).contains(&side);
    let refused = || {
        let (width_mm, height_mm) = (page.width * page.millimetres_per_space, page.height * page.millimetres_per_space);
        RenderError::PageSize { page: page.number, width_mm, height_mm }
    };
    if !paper(width) || !paper(height) {
        return Err(refused());
    }
    PageSettings::from_wh(width, height).ok_or_else(refused)
}

/// The fonts that this file uses so far.
#[derive(Default)]
struct Fonts(BTreeMap<FontKey, Option<Font>>);

impl Fonts {
    fn get(&mut self, key: FontKey) -> Option<Font> {
        // The slanted face shares its file with the upright one.
        let key = if key == FontKey::BoldItalic { FontKey::Bold } else { key };
        self.0.entry(key).or_insert_with(|| Font::new(Data::from(font::data(key)), 0)).clone()
    }
}

/// A page being drawn. The page's staff spaces become PDF units here.
struct Sheet<'a, 'b> {
    surface: Surface<'a>,
    /// Where what is being drawn has its origin.
    origin: Point,
    scale: f32,
    colour: Option<Colour>,
    fonts: &'b mut Fonts,
}

impl Sheet<'_, '_> {
    fn draw_all(&mut self, page: &Page) {
        page.items.iter().for_each(|item| self.draw(item));
        for placed in &page.systems {
            self.origin = placed.origin;
            placed.system.items.iter().for_each(|item| self.draw(item));
        }
    }

    fn draw(&mut self, item: &Item) {
        if !is_drawable(&item.shape) {
            return;
        }
        self.colour = item.colour;
        match &item.shape {
            Shape::Glyph { glyph, at, scale } => self.glyph(*glyph, *at, *scale),
            Shape::Line { from, to, thickness, dash } => self.line(*from, *to, *thickness, *dash),
            shape @ (Shape::Polygon(_) | Shape::Curve { .. }) => self.area(shape),
            Shape::Text { at, size, text, shaped, .. } => self.text(*at, *size, text, shaped),
        }
    }

    fn point(&self, point: Point) -> PdfPoint {
        let point = point + self.origin;
        PdfPoint::from_xy(point.x * self.scale, point.y * self.scale)
    }

    fn ink(&self) -> (Paint, NormalizedF32) {
        let Some([red, green, blue, alpha]) = self.colour.map(Colour::rgba) else {
            return (luma::Color::black().into(), NormalizedF32::ONE);
        };
        (rgb::Color::new(red, green, blue).into(), NormalizedF32::new(f32::from(alpha) / 255.0).unwrap_or(NormalizedF32::ONE))
    }

    fn fill(&mut self) {
        self.surface.set_stroke(None);
        let (paint, opacity) = self.ink();
        self.surface.set_fill(Some(Fill { paint, opacity, ..Fill::default() }));
    }

    fn glyph(&mut self, glyph: Glyph, at: Point, scale: f32) {
        let Some((key, id)) = font::glyph_id(glyph) else { return };
        let Some(face) = self.fonts.get(key) else { return };
        let mut code = [0; 4];
        let text = glyph.0.encode_utf8(&mut code);
        let advance = font::metrics(glyph).advance / MUSIC_EM;
        let placed = [KrillaGlyph::new(GlyphId::new(u32::from(id)), advance, 0.0, 0.0, 0.0, 0..text.len(), None)];
        self.fill();
        let start = self.point(at);
        self.surface.draw_glyphs(start, &placed, face, text, scale * MUSIC_EM * self.scale, false);
    }

    fn line(&mut self, from: Point, to: Point, thickness: Space, dash: Option<(Space, Space)>) {
        let mut path = PathBuilder::new();
        for (start, end) in dashes(from, to, dash) {
            let (start, end) = (self.point(start), self.point(end));
            path.move_to(start.x, start.y);
            path.line_to(end.x, end.y);
        }
        let Some(path) = path.finish() else { return };
        self.surface.set_fill(None);
        let width = thickness * self.scale;
        let (paint, opacity) = self.ink();
        self.surface.set_stroke(Some(Stroke { paint, opacity, width, ..Stroke::default() }));
        self.surface.draw_path(&path);
    }

    fn area(&mut self, shape: &Shape) {
        let mut pen = AreaPen { path: PathBuilder::new(), origin: self.origin, scale: self.scale };
        trace(shape, &mut pen);
        if let Some(path) = pen.path.finish() {
            self.fill();
            self.surface.draw_path(&path);
        }
    }

    fn text(&mut self, at: Point, size: Space, text: &str, shaped: &ShapedText) {
        if size <= 0.0 {
            return;
        }
        self.fill();
        for run in &shaped.runs {
            let (Some(first), Some(face)) = (run.glyphs.first(), self.fonts.get(run.font)) else { continue };
            let glyphs = placed_glyphs(run, text, size);
            let start = self.point(Point::new(at.x + first.x, at.y));
            let slant = font::slant(run.font);
            // Leans the run around its baseline; y grows downwards.
            self.surface.push_transform(&Transform::from_row(1.0, 0.0, -slant, 1.0, slant * start.y, 0.0));
            self.surface.draw_glyphs(start, &glyphs, face, text, size * self.scale, false);
            self.surface.pop();
        }
    }
}

/// The glyphs of a run, each advancing to where the next one was placed, with the text that each shows: up to the next
/// cluster, and none if that is not whole characters.
fn placed_glyphs(run: &ShapedRun, text: &str, size: Space) -> Vec<KrillaGlyph> {
    let mut placed: Vec<KrillaGlyph> = Vec::with_capacity(run.glyphs.len());
    let (mut next_x, mut cluster, mut end) = (None, run.text.end, run.text.end);
    for glyph in run.glyphs.iter().rev() {
        if glyph.cluster != cluster {
            (end, cluster) = (cluster, glyph.cluster);
        }
        let shown = if text.get(cluster..end).is_some() { cluster..end } else { 0..0 };
        let advance = next_x.map_or(glyph.advance, |next: f32| next - glyph.x) / size;
        placed.push(KrillaGlyph::new(GlyphId::new(u32::from(glyph.id)), advance, 0.0, glyph.y / size, 0.0, shown, None));
        next_x = Some(glyph.x);
    }
    placed.reverse();
    placed
}

struct AreaPen {
    path: PathBuilder,
    origin: Point,
    scale: f32,
}

impl AreaPen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        ((x + self.origin.x) * self.scale, (y + self.origin.y) * self.scale)
    }
}

impl OutlinePen for AreaPen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let ((cx, cy), (x, y)) = (self.at(cx, cy), self.at(x, y));
        self.path.quad_to(cx, cy, x, y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let ((ax, ay), (bx, by), (x, y)) = (self.at(ax, ay), self.at(bx, by), self.at(x, y));
        self.path.cubic_to(ax, ay, bx, by, x, y);
    }
    fn close(&mut self) {
        self.path.close();
    }
}
