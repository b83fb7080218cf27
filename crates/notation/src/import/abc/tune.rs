//! A tune while it is read: what holds for all voices, and the lines one after another.

use std::collections::{HashMap, HashSet};

use super::super::report::Report;
use super::super::{Bound, ImportError, Limits, TextPlace};
use super::clef::Parameters;
use super::directives::Staves;
use super::lines::{Content, Line};
use super::metre;
use super::voices::Voice;
use crate::model::*;

/// A measure of all voices.
pub(super) struct Column {
    pub(super) id: MeasureId,
    pub(super) record: Measure,
    /// How far any voice gets in it.
    pub(super) reached: Beat,
}

/// How far an accidental reaches in its measure. ABC 2.1, section 11.3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    Note,
    Octave,
    AllOctaves,
}

/// A tune in progress.
pub(super) struct Tune<'i, 't> {
    pub(super) text: &'t str,
    pub(super) limits: &'i Limits,
    pub(super) ids: &'i mut IdSource,
    pub(super) report: Report,
    /// Notes and rests so far, those of earlier tunes of the file among them.
    pub(super) spent: usize,
    /// Characters that macros have made.
    pub(super) expanded: usize,
    pub(super) score: Score,
    pub(super) header: Header,
    pub(super) titles: usize,
    /// What a voice starts with.
    pub(super) key: Key,
    pub(super) metre: Option<TimeSignature>,
    pub(super) unit: Option<Beat>,
    pub(super) parameters: Parameters,
    pub(super) tempo: Option<(String, usize)>,
    pub(super) program: Option<u8>,
    pub(super) in_body: bool,
    pub(super) voices: Vec<Voice>,
    voice_names: HashMap<String, usize>,
    pub(super) current: usize,
    pub(super) columns: Vec<Column>,
    pub(super) staves: Option<Staves>,
    pub(super) symbols: HashMap<char, String>,
    pub(super) macros: Vec<(String, String)>,
    pub(super) reach: Reach,
    /// Whether the end of a line of music ends a system.
    pub(super) lines_break: bool,
    /// Whether decorations stand between plus signs.
    pub(super) plus: bool,
    pub(super) rhythm: Option<String>,
    /// The marks of the whole system, which several voices may repeat.
    pub(super) system_marks: HashSet<(MeasureId, Beat, MarkKind)>,
}

impl<'i, 't> Tune<'i, 't> {
    pub(super) fn new(text: &'t str, limits: &'i Limits, ids: &'i mut IdSource, report: Report) -> Self {
        Self {
            text,
            limits,
            ids,
            report,
            spent: 0,
            expanded: 0,
            score: Score::new(),
            header: Header::default(),
            titles: 0,
            key: Key { mode: KeyMode::Major, ..Key::default() },
            metre: None,
            unit: None,
            parameters: Parameters::default(),
            tempo: None,
            program: None,
            in_body: false,
            voices: Vec::new(),
            voice_names: HashMap::new(),
            current: 0,
            columns: Vec::new(),
            staves: None,
            symbols: super::decorations::usual_symbols(),
            macros: Vec::new(),
            reach: Reach::AllOctaves,
            lines_break: true,
            plus: false,
            rhythm: None,
            system_marks: HashSet::new(),
        }
    }

