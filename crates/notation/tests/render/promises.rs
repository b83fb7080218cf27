//! What the output formats promise: exact paper, fonts embedded and subset, colours, an SVG that names its fonts.

use std::process::Command;

use bandpro_notation::edit::{change_layout, set_header};
use bandpro_notation::engrave::{Options, engrave};
use bandpro_notation::font::Setting;
use bandpro_notation::model::{Colour, HeaderField, IdSource, Layout, Measure, MusicFont, Part, Score, TextFont, TimeSignature};
use bandpro_notation::render::{self, PdfMeta, SvgFonts, SvgOptions};

use super::{ink, page_of, png, specimen};

/// A score of four empty measures with a title.
fn score(layout: Layout) -> Score {
    let (mut score, mut ids) = (Score::new(), IdSource::fixed(1));
    score.insert(ids.next::<Part>(), Part { name: "Flute".to_owned(), ..Part::default() }).expect("a part");
    for number in 1..=4 {
        let time = (number == 1).then(|| TimeSignature::new(4, 4));
        score.push_measure(ids.next(), Measure { number: number.to_string(), time, ..Measure::default() });
    }
    for edit in [set_header(HeaderField::Title("Lied".to_owned())), change_layout(&score, &layout)] {
        let _ = edit.apply(&mut score).expect("it fits");
    }
    score
}

fn run(program: &str, arguments: &[&str], pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, pdf).expect("written");
    match Command::new(program).args(arguments).arg(&file).output() {
        Ok(done) => Some(String::from_utf8_lossy(&done.stdout).into_owned()),
        Err(_) => {
            eprintln!("skipped: {program} is not installed");
            None
        }
    }
}

#[test]
fn paper_is_exactly_as_large_as_asked() {
    for (width, height, said) in [
        (2100, 2970, "595.276 x 841.89 pts (A4)"),
        (2159, 2794, "612 x 792 pts (letter)"),
        (2290, 3050, "649.134 x 864.567 pts"),
        (2794, 2159, "792 x 612 pts (letter)"),
    ] {
        let score = score(Layout { width, height, ..Layout::default() });
        let pdf = render::pdf(&engrave(&score, &Options::default()), &PdfMeta::default()).expect("a PDF");
        let Some(found) = run("pdfinfo", &[], &pdf) else { return };
        assert!(found.contains(said), "{said} is not in {found}");
    }
}

#[test]
fn every_font_is_embedded_and_subset() {
    let jazz = Layout { music_font: MusicFont::Petaluma, text_font: TextFont::PetalumaScript, ..Layout::default() };
    for (layout, fonts) in [(Layout::default(), ["Bravura", "Academico"]), (jazz, ["Petaluma", "PetalumaScript"])] {
        let pdf = render::pdf(&engrave(&score(layout), &Options::default()), &PdfMeta::default()).expect("a PDF");
        let Some(found) = run("pdffonts", &[], &pdf) else { return };
        for font in fonts {
            assert!(found.contains(&format!("+{font}")), "{font} is not subset in {found}");
        }
        assert!(found.lines().skip(2).all(|line| line.contains("yes yes")), "{found}");
    }
}

#[test]
fn colours_reach_every_renderer() {
    let mut item = page_of(Vec::new());
    item.items = vec![specimen::line(bandpro_notation::engrave::Role::Slur, (10.0, 10.0), (20.0, 10.0), 1.0)];
    let black = ink(&png(&item), 5.0, 5.0, 25.0, 15.0);
    item.items[0].colour = Some(Colour::new(0, 255, 0));
    assert!(black > 9.0);
    // Ink is measured in the green channel: a green line leaves none there, yet the picture is not empty.
    assert!(ink(&png(&item), 5.0, 5.0, 25.0, 15.0) < 0.1);
    let picture = png(&item);
    let middle =
        picture.pixel((15.0 * picture.width() as f32 / specimen::WIDTH) as u32, (10.0 * picture.width() as f32 / specimen::WIDTH) as u32);
    assert_eq!(middle.map(|p| (p.red(), p.green(), p.blue())), Some((0, 255, 0)));
    assert!(render::svg(&item, &SvgOptions::default()).contains("stroke=\"#00ff00\""));
    let pdf = render::pdf(&[item], &PdfMeta::default()).expect("a PDF");
    let folder = tempfile::tempdir().expect("a folder");
    let (file, drawn) = (folder.path().join("page.pdf"), folder.path().join("page"));
    std::fs::write(&file, pdf).expect("written");
    if Command::new("pdftoppm").args(["-r", "72", "-png", "-singlefile"]).arg(&file).arg(&drawn).output().is_err() {
        eprintln!("skipped: pdftoppm is not installed");
        return;
    }
    let drawn = tiny_skia::Pixmap::decode_png(&std::fs::read(drawn.with_extension("png")).expect("a picture")).expect("a PNG");
    assert!(drawn.pixels().iter().any(|p| (p.red(), p.green(), p.blue()) == (0, 255, 0)));
}

#[test]
fn an_svg_may_name_its_fonts() {
    let page = specimen::page();
    let named = render::svg(&page, &SvgOptions { fonts: SvgFonts::Named, ..SvgOptions::default() });
    let whole = render::svg(&page, &SvgOptions::default());
    assert!(named.len() * 2 < whole.len(), "{} against {}", named.len(), whole.len());
    for part in ["font-family=\"'Bravura'\"", "Erlkönig ", ">Franz Schubert</text>", "font-style=\"italic\"", "class=\"notehead v1\""] {
        assert!(named.contains(part), "{part} is not in {named}");
    }
    assert!(!whole.contains("<text"), "one that stands alone has outlines only");
    let mut jazz = page;
    jazz.setting = Setting { music: MusicFont::Petaluma, ..Setting::CLASSICAL };
    let other = render::svg(&jazz, &SvgOptions { fonts: SvgFonts::Named, ..SvgOptions::default() });
    assert!(other.contains("font-family=\"'Petaluma'\""));
}
