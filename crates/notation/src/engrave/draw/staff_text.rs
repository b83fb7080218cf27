//! What is written above and below staves: words, tempo, chord symbols, rehearsal marks, signs and words that steer the
//! order of playing, voltas. Nearer things first, so that what belongs to the whole system stands outermost.

use super::row::Row;
use super::{Draft, StaffDraft, Tag, Work};
use crate::engrave::page::{Point, Rect, Role, Shape, Space};
use crate::engrave::shapes::{Line, width};
use crate::engrave::style::Style;
use crate::font::{Face, Glyph, engraving_defaults, glyphs as g};
use crate::model::{
    Anchor, EndingStop, Jump, Mark, MarkId, MarkKind, Measure, NoteBase, NoteValue, Placement, RecordRef, TempoMark, TextStyle, Words,
};

/// Between a text and the ink next to it.
const CLEARANCE: Space = 0.7;

/// Of words whose size is not said, in tenths of a point.
const USUAL_SIZE: u16 = 100;

/// A mark at a place of a system.
pub(super) struct Spot<'a> {
    pub id: MarkId,
    pub kind: &'a MarkKind,
    style: &'a TextStyle,
    pub staff: usize,
    pub x: Space,
    pub above: Option<bool>,
    /// Where its measure's music starts.
    measure_left: Space,
    opening: bool,
    /// Said to all players.
    to_all: bool,
}

/// Draws the texts of a system in the order in which they stand outwards.
pub(super) fn draw(work: &Work, draft: &mut Draft, spans: &[usize]) {
    let spots = spots(work, draft);
    super::figured_bass::draw(draft, &spots);
    super::chord_symbols::draw(work, draft, &spots);
    super::signs::draw(draft, &spots);
    super::signs::instructions(work, draft);
    for spot in &spots {
        if let MarkKind::Words(words) = spot.kind {
            let reach = super::lines::dashes_from(work, draft, spans, (spot.staff, spot.x));
            self::words(work, draft, spot, words, reach);
        }
    }
    super::lines::dashes(work, draft, spans);
    directions(work, draft);
    voltas(work, draft);
    tempi(&work.cast.style, draft, &spots);
    rehearsals(&work.cast.style, draft, &spots);
    for spot in &spots {
        match spot.kind {
            MarkKind::Segno => sign(draft, spot, g::SEGNO),
            MarkKind::Coda => sign(draft, spot, g::CODA),
            _ => {}
        }
    }
}

fn spots<'a>(work: &Work<'a>, draft: &Draft) -> Vec<Spot<'a>> {
    let mut spots = Vec::new();
    for measure in draft.measures.clone() {
        let bar = work.bar(measure);
        let Some(frame) = draft.frame(measure) else { continue };
        for (id, mark) in work.score.marks_in(bar.id).filter(|(_, mark)| mark.visible) {
            let (staff, moment) = match mark.anchor {
                Anchor::Staff(part, number, moment) => {
                    let Some(part) = work.cast.part(part) else { continue };
                    (work.cast.staff(part, number.unwrap_or(1)), moment)
                }
                Anchor::System(moment) => (draft.head(), moment),
                _ => continue,
            };
            spots.push(spot((id, mark), (staff, frame.x(moment.beat)), frame.left, moment.beat.is_zero()));
        }
        for (at, chord) in bar.chords.iter().enumerate().filter(|(_, c)| !c.marks.is_empty()) {
            let Some(placed) = draft.placed.get(measure - draft.measures.start).and_then(|p| p.get(at)) else { continue };
            for id in &chord.marks {
                let Some(mark) = work.score.mark(*id) else { continue };
                spots.push(spot((*id, mark), (chord.home(), placed.left), frame.left, chord.onset.is_zero()));
            }
        }
    }
    // At one place, what is said to all stands outside what is said to one, and a heading outside smaller words.
    let inside = |spot: &Spot| (spot.to_all, spot.style.size.unwrap_or(USUAL_SIZE), spot.id);
    spots.sort_by(|a, b| a.staff.cmp(&b.staff).then(a.x.total_cmp(&b.x)).then_with(|| inside(a).cmp(&inside(b))));
    spots
}

