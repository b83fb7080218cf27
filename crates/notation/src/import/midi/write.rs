//! The score: measures, parts, and the records of what has been found.

use super::super::report::Report;
use super::file::File;
use super::grid::{Bar, Grid};
use super::key::KeyHere;
use super::notate::{self, Piece, Stretch};
use super::parts::Part as Found;
use super::voices::{self, Chord};
use super::{clefs, drums, names};
use crate::model::*;

/// Tempo changes beyond this many are not written: a file that follows a player has one for each beat.
const MOST_TEMPI: usize = 2_000;

/// A score being written.
struct Writing<'w> {
    score: Score,
    ids: &'w mut IdSource,
    grid: &'w Grid,
    measures: Vec<MeasureId>,
}

/// Makes the score.
pub(super) fn score(
    file: &File,
    grid: &Grid,
    keys: &[KeyHere],
    parts: &[Found],
    swing: bool,
    ids: &mut IdSource,
    report: &mut Report,
) -> Score {
    let mut writing = Writing { score: Score::new(), ids, grid, measures: Vec::new() };
    writing.heading(file, parts);
    writing.bars();
    writing.tempi(file);
    writing.markers(file);
    if swing {
        writing.swing();
    }
    for (order, part) in parts.iter().enumerate() {
        writing.part(order, part, keys, report);
    }
    if parts.is_empty() {
        let id: PartId = writing.ids.next();
        writing.put(id, Part::default());
    }
    writing.score
}

