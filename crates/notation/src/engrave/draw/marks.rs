//! Marks on chords: articulations beside the heads, tremolo strokes, then ornaments, techniques and fermatas outside the
//! staff (Gould, "Behind Bars", chapters 4, 5 and 9), and rolled chords.

use super::{Draft, Placed, Tag, Work};
use crate::engrave::lookup::bounds;
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::prepare::{Chord, Stem, sign_glyph};
use crate::engrave::shapes::{Line, ink, width};
use crate::font::{self, Face, Glyph, glyphs as g};
use crate::model::{Arpeggio, Articulation, Closure, FermataShape, Mark, MarkId, MarkKind, Ornament, Placement, Technical};

/// Calls with every chord of the system that has marks, with its place.
fn each_marked(work: &Work, draft: &mut Draft, mut draw: impl FnMut(&mut Draft, &Chord, Placed, MarkId, &Mark)) {
    for measure in draft.measures.clone() {
        for (at, chord) in work.bar(measure).chords.iter().enumerate() {
            if chord.marks.is_empty() || !chord.visible {
                continue;
            }
            let Some(placed) = draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(at)).copied() else { continue };
            // Staccato and tenuto stand next to the head, whatever the order they came in.
            let mut marks: Vec<(u8, MarkId, &Mark)> =
                chord.marks.iter().filter_map(|id| work.score.mark(*id).map(|mark| (closeness(&mark.kind), *id, mark))).collect();
            marks.sort_by_key(|row| (row.0, row.1));
            for (_, id, mark) in marks {
                draw(draft, chord, placed, id, mark);
            }
        }
    }
}

fn closeness(kind: &MarkKind) -> u8 {
    match kind {
        MarkKind::Articulation(Articulation::Staccato | Articulation::Staccatissimo | Articulation::Spiccato) => 0,
        MarkKind::Articulation(Articulation::Tenuto | Articulation::DetachedLegato) => 1,
        MarkKind::Articulation(_) => 2,
        MarkKind::Technical(Technical::Fingering(_)) => 3,
        MarkKind::Ornament(_) => 4,
        MarkKind::Technical(_) => 5,
        _ => 6,
    }
}

/// Which side a mark stands on: as asked; else away from the stem, or outside where two voices share the staff.
fn above(chord: &Chord, placement: Placement) -> bool {
    match placement {
        Placement::Above => true,
        Placement::Below => false,
        Placement::Auto if !chord.alone => chord.is_upper(),
        Placement::Auto => chord.stem != Stem::Up,
    }
}

/// Draws what stands beside heads and stems.
pub(super) fn near(work: &Work, draft: &mut Draft) {
    each_marked(work, draft, |draft, chord, placed, id, mark| match &mark.kind {
        MarkKind::Articulation(articulation) => {
            let up = above(chord, mark.placement);
            let tag = Tag { role: Role::Articulation, source: Some(id.into()), voice: chord.voice };
            match articulation {
                pause_kind if pause_kind.is_breath() || pause_kind.is_caesura() => pause(draft, chord, placed, *articulation, tag),
                Articulation::Scoop | Articulation::Plop | Articulation::Doit | Articulation::Falloff => {
                    inflection(draft, chord, placed, *articulation, tag);
                }
                other => articulate(draft, chord, placed, articulation_glyph(*other, up), up, *other, tag),
            }
        }
        MarkKind::Tremolo(strokes) => tremolo(draft, chord, placed, *strokes, Some(id)),
        _ => {}
    });
}

