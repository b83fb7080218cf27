//! Titles, names and the page. MusicXML 4.0, `score-header`.

use super::super::xml::Element;
use super::credits;
use super::credits::CreditReading;
use super::state::Import;
use crate::model::{Header, Justify, Layout};

/// One element of the header.
pub(super) fn read(import: &mut Import<'_>, element: Element<'_, '_>) {
    match element.name() {
        "work" => {
            import.header.work_title = line(element.text_of("work-title"));
            import.header.number = line(element.text_of("work-number"));
            if let Some(opus) = element.child("opus") {
                import.report.unsupported(&["work", "opus"], opus.byte());
            }
        }
        "movement-title" => import.header.title = line(Some(element.text())),
        "movement-number" => import.movement_number = line(Some(element.text())),
        "identification" => {
            identification(&mut import.header, element);
            // These versions left out the ends of beams: what is left says nothing.
            let software = element.child("encoding").into_iter().flat_map(|encoding| encoding.named("software"));
            import.beamed &= !software.map(Element::text).any(|name| name.starts_with("Dolet 3") && name.ends_with("for Sibelius"));
        }
        "defaults" => defaults(import, element),
        "credit" => credits::read(import, element),
        _ => {}
    }
}

pub(super) fn line(text: Option<&str>) -> String {
    text.unwrap_or_default().trim().to_owned()
}

fn append(to: &mut String, text: &str, separator: &str) {
    if text.is_empty() || to.split(separator).any(|known| known == text) {
        return;
    }
    if !to.is_empty() {
        to.push_str(separator);
    }
    to.push_str(text);
}

fn identification(header: &mut Header, element: Element<'_, '_>) {
    for creator in element.named("creator") {
        let text = creator.text();
        match creator.attribute("type").as_deref() {
            Some("composer") => append(&mut header.composer, text, "; "),
            Some("lyricist" | "poet" | "librettist") => append(&mut header.lyricist, text, "; "),
            // Where an edition was transcribed from is its source, whichever field its makers had for it.
            Some("arranger") if text.contains("://") => append(&mut header.source, text, "; "),
            Some("arranger") => append(&mut header.arranger, text, "; "),
            None => append(&mut header.composer, text, "; "),
            Some(_) => {}
        }
    }
    for rights in element.named("rights") {
        append(&mut header.copyright, rights.text(), "; ");
    }
    append(&mut header.source, element.text_of("source").unwrap_or_default(), "; ");
}

/// The header as a reader expects it: the title of this piece first, and words on the page where the fields are empty.
pub(super) fn settle(import: &mut Import<'_>) {
    let header = &mut import.header;
    if header.title.is_empty() {
        header.title = std::mem::take(&mut header.work_title);
    }
    if header.work_title == header.title {
        header.work_title.clear();
    }
    if !import.movement_number.is_empty() {
        header.number = std::mem::take(&mut import.movement_number);
    }
    let typed = |kind: &str| import.credits.iter().find(|credit| credit.kind == kind && credit.heads());
    let placed = |justify: Justify, nth: usize| {
        let plain = import.credits.iter().filter(|credit| credit.kind.is_empty() && credit.heads());
        plain.filter(|credit| credit.style.justify == justify).nth(nth)
    };
    let fill = |field: &mut String, credit: Option<&CreditReading>| {
        if let Some(credit) = credit.filter(|_| field.is_empty()) {
            field.clone_from(&credit.text);
        }
    };
    let centred_titles = usize::from(header.title.is_empty());
    fill(&mut header.title, typed("title").or_else(|| placed(Justify::Center, 0)));
    fill(&mut header.subtitle, typed("subtitle").or_else(|| placed(Justify::Center, centred_titles)));
    fill(&mut header.composer, typed("composer").or_else(|| placed(Justify::Right, 0)));
    fill(&mut header.lyricist, typed("lyricist").or_else(|| typed("poet")).or_else(|| placed(Justify::Left, 0)));
    fill(&mut header.arranger, typed("arranger"));
    fill(&mut header.copyright, typed("rights"));
    if header.subtitle == header.title || header.subtitle == header.number {
        header.subtitle.clear();
    }
}

fn defaults(import: &mut Import<'_>, element: Element<'_, '_>) {
    import.layout.concert_pitch = element.has("concert-score");
    let Some(scaling) = element.child("scaling") else { return };
    let (Some(millimetres), Some(tenths)) = (scaling.number_of::<f64>("millimeters"), scaling.number_of::<f64>("tenths")) else { return };
    let scale = millimetres / tenths;
    if !scale.is_finite() || !(0.001..=1.0).contains(&scale) {
        import.report.invalid(&["defaults", "scaling"], scaling.byte());
        return;
    }
    import.scale = scale * 10.0;
    // Forty tenths are the height of a staff.
    import.layout.staff_height = (4000.0 * scale).round() as u32;
    if let Some(page) = element.child("page-layout") {
        page_layout(&mut import.layout, page, scale);
    }
}

fn page_layout(layout: &mut Layout, page: Element<'_, '_>, scale: f64) {
    let length = |element: Element<'_, '_>, name: &str| {
        let tenths = element.number_of::<f64>(name).filter(|tenths| tenths.is_finite())?;
        Some((tenths * scale * 10.0).round().clamp(0.0, 100_000.0) as u32)
    };
    if let (Some(width), Some(height)) = (length(page, "page-width"), length(page, "page-height"))
        && width >= 300
        && height >= 300
    {
        (layout.width, layout.height) = (width, height);
    }
    let Some(margins) = page.child("page-margins") else { return };
    let (width, height) = (layout.width, layout.height);
    let set = |slot: &mut u32, name: &str, paper: u32| {
        if let Some(margin) = length(margins, name) {
            *slot = margin.min(paper / 3);
        }
    };
    set(&mut layout.left, "left-margin", width);
    set(&mut layout.right, "right-margin", width);
    set(&mut layout.top, "top-margin", height);
    set(&mut layout.bottom, "bottom-margin", height);
}
