//! Clefs, key signatures and time signatures as glyphs side by side, aligned over all staves.

use super::{Space, width};
use crate::engrave::page::{Point, Role};
use crate::engrave::prepare::{Bar, StaffState, sign_glyph};
use crate::font::{Glyph, glyphs as g};
use crate::model::{Clef, ClefSign, Key, RecordRef, Step, TimeSignature, TimeSymbol};

/// A glyph of a [`Block`], relative to the block's left edge and its staff's top line.
#[derive(Debug, Clone, Copy)]
pub(in crate::engrave) struct Sign {
    pub staff: usize,
    pub at: Point,
    pub glyph: Glyph,
    pub scale: f32,
    pub role: Role,
    pub source: Option<RecordRef>,
}

/// Signs that stand together on all staves, and the width they take.
#[derive(Debug, Clone, Default)]
pub(in crate::engrave) struct Block {
    pub signs: Vec<Sign>,
    pub width: Space,
}

impl Block {
    /// Puts another block to the right of this one.
    pub(in crate::engrave) fn append(&mut self, other: Self, gap: Space) {
        if other.width <= 0.0 {
            return;
        }
        let shift = if self.width > 0.0 { self.width + gap } else { 0.0 };
        self.signs.extend(other.signs.into_iter().map(|mut sign| {
            sign.at.x += shift;
            sign
        }));
        self.width = shift + other.width;
    }

    fn push(&mut self, sign: Sign) {
        self.width = self.width.max(sign.at.x + width(sign.glyph) * sign.scale);
        self.signs.push(sign);
    }
}

/// The glyph of a clef.
fn clef_glyph(clef: &Clef, lines: u8) -> Option<Glyph> {
    Some(match (clef.sign, clef.octave) {
        (ClefSign::G, 0) => g::G_CLEF,
        (ClefSign::G, -1) => g::G_CLEF8VB,
        (ClefSign::G, 1) => g::G_CLEF8VA,
        (ClefSign::G, 2..) => g::G_CLEF15MA,
        (ClefSign::G, _) => g::G_CLEF15MB,
        (ClefSign::F, 0) => g::F_CLEF,
        (ClefSign::F, -1) => g::F_CLEF8VB,
        (ClefSign::F, 1) => g::F_CLEF8VA,
        (ClefSign::F, 2..) => g::F_CLEF15MA,
        (ClefSign::F, _) => g::F_CLEF15MB,
        (ClefSign::C, -1) => g::C_CLEF8VB,
        (ClefSign::C, _) => g::C_CLEF,
        (ClefSign::Percussion, _) => g::UNPITCHED_PERCUSSION_CLEF1,
        (ClefSign::Tab, _) if lines <= 4 => g::FOUR_STRING_TAB_CLEF,
        (ClefSign::Tab, _) => g::SIX_STRING_TAB_CLEF,
        (ClefSign::Jianpu | ClefSign::None, _) => return None,
    })
}

/// Below the top line: the line that a clef names, or the middle for one that names none.
fn clef_height(clef: &Clef, state: &StaffState) -> Space {
    let height = state.height();
    match clef.sign {
        ClefSign::Percussion | ClefSign::Tab => height / 2.0,
        _ => height - Space::from(clef.line.clamp(-8, 12) - 1) * state.gap(),
    }
}

/// The clefs of all staves in force at a system's start.
pub(in crate::engrave) fn clef_signs(states: &[StaffState]) -> Block {
    let mut block = Block::default();
    for (staff, state) in states.iter().enumerate() {
        let Some(glyph) = clef_glyph(&state.clef, state.lines) else { continue };
        let at = Point::new(0.0, clef_height(&state.clef, state));
        block.push(Sign { staff, at, glyph, scale: state.scale(), role: Role::Clef, source: None });
    }
    block
}

/// Clefs that change, small, those of one place.
pub(in crate::engrave) fn clef_signs_small<'a>(
    changes: impl Iterator<Item = &'a crate::engrave::prepare::ClefChange>,
    states: &[StaffState],
) -> Block {
    let mut block = Block::default();
    for change in changes {
        let (Some(glyph), Some(state)) =
            (clef_glyph(&change.clef, states.get(change.staff).map_or(5, |s| s.lines)), states.get(change.staff))
        else {
            continue;
        };
        let at = Point::new(0.0, clef_height(&change.clef, state));
        block.push(Sign {
            staff: change.staff,
            at,
            glyph,
            scale: 0.72 * state.scale(),
            role: Role::Clef,
            source: Some(change.source.into()),
        });
    }
    block
}

