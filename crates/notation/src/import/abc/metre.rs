//! Metre, unit note length and tempo. ABC 2.1, sections 3.1.6 to 3.1.8.

use crate::model::*;

/// A time signature: `4/4`, `C`, `C|`, `(2+3)/8`, `2/4+3/8`, `none`; nothing for what is none of these.
pub(super) fn metre(text: &str) -> Option<TimeSignature> {
    let signature = |beats, unit, symbol| TimeSignature { symbol, ..TimeSignature::new(beats, unit) };
    let text = text.trim();
    match text {
        "C" | "c" => return Some(signature(4, 4, TimeSymbol::Common)),
        "C|" | "c|" => return Some(signature(2, 2, TimeSymbol::Cut)),
        "" | "none" => return Some(TimeSignature { groups: Vec::new(), ..TimeSignature::new(4, 4) }),
        _ => {}
    }
    let mut groups = Vec::new();
    let mut summands: Vec<u16> = Vec::new();
    for term in text.split(['+', ' ']).map(|term| term.trim_matches(['(', ')', ' '])).filter(|term| !term.is_empty()) {
        let (beats, unit) = match term.split_once('/') {
            Some((beats, unit)) => (beats.trim_end_matches(')'), Some(unit)),
            None => (term, None),
        };
        summands.push(beats.trim().parse().ok().filter(|beats| (1..=256).contains(beats))?);
        if let Some(unit) = unit {
            let unit: u16 = unit.trim().parse().ok().filter(|unit: &u16| unit.is_power_of_two() && *unit <= 1024)?;
            groups.push((std::mem::take(&mut summands), unit));
        }
        if groups.len() + summands.len() > 32 {
            return None;
        }
    }
    // A number alone counts quarter notes.
    if !summands.is_empty() {
        groups.push((summands, 4));
    }
    (!groups.is_empty()).then(|| TimeSignature { groups, ..TimeSignature::new(4, 4) })
}

/// The unit note length where none is given: a sixteenth below three quarters, else an eighth.
pub(super) fn usual_unit(metre: &TimeSignature) -> Beat {
    match metre.length() {
        Some(length) if length < Beat::new(3, 4) => Beat::new(1, 16),
        _ => Beat::new(1, 8),
    }
}

/// A fraction of a whole note such as `1/8` or `1`.
pub(super) fn fraction(text: &str) -> Option<Beat> {
    let (num, den) = text.split_once('/').unwrap_or((text, "1"));
    let (num, den): (i64, i64) = (num.trim().parse().ok()?, den.trim().parse().ok()?);
    let length = Beat::checked_new(num, den)?;
    (length.is_positive() && length <= Beat::new(8, 1) && den <= 1024).then_some(length)
}

/// A tempo field: what is written in words, and the beat with its number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tempo {
    pub(super) words: Option<String>,
    pub(super) mark: Option<TempoMark>,
}

/// Reads a tempo; nothing where it is none. `C=120` and a number alone count unit note lengths, as older tunes do.
pub(super) fn tempo(text: &str, unit: Beat) -> Option<Tempo> {
    let mut words: Vec<&str> = Vec::new();
    let mut numbers = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('"') {
        numbers.push_str(before);
        let (quoted, after) = after.split_once('"').unwrap_or((after, ""));
        words.push(quoted);
        rest = after;
    }
    numbers.push_str(rest);
    let words = (!words.is_empty()).then(|| super::text::plain(&words.join(" "))).filter(|words| !words.trim().is_empty());
    let numbers = numbers.trim();
    if numbers.is_empty() {
        return words.map(|words| Tempo { words: Some(words), mark: None });
    }
    let (beat, number) = match numbers.split_once('=') {
        None => (unit, numbers),
        Some((beats, number)) => (beat(beats.trim(), unit)?, number.trim()),
    };
    let per_minute = decimal(number)?;
    // A beat that takes more than one note is counted in quarters instead.
    let (value, per_minute) = match NoteValue::of_length(beat) {
        Some(value) => (value, per_minute),
        None => {
            let (num, den) = beat.ratio(Beat::QUARTER)?;
            let scaled = Beat::checked_new(i64::from(per_minute.0).checked_mul(num)?, i64::from(per_minute.1).checked_mul(den)?)?;
            let scaled = (u32::try_from(scaled.numerator()).ok()?, u32::try_from(scaled.denominator()).ok()?);
            (NoteValue::new(NoteBase::Quarter, 0), scaled)
        }
    };
    let mark =
        TempoMark { beat: value, per_minute: Some(per_minute), text: String::new(), equals: None, parentheses: false, printed: true };
    Some(Tempo { words, mark: Some(mark) })
}

fn beat(text: &str, unit: Beat) -> Option<Beat> {
    if let Some(count) = text.strip_prefix(['C', 'c']) {
        let count = if count.is_empty() { 1 } else { count.parse::<i64>().ok().filter(|count| (1..=64).contains(count))? };
        return Some(unit.scale(count, 1));
    }
    let mut sum = Beat::ZERO;
    for term in text.split_whitespace().take(16) {
        sum += fraction(term)?;
    }
    (sum.is_positive() && sum <= Beat::new(8, 1)).then_some(sum)
}

/// `120` or `92.5`, as a fraction.
fn decimal(text: &str) -> Option<(u32, u32)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    let scale = 10_i64.pow(part.len() as u32);
    let part: i64 = if part.is_empty() { 0 } else { part.parse().ok()? };
    let whole: i64 = whole.parse().ok().filter(|whole| (0..=9999).contains(whole))?;
    let number = Beat::checked_new(whole * scale + part, scale)?;
    number.is_positive().then_some((number.numerator() as u32, number.denominator() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metres() {
        assert_eq!(metre("C|").unwrap().symbol, TimeSymbol::Cut);
        assert_eq!(metre("(2+3)/8").unwrap().groups, [(vec![2, 3], 8)]);
        assert_eq!(metre("2+3/8").unwrap().groups, [(vec![2, 3], 8)]);
        assert_eq!(metre("2/4+3/8").unwrap().groups, [(vec![2], 4), (vec![3], 8)]);
        assert_eq!(metre("none").unwrap().length(), None);
        assert_eq!((metre("x"), metre("4/0"), metre("4/3")), (None, None, None));
        assert_eq!(usual_unit(&metre("2/4").unwrap()), Beat::new(1, 16));
        assert_eq!(usual_unit(&metre("3/4").unwrap()), Beat::new(1, 8));
    }

    #[test]
    fn tempi() {
        let read = |text| tempo(text, Beat::new(1, 8)).unwrap();
        let number = |text| {
            let mark = read(text).mark.unwrap();
            (mark.beat.length(), mark.per_minute.unwrap())
        };
        assert_eq!(number("1/4=120"), (Beat::QUARTER, (120, 1)));
        assert_eq!(number("3/8=92.5"), (Beat::new(3, 8), (185, 2)));
        assert_eq!(number("C3=40"), (Beat::new(3, 8), (40, 1)));
        assert_eq!(number("120"), (Beat::new(1, 8), (120, 1)));
        assert_eq!(number("1/4 3/8 1/4 3/8=40"), (Beat::QUARTER, (200, 1)));
        assert_eq!(read("\"Slow\" 1/4=50 \"ma non troppo\"").words.as_deref(), Some("Slow ma non troppo"));
        assert_eq!(read("\"Slow\"").mark, None);
        assert_eq!(tempo("fast", Beat::new(1, 8)), None);
    }
}
