//! Words on the page. MusicXML 4.0, `credit`.

use super::super::xml::Element;
use super::header::line;
use super::looks;
use super::names::Named;
use super::state::Import;
use crate::model::*;

/// Words that the source placed on a page.
pub(super) struct CreditReading {
    pub(super) kind: String,
    pub(super) text: String,
    pub(super) style: TextStyle,
    page: u16,
    at: Option<(i32, i32)>,
    align: VerticalAlign,
    colour: Option<Colour>,
    byte: usize,
}

impl CreditReading {
    /// Whether it may be a title or name at the head of the piece.
    pub(super) fn heads(&self) -> bool {
        self.page == 1 && !self.text.is_empty()
    }
}

/// Reads a credit; what becomes of it is settled when the whole header is known.
pub(super) fn read(import: &mut Import<'_>, element: Element<'_, '_>) {
    for image in element.named("credit-image") {
        import.report.unsupported(&["credit", "credit-image"], image.byte());
    }
    for symbol in element.named("credit-symbol") {
        import.report.unsupported(&["credit", "credit-symbol"], symbol.byte());
    }
    let Some(first) = element.child("credit-words").filter(|_| import.credits.len() < 200) else { return };
    let tenths = |name: &str| first.number::<f64>(name).filter(|tenths| tenths.abs() < 100_000.0);
    let place = |tenths: f64| (tenths * import.scale).round() as i32;
    let text: String = element.named("credit-words").map(Element::raw_text).collect();
    import.credits.push(CreditReading {
        kind: line(element.text_of("credit-type")),
        text: text.trim().chars().take(10_000).collect(),
        style: looks::style(first),
        page: element.number("page").unwrap_or(1),
        at: tenths("default-x").zip(tenths("default-y")).map(|(x, y)| (place(x), place(y))),
        align: first.attribute("valign").and_then(|align| VerticalAlign::named(&align)).unwrap_or_default(),
        colour: looks::colour(first),
        byte: element.byte(),
    });
}

/// What the header does not say already stays on its page.
pub(super) fn settle(import: &mut Import<'_>) {
    let mut order = 0;
    for credit in std::mem::take(&mut import.credits) {
        let header = &import.header;
        let field = match credit.kind.as_str() {
            "title" => Some(&header.title),
            "subtitle" => Some(&header.subtitle),
            "composer" => Some(&header.composer),
            "lyricist" | "poet" => Some(&header.lyricist),
            "arranger" => Some(&header.arranger),
            "rights" => Some(&header.copyright),
            // Pages are numbered, and parts are named, by the engraving.
            "page number" | "part name" => continue,
            _ => None,
        };
        if let Some(field) = field {
            // A subtitle that repeats the number is on the page with the number.
            let numbered = credit.kind == "subtitle" && says(&header.number, &credit.text);
            if *field != credit.text && !says(field, &credit.text) && !numbered {
                import.report.unsupported(&["credit", &credit.kind, "other than in the header"], credit.byte);
            }
            continue;
        }
        let fields = [
            &header.title,
            &header.work_title,
            &header.number,
            &header.subtitle,
            &header.composer,
            &header.lyricist,
            &header.arranger,
            &header.copyright,
        ];
        if credit.text.is_empty() || fields.iter().any(|field| says(field, &credit.text)) {
            continue;
        }
        let kind = MarkKind::Credit(Credit { text: credit.text, at: credit.at, align: credit.align });
        let (anchor, style, colour) = (Anchor::Page(credit.page.max(1)), credit.style, credit.colour);
        let id = import.ids.next::<Mark>();
        import.put(id, Mark { anchor, kind, style, colour, order, ..Mark::default() });
        order += 1;
    }
}

/// Whether a field of the header has these words, blanks and line breaks aside.
fn says(field: &str, words: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    !words.is_empty() && plain(field).contains(&plain(words))
}
