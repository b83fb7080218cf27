//! Writes XML, indented, one element a line.

/// An XML document under construction.
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

/// An attribute and its value.
pub(super) type Attribute<'a> = (&'static str, &'a str);

impl Xml {
    pub(super) fn new(prologue: &str) -> Self {
        Self { text: prologue.to_owned(), open: Vec::new() }
    }

    fn indent(&mut self) {
        for _ in 0..self.open.len() {
            self.text.push_str("  ");
        }
    }

    fn tag(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            escape(&mut self.text, value, true);
            self.text.push('"');
        }
    }

    /// Opens an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push_str(">\n");
        }
    }

    /// An element with everything that `content` writes in it; left out where that is nothing.
    pub(super) fn within(&mut self, name: &'static str, attributes: &[Attribute<'_>], content: impl FnOnce(&mut Self)) {
        let before = self.text.len();
        self.open(name, attributes);
        let inside = self.text.len();
        content(self);
        if self.text.len() == inside {
            self.open.pop();
            self.text.truncate(before);
        } else {
            self.close();
        }
    }

    /// An element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.tag(name, attributes);
        self.text.push('>');
        escape(&mut self.text, text, false);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    /// An element with text, left out where that is empty.
    pub(super) fn optional(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        if !text.is_empty() {
            self.text(name, attributes, text);
        }
    }

    /// An element with a number.
    pub(super) fn number(&mut self, name: &str, number: impl std::fmt::Display) {
        self.text(name, &[], &number.to_string());
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// XML 1.0, 2.2 and 2.4: characters that are not allowed at all are left out.
fn escape(to: &mut String, text: &str, attribute: bool) {
    for character in text.chars() {
        match character {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' if attribute => to.push_str("&quot;"),
            '\n' | '\t' if attribute => to.push_str(&format!("&#{};", character as u32)),
            '\r' => to.push_str("&#13;"),
            '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => to.push(character),
            _ => {}
        }
    }
}
