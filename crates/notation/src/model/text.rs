//! Text on the page and how it looks; colours and lines.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::signs::is_default;

/// A colour, written `#RRGGBB`, or `#AARRGGBB` where it is not opaque. MusicXML 4.0, `color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Colour {
    /// Opacity, red, green and blue.
    argb: [u8; 4],
}

impl Colour {
    /// An opaque colour.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { argb: [255, red, green, blue] }
    }

    /// Red, green, blue and opacity.
    pub const fn rgba(self) -> [u8; 4] {
        let [alpha, red, green, blue] = self.argb;
        [red, green, blue, alpha]
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#")?;
        let shown = if self.argb[0] == 255 { &self.argb[1..] } else { &self.argb[..] };
        shown.iter().try_for_each(|part| write!(f, "{part:02X}"))
    }
}

/// The text is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a colour: write # and six or eight hexadecimal digits")]
pub struct ColourError;

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())).ok_or(ColourError)?;
        let value = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        match digits.len() {
            6 => Ok(Self { argb: (value | 0xff00_0000).to_be_bytes() }),
            8 => Ok(Self { argb: value.to_be_bytes() }),
            _ => Err(ColourError),
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// What is drawn around a text. MusicXML 4.0, `enclosure-shape`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Enclosure {
    /// As the style says.
    #[default]
    Auto,
    None,
    Rectangle,
    Square,
    Oval,
    Circle,
    Bracket,
    InvertedBracket,
    Triangle,
    Diamond,
    Pentagon,
    Hexagon,
    Heptagon,
    Octagon,
    Nonagon,
    Decagon,
}

/// Where a text stands against its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Justify {
    /// As the style says.
    #[default]
    Auto,
    Left,
    Center,
    Right,
}

/// How text looks, where it differs from the style.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct TextStyle {
    #[serde(default, skip_serializing_if = "is_default")]
    pub bold: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub italic: bool,
    #[serde(default, skip_serializing_if = "is_default")]
    pub underline: bool,
    /// Size in tenths of a point; the style's own where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u16>,
    /// The font's name; the style's own where empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family: String,
    #[serde(default, skip_serializing_if = "is_default")]
    pub enclosure: Enclosure,
    #[serde(default, skip_serializing_if = "is_default")]
    pub justify: Justify,
}

/// Staff or system text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Words {
    /// What is printed; lines are separated by a line feed.
    pub text: String,
}

/// Where on the page a text is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum VerticalAlign {
    Top,
    Middle,
    #[default]
    Baseline,
    Bottom,
}

/// Words on the page that are not a field of the header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Credit {
    /// What is printed; lines are separated by a line feed.
    pub text: String,
    /// Where: from the left edge of the page and up from its lower edge, in tenths of a millimetre; by the style where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<(i32, i32)>,
    /// What of the text stands at that height.
    #[serde(default, skip_serializing_if = "is_default")]
    pub align: VerticalAlign,
}

/// How a line is drawn. MusicXML 4.0, `line-type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum LineStyle {
    /// As the kind of line usually is.
    #[default]
    Auto,
    Solid,
    Dashed,
    Dotted,
    Wavy,
}

/// How a line ends. MusicXML 4.0, `line-end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum LineEnd {
    /// As the kind of line usually does.
    #[default]
    Auto,
    None,
    Up,
    Down,
    Both,
    Arrow,
}

/// How the two ends of a line are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct LineEnds {
    pub start: LineEnd,
    pub end: LineEnd,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_they_are_written() {
        for text in ["#FF8000", "#80FF8000"] {
            assert_eq!(text.parse::<Colour>().unwrap().to_string(), text);
        }
        assert_eq!("#ff8000".parse::<Colour>().unwrap(), Colour::new(255, 128, 0));
        for text in ["", "#", "FF8000", "#FF80", "#GG8000", "#+F8000", "#FF80001"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
    }
}
