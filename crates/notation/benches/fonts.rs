//! What the engraver asks of the fonts most often.

use bandpro_notation::font::{self, Face, FontKey, glyphs};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

#[divan::bench]
fn glyph_metrics() -> font::GlyphMetrics {
    font::metrics(black_box(glyphs::NOTEHEAD_BLACK))
}

#[divan::bench(args = ["la", "Wer reitet so spät durch Nacht und Wind?", "B♭maj7/F♯", "望春風"])]
fn shape_text(bencher: Bencher, text: &str) {
    font::shape(text, Face::Roman, 2.0);
    bencher.bench(|| font::shape(black_box(text), Face::Roman, 2.0));
}

#[divan::bench]
fn glyph_outline() -> Vec<font::PathElement> {
    let (key, clef) = font::glyph_id(black_box(glyphs::G_CLEF)).unwrap_or((FontKey::Bravura, 0));
    font::path(key, clef)
}
