//! How loud: dynamics, hairpins between them, and the accents that come with a dynamic.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Beat, MarkKind, SpanKind};

use super::written::Written;

/// A loudness as a MIDI velocity, before accents.
pub(super) type Level = f64;

/// What is played where no dynamic was written yet: mezzo forte.
pub(super) const DEFAULT: Level = 80.0;

/// Not to be heard.
const NIENTE: Level = 1.0;

/// How much a hairpin without a dynamic at its end changes: one step, as from mf to f.
const STEP: Level = 16.0;

/// What a dynamic sets: the level at once, and the level after, which differ for fp and the like; the level after is absent
/// for an accent such as sfz, which says nothing about what follows.
fn levels(letters: &str) -> Option<(Level, Option<Level>)> {
    let plain = |letters: &str| {
        let count = letters.len() as f64;
        match letters {
            "mp" => Some(64.0),
            "mf" => Some(80.0),
            "n" => Some(NIENTE),
            p if !p.is_empty() && p.chars().all(|c| c == 'p') => Some((49.0 - STEP * (count - 1.0)).max(8.0)),
            f if !f.is_empty() && f.chars().all(|c| c == 'f') => Some((96.0 + STEP * (count - 1.0)).min(127.0)),
            _ => None,
        }
    };
    if let Some(level) = plain(letters) {
        return Some((level, Some(level)));
    }
    match letters {
        "sf" | "sfz" | "fz" | "rf" | "rfz" => Some((112.0, None)),
        "sff" | "sffz" | "ffz" => Some((122.0, None)),
        "sfp" | "fp" | "sfpp" | "pf" => {
            let soft = letters.trim_start_matches(['s', 'f']);
            let after = if letters == "pf" { 96.0 } else { plain(soft)? };
            Some((if letters.starts_with('s') { 112.0 } else { 96.0 }, Some(after)))
        }
        _ => None,
    }
}

/// A level from a place on, perhaps on the way to another.
#[derive(Clone, Copy)]
struct Reach {
    from: Beat,
    level: Level,
    /// Where a hairpin ends, and at which level.
    towards: Option<(Beat, Level)>,
}

/// The loudness of one staff along the score as written.
#[derive(Default)]
pub(super) struct Loudness {
    reaches: Vec<Reach>,
    /// Notes that start here are struck at this level.
    attacks: BTreeMap<Beat, Level>,
}

impl Loudness {
    /// The level at which a note is struck, from the start of the score. What is played once more has its accents from where it is
    /// written, and is otherwise as loud as where it is played.
    pub fn at(&self, played: Beat, written: Beat) -> Level {
        let attack = self.attacks.get(&played).or_else(|| self.attacks.get(&written));
        attack.copied().unwrap_or_else(|| self.line(played))
    }

    /// The level without the accents of single notes.
    pub fn line(&self, at: Beat) -> Level {
        let next = self.reaches.partition_point(|reach| reach.from <= at);
        let Some(reach) = next.checked_sub(1).and_then(|last| self.reaches.get(last)) else { return DEFAULT };
        match reach.towards {
            Some((end, level)) if end > reach.from => {
                let share = ((at - reach.from).to_f64() / (end - reach.from).to_f64()).clamp(0.0, 1.0);
                reach.level + (level - reach.level) * share
            }
            _ => reach.level,
        }
    }

    /// Where the level moves, in order; no two at once.
    pub fn hairpins(&self) -> Vec<(Beat, Beat)> {
        let next = self.reaches.iter().skip(1).map(|reach| Some(reach.from)).chain([None]);
        let moving = self.reaches.iter().zip(next).filter_map(|(reach, next)| {
            let (end, _) = reach.towards?;
            Some((reach.from, next.map_or(end, |next| end.min(next))))
        });
        moving.filter(|(from, to)| from < to).collect()
    }
}

/// A dynamic or a hairpin, for one part.
struct Gesture {
    at: Beat,
    staff: Option<u8>,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Level(Level, Option<Level>),
    Hairpin {
        end: Beat,
        direction: f64,
        /// From or to nothing.
        niente: bool,
    },
    /// “cresc.” or “dim.”: to the next dynamic.
    Word {
        direction: f64,
    },
}

