//! Barlines, repeats and variant endings. ABC 2.1, sections 4.8 to 4.10.

use super::super::ImportError;
use super::code::Code;
use super::tune::Tune;
use crate::model::*;

/// A barline as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Bar {
    /// How often what ends here is played in all.
    ends: Option<u8>,
    starts: bool,
    style: BarStyle,
    /// The passes of a variant ending that starts here, and what is printed for it.
    ending: Option<Ending>,
    /// Whether there is a line at all, or only an ending.
    line: bool,
}

impl Bar {
    fn read(code: &mut Code<'_>) -> Self {
        let mut bar = Self::default();
        let dotted = code.eat('.');
        let before = code.count(':');
        let mut shape = String::new();
        while let Some(c) = code.peek() {
            let part = match c {
                '|' => true,
                '[' => code.second() == Some('|'),
                ']' => shape.ends_with('|'),
                _ => false,
            };
            if !part || shape.len() >= 8 {
                break;
            }
            shape.push(c);
            code.bump();
            // `|]` and `[|]` are whole.
            if c == ']' {
                break;
            }
        }
        // `::` is an end and a start at once.
        let (ends, starts) = match (before, shape.is_empty()) {
            (colons, true) => (colons.div_ceil(2), colons / 2),
            (colons, false) => (colons, code.count(':')),
        };
        bar.line = !shape.is_empty() || before > 0;
        bar.ends = (ends > 0).then(|| u8::try_from(ends + 1).unwrap_or(2));
        bar.starts = starts > 0;
        bar.style = match shape.as_str() {
            _ if dotted => BarStyle::Dotted,
            "||" if bar.ends.is_none() && !bar.starts => BarStyle::LightLight,
            "|]" if bar.ends.is_none() => BarStyle::LightHeavy,
            "[|" if !bar.starts => BarStyle::HeavyLight,
            "[|]" => BarStyle::None,
            _ => BarStyle::Auto,
        };
        bar.ending = ending(code, bar.line);
        bar
    }
}

/// `1`, `1,3`, `1-3` right after a barline, or after `[`; `["text"` has no numbers.
fn ending(code: &mut Code<'_>, after_line: bool) -> Option<Ending> {
    let mut ahead = code.clone();
    // A blank may stand between the line and the bracket.
    ahead.skip_blanks();
    let bracket = ahead.peek() == Some('[') && ahead.second().is_some_and(|c| c.is_ascii_digit() || c == '"');
    if bracket {
        *code = ahead;
        code.bump();
    } else if !after_line || !code.peek().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    if code.eat('"') {
        let text = code.until('"').unwrap_or_default();
        return Some(Ending { passes: numbers(text), text: super::text::plain(text) });
    }
    let rest = code.rest();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ',' | '-' | '.'))).unwrap_or(rest.len());
    let written = rest.get(..end).unwrap_or_default();
    code.skip(end);
    Some(Ending { passes: numbers(written), text: String::new() })
}

fn numbers(text: &str) -> Vec<u8> {
    let mut passes = Vec::new();
    for term in text.split([',', '.', ' ']) {
        let (from, to) = term.split_once('-').unwrap_or((term, term));
        if let (Ok(from), Ok(to)) = (from.trim().parse::<u8>(), to.trim().parse::<u8>()) {
            passes.extend((from..=to).take(32).filter(|pass| *pass > 0));
        }
    }
    passes.sort_unstable();
    passes.dedup();
    passes
}

impl Tune<'_, '_> {
    /// A barline or the start of a variant ending.
    pub(super) fn bar(&mut self, code: &mut Code<'_>) -> Result<(), ImportError> {
        let byte = code.byte();
        let before = code.rest().len();
        let bar = Bar::read(code);
        if code.rest().len() == before {
            let c = code.bump().unwrap_or_default();
            self.report.invalid(&["music", &c.to_string()], byte);
            return Ok(());
        }
        self.ready(byte)?;
        self.settle_attached(None);
        if bar.line {
            self.end_measure(&bar, byte)?;
        }
        self.start_measure(bar, byte)
    }

    fn end_measure(&mut self, bar: &Bar, byte: usize) -> Result<(), ImportError> {
        let Some(voice) = self.voices.get(self.current) else { return Ok(()) };
        let ended = if voice.begun {
            let index = voice.measure;
            self.settle_lane(byte);
            self.next_measure(byte)?;
            Some(index)
        } else {
            voice.measure.checked_sub(1)
        };
        let Some(ended) = ended else {
            if let Some(first) = self.columns.first_mut()
                && first.record.left_bar == BarStyle::Auto
            {
                first.record.left_bar = bar.style;
            }
            return Ok(());
        };
        let Some(column) = self.columns.get_mut(ended) else { return Ok(()) };
        let record = &mut column.record;
        record.repeat_end = record.repeat_end.max(bar.ends);
        if bar.style != BarStyle::Auto {
            record.right_bar = bar.style;
        }
        let closes =
            bar.ends.is_some() || bar.starts || matches!(bar.style, BarStyle::LightLight | BarStyle::LightHeavy | BarStyle::HeavyLight);
        if closes || bar.ending.is_some() {
            self.close_ending(ended, bar.ends.is_some() || bar.style == BarStyle::LightHeavy);
        }
        Ok(())
    }