fn spot<'a>((id, mark): (MarkId, &'a Mark), (staff, x): (usize, Space), measure_left: Space, opening: bool) -> Spot<'a> {
    let above = match mark.placement {
        Placement::Above => Some(true),
        Placement::Below => Some(false),
        Placement::Auto => None,
    };
    let to_all = matches!(mark.anchor, Anchor::System(_));
    Spot { id, kind: &mark.kind, style: &mark.style, staff, x, above, measure_left, opening, to_all }
}

/// The baseline of a text that is clear of everything there.
pub(super) fn baseline(staff: &StaffDraft, left: Space, right: Space, above: bool, size: Space) -> Space {
    if above {
        staff.sky.top(left, right).min(-0.5) - CLEARANCE - size * 0.2
    } else {
        staff.sky.bottom(left, right).max(staff.height + 0.5) + CLEARANCE + size * 0.74
    }
}

/// Words at their place, clear of all that is there up to `reach`, where the dashes that go on from them end.
fn words(work: &Work, draft: &mut Draft, spot: &Spot, words: &Words, reach: Option<Space>) {
    let face = match (spot.style.bold, spot.style.italic) {
        (true, true) => Face::BoldItalic,
        (true, false) => Face::Bold,
        (false, true) => Face::Italic,
        (false, false) => Face::Roman,
    };
    // Sizes of the source are points at the usual staff, kept within what can be read beside the notes.
    let size = spot.style.size.map_or(work.cast.style.words, |tenths| {
        (f32::from(tenths) / 50.0 * work.cast.style.words / 2.0).clamp(1.5, 3.2 * (work.cast.style.words / 2.0).max(1.0))
    });
    let above = spot.above.unwrap_or(true);
    let rows: Vec<Line> =
        words.text.lines().filter(|row| !row.trim().is_empty()).take(8).map(|row| Line::new(row.trim(), face, size)).collect();
    let right = draft.right;
    let widest = rows.iter().map(Line::width).fold(0.0, Space::max);
    let x = spot.x + super::marks::beside_rolls(&draft.rolls, spot.staff, above, (spot.x, spot.x + widest));
    let Some(staff) = draft.staves.get_mut(spot.staff) else { return };
    let x = x.min(right - widest).max(0.0);
    let count = rows.len();
    let first = baseline(staff, x, reach.unwrap_or(x).max(x + widest), above, size)
        - if above { (count.max(1) - 1) as Space * size * 1.15 } else { 0.0 };
    for (row, line) in rows.into_iter().enumerate() {
        staff.text(line, Point::new(x, first + row as Space * size * 1.15), Tag::new(Role::Words, Some(spot.id.into())));
    }
}

/// A note value as it stands in a metronome mark.
fn value_glyphs(row: &mut Row, value: NoteValue) {
    let glyph = match value.base {
        NoteBase::Maxima | NoteBase::Long | NoteBase::Breve => g::MET_NOTE_DOUBLE_WHOLE,
        NoteBase::Whole => g::MET_NOTE_WHOLE,
        NoteBase::Half => g::MET_NOTE_HALF_UP,
        NoteBase::Quarter => g::MET_NOTE_QUARTER_UP,
        NoteBase::Eighth => g::MET_NOTE8TH_UP,
        NoteBase::N16th => g::MET_NOTE16TH_UP,
        NoteBase::N32nd => g::MET_NOTE32ND_UP,
        NoteBase::N64th => g::MET_NOTE64TH_UP,
        NoteBase::N128th => g::MET_NOTE128TH_UP,
        NoteBase::N256th => g::MET_NOTE256TH_UP,
        NoteBase::N512th => g::MET_NOTE512TH_UP,
        NoteBase::N1024th => g::MET_NOTE1024TH_UP,
    };
    row.glyph(glyph, 0.62, 0.0);
    for _ in 0..value.dots.min(3) {
        row.space(0.15);
        row.glyph(g::MET_AUGMENTATION_DOT, 0.62, 0.0);
    }
}

