//! Beams: which chords share one, as the source has it or as the metre asks (Gould, "Behind Bars", pp. 153–166).

use super::{Bar, Chord};
use crate::model::{BeamRole, Beat, NoteBase, TimeSignature};

/// A secondary beam between two chords of a group, or a hook at one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engrave) struct Stroke {
    /// 0 for the primary beam, counted inwards.
    pub level: u8,
    /// Members of the group it runs between; the same one twice for a hook.
    pub from: usize,
    pub to: usize,
    /// Which way a hook points.
    pub forward: bool,
}

/// Chords under one beam.
#[derive(Debug, Clone)]
pub(in crate::engrave) struct BeamGroup {
    /// The members, by their place in the measure.
    pub chords: Vec<usize>,
    pub strokes: Vec<Stroke>,
    /// Whether the members are on several staves.
    pub crosses: bool,
}

/// Finds the beams of a measure.
pub(super) fn group(bar: &mut Bar, time: &TimeSignature) {
    let mut order: Vec<usize> = (0..bar.chords.len()).filter(|at| bar.chords[*at].recorded).collect();
    // Voice by voice; the sort is stable, so each stays in the order of time.
    order.sort_by_key(|at| (bar.chords[*at].part, bar.chords[*at].voice, bar.chords[*at].grace.is_some()));
    let metre = Metre::of(time);
    let parts = part_runs(&bar.chords, order);
    for run in parts {
        for members in split(&bar.chords, &run, &metre, bar.length) {
            add(bar, members);
        }
    }
}

/// The chords of each voice of each part, grace notes apart.
fn part_runs(chords: &[Chord], order: Vec<usize>) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for at in order {
        let joins = runs.last().and_then(|run| run.last()).is_some_and(|last| {
            let (a, b) = (&chords[*last], &chords[at]);
            (a.part, a.voice, a.grace.is_some()) == (b.part, b.voice, b.grace.is_some())
        });
        match runs.last_mut().filter(|_| joins) {
            Some(run) => run.push(at),
            None => runs.push(vec![at]),
        }
    }
    runs
}

fn split(chords: &[Chord], run: &[usize], metre: &Metre, length: Beat) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for at in run {
        let chord = &chords[*at];
        if chord.flags() == 0 {
            // A rest under a beam that the source has does not end it.
            let bridged = chord.is_rest() && open.last().is_some_and(|last| chords[*last].roles.is_some());
            if !bridged {
                groups.push(std::mem::take(&mut open));
            }
            continue;
        }
        let role = chord.roles.as_ref().map(|roles| roles.first().copied());
        let continues = match role {
            Some(Some(BeamRole::Continue | BeamRole::End)) => true,
            Some(_) => false,
            None => open.last().is_some_and(|last| metre.joins(&chords[*last], chord, length)),
        };
        if !continues {
            groups.push(std::mem::take(&mut open));
        }
        match role {
            Some(None | Some(BeamRole::ForwardHook | BeamRole::BackwardHook)) => {}
            _ => open.push(*at),
        }
        if role == Some(Some(BeamRole::End)) {
            groups.push(std::mem::take(&mut open));
        }
    }
    groups.push(open);
    groups.retain(|members| members.len() > 1);
    groups
}

fn add(bar: &mut Bar, members: Vec<usize>) {
    let index = bar.beams.len();
    let strokes = strokes(&bar.chords, &members);
    let home = bar.chords[members[0]].home();
    let crosses = members.iter().any(|at| bar.chords[*at].home() != home || bar.chords[*at].crosses());
    for at in &members {
        bar.chords[*at].beam = Some(index);
    }
    bar.beams.push(BeamGroup { chords: members, strokes, crosses });
}

