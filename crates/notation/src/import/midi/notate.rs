//! One measure of one voice as note values: ties at the beats that have to be seen, tuplets where nothing else will do.
//!
//! The measure is divided as its metre divides (Gould, "Behind Bars", Metre: "dividing the bar"). A span whose notes can be
//! written plainly is written; otherwise it is divided further, and a note that goes over the division is tied. Places that
//! no halving reaches make a tuplet over the smallest span that holds it.

use crate::model::{Beat, NoteBase, NoteValue};

/// A stretch of the measure: a chord, by its number, or silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) start: Beat,
    pub(super) end: Beat,
    pub(super) chord: Option<usize>,
}

/// An event to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: Beat,
    pub(super) length: Beat,
    pub(super) value: Option<NoteValue>,
    pub(super) ratio: (u16, u16),
    pub(super) chord: Option<usize>,
    /// Which tuplet of the measure it is in, from 1.
    pub(super) tuplet: u32,
}

/// What is written of one measure of one voice, and how far that has got.
struct Writing<'a> {
    stretches: &'a [Stretch],
    pieces: Vec<Piece>,
    tuplets: u32,
}

/// Writes a measure whose stretches follow one another without a gap from its start to its end. `offset` is how much of a
/// full measure is missing before its start, as in a pickup.
pub(super) fn measure(stretches: &[Stretch], length: Beat, time: (u16, u16), offset: Beat) -> Vec<Piece> {
    let mut writing = Writing { stretches, pieces: Vec::new(), tuplets: 0 };
    let divisions = divisions(time, length, offset);
    writing.spans(Beat::ZERO, length, &divisions);
    writing.pieces
}

/// How a measure divides: a tree of spans, as the places where each is cut.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Division {
    length: Beat,
    parts: Vec<Division>,
}

impl Division {
    fn leaf(length: Beat) -> Self {
        Self { length, parts: Vec::new() }
    }

    fn of(parts: Vec<Self>) -> Self {
        Self { length: parts.iter().map(|part| part.length).sum(), parts }
    }

    fn repeated(length: Beat, times: usize) -> Self {
        Self::of(vec![Self::leaf(length); times])
    }
}

fn divisions(time: (u16, u16), length: Beat, offset: Beat) -> Division {
    let unit = Beat::new(1, i64::from(time.1));
    let beats = usize::from(time.0);
    let compound = beats > 3 && beats.is_multiple_of(3) && time.1 >= 8;
    let (beat, count) = if compound { (unit.scale(3, 1), beats / 3) } else { (unit, beats) };
    let whole = match count {
        // 4 is two halves; 5 is 3+2, 7 is 2+2+3, as they are mostly written.
        4 => Division::of(vec![Division::repeated(beat, 2), Division::repeated(beat, 2)]),
        5 => Division::of(vec![Division::repeated(beat, 3), Division::repeated(beat, 2)]),
        7 => Division::of(vec![Division::repeated(beat, 2), Division::repeated(beat, 2), Division::repeated(beat, 3)]),
        count if count > 4 && count.is_multiple_of(2) => Division::of(vec![Division::repeated(beat, 2); count / 2]),
        count => Division::repeated(beat, count.max(1)),
    };
    if offset.is_zero() && whole.length == length {
        return whole;
    }
    // A measure that is not full keeps the beats it has, counted from where it starts in a full one.
    let mut parts = Vec::new();
    let mut at = Beat::ZERO;
    let first = beat - offset.modulo(beat);
    while at < length && parts.len() < 1024 {
        let part = if at.is_zero() { first } else { beat }.min(length - at);
        parts.push(Division::leaf(part));
        at += part;
    }
    Division::of(parts)
}

/// Whether a time is a multiple of some halving of a whole note.
fn is_plain(time: Beat) -> bool {
    time.denominator() & (time.denominator() - 1) == 0
}

fn plain_value(length: Beat) -> Option<NoteValue> {
    NoteValue::of_length(length).filter(|value| value.dots <= 2)
}

