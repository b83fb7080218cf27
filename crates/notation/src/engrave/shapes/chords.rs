//! Chords in their column: heads a second apart, voices that collide, accidentals, dots (Gould, "Behind Bars", chapters 2 and 3).

use super::{Rect, Space, ink, width};
use crate::engrave::page::Point;
use crate::engrave::prepare::{Accidental, Bar, Chord, Head, Stem, rest_glyph};
use crate::font::{self, Glyph, engraving_defaults, glyphs as g};

/// How far what a staff has in a column reaches to both sides of the column's origin; nothing where it has nothing there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct Extent {
    pub left: Space,
    pub right: Space,
}

impl Extent {
    pub(in crate::engrave) const NOTHING: Self = Self { left: Space::NEG_INFINITY, right: Space::NEG_INFINITY };

    /// Whether there is something.
    pub(in crate::engrave) fn is_some(&self) -> bool {
        self.right > Space::NEG_INFINITY
    }

    /// Reaches over this stretch too.
    pub(in crate::engrave) fn cover(&mut self, left: Space, right: Space) {
        self.left = self.left.max(-left);
        self.right = self.right.max(right);
    }
}

/// Lays out the chords of each column on each staff, and says how far they reach: a row of extents a column.
pub(in crate::engrave) fn lay_out(bar: &mut Bar, columns: usize, staves: usize) -> Vec<Extent> {
    let mut extents = vec![Extent::NOTHING; columns * staves];
    // Who is in a column on a staff: a chord that lies on two staves is on both.
    let mut cells: Vec<((usize, usize), usize)> = Vec::with_capacity(bar.chords.len());
    for (at, chord) in bar.chords.iter_mut().enumerate().filter(|(_, c)| c.visible) {
        displace_seconds(chord);
        cells.push(((chord.column, chord.home()), at));
        if chord.crosses() {
            let mut others: Vec<usize> = chord.heads.iter().map(|head| head.staff).filter(|staff| *staff != chord.home()).collect();
            others.dedup();
            cells.extend(others.into_iter().map(|staff| ((chord.column, staff), at)));
        }
    }
    cells.sort_unstable();
    let members: Vec<usize> = cells.iter().map(|row| row.1).collect();
    let mut from = 0;
    let mut groups = Vec::with_capacity(cells.len());
    while from < cells.len() {
        let cell = cells[from].0;
        let to = from + cells[from..].iter().take_while(|row| row.0 == cell).count();
        groups.push((cell.1, from..to));
        from = to;
    }
    for (staff, group) in &groups {
        separate_voices(&mut bar.chords, &members[group.clone()], *staff);
    }
    for (staff, group) in &groups {
        place_dots(&mut bar.chords, &members[group.clone()], *staff);
        stack_accidentals(&mut bar.chords, &members[group.clone()], *staff);
    }
    for chord in bar.chords.iter().filter(|c| c.visible) {
        reach(chord, |staff, left, right| extents[chord.column * staves + staff].cover(left, right));
    }
    extents
}

/// Heads a second apart cannot share a side of the stem (Gould, p. 47).
fn displace_seconds(chord: &mut Chord) {
    let Some(first) = chord.heads.first() else { return };
    let shift = (width(first.glyph) - engraving_defaults().stem_thickness) * chord.scale;
    let mut last: Option<(usize, i32, bool)> = None;
    let down = chord.stem == Stem::Down;
    let count = chord.heads.len();
    for step in 0..count {
        let head = &mut chord.heads[if down { count - 1 - step } else { step }];
        let close = last.is_some_and(|(staff, steps, moved)| staff == head.staff && (steps - head.steps).abs() <= 1 && !moved);
        head.dx = if close { if down { -shift } else { shift } } else { 0.0 };
        last = Some((head.staff, head.steps, close));
    }
}

/// The heads of a chord on a staff, from low to high.
fn on(chord: &Chord, staff: usize) -> impl DoubleEndedIterator<Item = &Head> + Clone {
    chord.heads.iter().filter(move |head| head.staff == staff)
}

