//! A file as lines: what heads it, and the tunes in it. ABC 2.1, section 2.2.

use std::borrow::Cow;

/// A line of a tune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Where its content starts in the file.
    pub(super) byte: usize,
    pub(super) content: Content<'a>,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content<'a> {
    /// An information field: its letter and its text.
    Field(char, Cow<'a, str>),
    /// A stylesheet directive, `%%…` or `I:…`, without what introduces it.
    Directive(Cow<'a, str>),
    /// Music, and whether the line after it is of the same system.
    Music(&'a str, bool),
}

/// A file of tunes.
#[derive(Debug, Default)]
pub(super) struct Book<'a> {
    /// What holds for all tunes.
    pub(super) header: Vec<Line<'a>>,
    /// The lines of each tune, from its `X:`.
    pub(super) tunes: Vec<Vec<Line<'a>>>,
}

impl<'a> Book<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        let mut book = Self::default();
        let mut open = false;
        let mut started = false;
        let mut skipping = false;
        for (byte, raw) in physical(text) {
            if skipping || raw.starts_with("%%begin") {
                // Blocks of typeset text and PostScript are no music.
                skipping = !raw.starts_with("%%end");
                continue;
            }
            if raw.trim().is_empty() {
                (open, started) = (false, true);
                continue;
            }
            let Some(line) = line(byte, raw) else { continue };
            if matches!(line.content, Content::Field('X', _)) {
                book.tunes.push(Vec::new());
                (open, started) = (true, true);
            }
            let lines = match book.tunes.last_mut() {
                Some(tune) if open => tune,
                // Text between tunes is for people to read; fields there belong to nothing.
                Some(_) => continue,
                None if !started || !matches!(line.content, Content::Music(..)) => &mut book.header,
                None => continue,
            };
            continue_field(lines, line);
        }
        if book.tunes.is_empty() {
            book.lone_tune();
        }
        // A heading without a key is the contents of a book, not a tune.
        book.tunes.retain(|lines| lines.iter().any(|line| matches!(line.content, Content::Field('K', _) | Content::Music(..))));
        book
    }

    /// A fragment without a reference number is a tune if it has a key.
    fn lone_tune(&mut self) {
        if self.header.iter().any(|line| matches!(line.content, Content::Field('K', _))) {
            self.tunes.push(std::mem::take(&mut self.header));
        }
    }
}

/// The lines of a text with the byte each starts at, whatever ends them.
fn physical(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = text;
    let mut at = 0;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(end);
        let start = at;
        let skip = if tail.starts_with("\r\n") { 2 } else { tail.len().min(1) };
        at += end + skip;
        rest = tail.get(skip..).unwrap_or_default();
        Some((start, line))
    })
}

fn line(byte: usize, raw: &str) -> Option<Line<'_>> {
    if let Some(directive) = raw.strip_prefix("%%") {
        return Some(Line { byte: byte + 2, content: Content::Directive(directive.trim().into()) });
    }
    if raw.starts_with('%') {
        return None;
    }
    let mut letters = raw.chars();
    let field = letters.next().filter(|c| c.is_ascii_alphabetic() || *c == '+').filter(|_| letters.next() == Some(':'));
    let Some(letter) = field else {
        let music = without_comment(raw).trim_end();
        let continued = music.ends_with('\\');
        let music = music.strip_suffix('\\').unwrap_or(music);
        return (!music.is_empty()).then_some(Line { byte, content: Content::Music(music, continued) });
    };
    // A barline may start with a letter's place only as `|:`; `|` is no letter, so a letter and a colon are a field.
    let value = without_comment(raw.get(2..).unwrap_or_default());
    let lead = value.len() - value.trim_start().len();
    let value = value.trim();
    let content = match letter {
        'I' => Content::Directive(value.into()),
        _ => Content::Field(letter, value.into()),
    };
    Some(Line { byte: byte + 2 + lead, content })
}

/// Joins `+:` to the field before it.
fn continue_field<'a>(lines: &mut Vec<Line<'a>>, line: Line<'a>) {
    let Content::Field('+', more) = &line.content else {
        lines.push(line);
        return;
    };
    let before = lines.iter_mut().rev().find_map(|line| match &mut line.content {
        Content::Field(_, text) | Content::Directive(text) => Some(text),
        Content::Music(..) => None,
    });
    if let Some(text) = before {
        let text = text.to_mut();
        if !text.ends_with('-') {
            text.push(' ');
        }
        text.push_str(more);
    }
}

/// A line up to its comment; `\%` is a percent sign.
fn without_comment(line: &str) -> &str {
    let mut escaped = false;
    for (at, c) in line.char_indices() {
        if c == '%' && !escaped {
            return line.get(..at).unwrap_or(line);
        }
        escaped = c == '\\' && !escaped;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_book_has_a_head_and_tunes() {
        let text = "%abc-2.1\r\nC:All\r\n\r\nFree text: not a field\r\nX:1\rT:A % note\rK:D\rabc \\\rdef|\\\n\nX:2\nT:Only listed\n\nX:3\nK:C\n%%score 1\nW:a\n+:b\n";
        let book = Book::of(text);
        assert_eq!(book.header, [Line { byte: 12, content: Content::Field('C', "All".into()) }]);
        assert_eq!(book.tunes.len(), 2);
        let music: Vec<_> = book.tunes[0].iter().filter(|line| matches!(line.content, Content::Music(..))).collect();
        assert_eq!(music[0].content, Content::Music("abc ", true));
        assert_eq!(book.tunes[1][2].content, Content::Directive("score 1".into()));
        assert_eq!(book.tunes[1][3].content, Content::Field('W', "a b".into()));
        assert_eq!(&text[book.tunes[0][1].byte..][..1], "A");
    }

    #[test]
    fn percent_signs_can_be_escaped() {
        assert_eq!(without_comment(r"100\% sure % not"), r"100\% sure ");
    }
}
