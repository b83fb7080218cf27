//! Music code as a stream of characters that know their place in the file.

/// A cursor over music code.
#[derive(Debug, Clone)]
pub(super) struct Code<'a> {
    text: &'a str,
    at: usize,
    base: usize,
    /// Whether all of it stands for one place: what a macro expands to.
    fixed: bool,
}

impl<'a> Code<'a> {
    /// Code that starts at this byte of the file.
    pub(super) fn new(text: &'a str, base: usize) -> Self {
        Self { text, at: 0, base, fixed: false }
    }

    /// Code that is not in the file itself but comes from this byte of it.
    pub(super) fn from_place(text: &'a str, byte: usize) -> Self {
        Self { text, at: 0, base: byte, fixed: true }
    }

    /// The place in the file.
    pub(super) fn byte(&self) -> usize {
        if self.fixed { self.base } else { self.base + self.at }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The character after the next one.
    pub(super) fn second(&self) -> Option<char> {
        self.rest().chars().nth(1)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Goes on by this many bytes, to the end at most.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.text.len());
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    pub(super) fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t')) {
            self.at += 1;
        }
    }

    /// What stands up to this character, which is read as well; nothing, and nothing read, where it does not come.
    pub(super) fn until(&mut self, end: char) -> Option<&'a str> {
        let (found, _) = self.rest().split_once(end)?;
        self.at += found.len() + end.len_utf8();
        Some(found)
    }

    /// How many of this character follow, at most nine.
    pub(super) fn count(&mut self, c: char) -> u32 {
        let mut count = 0;
        while count < 9 && self.eat(c) {
            count += 1;
        }
        count
    }

    /// A whole number; one that is absurdly long is as large as can be.
    pub(super) fn number(&mut self) -> Option<u32> {
        let rest = self.rest();
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        if digits == 0 {
            return None;
        }
        self.at += digits;
        Some(rest.get(..digits).and_then(|digits| digits.parse().ok()).unwrap_or(u32::MAX))
    }

    /// A length: `2`, `/2`, `/`, `//`, `3/2`; one where nothing is written. Nothing for one that is absurd.
    pub(super) fn length(&mut self) -> Option<(i64, i64)> {
        let num = self.number().unwrap_or(1);
        let mut den: i64 = 1;
        if self.eat('/') {
            den = match self.number() {
                Some(den) => i64::from(den),
                None => 2 << self.count('/'),
            };
        }
        let sane = (1..=4096).contains(&num) && (1..=4096).contains(&den);
        sane.then_some((i64::from(num), den))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        let read = |text| Code::new(text, 0).length();
        assert_eq!(read(""), Some((1, 1)));
        assert_eq!(read("3/2x"), Some((3, 2)));
        assert_eq!((read("/"), read("//"), read("/4")), (Some((1, 2)), Some((1, 4)), Some((1, 4))));
        assert_eq!((read("0"), read("99999999999999"), read("1/0")), (None, None, None));
    }

    #[test]
    fn places_are_those_of_the_file() {
        let mut code = Code::new("ab\"c\"d", 10);
        code.skip(3);
        assert_eq!((code.until('"'), code.byte()), (Some("c"), 15));
        assert_eq!((code.until('!'), code.byte()), (None, 15));
        assert_eq!(Code::from_place("abc", 4).byte(), 4);
    }
}
