//! The tempo map, with fermatas.

use std::collections::BTreeMap;

use crate::model::{Beat, MarkKind, Score};

use super::tempo_marks::sets;
use super::written::Written;
use super::{Bpm, Passage, Seconds, TempoChange};

/// How much longer a fermata holds what it stands on. Three quarters longer; Gould leaves it to taste.
const FERMATA: f64 = 1.75;

/// The tempo of each measure as written: pieces of constant tempo, by where they begin; the first at the measure's start.
pub(super) struct WrittenTempo {
    measures: Vec<Vec<(Beat, Bpm)>>,
}

impl WrittenTempo {
    pub fn of(written: &Written<'_>) -> Self {
        let sets = sets(written);
        let holds = holds(written);
        let mut tempo = Bpm::DEFAULT;
        let measures = (0..written.measures.len()).map(|place| {
            let mut steps = vec![(Beat::ZERO, tempo)];
            for ((_, at), set) in sets.range((place, Beat::ZERO)..(place + 1, Beat::ZERO)) {
                let at = *at;
                tempo = set.bounded();
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