fn tempo_row(tempo: &TempoMark, style: &Style) -> Row {
    let mut row = Row::new(style.setting.text);
    let size = style.tempo * 0.88;
    if tempo.parentheses {
        row.text("(", Face::Roman, size, 0.0);
    }
    value_glyphs(&mut row, tempo.beat);
    row.text(" = ", Face::Roman, size, 0.0);
    if let Some(value) = tempo.equals {
        value_glyphs(&mut row, value);
    } else if !tempo.text.is_empty() {
        row.text(&tempo.text, Face::Roman, size, 0.0);
    } else if let Some((num, den)) = tempo.per_minute {
        let number = f64::from(num) / f64::from(den.max(1));
        let text = if number.fract() == 0.0 { format!("{number}") } else { format!("{number:.1}") };
        row.text(&text, Face::Roman, size, 0.0);
    }
    if tempo.parentheses {
        row.text(")", Face::Roman, size, 0.0);
    }
    row
}

/// Marks of one kind stand on one level along a system; one that has to go this much further out than the next stands alone.
const LEVEL: Space = 4.0;

/// Brings the baselines of marks of one kind, all above or all below one staff, to their levels: those next to each other that
/// are near in height stand as far out as the outermost of them.
pub(super) fn level(baselines: &mut [Space], above: bool) {
    let outer = |a: Space, b: Space| if above { a.min(b) } else { a.max(b) };
    let mut from = 0;
    while from < baselines.len() {
        let mut to = from + 1;
        let mut reach = (baselines[from], baselines[from]);
        while let Some(next) = baselines.get(to) {
            let wider = (reach.0.min(*next), reach.1.max(*next));
            if wider.1 - wider.0 > LEVEL {
                break;
            }
            (reach, to) = (wider, to + 1);
        }
        baselines[from..to].fill(outer(reach.0, reach.1));
        from = to;
    }
}

/// Metronome marks, after the words of tempo at the same place; the others on one level.
fn tempi(style: &Style, draft: &mut Draft, spots: &[Spot]) {
    let mut free: Vec<(usize, bool, Space, Row, Tag)> = Vec::new();
    for spot in spots {
        let MarkKind::Tempo(tempo) = spot.kind else { continue };
        if !tempo.printed {
            continue;
        }
        let row = tempo_row(tempo, style);
        let right = draft.right;
        let Some(staff) = draft.staves.get_mut(spot.staff) else { continue };
        let tag = Tag::new(Role::Tempo, Some(spot.id.into()));
        // Words that start here already have their line: the mark goes on after the outermost that leave it room.
        let words = spots.iter().filter(|s| matches!(s.kind, MarkKind::Words(_)) && s.staff == spot.staff && (s.x - spot.x).abs() < 0.5);
        let items = words.rev().filter_map(|s| staff.items.iter().rev().find(|i| i.source == Some(RecordRef::from(s.id))));
        let after = items.filter_map(|item| match &item.shape {
            Shape::Text { at, shaped, .. } if at.y < 0.0 => Some(Point::new(at.x + shaped.advance + 0.8, at.y)),
            _ => None,
        });
        let is_free = |at: &Point| at.x + row.width <= right && staff.sky.top(at.x, at.x + row.width) > at.y + 0.3;
        let beside = { after }.find(is_free);
        if let Some(at) = beside {
            row.put(staff, at, tag);
            continue;
        }
        let x = (if spot.opening { spot.measure_left.min(spot.x) } else { spot.x }).min(right - row.width).max(0.0);
        free.push((spot.staff, spot.above.unwrap_or(true), x, row, tag));
    }
    free.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
    while let Some((staff, above, ..)) = free.first() {
        let (staff, above) = (*staff, *above);
        let rest = free.split_off(free.iter().take_while(|row| (row.0, row.1) == (staff, above)).count());
        let own = std::mem::replace(&mut free, rest);
        let staff = &mut draft.staves[staff];
        let mut baselines: Vec<Space> =
            own.iter().map(|(_, _, x, row, _)| baseline(staff, *x, x + row.width, above, style.tempo)).collect();
        level(&mut baselines, above);
        for ((_, _, x, row, tag), y) in own.into_iter().zip(baselines) {
            // Two at one place stand over each other.
            let clear = baseline(staff, x, x + row.width, above, style.tempo);
            row.put(staff, Point::new(x, if above { y.min(clear) } else { y.max(clear) }), tag);
        }
    }
}