impl Writing<'_> {
    fn put(&mut self, of: impl Into<RecordRef>, record: impl Into<Record>) {
        // The kinds agree wherever this is called, so nothing is given back.
        drop(self.score.insert(of, record));
    }

    /// The first track of a file of several is named after the piece, if it has no notes of its own.
    fn heading(&mut self, file: &File, parts: &[Found]) {
        let first = file.tracks.first().filter(|track| track.notes.is_empty() || parts.len() > 1 && file.tracks.len() == 1);
        let title = first.map(|track| track.name.trim().to_owned()).unwrap_or_default();
        self.put(HEADER, Header { title, copyright: file.copyright.clone(), ..Header::default() });
    }

    /// How much of a full measure is missing at the start of the first: it is a pickup where a longer metre follows.
    fn pickup(&self) -> Option<(Bar, Beat)> {
        let [first, second, ..] = self.grid.bars.as_slice() else { return None };
        let full = Beat::new(i64::from(second.time.0), i64::from(second.time.1));
        (second.given && first.length < full && second.length == full).then(|| (*second, full - first.length))
    }

    fn bars(&mut self) {
        let pickup = self.pickup();
        let mut in_force: Option<(u16, u16)> = None;
        for (index, bar) in self.grid.bars.iter().enumerate() {
            let time = pickup.filter(|_| index == 0).map_or(bar.time, |(next, _)| next.time);
            let full = Beat::new(i64::from(time.0), i64::from(time.1));
            let shown = in_force != Some(time);
            in_force = Some(time);
            let is_pickup = index == 0 && pickup.is_some();
            let number = if pickup.is_some() { index } else { index + 1 };
            let measure = Measure {
                number: number.to_string(),
                implicit: is_pickup,
                time: shown.then(|| TimeSignature::new(time.0, time.1)),
                length: (bar.length != full).then_some(bar.length),
                ..Measure::default()
            };
            let id = self.ids.next();
            self.measures.push(id);
            self.score.push_measure(id, measure);
        }
    }

    /// The measure of a time, and how far into it.
    fn moment(&self, at: Beat) -> Option<Moment> {
        let index = self.grid.bar_at(at);
        let (bar, measure) = (self.grid.bars.get(index)?, self.measures.get(index)?);
        Some(Moment { measure: *measure, beat: (at - bar.start).min(bar.length) })
    }

    fn system_mark(&mut self, at: Beat, kind: MarkKind) {
        if let Some(moment) = self.moment(at) {
            let id = self.ids.next::<Mark>();
            self.put(id, Mark { anchor: Anchor::System(moment), kind, placement: Placement::Above, ..Mark::default() });
        }
    }

    /// The tempo map. A tempo that holds for a measure is printed; those on the way to another are only played.
    fn tempi(&mut self, file: &File) {
        let mut last: Option<u32> = None;
        for (index, (tick, micros)) in file.tempi.iter().enumerate().take(MOST_TEMPI) {
            let at = self.grid.beat_of(i64::from(*tick));
            let next = file.tempi.get(index + 1).map(|(tick, _)| self.grid.beat_of(i64::from(*tick)));
            if next == Some(at) || last == Some(*micros) {
                continue;
            }
            let differs = last.is_none_or(|last| last.abs_diff(*micros) > last / 30);
            last = Some(*micros);
            let Some(bar) = self.grid.bars.get(self.grid.bar_at(at)).copied() else { continue };
            let holds = next.is_none_or(|next| next - at >= bar.length);
            let on_beat = self.nearest_tick(at);
            let beat =
                if bar.beat().numerator() == 3 { NoteValue::new(NoteBase::Quarter, 1) } else { NoteValue::new(NoteBase::Quarter, 0) };
            let mark = TempoMark {
                beat,
                per_minute: Some(per_minute(*micros, beat)),
                text: String::new(),
                equals: None,
                parentheses: false,
                printed: index == 0 || holds && differs,
            };
            self.system_mark(on_beat, MarkKind::Tempo(mark));
        }
    }

    /// A time that a reader can follow: to the nearest sixty-fourth.
    fn nearest_tick(&self, at: Beat) -> Beat {
        let count = at.scale(64, 1);
        Beat::new((2 * count.numerator() + count.denominator()).div_euclid(2 * count.denominator()), 64)
    }

    fn markers(&mut self, file: &File) {
        for (tick, text) in file.markers.iter().filter(|(_, text)| !text.trim().is_empty()) {
            let at = self.grid.beat_of(i64::from(*tick));
            let index = self.grid.bar_at(at);
            // A rehearsal mark stands at a barline.
            let Some(bar) = self.grid.bars.get(index) else { continue };
            self.system_mark(bar.start, MarkKind::Rehearsal(text.trim().to_owned()));
        }
    }

    fn swing(&mut self) {
        self.system_mark(Beat::ZERO, MarkKind::Words(Words { text: "Swing".to_owned() }));
        self.system_mark(Beat::ZERO, MarkKind::Swing(Swing { first: 2, second: 1, unit: NoteBase::Eighth }));
    }

    fn part(&mut self, order: usize, found: &Found, keys: &[KeyHere], report: &mut Report) {
        let id: PartId = self.ids.next();
        self.put(id, part_record(order, found));
        self.signs(id, found, keys);
        let mut events: Vec<(Beat, EventId)> = Vec::new();
        let mut voice = 0;
        for staff in 1..=found.staves {
            let of_staff = voices::of(found, staff, report);
            for (index, chords) in of_staff.iter().enumerate() {
                voice += 1;
                self.voice(id, found, (staff, voice), chords, index == 0, &mut events);
            }
            if of_staff.is_empty() {
                voice += 1;
                self.voice(id, found, (staff, voice), &[], true, &mut events);
            }
        }
        events.sort();
        self.words(found, &events);
        self.pedals(id, found);
    }

    fn signs(&mut self, part: PartId, found: &Found, keys: &[KeyHere]) {
        let Some(start) = self.moment(Beat::ZERO) else { return };
        for staff in 1..=found.staves {
            let sign = Sign { part, staff: Some(staff), at: start, kind: SignKind::Clef(clefs::of(found, staff)), ..Sign::default() };
            let id = self.ids.next::<Sign>();
            self.put(id, sign);
        }
        if found.is_drums() {
            return;
        }
        for key in keys {
            let Some(at) = self.moment(key.at) else { continue };
            let mode = if key.minor { KeyMode::Minor } else { KeyMode::Major };
            let id = self.ids.next::<Sign>();
            self.put(id, Sign { part, staff: None, at, kind: SignKind::Key(Key { mode, ..Key::fifths(key.fifths) }), ..Sign::default() });
        }
    }

    /// The music of a voice, measure by measure. Silence is written in the first voice of a staff; in others it is only kept.
    fn voice(&mut self, part: PartId, found: &Found, at: (u8, u8), chords: &[Chord], leads: bool, events: &mut Vec<(Beat, EventId)>) {
        let pickup = self.pickup();
        let mut from = 0;
        // Notes of the chord that goes on from the measure before.
        let mut tied: Option<(usize, Vec<NoteId>)> = None;
        for index in 0..self.grid.bars.len() {
            let (Some(bar), Some(measure)) = (self.grid.bars.get(index).copied(), self.measures.get(index).copied()) else { continue };
            let end = bar.start + bar.length;
            while chords.get(from).is_some_and(|chord| chord.end <= bar.start) {
                from += 1;
            }
            let here: Vec<(usize, &Chord)> = chords.iter().enumerate().skip(from).take_while(|(_, chord)| chord.start < end).collect();
            if here.is_empty() {
                if leads {
                    self.measure_rest(part, at, measure, bar.length);
                }
                continue;
            }
            let stretches = stretches(&here, bar.start, end);
            let (time, offset) = match pickup.filter(|_| index == 0) {
                Some((next, missing)) => (next.time, missing),
                None => (bar.time, Beat::ZERO),
            };
            let pieces = notate::measure(&stretches, bar.length, time, offset);
            self.pieces(part, found, at, measure, &bar, &pieces, chords, leads, &mut tied, events);
        }
    }

    fn measure_rest(&mut self, part: PartId, (staff, voice): (u8, u8), measure: MeasureId, length: Beat) {
        let time = EventTime { measure, onset: Beat::ZERO, duration: length, value: None, ratio: (1, 1) };
        let rest = RestDisplay { measure: true, position: None };
        let id = self.ids.next::<Event>();
        self.put(id, Event { part, staff, voice, time, rest, ..Event::default() });
    }

    #[expect(clippy::too_many_arguments, reason = "one measure of one voice, with what goes on from the one before")]
    fn pieces(
        &mut self,
        part: PartId,
        found: &Found,
        (staff, voice): (u8, u8),
        measure: MeasureId,
        bar: &Bar,
        pieces: &[Piece],
        chords: &[Chord],
        leads: bool,
        tied: &mut Option<(usize, Vec<NoteId>)>,
        events: &mut Vec<(Beat, EventId)>,
    ) {
        let mut tuplets: Vec<(u32, (u16, u16), EventId, EventId)> = Vec::new();
        for piece in pieces {
            let id: EventId = self.ids.next();
            let time = EventTime { measure, onset: piece.start, duration: piece.length, value: piece.value, ratio: piece.ratio };
            self.put(id, Event { part, staff, voice, time, visible: piece.chord.is_some() || leads, ..Event::default() });
            if piece.tuplet > 0 {
                match tuplets.last_mut().filter(|(number, ..)| *number == piece.tuplet) {
                    Some((_, _, _, last)) => *last = id,
                    None => tuplets.push((piece.tuplet, piece.ratio, id, id)),
                }
            }
            let Some((number, chord)) = piece.chord.and_then(|at| Some((at, chords.get(at)?))) else {
                *tied = None;
                continue;
            };
            let previous = tied.take().filter(|(other, _)| *other == number).map(|(_, notes)| notes);
            if previous.is_none() {
                events.push((bar.start + piece.start, id));
            }
            let goes_on = chord.end > bar.start + piece.start + piece.length;
            let notes = self.notes(id, found, chord, previous.is_some(), goes_on);
            *tied = goes_on.then_some((number, notes));
        }
        for (_, (actual, normal), first, last) in tuplets {
            let display = TupletDisplay::new(actual, normal);
            let id = self.ids.next::<Span>();
            let (start, end) = (Anchor::Event(first), Anchor::Event(last));
            self.put(id, Span { start, end, kind: SpanKind::Tuplet(display), ..Span::default() });
        }
    }

    fn notes(&mut self, event: EventId, found: &Found, chord: &Chord, tie_previous: bool, tie_next: bool) -> Vec<NoteId> {
        let mut ids = Vec::with_capacity(chord.notes.len());
        for note in chord.notes.iter().filter_map(|at| found.notes.get(*at)) {
            let key = note.played.key;
            let mut record = Note { event, tie_previous, tie_next, ..Note::default() };
            if found.is_drums() {
                let (_, place, head) = drums::of(key);
                record.pitch = NotePitch::Unpitched(Some(place));
                record.head = head;
                record.instrument = (first_drum(found) != Some(key)).then(|| drum_key(key));
                // A stroke is not tied: it is struck once.
                (record.tie_previous, record.tie_next) = (false, false);
            } else {
                let sharp = Pitch::new(Step::from_index([0, 0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6][usize::from(key % 12)]), 0, 0);
                let plain = || Pitch::new(sharp.step, i32::from(key % 12) - sharp.step.semitones(), (key / 12) as i8 - 1);
                record.pitch = NotePitch::Pitched(note.pitch.unwrap_or_else(plain));
            }
            let id = self.ids.next();
            self.put(id, record);
            ids.push(id);
        }
        ids
    }

    /// Words go on the notes they are nearest to, within a sixteenth.
    fn words(&mut self, found: &Found, events: &[(Beat, EventId)]) {
        let mut goes_on = false;
        for (index, (tick, text)) in found.lyrics.iter().enumerate() {
            // A slash or backslash starts a line or a verse in karaoke files.
            let word = text.trim_start_matches(['/', '\\']);
            let next = found.lyrics.get(index + 1).map(|(_, text)| text.as_str());
            let hyphen = word.trim_end().ends_with('-');
            let spaced = found.lyrics.iter().any(|(_, text)| text.ends_with(' ') || text.starts_with(' '));
            let begins = |text: &str| text.starts_with([' ', '/', '\\']);
            let open = hyphen || spaced && !word.ends_with(' ') && next.is_some_and(|next| !begins(next));
            let said = word.trim().trim_end_matches('-').to_owned();
            let at = self.grid.beat_of(i64::from(*tick));
            let near = events.partition_point(|(start, _)| *start < at);
            let distance = |at_event: Beat| (at_event - at).max(at - at_event);
            let candidates = [near.checked_sub(1), Some(near)].into_iter().flatten().filter_map(|at| events.get(at));
            let event = candidates.min_by_key(|(start, _)| distance(*start)).filter(|(start, _)| distance(*start) <= Beat::new(1, 12));
            let Some((_, event)) = event.filter(|_| !said.is_empty()) else { continue };
            let syllabic = match (goes_on, open) {
                (false, false) => Syllabic::Single,
                (false, true) => Syllabic::Begin,
                (true, true) => Syllabic::Middle,
                (true, false) => Syllabic::End,
            };
            goes_on = open;
            let id = self.ids.next::<Lyric>();
            let text = vec![LyricPiece::Text(said, syllabic)];
            self.put(id, Lyric { event: *event, note: None, verse: "1".to_owned(), text, ..Lyric::default() });
        }
    }

    fn pedals(&mut self, part: PartId, found: &Found) {
        if !found.is_keyboard() {
            return;
        }
        let mut down: Option<Beat> = None;
        for (tick, pressed) in &found.pedals {
            let at = self.nearest_tick(self.grid.beat_of(i64::from(*tick))).min(self.grid.end());
            match (pressed, down) {
                (true, None) => down = Some(at),
                (false, Some(from)) => {
                    down = None;
                    let ends = (self.moment(from), self.moment(at));
                    let (Some(start), Some(end)) = ends else { continue };
                    if at > from {
                        let anchor = |moment| Anchor::Staff(part, Some(found.staves), moment);
                        let id = self.ids.next::<Span>();
                        let kind = SpanKind::Pedal(false);
                        self.put(id, Span { start: anchor(start), end: anchor(end), kind, placement: Placement::Below, ..Span::default() });
                    }
                }
                _ => {}
            }
        }
    }
}

