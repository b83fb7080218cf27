//! Noteheads with their accidentals, dots and ledger lines, stems and flags of chords without a beam, rests, and signs
//! within a measure.

use super::{Draft, Tag, Work, multirest, repeats, tab};
use crate::engrave::page::{Point, Role, Shape, Space};
use crate::engrave::prepare::{Bar, Chord, Gathered, Head, Stem, rest_glyph};
use crate::engrave::shapes::{Block, clef_signs_small, stem_x, width};
use crate::engrave::sheet::STEM_LENGTH;
use crate::font::{self, Glyph, engraving_defaults, glyphs as g};
use crate::model::NoteBase;

/// Where a chord came to stand, y from its own staff's top line.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::engrave) struct Placed {
    /// The x of its column and of the middle of its stem.
    pub x: Space,
    pub stem: Space,
    /// Its heads' outer edges.
    pub left: Space,
    pub right: Space,
    /// The highest and the lowest head.
    pub high: Space,
    pub low: Space,
    /// Where the stem ends; the outer head without one.
    pub tip: Space,
}

impl Placed {
    /// The middle of its heads.
    pub(in crate::engrave) fn middle(&self) -> Space {
        (self.left + self.right) / 2.0
    }

    /// Its ink from top to bottom, stem included.
    pub(in crate::engrave) fn reach(&self) -> (Space, Space) {
        ((self.high - 0.5).min(self.tip), (self.low + 0.5).max(self.tip))
    }
}

/// Draws the notes of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft) {
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        let Some(frame) = draft.frame(measure).cloned() else { continue };
        inner_signs(work, draft, bar, measure);
        match work.laid[measure].rests {
            Gathered::Leads(count) => multirest::draw(draft, bar.id, count, frame.left, frame.right),
            Gathered::Alone | Gathered::Follows { .. } => {}
        }
        if work.laid[measure].rests != Gathered::Alone {
            draft.placed.push(bar.chords.iter().map(|chord| spot(chord, frame.left)).collect());
            continue;
        }
        let mut placed = Vec::with_capacity(bar.chords.len());
        let mut ledgers = Vec::new();
        for chord in &bar.chords {
            let x = frame.xs.get(chord.column).copied().unwrap_or(frame.left);
            let spot = spot(chord, x);
            if chord.visible {
                if chord.is_rest() {
                    let centre = (frame.left + frame.right) / 2.0;
                    placed.push(rest(draft, chord, x, centre));
                    continue;
                }
                ledger_lines(draft, chord, x, &mut ledgers);
                heads(draft, chord, x);
                if chord.beam.is_none() && !chord.crosses() {
                    stem(draft, chord, &spot);
                }
            }
            placed.push(spot);
        }
        draw_ledger_lines(draft, ledgers);
        draft.placed.push(placed);
        repeats::draw(draft, bar, &frame);
    }
    draft.staves.iter_mut().for_each(tab::stop_lines);
}

/// Clefs and keys that change within a measure.
fn inner_signs(work: &Work, draft: &mut Draft, bar: &Bar, measure: usize) {
    let columns = &work.laid[measure].columns.columns;
    for (index, column) in columns.iter().enumerate() {
        let Some(x) = draft.frame(measure).and_then(|f| f.xs.get(index).copied()) else { continue };
        let block = if column.is_clef() {
            clef_signs_small(bar.clefs.iter().filter(|c| c.beat == column.beat), &bar.opening)
        } else if column.is_key() {
            // Drawn as a change at the start of a measure would be.
            let keys = bar.keys.iter().filter(|k| k.beat == column.beat).cloned();
            let keys = keys.map(|mut k| {
                k.beat = crate::model::Beat::ZERO;
                k
            });
            let mut opening = bar.opening.clone();
            let keys: Vec<_> = keys.collect();
            for key in &keys {
                if let Some(state) = opening.get_mut(key.staff) {
                    state.key = key.key.clone();
                }
            }
            let inner = Bar {
                keys,
                opening,
                time: None,
                staff_times: Vec::new(),
                clefs: Vec::new(),
                chords: Vec::new(),
                beams: Vec::new(),
                said: Vec::new(),
                coloured: Vec::new(),
                repeats: Vec::new(),
                slashes: Vec::new(),
                beat_repeats: Vec::new(),
                ..*bar
            };
            crate::engrave::shapes::key_time_signs(&inner, false, false)
        } else {
            Block::default()
        };
        for sign in &block.signs {
            if let Some(staff) = draft.staves.get_mut(sign.staff) {
                staff.glyph(sign.glyph, Point::new(x + sign.at.x, sign.at.y), sign.scale, Tag::new(sign.role, sign.source));
            }
        }
    }
}