/// Rehearsal marks, on one level.
fn rehearsals(style: &Style, draft: &mut Draft, spots: &[Spot]) {
    let mut marks: Vec<(usize, Space, Line, Tag)> = Vec::new();
    for spot in spots.iter().filter(|spot| spot.staff < draft.staves.len()) {
        if let MarkKind::Rehearsal(text) = spot.kind {
            let x = if spot.opening { spot.measure_left } else { spot.x };
            let tag = Tag::new(Role::Rehearsal, Some(spot.id.into()));
            marks.push((spot.staff, x, Line::new(text, Face::Bold, style.tempo), tag));
        }
    }
    while let Some(staff) = marks.first().map(|row| row.0) {
        let rest = marks.split_off(marks.iter().take_while(|row| row.0 == staff).count());
        let own = std::mem::replace(&mut marks, rest);
        let staff = &mut draft.staves[staff];
        let free = |staff: &StaffDraft, x: Space, line: &Line| baseline(staff, x - 0.5, x + line.width() + 0.5, true, style.tempo) - 0.5;
        let mut baselines: Vec<Space> = own.iter().map(|(_, x, line, _)| free(staff, *x, line)).collect();
        level(&mut baselines, true);
        for ((_, x, line, tag), y) in own.into_iter().zip(baselines) {
            let y = y.min(free(staff, x, &line));
            rehearsal(staff, line, Point::new(x, y), tag);
        }
    }
}

fn rehearsal(staff: &mut StaffDraft, line: Line, at: Point, tag: Tag) {
    let rect = staff.text(line, at, tag);
    let frame = Rect::new(rect.left - 0.45, rect.top - 0.35, rect.right + 0.45, rect.bottom + 0.2);
    let thickness = engraving_defaults().text_enclosure_thickness;
    let corners = [(frame.left, frame.top), (frame.right, frame.top), (frame.right, frame.bottom), (frame.left, frame.bottom)];
    for (at, (x, y)) in corners.into_iter().enumerate() {
        let (to_x, to_y) = corners[(at + 1) % 4];
        staff.line(Point::new(x, y), Point::new(to_x, to_y), thickness, tag);
    }
}

fn sign(draft: &mut Draft, spot: &Spot, glyph: Glyph) {
    let Some(staff) = draft.staves.get_mut(spot.staff) else { return };
    let wide = width(glyph) * 0.85;
    let x = if spot.opening { spot.measure_left - wide / 2.0 } else { spot.x };
    let y = baseline(staff, x, x + wide, true, 0.0) - 0.4;
    staff.glyph(glyph, Point::new(x, y), 0.85, Tag::new(Role::Other, Some(spot.id.into())));
}

/// Signs and words that steer the order of playing, from the measures; not where marks of the source already print them.
fn directions(work: &Work, draft: &mut Draft) {
    for measure in draft.measures.clone() {
        let id = work.bar(measure).id;
        let Some(record) = work.score.measure(id) else { continue };
        for jump in &record.jumps {
            if printed(work, measure, *jump) {
                continue;
            }
            let Some(frame) = draft.frame(measure).cloned() else { continue };
            let head = draft.head();
            let Some(staff) = draft.staves.get_mut(head) else { continue };
            let tag = Tag::new(Role::Words, Some(id.into()));
            match jump {
                Jump::Segno | Jump::Coda => {
                    let glyph = if *jump == Jump::Segno { g::SEGNO } else { g::CODA };
                    let wide = width(glyph) * 0.85;
                    let x = frame.left - wide / 2.0;
                    let y = baseline(staff, x, x + wide, true, 0.0) - 0.4;
                    staff.glyph(glyph, Point::new(x, y), 0.85, tag);
                }
                Jump::ToCoda | Jump::Fine | Jump::DaCapo | Jump::DalSegno => {
                    let text = match jump {
                        Jump::ToCoda => "To Coda",
                        Jump::Fine => "Fine",
                        Jump::DaCapo => "D.C.",
                        _ => "D.S.",
                    };
                    let line = Line::new(text, Face::Italic, work.cast.style.words);
                    let x = frame.end - line.width();
                    let y = baseline(staff, x, frame.end, true, work.cast.style.words);
                    staff.text(line, Point::new(x, y), tag);
                }
            }
        }
    }
}

