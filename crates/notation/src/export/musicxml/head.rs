//! Titles, names and the page. MusicXML 4.0, `score-header`.

use super::Writing;
use super::looks::Looks;
use super::xml::Xml;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Writes what comes before the list of parts.
pub(super) fn write(writing: &mut Writing<'_>) {
    let header = writing.score.header();
    titles(&mut writing.xml, header);
    identification(&mut writing.xml, header, writing.beamed);
    let layout = writing.score.layout();
    let transposes = writing.score.parts().iter().any(|(_, part)| part.transposition.is_some_and(|by| by != Transposition::default()));
    if layout.concert_pitch && transposes {
        writing.lose("that transposing parts are shown at the pitch they sound");
    }
    defaults(&mut writing.xml, layout, layout.concert_pitch && !transposes);
    credits(&mut writing.xml, header);
    page_credits(writing);
}

/// A piece of a larger work is a movement; a piece of its own is a work.
fn titles(xml: &mut Xml, header: &Header) {
    if header.work_title.is_empty() {
        xml.within("work", &[], |xml| {
            xml.optional("work-number", &[], &header.number);
            xml.optional("work-title", &[], &header.title);
        });
    } else {
        xml.within("work", &[], |xml| xml.text("work-title", &[], &header.work_title));
        xml.optional("movement-number", &[], &header.number);
        xml.optional("movement-title", &[], &header.title);
    }
}

fn identification(xml: &mut Xml, header: &Header, beamed: bool) {
    xml.open("identification", &[]);
    xml.optional("creator", &[("type", "composer")], &header.composer);
    xml.optional("creator", &[("type", "lyricist")], &header.lyricist);
    xml.optional("creator", &[("type", "arranger")], &header.arranger);
    xml.optional("rights", &[], &header.copyright);
    xml.open("encoding", &[]);
    xml.text("software", &[], concat!("BandPro ", env!("CARGO_PKG_VERSION")));
    xml.empty("supports", &[("element", "accidental"), ("type", "yes")]);
    xml.empty("supports", &[("element", "beam"), ("type", if beamed { "yes" } else { "no" })]);
    for attribute in ["new-page", "new-system"] {
        xml.empty("supports", &[("element", "print"), ("attribute", attribute), ("type", "yes"), ("value", "yes")]);
    }
    xml.close();
    xml.optional("source", &[], &header.source);
    xml.close();
}

fn defaults(xml: &mut Xml, layout: &Layout, concert: bool) {
    let staff = f64::from(layout.staff_height.max(1)) / 100.0;
    // Tenths of a millimetre on paper as tenths of a staff space.
    let tenths = |length: u32| format!("{:.4}", f64::from(length) / 10.0 * 40.0 / staff);
    xml.open("defaults", &[]);
    xml.open("scaling", &[]);
    xml.text("millimeters", &[], &format!("{staff:.4}"));
    xml.text("tenths", &[], "40");
    xml.close();
    if concert {
        xml.empty("concert-score", &[]);
    }
    xml.open("page-layout", &[]);
    xml.text("page-height", &[], &tenths(layout.height));
    xml.text("page-width", &[], &tenths(layout.width));
    xml.open("page-margins", &[("type", "both")]);
    xml.text("left-margin", &[], &tenths(layout.left));
    xml.text("right-margin", &[], &tenths(layout.right));
    xml.text("top-margin", &[], &tenths(layout.top));
    xml.text("bottom-margin", &[], &tenths(layout.bottom));
    xml.close();
    xml.close();
    xml.close();
}

/// Other programs print these words on the first page.
fn credits(xml: &mut Xml, header: &Header) {
    let words = [
        ("title", "center", "top", &header.title),
        ("subtitle", "center", "top", &header.subtitle),
        ("composer", "right", "top", &header.composer),
        ("lyricist", "left", "top", &header.lyricist),
        ("rights", "center", "bottom", &header.copyright),
    ];
    for (kind, justify, valign, text) in words.into_iter().filter(|(_, _, _, text)| !text.is_empty()) {
        xml.open("credit", &[("page", "1")]);
        xml.text("credit-type", &[], kind);
        xml.text("credit-words", &[("justify", justify), ("valign", valign)], text);
        xml.close();
    }
}

/// Words that only the page has.
fn page_credits(writing: &mut Writing<'_>) {
    let staff = f64::from(writing.score.layout().staff_height.max(1)) / 100.0;
    let tenths = |length: i32| format!("{:.4}", f64::from(length) / 10.0 * 40.0 / staff);
    let mut credits: Vec<_> = writing.score.marks_on_pages().collect();
    credits.sort_by_key(|(page, id, mark)| (*page, mark.order, *id));
    for (page, _, mark) in credits {
        let MarkKind::Credit(credit) = &mark.kind else {
            writing.lose("a mark on a page that is not words");
            continue;
        };
        if !mark.visible {
            writing.lose("hidden words on a page");
            continue;
        }
        let mut looks = Looks::default().colour(mark.colour).text(&mark.style);
        if let Some((x, y)) = credit.at {
            looks = looks.with("default-x", tenths(x)).with("default-y", tenths(y));
        }
        if credit.align != VerticalAlign::Baseline {
            looks = looks.with("valign", credit.align.name());
        }
        writing.xml.open("credit", &[("page", &page.max(1).to_string())]);
        writing.xml.text("credit-words", &looks.attributes(), &credit.text);
        writing.xml.close();
    }
}