fn spot(chord: &Chord, x: Space) -> Placed {
    let mut spot =
        Placed { x, stem: x + stem_x(chord), left: x, right: x + 1.18, high: chord.rest_y, low: chord.rest_y, tip: chord.rest_y };
    if let (Some(first), false) = (chord.heads.first(), chord.is_rest()) {
        let home = first.staff;
        let on_home = || chord.heads.iter().filter(|h| h.staff == home);
        spot.high = on_home().map(|h| h.y).fold(Space::INFINITY, Space::min);
        spot.low = on_home().map(|h| h.y).fold(Space::NEG_INFINITY, Space::max);
        spot.left = x + chord.dx + chord.heads.iter().map(|h| h.dx).fold(0.0, Space::min);
        spot.right = x + chord.dx + chord.heads.iter().map(|h| h.dx + width(h.glyph) * chord.scale).fold(0.0, Space::max);
        spot.tip = tip(chord, &spot);
    }
    spot
}

/// How far stems of tablature reach out of the staff.
pub(super) const TAB_STEM: Space = 2.6;

/// Where the stem of a chord without a beam ends: an octave from the outer head, at least at the middle line
/// (Gould, "Behind Bars", p. 14), longer for many flags.
fn tip(chord: &Chord, spot: &Placed) -> Space {
    let length = STEM_LENGTH * if chord.scale < 1.0 { chord.scale * 1.1 } else { 1.0 };
    if chord.tab && chord.has_stem() {
        // Outside the staff and all alike, as numbers leave no room within.
        return if chord.stem == Stem::Up { -TAB_STEM } else { chord.height + TAB_STEM };
    }
    let middle = chord.height / 2.0;
    let reaches = chord.scale >= 1.0;
    match chord.stem {
        Stem::Up => (spot.high - length).min(if reaches { middle } else { Space::INFINITY }),
        Stem::Down => (spot.low + length).max(if reaches { middle } else { Space::NEG_INFINITY }),
        Stem::None if spot.high + spot.low > 2.0 * middle => spot.low,
        Stem::None => spot.high,
    }
}

fn rest(draft: &mut Draft, chord: &Chord, x: Space, centre: Space) -> Placed {
    let glyph = rest_glyph(chord.value.base);
    let wide = width(glyph) * chord.scale;
    let x = if chord.measure_rest { centre - wide / 2.0 } else { x };
    let tag = Tag::of(Role::Rest, chord);
    let Some(staff) = draft.staves.get_mut(chord.staff) else { return Placed::default() };
    let y = chord.rest_y;
    let rect = staff.glyph(glyph, Point::new(x, y), chord.scale, tag);
    let outside = y < 0.0 || y > staff.height;
    if outside && matches!(chord.value.base, NoteBase::Whole | NoteBase::Half) && staff.height > 1.0 {
        let line = engraving_defaults();
        staff.line(
            Point::new(x - line.leger_line_extension, y),
            Point::new(x + wide + line.leger_line_extension, y),
            line.leger_line_thickness,
            Tag::of(Role::LedgerLine, chord),
        );
    }
    let dot_y = if chord.value.base == NoteBase::Whole { y + 0.5 } else { y.floor() - 0.5 };
    for dot in 0..chord.value.dots.min(4) {
        let at = Point::new(x + wide + 0.3 + 0.65 * Space::from(dot), dot_y);
        staff.glyph(g::AUGMENTATION_DOT, at, chord.scale, Tag::of(Role::Dot, chord));
    }
    Placed {
        x,
        stem: x + wide / 2.0,
        left: x,
        right: x + wide,
        high: rect.top + 0.5,
        low: rect.bottom - 0.5,
        tip: (rect.top + rect.bottom) / 2.0,
    }
}

