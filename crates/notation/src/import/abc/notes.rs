//! Notes, chords, rests, grace notes, ties and slurs. ABC 2.1, sections 4.1 to 4.5, 4.11, 4.12 and 4.17.

use super::super::ImportError;
use super::code::Code;
use super::tune::{Reach, Tune};
use super::voices::{At, Pending};
use crate::model::*;

/// A note as it is written.
#[derive(Debug, Clone, Copy)]
struct Read {
    step: Step,
    octave: i32,
    accidental: Option<Alter>,
    length: (i64, i64),
    tied: bool,
    byte: usize,
}

/// More notes in one chord than this are left out.
const MAX_CHORD: usize = 100;

/// An accidental and what follows it: `^`, `^^`, `=`, `_`, `__`, and the fractions `^/` or `_3/2` of a semitone.
pub(super) fn accidental(text: &str) -> Option<(Alter, &str)> {
    let signs: &[(&str, i64)] = &[("^^", 2), ("^", 1), ("__", -2), ("_", -1), ("=", 0)];
    let (sign, semitones) = signs.iter().find(|(sign, _)| text.starts_with(sign))?;
    let mut rest = text.get(sign.len()..).unwrap_or_default();
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let count = digits(rest);
    if count == 0 && !rest.starts_with('/') {
        return Some((Alter::semitones(*semitones as i32), rest));
    }
    let num: i64 = if count == 0 { 1 } else { rest.get(..count)?.parse().ok()? };
    rest = rest.get(count..).unwrap_or_default();
    let mut den = 1;
    if let Some(after) = rest.strip_prefix('/') {
        let count = digits(after);
        den = if count == 0 { 2 } else { after.get(..count)?.parse().ok()? };
        rest = after.get(count..).unwrap_or_default();
    }
    Some((Alter::fraction(semitones.checked_mul(num)?, den)?, rest))
}

impl Tune<'_, '_> {
    /// A single note.
    pub(super) fn note(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let Some(note) = self.read_note(code) else { return Ok(()) };
        self.event(&[note], note.length, None, note.byte)
    }

    fn read_note(&mut self, code: &mut Code<'_>) -> Option<Read> {
        let byte = code.byte();
        let rest = code.rest();
        let (alter, after) = accidental(rest).map_or((None, rest), |(alter, after)| (Some(alter), after));
        let letter = after.chars().next().filter(|c| matches!(c, 'A'..='G' | 'a'..='g'));
        let Some(step) = letter.and_then(Step::from_letter) else {
            code.bump();
            self.report.invalid(&["accidental without a note"], byte);
            return None;
        };
        code.skip(rest.len() - after.len() + 1);
        let mut octave = if letter.is_some_and(|c| c.is_ascii_lowercase()) { 5 } else { 4 };
        while let Some(c) = code.peek().filter(|c| matches!(c, '\'' | ',')) {
            octave = (octave + if c == '\'' { 1 } else { -1 }).clamp(-10, 20);
            code.bump();
        }
        let length = code.length().unwrap_or_else(|| {
            self.report.invalid(&["length"], byte);
            (1, 1)
        });
        Some(Read { step, octave, accidental: alter, length, tied: false, byte })
    }

