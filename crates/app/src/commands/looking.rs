//! Commands that change what of the score is looked at.

use bandpro_notation::model::Score;

use super::Effect;
use super::arguments::need;
use super::perform::{Argument, Done};
use crate::desk::Desk;
use crate::files::part_asked;
use crate::looking::Looking;

/// `pages` or `continuous`, or the `other` one.
pub fn view(desk: &mut Desk, _: &Score, argument: Argument<'_>) -> Done {
    let now = desk.looking.continuous;
    let read = |text: &str| match text {
        "pages" => Some(false),
        "continuous" => Some(true),
        "other" => Some(!now),
        _ => None,
    };
    let continuous = need("view", "pages|continuous|other", argument.and_then(read))?;
    Ok(Effect::Look(Looking { continuous, ..desk.looking }))
}

/// A part by its number, or `all`; `next` and `previous` go round through the parts and the whole score.
pub fn part(desk: &mut Desk, score: &Score, argument: Argument<'_>) -> Done {
    let parts = score.parts();
    let now = desk.looking.part.and_then(|part| parts.iter().position(|(id, _)| *id == part)).map_or(0, |at| at + 1);
    let places = parts.len() + 1;
    let read = |text: &str| match text {
        "all" => Some(0),
        "next" => Some((now + 1) % places),
        "previous" => Some((now + places - 1) % places),
        number => number.parse().ok().filter(|number| *number > 0),
    };
    let number = need("part", "N|all|next|previous", argument.and_then(read))?;
    let part = part_asked(score, Some(number).filter(|number| *number > 0))?;
    Ok(Effect::Look(Looking { part, ..desk.looking }))
}
