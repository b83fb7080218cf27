//! The tempo map: metronome marks, tempo words, fermatas.

use std::collections::BTreeMap;

use crate::model::{Anchor, Beat, MarkKind, Score, TempoMark, Words};

use super::written::Written;
use super::{Bpm, Passage, Seconds, TempoChange};

/// How much longer a fermata holds what it stands on. Half as long again keeps a chorale moving; Gould leaves it to taste.
const FERMATA: f64 = 1.75;

/// Tempo words and a common reading of each, in quarter notes a minute (the middle of the ranges that metronomes print).
/// Only read where no metronome mark stands with them.
const WORDS: &[(&str, f64)] = &[
    ("larghissimo", 24.0),
    ("grave", 40.0),
    ("largo", 50.0),
    ("larghetto", 63.0),
    ("lento", 52.0),
    ("adagietto", 74.0),
    ("adagio", 66.0),
    ("andantino", 84.0),
    ("andante", 80.0),
    ("moderato", 108.0),
    ("allegretto", 114.0),
    ("allegrissimo", 176.0),
    ("allegro", 132.0),
    ("vivacissimo", 180.0),
    ("vivace", 160.0),
    ("prestissimo", 200.0),
    ("presto", 184.0),
    ("langsam", 58.0),
    ("sehr langsam", 46.0),
    ("mäßig", 96.0),
    ("mässig", 96.0),
    ("bewegt", 116.0),
    ("lebhaft", 138.0),
    ("schnell", 152.0),
    ("sehr schnell", 172.0),
    ("lent", 52.0),
    ("modéré", 100.0),
    ("animé", 132.0),
    ("vif", 152.0),
];

/// The tempo of each measure as written: pieces of constant tempo, by where they begin; the first at the measure's start.
pub(super) struct WrittenTempo {
    measures: Vec<Vec<(Beat, Bpm)>>,
}

#[derive(Clone, Copy, Default)]
struct Set {
    tempo: Option<Bpm>,
    /// From a metronome mark and not from words.
    exact: bool,
    /// “Tempo I”: what the piece began with.
    back: bool,
}

impl WrittenTempo {
    pub fn of(written: &Written<'_>) -> Self {
        let marks = marks(written);
        let holds = holds(written);
        let mut tempo = Bpm::DEFAULT;
        let measures = (0..written.measures.len()).map(|place| {
            let mut steps = vec![(Beat::ZERO, tempo)];
            for (at, set) in marks.range((place, Beat::ZERO)..(place + 1, Beat::ZERO)).map(|((_, at), set)| (*at, set)) {
                tempo = set.tempo.unwrap_or(tempo).bounded();
                steps.retain(|(other, _)| *other != at);
                steps.push((at, tempo));
            }
            held(steps, holds.get(&place).map_or(&[][..], Vec::as_slice))
        });
        Self { measures: measures.collect() }
    }

    /// The tempo at the start of a measure.
    pub fn at_start(&self, measure: usize) -> Bpm {
        self.measures.get(measure).and_then(|steps| steps.first()).map_or(Bpm::DEFAULT, |step| step.1)
    }

    /// The tempo map of a performance, and with it when its passages start on the clock.
    pub fn unroll(&self, passages: &mut [Passage]) -> Vec<TempoChange> {
        let mut changes: Vec<TempoChange> = Vec::new();
        let mut push = |at: Beat, tempo: Bpm| {
            let seconds = changes.last().map_or(Seconds(0.0), |last| last.seconds + last.tempo.seconds(at - last.at));
            match changes.last_mut() {
                Some(last) if last.tempo == tempo => {}
                Some(last) if last.at == at => last.tempo = tempo,
                _ => changes.push(TempoChange { at, seconds, tempo }),
            }
            seconds
        };
        for passage in passages {
            let steps = self.measures.get(passage.index).map_or(&[][..], Vec::as_slice);
            for (at, tempo) in steps.iter().filter(|(at, _)| *at < passage.length || at.is_zero()) {
                let seconds = push(passage.start + *at, *tempo);
                if at.is_zero() {
                    passage.seconds = seconds;
                }
            }
        }
        if changes.is_empty() {
            changes.push(TempoChange { at: Beat::ZERO, seconds: Seconds(0.0), tempo: Bpm::DEFAULT });
        }
        changes
    }
}

