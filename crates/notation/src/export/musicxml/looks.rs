//! The attributes by which MusicXML says how something looks.

use super::xml::Attribute;
use crate::import::musicxml::names::Named;
use crate::model::*;

/// Attributes of one element.
#[derive(Default)]
pub(super) struct Looks(Vec<(&'static str, String)>);

impl Looks {
    /// Of something that is hidden, perhaps, and coloured, perhaps.
    pub(super) fn of(visible: bool, colour: Option<Colour>) -> Self {
        let looks = Self::default().colour(colour);
        if visible { looks } else { looks.with("print-object", "no") }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// An attribute that is left out where it says nothing.
    pub(super) fn named(self, name: &'static str, value: &str) -> Self {
        if value.is_empty() { self } else { self.with(name, value) }
    }

    /// An attribute that is `yes`, or left out.
    pub(super) fn flag(self, name: &'static str, set: bool) -> Self {
        if set { self.with(name, "yes") } else { self }
    }

    pub(super) fn colour(self, colour: Option<Colour>) -> Self {
        match colour {
            Some(colour) => self.with("color", colour.to_string()),
            None => self,
        }
    }

    pub(super) fn side(self, placement: Placement) -> Self {
        self.named("placement", placement.name())
    }

    pub(super) fn line(self, line: LineStyle) -> Self {
        self.named("line-type", line.name())
    }

    /// MusicXML 4.0, `font`.
    pub(super) fn font(self, style: &TextStyle) -> Self {
        let size = style.size.map(|size| (f64::from(size) / 10.0).to_string()).unwrap_or_default();
        let looks = self.named("font-family", &style.family).named("font-size", &size);
        let looks = looks.named("font-style", if style.italic { "italic" } else { "" });
        looks.named("font-weight", if style.bold { "bold" } else { "" })
    }

    /// MusicXML 4.0, `text-formatting`.
    pub(super) fn text(self, style: &TextStyle) -> Self {
        let looks = self.font(style).named("underline", if style.underline { "1" } else { "" });
        looks.named("enclosure", style.enclosure.name()).named("justify", style.justify.name())
    }

    pub(super) fn attributes(&self) -> Vec<Attribute<'_>> {
        self.0.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}