fn articulation_glyph(articulation: Articulation, up: bool) -> Glyph {
    use Articulation as A;
    let (above, below) = match articulation {
        A::Accent => (g::ARTIC_ACCENT_ABOVE, g::ARTIC_ACCENT_BELOW),
        A::StrongAccent => (g::ARTIC_MARCATO_ABOVE, g::ARTIC_MARCATO_BELOW),
        A::Tenuto => (g::ARTIC_TENUTO_ABOVE, g::ARTIC_TENUTO_BELOW),
        A::DetachedLegato => (g::ARTIC_TENUTO_STACCATO_ABOVE, g::ARTIC_TENUTO_STACCATO_BELOW),
        A::Staccatissimo => (g::ARTIC_STACCATISSIMO_WEDGE_ABOVE, g::ARTIC_STACCATISSIMO_WEDGE_BELOW),
        A::Spiccato => (g::ARTIC_STACCATISSIMO_STROKE_ABOVE, g::ARTIC_STACCATISSIMO_STROKE_BELOW),
        A::Stress => (g::ARTIC_STRESS_ABOVE, g::ARTIC_STRESS_BELOW),
        A::Unstress => (g::ARTIC_UNSTRESS_ABOVE, g::ARTIC_UNSTRESS_BELOW),
        A::SoftAccent => (g::ARTIC_SOFT_ACCENT_ABOVE, g::ARTIC_SOFT_ACCENT_BELOW),
        _ => (g::ARTIC_STACCATO_ABOVE, g::ARTIC_STACCATO_BELOW),
    };
    if up { above } else { below }
}

fn articulate(draft: &mut Draft, chord: &Chord, placed: Placed, glyph: Glyph, up: bool, which: Articulation, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let wide = width(glyph);
    let stem_side = chord.has_stem() && (chord.stem == Stem::Up) == up;
    let centre = if stem_side && chord.is_rest() { placed.stem } else { placed.middle() };
    let x = centre - wide / 2.0;
    let tall = {
        let b = font::metrics(glyph).bbox;
        b.bottom - b.top
    };
    let small = matches!(which, Articulation::Staccato | Articulation::Tenuto);
    let (high, low) = if stem_side { placed.reach() } else { (placed.high - 0.5, placed.low + 0.5) };
    let mut y = if up { high - 0.25 } else { low + 0.25 };
    // A dot or a dash on the head's side stands in the next free space of the staff; anything else outside it.
    let edge = if up { -0.3 } else { staff.height + 0.3 };
    if small && !stem_side {
        let head = if up { placed.high } else { placed.low };
        let middle = if up { (head - 1.0).floor() + 0.5 } else { (head + 1.0).ceil() - 0.5 };
        let middle = if (head - middle).abs() < 0.9 { middle + if up { -1.0 } else { 1.0 } } else { middle };
        let inside = middle > 0.0 && middle < staff.height;
        y = match (inside, up) {
            (true, true) => middle + tall / 2.0,
            (true, false) => middle - tall / 2.0,
            // Beyond the outer line, never on it.
            (false, true) => y.min(edge),
            (false, false) => y.max(edge),
        };
    } else {
        y = if up { y.min(edge) } else { y.max(edge) };
    }
    // Another mark may be there already.
    let mut rect = ink(glyph, Point::new(x, y), 1.0);
    if up {
        let sky = staff.sky.top(rect.left + 0.1, rect.right - 0.1);
        if (!small || y < 0.0) && rect.bottom > sky - 0.2 {
            y += sky - 0.2 - rect.bottom;
        }
    } else {
        let sky = staff.sky.bottom(rect.left + 0.1, rect.right - 0.1);
        if (!small || y > staff.height) && rect.top < sky + 0.2 {
            y += sky + 0.2 - rect.top;
        }
    }
    rect = staff.glyph(glyph, Point::new(x, y), 1.0, tag);
    staff.sky.add(rect);
}

/// A breath mark or caesura, after the note at the top of the staff.
fn pause(draft: &mut Draft, chord: &Chord, placed: Placed, which: Articulation, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let glyph = match which {
        Articulation::BreathTick => g::BREATH_MARK_TICK,
        Articulation::BreathUpbow => g::BREATH_MARK_UPBOW,
        Articulation::BreathSalzedo => g::BREATH_MARK_SALZEDO,
        Articulation::CaesuraThick => g::CAESURA_THICK,
        Articulation::CaesuraShort => g::CAESURA_SHORT,
        Articulation::CaesuraCurved => g::CAESURA_CURVED,
        _ if which.is_caesura() => g::CAESURA,
        _ => g::BREATH_MARK_COMMA,
    };
    let y = if which.is_caesura() { 1.0 } else { -0.6 };
    staff.glyph(glyph, Point::new(placed.right + 0.9, y), 1.0, tag);
}

