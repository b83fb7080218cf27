//! What MusicXML says about how something looks, as far as the model keeps it: whether it is printed, its colour, its font.

use super::super::xml::Element;
use super::names::Named;
use crate::model::*;

/// Whether an element is printed.
pub(super) fn visible(element: Element<'_, '_>) -> bool {
    !element.is("print-object", "no")
}

/// Its colour. Black is the ink, and no colour.
pub(super) fn colour(element: Element<'_, '_>) -> Option<Colour> {
    let colour = element.attribute("color")?.trim().parse().ok()?;
    (colour != Colour::new(0, 0, 0)).then_some(colour)
}

/// How its text looks.
pub(super) fn style(element: Element<'_, '_>) -> TextStyle {
    let size = element.number::<f64>("font-size").filter(|size| (1.0..=200.0).contains(size));
    let family = element.attribute("font-family").unwrap_or_default();
    TextStyle {
        bold: element.is("font-weight", "bold"),
        italic: element.is("font-style", "italic"),
        underline: element.number::<u8>("underline").is_some_and(|lines| lines > 0),
        size: size.map(|size| (size * 10.0).round() as u16),
        family: family.trim().chars().take(100).collect(),
        enclosure: element.attribute("enclosure").and_then(|shape| Enclosure::named(&shape)).unwrap_or_default(),
        justify: element.attribute("justify").and_then(|side| Justify::named(&side)).unwrap_or_default(),
    }
}

/// How its line is drawn.
pub(super) fn line(element: Element<'_, '_>) -> LineStyle {
    element.attribute("line-type").and_then(|style| LineStyle::named(&style)).unwrap_or_default()
}

/// How its line ends here.
pub(super) fn line_end(element: Element<'_, '_>) -> LineEnd {
    element.attribute("line-end").and_then(|end| LineEnd::named(&end)).unwrap_or_default()
}

/// The side that `placement` or `orientation` asks for.
pub(super) fn placement(element: Element<'_, '_>) -> Placement {
    if let Some(placement) = element.attribute("placement") {
        return Placement::named(&placement).unwrap_or_default();
    }
    match element.attribute("orientation").as_deref() {
        Some("over") => Placement::Above,
        Some("under") => Placement::Below,
        _ => Placement::Auto,
    }
}

/// The name of a SMuFL glyph.
pub(super) fn glyph(element: Element<'_, '_>) -> String {
    let name = element.attribute("smufl").unwrap_or_default();
    let is_name = (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_name { name.into_owned() } else { String::new() }
}