    /// The bracket that is open ends with this measure.
    fn close_ending(&mut self, ended: usize, closed: bool) {
        let open = self.columns.get(..=ended).unwrap_or_default().iter().rev();
        // A bracket is rarely longer than this; looking on would only make reading slow.
        let mut open = open.take(64);
        let starts = open.find(|column| column.record.ending_start.is_some() || column.record.ending_stop.is_some());
        let is_open = starts.is_some_and(|column| column.record.ending_start.is_some() && column.record.ending_stop.is_none());
        if let Some(column) = self.columns.get_mut(ended).filter(|_| is_open) {
            column.record.ending_stop = Some(if closed { EndingStop::Closed } else { EndingStop::Open });
        }
    }

    fn start_measure(&mut self, bar: Bar, byte: usize) -> Result<(), ImportError> {
        if !bar.starts && bar.ending.is_none() {
            return Ok(());
        }
        if self.voices.get(self.current).is_some_and(|voice| voice.begun) {
            // An ending that starts inside a measure starts one of its own.
            self.settle_lane(byte);
            self.next_measure(byte)?;
        }
        let index = self.voices.get(self.current).map_or(0, |voice| voice.measure);
        self.reach_column(index, byte)?;
        if bar.ending.is_some()
            && let Some(before) = index.checked_sub(1)
        {
            self.close_ending(before, false);
        }
        if let Some(column) = self.columns.get_mut(index) {
            column.record.repeat_start |= bar.starts;
            column.record.ending_start = column.record.ending_start.take().or(bar.ending);
        }
        Ok(())
    }

    /// The voice goes on to its next measure.
    pub(super) fn next_measure(&mut self, byte: usize) -> Result<(), ImportError> {
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.next_measure();
            let index = voice.measure;
            // The measure itself is made with what stands in it: a last barline starts none.
            if index >= self.limits.measures {
                return self.reach_column(index, byte).map(drop);
            }
        }
        Ok(())
    }

    /// What is open in a lane cannot go on in another, or in the next measure.
    pub(super) fn settle_lane(&mut self, byte: usize) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        // Grace notes that no note follows belong to the one before them.
        for at in std::mem::take(&mut voice.lane.graces) {
            if let Some(grace) = voice.events.get_mut(at).and_then(|pending| pending.event.grace.as_mut()) {
                grace.after = true;
            }
        }
        if voice.lane.broken.take().is_some() {
            self.report.invalid(&["broken rhythm without a note after it"], byte);
        }
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        let overlay = voice.set_aside.is_some();
        if !std::mem::take(&mut voice.lane.tuplets).is_empty() {
            self.report.invalid(&["tuplet with too few notes"], byte);
        }
        if overlay {
            self.settle_ties();
        }
    }

    /// Ties that lead nowhere, in a lane that ends.
    pub(super) fn settle_ties(&mut self) {
        let Some(voice) = self.voices.get_mut(self.current) else { return };
        for (_, _, id, byte) in std::mem::take(&mut voice.lane.ties) {
            self.untie(id);
            self.report.invalid(&["tie to a note that does not follow"], byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<u8>, bool, BarStyle, Vec<u8>, usize) {
        let mut code = Code::new(text, 0);
        let bar = Bar::read(&mut code);
        (bar.ends, bar.starts, bar.style, bar.ending.map(|ending| ending.passes).unwrap_or_default(), code.byte())
    }

    #[test]
    fn barlines_of_all_kinds() {
        use BarStyle::{Auto, Dotted, HeavyLight, LightHeavy, LightLight};
        for (text, expected) in [
            ("|A", (None, false, Auto, vec![], 1)),
            ("||A", (None, false, LightLight, vec![], 2)),
            ("|]", (None, false, LightHeavy, vec![], 2)),
            ("[|A", (None, false, HeavyLight, vec![], 2)),
            ("|:A", (None, true, Auto, vec![], 2)),
            (":|A", (Some(2), false, Auto, vec![], 2)),
            ("::A", (Some(2), true, Auto, vec![], 2)),
            (":||:A", (Some(2), true, Auto, vec![], 4)),
            (":|:A", (Some(2), true, Auto, vec![], 3)),
            ("::|A", (Some(3), false, Auto, vec![], 3)),
            ("|1 A", (None, false, Auto, vec![1], 2)),
            (":|2 A", (Some(2), false, Auto, vec![2], 3)),
            ("| [1,3 A", (None, false, Auto, vec![1, 3], 6)),
            ("[1-3A", (None, false, Auto, vec![1, 2, 3], 4)),
            (".|A", (None, false, Dotted, vec![], 2)),
            ("[|]A", (None, false, BarStyle::None, vec![], 3)),
            ("|[\"last\"A", (None, false, Auto, vec![], 8)),
            ("|[CE]", (None, false, Auto, vec![], 1)),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
