//! The words in which the cases of merging are written: what somebody does, and how music and findings read then. Music is one
//! line a measure: `G4` a quarter note, `G4/2` a half, `[G4 B4]` a chord, `r` a rest, `'` staccato; voices after the first follow
//! `;`. Findings are written as what they are about and, after `→`, what can be done.

use bandpro_notation::edit::{self, Change, Edit, Selection};
use bandpro_notation::model::*;
use bandpro_sync::document::{Finding, FindingKind, ResolutionKind};

use crate::common::replica::Replica;
use crate::common::{score, time};

/// What one of two people does.
pub type Work = fn(&mut Replica);

pub fn event(score: &Score, measure: usize, at: usize) -> EventId {
    let (part, _) = score.parts()[0];
    score.events_in(score.measure_order()[measure - 1], part).nth(at - 1).unwrap().0
}

pub fn note(score: &Score, measure: usize, at: usize) -> NoteId {
    score.notes_of(event(score, measure, at))[0].0
}

pub fn pitched(text: &str) -> Pitch {
    let (step, octave) = text.split_at(1);
    let step = [Step::C, Step::D, Step::E, Step::F, Step::G, Step::A, Step::B]["CDEFGAB".find(step).unwrap()];
    Pitch::new(step, 0, octave.parse().unwrap())
}

impl Replica {
    pub fn pitch(&mut self, measure: usize, at: usize, pitch: &str) {
        let selection = Selection::Note(note(&self.score, measure, at));
        self.commit(edit::set_pitch(&self.score, selection, pitched(pitch)).unwrap());
    }

    pub fn staccato(&mut self, measure: usize, at: usize) {
        let selection = Selection::Note(note(&self.score, measure, at));
        let edit = edit::toggle_articulation(&self.score, selection, &mut self.ids, Articulation::Staccato);
        self.commit(edit.unwrap());
    }

    pub fn enter(&mut self, measure: usize, at: usize, pitch: &str, base: NoteBase) {
        let selection = Selection::Event(event(&self.score, measure, at));
        let (edit, _) = edit::enter(&self.score, selection, &mut self.ids, Some(pitched(pitch)), NoteValue::new(base, 0)).unwrap();
        self.commit(edit);
    }

    pub fn value(&mut self, measure: usize, at: usize, base: NoteBase) {
        let selection = Selection::Event(event(&self.score, measure, at));
        let edit = edit::set_value(&self.score, selection, &mut self.ids, NoteValue::new(base, 0));
        self.commit(edit.unwrap());
    }

    pub fn set(&mut self, of: impl Into<RecordRef>, field: Field) {
        self.commit(Edit::new(vec![Change::Set(of.into(), field)]));
    }

    pub fn delete_measure(&mut self, measure: usize) {
        let selection = Selection::Event(event(&self.score, measure, 1));
        self.commit(edit::delete_measure(&self.score, selection).unwrap());
    }

    /// Empty measures before another, one gesture each.
    pub fn insert_measures(&mut self, before: usize, count: usize, name: &str) {
        for number in 0..count {
            let selection = Selection::Event(event(&self.score, before + number, 1));
            let edit = edit::insert_measure(&self.score, selection, &mut self.ids).unwrap();
            self.commit(edit);
            self.enter(before + number, 1, name, NoteBase::Whole);
        }
    }

    /// Every note of some measures, as one gesture.
    pub fn transpose(&mut self, measures: std::ops::RangeInclusive<usize>, steps: i32) {
        let (part, _) = self.score.parts()[0];
        let order = self.score.measure_order();
        let events = measures.flat_map(|measure| self.score.events_in(order[measure - 1], part).map(|(id, _)| id).collect::<Vec<_>>());
        let moved = events.map(|id| edit::move_diatonic(&self.score, Selection::Event(id), steps).unwrap());
        let edit = moved.flat_map(|edit| edit.changes).collect();
        self.commit(edit);
    }

    pub fn slur(&mut self, from: (usize, usize), to: (usize, usize)) {
        let anchor = |(measure, at)| Anchor::Note(note(&self.score, measure, at));
        let slur = Span { start: anchor(from), end: anchor(to), kind: SpanKind::Slur, ..Span::default() };
        let id = self.ids.next::<Span>();
        self.commit(Edit::new(vec![Change::Insert(id.into(), slur.into())]));
    }

    pub fn delete_note(&mut self, measure: usize, at: usize) {
        let selection = Selection::Note(note(&self.score, measure, at));
        self.commit(edit::delete(&self.score, selection).unwrap());
    }

    pub fn voice_two(&mut self, measure: usize, pitch: &str) {
        let (part, _) = self.score.parts()[0];
        let time = EventTime {
            duration: Beat::WHOLE,
            value: Some(NoteValue::new(NoteBase::Whole, 0)),
            ..time(self.score.measure_order()[measure - 1], 0)
        };
        let (event, note) = (self.ids.next::<Event>(), self.ids.next::<Note>());
        let chord = Event { part, time, voice: 2, ..Event::default() };
        let sounding = Note { event, pitch: NotePitch::Pitched(pitched(pitch)), ..Note::default() };
        self.commit(Edit::new(vec![Change::Insert(event.into(), chord.into()), Change::Insert(note.into(), sounding.into())]));
    }

