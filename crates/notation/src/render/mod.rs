//! Rendering: a [`Page`](crate::engrave::Page) as SVG, PDF or PNG. Renderers only read the page; they decide nothing about it.

pub(crate) mod outline;
mod pdf;
mod png;
mod svg;
mod svg_text;

pub use pdf::{PdfDate, PdfMeta, pdf};
pub use png::{Background, LARGEST_PICTURE, png, png_on, thumbnail};
pub use svg::{SvgFonts, SvgOptions, class, svg, svg_page_items, svg_records, svg_system};

/// Why a page could not be rendered.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// The picture has no size, or one that would fill the memory.
    #[error("a picture of {width} × {height} pixels is outside what can be drawn; choose a resolution that gives at most {} million pixels", LARGEST_PICTURE / 1_000_000)]
    #[allow(missing_docs)]
    PictureSize { width: f64, height: f64 },
    /// The page's own size is not one of paper.
    #[error("page {page} is {width_mm} mm × {height_mm} mm, which is no paper size; check the page settings")]
    #[allow(missing_docs)]
    PageSize { page: usize, width_mm: f32, height_mm: f32 },
    /// There is nothing to render.
    #[error("there are no pages to render")]
    NoPages,
    /// The PDF library refused.
    #[error("the PDF could not be written: {0}")]
    Pdf(String),
    /// The PNG encoder refused.
    #[error("the PNG could not be written: {0}")]
    Png(String),
}