/// Every tempo that is set, by place. Relations (a note value equals another) and “Tempo I” are resolved in order.
fn marks(written: &Written<'_>) -> BTreeMap<(usize, Beat), Set> {
    let mut table: BTreeMap<(usize, Beat), (Set, Option<TempoMark>)> = BTreeMap::new();
    for mark in written.score.marks().values() {
        let Some(place) = written.score.anchor_moment(mark.anchor).and_then(|moment| written.locate(moment)) else { continue };
        let slot = table.entry(place).or_default();
        match &mark.kind {
            MarkKind::Tempo(tempo) => match tempo.quarters_per_minute() {
                Some(quarters) if quarters > 0.0 => slot.0 = Set { tempo: Some(Bpm(quarters)), exact: true, back: false },
                _ if tempo.equals.is_some() => slot.1 = Some(tempo.clone()),
                _ => {}
            },
            MarkKind::Words(words) if !slot.0.exact && system_wide(mark.anchor) => match tempo_of_words(words) {
                Some(Set { tempo: None, back: false, .. }) | None => {}
                Some(set) => slot.0 = set,
            },
            _ => {}
        }
    }
    let (mut last, mut first) = (Bpm::DEFAULT, None);
    let mut sets = BTreeMap::new();
    for (place, (mut set, relation)) in table {
        if let Some(TempoMark { beat, equals: Some(equals), .. }) = relation.filter(|_| set.tempo.is_none()) {
            // The old value lasts as long as the new one: ♩ = ♩. makes quarter notes faster by half.
            let ratio = equals.length().ratio(beat.length()).map(|(num, den)| num as f64 / den as f64);
            set.tempo = ratio.map(|ratio| Bpm(last.0 * ratio));
        }
        if set.back {
            set.tempo = first.or(Some(last));
        }
        if let Some(tempo) = set.tempo {
            last = tempo.bounded();
            first = first.or(Some(last));
            sets.insert(place, set);
        }
    }
    sets
}

/// Words on a note are about that note.
fn system_wide(anchor: Anchor) -> bool {
    matches!(anchor, Anchor::System(_) | Anchor::Staff(..))
}

/// The tempo that words ask for at their beginning: “Allegro ma non troppo”, “Sehr langsam”, “Tempo I”.
fn tempo_of_words(words: &Words) -> Option<Set> {
    let text = words.text.trim().to_lowercase();
    let starts = |word: &str| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()));
    if starts("tempo primo") || starts("tempo i") || starts("tempo 1") {
        return Some(Set { tempo: None, exact: false, back: true });
    }
    let found = WORDS.iter().filter(|(word, _)| starts(word)).max_by_key(|(word, _)| word.len())?;
    Some(Set { tempo: Some(Bpm(found.1)), exact: false, back: false })
}

/// Where fermatas hold the time, by measure: from and to, joined where they overlap.
fn holds(written: &Written<'_>) -> BTreeMap<usize, Vec<(Beat, Beat)>> {
    let score: &Score = written.score;
    let mut holds: BTreeMap<usize, Vec<(Beat, Beat)>> = BTreeMap::new();
    for mark in score.marks().values().filter(|mark| matches!(mark.kind, MarkKind::Fermata(_))) {
        let Some(event) = score.anchor_event(mark.anchor).and_then(|id| score.event(id)) else { continue };
        let Some(place) = written.place(event.time.measure) else { continue };
        let end = event.time.end().min(written.length(place));
        if end > event.time.onset {
            holds.entry(place).or_default().push((event.time.onset, end));
        }
    }
    for spans in holds.values_mut() {
        spans.sort();
        let mut joined: Vec<(Beat, Beat)> = Vec::new();
        for (from, to) in spans.drain(..) {
            match joined.last_mut() {
                Some(last) if from < last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        *spans = joined;
    }
    holds
}

/// Steps of tempo with the held stretches slowed.
fn held(steps: Vec<(Beat, Bpm)>, holds: &[(Beat, Beat)]) -> Vec<(Beat, Bpm)> {
    if holds.is_empty() {
        return steps;
    }
    let mut edges: Vec<Beat> = steps.iter().map(|step| step.0).chain(holds.iter().flat_map(|hold| [hold.0, hold.1])).collect();
    edges.sort();
    edges.dedup();
    let tempo_at = |at: Beat| steps.iter().take_while(|step| step.0 <= at).last().map_or(Bpm::DEFAULT, |step| step.1);
    let slowed = |at: Beat| holds.iter().any(|hold| hold.0 <= at && at < hold.1);
    edges.into_iter().map(|at| (at, if slowed(at) { Bpm(tempo_at(at).0 / FERMATA).bounded() } else { tempo_at(at) })).collect()
}
