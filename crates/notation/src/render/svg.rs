//! Pages as SVG: for files that need no font, and for the window, a group a system with few elements.
//!
//! What has the same role, voice and kind of ink is one path, coloured by `currentColor`, so that a style sheet can colour
//! each class and a dark theme needs none. Coordinates are staff spaces, rounded to thousandths.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::rc::Rc;

use super::outline::{MUSIC_EM, dashes, is_drawable, trace};
use crate::engrave::{Item, Page, Point, Role, Shape, Space, System};
use crate::font::{self, FontKey, OutlinePen, PathElement};
use crate::model::{Colour, RecordRef};

/// How many scaled glyphs are kept ready; a score uses a few hundred.
const READY_GLYPHS: usize = 8_192;

/// Where the glyphs of an SVG come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SvgFonts {
    /// They are outlines in the file, which stands alone.
    #[default]
    Outlines,
    /// They are text in fonts that the file names and its reader needs to have.
    Named,
}

/// How a page is drawn as a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SvgOptions {
    /// For screen readers and the title of a browser's window.
    pub title: String,
    /// The colour of the paper as CSS writes it; absent for none.
    pub background: Option<String>,
    /// The colour of the ink as CSS writes it; black if absent.
    pub ink: Option<String>,
    /// Where its glyphs come from.
    pub fonts: SvgFonts,
}

/// A page as an SVG file of its size on paper.
pub fn svg(page: &Page, options: &SvgOptions) -> String {
    let (width, height) = (page.width * page.millimetres_per_space, page.height * page.millimetres_per_space);
    let mut out = String::from("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"");
    push_number(&mut out, width);
    out.push_str("mm\" height=\"");
    push_number(&mut out, height);
    out.push_str("mm\" viewBox=\"0 0 ");
    push_number(&mut out, page.width);
    out.push(' ');
    push_number(&mut out, page.height);
    out.push_str("\" role=\"img\" color=\"");
    push_escaped(&mut out, options.ink.as_deref().unwrap_or("#000"));
    out.push_str("\">\n");
    if !options.title.is_empty() {
        out.push_str("<title>");
        push_escaped(&mut out, &options.title);
        out.push_str("</title>\n");
    }
    if let Some(colour) = &options.background {
        out.push_str("<rect width=\"100%\" height=\"100%\" fill=\"");
        push_escaped(&mut out, colour);
        out.push_str("\"/>\n");
    }
    let drawn = |name: &str, items: &[Item]| font::set_in(&page.setting, || lettered_group(name, items, options.fonts));
    out.push_str(&drawn("page-items", &page.items));
    for placed in &page.systems {
        out.push_str("\n<g transform=\"translate(");
        push_number(&mut out, placed.origin.x);
        out.push(' ');
        push_number(&mut out, placed.origin.y);
        out.push_str(")\">");
        out.push_str(&drawn("system", &placed.system.items));
        out.push_str("</g>");
    }
    out.push_str("\n</svg>\n");
    out
}

/// One system as a `<g class="system">`, drawn from its own origin.
pub fn svg_system(system: &System) -> String {
    font::set_in(&system.setting, || group("system", &system.items))
}

/// What belongs to no system (title, names, page number) as a `<g class="page-items">`, in the page's coordinates.
pub fn svg_page_items(page: &Page) -> String {
    font::set_in(&page.setting, || group("page-items", &page.items))
}

/// Only what shows one of these records, as a `<g class="records">` drawn from the system's origin: to be laid over the system
/// in the colour of the selection.
pub fn svg_records(system: &System, records: &[RecordRef]) -> String {
    let shown = system.items.iter().filter(|item| item.source.is_some_and(|source| records.contains(&source)));
    font::set_in(&system.setting, || group("records", shown))
}

/// The CSS class of a role.
pub fn class(role: Role) -> &'static str {
    match role {
        Role::StaffLine => "staff-line",
        Role::LedgerLine => "ledger-line",
        Role::Barline => "barline",
        Role::Brace => "brace",
        Role::Clef => "clef",
        Role::KeySignature => "key-signature",
        Role::TimeSignature => "time-signature",
        Role::Notehead => "notehead",
        Role::Accidental => "accidental",
        Role::Dot => "dot",
        Role::Stem => "stem",
        Role::Flag => "flag",
        Role::Beam => "beam",
        Role::Rest => "rest",
        Role::Tie => "tie",
        Role::Slur => "slur",
        Role::Articulation => "articulation",
        Role::Ornament => "ornament",
        Role::Dynamic => "dynamic",
        Role::Hairpin => "hairpin",
        Role::Lyric => "lyric",
        Role::LyricLine => "lyric-line",
        Role::ChordSymbol => "chord-symbol",
        Role::Tempo => "tempo",
        Role::Words => "words",
        Role::Rehearsal => "rehearsal",
        Role::Tuplet => "tuplet",
        Role::Volta => "volta",
        Role::Ottava => "ottava",
        Role::Pedal => "pedal",
        Role::Tremolo => "tremolo",
        Role::Arpeggio => "arpeggio",
        Role::Glissando => "glissando",
        Role::PartName => "part-name",
        Role::MeasureNumber => "measure-number",
        Role::Title => "title",
        Role::Credit => "credit",
        Role::PageNumber => "page-number",
        Role::Other => "other",
    }
}