/// Key and time signatures: with `all`, what is in force at the start of the bar on every staff; else only what changes there.
pub(in crate::engrave) fn key_time_signs(bar: &Bar, all: bool, with_time: bool) -> Block {
    let mut block = Block::default();
    let mut keys = Block::default();
    for (staff, state) in bar.opening.iter().enumerate() {
        let change = bar.keys.iter().find(|c| c.staff == staff && c.beat.is_zero());
        let source = change.map(|c| c.source.into());
        let old = if all { None } else { change.map(|c| &c.old) };
        if all || change.is_some() {
            key_signs(&mut keys, staff, state, &state.key, old, source);
        }
    }
    block.append(keys, 0.0);
    if with_time {
        let mut times = Block::default();
        let mut widest: Space = 0.0;
        let per_staff: Vec<Option<&TimeSignature>> = (0..bar.opening.len())
            .map(|staff| bar.staff_times.iter().find(|row| row.0 == staff).map(|row| &row.1).or(bar.time.as_ref()))
            .collect();
        for time in per_staff.iter().flatten() {
            widest = widest.max(time_width(time));
        }
        for (staff, time) in per_staff.iter().enumerate() {
            if let Some(time) = time {
                time_signs(&mut times, staff, &bar.opening[staff], time, widest, Some(bar.id.into()));
            }
        }
        block.append(times, 1.0);
    }
    block
}

/// Steps above the bottom line of each accidental of a signature in a clef (Gould, p. 91). The pattern of the treble clef is
/// moved to where the clef puts it and kept within the staff.
fn key_steps(clef: &Clef, step: Step, sharp: bool) -> i32 {
    // Lowest place an accidental may have, as steps above the bottom line, so that the pattern has its usual contour.
    let bottom = clef.bottom_line();
    let natural = step.index() - bottom;
    let floor = match (clef.sign, clef.line, sharp) {
        (ClefSign::C, 4, _) => 2,
        (_, _, true) => 3,
        (_, _, false) => 1,
    };
    let shift =
        if clef.sign == ClefSign::F && clef.line == 4 { -2 } else { 0 } + if clef.sign == ClefSign::C && clef.line == 3 { -1 } else { 0 };
    let lowest = floor + shift.max(-2);
    lowest + (natural - lowest).rem_euclid(7)
}

fn key_signs(block: &mut Block, staff: usize, state: &StaffState, key: &Key, old: Option<&Key>, source: Option<RecordRef>) {
    const ORDER: [Step; 7] = [Step::F, Step::C, Step::G, Step::D, Step::A, Step::E, Step::B];
    if matches!(state.clef.sign, ClefSign::Percussion | ClefSign::Tab | ClefSign::Jianpu | ClefSign::None) {
        return;
    }
    let mut x = 0.0;
    let mut put = |glyph: Glyph, steps: i32| {
        let scale = state.scale();
        let at = Point::new(x, state.height() - steps as Space / 2.0 * scale);
        block.push(Sign { staff, at, glyph, scale, role: Role::KeySignature, source });
        x += width(glyph) * scale + if glyph == g::ACCIDENTAL_NATURAL { 0.25 } else { 0.05 };
    };
    // A signature is cancelled with naturals only where nothing follows it (Gould, p. 93).
    let cancelled = old.map_or(0, |old| if key.fifths == 0 && key.accidentals.is_empty() { old.fifths } else { 0 });
    let cancelled = if cancelled == 0 && old.is_some() { key.cancel.unwrap_or(0) } else { cancelled };
    for at in 0..usize::from(cancelled.unsigned_abs().min(7)) {
        let sharp = cancelled > 0;
        let step = if sharp { ORDER[at] } else { ORDER[6 - at] };
        put(g::ACCIDENTAL_NATURAL, key_steps(&state.clef, step, sharp));
    }
    if !key.accidentals.is_empty() {
        for accidental in key.accidentals.iter().take(14) {
            let sign = accidental.sign.or_else(|| super::super::prepare::sign_for(accidental.alter));
            let sharp = accidental.alter.numerator() >= 0;
            let steps = match accidental.octave {
                Some(octave) => (i32::from(octave) * 7 + accidental.step.index() - state.clef.bottom_line()).clamp(-10, 20),
                None => key_steps(&state.clef, accidental.step, sharp),
            };
            put(sign_glyph(sign.unwrap_or(crate::model::AccidentalSign::Natural)), steps);
        }
        return;
    }
    let count = usize::from(key.fifths.unsigned_abs().min(14));
    let sharp = key.fifths > 0;
    let doubled = count.saturating_sub(7);
    for at in 0..count.min(7) {
        let step = if sharp { ORDER[at] } else { ORDER[6 - at] };
        let glyph = match (sharp, at < doubled) {
            (true, false) => g::ACCIDENTAL_SHARP,
            (true, true) => g::ACCIDENTAL_DOUBLE_SHARP,
            (false, false) => g::ACCIDENTAL_FLAT,
            (false, true) => g::ACCIDENTAL_DOUBLE_FLAT,
        };
        put(glyph, key_steps(&state.clef, step, sharp));
    }
}

