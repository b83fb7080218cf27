//! Why an edit cannot be made.

use crate::model::RecordRef;

/// Why an edit cannot be made. The score is unchanged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The record is not in the score (any more).
    #[error("{0:?} is not in the score any more")]
    NotThere(RecordRef),
    /// A record of this identifier is already there.
    #[error("{0:?} is already in the score")]
    AlreadyThere(RecordRef),
    /// The value belongs to another kind of record.
    #[error("the value does not belong to {0:?}")]
    WrongKind(RecordRef),
    /// The header, the layout and measures do not go in as plain records.
    #[error("{0:?} cannot be put in as a record")]
    NotInsertable(RecordRef),
    /// The command needs a selected note.
    #[error("select a note first")]
    NothingSelected,
    /// The result would leave the range of what can be written.
    #[error("the pitch would leave the range from C-1 to B11")]
    OutOfRange,
    /// The command does not apply to what is selected.
    #[error("{0}")]
    NotApplicable(Obstacle),
}

/// What stands in the way of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)]
pub enum Obstacle {
    #[error("this would cut through a tuplet: change the whole tuplet")]
    CutsTuplet,
    #[error("a syllable needs at least one letter")]
    EmptySyllable,
    #[error("the music ends before this note does: append a measure first")]
    EndOfMusic,
    #[error("a score keeps at least one measure")]
    LastMeasure,
    #[error("a rest for the whole measure has no value of its own: choose one")]
    MeasureRest,
    #[error("one note cannot fill this measure: choose a value first")]
    MeasureTooOdd,
    #[error("this measure has no rehearsal mark")]
    NoRehearsalMark,
    #[error("this measure has no room for it")]
    NoRoom,
    #[error("there is no such note value")]
    NoSuchValue,
    #[error("no syllable of this verse is here")]
    NoSyllable,
    #[error("that is not a chord symbol: write a root and a quality, as in F#m7 or Bbmaj7/D")]
    NotAChordSymbol,
    #[error("that is not a dynamic: write ppp to fff, mp, mf, sf, sfz, fp, rfz or fz")]
    NotADynamic,
    #[error("the chord has this note already")]
    NoteThereAlready,
    #[error("no note follows that a slur could lead to")]
    NothingToSlur,
    #[error("there is nothing of that kind here to take away")]
    NothingToTakeAway,
    #[error("no note of the same pitch follows")]
    NothingToTie,
    #[error("no note values make up this length")]
    OddLength,
    #[error("a tempo is between 5 and 999 beats a minute")]
    TempoRange,
    #[error("a key has at most seven sharps or flats")]
    TooManyAccidentals,
    #[error("a note in a tuplet keeps its value")]
    TupletKeepsValue,
    #[error("a note without pitch cannot be moved by pitch")]
    Unpitched,
}

impl Obstacle {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::CutsTuplet,
        Self::EmptySyllable,
        Self::EndOfMusic,
        Self::LastMeasure,
        Self::MeasureRest,
        Self::MeasureTooOdd,
        Self::NoRehearsalMark,
        Self::NoRoom,
        Self::NoSuchValue,
        Self::NoSyllable,
        Self::NotAChordSymbol,
        Self::NotADynamic,
        Self::NoteThereAlready,
        Self::NothingToSlur,
        Self::NothingToTakeAway,
        Self::NothingToTie,
        Self::OddLength,
        Self::TempoRange,
        Self::TooManyAccidentals,
        Self::TupletKeepsValue,
        Self::Unpitched,
    ];

    /// A small code to find its words by in another language.
    pub const fn code(self) -> &'static str {
        match self {
            Self::CutsTuplet => "cuts-tuplet",
            Self::EmptySyllable => "empty-syllable",
            Self::EndOfMusic => "end-of-music",
            Self::LastMeasure => "last-measure",
            Self::MeasureRest => "measure-rest",
            Self::MeasureTooOdd => "measure-too-odd",
            Self::NoRehearsalMark => "no-rehearsal-mark",
            Self::NoRoom => "no-room",
            Self::NoSuchValue => "no-such-value",
            Self::NoSyllable => "no-syllable",
            Self::NotAChordSymbol => "not-a-chord-symbol",
            Self::NotADynamic => "not-a-dynamic",
            Self::NoteThereAlready => "note-there-already",
            Self::NothingToSlur => "nothing-to-slur",
            Self::NothingToTakeAway => "nothing-to-take-away",
            Self::NothingToTie => "nothing-to-tie",
            Self::OddLength => "odd-length",
            Self::TempoRange => "tempo-range",
            Self::TooManyAccidentals => "too-many-accidentals",
            Self::TupletKeepsValue => "tuplet-keeps-value",
            Self::Unpitched => "unpitched",
        }
    }
}
