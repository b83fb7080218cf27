//! Commands that change the paper and the style.

use bandpro_notation::edit::{self, StylePreset};
use bandpro_notation::model::{Break, Layout, LayoutField, MeasureNumbers, Score};

use super::arguments::need;
use super::perform::{Argument, Done, stay};
use crate::desk::Desk;

/// Sizes of paper by name, in tenths of a millimetre.
const PAPER: [(&str, u32, u32); 7] = [
    ("a3", 2970, 4200),
    ("a4", 2100, 2970),
    ("a5", 1480, 2100),
    ("b4", 2500, 3530),
    ("letter", 2159, 2794),
    ("legal", 2159, 3556),
    ("tabloid", 2794, 4318),
];

/// `A4`, `letter`, `A4 landscape`, or millimetres such as `229x305` or `215.9x279.4`.
pub fn paper(text: &str) -> Option<(u32, u32)> {
    let text = text.trim().to_ascii_lowercase();
    let (name, turned) = text.strip_suffix("landscape").map_or((text.as_str(), false), |name| (name.trim(), true));
    let (width, height) = match PAPER.iter().find(|row| row.0 == name) {
        Some((_, width, height)) => (*width, *height),
        None => {
            let (width, height) = name.split_once(['x', '×'])?;
            let tenths = |side: &str| {
                let side: f64 = side.trim().parse().ok()?;
                (30.0..=3000.0).contains(&side).then(|| (side * 10.0).round() as u32)
            };
            (tenths(width)?, tenths(height)?)
        }
    };
    Some(if turned { (height, width) } else { (width, height) })
}

/// Whole hundredths: `120` or `120%`.
fn share(text: &str) -> Option<u16> {
    text.trim().trim_end_matches('%').parse().ok().filter(|share| (40..=300).contains(share))
}

fn switch(text: &str) -> Option<bool> {
    match text.trim() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
}

pub fn style(_: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let preset = need("style", "STYLE", argument.and_then(StylePreset::named))?;
    stay(Ok(edit::set_style(score, preset)))
}

pub fn page_size(_: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let (width, height) = need("page-size", "SIZE", argument.and_then(paper))?;
    stay(Ok(edit::change_layout(score, &Layout { width, height, ..score.layout().clone() })))
}

/// Millimetres from the top line of a staff to the bottom line.
pub fn staff_size(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let size = |text: &str| text.trim().trim_end_matches("mm").trim().parse::<f64>().ok().filter(|mm| (2.0..=30.0).contains(mm));
    let millimetres = need("staff-size", "MM", argument.and_then(size))?;
    stay(Ok(edit::set_layout(LayoutField::StaffHeight((millimetres * 100.0).round() as u32))))
}

pub fn note_spacing(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let share = need("note-spacing", "PERCENT", argument.and_then(share))?;
    stay(Ok(edit::set_layout(LayoutField::NoteSpacing(share))))
}

pub fn measure_numbers(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let read = |text: &str| {
        Some(match text.trim() {
            "none" => MeasureNumbers::None,
            "systems" => MeasureNumbers::Systems,
            number => MeasureNumbers::Every(number.parse().ok().filter(|each| *each > 0)?),
        })
    };
    let numbers = need("measure-numbers", "none|systems|N", argument.and_then(read))?;
    stay(Ok(edit::set_layout(LayoutField::Numbers(numbers))))
}

pub fn hide_empty(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let on = need("hide-empty-staves", "on|off", argument.and_then(switch))?;
    stay(Ok(edit::set_layout(LayoutField::HideEmpty(on))))
}

pub fn multi_rests(_: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let read = |text: &str| if text.trim() == "parts" { Some(None) } else { switch(text).map(Some) };
    let wanted = need("multi-rests", "on|off|parts", argument.and_then(read))?;
    stay(Ok(edit::set_layout(LayoutField::MultiRests(wanted))))
}

/// Before the selected measure.
pub fn line_break(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let read = |text: &str| {
        Some(match text.trim() {
            "system" => Some(Break::System),
            "page" => Some(Break::Page),
            "section" => Some(Break::Section),
            "none" => None,
            _ => return None,
        })
    };
    let wanted = need("break", "system|page|section|none", argument.and_then(read))?;
    stay(edit::set_break(score, desk.selection, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paper_has_a_name_or_a_size() {
        assert_eq!(paper("A4"), Some((2100, 2970)));
        assert_eq!(paper("Letter landscape"), Some((2794, 2159)));
        assert_eq!(paper("215.9x279.4"), Some((2159, 2794)));
        for wrong in ["", "A9", "10x10", "200", "200x", "99999x200", "NaNxNaN"] {
            assert_eq!(paper(wrong), None, "{wrong}");
        }
        assert_eq!((share("120%"), share("12"), share("x")), (Some(120), None, None));
    }
}
