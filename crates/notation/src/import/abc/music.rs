//! Music code, character by character. ABC 2.1, section 4.

use super::super::{Bound, ImportError};
use super::code::Code;
use super::tune::Tune;
use super::voices::OpenTuplet;
use crate::model::Placement;

/// Macros that call macros go no deeper.
const MAX_MACRO_DEPTH: u8 = 8;
/// Tuplets within tuplets go no deeper.
const MAX_NESTED: usize = 8;

impl Tune<'_, '_> {
    /// A line of music.
    pub(super) fn music(&mut self, text: &str, byte: usize) -> Result<(), ImportError> {
        self.ready(byte)?;
        self.code(&mut Code::new(text, byte), 0)
    }

    fn code(&mut self, code: &mut Code<'_>, depth: u8) -> Result<(), ImportError> {
        while let Some(c) = code.peek() {
            if self.expand(code, depth)? {
                continue;
            }
            let byte = code.byte();
            match c {
                ' ' | '\t' => {
                    code.bump();
                    self.break_beam();
                }
                'A'..='G' | 'a'..='g' | '^' | '_' | '=' => self.note(code)?,
                'z' | 'x' => self.rest(code)?,
                'Z' | 'X' => self.measure_rests(code)?,
                'y' => {
                    code.bump();
                    let _ = code.length();
                    self.break_beam();
                }
                '|' | ':' => self.bar(code)?,
                '[' => self.bracket(code)?,
                ']' => {
                    code.bump();
                    self.report.invalid(&["music", "]"], byte);
                }
                '.' => self.dotted(code)?,
                '(' => self.parenthesis(code),
                ')' => {
                    code.bump();
                    self.end_slur(byte);
                }
                '{' => self.graces(code)?,
                '"' => self.quoted(code),
                '!' => self.bang(code, '!'),
                '+' if self.plus => self.bang(code, '+'),
                '>' | '<' => self.broken(code),
                '-' => {
                    code.bump();
                    self.tie(byte);
                }
                '&' => self.overlay(code),
                '`' | '\\' => drop(code.bump()),
                '$' => {
                    code.bump();
                    if let Some(voice) = self.voices.get_mut(self.current) {
                        voice.line_ended = true;
                    }
                }
                'H'..='W' | 'h'..='w' | '~' => {
                    code.bump();
                    self.symbol(c, byte);
                }
                _ => {
                    code.bump();
                    self.report.invalid(&["music", &c.to_string()], byte);
                }
            }
        }
        Ok(())
    }

