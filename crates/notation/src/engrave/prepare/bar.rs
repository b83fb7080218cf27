//! One measure: its signs, its chords in the order of time, its beams.

use super::chords::{self, Reading};
use super::measure_styles::{self, RepeatSign};
use super::silence::{self, Silence};
use super::spans::ShiftHere;
use super::*;
use crate::model::{Anchor, Beat, Break, Colour, Event, EventId, LyricId, MarkKind, Measure, PartId, RecordRef, Sign, SignId, SignKind};

/// A clef that changes.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct ClefChange {
    pub staff: usize,
    pub beat: Beat,
    pub clef: Clef,
    pub source: SignId,
}

/// A key signature that changes.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct KeyChange {
    pub staff: usize,
    pub beat: Beat,
    pub key: Key,
    /// What it takes the place of.
    pub old: Key,
    pub source: SignId,
}

/// A measure, prepared.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct Bar {
    pub id: MeasureId,
    pub length: Beat,
    /// What is in force on each staff from its first beat on.
    pub opening: Vec<StaffState>,
    /// Clefs that change in it, those of its first beat included.
    pub clefs: Vec<ClefChange>,
    pub keys: Vec<KeyChange>,
    /// A time signature to print at its start.
    pub time: Option<TimeSignature>,
    /// Time signatures of single staves.
    pub staff_times: Vec<(usize, TimeSignature)>,
    pub chords: Vec<Chord>,
    pub beams: Vec<BeamGroup>,
    /// A break before it in this layout.
    pub break_before: Option<Break>,
    pub silence: Silence,
    /// Signs that say that a measure repeats what came before.
    pub repeats: Vec<RepeatSign>,
    /// Where slashes instead of notes begin and end within it.
    pub slashes: Vec<(usize, Beat, Option<SlashStyle>)>,
    /// Where repeats of beats begin and end within it, with their strokes.
    pub beat_repeats: Vec<(usize, Beat, Option<u8>)>,
    /// What in it has a colour of its own, in the order of the records.
    pub coloured: Vec<(RecordRef, Colour)>,
    /// The parts with something written in it that is no note.
    pub said: Vec<PartId>,
}

/// Prepares a measure and moves the context to its end.
pub(in crate::engrave) fn prepare(
    score: &Score,
    cast: &Cast,
    at: usize,
    (id, measure, length): (MeasureId, &Measure, Beat),
    shifts: &[ShiftHere],
    context: &mut Context,
) -> Bar {
    let mut bar = Bar {
        id,
        length,
        opening: Vec::new(),
        clefs: Vec::new(),
        keys: Vec::new(),
        time: None,
        staff_times: Vec::new(),
        chords: Vec::new(),
        beams: Vec::new(),
        break_before: break_before(score, cast, id, measure),
        silence: Silence::default(),
        repeats: Vec::new(),
        slashes: Vec::new(),
        beat_repeats: Vec::new(),
        coloured: Vec::new(),
        said: said(score, id),
    };
    if let Some(time) = &measure.time {
        if measure.time_visible && (at == 0 || *time != context.time) {
            bar.time = Some(time.clone());
        }
        context.time = time.clone();
    }
    let mut walk = Walk { score, cast, at, shifts, context, bar: &mut bar, sign: 0 };
    walk.signs();
    measure_styles::apply(&mut bar, cast, context);
    bar.coloured = coloured(score, &bar);
    let time = context.time.clone();
    stems::voices(&mut bar, cast.staves.len());
    lyrics::part_voices(&mut bar);
    beaming::group(&mut bar, &time);
    stems::direct(&mut bar);
    bar.silence = silence::of(score, cast, &bar, measure);
    bar
}

/// What a measure shows in a colour of its own.
fn coloured(score: &Score, bar: &Bar) -> Vec<(RecordRef, Colour)> {
    let mut found: Vec<(RecordRef, Colour)> = Vec::new();
    let mut add = |record: RecordRef, colour: Option<Colour>| found.extend(colour.map(|colour| (record, colour)));
    for chord in bar.chords.iter().filter(|chord| chord.recorded) {
        add(chord.id.into(), score.event(chord.id).and_then(|event| event.colour));
        chord.heads.iter().for_each(|head| add(head.id.into(), score.note(head.id).and_then(|note| note.colour)));
        chord.marks.iter().for_each(|id| add((*id).into(), score.mark(*id).and_then(|mark| mark.colour)));
        let lyric = |id: LyricId| score.lyrics().get(&id).and_then(|lyric| lyric.colour);
        chord.lyrics.iter().for_each(|syllable| add(syllable.id.into(), lyric(syllable.id)));
    }
    score.marks_in(bar.id).for_each(|(id, mark)| add(id.into(), mark.colour));
    score.signs_in(bar.id).into_iter().for_each(|(id, sign)| add(id.into(), sign.colour));
    found.sort_unstable_by_key(|row| row.0);
    found
}

/// The parts that have words, dynamics or the like in a measure.
fn said(score: &Score, id: MeasureId) -> Vec<PartId> {
    let of = |anchor: Anchor| if let Anchor::Staff(part, ..) = anchor { Some(part) } else { None };
    let marks = score.marks_in(id).filter(|(_, mark)| mark.visible && !matches!(mark.kind, MarkKind::Break(_)));
    let spans = score.spans_in(id).filter(|(_, span)| span.visible);
    marks.filter_map(|(_, mark)| of(mark.anchor)).chain(spans.filter_map(|(_, span)| of(span.start))).collect()
}