fn inflection(draft: &mut Draft, chord: &Chord, placed: Placed, which: Articulation, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let (glyph, before) = match which {
        Articulation::Scoop => (g::BRASS_SCOOP, true),
        Articulation::Plop => (g::BRASS_PLOP, true),
        Articulation::Doit => (g::BRASS_DOIT_MEDIUM, false),
        _ => (g::BRASS_FALL_LIP_MEDIUM, false),
    };
    let x = if before { placed.left - 0.3 - width(glyph) } else { placed.right + 0.3 };
    staff.glyph(glyph, Point::new(x, placed.high), 1.0, tag);
}

/// Strokes through the stem, or above a note that has none.
fn tremolo(draft: &mut Draft, chord: &Chord, placed: Placed, strokes: u8, id: Option<MarkId>) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let glyph = match strokes {
        0 => g::BUZZ_ROLL,
        n => g::nth(g::TREMOLO1, u32::from(n.min(5)) - 1),
    };
    let beams = 0.75 * Space::from(chord.flags());
    let (x, y) = match chord.stem {
        Stem::None => (placed.middle(), placed.high - 1.9),
        Stem::Up => (placed.stem, (placed.high - 0.9 + placed.tip + beams) / 2.0),
        Stem::Down => (placed.stem, (placed.low + 0.9 + placed.tip - beams) / 2.0),
    };
    let tag = Tag { role: Role::Tremolo, source: id.map(Into::into), voice: chord.voice };
    staff.glyph(glyph, Point::new(x, y), chord.scale, tag);
}

/// Draws what stands outside the staff.
pub(super) fn far(work: &Work, draft: &mut Draft) {
    each_marked(work, draft, |draft, chord, placed, id, mark| {
        let tag = |role: Role| Tag { role, source: Some(id.into()), voice: chord.voice };
        let side = |auto: bool| match mark.placement {
            Placement::Above => true,
            Placement::Below => false,
            Placement::Auto => auto,
        };
        let second = !chord.alone && chord.rank % 2 == 1;
        match &mark.kind {
            MarkKind::Fermata(shape) => {
                let up = side(!second);
                outside(draft, chord, placed, fermata_glyph(*shape, up), up, tag(Role::Articulation));
            }
            MarkKind::Ornament(ornament) => {
                let up = side(!second);
                outside(draft, chord, placed, ornament_glyph(*ornament), up, tag(Role::Ornament));
                ornament_accidentals(draft, chord, placed, mark, up, tag(Role::Ornament));
            }
            // The number on its line says both.
            MarkKind::Technical(Technical::Fret(_) | Technical::String(_)) if chord.tab => {}
            MarkKind::Technical(Technical::Harmonic | Technical::HarmonicOf(_)) if chord.tab => {}
            MarkKind::Technical(Technical::Bend(bends)) => super::tab::bends(draft, chord, placed, bends, tag(Role::Articulation)),
            MarkKind::Technical(technical) => technique(draft, chord, placed, technical, side(!second), tag(Role::Articulation)),
            _ => {}
        }
    });
}

