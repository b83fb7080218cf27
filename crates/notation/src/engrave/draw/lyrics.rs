//! Lyrics: each verse on a line of its own below its staff, hyphens between the syllables of a word, extender lines after a
//! word that is held (Gould, "Behind Bars", pp. 435–456).

use super::{Draft, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::shapes::Line;
use crate::engrave::sheet::VERSE_LEADING;
use crate::engrave::spacing::{lyric_head, syllable_reach};
use crate::engrave::style::Style;
use crate::font::engraving_defaults;
use crate::model::RecordRef;

/// Below the staff and what hangs from it, to the tops of the letters.
const CLEARANCE: Space = 0.9;

/// A line of lyrics: a staff of the score and a verse.
type Lane = (usize, (u32, String));

/// A syllable that waits for what follows it.
#[derive(Debug, Clone, PartialEq)]
struct Open {
    lane: Lane,
    id: RecordRef,
    voice: u8,
    goes_on: bool,
    extends: bool,
    /// Where it ends on this system; the start of the music where it came from the one before.
    from: Space,
    /// The right edge of the last note it is held on.
    held: Space,
    carried: bool,
}

/// What one system leaves to the next: syllables whose word goes on.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::engrave) struct Carry {
    open: Vec<Open>,
}

/// Draws the lyrics of a system.
pub(super) fn draw(work: &Work, draft: &mut Draft, carry: &mut Carry) {
    let lanes = lanes(work, draft, carry);
    if lanes.is_empty() {
        return;
    }
    let style = &work.cast.style;
    let size = style.lyric;
    let baselines = baselines(draft, &lanes, size);
    let baseline = |lane: &Lane| lanes.iter().position(|l| l == lane).map_or(0.0, |at| baselines[at]);
    for open in &mut carry.open {
        (open.from, open.held, open.carried) = (draft.music - 0.4, draft.music - 0.4, true);
    }
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        let mut order: Vec<usize> = (0..bar.chords.len()).filter(|at| bar.chords[*at].recorded).collect();
        order.sort_by_key(|at| bar.chords[*at].column);
        for at in order {
            let chord = &bar.chords[at];
            let Some(placed) = draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(at)).copied() else { continue };
            for open in carry.open.iter_mut().filter(|o| o.lane.0 == chord.staff && o.voice == chord.voice) {
                let sung = chord.lyrics.iter().any(|s| s.verse == open.lane.1);
                if !sung && !chord.is_rest() && chord.grace.is_none() {
                    open.held = placed.right;
                } else if chord.is_rest() && open.extends {
                    open.extends = false;
                    finish_extender(draft, open, baseline(&open.lane));
                }
            }
            for syllable in &chord.lyrics {
                let lane = (chord.staff, syllable.verse.clone());
                let (left, right) = syllable_reach(syllable, lyric_head(chord));
                let x = placed.x + chord.dx - left;
                let y = baseline(&lane);
                if let Some(index) = carry.open.iter().position(|o| o.lane == lane) {
                    let open = carry.open.swap_remove(index);
                    join(style, draft, &open, x, y);
                }
                let id = RecordRef::from(syllable.id);
                let tag = Tag { role: Role::Lyric, source: Some(id), voice: chord.voice };
                draft.staves[chord.staff].text(syllable.line.clone(), Point::new(x, y), tag);
                let from = placed.x + chord.dx + right;
                carry.open.push(Open {
                    lane,
                    id,
                    voice: chord.voice,
                    goes_on: syllable.goes_on,
                    extends: syllable.extends,
                    from,
                    held: placed.right,
                    carried: false,
                });
            }
        }
    }
    // The rows are the lyrics' own: what belongs to the staff below keeps clear of them even between syllables.
    for ((staff, _), y) in lanes.iter().zip(&baselines) {
        draft.staves[*staff].sky.add(Rect::new(draft.music, y - size * 0.5, draft.right, y + size * 0.2));
    }
    leave(style, draft, carry, baseline);
}

/// Draws what goes on over the end of the system, and leaves it to the next.
fn leave(style: &Style, draft: &mut Draft, carry: &mut Carry, baseline: impl Fn(&Lane) -> Space) {
    for open in std::mem::take(&mut carry.open) {
        let y = baseline(&open.lane);
        if open.goes_on {
            let right = draft.right;
            hyphens(style, draft, &open, right, y);
            carry.open.push(open);
        } else if open.extends {
            finish_extender(draft, &open, y);
            if !draft.last {
                carry.open.push(open);
            }
        }
    }
    // Where it was on this system is nothing to the next.
    for open in &mut carry.open {
        (open.from, open.held, open.carried) = (0.0, 0.0, true);
    }
}

/// The lines of lyrics on this system, verses in order under each staff.
fn lanes(work: &Work, draft: &Draft, carry: &Carry) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    let bars = draft.measures.clone().map(|at| work.bar(at));
    for chord in bars.flat_map(|bar| &bar.chords) {
        for syllable in &chord.lyrics {
            if !lanes.iter().any(|(staff, verse)| *staff == chord.staff && *verse == syllable.verse) {
                lanes.push((chord.staff, syllable.verse.clone()));
            }
        }
    }
    for open in &carry.open {
        if !lanes.contains(&open.lane) {
            lanes.push(open.lane.clone());
        }
    }
    lanes.sort();
    lanes
}

fn baselines(draft: &Draft, lanes: &[Lane], size: Space) -> Vec<Space> {
    let mut row = 0;
    let mut last = usize::MAX;
    let mut out = Vec::with_capacity(lanes.len());
    for (staff, _) in lanes {
        row = if *staff == last { row + 1 } else { 0 };
        last = *staff;
        let line = &draft.staves[*staff];
        let lowest = line.sky.bottom(draft.music - 1.0, draft.right).max(line.height);
        out.push(lowest + CLEARANCE + size * 0.74 + row as Space * size * VERSE_LEADING);
    }
    out
}

fn join(style: &Style, draft: &mut Draft, open: &Open, until: Space, y: Space) {
    if open.goes_on {
        hyphens(style, draft, open, until, y);
    } else if open.extends {
        finish_extender(draft, open, y);
    }
}

/// Hyphens between two syllables: one where there is little room, more over a long melisma.
fn hyphens(style: &Style, draft: &mut Draft, open: &Open, until: Space, y: Space) {
    let hyphen = Line::lyric("-", style);
    let wide = hyphen.width();
    let room = until - open.from;
    if room < wide * 1.05 {
        return;
    }
    let count = (room / 12.0).floor().clamp(1.0, 30.0);
    let tag = Tag { role: Role::LyricLine, source: Some(open.id), voice: open.voice };
    for at in 0..count as usize {
        let x = open.from + room * (at as Space + 0.5) / count - wide / 2.0;
        draft.staves[open.lane.0].text(hyphen.clone(), Point::new(x, y), tag);
    }
}

/// A line at the baseline from the word to the last note it is held on.
fn finish_extender(draft: &mut Draft, open: &Open, y: Space) {
    let from = open.from + if open.carried { 0.0 } else { 0.25 };
    if open.held < from + 0.8 {
        return;
    }
    let thickness = engraving_defaults().lyric_line_thickness;
    let tag = Tag { role: Role::LyricLine, source: Some(open.id), voice: open.voice };
    let shape = Shape::Line { from: Point::new(from, y), to: Point::new(open.held, y), thickness, dash: None };
    draft.staves[open.lane.0].item(shape, tag);
}