fn heads(draft: &mut Draft, chord: &Chord, x: Space) {
    for head in &chord.heads {
        let Some(staff) = draft.staves.get_mut(head.staff) else { continue };
        let tag = |role: Role| Tag { role, source: chord.recorded.then(|| head.id.into()), voice: chord.voice };
        let at = Point::new(x + chord.dx + head.dx, head.y);
        let wide = width(head.glyph) * chord.scale;
        match &head.fret {
            Some(number) => tab::fret(staff, number, Point::new(at.x + wide / 2.0, at.y), tag(Role::Notehead)),
            None if head.cluster && chord.heads.len() > 1 => {}
            None => {
                staff.glyph(head.glyph, at, chord.scale, tag(Role::Notehead));
            }
        }
        if head.parentheses {
            let ear = width(g::NOTEHEAD_PARENTHESIS_LEFT) * chord.scale;
            staff.glyph(g::NOTEHEAD_PARENTHESIS_LEFT, Point::new(at.x - ear - 0.1, at.y), chord.scale, tag(Role::Other));
            staff.glyph(g::NOTEHEAD_PARENTHESIS_RIGHT, Point::new(at.x + wide + 0.1, at.y), chord.scale, tag(Role::Other));
        }
        if let Some(y) = head.dot_y {
            for dot in 0..chord.value.dots.min(4) {
                let at = Point::new(x + chord.dot_x + 0.65 * Space::from(dot) * chord.scale, y);
                staff.glyph(g::AUGMENTATION_DOT, at, chord.scale, tag(Role::Dot));
            }
        }
        accidental(staff, chord, head, x);
    }
    cluster(draft, chord, x);
}

/// A cluster: everything between its outer notes, filled or hollow as their value is (Gould, "Behind Bars", p. 611).
fn cluster(draft: &mut Draft, chord: &Chord, x: Space) {
    let (Some(low), Some(high)) = (chord.heads.first(), chord.heads.last()) else { return };
    if chord.heads.len() < 2 || !chord.heads.iter().all(|head| head.cluster && head.staff == low.staff) {
        return;
    }
    let Some(staff) = draft.staves.get_mut(low.staff) else { return };
    let tag = Tag { role: Role::Notehead, source: Some(low.id.into()), voice: chord.voice };
    let (left, right) = (x + chord.dx, x + chord.dx + width(g::NOTEHEAD_BLACK) * chord.scale);
    let (top, bottom) = (high.y - 0.5 * chord.scale, low.y + 0.5 * chord.scale);
    let corners = [Point::new(left, top), Point::new(right, top), Point::new(right, bottom), Point::new(left, bottom)];
    staff.sky.add(crate::engrave::page::Rect::new(left, top, right, bottom));
    if chord.value.base >= NoteBase::Quarter {
        staff.item(Shape::Polygon(corners.to_vec()), tag);
        return;
    }
    for (at, from) in corners.into_iter().enumerate() {
        staff.line(from, corners[(at + 1) % 4], 0.16, tag);
    }
}

fn accidental(staff: &mut super::StaffDraft, chord: &Chord, head: &Head, x: Space) {
    let Some(accidental) = &head.accidental else { return };
    let tag = Tag { role: Role::Accidental, source: Some(head.id.into()), voice: chord.voice };
    if accidental.editorial {
        let wide = width(accidental.glyph) * 0.7;
        let top = staff.sky.top(x - 0.2, x + 1.4).min(-1.0);
        staff.glyph(accidental.glyph, Point::new(x + 0.59 - wide / 2.0, top - 1.2), 0.7, tag);
        return;
    }
    let at = Point::new(x + accidental.dx, head.y);
    let rect = staff.glyph(accidental.glyph, at, chord.scale, tag);
    let ears = match (accidental.parentheses, accidental.bracket) {
        (true, _) => Some((g::ACCIDENTAL_PARENS_LEFT, g::ACCIDENTAL_PARENS_RIGHT)),
        (_, true) => Some((g::ACCIDENTAL_BRACKET_LEFT, g::ACCIDENTAL_BRACKET_RIGHT)),
        _ => None,
    };
    if let Some((before, after)) = ears {
        staff.glyph(before, Point::new(rect.left - (0.05 + width(before)) * chord.scale, head.y), chord.scale, tag);
        staff.glyph(after, Point::new(rect.right + 0.05 * chord.scale, head.y), chord.scale, tag);
    }
}

