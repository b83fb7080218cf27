//! Glyphs and words of an SVG as text in named fonts: smaller, searchable and editable, for whoever has the fonts installed.

use std::fmt::Write as _;

use super::outline::{MUSIC_EM, is_drawable};
use super::svg::{class, css, push_escaped, push_number};
use crate::engrave::{Item, Shape};
use crate::font::{self, FontKey};

/// Writes an item as text; nothing for what is no text.
pub(super) fn push(out: &mut String, item: &Item) {
    if !is_drawable(&item.shape) {
        return;
    }
    match &item.shape {
        Shape::Glyph { glyph, at, scale } => {
            let Some((key, _)) = font::glyph_id(*glyph) else { return };
            open(out, item, key, scale * MUSIC_EM);
            place(out, at.x, at.y);
            let mut code = [0; 4];
            push_escaped(out, glyph.0.encode_utf8(&mut code));
            out.push_str("</text>");
        }
        Shape::Text { at, size, text, shaped, .. } => {
            for run in &shaped.runs {
                let (Some(first), Some(shown)) = (run.glyphs.first(), text.get(run.text.clone())) else { continue };
                open(out, item, run.font, *size);
                place(out, at.x + first.x, at.y - first.y);
                push_escaped(out, shown);
                out.push_str("</text>");
            }
        }
        Shape::Line { .. } | Shape::Polygon(_) | Shape::Curve { .. } => {}
    }
}

fn open(out: &mut String, item: &Item, key: FontKey, size: f32) {
    let (family, bold, italic) = font::name(key);
    let kind = if matches!(key, FontKey::Bravura | FontKey::Petaluma) { "" } else { ", serif" };
    // Writing to a string cannot fail.
    let _ = write!(out, "<text xml:space=\"preserve\" class=\"{}", class(item.role));
    if item.voice > 0 {
        let _ = write!(out, " v{}", item.voice);
    }
    let _ = write!(out, "\" font-family=\"'{family}'{kind}\"");
    if bold {
        out.push_str(" font-weight=\"bold\"");
    }
    if italic {
        out.push_str(" font-style=\"italic\"");
    }
    if let Some(colour) = item.colour {
        let _ = write!(out, " fill=\"{}\"", css(colour));
    }
    out.push_str(" font-size=\"");
    push_number(out, size);
    out.push('"');
}

fn place(out: &mut String, x: f32, y: f32) {
    out.push_str(" x=\"");
    push_number(out, x);
    out.push_str("\" y=\"");
    push_number(out, y);
    out.push_str("\">");
}