    /// A note beside what is there, in the same voice.
    pub fn also(&mut self, measure: usize, at: usize, pitch: &str, duration: Beat) {
        let (part, _) = self.score.parts()[0];
        let time =
            EventTime { duration, value: NoteValue::of_length(duration), ..time(self.score.measure_order()[measure - 1], at as i64 - 1) };
        let (event, note) = (self.ids.next::<Event>(), self.ids.next::<Note>());
        let sounding = Note { event, pitch: NotePitch::Pitched(pitched(pitch)), ..Note::default() };
        self.commit(Edit::new(vec![
            Change::Insert(event.into(), Event { part, time, ..Event::default() }.into()),
            Change::Insert(note.into(), sounding.into()),
        ]));
    }

    pub fn empty(&mut self, measure: usize) {
        let (part, _) = self.score.parts()[0];
        let events: Vec<EventId> = self.score.events_in(self.score.measure_order()[measure - 1], part).map(|(id, _)| id).collect();
        let notes = events.iter().flat_map(|id| self.score.notes_of(*id)).map(|(id, _)| Change::Remove(id.into()));
        let edit = notes.chain(events.iter().map(|id| Change::Remove((*id).into()))).collect();
        self.commit(edit);
    }
}

pub fn beats(duration: Beat) -> String {
    match (duration.numerator(), duration.denominator()) {
        (1, 4) => String::new(),
        (1, n) => format!("/{n}"),
        (n, d) => format!("/{n}:{d}"),
    }
}

pub fn chord(score: &Score, events: &[(EventId, &Event)]) -> String {
    let (id, event) = events[0];
    let notes: Vec<String> = events
        .iter()
        .flat_map(|(id, _)| score.notes_of(*id))
        .map(|(_, note)| note)
        .collect::<Vec<_>>()
        .iter()
        .filter_map(|note| note.pitch.pitch())
        .map(|pitch| pitch.to_string())
        .collect();
    let heads = match &notes[..] {
        [] => "r".to_owned(),
        [one] => one.clone(),
        many => format!("[{}]", many.join(" ")),
    };
    let short = edit::has_mark(score, id, |kind| *kind == MarkKind::Articulation(Articulation::Staccato));
    format!("{heads}{}{}", beats(event.time.duration), if short { "'" } else { "" })
}

/// Events of one voice at one place with one length read as one chord.
pub fn music(score: &Score) -> String {
    let measure = |(id, record): (MeasureId, &Measure)| {
        let parts = score.parts().into_iter().map(|(part, _)| {
            let mut voices: std::collections::BTreeMap<u8, Vec<(EventId, &Event)>> = std::collections::BTreeMap::new();
            score.events_in(id, part).for_each(|(id, event)| voices.entry(event.voice).or_default().push((id, event)));
            let together = |a: &(EventId, &Event), b: &(EventId, &Event)| {
                (a.1.time.onset, a.1.time.duration) == (b.1.time.onset, b.1.time.duration) && score.is_rest(a.0) == score.is_rest(b.0)
            };
            let read =
                |events: Vec<(EventId, &Event)>| events.chunk_by(together).map(|events| chord(score, events)).collect::<Vec<_>>().join(" ");
            voices.into_values().map(read).collect::<Vec<_>>().join(" ; ")
        });
        format!("{}: {}", record.number, parts.collect::<Vec<_>>().join(" // "))
    };
    let slurs = if score.spans().is_empty() { String::new() } else { format!(" +{} slur", score.spans().len()) };
    score.measures().map(measure).collect::<Vec<_>>().join(" | ") + &slurs
}

pub fn words(finding: &Finding) -> String {
    let about = match &finding.kind {
        FindingKind::Competing { of, values } => format!("{}.{} competes", of.kind().table(), values[0].0.key()),
        FindingKind::Overlap { events, .. } => format!("{} overlap", events.len()),
        FindingKind::Overfull { events, .. } => format!("{} beyond the barline", events.len()),
        FindingKind::Dangling { .. } => "line without its end".to_owned(),
        FindingKind::Removed { of, .. } => format!("{} taken out, worked on", of.kind().table()),
        FindingKind::Numbers { .. } => "numbers".to_owned(),
    };
    let way = |kind: ResolutionKind| match kind {
        ResolutionKind::Choose(0) => "this".to_owned(),
        ResolutionKind::Choose(_) => "that".to_owned(),
        ResolutionKind::Voice(voice) => format!("voice {voice}"),
        other => format!("{other:?}").to_lowercase(),
    };
    let ways: Vec<String> = finding.resolutions.iter().map(|resolution| way(resolution.kind)).collect();
    format!("{about} → {}", ways.join(", "))
}

/// Two people work on copies of a score of three measures and meet; whoever takes in whom, they get the same.
pub fn meet(a: Work, b: Work) -> (Replica, Replica) {
    let mut copies = Replica::copies(2, &score(3));
    let (mut two, mut one) = (copies.remove(1), copies.remove(0));
    (one.seconds, two.seconds) = (1000, 2000);
    a(&mut one);
    b(&mut two);
    let before = one.clone();
    one.meet(&two, 0);
    two.meet(&before, 2);
    assert_eq!(one.score, two.score);
    assert_eq!(one.document.heads(), two.document.heads());
    assert_eq!(one.document.findings(&one.score).unwrap(), two.document.findings(&two.score).unwrap());
    (one, two)
}
