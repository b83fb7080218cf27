//! Words under the notes, and symbols above them. ABC 2.1, sections 4.15 and 5.

use super::super::ImportError;
use super::code::Code;
use super::text;
use super::tune::Tune;
use super::voices::Voice;
use crate::model::*;

/// A syllable, or what stands for one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A syllable, and whether its word goes on.
    Syllable(String, bool),
    /// `_`: the syllable before is held.
    Held,
    /// `*`, or a hyphen of its own: a note without a syllable.
    Skip,
    /// `|`: on to the next measure.
    Bar,
}

/// More verses than this are not written under one line.
const MAX_VERSES: usize = 64;

impl Tune<'_, '_> {
    /// `w:`: a verse for the notes since the last words.
    pub(super) fn words(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        self.ready(byte)?;
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        begin_verse(voice);
        let notes = sung(voice);
        let verse = (voice.verse).to_string();
        let mut at = 0_usize;
        let mut in_measure = 0;
        let mut word_goes_on = false;
        let mut last: Option<usize> = None;
        let mut left_over = false;
        for token in tokens(value) {
            let Some((measure, event)) = notes.get(at).copied() else {
                left_over |= !matches!(token, Token::Bar | Token::Skip);
                if token == Token::Held
                    && let Some(lyric) = last.and_then(|last| voice.lyrics.get_mut(last))
                {
                    lyric.extend = true;
                }
                continue;
            };
            match token {
                Token::Bar if at == 0 => {}
                Token::Bar => {
                    at += notes.get(at..).unwrap_or_default().iter().take_while(|(other, _)| *other <= in_measure).count();
                    in_measure = notes.get(at).map_or(in_measure, |(measure, _)| *measure);
                    continue;
                }
                Token::Skip => at += 1,
                Token::Held => {
                    if let Some(lyric) = last.and_then(|last| voice.lyrics.get_mut(last)) {
                        lyric.extend = true;
                    }
                    at += 1;
                }
                Token::Syllable(text, goes_on) => {
                    let syllabic = match (word_goes_on, goes_on) {
                        (false, false) => Syllabic::Single,
                        (false, true) => Syllabic::Begin,
                        (true, true) => Syllabic::Middle,
                        (true, false) => Syllabic::End,
                    };
                    word_goes_on = goes_on;
                    let text = vec![LyricPiece::Text(text, syllabic)];
                    voice.lyrics.push(Lyric { event, verse: verse.clone(), text, ..Lyric::default() });
                    last = Some(voice.lyrics.len() - 1);
                    at += 1;
                }
            }
            in_measure = measure;
        }
        if left_over {
            self.report.invalid(&["w: more syllables than notes"], byte);
        }
        Ok(())
    }

    /// `s:`: decorations and chord symbols for the notes since the last words, as words are set.
    pub(super) fn symbol_line(&mut self, value: &str, byte: usize) -> Result<(), ImportError> {
        self.ready(byte)?;
        let Some(voice) = self.voices.get_mut(self.current) else { return Ok(()) };
        let notes: Vec<usize> = {
            let from = if voice.words_to > voice.words_done { voice.words_done } else { voice.words_from };
            let range = from..voice.words_to;
            range.filter(|at| voice.events.get(*at).is_some_and(|pending| pending.sung && pending.lane == 0)).collect()
        };
        let held = std::mem::take(&mut voice.lane.attached);
        let mut code = Code::new(value, byte);
        let mut at = 0_usize;
        while let Some(c) = code.peek() {
            let byte = code.byte();
            code.bump();
            match c {
                '*' => at += 1,
                '|' => {
                    let measure = |at: usize| {
                        let pending = notes.get(at).and_then(|at| self.voices.get(self.current)?.events.get(*at));
                        pending.map(|pending| pending.measure)
                    };
                    let here = measure(at.saturating_sub(1));
                    while at > 0 && at < notes.len() && measure(at) == here {
                        at += 1;
                    }
                }
                '!' | '"' => {
                    let Some(text) = code.until(c) else { break };
                    if c == '!' {
                        self.decorate(text, byte);
                    } else {
                        self.annotation(text, byte);
                    }
                    if let Some(event) = notes.get(at) {
                        self.settle_attached(Some(*event));
                    } else {
                        self.report.invalid(&["s: more symbols than notes"], byte);
                    }
                    at += 1;
                }
                ' ' => {}
                other => self.report.invalid(&["s: field", &other.to_string()], byte),
            }
        }
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.lane.attached = held;
        }
        Ok(())
    }
}

/// The next verse of the same notes; the first verse of the notes since the last words.
fn begin_verse(voice: &mut Voice) {
    if voice.words_to > voice.words_done {
        voice.words_from = voice.words_done;
        voice.words_done = voice.words_to;
        voice.verse = 0;
    }
    voice.verse = (voice.verse + 1).min(MAX_VERSES);
}

/// The events that syllables go on, with their measures.
fn sung(voice: &Voice) -> Vec<(usize, EventId)> {
    let since = voice.events.get(voice.words_from..voice.words_to).unwrap_or_default();
    since.iter().filter(|pending| pending.sung && pending.lane == 0).map(|pending| (pending.measure, pending.id)).collect()
}

fn tokens(value: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut syllable = String::new();
    let mut chars = value.chars().peekable();
    let flush = |syllable: &mut String, tokens: &mut Vec<Token>, goes_on: bool| {
        if !syllable.is_empty() {
            tokens.push(Token::Syllable(text::plain(&std::mem::take(syllable)), goes_on));
        }
    };
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.peek() == Some(&'-') => {
                chars.next();
                syllable.push('-');
            }
            '\\' => {
                syllable.push(c);
                syllable.extend(chars.next());
            }
            '~' => syllable.push(' '),
            ' ' | '\t' => flush(&mut syllable, &mut tokens, false),
            '-' if syllable.is_empty() => {
                // A hyphen of its own after a syllable that stood alone makes it the start of a word.
                match tokens.last_mut() {
                    Some(Token::Syllable(_, goes_on)) if !*goes_on => *goes_on = true,
                    _ => tokens.push(Token::Skip),
                }
            }
            '-' => flush(&mut syllable, &mut tokens, true),
            '_' | '*' | '|' => {
                flush(&mut syllable, &mut tokens, false);
                tokens.push(match c {
                    '_' => Token::Held,
                    '*' => Token::Skip,
                    _ => Token::Bar,
                });
            }
            c => syllable.push(c),
        }
    }
    flush(&mut syllable, &mut tokens, false);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_syllables() {
        let syllable = |text: &str, goes_on| Token::Syllable(text.to_owned(), goes_on);
        assert_eq!(
            tokens(r"Hal-le- lu-jah of~the __ a\-b * c|d - - e"),
            [
                syllable("Hal", true),
                syllable("le", true),
                syllable("lu", true),
                syllable("jah", false),
                syllable("of the", false),
                Token::Held,
                Token::Held,
                syllable("a-b", false),
                Token::Skip,
                syllable("c", false),
                Token::Bar,
                syllable("d", true),
                Token::Skip,
                syllable("e", false),
            ]
        );
    }
}
