//! XML as a stream of tags, and small trees of the elements worth holding at once (one measure, one header element).
//!
//! Only the five predefined entities and character references are expanded. A document type declaration may name an
//! external DTD, which is never fetched; one that defines entities ends the import.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::errors::{Error, IllFormedError, SyntaxError};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesRef, Event};

use super::{Bound, ImportError, Limits, TextPlace};

/// An opening tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'a> {
    /// The name without a namespace prefix.
    pub(super) name: &'a str,
    /// Closed at once.
    pub(super) empty: bool,
    /// The byte it starts at.
    pub(super) byte: usize,
    attributes: &'a str,
}

impl<'a> Tag<'a> {
    /// The value of an attribute. Only for a tag whose attributes are known to be well-formed, as the reader checks.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        attributes(self.attributes).flatten().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

fn attributes(raw: &str) -> impl Iterator<Item = Result<(&str, Cow<'_, str>), String>> {
    Attributes::new(raw, 0).map(|attribute| {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|error| error.to_string())?;
        Ok((local(attribute.key.0), value))
    })
}

/// XML does not allow control characters, and some programs write them into lyrics all the same: they are left out.
fn without_control_characters(text: Cow<'_, str>) -> Cow<'_, str> {
    let control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if !text.bytes().any(control) {
        return text;
    }
    text.chars().filter(|c| u8::try_from(*c).map_or(true, |byte| !control(byte))).collect()
}

/// What comes next in a document.
#[derive(Debug)]
pub(super) enum Token<'a> {
    Open(Tag<'a>),
    Close,
    Text(Cow<'a, str>),
    /// The end of a complete document.
    End,
}

/// Reads a document and checks that it is well-formed.
pub(super) struct XmlReader<'a> {
    source: &'a str,
    inner: Reader<&'a [u8]>,
    open: Vec<&'a str>,
    max_depth: usize,
    rooted: bool,
}

impl<'a> XmlReader<'a> {
    pub(super) fn new(source: &'a str, limits: &Limits) -> Self {
        Self { source, inner: Reader::from_str(source), open: Vec::new(), max_depth: limits.depth, rooted: false }
    }

    /// The place of a byte.
    pub(super) fn place(&self, byte: usize) -> TextPlace {
        TextPlace::of(self.source, byte)
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, ImportError> {
        loop {
            let start = self.position();
            let event = self.inner.read_event().map_err(|error| self.failure(&error))?;
            let token = match event {
                Event::Start(_) => Some(Token::Open(self.tag(start, false)?)),
                Event::Empty(_) => Some(Token::Open(self.tag(start, true)?)),
                Event::End(_) => {
                    self.open.pop();
                    Some(Token::Close)
                }
                Event::Text(text) => self.text(text.xml10_content(), start)?,
                Event::CData(text) => self.text(text.xml10_content(), start)?,
                Event::GeneralRef(reference) => self.text(self.resolve(&reference, start)?, start)?,
                Event::DocType(declaration) => {
                    self.check_declaration(&declaration, start)?;
                    None
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => None,
                Event::Eof => Some(self.end()?),
            };
            if let Some(token) = token {
                return Ok(token);
            }
        }
    }

    fn position(&self) -> usize {
        usize::try_from(self.inner.buffer_position()).unwrap_or(self.source.len())
    }

    fn tag(&mut self, start: usize, empty: bool) -> Result<Tag<'a>, ImportError> {
        let end = self.position().saturating_sub(if empty { 2 } else { 1 });
        let inside = self.source.get(start + 1..end).unwrap_or_default();
        let name_end = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
        let (name, raw) = inside.split_at(name_end);
        if name.is_empty() || !name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
            return Err(self.malformed(start, "this is not the name of an element".into()));
        }
        if !raw.is_empty()
            && let Some(Err(reason)) = attributes(raw).find(Result::is_err)
        {
            return Err(self.malformed(start, reason));
        }
        if self.open.is_empty() && std::mem::replace(&mut self.rooted, true) {
            return Err(self.malformed(start, "there is a second outermost element".into()));
        }
        if self.open.len() >= self.max_depth {
            return Err(ImportError::TooLarge { bound: Bound::Depth, max: self.max_depth as u64, place: Some(self.place(start)) });
        }
        if !empty {
            self.open.push(name);
        }
        Ok(Tag { name: local(name), empty, byte: start, attributes: raw })
    }

    fn text(&self, text: Cow<'a, str>, start: usize) -> Result<Option<Token<'a>>, ImportError> {
        if !self.open.is_empty() {
            return Ok(Some(Token::Text(without_control_characters(text))));
        }
        if text.trim_ascii().is_empty() {
            return Ok(None);
        }
        let leading = text.len() - text.trim_ascii_start().len();
        if !self.rooted {
            return Err(ImportError::NotXml);
        }
        Err(self.malformed(start + leading, "there is text after the outermost element".into()))
    }

    fn resolve(&self, reference: &BytesRef<'a>, start: usize) -> Result<Cow<'a, str>, ImportError> {
        let error = |reason: String| self.malformed(start, reason);
        if let Some(character) = reference.resolve_char_ref().map_err(|e| error(e.to_string()))? {
            let allowed = matches!(character, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
            return if allowed { Ok(character.to_string().into()) } else { Err(error("this character is not allowed in XML".into())) };
        }
        let known = resolve_predefined_entity(reference).map(Cow::Borrowed);
        known.ok_or_else(|| error(format!("the entity “{}” is not defined", reference.chars().take(40).collect::<String>())))
    }

    fn check_declaration(&self, declaration: &str, start: usize) -> Result<(), ImportError> {
        match declaration.find("<!ENTITY") {
            Some(at) => {
                let inside = self.source.get(start..).and_then(|rest| rest.find("<!ENTITY")).unwrap_or(at);
                Err(ImportError::EntityDefinition { place: self.place(start + inside) })
            }
            None => Ok(()),
        }
    }

    fn end(&self) -> Result<Token<'a>, ImportError> {
        match self.open.last() {
            Some(open) => Err(self.truncated(open)),
            None if self.rooted => Ok(Token::End),
            None => Err(ImportError::NotXml),
        }
    }

    fn truncated(&self, open: &str) -> ImportError {
        ImportError::Truncated { open: open.chars().take(60).collect(), place: self.place(self.source.len()) }
    }

    fn malformed(&self, byte: usize, reason: String) -> ImportError {
        ImportError::Malformed { place: self.place(byte), reason }
    }

    fn failure(&self, error: &Error) -> ImportError {
        let cut_off = !matches!(error, Error::Syntax(SyntaxError::InvalidBangMarkup));
        match error {
            // A construct that never ends: the text stops inside of it.
            Error::Syntax(_) if cut_off && self.is_markup() => self.truncated(self.open.last().copied().unwrap_or_default()),
            Error::IllFormed(IllFormedError::MismatchedEndTag { expected, found }) => {
                self.malformed(self.error_position(), format!("</{found}> closes <{expected}>"))
            }
            Error::Syntax(_) if !self.is_markup() => ImportError::NotXml,
            _ => self.malformed(self.error_position(), error.to_string()),
        }
    }

    fn is_markup(&self) -> bool {
        self.source.trim_start().starts_with('<')
    }

    fn error_position(&self) -> usize {
        usize::try_from(self.inner.error_position()).unwrap_or(self.source.len())
    }

    /// Skips the rest of an element whose opening tag was just read.
    pub(super) fn skip(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let mut depth = usize::from(!tag.empty);
        while depth > 0 {
            match self.next()? {
                Token::Open(inner) if !inner.empty => depth += 1,
                Token::Close => depth -= 1,
                Token::Open(_) | Token::Text(_) | Token::End => {}
            }
        }
        Ok(())
    }
}

const NONE: u32 = u32::MAX;

#[derive(Debug)]
struct Node<'a> {
    name: &'a str,
    /// The text before the first child.
    text: Cow<'a, str>,
    attributes: &'a str,
    byte: usize,
    first: u32,
    last: u32,
    next: u32,
}

/// An element with everything in it. The same tree is filled again and again, so that its memory is.
#[derive(Debug, Default)]
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    open: Vec<u32>,
}

impl<'a> Tree<'a> {
    /// Replaces the tree by the element whose opening tag was just read.
    pub(super) fn fill(&mut self, reader: &mut XmlReader<'a>, tag: &Tag<'a>, limits: &Limits) -> Result<(), ImportError> {
        self.nodes.clear();
        self.open.clear();
        self.push(tag);
        while !self.open.is_empty() {
            match reader.next()? {
                Token::Open(tag) => {
                    if self.nodes.len() >= limits.elements.min(NONE as usize) {
                        let place = Some(reader.place(tag.byte));
                        return Err(ImportError::TooLarge { bound: Bound::Elements, max: limits.elements as u64, place });
                    }
                    self.push(&tag);
                }
                Token::Close => drop(self.open.pop()),
                Token::Text(text) => self.append(text),
                Token::End => break,
            }
        }
        Ok(())
    }

    fn push(&mut self, tag: &Tag<'a>) {
        let index = self.nodes.len() as u32;
        if let Some(parent) = self.open.last().copied() {
            let previous = self.nodes.get_mut(parent as usize).map(|parent| {
                if parent.first == NONE {
                    parent.first = index;
                }
                std::mem::replace(&mut parent.last, index)
            });
            if let Some(previous) = previous.and_then(|at| self.nodes.get_mut(at as usize)) {
                previous.next = index;
            }
        }
        let (name, attributes, byte) = (tag.name, tag.attributes, tag.byte);
        self.nodes.push(Node { name, text: Cow::Borrowed(""), attributes, byte, first: NONE, last: NONE, next: NONE });
        if !tag.empty {
            self.open.push(index);
        }
    }

    fn append(&mut self, text: Cow<'a, str>) {
        let Some(node) = self.open.last().and_then(|at| self.nodes.get_mut(*at as usize)) else { return };
        if node.first != NONE {
            return;
        }
        if node.text.is_empty() {
            node.text = text;
        } else {
            node.text.to_mut().push_str(&text);
        }
    }

    /// The outermost element.
    pub(super) fn root(&self) -> Option<Element<'_, 'a>> {
        self.element(0)
    }

    fn element(&self, at: u32) -> Option<Element<'_, 'a>> {
        self.nodes.get(at as usize).map(|node| Element { tree: self, node })
    }
}

/// An element of a [`Tree`].
#[derive(Clone, Copy)]
pub(super) struct Element<'t, 'a> {
    tree: &'t Tree<'a>,
    node: &'t Node<'a>,
}

impl<'t, 'a> Element<'t, 'a> {
    /// The name without a namespace prefix.
    pub(super) fn name(self) -> &'a str {
        self.node.name
    }

    /// The byte it starts at.
    pub(super) fn byte(self) -> usize {
        self.node.byte
    }

    /// The text before the first child, without white space around it.
    pub(super) fn text(self) -> &'t str {
        self.node.text.trim()
    }

    /// The text before the first child as it stands.
    pub(super) fn raw_text(self) -> &'t str {
        &self.node.text
    }

    pub(super) fn children(self) -> impl Iterator<Item = Element<'t, 'a>> + use<'t, 'a> {
        let tree = self.tree;
        std::iter::successors(tree.element(self.node.first), move |last| tree.element(last.node.next))
    }

    pub(super) fn named(self, name: &str) -> impl Iterator<Item = Element<'t, 'a>> {
        self.children().filter(move |child| child.name() == name)
    }

    pub(super) fn child(self, name: &str) -> Option<Element<'t, 'a>> {
        self.children().find(|child| child.name() == name)
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.child(name).is_some()
    }

    /// The trimmed text of the first child of this name.
    pub(super) fn text_of(self, name: &str) -> Option<&'t str> {
        self.child(name).map(Element::text)
    }

    /// The number in the text of the first child of this name.
    pub(super) fn number_of<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.text_of(name)?.parse().ok()
    }

    pub(super) fn attribute(self, name: &str) -> Option<Cow<'a, str>> {
        if self.node.attributes.is_empty() {
            return None;
        }
        // The tag was checked when it was read; a cheap test spares the parse of what is not there.
        if !self.node.attributes.contains(name) {
            return None;
        }
        attributes(self.node.attributes).flatten().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether an attribute has this value.
    pub(super) fn is(self, name: &str, value: &str) -> bool {
        self.attribute(name).is_some_and(|found| found == value)
    }

    pub(super) fn number<T: std::str::FromStr>(self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }
}