impl Writing<'_> {
    /// Places inside a span where something changes.
    fn changes(&self, from: Beat, to: Beat) -> Vec<Beat> {
        self.stretches.iter().map(|stretch| stretch.start).filter(|at| from < *at && *at < to).collect()
    }

    /// The stretches of a span, cut at its ends.
    fn within(&self, from: Beat, to: Beat) -> Vec<Stretch> {
        let overlaps = |stretch: &&Stretch| stretch.start < to && stretch.end > from;
        let cut = |stretch: &Stretch| Stretch { start: stretch.start.max(from), end: stretch.end.min(to), chord: stretch.chord };
        self.stretches.iter().filter(overlaps).map(cut).collect()
    }

    fn spans(&mut self, from: Beat, to: Beat, division: &Division) {
        let changes = self.changes(from, to);
        if self.plainly(from, to, &changes, division) {
            return;
        }
        // A tuplet over the whole span, where a note that starts and ends off the plain places goes over a division.
        if changes.iter().any(|at| !is_plain(*at)) && self.crosses_oddly(from, to, division) && self.tuplet(from, to) {
            return;
        }
        if division.parts.len() > 1 {
            let mut at = from;
            for part in &division.parts {
                let end = (at + part.length).min(to);
                self.spans(at, end, part);
                at = end;
            }
            return;
        }
        self.beat(from, to, &changes);
    }

    /// A single beat: in a tuplet if it needs one, else halved, or cut into what its dotted length is made of.
    fn beat(&mut self, from: Beat, to: Beat, changes: &[Beat]) {
        let length = to - from;
        let thirds = length.numerator() % 3 == 0;
        let step = if thirds { length.scale(1, 3) } else { length.scale(1, 2) };
        let cuts: Vec<Beat> = (1..if thirds { 3 } else { 2 }).map(|n| from + step.scale(n, 1)).collect();
        let all_plain = changes.iter().all(|at| is_plain(*at));
        // What can be told apart by halving goes on being halved; the rest is a tuplet here.
        let cut_at = cuts.iter().any(|cut| changes.contains(cut));
        let odd_on_both = !all_plain && cuts.iter().all(|cut| !changes.contains(cut));
        if (all_plain || cut_at) && !odd_on_both && step > Beat::new(1, 512) {
            let mut at = from;
            for end in cuts.into_iter().chain([to]) {
                self.spans(at, end, &Division::leaf(end - at));
                at = end;
            }
            return;
        }
        if !self.tuplet(from, to) {
            for stretch in self.within(from, to) {
                self.values(stretch, (1, 1), 0);
            }
        }
    }

    /// Writes a span without division if its notes can be read so; whether it did.
    fn plainly(&mut self, from: Beat, to: Beat, changes: &[Beat], division: &Division) -> bool {
        let within = self.within(from, to);
        if within.iter().any(|stretch| plain_value(stretch.end - stretch.start).is_none()) || !changes.iter().all(|at| is_plain(*at)) {
            return false;
        }
        let length = to - from;
        let rests_split =
            |stretch: &Stretch| stretch.chord.is_none() && plain_value(stretch.end - stretch.start).is_some_and(|value| value.dots > 0);
        let readable = match changes.len() {
            0 => true,
            // All changes on the divisions themselves.
            _ if on_divisions(from, changes, division) => true,
            // Thirds of a dotted beat, and fourths of a span that halves: dotted and syncopated notes that everyone reads. In a
            // whole measure the middle is seen where there is a rest.
            _ => {
                let middle = from + length.scale(1, 2);
                let rest_over_middle = within.iter().any(|s| s.chord.is_none() && s.start < middle && s.end > middle);
                let parts = if length.numerator() == 3 && division.parts.is_empty() { 3 } else { 4 };
                let reads =
                    parts == 3 || length.numerator() == 1 && (length <= Beat::new(1, 2) || !rest_over_middle && length == Beat::WHOLE);
                reads && changes.iter().all(|at| (*at - from).modulo(length.scale(1, parts)).is_zero())
            }
        };
        if !readable || changes.len() > 1 && within.iter().any(rests_split) {
            return false;
        }
        within.into_iter().for_each(|stretch| self.values(stretch, (1, 1), 0));
        true
    }

    /// Whether a stretch goes over a division of the span with both ends where no halving reaches, or at the span's ends.
    fn crosses_oddly(&self, from: Beat, to: Beat, division: &Division) -> bool {
        let mut at = from;
        let lengths = division.parts.iter().map(|part| part.length);
        let cuts: Vec<Beat> = lengths
            .map(|length| {
                at += length;
                at
            })
            .filter(|cut| *cut < to)
            .collect();
        if cuts.is_empty() || (to - from).numerator() % 2 != 0 && (to - from).numerator() != 1 {
            return false;
        }
        let odd = |at: Beat| at <= from || at >= to || !is_plain(at);
        let inside = |stretch: &Stretch| stretch.start > from && !is_plain(stretch.start) || stretch.end < to && !is_plain(stretch.end);
        let over = |stretch: &&Stretch| cuts.iter().any(|cut| stretch.start < *cut && stretch.end > *cut);
        let mut crossing = self.stretches.iter().filter(over).filter(|stretch| stretch.start < to && stretch.end > from).peekable();
        crossing.peek().is_some() && crossing.all(|stretch| odd(stretch.start) && odd(stretch.end) && inside(stretch))
    }

    /// Writes a span as one tuplet; whether it could.
    fn tuplet(&mut self, from: Beat, to: Beat) -> bool {
        let length = to - from;
        let mut parts: i64 = 1;
        for at in self.changes(from, to) {
            let Some((_, den)) = (at - from).ratio(length) else { return false };
            parts = lcm(parts, den);
            if parts > 4096 {
                return false;
            }
        }
        let mut actual = parts;
        while actual % 2 == 0 && actual > 3 {
            actual /= 2;
        }
        // As many as there are plainly, the largest number below: 3:2, 5:4, 7:4, 9:8; of a dotted beat 5:3, 7:6.
        let base = if length.numerator() % 3 == 0 { 3 } else { 1 };
        let mut normal = base;
        while normal * 2 <= actual {
            normal *= 2;
        }
        if actual <= 1 || actual == normal || plain_value(length.scale(1, normal)).is_none() {
            return false;
        }
        let (Ok(a), Ok(n)) = (u16::try_from(actual), u16::try_from(normal)) else { return false };
        self.tuplets += 1;
        let tuplet = self.tuplets;
        for stretch in self.within(from, to) {
            self.values(stretch, (a, n), tuplet);
        }
        true
    }

    /// One stretch as one value, or as several that are tied.
    fn values(&mut self, stretch: Stretch, ratio: (u16, u16), tuplet: u32) {
        let written = (stretch.end - stretch.start).scale(i64::from(ratio.0), i64::from(ratio.1));
        let mut rest = written;
        let mut at = stretch.start;
        let mut push = |start: Beat, written: Beat, value: Option<NoteValue>| {
            let length = written.scale(i64::from(ratio.1), i64::from(ratio.0));
            self.pieces.push(Piece { start, length, value, ratio, chord: stretch.chord, tuplet });
            start + length
        };
        if let Some(value) = plain_value(written) {
            push(at, written, Some(value));
            return;
        }
        for _ in 0..12 {
            let values = NoteBase::ALL.into_iter().flat_map(|base| [1, 0].map(|dots| NoteValue::new(base, dots)));
            let Some(value) = values.filter(|value| value.length() <= rest).max_by_key(|value| value.length()) else { break };
            at = push(at, value.length(), Some(value));
            rest -= value.length();
            if rest.is_zero() {
                return;
            }
        }
        if rest.is_positive() {
            push(at, rest, None);
        }
    }
}

