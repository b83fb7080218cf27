//! What sets the tempo: metronome marks, tempo words, and words that move it gradually.

use std::collections::BTreeMap;

use crate::model::{Anchor, Beat, MarkKind, TempoMark, Words};

use super::Bpm;
use super::written::Written;

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

/// Words that move the tempo gradually, by how they begin, and what becomes of the tempo in the end. How much is taste; a
/// quarter slower is what a listener hears as a clear ritardando.
const RAMPS: &[(&str, f64)] = &[
    ("rit", 0.75),
    ("rall", 0.75),
    ("allarg", 0.75),
    ("slent", 0.75),
    ("smorz", 0.8),
    ("morendo", 0.8),
    ("zurückhalt", 0.8),
    ("accel", 1.25),
    ("string", 1.25),
];

/// A ramp lasts to the next mark of tempo if that is not farther than this, and otherwise for a measure of four quarters.
const REACH: Beat = Beat::new(4, 1);

/// What a mark does to the tempo.
#[derive(Clone)]
enum Turn {
    /// A tempo; from a metronome mark and not from words.
    To(Bpm, bool),
    /// A note value lasts as long as another did: what the tempo is multiplied by.
    Times(f64),
    /// “Tempo I”: as at the beginning.
    First,
    /// “a tempo”: as before it was moved.
    Steady,
    /// Gradually, to this multiple.
    Ramp(f64),
}

impl Turn {
    /// What wins where marks stand at one place.
    fn weight(&self) -> u8 {
        match self {
            Self::To(_, true) => 4,
            Self::Times(_) => 3,
            Self::First | Self::Steady => 2,
            Self::To(_, false) => 1,
            Self::Ramp(_) => 0,
        }
    }
}

/// Every tempo that is set, by place of the measure and time in it.
pub(super) fn sets(written: &Written<'_>) -> BTreeMap<(usize, Beat), Bpm> {
    let turns = turns(written);
    let mut sets = BTreeMap::new();
    let (mut first, mut steady, mut now) = (None, Bpm::DEFAULT, Bpm::DEFAULT);
    for (index, (at, turn)) in turns.iter().enumerate() {
        steady = match turn {
            Turn::To(tempo, _) => tempo.bounded(),
            Turn::Times(factor) => Bpm(now.0 * factor).bounded(),
            Turn::First => first.unwrap_or(steady),
            Turn::Steady => steady,
            Turn::Ramp(factor) => {
                let next = turns.get(index + 1).map(|(next, _)| *next);
                now = ramp(written, (*at, next), (now, *factor, steady), &mut sets);
                continue;
            }
        };
        now = steady;
        first = first.or(Some(steady));
        if let Some(place) = place_of(written, *at) {
            sets.insert(place, steady);
        }
    }
    sets
}

/// Writes the steps of a ramp, a quarter note each, and gives the tempo it leads to. Where no mark takes over, the piece goes on
/// in the steady tempo.
fn ramp(
    written: &Written<'_>,
    (from, next): (Beat, Option<Beat>),
    (now, factor, steady): (Bpm, f64, Bpm),
    sets: &mut BTreeMap<(usize, Beat), Bpm>,
) -> Bpm {
    let end = written.starts.last().copied().unwrap_or_default();
    let taken_over = next.or(Some(end)).filter(|to| *to - from <= REACH);
    let to = taken_over.unwrap_or(from + Beat::WHOLE);
    let count = (to - from).ratio(Beat::QUARTER).map_or(1, |(num, den)| (num / den.max(1)).clamp(1, 16));
    for step in 0..count {
        let share = (step + 1) as f64 / count as f64;
        if let Some(place) = place_of(written, from + (to - from).scale(step, count)) {
            sets.insert(place, Bpm(now.0 * (1.0 + (factor - 1.0) * share)).bounded());
        }
    }
    if taken_over.is_some() {
        return Bpm(now.0 * factor).bounded();
    }
    if let Some(place) = place_of(written, to) {
        sets.insert(place, steady);
    }
    steady
}

/// The measure that a time from the start of the score falls in; nothing at the end of the last.
fn place_of(written: &Written<'_>, at: Beat) -> Option<(usize, Beat)> {
    let next = written.starts.partition_point(|start| *start <= at);
    let place = next.checked_sub(1).filter(|place| *place < written.lengths.len())?;
    Some((place, at - written.start(place)))
}

/// The marks in the order of time, one a place.
fn turns(written: &Written<'_>) -> Vec<(Beat, Turn)> {
    let mut table: BTreeMap<Beat, Turn> = BTreeMap::new();
    for mark in written.score.marks().values() {
        let turn = match &mark.kind {
            MarkKind::Tempo(tempo) => turn_of_mark(tempo),
            MarkKind::Words(words) if system_wide(mark.anchor) => turn_of_words(words),
            _ => None,
        };
        let at = written.score.anchor_moment(mark.anchor).and_then(|moment| written.absolute(moment));
        if let (Some(turn), Some(at)) = (turn, at)
            && table.get(&at).is_none_or(|other| other.weight() < turn.weight())
        {
            table.insert(at, turn);
        }
    }
    table.into_iter().collect()
}

fn turn_of_mark(mark: &TempoMark) -> Option<Turn> {
    if let Some(quarters) = mark.quarters_per_minute().filter(|quarters| *quarters > 0.0) {
        return Some(Turn::To(Bpm(quarters), true));
    }
    // The old value lasts as long as the new one: ♩ = ♩. makes quarter notes faster by half.
    let (num, den) = mark.equals?.length().ratio(mark.beat.length())?;
    Some(Turn::Times(num as f64 / den as f64))
}

/// Words on a note are about that note.
fn system_wide(anchor: Anchor) -> bool {
    matches!(anchor, Anchor::System(_) | Anchor::Staff(..))
}

/// What words ask for: “Allegro ma non troppo”, “Sehr langsam”, “a tempo”, “poco rit.”
fn turn_of_words(words: &Words) -> Option<Turn> {
    let text = words.text.trim().to_lowercase();
    let starts = |word: &str| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphabetic()));
    if starts("tempo primo") || starts("tempo i") || starts("tempo 1") || starts("tempo 1mo") {
        return Some(Turn::First);
    }
    if text.contains("a tempo") || starts("tempo") || starts("im zeitmaß") || starts("im zeitmass") {
        return Some(Turn::Steady);
    }
    if let Some((_, tempo)) = WORDS.iter().filter(|(word, _)| starts(word)).max_by_key(|(word, _)| word.len()) {
        return Some(Turn::To(Bpm(*tempo), false));
    }
    // Not “ritmico” or “ritornello”, and not the “strings” of an arranger's remark.
    let moves = |word: &str| {
        let plain = !["ritm", "ritor", "strings"].iter().any(|other| word.starts_with(other));
        RAMPS.iter().find(|(start, _)| plain && word.starts_with(start)).map(|(_, factor)| *factor)
    };
    text.split(|c: char| !c.is_alphabetic()).find_map(moves).map(Turn::Ramp)
}