    /// `[CEG]2`; its length is that of its first note. What decorates a note inside decorates the chord.
    pub(super) fn chord(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        code.bump();
        let mut notes: Vec<Read> = Vec::new();
        let mut slurs_ended = 0;
        loop {
            let byte = code.byte();
            match code.peek() {
                None => {
                    self.report.invalid(&["chord that is not closed"], byte);
                    break;
                }
                Some(']') => {
                    code.bump();
                    break;
                }
                Some('A'..='G' | 'a'..='g' | '^' | '_' | '=') => {
                    let Some(note) = self.read_note(code) else { continue };
                    if notes.len() < MAX_CHORD {
                        notes.push(note);
                    }
                }
                Some('-') => {
                    code.bump();
                    if let Some(note) = notes.last_mut() {
                        note.tied = true;
                    }
                }
                Some(c) => {
                    code.bump();
                    match c {
                        '!' => {
                            if let Some(name) = code.until('!') {
                                self.decorate(name, byte);
                            }
                        }
                        '"' => {
                            if let Some(text) = code.until('"') {
                                self.annotation(text, byte);
                            }
                        }
                        '(' => self.begin_slur(),
                        ')' => slurs_ended += 1,
                        '.' | '~' | 'H'..='W' | 'h'..='w' => self.symbol(c, byte),
                        ' ' => {}
                        _ => self.report.invalid(&["chord", &c.to_string()], byte),
                    }
                }
            }
        }
        let outer = code.length().unwrap_or((1, 1));
        let Some(first) = notes.first().copied() else {
            self.report.invalid(&["chord without notes"], byte);
            return Ok(());
        };
        if notes.iter().any(|note| note.length != first.length) {
            self.report.repaired(&["chord of unequal notes"], byte);
        }
        let length = (first.length.0 * outer.0, first.length.1 * outer.1);
        self.event(&notes, length, None, byte)?;
        (0..slurs_ended).for_each(|_| self.end_slur(byte));
        Ok(())
    }

    fn begin_slur(&mut self) {
        if let Some(voice) = self.voices.get_mut(self.current).filter(|voice| voice.lane.slurs_due.len() < 16) {
            voice.lane.slurs_due.push(Placement::Auto);
        }
    }

    /// `z2`, and `x2` that is not shown.
    pub(super) fn rest(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        let visible = code.bump() == Some('z');
        let length = code.length().unwrap_or((1, 1));
        self.event(&[], length, Some(visible), byte)
    }

    /// `Z4`: measures of rest, and `X4` that are not shown.
    pub(super) fn measure_rests(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        let visible = code.bump() == Some('Z');
        let count = code.number().unwrap_or(1).max(1);
        for index in 0..count {
            if index > 0 {
                self.next_measure(byte)?;
            }
            self.spend(byte)?;
            let measure = self.ready(byte)?;
            self.system_starts();
            let id = self.ids.next();
            let Some(voice) = self.voices.get_mut(self.current) else { continue };
            let full = voice.full();
            let duration = full - voice.onset.min(full);
            let whole = voice.onset.is_zero();
            if !duration.is_positive() {
                continue;
            }
            let value = if whole { None } else { NoteValue::of_length(duration) };
            let time = EventTime { measure, onset: voice.onset, duration, value, ratio: (1, 1) };
            let rest = RestDisplay { measure: whole, position: None };
            let event = Event { time, rest, visible, ..Event::default() };
            voice.events.push(Pending {
                id,
                event,
                notes: Vec::new(),
                measure: voice.measure,
                lane: voice.lane_number,
                beam: 0,
                sung: false,
            });
            let at = voice.events.len() - 1;
            voice.begun = true;
            voice.onset = full;
            self.reached();
            self.settle_attached(Some(at));
        }
        Ok(())
    }

