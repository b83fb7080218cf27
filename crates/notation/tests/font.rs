//! The embedded fonts: their measures agree with their outlines, and text is shaped with kerning and fallback.

use bandpro_notation::font::{self, Face, FontKey, Glyph, OutlinePen, Setting, glyphs};
use bandpro_notation::model::{MusicFont, TextFont};

#[derive(Default)]
struct Bounds(Option<[f32; 4]>);

impl Bounds {
    fn add(&mut self, x: f32, y: f32) {
        let [left, top, right, bottom] = self.0.unwrap_or([x, y, x, y]);
        self.0 = Some([left.min(x), top.min(y), right.max(x), bottom.max(y)]);
    }
}

impl OutlinePen for Bounds {
    fn move_to(&mut self, x: f32, y: f32) {
        self.add(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.add(x, y);
    }
    fn quad_to(&mut self, _: f32, _: f32, x: f32, y: f32) {
        self.add(x, y);
    }
    fn curve_to(&mut self, _: f32, _: f32, _: f32, _: f32, x: f32, y: f32) {
        self.add(x, y);
    }
    fn close(&mut self) {}
}

fn ink(font: FontKey, id: u16) -> Option<[f32; 4]> {
    let mut bounds = Bounds::default();
    font::outline(font, id, &mut bounds);
    bounds.0
}

#[test]
fn the_metrics_are_those_of_the_metadata() {
    let head = font::metrics(glyphs::NOTEHEAD_BLACK);
    assert_eq!(head.advance, 1.18);
    assert_eq!((head.bbox.left, head.bbox.top, head.bbox.right, head.bbox.bottom), (0.0, -0.5, 1.18, 0.5));
    let stem = head.stem_up_se.expect("a black notehead has a stem");
    assert_eq!((stem.x, stem.y), (1.18, -0.168), "y points downwards");
    assert_eq!(head.stem_down_nw.map(|p| p.y), Some(0.168));
    assert!(font::metrics(glyphs::ACCIDENTAL_FLAT).cut_outs.ne.is_some());
    assert!(font::metrics(glyphs::FLAG8TH_UP).stem_up_nw.is_some());
    assert_eq!(font::engraving_defaults().staff_line_thickness, 0.13);
    assert_eq!(font::metrics(Glyph('A')), font::GlyphMetrics::default());
}

#[test]
fn boxes_agree_with_outlines() {
    let agree = || {
        for glyph in [glyphs::G_CLEF, glyphs::F_CLEF, glyphs::REST_QUARTER, glyphs::ACCIDENTAL_SHARP, glyphs::DYNAMIC_FF, glyphs::TIME_SIG4]
        {
            let (key, id) = font::glyph_id(glyph).expect("both fonts have it");
            let [left, top, right, bottom] = ink(key, id).expect("it has ink").map(|ems| ems * 4.0);
            let bbox = font::metrics(glyph).bbox;
            for (drawn, stated) in [(left, bbox.left), (top, bbox.top), (right, bbox.right), (bottom, bbox.bottom)] {
                assert!((drawn - stated).abs() < 0.06, "{key:?} {glyph:?}: {drawn} is not {stated}");
            }
        }
    };
    agree();
    font::set_in(&Setting { music: MusicFont::Petaluma, ..Setting::CLASSICAL }, agree);
}

#[test]
fn a_setting_answers_for_its_own_fonts_and_only_while_it_lasts() {
    let wide = || font::metrics(glyphs::NOTEHEAD_BLACK).bbox.right;
    let jazz = Setting { music: MusicFont::Petaluma, text: TextFont::PetalumaScript, weights: [100, 150, 100], ..Setting::CLASSICAL };
    assert_eq!((wide(), font::setting()), (1.18, Setting::CLASSICAL));
    font::set_in(&jazz, || {
        assert!((wide() - 1.336).abs() < 0.01);
        assert!((font::engraving_defaults().stem_thickness - 0.18).abs() < 1e-6);
        assert_eq!(font::glyph_id(glyphs::NOTEHEAD_BLACK).map(|id| id.0), Some(FontKey::Petaluma));
        assert_eq!(font::glyph_id(glyphs::FRETBOARD6_STRING).map(|id| id.0), Some(FontKey::Bravura), "what it lacks is Bravura's");
        let runs = font::shape("Blues 望", Face::Bold, 1.0).runs;
        assert_eq!(runs.iter().map(|run| run.font).collect::<Vec<_>>(), [FontKey::Script, FontKey::Cjk]);
    });
    let broken = std::panic::catch_unwind(|| font::set_in(&jazz, || panic!("as a test")));
    assert!(broken.is_err());
    assert_eq!((wide(), font::setting()), (1.18, Setting::CLASSICAL));
}

#[test]
fn names_lead_to_glyphs_and_every_named_glyph_is_in_the_font() {
    assert_eq!(glyphs::named("noteheadBlack"), Some(glyphs::NOTEHEAD_BLACK));
    assert_eq!(glyphs::named("gClef8vb"), Some(Glyph('\u{E052}')));
    assert_eq!(glyphs::named("accidentalQuarterToneSharpStein"), Some(Glyph('\u{E282}')));
    assert_eq!(glyphs::named("noSuchGlyph"), None);
    assert_eq!(glyphs::nth(glyphs::TIME_SIG0, 4), glyphs::TIME_SIG4);
    let list = include_str!("../../../assets/fonts/SMuFL-names.txt");
    for (code, name) in list.lines().filter_map(|line| line.split_once(' ')) {
        let glyph = glyphs::named(name).expect(name);
        assert_eq!(format!("{:04X}", u32::from(glyph.0)), code);
        assert!(font::glyph_id(glyph).is_some(), "{name}");
    }
}

#[test]
fn text_is_kerned_and_advances_add_up() {
    let kerned = font::shape("AV", Face::Roman, 2.0).advance;
    let apart = font::shape("A", Face::Roman, 2.0).advance + font::shape("V", Face::Roman, 2.0).advance;
    assert!(kerned < apart - 0.01, "{kerned} against {apart}");
    let line = font::shape("Ständchen", Face::Bold, 3.0);
    let sum: f32 = line.runs.iter().flat_map(|run| &run.glyphs).map(|glyph| glyph.advance).sum();
    assert!((sum - line.advance).abs() < 1e-3);
    assert_eq!(line.runs.len(), 1);
    assert!((font::shape("x", Face::Roman, 4.0).advance - 2.0 * font::shape("x", Face::Roman, 2.0).advance).abs() < 1e-4);
}

#[test]
fn each_character_finds_a_font_that_has_it() {
    let fonts = |text: &str, face| font::shape(text, face, 1.0).runs.iter().map(|run| run.font).collect::<Vec<_>>();
    assert_eq!(fonts("Lied", Face::Roman), [FontKey::Roman]);
    assert_eq!(fonts("dolce", Face::Italic), [FontKey::Italic]);
    assert_eq!(fonts("望春風 Bāng", Face::Roman), [FontKey::Cjk, FontKey::Roman]);
    assert_eq!(fonts("Ночь", Face::Roman), [FontKey::Extended]);
    assert_eq!(fonts("B♭ F♯ C♮", Face::Roman), [FontKey::Roman]);
    assert_eq!(fonts("B♭", Face::Italic), [FontKey::Italic, FontKey::Roman]);
    assert_eq!(fonts("\u{E1D5} = 120", Face::Roman), [FontKey::Bravura, FontKey::Roman]);
    for text in ["Ständchen", "望春風", "Ночь", "Đường", "B♭ F♯", "Dvořák", "“fi” — …"] {
        for face in [Face::Roman, Face::Bold, Face::Italic, Face::BoldItalic] {
            let shaped = font::shape(text, face, 1.0);
            assert!(shaped.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.id != 0), "{text} {face:?}");
        }
    }
}