/// A ledger line on its way to the page: how far it may reach, and the heads that it has to reach over.
struct Ledger {
    staff: usize,
    y: Space,
    from: Space,
    to: Space,
    heads: (Space, Space),
    tag: Tag,
}

/// The ledger lines of a chord, as long as they would like to be.
fn ledger_lines(draft: &Draft, chord: &Chord, x: Space, ledgers: &mut Vec<Ledger>) {
    let extension = engraving_defaults().leger_line_extension * chord.scale;
    let tag = Tag::of(Role::LedgerLine, chord);
    for (index, head) in chord.heads.iter().enumerate() {
        let first_on_staff = index == 0 || chord.heads[index - 1].staff != head.staff;
        let Some(staff) = draft.staves.get(head.staff).filter(|_| first_on_staff) else { continue };
        let fellows = || chord.heads.iter().filter(|h| h.staff == head.staff);
        let high = fellows().map(|h| h.y).fold(Space::INFINITY, Space::min).max(-25.0);
        let low = fellows().map(|h| h.y).fold(Space::NEG_INFINITY, Space::max).min(staff.height + 25.0);
        let above = (1..26).map(|n| (-Space::from(n as u8) * staff.gap, true)).take_while(|(y, _)| *y >= high - 0.01);
        let bottom = staff.height;
        let below = (1..26).map(|n| (bottom + Space::from(n as u8) * staff.gap, false)).take_while(|(y, _)| *y <= low + 0.01);
        for (y, up) in above.chain(below) {
            // As wide as the heads on it or beyond it.
            let on = || fellows().filter(|h| if up { h.y <= y + 0.01 } else { h.y >= y - 0.01 });
            let left = x + chord.dx + on().map(|h| h.dx).fold(Space::INFINITY, Space::min);
            let right = x + chord.dx + on().map(|h| h.dx + width(h.glyph) * chord.scale).fold(Space::NEG_INFINITY, Space::max);
            ledgers.push(Ledger { staff: head.staff, y, from: left - extension, to: right + extension, heads: (left, right), tag });
        }
    }
}

/// Draws the ledger lines of a measure; those of neighbours that stand close are cut short, so that they do not read as one
/// (Gould, p. 26).
fn draw_ledger_lines(draft: &mut Draft, mut ledgers: Vec<Ledger>) {
    const APART: Space = 0.16;
    ledgers.sort_by(|a, b| a.staff.cmp(&b.staff).then(a.y.total_cmp(&b.y)).then(a.heads.0.total_cmp(&b.heads.0)));
    for at in 1..ledgers.len() {
        let (before, after) = ledgers.split_at_mut(at);
        let (left, right) = (&mut before[at - 1], &mut after[0]);
        let beside = left.staff == right.staff && (left.y - right.y).abs() < 0.01 && left.heads.1 + APART < right.heads.0;
        if beside && left.to + APART > right.from {
            let middle = (left.heads.1 + right.heads.0) / 2.0;
            left.to = left.to.min(middle - APART / 2.0);
            right.from = right.from.max(middle + APART / 2.0);
        }
    }
    let thickness = engraving_defaults().leger_line_thickness;
    for ledger in ledgers {
        draft.staves[ledger.staff].line(Point::new(ledger.from, ledger.y), Point::new(ledger.to, ledger.y), thickness, ledger.tag);
    }
}