fn fermata_glyph(shape: FermataShape, up: bool) -> Glyph {
    use FermataShape as F;
    let (above, below) = match shape {
        F::Normal => (g::FERMATA_ABOVE, g::FERMATA_BELOW),
        F::Angled => (g::FERMATA_SHORT_ABOVE, g::FERMATA_SHORT_BELOW),
        F::Square => (g::FERMATA_LONG_ABOVE, g::FERMATA_LONG_BELOW),
        F::DoubleAngled => (g::FERMATA_VERY_SHORT_ABOVE, g::FERMATA_VERY_SHORT_BELOW),
        F::DoubleSquare => (g::FERMATA_VERY_LONG_ABOVE, g::FERMATA_VERY_LONG_BELOW),
        F::DoubleDot => (g::FERMATA_LONG_HENZE_ABOVE, g::FERMATA_LONG_HENZE_BELOW),
        F::HalfCurve => (g::FERMATA_SHORT_HENZE_ABOVE, g::FERMATA_SHORT_HENZE_BELOW),
        F::Curlew => (g::CURLEW_SIGN, g::CURLEW_SIGN),
    };
    if up { above } else { below }
}

fn ornament_glyph(ornament: Ornament) -> Glyph {
    use Ornament as O;
    match ornament {
        O::Trill => g::ORNAMENT_TRILL,
        O::Turn | O::DelayedTurn => g::ORNAMENT_TURN,
        O::InvertedTurn | O::DelayedInvertedTurn => g::ORNAMENT_TURN_INVERTED,
        O::VerticalTurn => g::ORNAMENT_TURN_UP,
        O::InvertedVerticalTurn => g::ORNAMENT_TURN_UP_S,
        O::Shake => g::ORNAMENT_TREMBLEMENT,
        // The short stroke without a line is MusicXML's inverted mordent, the one with a line its mordent.
        O::Mordent => g::ORNAMENT_MORDENT,
        O::InvertedMordent => g::ORNAMENT_SHORT_TRILL,
        O::Schleifer => g::ORNAMENT_SCHLEIFER,
        O::Haydn => g::ORNAMENT_HAYDN,
    }
}

/// A glyph centred over (or under) a chord, clear of everything there.
fn outside(draft: &mut Draft, chord: &Chord, placed: Placed, glyph: Glyph, up: bool, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let b = font::metrics(glyph).bbox;
    let x = placed.middle() - (b.left + b.right) / 2.0;
    let y = if up {
        staff.sky.top(x + b.left, x + b.right).min(0.0) - 0.45 - b.bottom
    } else {
        staff.sky.bottom(x + b.left, x + b.right).max(staff.height) + 0.45 - b.top
    };
    staff.glyph(glyph, Point::new(x, y), 1.0, tag);
}

