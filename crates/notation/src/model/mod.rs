//! The score: flat tables of records with stable random ids, and indexes that let a reader walk
//! part by part, measure by measure, event by event.
//!
//! A score is made of *records* ([`Part`], [`Measure`], [`Event`], [`Note`], …). Each record is a handful of *fields*
//! that can be set independently of one another; fields that are only meaningful together (an event's measure, onset and
//! duration) share one field. The same division carries an edit, its inverse, and what a replicated document stores.

mod attachment;
mod beat;
mod harmony;
mod id;
mod music;
mod pitch;
#[macro_use]
mod record;
mod records;
mod revision;
mod scalar;
mod score;
mod signs;
mod style;
mod text;

pub use attachment::{
    Accordion, Anchor, Arpeggio, Articulation, Bend, BendKind, Closure, FermataShape, Harmonic, HarmonicPitch, MarkKind, Moment, Ornament,
    Placement, Spacer, SpanKind, Swing, Technical, TempoMark, TupletDisplay,
};
pub use beat::{Beat, BeatError};
pub use harmony::{BarreEnd, ChordDegree, ChordDegreeKind, ChordKind, ChordSymbol, Figure, FiguredBass, FretDot, Fretboard};
pub use id::{Id, IdSource};
pub use music::{
    AccidentalSign, BarStyle, BeamFan, BeamRole, Break, Ending, EndingStop, EventTime, Grace, GroupSymbol, Instrument, Jump, LyricPiece,
    NoteBase, NoteValue, Notehead, Paper, PrintedAccidental, RestDisplay, StemDirection, Syllabic,
};
pub use pitch::{Alter, NotePitch, Pitch, StaffPosition, Step};
pub use record::{Field, Record, RecordKind, RecordRef};
pub use records::{
    Event, EventField, Group, GroupField, HEADER, Header, HeaderField, LAYOUT, Layout, LayoutField, Lyric, LyricField, Mark, MarkField,
    Measure, MeasureField, Note, NoteField, Part, PartField, Sign, SignField, Span, SpanField,
};
pub use revision::Revision;
pub use scalar::{FieldValue, Scalar};
pub use score::{EventKey, Score, Table};
pub use signs::{
    Clef, ClefSign, InstrumentChange, Key, KeyAccidental, KeyMode, MeasureRepeat, SignKind, SlashStyle, StaffRole, TimeRelation,
    TimeSignature, TimeSymbol, Transposition,
};
pub use style::{ChordSpelling, MeasureNumbers, MusicFont, TextFont};
pub use text::{Colour, ColourError, Credit, Enclosure, Justify, LineEnd, LineEnds, LineStyle, TextStyle, VerticalAlign, Words};

/// Identifies a [`Part`].
pub type PartId = Id<Part>;
/// Identifies a [`Group`] of parts.
pub type GroupId = Id<Group>;
/// Identifies a [`Measure`].
pub type MeasureId = Id<Measure>;
/// Identifies a [`Sign`].
pub type SignId = Id<Sign>;
/// Identifies an [`Event`].
pub type EventId = Id<Event>;
/// Identifies a [`Note`].
pub type NoteId = Id<Note>;
/// Identifies a [`Lyric`].
pub type LyricId = Id<Lyric>;
/// Identifies a [`Mark`].
pub type MarkId = Id<Mark>;
/// Identifies a [`Span`].
pub type SpanId = Id<Span>;
