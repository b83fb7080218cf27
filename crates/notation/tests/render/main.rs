//! The renderers: what is on the page is in every picture of it, at the same place, and nothing odd upsets them.

mod promises;
mod specimen;
mod svg_picture;

use std::process::Command;

use bandpro_notation::engrave::{Item, Page, Point, Role, Shape, System};
use bandpro_notation::font::{Face, Glyph, glyphs};
use bandpro_notation::render::{self, Background, PdfDate, PdfMeta, RenderError, SvgOptions};
use tiny_skia::Pixmap;

const DPI: f32 = 200.0;

/// How dark a pixel is, from 0 to 1.
fn darkness(picture: &Pixmap, x: u32, y: u32) -> f32 {
    picture.pixel(x, y).map_or(0.0, |pixel| 1.0 - f32::from(pixel.green()) / 255.0)
}

/// How much ink is in a part of the page, in square staff spaces.
fn ink(picture: &Pixmap, left: f32, top: f32, right: f32, bottom: f32) -> f32 {
    let scale = picture.width() as f32 / specimen::WIDTH;
    let range = |from: f32, to: f32| (from * scale) as u32..(to * scale) as u32;
    let sum: f32 = range(top, bottom).flat_map(|y| range(left, right).map(move |x| (x, y))).map(|(x, y)| darkness(picture, x, y)).sum();
    sum / scale / scale
}

fn png(page: &Page) -> Pixmap {
    Pixmap::decode_png(&render::png(page, DPI).expect("it can be drawn")).expect("it is a PNG")
}

/// A page with nothing but these items.
fn page_of(items: Vec<Item>) -> Page {
    let mut page = specimen::page();
    page.items = items;
    page.systems.clear();
    page
}

/// How different two pictures are: of the ink in each square of a quarter of a staff space, softened by its neighbours (the
/// painters round thin lines to pixels in their own ways), what differs, as a share of all ink.
fn difference(one: &Pixmap, other: &Pixmap) -> f32 {
    // Poppler rounds the size of a page up.
    assert!(one.width().abs_diff(other.width()) <= 1 && one.height().abs_diff(other.height()) <= 1);
    let (one, other) = (softened(one), softened(other));
    let full = one.iter().flatten().fold(0.0_f32, |most, cell| most.max(*cell));
    let lost =
        |a: &[Vec<f32>], b: &[Vec<f32>]| a.iter().flatten().zip(b.iter().flatten()).any(|(a, b)| *a > full / 4.0 && *b < full / 50.0);
    assert!(!lost(&one, &other) && !lost(&other, &one), "something is in one picture only");
    let all: f32 = one.iter().flatten().sum();
    one.iter().flatten().zip(other.iter().flatten()).map(|(a, b)| (a - b).abs()).sum::<f32>() / all
}

fn softened(picture: &Pixmap) -> Vec<Vec<f32>> {
    let cell = picture.width() as f32 / specimen::WIDTH / 4.0;
    let (columns, rows) = ((specimen::WIDTH * 4.0) as usize, (specimen::HEIGHT * 4.0) as usize);
    let mut cells = vec![vec![0.0; columns]; rows];
    for y in 0..picture.height() {
        let Some(row) = cells.get_mut((y as f32 / cell) as usize) else { break };
        for x in 0..picture.width() {
            if let Some(sum) = row.get_mut((x as f32 / cell) as usize) {
                *sum += darkness(picture, x, y);
            }
        }
    }
    let near = |at: usize, end: usize| at.saturating_sub(1)..(at + 2).min(end);
    let soft =
        |y: usize, x: usize| near(y, rows).flat_map(|y| near(x, columns).map(move |x| (y, x))).map(|(y, x)| cells[y][x]).sum::<f32>();
    (0..rows).map(|y| (0..columns).map(|x| soft(y, x) / 9.0).collect()).collect()
}

#[test]
fn every_role_is_in_the_svg_under_its_class() {
    let svg = render::svg(&specimen::page(), &SvgOptions::default());
    for role in specimen::ROLES {
        let class = format!("class=\"{}", render::class(role));
        assert!(svg.contains(&format!("{class}\"")) || svg.contains(&format!("{class} v")), "{class}");
    }
}

