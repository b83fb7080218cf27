//! Chords in their column: heads a second apart, voices that collide, accidentals, dots (Gould, "Behind Bars", chapters 2 and 3).

use super::{Rect, Space, ink, width};
use crate::engrave::page::Point;
use crate::engrave::prepare::{Bar, Chord, Head, Stem, rest_glyph};
use crate::font::{self, engraving_defaults, glyphs as g};

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
    let mut cells: Vec<((usize, usize), usize)> = Vec::with_capacity(bar.chords.len());
    for (at, chord) in bar.chords.iter_mut().enumerate().filter(|(_, c)| c.visible) {
        displace_seconds(chord);
        cells.push(((chord.column, chord.home()), at));
    }
    cells.sort_unstable();
    let mut from = 0;
    while from < cells.len() {
        let cell = cells[from].0;
        let to = from + cells[from..].iter().take_while(|row| row.0 == cell).count();
        let members: Vec<usize> = cells[from..to].iter().map(|row| row.1).collect();
        separate_voices(&mut bar.chords, &members);
        place_dots(&mut bar.chords, &members);
        stack_accidentals(&mut bar.chords, &members);
        for at in members {
            let chord = &bar.chords[at];
            reach(chord, |staff, left, right| extents[cell.0 * staves + staff].cover(left, right));
        }
        from = to;
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

/// Moves one of two voices aside where their heads would cover each other (Gould, pp. 50–55).
fn separate_voices(chords: &mut [Chord], members: &[usize]) {
    let noted: Vec<usize> = members.iter().copied().filter(|at| !chords[*at].is_rest()).collect();
    for second in 1..noted.len() {
        for first in 0..second {
            let (a, b) = (&chords[noted[first]], &chords[noted[second]]);
            let (up, down) =
                if a.stem == Stem::Down && b.stem != Stem::Down { (noted[second], noted[first]) } else { (noted[first], noted[second]) };
            if a.stem == b.stem && a.stem != Stem::None {
                if close(a, b, 1) && !shares(a, b) {
                    let by = width(a.heads[0].glyph) * a.scale + 0.1;
                    chords[noted[second]].dx = chords[noted[first]].dx + by;
                }
                continue;
            }
            let (dx_up, dx_down) = shifts(&chords[up], &chords[down]);
            chords[up].dx = chords[up].dx.max(dx_up);
            chords[down].dx = chords[down].dx.max(dx_down);
        }
    }
}

fn close(a: &Chord, b: &Chord, within: i32) -> bool {
    a.heads.iter().any(|x| b.heads.iter().any(|y| x.staff == y.staff && (x.steps - y.steps).abs() <= within))
}

/// Whether two voices can share a head: the same kind of head, and no more dots on one than on the other.
fn shares(a: &Chord, b: &Chord) -> bool {
    let exact = a.heads.iter().all(|x| b.heads.iter().all(|y| (x.steps - y.steps).abs() != 1));
    exact && a.heads[0].glyph == b.heads[0].glyph && a.value.dots == b.value.dots && a.scale == b.scale && close(a, b, 0)
}

fn shifts(up: &Chord, down: &Chord) -> (Space, Space) {
    let (Some(lowest), Some(highest)) = (up.heads.first(), down.heads.last()) else { return (0.0, 0.0) };
    let (up_width, down_width) = (width(lowest.glyph) * up.scale, width(highest.glyph) * down.scale);
    match lowest.steps - highest.steps {
        2.. => (0.0, 0.0),
        1 => (0.0, up_width - engraving_defaults().stem_thickness),
        0 if up.heads.len() + down.heads.len() == 2 || !close_besides(up, down) => {
            if shares(up, down) {
                (0.0, 0.0)
            } else {
                (0.0, up_width + 0.15)
            }
        }
        _ if !close(up, down, 1) => (down_width * 0.5, 0.0),
        _ => (down_width + 0.15, 0.0),
    }
}

/// Whether heads other than a shared one collide.
fn close_besides(a: &Chord, b: &Chord) -> bool {
    a.heads.iter().any(|x| b.heads.iter().any(|y| (x.steps - y.steps).abs() == 1))
}

/// Dots stand in spaces, one to a space, in one line for all chords of the column (Gould, p. 56).
fn place_dots(chords: &mut [Chord], members: &[usize]) {
    let mut right: Space = 0.0;
    for at in members {
        let chord = &chords[*at];
        for head in &chord.heads {
            right = right.max(chord.dx + head.dx + width(head.glyph) * chord.scale);
        }
    }
    let mut used: Vec<Space> = Vec::new();
    for at in members {
        let chord = &mut chords[*at];
        if chord.value.dots == 0 || chord.is_rest() {
            continue;
        }
        chord.dot_x = right + 0.35;
        let below = !chord.alone && chord.rank % 2 == 1;
        for head in chord.heads.iter_mut().rev() {
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

/// Accidentals in as few columns as they fit, from the outside of the chord inwards (Gould, p. 87).
fn stack_accidentals(chords: &mut [Chord], members: &[usize]) {
    let mut wanted: Vec<(Space, usize, usize)> = Vec::new();
    let mut edge = Space::INFINITY;
    for at in members {
        let chord = &chords[*at];
        for (index, head) in chord.heads.iter().enumerate() {
            edge = edge.min(chord.dx + head.dx);
            if head.accidental.is_some() {
                wanted.push((head.y + 100.0 * head.staff as Space, *at, index));
            }
        }
    }
    if wanted.is_empty() {
        return;
    }
    wanted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut placed: Vec<Rect> = Vec::with_capacity(wanted.len());
    let mut shared: Vec<(Space, Space)> = Vec::new();
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
        let Some(accidental) = chords[at].heads[index].accidental.as_mut() else { continue };
        if accidental.editorial {
            continue;
        }
        if let Some((_, x)) = shared.iter().find(|row| (row.0 - y).abs() < 0.01) {
            // Voices in unison show one sign.
            accidental.dx = *x;
            continue;
        }
        let ears = if accidental.parentheses || accidental.bracket { 0.9 * scale } else { 0.0 };
        let size = ink(accidental.glyph, Point::new(0.0, y), scale);
        let wide = size.right.max(0.6 * scale) + ears;
        let mut right = edge - 0.2;
        loop {
            let rect = Rect::new(right - wide, size.top - 0.08, right, size.bottom + 0.08);
            match placed.iter().find(|other| other.overlaps(&rect)) {
                Some(other) => right = other.left - 0.12,
                None => {
                    placed.push(rect);
                    break;
                }
            }
        }
        accidental.dx = right - wide + ears / 2.0;
        shared.push((y, accidental.dx));
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
    let ears = if head.parentheses { 0.6 * chord.scale } else { 0.0 };
    let left = head.accidental.as_ref().filter(|a| !a.editorial).map_or(x, |a| x.min(a.dx - if a.parentheses { 0.45 } else { 0.0 }));
    (left - ears, x + width(head.glyph) * chord.scale + ears)
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
        covers(head.staff, left - if chord.arpeggio { 1.1 } else { 0.0 }, right);
        if chord.value.dots > 0 {
            let dots = chord.dot_x + Space::from(chord.value.dots) * 0.65 * chord.scale;
            covers(head.staff, left, dots);
        }
    }
    if chord.flags() > 0 && chord.beam.is_none() && chord.stem == Stem::Up {
        covers(chord.home(), 0.0, stem_x(chord) + width(g::FLAG8TH_UP) * chord.scale * 0.9);
    }
}
