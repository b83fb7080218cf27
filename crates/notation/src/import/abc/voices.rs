//! A voice as far as it has been read.

use std::collections::HashMap;

use super::clef::Parameters;
use super::decorations::{Attached, Line};
use crate::model::*;

/// An event that waits for the end of the tune, when its part and staff are known.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) id: EventId,
    pub(super) event: Event,
    pub(super) notes: Vec<(NoteId, Note)>,
    /// The position of its measure.
    pub(super) measure: usize,
    /// 0 for the voice itself, then its overlays (`&`).
    pub(super) lane: u8,
    /// Events with the same number are under one beam.
    pub(super) beam: u32,
    /// Whether a syllable can go on it: not a rest, a grace note, or what a note too long for one value goes on with.
    pub(super) sung: bool,
}

/// A place in a voice: an event, or a moment of its staff.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum At {
    Event(EventId),
    Staff(MeasureId, Beat),
}

/// A tuplet that still waits for notes.
#[derive(Debug, Clone, Copy)]
pub(super) struct OpenTuplet {
    pub(super) actual: u16,
    pub(super) normal: u16,
    pub(super) left: u32,
    pub(super) first: Option<EventId>,
    pub(super) last: Option<EventId>,
}

/// What is only for the lane that is being written, and is dropped where it changes.
#[derive(Debug, Default)]
pub(super) struct Lane {
    pub(super) tuplets: Vec<OpenTuplet>,
    /// What broken rhythm leaves for the next note.
    pub(super) broken: Option<(i64, i64)>,
    /// Tied notes that wait for the one they are tied to: their line, their alteration, and where the tie is.
    pub(super) ties: Vec<(i32, Alter, NoteId, usize)>,
    /// Accidentals in force in the measure, by line; and by step, whatever the octave.
    pub(super) accidentals: HashMap<i32, Alter>,
    pub(super) anywhere: HashMap<i32, Alter>,
    /// Slurs that start at the next event, and those that are open.
    pub(super) slurs_due: Vec<Placement>,
    pub(super) slurs: Vec<(EventId, Placement)>,
    /// The last event that takes time, by its place among the voice's.
    pub(super) last: Option<usize>,
    /// Grace notes that wait for the note they lead to.
    pub(super) graces: Vec<usize>,
    /// What stands before the next event.
    pub(super) attached: Vec<(Attached, usize)>,
}

/// A line whose end has not come: what it is, where it started.
#[derive(Debug)]
pub(super) struct OpenLine {
    pub(super) line: Line,
    pub(super) start: At,
    pub(super) byte: usize,
}

/// A voice.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) name: String,
    pub(super) part: PartId,
    pub(super) parameters: Parameters,
    pub(super) key: Key,
    pub(super) metre: TimeSignature,
    pub(super) unit: Beat,
    pub(super) program: Option<u8>,
    pub(super) channel: Option<u8>,
    /// The position of the measure that is being written, and how far it is filled.
    pub(super) measure: usize,
    pub(super) onset: Beat,
    /// Whether anything stands in the measure.
    pub(super) begun: bool,
    pub(super) lane_number: u8,
    pub(super) lane: Lane,
    /// The voice's own lane while an overlay is written.
    pub(super) set_aside: Option<Lane>,
    pub(super) beam: u32,
    /// Whether a line of music has ended since the last note.
    pub(super) line_ended: bool,
    pub(super) events: Vec<Pending>,
    pub(super) signs: Vec<(MeasureId, Beat, SignKind)>,
    pub(super) marks: Vec<(At, MarkKind, Placement)>,
    pub(super) spans: Vec<(At, At, SpanKind, Placement)>,
    pub(super) open_lines: Vec<OpenLine>,
    /// The start and the strokes of a tremolo whose second note has not come.
    pub(super) tremolo: Option<(At, u8)>,
    pub(super) lyrics: Vec<Lyric>,
    /// The events that words may be set to: those since the last words.
    pub(super) words_from: usize,
    pub(super) words_to: usize,
    /// Up to where words have been set.
    pub(super) words_done: usize,
    pub(super) verse: usize,
}

impl Voice {
    pub(super) fn new(name: &str, part: PartId) -> Self {
        Self {
            name: name.to_owned(),
            part,
            parameters: Parameters::default(),
            key: Key { mode: KeyMode::Major, ..Key::default() },
            metre: TimeSignature::new(4, 4),
            unit: Beat::new(1, 8),
            program: None,
            channel: None,
            measure: 0,
            onset: Beat::ZERO,
            begun: false,
            lane_number: 0,
            lane: Lane::default(),
            set_aside: None,
            beam: 1,
            line_ended: false,
            events: Vec::new(),
            signs: Vec::new(),
            marks: Vec::new(),
            spans: Vec::new(),
            open_lines: Vec::new(),
            tremolo: None,
            lyrics: Vec::new(),
            words_from: 0,
            words_to: 0,
            words_done: 0,
            verse: 0,
        }
    }

    /// The length of a full measure; a whole note where there is no metre.
    pub(super) fn full(&self) -> Beat {
        self.metre.length().unwrap_or(Beat::WHOLE)
    }

    /// What the notes after a blank share no beam with those before it.
    pub(super) fn break_beam(&mut self) {
        self.beam = self.beam.saturating_add(1);
    }

    /// How many octaves above what their letters say the notes are.
    pub(super) fn octaves(&self) -> i32 {
        i32::from(self.parameters.clef_octaves) + i32::from(self.parameters.octaves)
    }

    /// Whether its notes are sounds without pitch.
    pub(super) fn is_percussion(&self) -> bool {
        self.parameters.clef.is_some_and(|clef| clef.sign == ClefSign::Percussion)
    }

    /// Goes on to the next measure.
    pub(super) fn next_measure(&mut self) {
        self.measure += 1;
        self.onset = Beat::ZERO;
        self.begun = false;
        self.lane_number = 0;
        if let Some(own) = self.set_aside.take() {
            self.lane = own;
        }
        self.lane.accidentals.clear();
        self.lane.anywhere.clear();
        self.break_beam();
    }

    /// Starts an overlay: another lane from the start of the measure.
    pub(super) fn overlay(&mut self) {
        let lane = std::mem::take(&mut self.lane);
        self.set_aside.get_or_insert(lane);
        self.lane_number = self.lane_number.saturating_add(1);
        self.onset = Beat::ZERO;
        self.break_beam();
    }
}