#[test]
fn every_item_leaves_ink_where_it_is() {
    let page = specimen::page();
    let items: Vec<Item> = page.items.iter().cloned().chain(page.systems[0].items()).collect();
    for item in items {
        let alone = png(&page_of(vec![item.clone()]));
        let at = match &item.shape {
            Shape::Glyph { at, .. } | Shape::Text { at, .. } => *at,
            Shape::Line { from, .. } => *from,
            Shape::Polygon(points) => points[0],
            Shape::Curve { start, .. } => *start,
        };
        let near = ink(&alone, (at.x - 3.0).max(0.0), at.y - 5.0, at.x + 3.0, at.y + 4.0);
        assert!(near > 0.02, "{item:?} leaves {near}");
    }
}

#[test]
fn the_svg_shows_what_the_png_shows() {
    let page = specimen::page();
    let png = png(&page);
    let svg = render::svg(&page, &SvgOptions::default());
    let drawn = svg_picture::picture(&svg, png.width(), png.height(), page.millimetres_per_space / 25.4 * DPI);
    let difference = difference(&png, &drawn);
    assert!(difference < 0.06, "{difference}");
}

#[test]
fn the_pdf_shows_what_the_png_shows() {
    let page = specimen::page();
    let pdf = render::pdf(std::slice::from_ref(&page), &PdfMeta::default()).expect("it can be written");
    let folder = tempfile::tempdir().expect("a folder");
    let (file, picture) = (folder.path().join("page.pdf"), folder.path().join("page"));
    std::fs::write(&file, pdf).expect("written");
    let Ok(done) = Command::new("pdftoppm").args(["-r", "200", "-png", "-singlefile"]).arg(&file).arg(&picture).output() else {
        eprintln!("skipped: pdftoppm is not installed");
        return;
    };
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    let drawn = Pixmap::decode_png(&std::fs::read(picture.with_extension("png")).expect("a picture")).expect("a PNG");
    let difference = difference(&png(&page), &drawn);
    assert!(difference < 0.16, "{difference}");
}

#[test]
fn the_pdf_is_sound_and_says_what_it_is() {
    let meta = PdfMeta {
        title: "Erlkönig 魔王".to_owned(),
        author: "Franz Schubert".to_owned(),
        created: Some(PdfDate { year: 2026, month: 2, day: 3, hour: 4, minute: 5, second: 6 }),
        ..PdfMeta::default()
    };
    let pages = [specimen::page(), specimen::page()];
    let pdf = render::pdf(&pages, &meta).expect("it can be written");
    assert!(pdf.starts_with(b"%PDF-"));
    assert!(pdf.len() < 200_000, "fonts are subset: {} bytes", pdf.len());
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("page.pdf");
    std::fs::write(&file, pdf).expect("written");
    match Command::new("qpdf").arg("--check").arg(&file).output() {
        Ok(done) => assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout)),
        Err(_) => eprintln!("skipped: qpdf is not installed"),
    }
    match Command::new("pdfinfo").env("TZ", "UTC").arg(&file).output() {
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stdout).into_owned();
            for part in ["Erlkönig 魔王", "Franz Schubert", "Pages:           2", "595.276 x 841.89 pts (A4)", "Feb  3 04:05:06 2026"] {
                assert!(said.contains(part), "{part} is not in {said}");
            }
        }
        Err(_) => eprintln!("skipped: pdfinfo is not installed"),
    }
    match Command::new("pdftotext").arg(&file).arg("-").output() {
        Ok(done) => {
            let said = String::from_utf8_lossy(&done.stdout).into_owned();
            for part in [
                "Erlkönig 魔王 «D 328»",
                "Wer reitet so spät durch Nacht und Wind?",
                "B♭maj7/F♯",
                "dolce e cantabile, più mosso",
                "marcato",
            ] {
                assert!(said.contains(part), "{part} is not in {said}");
            }
        }
        Err(_) => eprintln!("skipped: pdftotext is not installed"),
    }
}

#[test]
fn rendering_twice_gives_the_same() {
    let (page, meta, options) = (specimen::page(), PdfMeta::default(), SvgOptions::default());
    assert_eq!(render::svg(&page, &options), render::svg(&page, &options));
    assert_eq!(render::png(&page, DPI), render::png(&page, DPI));
    assert_eq!(render::pdf(std::slice::from_ref(&page), &meta), render::pdf(std::slice::from_ref(&page), &meta));
}

