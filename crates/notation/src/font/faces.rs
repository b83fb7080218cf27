//! The font files, parsed once, and the outlines of their glyphs.

use std::sync::LazyLock;

use harfrust::{Direction, Font, Script, ShapePlan, Tag};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlineGlyphCollection};
use skrifa::{FontRef, GlyphId, MetadataProvider};

use super::{Face, FontKey, Glyph, music_font, setting};
use crate::model::{MusicFont, TextFont};

pub use skrifa::outline::OutlinePen;

/// The height of a capital letter of the text faces, in ems.
pub const CAP_HEIGHT: f32 = 0.722;

static BRAVURA: &[u8] = include_bytes!("../../../../assets/fonts/Bravura.otf");
static PETALUMA: &[u8] = include_bytes!("../../../../assets/fonts/Petaluma.otf");
static SCRIPT: &[u8] = include_bytes!("../../../../assets/fonts/PetalumaScript.otf");
static ROMAN: &[u8] = include_bytes!("../../../../assets/fonts/Academico.otf");
static BOLD: &[u8] = include_bytes!("../../../../assets/fonts/Academico-Bold.otf");
static ITALIC: &[u8] = include_bytes!("../../../../assets/fonts/OldStandardTT-Italic.ttf");
static EXTENDED: &[u8] = include_bytes!("../../../../assets/fonts/OldStandardTT-Regular.ttf");
static CJK: &[u8] = include_bytes!("../../../../assets/fonts/NotoSerifTC-Regular.ttf");

/// The bytes of a font file (OpenType, one font).
pub fn data(key: FontKey) -> &'static [u8] {
    match key {
        FontKey::Bravura => BRAVURA,
        FontKey::Petaluma => PETALUMA,
        FontKey::Roman => ROMAN,
        FontKey::Bold | FontKey::BoldItalic => BOLD,
        FontKey::Italic => ITALIC,
        FontKey::Extended => EXTENDED,
        FontKey::Script => SCRIPT,
        FontKey::Cjk => CJK,
    }
}

/// The family name of a font and whether it is bold and italic, as CSS and programs that read our files name it.
pub fn name(key: FontKey) -> (&'static str, bool, bool) {
    match key {
        FontKey::Bravura => ("Bravura", false, false),
        FontKey::Petaluma => ("Petaluma", false, false),
        FontKey::Roman => ("Academico", false, false),
        FontKey::Bold => ("Academico", true, false),
        FontKey::Italic => ("Old Standard TT", false, true),
        FontKey::BoldItalic => ("Academico", true, true),
        FontKey::Extended => ("Old Standard TT", false, false),
        FontKey::Script => ("Petaluma Script", false, false),
        FontKey::Cjk => ("Noto Serif TC", false, false),
    }
}

/// How far a glyph's top leans to the right per unit of height, for a face that is slanted from its upright sister.
pub fn slant(key: FontKey) -> f32 {
    if key == FontKey::BoldItalic { 0.2 } else { 0.0 }
}

/// A font, ready to be asked.
pub(super) struct Loaded {
    /// For shaping.
    pub(super) font: Option<Font>,
    /// How left-to-right text of its main script is shaped.
    pub(super) plan: Option<ShapePlan>,
    /// For outlines.
    outlines: Option<OutlineGlyphCollection<'static>>,
    /// What the charmap says of the first code points, which are nearly all that is asked; 0 for what the font lacks.
    low: Vec<u16>,
    /// The same of the private use area, where SMuFL has its glyphs; empty for a text font.
    private: Vec<u16>,
    reference: Option<FontRef<'static>>,
    /// Of one font unit, in ems.
    pub(super) unit: f32,
}

impl Loaded {
    fn new(key: FontKey) -> Self {
        let bytes = data(key);
        let reference = FontRef::new(bytes).ok();
        let font = Font::new(bytes, 0);
        let script = if key == FontKey::Cjk { Tag::new(b"Hani") } else { Tag::new(b"Latn") };
        let script = Script::from_iso15924_tag(script);
        let plan = font.as_ref().map(|font| ShapePlan::new(font, Direction::LeftToRight, script, None, &[]));
        let units_per_em = font.as_ref().map_or(1000, |font| font.units_per_em()).max(1);
        let charmap = reference.as_ref().map(|reference| reference.charmap());
        let map = |code: u32| charmap.as_ref().and_then(|map| map.map(code)).map_or(0, |id| u16::try_from(id.to_u32()).unwrap_or(0));
        let music = matches!(key, FontKey::Bravura | FontKey::Petaluma);
        let private = charmap.as_ref().filter(|_| music).map_or_else(Vec::new, private);
        Self {
            low: (0..0x500).map(map).collect(),
            private,
            font,
            plan,
            outlines: reference.as_ref().map(|reference| reference.outline_glyphs()),
            reference,
            unit: 1.0 / f32::from(units_per_em),
        }
    }

    /// The glyph of a character; `None` if the font lacks it.
    pub(super) fn glyph(&self, letter: char) -> Option<u16> {
        let code = u32::from(letter);
        let private = || self.private.get(code.checked_sub(PRIVATE)? as usize);
        let id = match self.low.get(code as usize).or_else(private) {
            Some(id) => *id,
            None => u16::try_from(self.reference.as_ref()?.charmap().map(code)?.to_u32()).ok()?,
        };
        (id != 0).then_some(id)
    }
}