    /// `{…}`: notes that take no time, `{/…}` with a slash.
    pub(super) fn graces(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        code.bump();
        let slash = code.eat('/');
        let held = self.voices.get_mut(self.current).map(|voice| std::mem::take(&mut voice.lane.attached)).unwrap_or_default();
        let mut chords: Vec<Vec<Read>> = Vec::new();
        let mut slurs: Vec<(usize, bool)> = Vec::new();
        let mut in_chord = false;
        loop {
            let byte = code.byte();
            match code.peek() {
                None | Some('|') => {
                    self.report.invalid(&["grace notes that are not closed"], byte);
                    break;
                }
                Some('A'..='G' | 'a'..='g' | '^' | '_' | '=') => {
                    let Some(note) = self.read_note(code) else { continue };
                    match chords.last_mut().filter(|_| in_chord) {
                        Some(chord) if chord.len() < MAX_CHORD => chord.push(note),
                        Some(_) => {}
                        None => chords.push(vec![note]),
                    }
                }
                Some(c) => {
                    code.bump();
                    match c {
                        '}' => break,
                        '[' => {
                            in_chord = true;
                            chords.push(Vec::new());
                        }
                        ']' => in_chord = false,
                        '(' => slurs.push((chords.len(), true)),
                        ')' => slurs.push((chords.len(), false)),
                        ' ' | '-' | '<' | '>' | '/' => {}
                        _ => self.report.unsupported(&["grace notes", &c.to_string()], byte),
                    }
                }
            }
        }
        chords.retain(|chord| !chord.is_empty());
        let base = if chords.len() == 1 { Beat::new(1, 8) } else { Beat::new(1, 16) };
        for (index, chord) in chords.iter().enumerate() {
            slurs.iter().filter(|slur| **slur == (index, true)).for_each(|_| self.begin_slur());
            self.grace(chord, base, slash, byte)?;
            slurs.iter().filter(|slur| **slur == (index + 1, false)).for_each(|_| self.end_slur(byte));
        }
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.lane.attached = held;
        }
        Ok(())
    }

    fn grace(&mut self, chord: &[Read], base: Beat, slash: bool, byte: usize) -> Result<(), ImportError> {
        self.spend(byte)?;
        let measure = self.ready(byte)?;
        self.system_starts();
        let notes = self.notes(chord, true);
        let id = self.ids.next();
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        let length = chord.first().map_or((1, 1), |note| note.length);
        let value = NoteValue::of_length(base.scale(length.0, length.1)).unwrap_or(NoteValue::new(NoteBase::Eighth, 0));
        let time = EventTime { measure, onset: voice.onset, duration: Beat::ZERO, value: Some(value), ratio: (1, 1) };
        let order = u16::try_from(voice.lane.graces.len()).unwrap_or(u16::MAX);
        let event = Event { time, grace: Some(Grace { slash, order, after: false }), ..Event::default() };
        let notes = notes.into_iter().map(|(note_id, note)| (note_id, Note { event: id, ..note })).collect();
        let beam = voice.beam;
        voice.events.push(Pending { id, event, notes, measure: voice.measure, lane: voice.lane_number, beam, sung: false });
        let at = voice.events.len() - 1;
        voice.lane.graces.push(at);
        voice.begun = true;
        self.start_slurs(id);
        Ok(())
    }

    /// Pitches as the accidentals before them leave them.
    fn notes(&mut self, read: &[Read], grace: bool) -> Vec<(NoteId, Note)> {
        let reach = self.reach;
        let Some(voice) = self.voices.get_mut(self.current) else { return Vec::new() };
        let octaves = voice.octaves();
        let percussion = voice.is_percussion();
        let mut made = Vec::new();
        for note in read {
            let octave = (note.octave + octaves).clamp(-1, 10) as i8;
            let line = StaffPosition { step: note.step, octave }.diatonic();
            let of_key = voice.key.alter(note.step);
            let tied = if grace { None } else { voice.lane.ties.iter().find(|(other, ..)| *other == line).map(|(_, alter, ..)| *alter) };
            let by_line = voice.lane.accidentals.get(&line).copied().unwrap_or(of_key);
            let by_reach = match reach {
                Reach::Note => of_key,
                Reach::Octave => by_line,
                Reach::AllOctaves => voice.lane.anywhere.get(&note.step.index()).copied().unwrap_or(of_key),
            };
            let alter = note.accidental.or(tied).unwrap_or(by_reach);
            // An accidental that no rule asks for is a reminder that somebody wanted.
            let reminder = note.accidental.is_some() && tied != Some(alter) && alter == by_line && alter == by_reach;
            if note.accidental.is_some() {
                voice.lane.accidentals.insert(line, alter);
                voice.lane.anywhere.insert(note.step.index(), alter);
            }
            let sign = crate::import::musicxml::accidentals::usual_sign(alter).filter(|_| reminder);
            let printed = |sign| PrintedAccidental { sign, parentheses: false, bracket: false, cautionary: false, editorial: false };
            let pitch = if percussion {
                NotePitch::Unpitched(Some(StaffPosition { step: note.step, octave }))
            } else {
                NotePitch::Pitched(Pitch { step: note.step, alter, octave })
            };
            let id = self.ids.next();
            made.push((id, Note { pitch, accidental: sign.map(printed), tie_previous: tied.is_some(), ..Note::default() }));
        }
        made
    }

    /// A note, chord or rest of a length in units: one event, or several tied ones where no value is that long.
    fn event(&mut self, read: &[Read], length: (i64, i64), rest: Option<bool>, byte: usize) -> Result<(), ImportError> {
        self.ready(byte)?;
        self.system_starts();
        let notes = self.notes(read, false);
        let tied: Vec<bool> = read.iter().map(|note| note.tied).collect();
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        let (actual, normal) = voice
            .lane
            .tuplets
            .iter()
            .fold((1_i64, 1_i64), |(actual, normal), tuplet| (actual * i64::from(tuplet.actual), normal * i64::from(tuplet.normal)));
        let broken = voice.lane.broken.take().unwrap_or((1, 1));
        let written = voice.unit.scale(length.0, length.1).scale(broken.0, broken.1);
        let ratio = match (u16::try_from(actual), u16::try_from(normal)) {
            (Ok(actual), Ok(normal)) => (actual, normal),
            _ => (1, 1),
        };
        let sounding = written.scale(i64::from(ratio.1), i64::from(ratio.0));
        if Beat::checked_new(sounding.numerator(), sounding.denominator()).is_none() || sounding > Beat::new(4096, 1) {
            self.report.invalid(&["length"], byte);
            return Ok(());
        }
        if !notes.is_empty() {
            self.end_ties(&notes);
        }
        self.pieces(notes, &tied, written, ratio, rest, byte)
    }

    fn pieces(
        &mut self,
        notes: Vec<(NoteId, Note)>,
        tied: &[bool],
        written: Beat,
        ratio: (u16, u16),
        rest: Option<bool>,
        byte: usize,
    ) -> Result<(), ImportError> {
        let pieces = values(written);
        if pieces.iter().any(|(_, value)| value.is_none()) {
            self.report.repaired(&["length that no note value has"], byte);
        }
        let last = pieces.len() - 1;
        let mut first_at = None;
        for (index, (length, value)) in pieces.into_iter().enumerate() {
            self.spend(byte)?;
            let measure = self.ready(byte)?;
            let id: EventId = self.ids.next();
            let mut own: Vec<(NoteId, Note)> = Vec::with_capacity(notes.len());
            for (at, (note_id, note)) in notes.iter().enumerate() {
                let note_id = if index == 0 { *note_id } else { self.ids.next() };
                let tie_next = index < last || tied.get(at).copied().unwrap_or(false);
                let tie_previous = index > 0 || note.tie_previous;
                let accidental = note.accidental.filter(|_| index == 0);
                own.push((note_id, Note { event: id, tie_next, tie_previous, accidental, ..note.clone() }));
            }
            let Some(voice) = self.voices.get_mut(self.current) else { continue };
            if index == last {
                let waiting = own.iter().filter(|(_, note)| note.tie_next);
                let waiting = waiting.filter_map(|(id, note)| Some((note.pitch.diatonic(), note.pitch.pitch()?.alter, *id, byte)));
                voice.lane.ties.extend(waiting.collect::<Vec<_>>());
            }
            let duration = length.scale(i64::from(ratio.1), i64::from(ratio.0));
            let time = EventTime { measure, onset: voice.onset, duration, value, ratio };
            let stem = voice.parameters.stem.unwrap_or_default();
            let event = Event { time, stem, visible: rest.unwrap_or(true), ..Event::default() };
            let flags = value.map_or(0, |value| value.base.flags());
            let beam = if own.is_empty() || flags == 0 { 0 } else { voice.beam };
            let sung = index == 0 && !own.is_empty();
            if beam == 0 {
                voice.break_beam();
            }
            voice.events.push(Pending { id, event, notes: own, measure: voice.measure, lane: voice.lane_number, beam, sung });
            let at = voice.events.len() - 1;
            first_at = first_at.or(Some(at));
            voice.lane.last = Some(at);
            voice.lane.graces.clear();
            voice.onset += duration;
            voice.begun = true;
            self.reached();
            if index == 0 {
                self.settle_attached(Some(at));
                self.start_slurs(id);
            }
            self.count_tuplet(id, index == last);
        }
        if let Some(at) = first_at {
            self.end_tremolo(at);
        }
        Ok(())
    }

    /// The measure reaches as far as the voice.
    pub(super) fn reached(&mut self) {
        let Some(voice) = self.voices.get(self.current) else { return };
        if let Some(column) = self.columns.get_mut(voice.measure) {
            column.reached = column.reached.max(voice.onset);
        }
    }

    fn start_slurs(&mut self, id: EventId) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let due = std::mem::take(&mut voice.lane.slurs_due);
        voice.lane.slurs.extend(due.into_iter().map(|placement| (id, placement)));
        voice.lane.slurs.truncate(64);
    }

    /// `)`: the last slur ends at the last note.
    pub(super) fn end_slur(&mut self, byte: usize) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let last = voice.events.last().map(|pending| pending.id);
        match (voice.lane.slurs.pop(), last) {
            (Some((start, placement)), Some(end)) if start != end => {
                voice.spans.push((At::Event(start), At::Event(end), SpanKind::Slur, placement));
            }
            (Some(_), _) => self.report.invalid(&["slur over a single note"], byte),
            (None, _) => self.report.invalid(&["slur end without a start"], byte),
        }
    }

    /// `-`: the notes of the last chord are tied to the next.
    pub(super) fn tie(&mut self, byte: usize) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let last = voice.lane.last.and_then(|at| voice.events.get_mut(at)).filter(|pending| !pending.notes.is_empty());
        let Some(pending) = last else { return self.report.invalid(&["tie without a note before it"], byte) };
        for (id, note) in pending.notes.iter_mut().filter(|(_, note)| !note.tie_next) {
            note.tie_next = true;
            if let Some(pitch) = note.pitch.pitch() {
                voice.lane.ties.push((pitch.diatonic(), pitch.alter, *id, byte));
            }
        }
    }

    /// Ties that wait end at these notes, or nowhere.
    fn end_ties(&mut self, notes: &[(NoteId, Note)]) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let waiting = std::mem::take(&mut voice.lane.ties);
        let pitches: Vec<Pitch> = notes.iter().filter_map(|(_, note)| note.pitch.pitch()).collect();
        let dangling: Vec<_> = waiting.into_iter().filter(|(line, ..)| !pitches.iter().any(|pitch| pitch.diatonic() == *line)).collect();
        for (_, _, id, byte) in dangling {
            self.untie(id);
            self.report.invalid(&["tie to a note that does not follow"], byte);
        }
    }

    /// Takes a tie back that leads nowhere.
    pub(super) fn untie(&mut self, id: NoteId) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        // What is tied is not far back.
        let mut recent = voice.events.iter_mut().rev().take(64).flat_map(|pending| &mut pending.notes);
        if let Some((_, note)) = recent.find(|(other, _)| *other == id) {
            note.tie_next = false;
        }
    }

    fn count_tuplet(&mut self, id: EventId, whole: bool) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        for tuplet in &mut voice.lane.tuplets {
            tuplet.first.get_or_insert(id);
            tuplet.last = Some(id);
            tuplet.left = tuplet.left.saturating_sub(u32::from(whole));
        }
        while let Some(tuplet) = voice.lane.tuplets.pop_if(|tuplet| tuplet.left == 0) {
            let (Some(first), Some(last)) = (tuplet.first, tuplet.last) else { continue };
            let display = TupletDisplay::new(tuplet.actual, tuplet.normal);
            voice.spans.push((At::Event(first), At::Event(last), SpanKind::Tuplet(display), Placement::Auto));
        }
    }

    fn end_tremolo(&mut self, at: usize) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let Some(id) = voice.events.get(at).map(|pending| pending.id) else { return };
        if let Some((start, strokes)) = voice.tremolo.take_if(|(start, _)| *start != At::Event(id)) {
            voice.spans.push((start, At::Event(id), SpanKind::Tremolo(strokes), Placement::Auto));
        }
    }

    /// Stretches the last event, where broken rhythm says so; whether there was one.
    pub(super) fn stretch_last(&mut self, (num, den): (i64, i64)) -> bool {
        let Some(voice) = self.voices.get_mut(self.current) else { return false };
        let in_measure = voice.measure;
        let Some(pending) = voice.lane.last.and_then(|at| voice.events.get_mut(at)).filter(|pending| pending.measure == in_measure) else {
            return false;
        };
        let time = &mut pending.event.time;
        let before = time.duration;
        let duration = before.scale(num, den);
        if Beat::checked_new(duration.numerator(), duration.denominator()).is_none() {
            return false;
        }
        time.duration = duration;
        time.value = NoteValue::of_length(duration.scale(i64::from(time.ratio.0), i64::from(time.ratio.1)));
        let flags = time.value.map_or(0, |value| value.base.flags());
        if flags > 0 && pending.beam == 0 && !pending.notes.is_empty() {
            pending.beam = voice.beam;
        } else if flags == 0 {
            pending.beam = 0;
        }
        voice.onset += duration - before;
        self.reached();
        true
    }

    /// The first thing in a measure after a line has ended starts a system.
    pub(super) fn system_starts(&mut self) {
        let leads = self.current == 0;
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        if !std::mem::take(&mut voice.line_ended) || voice.begun || !leads || voice.measure == 0 {
            return;
        }
        if let Some(column) = self.columns.get_mut(voice.measure) {
            column.record.break_before.get_or_insert(Break::System);
        }
    }
}