/// Moves one of two voices aside where their heads would cover each other (Gould, pp. 50–55).
fn separate_voices(chords: &mut [Chord], members: &[usize], staff: usize) {
    let noted: Vec<usize> = members.iter().copied().filter(|at| !chords[*at].is_rest()).collect();
    for second in 1..noted.len() {
        for first in 0..second {
            let (a, b) = (&chords[noted[first]], &chords[noted[second]]);
            let (up, down) =
                if a.stem == Stem::Down && b.stem != Stem::Down { (noted[second], noted[first]) } else { (noted[first], noted[second]) };
            if a.stem == b.stem && a.stem != Stem::None {
                if close(a, b, 1, staff) && !shares(a, b, staff) {
                    let by = width(a.heads[0].glyph) * a.scale + 0.1;
                    // A flag hangs free on the right.
                    let (left, right, by) = match (flag_width(a), flag_width(b)) {
                        (Some(_), None) => (noted[second], noted[first], by),
                        (Some(flag), Some(_)) => (noted[first], noted[second], by + flag),
                        _ => (noted[first], noted[second], by),
                    };
                    chords[right].dx = chords[left].dx + by;
                }
                continue;
            }
            let (dx_up, dx_down) = shifts(&chords[up], &chords[down], staff);
            chords[up].dx = chords[up].dx.max(dx_up);
            chords[down].dx = chords[down].dx.max(dx_down);
        }
    }
}

/// How far the flag of a chord reaches beyond its stem; nothing where it has none.
fn flag_width(chord: &Chord) -> Option<Space> {
    (chord.flags() > 0 && chord.beam.is_none()).then(|| width(g::FLAG8TH_UP) * chord.scale * 0.9)
}

fn close(a: &Chord, b: &Chord, within: i32, staff: usize) -> bool {
    on(a, staff).any(|x| on(b, staff).any(|y| (x.steps - y.steps).abs() <= within))
}

/// Whether two voices can share a head: the same kind of head, and no more dots on one than on the other.
fn shares(a: &Chord, b: &Chord, staff: usize) -> bool {
    let exact = on(a, staff).all(|x| on(b, staff).all(|y| (x.steps - y.steps).abs() != 1));
    exact && a.heads[0].glyph == b.heads[0].glyph && a.value.dots == b.value.dots && a.scale == b.scale && close(a, b, 0, staff)
}

fn shifts(up: &Chord, down: &Chord, staff: usize) -> (Space, Space) {
    let (Some(lowest), Some(highest)) = (on(up, staff).next(), on(down, staff).next_back()) else { return (0.0, 0.0) };
    let (up_width, down_width) = (width(lowest.glyph) * up.scale, width(highest.glyph) * down.scale);
    match lowest.steps - highest.steps {
        2.. => (0.0, 0.0),
        1 => (0.0, up_width - engraving_defaults().stem_thickness),
        0 if on(up, staff).count() + on(down, staff).count() == 2 || !close_besides(up, down, staff) => {
            if shares(up, down, staff) {
                (0.0, 0.0)
            } else if flag_width(up).is_some() && down.value.dots == 0 {
                // A flag would hang over the other head.
                (down_width + 0.15, 0.0)
            } else {
                (0.0, up_width + 0.15 + flag_width(up).map_or(0.0, |flag| flag * 0.6))
            }
        }
        _ if !close(up, down, 1, staff) => (down_width * 0.5, 0.0),
        _ => (down_width + 0.15, 0.0),
    }
}

/// Whether heads other than a shared one collide.
fn close_besides(a: &Chord, b: &Chord, staff: usize) -> bool {
    on(a, staff).any(|x| on(b, staff).any(|y| (x.steps - y.steps).abs() == 1))
}

/// Dots stand in spaces, one to a space, in one line for all chords of the column (Gould, p. 56).
fn place_dots(chords: &mut [Chord], members: &[usize], staff: usize) {
    let mut right: Space = 0.0;
    for at in members {
        let chord = &chords[*at];
        for head in on(chord, staff) {
            right = right.max(chord.dx + head.dx + width(head.glyph) * chord.scale);
        }
    }
    let mut used: Vec<Space> = Vec::new();
    for at in members {
        let chord = &mut chords[*at];
        if chord.value.dots == 0 || chord.is_rest() {
            continue;
        }
        chord.dot_x = chord.dot_x.max(right + 0.35);
        let below = !chord.alone && chord.rank % 2 == 1;
        for head in chord.heads.iter_mut().rev().filter(|head| head.staff == staff) {
            let y = if head.steps.rem_euclid(2) == 1 {
                head.y
            } else if below {
                head.y + 0.5
            } else {
                head.y - 0.5
            };
            let taken = |y: Space| used.iter().any(|other| (other - y).abs() < 0.1);
            let other = if head.steps.rem_euclid(2) == 1 { y } else { 2.0 * head.y - y };
            // Two voices on one line share its dot.
            head.dot_y = Some(if taken(y) && !taken(other) { other } else { y });
            used.extend(head.dot_y);
        }
    }
}

/// What parentheses or brackets add to an accidental on each side, the gap to it included.
pub(in crate::engrave) fn ears(accidental: &Accidental, scale: f32) -> Space {
    match (accidental.parentheses, accidental.bracket) {
        (true, _) => (width(g::ACCIDENTAL_PARENS_LEFT) + 0.05) * scale,
        (_, true) => (width(g::ACCIDENTAL_BRACKET_LEFT) + 0.05) * scale,
        _ => 0.0,
    }
}

