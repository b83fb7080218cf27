//! Small scores from a line of text.

// Each test binary uses its own share of this.
#![allow(dead_code)]

use bandpro_notation::model::*;
use bandpro_notation::perform::timeline;

/// One part with quarter notes: names separated by blanks, chords with `+`, rests as `-`, a tie to the next note as `~` after
/// the name, measures separated by `|`. A measure is as long as four quarters.
pub struct Piece {
    pub score: Score,
    pub part: PartId,
    pub events: Vec<EventId>,
    notes: Vec<NoteId>,
    ids: IdSource,
}

impl Piece {
    pub fn new(text: &str) -> Self {
        let mut ids = IdSource::fixed(7);
        let mut score = Score::new();
        let part = ids.next();
        score.insert(part, Part { name: "Piano".into(), ..Part::default() }).unwrap();
        for _ in text.split('|') {
            score.push_measure(ids.next(), Measure::default());
        }
        let mut piece = Self { score, part, events: Vec::new(), notes: Vec::new(), ids };
        piece.fill(1, 1, text);
        piece
    }

    /// Another voice, from the first measure on.
    pub fn voice(&mut self, staff: u8, voice: u8, text: &str) {
        self.fill(staff, voice, text);
    }

    fn fill(&mut self, staff: u8, voice: u8, text: &str) {
        let mut tied: Vec<String> = Vec::new();
        for (place, measure) in text.split('|').enumerate() {
            let measure_id = self.score.measure_order()[place];
            for (at, token) in measure.split_whitespace().enumerate() {
                let time = EventTime {
                    measure: measure_id,
                    onset: Beat::new(at as i64, 4),
                    duration: Beat::QUARTER,
                    value: Some(NoteValue::new(NoteBase::Quarter, 0)),
                    ratio: (1, 1),
                };
                let names: Vec<&str> = if token == "-" { Vec::new() } else { token.split('+').collect() };
                let event = Event { part: self.part, staff, voice, time, ..Event::default() };
                tied = self.add(event, &names, &tied);
            }
        }
    }

    fn add(&mut self, event: Event, names: &[&str], tied: &[String]) -> Vec<String> {
        let id = self.ids.next();
        self.score.insert(id, event).unwrap();
        self.events.push(id);
        let mut ties = Vec::new();
        for name in names {
            let plain = name.trim_end_matches('~');
            let pitch = NotePitch::Pitched(plain.parse().unwrap());
            let tie_next = plain != *name;
            if tie_next {
                ties.push(plain.to_owned());
            }
            let tie_previous = tied.iter().any(|other| other == plain);
            let note = self.ids.next();
            self.score.insert(note, Note { event: id, pitch, tie_next, tie_previous, ..Note::default() }).unwrap();
            self.notes.push(note);
        }
        ties
    }

    pub fn note(&self, at: usize) -> NoteId {
        self.notes[at]
    }

    pub fn measure_id(&self, at: usize) -> MeasureId {
        self.score.measure_order()[at]
    }

    pub fn measure(&mut self, at: usize, change: impl FnOnce(&mut Measure)) {
        let id = self.measure_id(at);
        let mut measure = self.score.measure(id).unwrap().clone();
        change(&mut measure);
        self.score.insert(id, measure).unwrap();
    }

    pub fn part(&mut self, change: impl FnOnce(&mut Part)) {
        let mut part = self.score.part(self.part).unwrap().clone();
        change(&mut part);
        self.score.insert(self.part, part).unwrap();
    }

    pub fn edit_note(&mut self, at: usize, change: impl FnOnce(&mut Note)) {
        let id = self.notes[at];
        let mut note = self.score.note(id).unwrap().clone();
        change(&mut note);
        self.score.insert(id, note).unwrap();
    }

    pub fn edit_event(&mut self, at: usize, change: impl FnOnce(&mut Event)) {
        let id = self.events[at];
        let mut event = self.score.event(id).unwrap().clone();
        change(&mut event);
        self.score.insert(id, event).unwrap();
    }

    pub fn on_event(&mut self, at: usize, kind: MarkKind) {
        let mark = Mark { anchor: Anchor::Event(self.events[at]), kind, ..Mark::default() };
        let id: MarkId = self.ids.next();
        self.score.insert(id, mark).unwrap();
    }

    pub fn system(&mut self, measure: usize, beat: Beat, kind: MarkKind) {
        let anchor = Anchor::System(Moment { measure: self.measure_id(measure), beat });
        let id: MarkId = self.ids.next();
        self.score.insert(id, Mark { anchor, kind, ..Mark::default() }).unwrap();
    }

    pub fn tempo(&mut self, measure: usize, beat: Beat, unit: NoteBase, per_minute: u32) {
        let mark = TempoMark {
            beat: NoteValue::new(unit, 0),
            per_minute: Some((per_minute, 1)),
            text: String::new(),
            equals: None,
            parentheses: false,
            printed: true,
        };
        self.system(measure, beat, MarkKind::Tempo(mark));
    }

    pub fn span(&mut self, from: usize, to: usize, kind: SpanKind) {
        let (start, end) = (Anchor::Event(self.events[from]), Anchor::Event(self.events[to]));
        let id: SpanId = self.ids.next();
        self.score.insert(id, Span { start, end, kind, ..Span::default() }).unwrap();
    }

    pub fn sign(&mut self, measure: usize, beat: Beat, kind: SignKind) {
        let at = Moment { measure: self.measure_id(measure), beat };
        let id: SignId = self.ids.next();
        self.score.insert(id, Sign { part: self.part, at, kind, ..Sign::default() }).unwrap();
    }