/// Whether all changes of a span are where it divides.
fn on_divisions(from: Beat, changes: &[Beat], division: &Division) -> bool {
    let mut at = from;
    let mut cuts = Vec::new();
    for part in &division.parts {
        at += part.length;
        cuts.push(at);
    }
    !cuts.is_empty() && changes.iter().all(|change| cuts.contains(change))
}

fn lcm(a: i64, b: i64) -> i64 {
    let (mut x, mut y) = (a, b);
    while y != 0 {
        (x, y) = (y, x % y);
    }
    a / x.max(1) * b
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lengths of stretches in twelfths of a quarter, `-` before a rest; what is written, as lengths in the same with `t` in a
    /// tuplet.
    fn written(text: &str, time: (u16, u16)) -> String {
        let mut at = Beat::ZERO;
        let mut stretches = Vec::new();
        for (index, word) in text.split(' ').enumerate() {
            let length = Beat::new(word.trim_start_matches('-').parse().unwrap(), 48);
            let chord = (!word.starts_with('-')).then_some(index);
            stretches.push(Stretch { start: at, end: at + length, chord });
            at += length;
        }
        let pieces = measure(&stretches, at, time, Beat::ZERO);
        assert!(pieces.iter().all(|piece| piece.value.is_some()), "{pieces:?}");
        let sum: Beat = pieces.iter().map(|piece| piece.length).sum();
        assert_eq!(sum, at);
        let mut last = None;
        let word = |piece: &Piece| {
            let tied = piece.chord.is_some() && last == piece.chord;
            last = piece.chord;
            let rest = if piece.chord.is_none() { "-" } else { "" };
            let length = piece.length.scale(48, 1);
            let tuplet = if piece.tuplet > 0 { "t" } else { "" };
            format!("{}{rest}{length}{tuplet}", if tied { "~" } else { "" }).replace("/1", "")
        };
        pieces.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn plain_rhythms_stay_as_they_are() {
        for text in ["48", "24 24", "36 12", "12 36", "12 24 12", "18 6 24", "6 12 6 24", "12 12 12 12", "24 -24", "3 9 12 24"] {
            assert_eq!(written(text, (4, 4)), text, "{text}");
        }
        assert_eq!(written("36", (3, 4)), "36");
        assert_eq!(written("24 12", (3, 4)), "24 12");
        assert_eq!(written("12 6 18", (6, 8)), "12 6 18");
    }

    #[test]
    fn the_middle_of_the_measure_is_seen() {
        assert_eq!(written("18 12 18", (4, 4)), "18 6 ~6 18");
        assert_eq!(written("6 36 6", (4, 4)), "6 18 ~18 6");
        assert_eq!(written("12 -36", (4, 4)), "12 -12 -24");
        assert_eq!(written("6 12 18", (6, 8)), "6 12 18");
        assert_eq!(written("15 33", (4, 4)), "12 ~3 9 ~24");
    }

    #[test]
    fn thirds_are_triplets() {
        assert_eq!(written("4 4 4 12 24", (4, 4)), "4t 4t 4t 12 24");
        assert_eq!(written("8 4 12 24", (4, 4)), "8t 4t 12 24");
        assert_eq!(written("8 8 8 24", (4, 4)), "8t 8t 8t 24");
        assert_eq!(written("16 8 24", (4, 4)), "16t 8t 24");
        assert_eq!(written("16 16 16", (4, 4)), "16t 16t 16t");
        assert_eq!(written("4 4 16 24", (4, 4)), "4t 4t 16t 24");
    }
}
