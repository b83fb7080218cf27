//! One measure of one voice.

use super::lanes::Lane;
use super::{Losses, UNIT, escaped, head, lose, note};
use crate::import::abc::decoration_of;
use crate::model::*;

/// Writes a measure of a voice with the barline at its end.
pub(super) fn write(
    text: &mut String,
    score: &Score,
    lane: &mut Lane,
    (position, id, length): (usize, MeasureId, Beat),
    lost: &mut Losses,
) {
    let Some(measure) = score.measure(id) else { return };
    lane.accidentals.clear();
    lane.anywhere.clear();
    if position == 0 {
        lane.key = head::key_at_start(score, lane, Some(id));
        text.push_str(&format!("[K:{}] ", head::key(&lane.key)));
    }
    if lane.leads && measure.break_before.is_some() {
        text.push_str("$ ");
    }
    if measure.repeat_start {
        text.push_str("|: ");
    }
    if let Some(ending) = &measure.ending_start {
        let passes: Vec<String> = ending.passes.iter().map(u8::to_string).collect();
        text.push_str(&format!("[{} ", passes.join(",")));
    }
    if let Some(time) = measure.time.as_ref().filter(|_| position > 0) {
        text.push_str(&format!("[M:{}] ", head::metre(time)));
    }
    if lane.leads {
        goals(text, score, id, measure);
    }
    let events: Vec<(EventId, &Event)> = score.events_in(id, lane.part).filter(|(_, event)| lane.has(event)).collect();
    let mut now = Beat::ZERO;
    let mut graces: Vec<(EventId, &Event)> = Vec::new();
    for (event_id, event) in &events {
        if event.grace.is_some() {
            graces.push((*event_id, event));
            continue;
        }
        let time = event.time;
        if time.onset > now {
            rest(text, 'x', time.onset - now, lost);
        } else if time.onset < now {
            lose(lost, "notes that overlap in one voice");
            continue;
        }
        changes(text, score, lane, (id, now, time.onset), position);
        marks(text, score, lane, id, (now, time.onset), lost);
        note::tuplet_start(text, score, *event_id, &events);
        on_event(text, score, *event_id, lost);
        note::graces(text, score, lane, &std::mem::take(&mut graces), lost);
        slurs(text, score, *event_id, true);
        if time.value.is_none() && event.rest.measure && score.is_rest(*event_id) && time.duration == length && measure.length.is_none() {
            text.push(if event.visible { 'Z' } else { 'X' });
        } else {
            note::event(text, score, lane, *event_id, event, lost);
        }
        slurs(text, score, *event_id, false);
        now = time.end();
        let beamed = event.beams.as_ref().is_some_and(|roles| matches!(roles.first(), Some(BeamRole::Begin | BeamRole::Continue)));
        text.push_str(if beamed { "" } else { " " });
    }
    note::graces(text, score, lane, &graces, lost);
    if now < length {
        rest(text, 'x', length - now, lost);
        text.push(' ');
    }
    marks(text, score, lane, id, (now, length + Beat::new(1, 64)), lost);
    jumps(text, lane, measure);
    text.push_str(&format!("{} ", bar(score, position, measure)));
}

/// Silence of any length; in pieces that ABC can write.
pub(super) fn rest(text: &mut String, letter: char, length: Beat, lost: &mut Losses) {
    match length.ratio(UNIT) {
        Some((num, den)) if num <= 4096 && den <= 4096 => text.push_str(&format!("{letter}{}", note::length(num, den))),
        _ => lose(lost, "silence of a length that ABC cannot write"),
    }
}

/// Key signatures and clefs that start between the last note and this one.
fn changes(text: &mut String, score: &Score, lane: &mut Lane, (id, _, to): (MeasureId, Beat, Beat), position: usize) {
    for (_, sign) in score.signs_in(id) {
        let own = sign.part == lane.part && sign.staff.is_none_or(|staff| staff == lane.staff);
        if !own || sign.at.beat != to || (position == 0 && sign.at.beat.is_zero()) {
            continue;
        }
        match &sign.kind {
            SignKind::Key(key) => {
                lane.key = key.clone();
                text.push_str(&format!("[K:{}] ", head::key(key)));
            }
            SignKind::Clef(clef) if lane.leads_staff => text.push_str(&format!("[K:clef={}] ", head::clef(*clef))),
            _ => {}
        }
    }
}

/// Marks of the staff and of the system that stand after one place and up to another.
fn marks(text: &mut String, score: &Score, lane: &Lane, id: MeasureId, (from, to): (Beat, Beat), lost: &mut Losses) {
    if !lane.leads_staff {
        return;
    }
    let here = |moment: Moment| {
        moment.measure == id && (moment.beat > from || moment.beat == from && to > from || moment.beat == to) && moment.beat <= to
    };
    for (_, mark) in score.marks_in(id) {
        let own = match mark.anchor {
            Anchor::Staff(part, staff, moment) => part == lane.part && staff.unwrap_or(1) == lane.staff && here(moment),
            Anchor::System(moment) => lane.leads && here(moment),
            _ => false,
        };
        if own {
            mark_at(text, mark, lost);
        }
    }
    for (_, span) in score.spans_in(id) {
        for (anchor, starts) in [(span.start, true), (span.end, false)] {
            let Anchor::Staff(part, staff, moment) = anchor else { continue };
            let name = match span.kind {
                SpanKind::Crescendo => "<",
                SpanKind::Diminuendo => ">",
                _ => continue,
            };
            if part == lane.part && staff.unwrap_or(1) == lane.staff && here(moment) {
                text.push_str(&format!("!{name}{}!", if starts { "(" } else { ")" }));
            }
        }
    }
}