/// A length as values that are tied, the longest first; one piece without a value where there are none.
fn values(length: Beat) -> Vec<(Beat, Option<NoteValue>)> {
    let mut pieces = Vec::new();
    let mut rest = length;
    while rest.is_positive() {
        let all = NoteBase::ALL.into_iter().flat_map(|base| (0..=2).rev().map(move |dots| NoteValue::new(base, dots)));
        match all.filter(|value| value.length() <= rest).max_by_key(|value| value.length()) {
            Some(value) if pieces.len() < 12 => {
                pieces.push((value.length(), Some(value)));
                rest -= value.length();
            }
            _ => return vec![(length, None)],
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_made_of_values() {
        let lengths = |num, den| values(Beat::new(num, den)).iter().map(|(length, _)| *length).collect::<Vec<_>>();
        assert_eq!(lengths(5, 8), [Beat::new(1, 2), Beat::new(1, 8)]);
        assert_eq!(lengths(7, 16), [Beat::new(7, 16)]);
        assert_eq!(values(Beat::new(1, 5)), [(Beat::new(1, 5), None)]);
    }

    #[test]
    fn accidentals_may_be_fractions() {
        let read = |text| accidental(text).map(|(alter, rest)| (alter.to_f64(), rest));
        assert_eq!(read("^^f"), Some((2.0, "f")));
        assert_eq!(read("_/b"), Some((-0.5, "b")));
        assert_eq!(read("^3/2c"), Some((1.5, "c")));
        assert_eq!((read("="), read("c"), read("^1/0c")), (Some((0.0, "")), None, None));
    }
}