    /// A note of any length anywhere.
    pub fn add_at(&mut self, measure: usize, onset: Beat, duration: Beat, name: &str) {
        let time = EventTime { measure: self.measure_id(measure), onset, duration, value: NoteValue::of_length(duration), ratio: (1, 1) };
        self.add(Event { part: self.part, time, ..Event::default() }, &[name], &[]);
    }

    /// Grace notes that lead to an event.
    pub fn grace(&mut self, to: usize, names: &str, slash: bool, after: bool) {
        let onset = self.score.event(self.events[to]).unwrap().time.onset;
        self.grace_at(onset, names, slash, after);
    }

    /// Grace notes in the first measure.
    pub fn grace_at(&mut self, onset: Beat, names: &str, slash: bool, after: bool) {
        for (order, name) in names.split(' ').enumerate() {
            let time = EventTime {
                measure: self.measure_id(0),
                onset,
                duration: Beat::ZERO,
                value: Some(NoteValue::new(NoteBase::Eighth, 0)),
                ratio: (1, 1),
            };
            let grace = Some(Grace { slash, order: order as u16, after });
            let event = Event { part: self.part, time, grace, ..Event::default() };
            self.add(event, &[name], &[]);
        }
    }

    pub fn lyric(&mut self, at: usize, verse: &str, text: &str, syllabic: Syllabic) {
        let text = vec![LyricPiece::Text(text.into(), syllabic)];
        let lyric = Lyric { event: self.events[at], verse: verse.into(), text, ..Lyric::default() };
        let id: LyricId = self.ids.next();
        self.score.insert(id, lyric).unwrap();
    }
}

/// A score of whole notes with a form: measures are numbers; before a number stand `|:`, `[1` or `[1,2` (a volta begins),
/// `segno`, `coda`, `section`; after it `]` (the volta ends), `:|` or `:|3`, `tocoda`, `fine`, `dc`, `ds`, `final` (a final barline). A bare `|` separates nothing
/// and is for the eye.
pub fn form(text: &str) -> Score {
    let mut measures: Vec<Measure> = Vec::new();
    let mut next = Measure::default();
    for token in text.split_whitespace() {
        if token.parse::<u32>().is_ok() {
            next.number = token.into();
            measures.push(std::mem::take(&mut next));
            continue;
        }
        let last = measures.last_mut();
        match (token, last) {
            ("|", _) => {}
            ("|:", _) => next.repeat_start = true,
            ("section", _) => next.break_before = Some(Break::Section),
            ("final", Some(last)) => last.right_bar = BarStyle::LightHeavy,
            ("segno", _) => next.jumps.push(Jump::Segno),
            ("coda", _) => next.jumps.push(Jump::Coda),
            ("]", Some(last)) => last.ending_stop = Some(EndingStop::Closed),
            ("tocoda", Some(last)) => last.jumps.push(Jump::ToCoda),
            ("fine", Some(last)) => last.jumps.push(Jump::Fine),
            ("dc", Some(last)) => last.jumps.push(Jump::DaCapo),
            ("ds", Some(last)) => last.jumps.push(Jump::DalSegno),
            (token, last) => match (token.strip_prefix('['), token.strip_prefix(":|"), last) {
                (Some(passes), _, _) => {
                    let passes = passes.split(',').map(|pass| pass.parse().unwrap()).collect();
                    next.ending_start = Some(Ending { passes, text: String::new() });
                }
                (_, Some(times), Some(last)) => last.repeat_end = Some(times.parse().unwrap_or(2)),
                _ => panic!("what is “{token}”?"),
            },
        }
    }
    let mut ids = IdSource::fixed(3);
    let mut score = Score::new();
    let part = ids.next();
    score.insert(part, Part::default()).unwrap();
    for measure in measures {
        let id = ids.next();
        score.push_measure(id, measure);
        let value = Some(NoteValue::new(NoteBase::Whole, 0));
        let time = EventTime { measure: id, onset: Beat::ZERO, duration: Beat::WHOLE, value, ratio: (1, 1) };
        let event = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).unwrap();
        let pitch = NotePitch::Pitched("C4".parse().unwrap());
        score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
    }
    score
}

/// The numbers of the measures in the order they are played.
pub fn unrolled(text: &str) -> Vec<String> {
    let score = form(text);
    let timeline = timeline(&score);
    timeline.passages.iter().map(|passage| score.measure(passage.measure).unwrap().number.clone()).collect()
}

pub fn order(text: &str) -> String {
    unrolled(text).join(" ")
}

/// This many parts with a note each; their programs repeat every eight.
pub fn voices(count: usize) -> Score {
    let mut ids = IdSource::fixed(5);
    let mut score = Score::new();
    let measure = ids.next();
    score.push_measure(measure, Measure::default());
    for place in 0..count {
        let part = ids.next();
        let program = Some((place % 8 * 10) as u8);
        let instrument = Instrument { key: "a".into(), name: "Any".into(), program, channel: None, unpitched: None, sound: String::new() };
        let record = Part { order: place as i64, name: format!("Part {place}"), instruments: vec![instrument], ..Part::default() };
        score.insert(part, record).unwrap();
        let time = EventTime { measure, onset: Beat::ZERO, duration: Beat::QUARTER, value: None, ratio: (1, 1) };
        let event = ids.next();
        score.insert(event, Event { part, time, ..Event::default() }).unwrap();
        let pitch = NotePitch::Pitched("C4".parse().unwrap());
        score.insert(ids.next::<Note>(), Note { event, pitch, ..Note::default() }).unwrap();
    }
    score
}

/// The tempi of a performance, in order.
pub fn tempi(score: &Score) -> Vec<f64> {
    timeline(score).tempi.iter().map(|change| change.tempo.0).collect()
}