/// Beats a minute to two decimals, as a fraction.
fn per_minute(micros: u32, beat: NoteValue) -> (u32, u32) {
    let quarters = beat.length().to_f64() * 4.0;
    let exact = 60_000_000.0 / f64::from(micros.max(1)) / quarters;
    let whole = exact.round();
    // The file rounds to a microsecond: what is within that of a whole number is meant as one.
    if (60_000_000.0 / (whole * quarters) - f64::from(micros)).abs() <= 1.0 && whole >= 1.0 {
        return (whole as u32, 1);
    }
    let hundredths = (exact * 100.0).round().clamp(1.0, 6_000_000.0) as i64;
    let fraction = Beat::new(hundredths, 100);
    (fraction.numerator() as u32, fraction.denominator() as u32)
}

/// Chords of a measure, cut at its barlines, with the silence between them.
fn stretches(here: &[(usize, &Chord)], start: Beat, end: Beat) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut now = start;
    for (number, chord) in here {
        let (from, to) = (chord.start.max(now), chord.end.min(end));
        if from > now {
            stretches.push(Stretch { start: now - start, end: from - start, chord: None });
        }
        if to > from {
            stretches.push(Stretch { start: from - start, end: to - start, chord: Some(*number) });
            now = to;
        }
    }
    if now < end {
        stretches.push(Stretch { start: now - start, end: end - start, chord: None });
    }
    stretches
}

fn drum_key(key: u8) -> String {
    format!("drum-{key}")
}

fn first_drum(found: &Found) -> Option<u8> {
    found.notes.iter().map(|note| note.played.key).min()
}

fn part_record(order: usize, found: &Found) -> Part {
    let plain = |key: String, name: String, unpitched: Option<u8>| Instrument {
        key,
        name,
        program: found.program.filter(|_| unpitched.is_none()),
        channel: found.is_drums().then_some(found.channel),
        unpitched,
        sound: String::new(),
    };
    let instruments = if found.is_drums() {
        let mut keys: Vec<u8> = found.notes.iter().map(|note| note.played.key).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.into_iter().map(|key| plain(drum_key(key), drums::of(key).0, Some(key))).collect()
    } else {
        let name = found.program.map_or_else(|| found.name.clone(), |program| names::of_program(program).to_owned());
        vec![plain("1".to_owned(), name, None)]
    };
    Part { order: i64::try_from(order).unwrap_or(i64::MAX), name: found.name.clone(), staves: found.staves, instruments, ..Part::default() }
}