/// What shares a path: strokes of one thickness (in thousandths), glyphs, or other areas. They are apart because only within
/// one of them all contours turn the same way, so that overlapping ones don't cancel out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ink {
    Stroke(i32),
    Glyphs,
    Area,
}

/// A group with its glyphs as outlines or as text.
fn lettered_group(name: &str, items: &[Item], fonts: SvgFonts) -> String {
    if fonts == SvgFonts::Outlines {
        return group(name, items);
    }
    let mut out = group(name, items.iter().filter(|item| ink(&item.shape) != Ink::Glyphs));
    out.truncate(out.len() - "</g>".len());
    items.iter().for_each(|item| super::svg_text::push(&mut out, item));
    out + "</g>"
}

/// Room for the steps of a path, to begin with.
const FIRST_STEPS: usize = 1024;

fn group<'a>(name: &str, items: impl IntoIterator<Item = &'a Item>) -> String {
    let mut paths: BTreeMap<(Role, u8, Ink, Option<Colour>), String> = BTreeMap::new();
    for item in items {
        if is_drawable(&item.shape) {
            let path =
                paths.entry((item.role, item.voice, ink(&item.shape), item.colour)).or_insert_with(|| String::with_capacity(FIRST_STEPS));
            push_shape(path, &item.shape);
        }
    }
    let length: usize = paths.values().map(|path| path.len() + 80).sum();
    let mut out = String::with_capacity(length + 80);
    // Writing to a string cannot fail.
    let _ = write!(out, "<g class=\"{name}\" fill=\"currentColor\">");
    for ((role, voice, ink, colour), path) in paths.iter().filter(|(_, path)| !path.is_empty()) {
        let _ = write!(out, "<path class=\"{}", class(*role));
        if *voice > 0 {
            let _ = write!(out, " v{voice}");
        }
        let colour = colour.map(css);
        if let Ink::Stroke(thickness) = ink {
            let _ = write!(out, "\" fill=\"none\" stroke=\"{}\" stroke-width=\"", colour.as_deref().unwrap_or("currentColor"));
            push_thousandths(&mut out, *thickness);
        } else if let Some(colour) = colour {
            let _ = write!(out, "\" fill=\"{colour}");
        }
        out.push_str("\" d=\"");
        out.push_str(path);
        out.push_str("\"/>");
    }
    out.push_str("</g>");
    out
}

/// A colour as CSS writes it.
pub(super) fn css(colour: Colour) -> String {
    let [red, green, blue, alpha] = colour.rgba();
    if alpha == 255 { format!("#{red:02x}{green:02x}{blue:02x}") } else { format!("#{red:02x}{green:02x}{blue:02x}{alpha:02x}") }
}

fn ink(shape: &Shape) -> Ink {
    match shape {
        Shape::Line { thickness, .. } => Ink::Stroke(thousandths(*thickness)),
        Shape::Glyph { .. } | Shape::Text { .. } => Ink::Glyphs,
        Shape::Polygon(_) | Shape::Curve { .. } => Ink::Area,
    }
}

fn push_shape(path: &mut String, shape: &Shape) {
    match shape {
        Shape::Line { from, to, dash, .. } => {
            for (start, end) in dashes(*from, *to, *dash) {
                push_line(path, start, end);
            }
        }
        Shape::Glyph { glyph, at, scale } => {
            if let Some((key, id)) = font::glyph_id(*glyph) {
                push_glyph(path, key, id, *at, scale * MUSIC_EM);
            }
        }
        Shape::Text { at, size, shaped, .. } => {
            for run in &shaped.runs {
                for glyph in &run.glyphs {
                    push_glyph(path, run.font, glyph.id, Point::new(at.x + glyph.x, at.y - glyph.y), *size);
                }
            }
        }
        area => {
            let mut pen = RelativePath::default();
            trace(area, &mut pen);
            // Relative to the origin of the page, so the first step is an absolute one.
            let steps = pen.finish();
            if let Some(rest) = steps.strip_prefix('m') {
                path.push('M');
                path.push_str(rest);
            }
        }
    }
}