/// A number in the digits of time signatures.
pub(in crate::engrave) fn digits(mut number: u16) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    loop {
        glyphs.push(g::nth(g::TIME_SIG0, u32::from(number % 10)));
        number /= 10;
        if number == 0 {
            break;
        }
    }
    glyphs.reverse();
    glyphs
}

fn summands(beats: &[u16]) -> Vec<Glyph> {
    let mut glyphs = Vec::new();
    for (at, beat) in beats.iter().take(32).enumerate() {
        if at > 0 {
            glyphs.push(g::TIME_SIG_PLUS_SMALL);
        }
        glyphs.extend(digits(*beat));
    }
    glyphs
}

fn line_width(glyphs: &[Glyph]) -> Space {
    glyphs.iter().map(|glyph| width(*glyph)).sum()
}

fn symbol(time: &TimeSignature) -> Option<Glyph> {
    match time.symbol {
        TimeSymbol::Common => Some(g::TIME_SIG_COMMON),
        TimeSymbol::Cut => Some(g::TIME_SIG_CUT_COMMON),
        _ => None,
    }
}

fn time_width(time: &TimeSignature) -> Space {
    if let Some(glyph) = symbol(time) {
        return width(glyph);
    }
    let groups = time.groups.iter().take(16).map(|(beats, unit)| line_width(&summands(beats)).max(line_width(&digits(*unit))));
    groups.sum::<Space>() + time.groups.len().min(16).saturating_sub(1) as Space * (width(g::TIME_SIG_PLUS) + 0.6)
}

fn time_signs(block: &mut Block, staff: usize, state: &StaffState, time: &TimeSignature, widest: Space, source: Option<RecordRef>) {
    let middle = state.height() / 2.0;
    let mut put = |glyph: Glyph, at: Point| block.push(Sign { staff, at, glyph, scale: state.scale(), role: Role::TimeSignature, source });
    let mut x = (widest - time_width(time)) / 2.0;
    if let Some(glyph) = symbol(time) {
        put(glyph, Point::new(x, middle));
        return;
    }
    for (index, (beats, unit)) in time.groups.iter().take(16).enumerate() {
        if index > 0 {
            put(g::TIME_SIG_PLUS, Point::new(x + 0.3, middle));
            x += width(g::TIME_SIG_PLUS) + 0.6;
        }
        let (above, below) = (summands(beats), digits(*unit));
        let wide = line_width(&above).max(line_width(&below));
        let mut row = |glyphs: &[Glyph], y: Space| {
            let mut pen = x + (wide - line_width(glyphs)) / 2.0;
            for glyph in glyphs {
                put(*glyph, Point::new(pen, y));
                pen += width(*glyph);
            }
        };
        if time.symbol == TimeSymbol::SingleNumber {
            row(&above, middle);
        } else {
            row(&above, middle - state.scale());
            row(&below, middle + state.scale());
        }
        x += wide;
    }
}