/// Accidentals in as few columns as they fit, from the outside of the chord inwards (Gould, p. 87).
fn stack_accidentals(chords: &mut [Chord], members: &[usize], staff: usize) {
    let mut wanted: Vec<(Space, usize, usize)> = Vec::new();
    let mut edge = Space::INFINITY;
    for at in members {
        let chord = &chords[*at];
        for (index, head) in chord.heads.iter().enumerate().filter(|(_, head)| head.staff == staff) {
            edge = edge.min(chord.dx + head.dx);
            if head.accidental.is_some_and(|a| !a.editorial) {
                wanted.push((head.y, *at, index));
            }
        }
    }
    if wanted.is_empty() {
        return;
    }
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut placed: Vec<Rect> = Vec::with_capacity(wanted.len());
    let mut shared: Vec<(Space, Glyph)> = Vec::new();
    let (mut low, mut high) = (0, wanted.len());
    for turn in 0..wanted.len() {
        let (y, at, index) = if turn % 2 == 0 {
            low += 1;
            wanted[low - 1]
        } else {
            high -= 1;
            wanted[high]
        };
        let scale = chords[at].scale;
        let slot = &mut chords[at].heads[index].accidental;
        let Some(accidental) = slot.as_mut() else { continue };
        if shared.contains(&(y, accidental.glyph)) {
            // Voices in unison show one sign.
            *slot = None;
            continue;
        }
        let ears = ears(accidental, scale);
        let size = ink(accidental.glyph, Point::new(0.0, y), scale);
        let wide = size.right + 2.0 * ears;
        let mut right = edge - 0.2;
        loop {
            let rect = Rect::new(right - wide, size.top - 0.08, right, size.bottom + 0.08);
            let around = Rect { right: right + 0.1, ..rect };
            match placed.iter().find(|other| other.overlaps(&around)) {
                Some(other) => right = other.left - 0.12,
                None => {
                    placed.push(rect);
                    break;
                }
            }
        }
        accidental.dx = right - wide + ears;
        shared.push((y, accidental.glyph));
    }
}

/// Where the stem of a chord is, as the x of its middle.
pub(in crate::engrave) fn stem_x(chord: &Chord) -> Space {
    let thickness = engraving_defaults().stem_thickness;
    let Some(head) = chord.heads.iter().find(|h| h.dx == 0.0).or(chord.heads.first()) else { return chord.dx };
    let metrics = font::metrics(head.glyph);
    chord.dx
        + match chord.stem {
            Stem::Up => metrics.stem_up_se.map_or(metrics.advance, |p| p.x) * chord.scale - thickness / 2.0,
            _ => metrics.stem_down_nw.map_or(0.0, |p| p.x) * chord.scale + thickness / 2.0,
        }
}

fn head_reach(chord: &Chord, head: &Head) -> (Space, Space) {
    let x = chord.dx + head.dx;
    let around = if head.parentheses { 0.6 * chord.scale } else { 0.0 };
    let left = head.accidental.as_ref().filter(|a| !a.editorial).map_or(x, |a| x.min(a.dx - ears(a, chord.scale)));
    (left - around, x + width(head.glyph) * chord.scale + around)
}

/// Calls with every staff and stretch that a chord covers.
fn reach(chord: &Chord, mut covers: impl FnMut(usize, Space, Space)) {
    if chord.is_rest() {
        if !chord.measure_rest {
            let dots = Space::from(chord.value.dots) * 0.7;
            covers(chord.staff, 0.0, width(rest_glyph(chord.value.base)) * chord.scale + dots);
        }
        return;
    }
    for head in &chord.heads {
        let (left, right) = head_reach(chord, head);
        // Ledger lines keep something of their length on both sides.
        let ledger = if head.y < -0.75 || head.y > chord.height + 0.75 { 0.06 } else { 0.0 };
        covers(head.staff, left - ledger - if chord.arpeggio { 1.1 } else { 0.0 }, right + ledger);
        if chord.value.dots > 0 {
            let dots = chord.dot_x + Space::from(chord.value.dots) * 0.65 * chord.scale;
            covers(head.staff, left, dots);
        }
    }
    if chord.tremolo && chord.has_stem() {
        let x = stem_x(chord);
        covers(chord.home(), 0.65 - x, x + 0.65);
    }
    if let (Some(flag), Stem::Up) = (flag_width(chord), chord.stem) {
        covers(chord.home(), 0.0, stem_x(chord) + flag);
    }
}
