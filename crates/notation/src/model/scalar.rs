//! How a field is stored: as one scalar, so that a replicated document merges it as a whole.

use super::{Beat, EventTime, Id};

/// A stored value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// Absent, for a field that may be.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text: as such, or the canonical text of a compound value.
    Text(String),
}

/// A value that can be a field of a record.
pub trait FieldValue: Sized + PartialEq {
    /// The stored form.
    fn to_scalar(&self) -> Scalar;
    /// The value of a stored form; nothing where it is not one (a damaged or newer document).
    fn from_scalar(scalar: &Scalar) -> Option<Self>;
}

impl FieldValue for bool {
    fn to_scalar(&self) -> Scalar {
        Scalar::Bool(*self)
    }
    fn from_scalar(scalar: &Scalar) -> Option<Self> {
        if let Scalar::Bool(value) = scalar { Some(*value) } else { None }
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl FieldValue for $type {
            fn to_scalar(&self) -> Scalar {
                Scalar::Int(i64::from(*self))
            }
            fn from_scalar(scalar: &Scalar) -> Option<Self> {
                if let Scalar::Int(value) = scalar { (*value).try_into().ok() } else { None }
            }
        }
    )*};
}
integers!(u8, u16, u32, i8, i16, i32, i64);

impl FieldValue for String {
    fn to_scalar(&self) -> Scalar {
        Scalar::Text(self.clone())
    }
    fn from_scalar(scalar: &Scalar) -> Option<Self> {
        if let Scalar::Text(text) = scalar { Some(text.clone()) } else { None }
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn to_scalar(&self) -> Scalar {
        self.as_ref().map_or(Scalar::Null, FieldValue::to_scalar)
    }
    fn from_scalar(scalar: &Scalar) -> Option<Self> {
        match scalar {
            Scalar::Null => Some(None),
            other => T::from_scalar(other).map(Some),
        }
    }
}

impl<T> FieldValue for Id<T> {
    fn to_scalar(&self) -> Scalar {
        Scalar::Text(self.to_string())
    }
    fn from_scalar(scalar: &Scalar) -> Option<Self> {
        if let Scalar::Text(text) = scalar { text.parse().ok() } else { None }
    }
}

macro_rules! displayed {
    ($($type:ty),*) => {$(
        impl FieldValue for $type {
            fn to_scalar(&self) -> Scalar {
                Scalar::Text(self.to_string())
            }
            fn from_scalar(scalar: &Scalar) -> Option<Self> {
                if let Scalar::Text(text) = scalar { text.parse().ok() } else { None }
            }
        }
    )*};
}
displayed!(Beat, EventTime, super::Colour);

/// Compound values are stored as their JSON text.
macro_rules! as_json {
    ($($type:ty),* $(,)?) => {$(
        impl FieldValue for $type {
            fn to_scalar(&self) -> Scalar {
                serde_json::to_string(self).map_or(Scalar::Null, Scalar::Text)
            }
            fn from_scalar(scalar: &Scalar) -> Option<Self> {
                if let Scalar::Text(text) = scalar { serde_json::from_str(text).ok() } else { None }
            }
        }
    )*};
}
as_json!(
    super::AccidentalSign,
    super::Anchor,
    super::BarStyle,
    super::BeamFan,
    super::Break,
    super::ChordSpelling,
    super::Ending,
    super::EndingStop,
    super::Grace,
    super::GroupSymbol,
    super::LineEnds,
    super::LineStyle,
    super::MarkKind,
    super::MeasureNumbers,
    super::Moment,
    super::MusicFont,
    super::NotePitch,
    super::Notehead,
    super::Paper,
    super::Placement,
    super::PrintedAccidental,
    super::RestDisplay,
    super::SignKind,
    super::SpanKind,
    super::StemDirection,
    super::TextFont,
    super::TextStyle,
    super::TimeSignature,
    super::Transposition,
    Vec<super::BeamRole>,
    Vec<super::Instrument>,
    Vec<super::Jump>,
    Vec<super::LyricPiece>,
);