fn flag(base: NoteBase, up: bool) -> Option<Glyph> {
    let (above, below) = match base {
        NoteBase::Eighth => (g::FLAG8TH_UP, g::FLAG8TH_DOWN),
        NoteBase::N16th => (g::FLAG16TH_UP, g::FLAG16TH_DOWN),
        NoteBase::N32nd => (g::FLAG32ND_UP, g::FLAG32ND_DOWN),
        NoteBase::N64th => (g::FLAG64TH_UP, g::FLAG64TH_DOWN),
        NoteBase::N128th => (g::FLAG128TH_UP, g::FLAG128TH_DOWN),
        NoteBase::N256th => (g::FLAG256TH_UP, g::FLAG256TH_DOWN),
        NoteBase::N512th => (g::FLAG512TH_UP, g::FLAG512TH_DOWN),
        NoteBase::N1024th => (g::FLAG1024TH_UP, g::FLAG1024TH_DOWN),
        _ => return None,
    };
    Some(if up { above } else { below })
}

/// The stem and the flag of a chord on one staff that has no beam.
fn stem(draft: &mut Draft, chord: &Chord, spot: &Placed) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    if !chord.has_stem() {
        return;
    }
    let up = chord.stem == Stem::Up;
    let root = root(chord);
    let mut tip = spot.tip;
    if let Some(glyph) = flag(chord.value.base, up) {
        let metrics = font::metrics(glyph);
        staff.glyph(glyph, Point::new(spot.stem - engraving_defaults().stem_thickness / 2.0, tip), chord.scale, Tag::of(Role::Flag, chord));
        let reach = if up { metrics.stem_up_nw } else { metrics.stem_down_sw };
        tip += reach.map_or(0.0, |p| p.y) * chord.scale;
    }
    let thickness = engraving_defaults().stem_thickness * chord.scale.max(0.75);
    staff.line(Point::new(spot.stem, root), Point::new(spot.stem, tip), thickness, Tag::of(Role::Stem, chord));
    if chord.grace.is_some_and(|grace| grace.slash) {
        grace_slash(staff, chord, spot.stem, tip);
    }
}

/// The stroke through the stem of an acciaccatura.
pub(super) fn grace_slash(staff: &mut super::StaffDraft, chord: &Chord, stem: Space, tip: Space) {
    let up = chord.stem == Stem::Up;
    let s = chord.scale;
    let (from, to) = if up {
        (Point::new(stem - 0.85 * s, tip + 2.4 * s), Point::new(stem + 1.25 * s, tip + 0.8 * s))
    } else {
        (Point::new(stem - 0.85 * s, tip - 2.4 * s), Point::new(stem + 1.25 * s, tip - 0.8 * s))
    };
    staff.line(from, to, 0.16 * s, Tag::of(Role::Flag, chord));
}

/// Where the stem starts: at the head farthest from its tip, where the head's outline meets it.
pub(super) fn root(chord: &Chord) -> Space {
    let home = chord.home();
    let heads = chord.heads.iter().filter(|h| h.staff == home);
    if chord.tab {
        // Clear of the number.
        return match chord.stem {
            Stem::Up => heads.map(|h| h.y - 0.9).fold(Space::INFINITY, Space::min),
            _ => heads.map(|h| h.y + 0.9).fold(Space::NEG_INFINITY, Space::max),
        };
    }
    match chord.stem {
        Stem::Up => heads
            .max_by(|a, b| a.y.total_cmp(&b.y))
            .map_or(0.0, |h| h.y + font::metrics(h.glyph).stem_up_se.map_or(0.0, |p| p.y) * chord.scale),
        _ => heads
            .min_by(|a, b| a.y.total_cmp(&b.y))
            .map_or(0.0, |h| h.y + font::metrics(h.glyph).stem_down_nw.map_or(0.0, |p| p.y) * chord.scale),
    }
}

/// The flag of a chord that lies on two staves.
pub(super) fn flag_at(draft: &mut Draft, chord: &Chord, at: Point) {
    if let Some(glyph) = flag(chord.value.base, chord.stem == Stem::Up) {
        draft.put(Shape::Glyph { glyph, at, scale: chord.scale }, Tag::of(Role::Flag, chord));
    }
}
