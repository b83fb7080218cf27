//! Records and their fields.

use super::records::*;
use super::{Id, Scalar};

/// Declares a record: the struct, an enum with one variant a field that carries its value, and the passage between the
/// two and their stored form. A field equal to its default is not stored.
macro_rules! record {
    (
        $(#[$doc:meta])*
        $record:ident / $field:ident {
            $( $(#[$field_doc:meta])* $variant:ident $name:ident : $type:ty = $default:expr ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $record {
            $( $(#[$field_doc])* pub $name: $type, )*
        }

        #[doc = concat!("One field of a [`", stringify!($record), "`] with its value.")]
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $field {
            $( $(#[$field_doc])* $variant($type), )*
        }

        impl Default for $record {
            fn default() -> Self {
                Self { $( $name: $default, )* }
            }
        }

        impl $record {
            /// Sets one field and gives back what it was.
            pub fn set(&mut self, field: $field) -> $field {
                match field {
                    $( $field::$variant(value) => $field::$variant(std::mem::replace(&mut self.$name, value)), )*
                }
            }

            /// All fields, in order.
            pub fn fields(&self) -> Vec<$field> {
                vec![ $( $field::$variant(self.$name.clone()), )* ]
            }

            /// The stored form of all fields that differ from their default.
            pub fn stored(&self) -> Vec<(&'static str, Scalar)> {
                let mut stored = Vec::new();
                $( if self.$name != $default { stored.push((stringify!($name), self.$name.to_scalar())); } )*
                stored
            }
        }

        impl $field {
            /// The field's name in a stored document.
            pub const fn key(&self) -> &'static str {
                match self { $( Self::$variant(_) => stringify!($name), )* }
            }

            /// The stored form of the value.
            pub fn to_scalar(&self) -> Scalar {
                match self { $( Self::$variant(value) => value.to_scalar(), )* }
            }

            /// The field of this name and stored value; nothing for a name or a value that this version does not know.
            pub fn from_stored(key: &str, value: &Scalar) -> Option<Self> {
                match key {
                    $( stringify!($name) => <$type as super::FieldValue>::from_scalar(value).map(Self::$variant), )*
                    _ => None,
                }
            }

            /// The field of this name with the value it has when nothing is stored.
            pub fn default_of(key: &str) -> Option<Self> {
                match key {
                    $( stringify!($name) => Some(Self::$variant($default)), )*
                    _ => None,
                }
            }
        }
    };
}

macro_rules! kinds {
    ($( $(#[$doc:meta])* $kind:ident $field:ident $table:literal ),* $(,)?) => {
        /// The kinds of record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordKind { $( $(#[$doc])* $kind, )* }

        impl RecordKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[ $( Self::$kind, )* ];

            /// The name of the kind's table in a stored document.
            pub const fn table(self) -> &'static str {
                match self { $( Self::$kind => $table, )* }
            }

            /// A record of this kind with every field at its default.
            pub fn empty(self) -> Record {
                match self { $( Self::$kind => Record::$kind($kind::default()), )* }
            }
        }

        /// A whole record.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Record { $( $(#[$doc])* $kind($kind), )* }

        /// One field of a record, with its value.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Field { $( $(#[$doc])* $kind($field), )* }

        /// Which record.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RecordRef { $( $(#[$doc])* $kind(Id<$kind>), )* }

        impl Record {
            /// Its kind.
            pub const fn kind(&self) -> RecordKind {
                match self { $( Self::$kind(_) => RecordKind::$kind, )* }
            }

            /// Sets one field and gives back what it was; nothing if the field is another kind's.
            pub fn set(&mut self, field: Field) -> Option<Field> {
                match (self, field) {
                    $( (Self::$kind(record), Field::$kind(field)) => Some(Field::$kind(record.set(field))), )*
                    _ => None,
                }
            }

            /// All fields, in order.
            pub fn fields(&self) -> Vec<Field> {
                match self { $( Self::$kind(record) => record.fields().into_iter().map(Field::$kind).collect(), )* }
            }

            /// The stored form of all fields that differ from their default.
            pub fn stored(&self) -> Vec<(&'static str, Scalar)> {
                match self { $( Self::$kind(record) => record.stored(), )* }
            }
        }

        impl Field {
            /// The kind of record it belongs to.
            pub const fn kind(&self) -> RecordKind {
                match self { $( Self::$kind(_) => RecordKind::$kind, )* }
            }

            /// The field's name in a stored document.
            pub const fn key(&self) -> &'static str {
                match self { $( Self::$kind(field) => field.key(), )* }
            }

            /// The stored form of the value.
            pub fn to_scalar(&self) -> Scalar {
                match self { $( Self::$kind(field) => field.to_scalar(), )* }
            }

            /// The field of this kind, name and stored value; nothing where this version does not know it.
            pub fn from_stored(kind: RecordKind, key: &str, value: &Scalar) -> Option<Self> {
                match kind { $( RecordKind::$kind => $field::from_stored(key, value).map(Self::$kind), )* }
            }

            /// The field of this kind and name with the value it has when nothing is stored.
            pub fn default_of(kind: RecordKind, key: &str) -> Option<Self> {
                match kind { $( RecordKind::$kind => $field::default_of(key).map(Self::$kind), )* }
            }
        }

        impl RecordRef {
            /// The record of this kind with these identifier bits.
            pub const fn new(kind: RecordKind, raw: u64) -> Self {
                match kind { $( RecordKind::$kind => Self::$kind(Id::from_raw(raw)), )* }
            }

            /// Its kind.
            pub const fn kind(self) -> RecordKind {
                match self { $( Self::$kind(_) => RecordKind::$kind, )* }
            }

            /// Its identifier's bits.
            pub const fn raw(self) -> u64 {
                match self { $( Self::$kind(id) => id.raw(), )* }
            }

            /// Its key in the table of a stored document.
            pub fn key(self) -> String {
                Id::<()>::from_raw(self.raw()).to_string()
            }
        }

        $( impl From<Id<$kind>> for RecordRef {
            fn from(id: Id<$kind>) -> Self {
                Self::$kind(id)
            }
        } )*
    };
}

kinds! {
    /// Title and names; one a score.
    Header HeaderField "header",
    /// Page and style; one a score.
    Layout LayoutField "layout",
    /// A player's line.
    Part PartField "parts",
    /// Parts held together by a brace or bracket.
    Group GroupField "groups",
    /// A measure of all parts.
    Measure MeasureField "measures",
    /// A clef, key signature or the like.
    Sign SignField "signs",
    /// A chord or rest.
    Event EventField "events",
    /// A note of a chord.
    Note NoteField "notes",
    /// A syllable.
    Lyric LyricField "lyrics",
    /// Something attached at one place.
    Mark MarkField "marks",
    /// Something that stretches between two places.
    Span SpanField "spans",
}

macro_rules! into_record {
    ($($kind:ident),*) => {$(
        impl From<$kind> for Record {
            fn from(record: $kind) -> Self {
                Self::$kind(record)
            }
        }
    )*};
}
into_record!(Header, Layout, Part, Group, Measure, Sign, Event, Note, Lyric, Mark, Span);