    fn break_beam(&mut self) {
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.break_beam();
        }
    }

    /// `[` starts a barline, a variant ending, a field, or a chord.
    fn bracket(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let rest = code.rest();
        let mut after = rest.chars().skip(1);
        match (after.next(), after.next()) {
            (Some('|' | '"'), _) => self.bar(code),
            (Some(c), _) if c.is_ascii_digit() => self.bar(code),
            (Some(letter), Some(':')) if letter.is_ascii_alphabetic() && rest.contains(']') => {
                code.skip(3);
                let byte = code.byte();
                let value = code.until(']').unwrap_or_default();
                self.field(letter, value.trim(), byte, false)?;
                self.ready(byte).map(|_| ())
            }
            _ => self.chord(code),
        }
    }

    /// `.` starts a dotted barline, slur or tie, or is a staccato.
    fn dotted(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        match code.second() {
            Some('|') => return self.bar(code),
            // A dotted slur or tie is a slur or tie.
            Some('(' | '-') => drop(code.bump()),
            _ => {
                code.bump();
                self.symbol('.', byte);
            }
        }
        Ok(())
    }

    /// `(` starts a tuplet or a slur.
    fn parenthesis(&mut self, code: &mut Code<'_>) {
        let byte = code.byte();
        code.bump();
        if code.peek() == Some('&') {
            code.bump();
            return self.report.unsupported(&["(& overlay of several measures"], byte);
        }
        let Some(actual) = code.peek().filter(char::is_ascii_digit).and_then(|_| code.number()) else {
            let placement = match code.peek() {
                Some('\'') => Placement::Above,
                Some(',') => Placement::Below,
                _ => Placement::Auto,
            };
            if placement != Placement::Auto {
                code.bump();
            }
            if let Some(voice) = self.voices.get_mut(self.current).filter(|voice| voice.lane.slurs_due.len() < 16) {
                voice.lane.slurs_due.push(placement);
            }
            return;
        };
        let (mut normal, mut count) = (None, None);
        if code.eat(':') {
            normal = code.number();
            if code.eat(':') {
                count = code.number();
            }
        }
        self.open_tuplet(actual, normal, count, byte);
    }

    /// ABC 2.1, section 4.13: what is not written follows from the number, and for odd ones from the metre.
    fn open_tuplet(&mut self, actual: u32, normal: Option<u32>, count: Option<u32>, byte: usize) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let compound = voice.metre.groups.first().is_some_and(|(beats, unit)| {
            let beats: u32 = beats.iter().map(|b| u32::from(*b)).sum();
            *unit >= 8 && beats.is_multiple_of(3) && beats > 0
        });
        let usual = match actual {
            2 | 4 | 8 => 3,
            3 | 6 => 2,
            _ if compound => 3,
            _ => 2,
        };
        let normal = normal.unwrap_or(usual);
        let count = count.unwrap_or(actual);
        let sane = (1..=256).contains(&actual) && (1..=256).contains(&normal) && (1..=4096).contains(&count);
        if !sane || voice.lane.tuplets.len() >= MAX_NESTED {
            return self.report.invalid(&["tuplet"], byte);
        }
        voice.lane.tuplets.push(OpenTuplet { actual: actual as u16, normal: normal as u16, left: count, first: None, last: None });
    }

    /// `"…"`: a chord symbol or an annotation.
    fn quoted(&mut self, code: &mut Code<'_>) {
        let byte = code.byte();
        code.bump();
        match code.until('"') {
            Some(text) => self.annotation(text, byte),
            None => {
                let rest = code.rest().len();
                code.skip(rest);
                self.report.invalid(&["\"…\" that is not closed"], byte);
            }
        }
    }

    /// `!…!`: a decoration. A lone `!` ended a line in older tunes.
    fn bang(&mut self, code: &mut Code<'_>, sign: char) {
        let byte = code.byte();
        code.bump();
        let closed = code.rest().split_once(sign).map(|(name, _)| name).filter(|name| name.len() <= 40 && !name.contains(['|', ' ']));
        match closed {
            Some(name) => {
                code.skip(name.len() + 1);
                self.decorate(name, byte);
            }
            None => self.report.repaired(&["! at the end of a line"], byte),
        }
    }

    /// `>` and `<`: the first of two notes is dotted and the other cut, or the other way round. Section 4.4.
    fn broken(&mut self, code: &mut Code<'_>) {
        let byte = code.byte();
        let sign = code.peek().unwrap_or('>');
        let times = code.count(sign).min(4);
        let short = (1_i64, 1_i64 << times);
        let long = (2 * short.1 - 1, short.1);
        let (before, after) = if sign == '>' { (long, short) } else { (short, long) };
        if self.stretch_last(before) {
            if let Some(voice) = self.voices.get_mut(self.current) {
                voice.lane.broken = Some(after);
            }
        } else {
            self.report.invalid(&["broken rhythm without a note before it"], byte);
        }
    }

    /// `&`: another voice over the measure, from its start.
    fn overlay(&mut self, code: &mut Code<'_>) {
        let byte = code.byte();
        code.bump();
        if code.eat(')') {
            return;
        }
        self.settle_lane(byte);
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.overlay();
        }
    }

    /// Where a macro's name stands, what it stands for is read instead. ABC 2.1, section 9.
    fn expand(&mut self, code: &mut Code<'_>, depth: u8) -> Result<bool, ImportError> {
        if self.macros.is_empty() || depth >= MAX_MACRO_DEPTH {
            return Ok(false);
        }
        let byte = code.byte();
        let found = self.macros.iter().find_map(|(name, body)| {
            if let Some((symbol, length)) = name.split_once('n') {
                let rest = code.rest().strip_prefix(symbol)?;
                let letter = rest.chars().next().filter(|c| matches!(c, 'A'..='G' | 'a'..='g'))?;
                let after = rest.get(1..)?.strip_prefix(length)?;
                let longer = after.starts_with(|c: char| c.is_ascii_digit() || c == '/');
                return (!longer).then(|| (symbol.len() + 1 + length.len(), transposed(body, letter)));
            }
            code.rest().starts_with(name.as_str()).then(|| (name.len(), body.clone()))
        });
        let Some((used, body)) = found else { return Ok(false) };
        self.expanded += body.len();
        if self.expanded as u64 > self.limits.expanded_bytes {
            return Err(self.too_large(Bound::ExpandedBytes, self.limits.expanded_bytes as usize, byte));
        }
        code.skip(used);
        self.code(&mut Code::from_place(&body, byte), depth + 1)?;
        Ok(true)
    }

    /// `m: ~g2 = {a}g{f}g`; with `n` for any note, the letters `h` to `z` are counted from it.
    pub(super) fn macro_field(&mut self, value: &str, byte: usize) {
        let parsed = value.split_once('=').map(|(name, body)| (name.trim(), body.trim()));
        match parsed.filter(|(name, body)| !name.is_empty() && name.len() <= 30 && body.len() <= 200 && self.macros.len() < 200) {
            Some((name, body)) => {
                self.macros.retain(|(known, _)| known != name);
                self.macros.push((name.to_owned(), body.to_owned()));
                // The longest name that fits is meant.
                self.macros.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            }
            None => self.report.invalid(&["m: field"], byte),
        }
    }
}

/// A transposing macro for a note: `n` is the note, `m` the one below, `o` the one above, and so on.
fn transposed(body: &str, letter: char) -> String {
    const SCALE: &str = "CDEFGABcdefgab";
    let at = SCALE.find(letter).unwrap_or(0) as i32;
    let one = |c: char| match c {
        'h'..='z' if !matches!(c, 'u' | 'v' | 'z') => {
            let steps = at + (c as i32 - 'n' as i32);
            let (octave, step) = (steps.div_euclid(14), steps.rem_euclid(14) as usize);
            let name = SCALE.get(step..=step).unwrap_or("C");
            format!(
                "{name}{}",
                if octave > 0 {
                    "''"
                } else if octave < 0 {
                    ",,"
                } else {
                    ""
                }
            )
        }
        other => other.to_string(),
    };
    let mut decorated = false;
    body.chars()
        .map(|c| {
            decorated ^= c == '!';
            if decorated || c == '!' { c.to_string() } else { one(c) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_follow_their_note() {
        assert_eq!(transposed("n{o}n{m}n!trill!", 'G'), "G{A}G{F}G!trill!");
        assert_eq!(transposed("m", 'C'), "b,,");
    }
}