fn mark_at(text: &mut String, mark: &Mark, lost: &mut Losses) {
    let place = match mark.placement {
        Placement::Below => '_',
        _ => '^',
    };
    match &mark.kind {
        MarkKind::Dynamic(letters) if decoration_of(&mark.kind).is_some() => text.push_str(&format!("!{letters}!")),
        MarkKind::Words(words) => text.push_str(&format!("\"{place}{}\"", escaped(&words.text).replace(';', ","))),
        MarkKind::Dynamic(letters) => text.push_str(&format!("\"_{}\"", escaped(letters))),
        MarkKind::Rehearsal(letters) => text.push_str(&format!("[P:{}]", escaped(letters).replace(']', ")"))),
        MarkKind::Chord(chord) => text.push_str(&format!("\"{}\"", escaped(&note::chord_symbol(chord)))),
        MarkKind::Tempo(tempo) => match tempo.per_minute {
            Some((num, den)) => {
                let beat = tempo.beat.length();
                let number = f64::from(num) / f64::from(den.max(1));
                let number = format!("{number:.3}");
                let number = number.trim_end_matches('0').trim_end_matches('.');
                text.push_str(&format!("[Q:{}/{}={number}]", beat.numerator(), beat.denominator()));
                if !tempo.printed {
                    lose(lost, "that a tempo is only played and not printed");
                }
            }
            None => lose(lost, "tempo relations"),
        },
        // Written with the measure.
        MarkKind::Segno | MarkKind::Coda => {}
        _ => lose(lost, "marks that ABC does not have"),
    }
}

fn on_event(text: &mut String, score: &Score, event: EventId, lost: &mut Losses) {
    let notes = score.notes_of(event);
    let of_notes = notes.iter().flat_map(|(id, _)| score.marks_of_note(*id));
    for (_, mark) in score.marks_of(event).chain(of_notes) {
        match decoration_of(&mark.kind) {
            Some(name) => text.push_str(&format!("!{name}!")),
            None => lose(lost, "marks that ABC does not have"),
        }
    }
}

/// Slurs that start at an event, or that end there.
fn slurs(text: &mut String, score: &Score, event: EventId, start: bool) {
    let notes = score.notes_of(event);
    let of_notes = notes.iter().flat_map(|(id, _)| score.spans_of_note(*id));
    for (_, span) in score.spans_of(event).chain(of_notes) {
        let (from, to) = (score.anchor_event(span.start), score.anchor_event(span.end));
        let (Some(from), Some(to)) = (from.and_then(|id| Some((id, score.event(id)?))), to.and_then(|id| Some((id, score.event(id)?))))
        else {
            continue;
        };
        // A slur from one voice to another has its ends nowhere in ABC.
        let one_voice = (from.1.part, from.1.voice) == (to.1.part, to.1.voice) && from.0 != to.0;
        let here = if start { from.0 } else { to.0 };
        if matches!(span.kind, SpanKind::Slur | SpanKind::Phrase) && one_voice && here == event {
            text.push(if start { '(' } else { ')' });
        }
    }
}

/// The signs that jumps lead to stand at the start of their measure.
fn goals(text: &mut String, score: &Score, id: MeasureId, measure: &Measure) {
    let marked = |kind: MarkKind| {
        let at_start = |mark: &Mark| score.anchor_moment(mark.anchor).is_some_and(|moment| moment.beat.is_zero());
        score.marks_in(id).into_iter().any(|(_, mark)| mark.kind == kind && at_start(mark))
    };
    for (jump, mark, name) in [(Jump::Segno, MarkKind::Segno, "!segno!"), (Jump::Coda, MarkKind::Coda, "!coda!")] {
        // The sign over “to coda” is another one.
        let leaves = jump == Jump::Coda && measure.jumps.contains(&Jump::ToCoda);
        if measure.jumps.contains(&jump) || !leaves && marked(mark) {
            text.push_str(name);
        }
    }
}

/// What leads elsewhere stands at the end of its measure.
fn jumps(text: &mut String, lane: &Lane, measure: &Measure) {
    if !lane.leads {
        return;
    }
    for jump in &measure.jumps {
        text.push_str(match jump {
            Jump::ToCoda => "!tocoda!",
            Jump::Fine => "!fine!",
            Jump::DaCapo => "!D.C.!",
            Jump::DalSegno => "!D.S.!",
            Jump::Segno | Jump::Coda => "",
        });
    }
}

fn bar(score: &Score, position: usize, measure: &Measure) -> String {
    let last = position + 1 == score.measure_order().len();
    if let Some(times) = measure.repeat_end {
        return format!("{}|", ":".repeat(usize::from(times.max(2)) - 1));
    }
    match measure.right_bar {
        BarStyle::LightLight => "||".to_owned(),
        BarStyle::LightHeavy => "|]".to_owned(),
        BarStyle::Dotted | BarStyle::Dashed => ".|".to_owned(),
        BarStyle::None => "[|]".to_owned(),
        _ if measure.ending_stop.is_some() => "||".to_owned(),
        _ if last => "|]".to_owned(),
        _ => "|".to_owned(),
    }
}