/// The beams of a group, level by level: runs of chords with that many flags, broken where the source breaks them, and hooks
/// at chords that stand alone in their level.
fn strokes(chords: &[Chord], members: &[usize]) -> Vec<Stroke> {
    let deepest = members.iter().map(|at| chords[*at].flags()).max().unwrap_or(0);
    let mut strokes = vec![Stroke { level: 0, from: 0, to: members.len() - 1, forward: true }];
    for level in 1..deepest {
        let role = |at: usize| chords[members[at]].roles.as_ref().and_then(|roles| roles.get(usize::from(level)).copied());
        let mut from = None;
        for at in 0..members.len() {
            if chords[members[at]].flags() <= level {
                continue;
            }
            let start = *from.get_or_insert(at);
            let goes_on = at + 1 < members.len()
                && chords[members[at + 1]].flags() > level
                && match (role(at), role(at + 1)) {
                    (Some(BeamRole::End | BeamRole::ForwardHook | BeamRole::BackwardHook), _) => false,
                    (_, Some(BeamRole::Begin | BeamRole::ForwardHook | BeamRole::BackwardHook)) => false,
                    (Some(_), _) | (_, Some(_)) => true,
                    (None, None) => !subdivides(&chords[members[at]], &chords[members[at + 1]], level),
                };
            if !goes_on {
                let forward = match role(at) {
                    Some(BeamRole::ForwardHook) => true,
                    Some(BeamRole::BackwardHook) => false,
                    _ => start == 0 || start + 1 < members.len() && chords[members[at]].onset.modulo(Beat::new(1, 8)).is_zero(),
                };
                strokes.push(Stroke { level, from: start, to: at, forward });
                from = None;
            }
        }
    }
    strokes
}

/// Whether beams beyond the second break between two chords, at each eighth.
fn subdivides(a: &Chord, b: &Chord, level: u8) -> bool {
    let eighth = Beat::new(1, 8);
    level >= 2 && b.grace.is_none() && b.onset.modulo(eighth).is_zero() && a.onset < b.onset
}

/// How a time signature groups beams.
struct Metre {
    /// The lengths of its beats, in order, repeating.
    beats: Vec<Beat>,
    /// Within these, eighths are joined over the beats.
    eighths: Beat,
}

impl Metre {
    fn of(time: &TimeSignature) -> Self {
        let mut beats = Vec::new();
        for (summands, unit) in &time.groups {
            let one = Beat::new(1, i64::from((*unit).max(1)));
            for count in summands.iter().take(64) {
                let count = i64::from((*count).min(256));
                let compound = *unit >= 8 && count % 3 == 0;
                let short = *unit >= 8 && !compound;
                if compound {
                    beats.extend((0..count / 3).map(|_| one.scale(3, 1)));
                } else if short {
                    beats.extend(irregular(count).into_iter().map(|n| one.scale(n, 1)));
                } else {
                    beats.extend((0..count).map(|_| one));
                }
            }
        }
        let total: Beat = beats.iter().copied().sum();
        let quarters = beats.iter().all(|b| *b == Beat::QUARTER);
        let halves = total == Beat::WHOLE && (quarters || beats.iter().all(|b| *b == Beat::new(1, 2)));
        let eighths = if halves {
            Beat::new(1, 2)
        } else if quarters && beats.len() <= 3 {
            total
        } else {
            Beat::ZERO
        };
        Self { beats, eighths }
    }

    /// Whether two chords that follow each other share a beam.
    fn joins(&self, a: &Chord, b: &Chord, length: Beat) -> bool {
        if a.grace.is_some() && b.grace.is_some() {
            return a.onset == b.onset;
        }
        if a.end() != b.onset || b.roles.is_some() {
            return false;
        }
        let plain = |c: &Chord| c.value.base == NoteBase::Eighth && c.value.dots == 0 && c.duration == Beat::new(1, 8);
        if self.eighths.is_positive() && plain(a) && plain(b) && length.is_positive() {
            return a.onset.ratio(self.eighths).map(floor) == b.onset.ratio(self.eighths).map(floor);
        }
        self.beat_of(a.onset) == self.beat_of(b.onset)
    }

    fn beat_of(&self, onset: Beat) -> i64 {
        let total: Beat = self.beats.iter().copied().sum();
        if !total.is_positive() {
            return onset.ratio(Beat::QUARTER).map_or(0, floor);
        }
        let mut rest = onset.modulo(total);
        for (at, beat) in self.beats.iter().enumerate() {
            if rest < *beat {
                return at as i64;
            }
            rest -= *beat;
        }
        self.beats.len() as i64
    }
}

fn floor((num, den): (i64, i64)) -> i64 {
    num.div_euclid(den)
}

/// Groups of an irregular metre: twos with a three at the end.
fn irregular(count: i64) -> Vec<i64> {
    if count < 4 {
        return vec![count];
    }
    let mut groups = vec![2; (count / 2) as usize];
    if let Some(last) = groups.last_mut().filter(|_| count % 2 == 1) {
        *last = 3;
    }
    groups
}