/// Whether a mark of the measure prints a jump's sign or words.
fn printed(work: &Work, measure: usize, jump: Jump) -> bool {
    let bar = work.bar(measure);
    let says = |kind: &MarkKind| match (jump, kind) {
        (Jump::Segno, MarkKind::Segno) | (Jump::Coda | Jump::ToCoda, MarkKind::Coda) => true,
        (_, MarkKind::Words(words)) => {
            let text = words.text.to_lowercase();
            match jump {
                Jump::Fine => text.contains("fine"),
                Jump::DaCapo => text.contains("d.c") || text.contains("da capo"),
                Jump::DalSegno => text.contains("d.s") || text.contains("dal segno"),
                Jump::ToCoda => text.contains("coda"),
                _ => false,
            }
        }
        _ => false,
    };
    let next = work.prepared.bars.get(measure + 1).map(AsRef::as_ref);
    let here = [Some(bar), next].into_iter().flatten().flat_map(|bar| work.score.marks_in(bar.id));
    here.map(|(_, mark)| &mark.kind).any(says)
}

/// Volta brackets over the measures they are for.
fn voltas(work: &Work, draft: &mut Draft) {
    let measure = |at: usize| -> Option<&Measure> { work.score.measure(work.bar(at).id) };
    // One that started on the system before goes on here.
    let mut open = work.prepared.voltas.get(draft.measures.start).copied().flatten().map(|from| (from, false));
    let mut brackets = Vec::new();
    for at in draft.measures.clone() {
        let Some(m) = measure(at) else { continue };
        if m.ending_start.is_some() {
            if let Some((from, starts)) = open.take() {
                brackets.push((from, at.saturating_sub(1), starts, None));
            }
            open = Some((at, true));
        }
        if let (Some(stop), Some((from, starts))) = (m.ending_stop, open) {
            brackets.push((from, at, starts, Some(stop)));
            open = None;
        }
    }
    if let Some((from, starts)) = open {
        brackets.push((from, draft.measures.end - 1, starts, None));
    }
    let spans: Vec<_> = brackets
        .iter()
        .filter_map(|(from, to, ..)| Some((draft.frame((*from).max(draft.measures.start))?.left - 0.6, draft.frame(*to)?.end - 0.2)))
        .collect();
    // Brackets that follow each other stand at one height.
    let Some(staff) = draft.staves.get(draft.head()) else { return };
    let y = spans.iter().map(|(l, r)| staff.sky.top(*l, *r).min(-1.0) - 2.6).fold(Space::INFINITY, Space::min);
    for ((from, _, starts, stop), (left, right)) in brackets.into_iter().zip(spans) {
        volta(work, draft, from, starts, stop, (left, right), y);
    }
}

fn volta(work: &Work, draft: &mut Draft, from: usize, starts: bool, stop: Option<EndingStop>, (left, right): (Space, Space), y: Space) {
    let id = work.bar(from).id;
    let Some(ending) = work.score.measure(id).and_then(|m| m.ending_start.as_ref()) else { return };
    let head = draft.head();
    let Some(staff) = draft.staves.get_mut(head) else { return };
    let tag = Tag::new(Role::Volta, Some(id.into()));
    let thickness = engraving_defaults().repeat_ending_line_thickness;
    staff.line(Point::new(left, y), Point::new(right, y), thickness, tag);
    if starts {
        staff.line(Point::new(left, y), Point::new(left, y + 2.0), thickness, tag);
        let numbers: Vec<String> = ending.passes.iter().take(12).map(|n| format!("{n}.")).collect();
        let text = if ending.text.trim().is_empty() { numbers.join(" ") } else { ending.text.trim().to_owned() };
        staff.text(Line::new(&text, Face::Roman, 1.7), Point::new(left + 0.5, y + 1.7), tag);
    }
    if stop == Some(EndingStop::Closed) {
        staff.line(Point::new(right, y), Point::new(right, y + 2.0), thickness, tag);
    }
}