fn technique(draft: &mut Draft, chord: &Chord, placed: Placed, technical: &Technical, up: bool, tag: Tag) {
    use Technical as T;
    let text = |text: &str, face: Face, size: Space| Line::new(text, face, size);
    let line = match technical {
        T::UpBow => return outside(draft, chord, placed, g::STRINGS_UP_BOW, up, tag),
        T::DownBow => return outside(draft, chord, placed, g::STRINGS_DOWN_BOW, up, tag),
        T::Harmonic | T::HarmonicOf(_) | T::OpenString => return outside(draft, chord, placed, g::STRINGS_HARMONIC, up, tag),
        T::ThumbPosition => return outside(draft, chord, placed, g::STRINGS_THUMB_POSITION, up, tag),
        T::DoubleTongue => return outside(draft, chord, placed, g::DOUBLE_TONGUE_ABOVE, up, tag),
        T::TripleTongue => return outside(draft, chord, placed, g::TRIPLE_TONGUE_ABOVE, up, tag),
        T::Stopped => return outside(draft, chord, placed, g::BRASS_MUTE_CLOSED, up, tag),
        T::Open => return outside(draft, chord, placed, g::BRASS_MUTE_OPEN, up, tag),
        T::HalfMuted => return outside(draft, chord, placed, g::BRASS_MUTE_HALF_CLOSED, up, tag),
        T::SnapPizzicato => return outside(draft, chord, placed, g::PLUCKED_SNAP_PIZZICATO_ABOVE, up, tag),
        T::Heel => return outside(draft, chord, placed, g::KEYBOARD_PEDAL_HEEL1, up, tag),
        T::Toe => return outside(draft, chord, placed, g::KEYBOARD_PEDAL_TOE1, up, tag),
        T::Fingernails => return outside(draft, chord, placed, g::PLUCKED_WITH_FINGERNAILS, up, tag),
        T::Golpe => text("G", Face::Bold, 1.6),
        T::Fingering(finger) => text(finger, Face::Roman, 1.5),
        T::Pluck(finger) => text(finger, Face::Italic, 1.6),
        T::Fret(fret) => text(&fret.to_string(), Face::Roman, 1.5),
        T::String(string) => {
            // Strings are counted in circles.
            let digit = char::from_u32(0x245F + u32::from((*string).clamp(1, 20)));
            text(&digit.map_or_else(|| string.to_string(), String::from), Face::Roman, 1.6)
        }
        T::Tap(printed) => text(if printed.is_empty() { "T" } else { printed }, Face::Roman, 1.6),
        T::BrassBend => return outside(draft, chord, placed, g::BRASS_BEND, up, tag),
        T::Flip => return outside(draft, chord, placed, g::BRASS_FLIP, up, tag),
        T::Smear => return outside(draft, chord, placed, g::BRASS_SMEAR, up, tag),
        T::HarmonMute(closure) => {
            let glyph = match closure {
                Closure::Open => g::BRASS_HARMON_MUTE_STEM_OPEN,
                Closure::Half => g::BRASS_HARMON_MUTE_STEM_HALF_LEFT,
                Closure::Closed => g::BRASS_HARMON_MUTE_CLOSED,
            };
            return outside(draft, chord, placed, glyph, up, tag);
        }
        T::Handbell(name) => match handbell_glyph(name) {
            Some(glyph) => return outside(draft, chord, placed, glyph, up, tag),
            None => text(name, Face::Italic, 1.6),
        },
        T::Bend(_) => return,
    };
    if line.width() <= 0.0 {
        return;
    }
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let x = placed.middle() - line.width() / 2.0;
    let right = x + line.width();
    let y = if up { staff.sky.top(x, right).min(0.0) - 0.4 } else { staff.sky.bottom(x, right).max(staff.height) + 0.4 + line.size * 0.74 };
    staff.text(line, Point::new(x, y), tag);
}

/// MusicXML 4.0, `handbell-value`.
fn handbell_glyph(name: &str) -> Option<Glyph> {
    Some(match name {
        "belltree" => g::HANDBELLS_BELLTREE,
        "damp" => g::HANDBELLS_DAMP3,
        "echo" => g::HANDBELLS_ECHO1,
        "gyro" => g::HANDBELLS_GYRO,
        "hand martellato" => g::HANDBELLS_HAND_MARTELLATO,
        "mallet lift" => g::HANDBELLS_MALLET_LFT,
        "mallet table" => g::HANDBELLS_MALLET_BELL_ON_TABLE,
        "martellato" => g::HANDBELLS_MARTELLATO,
        "martellato lift" => g::HANDBELLS_MARTELLATO_LIFT,
        "muted martellato" => g::HANDBELLS_MUTED_MARTELLATO,
        "pluck lift" => g::HANDBELLS_PLUCK_LIFT,
        "swing" => g::HANDBELLS_SWING,
        _ => return None,
    })
}

