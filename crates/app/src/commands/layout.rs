//! Breaks, and how paper, shares and switches are written.

use bandpro_notation::edit;
use bandpro_notation::model::{Break, Score};

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

/// As far from its size, in tenths of a millimetre, paper still has its name: files count in units of their own.
const NEARLY: u32 = 4;

/// The text that names a size of paper.
pub(super) fn paper_name(width: u32, height: u32) -> String {
    let is = |w: u32, h: u32| w.abs_diff(width) <= NEARLY && h.abs_diff(height) <= NEARLY;
    let named = PAPER.iter().find(|row| is(row.1, row.2)).map(|row| row.0.to_owned());
    let turned = || PAPER.iter().find(|row| is(row.2, row.1)).map(|row| format!("{} landscape", row.0));
    named.or_else(turned).unwrap_or_else(|| format!("{}x{}", f64::from(width) / 10.0, f64::from(height) / 10.0))
}

/// Whole hundredths: `120` or `120%`.
pub(super) fn share(text: &str) -> Option<u16> {
    text.trim().trim_end_matches('%').parse().ok().filter(|share| (40..=300).contains(share))
}

pub(super) fn switch(text: &str) -> Option<bool> {
    match text.trim() {
        "on" => Some(true),
        "off" => Some(false),
        _ => None,
    }
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
        assert_eq!(paper_name(2101, 2969), "a4", "as other programs write it");
        for (width, height) in [(2100, 2970), (2794, 2159), (2200, 3105)] {
            assert_eq!(paper(&paper_name(width, height)), Some((width, height)));
        }
        assert_eq!((share("120%"), share("12"), share("x")), (Some(120), None, None));
    }
}