fn push_line(path: &mut String, from: Point, to: Point) {
    let (x, y) = (thousandths(from.x), thousandths(from.y));
    path.push('M');
    push_pair(path, x, y);
    let (dx, dy) = (thousandths(to.x).saturating_sub(x), thousandths(to.y).saturating_sub(y));
    match (dx, dy) {
        (_, 0) => {
            path.push('h');
            push_thousandths(path, dx);
        }
        (0, _) => {
            path.push('v');
            push_thousandths(path, dy);
        }
        _ => {
            path.push('l');
            push_pair(path, dx, dy);
        }
    }
}

fn push_glyph(path: &mut String, font: FontKey, id: u16, at: Point, size: Space) {
    let body = ready_glyph(font, id, size);
    if !body.is_empty() {
        path.push('M');
        push_pair(path, thousandths(at.x), thousandths(at.y));
        path.push_str(&body);
    }
}

/// A glyph's outline as relative path steps from its origin. They don't depend on where the glyph is, so each is made once.
fn ready_glyph(font: FontKey, id: u16, size: Space) -> Rc<str> {
    type Ready = HashMap<(FontKey, u16, u32), Rc<str>>;
    thread_local! {
        static READY: RefCell<Ready> = RefCell::default();
    }
    READY.with_borrow_mut(|ready| {
        if ready.len() >= READY_GLYPHS {
            ready.clear();
        }
        let made = ready.entry((font, id, size.to_bits())).or_insert_with(|| relative_outline(font, id, size).into());
        Rc::clone(made)
    })
}

fn relative_outline(font: FontKey, id: u16, size: Space) -> String {
    let mut pen = RelativePath::default();
    for element in font::path(font, id) {
        match element {
            PathElement::Move { x, y } => pen.move_to(x * size, y * size),
            PathElement::Line { x, y } => pen.line_to(x * size, y * size),
            PathElement::Quad { cx, cy, x, y } => pen.quad_to(cx * size, cy * size, x * size, y * size),
            PathElement::Cubic { ax, ay, bx, by, x, y } => {
                pen.curve_to(ax * size, ay * size, bx * size, by * size, x * size, y * size);
            }
            PathElement::Close => pen.close(),
        }
    }
    pen.finish()
}

/// Writes an outline as relative steps. Each point is rounded before the difference is taken, so errors don't add up.
#[derive(Default)]
struct RelativePath {
    steps: String,
    at: (i32, i32),
    start: (i32, i32),
}

impl RelativePath {
    fn finish(self) -> String {
        self.steps
    }

    fn push(&mut self, x: f32, y: f32, spaced: bool) -> (i32, i32) {
        let to = (thousandths(x), thousandths(y));
        let step = (to.0.saturating_sub(self.at.0), to.1.saturating_sub(self.at.1));
        if spaced && step.0 >= 0 {
            self.steps.push(' ');
        }
        push_pair(&mut self.steps, step.0, step.1);
        to
    }
}

impl OutlinePen for RelativePath {
    fn move_to(&mut self, x: f32, y: f32) {
        self.steps.push('m');
        self.at = self.push(x, y, false);
        self.start = self.at;
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.steps.push('l');
        self.at = self.push(x, y, false);
    }
    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.steps.push('q');
        self.push(cx, cy, false);
        self.at = self.push(x, y, true);
    }
    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        self.steps.push('c');
        self.push(ax, ay, false);
        self.push(bx, by, true);
        self.at = self.push(x, y, true);
    }
    fn close(&mut self) {
        self.steps.push('z');
        self.at = self.start;
    }
}

/// A length in thousandths of its unit. What is absurdly far away stays at the edge of what fits.
fn thousandths(value: f32) -> i32 {
    (value * 1000.0).round().clamp(-2e9, 2e9) as i32
}

fn push_pair(out: &mut String, x: i32, y: i32) {
    push_thousandths(out, x);
    if y >= 0 {
        out.push(' ');
    }
    push_thousandths(out, y);
}

pub(super) fn push_number(out: &mut String, value: f32) {
    push_thousandths(out, thousandths(value));
}

/// Writes `-1250` as `-1.25`, `-250` as `-.25`.
fn push_thousandths(out: &mut String, value: i32) {
    if value < 0 {
        out.push('-');
    }
    let magnitude = value.unsigned_abs();
    let (whole, mut part) = (magnitude / 1000, magnitude % 1000);
    if whole > 0 || part == 0 {
        push_digits(out, whole);
    }
    if part > 0 {
        out.push('.');
        let mut place = 100;
        while part > 0 {
            out.push(char::from(b'0' + (part / place) as u8));
            part %= place;
            place /= 10;
        }
    }
}

fn push_digits(out: &mut String, number: u32) {
    if number >= 10 {
        push_digits(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

/// Text for XML: what has a meaning there is escaped, what may not be there at all (XML 1.0, section 2.2) is left out.
pub(super) fn push_escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => {}
            _ => out.push(letter),
        }
    }
}