/// Small accidentals above and below an ornament, each on its side of it (Gould, "Behind Bars", p. 137).
fn ornament_accidentals(draft: &mut Draft, chord: &Chord, placed: Placed, mark: &Mark, up: bool, tag: Tag) {
    let Some(staff) = draft.staves.get_mut(chord.home()) else { return };
    let ornament = staff.items.last().map(bounds).unwrap_or_default();
    for (sign, over) in [(mark.accidental_above, true), (mark.accidental_below, false)] {
        let Some(glyph) = sign.map(sign_glyph) else { continue };
        let bbox = font::metrics(glyph).bbox;
        let x = placed.middle() - (bbox.left + bbox.right) / 2.0 * SMALL_ACCIDENTAL;
        // On the ornament's inner side it pushes the ornament's fellow marks, not the ornament.
        let y =
            if over { ornament.top - 0.2 - bbox.bottom * SMALL_ACCIDENTAL } else { ornament.bottom + 0.2 - bbox.top * SMALL_ACCIDENTAL };
        if over == up || !up {
            staff.glyph(glyph, Point::new(x, y), SMALL_ACCIDENTAL, tag);
            continue;
        }
        // Below an ornament that stands over its note there is no room: both move up by what the sign takes.
        let tall = (bbox.bottom - bbox.top) * SMALL_ACCIDENTAL + 0.3;
        if let Some(item) = staff.items.last_mut() {
            *item = item.clone().moved(Point::new(0.0, -tall));
        }
        staff.sky.add(ornament.moved(Point::new(0.0, -tall)));
        staff.glyph(glyph, Point::new(x, y - tall), SMALL_ACCIDENTAL, tag);
    }
}

/// Accidentals of ornaments, against full size.
const SMALL_ACCIDENTAL: f32 = 0.65;

/// The wavy line (or bracket) before chords of a part that are rolled at the same moment.
#[derive(Debug, Clone, Copy)]
pub(in crate::engrave) struct Roll {
    part: usize,
    column: usize,
    /// Between the edges of its ink.
    pub left: Space,
    pub right: Space,
    /// The staves of its highest and its lowest head, and where on them these are.
    pub top: (usize, Space),
    pub bottom: (usize, Space),
    kind: Arpeggio,
    id: MarkId,
}

/// How far a wave reaches beyond the outer heads, how far it is from the ink beside it, and how wide it is.
const BEYOND: Space = 0.5;
const BEFORE: Space = 0.35;
const WIDE: Space = 0.85;

/// Finds the rolled chords of a system, and gives their waves room on the staves that they begin and end on.
pub(super) fn roll(work: &Work, draft: &mut Draft) {
    for measure in draft.measures.clone() {
        let mut rolls: Vec<Roll> = Vec::new();
        for (at, chord) in work.bar(measure).chords.iter().enumerate().filter(|(_, c)| c.arpeggio && c.visible && !c.is_rest()) {
            let Some(placed) = draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(at)) else { continue };
            let kind = chord.marks.iter().find_map(|id| match work.score.mark(*id).map(|m| &m.kind) {
                Some(MarkKind::Arpeggio(kind)) => Some((*kind, *id)),
                _ => None,
            });
            let Some((kind, id)) = kind else { continue };
            let places = || chord.heads.iter().map(|head| (head.staff, head.y));
            let outer = |a: (usize, Space), b: (usize, Space)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
            let (Some(top), Some(bottom)) = (places().min_by(|a, b| outer(*a, *b)), places().max_by(|a, b| outer(*a, *b))) else {
                continue;
            };
            let ink = chord.heads.iter().filter_map(|h| h.accidental.map(|a| placed.x + a.dx)).fold(placed.left, Space::min);
            let right = ink - BEFORE;
            match rolls.iter_mut().find(|roll| (roll.part, roll.column) == (chord.part, chord.column)) {
                Some(roll) => {
                    roll.right = roll.right.min(right);
                    roll.top = if outer(top, roll.top).is_lt() { top } else { roll.top };
                    roll.bottom = if outer(bottom, roll.bottom).is_gt() { bottom } else { roll.bottom };
                }
                None => rolls.push(Roll { part: chord.part, column: chord.column, left: 0.0, right, top, bottom, kind, id }),
            }
        }
        for mut roll in rolls {
            roll.left = roll.right - WIDE;
            let (first, last) = (roll.top.0, roll.bottom.0);
            if let Some(staff) = draft.staves.get_mut(first) {
                let foot = if first == last { roll.bottom.1 + BEYOND } else { staff.height };
                staff.sky.add(Rect::new(roll.left, roll.top.1 - BEYOND, roll.right, foot));
            }
            if let Some(staff) = draft.staves.get_mut(last).filter(|_| first != last) {
                staff.sky.add(Rect::new(roll.left, 0.0, roll.right, roll.bottom.1 + BEYOND));
            }
            draft.rolls.push(roll);
        }
    }
}

