//! Marks that are a sign of their own: accidentals of musica ficta, symbols by name, an accordion's registration, a harp's
//! pedals, strings that are tuned otherwise, and room that is asked for.

use super::row::Row;
use super::staff_text::{Spot, baseline};
use super::{Draft, StaffDraft, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Space};
use crate::engrave::prepare::sign_glyph;
use crate::engrave::shapes::{Line, width};
use crate::font::{self, Face, Glyph, glyphs as g};
use crate::model::{Accordion, MarkKind, Pitch, SignKind, Spacer, TextFont};

/// The radius of an accordion's circle.
const REGISTER: Space = 1.5;

/// Draws the signs of a system.
pub(super) fn draw(draft: &mut Draft, spots: &[Spot]) {
    for spot in spots {
        let Some(staff) = draft.staves.get_mut(spot.staff) else { continue };
        let tag = Tag::new(Role::Other, Some(spot.id.into()));
        match spot.kind {
            MarkKind::Accidental(sign) => glyph(staff, spot, sign_glyph(*sign), 0.75, Tag { role: Role::Accidental, ..tag }),
            MarkKind::Symbol(name) => {
                if let Some(named) = g::named(name) {
                    glyph(staff, spot, named, 1.0, tag);
                }
            }
            MarkKind::Accordion(registration) => accordion(staff, spot, *registration, tag),
            MarkKind::HarpPedals(pedals) => harp(staff, spot, pedals, tag),
            MarkKind::Scordatura(strings) => scordatura(staff, spot, strings, tag),
            MarkKind::Spacer(spacer) => room(staff, spot.x, *spacer),
            _ => {}
        }
    }
}

/// A glyph centred over (or under) a head, clear of everything there.
fn glyph(staff: &mut StaffDraft, spot: &Spot, glyph: Glyph, scale: f32, tag: Tag) {
    let bbox = font::metrics(glyph).bbox;
    let x = spot.x + 0.59 - (bbox.left + bbox.right) / 2.0 * scale;
    let (left, right) = (x + bbox.left * scale, x + bbox.right * scale);
    let y = if spot.above.unwrap_or(true) {
        staff.sky.top(left, right).min(0.0) - 0.5 - bbox.bottom * scale
    } else {
        staff.sky.bottom(left, right).max(staff.height) + 0.5 - bbox.top * scale
    };
    staff.glyph(glyph, Point::new(x, y), scale, tag);
}

/// A circle in three parts with the dots of the reeds that sound.
fn accordion(staff: &mut StaffDraft, spot: &Spot, registration: Accordion, tag: Tag) {
    let middle_x = spot.x + REGISTER;
    let bottom = baseline(staff, spot.x, spot.x + 2.0 * REGISTER, spot.above.unwrap_or(true), 0.0);
    let middle = Point::new(middle_x, bottom - REGISTER);
    const CORNERS: usize = 36;
    let rim = |at: usize| {
        let turn = at as Space / CORNERS as Space * std::f32::consts::TAU;
        Point::new(middle.x + REGISTER * turn.cos(), middle.y + REGISTER * turn.sin())
    };
    for at in 0..CORNERS {
        staff.line(rim(at), rim(at + 1), 0.13, tag);
    }
    let third = REGISTER / 3.0;
    let half = (REGISTER * REGISTER - third * third).sqrt();
    for y in [middle.y - third, middle.y + third] {
        staff.line(Point::new(middle.x - half, y), Point::new(middle.x + half, y), 0.13, tag);
    }
    let mut dot = |x: Space, y: Space| {
        let at = Point::new(x - width(g::AUGMENTATION_DOT) / 2.0 * 1.4, y);
        staff.glyph(g::AUGMENTATION_DOT, at, 1.4, tag);
    };
    if registration.high {
        dot(middle.x, middle.y - 2.0 * third);
    }
    if registration.low {
        dot(middle.x, middle.y + 2.0 * third);
    }
    let places: &[Space] = match registration.middle {
        0 => &[],
        1 => &[0.0],
        2 => &[-0.55, 0.55],
        _ => &[-0.75, 0.0, 0.75],
    };
    places.iter().for_each(|off| dot(middle.x + off, middle.y));
}

/// The pedals of a harp, D C B to the left of the line and E F G A to the right.
fn harp(staff: &mut StaffDraft, spot: &Spot, pedals: &[i8; 7], tag: Tag) {
    let mut row = Row::new(TextFont::Academico);
    for (at, pedal) in pedals.iter().enumerate() {
        if at == 3 {
            row.glyph(g::HARP_PEDAL_DIVIDER, 1.0, 0.0);
        }
        let glyph = match pedal {
            ..0 => g::HARP_PEDAL_RAISED,
            0 => g::HARP_PEDAL_CENTERED,
            _ => g::HARP_PEDAL_LOWERED,
        };
        row.glyph(glyph, 1.0, 0.0);
    }
    let above = spot.above.unwrap_or(false);
    let y = baseline(staff, spot.x, spot.x + row.width, above, 2.0);
    row.put(staff, Point::new(spot.x, y), tag);
}

/// What a player is told to put on: a capo.
pub(super) fn instructions(work: &Work, draft: &mut Draft) {
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        for (id, sign) in work.score.signs_in(bar.id) {
            let text = match &sign.kind {
                SignKind::Capo(fret) if *fret > 0 => format!("Capo {fret}"),
                _ => continue,
            };
            let (Some(part), Some(frame)) = (work.cast.part(sign.part).filter(|_| sign.visible), draft.frame(measure)) else { continue };
            let x = frame.x(sign.at.beat);
            let line = Line::new(&text, Face::Roman, work.cast.style.words);
            let Some(staff) = draft.staves.get_mut(work.cast.staff(part, sign.staff.unwrap_or(1))) else { continue };
            let y = baseline(staff, x, x + line.width(), true, line.size);
            staff.text(line, Point::new(x, y), Tag::new(Role::Words, Some(id.into())));
        }
    }
}

/// Which string is tuned to what.
fn scordatura(staff: &mut StaffDraft, spot: &Spot, strings: &[(u8, Pitch)], tag: Tag) {
    let mut row = Row::new(TextFont::Academico);
    for (at, (string, pitch)) in strings.iter().take(12).enumerate() {
        if at > 0 {
            row.space(0.7);
        }
        let circled = char::from_u32(0x245F + u32::from((*string).clamp(1, 20))).map_or_else(|| string.to_string(), String::from);
        row.text(&format!("{circled} = {pitch}"), Face::Roman, 1.6, 0.0);
    }
    let y = baseline(staff, spot.x, spot.x + row.width, spot.above.unwrap_or(true), 1.6);
    row.put(staff, Point::new(spot.x, y), tag);
}

/// Room that is kept free above or below the staff.
fn room(staff: &mut StaffDraft, x: Space, spacer: Spacer) {
    let tall = (f32::from(spacer.height) / 10.0).min(60.0);
    let rect = if spacer.above { Rect::new(x, -tall, x + 1.0, 0.0) } else { Rect::new(x, staff.height, x + 1.0, staff.height + tall) };
    staff.sky.add(rect);
}