/// The loudness of every staff of every part, by the part's place and the staff from 1.
pub(super) fn loudness(written: &Written<'_>) -> BTreeMap<(usize, u8), Loudness> {
    let mut gestures: BTreeMap<usize, Vec<Gesture>> = BTreeMap::new();
    let mut add = |anchor, what: What| {
        let Some(at) = written.score.anchor_moment(anchor).and_then(|moment| written.absolute(moment)) else { return };
        let (part, staff) = written.owner(anchor);
        let places = match part {
            Some(part) => written.part_place(part).map_or(0..0, |place| place..place + 1),
            None => 0..written.parts.len(),
        };
        for place in places {
            gestures.entry(place).or_default().push(Gesture { at, staff, what });
        }
    };
    for span in written.score.spans().values() {
        let direction = match span.kind {
            SpanKind::Crescendo => 1.0,
            SpanKind::Diminuendo => -1.0,
            _ => continue,
        };
        if let Some(end) = written.absolute_end(span.end) {
            add(span.start, What::Hairpin { end, direction, niente: span.niente });
        }
    }
    for mark in written.score.marks().values() {
        let what = match &mark.kind {
            MarkKind::Dynamic(letters) => levels(letters).map(|(level, after)| What::Level(level, after)),
            MarkKind::Words(words) => direction(&words.text).map(|direction| What::Word { direction }),
            _ => None,
        };
        if let Some(what) = what {
            add(mark.anchor, what);
        }
    }
    let mut table = BTreeMap::new();
    for (place, list) in &gestures {
        let staves = written.parts.get(*place).map_or(1, |(_, part)| part.staves.max(1));
        for staff in 1..=staves {
            table.insert((*place, staff), follow(list, staff));
        }
    }
    table
}

/// Which way words lead the loudness: “cresc.”, “poco a poco diminuendo”.
fn direction(text: &str) -> Option<f64> {
    let leads = |word: &str| match word {
        word if word.starts_with("cresc") => Some(1.0),
        word if word.starts_with("decresc") || word.starts_with("dimin") || word == "dim" || word == "decr" => Some(-1.0),
        _ => None,
    };
    text.to_lowercase().split(|c: char| !c.is_alphabetic()).find_map(leads)
}

/// Words lead to the next dynamic, if it is no farther than this, and otherwise for two measures of four quarters.
const REACH: Beat = Beat::new(8, 1);

fn follow(list: &[Gesture], staff: u8) -> Loudness {
    let slot = |gesture: &Gesture| (gesture.at, !matches!(gesture.what, What::Level(..)));
    let own: BTreeSet<(Beat, bool)> = list.iter().filter(|gesture| gesture.staff == Some(staff)).map(slot).collect();
    // Another staff's dynamic is for this one too where it has none of its own there: between the staves of a piano it is for
    // both hands.
    let applies = |gesture: &&Gesture| gesture.staff.is_none_or(|other| other == staff || !own.contains(&slot(gesture)));
    let mut heard: Vec<&Gesture> = list.iter().filter(applies).collect();
    // A dynamic at the place where a hairpin starts is where it starts from.
    heard.sort_by_key(|gesture| slot(gesture));
    let mut loudness = Loudness::default();
    let mut level = DEFAULT;
    for (place, gesture) in heard.iter().enumerate() {
        match gesture.what {
            What::Level(now, after) => {
                if after != Some(now) {
                    loudness.attacks.insert(gesture.at, now);
                }
                let Some(after) = after else { continue };
                level = after;
                loudness.reaches.push(Reach { from: gesture.at, level, towards: None });
            }
            What::Hairpin { direction, .. } | What::Word { direction } => {
                let later = heard.get(place + 1..).unwrap_or_default();
                let end = match gesture.what {
                    What::Hairpin { end, .. } => end,
                    _ => end_of_word(later, gesture.at),
                };
                let goal = goal(later, gesture.at, end);
                if let What::Hairpin { niente: true, .. } = gesture.what {
                    level = from_or_to_nothing(&mut loudness, (gesture.at, end), (level, direction), goal);
                    continue;
                }
                let target = goal.filter(|goal| (goal - level) * direction > 0.0).unwrap_or(level + STEP * direction).clamp(8.0, 127.0);
                loudness.reaches.push(Reach { from: gesture.at, level, towards: Some((end, target)) });
                level = target;
            }
        }
    }
    loudness
}

/// A hairpin from nothing, to the dynamic at its end or to what held before; or one to nothing, after which that holds again. Gives the
/// level that follows.
fn from_or_to_nothing(loudness: &mut Loudness, (from, to): (Beat, Beat), (level, direction): (Level, f64), goal: Option<Level>) -> Level {
    let after = goal.unwrap_or(level);
    let (start, end) = if direction > 0.0 { (NIENTE, after) } else { (level, NIENTE) };
    loudness.reaches.push(Reach { from, level: start, towards: Some((to, end)) });
    loudness.reaches.push(Reach { from: to, level: after, towards: None });
    after
}

/// Where the way that words begin ends.
fn end_of_word(later: &[&Gesture], start: Beat) -> Beat {
    let next = later.iter().find(|gesture| gesture.at > start && !matches!(gesture.what, What::Level(_, None))).map(|gesture| gesture.at);
    next.filter(|next| *next - start <= REACH).unwrap_or(start + Beat::new(2, 1))
}

/// The dynamic that a hairpin leads to: the first from its start to a quarter after its end.
fn goal(later: &[&Gesture], start: Beat, end: Beat) -> Option<Level> {
    let near = later.iter().take_while(|gesture| gesture.at <= end + Beat::QUARTER).filter(|gesture| gesture.at > start);
    near.into_iter().find_map(|gesture| if let What::Level(_, Some(after)) = gesture.what { Some(after) } else { None })
}