#[test]
fn odd_text_is_no_trouble() {
    assert_eq!(font::shape("", Face::Roman, 1.0).advance, 0.0);
    let broken = font::shape("a\nb\tc\u{0}", Face::Roman, 1.0);
    assert!(broken.runs.iter().flat_map(|run| &run.glyphs).all(|glyph| glyph.id != 0), "control characters are spaces");
    let unknown = font::shape("\u{1F600}", Face::Roman, 1.0);
    assert_eq!(unknown.runs[0].glyphs[0].id, 0, "shown as the missing glyph");
    let combining = font::shape("e\u{301}\u{302}\u{303}", Face::Italic, 1.0);
    assert!(combining.advance > 0.0);
    let long = font::shape(&"la ".repeat(100_000), Face::Roman, 1.0);
    assert!(long.advance.is_finite());
    assert_eq!(font::shape("The same", Face::Italic, 1.7), font::shape("The same", Face::Italic, 1.7));
}

#[test]
fn an_upright_sister_leans_for_bold_italic() {
    let id = font::shape("l", Face::Bold, 1.0).runs[0].glyphs[0].id;
    let upright = ink(FontKey::Bold, id).expect("ink");
    let leaning = ink(FontKey::BoldItalic, id).expect("ink");
    assert!(leaning[2] - leaning[0] > upright[2] - upright[0] + 0.05);
    assert_eq!((leaning[1], leaning[3]), (upright[1], upright[3]));
}