    /// Reads lines one after another. Those of the file's head set what tunes start with and hold no music.
    pub(super) fn lines(&mut self, lines: &[Line<'_>], head: bool) -> Result<(), ImportError> {
        for line in lines {
            match &line.content {
                Content::Field(letter, text) => self.field(*letter, text, line.byte, head)?,
                Content::Directive(text) => self.directive(text, line.byte)?,
                Content::Music(..) if head => {}
                Content::Music(text, continued) => {
                    self.start_body()?;
                    self.music(text, line.byte)?;
                    if !continued {
                        self.end_line();
                    }
                }
            }
        }
        Ok(())
    }

    /// The end of a line of music: of a beam, and of a system where nothing else is said.
    fn end_line(&mut self) {
        let breaks = self.lines_break;
        if let Some(voice) = self.voices.get_mut(self.current) {
            voice.break_beam();
            voice.words_to = voice.events.len();
            voice.line_ended |= breaks;
        }
    }

    /// The first music or the end of the head: what follows is the tune's body.
    pub(super) fn start_body(&mut self) -> Result<(), ImportError> {
        if self.in_body {
            return Ok(());
        }
        self.in_body = true;
        let first = self.reach_column(0, 0)?;
        let metre = self.metre.clone().unwrap_or_else(|| TimeSignature::new(4, 4));
        let unit = self.unit.unwrap_or_else(|| metre::usual_unit(&metre));
        for voice in &mut self.voices {
            voice.key = self.key.clone();
            voice.metre = metre.clone();
            voice.unit = unit;
            voice.parameters.fill_from(&self.parameters);
        }
        if let Some(column) = self.columns.first_mut() {
            column.record.time = self.metre.clone();
        }
        if let Some((tempo, byte)) = self.tempo.take() {
            self.tempo_mark(&tempo, (first, Beat::ZERO), byte);
        }
        if let Some(text) = self.rhythm.take() {
            let style = TextStyle { italic: true, ..TextStyle::default() };
            self.system_mark((first, Beat::ZERO), MarkKind::Words(Words { text }), style);
        }
        Ok(())
    }

    /// Puts a record into the score.
    pub(super) fn put(&mut self, of: impl Into<RecordRef>, record: impl Into<Record>) {
        // The kinds agree wherever this is called, so nothing is given back.
        drop(self.score.insert(of, record));
    }

    /// The measure at this position.
    pub(super) fn reach_column(&mut self, index: usize, byte: usize) -> Result<MeasureId, ImportError> {
        if index >= self.limits.measures {
            return Err(self.too_large(Bound::Measures, self.limits.measures, byte));
        }
        while self.columns.len() <= index {
            let id = self.ids.next();
            self.columns.push(Column { id, record: Measure::default(), reached: Beat::ZERO });
        }
        Ok(self.columns.get(index).map_or(Id::from_raw(0), |column| column.id))
    }

    pub(super) fn too_large(&self, bound: Bound, max: usize, byte: usize) -> ImportError {
        ImportError::TooLarge { bound, max: max as u64, place: Some(TextPlace::of(self.text, byte)) }
    }

    /// Counts a note or a rest.
    pub(super) fn spend(&mut self, byte: usize) -> Result<(), ImportError> {
        self.spent += 1;
        if self.spent > self.limits.notes { Err(self.too_large(Bound::Notes, self.limits.notes, byte)) } else { Ok(()) }
    }

    /// The voice of this name, made where it is new.
    pub(super) fn voice_named(&mut self, name: &str, byte: usize) -> Result<usize, ImportError> {
        if let Some(at) = self.voice_names.get(name) {
            return Ok(*at);
        }
        if self.voices.len() >= self.limits.parts {
            return Err(self.too_large(Bound::Parts, self.limits.parts, byte));
        }
        let part = self.ids.next();
        let mut voice = Voice::new(name, part);
        voice.key = self.key.clone();
        if let Some(metre) = &self.metre {
            voice.metre = metre.clone();
        }
        voice.unit = self.unit.unwrap_or_else(|| metre::usual_unit(&voice.metre));
        voice.parameters = self.parameters.clone();
        voice.program = self.program;
        self.voices.push(voice);
        self.voice_names.insert(name.to_owned(), self.voices.len() - 1);
        Ok(self.voices.len() - 1)
    }

    /// Makes sure that there is a voice to write to, with the measure it is at.
    pub(super) fn ready(&mut self, byte: usize) -> Result<MeasureId, ImportError> {
        if self.voices.is_empty() {
            self.current = self.voice_named("", byte)?;
        }
        let measure = self.voices.get(self.current).map_or(0, |voice| voice.measure);
        self.reach_column(measure, byte)
    }

    /// The place in the voice that is being written; the end of the last measure after it.
    pub(super) fn here(&self) -> (MeasureId, Beat) {
        let Some(voice) = self.voices.get(self.current) else { return (Id::from_raw(0), Beat::ZERO) };
        match self.columns.get(voice.measure) {
            Some(column) => (column.id, voice.onset),
            None => self.columns.last().map_or((Id::from_raw(0), Beat::ZERO), |column| (column.id, column.reached)),
        }
    }
}