impl Roll {
    /// Whether it runs through what is above or below a staff: it goes on to the next one there.
    fn passes(&self, staff: usize, above: bool) -> bool {
        let (first, last) = (self.top.0, self.bottom.0);
        if above { first < staff && staff <= last } else { first <= staff && staff < last }
    }
}

/// How far something that stands above or below a staff moves to the right so that no wave runs through it; nothing where it would
/// have to move far.
pub(super) fn beside_rolls(rolls: &[Roll], staff: usize, above: bool, (left, right): (Space, Space)) -> Space {
    const FARTHEST: Space = 2.5;
    let met = rolls.iter().filter(|roll| roll.passes(staff, above) && roll.left - 0.15 < right && left < roll.right + 0.15);
    let by = met.map(|roll| roll.right + 0.15 - left).fold(0.0, Space::max);
    if by > FARTHEST { 0.0 } else { by }
}

/// Draws the waves, once the staves have their places.
pub(super) fn arpeggios(draft: &mut Draft) {
    for roll in std::mem::take(&mut draft.rolls) {
        let y = |(staff, y): (usize, Space)| y + draft.top_of(staff);
        let (top, bottom) = (y(roll.top) - BEYOND, y(roll.bottom) + BEYOND);
        arpeggio(draft, roll.right, top, bottom, roll.kind, Tag::new(Role::Arpeggio, Some(roll.id.into())));
    }
}

fn arpeggio(draft: &mut Draft, right: Space, top: Space, bottom: Space, kind: Arpeggio, tag: Tag) {
    if kind == Arpeggio::Bracket {
        let x = right - 0.5;
        let corner = |y: Space| [Point::new(right, y), Point::new(x, y)];
        for (from, to) in [(Point::new(x, top), Point::new(x, bottom)), corner(top).into(), corner(bottom).into()] {
            draft.put(Shape::Line { from, to, thickness: 0.16, dash: None }, tag);
        }
        return;
    }
    // The font's wave lies on its side; one that stands is drawn, thick where it runs to the right and thin where it comes
    // back, as a pen would.
    let x = right - 0.45;
    let waves = ((bottom - top) / 0.9).round().clamp(1.0, 200.0);
    let (height, steepest) = (bottom - top, 0.24 * std::f32::consts::TAU * waves / (bottom - top));
    let points = (waves * 12.0) as usize;
    // Half the stroke to the right of its middle, at right angles to where it goes.
    let along = |at: usize| {
        let turn = at as Space / 12.0 * std::f32::consts::TAU;
        let (slope, half) = (steepest * turn.cos(), 0.055 + 0.065 * turn.cos().max(0.0));
        let across = half / (1.0 + slope * slope).sqrt();
        (Point::new(x + 0.24 * turn.sin(), top + height * at as Space / points as Space), across, -across * slope)
    };
    let left_edge = (0..=points).map(along).map(|(p, dx, dy)| Point::new(p.x - dx, p.y - dy));
    let right_edge = (0..=points).rev().map(along).map(|(p, dx, dy)| Point::new(p.x + dx, p.y + dy));
    draft.put(Shape::Polygon(left_edge.chain(right_edge).collect()), tag);
    let arrow = match kind {
        Arpeggio::Up => Some((top, -0.9)),
        Arpeggio::Down => Some((bottom, 0.9)),
        _ => None,
    };
    if let Some((y, reach)) = arrow {
        let tip = vec![Point::new(x, y + reach), Point::new(x - 0.4, y), Point::new(x + 0.4, y)];
        draft.put(Shape::Polygon(tip), tag);
    }
}