/// Where the private use area starts, and where it ends.
const PRIVATE: u32 = 0xe000;
const PRIVATE_END: u32 = 0xf8ff;

fn private(charmap: &Charmap) -> Vec<u16> {
    let mut ids = vec![0; (PRIVATE_END - PRIVATE + 1) as usize];
    for (code, id) in charmap.mappings().filter(|(code, _)| (PRIVATE..=PRIVATE_END).contains(code)) {
        ids[(code - PRIVATE) as usize] = u16::try_from(id.to_u32()).unwrap_or(0);
    }
    ids
}

/// The font behind a key.
pub(super) fn loaded(key: FontKey) -> &'static Loaded {
    static FONTS: [LazyLock<Loaded>; 8] = [
        LazyLock::new(|| Loaded::new(FontKey::Bravura)),
        LazyLock::new(|| Loaded::new(FontKey::Roman)),
        LazyLock::new(|| Loaded::new(FontKey::Bold)),
        LazyLock::new(|| Loaded::new(FontKey::Italic)),
        LazyLock::new(|| Loaded::new(FontKey::Extended)),
        LazyLock::new(|| Loaded::new(FontKey::Cjk)),
        LazyLock::new(|| Loaded::new(FontKey::Petaluma)),
        LazyLock::new(|| Loaded::new(FontKey::Script)),
    ];
    let index = match key {
        FontKey::Bravura => 0,
        FontKey::Roman => 1,
        FontKey::Bold | FontKey::BoldItalic => 2,
        FontKey::Italic => 3,
        FontKey::Extended => 4,
        FontKey::Cjk => 5,
        FontKey::Petaluma => 6,
        FontKey::Script => 7,
    };
    &FONTS[index]
}

/// The fonts of a face of a family, the preferred one first. What all of them lack is shown as the missing glyph of the first.
pub(super) fn fallbacks(family: TextFont, face: Face) -> [FontKey; 7] {
    let own = match face {
        Face::Roman => FontKey::Roman,
        Face::Bold => FontKey::Bold,
        Face::Italic => FontKey::Italic,
        Face::BoldItalic => FontKey::BoldItalic,
    };
    let first = if family == TextFont::PetalumaScript { FontKey::Script } else { own };
    let music = if setting().music == MusicFont::Petaluma { FontKey::Petaluma } else { FontKey::Bravura };
    [first, own, FontKey::Roman, FontKey::Extended, music, FontKey::Bravura, FontKey::Cjk]
}

/// The font that a music glyph is drawn with in the setting in force, and the glyph's index in its file; `None` for a glyph
/// that no music font has.
pub fn glyph_id(glyph: Glyph) -> Option<(FontKey, u16)> {
    let key = match music_font(glyph) {
        MusicFont::Bravura => FontKey::Bravura,
        MusicFont::Petaluma => FontKey::Petaluma,
    };
    Some((key, loaded(key).glyph(glyph.0)?))
}

/// How far a face's line reaches above and below its baseline, in ems, both positive.
pub fn ascent_descent(face: Face) -> (f32, f32) {
    match face {
        Face::Roman | Face::Bold | Face::BoldItalic => (0.98, 0.25),
        Face::Italic => (0.972, 0.266),
    }
}

/// Draws a glyph in ems, y downwards, its origin at 0; nothing for an index that the font lacks.
pub fn outline(key: FontKey, id: u16, pen: &mut dyn OutlinePen) {
    let Some(glyph) = loaded(key).outlines.as_ref().and_then(|outlines| outlines.get(GlyphId::from(id))) else {
        return;
    };
    let mut page = PagePen { pen, slant: slant(key) };
    // An outline that the font's own author broke is drawn as far as it goes.
    let _ = glyph.draw(DrawSettings::unhinted(Size::new(1.0), LocationRef::default()), &mut page);
}

/// One step of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)]
pub enum PathElement {
    Move { x: f32, y: f32 },
    Line { x: f32, y: f32 },
    Quad { cx: f32, cy: f32, x: f32, y: f32 },
    Cubic { ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32 },
    Close,
}

/// A glyph's outline in ems, y downwards.
pub fn path(key: FontKey, id: u16) -> Vec<PathElement> {
    let mut elements = Elements(Vec::new());
    outline(key, id, &mut elements);
    elements.0
}

struct Elements(Vec<PathElement>);

impl OutlinePen for Elements {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.push(PathElement::Move { x, y });
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.0.push(PathElement::Line { x, y });
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.0.push(PathElement::Quad { cx, cy, x, y });
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.0.push(PathElement::Cubic { ax, ay, bx, by, x, y });
    }
    fn close(&mut self) {
        self.0.push(PathElement::Close);
    }
}

/// Turns the font's upward y into the page's downward one, leaning the glyph where the face asks for it.
struct PagePen<'a> {
    pen: &'a mut dyn OutlinePen,
    slant: f32,
}

impl PagePen<'_> {
    fn x(&self, x: f32, y: f32) -> f32 {
        x + self.slant * y
    }
}

impl OutlinePen for PagePen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.pen.move_to(self.x(x, y), -y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.pen.line_to(self.x(x, y), -y);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.pen.quad_to(self.x(cx, cy), -cy, self.x(x, y), -y);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.pen.curve_to(self.x(ax, ay), -ay, self.x(bx, by), -by, self.x(x, y), -y);
    }
    fn close(&mut self) {
        self.pen.close();
    }
}