/// The break before a measure: the score's, or in the layout of one part alone that part's own.
fn break_before(score: &Score, cast: &Cast, id: MeasureId, measure: &Measure) -> Option<Break> {
    let Some(part) = cast.alone else { return measure.break_before };
    let own = score.marks_in(id).find_map(|(_, mark)| match (&mark.kind, mark.anchor) {
        (MarkKind::Break(kind), Anchor::Staff(of, ..)) if of == part => Some(*kind),
        _ => None,
    });
    own.or(measure.break_before.filter(|kind| *kind == Break::Section))
}

struct Walk<'a> {
    score: &'a Score,
    cast: &'a Cast,
    at: usize,
    shifts: &'a [ShiftHere],
    context: &'a mut Context,
    bar: &'a mut Bar,
    sign: usize,
}

impl Walk<'_> {
    fn signs(&mut self) {
        let signs = self.score.signs_in(self.bar.id);
        self.apply(&signs, Beat::ZERO);
        self.bar.opening.clone_from(&self.context.staves);
        let score = self.score;
        let later = self.sign;
        for part in 0..self.cast.parts.len() {
            // Every part meets the signs of the measure on its own way through it.
            self.sign = later;
            let id = self.cast.parts[part].id;
            let events: Vec<(EventId, &Event)> = score.events_in(self.bar.id, id).collect();
            self.part(part, &events, &signs);
            self.apply_to(Some(part), &signs, None);
        }
    }

    fn part(&mut self, part: usize, events: &[(EventId, &Event)], signs: &[(SignId, &Sign)]) {
        let mut accidentals = accidentals::Spelling::default();
        for (index, (id, event)) in events.iter().enumerate() {
            self.apply_to(Some(part), signs, Some(event.time.onset));
            let reading = Reading {
                score: self.score,
                cast: self.cast,
                part,
                staves: &self.context.staves,
                shifts: self.shifts,
                length: self.bar.length,
                graces: graces_at(events, index),
            };
            self.bar.chords.push(chords::read(&reading, *id, event, &mut accidentals));
        }
        if events.is_empty() && self.bar.length.is_positive() {
            let line = &self.cast.parts[part];
            for staff in line.first..line.first + line.staves {
                self.bar.chords.push(Chord::silence((part, staff), self.bar.length, &self.context.staves[staff]));
            }
        }
    }

    fn apply(&mut self, signs: &[(SignId, &Sign)], upto: Beat) {
        self.apply_to(None, signs, Some(upto));
    }

    /// Puts the signs up to a beat (all of them without one) in force: those of one part, or everybody's.
    fn apply_to(&mut self, only: Option<usize>, signs: &[(SignId, &Sign)], upto: Option<Beat>) {
        while let Some((id, sign)) = signs.get(self.sign).filter(|(_, sign)| upto.is_none_or(|upto| sign.at.beat <= upto)) {
            self.sign += 1;
            let Some(part) = self.cast.part(sign.part).filter(|part| only.is_none_or(|only| only == *part)) else { continue };
            let line = &self.cast.parts[part];
            let staves = match sign.staff {
                Some(number) => {
                    let staff = self.cast.staff(part, number);
                    staff..staff + 1
                }
                None => line.first..line.first + line.staves,
            };
            for staff in staves {
                self.establish(staff, *id, sign);
            }
        }
    }

    fn establish(&mut self, staff: usize, source: SignId, sign: &Sign) {
        let state = &mut self.context.staves[staff];
        let beat = sign.at.beat;
        match &sign.kind {
            SignKind::Clef(clef) => {
                if sign.visible && (state.clef != *clef || self.at == 0 && beat.is_zero()) {
                    self.bar.clefs.push(ClefChange { staff, beat, clef: *clef, source });
                }
                state.clef = *clef;
            }
            SignKind::Key(key) => {
                if sign.visible && state.key != *key {
                    self.bar.keys.push(KeyChange { staff, beat, key: key.clone(), old: state.key.clone(), source });
                }
                state.key = key.clone();
            }
            SignKind::Time(time) if beat.is_zero() => self.bar.staff_times.push((staff, time.clone())),
            SignKind::StaffLines(lines) => state.lines = (*lines).min(12),
            SignKind::StaffVisible(shown) => state.shown = *shown,
            SignKind::StaffSize(percent) => state.size = *percent,
            SignKind::Tuning(strings) => state.tuning = strings.iter().copied().collect(),
            SignKind::Capo(fret) => state.capo = (*fret).min(24),
            SignKind::Slash(style) => {
                state.slash = *style;
                self.bar.slashes.push((staff, beat, *style));
            }
            SignKind::BeatRepeat(strokes) => {
                state.beat_repeat = *strokes;
                self.bar.beat_repeats.push((staff, beat, *strokes));
            }
            SignKind::MeasureRepeat(style) => state.repeat = style.map(|style| (style, 0)),
            _ => {}
        }
    }
}

/// How many grace notes lead to (or follow) the same onset in the voice of this event.
fn graces_at(events: &[(EventId, &Event)], index: usize) -> i32 {
    let event = events[index].1;
    let Some(grace) = event.grace else { return 0 };
    let same = |other: &&(EventId, &Event)| other.1.time.onset == event.time.onset;
    let before = events[..index].iter().rev().take_while(same);
    let after = events[index + 1..].iter().take_while(same);
    let fellows = before.chain(after).filter(|(_, other)| other.voice == event.voice);
    let orders = fellows.filter_map(|(_, other)| other.grace).filter(|g| g.after == grace.after).map(|g| g.order);
    i32::from(orders.fold(grace.order, u16::max)) + 1
}