#[test]
fn a_system_has_few_elements() {
    let mut system = System::clone(&specimen::page().systems[0].system);
    let elements = render::svg_system(&system).matches("<path").count();
    let again = system.items.clone();
    for _ in 0..50 {
        system.items.extend(again.iter().cloned());
    }
    assert_eq!(render::svg_system(&system).matches("<path").count(), elements, "more music is longer paths, not more of them");
}

#[test]
fn chosen_records_are_drawn_alone() {
    let page = specimen::page();
    let system = &page.systems[0].system;
    let chosen = render::svg_records(system, &[specimen::first_note()]);
    assert_eq!(chosen.matches("<path").count(), 1);
    assert!(chosen.contains("class=\"notehead v1\"") && chosen.contains("M12 14m"), "{chosen}");
    assert_eq!(render::svg_records(system, &[]).matches("<path").count(), 0);
}

#[test]
fn overlapping_contours_of_either_winding_stay_filled() {
    let square = |points: [(f32, f32); 4]| Item {
        shape: Shape::Polygon(points.iter().map(|(x, y)| Point::new(*x, *y)).collect()),
        role: Role::Beam,
        source: None,
        voice: 0,
        colour: None,
    };
    let page = page_of(vec![
        square([(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]),
        square([(15.0, 10.0), (15.0, 20.0), (25.0, 20.0), (25.0, 10.0)]),
    ]);
    let scale = page.millimetres_per_space / 25.4 * DPI;
    let png = png(&page);
    let drawn = svg_picture::picture(&render::svg(&page, &SvgOptions::default()), png.width(), png.height(), scale);
    for picture in [&png, &drawn] {
        assert!((ink(picture, 5.0, 5.0, 30.0, 30.0) - 150.0).abs() < 2.0);
    }
}

#[test]
fn dashes_leave_their_gaps() {
    let dashed = |dash| Item {
        shape: Shape::Line { from: Point::new(10.0, 10.0), to: Point::new(20.0, 10.0), thickness: 1.0, dash },
        role: Role::Ottava,
        source: None,
        voice: 0,
        colour: None,
    };
    let drawn = |dash| ink(&png(&page_of(vec![dashed(dash)])), 5.0, 5.0, 25.0, 15.0);
    assert!((drawn(None) - 10.0).abs() < 0.5);
    assert!((drawn(Some((1.0, 1.0))) - 5.0).abs() < 0.5);
    assert!((drawn(Some((0.0, 0.0))) - 10.0).abs() < 0.5, "a pattern without length is solid");
    assert!((drawn(Some((1e-9, 1e-9))) - 10.0).abs() < 0.5, "so is one too fine to see");
}

#[test]
fn titles_are_escaped() {
    let options = SvgOptions { title: "<b>&\"' \u{0}\u{8}望".to_owned(), background: Some("\"/><x".to_owned()), ..SvgOptions::default() };
    let svg = render::svg(&specimen::page(), &options);
    svg_picture::picture(&svg, 10, 10, 0.1);
    assert!(svg.contains("<title>&lt;b&gt;&amp;&quot;' 望</title>"), "{}", &svg[..400]);
}

#[test]
fn absurd_pictures_are_refused() {
    let page = specimen::page();
    for dpi in [0.0, -1.0, 1e9, f32::INFINITY, f32::NAN, 0.001] {
        assert!(matches!(render::png(&page, dpi), Err(RenderError::PictureSize { .. })), "{dpi}");
    }
    assert!(matches!(render::thumbnail(&page, 0), Err(RenderError::PictureSize { .. })));
    assert!(matches!(render::thumbnail(&page, u32::MAX), Err(RenderError::PictureSize { .. })));
    let mut flat = page.clone();
    flat.height = 0.0;
    assert!(matches!(render::png(&flat, DPI), Err(RenderError::PictureSize { .. })));
    assert!(matches!(render::pdf(&[flat], &PdfMeta::default()), Err(RenderError::PageSize { page: 1, .. })));
    assert_eq!(render::pdf(&[], &PdfMeta::default()), Err(RenderError::NoPages));
}

#[test]
fn odd_items_are_no_trouble() {
    let mut items = vec![
        specimen::text(Role::Title, Face::Bold, 5.0, 0.0, 10.0, &"長い題 very long ".repeat(2_000)),
        specimen::text(Role::Title, Face::Italic, 0.0, 0.0, 10.0, "no size"),
        specimen::text(Role::Words, Face::Roman, 2.0, 5.0, 10.0, ""),
        specimen::text(Role::Words, Face::Roman, 2.0, 5.0, 10.0, "a\n\u{0}\u{1F600}e\u{301}"),
        specimen::glyph(Role::Other, Glyph('\u{F8FF}'), 5.0, 5.0, 1.0),
        specimen::glyph(Role::Other, Glyph('x'), f32::NAN, f32::INFINITY, 1.0),
        specimen::line(Role::Other, (5.0, 5.0), (5.0, 5.0), 1.0),
        specimen::line(Role::Other, (1e30, 5.0), (-1e30, 5.0), 1.0),
        specimen::line(Role::Other, (1e6, 5.0), (-1e6, 5.0), 1.0),
        specimen::line(Role::Other, (-9e5, 9e5), (9e5, 1e3), 1e6),
        specimen::glyph(Role::Other, glyphs::G_CLEF, 60.0, 100.0, 1e6),
        specimen::glyph(Role::Other, glyphs::G_CLEF, 60.0, 100.0, 100.0),
        specimen::glyph(Role::Other, glyphs::G_CLEF, 60.0, 100.0, -1e5),
    ];
    for points in [vec![], vec![Point::new(1.0, 1.0)], vec![Point::new(f32::NAN, 1.0); 4]] {
        items.push(Item { shape: Shape::Polygon(points), role: Role::Beam, source: None, voice: 255, colour: None });
    }
    let page = page_of(items);
    let svg = render::svg(&page, &SvgOptions::default());
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    svg_picture::picture(&svg, 10, 10, 0.1);
    assert!(render::pdf(std::slice::from_ref(&page), &PdfMeta::default()).is_ok());
    assert!(render::png(&page, 20.0).is_ok());
}

#[test]
fn a_thumbnail_is_as_wide_as_asked_and_shows_its_staff() {
    let picture = Pixmap::decode_png(&render::thumbnail(&specimen::page(), 160).expect("drawn")).expect("a PNG");
    assert_eq!((picture.width(), picture.height()), (160, 226));
    assert!(ink(&picture, 60.0, 40.0, 100.0, 44.5) > 20.0);
}

#[test]
fn the_lines_of_a_staff_look_alike() {
    let picture = Pixmap::decode_png(&render::png(&specimen::page(), 100.0).expect("drawn")).expect("a PNG");
    let column: Vec<f32> = (260..320).map(|y| darkness(&picture, 600, y)).collect();
    assert_eq!(column.iter().filter(|dark| **dark > 0.8).count(), 5, "{column:?}");
    assert!(column.iter().all(|dark| *dark < 0.1 || *dark > 0.8), "{column:?}");
}

#[test]
fn paper_is_white_or_absent() {
    let page = specimen::page();
    let clear = Pixmap::decode_png(&render::png_on(&page, 30.0, Background::Transparent).expect("drawn")).expect("a PNG");
    assert_eq!(clear.pixel(1, 1).map(|pixel| pixel.alpha()), Some(0));
    let white = Pixmap::decode_png(&render::png(&page, 30.0).expect("drawn")).expect("a PNG");
    assert_eq!(white.pixel(1, 1).map(|pixel| (pixel.red(), pixel.alpha())), Some((255, 255)));
}

/// Writes the specimen in every format to the folder named by `BANDPRO_SPECIMEN`, to be looked at.
#[test]
fn specimen_on_demand() {
    let Some(folder) = std::env::var_os("BANDPRO_SPECIMEN").map(std::path::PathBuf::from) else {
        eprintln!("skipped: BANDPRO_SPECIMEN names no folder");
        return;
    };
    let page = specimen::page();
    let options = SvgOptions { background: Some("#fff".to_owned()), ..SvgOptions::default() };
    std::fs::write(folder.join("specimen.svg"), render::svg(&page, &options)).expect("written");
    std::fs::write(folder.join("specimen.png"), render::png(&page, 150.0).expect("drawn")).expect("written");
    std::fs::write(folder.join("specimen.pdf"), render::pdf(std::slice::from_ref(&page), &PdfMeta::default()).expect("drawn"))
        .expect("written");
    std::fs::write(folder.join("thumbnail.png"), render::thumbnail(&page, 240).expect("drawn")).expect("written");
}
